"""The gate of a prompt change: the rule of EVALS.md 3.2 over paired cases.

One primary composite is tested first, at the full level of the look; then the parts, with Holm's
correction: a part can add a reason to fail, and can never excuse the primary. A pass needs proof that no
gated metric lost its margin. What is neither goes to the next look, and after the last one to a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from coach.errors import Sentence
from evals.comparing import Column, Look, Tested, column, tested
from evals.gate_results import budget, changed_cases, gated, shown, worst_cases, zero
from evals.model import Exit, Guard, Metric, Task
from evals.slicing import judge_slices
from evals.statistics import holm
from evals.verdicts import Flip, MetricResult, Outcome, Pair, SliceResult, Verdict

__all__ = [
    "DETERMINISTIC",
    "LOOKS",
    "STAGES",
    "Flip",
    "MetricResult",
    "Outcome",
    "Pair",
    "SliceResult",
    "Verdict",
    "exit_code",
    "judge",
]

# Levels spent at 1, 3 and 5 epochs, chosen by simulation (evals/power.py shows what they cost).
LOOKS: Mapping[int, Look] = MappingProxyType(
    {1: Look(1, 0.005, 0.01), 3: Look(3, 0.02, 0.03), 5: Look(5, 0.035, 0.05)}
)
STAGES = tuple(LOOKS)
DETERMINISTIC = Look(1, 0.05, 0.05)  # one look only, so all of the level is spent there
BROKEN = 1 / 3  # of its runs that a must-pass case passes at most when nothing is left to chance
# By runs per arm, how many a noisy must-pass case may pass and still count as broken. One of three, as
# EVALS.md has it, failed a quarter of unchanged prompts: docs/decisions/0007.
PASSES_OF_THE_BROKEN: Mapping[int, int] = MappingProxyType({3: 0, 5: 1})
_NAMED = 10  # ids in a sentence


@dataclass(frozen=True, slots=True)
class _MustPass:
    """Must-pass cases that broke, that may have, and that the baseline itself does not pass."""

    broken: tuple[str, ...] = ()
    suspected: tuple[str, ...] = ()
    useless: tuple[str, ...] = ()


def judge(
    task: Task, pairs: Sequence[Pair], stage: int, deterministic: bool, accepted: Sequence[str] = ()
) -> Verdict:
    """Judge one task's candidate against its baseline.

    Args:
        task: its metrics say what is tested and how much may be lost.
        pairs: every case of the run, both arms; their order does not matter.
        stage: epochs per case so far, one of STAGES; a deterministic run has only the first.
        deterministic: nothing is left to chance, so every changed case is a real change.
        accepted: prompts whose changelog accepts their cost, see waivers.

    Returns:
        "inconclusive" before the last stage asks for the next one; at the last one, or in a deterministic
        run, it asks for more cases or for a person.

    Raises:
        ValueError: no case, a case twice, a value missing or not finite (an invalid run: exit 3), a stage
            that is none, or two primary metrics.
    """
    look = _look(task, pairs, stage, deterministic)
    columns = {metric.name: column(metric, pairs) for metric in task.metrics}
    tests = {
        metric.name: tested(columns[metric.name], look, deterministic)
        for metric in task.metrics
        if metric.guard in (Guard.PRIMARY, Guard.PART)
    }
    adjusted = _adjusted(task.metrics, tests)
    results = tuple(
        _result(columns[metric.name], tests.get(metric.name), adjusted, look, pairs, accepted)
        for metric in task.metrics
    )
    primary = next((columns[m.name] for m in task.metrics if m.guard is Guard.PRIMARY), None)
    slices = judge_slices(primary, pairs, look, deterministic) if primary else ()
    must = _must_pass(primary, pairs, deterministic) if primary else _MustPass()
    reworded = sum(pair.baseline_text != pair.candidate_text for pair in pairs)
    if deterministic:
        flips = changed_cases([columns[m.name] for m in task.metrics], pairs)
    else:
        flips = worst_cases(primary, pairs) if primary else ()
    return _verdict(results, slices, must, flips, reworded if deterministic else 0)


def exit_code(verdicts: Sequence[Verdict]) -> Exit:
    """What a command ends with after judging several tasks: the worst of them.

    Raises:
        ValueError: nothing was judged.
    """
    if not verdicts:
        raise ValueError("Nothing was judged.")
    outcomes = {verdict.outcome for verdict in verdicts}
    if "fail" in outcomes:
        return Exit.REGRESSION
    return Exit.INCONCLUSIVE if "inconclusive" in outcomes else Exit.PASS


def _look(task: Task, pairs: Sequence[Pair], stage: int, deterministic: bool) -> Look:
    if not pairs:
        raise ValueError(Sentence("{task}: no case was run.", task=task.name))
    ids = [pair.sample_id for pair in pairs]
    if len(set(ids)) != len(ids):
        twice = next(key for key in ids if ids.count(key) > 1)
        told = "{task}: case {case} is there more than once."
        raise ValueError(Sentence(told, task=task.name, case=twice))
    if sum(metric.guard is Guard.PRIMARY for metric in task.metrics) > 1:
        raise ValueError(Sentence("{task} has more than one primary metric.", task=task.name))
    if deterministic:
        return DETERMINISTIC
    if stage not in LOOKS:
        raise ValueError(f"The gate looks after {', '.join(map(str, STAGES))} epochs, not after {stage}.")
    return LOOKS[stage]


def _adjusted(metrics: Sequence[Metric], tests: Mapping[str, Tested]) -> dict[str, float]:
    """The primary's p as it is; the parts' after Holm among themselves."""
    parts = [metric.name for metric in metrics if metric.guard is Guard.PART]
    found = dict(zip(parts, holm([tests[name].p for name in parts]), strict=True))
    return found | {metric.name: tests[metric.name].p for metric in metrics if metric.guard is Guard.PRIMARY}


def _result(
    found: Column,
    test: Tested | None,
    adjusted: Mapping[str, float],
    look: Look,
    pairs: Sequence[Pair],
    accepted: Sequence[str],
) -> MetricResult:
    if test is not None:
        return gated(found, test, adjusted[found.metric.name], look)
    if found.metric.guard is Guard.ZERO:
        return zero(found, pairs)
    return budget(found, accepted) if found.metric.guard is Guard.BUDGET else shown(found)


def _must_pass(primary: Column, pairs: Sequence[Pair], deterministic: bool) -> _MustPass:
    """Cases that always passed in the baseline and hardly ever do in the candidate.

    With noise, one failed run or two prove nothing: they raise a suspicion, which keeps the gate from passing
    before it has looked again, and which the last look decides.
    """
    metric = primary.metric
    broken: list[str] = []
    suspected: list[str] = []
    useless: list[str] = []
    for pair in pairs:
        if not pair.must_pass:
            continue
        before, after = (
            [value if metric.higher_is_better else 1 - value for value in arm[metric.name]]
            for arm in (pair.baseline, pair.candidate)
        )
        if min(before) < 1 - 1e-9:
            useless.append(pair.sample_id)
        elif sum(after) / len(after) <= BROKEN + 1e-9:
            runs = min(len(before), len(after))
            sure = deterministic or sum(after) <= PASSES_OF_THE_BROKEN.get(runs, -1) + 1e-9
            if sure or runs < STAGES[-1]:
                (broken if sure else suspected).append(pair.sample_id)
    return _MustPass(*(tuple(sorted(ids)) for ids in (broken, suspected, useless)))


def _verdict(
    results: tuple[MetricResult, ...],
    slices: tuple[SliceResult, ...],
    must: _MustPass,
    flips: tuple[Flip, ...],
    reworded: int,
) -> Verdict:
    failing = _failing(results, slices, must)
    open_ones = _open(results, must)
    # Without noise every change is real, and no figure knows whether other words are better ones.
    approval = bool(reworded and not failing and not open_ones)
    outcome: Outcome = "fail" if failing else "inconclusive" if open_ones else "pass"
    passing = ["No gated metric lost more than its margin."]
    if approval:
        passing.append(_to_read(reworded, sum(flip.worse for flip in flips)))
    return Verdict(
        outcome,
        tuple(failing or open_ones or passing),
        results,
        flips,
        slices,
        must.broken,
        _warnings(results, must),
        approval,
    )


def _to_read(reworded: int, worse: int) -> str:
    texts = Sentence("The texts of {count} cases differ", one="The text of 1 case differs", count=reworded)
    values = Sentence("{count} values", one="1 value", count=worse) if worse else "no value"
    told = "{texts}, and {values} got worse; without noise every change is real: please read them."
    return Sentence(told, texts=texts, values=values)


def _failing(results: Sequence[MetricResult], slices: Sequence[SliceResult], must: _MustPass) -> list[str]:
    """Every reason to fail: zero metrics, hard breaks, the primary, the parts, slices, budgets."""
    failed = [result for result in results if result.outcome == "fail"]
    by_guard = {guard: [r.note for r in failed if r.guard is guard] for guard in Guard}
    breaks = [Sentence("Must-pass cases broke: {cases}.", cases=named(must.broken))] if must.broken else []
    parts = [
        Sentence(
            "The slice {axis}={value} ({cases} cases) lost {points:.1f} points of {metric} "
            "(p {p:.2g} after Holm), whatever the mean says.",
            axis=s.axis,
            value=s.value,
            cases=s.cases,
            points=-100 * s.difference,
            metric=s.metric,
            p=s.adjusted_p,
        )
        for s in slices
        if s.failed
    ]
    return [
        *by_guard[Guard.ZERO],
        *breaks,
        *by_guard[Guard.PRIMARY],
        *by_guard[Guard.PART],
        *parts,
        *by_guard[Guard.BUDGET],
    ]


def _open(results: Sequence[MetricResult], must: _MustPass) -> list[str]:
    """Every reason not to pass yet."""
    found = [result.note for result in results if result.outcome == "inconclusive"]
    if must.suspected:
        told = "Must-pass cases failed, which a single run cannot prove: {cases}."
        found.append(Sentence(told, cases=named(must.suspected)))
    return found


def _warnings(results: Sequence[MetricResult], must: _MustPass) -> tuple[str, ...]:
    found = [r.note for r in results if r.note and r.outcome == "pass" and r.guard is Guard.BUDGET]
    if must.useless:
        told = "Must-pass cases that the baseline does not pass guard nothing: {cases}."
        found.append(Sentence(told, cases=named(must.useless)))
    return tuple(found)


def named(ids: Sequence[str]) -> str:
    """Some ids for a sentence, and how many more there are."""
    some, rest = ", ".join(ids[:_NAMED]), len(ids) - _NAMED
    return Sentence("{cases} and {count} more", cases=some, count=rest) if rest > 0 else some
