"""The table of `coach eval mutate`: how many of each kind the gate failed, and what has to be looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evals.mutants import EQUIVALENT
from evals.mutating import Result, Row

_NOT_THE_SUITE = (
    "A miss here may be the model's doing and not the suite's. A model that keeps a rule which was only "
    "hedged, or that asks well without being told, leaves nothing to be seen; one that varies a great deal "
    "leaves the gate unsure. What the suite sees of a model that obeys is told by the same command without "
    "--model."
)
_HEADINGS = {
    "survived": "Survived: no figure sees this change. Give the rule a case or a metric, or delete it:",
    "false alarm": "Failed, and should not have:",
    "not equivalent": "Tagged as equivalent, and failed (one in fifty does by chance):",
}
_OF_A_MODEL = _HEADINGS | {
    "survived": "Survived: the gate saw no loss. Either this model does it anyway, or no figure looks at it:",
}


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who answered the prompts.

    Attributes:
        model, host: of the settings; both empty for the stub that obeys.
        cases: of each mutant.
        open: results that are still to come, when the run stopped on its budget.
    """

    model: str = ""
    host: str = ""
    cases: int = 0
    open: int = 0


def report(
    rows: Sequence[Row],
    odd: Mapping[str, Sequence[Result]],
    equivalent: Mapping[str, str],
    by: Answerer | None = None,
) -> list[str]:
    """The table and what has to be looked at, as lines for a terminal.

    Args:
        rows: from `mutating.table`.
        odd: from `mutating.surprises`.
        equivalent: from `reasons`.
        by: who answered; None for the stub.
    """
    by = by or Answerer()
    found = [*_head(by), f"{'':<18}{'failed':>8}{'of':>6}{'share':>9}{'95 %':>18}{'unsure':>8}{'wanted':>10}"]
    for row in rows:
        low, high = row.interval
        limit = f"{'<=' if row.most else '>='} {100 * row.wanted:g} %"
        shown = f"{100 * low:.1f} to {100 * high:.1f} %"
        mark = "" if row.met else "  missed"
        found.append(
            f"{row.name:<18}{row.failed:>8}{row.total:>6}{100 * row.share:>7.1f} %{shown:>18}{row.unsure:>8}"
            f"{limit:>10}{mark}"
        )
    for name, heading in (_OF_A_MODEL if by.model else _HEADINGS).items():
        if odd[name]:
            found += ["", heading]
            found += [f"  {one.mutant} (seed {one.seed}): {one.about} | {one.reason}" for one in odd[name]]
    found += [
        "",
        f"{len(equivalent)} mutants are tagged as equivalent, each with its reason, in {EQUIVALENT.name}.",
    ]
    return [*found, _NOT_THE_SUITE] if by.model else found


def as_json(
    rows: Sequence[Row], odd: Mapping[str, Sequence[Result]], by: Answerer | None = None
) -> dict[str, Any]:
    """The same as one JSON value; who answered stands in it only for a model."""
    told: dict[str, Any] = {}
    if by is not None and by.model:
        told = {"answered_by": asdict(by), "note": _NOT_THE_SUITE}
    return {
        **told,
        "table": [
            {**asdict(row), "name": row.name.strip(), "share": row.share, "met": row.met} for row in rows
        ],
        **{name.replace(" ", "_"): [asdict(one) for one in found] for name, found in odd.items()},
    }


def _head(by: Answerer) -> list[str]:
    if not by.model:
        return []
    at = f" at {by.host}" if by.host else ""
    lines = [f"First proposals of {by.model}{at}, on {by.cases} cases of question_quality."]
    if by.open:
        lines.append(f"Not finished: {by.open} more are to come, and the table is of what is there.")
    return [*lines, ""]
