"""Make the cohorts of the matching family: sixty groups of invented people, full of traps.

    python scripts/make_matching_cases.py            # writes evals/data/matching.jsonl
    python scripts/make_matching_cases.py --check    # says whether the file is what this script would write

Each cohort has 6 to 40 members with reporting lines, avoid lists and groups, and cards that lie near one
of its themes. For each of those who ask, the nearest cards are traps as far as the cohort has room: their
own, their boss's boss's, their report's, those of people on either side of an avoid list, cards that are
not approved, of another group, or of somebody who left. The same seed gives the same file.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parent.parent / "evals" / "data" / "matching.jsonl"
SEED = 20_261_124
COHORTS, SMALLEST, LARGEST = 60, 6, 40
DIMENSIONS, GRAIN = 12, 24  # of the made vectors: whole numbers, brought to unit length when they are read
THEMES = 8
CLOSE, LOOSE = 0.35, 0.8  # noise around a theme: of a trap, of any other card
MOST_ASKING, REFLECTIONS = 6, 3

FIRST = """
    Abelone Bartosz Cosima Dorothea Evander Fenella Giacomo Henrike Ignatius Jadwiga Kasimir
    Leocadia Mathilda Nikodem Ottokar Philippa Quirin Rosalind Severin Theodora Ulrike Valentin
    Wilhelmina Xaver Yolanda Zacharias Anneliese Balthasar Clementine Domenico Eleonora Ferdinand
    Gwendolyn Hyacinth Isadora Jeremias Konstanze Leopold Marguerite Nathaniel
""".split()  # noqa: SIM905 - a list of forty strings is harder to read
LAST = """
    Abernethy Bergstrom Castellano Dombrowski Eriksson Fitzgerald Grunewald Hathaway Ivanova
    Jablonski Kristensen Lindqvist Montgomery Nakamura Oyelaran Papadakis Quintero Rasmussen
    Sokolova Takahashi Underhill Vandenberg Wojcik Yamamoto Zielinski Achterberg Bonaventura Czerny
    Delacroix Engstrom
""".split()  # noqa: SIM905 - a list of thirty strings is harder to read
FUNCTIONS = """
    nursing logistics finance software sales teaching maintenance purchasing catering research
""".split()  # noqa: SIM905 - as above
TITLES = ("customer service", "quality control", "public works", "field repair")
DEEDS = (
    "took over a former team",
    "put off one talk for months",
    "carried a decision they doubted",
    "stood between two people",
    "redid the work of others at night",
    "lost the trust of a deputy",
    "runs meetings in which nobody speaks",
    "said yes too often",
    "came back after a long absence",
    "let somebody go and told it badly",
    "was passed over and stayed",
    "leads people older than themselves",
)
TAILS = ("", " in a small place", " twice in one year", " while short of hands", " far from head office")


def rows() -> list[dict[str, Any]]:
    """The sixty cohorts, small ones first."""
    dice = random.Random(SEED)
    sizes = [SMALLEST + place * (LARGEST - SMALLEST) // (COHORTS - 1) for place in range(COHORTS)]
    return [_cohort(f"m{number:02d}", size, dice) for number, size in enumerate(sizes, 1)]


def _cohort(key: str, size: int, dice: random.Random) -> dict[str, Any]:
    members = _members(size, dice)
    groups = _groups(members, dice)
    themes = [_direction(dice) for _ in range(THEMES)]
    asking = [
        one["id"] for one in dice.sample([m for m in members if m["active"]], min(MOST_ASKING, size - 2))
    ]
    homes = {one: dice.randrange(THEMES) for one in asking}
    cards = _cards(members, groups, themes, homes, dice)
    asked = [
        _asked(one, homes[one], themes, dice, last=n == REFLECTIONS - 1)
        for one in asking
        for n in range(REFLECTIONS)
    ]
    return {
        "id": key,
        "cluster": key,
        "size": size,
        "members": members,
        "groups": groups,
        "cards": cards,
        "asked": asked,
    }


def _members(size: int, dice: random.Random) -> list[dict[str, Any]]:
    names = dice.sample([f"{first} {last}" for first in FIRST for last in LAST], size)
    functions = [dice.choice((*FUNCTIONS, *TITLES)) if dice.random() < 0.9 else "" for _ in names]
    found = [
        {"id": f"p{place:02d}", "name": name, "function": function, "active": dice.random() < 0.9}
        for place, (name, function) in enumerate(zip(names, functions, strict=True))
    ]
    for place, one in enumerate(found):
        # A tree: whoever has a boss has one who stands before them in the list.
        one["reports_to"] = found[dice.randrange(place)]["id"] if place and dice.random() < 0.55 else None
        others = [str(other["id"]) for other in found if other is not one]
        one["avoids"] = sorted(dice.sample(others, dice.choice((0, 0, 0, 1, 1, 2))))
    for one in found[:4]:
        one["active"] = True  # somebody must be left to ask and to be met
    return found


def _groups(members: list[dict[str, Any]], dice: random.Random) -> list[dict[str, Any]]:
    """Groups of about eight; a few people are in two, a few in none."""
    count = max(2, len(members) // 8)
    groups: list[dict[str, Any]] = [{"id": f"g{place}", "members": []} for place in range(count)]
    for one in members:
        for group in dice.sample(groups, dice.choice((0, 1, 1, 1, 1, 2))):
            group["members"].append(one["id"])
    return groups


def _cards(
    members: list[dict[str, Any]],
    groups: list[dict[str, Any]],
    themes: list[list[float]],
    homes: dict[str, int],
    dice: random.Random,
) -> list[dict[str, Any]]:
    """One to three cards a member: half of them right on the theme of somebody who asks."""
    hints = dice.sample(
        [f"who also {deed}{tail}" for deed in DEEDS for tail in TAILS], len(DEEDS) * len(TAILS)
    )
    owners = [one["id"] for one in members for _ in range(dice.choice((1, 1, 2)))][: len(hints)]
    wanted = list(homes.values())
    found = []
    for place, owner in enumerate(owners):
        on_theme = dice.random() < 0.5
        theme = homes.get(owner, dice.choice(wanted)) if on_theme else dice.randrange(THEMES)
        situations = {f"theme.n{theme}"} if dice.random() < 0.7 else {f"theme.n{dice.randrange(THEMES)}"}
        found.append(
            {
                "id": f"c{place:02d}",
                "owner": owner,
                "hint": hints[place],
                "situations": sorted(situations),
                "scope": "programme" if dice.random() < 0.6 else dice.choice(groups)["id"],
                "approved": dice.random() < 0.8,
                "vector": _around(themes[theme], CLOSE if on_theme else LOOSE, dice),
            }
        )
    return found


def _asked(
    member: str, theme: int, themes: list[list[float]], dice: random.Random, last: bool
) -> dict[str, Any]:
    """One reflection: its situations and vectors. The last of each member belongs to nothing."""
    other = dice.randrange(THEMES)
    return {
        "member": member,
        "situations": [] if last and dice.random() < 0.4 else [f"theme.n{theme}", f"theme.n{other}"],
        "vectors": [_around(themes[one], CLOSE, dice) for one in (theme, other)],
    }


def _direction(dice: random.Random) -> list[float]:
    drawn = [dice.gauss(0, 1) for _ in range(DIMENSIONS)]
    length = math.sqrt(sum(one * one for one in drawn))
    return [one / length for one in drawn]


def _around(theme: list[float], noise: float, dice: random.Random) -> list[int]:
    """A vector near a theme, as whole numbers."""
    other = _direction(dice)
    return [round(GRAIN * (one + noise * two)) for one, two in zip(theme, other, strict=True)]


def lines() -> str:
    """The whole file."""
    return "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        OUT.write_text(lines(), encoding="utf-8")
    elif OUT.read_text(encoding="utf-8") != lines():
        sys.exit("evals/data/matching.jsonl is not what this script makes.")


if __name__ == "__main__":
    main()
