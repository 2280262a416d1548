"""Make the groups of the topics family: forty groups of invented members with planted topics.

    python scripts/make_topics_cases.py            # writes evals/data/topics.jsonl
    python scripts/make_topics_cases.py --check    # says whether the file is what this script would write

A topic is planted by giving reflections that are labelled with it to different members. Around them stand
strangers and reflections about other matters. In reflections.jsonl each situation is the main label once and
can have no three authors: so five more for each of twelve situations were written by hand. They stand in
topics.jsonl itself, as the texts whose id begins with "w", and this script leaves them as they are.

The kinds of group are traps for the rule: too small, one author short of the threshold, nearly everybody an
author, a second period in which too few have changed. The same seed and the same texts give the same file.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "evals" / "data"
LABELLED, OUT = DATA / "reflections.jsonl", DATA / "topics.jsonl"
OWN = "w-"  # begins the id of a text that was written for this family
SEED = 20_261_127
MOST_TEXTS = 4  # of a member
STRANGE = 0.45  # of the texts that plant nothing
CANARIES = 2  # members of a group whose first text carries one

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """One group to be made.

    Attributes:
        kind: what it is there for.
        size: active members.
        topics: of each planted topic: authors who consent, authors who do not.
        later: what happens before the second period: "", "leave", "withdraw", "join" or "bystander leaves".
        movers: how many members do so.
    """

    kind: str
    size: int
    topics: tuple[tuple[int, int], ...]
    later: str = ""
    movers: int = 0


PLANS = (
    *(Plan("below five", size, ((3, 0),)) for size in (3, 4, 4, 4)),
    Plan("small", 5, ((3, 0),)),
    Plan("small", 5, ((3, 1),)),
    Plan("small", 6, ((4, 0),)),
    Plan("small", 7, ((3, 1), (4, 0))),
    Plan("small", 8, ((5, 0), (3, 0))),
    Plan("small", 8, ((4, 0), (4, 1))),
    Plan("small", 9, ((3, 1), (4, 0), (5, 0))),
    Plan("large", 10, ((5, 0),)),
    Plan("large", 11, ((5, 1),)),
    Plan("large", 12, ((5, 0), (6, 0))),
    Plan("large", 14, ((6, 0), (5, 1))),
    Plan("large", 16, ((6, 0), (6, 0))),
    Plan("large", 18, ((5, 0), (6, 0), (5, 1))),
    Plan("large", 20, ((6, 0), (5, 0))),
    Plan("large", 22, ((6, 0), (6, 0), (5, 0))),
    Plan("large", 24, ((6, 0), (5, 1), (6, 0), (5, 0))),
    Plan("one short", 5, ((2, 1),)),
    Plan("one short", 6, ((2, 2),)),
    Plan("one short", 9, ((2, 1), (2, 2))),
    Plan("one short", 10, ((4, 1),)),
    Plan("one short", 15, ((4, 2), (4, 1))),
    Plan("one short", 21, ((4, 2), (4, 1))),
    Plan("remainder", 5, ((4, 0),)),
    Plan("remainder", 6, ((5, 0),)),
    Plan("remainder", 6, ((6, 0),)),
    Plan("remainder", 7, ((5, 1),)),
    Plan("remainder", 10, ((6, 0),)),
    Plan("few changed", 6, ((3, 0),), "leave", 1),
    Plan("few changed", 7, ((3, 0),), "withdraw", 1),
    Plan("few changed", 8, ((4, 0),), "leave", 2),
    Plan("few changed", 7, ((2, 1),), "join", 1),
    Plan("few changed", 10, ((4, 0),), "bystander leaves", 1),
    Plan("few changed", 12, ((5, 0),), "withdraw", 2),
    Plan("enough changed", 9, ((3, 0),), "withdraw", 3),
    Plan("enough changed", 7, ((2, 0),), "join", 3),
    Plan("enough changed", 11, ((5, 1),), "leave", 3),
)


@dataclass
class Shelf:
    """The texts, and which of them one group has used."""

    texts: Mapping[str, Row]
    topics: Sequence[str]  # that can be planted: those for which texts were written
    used: set[str] = field(default_factory=set)

    def about(self, topic: str) -> list[str]:
        """Texts that are chiefly about this."""
        return [key for key, row in self.texts.items() if row["situations"][:1] == [topic]]

    def others(self, strangers: bool) -> list[str]:
        """Unused texts about nothing, or about something that is never planted."""
        return [
            key
            for key, row in self.texts.items()
            if bool(row["situations"]) is not strangers
            and key not in self.used
            and not set(self.topics) & set(row["situations"])
        ]


def rows(texts: Mapping[str, Row]) -> Iterator[dict[str, Any]]:
    """The texts that are used, then the groups."""
    dice = random.Random(SEED)
    own = [key for key in texts if key.startswith(OWN)]
    topics = sorted({texts[key]["situations"][0] for key in own})
    groups = [_group(f"t{n:02d}", plan, Shelf(texts, topics), dice) for n, plan in enumerate(PLANS, 1)]
    people = [member for one in groups for member in (*one["members"], *one["later"]["joined"])]
    used = {*own, *(text for member in people for text in member["texts"])}
    for key in sorted(used):
        yield {"row": "text", "id": key, "situations": texts[key]["situations"], "text": texts[key]["text"]}
    yield from groups


def _group(key: str, plan: Plan, shelf: Shelf, dice: random.Random) -> dict[str, Any]:
    joining = plan.movers if plan.later == "join" else 0
    topics = dice.sample(shelf.topics, len(plan.topics))
    silent = max(without for _, without in plan.topics)
    people = [_member(n, n > silent) for n in range(1, plan.size + joining + 1)]
    members, newcomers = people[: plan.size], people[plan.size :]
    bystanders = members[-1:] if plan.later == "bystander leaves" else []
    for topic, (yes, no) in zip(topics, plan.topics, strict=True):
        able = [one for one in members if len(one["texts"]) < MOST_TEXTS and one not in bystanders]
        authors = dice.sample([one for one in able if one["consents"]], yes)
        authors += [*dice.sample([one for one in able if not one["consents"]], no), *newcomers]
        for author, text in zip(authors, dice.sample(shelf.about(topic), len(authors)), strict=True):
            author["texts"].append(text)
            shelf.used.add(text)
    for one in members:
        _fill(one, shelf, dice, only_strangers=one in bystanders)
    return {
        "row": "group",
        "id": key,
        "cluster": key,
        "kind": plan.kind,
        "members": members,
        "planted": topics,
        "canaries": _canaries(members, dice),
        "later": _later(plan, members, newcomers, topics[0], shelf.texts),
    }


def _member(number: int, consents: bool) -> dict[str, Any]:
    return {"id": f"p{number:02d}", "consents": consents, "texts": []}


def _fill(member: dict[str, Any], shelf: Shelf, dice: random.Random, only_strangers: bool) -> None:
    """Give a member one to four texts, the rest of them strangers or about something else."""
    wanted = max(1, min(MOST_TEXTS, len(member["texts"]) + dice.choice((0, 1, 1, 2))))
    while len(member["texts"]) < wanted:
        text = dice.choice(shelf.others(only_strangers or dice.random() < STRANGE))
        member["texts"].append(text)
        shelf.used.add(text)
    dice.shuffle(member["texts"])


def _canaries(members: Sequence[Row], dice: random.Random) -> dict[str, str]:
    few = dice.sample([one["id"] for one in members], CANARIES)
    return {one: f"CNRY-{one}-{dice.getrandbits(64):016x}" for one in sorted(few)}


def _later(
    plan: Plan, members: Sequence[Row], newcomers: Sequence[Row], topic: str, texts: Mapping[str, Row]
) -> dict[str, list[Any]]:
    """Who leaves, withdraws or joins before the second period; nobody where there is none."""
    authors = [
        one["id"]
        for one in members
        if one["consents"] and any(texts[text]["situations"][:1] == [topic] for text in one["texts"])
    ]
    movers = authors[: plan.movers]
    left = {"leave": movers, "bystander leaves": [members[-1]["id"]]}.get(plan.later, [])
    return {
        "left": left,
        "withdrawn": movers if plan.later == "withdraw" else [],
        "joined": list(newcomers),
    }


def lines() -> str:
    """The whole file."""
    old = [json.loads(line) for line in OUT.read_text(encoding="utf-8").splitlines()]
    labelled = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    own = [row for row in old if row["row"] == "text" and row["id"].startswith(OWN)]
    texts = {row["id"]: row for row in (*own, *labelled)}
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(texts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        OUT.write_text(lines(), encoding="utf-8")
    elif OUT.read_text(encoding="utf-8") != lines():
        sys.exit("evals/data/topics.jsonl is not what this script draws from the files as they are now.")


if __name__ == "__main__":
    main()
