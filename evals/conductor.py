"""A whole run, from the first line of its record to its result."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from coach.adapters.folder_lock import only_one
from coach.errors import DataFolderBusy, UserError
from coach.settings import Settings
from evals import provenance, tasks
from evals.estimate import Estimate, estimate
from evals.house import House, open_house
from evals.model import Arm, Mode, Sample
from evals.planning import ARMS, Options
from evals.record_reading import read_record
from evals.records import (
    Held,
    InvalidRun,
    Key,
    Manifest,
    Record,
    Row,
    TaskNote,
)
from evals.results import RunResult, result_of, task_result
from evals.running import Budget, Job, OutOfBudget, Progress, Runner
from evals.systems import EmbeddedSystem

WORK, ANSWERS, LOCK = "work", "answers", "lock"  # folders within or beside the run
PARALLEL = 4  # cases at a time while a real model answers


@dataclass(frozen=True, slots=True)
class Screen:
    """How a run talks with the person who started it.

    Attributes:
        agree: shown the cost of a run with a real model; raises UserError when it is not wanted.
        progress: a bar for one job: given its title, a context that yields a Progress.
    """

    agree: Callable[[Estimate], None]
    progress: Callable[[str], AbstractContextManager[Progress]]


def carry_out(folder: Path, options: Options, settings: Settings, screen: Screen) -> RunResult:
    """Run what the record in the folder still lacks, and judge it.

    Args:
        folder: after `begin`, now or in an earlier process.
        options: of these only `budget`, `answers`, `parallel` and `per_minute` count: the rest of a run
            is fixed by its manifest.

    Raises:
        InvalidRun: the cases, the scorers or the program changed since the run began, or it is not valid.
        UserError: another process is at work in the folder, or the cost was not wanted.
    """
    with alone(folder):
        held = read_record(folder)
        if held.end != "complete":
            check_same(held.manifest, folder, settings)
            _run(held, folder, options, settings, screen)
            held = read_record(folder)
        return result_of(held)


def check_same(manifest: Manifest, folder: Path, settings: Settings) -> None:
    """Refuse to mix results of two programs, two sets of cases or two scorers in one record."""
    faults = []
    if manifest.program != provenance.program(settings.corpus):
        faults.append("The program or its corpus changed since the run began.")
    for note in manifest.tasks:
        if note.dataset_sha256 != provenance.dataset(note.dataset):
            faults.append(f"The cases of {note.name} changed since the run began.")
        if note.scorer_sha256 != provenance.scorers(note.name):
            faults.append(f"The scorers of {note.name} changed since the run began.")
    for arm in manifest.arms:
        if not (folder / ARMS / arm).is_dir():
            faults.append(f"The prompts of the {arm} are gone from the run's folder.")
    if {Mode.LLM, Mode.REPLAY} & set(manifest.modes) and manifest.model != settings.model:
        faults.append(f"The run began with the model {manifest.model!r}.")
    if faults:
        raise InvalidRun(faults, "Please begin the run again.")


# -- running ----------------------------------------------------------------------------------------------


def _run(held: Held, folder: Path, options: Options, settings: Settings, screen: Screen) -> None:
    manifest, work = held.manifest, folder / WORK
    modes = [Mode(mode) for mode in manifest.modes]
    answers = options.answers or folder.parent / ANSWERS
    shutil.rmtree(work, ignore_errors=True)  # what a killed run left
    work.mkdir(parents=True)
    record = Record(folder)
    try:
        with open_house(settings, work, modes, manifest.seed, answers) as house:
            open_system = cache(lambda arm, mode: house.system(arm, mode, folder / ARMS / arm))
            jobs = [job for note in manifest.tasks for job in _jobs(note, manifest, open_system, options)]
            _agree(jobs, manifest, house, folder, screen)
            record.end(_all_of(jobs, held, record, options, screen))
    finally:
        record.close()
        shutil.rmtree(work, ignore_errors=True)


def _all_of(jobs: Sequence[Job], held: Held, record: Record, options: Options, screen: Screen) -> str:
    """Run the jobs one after the other; how it ended."""
    rows, budget = {row.key: row for row in held.rows}, Budget(options.budget)
    try:
        for job in jobs:
            enough = partial(_enough, held.manifest, job, rows)
            with screen.progress(f"{job.task.name} ({job.mode.value})") as progress:
                Runner(job, record, rows, budget).run(enough, progress)
    except OutOfBudget:
        return "budget"
    return "complete"


def _jobs(
    note: TaskNote, manifest: Manifest, system: Callable[[Arm, Mode], EmbeddedSystem], options: Options
) -> Iterator[Job]:
    task = tasks.task(note.name)
    samples = {sample.id: sample for sample in task.samples()}
    cases: list[Sample] = [samples[case.id] for case in note.cases]
    for name in note.modes:
        mode = Mode(name)
        systems = {arm: system(arm, mode) for arm in Arm if arm.value in manifest.arms}
        stages = (1,) if mode is Mode.EMBEDDED else manifest.stages
        parallel = options.parallel or (PARALLEL if mode is Mode.LLM else 1)
        yield Job(task, mode, systems, cases, stages, parallel, _limiter(options, mode))


def _enough(manifest: Manifest, job: Job, rows: dict[Key, Row], epochs: int) -> bool:
    """Whether the gate has seen enough of a job; a run without a gate does all that it was asked."""
    if manifest.command != "gate" or epochs == job.stages[-1]:
        return epochs == job.stages[-1]
    note = manifest.task(job.task.name)
    verdict = task_result(manifest, note, job.mode, list(rows.values()), epochs).verdict
    return verdict is None or verdict.outcome != "inconclusive"


def _agree(jobs: Sequence[Job], manifest: Manifest, house: House, folder: Path, screen: Screen) -> None:
    paid = [job for job in jobs if job.mode is Mode.LLM]
    if paid:
        prompts = {arm: folder / ARMS / arm for arm in Arm if arm.value in manifest.arms}
        screen.agree(estimate(paid, house, prompts))


def _limiter(options: Options, mode: Mode) -> Callable[[], object]:
    return limiter(options.per_minute if mode is Mode.LLM else None)


def limiter(per_minute: float | None) -> Callable[[], object]:
    """What is called before each request or turn: it waits until the next one may leave."""
    if per_minute is None:
        return lambda: None
    from langchain_core.rate_limiters import InMemoryRateLimiter

    held = InMemoryRateLimiter(requests_per_second=per_minute / 60, max_bucket_size=1)
    return lambda: held.acquire(blocking=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Two processes that write one record would spoil it."""
    try:
        with only_one(folder / LOCK):
            yield
    except DataFolderBusy:
        raise UserError(
            "Another process is at work on this run.", "Please wait for it, or stop it."
        ) from None
