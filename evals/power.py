"""How sure a comparison can be: tables of sample sizes, and the gate's error rates by seeded simulation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evals.comparing import Look
from evals.distributions import t_quantile
from evals.gate_results import MINIMUM_SHARE
from evals.gating import LOOKS
from evals.statistics import (
    Floats,
    connor,
    design_effect,
    miller,
    minimum_detectable,
    unpaired,
    zero_failure_cases,
)

DISCORDANCES = (0.05, 0.08, 0.10, 0.15, 0.20, 0.30)
SEQUENTIAL = tuple(LOOKS.values())
_BLOCK = 500_000  # cases simulated at once, which bounds the memory


def fixed(epochs: int) -> tuple[Look, ...]:
    """A plan with a single look, all of the level spent there."""
    return (Look(epochs, 0.05, 0.05),)


@dataclass(frozen=True, slots=True)
class SizeRow:
    """Cases needed at one discordance; None where the drop exceeds what so few changed cases can give."""

    discordance: float
    one_sided: int | None
    two_sided: int | None
    ten_points: int | None
    three_points: int | None


def size_table(discordances: Sequence[float] = DISCORDANCES, drop: float = 0.05) -> tuple[SizeRow, ...]:
    """Cases that a paired pass-or-fail comparison needs (Connor 1987); alpha .05, power .80.

    Args:
        discordances: shares of cases whose verdict differs between the arms, 0 to 1.
        drop: of the second and third column, 0 to 1.
    """

    def size(discordance: float, lost: float, sides: int = 1) -> int | None:
        return connor(discordance, lost, sides=sides) if lost <= discordance else None

    return tuple(
        SizeRow(one, size(one, drop), size(one, drop, 2), size(one, 0.10), size(one, 0.03))
        for one in discordances
    )


def epoch_table(
    between: float = 0.1, within: float = 0.3, drop: float = 0.05, epochs: Sequence[int] = (1, 2, 3, 4, 5)
) -> Mapping[int, int]:
    """{epochs: cases needed} (Miller 2024); see `miller` for the spreads."""
    return {count: miller(between, within, count, drop) for count in epochs}


def cluster_table(size: float = 5, iccs: Sequence[float] = (0.05, 0.1, 0.2)) -> Mapping[float, float]:
    """{ICC: design effect} for variants of one seed; count seeds, not variants."""
    return {icc: design_effect(size, icc) for icc in iccs}


def zero_table(rates: Sequence[float] = (0.05, 0.02, 0.01, 0.005)) -> Mapping[float, int]:
    """{failure rate: cases without one failure that exclude it at 95 %}."""
    return {rate: zero_failure_cases(rate) for rate in rates}


def unpaired_size(mean: float = 0.85, drop: float = 0.05) -> int:
    """Cases per arm if the arms were not paired, for contrast."""
    return unpaired(mean, mean - drop)


@dataclass(frozen=True, slots=True)
class World:
    """A made-up system whose truth is known.

    Each case has a true pass rate drawn from a beta distribution; the cases of one seed resemble each
    other; the change lowers the rate of some cases. With the defaults the verdicts of two unchanged runs
    differ in 18 % of the cases, and in 21.5 % after a drop of five points.

    Attributes:
        cases: above 0.
        mean: mean pass rate of the baseline, between 0 and 1.
        null_discordance: share of cases whose single verdicts differ with no change; above 0 and below
            2 mean (1 - mean), which it would be if all cases were alike.
        cluster_size: cases of one seed, 1 or more.
        icc: correlation of two verdicts of one seed, 0 up to what the spread of the rates allows.
        hurt: share of the cases that a change can hurt, above 0, at most 1.
    """

    cases: int = 250
    mean: float = 0.85
    null_discordance: float = 0.18
    cluster_size: int = 5
    icc: float = 0.1
    hurt: float = 0.25

    def __post_init__(self) -> None:
        if not (self.cases > 0 and 0 < self.mean < 1 and self.cluster_size >= 1 and 0 < self.hurt <= 1):
            raise ValueError("Cases, mean, cluster size or the share of hurt cases is out of range.")
        if not 0 < self.null_discordance < 2 * self.mean * (1 - self.mean):
            most = 2 * self.mean * (1 - self.mean)
            raise ValueError(f"With this mean the discordance lies between 0 and {most:.3f}.")
        if not 0 <= self.icc <= self.rate_share:
            raise ValueError(f"With this discordance the ICC lies between 0 and {self.rate_share:.3f}.")

    @property
    def rate_share(self) -> float:
        """Share of a single verdict's variance that comes from cases being of different difficulty."""
        return 1 - self.null_discordance / (2 * self.mean * (1 - self.mean))

    def rates(self, runs: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """True pass rates, (runs, cases), and 1.0 for each case that a change would hurt."""
        share = self.rate_share
        weight = 1 / share - 1  # a + b of the beta whose variance is that share of mean (1 - mean)
        a, b = self.mean * weight, (1 - self.mean) * weight
        own = rng.beta(a, b, (runs, self.cases))
        seeds = math.ceil(self.cases / self.cluster_size)
        shared = np.repeat(rng.beta(a, b, (runs, seeds)), self.cluster_size, axis=1)[:, : self.cases]
        # two cases take their seed's rate at once with probability icc / share, which makes the ICC exact
        takes = rng.random((runs, self.cases)) < math.sqrt(self.icc / share)
        return np.where(takes, shared, own), (rng.random((runs, self.cases)) < self.hurt).astype(float)


@dataclass(frozen=True, slots=True)
class Rates:
    """What the gate does in a made-up world, as shares of the simulated runs.

    Attributes:
        failed, passed, open: add up to 1.
        epochs: mean number of epochs until the decision.
        runs: how many were simulated; the standard error of a share p is sqrt(p (1 - p) / runs).
    """

    failed: float
    passed: float
    open: float
    epochs: float
    runs: int


def simulate(
    world: World,
    drop: float,
    plan: Sequence[Look] = SEQUENTIAL,
    runs: int = 2_000,
    seed: int = 1,
    minimum: float = MINIMUM_SHARE,
) -> Rates:
    """How often the gate fails, passes and stays open on one primary pass-or-fail metric.

    Args:
        world: the truth.
        drop: by which the change lowers the mean pass rate, 0 up to what the hurt cases can lose.
        plan: the looks, in order of their epochs.
        runs: simulated comparisons, above 0; 2,000 give a share to within .011 (one standard error).
        seed: the same seed gives the same figures.
        minimum: share of the margin below which no drop fails, however sure; 0 for a gate without it.

    Raises:
        ValueError: a drop that cannot be.
    """
    rng = np.random.default_rng(seed)
    loss = _loss(world, drop)
    block = max(1, min(runs, _BLOCK // world.cases))
    sizes = [block] * (runs // block) + ([runs % block] if runs % block else [])
    found = [_block(world, loss, plan, size, minimum, rng) for size in sizes]
    state = np.concatenate([one for one, _ in found])
    failed_share, passed_share, open_share = (float((state == kind).mean()) for kind in (1, 2, 0))
    epochs = float(np.concatenate([spent for _, spent in found]).mean())
    return Rates(failed_share, passed_share, open_share, epochs, runs)


def _block(
    world: World, loss: float, plan: Sequence[Look], runs: int, minimum: float, rng: np.random.Generator
) -> tuple[NDArray[np.int8], Floats]:
    """(runs,) what each came to: 0 open, 1 failed, 2 passed; and (runs,) the epochs it took."""
    rates, hurt = world.rates(runs, rng)
    changed = rates - np.minimum(rates, loss) * hurt
    baseline, candidate = np.zeros_like(rates), np.zeros_like(rates)
    state, spent, done = np.zeros(runs, dtype=np.int8), np.zeros(runs), 0
    for look in plan:
        baseline += rng.binomial(look.epochs - done, rates)
        candidate += rng.binomial(look.epochs - done, changed)
        done = look.epochs
        failed, passed = decide((candidate - baseline) / done, world.cluster_size, look, minimum)
        undecided = state == 0
        spent[undecided] = done
        state[undecided & failed] = 1
        state[undecided & ~failed & passed] = 2
    return state, spent


def decide(
    differences: Floats, cluster_size: int, look: Look, minimum: float = MINIMUM_SHARE, margin: float = 0.05
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The gate's rule for one primary pass-or-fail metric, over many runs at once.

    A test holds it against evals.gating.judge run by run.

    Args:
        differences: (runs, cases) mean paired differences; neighbours of `cluster_size` share a seed.
        cluster_size: cases of one seed, at least two seeds in all.
        look: its levels.
        minimum: share of the margin below which no drop fails.
        margin: of the metric.

    Returns:
        (runs,) whether each fails, and whether its lower bound is within the margin.
    """
    cases = differences.shape[1]
    starts = np.arange(0, cases, cluster_size)
    mean = differences.mean(axis=1)
    sums = np.add.reduceat(differences - mean[:, None], starts, axis=1)
    groups = len(starts)
    error = np.sqrt(groups / (groups - 1) * (sums**2).sum(axis=1)) / cases
    error = np.maximum(error, 1 / (cases + 2))  # as in evals.comparing.tested
    worse = mean < -t_quantile(1 - look.fail_alpha, groups - 1) * error
    failed = worse & (mean <= -minimum * margin + 1e-9)
    passed = mean - t_quantile(1 - look.pass_alpha, groups - 1) * error > -margin + 1e-9
    return failed, passed


def detectable(world: World, epochs: int, alpha: float = 0.05, runs: int = 400, seed: int = 1) -> float:
    """The drop that a single look after so many epochs finds with power .80, from the noise of no change.

    Args:
        world: the truth.
        epochs: runs of each case in each arm, 1 or more.
        alpha: one-sided level.
        runs, seed: of the simulation behind the standard error.
    """
    rng = np.random.default_rng(seed)
    rates, _ = world.rates(runs, rng)
    change = (rng.binomial(epochs, rates) - rng.binomial(epochs, rates)) / epochs
    error = float(change.mean(axis=1).std(ddof=1))
    return minimum_detectable(error, math.ceil(world.cases / world.cluster_size) - 1, alpha)


def _loss(world: World, drop: float) -> float:
    """What each hurt case loses, at most all it has, so that the mean falls by `drop`; found by halving."""
    if drop == 0:
        return 0.0
    rates, _ = replace(world, cases=200_000, cluster_size=1).rates(1, np.random.default_rng(0))
    most = world.hurt * float(rates.mean())
    if not 0 < drop < most:
        raise ValueError(f"The cases that can be hurt lose less than {most:.3f} on average, not {drop:g}.")
    low, high = 0.0, 1.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (low, middle) if world.hurt * np.minimum(rates, middle).mean() > drop else (middle, high)
    return low
