"""Figures of one ranking against graded labels."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


def ndcg(ranking: Sequence[str], grades: Mapping[str, float], at: int) -> float:
    """Normalised discounted cumulative gain, gain 2^grade - 1 (Burges et al. 2005), 0..1.

    Args:
        ranking: ids, best first.
        grades: of relevant ids, at least one above 0; an id that is not named has grade 0.
        at: how many places count.
    """
    gains = [2 ** grades.get(key, 0.0) - 1 for key in ranking[:at]]
    ideal = sorted((2**grade - 1 for grade in grades.values()), reverse=True)[:at]
    return _discounted(gains) / _discounted(ideal)


def recall(ranking: Sequence[str], grades: Mapping[str, float], at: int) -> float:
    """Share of the relevant ids among the first; of as many as could stand there at all."""
    return sum(key in grades for key in ranking[:at]) / min(at, len(grades))


def reciprocal_rank(ranking: Sequence[str], grades: Mapping[str, float]) -> float:
    """1 / place of the first relevant id; 0 when there is none."""
    return next((1 / place for place, key in enumerate(ranking, 1) if key in grades), 0.0)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))
