"""One metric of a paired run as numbers: differences, errors, intervals, the test against "worse"."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coach.errors import Sentence
from evals.model import Metric
from evals.statistics import (
    Floats,
    Interval,
    MeanDifference,
    clustered_mean,
    mcnemar,
    minimum_detectable,
    wilson,
    win_loss_tie,
)
from evals.verdicts import Pair


@dataclass(frozen=True, slots=True)
class Look:
    """One look of the gate at the data.

    Attributes:
        epochs: runs of each case so far.
        fail_alpha, pass_alpha: one-sided levels for "worse" and for "not worse by the margin".
    """

    epochs: int
    fail_alpha: float
    pass_alpha: float


@dataclass(frozen=True, slots=True)
class Column:
    """One metric over all cases.

    Attributes:
        metric: whose values these are.
        clusters: n seeds.
        baseline, candidate: (n,) means over the epochs, in the metric's own direction.
        binary: whether every single value was 0 or 1.
        values: how many single values the candidate has, epochs included.
    """

    metric: Metric
    clusters: tuple[str, ...]
    baseline: Floats
    candidate: Floats
    binary: bool
    values: int

    @property
    def differences(self) -> Floats:
        """(n,) candidate minus baseline, turned so that positive is better."""
        change: Floats = self.candidate - self.baseline
        return change if self.metric.higher_is_better else -change

    def part(self, places: Sequence[int]) -> Column:
        """The same metric over some of the cases."""
        chosen = np.asarray(places, dtype=np.intp)
        return replace(
            self,
            clusters=tuple(self.clusters[place] for place in places),
            baseline=self.baseline[chosen],
            candidate=self.candidate[chosen],
            values=round(self.values * len(places) / len(self.clusters)),
        )


@dataclass(frozen=True, slots=True)
class Tested:
    """The test of one column against "worse".

    Attributes:
        p: one-sided.
        lower: bound of the difference at the look's pass_alpha; the difference itself where nothing is
            left to chance; minus infinity where unknown.
        mde: smallest drop found with power .80 at fail_alpha; None where unknown.
    """

    mean: MeanDifference
    p: float
    lower: float
    mde: float | None


def column(metric: Metric, pairs: Sequence[Pair]) -> Column:
    """Gather one metric of all cases.

    Raises:
        ValueError: a case lacks the metric, has no value of it, or has one that is not finite; the run is
            invalid and must not be averaged.
    """
    arms = [[_values(pair, metric.name, arm) for pair in pairs] for arm in ("baseline", "candidate")]
    singles = {value for arm in arms for values in arm for value in values}
    baseline, candidate = (np.array([math.fsum(v) / len(v) for v in arm]) for arm in arms)
    return Column(
        metric,
        tuple(pair.cluster for pair in pairs),
        baseline,
        candidate,
        singles <= {0.0, 1.0},
        sum(len(values) for values in arms[1]),
    )


def _values(pair: Pair, name: str, arm: str) -> tuple[float, ...]:
    values = (pair.baseline if arm == "baseline" else pair.candidate).get(name, ())
    if not len(values):
        told = "Case {case} has no value of {metric} in the {arm}: the run is invalid."
        raise ValueError(Sentence(told, case=pair.sample_id, metric=name, arm=arm))
    if not all(math.isfinite(value) for value in values):
        told = "Case {case}: {metric} in the {arm} has a value that is not finite: the run is invalid."
        raise ValueError(Sentence(told, case=pair.sample_id, metric=name, arm=arm))
    return tuple(map(float, values))


def tested(found: Column, look: Look, deterministic: bool) -> Tested:
    """The one-sided test against "worse".

    Pass-or-fail without noise: McNemar's exact test. Everything else: cluster-robust t. With noise, the
    error of a pass-or-fail metric is taken to be at least 1 / (n + 2), what it would be if beside all ties
    half a case had been won and half a case lost (Agresti and Min 2005, Biostatistics 6): a handful of
    cases that never differ prove little.
    """
    mean = clustered_mean(found.differences, found.clusters)
    if found.binary and not deterministic and not math.isnan(mean.error):
        mean = replace(mean, error=max(mean.error, 1 / (mean.cases + 2)))
    exact = found.binary and deterministic
    p = mcnemar(*win_loss_tie(found.differences)[:2]).p_worse if exact else mean.p_below_zero()
    lower = mean.mean if deterministic else mean.lower(look.pass_alpha)
    known = mean.freedom > 0 and not math.isnan(mean.error) and mean.error > 0
    mde = minimum_detectable(mean.error, mean.freedom, look.fail_alpha) if known else None
    return Tested(mean, p, lower, mde)


def rate_interval(found: Column, values: Floats) -> Interval | None:
    """95 % interval of one arm's mean.

    Pass-or-fail: Wilson's, on the effective number of cases that the cluster-robust error implies (Korn
    and Graubard 1998, Survey Methodology 24). Other metrics: cluster-robust t.

    Args:
        found: whose clusters and kind count.
        values: (n,) that arm's means per case.
    """
    mean = clustered_mean(values, found.clusters)
    if not found.binary:
        return finite(mean.interval())
    rate = min(1.0, max(0.0, mean.mean))
    cases = float(mean.cases)
    if 0 < rate < 1 and mean.error > 0:
        cases = min(float(found.values), rate * (1 - rate) / mean.error**2)
    return wilson(rate * cases, cases)


def finite(interval: Interval) -> Interval | None:
    """An interval that is known, or None: infinity is no figure for a report."""
    return interval if all(map(math.isfinite, interval)) else None
