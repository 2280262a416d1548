"""Measure the rubric on its gold pairs: what each criterion finds, and what it leaves alone.

    python scripts/measure_rubric.py            the table of docs/rubric.md
    python scripts/measure_rubric.py --errors   with the questions that got the wrong verdict

A line of evals/data/rubric_gold.jsonl has `id`, `criterion`, `pair`, `question`, `passed` as a person
would say, what else the criterion has to know (the names are those of `Exchange`), and `known_wrong` with
the reason where the program is known to say otherwise. evals/data/rubric_heldout.jsonl has pairs of
`fresh` in the same form that no rule was made on; the first part of a pair's name says their kind.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coach.domain.model import Lens, Stage  # noqa: E402 # the path has to be set first
from coach.domain.rubric import CRITERIA, Exchange, judge  # noqa: E402 # the path has to be set first
from evals.statistics import Interval, wilson  # noqa: E402 # the path has to be set first

GOLD = ROOT / "evals" / "data" / "rubric_gold.jsonl"
HELD_OUT = GOLD.with_name("rubric_heldout.jsonl")
_LABELS = ("id", "criterion", "pair", "passed", "known_wrong")
_TURNED_INTO: dict[str, Callable[[Any], Any]] = {
    "stage": Stage,
    "lens": Lens,
    "recent_lenses": lambda some: tuple(map(Lens, some)),
    "asked": tuple,
    "earlier": tuple,
}

Row = dict[str, Any]


@dataclass(frozen=True)
class Figures:
    """How one criterion does on its pairs.

    Attributes:
        pairs: how many; each has one question that fails and one that passes.
        found: of those that have to fail, how many do.
        spared: of those that have to pass, how many do.
    """

    criterion: str
    pairs: int
    found: int
    spared: int

    @property
    def sensitivity(self) -> float:
        return self.found / self.pairs

    @property
    def specificity(self) -> float:
        return self.spared / self.pairs


def gold(file: Path = GOLD) -> list[Row]:
    """The rows of the file, in order."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def exchange_of(row: Row) -> Exchange:
    """What the criterion gets to see.

    Raises:
        TypeError: the row has a field that neither labels it nor belongs to an `Exchange`.
        ValueError: there is no such stage or lens.
    """
    known = {name: value for name, value in row.items() if name not in _LABELS}
    turned = {name: _TURNED_INTO[name](value) for name, value in known.items() if name in _TURNED_INTO}
    return Exchange(**{**known, **turned})


def passes(row: Row) -> bool:
    """What the program says of a row."""
    return next(one.passed for one in judge(exchange_of(row)) if one.criterion == row["criterion"])


def measured(rows: Sequence[Row]) -> list[Figures]:
    """Figures of every criterion that has pairs, in the order of the rubric."""
    right = {row["id"]: passes(row) is row["passed"] for row in rows}
    found = []
    for name in CRITERIA:
        bad = [right[row["id"]] for row in rows if row["criterion"] == name and not row["passed"]]
        good = [right[row["id"]] for row in rows if row["criterion"] == name and row["passed"]]
        if bad and len(bad) == len(good):
            found.append(Figures(name, len(bad), sum(bad), sum(good)))
    return found


def held_out(rows: Sequence[Row]) -> list[Figures]:
    """Figures of `fresh` on each kind of the pairs that no rule was made on."""
    kinds = dict.fromkeys(_kind(row) for row in rows)
    found = [(kind, one) for kind in kinds for one in measured([row for row in rows if _kind(row) == kind])]
    return [replace(one, criterion=f"{one.criterion}, {kind}") for kind, one in found]


def _kind(row: Row) -> str:
    return str(row["pair"]).split("-")[0]


def table(figures: Sequence[Figures]) -> str:
    """The figures as Markdown, each share with its 95 % interval."""
    lines = ["| criterion | pairs | sensitivity | specificity |", "|---|---|---|---|"]
    for one in figures:
        both = (_share(some, wilson(some, one.pairs), one.pairs) for some in (one.found, one.spared))
        lines.append(f"| {one.criterion} | {one.pairs} | {' | '.join(both)} |")
    return "\n".join(lines)


def _share(some: int, bounds: Interval, of: int) -> str:
    return f"{some / of:.2f} [{bounds[0]:.2f}, {bounds[1]:.2f}]"


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    rows = gold()
    print(table(measured(rows)))
    print("\nheld out:")
    print(table(held_out(gold(HELD_OUT))))
    print("\nnoadvice has sets of its own: python scripts/train_noadvice.py --dry-run")
    if "--errors" in arguments:
        for row in rows:
            if passes(row) is not row["passed"]:
                wanted = "pass" if row["passed"] else "fail"
                told = row.get("known_wrong", "not known before")
                print(f"{row['id']} should {wanted}: {row['question']!r} ({told})")


if __name__ == "__main__":
    main(sys.argv[1:])
