"""The record of a run: its manifest and one line of JSON a result, appended and never changed.

What does not fit is refused as a whole: an average over a damaged record would look like a figure.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from coach.errors import CoachError, Sentence
from evals.model import Json, Metric, Score

RECORD = "record.jsonl"
FORM = 1  # of the record; raise it when an older reader would misread a newer file
OK, ERROR, SKIPPED = "ok", "error", "skipped"
MOST_NAMED = 10  # faults that a refusal names; the rest is counted

Key = tuple[str, str, str, int, str]  # task, mode, case, epoch, arm


class InvalidRun(CoachError):
    """The record cannot be believed: exit code 3, and no figure is given.

    Args:
        faults: sentences that name line, case or metric, worst first.
    """

    def __init__(self, faults: Sequence[str], remedy: str = "") -> None:
        more = [Sentence("And {count} more.", count=len(faults) - MOST_NAMED)] if faults[MOST_NAMED:] else []
        named = (*faults[:MOST_NAMED], *more)
        super().__init__(Sentence("The run is not valid. {faults}", faults=named), remedy)
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class CaseNote:
    """What the statistics must know of a case, so that a record can be judged without its data set."""

    id: str
    cluster: str
    slices: Mapping[str, str] = field(default_factory=dict)
    must_pass: bool = False


@dataclass(frozen=True, slots=True)
class TaskNote:
    """A task as it was run: where its cases came from, which they are, what is measured."""

    name: str
    dataset: str
    dataset_sha256: str
    scorer_sha256: str
    modes: tuple[str, ...]
    metrics: tuple[Metric, ...]
    cases: tuple[CaseNote, ...]


@dataclass(frozen=True, slots=True)
class ArmNote:
    """The prompts of one arm.

    Attributes:
        source: "git:REV", a folder, or "" for those that came with the program.
        commit: the full hash behind a revision.
        place: the folder of the prompts inside their repository, for annotations; empty outside one.
        prompts: {name: {"version", "sha256", "file"}}.
    """

    source: str
    commit: str = ""
    place: str = ""
    prompts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The first line of a record: everything that a figure depends on.

    Attributes:
        command: "run" or "gate".
        stages: epochs after which the gate looks; one number for a plain run.
        arms: by the name of the arm; a run without a baseline has the candidate only.
        limited: some cases were left out on purpose, so the run can fail and cannot pass.
        dirty: whether the code had changes that no commit holds; None outside a repository.
        program: SHA-256 over the sources of the program.
    """

    command: str
    modes: tuple[str, ...]
    stages: tuple[int, ...]
    tasks: tuple[TaskNote, ...]
    arms: Mapping[str, ArmNote]
    seed: int = 0
    limited: bool = False
    model: str = ""
    host: str = ""
    git: str = ""
    dirty: bool | None = None
    program: str = ""
    packages: Mapping[str, str] = field(default_factory=dict)

    def task(self, name: str) -> TaskNote:
        """Raises KeyError when the run has no such task."""
        for one in self.tasks:
            if one.name == name:
                return one
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Row:
    """One case in one epoch through one arm.

    Attributes:
        status: "ok"; "error": infrastructure, to be repeated; "skipped": nothing recorded to replay.
        error: class of the fault, never its words.
        answers: keys of the recorded answers it rests on.
    """

    task: str
    mode: str
    case: str
    epoch: int
    arm: str
    status: str = OK
    error: str = ""
    text: str = ""
    value: Json = field(default_factory=dict)
    scores: Mapping[str, Score] = field(default_factory=dict)
    answers: tuple[str, ...] = ()
    tokens_in: int = 0
    tokens_out: int = 0
    calls: int = 0
    ms: float = 0.0

    @property
    def key(self) -> Key:
        return (self.task, self.mode, self.case, self.epoch, self.arm)


@dataclass(frozen=True, slots=True)
class Held:
    """A record that was read and whose every line is sound.

    Attributes:
        rows: one a key: of several, the last; errors that were repeated with success are gone.
        done: (task, mode) -> epochs that were finished.
        end: "complete", "budget", or "" for a run that was killed or still goes on.
    """

    manifest: Manifest
    rows: tuple[Row, ...]
    done: Mapping[tuple[str, str], int]
    end: str


class Record:
    """The file, open for appending. One writer at a time; a line is one write."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError when the folder cannot be written."""
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / RECORD
        _cut_torn_line(self._file)
        self._out = self._file.open("ab", buffering=0)

    def begin(self, manifest: Manifest) -> None:
        self._write(_manifest_line(manifest))

    def append(self, row: Row) -> None:
        """Write a row.

        Raises:
            InvalidRun: a score or output holds NaN or infinity, or something that is not JSON.
        """
        self._write(_row_line(row))

    def done(self, task: str, mode: str, epochs: int) -> None:
        self._write({"done": [task, mode, epochs]})

    def end(self, how: str) -> None:
        self._write({"end": how})

    def close(self) -> None:
        self._out.close()

    def _write(self, value: Json) -> None:
        try:
            line = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
        except (ValueError, TypeError) as fault:
            where = "/".join(str(value[key]) for key in ("task", "case", "arm") if key in value)
            told = "{place} cannot be recorded: {fault}."
            raise InvalidRun([Sentence(told, place=where or "A line", fault=str(fault))]) from None
        self._out.write(line.encode() + b"\n")


def lines_of(held: Held) -> Iterator[Json]:
    """The record as it would stand without kills and repetitions: sorted, each result once."""
    yield _manifest_line(held.manifest)
    for row in sorted(held.rows, key=lambda row: row.key):
        yield _row_line(row)
    for (task, mode), epochs in held.done.items():
        yield {"done": [task, mode, epochs]}
    yield {"end": held.end}


def _manifest_line(manifest: Manifest) -> Json:
    return {"form": FORM, "manifest": asdict(manifest)}


def _row_line(row: Row) -> Json:
    return {key: value for key, value in asdict(row).items() if value not in ("", (), {})}


def _cut_torn_line(file: Path) -> None:
    """What a kill left half written is no result; a whole last line only lacks its end."""
    if not file.exists():
        return
    raw = file.read_bytes()
    whole, _, rest = raw.rpartition(b"\n")
    if not rest:
        return
    if parsed(rest) is None:
        os.truncate(file, len(whole) + 1 if whole else 0)
    else:
        with file.open("ab") as out:
            out.write(b"\n")


def _no_constant(name: str) -> float:
    raise ValueError(name)


def parsed(raw: bytes) -> dict[str, Any] | None:
    """A line of a record; None when it is broken, not an object, or holds NaN or infinity."""
    try:
        found = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
