"""Where the marks of a plot lie. A template draws them and says their words; no library, no script.

All plots are WIDTH units wide, about a phone, so that their type is as large as the page's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from evals.model import Guard
from evals.results import TaskResult
from evals.verdicts import MetricResult

WIDTH, EDGE = 400.0, 8.0
ROW = 40.0  # of a row with its name above the mark
MOST_SLICES = 24
_JUDGED = (Guard.PRIMARY, Guard.PART, Guard.ZERO)


@dataclass(frozen=True, slots=True)
class Mark:
    """One row with a point and an interval.

    Attributes:
        y: of the mark; the name stands above it.
        x: of the value; left, right: of its interval.
        margin: x of the drop that may not be excluded; None where there is none.
        cut_left, cut_right: the interval goes on beyond the plot.
    """

    name: str
    y: float
    x: float
    left: float
    right: float
    value: float
    outcome: str = "pass"
    margin: float | None = None
    cut_left: bool = False
    cut_right: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale around zero: `limit` at either end."""

    limit: float
    zero: float
    height: float


@dataclass(frozen=True, slots=True)
class Marks:
    """A plot of rows on one axis."""

    axis: Axis
    rows: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """One metric's cases: better, the same, worse, as widths that add up to the whole."""

    name: str
    y: float
    wins: int
    ties: int
    losses: int
    better: float
    same: float
    worse: float


@dataclass(frozen=True, slots=True)
class Shares:
    rows: tuple[Share, ...]
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    worse: bool


@dataclass(frozen=True, slots=True)
class Pairs:
    """The paired differences of one metric, a bar a case, from the worst to the best."""

    metric: str
    bars: tuple[Bar, ...]
    cases: int
    worse: int
    better: int
    limit: float
    zero: float
    height: float


def changes(part: TaskResult) -> Marks | None:
    """Difference and interval of every metric that moved, the primary one always; None without a verdict."""
    if part.verdict is None:
        return None
    margins = {metric.name: metric.margin for metric in part.task.metrics}
    wanted = [
        one
        for one in part.verdict.metrics
        if one.guard in _JUDGED and (one.guard is Guard.PRIMARY or one.wins or one.losses)
    ]
    if not any(one.wins or one.losses for one in wanted):
        return None
    found = [(one, margins[one.name] if one.guard is not Guard.ZERO else None) for one in wanted]
    reach = [_reach(one) for one, _ in found] + [margin or 0.0 for _, margin in found]
    limit = nice(max(reach))
    rates = are_rates(value for one in wanted for value in (one.baseline, one.candidate))
    limit = min(limit, 1.0) if rates else limit
    end = math.inf if rates and limit == 1 else limit  # from here on an interval goes on
    place = placing(limit)
    rows = []
    for number, (one, margin) in enumerate(found):
        low, high = one.difference_interval or (one.difference, one.difference)
        rows.append(
            Mark(
                one.name,
                ROW * number + 30,
                place(one.difference),
                place(max(low, -limit)),
                place(min(high, limit)),
                one.difference,
                one.outcome,
                None if margin is None else place(-margin),
                low < -end,
                high > end,
            )
        )
    return Marks(Axis(limit, WIDTH / 2, ROW * len(rows) + 8), tuple(rows))


def shares(part: TaskResult) -> Shares | None:
    """Better, same, worse of every metric that moved; None when nothing did."""
    moved = [one for one in (part.verdict.metrics if part.verdict else ()) if one.wins or one.losses]
    if not moved:
        return None
    whole = WIDTH - 2 * EDGE
    rows = tuple(
        Share(
            one.name,
            ROW * number + 24,
            one.wins,
            one.ties,
            one.losses,
            *(whole * count / max(1, one.cases) for count in (one.wins, one.ties, one.losses)),
        )
        for number, one in enumerate(moved)
    )
    return Shares(rows, ROW * len(rows) + 4)


def pairs(part: TaskResult) -> Pairs | None:
    """The differences of the primary metric, or of the first one; None when all are zero."""
    if not part.pairs:
        return None
    metrics = part.task.metrics
    metric = next((one for one in metrics if one.guard is Guard.PRIMARY), metrics[0])
    sign = 1.0 if metric.higher_is_better else -1.0
    found = sorted(
        sign * (_mean(pair.candidate[metric.name]) - _mean(pair.baseline[metric.name])) for pair in part.pairs
    )
    if not any(found):
        return None
    limit = max(map(abs, found))
    step, half = (WIDTH - 2 * EDGE) / len(found), 60.0
    bars = tuple(
        Bar(
            EDGE + step * number,
            half if value < 0 else half - half * value / limit,
            max(step - (1 if step > 4 else 0), 0.6),
            half * abs(value) / limit,
            value < 0,
        )
        for number, value in enumerate(found)
        if value
    )
    worse = sum(value < 0 for value in found)
    better = sum(value > 0 for value in found)
    return Pairs(metric.name, bars, len(found), worse, better, limit, half, 2 * half)


def are_rates(values: Iterable[float]) -> bool:
    """Whether all lie between 0 and 1: then none can differ from another by more than 1, whatever an
    interval says."""
    return all(0 <= value <= 1 for value in values)


def nice(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten: ends of an axis that can be read."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value * (1 - 1e-9))


def placing(limit: float) -> Callable[[float], float]:
    """From a value to its x, on an axis from -limit to limit; limit above 0."""
    half = WIDTH / 2 - EDGE
    return lambda value: round(WIDTH / 2 + half * value / limit, 2)


def _reach(one: MetricResult) -> float:
    """How far a row wants to reach; an interval from few cases may not flatten all the others."""
    bounds = one.difference_interval or (0.0, 0.0)
    return max(abs(one.difference), min(max(map(abs, bounds)), 4 * abs(one.difference) + 0.05))


def _mean(values: Iterable[float]) -> float:
    held = list(values)
    return math.fsum(held) / len(held)
