"""Annotations of a pull request: where in a prompt file a regression began."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from evals.arms import changed, tasks_of
from evals.model import Arm
from evals.reports.summary import result
from evals.results import RunResult, TaskResult


def render(run: RunResult, arms: Path) -> str:
    """Workflow commands, one a line.

    Args:
        run: the result.
        arms: the folder with the prompts of both arms.
    """
    lines = [line for part in run.parts for line in _part(run, part, arms)]
    lines += [f"::notice::{_escaped(note)}" for note in run.notes]
    level = "notice" if run.exit == 0 else "error" if run.exit == 1 else "warning"
    lines.append(f"::{level}::{_escaped(f'coach eval {run.manifest.command}: {result(run)}')}")
    return "\n".join(lines) + "\n"


def _part(run: RunResult, part: TaskResult, arms: Path) -> Iterator[str]:
    """What a task did not pass for, and what it passed with: a rise of the cost, for one."""
    verdict = part.verdict
    if verdict is None or not (verdict.warnings or verdict.outcome != "pass"):
        return
    told = (
        []
        if verdict.outcome == "pass"
        else [("error" if verdict.outcome == "fail" else "warning", one) for one in verdict.reasons]
    )
    told += [("warning", one) for one in verdict.warnings]
    places = list(_places(run, part, arms)) or [""]
    for level, reason in told:
        for place in places:
            yield f"::{level}{place}::{_escaped(f'{part.title}: {reason}')}"


def _places(run: RunResult, part: TaskResult, arms: Path) -> Iterator[str]:
    """The changed files that concern a task, each at its first changed line."""
    notes, candidate = run.manifest.arms, arms / Arm.CANDIDATE
    if Arm.BASELINE.value not in notes:
        return
    one, other = notes[Arm.BASELINE], notes[Arm.CANDIDATE]
    for name in changed(one, other):
        tasks = tasks_of([name], arms / Arm.BASELINE, candidate)
        if tasks is not None and part.task.name not in tasks:
            continue
        file = (other.prompts.get(name) or one.prompts[name])["file"]
        line = _first_change(arms / Arm.BASELINE / file, candidate / file)
        path = f"{other.place}/{file}" if other.place else file
        yield f" file={_escaped(path, True)},line={line}"


def _first_change(baseline: Path, candidate: Path) -> int:
    one, other = _lines(baseline), _lines(candidate)
    for tag, _, _, begin, _ in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag != "equal":
            return min(begin + 1, max(len(other), 1))
    return 1


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def _escaped(text: str, of_property: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if of_property else text
