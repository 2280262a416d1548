"""Which texts share a run of the model, and how a query is cut into words."""

from __future__ import annotations

from itertools import combinations, pairwise

import bm25s
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.adapters.bm25 import Bm25Index
from coach.adapters.onnx_embedder import BATCH, RUN, _batches


def _cost(lengths: list[int], groups: list[list[int]]) -> int:
    return sum(RUN + len(group) * max(lengths[place] for place in group) for group in groups)


def _cheapest(lengths: list[int]) -> int:
    """By trying every way to cut the lengths, in order, into runs."""
    ordered = sorted(lengths)
    count = len(ordered)
    costs = []
    for cuts in range(count):
        for inside in combinations(range(1, count), cuts):
            ends = [0, *inside, count]
            costs.append(sum(RUN + (end - start) * ordered[end - 1] for start, end in pairwise(ends)))
    return min(costs)


@given(st.lists(st.integers(3, 256), min_size=1, max_size=9))
def test_runs_and_padding_together_cost_as_little_as_they_can(lengths: list[int]) -> None:
    assert _cost(lengths, _batches(lengths)) == _cheapest(lengths)


@given(st.lists(st.integers(3, 256), max_size=200))
def test_every_text_stands_in_exactly_one_run_of_bounded_size(lengths: list[int]) -> None:
    groups = _batches(lengths)
    assert sorted(place for group in groups for place in group) == list(range(len(lengths)))
    assert all(1 <= len(group) <= BATCH for group in groups)


TEXTS = [
    "He corrects the slides at night.",
    "Nobody is told; the naïve plan isn't.",
    "A 3-day week, planned",
]


@pytest.mark.parametrize("text", [*TEXTS, "", "a I", "don’t \u00c9T\u00c9 x_y 42"])
def test_a_query_has_the_words_that_bm25s_itself_would_find(text: str) -> None:
    """Stems stand apart: the index is asked with every word that keeps its form."""
    found = bm25s.tokenize([text], stopwords="en", return_ids=False, show_progress=False)[0]
    stems: dict[str, str] = _Same()
    assert Bm25Index(TEXTS)._tokens(text, stems) == found  # type: ignore[arg-type] # the index reads the stems by [] only, which any dict offers


class _Same(dict[str, str]):
    def __missing__(self, word: str) -> str:
        return word
