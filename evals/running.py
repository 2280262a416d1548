"""Runs the cases of one task: both arms of a case one after the other, epoch by epoch, look by look."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from evals.model import Arm, InfrastructureFault, Mode, Output, Sample, Score, Task
from evals.records import ERROR, OK, SKIPPED, InvalidRun, Key, Record, Row
from evals.systems import EmbeddedSystem, NeedsRealRun

PAUSES = (2.0, 6.0)  # seconds before each round in which what the machine lost is repeated
HOPELESS = 8  # faults in a row, before anything succeeded, that end a run

Progress = Callable[[int, int], None]  # cases there, cases wanted so far


def unseen(done: int, total: int) -> None:
    """A progress nobody looks at."""


class OutOfBudget(Exception):
    """The tokens of the run are spent; what was recorded stays."""


class Budget:
    """Tokens that may still be paid. Safe from several threads."""

    def __init__(self, tokens: int | None) -> None:
        """Args: tokens: None for no limit."""
        self._left = tokens
        self._lock = threading.Lock()

    def check(self) -> None:
        """Raises OutOfBudget when nothing is left."""
        with self._lock:
            if self._left is not None and self._left <= 0:
                raise OutOfBudget

    def spend(self, tokens: int) -> None:
        with self._lock:
            if self._left is not None:
                self._left -= tokens


@dataclass(frozen=True, slots=True)
class Job:
    """One task in one mode.

    Attributes:
        systems: the arms, opened.
        samples: the cases to run.
        stages: epochs after which `enough` is asked.
        parallel: cases at a time.
        wait: called before each turn, e.g. by a limiter of requests.
    """

    task: Task
    mode: Mode
    systems: Mapping[Arm, EmbeddedSystem]
    samples: Sequence[Sample]
    stages: Sequence[int]
    parallel: int = 1
    wait: Callable[[], object] = lambda: None


class Runner:
    """Fills the record of a job. What the record has already is not run again."""

    def __init__(self, job: Job, record: Record, rows: dict[Key, Row], budget: Budget) -> None:
        """
        Args:
            job: what to run.
            record: open for appending.
            rows: what is there already; new rows are added.
            budget: shared by all jobs of a run.
        """
        self._job = job
        self._record = record
        self._rows = rows
        self._budget = budget
        self._lock = threading.Lock()
        self._in_vain = 0
        self._places = {sample.id: place for place, sample in enumerate(job.samples)}

    def run(self, enough: Callable[[int], bool], progress: Progress = unseen) -> int:
        """Run stage after stage until it is enough.

        Args:
            enough: told the epochs that are finished; whether no further stage is needed.
            progress: told after every result.

        Returns:
            How many epochs were finished.

        Raises:
            OutOfBudget: stopped in between; the record is sound and can be taken up again.
            InvalidRun: the machine never answered, or a family is not well made.
        """
        before = 0
        for stage in self._job.stages:
            self._stage(range(before + 1, stage + 1), progress)
            before = stage
            self._record.done(self._job.task.name, self._job.mode.value, stage)
            if enough(stage):
                break
        return before

    def _stage(self, epochs: range, progress: Progress) -> None:
        keys = [(sample, epoch) for epoch in epochs for sample in self._job.samples]
        self._work(keys, progress)
        if self._job.mode is Mode.EMBEDDED:
            return  # there is no machine around a model, and a crash would come again
        for pause in PAUSES:
            lost = [key for key in keys if any(self._lost(arm, *key) for arm in self._job.systems)]
            if not lost:
                return
            time.sleep(pause)
            self._work(lost, progress)

    def _work(self, keys: Sequence[tuple[Sample, int]], progress: Progress) -> None:
        open_ = [key for key in keys if any(self._due(arm, *key) for arm in self._job.systems)]
        done = len(keys) - len(open_)
        progress(done, len(keys))

        def case(key: tuple[Sample, int]) -> None:
            for arm in self._order(*key):
                if self._due(arm, *key):
                    self._budget.check()
                    self._keep(self._other_arms(arm, *key) or self._one(arm, *key))

        if self._job.parallel <= 1:
            for key in open_:
                case(key)
                done += 1
                progress(done, len(keys))
            return
        with ThreadPoolExecutor(self._job.parallel, thread_name_prefix="eval") as pool:
            try:
                for _ in pool.map(case, open_):
                    done += 1
                    progress(done, len(keys))
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise

    def _order(self, sample: Sample, epoch: int) -> Iterator[Arm]:
        """Neither arm is always the first: a server that tires would be held against the second."""
        arms = list(self._job.systems)
        first = (self._places[sample.id] + epoch) % len(arms)
        yield from arms[first:] + arms[:first]

    def _key(self, arm: Arm, sample: Sample, epoch: int) -> Key:
        return (self._job.task.name, self._job.mode.value, sample.id, epoch, arm.value)

    def _due(self, arm: Arm, sample: Sample, epoch: int) -> bool:
        row = self._rows.get(self._key(arm, sample, epoch))
        return row is None or row.status == ERROR

    def _other_arms(self, arm: Arm, sample: Sample, epoch: int) -> Row | None:
        """The result of another arm, in a task that no prompt reaches; None where there is none to share."""
        if self._job.task.prompted:
            return None
        rows = (self._rows.get(self._key(one, sample, epoch)) for one in self._job.systems if one is not arm)
        return next((replace(row, arm=arm.value) for row in rows if row and row.status == OK), None)

    def _lost(self, arm: Arm, sample: Sample, epoch: int) -> bool:
        row = self._rows.get(self._key(arm, sample, epoch))
        return row is not None and row.status == ERROR

    def _one(self, arm: Arm, sample: Sample, epoch: int) -> Row:
        """One case through one arm. A fault of the machine, or a crash, is a row without scores."""
        system = self._job.systems[arm]
        task, mode, _, _, _ = self._key(arm, sample, epoch)
        blank = Row(task, mode, sample.id, epoch, arm.value)
        system.forget(sample, epoch)
        self._job.wait()
        begun = time.perf_counter()
        try:
            output = self._job.task.solve(system, sample, epoch)
            scores = self._job.task.score(sample, output)
        except NeedsRealRun:
            row = replace(blank, status=SKIPPED, error=NeedsRealRun.__name__)
        except InfrastructureFault as fault:
            row = replace(blank, status=ERROR, error=str(fault) or InfrastructureFault.__name__)
        except (InvalidRun, OutOfBudget):
            raise
        except Exception as fault:  # noqa: BLE001 - one case that crashes must not take the others with it
            row = replace(blank, status=ERROR, error=type(fault).__name__)
        else:
            row = self._row(blank, output, scores, system.answers(sample, epoch))
            if not (row.calls or row.ms):
                tokens_in, tokens_out, calls = system.usage(sample, epoch)
                ms = round((time.perf_counter() - begun) * 1000, 1)
                row = replace(row, tokens_in=tokens_in, tokens_out=tokens_out, calls=calls, ms=ms)
        self._budget.spend(system.spent(sample, epoch))
        system.forget(sample, epoch)
        return row

    def _row(self, blank: Row, output: Output, scores: Mapping[str, Score], answers: tuple[str, ...]) -> Row:
        wanted = {metric.name for metric in self._job.task.metrics}
        if set(scores) != wanted:
            odd = ", ".join(sorted(set(scores) ^ wanted))
            raise InvalidRun([f"The scorer of {blank.task} gave the wrong metrics on {blank.case}: {odd}."])
        return replace(
            blank,
            text=output.text,
            value=output.value,
            scores=dict(scores),
            answers=answers,
            tokens_in=output.tokens_in,
            tokens_out=output.tokens_out,
            calls=output.calls,
            ms=output.ms,
        )

    def _keep(self, row: Row) -> None:
        with self._lock:
            self._record.append(row)
            self._rows[row.key] = row
            if row.status != ERROR:
                self._in_vain = -1  # something succeeded: single faults are repeated at the end
            elif self._in_vain >= 0:
                self._in_vain += 1
        if self._in_vain >= HOPELESS:
            raise InvalidRun(
                [f"The first {HOPELESS} tries all failed ({row.error}), so the run was stopped."],
                "Please mend the cause, e.g. the model's address, key or limits, and continue with --resume.",
            )
