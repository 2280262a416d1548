"""Measure pseudonymisation on the labelled sentences.

    python scripts/measure_redact.py                 every set of evals/data/redact*.jsonl below
    python scripts/measure_redact.py --errors        with what was missed and what was masked without need
    python scripts/measure_redact.py FILE.jsonl ...  other sets of the same form

A line is {"id", "text", "roster": [...], "spans": [{"start", "end", "kind", "listed"}], "style"};
"listed" is there for persons and says whether the roster names them.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coach.domain.redact import redact  # noqa: E402 # the path has to be set first

SETS = [
    ROOT / "evals/data" / f"{name}.jsonl"
    for name in ("redact", "redact_heldout", "redact_words", "redact_blind", "redact_plain")
]
_WORD = re.compile(r"\w+(?:['’.,:/-]\w+)*")


@dataclass
class Score:
    """Counts over a set.

    Attributes:
        wanted, found: labelled spans by class, and those whose letters and digits were all replaced.
        words, masked: words outside the labels, and those of them that were touched.
        texts, clean: texts without a label, and those left as they were.
        errors: one line each.
    """

    wanted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    words: int = 0
    masked: int = 0
    texts: int = 0
    clean: int = 0
    errors: list[str] = field(default_factory=list)

    def recall(self, *classes: str) -> float:
        """Share found, 0..1, over these classes; 1 when there is none."""
        wanted = sum(self.wanted[one] for one in classes)
        return sum(self.found[one] for one in classes) / wanted if wanted else 1.0

    @property
    def patterns(self) -> list[str]:
        """The classes that are no persons."""
        return [one for one in self.wanted if one not in {"roster", "outsider"}]

    @property
    def over(self) -> float:
        """Share of ordinary words that were masked, 0..1."""
        return self.masked / self.words if self.words else 0.0


def read(path: Path) -> list[dict[str, Any]]:
    """The lines of a set."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def score(lines: list[dict[str, Any]]) -> Score:
    """Redact every text and compare."""
    total = Score()
    for line in lines:
        _add(total, line)
    return total


def _add(total: Score, line: dict[str, Any]) -> None:
    text = line["text"]
    done = redact(text, line["roster"])
    covered = {place for span in done.spans for place in range(span.start, span.end)}
    labelled: set[int] = set()
    for span in line["spans"]:
        places = [place for place in range(span["start"], span["end"]) if text[place].isalnum()]
        labelled.update(range(span["start"], span["end"]))
        kind = span["kind"]
        name = ("roster" if span["listed"] else "outsider") if kind == "person" else kind
        total.wanted[name] += 1
        if all(place in covered for place in places):
            total.found[name] += 1
        else:
            total.errors.append(
                f"{line['id']} missed {name}: {text[span['start'] : span['end']]!r} in {done.text!r}"
            )
    before = total.masked
    for word in _WORD.finditer(text):
        if not labelled.intersection(range(*word.span())):
            total.words += 1
            if covered.intersection(range(*word.span())):
                total.masked += 1
                total.errors.append(f"{line['id']} masked: {word.group()!r} in {done.text!r}")
    if not line["spans"]:
        total.texts += 1
        total.clean += total.masked == before


def _report(path: Path, total: Score) -> None:
    found, wanted = total.found, total.wanted
    each = ", ".join(f"{one} {found[one]}/{wanted[one]}" for one in sorted(total.patterns))
    print(path.name)
    print(f"  roster names     {total.recall('roster'):7.1%}  ({found['roster']} of {wanted['roster']})")
    print(
        f"  names not listed {total.recall('outsider'):7.1%}  ({found['outsider']} of {wanted['outsider']})"
    )
    print(f"  patterns         {total.recall(*total.patterns):7.1%}  ({each})")
    print(f"  ordinary words   {total.over:7.2%}  masked ({total.masked} of {total.words})")
    print(f"  nothing to mask  {total.clean} of {total.texts} texts left as they were")


def main(arguments: list[str]) -> None:
    """Print the figures of every set."""
    paths = [Path(one) for one in arguments if not one.startswith("--")] or SETS
    for path in paths:
        total = score(read(path))
        _report(path, total)
        if "--errors" in arguments:
            print("\n".join("    " + error for error in total.errors))


if __name__ == "__main__":
    main(sys.argv[1:])
