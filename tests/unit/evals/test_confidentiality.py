"""The family confidentiality: what its scorers see, and that every planted canary could be seen."""

from __future__ import annotations

import json
import logging
import runpy
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from coach.bootstrap import Coach, open_coach
from coach.domain.model import Group, Lens, Question, Stage, Turn
from coach.settings import Settings
from evals.families import confidentiality
from evals.model import Json, Sample, Score
from evals.scorers.canaries import left, named, over_redacted, sent_words
from evals.scorers.neighbours import another_group, another_member
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
        return people.groups()

    monkeypatch.setattr(type(people), "groups_of", all_groups)
    leaks = another_group(Owning(coach), CASES[0]).leaks  # type: ignore[arg-type] # as much as is asked
    assert {leak.split(":")[0] for leak in leaks} >= {"document"}


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
