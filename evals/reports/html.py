"""The report of a run as one HTML file: figures, plots as SVG, and the worst cases side by side.

It stands alone: no script, no picture, no address of anywhere, so that it can be mailed, kept and printed.
Everything that comes from a record is escaped, and characters that nobody can see are named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evals.arms import changed
from evals.model import Arm, Guard
from evals.records import OK, Held
from evals.reports import drawing, figures, one_arm, telling
from evals.reports.differing import Facing, facing
from evals.reports.showing import Case, Change, PartView, parts_of
from evals.results import RunResult, TaskResult
from evals.statistics import Interval

TEMPLATES = Path(__file__).parent / "templates"
LONGEST_QUOTE = 1_500  # characters of a reflection, a reason or a name
PASSED = 1 - 1e-9
# What would hide in a text, turn it round, or break the file: controls, bidirectional orders, half pairs.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Guarded:
    """A case that may never break: how often it passed, and what that means.

    Attributes:
        before, after: share of its runs that passed, 0 to 1; `before` is None without a baseline.
        told: "broke", "failed", "guards nothing", or "" when it holds.
    """

    id: str
    before: float | None
    after: float
    told: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A changed case with both of its texts beside each other.

    Attributes:
        changes: (names of figures, their change): those that changed alike and for the same reason are one.
    """

    case: Case
    changes: tuple[tuple[str, Change], ...]
    sides: Facing


@dataclass(frozen=True, slots=True)
class Section:
    """One task in one mode, ready to be drawn."""

    view: PartView
    title: str
    state: str
    margins: Mapping[str, float]
    guarded: tuple[Guarded, ...]
    worst: tuple[Compared, ...]
    moved: tuple[Compared, ...]
    weakest: tuple[one_arm.Weak, ...]
    intervals: Mapping[str, Interval | None]

    @property
    def result(self) -> TaskResult:
        return self.view.result


def render(run: RunResult, held: Held) -> str:
    """The whole file.

    Args:
        run: the result.
        held: the record it was judged from, for texts and the scorers' reasons. The reflections themselves
            come from the program's cases, and are left out when those are not the cases of the run.
    """
    manifest = run.manifest
    both = all(arm.value in manifest.arms for arm in Arm)
    arms = manifest.arms
    page = _environment().get_template("report.html")
    return page.render(
        run=run,
        manifest=manifest,
        sections=sorted((_section(view, held) for view in parts_of(run, held)), key=_worst_first),
        arms=[arm for arm in Arm if arm.value in arms],
        prompts=sorted({name for note in arms.values() for name in note.prompts}),
        changed=changed(arms[Arm.BASELINE], arms[Arm.CANDIDATE]) if both else [],
        limits=list(telling.limits(run, held)),
        unproven=list(telling.unproven(run)),
    )


def visible(text: str) -> str:
    """A text as it may stand in a file: invisible orders to the reading program are named, not obeyed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def cut(text: str, longest: int = LONGEST_QUOTE) -> str:
    """The beginning of a long text, and how much of it is left out."""
    if len(text) <= longest:
        return text
    return f"{text[:longest]} [… {len(text) - longest:,} more characters are in the record]"


def _section(view: PartView, held: Held) -> Section:
    part = view.result
    alone = part.epochs > 0 and Arm.BASELINE.value not in held.manifest.arms
    return Section(
        view=view,
        title=telling.spoken(part),
        state=telling.state(part),
        margins={
            one.name: one.margin for one in part.task.metrics if one.guard in (Guard.PRIMARY, Guard.PART)
        },
        guarded=_guarded(part, held),
        worst=_compared(view.cases),
        moved=_compared(view.moved),
        weakest=one_arm.weakest(part, held) if alone else (),
        intervals=one_arm.intervals(part, held) if alone else {},
    )


def _worst_first(section: Section) -> int:
    order = ("worse", "open", telling.UNFINISHED)
    return order.index(section.state) if section.state in order else len(order)


def _compared(cases: Sequence[Case]) -> tuple[Compared, ...]:
    return tuple(
        Compared(case, _together(case.changes), facing(visible(case.baseline), visible(case.candidate)))
        for case in cases
    )


def _together(changes: Sequence[Change]) -> tuple[tuple[str, Change], ...]:
    found: dict[Change, list[str]] = {}
    for one in changes:
        found.setdefault(replace(one, metric=""), []).append(one.metric)
    return tuple((", ".join(names), change) for change, names in found.items())


def _guarded(part: TaskResult, held: Held) -> tuple[Guarded, ...]:
    """Every must-pass case of a task with a primary metric, those that broke first."""
    metric = next((one for one in part.task.metrics if one.guard is Guard.PRIMARY), None)
    ids = [case.id for case in part.task.cases if case.must_pass]
    if metric is None or not ids or not part.epochs:
        return ()
    shares: dict[tuple[str, str], list[float]] = {}
    for row in held.rows:
        key = (row.task, row.mode, row.status)
        if key == (part.task.name, part.mode.value, OK) and row.epoch <= part.epochs:
            value = row.scores[metric.name].value
            shares.setdefault((row.case, row.arm), []).append(value if metric.higher_is_better else 1 - value)
    means = {key: sum(values) / len(values) for key, values in shares.items()}
    breaks = part.verdict.hard_breaks if part.verdict else ()
    found = [
        Guarded(
            one,
            means.get((one, Arm.BASELINE.value)),
            means[one, Arm.CANDIDATE.value],
            _word(one in breaks, means.get((one, Arm.BASELINE.value)), means[one, Arm.CANDIDATE.value]),
        )
        for one in ids
        if (one, Arm.CANDIDATE.value) in means
    ]
    order = ("broke", "failed", "guards nothing", "")
    return tuple(sorted(found, key=lambda case: (order.index(case.told), case.id)))


def _word(broke: bool, before: float | None, after: float) -> str:
    if broke:
        return "broke"
    if before is not None and before < PASSED:
        return "guards nothing"
    return "failed" if after < PASSED else ""


def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: (
            visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
        ),
    )
    found.filters |= {
        "share": figures.share,
        "signed": figures.signed,
        "interval": figures.interval,
        "limits": figures.limits,
        "cut": cut,
        "chance": _chance,
        "words": lambda name: name.replace("_", " "),
        "points": _points,
    }
    found.globals |= {"WIDTH": drawing.WIDTH, "EDGE": drawing.EDGE, "telling": telling}
    return found


def _chance(p: float | None) -> str:
    return "<0.001" if p is not None and p < 0.0005 else figures.share(p)


def _points(value: float) -> str:
    """The end of an axis: −0.5, 0, +0.5."""
    return "0" if value == 0 else f"{'+' if value > 0 else '−'}{abs(value):g}"
