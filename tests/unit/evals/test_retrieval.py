"""The family retrieval: its figures, its silence, and that somebody who trespasses is caught."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coach.adapters.sql.library import SqlLibrary
from coach.adapters.sql.people import SqlPeople
from coach.bootstrap import Coach, open_coach
from coach.bundled import bundled
from coach.domain.model import (
    PROGRAMME,
    BankQuestion,
    Document,
    DocumentKind,
    Entry,
    Lens,
    Passage,
    Situation,
    Stage,
    Turn,
)
from coach.services.reflect import ReflectService
from coach.settings import Settings
from evals.families import retrieval
from evals.model import Guard, Output, Sample, Score
from evals.scorers.ranks import ndcg, recall, reciprocal_rank
from evals.scorers.trespass import trespass
from tests.fakes import FakeClassifier, FakeEmbedder, FakeScreener
from tests.unit.evals.schemas import misfits

WANTED = {"situations": ["a.one", "a.two"], "cases": {"near": 3, "far": 1}}
QUERY = Sample("q", "q", {"text": "t"}, WANTED, {"kind": "query"})
STRANGER = Sample("s", "s", {"text": "t"}, {"situations": [], "cases": {}}, {"kind": "stranger"})
RIGHTS = Sample("rights", "rights", {"texts": {}}, slices={"kind": "rights"})
TEXTS = {
    "slides": "I keep rewriting the slides of Jonas at night, and nobody asked me to.",
    "rota": "The rota is mine now and the quiet ones get the third Sunday again.",
}


def found(sample: Sample, **value: Any) -> dict[str, Score]:
    told = {"situations": [], "shown": [], "cases": [], "leaks": [], "missed": []} | value
    return dict(retrieval.score(sample, Output(told)))


def values(sample: Sample, **value: Any) -> dict[str, float]:
    return {name: score.value for name, score in found(sample, **value).items()}


# -- figures ----------------------------------------------------------------------------------------------


def test_ndcg_is_what_one_counts_by_hand() -> None:
    """Gains 7 and 1, discounts 1 and log2 3."""
    grades = {"near": 3.0, "far": 1.0}
    assert ndcg(["near", "far"], grades, 5) == 1
    upside_down = (1 + 7 / math.log2(3)) / (7 + 1 / math.log2(3))
    assert ndcg(["far", "near"], grades, 5) == pytest.approx(upside_down)
    assert ndcg(["x", "near"], grades, 1) == 0


def test_recall_asks_for_no_more_than_there_are_places() -> None:
    """Seven relevant cases cannot all stand in five places."""
    grades = dict.fromkeys("abcdefg", 1.0)
    assert recall(list("abcde"), grades, 5) == 1
    assert recall(["a", "x"], {"a": 1.0, "b": 2.0}, 5) == 0.5


def test_reciprocal_rank_is_of_the_first_right_one() -> None:
    """And nothing when none is right."""
    assert reciprocal_rank(["x", "y", "a"], {"a": 1.0}) == pytest.approx(1 / 3)
    assert reciprocal_rank(["x"], {"a": 1.0}) == 0


# -- what counts as right ---------------------------------------------------------------------------------


def test_a_perfect_answer_is_right_in_everything() -> None:
    """Either of the labelled situations may come first."""
    told = values(QUERY, situations=["a.two", "a.one"], shown=["near"], cases=["near", "far", "x"])
    assert told == dict.fromkeys(told, 1.0) | {"trespass": 0.0}


def test_a_wrong_answer_is_wrong_where_it_is_wrong() -> None:
    """The right situation only among three, the right case only in third place."""
    told = values(QUERY, situations=["b", "c", "a.one"], shown=["x"], cases=["x", "y", "near"])
    assert (told["situation_first"], told["situation_in_3"]) == (0, 1)
    assert told["mrr"] == pytest.approx(1 / 3) and told["recall@5"] == 0.5 and 0 < told["ndcg@5"] < 1
    assert values(QUERY, situations=["b", "c", "d", "a.one"], cases=["x"])["situation_in_3"] == 0


def test_silence_is_right_for_strangers_only() -> None:
    """Somebody who has a challenge must not hear that nothing is close."""
    assert values(QUERY, cases=["near"])["no_answer"] == 0
    told = values(STRANGER, cases=["x", "y"])  # ranked underneath, and nothing shown
    assert told == dict.fromkeys(told, 1.0) | {"trespass": 0.0}
    told = values(STRANGER, situations=["b"], shown=["x"], cases=["x"])
    assert told == dict.fromkeys(told, 0.0) | {"own_group_finds": 1.0}


def test_a_silence_that_should_not_have_been_is_called_by_its_name() -> None:
    """And an answer is not."""
    told = {"shown": [], "cases": [], "leaks": [], "missed": []}
    found = [
        dict(retrieval.score(QUERY, Output({**told, "situations": some})))["no_answer"].answer
        for some in ([], ["b"])
    ]
    assert found == ["silent", ""]


def test_a_text_whose_situation_has_no_case_yet_is_not_held_against_the_ranking() -> None:
    """Only the situations count then."""
    bare = Sample("b", "b", {}, {"situations": ["a.one"], "cases": {}}, {"kind": "query"})
    told = values(bare, situations=["x"], cases=["x"])
    assert (told["ndcg@5"], told["situation_first"]) == (1, 0)


def test_one_leak_fails_and_so_does_a_check_that_tested_nothing() -> None:
    """If the group itself does not find its case, nobody else could have."""
    assert values(RIGHTS, leaks=["outsider: shown, q"])["trespass"] == 1
    assert values(RIGHTS, missed=["q"])["own_group_finds"] == 0
    zero = {metric.name for metric in retrieval.task().metrics if metric.guard is Guard.ZERO}
    assert zero == {"trespass", "own_group_finds"}


def test_a_check_of_rights_without_a_leak_passes() -> None:
    assert (values(RIGHTS)["trespass"], values(RIGHTS)["own_group_finds"]) == (0, 1)


@pytest.mark.parametrize("said", [{"situations": ["b"]}, {"shown": ["x"]}])
def test_either_a_situation_or_a_case_breaks_the_silence(said: dict[str, list[str]]) -> None:
    assert values(STRANGER, **said)["no_answer"] == 0
    assert values(QUERY, **said)["no_answer"] == 1


# -- the data ---------------------------------------------------------------------------------------------


def test_every_reflection_is_of_the_agreed_form() -> None:
    """The schema beside the data says what a line may hold."""
    assert misfits("reflections") == []


def test_there_are_enough_of_both_kinds_and_every_label_is_in_the_corpus() -> None:
    """A case that was renamed would count as never found."""
    samples = retrieval.samples()
    kinds = [sample.slices["kind"] for sample in samples]
    assert kinds.count("query") >= 140 and kinds.count("stranger") >= 30 and kinds[0] == "rights"
    assert len({sample.id for sample in samples}) == len(samples)
    corpus = bundled("corpus")
    cases = {file.stem for file in (corpus / "cases").glob("*.md")}
    situations = {f"{file.parent.name}.{file.stem}" for file in (corpus / "situations").glob("*/*.yaml")}
    assert {key for sample in samples for key in sample.target.get("cases", ())} <= cases
    assert {key for sample in samples for key in sample.target.get("situations", ())} <= situations


# -- rights -----------------------------------------------------------------------------------------------


@pytest.fixture
def coach(settings: Settings, tmp_path: Path) -> Iterator[Coach]:
    """The program over a real store and index, with two texts of the programme."""
    with open_coach(
        settings, embedder=FakeEmbedder(), advice=FakeClassifier(), screener=FakeScreener()
    ) as coach:
        questions = tuple(
            BankQuestion(f"What {word} you see in it?", lens, Stage.EXPLORE)
            for word, lens in zip(("do", "might", "could"), Lens, strict=False)
        )
        situation = Situation(
            "rest.nights", "rest", "Nights", "Work at night.", ("I work at night.",), questions
        )
        body = "Somebody worked at night."
        document = Document("open.case", DocumentKind.CASE, PROGRAMME, "An open case", body, content_hash="1")
        coach.ingest.take([situation], [document])
        yield coach


def test_nobody_outside_finds_what_a_group_keeps(coach: Coach) -> None:
    """And the group itself does, or nothing would be tested."""
    met = trespass(coach, TEXTS)
    assert met.leaks == () and met.missed == ()
    assert coach.parts.people.members() == []  # the store it was given is as it was


def test_a_library_that_forgets_scopes_is_caught(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    """The filter that has the last word is switched off."""
    real = SqlLibrary.documents

    def all_scopes(self: SqlLibrary, scopes: Any, ids: Any = None) -> list[Document]:
        everybody = [PROGRAMME, *seen]
        seen.update(scopes)
        return real(self, [*scopes, *everybody], ids)

    seen: set[str] = set()
    monkeypatch.setattr(SqlLibrary, "documents", all_scopes)
    leaks = trespass(coach, TEXTS).leaks
    assert any(leak.startswith("outsider: ranked") for leak in leaks)


def test_a_membership_that_does_not_end_is_caught(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever left a group reads on."""
    monkeypatch.setattr(SqlPeople, "leave", lambda *_: None)
    leaks = trespass(coach, TEXTS).leaks
    assert {leak.split(":")[0] for leak in leaks} == {"former"}
    assert {leak.split(", ")[0] for leak in leaks} >= {"former: ranked", "former: opened"}


def test_who_reads_all_groups_because_of_one_is_caught(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    """The neighbour has a group, so only then is a neighbour told apart from an outsider."""
    real = SqlPeople.groups_of

    def groups_of(self: SqlPeople, member_id: str) -> Any:
        everybody = [replace(one, member_ids=one.member_ids | {member_id}) for one in self.groups()]
        return everybody if real(self, member_id) else []

    monkeypatch.setattr(SqlPeople, "groups_of", groups_of)
    assert {leak.split(":")[0] for leak in trespass(coach, TEXTS).leaks} >= {"neighbour"}


def test_a_case_that_is_still_there_after_withdrawal_is_caught(
    coach: Coach, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = type(coach.ingest)
    real = kind.take

    def take(self: Any, situations: Any, documents: Any, *more: Any) -> Any:
        kept = list(documents)
        return real(self, situations, kept, *more) if kept or not more else None

    monkeypatch.setattr(kind, "take", take)
    assert {leak.split(":")[0] for leak in trespass(coach, TEXTS).leaks} == {"after withdrawal"}


@pytest.mark.parametrize(("key", "title"), [("planted.slides", "Another"), ("other", "Planted mark slides")])
def test_a_planted_case_in_a_strangers_turn_is_caught(
    coach: Coach, monkeypatch: pytest.MonkeyPatch, key: str, title: str
) -> None:
    """By its id, or by the mark in its title."""
    case = Passage(key, DocumentKind.CASE, title, "near")
    _answers(monkeypatch, lambda turn: turn and replace(turn, cases=(case,)))
    assert "outsider: shown, slides" in trespass(coach, TEXTS).leaks


def test_a_service_without_an_answer_shows_nothing(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    _answers(monkeypatch, lambda turn: None)
    assert trespass(coach, TEXTS).leaks == ()


def _answers(monkeypatch: pytest.MonkeyPatch, change: Callable[[Turn | None], Turn | None]) -> None:
    """Every turn is changed."""
    real = ReflectService.ask

    def ask(self: ReflectService, *given: Any, **named: Any) -> Entry:
        entry = real(self, *given, **named)
        return replace(entry, turn=change(entry.turn))

    monkeypatch.setattr(ReflectService, "ask", ask)
