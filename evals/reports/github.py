"""Annotations of a pull request: where in a prompt file a regression began."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path

from coach.adapters.prompt_files import SUFFIX
from evals.arms import changed, tasks_of
from evals.model import Arm
from evals.reports.summary import result
from evals.results import RunResult, TaskResult

_FENCE = "---"  # above and below the head of a prompt file


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
    """The first line that changed, counted from 1: of what is read, if there is one, and else of the rest.

    Whoever changes a prompt changes its version first, and a remark there tells nobody what went wrong.
    """
    one, other = _lines(baseline), _lines(candidate)
    blocks = difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    places = [
        place
        for tag, _, _, begin, end in blocks
        if tag != "equal"
        for place in range(begin, max(end, begin + 1))
    ]
    body = other.index(_FENCE, 1) if candidate.suffix == SUFFIX and _FENCE in other[1:] else -1
    kept = _bookkeeping(other[: body + 1] or other)
    first = min(places, key=lambda place: (place in kept, place <= body, place), default=0)
    return min(first + 1, max(len(other), 1))


def _bookkeeping(lines: Sequence[str]) -> set[int]:
    """Places of the version, of the changelog and of comments."""
    found: set[int] = set()
    depth: int | None = None  # of the changelog, while within it
    for place, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if depth is not None and (indent > depth or line.lstrip().startswith("- ")):
            found.add(place)
            continue
        depth = indent if line.strip().startswith("changelog:") else None
        if depth is not None or line.lstrip().startswith(("version:", "#")):
            found.add(place)
    return found


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def _escaped(text: str, of_property: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if of_property else text
