"""The parts of a set on the primary metric: a dot with its interval each, and which of them count."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evals.comparing import column, finite
from evals.model import Guard
from evals.reports.drawing import MOST_SLICES, ROW, WIDTH, Axis, are_rates, nice, placing
from evals.results import TaskResult
from evals.statistics import Interval, clustered_mean
from evals.verdicts import SliceResult

FARTHEST = 0.05  # of the metric: an interval from few cases may pass the dots by so much, and is cut there


@dataclass(frozen=True, slots=True)
class Part:
    """One slice.

    Attributes:
        told: what the gate says of it.
        interval: 95 % of the difference, cluster-robust; None where one seed leaves it unknown.
        counts: it is large enough to fail the run alone; the others are only shown.
    """

    told: SliceResult
    interval: Interval | None
    counts: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """The mark of one slice.

    Attributes:
        y: of the mark; its name stands above.
        x: of the difference; left, right: of its interval, within the plot.
        cut_left, cut_right: the interval goes on beyond the plot.
    """

    part: Part
    y: float
    x: float
    left: float
    right: float
    cut_left: bool
    cut_right: bool


@dataclass(frozen=True, slots=True)
class Dots:
    """The plot; `left_out` slices are in the table alone."""

    metric: str
    axis: Axis
    rows: tuple[Dot, ...]
    left_out: int


def parts(result: TaskResult) -> tuple[Part, ...]:
    """Every slice of a judged task, by axis and value; none without a primary metric."""
    primary = next((one for one in result.task.metrics if one.guard is Guard.PRIMARY), None)
    if result.verdict is None or primary is None:
        return ()
    whole = column(primary, result.pairs)
    found = []
    for told in result.verdict.slices:
        places = [
            place for place, pair in enumerate(result.pairs) if pair.slices.get(told.axis) == told.value
        ]
        mine = whole.part(places)
        spread = clustered_mean(mine.differences, mine.clusters)
        found.append(Part(told, finite(spread.interval()), told.p is not None))
    return tuple(sorted(found, key=lambda part: (part.told.axis, part.told.value)))


def dots(found: Sequence[Part]) -> Dots | None:
    """Where the marks lie: of all that count, then of the largest changes; None when nothing changed."""
    if not any(part.told.difference for part in found):
        return None
    chosen = sorted(found, key=lambda part: (not part.counts, -abs(part.told.difference)))[:MOST_SLICES]
    chosen = [part for part in found if part in chosen]
    rates = are_rates(value for part in found for value in (part.told.baseline, part.told.candidate))
    limit = min(nice(max(map(_reach, chosen))), 1.0 if rates else math.inf)
    end = math.inf if rates and limit == 1 else limit
    rows = tuple(_dot(part, number, limit, end) for number, part in enumerate(chosen))
    axis = Axis(limit, WIDTH / 2, ROW * len(rows) + 8)
    return Dots(chosen[0].told.metric, axis, rows, len(found) - len(chosen))


def _dot(part: Part, number: int, limit: float, end: float) -> Dot:
    place, value = placing(limit), part.told.difference
    low, high = part.interval or (value, value)
    return Dot(
        part,
        ROW * number + 30,
        place(value),
        place(max(low, -limit)),
        place(min(high, limit)),
        low < -end,
        high > end,
    )


def _reach(part: Part) -> float:
    far = max(map(abs, part.interval)) if part.interval and part.counts else 0.0
    return max(abs(part.told.difference) + FARTHEST, far)
