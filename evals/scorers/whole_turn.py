"""One reflection through the service that the page calls: saved, answered, matched with peers, saved.

`System.turn` answers a text that belongs to nobody, so it has no peers. Here the product's own
`ReflectService` runs around it, over one member in memory who has a peer that fits every text: a peer is
then missing only because the service kept it back.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import cast

from coach.domain.model import PROGRAMME, Card, Entry, Group, Member, Role, Turn
from coach.domain.text import accept
from coach.ports import Journal, Matrix, People
from coach.services.peers import PeerService
from coach.services.reading import Reading, read
from coach.services.reflect import History, ReflectService, Thinking
from evals.model import Sample, System

MEMBER, PEER = "member", "peer"
NEW = History()  # of a conversation that begins
_MOMENT = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Whole:
    """What became of one reflection.

    Attributes:
        turn: as the page gets it, peers included.
        saved: the reflection and its turn are both in the journal.
        requests: bodies that left for a model on the way.
    """

    turn: Turn
    saved: bool
    requests: int


def whole_turn(system: System, sample: Sample, epoch: int, text: str, names: Sequence[str] = ()) -> Whole:
    """Send a text the whole way.

    Args:
        names: the member's roster.

    Raises:
        InfrastructureFault: the model's server failed.
    """
    cleaned = accept(text)
    reading = read(cleaned, system.coach.parts.embedder)
    answering = _Answering(system, sample, epoch, reading)
    journal, people = _Journal(), _People(tuple(names), reading.whole)
    service = ReflectService(
        cast(Thinking, answering),
        cast(Journal, journal),
        system.coach.parts.library,
        cast(People, people),
        PeerService(cast(People, people)),
        lambda: _MOMENT,
    )
    entry = service.ask(MEMBER, None, text)
    if entry.turn is None:
        raise LookupError("The service gave no turn.")
    saved = journal.texts == {entry.id: cleaned} and list(journal.turns) == [entry.id]
    return Whole(entry.turn, saved, len(system.requests(sample, epoch)))


@dataclass(frozen=True, slots=True)
class _Answering:
    """Stands where `Thinking` stands: the arm under test answers."""

    system: System
    sample: Sample
    epoch: int
    reading: Reading
    limit: int = 20_000

    def turn(
        self, text: str, scopes: Sequence[str], history: History = NEW, names: Sequence[str] = ()
    ) -> tuple[Turn, Reading]:
        del scopes  # a system searches the programme's texts and no others
        return self.system.turn(self.sample, self.epoch, text, history, names), self.reading


@dataclass(slots=True)
class _Journal:
    """As much of ports.Journal as one reflection needs."""

    texts: dict[str, str] = field(default_factory=dict)
    turns: dict[str, Turn] = field(default_factory=dict)

    def add_reflection(self, member_id: str, conversation_id: str | None, text: str) -> Entry:
        entry = Entry(uuid.uuid4().hex, conversation_id or member_id, text, _MOMENT)
        self.texts[entry.id] = text
        return entry

    def add_turn(self, member_id: str, entry_id: str, turn: Turn, vectors: Matrix | None = None) -> None:
        del member_id, vectors
        self.turns[entry_id] = turn

    def asked_since(self, member_id: str, since: datetime, most: int) -> list[str]:
        del member_id, since, most
        return []


_MEMBERS: Mapping[str, Member] = MappingProxyType(
    {
        key: Member(key, name, f"{key}@example.org", frozenset({Role.MANAGER}), function)
        for key, name, function in ((MEMBER, "Lindiwe Aaltonen", "logistics"), (PEER, "A Peer", "nursing"))
    }
)


@dataclass(frozen=True, slots=True)
class _People:
    """As much of ports.People as one reflection needs."""

    names: tuple[str, ...]
    vector: Matrix

    def member(self, member_id: str) -> Member:
        return _MEMBERS[member_id]

    def members(self) -> list[Member]:
        return list(_MEMBERS.values())

    def roster(self, member_id: str) -> list[str]:
        del member_id
        return list(self.names)

    def groups_of(self, member_id: str) -> list[Group]:
        del member_id
        return []

    def cards(self, scopes: Sequence[str]) -> list[tuple[Card, Matrix]]:
        """A card exactly where the reflection is: nothing could be nearer."""
        del scopes
        return [(Card("card", PEER, "Two lines of a peer.", (), PROGRAMME, True), self.vector)]

    def avoid(self, member_id: str) -> frozenset[str]:
        del member_id
        return frozenset()

    reporting_line = avoid
