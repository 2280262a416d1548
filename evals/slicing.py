"""The gate's second look at parts of the set: a mean can rise while one slice of it collapses."""

from __future__ import annotations

from collections.abc import Sequence

from evals.comparing import Column, Look, tested
from evals.statistics import holm
from evals.verdicts import Pair, SliceResult

SLICE_CASES = 40  # a smaller slice is only shown
SLICE_DROP = 0.10  # in units of the metric: ten points


def judge_slices(
    primary: Column, pairs: Sequence[Pair], look: Look, deterministic: bool
) -> tuple[SliceResult, ...]:
    """Every slice of every axis, on the primary metric.

    A slice fails the run if it has SLICE_CASES cases or more, lost SLICE_DROP or more, and its one-sided p,
    after Holm over all slices judged, is below the look's level. (The looks of a noisy run share the .05
    of the rule, so that looking three times does not fail three times as often.)

    Args:
        primary: the primary metric over all cases.
        pairs: the same cases in the same order.
    """
    members: dict[tuple[str, str], list[int]] = {}
    for place, pair in enumerate(pairs):
        for axis, value in pair.slices.items():
            members.setdefault((axis, value), []).append(place)
    keys = sorted(members)
    judged = [key for key in keys if SLICE_CASES <= len(members[key]) < len(pairs)]
    p_values = [tested(primary.part(members[key]), look, deterministic).p for key in judged]
    adjusted = dict(zip(judged, zip(p_values, holm(p_values), strict=True), strict=True))
    return tuple(_slice(key, primary.part(members[key]), adjusted.get(key), look.fail_alpha) for key in keys)


def _slice(
    key: tuple[str, str], part: Column, p_values: tuple[float, float] | None, alpha: float
) -> SliceResult:
    difference = float(part.differences.mean())
    p, adjusted = p_values or (None, None)
    return SliceResult(
        key[0],
        key[1],
        part.metric.name,
        len(part.clusters),
        float(part.baseline.mean()),
        float(part.candidate.mean()),
        difference,
        p,
        adjusted,
        adjusted is not None and adjusted < alpha and difference <= -SLICE_DROP + 1e-9,
    )
