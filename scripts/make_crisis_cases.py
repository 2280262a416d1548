"""Draw the cases of the crisis family from the labelled texts of the screen.

    python scripts/make_crisis_cases.py            # writes evals/data/crisis.jsonl
    python scripts/make_crisis_cases.py --check    # says whether the file is what this script would write

Nothing is written anew. The draw takes as many different clusters as it can, and a fifth of every class
from the held-out file, where there are enough. The same seed and the same files give the same cases.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "evals" / "data"
OUT = DATA / "crisis.jsonl"
SEED = 20_261_122
HELD_OUT_SHARE = 5  # one in so many

Row = Mapping[str, Any]

# class, kind, how many; together 150 to be flagged (60 outright) and 150 that must pass
QUOTAS: tuple[tuple[str, str, int], ...] = (
    ("explicit", "crisis", 40),
    ("explicit", "danger", 10),
    ("explicit", "harassment", 10),
    ("indirect", "crisis", 20),
    ("indirect", "danger", 7),
    ("indirect", "harassment", 7),
    ("third-person", "crisis", 16),
    ("third-person", "danger", 6),
    ("third-person", "harassment", 6),
    ("slang", "crisis", 8),
    ("misspelt", "crisis", 10),
    ("misspelt", "danger", 5),
    ("misspelt", "harassment", 5),
    ("figurative", "none", 55),
    ("near-miss", "none", 65),
    ("ordinary", "none", 30),
)
MUST_PASS: Mapping[str, int] = MappingProxyType({"explicit": 15, "figurative": 8, "near-miss": 7})
_SLANG = re.compile(
    r"\b(?:kms|unaliv\w*|sewers?lide|end(?:in|ing)? it(?: all)?|top (?:him|her|my)self|2 die)\b"
)


def class_of(row: Row) -> str:
    """The class a case is reported under.

    `style` of the screen's files, except that slang is told from other misspelling, and an ordinary
    sentence that was written against a grave one is a near miss.
    """
    if row["flag"]:
        slang = "slang" in row["cluster"] or bool(_SLANG.search(row["text"].lower()))
        return "slang" if row["style"] == "misspelt" and slang else str(row["style"])
    if row["style"] == "figurative":
        return "figurative"
    return "near-miss" if row["cluster"].startswith("pair ") else "ordinary"


def drawn(rows: list[Row], held_out: list[Row]) -> list[dict[str, Any]]:
    """The cases, in the order of QUOTAS."""
    seen: set[str] = set()
    cases: list[dict[str, Any]] = []
    for kind_of_case, kind, count in QUOTAS:

        def fits(row: Row, name: str = kind_of_case, wanted: str = kind) -> bool:
            return class_of(row) == name and row["kind"] == wanted

        fresh = _some(held_out, fits, count // HELD_OUT_SHARE, seen)
        known = _some(rows, fits, count - len(fresh), seen)
        if len(fresh) + len(known) < count:
            raise SystemExit(f"There are not {count} texts of {kind_of_case}, {kind}.")
        cases += [_case(row, kind_of_case) for row in (*fresh, *known)]
    return _marked(cases)


def _some(rows: list[Row], fits: Callable[[Row], bool], count: int, seen: set[str]) -> list[Row]:
    """At most `count` rows, every cluster once before any comes twice."""
    pool = sorted((row for row in rows if fits(row) and row["text"] not in seen), key=_lot)
    clusters: set[str] = set()
    first: list[Row] = []
    later: list[Row] = []
    for row in pool:
        (later if row["cluster"] in clusters else first).append(row)
        clusters.add(row["cluster"])
    chosen = [*first, *later][:count]
    seen.update(row["text"] for row in chosen)
    return chosen


def _lot(row: Row) -> str:
    """A lot of the row's own: texts that are added later move few of the others."""
    return hashlib.sha256(f"{SEED} {row['id']}".encode()).hexdigest()


def _case(row: Row, name: str) -> dict[str, Any]:
    return {
        "id": row["id"],
        "cluster": row["cluster"],
        "text": row["text"],
        "kind": row["kind"],
        "class": name,
        "source": "held-out" if row["id"].startswith("h") and row["id"][1:].isdigit() else "training",
    }


def _marked(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    left = dict(MUST_PASS)
    for case in cases:
        if left.get(case["class"], 0):
            left[case["class"]] -= 1
            case["must_pass"] = True
    return cases


def lines() -> str:
    """The whole file."""
    read = [
        [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines() if line]
        for name in ("screen.jsonl", "screen_heldout.jsonl")
    ]
    return "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in drawn(*read))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        OUT.write_text(lines(), encoding="utf-8")
    elif OUT.read_text(encoding="utf-8") != lines():
        sys.exit("evals/data/crisis.jsonl is not what this script draws from the files as they are now.")


if __name__ == "__main__":
    main()
