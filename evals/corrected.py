"""Agreement of people, and a judge's rates corrected for the errors it is known to make."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evals.distributions import normal_quantile
from evals.statistics import Interval, wilson


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; `lower` is the lower end of Wilson's 95 % interval, 0 of nothing."""

    hits: int
    n: int

    @property
    def value(self) -> float:
        return self.hits / self.n if self.n else 0.0

    @property
    def lower(self) -> float:
        return wilson(self.hits, self.n)[0] if self.n else 0.0


@dataclass(frozen=True, slots=True)
class Corrected:
    """A rate freed from the judge's known errors, and its interval; both within 0 and 1."""

    rate: float
    interval: Interval


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float:
    """Agreement of two people beyond chance (Cohen 1960, Educational and Psychological Measurement 20).

    Returns:
        At most 1; NaN for no pair, or where chance alone would make them agree always.
    """
    if not pairs:
        return math.nan
    seen = sum(a == b for a, b in pairs) / len(pairs)
    first, second = (sum(pair[place] for pair in pairs) / len(pairs) for place in (0, 1))
    chance = first * second + (1 - first) * (1 - second)
    return math.nan if chance > 1 - 1e-12 else (seen - chance) / (1 - chance)


def corrected_rate(
    positives: float, n: float, sensitivity: Share, specificity: Share, level: float = 0.95
) -> Corrected:
    """The true rate behind a judge's rate.

    Point: Rogan and Gladen 1978 (American Journal of Epidemiology 107). Interval: Lang and Reiczigel 2014
    (Preventive Veterinary Medicine 113), which counts the uncertainty of sensitivity and specificity too;
    Lee and others 2025 (arXiv 2511.21140) bring both to judges.

    Args:
        positives: verdicts "so", 0 to n.
        n: verdicts; where cases share seeds, the effective number.
        sensitivity, specificity: from the calibration, each of at least one case.
        level: of confidence, two-sided.

    Raises:
        ValueError: numbers that cannot be, or a judge no better than chance, which nothing corrects.
    """
    if not (n > 0 and 0 <= positives <= n and sensitivity.n and specificity.n):
        raise ValueError("A corrected rate needs verdicts, and labelled cases of both kinds.")
    skill = sensitivity.value + specificity.value - 1
    z = normal_quantile((1 + level) / 2)
    se, sp = ((share.hits + 1) / (share.n + 2) for share in (sensitivity, specificity))
    if skill <= 0 or se + sp - 1 <= 0:
        raise ValueError("The judge is no better than chance: no rate can be corrected.")
    point = _within((positives / n + specificity.value - 1) / skill)
    seen = (positives + z * z / 2) / (n + z * z)
    middle = (seen + sp - 1) / (se + sp - 1)
    of_se, of_sp = se * (1 - se) / (sensitivity.n + 2), sp * (1 - sp) / (specificity.n + 2)
    variance = seen * (1 - seen) / (n + z * z) + middle**2 * of_se + (1 - middle) ** 2 * of_sp
    half = z * math.sqrt(variance) / (se + sp - 1)
    middle += 2 * z * z * (middle * of_se - (1 - middle) * of_sp)  # errors of the calibration lean one way
    return Corrected(point, (_within(middle - half), _within(middle + half)))


def _within(rate: float) -> float:
    return min(1.0, max(0.0, rate))
