"""Reading a record: every line is checked, and a record with a hole is refused as a whole."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from coach.errors import Sentence
from evals.model import Arm, Guard, Metric, Mode, Score
from evals.records import (
    ERROR,
    FORM,
    OK,
    RECORD,
    SKIPPED,
    ArmNote,
    CaseNote,
    Held,
    InvalidRun,
    Key,
    Manifest,
    Row,
    TaskNote,
    parsed,
)

MOST_ERRORS = 0.01  # share of the results that may be lost to the machine around the model


def read_record(file: Path) -> Held:
    """Read a record and check every line of it.

    Args:
        file: the record, or the folder of the run.

    Raises:
        InvalidRun: no record, or a line that is broken, not finite, unknown or there twice. A torn last
            line, as a kill leaves it, is passed over.
    """
    file = file / RECORD if file.is_dir() else file
    try:
        lines = file.read_bytes().split(b"\n")
    except OSError:
        raise InvalidRun([Sentence("There is no record at {file}.", file=file.name)]) from None
    torn = bool(lines[-1]) and parsed(lines[-1]) is None
    lines = lines[:-1] if torn or not lines[-1] else lines
    if not lines:
        raise InvalidRun(["The record is empty."], "Please begin the run again.")
    manifest = _manifest(lines[0])
    reader = _Reader(manifest)
    for number, raw in enumerate(lines[1:], 2):
        reader.take(number, raw)
    if reader.faults:
        raise InvalidRun(reader.faults, "Please repeat the run; nothing was averaged.")
    return Held(manifest, tuple(reader.rows.values()), reader.done, reader.end)


def check_whole(held: Held) -> None:
    """Refuse a record in which cases are missing.

    A run that stopped on its budget may lack cases of what was not finished, and nothing else.

    Raises:
        InvalidRun: the run was not finished, a case is missing, or too many were lost to errors.
    """
    faults: list[str] = []
    if not held.end:
        faults.append("It was not finished.")
    have = {row.key: row for row in held.rows}
    for task in held.manifest.tasks:
        for mode in task.modes:
            epochs = held.done.get((task.name, mode), 0)
            if not epochs and held.end == "complete":
                faults.append(Sentence("{task} ({mode}) did not run.", task=task.name, mode=mode))
            wanted = [
                (task.name, mode, case.id, epoch, arm)
                for epoch in range(1, epochs + 1)
                for case in task.cases
                for arm in held.manifest.arms
            ]
            faults += [
                Sentence("{place} is missing.", place=_place(key)) for key in wanted if key not in have
            ]
            faults += _too_many_errors(task.name, mode, [have[key] for key in wanted if key in have])
    if faults:
        raise InvalidRun(faults, "Please continue it with --resume, or run it again.")


def _too_many_errors(task: str, mode: str, rows: Sequence[Row]) -> list[str]:
    lost = [row for row in rows if row.status == ERROR]
    if len(lost) <= MOST_ERRORS * len(rows):
        return []
    kinds = ", ".join(sorted({row.error for row in lost}))
    told = "{task} ({mode}) lost {lost} of {rows} to errors ({kinds}): more than 1 %."
    return [Sentence(told, task=task, mode=mode, lost=len(lost), rows=len(rows), kinds=kinds)]


class _Reader:
    """Takes lines one by one and remembers what was wrong."""

    def __init__(self, manifest: Manifest) -> None:
        self.rows: dict[Key, Row] = {}
        self.done: dict[tuple[str, str], int] = {}
        self.end = ""
        self.faults: list[str] = []
        self._tasks = {task.name: task for task in manifest.tasks}
        self._cases = {task.name: {case.id for case in task.cases} for task in manifest.tasks}
        self._metrics = {task.name: {metric.name for metric in task.metrics} for task in manifest.tasks}
        self._arms = set(manifest.arms)
        self._most = max(manifest.stages)

    def take(self, number: int, raw: bytes) -> None:
        found = parsed(raw)
        if found is None:
            told = Sentence("Line {line:d} is not JSON, or holds NaN or infinity.", line=number)
            self.faults.append(told)
        elif "done" in found:
            task, mode, epochs = found["done"]
            self.done[(task, mode)] = int(epochs)
        elif "end" in found:
            self.end = str(found["end"])
        else:
            self._take_row(number, found)

    def _take_row(self, number: int, found: dict[str, Any]) -> None:
        self.end = ""  # rows after an end belong to a run that was taken up again
        try:
            row = _row(found)
        except (KeyError, TypeError, ValueError) as fault:
            told = "Line {line:d} is not of the agreed form ({fault})."
            self.faults.append(Sentence(told, line=number, fault=str(fault)))
            return
        faults = list(self._wrong(row))
        before = self.rows.get(row.key)
        if before is not None and before.status == OK:
            faults.append(Sentence("{place} is there twice.", place=_place(row.key)))
        self.faults += [Sentence("Line {line:d}: {fault}", line=number, fault=fault) for fault in faults]
        self.rows[row.key] = row

    def _wrong(self, row: Row) -> Iterable[str]:
        task = self._tasks.get(row.task)
        if task is None:
            yield Sentence("there is no task {task} in this run.", task=repr(row.task))
            return
        if row.case not in self._cases[row.task]:
            yield Sentence("{task} has no case {case}.", task=row.task, case=repr(row.case))
        if row.arm not in self._arms or row.mode not in task.modes or not 1 <= row.epoch <= self._most:
            yield Sentence("{place} is not part of this run.", place=_place(row.key))
        if row.status != OK:
            return
        metrics = self._metrics[row.task]
        if set(row.scores) != metrics:
            odd = sorted(set(row.scores) ^ metrics)
            told = "{place} has the wrong metrics ({names})."
            yield Sentence(told, place=_place(row.key), names=", ".join(odd))
        for name, score in row.scores.items():
            if not math.isfinite(score.value):
                yield Sentence("{place}: {metric} is not finite.", place=_place(row.key), metric=name)


def _place(key: Key) -> str:
    task, mode, case, epoch, arm = key
    told = "{task} ({mode}), case {case}, epoch {epoch:d}, {arm}"
    return Sentence(told, task=task, mode=mode, case=case, epoch=epoch, arm=arm)


def _row(found: dict[str, Any]) -> Row:
    scores = {name: _score(one) for name, one in found.pop("scores", {}).items()}
    row = Row(**found | {"scores": scores, "answers": tuple(found.get("answers", ()))})
    Mode(row.mode), Arm(row.arm)
    for name in ("task", "case", "status"):
        if not isinstance(getattr(row, name), str):
            raise TypeError(f"{name} is not a text")
    if isinstance(row.epoch, bool) or not isinstance(row.epoch, int):
        raise TypeError("epoch is not a whole number")
    if row.status not in (OK, ERROR, SKIPPED):
        raise ValueError(f"status {row.status!r}")
    return row


def _score(found: Mapping[str, Any]) -> Score:
    value = found["value"]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("a score is not a number")
    return Score(
        float(value), found.get("answer", ""), found.get("explanation", ""), found.get("metadata", {})
    )


def _manifest(raw: bytes) -> Manifest:
    found = parsed(raw)
    try:
        if found is None or found["form"] != FORM:
            raise ValueError("form")
        held = found["manifest"]
        tasks = tuple(_task_note(one) for one in held["tasks"])
        arms = {str(Arm(name)): ArmNote(**one) for name, one in held["arms"].items()}
        tuples = {"modes": tuple(held["modes"]), "stages": tuple(int(one) for one in held["stages"])}
        return Manifest(**held | {"tasks": tasks, "arms": arms} | tuples)
    except (KeyError, TypeError, ValueError):
        raise InvalidRun(["The first line is not the manifest of a run."]) from None


def _task_note(found: Mapping[str, Any]) -> TaskNote:
    metrics = tuple(Metric(**one | {"guard": Guard(one["guard"])}) for one in found["metrics"])
    cases = tuple(CaseNote(**one) for one in found["cases"])
    return TaskNote(**dict(found) | {"modes": tuple(found["modes"]), "metrics": metrics, "cases": cases})
