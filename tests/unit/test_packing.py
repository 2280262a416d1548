"""Which texts share a row of the model, and how a query is cut into words."""

from __future__ import annotations

import bm25s
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentence_transformers import SentenceTransformer

from coach.adapters.bm25 import Bm25Index
from coach.adapters.minilm_files import model_folder
from coach.adapters.onnx_embedder import OnnxEmbedder
from coach.adapters.packing import SEEING, TOKENS, runs


@given(st.lists(st.integers(1, 256), max_size=200))
def test_every_text_stands_in_exactly_one_row_of_a_run_of_bounded_size(lengths: list[int]) -> None:
    found = list(runs(lengths))
    assert sorted(place for rows in found for row in rows for place in row) == list(range(len(lengths)))
    for rows in found:
        assert rows and all(rows)
        assert sum(lengths[place] for row in rows for place in row) <= TOKENS


@given(st.lists(st.integers(1, 256), min_size=1, max_size=60))
def test_laying_texts_side_by_side_never_takes_more_room_than_a_row_for_each(lengths: list[int]) -> None:
    for rows in runs(lengths):
        inside = [lengths[place] for row in rows for place in row]
        width = max(sum(lengths[place] for place in row) for row in rows)
        longest = max(inside)
        assert (
            len(rows) * width * (1 + width / SEEING) <= len(inside) * longest * (1 + longest / SEEING) + 1e-6
        )


def test_ten_sentences_of_an_evening_leave_little_room_empty() -> None:
    lengths = [24, 5, 9, 17, 12, 7, 21, 6, 14, 11]
    (rows,) = runs(lengths)
    width = max(sum(lengths[place] for place in row) for row in rows)
    assert sum(lengths) / (len(rows) * width) > 0.85


def test_a_text_beside_others_has_the_vector_it_has_alone(embedder: OnnxEmbedder) -> None:
    """None sees its neighbours in the row."""
    together = embedder.embed(BESIDE)
    alone = np.concatenate([embedder.embed([text]) for text in BESIDE])
    assert np.abs(together - alone).max() < 1e-5
    assert np.abs(np.linalg.norm(together, axis=1) - 1).max() < 1e-5
    assert embedder.embed([]).shape == (0, embedder.dimensions)


def test_vectors_are_those_of_the_model_s_own_library(embedder: OnnxEmbedder) -> None:
    theirs = SentenceTransformer(str(model_folder()), device="cpu", local_files_only=True).encode(
        BESIDE, normalize_embeddings=True
    )
    assert (embedder.embed(BESIDE) * theirs).sum(axis=1).min() > 0.99999


BESIDE = [
    "He was late again.",
    "I said nothing in the meeting and now I lie awake, because everybody saw that I had seen it.",
    "Why?",
    "My boss wants the list by Friday, and the list is two people long and both sit opposite me.",
    "word " * 300,
    "\N{GRINNING FACE}",
]


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
