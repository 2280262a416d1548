"""What each kind of metric says in the gate, and the cases that changed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from coach.errors import Sentence
from evals.comparing import Column, Look, Tested, finite, rate_interval
from evals.model import Guard
from evals.statistics import clustered_mean, win_loss_tie, zero_failure_bound
from evals.verdicts import Flip, MetricResult, Outcome, Pair

WORST = 20  # changed cases that are shown of a noisy run
MINIMUM_SHARE = 0.5  # of the margin: a smaller drop does not fail, however sure it is
_TOUCH = 1e-9  # what arithmetic may add to a figure that lies on a limit


def gated(found: Column, test: Tested, adjusted: float, look: Look) -> MetricResult:
    """A PRIMARY or PART metric: worse for sure and by enough, surely not worse by the margin, or open.

    Args:
        found: the metric's values.
        test: its test at this look.
        adjusted: its p after Holm, or as it is for the primary.
        look: levels of this look.
    """
    metric, drop = found.metric, -test.mean.mean
    margin = _amount(found, metric.margin)
    lost, p_text = (
        _amount(found, drop),
        Sentence("p {p:.2g}, level {level:g}", p=adjusted, level=look.fail_alpha),
    )
    outcome: Outcome
    if adjusted < look.fail_alpha and drop >= MINIMUM_SHARE * metric.margin - _TOUCH:
        outcome = "fail"
        note = Sentence("{metric} lost {amount} ({p}).", metric=metric.name, amount=lost, p=p_text)
    elif test.lower > -metric.margin + _TOUCH:
        outcome = "pass"
        note = Sentence("{metric} did not lose its margin of {amount}.", metric=metric.name, amount=margin)
    elif test.lower == -math.inf:
        outcome = "inconclusive"
        note = Sentence("{metric}: all cases come from one seed, so nothing is sure.", metric=metric.name)
    else:
        bound = _amount(found, -test.lower)
        outcome = "inconclusive"
        told = "{metric}: a loss of {amount} is not excluded, the margin is {margin} ({p})."
        note = Sentence(told, metric=metric.name, amount=bound, margin=margin, p=p_text)
    lower = None if test.lower == -math.inf else test.lower
    return _row(found, outcome, note, test.p, adjusted, lower, test.mde)


def zero(found: Column, pairs: Sequence[Pair]) -> MetricResult:
    """A ZERO metric: one failure of the candidate anywhere fails the run, whatever the baseline did."""
    metric = found.metric
    good = 1.0 if metric.higher_is_better else 0.0
    failed = [
        pair.sample_id
        for pair in pairs
        if any(abs(value - good) > _TOUCH for value in pair.candidate[metric.name])
    ]
    if failed:
        some = ", ".join(failed[:10]) + (" ..." if len(failed) > 10 else "")
        told = "{metric} may not fail once and failed in {count}: {cases}."
        return _row(found, "fail", Sentence(told, metric=metric.name, count=len(failed), cases=some))
    rate = zero_failure_bound(len(pairs))
    note = "No failure of {metric} in {count} cases: {share:.1f} % or more is excluded."
    told = Sentence(note, metric=metric.name, count=len(pairs), share=100 * rate)
    return _row(found, "pass", told)


def budget(found: Column, accepted: Sequence[str] = ()) -> MetricResult:
    """A BUDGET: the ratio of the means, so that 1.10 is a tenth dearer; a ratio of 1 never warns.

    Args:
        found: the metric's values.
        accepted: prompts whose changelog accepts the cost: a metric that may be waived then only warns.
    """
    metric = found.metric
    before, after = float(found.baseline.mean()), float(found.candidate.mean())
    if metric.higher_is_better:
        before, after = after, before
    if before == 0:
        if after == 0:
            return _row(found, "pass", "", ratio=1.0)
        now = Sentence("{metric} was nothing and is {value:.4g} now.", metric=metric.name, value=after)
        return _row(found, "fail", now)
    ratio = after / before
    note = Sentence("{metric} changed to {ratio:.3f} times the baseline's", metric=metric.name, ratio=ratio)
    risen = ratio > 1 + _TOUCH
    if risen and ratio >= metric.fail - _TOUCH:
        if accepted and metric.waivable:
            who = " and ".join(accepted)
            told = "{change}; from {limit:g} on it fails, but the changelog of {who} accepts the cost."
            waived = Sentence(told, change=note, limit=metric.fail, who=who)
            return _row(found, "pass", waived, ratio=ratio)
        failing = Sentence("{change}; from {limit:g} on it fails.", change=note, limit=metric.fail)
        return _row(found, "fail", failing, ratio=ratio)
    if risen and ratio >= metric.warn - _TOUCH:
        warning = Sentence("{change}; from {limit:g} on it warns.", change=note, limit=metric.warn)
        return _row(found, "pass", warning, ratio=ratio)
    return _row(found, "pass", "", ratio=ratio)


def shown(found: Column) -> MetricResult:
    """A metric that is reported and never judged."""
    return _row(found, "pass", "")


def changed_cases(columns: Sequence[Column], pairs: Sequence[Pair]) -> tuple[Flip, ...]:
    """Every case that changed in a metric that is judged case by case, the worse ones first.

    Args:
        columns: all metrics of the task; BUDGET and SHOWN ones are left out.
        pairs: the cases in the columns' order.
    """
    judged = (Guard.PRIMARY, Guard.PART, Guard.ZERO)
    found = [
        (float(found.differences[place]), _flip(found, place, pair))
        for found in columns
        if found.metric.guard in judged
        for place, pair in enumerate(pairs)
        if abs(found.differences[place]) > _TOUCH
    ]
    return _worst_first(found)


def worst_cases(primary: Column, pairs: Sequence[Pair]) -> tuple[Flip, ...]:
    """The cases of a noisy run that lost most on the primary metric, at most WORST."""
    found = [
        (float(primary.differences[place]), _flip(primary, place, pair))
        for place, pair in enumerate(pairs)
        if primary.differences[place] < -_TOUCH
    ]
    return _worst_first(found)[:WORST]


def _worst_first(found: list[tuple[float, Flip]]) -> tuple[Flip, ...]:
    # by id where the loss is the same, so that the order of the cases in the run does not show
    return tuple(flip for _, flip in sorted(found, key=lambda one: (one[0], one[1].sample_id, one[1].metric)))


def _flip(found: Column, place: int, pair: Pair) -> Flip:
    return Flip(
        pair.sample_id,
        found.metric.name,
        float(found.baseline[place]),
        float(found.candidate[place]),
        bool(found.differences[place] < 0),
        pair.baseline_text,
        pair.candidate_text,
    )


def _row(
    found: Column,
    outcome: Outcome,
    note: str,
    p: float | None = None,
    adjusted: float | None = None,
    lower: float | None = None,
    mde: float | None = None,
    ratio: float | None = None,
) -> MetricResult:
    mean = clustered_mean(found.differences, found.clusters)
    wins, losses, ties = win_loss_tie(found.differences)
    return MetricResult(
        name=found.metric.name,
        guard=found.metric.guard,
        outcome=outcome,
        cases=mean.cases,
        clusters=mean.clusters,
        baseline=math.fsum(found.baseline) / mean.cases,
        candidate=math.fsum(found.candidate) / mean.cases,
        baseline_interval=rate_interval(found, found.baseline),
        candidate_interval=rate_interval(found, found.candidate),
        difference=mean.mean,
        difference_interval=finite(mean.interval()),
        p=p,
        adjusted_p=adjusted,
        lower_bound=lower,
        wins=wins,
        losses=losses,
        ties=ties,
        mde=mde,
        ratio=ratio,
        note=note,
    )


def _amount(found: Column, number: float) -> str:
    """A difference for a sentence: in points where the values lie between 0 and 1, else as it is."""
    values = (found.baseline.min(), found.candidate.min(), found.baseline.max(), found.candidate.max())
    shares = min(values) >= 0 and max(values) <= 1
    return (
        Sentence("{points:.1f} points", points=100 * number)
        if shares
        else Sentence("{value:.4g}", value=number)
    )
