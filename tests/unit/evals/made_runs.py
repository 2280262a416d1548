"""A tiny task, its record and its systems, made by hand: for tests of the machinery around real tasks."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from evals.model import Arm, Guard, Json, Metric, Mode, Output, Sample, Score, System, Task
from evals.records import RECORD, ArmNote, CaseNote, Manifest, Record, Row, TaskNote

METRICS = (Metric("all", Guard.PRIMARY), Metric("brief"))


def a_manifest(cases: int = 3, *, command: str = "gate", arms: tuple[str, ...] = ("baseline", "candidate"),
               stages: tuple[int, ...] = (1, 3, 5), mode: str = "embedded") -> Manifest:  # fmt: skip
    """A run of one task, "tiny"."""
    notes = tuple(CaseNote(f"c{n}", f"seed{n // 2}") for n in range(cases))
    task = TaskNote("tiny", "tiny.jsonl", "d" * 64, "s" * 64, (mode,), METRICS, notes)
    return Manifest(command, (mode,), stages, (task,), {arm: ArmNote("") for arm in arms})


def a_row(case: str, arm: str = "candidate", epoch: int = 1, value: float = 1.0, **more: object) -> Row:
    scores = {metric.name: Score(value) for metric in METRICS}
    return Row("tiny", str(more.pop("mode", "embedded")), case, epoch, arm, **{"scores": scores, **more})  # type: ignore[arg-type] # a test's short form


def write_run(
    folder: Path, manifest: Manifest, rows: list[Row], epochs: int = 1, end: str = "complete"
) -> Path:
    """A finished record; its file."""
    record = Record(folder)
    record.begin(manifest)
    for row in rows:
        record.append(row)
    record.done("tiny", manifest.modes[0], epochs)
    if end:
        record.end(end)
    record.close()
    return folder / RECORD


def whole(manifest: Manifest, epochs: int = 1) -> list[Row]:
    """Every row that a finished run needs, all passing."""
    return [
        a_row(case.id, arm, epoch, mode=manifest.modes[0])
        for epoch in range(1, epochs + 1)
        for case in manifest.tasks[0].cases
        for arm in manifest.arms
    ]


def change_line(file: Path, number: int, change: Callable[[str], str]) -> None:
    """Edit one line of a record, counted from 1."""
    lines = file.read_text(encoding="utf-8").split("\n")
    lines[number - 1] = change(lines[number - 1])
    file.write_text("\n".join(lines), encoding="utf-8")


def rename_case(line: str, new: str) -> str:
    found = json.loads(line)
    return json.dumps({**found, "case": new})


class TinySystem:
    """An arm that answers from a function, and notes who was asked in which order."""

    def __init__(
        self, arm: Arm, answer: Callable[[str, int], float], log: list[tuple[str, str, int]]
    ) -> None:
        self.arm = arm
        self.mode = Mode.STUB
        self._answer = answer
        self._log = log
        self.tokens = 10

    def value(self, sample: Sample, epoch: int) -> float:
        self._log.append((sample.id, self.arm.value, epoch))
        return self._answer(sample.id, epoch)

    def usage(self, sample: Sample, epoch: int) -> tuple[int, int, int]:
        return (self.tokens, 0, 1)

    def spent(self, sample: Sample, epoch: int) -> int:
        return self.tokens

    def answers(self, sample: Sample, epoch: int) -> tuple[str, ...]:
        return ()

    def forget(self, sample: Sample, epoch: int) -> None:
        """Nothing is noted."""


def tiny_task(samples: list[Sample], score: Callable[[Json], Mapping[str, Score]] | None = None) -> Task:
    """A task whose solver asks a TinySystem."""

    def solve(system: System, sample: Sample, epoch: int) -> Output:
        value = system.value(sample, epoch)  # type: ignore[attr-defined] # a TinySystem
        return Output({"value": value}, f"{value}")

    def scored(sample: Sample, output: Output) -> Mapping[str, Score]:
        if score is not None:
            return score(output.value)
        return {metric.name: Score(output.value["value"]) for metric in METRICS}

    return Task("tiny", frozenset(Mode), METRICS, "tiny.jsonl", lambda: samples, solve, scored)
