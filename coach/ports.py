"""What the services ask of the outside world, one small Protocol each.

Adapters implement them, `tests/fakes.py` has one fake for each, `bootstrap` chooses.
Every method that touches a member's words takes the member's id first: the owner is part of the
question, so that no caller can forget it. Something that is not there and something that is not
yours raise the same `NotFound`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from coach.domain.model import (
    Access,
    Brief,
    Card,
    Conversation,
    Document,
    Draft,
    Entry,
    Group,
    Member,
    Method,
    Role,
    Screening,
    Situation,
    Turn,
)

Matrix = NDArray[np.float32]  # (n texts, dimensions), rows of unit length
Arrays = Mapping[str, NDArray[Any]]  # plain numbers by name: no objects
Clock = Callable[[], datetime]  # aware, UTC


class Embedder(Protocol):
    """Turns texts into vectors, offline and safely from several threads."""

    name: str  # model and weights: changes whenever vectors would
    dimensions: int

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Vectors of unit length, one row a text, in order; (0, dimensions) for no text."""
        ...


class Classifier(Protocol):
    """A small learned yes-or-no, e.g. "is this advice in disguise?"."""

    def scores(self, texts: Sequence[str]) -> list[float]:
        """Probabilities 0..1, one a text."""
        ...


@runtime_checkable
class Remembering(Protocol):
    """An embedder that keeps what it made, in a file."""

    def renew(self) -> None:
        """Keep only what is asked for from now on."""
        ...

    def save(self) -> None:
        """Write what is kept."""
        ...


class Screener(Protocol):
    """Sees language of crisis, danger and harassment."""

    def screen(
        self, text: str, sentences: Sequence[str] | None = None, vectors: Matrix | None = None
    ) -> Screening:
        """The verdict on a whole reflection.

        Args:
            text: cleaned.
            sentences, vectors: of the text, when the caller already has them; rows match.
        """
        ...


class VectorIndex(Protocol):
    """Nearest documents, a collection for each scope. Holds vectors and opaque ids only."""

    def fingerprint(self) -> str:
        """What the present generation was built from, as given to `rebuild`; empty before the first."""
        ...

    def rebuild(self, rows: Mapping[str, Mapping[str, Matrix]], fingerprint: str) -> None:
        """Put a new generation into service, then `tidy`.

        Args:
            rows: scope -> document id -> its vectors: first the whole document, then its parts.
            fingerprint: names the content, so that a later start can tell whether it still holds.

        Raises:
            IndexUnavailable: the old generation stays in service, or something of it could not be destroyed.
        """
        ...

    def tidy(self) -> bool:
        """Destroy what was left of other generations, by a process that was killed or a server that was away.

        Returns:
            Whether anything was left. False, too, while another process is building: it tidies up itself.

        Raises:
            IndexUnavailable: it is still there; try again later.
        """
        ...

    def search(self, scopes: Sequence[str], vectors: Matrix, limit: int) -> list[str]:
        """Ids of the documents nearest to any of the vectors, at most `limit` a scope and vector.

        Raises:
            IndexUnavailable: the caller goes on without sources and says so.
        """
        ...

    def vectors(self, scopes: Sequence[str], document_ids: Sequence[str]) -> dict[str, Matrix]:
        """The vectors of these documents, whole document first; ids not in these scopes are left out."""
        ...

    def close(self) -> None:
        """Let go of files and connections; the index opens again when it is asked."""
        ...

    def healthy(self, probes: Mapping[str, tuple[str, Sequence[float]]]) -> bool:
        """Whether each probe (document id -> its scope and whole vector) finds itself first."""
        ...


class WordIndex(Protocol):
    """Ranks texts by the words they share with a query (BM25)."""

    def scores(self, query: str) -> list[float]:
        """One score a text in the order they were given, 0 when no word is shared."""
        ...

    def arrays(self) -> Arrays:
        """All it knows, for `WordIndexes.restored`."""
        ...


class WordIndexes(Protocol):
    """Makes word indexes."""

    form: str  # changes whenever an index of the same texts would

    def __call__(self, texts: Sequence[str], *, pairs: bool = False) -> WordIndex:
        """An index of some texts, in the order in which `scores` answers.

        Args:
            texts: any number.
            pairs: whether neighbouring words count together as well.
        """
        ...

    def restored(self, arrays: Arrays) -> WordIndex:
        """The index that gave these. Raises ValueError or KeyError when it cannot have been one."""
        ...


class Keeping(Protocol):
    """Keeps what was worked out of texts that everybody may read, by a name for those texts."""

    def get(self, name: str) -> Arrays | None:
        """What was kept under this name; None when there is nothing, or nothing that can be read."""
        ...

    def put(self, name: str, arrays: Arrays) -> None:
        """Keep something. Where that cannot be done it is worked out again another time."""
        ...


class Writer(Protocol):
    """Proposes a mirror and questions."""

    name: str  # "bank", "llm", or the name of the entry point

    def write(self, brief: Brief, failed: Sequence[str] = ()) -> Draft:
        """One proposal.

        Args:
            brief: what the writer may know.
            failed: of a first proposal, the criteria that failed, each "id: reason".

        Returns:
            Mirror and questions; or a concern, which the member gets a signpost for instead.

        Raises:
            WriterUnavailable: nothing usable in time; the caller falls back to the bank.
        """
        ...


@dataclass(frozen=True, slots=True)
class WriterParts:
    """What the factory of a writer (entry-point group `coach.writers`) may use.

    Attributes:
        embedder: for candidates that nobody embedded before.
        advice: tells advice in disguise.
        situations: the vocabulary now in force, by id.
        question_vectors: vectors of the bank's questions, by text.
        prompts: folder of the prompt files.
        model, model_base_url, model_key: as in the settings; empty when no language model is set.
        deadline_seconds: total time of one turn.
        ranker: learned weights of the embedded writer's candidates, by feature; empty for rules.
        mirrors: learned weights of the clauses it can say back, by feature; empty for rules.
    """

    embedder: Embedder
    advice: Classifier
    situations: Callable[[], Mapping[str, Situation]]
    question_vectors: Callable[[], Mapping[str, Sequence[float]]]
    prompts: Path
    model: str = ""
    model_base_url: str = ""
    model_key: str = ""
    deadline_seconds: float = 25.0
    ranker: Mapping[str, float] = field(default_factory=dict)
    mirrors: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A file that was left out: where, and what to mend."""

    file: str  # relative to the corpus folder
    line: int
    reason: str

    @property
    def id(self) -> str:
        """The id of what the file should hold: files are called after it."""
        path = PurePosixPath(self.file)
        return f"{path.parent.name}.{path.stem}" if path.parts[0] == "situations" else path.stem


@dataclass(frozen=True, slots=True)
class Corpus:
    """What could be read of a corpus folder, and what was left out."""

    situations: tuple[Situation, ...]
    documents: tuple[Document, ...]
    quarantined: tuple[Quarantined, ...]
    methods: tuple[Method, ...] = ()


class Library(Protocol):
    """Shared, consented texts: documents and situations, the truth behind the index."""

    def put_documents(self, documents: Iterable[Document]) -> None:
        """Insert or replace by id; same content hash changes nothing."""
        ...

    def withdraw(self, document_ids: Iterable[str]) -> None: ...

    def documents(self, scopes: Sequence[str], ids: Sequence[str] | None = None) -> list[Document]:
        """Documents of these scopes and of no other; of these ids only, when given."""
        ...

    def document(self, scopes: Sequence[str], document_id: str) -> Document:
        """Raises NotFound when it is not there or not in these scopes."""
        ...

    def put_situations(self, situations: Iterable[Situation]) -> None:
        """Replace the whole vocabulary."""
        ...

    def situations(self) -> list[Situation]: ...


class Announced(Protocol):
    """A change of the library that the index does not know yet."""

    @property
    def seq(self) -> int: ...


class Outbox(Protocol):
    """What was announced for the index, in the transaction that made the change."""

    def pending(self) -> Sequence[Announced]:
        """What is not done, oldest first; bounded."""
        ...

    def done(self, seqs: Iterable[int]) -> None:
        """Mark as done; again changes nothing."""
        ...


class Journal(Protocol):
    """A member's own words and the turns that answered them; encrypted at rest."""

    def add_reflection(self, member_id: str, conversation_id: str | None, text: str) -> Entry:
        """Commit one reflection; a new conversation when `conversation_id` is None."""
        ...

    def add_turn(self, member_id: str, entry_id: str, turn: Turn, vectors: Matrix | None = None) -> None:
        """Commit the turn that answers an entry, with the vectors of the entry's text."""
        ...

    def conversations(self, member_id: str, limit: int = 200) -> list[Conversation]:
        """Newest first, each with all its entries."""
        ...

    def conversation(self, member_id: str, conversation_id: str) -> Conversation: ...

    def erase_entry(self, member_id: str, entry_id: str) -> None: ...

    def erase_journal(self, member_id: str, actor_id: str = "") -> None:
        """Erase all; the audit log names `actor_id`, or the member themselves."""
        ...

    def asked_since(self, member_id: str, since: datetime, most: int) -> list[str]:
        """The newest `most` questions that were put to the member as lead since then, newest last."""
        ...


class People(Protocol):
    """Accounts, groups, credentials, cards."""

    def add_member(self, name: str, email: str, roles: Iterable[Role], function: str = "") -> Member:
        """Raises UserError when the e-mail is already there."""
        ...

    def member(self, member_id: str) -> Member: ...

    def member_by_email(self, email: str) -> Member | None: ...

    def members(self) -> list[Member]: ...

    def set_roles(self, member_id: str, roles: Iterable[Role]) -> None: ...

    def set_active(self, member_id: str, active: bool) -> None: ...

    def erase_member(self, member_id: str) -> None:
        """Destroy the data key, then the rows."""
        ...

    def add_group(self, name: str, purpose: str = "") -> Group: ...

    def group(self, group_id: str) -> Group: ...

    def groups(self) -> list[Group]: ...

    def groups_of(self, member_id: str) -> list[Group]: ...

    def join(self, group_id: str, member_id: str, facilitator: bool = False) -> None: ...

    def leave(self, group_id: str, member_id: str) -> None: ...

    def set_password_hash(self, member_id: str, password_hash: str, generation: int | None = None) -> int:
        """Keep a hash; at the same moment every session of the member ends and every link opens nothing.

        Args:
            generation: as `Sessions.generation` gave it before the old password was checked; None for
                whatever it is now.

        Returns:
            The generation of the member's sessions from now on.

        Raises:
            SignInFailed: another change of the password, or signing out everywhere, was first.
        """
        ...

    def password_hash(self, member_id: str) -> str | None: ...

    def add_link(self, member_id: str, token_hash: bytes, expires_at: datetime) -> None: ...

    def take_link(self, token_hash: bytes, now: datetime) -> str | None:
        """The member's id, once; None when used, expired or unknown."""
        ...

    def link_owner(self, token_hash: bytes, now: datetime) -> str | None:
        """What `take_link` would answer; changes nothing."""
        ...

    def drop_links(self, member_id: str) -> None:
        """Make every link of this member open nothing; an unknown member has none."""
        ...

    def identity(self, issuer: str, subject: str) -> str | None:
        """The member's id behind an OpenID Connect identity."""
        ...

    def has_identity(self, member_id: str) -> bool:
        """Whether some identity of a provider is bound to this account."""
        ...

    def bind_identity(self, member_id: str, issuer: str, subject: str) -> None: ...

    def put_card(self, card: Card, vector: Sequence[float]) -> None: ...

    def cards(self, scopes: Sequence[str]) -> list[tuple[Card, Matrix]]:
        """Approved cards of these scopes with their vectors, decrypted; (1, dimensions) each."""
        ...

    def cards_of(self, member_id: str) -> list[Card]: ...

    def roster(self, member_id: str) -> list[str]:
        """Names of people this member writes about, kept encrypted."""
        ...

    def set_roster(self, member_id: str, names: Sequence[str]) -> None: ...

    def avoid(self, member_id: str) -> frozenset[str]:
        """Members never to be shown to this one, in either direction."""
        ...

    def set_avoid(self, member_id: str, other_ids: Iterable[str]) -> None: ...

    def set_reports_to(self, member_id: str, boss_id: str | None) -> None: ...

    def reporting_line(self, member_id: str) -> frozenset[str]:
        """Everyone above and below this member, at any distance."""
        ...


class Sessions(Protocol):
    """Server-side sign-in sessions, kept under the SHA-256 of their id."""

    def read(self, id_hash: bytes) -> bytes | None: ...

    def generation(self, member_id: str) -> int:
        """How often all sessions of this member were ended at once; 0 for nobody.

        Read before a credential is checked, and given to `write`: so what was checked still holds when the
        session begins.
        """
        ...

    def write(
        self,
        id_hash: bytes,
        payload: bytes,
        member_id: str,
        expires_at: datetime,
        generation: int | None = None,
    ) -> None:
        """Keep a session.

        Raises:
            SignInFailed: all sessions of the member were ended since `generation` was read.
        """
        ...

    def remove(self, id_hash: bytes) -> None: ...

    def remove_all(self, member_id: str) -> None:
        """End every session of a member, and refuse those that a sign-in under way would still write."""
        ...


class Audit(Protocol):
    """Who did what, ids only, chained by HMAC."""

    def record(self, actor_id: str, action: str, object_id: str = "", owner_id: str = "") -> None: ...

    def of_owner(self, owner_id: str) -> list[Access]: ...

    def verify(self) -> int | None:
        """The sequence number of the first broken row; None when the chain holds."""
        ...
