"""How far a run is, read from a record that is still growing.

Only whole lines are read and each only once; what they hold is judged later, by the strict reader.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals.records import parsed


@dataclass(frozen=True, slots=True)
class Part:
    """One task in one mode, as the manifest announces it."""

    task: str
    mode: str
    cases: int


@dataclass(frozen=True, slots=True)
class Outline:
    """What the first line of a record says, as far as lists and bars need it."""

    parts: tuple[Part, ...]
    stages: tuple[int, ...]
    prompts: Mapping[str, Mapping[str, Mapping[str, str]]]
    sources: Mapping[str, str]
    limited: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        done, total: results there, and results wanted as far as can be known; 0 of 0 before the record.
        task, mode: which part is at work; "" before the first result.
    """

    done: int = 0
    total: int = 0
    task: str = ""
    mode: str = ""


def outline_of(record: Path) -> Outline | None:
    """What the record announces; None while its first line is not there, or is not of its form."""
    try:
        with record.open("rb") as file:
            raw = file.readline()
    except OSError:
        return None
    return _outline(parsed(raw)) if raw.endswith(b"\n") else None


def _outline(found: dict[str, Any] | None) -> Outline | None:
    try:
        held = (found or {})["manifest"]
        return Outline(
            parts=tuple(
                Part(str(task["name"]), str(mode), len(task["cases"]))
                for task in held["tasks"]
                for mode in task["modes"]
            ),
            stages=tuple(int(one) for one in held["stages"]),
            prompts={str(name): note.get("prompts", {}) for name, note in held["arms"].items()},
            sources={str(name): str(note["source"]) for name, note in held["arms"].items()},
            limited=bool(held.get("limited", False)),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


@dataclass
class _Reading:
    """What was read of one growing record so far."""

    offset: int = 0
    keys: dict[tuple[str, str], set[tuple[str, int, str]]] = field(default_factory=dict)
    epochs: dict[tuple[str, str], int] = field(default_factory=dict)
    last: tuple[str, str] = ("", "")


class Watch:
    """Follows growing records. Safe from several threads; forgets a record when told."""

    def __init__(self) -> None:
        self._readings: dict[Path, _Reading] = {}
        self._lock = threading.Lock()

    def look(self, record: Path) -> Progress:
        """How far the run is now."""
        outline = outline_of(record)
        if outline is None:
            return Progress()
        with self._lock:
            reading = self._readings.setdefault(record, _Reading())
            _read_on(record, reading)
            return _progress(outline, reading)

    def forget(self, record: Path) -> None:
        with self._lock:
            self._readings.pop(record, None)


def _read_on(record: Path, reading: _Reading) -> None:
    try:
        with record.open("rb") as file:
            file.seek(reading.offset)
            fresh = file.read()
    except OSError:
        return
    whole, newline, _ = fresh.rpartition(b"\n")
    reading.offset += len(whole) + len(newline)
    for raw in whole.split(b"\n"):
        row = parsed(raw) if raw else None
        if row is None or "case" not in row:
            continue
        part = (str(row.get("task")), str(row.get("mode")))
        epoch = int(row.get("epoch", 1))
        reading.keys.setdefault(part, set()).add((str(row["case"]), epoch, str(row.get("arm"))))
        reading.epochs[part] = max(reading.epochs.get(part, 0), epoch)
        reading.last = part


def _progress(outline: Outline, reading: _Reading) -> Progress:
    """A gate looks after some epochs and may stop there, so what is wanted can grow, and never shrinks."""
    begun = [place for place, part in enumerate(outline.parts) if (part.task, part.mode) in reading.keys]
    at_work = max(begun, default=-1)
    arms = max(1, len(outline.prompts))
    done = total = 0
    for place, part in enumerate(outline.parts):
        key = (part.task, part.mode)
        here = len(reading.keys.get(key, ()))
        done += here
        if place < at_work:
            total += here  # the next part has begun, so this one is finished
            continue
        stages = (1,) if part.mode == "embedded" else outline.stages
        epochs = next((one for one in stages if one >= reading.epochs.get(key, 1)), stages[-1])
        total += part.cases * arms * epochs
    return Progress(min(done, total), total, *reading.last)
