"""The words of the house as values: frozen, and the same in code, tables, screens and docs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Vector = Sequence[float]  # unit length, as many numbers as the embedder has dimensions


class Lens(StrEnum):
    """Where a question looks."""

    SELF = "self"
    OTHER = "other"
    RELATIONSHIP = "relationship"
    SYSTEM = "system"
    EVIDENCE = "evidence"
    VALUES = "values"
    FUTURE = "future"


class Stage(StrEnum):
    """Where a conversation stands."""

    ARRIVE = "arrive"
    EXPLORE = "explore"
    REFRAME = "reframe"
    OPTIONS = "options"
    COMMIT = "commit"
    LOOK_BACK = "look back"


class Role(StrEnum):
    MANAGER = "manager"
    FACILITATOR = "facilitator"
    EVALUATOR = "evaluator"
    ADMIN = "admin"


class DocumentKind(StrEnum):
    CASE = "case"
    GUIDELINE = "guideline"


class Outcome(StrEnum):
    WORKED = "worked"
    MIXED = "mixed"
    FAILED = "failed"


class ScreenKind(StrEnum):
    """What a signpost is about; NONE is an ordinary reflection."""

    NONE = "none"
    CRISIS = "crisis"  # the writer, or someone they write about, may harm themselves
    DANGER = "danger"  # somebody may be hurt: violence, threats, abuse, stalking
    HARASSMENT = "harassment"  # harassment, discrimination, assault, a crime to be reported


PROGRAMME = "programme"  # the scope that every member of the programme may read


@dataclass(frozen=True, slots=True)
class Member:
    """A person with an account. `name` is shown to others only after a double yes."""

    id: str
    name: str
    email: str
    roles: frozenset[Role]
    function: str = ""  # "operations", "nursing": shown to peers before any name
    active: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    name: str
    purpose: str = ""
    member_ids: frozenset[str] = frozenset()
    facilitator_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """A question of the bank, written by hand for one situation."""

    text: str
    lens: Lens
    stage: Stage


@dataclass(frozen=True, slots=True)
class Situation:
    """A leaf of the closed vocabulary of management challenges."""

    id: str  # "delegation.redoing-work": family, dot, slug
    family: str
    name: str  # neutral and short: fit for a facilitator's screen
    description: str
    signs: tuple[str, ...]
    questions: tuple[BankQuestion, ...]
    cases: tuple[str, ...] = ()
    guidelines: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()  # whole short reflections, as managers write them in the evening


@dataclass(frozen=True, slots=True)
class Document:
    """A case study or a guideline, as its authors approved it for `scope`."""

    id: str
    kind: DocumentKind
    scope: str  # PROGRAMME or a group's id
    title: str
    body: str  # Markdown
    situations: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()  # of a case: what we would ask next
    outcome: Outcome | None = None
    function: str = ""
    setting: str = ""
    source: str = ""  # of a guideline: where the idea comes from
    pair: str = ""  # of a case: the other case where somebody met the same and went another way
    content_hash: str = ""  # SHA-256 of the cleaned file


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a method, with the words the facilitator says aloud."""

    name: str
    minutes: int
    who: str
    does: str
    says: str
    owner: str  # what the one whose case it is does meanwhile


@dataclass(frozen=True, slots=True)
class Method:
    """How a group can work on one person's challenge.

    Attributes:
        people: least, best and most, the owner included.
        minutes: of one round.
        rounds: "one", or "each in turn" when everybody's challenge gets a round.
        roles: who there is, and what they do.
    """

    id: str
    name: str
    purpose: str
    source: str
    people: tuple[int, int, int]
    minutes: int
    rounds: str
    roles: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    closing: str
    distance: str
    watch: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One criterion of the rubric on one turn.

    `span` is a half-open range of characters in the question (or in the mirror, for the criteria
    that look at the mirror), None when nothing can be pointed at.
    """

    criterion: str
    passed: bool
    reason: str = ""
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    lens: Lens
    stage: Stage
    sources: tuple[str, ...] = ()  # ids of the situation, cases or guidelines it rests on
    criteria: tuple[Verdict, ...] = ()
    why: str = ""  # one plain sentence for "why this question?"
    lent: bool = False  # by the bank, in a turn that another writer began


@dataclass(frozen=True, slots=True)
class SituationHit:
    id: str
    name: str
    score: float  # cosine-like, 0..1; never shown to people


@dataclass(frozen=True, slots=True)
class Passage:
    """A document that retrieval found near, and why, in words a person can read."""

    id: str
    kind: DocumentKind
    title: str
    why: str
    score: float = 0.0  # never shown to people
    text: str = ""  # what a writer may read of it
    questions: tuple[str, ...] = ()  # of a case: what its author would ask next


@dataclass(frozen=True, slots=True)
class PeerHint:
    """A peer by what they have met; never by name."""

    ref: str  # opaque, good for one introduction request
    reason: str  # "someone in operations who also took over a former team"


@dataclass(frozen=True, slots=True)
class Screening:
    flag: bool = False
    kind: ScreenKind = ScreenKind.NONE


@dataclass(frozen=True, slots=True)
class Origin:
    """Who wrote the questions, so that the page can say it honestly."""

    writer: str  # "bank", "llm", or "signpost"
    prompt: str = ""
    version: str = ""
    sha256: str = ""
    model: str = ""
    note: str = ""  # key into the catalogue: why the bank stood in, e.g. "writer.timeout"


@dataclass(frozen=True, slots=True)
class Turn:
    """The coach's answer: one mirror, one lead question, two alternatives.

    A flagged reflection has a `signpost` and nothing else.
    """

    id: str
    mirror: str
    questions: tuple[Question, ...]  # the first is the lead; none when a signpost is shown
    cases: tuple[Passage, ...] = ()
    guidelines: tuple[Passage, ...] = ()
    situations: tuple[SituationHit, ...] = ()
    peers: tuple[PeerHint, ...] = ()
    screen: Screening = Screening()
    signpost: str = ""  # fixed text, Markdown
    origin: Origin = Origin("bank")
    nothing_close: bool = False
    index_down: bool = False  # nothing was found because nothing could be searched


@dataclass(frozen=True, slots=True)
class Entry:
    """A reflection as it stands in the journal, with the turn that answered it, if one did."""

    id: str
    conversation_id: str
    text: str
    written_at: datetime
    turn: Turn | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    id: str
    started_at: datetime
    last_at: datetime
    entries: tuple[Entry, ...] = ()

    @property
    def opening(self) -> str:
        """The first words of the conversation, for a list."""
        return self.entries[0].text[:140] if self.entries else ""


@dataclass(frozen=True, slots=True)
class Card:
    """Two anonymous lines about a challenge that their author approved for a scope."""

    id: str
    owner_id: str
    lines: str
    situations: tuple[str, ...]
    scope: str
    approved: bool
    hint: str = ""  # how a turn names its author: "who also took over a former team"


@dataclass(frozen=True, slots=True)
class Access:
    """One line of a member's access log: ids and verbs, never text."""

    at: datetime
    actor_id: str
    action: str
    object_id: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """What a writer gets to know, and nothing more."""

    text: str
    stage: Stage
    lens: Lens
    turn_number: int  # 1 for the first turn of a conversation
    situations: tuple[SituationHit, ...] = ()
    passages: tuple[Passage, ...] = ()
    asked: tuple[str, ...] = ()  # questions of this conversation and of the last 30 days
    recent_lenses: tuple[Lens, ...] = ()  # newest last
    earlier: tuple[str, ...] = ()  # the member's earlier reflections in this conversation
    mirrors: tuple[str, ...] = ()  # mirrors of this conversation, so that none comes twice
    names: tuple[str, ...] = ()  # people the member writes about: never leave the machine
    vector: Vector = field(default=())  # of the whole text
    telling: tuple[
        float, ...
    ] = ()  # how much each sentence says of what the text is about, -1..1; () if unknown


@dataclass(frozen=True, slots=True)
class Draft:
    """What a writer proposes; nobody has seen it yet.

    Attributes:
        concern: what the writer heard that needs a person and not a question; then the rest may be empty.
    """

    mirror: str
    questions: tuple[Question, ...]
    origin: Origin
    concern: ScreenKind = ScreenKind.NONE
