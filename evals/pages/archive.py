"""The runs below the data folder: which there are, how far each is, what each found."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from coach.adapters.folder_lock import only_one
from coach.errors import CoachError, DataFolderBusy, NotFound
from evals.conductor import LOCK
from evals.model import Exit
from evals.pages.progress import Outline, outline_of
from evals.record_reading import read_record
from evals.records import RECORD, Held, InvalidRun
from evals.reports.showing import worse_cases
from evals.results import RunResult, result_of

ORDER, SAID = "order.json", "said.txt"  # beside the record: what was asked for, and the program's last words
MOST_KEPT = 64  # results that stay in memory

_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,80}")


class RunState(StrEnum):
    """How far a run is."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"  # it can be continued
    REFUSED = "refused"  # it never began, or its record cannot be believed


@dataclass(frozen=True, slots=True)
class Order:
    """What an evaluator asked for.

    Attributes:
        by: id of the evaluator.
        baseline, candidate: versions of the prompts; "" for those as delivered.
        limit: cases of each task; None judges all.
        tasks, modes: empty lets the change decide.
        by_hand: the tasks were named by a person, and not chosen for a limited run by the page.
    """

    by: str
    at: str
    baseline: str
    candidate: str
    limit: int | None = None
    tasks: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    by_hand: bool = True

    @property
    def command(self) -> str:
        """A limited run cannot pass the gate, so it does not ask it."""
        return "gate" if self.limit is None else "run"


@dataclass(frozen=True, slots=True)
class Run:
    """One run as the lists show it.

    Attributes:
        at: when it began.
        order: None for a run that was started on the command line.
        exit: what it found, judged as a gate where there are two arms; None while it is not finished.
        arms: arm -> prompt name -> version, sha256, file.
        sources: arm -> "git:REV", the last part of a folder's name, or "".
        tasks: (task, mode) of each part.
        needs_approval: it passes, and texts differ.
        worse: cases that are judged worse in a part that passes and has to be read.
        fell: cases that are judged worse in any part; cases: all that were judged.
        signed: its figures left it open, and a person signed it off.
        why: one sentence, for a run that was refused, or that stopped by itself and said why.
    """

    id: str
    at: datetime
    state: RunState
    order: Order | None = None
    exit: Exit | None = None
    arms: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    tasks: tuple[tuple[str, str], ...] = ()
    limited: bool = False
    needs_approval: bool = False
    worse: int = 0
    fell: int = 0
    cases: int = 0
    signed: bool = False
    why: str = ""


class Archive:
    """Reads the folder of runs. Safe from several threads."""

    def __init__(self, folder: Path, alive: Callable[[str], bool]) -> None:
        """
        Args:
            folder: <home>/evals; it need not be there yet.
            alive: whether this program runs a run right now.
        """
        self.folder = folder
        self._alive = alive
        self._known: dict[tuple[str, int, int], RunResult | InvalidRun] = {}
        self._lock = threading.Lock()

    def ids(self) -> list[str]:
        """Newest first."""
        if not self.folder.is_dir():
            return []
        found = [
            (_moment(one), one.name)
            for one in self.folder.iterdir()
            if one.is_dir()
            and _RUN.fullmatch(one.name)
            and ((one / RECORD).exists() or (one / ORDER).exists())
        ]
        return [name for _, name in sorted(found, reverse=True)]

    def place(self, run: str) -> Path:
        """The folder of a run.

        Raises:
            NotFound: there is none.
        """
        place = self.folder / run
        if not _RUN.fullmatch(run) or not ((place / RECORD).exists() or (place / ORDER).exists()):
            raise NotFound("There is no such run.")
        return place

    def run(self, run: str) -> Run:
        """How far a run is and what it found.

        Raises:
            NotFound: there is none.
        """
        place = self.place(run)
        blank = Run(run, _moment(place), RunState.RUNNING, _order(place))
        outline = outline_of(place / RECORD)
        blank = _outlined(blank, outline) if outline else blank
        if self._alive(run) or _at_work(place):
            return blank
        if not (place / RECORD).exists():
            return replace(blank, state=RunState.REFUSED, why=last_words(place))
        try:
            result = self.result(run)
        except InvalidRun as fault:
            stopped = outline is not None and _unfinished(place)
            state = RunState.STOPPED if stopped else RunState.REFUSED
            why = last_words(place) if stopped else str(fault)
            return replace(blank, state=state, exit=Exit.INVALID, why=why)
        to_read = [part for part in result.parts if part.verdict is not None and part.verdict.needs_approval]
        return replace(
            blank,
            state=RunState.FINISHED,
            exit=result.exit,
            needs_approval=bool(to_read),
            worse=sum(len(worse_cases(part)) for part in to_read),
            fell=sum(len(worse_cases(part)) for part in result.parts),
            cases=sum(part.cases for part in result.parts),
            signed=bool(result.signed),
        )

    def result(self, run: str) -> RunResult:
        """What a run found; with two arms as the gate judges it, whichever command made the record.

        Raises:
            NotFound: there is none.
            InvalidRun: it is not finished, or its record cannot be believed.
        """
        file = self.place(run) / RECORD
        try:
            stat = file.stat()
        except OSError:
            raise InvalidRun(["There is no record yet."]) from None
        key = (run, stat.st_mtime_ns, stat.st_size)
        with self._lock:
            if key not in self._known:
                while len(self._known) >= MOST_KEPT:
                    self._known.pop(next(iter(self._known)))
                self._known[key] = _judged(file)
            found = self._known[key]
        if isinstance(found, InvalidRun):
            raise found
        return found

    def held(self, run: str) -> Held:
        """The whole record of a run. Raises as `result`."""
        return read_record(self.place(run))


def judged(held: Held) -> RunResult:
    """The result of a record; with two arms as the gate judges it. Raises InvalidRun."""
    if len(held.manifest.arms) == 2:
        held = replace(held, manifest=replace(held.manifest, command="gate"))
    return result_of(held)


def write_order(place: Path, order: Order) -> None:
    """Put down what was asked for, before anything begins."""
    place.mkdir(parents=True)
    (place / ORDER).write_text(json.dumps(asdict(order)) + "\n", encoding="utf-8")


def last_words(place: Path) -> str:
    """The last sentence that the program of a run said of itself; "" when it said none."""
    try:
        lines = (place / SAID).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    told = [line.removeprefix("coach: ") for line in lines if line.startswith("coach: ")]
    sentence = told[-1] if told else ""
    return "" if sentence.startswith("The run is kept in") else sentence[:400]


def _judged(file: Path) -> RunResult | InvalidRun:
    try:
        return judged(read_record(file))
    except InvalidRun as fault:
        return fault


def _unfinished(place: Path) -> bool:
    try:
        return not read_record(place).end
    except CoachError:
        return False


def _at_work(place: Path) -> bool:
    """Whether a process holds the run right now, whoever started it."""
    if not (place / LOCK).is_dir():
        return False
    try:
        with only_one(place / LOCK):
            return False
    except DataFolderBusy:
        return True
    except CoachError:
        return False


def _outlined(run: Run, outline: Outline) -> Run:
    return replace(
        run,
        arms=outline.prompts,
        sources={name: _spoken(source) for name, source in outline.sources.items()},
        tasks=tuple((part.task, part.mode) for part in outline.parts),
        limited=outline.limited,
    )


def _spoken(source: str) -> str:
    """A source without the folders of a machine."""
    return source if source.startswith("git:") else Path(source).name if source else ""


def _order(place: Path) -> Order | None:
    try:
        found = json.loads((place / ORDER).read_text(encoding="utf-8"))
        return Order(**found | {"tasks": tuple(found["tasks"]), "modes": tuple(found["modes"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _moment(place: Path) -> datetime:
    """When a run began: its name says it, or else its first file."""
    try:
        return datetime.strptime(place.name[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        files = [one for one in (place / ORDER, place / RECORD) if one.exists()]
        return datetime.fromtimestamp(min(one.stat().st_mtime for one in files or [place]), UTC)
