"""The family robustness: which faults it meets, and that each of its metrics can go red."""

from __future__ import annotations

import importlib.util
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from coach.domain.model import Brief, Draft, Lens, Origin, Question, Stage
from evals.families import robustness
from evals.model import Guard, Output, Sample, Score
from evals.stub.faults import WIRE
from tests.fakes import FakeWriter
from tests.integration.llm_harness import TEXT, tiny_bank
from tests.unit.evals.made_systems import a_system
from tests.unit.evals.schemas import misfits

ROOT = Path(__file__).parents[3]
ROWS = [json.loads(line) for line in robustness.DATA.read_text(encoding="utf-8").splitlines()]
FINE: dict[str, Any] = {
    "seconds": 0.2, "requests": 1, "crashed": "", "saved": True, "failing": [], "mirror": "You went home.",
    "questions": ["a", "b", "c"], "writer": "bank", "note": "writer.refused", "borrowed": True, "lent": 3,
    "dirt": [],
}  # fmt: skip
BROKEN = {
    "answered": {"questions": []},
    "in_time": {"seconds": 2.3},
    "attempts": {"requests": 4},
    "marked": {"writer": "llm"},
    "told": {"note": "writer.garbled"},
    "questions": {"failing": ["1 open: A yes would do."]},
    "clean": {"dirt": ["'http://'"]},
    "saved_whole": {"saved": False},
}


def a_sample(mode: str, notes: list[str], deadline: float = 2.0) -> Sample:
    given = {"text": TEXT, "names": ["Jonas"], "mode": mode, "deadline": deadline}
    return Sample(mode, "night", given, {"notes": notes})


def met(sample: Sample, bank: object = None) -> tuple[dict[str, Score], Output]:
    output = robustness.solve(a_system(bank=bank), sample, 1)
    return dict(robustness.score(sample, output)), output


def red(found: dict[str, Score]) -> set[str]:
    zero = {metric.name for metric in robustness.task().metrics if metric.guard is Guard.ZERO}
    return {name for name in zero if not found[name].value}


def test_every_case_is_of_the_agreed_form() -> None:
    """The schema beside the data says what a line may hold."""
    assert misfits("robustness") == []


def test_the_file_is_what_its_script_makes() -> None:
    """Nobody edits one of the two alone."""
    spec = importlib.util.spec_from_file_location("made", ROOT / "scripts" / "make_robustness_cases.py")
    assert spec and spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert made.lines() == robustness.DATA.read_text(encoding="utf-8")


def test_twenty_faults_meet_ten_reflections_each() -> None:
    """And every way in which the stub can break the wire is among them."""
    faults = Counter(row["fault"] for row in ROWS)
    assert len(faults) == 20 and set(faults.values()) == {10}
    assert len({row["id"] for row in ROWS}) == 200 and len({row["text"] for row in ROWS}) == 10
    assert set(WIRE) <= {row["mode"] for row in ROWS}


def test_every_note_has_a_sentence_for_the_member() -> None:
    """A key without words would be shown as nothing."""
    catalogue = yaml.safe_load((ROOT / "ui" / "catalog" / "en.yaml").read_text(encoding="utf-8"))
    told = catalogue["turn"]["note"]["writer"]
    wanted = {note.removeprefix("writer.") for row in ROWS for note in row["notes"] if note}
    assert wanted <= {key for key, sentence in told.items() if sentence.strip()}


@pytest.mark.parametrize(
    ("mode", "notes"),
    [
        ("refused", ["writer.refused"]),
        ("500", ["writer.refused"]),
        ("hang", ["writer.timeout"]),
        ("wrong-schema", ["writer.garbled"]),
        ("foreign", ["writer.gate"]),
        ("reset-once", [""]),
    ],
)
def test_over_a_fault_a_member_loses_nothing(mode: str, notes: list[str]) -> None:
    """One fault of each kind, over real HTTP."""
    found, output = met(a_sample(mode, notes))
    assert red(found) == set(), output.value
    assert found["fallback"].value == float(notes != [""])
    assert output.calls >= 1


@pytest.mark.parametrize("name", BROKEN)
def test_each_metric_goes_red_on_its_own_fault(name: str) -> None:
    """And leaves the others alone."""
    sample = a_sample("500", ["writer.refused"])
    assert red(dict(robustness.score(sample, Output(FINE)))) == set()
    assert red(dict(robustness.score(sample, Output({**FINE, **BROKEN[name]})))) == {name}


def test_a_turn_without_a_mirror_is_no_answer() -> None:
    sample = a_sample("500", ["writer.refused"])
    assert red(dict(robustness.score(sample, Output({**FINE, "mirror": ""})))) == {"answered"}


def test_where_all_went_well_nothing_is_said() -> None:
    """Whoever reads the answers finds the faults among them."""
    found = dict(robustness.score(a_sample("500", ["writer.refused"]), Output(FINE)))
    zero = {metric.name for metric in robustness.task().metrics if metric.guard is Guard.ZERO}
    assert {(found[name].answer, found[name].explanation) for name in zero} == {("", "")}


def test_borrowed_words_without_a_note_are_not_marked() -> None:
    """Though the case allows a turn that needed none."""
    found = robustness.score(a_sample("500", [""]), Output({**FINE, "note": ""}))
    assert red(dict(found)) == {"marked"}


@pytest.mark.parametrize(
    ("changes", "counts"),
    [({"lent": 0}, True), ({"writer": "llm"}, True), ({"writer": "llm", "lent": 0}, False)],
)
def test_help_from_the_bank_is_counted_whoever_signs(changes: dict[str, Any], counts: bool) -> None:
    """A whole turn of the bank, or one question that it lent."""
    found = robustness.score(a_sample("500", ["writer.refused"]), Output({**FINE, **changes}))
    assert dict(found)["fallback"].value == float(counts)


@pytest.mark.parametrize(
    ("changes", "metric", "told"),
    [
        ({"seconds": 2.3}, "in_time", "2.3 s"),
        ({"note": "writer.garbled"}, "told", "writer.garbled"),
        ({"note": ""}, "told", "no note"),
        ({"saved": False}, "saved_whole", "Not exactly one reflection and its turn."),
    ],
)
def test_what_went_wrong_is_told(changes: dict[str, Any], metric: str, told: str) -> None:
    """And nothing where it went well."""
    sample = a_sample("500", ["writer.refused"])
    found = dict(robustness.score(sample, Output({**FINE, **changes})))[metric]
    fine = dict(robustness.score(sample, Output(FINE)))[metric]
    assert (found.answer, found.explanation, fine.answer, fine.explanation) == (told, told, "", "")


@pytest.mark.parametrize(("late", "wanted"), [(1, set()), (2, {"in_time"})])
def test_only_a_turn_that_is_late_twice_is_late(late: int, wanted: set[str]) -> None:
    """A machine may stumble once; a program that takes too long does so every time."""

    def slow(brief: Brief) -> Draft:
        if len(bank.briefs) <= late:
            time.sleep(0.5)
        return tiny_bank(brief)

    bank = FakeWriter(slow)
    found, _ = met(a_sample("500", ["writer.refused"], deadline=0.5), bank)
    assert red(found) == wanted and len(bank.briefs) == 2


def test_a_bank_that_asks_badly_is_seen() -> None:
    """The product shows the bank's first question even when it fails; the family does not excuse it."""

    def closed(brief: Brief) -> Draft:
        question = Question("Did you tell him?", Lens.SELF, Stage.EXPLORE)
        return Draft(tiny_bank(brief).mirror, (question,) * 3, Origin("bank"))

    found, _ = met(a_sample("500", ["writer.refused"]), FakeWriter(closed))
    assert red(found) == {"questions"}


def test_a_service_that_gives_up_fails_everything() -> None:
    """A crash is the product's failure and no fault of the machine."""
    found, output = met(a_sample("500", ["writer.refused"]), FakeWriter(ZeroDivisionError()))
    assert output.value["crashed"] == "Unanswered"
    assert red(found) == set(BROKEN)


def test_a_models_words_under_the_banks_name_are_seen() -> None:
    """Marking is checked both ways."""
    value = {**FINE, "borrowed": False, "lent": 0, "note": ""}
    found = dict(robustness.score(a_sample("good", [""]), Output(value)))
    assert red(found) == {"marked"}
