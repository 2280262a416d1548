"""A result as a page or a report shows it: each part with its figures, plots, and the cases that changed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from coach.errors import CoachError
from evals import provenance, tasks
from evals.model import Arm, Guard, Metric, Sample
from evals.records import OK, Held, Row, TaskNote
from evals.reports import drawing, slice_plot
from evals.reports.differing import Piece, by_words
from evals.results import RunResult, TaskResult, broken
from evals.verdicts import Flip, Pair

MOST_CASES = 20  # changed cases of one part that are shown side by side
MOST_MOVED = 10  # cases with another text and the same scores

Rows = Mapping[tuple[str, str], list[Row]]  # (case, arm)


@dataclass(frozen=True, slots=True)
class Change:
    """One metric of one case that changed, and why."""

    metric: str
    baseline: float
    candidate: float
    worse: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Case:
    """One case, both arms side by side.

    Attributes:
        text: the made-up reflection; "" when the cases changed since the run.
        earlier: reflections before it in the same conversation.
        marks: its slices in words.
        left, right: both texts, cut where they differ; baseline, candidate: as they are.
    """

    id: str
    text: str
    earlier: tuple[str, ...]
    marks: tuple[str, ...]
    must_pass: bool
    changes: tuple[Change, ...]
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    baseline: str
    candidate: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table of a run without a baseline."""

    name: str
    guard: Guard
    means: Mapping[str, float]
    broken: bool


@dataclass(frozen=True, slots=True)
class PartView:
    """One task in one mode.

    Attributes:
        slices: every part of the set with its interval; dots: the plot of them.
    """

    anchor: str
    result: TaskResult
    figures: tuple[Figure, ...]
    changes: drawing.Marks | None
    shares: drawing.Shares | None
    pairs: drawing.Pairs | None
    slices: tuple[slice_plot.Part, ...]
    dots: slice_plot.Dots | None
    cases: tuple[Case, ...]
    left_out: int
    moved: tuple[Case, ...]

    @property
    def worse(self) -> frozenset[str]:
        return worse_cases(self.result)

    @property
    def unread(self) -> int:
        """How many texts differ beside those in `moved` and in the cases that changed."""
        flipped = {flip.sample_id for flip in self.result.verdict.flips} if self.result.verdict else set()
        return len(set(self.result.moved) - flipped) - len(self.moved)

    @property
    def changed(self) -> bool:
        """Whether a person has anything to look at: another text, a figure that moved, or no pass."""
        return has_changed(self.result)


def worse_cases(part: TaskResult) -> frozenset[str]:
    """Ids of the cases that do worse in a figure that is judged; a cost or one that is only shown is none."""
    judged = [one for one in part.task.metrics if one.guard in (Guard.PRIMARY, Guard.PART, Guard.ZERO)]
    return frozenset(pair.sample_id for pair in part.pairs if any(_fell(pair, one) for one in judged))


def has_changed(part: TaskResult) -> bool:
    """False where no text differs and no figure moved, but for those that are only shown."""
    if part.verdict is None or part.moved or part.verdict.outcome != "pass":
        return True
    return any((one.wins or one.losses) and one.guard is not Guard.SHOWN for one in part.verdict.metrics)


def differing_cases(part: TaskResult, held: Held, start: int = 0, most: int | None = None) -> list[Case]:
    """The cases whose texts differ, those that are judged worse first, then those judged otherwise.

    Args:
        part: of a judged run.
        held: the record it was judged from.
        start, most: which of them; all when `most` is None.
    """
    rows, samples = _rows(part, held), samples_of(part.task)
    known = {pair.sample_id: pair for pair in part.pairs}
    flips = _flips(part)
    found = [one for one in part.moved if one in known]
    order = sorted(
        found, key=lambda case: (case not in flips, _gravity(part, known[case], flips.get(case, ())))
    )
    some = order[start:] if most is None else order[start : start + most]
    return [_case(known[case], flips.get(case, ()), rows, samples.get(case)) for case in some]


def _fell(pair: Pair, metric: Metric) -> bool:
    sides = (pair.baseline[metric.name], pair.candidate[metric.name])
    before, after = (math.fsum(values) / len(values) for values in sides)
    return (after - before if metric.higher_is_better else before - after) < -1e-9


def parts_of(result: RunResult, held: Held) -> list[PartView]:
    """Every part of a result.

    Args:
        result: judged.
        held: the record it was judged from, for texts and reasons.
    """
    return [_part(part, held) for part in result.parts]


def anchor_of(part: TaskResult) -> str:
    """How addresses name a part."""
    return f"{part.task.name}-{part.mode.value}"


def _rows(part: TaskResult, held: Held) -> dict[tuple[str, str], list[Row]]:
    rows: dict[tuple[str, str], list[Row]] = {}
    for row in held.rows:
        if (row.task, row.mode, row.status) == (part.task.name, part.mode.value, OK):
            rows.setdefault((row.case, row.arm), []).append(row)
    return rows


def _flips(part: TaskResult) -> dict[str, list[Flip]]:
    flips: dict[str, list[Flip]] = {}
    for flip in part.verdict.flips if part.verdict else ():
        flips.setdefault(flip.sample_id, []).append(flip)
    return flips


def _part(part: TaskResult, held: Held) -> PartView:
    rows, samples, flips = _rows(part, held), samples_of(part.task), _flips(part)
    known = {pair.sample_id: pair for pair in part.pairs}
    order = sorted(flips, key=lambda case: _gravity(part, known[case], flips[case]))
    cases = [_case(known[case], flips[case], rows, samples.get(case)) for case in order[:MOST_CASES]]
    slices = slice_plot.parts(part)
    unscored = [case for case in part.moved if case not in flips][:MOST_MOVED]
    return PartView(
        anchor=anchor_of(part),
        result=part,
        figures=_figures(part),
        changes=drawing.changes(part),
        shares=drawing.shares(part),
        pairs=drawing.pairs(part),
        slices=slices,
        dots=slice_plot.dots(slices),
        cases=tuple(cases),
        left_out=max(0, len(order) - MOST_CASES),
        moved=tuple(_case(known[case], (), rows, samples.get(case)) for case in unscored),
    )


def _gravity(part: TaskResult, pair: Pair, flips: Sequence[Flip]) -> tuple[bool, bool, tuple[bool, float]]:
    """What may never fail before all else, then what may never break, then the largest loss."""
    zero = {metric.name for metric in part.task.metrics if metric.guard is Guard.ZERO}
    never = any(flip.worse and flip.metric in zero for flip in flips)
    broke = pair.sample_id in (part.verdict.hard_breaks if part.verdict else ())
    return (not never, not broke, min((_weight(flip) for flip in flips), default=(True, 0.0)))


def _weight(flip: Flip) -> tuple[bool, float]:
    """The worse ones first, the largest loss first."""
    return (not flip.worse, -abs(flip.candidate - flip.baseline))


def _case(pair: Pair, flips: Sequence[Flip], rows: Rows, sample: Sample | None) -> Case:
    left, right = by_words(pair.baseline_text, pair.candidate_text)
    earlier: Iterable[object] = sample.input.get("earlier", ()) if sample else ()
    return Case(
        id=pair.sample_id,
        text=str(sample.input.get("text", "")) if sample else "",
        earlier=tuple(str(one) for one in earlier),
        marks=tuple(f"{axis}: {value}" for axis, value in pair.slices.items()),
        must_pass=pair.must_pass,
        changes=tuple(
            Change(flip.metric, flip.baseline, flip.candidate, flip.worse, _reason(flip, pair, rows))
            for flip in sorted(flips, key=_weight)
        ),
        left=left,
        right=right,
        baseline=pair.baseline_text,
        candidate=pair.candidate_text,
    )


def _reason(flip: Flip, pair: Pair, rows: Rows) -> str:
    """The scorer's words on the side that does worse, from the epoch whose text is shown."""
    arm, text = (Arm.CANDIDATE, pair.candidate_text) if flip.worse else (Arm.BASELINE, pair.baseline_text)
    held = sorted(rows.get((flip.sample_id, arm.value), ()), key=lambda row: (row.text != text, row.epoch))
    for row in held:
        score = row.scores.get(flip.metric)
        if score and (score.explanation or score.answer):
            return score.explanation or score.answer
    return ""


def samples_of(task: TaskNote) -> dict[str, Sample]:
    """The cases of a task by id; none when they are not those of the run any more."""
    try:
        if provenance.dataset(task.dataset) != task.dataset_sha256:
            return {}
        return {sample.id: sample for sample in tasks.task(task.name).samples()}
    except (CoachError, OSError, ValueError):
        return {}


def _figures(part: TaskResult) -> tuple[Figure, ...]:
    failed = broken(part)
    return tuple(
        Figure(
            metric.name,
            metric.guard,
            {arm: means[metric.name] for arm, means in part.means.items()},
            metric.name in failed,
        )
        for metric in part.task.metrics
    )
