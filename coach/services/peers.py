"""Peers who met the same: by what they have met, never by name, past every firewall."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from coach.domain.model import PROGRAMME, Card, PeerHint, SituationHit
from coach.errors import Sentence
from coach.ports import Matrix, People

MOST = 3
NEAR = 0.20  # cosine of card and reflection when they share a situation
NEARER = 0.42  # when they do not


class PeerService:
    """Finds peers; introduces nobody."""

    def __init__(self, people: People) -> None:
        self._people = people

    def near(
        self,
        member_id: str,
        situations: Sequence[SituationHit],
        vectors: Matrix,
        scopes: Sequence[str] | None = None,
    ) -> tuple[PeerHint, ...]:
        """Up to three peers whose approved cards are near a reflection.

        Left out: the member's own cards, whoever either of the two avoids, and everyone above or
        below in the reporting line.

        Args:
            member_id: who wrote.
            situations: near situations of the reflection.
            vectors: of the reflection, row 0 the whole text.
            scopes: the programme and the member's groups, where the caller knows them; None looks them up.

        Returns:
            One hint a peer, nearest first. Empty when nobody is near: nobody is stretched to fit.
        """
        if not situations:
            return ()
        if scopes is None:
            scopes = [PROGRAMME, *(group.id for group in self._people.groups_of(member_id))]
        shared = {hit.id for hit in situations[:3]}
        near: list[tuple[float, Card]] = []
        for card, vector in self._people.cards(scopes):
            if card.owner_id == member_id:
                continue
            likeness = float(np.max(vectors @ vector.reshape(-1)))
            same = bool(shared & set(card.situations))
            if likeness >= (NEAR if same else NEARER):
                near.append((likeness + (0.2 if same else 0.0), card))
        near.sort(key=lambda pair: (-pair[0], pair[1].id))
        return self._hints(member_id, [card for _, card in near])

    def _hints(self, member_id: str, cards: Sequence[Card]) -> tuple[PeerHint, ...]:
        barred = (
            self._people.avoid(member_id) | self._people.reporting_line(member_id) if cards else frozenset()
        )
        hints: dict[str, PeerHint] = {}
        for card in cards:
            if len(hints) == MOST:
                break
            if card.owner_id in barred or card.owner_id in hints:
                continue
            if member_id in self._people.avoid(card.owner_id):
                continue
            owner = self._people.member(card.owner_id)
            if owner.active:
                hints[card.owner_id] = PeerHint(_ref(member_id, card), _reason(owner.function, card))
        return tuple(hints.values())


def _ref(member_id: str, card: Card) -> str:
    """Opaque, and another one for every viewer, so that two members cannot compare notes."""
    return hashlib.sha256(f"{member_id}|{card.id}".encode()).hexdigest()[:24]


def _reason(function: str, card: Card) -> str:
    if card.hint:
        if function:
            return Sentence("Someone in {words}", words=f"{function} {card.hint}")
        return Sentence("Someone in the programme {words}", words=card.hint)
    if function:
        return Sentence("Someone in {function} has met something near to this", function=function)
    return "Someone in the programme has met something near to this"
