"""Two members and two groups in a store of their own: can one read what belongs to the other?

Everything goes through the program's services over its real store and index. Each scene also looks for the
secret as somebody who may read it: a secret that nobody finds would prove nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from coach.adapters.outgoing import outgoing
from coach.bootstrap import Coach
from coach.domain.model import PROGRAMME, Brief, Card, Document, DocumentKind, Draft, Role, Turn
from coach.domain.turn_json import turn_to_dict
from coach.errors import NotFound
from coach.ports import Writer
from coach.services.ingest import quiet
from coach.services.peers import PeerService
from coach.services.reading import read
from coach.services.reflect import ReflectService
from evals.model import Json, System
from evals.scorers.canaries import phrase_in

OWNER, OWNER_NAME = "owner@example.org", "Araminta Quillfeather"
ASKER, ASKER_NAME = "asker@example.org", "Caspian Tolliver"


@dataclass(frozen=True, slots=True)
class Seen:
    """What came out of a scene.

    Attributes:
        leaks: "outlet: canary" of everything that was read by the wrong person; none is right.
        unproved: ids of secrets that their own readers did not find: the scene is worth nothing then.
    """

    leaks: tuple[str, ...]
    unproved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Scene:
    coach: Coach
    service: ReflectService
    briefs: list[Brief]
    owner: str
    asker: str
    owners: str  # the group of the owner
    askers: str


def another_group(system: System, cases: Sequence[Json]) -> Seen:
    """Cases of a group the asker is not in, and reflections that are as near to them as can be."""
    with _opened(system, together=False) as scene:
        documents = [_document(one, scene.owners) for one in cases]
        scene.coach.ingest.take((), documents, scene.owners, quiet)
        unproved = [one["id"] for one in cases if one["id"] not in _search(scene, scene.owners, one["near"])]
        leaks: list[str] = []
        for one in cases:
            turn = _asked(scene, scene.asker, str(one["near"]))
            shown = {passage.id for passage in (*turn.cases, *turn.guidelines)}
            leaks += [f"shown: {key}" for key in sorted(shown & {str(case["id"]) for case in cases})]
            leaks += _readable(scene, turn, one)
            if one["id"] in _search(scene, scene.askers, str(one["near"])):
                leaks.append(f"search: {one['id']}")
            leaks += [f"document: {one['id']}" for _ in _opens(scene, str(one["id"]))]
        return Seen(tuple(leaks), tuple(unproved))


def another_member(system: System, cases: Sequence[Json]) -> Seen:
    """Reflections of one member, and the same troubles met by another in the same group."""
    with _opened(system, together=True) as scene:
        kept: list[str] = []
        for one in cases:
            entry = scene.service.ask(scene.owner, None, str(one["body"]))
            kept.append(entry.conversation_id)
            _card(scene, one)
        mine = {one.id for one in scene.coach.journal.conversations(scene.owner)}
        unproved = [key for key in kept if key not in mine]
        leaks: list[str] = []
        offered = 0
        for one in cases:
            turn = _asked(scene, scene.asker, str(one["near"]))
            offered += len(turn.peers)
            leaks += _readable(scene, turn, one)
            leaks += [
                f"journal search: {canary}"
                for canary in one["canaries"]
                if scene.coach.journal.search(scene.asker, str(canary))
            ]
        leaks += [f"journal: {key}" for key in kept if _reads(scene, key)]
        export = scene.coach.journal.export(scene.asker, "json")
        leaks += [f"export: {canary}" for one in cases for canary in _in(export, one)]
        return Seen(tuple(leaks), (*unproved, *(() if offered else ("no peer was offered",))))


@contextmanager
def _opened(system: System, together: bool) -> Iterator[_Scene]:
    with system.own_coach() as coach:
        people = coach.parts.people
        owner = people.add_member(OWNER_NAME, OWNER, [Role.MANAGER], "archives").id
        asker = people.add_member(ASKER_NAME, ASKER, [Role.MANAGER], "logistics").id
        owners = people.add_group("The first table").id
        askers = owners if together else people.add_group("The second table").id
        people.join(owners, owner)
        people.join(askers, asker)
        briefs: list[Brief] = []
        thinking = replace(coach.thinking, writer=_Overheard(coach.thinking.bank, briefs))
        parts = coach.parts
        service = ReflectService(
            thinking, parts.journal, parts.library, people, PeerService(people), parts.clock
        )
        yield _Scene(coach, service, briefs, owner, asker, owners, askers)


class _Overheard:
    """Implements ports.Writer: the bank writes, and what a model would have been given is noted."""

    name = "bank"

    def __init__(self, bank: Writer, briefs: list[Brief]) -> None:
        self._bank = bank
        self._briefs = briefs

    def write(self, brief: Brief, failed: Sequence[str] = ()) -> Draft:
        self._briefs.append(brief)
        return self._bank.write(brief, failed)


def _asked(scene: _Scene, member: str, text: str) -> Turn:
    scene.briefs.clear()
    turn = scene.service.ask(member, None, text).turn
    if turn is None:
        raise LookupError("The service gave no turn.")
    return turn


def _readable(scene: _Scene, turn: Turn, secret: Json) -> list[str]:
    """Canaries in the whole turn as it is kept and shown, and in what a model would have been sent."""
    outlets: dict[str, Any] = {
        "turn": turn_to_dict(turn),
        "request": [dict(outgoing(brief).values) for brief in scene.briefs],
    }
    return [
        f"{outlet}: {canary}"
        for outlet, told in outlets.items()
        for canary in _in(json.dumps(told, ensure_ascii=False), secret)
    ]


def _in(text: str, secret: Json) -> list[str]:
    wanted = (*(str(one) for one in secret["canaries"]), *OWNER_NAME.split(), OWNER)
    return [one for one in wanted if phrase_in(one, text)]


def _document(one: Json, scope: str) -> Document:
    key, title, body = str(one["id"]), str(one["title"]), str(one["body"])
    return Document(key, DocumentKind.CASE, scope, title, body, content_hash=key)


def _search(scene: _Scene, group: str, text: str) -> list[str]:
    reading = read(text, scene.coach.parts.embedder)
    return [found.id for found in scene.coach.retriever.search(reading, [PROGRAMME, group])]


def _opens(scene: _Scene, document: str) -> list[Document]:
    try:
        return [scene.service.document(scene.asker, document)]
    except NotFound:
        return []


def _reads(scene: _Scene, conversation: str) -> bool:
    try:
        scene.coach.journal.conversation(scene.asker, conversation)
    except NotFound:
        return False
    return True


def _card(scene: _Scene, one: Json) -> None:
    """A card the owner approved: it may be shown as a hint, and its author may not."""
    reading = read(str(one["near"]), scene.coach.parts.embedder)
    key = str(one["id"])
    card = Card(key, scene.owner, "Two lines without a name.", (), scene.owners, True, "who has met it too")
    scene.coach.parts.people.put_card(card, [float(value) for value in reading.vectors[0]])
