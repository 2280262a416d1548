"""Figures as all reports write them."""

from __future__ import annotations

from evals.gating import MetricResult
from evals.model import Guard


def share(value: float | None, digits: int = 3) -> str:
    """0.853; a dash for what is unknown."""
    return "–" if value is None else f"{value:.{digits}f}"


def signed(value: float | None) -> str:
    """+0.012, −0.050, 0.000."""
    if value is None:
        return "–"
    text = f"{abs(value):.3f}"
    return text if float(text) == 0 else f"{'+' if value > 0 else '−'}{text}"


def interval(bounds: tuple[float, float] | None) -> str:
    """[−0.020, +0.044]; a dash where it is unknown."""
    return "–" if bounds is None else f"[{signed(bounds[0])}, {signed(bounds[1])}]"


def limits(bounds: tuple[float, float] | None) -> str:
    """[0.812, 0.903]: an interval of a value that has no sign; a dash where it is unknown."""
    return "–" if bounds is None else f"[{share(bounds[0])}, {share(bounds[1])}]"


def guard(metric: MetricResult) -> str:
    """How a metric takes part, in a word."""
    words = {
        Guard.PRIMARY: "first",
        Guard.PART: "part",
        Guard.ZERO: "never",
        Guard.BUDGET: "cost",
        Guard.SHOWN: "shown",
    }
    return words[Guard(metric.guard)]
