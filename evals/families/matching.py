"""Matching: are peers near, and is nobody ever shown to somebody they must not meet?

Each case is a made cohort in a store of its own. A few of its members write three reflections each, and the
product's own service finds peers for them. Who may be shown, and how good the best set of hints would have
been, is worked out again in evals/scorers/cohorts.py.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np

from coach.adapters.crypto import MasterKey
from coach.adapters.sql.store import open_store
from coach.domain.model import PROGRAMME, Card, Group, PeerHint, Role, SituationHit
from coach.ports import Matrix, People
from coach.services import peers
from coach.services.peers import MOST, PeerService
from evals.model import Guard, Json, Metric, Mode, Output, Sample, Score, System, Task
from evals.scorers.cohorts import Cohort, unit

DATA = Path(__file__).parent.parent / "data" / "matching.jsonl"
BARRED = ("oneself", "reporting_line", "avoid_list", "unapproved", "scope", "inactive")
OTHER = ("named", "stretched", "crowded", "order", "traceable")
_MOMENT = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)


def task() -> Task:
    """The family as a task."""
    return Task(
        name="matching",
        modes=frozenset({Mode.EMBEDDED}),  # no model takes part in it
        metrics=(
            Metric("optimality", Guard.PRIMARY, 0.02),
            *(Metric(name, Guard.ZERO, higher_is_better=False) for name in (*BARRED, *OTHER)),
            Metric("worst_off", Guard.SHOWN),
            Metric("met", Guard.SHOWN),
            Metric("repeats", Guard.SHOWN, higher_is_better=False),
        ),
        dataset=DATA.name,
        samples=samples,
        solve=solve,
        score=score,
        prompted=False,
    )


def samples(file: Path = DATA) -> list[Sample]:
    """The cohorts, one a line: id, cluster, size, members, groups, cards, asked."""
    rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return [
        Sample(
            id=row["id"],
            cluster=row["cluster"],
            input=row,
            slices={"size": "6-17" if row["size"] < 18 else "18-28" if row["size"] < 29 else "29-40"},
        )
        for row in rows
    ]


def solve(system: System, sample: Sample, epoch: int) -> Output:
    """Fill a store, ask the service for each reflection, and once more with everything in another order."""
    del system, epoch  # peers hang neither on prompts nor on chance
    with tempfile.TemporaryDirectory(prefix="coach-eval-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        key = MasterKey.load(Path(folder) / "key" / "master.key", data)
        with open_store(f"sqlite:///{data / 'coach.db'}", key, lambda: _MOMENT) as store:
            ids = fill(store.people, sample.input)
            value = ask(store.people, sample.input, ids)
    return Output(value, _as_text(value))


def score(sample: Sample, output: Output) -> Mapping[str, Score]:
    """Every constraint, and what the hints are worth beside the best set."""
    cohort, told = Cohort.of(sample.input), output.value["asked"]
    wrongs: dict[str, list[str]] = {name: [] for name in (*BARRED, *OTHER)}
    ratios, owners = [], []
    best = reached = 0.0
    for asked, hints in zip(sample.input["asked"], told, strict=True):
        told_by = cohort.shown(hints["reasons"])
        shown = [one or other for one, other in zip(told_by, hints.get("cards", told_by), strict=True)]
        for name, some in _wrongs(cohort, asked, hints, shown).items():
            wrongs[name] += [f"{asked['member']}: {one}" for one in some]
        cards = [key for key in shown if key is not None]
        possible, real = cohort.best(asked), sum(cohort.worth(asked, key) for key in dict.fromkeys(cards))
        best, reached = best + possible, reached + real
        ratios.append(real / possible if possible else 1.0)
        owners.append((str(asked["member"]), [str(cohort.cards[key]["owner"]) for key in cards]))
    wrongs["traceable"] += output.value["traceable"]
    return {
        **{name: Score(float(bool(some)), "; ".join(some[:5])) for name, some in wrongs.items()},
        "optimality": Score(reached / best if best else 1.0),
        "worst_off": Score(min(ratios)),
        "met": Score(sum(bool(some) for _, some in owners) / len(owners)),
        "repeats": Score(_repeats(owners)),
    }


def fill(people: People, row: Json) -> dict[str, str]:
    """Put a cohort into an empty store.

    Returns:
        The store's ids of the cohort's members and groups.
    """
    ids = {
        one["id"]: people.add_member(
            one["name"], f"{row['id']}-{one['id']}@example.invalid", (Role.MANAGER,), one["function"]
        ).id
        for one in row["members"]
    }
    for group in row["groups"]:
        ids[group["id"]] = people.add_group(group["id"]).id
        for member in group["members"]:
            people.join(ids[group["id"]], ids[member])
    for one in row["members"]:
        if one["reports_to"] is not None:
            people.set_reports_to(ids[one["id"]], ids[one["reports_to"]])
        people.set_avoid(ids[one["id"]], [ids[other] for other in one["avoids"]])
        people.set_active(ids[one["id"]], one["active"])
    for one in row["cards"]:
        people.put_card(_card(one, ids), unit(one["vector"])[0].tolist())
    return ids


def _card(one: Json, ids: Mapping[str, str]) -> Card:
    scope = PROGRAMME if one["scope"] == PROGRAMME else ids[one["scope"]]
    situations, owner = tuple(one["situations"]), ids[one["owner"]]
    return Card(one["id"], owner, "Two lines.", situations, scope, one["approved"], one["hint"])


def ask(people: People, row: Json, ids: Mapping[str, str]) -> Json:
    """The hints for each reflection, plain and with all in another order; and refs that tell too much.

    Args:
        people: with the cohort in it.
        row: the case.
        ids: as `fill` gave them.
    """
    service = PeerService(people)
    seen: dict[str, str] = {}
    told: list[Json] = []
    traceable: list[str] = []
    cards = [_card(one, ids) for one in row["cards"]]
    for place, asked in enumerate(row["asked"]):
        member, vectors = ids[asked["member"]], np.concatenate([unit(one) for one in asked["vectors"]])
        near = [SituationHit(key, key, 0.5) for key in asked["situations"]]
        hints = service.near(member, near, vectors)
        turned = PeerService(cast(People, _Shuffled(people, place)))
        again = turned.near(member, near[::-1], np.ascontiguousarray(vectors[::-1]))
        # A reason that says only "something near to this" names no card; its ref does.
        behind = {peers.ref_of(member, card): card.id for card in cards}
        told.append(
            {
                "reasons": [one.reason for one in hints],
                "again": [one.reason for one in again],
                "cards": [behind.get(one.ref) for one in hints],
            }
        )
        traceable += ["one ref for two peers"] if len(behind) < len(cards) else []
        for hint in hints:
            traceable += _traces(hint, member, ids.values(), seen)
    return {"asked": told, "traceable": traceable}


@dataclass(frozen=True, slots=True)
class _Shuffled:
    """The same people; what comes as a list comes in another order."""

    people: People
    seed: int

    def __getattr__(self, name: str) -> Any:
        return getattr(self.people, name)

    def cards(self, scopes: Sequence[str]) -> list[tuple[Card, Matrix]]:
        found = self.people.cards(scopes)
        random.Random(self.seed).shuffle(found)  # noqa: S311 - an order, not a secret
        return found

    def groups_of(self, member_id: str) -> list[Group]:
        return self.people.groups_of(member_id)[::-1]


def _traces(hint: PeerHint, viewer: str, ids: Iterable[str], seen: dict[str, str]) -> list[str]:
    """Whether a ref shows an id, or is the same for two viewers: then they could compare notes."""
    found = [] if seen.setdefault(hint.ref, viewer) == viewer else ["one ref for two viewers"]
    return found + ["an id stands in a ref" for one in ids if one in hint.ref]


def _wrongs(
    cohort: Cohort, asked: Json, hints: Json, shown: Sequence[str | None]
) -> Mapping[str, Sequence[str]]:
    """What is wrong with the hints for one reflection, by metric."""
    viewer, reasons = str(asked["member"]), list(hints["reasons"])
    cards = [key for key in shown if key is not None]
    found: dict[str, list[str]] = {name: [] for name in (*BARRED, *OTHER)}
    for key in cards:
        for name in cohort.wrongs(viewer, key):
            found[name].append(key)
        if not cohort.worth(asked, key):
            found["stretched"].append(key)
    found["stretched"] += [
        key
        for key, reason in zip(shown, reasons, strict=True)
        if key is not None and cohort.cards[key]["hint"] in reason and not cohort.same(asked, key)
    ]
    found["named"] = [f"{name} in {reason!r}" for reason in reasons for name in cohort.names_in(reason)]
    owners = [cohort.cards[key]["owner"] for key in cards]
    if len(reasons) > MOST or len(set(owners)) < len(owners) or None in shown:
        found["crowded"].append("; ".join(reasons))
    if hints["again"] != reasons:
        found["order"].append(f"{reasons} became {hints['again']}")
    return found


def _repeats(shown: Sequence[tuple[str, Sequence[str]]]) -> float:
    """Share of the hints whose peer the same member was shown before."""
    met: set[tuple[str, str]] = set()
    again = total = 0
    for member, owners in shown:
        pairs = {(member, owner) for owner in owners}
        again, total = again + len(pairs & met), total + len(pairs)
        met |= pairs
    return again / total if total else 0.0


def _as_text(value: Json) -> str:
    return "\n".join("; ".join(one["reasons"]) or "(nobody)" for one in value["asked"])
