"""A made cohort: who may meet whom, worked out again from the case itself, and the best that could be shown.

Nothing of the service's rules is imported but its three numbers: who is barred is decided here a second
time, from the case and in another way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.domain.model import PROGRAMME
from coach.ports import Matrix
from coach.services.peers import MOST, NEAR, NEARER

SAME = 0.2  # what a shared situation adds to the likeness of a card
SHARED = 3  # situations of a reflection that count

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cohort:
    """One case of the matching family, ready to be asked.

    Attributes:
        members, cards: rows of the case by id.
        groups: members of each group.
    """

    members: Mapping[str, Row]
    cards: Mapping[str, Row]
    groups: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, row: Row) -> Cohort:
        return cls(
            {one["id"]: one for one in row["members"]},
            {one["id"]: one for one in row["cards"]},
            {one["id"]: frozenset(one["members"]) for one in row["groups"]},
        )

    def wrongs(self, viewer: str, card_id: str) -> list[str]:
        """Why this card may not be shown to this member; none when it may."""
        card = self.cards[card_id]
        owner = str(card["owner"])
        scope = str(card["scope"])
        found = {
            "oneself": owner == viewer,
            "reporting_line": owner != viewer and (self._above(owner, viewer) or self._above(viewer, owner)),
            "avoid_list": self._avoids(owner, viewer) or self._avoids(viewer, owner),
            "unapproved": not card["approved"],
            "scope": scope != PROGRAMME and viewer not in self.groups[scope],
            "inactive": not self.members[owner]["active"],
        }
        return [name for name, wrong in found.items() if wrong]

    def worth(self, asked: Row, card_id: str) -> float:
        """How near a card is to a reflection; 0 when it is not near enough to be shown."""
        card = self.cards[card_id]
        rows = np.stack([unit(one)[0] for one in asked["vectors"]])
        likeness = float(np.max(rows @ unit(card["vector"])[0]))
        same = self.same(asked, card_id)
        if not asked["situations"] or likeness < (NEAR if same else NEARER):
            return 0.0
        return likeness + (SAME if same else 0.0)

    def same(self, asked: Row, card_id: str) -> bool:
        """Whether a card is about one of the first situations of a reflection."""
        return bool(set(asked["situations"][:SHARED]) & set(self.cards[card_id]["situations"]))

    def best(self, asked: Row) -> float:
        """The most that hints to different peers can be worth, by trying every set of them."""
        peers: dict[str, float] = {}
        for key, card in self.cards.items():
            if not self.wrongs(str(asked["member"]), key):
                owner = str(card["owner"])
                peers[owner] = max(peers.get(owner, 0.0), self.worth(asked, key))
        worths = [one for one in peers.values() if one > 0]
        return max(sum(few) for few in combinations(worths, min(MOST, len(worths)))) if worths else 0.0

    def names_in(self, text: str) -> list[str]:
        """Names of anybody in the cohort, whole or in part, that stand in a text."""
        found = {part for one in self.members.values() for part in str(one["name"]).split()}
        return sorted(part for part in found if part.casefold() in text.casefold())

    def shown(self, reasons: Sequence[str]) -> list[str | None]:
        """The card behind each reason, by its hint: no two cards of a cohort have the same."""
        return [self._behind(reason) for reason in reasons]

    def _behind(self, reason: str) -> str | None:
        # One hint can begin another: the longest that stands in the reason is meant.
        hits = [(len(card["hint"]), key) for key, card in self.cards.items() if card["hint"] in reason]
        return max(hits)[1] if hits else None

    def _above(self, boss: str, member: str) -> bool:
        """Whether somebody is above a member in the reporting line, at any distance."""
        current = self.members[member]["reports_to"]
        while current is not None and current != boss:
            current = self.members[current]["reports_to"]
        return current is not None

    def _avoids(self, one: str, other: str) -> bool:
        return other in self.members[one]["avoids"]


def unit(numbers: Sequence[int]) -> Matrix:
    """Whole numbers as a vector of unit length, (1, dimensions)."""
    row: NDArray[np.float64] = np.asarray(numbers, dtype=np.float64)
    made: Matrix = (row / np.linalg.norm(row)).astype(np.float32)[None, :]
    return made
