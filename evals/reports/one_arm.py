"""A run of one set of prompts: how sure its means are, and which cases did worst."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evals.comparing import column, rate_interval
from evals.model import Arm, Guard, Metric
from evals.records import OK, CaseNote, Held, Row
from evals.reports.showing import samples_of
from evals.results import TaskResult
from evals.statistics import Interval
from evals.verdicts import Pair

MOST = 20
_JUDGED = (Guard.PRIMARY, Guard.PART, Guard.ZERO)
_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Fault:
    """Figures of a case below their best, for the same reason.

    Attributes:
        value: mean over the epochs; short: how far that is from the best, 0 to 1, of all of them together.
        reason: the scorer's words in the epoch that did worst.
    """

    metrics: tuple[str, ...]
    guard: Guard
    value: float
    short: float
    reason: str


@dataclass(frozen=True, slots=True)
class Weak:
    """A case that is not at its best.

    Attributes:
        text: the made-up reflection; "" when the cases changed since the run.
        said: what the coach said in the epoch that did worst.
    """

    id: str
    text: str
    marks: tuple[str, ...]
    must_pass: bool
    faults: tuple[Fault, ...]
    said: str


def intervals(part: TaskResult, held: Held) -> dict[str, Interval | None]:
    """95 % of each metric's mean, as the gate gives it for one arm; empty when no case ran.

    Args:
        part: of a run without a baseline.
        held: its record.
    """
    rows = _rows(part, held)
    pairs = []
    for case in part.task.cases:
        mine = {
            metric.name: [row.scores[metric.name].value for row in rows.get(case.id, ())]
            for metric in part.task.metrics
        }
        if case.id in rows:  # beside itself: the statistics of one arm look at no difference
            pairs.append(Pair(case.id, case.cluster, case.slices, case.must_pass, mine, mine))
    found = {metric.name: column(metric, pairs) for metric in part.task.metrics} if pairs else {}
    return {name: rate_interval(one, one.candidate) for name, one in found.items()}


def weakest(part: TaskResult, held: Held) -> tuple[Weak, ...]:
    """At most MOST cases: those with a figure that may never fail first, then must-pass ones, then by loss.

    Only figures between 0 and 1 are looked at; of others nobody can say here what their best is.
    """
    rows = _rows(part, held)
    rates = [
        metric
        for metric in part.task.metrics
        if metric.guard in _JUDGED
        and all(0 <= row.scores[metric.name].value <= 1 for mine in rows.values() for row in mine)
    ]
    texts = {name: str(one.input.get("text", "")) for name, one in samples_of(part.task).items()}
    found = [_weak(case, rows[case.id], rates, texts) for case in part.task.cases if case.id in rows]
    return tuple(sorted((one for one in found if one.faults), key=_order)[:MOST])


def _weak(case: CaseNote, rows: Sequence[Row], rates: Sequence[Metric], texts: Mapping[str, str]) -> Weak:
    worst = min(rows, key=lambda row: (-sum(_short(metric, row) for metric in rates), row.epoch))
    faults = []
    for metric in rates:
        short = sum(_short(metric, row) for row in rows) / len(rows)
        if short > _NEAR:
            value = sum(row.scores[metric.name].value for row in rows) / len(rows)
            score = worst.scores[metric.name]
            told = score.explanation or score.answer
            faults.append(Fault((metric.name,), metric.guard, value, short, told))
    marks = tuple(f"{axis}: {value}" for axis, value in case.slices.items())
    return Weak(case.id, texts.get(case.id, ""), marks, case.must_pass, _together(faults), worst.text)


def _together(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """One line for figures that say the same: a text that cannot be read fails them all."""
    found: dict[tuple[Guard, float, str], Fault] = {}
    for one in faults:
        key = (one.guard, one.value, one.reason)
        before = found.get(key)
        names, short = (before.metrics, before.short) if before else ((), 0.0)
        found[key] = replace(one, metrics=(*names, *one.metrics), short=short + one.short)
    return tuple(found.values())


def _rows(part: TaskResult, held: Held) -> dict[str, list[Row]]:
    """The results of the one arm, by case."""
    rows: dict[str, list[Row]] = {}
    for row in held.rows:
        mine = (row.task, row.mode, row.status) == (part.task.name, part.mode.value, OK)
        if mine and row.arm == Arm.CANDIDATE and row.epoch <= part.epochs:
            rows.setdefault(row.case, []).append(row)
    return rows


def _short(metric: Metric, row: Row) -> float:
    """How far a figure is from its best, 0 to 1."""
    value = row.scores[metric.name].value
    return 1 - value if metric.higher_is_better else value


def _order(case: Weak) -> tuple[bool, bool, float, str]:
    never = any(fault.guard is Guard.ZERO for fault in case.faults)
    return (not never, not case.must_pass, -sum(fault.short for fault in case.faults), case.id)
