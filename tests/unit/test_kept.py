"""What is worked out of the vocabulary is kept, and what is kept says the same as what was worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.adapters.bm25 import Bm25Index
from coach.adapters.kept_arrays import MOST, KeptArrays
from coach.domain.model import Situation
from coach.ports import Matrix
from coach.services.fitted import kept_or_fitted
from coach.services.reading import read
from coach.services.situations import SituationMap
from coach.services.vocabulary import Vocabulary
from tests.fakes import FakeEmbedder, FakeLibrary, a_situation

ELSEWHERE = [f"The allotment, bean number {k}. It rained on the cello." for k in range(25)]
TEXT = "He shouted at the client on day 4. The 4 of us knew."


class Counting(FakeEmbedder):
    """Tells how many texts it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def embed(self, texts: Sequence[str]) -> Matrix:
        self.asked += len(texts)
        return super().embed(texts)


def vocabulary(count: int = 3) -> list[Situation]:
    told = ["He shouted at the client", "Nobody speaks up in the round", "I rewrite slides at night"]
    return [
        replace(
            a_situation(f"trust.number-{k}", told[k % 3]),
            voices=tuple(f"{told[k % 3]} on day {day}. The {day} of us knew." for day in range(12)),
        )
        for k in range(count)
    ]


def chances(situations: Sequence[Situation], embedder: FakeEmbedder, keeping: KeptArrays) -> list[object]:
    made = SituationMap(situations, kept_or_fitted(situations, ELSEWHERE, embedder, Bm25Index, keeping))
    reading = read(TEXT, FakeEmbedder())
    hits = made.find(reading)
    look = made.look(reading)
    return [hits, made.spread(hits), made.shows_cases(reading, look), made.telling(reading, look)]


@pytest.mark.parametrize("elsewhere", [ELSEWHERE, []])
def test_a_second_start_embeds_nothing_and_finds_the_same(tmp_path: Path, elsewhere: list[str]) -> None:
    keeping, situations = KeptArrays(tmp_path, "vocabulary"), vocabulary()
    reading, first, second = read(TEXT, FakeEmbedder()), Counting(), Counting()
    made = SituationMap(situations, kept_or_fitted(situations, elsewhere, first, Bm25Index, keeping))
    found = SituationMap(situations, kept_or_fitted(situations, elsewhere, second, Bm25Index, keeping))
    assert first.asked > 0 and second.asked == 0
    assert made.find(reading) == found.find(reading) != ()
    one, other = made.look(reading), found.look(reading)
    assert made.shows_cases(reading, one) == found.shows_cases(reading, other)
    assert made.telling(reading, one) == found.telling(reading, other) != ()


def test_another_word_anywhere_is_another_vocabulary(tmp_path: Path) -> None:
    keeping, situations = KeptArrays(tmp_path, "vocabulary"), vocabulary()
    chances(situations, FakeEmbedder(), keeping)
    other = [*situations[:-1], replace(situations[-1], voices=(*situations[-1].voices[:-1], "Another."))]
    embedder = Counting()
    chances(other, embedder, keeping)
    assert embedder.asked > 0


@pytest.mark.parametrize("harm", ["cut", "empty", "other"])
def test_a_damaged_file_is_worked_out_anew(tmp_path: Path, harm: str) -> None:
    keeping, situations = KeptArrays(tmp_path, "vocabulary"), vocabulary()
    whole = chances(situations, FakeEmbedder(), keeping)
    (file,) = tmp_path.iterdir()
    if harm == "other":
        np.savez(file, directions=np.zeros((3, 2)), offsets=np.zeros(3))
    else:
        file.write_bytes(file.read_bytes()[: 0 if harm == "empty" else 400])
    embedder = Counting()
    assert chances(situations, embedder, keeping) == whole and embedder.asked > 0


def test_where_nothing_can_be_kept_everything_goes_on(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be", encoding="utf-8")
    keeping = KeptArrays(tmp_path / "taken", "vocabulary")
    assert chances(vocabulary(), FakeEmbedder(), keeping)[0]


def test_only_a_few_files_are_kept_and_no_draft(tmp_path: Path) -> None:
    keeping = KeptArrays(tmp_path, "vocabulary")
    for number in range(MOST + 3):
        keeping.put(str(number), {"one": np.arange(number)})
    assert len(list(tmp_path.iterdir())) == MOST
    assert keeping.get("0") is None and (keeping.get(str(MOST + 2)) or {})["one"].tolist() == [
        0,
        1,
        2,
        3,
        4,
        5,
    ]


def test_who_changed_the_vocabulary_reads_every_text_again_and_says_how_far(tmp_path: Path) -> None:
    """Otherwise the memory of vectors would forget texts that are still in force."""
    library, embedder, told = FakeLibrary(), Counting(), []
    library.put_situations(vocabulary())
    keeping = KeptArrays(tmp_path, "vocabulary")
    Vocabulary(library, embedder, Bm25Index, str, ELSEWHERE, keeping).map()
    before = embedder.asked
    later = Vocabulary(library, embedder, Bm25Index, str, ELSEWHERE, keeping)
    later.learn(lambda done, total: told.append((done, total)))
    assert embedder.asked >= 2 * before - 1 and told == [(1, 3), (2, 3), (3, 3)]
    assert list(later.situations()) == [one.id for one in vocabulary()]


@given(st.lists(st.text(max_size=60), max_size=6), st.text(max_size=60), st.booleans())
def test_a_word_index_that_was_kept_scores_as_the_one_that_was_made(
    texts: list[str], query: str, pairs: bool
) -> None:
    made = Bm25Index(texts, pairs=pairs)
    found = Bm25Index.restored(made.arrays())
    assert made.scores(query) == found.scores(query)
    assert len(made.scores(query)) == len(texts)


def test_arrays_of_something_else_are_no_word_index() -> None:
    arrays = dict(Bm25Index(["one thing", "another thing"]).arrays())
    with pytest.raises(ValueError, match="no index"):
        Bm25Index.restored({**arrays, "adds": arrays["adds"][:1]})
