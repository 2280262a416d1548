"""One fake for every port: small, in memory, honest about rights."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from coach.domain.mailbox import mailbox
from coach.domain.model import (
    Access,
    BankQuestion,
    Brief,
    Card,
    Conversation,
    Document,
    DocumentKind,
    Draft,
    Entry,
    Group,
    Lens,
    Member,
    Origin,
    Question,
    Role,
    Screening,
    ScreenKind,
    Situation,
    Stage,
    Turn,
)
from coach.errors import IndexUnavailable, NotFound, SignInFailed, UserError
from coach.ports import Announced, Arrays, Matrix


class FakeClock:
    """Time that moves only when told."""

    def __init__(self, moment: datetime = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def pass_time(self, step: timedelta) -> None:
        self.moment += step


class FakeEmbedder:
    """Words hashed into 64 places: texts that share words are near."""

    name = "all-MiniLM-L6-v2"
    dimensions = 64

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def embed(self, texts: Sequence[str]) -> Matrix:
        self.calls.append(list(texts))
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()) or ["?"]:
                vectors[row, int(hashlib.sha256(word.encode()).hexdigest(), 16) % self.dimensions] += 1
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)) if len(texts) else vectors


class FakeClassifier:
    """Advice when the text says "try"."""

    def scores(self, texts: Sequence[str]) -> list[float]:
        return [1.0 if "try" in text.lower() else 0.0 for text in texts]


class FakeScreener:
    """Flags the word "unsafe"."""

    def screen(
        self, text: str, sentences: Sequence[str] | None = None, vectors: Matrix | None = None
    ) -> Screening:
        return Screening(True, ScreenKind.DANGER) if "unsafe" in text else Screening()


class FakeIndex:
    """Exact search; `broken` makes it fail."""

    def __init__(self) -> None:
        self.rows: Mapping[str, Mapping[str, Matrix]] = {}
        self.print_ = ""
        self.broken = False
        self.left = False  # something of an earlier generation
        self.rebuilds = 0

    def fingerprint(self) -> str:
        return self.print_

    def rebuild(self, rows: Mapping[str, Mapping[str, Matrix]], fingerprint: str) -> None:
        self._check()
        self.rows, self.print_, self.rebuilds = rows, fingerprint, self.rebuilds + 1

    def tidy(self) -> bool:
        left, self.left = self.left, False
        return left

    def search(self, scopes: Sequence[str], vectors: Matrix, limit: int) -> list[str]:
        self._check()
        best = {
            key: float((vectors @ parts.T).max())
            for scope in scopes
            for key, parts in self.rows.get(scope, {}).items()
        }
        return sorted(best, key=lambda key: -best[key])[:limit]

    def vectors(self, scopes: Sequence[str], document_ids: Sequence[str]) -> dict[str, Matrix]:
        self._check()
        return {
            key: parts
            for scope in scopes
            for key, parts in self.rows.get(scope, {}).items()
            if key in document_ids
        }

    def healthy(self, probes: Mapping[str, tuple[str, Sequence[float]]]) -> bool:
        return not self.broken and all(key in self.rows.get(scope, {}) for key, (scope, _) in probes.items())

    def close(self) -> None:
        """Nothing to let go."""

    def _check(self) -> None:
        if self.broken:
            raise IndexUnavailable("The index of cases does not answer.")


class FakeWordIndex:
    """Counts shared words."""

    form = "fake"

    def __init__(self, texts: Sequence[str], *, pairs: bool = False) -> None:
        self.words = [set(re.findall(r"\w{4,}", text.lower())) for text in texts]

    @classmethod
    def restored(cls, arrays: Arrays) -> FakeWordIndex:
        return cls([str(text) for text in arrays["texts"]])

    def arrays(self) -> Arrays:
        return {"texts": np.array([" ".join(sorted(words)) for words in self.words], dtype=np.str_)}

    def scores(self, query: str) -> list[float]:
        asked = set(re.findall(r"\w{4,}", query.lower()))
        return [float(len(asked & words)) for words in self.words]


class FakeWriter:
    """Answers from a list of drafts or faults, in order; the last one again and again."""

    name = "fake"

    def __init__(self, *answers: Draft | Exception | Callable[[Brief], Draft]) -> None:
        self.answers = list(answers)
        self.briefs: list[Brief] = []
        self.failed: list[tuple[str, ...]] = []

    def write(self, brief: Brief, failed: Sequence[str] = ()) -> Draft:
        self.briefs.append(brief)
        self.failed.append(tuple(failed))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(brief) if callable(answer) else answer


class FakeLibrary:
    def __init__(self) -> None:
        self.kept: dict[str, Document] = {}
        self.vocabulary: list[Situation] = []

    def put_documents(self, documents: Iterable[Document]) -> None:
        self.kept.update({one.id: one for one in documents})

    def withdraw(self, document_ids: Iterable[str]) -> None:
        for key in document_ids:
            self.kept.pop(key, None)

    def documents(self, scopes: Sequence[str], ids: Sequence[str] | None = None) -> list[Document]:
        return [one for one in self.kept.values() if one.scope in scopes and (ids is None or one.id in ids)]

    def document(self, scopes: Sequence[str], document_id: str) -> Document:
        for one in self.documents(scopes, [document_id]):
            return one
        raise NotFound("There is no such document.")

    def put_situations(self, situations: Iterable[Situation]) -> None:
        self.vocabulary = list(situations)

    def situations(self) -> list[Situation]:
        return self.vocabulary


class FakeOutbox:
    """Nothing is ever announced."""

    def pending(self) -> list[Announced]:
        return []

    def done(self, seqs: Iterable[int]) -> None:
        """Nothing to mark."""


class FakeJournal:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.owners: dict[str, str] = {}
        self.entries: list[Entry] = []
        self.log: list[str] = []

    def add_reflection(self, member_id: str, conversation_id: str | None, text: str) -> Entry:
        if conversation_id is not None and self.owners.get(conversation_id) != member_id:
            raise NotFound("There is no such conversation.")
        conversation_id = conversation_id or uuid.uuid4().hex
        self.owners[conversation_id] = member_id
        entry = Entry(uuid.uuid4().hex, conversation_id, text, self.clock())
        self.entries.append(entry)
        self.log.append("reflection")
        return entry

    def add_turn(self, member_id: str, entry_id: str, turn: Turn, vectors: Matrix | None = None) -> None:
        place = self._place(member_id, entry_id)
        self.entries[place] = replace(self.entries[place], turn=turn)
        self.log.append("turn")

    def conversations(self, member_id: str, limit: int = 200) -> list[Conversation]:
        found = [
            self.conversation(member_id, key) for key, owner in self.owners.items() if owner == member_id
        ]
        return [one for one in reversed(found) if one.entries][:limit]

    def conversation(self, member_id: str, conversation_id: str) -> Conversation:
        if self.owners.get(conversation_id) != member_id:
            raise NotFound("There is no such conversation.")
        entries = tuple(one for one in self.entries if one.conversation_id == conversation_id)
        moments = [one.written_at for one in entries] or [self.clock()]
        return Conversation(conversation_id, moments[0], moments[-1], entries)

    def erase_entry(self, member_id: str, entry_id: str) -> None:
        del self.entries[self._place(member_id, entry_id)]

    def erase_journal(self, member_id: str, actor_id: str = "") -> None:
        self.entries = [one for one in self.entries if self.owners[one.conversation_id] != member_id]

    def asked_since(self, member_id: str, since: datetime, most: int) -> list[str]:
        asked = [
            one.turn.questions[0].text
            for one in self.entries
            if self.owners[one.conversation_id] == member_id
            and one.turn
            and one.turn.questions
            and one.written_at >= since
        ]
        return asked[-most:]

    def _place(self, member_id: str, entry_id: str) -> int:
        for place, one in enumerate(self.entries):
            if one.id == entry_id and self.owners[one.conversation_id] == member_id:
                return place
        raise NotFound("There is no such entry.")


class FakePeople:
    def __init__(self, sessions: FakeSessions | None = None) -> None:
        self.sessions = sessions or FakeSessions()
        self.all: dict[str, Member] = {}
        self.hashes: dict[str, str] = {}
        self.link_rows: dict[bytes, tuple[str, datetime]] = {}
        self.identities: dict[tuple[str, str], str] = {}
        self.group_rows: dict[str, Group] = {}
        self.card_rows: list[tuple[Card, Matrix]] = []
        self.rosters: dict[str, list[str]] = {}
        self.avoids: dict[str, frozenset[str]] = {}
        self.bosses: dict[str, str | None] = {}

    def add_member(self, name: str, email: str, roles: Iterable[Role], function: str = "") -> Member:
        if self.member_by_email(email):
            raise UserError("This e-mail address has an account already.")
        member = Member(uuid.uuid4().hex, name, email, frozenset(roles), function)
        self.all[member.id] = member
        return member

    def member(self, member_id: str) -> Member:
        if member_id not in self.all:
            raise NotFound("There is no such account.")
        return self.all[member_id]

    def member_by_email(self, email: str) -> Member | None:
        wanted = mailbox(email)
        return next((one for one in self.all.values() if mailbox(one.email) == wanted), None)

    def members(self) -> list[Member]:
        return list(self.all.values())

    def set_roles(self, member_id: str, roles: Iterable[Role]) -> None:
        self.all[member_id] = replace(self.member(member_id), roles=frozenset(roles))

    def set_active(self, member_id: str, active: bool) -> None:
        self.all[member_id] = replace(self.member(member_id), active=active)

    def erase_member(self, member_id: str) -> None:
        self.all.pop(member_id, None)

    def add_group(self, name: str, purpose: str = "") -> Group:
        group = Group(uuid.uuid4().hex, name, purpose)
        self.group_rows[group.id] = group
        return group

    def group(self, group_id: str) -> Group:
        if group_id not in self.group_rows:
            raise NotFound("There is no such group.")
        return self.group_rows[group_id]

    def groups(self) -> list[Group]:
        return list(self.group_rows.values())

    def groups_of(self, member_id: str) -> list[Group]:
        return [one for one in self.group_rows.values() if member_id in one.member_ids | one.facilitator_ids]

    def join(self, group_id: str, member_id: str, facilitator: bool = False) -> None:
        group = self.group(group_id)
        field = "facilitator_ids" if facilitator else "member_ids"
        self.group_rows[group_id] = replace(group, **{field: getattr(group, field) | {member_id}})

    def leave(self, group_id: str, member_id: str) -> None:
        group = self.group(group_id)
        self.group_rows[group_id] = replace(
            group,
            member_ids=group.member_ids - {member_id},
            facilitator_ids=group.facilitator_ids - {member_id},
        )

    def set_password_hash(self, member_id: str, password_hash: str, generation: int | None = None) -> int:
        self.sessions.require(member_id, generation)
        self.sessions.remove_all(member_id)
        self.drop_links(member_id)
        self.hashes[member_id] = password_hash
        return self.sessions.generation(member_id)

    def password_hash(self, member_id: str) -> str | None:
        return self.hashes.get(member_id)

    def add_link(self, member_id: str, token_hash: bytes, expires_at: datetime) -> None:
        self.link_rows[token_hash] = (member_id, expires_at)

    def take_link(self, token_hash: bytes, now: datetime) -> str | None:
        owner = self.link_owner(token_hash, now)
        if owner is not None:
            del self.link_rows[token_hash]
        return owner

    def link_owner(self, token_hash: bytes, now: datetime) -> str | None:
        member_id, expires_at = self.link_rows.get(token_hash, ("", now))
        return member_id if expires_at > now else None

    def drop_links(self, member_id: str) -> None:
        self.link_rows = {key: row for key, row in self.link_rows.items() if row[0] != member_id}

    def identity(self, issuer: str, subject: str) -> str | None:
        return self.identities.get((issuer, subject))

    def has_identity(self, member_id: str) -> bool:
        return member_id in self.identities.values()

    def bind_identity(self, member_id: str, issuer: str, subject: str) -> None:
        self.identities[(issuer, subject)] = member_id

    def put_card(self, card: Card, vector: Sequence[float]) -> None:
        self.card_rows.append((card, np.asarray([vector], dtype=np.float32)))

    def cards(self, scopes: Sequence[str]) -> list[tuple[Card, Matrix]]:
        return [(card, vector) for card, vector in self.card_rows if card.approved and card.scope in scopes]

    def cards_of(self, member_id: str) -> list[Card]:
        return [card for card, _ in self.card_rows if card.owner_id == member_id]

    def roster(self, member_id: str) -> list[str]:
        return self.rosters.get(member_id, [])

    def set_roster(self, member_id: str, names: Sequence[str]) -> None:
        self.rosters[member_id] = list(names)

    def avoid(self, member_id: str) -> frozenset[str]:
        mine = self.avoids.get(member_id, frozenset())
        return mine | {one for one, others in self.avoids.items() if member_id in others}

    def set_avoid(self, member_id: str, other_ids: Iterable[str]) -> None:
        self.avoids[member_id] = frozenset(other_ids)

    def set_reports_to(self, member_id: str, boss_id: str | None) -> None:
        self.bosses[member_id] = boss_id

    def reporting_line(self, member_id: str) -> frozenset[str]:
        line = set(self._above(member_id))
        line |= {one for one in self.all if member_id in self._above(one)}
        return frozenset(line - {member_id})

    def _above(self, member_id: str) -> list[str]:
        found: list[str] = []
        boss = self.bosses.get(member_id)
        while boss and boss not in found:
            found.append(boss)
            boss = self.bosses.get(boss)
        return found


class FakeSessions:
    def __init__(self) -> None:
        self.rows: dict[bytes, tuple[bytes, str, datetime]] = {}
        self.generations: dict[str, int] = {}

    def read(self, id_hash: bytes) -> bytes | None:
        return self.rows[id_hash][0] if id_hash in self.rows else None

    def generation(self, member_id: str) -> int:
        return self.generations.get(member_id, 0)

    def require(self, member_id: str, generation: int | None) -> None:
        if generation not in (None, self.generation(member_id)):
            raise SignInFailed("This account was signed out everywhere at the same moment.")

    def write(
        self,
        id_hash: bytes,
        payload: bytes,
        member_id: str,
        expires_at: datetime,
        generation: int | None = None,
    ) -> None:
        self.require(member_id, generation)
        self.rows[id_hash] = (payload, member_id, expires_at)

    def remove(self, id_hash: bytes) -> None:
        self.rows.pop(id_hash, None)

    def remove_all(self, member_id: str) -> None:
        self.generations[member_id] = self.generation(member_id) + 1
        self.rows = {key: row for key, row in self.rows.items() if row[1] != member_id}


class FakeAudit:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.rows: list[tuple[Access, str]] = []

    def record(self, actor_id: str, action: str, object_id: str = "", owner_id: str = "") -> None:
        self.rows.append((Access(self.clock(), actor_id, action, object_id), owner_id))

    def of_owner(self, owner_id: str) -> list[Access]:
        return [access for access, owner in reversed(self.rows) if owner == owner_id]

    def verify(self) -> int | None:
        return None


class FakeHasher:
    def hash(self, password: str) -> str:
        return hashlib.sha256(password.encode()).hexdigest()

    def verify(self, stored: str, password: str) -> bool:
        return stored == self.hash(password)

    def is_common(self, password: str) -> bool:
        return password == "password"


class FakeTries:
    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def allow(self, key: str, most: int, minutes: int) -> bool:
        self.counts[key] = self.counts.get(key, 0) + 1
        return self.counts[key] <= most


def a_draft(*texts: str, mirror: str = "You keep rewriting his slides at night.") -> Draft:
    """A draft whose questions look through different lenses."""
    lenses = (Lens.SELF, Lens.OTHER, Lens.VALUES, Lens.FUTURE)
    questions = tuple(Question(text, lens, Stage.EXPLORE) for text, lens in zip(texts, lenses, strict=False))
    return Draft(mirror, questions, Origin("fake"))


def a_situation(key: str = "delegation.redoing-work", *signs: str) -> Situation:
    """A situation of the vocabulary with three questions."""
    return Situation(
        id=key,
        family=key.partition(".")[0],
        name="Redoing a team member's work",
        description="A manager takes work back and does it again.",
        signs=signs or ("I rewrite his slides at night.",),
        questions=(
            BankQuestion("What happens in you before you open the file?", Lens.SELF, Stage.EXPLORE),
            BankQuestion("How might he read the finished slides you send back?", Lens.OTHER, Stage.EXPLORE),
            BankQuestion("What does the finished work protect for you?", Lens.VALUES, Stage.REFRAME),
        ),
    )


def a_case(key: str = "the-night-slides", scope: str = "programme", **more: object) -> Document:
    """A case about slides rewritten at night."""
    values: dict[str, object] = {
        "kind": DocumentKind.CASE,
        "title": "The slides at night",
        "body": "She rewrote the slides of her deputy every night. He stopped sending them.",
        "situations": ("delegation.redoing-work",),
        "questions": ("What did the night work give you?",),
        "content_hash": hashlib.sha256(key.encode()).hexdigest(),
    }
    return Document(id=key, scope=scope, **{**values, **more})  # type: ignore[arg-type] # a test's short form
