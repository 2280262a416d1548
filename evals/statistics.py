"""The statistics of paired comparisons: plain functions on numbers, each with its source."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evals.distributions import coin_at_least, normal_quantile, t_above, t_quantile

Floats = NDArray[np.float64]
Interval = tuple[float, float]


def wilson(successes: float, n: float, level: float = 0.95) -> Interval:
    """The score interval of a rate (Wilson 1927; method 3 of Newcombe 1998, Statistics in Medicine 17).

    Args:
        successes: 0 to n; may be a fraction where n is an effective number of cases.
        n: cases, above 0.
        level: of confidence, two-sided, between 0 and 1.

    Returns:
        Lower and upper bound, both within 0 and 1.

    Raises:
        ValueError: an argument out of range.
    """
    if not (n > 0 and 0 <= successes <= n):
        raise ValueError(f"{successes} of {n} is no rate.")
    z = normal_quantile((1 + level) / 2)
    rate = successes / n
    middle = (successes + z * z / 2) / (n + z * z)
    half = z * math.sqrt(n) / (n + z * z) * math.sqrt(rate * (1 - rate) + z * z / (4 * n))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return (0.0 if successes == 0 else low, 1.0 if successes == n else high)


@dataclass(frozen=True, slots=True)
class McNemar:
    """The exact test of two paired rates: under no change each discordant pair is the toss of a fair coin.

    Attributes:
        p_worse: one-sided; small when there are more losses than chance would give.
        p_better: one-sided the other way.
        p_two_sided: twice the smaller tail, at most 1.
        p_mid: two-sided with half the weight on what was seen (Fagerland, Lydersen, Laake 2013).
    """

    p_worse: float
    p_better: float
    p_two_sided: float
    p_mid: float


def mcnemar(wins: int, losses: int) -> McNemar:
    """McNemar's exact conditional test on the numbers of discordant pairs.

    Args:
        wins: pairs that fail in the baseline and pass in the candidate, 0 or more.
        losses: pairs the other way round, 0 or more.

    Raises:
        ValueError: a negative number.
    """
    if wins < 0 or losses < 0:
        raise ValueError("Numbers of pairs are not negative.")
    pairs = wins + losses
    worse, better = coin_at_least(losses, pairs), coin_at_least(wins, pairs)
    seen = math.comb(pairs, wins) / 2**pairs
    both = 2 * min(worse, better)
    return McNemar(worse, better, min(1.0, both), min(1.0, both - seen))


@dataclass(frozen=True, slots=True)
class MeanDifference:
    """A mean with its cluster-robust standard error.

    Attributes:
        mean: over all cases, each with the same weight.
        error: standard error; NaN where fewer than two clusters leave it unknown.
        cases, clusters: how many.
    """

    mean: float
    error: float
    cases: int
    clusters: int

    @property
    def freedom(self) -> int:
        """Degrees of freedom of the t distribution that goes with it."""
        return self.clusters - 1

    def p_below_zero(self) -> float:
        """One-sided p for "the true mean is below zero"; 1 where the error is unknown."""
        if math.isnan(self.error):
            return 1.0
        if self.error == 0:
            return 0.0 if self.mean < 0 else 1.0
        return t_above(-self.mean / self.error, self.freedom)

    def lower(self, alpha: float) -> float:
        """What the true mean is above, at one-sided alpha; minus infinity where the error is unknown."""
        if math.isnan(self.error):
            return -math.inf
        return self.mean - t_quantile(1 - alpha, self.freedom) * self.error

    def interval(self, level: float = 0.95) -> Interval:
        """Two-sided; infinite on both sides where the error is unknown."""
        if math.isnan(self.error):
            return (-math.inf, math.inf)
        half = t_quantile((1 + level) / 2, self.freedom) * self.error
        return (self.mean - half, self.mean + half)


def clustered_mean(values: ArrayLike, clusters: Sequence[Hashable]) -> MeanDifference:
    """A mean whose error lets the cases of one cluster depend on each other.

    The sandwich estimator of Liang and Zeger (1986) for a mean, with the correction G / (G - 1) and t on
    G - 1 degrees of freedom (Cameron and Miller 2015, Journal of Human Resources 50): residuals are added
    up within each cluster and then squared. With clusters of one case it is the usual standard error.

    Args:
        values: (n,) one number a case, finite; here candidate minus baseline.
        clusters: n names; cases of one seed have the same.

    Raises:
        ValueError: no values, a number that is not finite, or lengths that differ.
    """
    found: Floats = np.asarray(values, dtype=np.float64)
    if found.ndim != 1 or not found.size or len(clusters) != found.size:
        raise ValueError("A mean needs one value and one cluster for each case, and at least one case.")
    if not np.isfinite(found).all():
        raise ValueError("A value is not a finite number: such a run cannot be averaged.")
    numbers: dict[Hashable, int] = {}
    places = [numbers.setdefault(name, len(numbers)) for name in clusters]
    groups, mean = len(numbers), math.fsum(found) / found.size
    if groups < 2:
        return MeanDifference(mean, math.nan, found.size, groups)
    sums = np.bincount(places, weights=found - mean, minlength=groups)
    square = groups / (groups - 1) * math.fsum(sums**2) / found.size**2
    # what rounding leaves of a sum of zeros is no spread
    error = 0.0 if math.sqrt(square) < 1e-14 * max(1.0, abs(mean)) else math.sqrt(square)
    return MeanDifference(mean, error, found.size, groups)


def holm(p_values: Sequence[float]) -> list[float]:
    """p values adjusted for looking at several things at once (Holm 1979, Scandinavian J. of Statistics 6).

    Args:
        p_values: each 0 to 1.

    Returns:
        The adjusted values in the order given; reject where one is below alpha.
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted = [1.0] * len(p_values)
    least = 0.0
    for rank, place in enumerate(order):
        least = max(least, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = least
    return adjusted


def win_loss_tie(differences: ArrayLike, tolerance: float = 1e-9) -> tuple[int, int, int]:
    """How many cases got better, worse, and stayed the same.

    Args:
        differences: (n,) positive for better.
        tolerance: what counts as no difference.
    """
    found = np.asarray(differences, dtype=np.float64)
    wins, losses = int((found > tolerance).sum()), int((found < -tolerance).sum())
    return wins, losses, int(found.size) - wins - losses


def connor(discordance: float, drop: float, alpha: float = 0.05, power: float = 0.80, sides: int = 1) -> int:
    """Cases that McNemar's test needs to see a drop (Connor 1987, Biometrics 43, 207-211).

    Args:
        discordance: share of the cases whose verdict differs between the arms, above 0, at most 1.
        drop: difference of the two rates to be seen, above 0, at most the discordance.
        alpha, power: between 0 and 1.
        sides: 1 or 2.

    Returns:
        The number of cases, rounded up.

    Raises:
        ValueError: a drop larger than the discordance, which cannot be, or another argument out of range.
    """
    if not 0 < drop <= discordance <= 1 or sides not in (1, 2):
        raise ValueError("The drop is above 0 and at most the discordance; the sides are 1 or 2.")
    z_alpha, z_power = normal_quantile(1 - alpha / sides), normal_quantile(power)
    root = z_alpha * math.sqrt(discordance) + z_power * math.sqrt(discordance - drop * drop)
    return _up((root / drop) ** 2)


def unpaired(
    baseline: float, candidate: float, alpha: float = 0.05, power: float = 0.80, sides: int = 1
) -> int:
    """Cases per arm that two separate samples would need: what pairing saves (Fleiss, no correction).

    Args:
        baseline, candidate: rates, 0 to 1, not the same.
        alpha, power, sides: as for `connor`.
    """
    z = normal_quantile(1 - alpha / sides) + normal_quantile(power)
    spread = baseline * (1 - baseline) + candidate * (1 - candidate)
    return _up(z * z * spread / (baseline - candidate) ** 2)


def miller(
    between: float, within: float, epochs: int, drop: float, alpha: float = 0.05, power: float = 0.80
) -> int:
    """Cases that a paired comparison needs when each is run several times (Miller 2024, arXiv 2411.00640).

    Args:
        between: standard deviation of the true paired differences from case to case (omega).
        within: standard deviation of one score of one case from run to run (sigma), the same in both arms.
        epochs: runs of each case in each arm, 1 or more.
        drop: mean difference to be seen, above 0.
        alpha, power: one-sided, between 0 and 1.
    """
    z = normal_quantile(1 - alpha) + normal_quantile(power)
    return _up(z * z * (between**2 + 2 * within**2 / epochs) / drop**2)


def design_effect(cluster_size: float, icc: float) -> float:
    """By how much variants of one seed inflate the variance of a mean (Kish 1965): 1 + (m - 1) ICC.

    Args:
        cluster_size: cases of one seed, 1 or more.
        icc: correlation of two cases of one seed, at most 1.
    """
    return 1 + (cluster_size - 1) * icc


def zero_failure_bound(cases: float, alpha: float = 0.05) -> float:
    """The rate that is excluded when not one of so many cases failed (Hanley and Lippman-Hand 1983).

    Args:
        cases: above 0.
        alpha: 1 - confidence, one-sided.
    """
    return float(1 - alpha ** (1 / cases))


def zero_failure_cases(rate: float, alpha: float = 0.05) -> int:
    """How many cases without a failure exclude a failure rate.

    Args:
        rate: between 0 and 1.
        alpha: 1 - confidence, one-sided.
    """
    return _up(math.log(alpha) / math.log1p(-rate))


def minimum_detectable(error: float, freedom: float, alpha: float = 0.05, power: float = 0.80) -> float:
    """The smallest drop that a run with this standard error finds with the given power (Bloom 1995).

    Args:
        error: standard error of the mean difference, 0 or more.
        freedom: its degrees of freedom, above 0.
        alpha, power: one-sided, between 0 and 1.
    """
    return (t_quantile(1 - alpha, freedom) + t_quantile(power, freedom)) * error


def _up(number: float) -> int:
    """Rounded up, forgiving what arithmetic adds to a whole number."""
    return math.ceil(number - 1e-9)
