"""A scripted coach behind the real pages: everything in memory, answers chosen by a word in the text.

It speaks the facade of ui/facade.py and keeps the promises that the pages rely on: the owner is part of
every question, links work once, sessions live under a hash.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from coach.domain.model import (
    PROGRAMME,
    Access,
    Conversation,
    Document,
    DocumentKind,
    Entry,
    Lens,
    Member,
    Origin,
    Outcome,
    Passage,
    PeerHint,
    Question,
    Role,
    Screening,
    ScreenKind,
    SituationHit,
    Stage,
    Turn,
)
from coach.domain.text import accept
from coach.errors import NotFound, Sentence, SignInFailed, StoreUnavailable, Unanswered, UserError
from coach.services.accounts import Opened
from coach.services.journal import Captions

NOT_SAVED = "Nothing of this step was saved; keep the text and try again in a moment."
ASK_FOR_A_LINK = "Please ask the person who runs your programme for a new link."

CASE = Document(
    id="case-slides",
    kind=DocumentKind.CASE,
    scope=PROGRAMME,
    title="Rewriting the report every Thursday night",
    body=(
        "## The situation\n\nA head of analytics had taken over a team of six. Each Thursday the report came"
        " in, and each Thursday night she wrote half of it again.\n\n"
        "## What made it hard\n\nThe report went to the board with her name on it. Talking about quality felt"
        " like talking about trust.\n\n"
        "## What was tried\n\n- A checklist, which nobody opened.\n- Reading the first page together on"
        " Tuesdays, before anything was finished.\n\n"
        "## What happened\n\nThe Tuesdays stayed. The nights became fewer, though not none:"
        " *some weeks she still opened the file.*\n\n"
        "## What we would ask next\n\n- What does the other person believe you want from them?\n"
        "- Who would notice if you did not open the file?"
    ),
    situations=("delegation.redoing-work",),
    questions=(
        "What does the other person believe you want from them?",
        "Who would notice if you did not open the file?",
    ),
    outcome=Outcome.MIXED,
    function="analytics",
    setting="public agency",
)
GUIDELINE = Document(
    id="guideline-mirror",
    kind=DocumentKind.GUIDELINE,
    scope=PROGRAMME,
    title="Say back before you ask",
    body="One person speaks. Before anyone asks, somebody says back in one sentence what they heard.",
    source="Practice of peer groups",
)


@dataclass(frozen=True, slots=True)
class FakeOidc:
    issuer: str
    client_id: str = "coach"
    client_secret: str = "not-a-secret"
    name: str = "Northwind"


@dataclass(frozen=True, slots=True)
class FakeSettings:
    base_url: str = ""
    deadline_seconds: float = 5.0
    reflection_limit: int = 20_000
    model: str = ""
    model_base_url: str = ""
    writer_name: str = "bank"
    oidc: FakeOidc | None = None


class FakeSessions:
    def __init__(self) -> None:
        self.rows: dict[bytes, tuple[bytes, str, datetime]] = {}
        self.generations: dict[str, int] = {}

    def read(self, id_hash: bytes) -> bytes | None:
        row = self.rows.get(id_hash)
        return row[0] if row and row[2] > datetime.now(UTC) else None

    def generation(self, member_id: str) -> int:
        return self.generations.get(member_id, 0)

    def write(
        self,
        id_hash: bytes,
        payload: bytes,
        member_id: str,
        expires_at: datetime,
        generation: int | None = None,
    ) -> None:
        if generation not in (None, self.generation(member_id)):
            raise SignInFailed(
                "This account was signed out everywhere at the same moment.", "Please sign in again."
            )
        self.rows[id_hash] = (payload, member_id, expires_at)

    def remove(self, id_hash: bytes) -> None:
        self.rows.pop(id_hash, None)

    def remove_all(self, member_id: str) -> None:
        self.generations[member_id] = self.generation(member_id) + 1
        for id_hash in [key for key, row in self.rows.items() if row[1] == member_id]:
            del self.rows[id_hash]


@dataclass
class Book:
    """What the services below share."""

    members: dict[str, Member] = field(default_factory=dict)
    entries: dict[str, list[Entry]] = field(default_factory=dict)  # member id -> in the order of writing
    log: dict[str, list[Access]] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    rosters: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)  # token -> member id
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, member_id: str, action: str, actor_id: str = "") -> None:
        self.log.setdefault(member_id, []).append(Access(datetime.now(UTC), actor_id or member_id, action))


class FakeReflect:
    def __init__(self, book: Book, settings: FakeSettings) -> None:
        self.book, self.settings = book, settings

    def ask(self, member_id: str, conversation_id: str | None, text: str) -> Entry:
        text = accept(text, self.settings.reflection_limit)
        if "FULLDISK" in text:
            raise StoreUnavailable("The disk is full.", NOT_SAVED)
        if "CRASH" in text:
            raise RuntimeError(f"SECRET-IN-EXCEPTION {text}")
        mine = self.book.entries.setdefault(member_id, [])
        if conversation_id and all(entry.conversation_id != conversation_id for entry in mine):
            raise NotFound("There is no such conversation.")
        if "SLOW" in text:
            time.sleep(2.5)
        entry = Entry(
            uuid.uuid4().hex, conversation_id or uuid.uuid4().hex, text, datetime.now(UTC), turn_for(text)
        )
        if "UNANSWERED" in text:
            entry = replace(entry, turn=None)
        with self.book.lock:
            mine.append(entry)
        if entry.turn is None:
            raise Unanswered(entry.id, entry.conversation_id, "RuntimeError")
        return entry

    def document(self, member_id: str, document_id: str) -> Document:
        for document in (CASE, GUIDELINE):
            if document.id == document_id and member_id in self.book.members:
                return document
        raise NotFound("There is no such document.")


class FakeJournal:
    def __init__(self, book: Book) -> None:
        self.book = book

    def conversations(self, member_id: str) -> list[Conversation]:
        threads: dict[str, list[Entry]] = {}
        for entry in self.book.entries.get(member_id, []):
            threads.setdefault(entry.conversation_id, []).append(entry)
        found = [
            Conversation(key, entries[0].written_at, entries[-1].written_at, tuple(entries))
            for key, entries in threads.items()
        ]
        return sorted(found, key=lambda one: one.last_at, reverse=True)

    def conversation(self, member_id: str, conversation_id: str) -> Conversation:
        for conversation in self.conversations(member_id):
            if conversation.id == conversation_id:
                return conversation
        raise NotFound("There is no such conversation.")

    def search(self, member_id: str, words: str) -> list[Conversation]:
        wanted = words.casefold().split()
        return [
            one
            for one in self.conversations(member_id)
            if all(word in " ".join(entry.text for entry in one.entries).casefold() for word in wanted)
        ]

    def erase_entry(self, member_id: str, entry_id: str) -> None:
        mine = self.book.entries.get(member_id, [])
        if all(entry.id != entry_id for entry in mine):
            raise NotFound("There is no such entry.")
        self.book.entries[member_id] = [entry for entry in mine if entry.id != entry_id]
        self.book.note(member_id, "journal.erase-entry")

    def erase_conversation(self, member_id: str, conversation_id: str) -> None:
        for entry in reversed(self.conversation(member_id, conversation_id).entries):
            self.erase_entry(member_id, entry.id)

    def erase_all(self, member_id: str) -> None:
        self.book.entries[member_id] = []
        self.book.rosters.pop(member_id, None)
        self.book.note(member_id, "journal.erase-all")

    def export(self, member_id: str, form: str, *, captions: Captions) -> str:
        self.book.note(member_id, f"journal.export-{form}")
        texts = [entry.text for entry in self.book.entries.get(member_id, [])]
        return (
            json.dumps({"journal": texts})
            if form == "json"
            else f"# {captions.title}\n\n" + "\n\n".join(texts) + "\n"
        )

    def access_log(self, member_id: str) -> list[Access]:
        return list(reversed(self.book.log.get(member_id, [])))


class FakeAccounts:
    def __init__(self, book: Book, sessions: FakeSessions) -> None:
        self.book, self.sessions = book, sessions
        self.identities: dict[tuple[str, str], str] = {}

    def opened(self, member_id: str) -> Opened:
        return Opened(self.book.members[member_id], self.sessions.generation(member_id))

    def redeem(self, token: str) -> Opened:
        member_id = self.book.links.pop(token, None)
        if member_id is None:
            raise SignInFailed("This link has been used or has expired.", ASK_FOR_A_LINK)
        self.book.note(member_id, "account.sign-in-link")
        return self.opened(member_id)

    def peek(self, token: str) -> Member | None:
        return self.book.members.get(self.book.links.get(token, ""))

    def sign_in(self, email: str, password: str, client: str = "") -> Opened:
        for member in self.book.members.values():
            if member.email == email and self.book.passwords.get(member.id) == password:
                self.book.note(member.id, "account.sign-in-password")
                return self.opened(member.id)
        raise SignInFailed("The e-mail address or the password is not right.", "Please try again.")

    def set_password(self, member_id: str, new: str, old: str | None) -> Opened:
        if len(new) < 8:
            choose = Sentence("Please choose {least} to {most} characters.", least=8, most=128)
            raise UserError("This password is too short or too long.", choose)
        if self.book.passwords.get(member_id, old) != old:
            raise SignInFailed("The present password is not right.", "Please try again.")
        self.book.passwords[member_id] = new
        self.sessions.remove_all(member_id)
        self.book.note(member_id, "account.password")
        return self.opened(member_id)

    def sign_in_identity(self, issuer: str, subject: str, email: str) -> Opened:
        for member in self.book.members.values():
            if email and member.email == email:
                self.identities[issuer, subject] = member.id
        member_id = self.identities.get((issuer, subject))
        if member_id is None:
            raise SignInFailed("Nobody has invited this account yet.", ASK_FOR_A_LINK)
        return self.opened(member_id)

    def member(self, member_id: str) -> Member:
        member = self.book.members.get(member_id)
        if member is None or not member.active:
            raise NotFound("There is no such account.")
        return member

    def has_password(self, member_id: str) -> bool:
        return member_id in self.book.passwords

    def roster(self, member_id: str) -> list[str]:
        return self.book.rosters.get(member_id, [])

    def set_roster(self, member_id: str, names: Sequence[str]) -> None:
        self.book.rosters[member_id] = list(names)
        self.book.note(member_id, "account.roster")

    def record(self, member_id: str, action: str) -> None:
        self.book.note(member_id, action)


class FakeCoach:
    """The facade, in memory."""

    def __init__(self, settings: FakeSettings | None = None) -> None:
        self.settings = settings or FakeSettings()
        self.book = Book()
        self.sessions = FakeSessions()
        self.reflect = FakeReflect(self.book, self.settings)
        self.journal = FakeJournal(self.book)
        self.accounts = FakeAccounts(self.book, self.sessions)

    def add_member(self, name: str, *roles: Role) -> Member:
        member = Member(
            uuid.uuid4().hex, name, f"{name.lower()}@example.org", frozenset(roles or {Role.MANAGER})
        )
        self.book.members[member.id] = member
        self.book.note(member.id, "account.invite", "system")
        return member

    def link_for(self, member: Member) -> str:
        token = secrets.token_urlsafe(32)
        self.book.links[token] = member.id
        return token

    def disable(self, member: Member) -> None:
        self.book.members[member.id] = replace(member, active=False)

    def age(self, member: Member, days: int) -> None:
        """Let everything a member wrote have been written earlier."""
        self.book.entries[member.id] = [
            replace(entry, written_at=entry.written_at - timedelta(days=days))
            for entry in self.book.entries.get(member.id, [])
        ]


def turn_for(text: str) -> Turn:
    """The turn that a word in the text asks for."""
    if "CRISIS" in text:
        return Turn(
            uuid.uuid4().hex,
            "",
            (),
            screen=Screening(True, ScreenKind.CRISIS),
            signpost=SIGNPOST,
            origin=Origin("signpost", model="openai:gpt-5" if "MODEL" in text else ""),
        )
    turn = ECHO if "CNRY" in text else ORDINARY
    if "CNRY" in text:
        turn = replace(
            turn,
            mirror=f"You wrote: {text}",
            questions=(replace(turn.questions[0], text=f"What is in “{text}”?"), *turn.questions[1:]),
        )
    if "NOTHINGCLOSE" in text:
        turn = replace(turn, cases=(), guidelines=(), peers=(), situations=(), nothing_close=True)
    if "TIMEOUT" in text:
        turn = replace(turn, origin=Origin("bank", note="writer.timeout"))
    if "MODEL" in text:
        turn = replace(turn, origin=Origin("llm", "ask", "3", "ab12", "openai:gpt-5"))
    return replace(turn, id=uuid.uuid4().hex)


SIGNPOST = (
    "What you write sounds heavy, and it matters more than any question from a program.\n\n"
    "Please talk to a person today:\n\n- in an emergency, call **112**\n"
    "- the counselling line of your programme: [call 0800 111 0 111](tel:08001110111)\n\n"
    "If you can, tell somebody near you that today is a hard day."
)
ORDINARY = Turn(
    id="",
    mirror="You keep rewriting his slides at night, and it is faster than the talk.",
    questions=(
        Question(
            "What is the talk that “faster” lets you skip?",
            Lens.SELF,
            Stage.EXPLORE,
            ("delegation.redoing-work",),
            (),
            "You set the talk and the speed against each other, and wrote more about the speed.",
        ),
        Question(
            "What happens in you when his slides arrive?",
            Lens.SELF,
            Stage.EXPLORE,
            (),
            (),
            "You told what you do, and not yet what it is like.",
        ),
        Question(
            "What would you want to be different in three months?",
            Lens.FUTURE,
            Stage.EXPLORE,
            (),
            (),
            "It looks from a little further away.",
        ),
    ),
    cases=(Passage(CASE.id, CASE.kind, CASE.title, "Also about: doing other people's work again"),),
    guidelines=(Passage(GUIDELINE.id, GUIDELINE.kind, GUIDELINE.title, "Near to what you wrote."),),
    situations=(SituationHit("delegation.redoing-work", "Doing other people's work again", 0.61),),
    peers=(PeerHint("ref-1", "Someone in operations also took over a former team"),),
)
ECHO = replace(ORDINARY, peers=())
