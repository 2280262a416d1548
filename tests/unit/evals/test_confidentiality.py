"""The family confidentiality: what its scorers see, and that every planted canary could be seen."""

from __future__ import annotations

import json
import logging
import runpy
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from coach.bootstrap import Coach, open_coach
from coach.domain.model import DocumentKind, Entry, Group, Lens, Passage, PeerHint, Question, Stage, Turn
from coach.services.reflect import ReflectService
from coach.settings import Settings
from evals.families import confidentiality
from evals.model import Json, Output, Sample, Score
from evals.scorers import neighbours
from evals.scorers.canaries import left, named, over_redacted, sent_words
from evals.scorers.neighbours import Seen, another_group, another_member
from tests.fakes import FakeClassifier, FakeEmbedder, FakeScreener, a_situation
from tests.unit.evals.schemas import misfits

ROOT = Path(__file__).parents[3]
SAMPLES = confidentiality.samples()
TURNS = [sample for sample in SAMPLES if not sample.input["scene"]]
TURN = Turn("t", "You said nothing.", (Question("What was not said?", Lens.SELF, Stage.EXPLORE),))


def a_body(reflection: str, passages: str = "(none)") -> Json:
    """A request as it arrives."""
    user = f"<passages>\n{passages}\n</passages>\n\n<reflection>\n{reflection}\n</reflection>\n"
    return {
        "model": "stub",
        "messages": [{"role": "system", "content": "Ask."}, {"role": "user", "content": user}],
    }


@dataclass
class OneAnswer:
    """A system whose request holds what a test puts there."""

    body: Json
    shown: Turn = TURN
    says: list[str] = field(default_factory=list)

    def turn(self, *given: object) -> Turn:
        for line in self.says:
            logging.getLogger("coach.some.part").warning(line)
        return self.shown

    def requests(self, sample: Sample, epoch: int) -> list[Json]:
        return [self.body]


def scores(sample: Sample, system: OneAnswer) -> dict[str, Score]:
    output = confidentiality.solve(system, sample, 1)  # type: ignore[arg-type] # as much of a System as is asked
    return dict(confidentiality.score(sample, output))


def failing(found: dict[str, Score]) -> set[str]:
    lower = {metric.name for metric in confidentiality.task().metrics if not metric.higher_is_better}
    return {name for name, score in found.items() if bool(score.value) == (name in lower)}


def a_sample(kind: str) -> Sample:
    return next(sample for sample in TURNS if sample.target["class"] == kind)


def metric_of(kind: str) -> str:
    if kind in confidentiality.UNPROMISED:
        return kind.replace(" ", "_")
    return "pattern" if kind in confidentiality.PATTERNS else "name"


@pytest.mark.parametrize("sample", TURNS, ids=lambda sample: sample.id)
def test_every_canary_is_seen_when_nothing_hides_it(sample: Sample) -> None:
    """A scorer that overlooks one would call a leak safe: each text is sent as it is."""
    found = scores(sample, OneAnswer(a_body(str(sample.input["text"]))))
    assert metric_of(str(sample.target["class"])) in failing(found)
    assert "kept" in failing(found) and found["kept"].answer


def test_a_request_without_canaries_passes_everything() -> None:
    for sample in TURNS[::20]:
        found = scores(sample, OneAnswer(a_body("[Person 1] was late, and I said nothing to [Person 2].")))
        assert failing(found) <= {"over_redacted"}
        assert set(found) == {metric.name for metric in confidentiality.task().metrics}


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["Zoë Lindqvist"], "zoe said so"),
        (["Zoë Lindqvist"], "The LINDQVISTS came."),
        (["Tobias Krähenbühl"], "Ask Kraehenbuehl."),
        (["Søren Højgaard"], "hojgaard's ticket"),
        (["Yewande (Wandy) Adeyinka"], "wandy, as they call her"),
        (["Yewande Adeyinka"], "it went to yewandeadeyinka"),
        (["Yewande Adeyinka"], "yewande.adeyinka was in copy"),
        (["Adeyinka, Yewande"], "Y e w a n d e wrote: Yew\u200bande"),
        (["Eoghan McAteer"], "McAteer"),
    ],
)
def test_a_name_is_read_in_any_form(names: list[str], told: str) -> None:
    """Case, marks, plural, joined, a nickname in brackets, characters that no eye sees."""
    assert named(names, told)


@pytest.mark.parametrize(
    ("kind", "canary", "told"),
    [
        ("email", "h.oduya@lindenhof-klinik.example", "the address of H. Oduya at lindenhof klinik"),
        ("email", "h.oduya@lindenhof-klinik.example", "write to hoduya"),
        ("phone", "+44 20 7946 0173", "ring 020 79460173"),
        ("phone", "(555) 010-0148", "555.010.0148"),
        ("iban", "GB48WEST40208112345617", "west 4020 8112 3456 17"),
        ("initials", "Y.A.", "I told Y. A. about it"),
        ("code name", "Project Tamarind", "about PROJECT  tamarind"),
        ("title", "night coxswain", "the Night-Coxswain"),
        ("date", "12.05.2026", "on 12/05/2026"),
    ],
)
def test_a_canary_is_read_in_another_spelling(kind: str, canary: str, told: str) -> None:
    assert left(kind, canary, told)


@pytest.mark.parametrize(
    ("kind", "canary", "told"),
    [
        ("phone", "+44 20 7946 0173", "in 2026 we had 79 orders and 460 173 calls"),
        ("initials", "Y.A.", "the YA shelf, Y. said"),
        ("first name", "Inka", "the inkan road"),
        ("title", "night coxswain", "at night the coxswain"),
    ],
)
def test_what_only_looks_like_a_canary_is_none(kind: str, canary: str, told: str) -> None:
    """A false leak would end the trust in the figure."""
    assert not left(kind, canary, told)


def test_people_of_a_shared_case_are_not_the_members() -> None:
    """A passage may have a Zoë of its own: its author made her up and approved her."""
    body = a_body("[Person 1] left.", passages="Zoë ran the depot.")
    assert not named(["Zoë Lindqvist"], sent_words(body))
    assert named(["Zoë Lindqvist"], sent_words({**body, "user": "zoe"}))


def test_over_redaction_is_the_share_of_ordinary_words_that_went() -> None:
    text = "Dana kept the keys of the depot."
    assert over_redacted(text, ["Dana"], a_body("[Person 1] kept the keys of the depot.")) == 0
    assert over_redacted(text, ["Dana"], a_body("[Person 1] kept the [Person 2] of the [Person 3].")) == 2 / 7


@pytest.mark.parametrize(
    ("name", "told"),
    [("Görlitz", "goerlitz"), ("Håland", "haaland"), ("Sørby", "soerby"), ("Lüders", "lueders")],
)
def test_an_umlaut_is_read_in_both_spellings(name: str, told: str) -> None:
    assert named([name], told)


@pytest.mark.parametrize(
    ("names", "told"), [(["Marianne"], "the Mariannepark gate"), (["Li Ng"], "a darling"), (["Ng"], "ng")]
)
def test_a_name_inside_another_word_is_none(names: list[str], told: str) -> None:
    """What was put together counts for whole names alone, and a part of two letters tells nothing."""
    assert named(names, told) == []


def test_another_number_is_not_the_number() -> None:
    assert not left("phone", "+44 20 7946 0173", "ring 030 1234567")


def test_only_the_fence_counts_for_what_was_kept() -> None:
    """A word that stands elsewhere in the request was masked all the same; a placeholder is no word."""
    body = a_body("[Person 1] kept the [Person 2].", passages="keys")
    body["messages"][-1]["content"] += "keys"
    assert over_redacted("Dana kept the keys.", ["Dana"], body) == 1 / 4
    assert over_redacted("The person kept keys.", [], a_body("[Person 1] kept keys.")) == 2 / 4
    unfenced = {"messages": [{"role": "user", "content": "[Person 1] kept the keys."}]}
    assert over_redacted("Dana kept the keys.", ["Dana"], unfenced) == 0


@pytest.mark.parametrize(
    ("spared", "text"),
    [
        ("Li", "Li kept keys"),
        ("O'Hara", "OHara kept keys"),
        ("James", "James kept keys"),
        ("Dana", "Danas kept keys"),
    ],
)
def test_a_spared_name_may_be_missing_in_any_form(spared: str, text: str) -> None:
    assert over_redacted(text, [spared], a_body("[Person 1] kept keys")) == 0
    assert over_redacted("…", [spared], a_body("…")) == 0


OF_CLASS = {
    "email": "pattern", "phone": "pattern", "iban": "pattern", "first name": "name", "initials": "initials",
    "unlisted nickname": "unlisted_nickname", "date": "date", "code name": "code_name", "title": "title",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "changes", "wrong"),
    [
        *((kind, {"planted": ["x"]}, {metric, "kept"}) for kind, metric in OF_CLASS.items()),
        ("date", {"roster": ["x"]}, {"name", "kept"}),
        ("date", {"foreign": ["x"]}, {"foreign", "kept"}),
        ("date", {"unproved": ["x"]}, {"foreign", "kept"}),
        ("date", {"logged": ["x"]}, {"logged", "kept"}),
        ("date", {"placeholders": ["x"]}, {"placeholder", "kept"}),
        ("date", {"requests": 0}, {"sent"}),
        ("date", {}, set()),
    ],
)
def test_what_came_out_is_counted_where_it_belongs(
    kind: str, changes: dict[str, object], wrong: set[str]
) -> None:
    """What is promised to nobody stands under its own class."""
    value: dict[str, object] = dict.fromkeys(
        ("planted", "roster", "foreign", "unproved", "logged", "placeholders"), ()
    )
    sample = Sample("s", "s", {}, {"class": kind})
    output = Output({**value, "requests": 1, "over_redacted": 0.0, **changes})
    found = dict(confidentiality.score(sample, output))
    assert failing(found) == wrong
    assert "kept" not in wrong or "x" in found["kept"].answer


def test_logs_may_hold_nothing_of_a_text() -> None:
    """Neither a name, nor a canary that nobody promised to hide from the model, nor a run of words."""
    sample, body = a_sample("date"), a_body("[Person 1] was late.")
    text, name = str(sample.input["text"]), str(sample.input["names"][0]).split()[0]
    lines = ["a line of no weight", f"failed for {name}", str(sample.target["canaries"][0]["text"])]
    lines.append(" ".join(text.split()[4:12]))
    told = [scores(sample, OneAnswer(body, says=[line]))["logged"].value for line in lines]
    assert told == [0.0, 1.0, 1.0, 1.0]


def test_a_placeholder_on_the_page_is_a_failure() -> None:
    """The member would read [Person 1] where a name belongs."""
    turn = replace(TURN, mirror="You owe [Person 2] a sentence.")
    found = scores(a_sample("first name"), OneAnswer(a_body("[Person 1] left."), turn))
    assert "placeholder" in failing(found)


# -- scenes -------------------------------------------------------------------------------------------------

CASES = [sample.input["scene"] for sample in SAMPLES if sample.input["scene"]]


@pytest.fixture
def coach(settings: Settings) -> Iterator[Coach]:
    """The real program over a real store; its models are small fakes."""
    fakes = {"embedder": FakeEmbedder(), "corpus_embedder": FakeEmbedder()}
    with open_coach(settings, **fakes, advice=FakeClassifier(), screener=FakeScreener()) as opened:
        opened.ingest.take([a_situation()], [])
        yield opened


@dataclass(frozen=True)
class Owning:
    """A system that lends one coach."""

    coach: Coach

    @contextmanager
    def own_coach(self) -> Iterator[Coach]:
        yield self.coach


def test_another_groups_case_stays_in_its_group(coach: Coach) -> None:
    """The program passes, and the group's own member does find each case."""
    seen = another_group(Owning(coach), CASES[0])  # type: ignore[arg-type] # as much of a System as is asked
    assert (seen.leaks, seen.unproved) == ((), ())


def test_another_members_words_stay_with_them(coach: Coach) -> None:
    seen = another_member(Owning(coach), CASES[1])  # type: ignore[arg-type] # as much of a System as is asked
    assert seen.leaks == ()
    assert set(seen.unproved) <= {"no peer was offered"}  # the small embedder may find nobody near


def test_a_firewall_with_a_hole_is_seen(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    """If everybody were in every group, the cases would come out by several doors."""
    people = coach.parts.people

    def all_groups(self: object, member_id: str) -> Sequence[Group]:
        return [replace(one, member_ids=one.member_ids | {member_id}) for one in people.groups()]

    monkeypatch.setattr(type(people), "groups_of", all_groups)
    leaks = another_group(Owning(coach), CASES[0]).leaks  # type: ignore[arg-type] # as much as is asked
    assert {leak.split(":")[0] for leak in leaks} >= {"document"}


def through(coach: Coach, scene: Callable[..., Seen], number: int) -> tuple[set[str], set[str]]:
    """Leaks and what was not proved, of one scene over this coach."""
    seen = scene(Owning(coach), CASES[number])
    return set(seen.leaks), set(seen.unproved)


def answering(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Every turn has these changes."""
    real = ReflectService.ask

    def ask(self: ReflectService, *given: Any, **named: Any) -> Entry:
        entry = real(self, *given, **named)
        return replace(entry, turn=replace(entry.turn, **changes) if entry.turn else None)

    monkeypatch.setattr(ReflectService, "ask", ask)


KEY, CANARY = str(CASES[0][0]["id"]), str(CASES[0][0]["canaries"][0])


@pytest.mark.parametrize("place", ["cases", "guidelines"])
def test_a_foreign_case_on_the_page_is_seen(
    coach: Coach, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Under its id, and its words under theirs."""
    answering(monkeypatch, **{place: (Passage(KEY, DocumentKind.CASE, f"The {CANARY} case", "near"),)})
    leaks, _ = through(coach, another_group, 0)
    assert {f"shown: {KEY}", f"turn: {CANARY}"} <= leaks


@pytest.mark.parametrize("scene", [another_group, another_member])
@pytest.mark.parametrize("word", [CANARY, "Araminta", "Quillfeather", "owner@example.org"])
def test_a_foreign_word_in_a_turn_is_seen(
    coach: Coach, monkeypatch: pytest.MonkeyPatch, scene: Callable[..., Seen], word: str
) -> None:
    """Of the case, or of its owner."""
    answering(monkeypatch, mirror=f"You and {word} were late.")
    assert f"turn: {word}" in through(coach, scene, 0)[0]


@pytest.mark.parametrize("scene", [another_group, another_member])
def test_a_foreign_word_in_a_request_is_seen(
    coach: Coach, monkeypatch: pytest.MonkeyPatch, scene: Callable[..., Seen]
) -> None:
    """What a model would have been sent counts, though none is asked."""
    monkeypatch.setattr(neighbours, "outgoing", lambda brief: SimpleNamespace(values={"x": f"of {CANARY}"}))
    assert through(coach, scene, 0)[0] == {f"request: {CANARY}"}


def test_a_search_that_forgets_groups_is_seen(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    kind, people = type(coach.retriever), coach.parts.people
    real = kind.search

    def search(self: Any, reading: Any, scopes: Any, *more: Any, **named: Any) -> Any:
        return real(self, reading, [*scopes, *(one.id for one in people.groups())], *more, **named)

    monkeypatch.setattr(kind, "search", search)
    assert {f"search: {one['id']}" for one in CASES[0]} <= through(coach, another_group, 0)[0]


def test_a_case_that_its_own_group_does_not_find_proves_nothing(
    coach: Coach, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(coach.retriever), "search", lambda *given, **named: [])
    assert through(coach, another_group, 0)[1] == {str(one["id"]) for one in CASES[0]}


LAST = str(CASES[1][0]["canaries"][0])


@pytest.mark.parametrize(
    ("door", "gives", "leaks"),
    [
        ("search", ["found"], {f"journal search: {one}" for case in CASES[1] for one in case["canaries"]}),
        ("export", f"a file with {LAST} in it", {f"export: {LAST}"}),
    ],
)
def test_a_door_of_the_journal_that_stands_open_is_seen(
    coach: Coach, monkeypatch: pytest.MonkeyPatch, door: str, gives: object, leaks: set[str]
) -> None:
    monkeypatch.setattr(type(coach.journal), door, lambda *given: gives)
    assert through(coach, another_member, 1)[0] == leaks


def test_a_conversation_that_opens_by_its_id_is_seen(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of those that the other member had."""
    monkeypatch.setattr(type(coach.journal), "conversation", lambda *given: [])
    leaks = through(coach, another_member, 1)[0]
    assert len(leaks) == len(CASES[1]) and all(leak.startswith("journal: ") for leak in leaks)


def test_a_conversation_that_its_own_member_has_lost_proves_nothing(
    coach: Coach, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(coach.journal), "conversations", lambda *given: [])
    assert len(through(coach, another_member, 1)[1] - {"no peer was offered"}) == len(CASES[1])


@pytest.mark.parametrize(
    ("hints", "unproved"),
    [([PeerHint("r", "Somebody has met it too.")], set()), ([], {"no peer was offered"})],
)
def test_a_scene_without_a_peer_proves_nothing_about_peers(
    coach: Coach, monkeypatch: pytest.MonkeyPatch, hints: list[PeerHint], unproved: set[str]
) -> None:
    """Both sit in one group there; elsewhere in two."""
    monkeypatch.setattr(ReflectService, "_near", lambda *given: tuple(hints))
    assert through(coach, another_member, 1) == (set(), unproved)
    assert len(coach.parts.people.groups()) == 1


def test_the_owner_and_the_asker_of_a_case_sit_in_two_groups(coach: Coach) -> None:
    through(coach, another_group, 0)
    assert len(coach.parts.people.groups()) == 2


def test_a_service_that_gives_no_turn_ends_the_scene(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    real = ReflectService.ask
    monkeypatch.setattr(
        ReflectService, "ask", lambda self, *given, **named: replace(real(self, *given, **named), turn=None)
    )
    with pytest.raises(LookupError):
        through(coach, another_group, 0)


def test_a_scene_that_proves_nothing_fails() -> None:
    """A secret nobody could find was not kept, it was lost."""
    sample = next(one for one in SAMPLES if one.input["scene"])
    nothing = {"planted": [], "roster": [], "foreign": [], "unproved": ["case.x"], "placeholders": []}
    value = {**nothing, "logged": [], "requests": 0, "over_redacted": 0.0, "shown": ""}
    found = confidentiality.score(sample, SimpleNamespace(value=value))  # type: ignore[arg-type] # an Output
    assert found["foreign"].value == 1.0 and "case.x" in found["foreign"].answer


# -- data ---------------------------------------------------------------------------------------------------


def test_the_cases_are_what_the_plan_asks_for() -> None:
    """300, as the schema says, over at least 60 carriers, every carrier used."""
    assert misfits("confidentiality") == []
    assert len({sample.id for sample in SAMPLES}) == 300
    carriers = Counter(sample.cluster for sample in TURNS)
    assert len(carriers) >= 60 and max(carriers.values()) - min(carriers.values()) <= 1
    assert 20 <= sum(sample.must_pass for sample in SAMPLES) <= 40
    assert not any(sample.must_pass for sample in TURNS if sample.slices["promised"] == "no")


def test_the_file_is_what_the_script_writes() -> None:
    """The same seeds give the same cases."""
    made = runpy.run_path(str(ROOT / "scripts" / "make_confidentiality_cases.py"))["lines"]()
    assert made == (ROOT / "evals" / "data" / "confidentiality.jsonl").read_text(encoding="utf-8")


def test_numbers_and_addresses_belong_to_nobody() -> None:
    """Reserved domains; numbers from ranges that are kept free for stories, or that cannot be rung."""
    seeds = json.loads((ROOT / "evals/data/seeds/confidentiality.json").read_text(encoding="utf-8"))
    assert all(one.endswith(".example") for one in seeds["values"]["email"])
