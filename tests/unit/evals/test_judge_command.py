"""`coach eval judge` over real HTTP: shown and never judged, paid once, corrected only when calibrated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from coach.cli import build
from coach.errors import UserError
from evals.calibration import Calibration, Label, file_name, standing
from evals.families import question_quality
from evals.judged_run import FILE, RUBRIC, TASK, figures, items, read_rubric
from evals.record_reading import read_record
from evals.stub import StubServer
from evals.stub.faults import Answer, completion
from tests.unit.evals.made_runs import a_manifest, whole, write_run

ASKED = read_rubric()
TEXT = "You said it is allowed.\n1. How do you hear “allowed” now?"


class Judging(StubServer):
    """A judge that finds every candidate to push, and no baseline."""

    broken = False

    def take(self, mode: str, raw: bytes) -> Answer:
        super().take(mode, raw)
        if self.broken:
            return Answer(b"{}", 500)
        told = json.loads(json.loads(raw)["messages"][1]["content"])
        pushed = "push the manager" in told["question"] and "candidate" in told["material"]["text"]
        answer = {"evidence": "allowed" if pushed else "none", "verdict": "yes" if pushed else "no"}
        return completion(json.dumps(answer))


@pytest.fixture
def server() -> Iterator[Judging]:
    with Judging() as server:
        yield server


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Eight cases of the suite in two arms, a signpost among them."""
    manifest = a_manifest(8)
    names = [sample.id for sample in question_quality.samples()[:8]]
    notes = [replace(note, id=name) for note, name in zip(manifest.tasks[0].cases, names, strict=True)]
    task = replace(manifest.tasks[0], name=TASK, cases=tuple(notes))
    manifest = replace(manifest, tasks=(task,))
    rows = [replace(row, task=TASK, text=f"{TEXT} {row.arm}") for row in whole(manifest)]
    signpost = "(the screen answered with a signpost)"
    rows = [replace(row, text=signpost) if row.case == names[3] else row for row in rows]
    return write_run(tmp_path / "run", manifest, rows).parent


def judge(run: Path, server: StubServer, *more: str) -> Result:
    told = ["eval", "judge", str(run), "--judge", "openai:wise", "--judge-url", server.url("good"), *more]
    return CliRunner().invoke(build(), told, env={"OPENAI_API_KEY": "none", "COACH_MODEL": None})


def test_its_figures_are_shown_and_said_to_decide_nothing(run: Path, server: Judging) -> None:
    done = judge(run, server, "--yes")
    assert done.exit_code == 0, done.output
    lines = {
        tuple(line.split()[1:3]): line.split()[3:5] for line in done.stdout.splitlines() if "embedded" in line
    }
    assert lines["steers", "baseline"] == ["7", "1.000"] and lines["steers", "candidate"] == ["7", "0.000"]
    assert lines["holds_on", "candidate"] == ["7", "0.000"], "no is bad here"
    assert "decide nothing" in done.stdout and "There is no calibration file" in done.stdout
    assert file_name(ASKED.name, ASKED.sha256, "openai:wise") in done.stdout.replace("\n", "")


def test_nothing_is_sent_before_somebody_agrees_and_nothing_is_asked_twice(
    run: Path, server: Judging
) -> None:
    refused = judge(run, server, "--price-in", "1", "--price-out", "2")
    assert refused.exit_code == 4 and server.requests() == []
    assert "56 questions" in refused.stderr and "At these prices" in refused.stderr
    few = judge(run, server, "--yes", "--limit", "2")
    assert few.exit_code == 0 and len(server.requests()) == 2 * 2 * len(ASKED.criteria)
    assert judge(run, server, "--yes").exit_code == 0
    assert len(server.requests()) == 7 * 2 * len(ASKED.criteria)
    again = judge(run, server)
    assert again.exit_code == 0 and len(server.requests()) == 7 * 2 * len(ASKED.criteria)


def test_a_judge_that_fails_keeps_what_it_said(run: Path, server: Judging) -> None:
    assert judge(run, server, "--yes", "--limit", "2").exit_code == 0
    kept = (run / FILE).read_text(encoding="utf-8")
    server.broken = True
    failed = judge(run, server, "--yes")
    assert failed.exit_code == 4 and "is kept" in failed.stderr
    assert (run / FILE).read_text(encoding="utf-8") == kept
    with (run / FILE).open("a", encoding="utf-8") as file:
        file.write('{"mode": "torn')
    server.broken = False
    assert judge(run, server, "--limit", "2").exit_code == 0, "what stands is not asked again"
    assert judge(run, server, "--yes", "--limit", "3").exit_code == 0
    sent = len(server.requests())
    assert judge(run, server, "--limit", "3").exit_code == 0 and len(server.requests()) == sent


def test_a_judge_of_the_same_maker_as_the_model_is_refused(run: Path, server: Judging) -> None:
    """A run with a real model is not judged by its own family; a stub has none."""
    held = read_record(run)
    other = run.parent / "llm"
    manifest = replace(held.manifest, modes=("llm",), model="openai:gpt-4.1-mini")
    tasks = tuple(replace(task, modes=("llm",)) for task in manifest.tasks)
    write_run(other, replace(manifest, tasks=tasks), [replace(row, mode="llm") for row in held.rows])
    refused = judge(other, server, "--yes")
    assert refused.exit_code == 4 and "family openai" in refused.stderr
    assert server.requests() == []


def test_a_calibrated_judge_is_corrected_for_its_known_errors(run: Path, tmp_path: Path) -> None:
    """Synthetic labels: it calls 9 of 10 right, and its rates are moved by that much."""
    labels = [
        Label(
            case=f"l{n}",
            criterion="steers",
            humans=(n % 2 == 0,) * 2,
            judge=((n % 2 == 0) != (n % 20 < 2),) * 2,
        )
        for n in range(400)
    ]
    made = Calibration(
        rubric=ASKED.name,
        rubric_sha256=ASKED.sha256,
        judge="a:b",
        blind=True,
        humans=("A.", "B."),
        labels=tuple(labels),
    )
    (tmp_path / file_name(ASKED.name, ASKED.sha256, "a:b")).write_text(
        made.model_dump_json(), encoding="utf-8"
    )
    worth = standing(tmp_path, ASKED.name, ASKED.sha256, "a:b")
    assert not worth.diagnostic, worth.reasons
    said = {
        ("llm", "candidate", "steers"): [True] * 30 + [False] * 70,
        ("llm", "candidate", "any_text"): [True],
    }
    found = {one.criterion: one for one in figures(ASKED, said, worth)}
    assert found["any_text"].corrected is None, "nobody labelled it"
    steers = found["steers"]
    assert steers.good == 0.7 and steers.corrected is not None
    assert round(steers.corrected.rate, 3) == 0.75
    assert steers.corrected.interval[0] < 0.75 < steers.corrected.interval[1]


def test_a_run_without_such_texts_says_what_to_do(tmp_path: Path) -> None:
    manifest = a_manifest(3)
    held = read_record(write_run(tmp_path / "other", manifest, whole(manifest)).parent)
    with pytest.raises(UserError, match="no texts of question_quality"):
        items(held, 5)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("name: x\ncriteria: []", "criteria"),
        ("name: 3", "name"),
        ("- a", "the file"),
        ("a: [", "cannot be read"),
    ],
)
def test_a_rubric_of_another_form_is_refused_by_its_place(tmp_path: Path, text: str, place: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=place):
        read_rubric(file)


def test_the_suites_own_rubric_asks_what_form_cannot_see() -> None:
    assert RUBRIC.exists() and {one.yes_is_good for one in ASKED.criteria} == {True, False}
    assert all(one.question.endswith("?") for one in ASKED.criteria)
