"""Retrieval: near things first, nobody else's things never, and honest about finding nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.adapters.bm25 import Bm25Index
from coach.domain.model import PROGRAMME
from coach.errors import UserError
from coach.ports import Matrix
from coach.services.fitted import fitted
from coach.services.ingest import IngestService
from coach.services.reading import read
from coach.services.retrieve import Retriever
from coach.services.situations import SituationMap
from coach.services.vocabulary import Vocabulary
from tests.fakes import FakeEmbedder, FakeIndex, FakeLibrary, FakeWordIndex, a_case, a_situation

NIGHT = "I rewrite his slides at night. It is faster than the talk."


class Shelf:
    """A library, its index and a retriever over fakes."""

    def __init__(self) -> None:
        self.library, self.index, self.embedder = FakeLibrary(), FakeIndex(), FakeEmbedder()
        self.vocabulary = Vocabulary(self.library, self.embedder, FakeWordIndex)
        self.scopes = [PROGRAMME, "north", "south"]
        self.ingest = IngestService(
            self.library, self.index, self.embedder, lambda: self.scopes, self.vocabulary.forget
        )
        self.retriever = Retriever(self.library, self.index, self.vocabulary.map, FakeWordIndex)

    def found(self, text: str, scopes: list[str]) -> list[str]:
        return [one.id for one in self.retriever.search(read(text, self.embedder), scopes)]


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.ingest.take([a_situation()], [a_case(), a_case("the-ward", body="Nurses and beds and nights.")])
    return shelf


def test_the_nearest_case_comes_first(shelf: Shelf) -> None:
    assert shelf.found(NIGHT, [PROGRAMME])[0] == "the-night-slides"


def test_another_groups_case_is_never_found(shelf: Shelf) -> None:
    shelf.ingest.take([], [a_case("south-case", scope="south")], scope="south")
    assert "south-case" in shelf.found(NIGHT, [PROGRAMME, "south"])
    assert "south-case" not in shelf.found(NIGHT, [PROGRAMME, "north"])


def test_a_group_cannot_take_over_a_text_of_the_programme(shelf: Shelf) -> None:
    """An id is one document in the whole store: otherwise the case would leave everybody else's sight."""
    with pytest.raises(UserError, match="the-ward"):
        shelf.ingest.take([], [a_case("the-ward", scope="north")], scope="north")
    assert "the-ward" in shelf.found(NIGHT, [PROGRAMME])


def test_a_folder_of_cases_alone_leaves_the_vocabulary(shelf: Shelf) -> None:
    shelf.ingest.take([], [a_case()])
    assert shelf.library.situations() == [a_situation()]


def test_a_file_that_can_no_longer_be_read_does_not_withdraw_what_it_held(shelf: Shelf) -> None:
    """A slip of the pen in a case costs its new version, never the old one; a deleted file withdraws it."""
    shelf.ingest.take([a_situation()], [a_case()], unreadable=["the-ward"])
    assert "the-ward" in shelf.found(NIGHT, [PROGRAMME])
    other = a_situation("delegation.only-i-can-do-it")
    shelf.ingest.take([other], [a_case()], unreadable=[a_situation().id])
    assert {one.id for one in shelf.library.situations()} == {a_situation().id, other.id}
    shelf.ingest.take([other], [a_case()])
    assert "the-ward" not in shelf.found(NIGHT, [PROGRAMME])
    assert shelf.library.situations() == [other]


def test_a_withdrawn_case_is_hidden_before_the_index_knows(shelf: Shelf) -> None:
    """SQL decides: the index still holds the vectors, nobody sees the case."""
    shelf.library.withdraw(["the-night-slides"])
    assert "the-night-slides" not in shelf.found(NIGHT, [PROGRAMME])


def test_an_index_that_does_not_answer_costs_the_sources_not_the_turn(shelf: Shelf) -> None:
    shelf.index.broken = True
    found = shelf.retriever.find(read(NIGHT, shelf.embedder), [PROGRAMME])
    assert found.degraded and found.nothing_close and found.cases == ()
    assert found.situations[0].id == "delegation.redoing-work"


def test_ingest_twice_changes_nothing_the_second_time(shelf: Shelf) -> None:
    before = shelf.index.rebuilds
    taken = shelf.ingest.take(
        [a_situation()], [a_case(), a_case("the-ward", body="Nurses and beds and nights.")]
    )
    assert not taken.rebuilt and shelf.index.rebuilds == before


def test_an_index_that_lost_a_document_is_built_anew(shelf: Shelf) -> None:
    del shelf.index.rows[PROGRAMME]["the-night-slides"]  # type: ignore[attr-defined] # a dict in the fake
    assert shelf.ingest.bring_in_step()
    assert shelf.found(NIGHT, [PROGRAMME])[0] == "the-night-slides"


def test_what_others_announced_reaches_the_index_and_is_settled(shelf: Shelf) -> None:
    """A case withdrawn by another process leaves the index at the next round, and only then is it settled."""
    rows = [SimpleNamespace(seq=7)]

    class Announced:
        def pending(self) -> list[SimpleNamespace]:
            return list(rows)

        def done(self, seqs: Iterable[int]) -> None:
            rows[:] = [row for row in rows if row.seq not in list(seqs)]

    ingest = IngestService(
        shelf.library, shelf.index, shelf.embedder, lambda: shelf.scopes, outbox=Announced()
    )
    shelf.library.withdraw(["the-ward"])
    assert ingest.catch_up()
    assert "the-ward" not in shelf.index.rows[PROGRAMME] and rows == []
    assert not ingest.catch_up()


def test_a_slower_builder_does_not_bring_a_withdrawn_case_back(shelf: Shelf) -> None:
    """Two processes build at once: whoever ends last looks once more at what the library holds by then."""

    class Overtaken(FakeEmbedder):
        def embed(self, texts: Sequence[str]) -> Matrix:
            if shelf.library.documents([PROGRAMME], ["the-ward"]):
                shelf.library.withdraw(["the-ward"])
                IngestService(
                    shelf.library, shelf.index, shelf.embedder, lambda: shelf.scopes
                ).bring_in_step()
            return super().embed(texts)

    slower = IngestService(shelf.library, shelf.index, Overtaken(), lambda: shelf.scopes)
    assert slower.bring_in_step(rebuild=True)
    assert list(shelf.index.rows[PROGRAMME]) == ["the-night-slides"]
    assert not slower.bring_in_step()


def test_what_a_killed_builder_left_is_tidied_up_before_anything_is_settled(shelf: Shelf) -> None:
    told: list[str] = []
    ingest = IngestService(
        shelf.library,
        shelf.index,
        shelf.embedder,
        lambda: shelf.scopes,
        begins=lambda: told.append("begins"),
        settled=lambda progress: told.append("settled"),
    )
    assert not ingest.bring_in_step() and told == []
    shelf.index.left = True
    assert not ingest.bring_in_step() and told == ["begins", "settled"]


def test_a_new_vocabulary_is_seen_by_a_running_program(shelf: Shelf) -> None:
    """Another process ingests: the generation changes, and the situations are read anew."""
    vocabulary = Vocabulary(shelf.library, shelf.embedder, FakeWordIndex, shelf.index.fingerprint)
    assert list(vocabulary.situations()) == ["delegation.redoing-work"]
    IngestService(shelf.library, shelf.index, shelf.embedder, lambda: shelf.scopes).take(
        [a_situation(), a_situation("trust.nobody-speaks-up", "Silence.")], [a_case()]
    )
    assert "trust.nobody-speaks-up" in vocabulary.situations()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("He shouted at the client and left the nurse", "trust.he-shouts"),
        ("The client shouted at the nurse and left he", "trust.a-client-shouts"),
    ],
)
def test_neighbouring_words_tell_situations_apart_that_share_every_word(text: str, wanted: str) -> None:
    situations = [
        a_situation("trust.he-shouts", "He shouted at the client and the nurse left"),
        a_situation("trust.a-client-shouts", "The client shouted at the nurse and he left"),
    ]
    for order in (situations, situations[::-1]):  # the first of two equals would win otherwise
        hits = SituationMap(order, fitted(order, (), FakeEmbedder(), Bm25Index)).find(
            read(text, FakeEmbedder())
        )
        assert hits[0].id == wanted and hits[0].score > hits[1].score


def test_a_document_that_left_the_corpus_is_withdrawn(shelf: Shelf) -> None:
    taken = shelf.ingest.take([a_situation()], [a_case()])
    assert taken.withdrawn == 1 and taken.rebuilt
    assert "the-ward" not in shelf.found("Nurses and beds", [PROGRAMME])


def test_an_empty_library_finds_nothing_and_says_so() -> None:
    shelf = Shelf()
    shelf.ingest.bring_in_step()
    found = shelf.retriever.find(read(NIGHT, shelf.embedder), [PROGRAMME])
    assert found.nothing_close and found.situations == () and found.cases == ()


@given(st.text(min_size=1, max_size=200))
def test_any_text_can_be_looked_for(text: str) -> None:
    shelf = Shelf()
    shelf.ingest.take([a_situation()], [a_case()])
    shelf.found(text, [PROGRAMME])
