"""Peers who met the same: by what they have met, never by name, past every firewall."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from coach.domain.model import PROGRAMME, Card, Group, PeerHint, Role, SituationHit
from coach.errors import Sentence
from coach.ports import Matrix, People

MOST = 3
LIKELY = 0.15  # chance from which a situation that is not the first is one the reflection shares with a card
SHARED = 3  # situations that are looked at for it
NEAR = 0.20  # cosine of card and reflection when they share a situation
NEARER = 0.42  # when they do not
FEWEST = 3  # active managers of a function, so that its name is not the name of one of them
COUNTED = 60.0  # seconds for which a count of functions holds: it opens every account's profile


def scopes_of(member_id: str, groups: Iterable[Group]) -> list[str]:
    """What a member may be shown of: the programme, and groups that they belong to.

    Facilitating a group opens nothing that its members put into it.
    """
    return [PROGRAMME, *(group.id for group in groups if member_id in group.member_ids)]


class PeerService:
    """Finds peers; introduces nobody."""

    def __init__(self, people: People, clock: Callable[[], float] = time.monotonic) -> None:
        """
        Args:
            people: accounts, cards and firewalls.
            clock: seconds, never going back.
        """
        self._people = people
        self._clock = clock
        self._counted = (-COUNTED, Counter[str]())

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
            One hint a peer, nearest first. Empty when nobody is near: nobody is stretched to fit. What a peer
            met ("who also ...") is said only where the card is about a likely situation of the reflection.
        """
        if not situations:
            return ()
        if scopes is None:
            scopes = scopes_of(member_id, self._people.groups_of(member_id))
        shared = {
            hit.id for place, hit in enumerate(situations[:SHARED]) if place == 0 or hit.score >= LIKELY
        }
        near: list[tuple[float, Card, bool]] = []
        for card, vector in self._people.cards(scopes):
            if card.owner_id == member_id:
                continue
            likeness = float(np.max(vectors @ vector.reshape(-1)))
            same = bool(shared & set(card.situations))
            if likeness >= (NEAR if same else NEARER):
                near.append((likeness + (0.2 if same else 0.0), card, same))
        near.sort(key=lambda found: (-found[0], found[1].id))
        return self._hints(member_id, [(card, same) for _, card, same in near])

    def _hints(self, member_id: str, cards: Sequence[tuple[Card, bool]]) -> tuple[PeerHint, ...]:
        if not cards:
            return ()
        barred = self._people.avoid(member_id) | self._people.reporting_line(member_id)
        hints: dict[str, PeerHint] = {}
        for card, same in cards:
            if len(hints) == MOST:
                break
            if card.owner_id in barred or card.owner_id in hints:
                continue
            owner = self._people.member(card.owner_id)
            if owner.active:
                function = owner.function if self._is_shared(owner.function) else ""
                hints[card.owner_id] = PeerHint(ref_of(member_id, card), _reason(function, card, same))
        return tuple(hints.values())

    def _is_shared(self, function: str) -> bool:
        """Whether enough people have this function: the only nurse of a programme is known by it."""
        then, count = self._counted
        if self._clock() - then >= COUNTED:
            managers = (one for one in self._people.members() if one.active and Role.MANAGER in one.roles)
            count = Counter(_plain(one.function) for one in managers)
            self._counted = (self._clock(), count)
        return count[_plain(function)] >= FEWEST


def _plain(function: str) -> str:
    return " ".join(function.casefold().split())


def ref_of(member_id: str, card: Card) -> str:
    """Opaque, and another one for every viewer, so that two members cannot compare notes."""
    return hashlib.sha256(f"{member_id}|{card.id}".encode()).hexdigest()[:24]


def _reason(function: str, card: Card, same: bool = True) -> str:
    """By the card's own words where it is about the same situation; otherwise only that it is near."""
    if card.hint and same:
        if function:
            return Sentence("Someone in {words}", words=f"{function} {card.hint}")
        return Sentence("Someone in the programme {words}", words=card.hint)
    if function:
        return Sentence("Someone in {function} has met something near to this", function=function)
    return "Someone in the programme has met something near to this"
