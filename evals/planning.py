"""Before a run: which prompts, tasks, modes and cases, written down as the first line of its record."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from coach.adapters.prompt_lock import EMBEDDED
from coach.errors import UserError
from coach.settings import Settings
from evals import provenance, tasks
from evals.arms import changed, check_changelogs, take_prompts, tasks_of
from evals.gating import STAGES
from evals.house import STUB_MODEL
from evals.model import Arm, Mode, Task
from evals.records import RECORD, ArmNote, CaseNote, InvalidRun, Manifest, Record, TaskNote

ARMS = "arms"  # folder of the prompts' copies, within the run's


@dataclass(frozen=True, slots=True)
class Options:
    """What a person asked for.

    Attributes:
        command: "run" or "gate".
        modes: empty chooses them by what changed (gate), or embedded (run).
        tasks: empty means those that the changed prompts name (gate), or all (run).
        baseline: "git:REV" or a folder; None runs the candidate alone.
        candidate: a folder; "" for the working tree's prompts.
        epochs: the most of one case; in embedded mode there is always one.
        limit: cases of each task.
        budget: tokens that may be paid.
        answers: recorded answers; None for the ones beside the run.
        parallel: cases at a time; None picks it by mode.
        per_minute: turns a minute with a real model; None for no limit.
    """

    command: str
    modes: tuple[Mode, ...] = ()
    tasks: tuple[str, ...] = ()
    baseline: str | None = None
    candidate: str = ""
    epochs: int = 1
    limit: int | None = None
    budget: int | None = None
    seed: int = 0
    answers: Path | None = None
    parallel: int | None = None
    per_minute: float | None = None


class NothingChanged(Exception):
    """Both arms have the same prompts and nobody asked for a task or mode: there is nothing to judge."""


def begin(options: Options, folder: Path, settings: Settings) -> Manifest:
    """Take the prompts of both arms, choose tasks and cases, and write the first line of the record.

    Raises:
        UserError: a revision, folder, task or mode that is not there, or a folder with a run in it.
        NothingChanged: see there; like after an error, the folder is left as it was.
    """
    if (folder / RECORD).exists():
        raise UserError("There is a run in this folder already.", "Please continue it with --resume.")
    try:
        manifest = _planned(options, folder, settings)
    except Exception:
        shutil.rmtree(folder / ARMS, ignore_errors=True)
        with suppress(OSError):
            folder.rmdir()  # only if it is empty: it may have been somebody's before
        raise
    record = Record(folder)
    record.begin(manifest)
    record.close()
    return manifest


def _planned(options: Options, folder: Path, settings: Settings) -> Manifest:
    arms = _take_arms(options, folder)
    modes = _modes(options, arms)
    chosen = tasks.chosen(_names(options, arms, folder), modes, asked=bool(options.tasks))
    if not chosen:
        raise UserError("No task runs in this mode.", "Please choose another mode.")
    asks = {Mode.LLM, Mode.REPLAY} & set(modes)
    if asks and not settings.model:
        raise UserError("No language model is set.", "Please set COACH_MODEL, and its key or address.")
    commit, dirty = provenance.commit()
    notes = [_note(task, modes, options.limit) for task in chosen]
    return Manifest(
        command=options.command,
        modes=tuple(mode.value for mode in modes),
        stages=_stages(options),
        tasks=tuple(note for note, _ in notes),
        arms={arm.value: note for arm, note in arms.items()},
        seed=options.seed,
        limited=any(fewer for _, fewer in notes),
        model=settings.model if asks else STUB_MODEL if Mode.STUB in modes else "",
        host=provenance.host(settings.model_base_url) if asks else "",
        git=commit,
        dirty=dirty,
        program=provenance.program(settings.corpus),
        packages=provenance.packages(),
    )


def _take_arms(options: Options, folder: Path) -> dict[Arm, ArmNote]:
    beside = Path(options.candidate) if options.candidate else None
    candidate = take_prompts(options.candidate, folder / ARMS / Arm.CANDIDATE)
    check_changelogs(folder / ARMS / Arm.CANDIDATE)
    if options.baseline is None:
        return {Arm.CANDIDATE: candidate}
    baseline = take_prompts(options.baseline, folder / ARMS / Arm.BASELINE, beside)
    return {Arm.BASELINE: baseline, Arm.CANDIDATE: candidate}


def _modes(options: Options, arms: dict[Arm, ArmNote]) -> tuple[Mode, ...]:
    """What the embedded writer reads is gated without noise; what only a model reads, by the stub."""
    if options.modes:
        return tuple(dict.fromkeys(options.modes))
    if Arm.BASELINE not in arms:
        return (Mode.EMBEDDED,)
    names = changed(arms[Arm.BASELINE], arms[Arm.CANDIDATE])
    if not names and not options.tasks:
        raise NothingChanged
    embedded = any(name.startswith(EMBEDDED) for name in names)
    stub = any(not name.startswith(EMBEDDED) for name in names)
    found = ((Mode.EMBEDDED, embedded or not names), (Mode.STUB, stub))
    return tuple(mode for mode, wanted in found if wanted)


def _names(options: Options, arms: dict[Arm, ArmNote], folder: Path) -> tuple[str, ...]:
    if options.tasks or options.command == "run" or Arm.BASELINE not in arms:
        return options.tasks
    names = changed(arms[Arm.BASELINE], arms[Arm.CANDIDATE])
    found = tasks_of(names, *(folder / ARMS / arm for arm in arms))
    if not found:
        return ()
    # A prompt may name a task that has no family yet; one that has none at all concerns every task.
    return tuple(name for name in tasks.names() if name in found)


def _stages(options: Options) -> tuple[int, ...]:
    if options.command == "run":
        return (options.epochs,)
    return tuple(stage for stage in STAGES if stage <= options.epochs) or STAGES[:1]


def _note(task: Task, modes: Sequence[Mode], limit: int | None) -> tuple[TaskNote, bool]:
    samples = task.samples()
    some = tasks.limited(samples, limit)
    if not some:
        raise InvalidRun([f"{task.name} has no cases."])
    note = TaskNote(
        name=task.name,
        dataset=task.dataset,
        dataset_sha256=provenance.dataset(task.dataset),
        scorer_sha256=provenance.scorers(task.name),
        modes=tuple(mode.value for mode in modes if mode in task.modes),
        metrics=task.metrics,
        cases=tuple(CaseNote(one.id, one.cluster, dict(one.slices), one.must_pass) for one in some),
    )
    return note, len(some) < len(samples)
