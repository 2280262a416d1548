"""Whether an outsider finds a group's case: planted in a store of its own, asked for in its own words."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from coach.bootstrap import Coach, open_coach
from coach.domain.model import PROGRAMME, Document, DocumentKind, Role, Turn
from coach.domain.text import accept
from coach.domain.turn_json import turn_to_json
from coach.errors import NotFound
from coach.services.peers import scopes_of
from coach.services.reading import read

EVERYTHING = 1_000  # places of a ranking: deep enough for the whole library
STRANGERS = ("outsider", "neighbour", "former")
SEEN = 5  # places within which its own group must find a case that has the query's very words


@dataclass(frozen=True, slots=True)
class Trespass:
    """What was found of planted cases.

    Attributes:
        leaks: "who: how, which case", one for each time that somebody found what is not theirs.
        missed: ids that their own group does not find; where all are missed, nothing was tested.
    """

    leaks: tuple[str, ...]
    missed: tuple[str, ...]


def trespass(like: Coach, texts: Mapping[str, str]) -> Trespass:
    """Plant one case a text, and send that text as somebody inside, outside, beside and no longer inside.

    Args:
        like: whose program and shared texts are used, in a throw-away store; it is only read from.
        texts: reflections by id. The planted case has the reflection as its body: nothing could be nearer.

    Returns:
        Leaks, and what the group itself does not find.
    """
    with _throwaway(like) as coach:
        inside, beside = coach.groups.add("Inside"), coach.groups.add("Beside")
        people = {name: _person(coach, name) for name in ("insider", *STRANGERS)}
        for group, name in ((inside, "insider"), (inside, "former"), (beside, "neighbour")):
            coach.groups.join(group.id, people[name])
        coach.groups.leave(inside.id, people["former"])
        planted = {key: _planted(key, text, inside.id) for key, text in texts.items()}
        coach.parts.library.put_documents([_planted("beside", "The lift was out of order again.", beside.id)])
        coach.ingest.take((), planted.values(), inside.id)
        missed = _missed(coach, people["insider"], texts, planted)
        leaks = [leak for name in STRANGERS for leak in _leaks(coach, name, people[name], texts, planted)]
        coach.ingest.take((), (), inside.id)  # everything is withdrawn: now it is nobody's
        leaks += _leaks(coach, "after withdrawal", people["insider"], texts, planted)
    return Trespass(tuple(leaks), missed)


@contextmanager
def _throwaway(like: Coach) -> Iterator[Coach]:
    """The same program over a store of its own, with the same shared texts."""
    parts = like.parts
    shared = {"embedder": parts.embedder, "corpus_embedder": parts.corpus_embedder}
    judges = {"advice": parts.advice, "screener": parts.screener, "signposts": parts.signposts}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="coach-eval-")))
        coach = stack.enter_context(open_coach(like.settings.throwaway(folder), **shared, **judges))
        coach.parts.library.put_documents(parts.library.documents([PROGRAMME]))
        coach.parts.library.put_situations(parts.library.situations())
        yield coach


def _person(coach: Coach, name: str) -> str:
    return coach.parts.people.add_member(f"Probe {name}", f"{name}@probe.invalid", (Role.MANAGER,)).id


def _missed(
    coach: Coach, member: str, texts: Mapping[str, str], planted: Mapping[str, Document]
) -> tuple[str, ...]:
    return tuple(
        key for key, text in texts.items() if planted[key].id not in _ranked(coach, member, text)[:SEEN]
    )


def _leaks(
    coach: Coach, name: str, member: str, texts: Mapping[str, str], planted: Mapping[str, Document]
) -> list[str]:
    """Every way in which a member comes to see a planted case: shown, named, ranked, or opened by its id."""
    found = []
    for key, text in texts.items():
        entry = coach.reflect.ask(member, None, text)
        shown = entry.turn is not None and _told(entry.turn, planted)
        ranked = {document.id for document in planted.values()} & set(_ranked(coach, member, text))
        ways = {"shown": shown, "ranked": ranked, "opened": _opens(coach, member, planted[key].id)}
        found += [f"{name}: {way}, {key}" for way, happened in ways.items() if happened]
    return found


def _told(turn: Turn, planted: Mapping[str, Document]) -> bool:
    """Whether a turn, as it is kept, holds an id or the mark of a planted case."""
    whole = turn_to_json(turn)
    return any(
        document.id in whole or json.dumps(document.title)[1:-1] in whole for document in planted.values()
    )


def _ranked(coach: Coach, member: str, text: str) -> Sequence[str]:
    scopes = scopes_of(member, coach.parts.people.groups_of(member))
    reading = read(accept(text), coach.parts.embedder)
    return [passage.id for passage in coach.retriever.search(reading, scopes, limit=EVERYTHING)]


def _opens(coach: Coach, member: str, document_id: str) -> bool:
    try:
        coach.reflect.document(member, document_id)
    except NotFound:
        return False
    return True


def _planted(key: str, text: str, scope: str) -> Document:
    return Document(
        f"planted.{key}",
        DocumentKind.CASE,
        scope,
        f"Planted mark {key}",
        f"## The situation\n\n{text}",
        questions=("What did it cost?",),
        content_hash=f"planted {key}",
    )
