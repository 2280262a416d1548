"""What a record says: pairs for the gate, means for a reader, and the exit code of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from coach.errors import Sentence
from evals.gating import LOOKS, STAGES, Pair, Verdict, judge
from evals.model import Arm, Exit, Guard, Mode, Output, Sample, Score, System, Task
from evals.record_reading import check_whole
from evals.records import ERROR, OK, SKIPPED, CaseNote, Held, InvalidRun, Manifest, Row, TaskNote
from evals.waivers import Signature, accepted, signatures


@dataclass(frozen=True, slots=True)
class TaskResult:
    """One task in one mode.

    Attributes:
        epochs: that were finished; 0 when the run stopped before.
        cases: that have at least one whole epoch in every arm.
        means: arm -> metric -> mean over the cases.
        tokens: arm -> tokens in, tokens out, calls, over all rows.
        lost: results that the machine around the model took; at most 1 % of them.
        skipped: results that need a run with the real model.
        moved: ids of the cases whose text differs between the arms in the first epoch.
        pairs: what the gate judged; empty without a baseline.
        verdict: None without a baseline, or while nothing was finished.
    """

    task: TaskNote
    mode: Mode
    epochs: int
    deterministic: bool
    cases: int
    means: Mapping[str, Mapping[str, float]]
    tokens: Mapping[str, tuple[int, int, int]]
    lost: int
    skipped: int
    moved: tuple[str, ...]
    pairs: tuple[Pair, ...]
    verdict: Verdict | None

    @property
    def title(self) -> str:
        return f"{self.task.name} ({self.mode.value})"


@dataclass(frozen=True, slots=True)
class RunResult:
    """A whole run.

    Attributes:
        exit: what the command ends with.
        notes: sentences on what limits the result; worst first.
        signed: who signed off what the figures left open; then `exit` is PASS by their word alone.
    """

    manifest: Manifest
    parts: tuple[TaskResult, ...]
    exit: Exit
    notes: tuple[str, ...]
    signed: tuple[Signature, ...] = ()


def result_of(held: Held) -> RunResult:
    """Judge a record.

    Raises:
        InvalidRun: cases are missing, or too many were lost.
    """
    check_whole(held)
    parts = tuple(
        task_result(held.manifest, task, Mode(mode), held.rows, held.done.get((task.name, mode), 0))
        for task in held.manifest.tasks
        for mode in task.modes
    )
    found = RunResult(held.manifest, parts, *_outcome(held.manifest, parts, held.end))
    return _signed(found) if found.exit is Exit.INCONCLUSIVE else found


def task_result(
    manifest: Manifest, task: TaskNote, mode: Mode, rows: Iterable[Row], epochs: int
) -> TaskResult:
    """What the rows of one task in one mode come to, as far as whole epochs go.

    Raises:
        InvalidRun: nothing is left to be judged.
    """
    mine = [row for row in rows if row.task == task.name and row.mode == mode and row.epoch <= epochs]
    arms = [arm for arm in Arm if arm.value in manifest.arms]
    held: dict[tuple[str, str], dict[int, Row]] = {}
    for row in mine:
        if row.status == OK:
            held.setdefault((row.case, row.arm), {})[row.epoch] = row
    whole = [
        (case, sorted(set.intersection(*(set(held.get((case.id, arm), {})) for arm in arms))))
        for case in task.cases
    ]
    kept = [(case, common) for case, common in whole if common]
    lost = sum(row.status == ERROR for row in mine)
    skipped = sum(row.status == SKIPPED for row in mine)
    if epochs and not kept and not skipped:
        told = Sentence("{task} ({mode}) has no case that ran in every arm.", task=task.name, mode=mode.value)
        raise InvalidRun([told])
    pairs = tuple(_pair(case, common, held, task) for case, common in kept) if len(arms) == 2 else ()
    deterministic = mode is Mode.EMBEDDED
    return TaskResult(
        task=task,
        mode=mode,
        epochs=epochs,
        deterministic=deterministic,
        cases=len(kept),
        means={arm.value: _means(task, kept, held, arm) for arm in arms},
        tokens={arm.value: _tokens(mine, arm) for arm in arms},
        lost=lost,
        skipped=skipped,
        moved=tuple(pair.sample_id for pair in pairs if _moved(held, pair.sample_id)),
        pairs=pairs,
        verdict=_verdict(task, pairs, epochs, deterministic, lost, skipped, accepted(manifest)),
    )


def bare(task: TaskNote) -> Task:
    """A task as the gate needs it: its metrics, and nothing that could run."""

    def none(*_: object) -> Output:
        raise NotImplementedError(f"{task.name} was read from a record.")

    def no_scores(sample: Sample, output: Output) -> Mapping[str, Score]:
        raise NotImplementedError(f"{task.name} was read from a record: {sample.id}, {output.text}")

    def solve(system: System, sample: Sample, epoch: int) -> Output:
        return none(system, sample, epoch)

    modes = frozenset(Mode(mode) for mode in task.modes)
    return Task(task.name, modes, task.metrics, task.dataset, tuple, solve, no_scores)


def _verdict(
    task: TaskNote,
    pairs: Sequence[Pair],
    epochs: int,
    deterministic: bool,
    lost: int,
    skipped: int,
    cost: Sequence[str],
) -> Verdict | None:
    if not pairs or epochs not in LOOKS:
        return None
    try:
        verdict = judge(bare(task), pairs, epochs, deterministic, cost)
    except ValueError as fault:
        raise InvalidRun([str(fault)]) from None
    warnings = list(verdict.warnings)
    if lost:
        warnings.append(
            Sentence(
                "{count} results were lost to the machine around the model and are left out.", count=lost
            )
        )
    if not skipped:
        return replace(verdict, warnings=tuple(warnings))
    reason = Sentence(
        "{count} results need a run with the real model: nothing was recorded for their prompt.",
        count=skipped,
    )
    outcome = "inconclusive" if verdict.outcome == "pass" else verdict.outcome
    return replace(verdict, outcome=outcome, reasons=(reason, *verdict.reasons), warnings=tuple(warnings))


def _pair(
    case: CaseNote, epochs: Sequence[int], held: Mapping[tuple[str, str], Mapping[int, Row]], task: TaskNote
) -> Pair:
    one, other = held[(case.id, Arm.BASELINE)], held[(case.id, Arm.CANDIDATE)]
    names = [metric.name for metric in task.metrics]
    primary = next((m.name for m in task.metrics if m.guard is Guard.PRIMARY), names[0])
    # The epoch that a person should look at: where the candidate does worst beside the baseline.
    telling = min(epochs, key=lambda e: (other[e].scores[primary].value - one[e].scores[primary].value, e))
    return Pair(
        sample_id=case.id,
        cluster=case.cluster,
        slices=case.slices,
        must_pass=case.must_pass,
        baseline={name: tuple(one[e].scores[name].value for e in epochs) for name in names},
        candidate={name: tuple(other[e].scores[name].value for e in epochs) for name in names},
        baseline_text=one[telling].text,
        candidate_text=other[telling].text,
    )


def _moved(held: Mapping[tuple[str, str], Mapping[int, Row]], case: str) -> bool:
    one, other = held[(case, Arm.BASELINE)], held[(case, Arm.CANDIDATE)]
    first = min(set(one) & set(other))
    return one[first].text != other[first].text


def _means(
    task: TaskNote,
    kept: Sequence[tuple[CaseNote, Sequence[int]]],
    held: Mapping[tuple[str, str], Mapping[int, Row]],
    arm: Arm,
) -> dict[str, float]:
    means = {}
    for metric in task.metrics:
        cases = [
            sum(held[(case.id, arm)][epoch].scores[metric.name].value for epoch in epochs) / len(epochs)
            for case, epochs in kept
        ]
        means[metric.name] = sum(cases) / len(cases) if cases else 0.0
    return means


def _tokens(rows: Iterable[Row], arm: Arm) -> tuple[int, int, int]:
    mine = [row for row in rows if row.arm == arm]
    return (
        sum(row.tokens_in for row in mine),
        sum(row.tokens_out for row in mine),
        sum(row.calls for row in mine),
    )


def _outcome(manifest: Manifest, parts: Sequence[TaskResult], end: str) -> tuple[Exit, tuple[str, ...]]:
    """The worst of all parts. What was cut short can fail, and cannot pass."""
    notes = []
    if end == "budget":
        notes.append("The run stopped on its budget of tokens; continue it with --resume.")
    if manifest.limited:
        notes.append("The run was limited to some of the cases: it can fail, and it cannot pass.")
    failed = [
        Sentence("{part}: {metric} failed.", part=part.title, metric=name)
        for part in parts
        for name in broken(part)
    ]
    if manifest.command == "run":
        worst = Exit.REGRESSION if failed else Exit.INCONCLUSIVE if end == "budget" else Exit.PASS
        return worst, (*failed, *notes)
    verdicts = [part.verdict for part in parts]
    if failed or any(one is not None and one.outcome == "fail" for one in verdicts):
        return Exit.REGRESSION, tuple(notes)
    open_ = any(one is None or one.outcome == "inconclusive" for one in verdicts)
    return (Exit.INCONCLUSIVE if open_ or notes else Exit.PASS), tuple(notes)


def _signed(run: RunResult) -> RunResult:
    """An open result that a person signed off, when there was nothing more that the gate could have asked.

    A run that was limited, stopped, short of looks, or that lacks a real model's answers is not the whole
    gate: there a signature would hide what nobody has measured.
    """
    signed = signatures(run.manifest)
    if run.manifest.command != "gate" or not signed:
        return run
    open_ = [part for part in run.parts if part.verdict is None or part.verdict.outcome == "inconclusive"]
    whole = not run.notes and all(
        part.verdict is not None and not part.skipped and (part.deterministic or part.epochs == STAGES[-1])
        for part in open_
    )
    if not whole:
        short = "There is a signature in the changelog; it counts for a whole gate only, and this was none."
        return replace(run, notes=(*run.notes, short))
    told = tuple(
        Sentence(
            "The figures left it open; it is {signed} (changelog of {prompt}).",
            signed=one.words,
            prompt=one.prompt,
        )
        for one in signed
    )
    return replace(run, exit=Exit.PASS, notes=told, signed=signed)


def broken(part: TaskResult) -> list[str]:
    """ZERO metrics that the candidate does not hold; the gate says it too when there is a baseline."""
    if not part.cases:
        return []
    means = part.means[Arm.CANDIDATE.value]
    return [
        metric.name
        for metric in part.task.metrics
        if metric.guard is Guard.ZERO and abs(means[metric.name] - float(metric.higher_is_better)) > 1e-9
    ]
