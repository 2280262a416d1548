"""What the gate takes and what it says: plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evals.model import Guard

Outcome = Literal["pass", "fail", "inconclusive"]


@dataclass(frozen=True, slots=True)
class Pair:
    """One case, run through both arms.

    Attributes:
        sample_id: the case's id, unique in the run.
        cluster: the seed the case was made from.
        slices: {"language": "de", ...}, for the second look at parts of the set.
        must_pass: on the list of cases that may never break.
        baseline, candidate: {metric: one value per epoch}; the same metrics in both, finite, at least one
            value each. An epoch that the machine lost may be missing.
        baseline_text, candidate_text: what a person reads in the list of flips.
    """

    sample_id: str
    cluster: str
    slices: Mapping[str, str]
    must_pass: bool
    baseline: Mapping[str, Sequence[float]]
    candidate: Mapping[str, Sequence[float]]
    baseline_text: str = ""
    candidate_text: str = ""


@dataclass(frozen=True, slots=True)
class MetricResult:
    """One metric of one run. Means are in the metric's own direction; `difference` is positive for better.

    Attributes:
        name, guard: as the task declares them.
        outcome: what this metric says alone; "pass" for one that is only shown.
        cases, clusters: how many were compared.
        baseline, candidate: means over the cases.
        baseline_interval, candidate_interval: 95 %; Wilson for pass-or-fail, else cluster-robust t; None
            where too few seeds leave it unknown.
        difference: mean paired difference, turned so that positive is better.
        difference_interval: 95 %, two-sided, cluster-robust; None where unknown.
        p: one-sided, for "worse"; None where no test is made (ZERO, BUDGET, SHOWN).
        adjusted_p: after Holm; equals p for the primary metric.
        lower_bound: what the difference is not below, at this stage's level; passes above -margin. In a
            deterministic run the difference itself. None where no test is made or it is unknown.
        wins, losses, ties: cases better, worse, the same.
        mde: the smallest drop this run would have found with power .80; None where unknown.
        ratio: candidate / baseline, for a BUDGET; None from nothing to something.
        note: one sentence for a reader; may be empty.
    """

    name: str
    guard: Guard
    outcome: Outcome
    cases: int
    clusters: int
    baseline: float
    candidate: float
    baseline_interval: tuple[float, float] | None
    candidate_interval: tuple[float, float] | None
    difference: float
    difference_interval: tuple[float, float] | None
    p: float | None
    adjusted_p: float | None
    lower_bound: float | None
    wins: int
    losses: int
    ties: int
    mde: float | None = None
    ratio: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Flip:
    """One case whose value changed between the arms (means over the epochs, in the metric's direction)."""

    sample_id: str
    metric: str
    baseline: float
    candidate: float
    worse: bool
    baseline_text: str = ""
    candidate_text: str = ""


@dataclass(frozen=True, slots=True)
class SliceResult:
    """One slice of the set, e.g. axis "language", value "de", on the primary metric.

    Attributes:
        difference: positive for better.
        p, adjusted_p: None for a slice too small to be judged, which is only shown.
        failed: this slice alone fails the run.
    """

    axis: str
    value: str
    metric: str
    cases: int
    baseline: float
    candidate: float
    difference: float
    p: float | None
    adjusted_p: float | None
    failed: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of one task.

    Attributes:
        outcome: "inconclusive" before the last stage means: run the next stage.
        reasons: why, worst first; each a sentence. Never empty.
        metrics: one result per metric of the task, in its order.
        flips: every changed case of a deterministic run; of a noisy one the twenty worst on the primary
            metric. Worse ones first.
        slices: every slice, judged or only shown.
        hard_breaks: ids of must-pass cases that broke.
        warnings: budgets between warn and fail, and other things a reader should see.
        needs_approval: a run without noise passes, and texts differ: a person has to read them.
    """

    outcome: Outcome
    reasons: tuple[str, ...]
    metrics: tuple[MetricResult, ...]
    flips: tuple[Flip, ...]
    slices: tuple[SliceResult, ...]
    hard_breaks: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    needs_approval: bool = False
