"""The path of one reflection: saved, screened, retrieved, asked, judged, matched, saved."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from coach.domain.model import (
    PROGRAMME,
    Brief,
    Conversation,
    Document,
    Draft,
    Entry,
    Lens,
    Origin,
    PeerHint,
    Question,
    Screening,
    ScreenKind,
    Turn,
)
from coach.domain.stages import choose_lens, choose_stage
from coach.domain.text import REFLECTION_LIMIT, accept
from coach.errors import (
    CoachError,
    NotFound,
    Unanswered,
    WriterGarbled,
    WriterRefused,
    WriterTimeout,
    WriterUnavailable,
)
from coach.ports import Clock, Embedder, Journal, Library, People, Screener, Writer
from coach.services.gate import Gate, Judged
from coach.services.peers import PeerService, scopes_of
from coach.services.reading import Reading, embedded_sentences, read
from coach.services.retrieve import Found, Retriever

QUESTIONS = 3  # the lead and two alternatives
FRESH_DAYS = 30
FRESH_LEADS = 60  # of these days, the newest: two a day

_NOTES: tuple[tuple[type[WriterUnavailable], str], ...] = (
    (WriterTimeout, "writer.timeout"),
    (WriterRefused, "writer.refused"),
    (WriterGarbled, "writer.garbled"),
)


@dataclass(frozen=True, slots=True)
class History:
    """What of a conversation the next turn depends on."""

    texts: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    lenses: tuple[Lens, ...] = ()
    mirrors: tuple[str, ...] = ()
    turns: int = 0


@dataclass(frozen=True, slots=True)
class Thinking:
    """Everything that turns a text into a turn; none of it keeps anything.

    Attributes:
        writer: proposes first.
        bank: proposes when the writer cannot; may be the same object.
        signposts: the fixed text for each kind of screening.
    """

    embedder: Embedder
    screener: Screener
    retriever: Retriever
    writer: Writer
    bank: Writer
    gate: Gate
    signposts: Mapping[ScreenKind, str]
    limit: int = REFLECTION_LIMIT

    def turn(
        self, text: str, scopes: Sequence[str], history: History = History(), names: Sequence[str] = ()
    ) -> tuple[Turn, Reading]:
        """One turn for one text, nothing saved.

        Args:
            text: cleaned.
            scopes: what the reader may see.
            history: of the conversation so far.
            names: people the reader writes about.

        Returns:
            The turn, without peers, and the reading it came from.
        """
        reading = read(text, self.embedder)
        screen = self.screener.screen(text, embedded_sentences(list(reading.sentences)), reading.parts)
        if screen.flag:
            return self._signpost(screen, Origin("")), reading
        found = self.retriever.find(reading, scopes)
        brief = brief_of(text, reading, found, history, names)
        draft = self._write(brief)
        if draft.concern is not ScreenKind.NONE:  # a language model hears more than the screen does
            return self._signpost(Screening(True, draft.concern), draft.origin), reading
        return _turn(draft, found), reading

    def _signpost(self, screen: Screening, heard_by: Origin) -> Turn:
        return Turn(
            id=uuid.uuid4().hex,
            mirror="",
            questions=(),
            screen=screen,
            signpost=self.signposts[screen.kind],
            origin=replace(heard_by, writer="signpost"),
        )

    def _write(self, brief: Brief) -> Draft:
        """The writer, once more with what failed, then the bank: the first that passes the gate.

        A writer that hears a concern has the last word: no question is asked then.
        """
        if self.writer is self.bank:
            return self._bank(brief, "")
        try:
            draft = self.writer.write(brief)
        except WriterUnavailable as fault:
            return self._bank(brief, _note(fault))
        if draft.concern is not ScreenKind.NONE:
            return draft
        return self._mended(self.gate.judge(draft, brief), brief)

    def _mended(self, judged: Judged, brief: Brief) -> Draft:
        """A first proposal, where it did not fill a turn joined with a second one and lent questions."""
        note = "writer.gate"
        if len(judged.passing) < QUESTIONS:
            try:
                again = self.writer.write(brief, judged.failed)
            except WriterUnavailable as fault:  # the first proposal stays, as far as it passed
                note = _note(fault)
            else:
                if again.concern is not ScreenKind.NONE:
                    return again
                judged = self._best_of(self.gate.judge(again, brief), judged, brief)
        return self._filled(judged, brief) if judged.passing else self._bank(brief, note)

    def _best_of(self, again: Judged, first: Judged, brief: Brief) -> Judged:
        """The proposal of which more passes; what it lacks comes from the other, judged under its mirror."""
        best, other = (again, first) if len(again.passing) >= len(first.passing) else (first, again)
        if not best.passing or len(best.passing) >= QUESTIONS:
            return best
        heard = replace(brief, asked=(*brief.asked, *(question.text for question in best.passing)))
        spare = self.gate.judge(replace(best.draft, questions=other.draft.questions), heard).passing
        return replace(best, passing=(*best.passing, *_new_lenses_first(spare, best.passing)))

    def _bank(self, brief: Brief, note: str) -> Draft:
        judged = self.gate.judge(self.bank.write(brief), brief)
        # The bank judges its own candidates; should all fail here, its first is still a person's question.
        questions = judged.passing or judged.draft.questions[:1]
        return replace(judged.draft, questions=questions, origin=replace(judged.draft.origin, note=note))

    def _filled(self, judged: Judged, brief: Brief) -> Draft:
        """A turn always offers two other angles: the bank lends what the writer did not bring."""
        questions = list(judged.passing[:QUESTIONS])
        if len(questions) < QUESTIONS:
            bank = self.gate.judge(self.bank.write(brief), brief)
            lead = {question.text for question in bank.draft.questions[:1]}
            # The bank's lead may lean on the bank's mirror, which is not shown here.
            lent = [question for question in bank.passing if question.text not in lead]
            lent = _new_lenses_first(lent, questions)[: QUESTIONS - len(questions)]
            questions.extend(replace(one, lent=True) for one in lent)
        return replace(judged.draft, questions=tuple(questions))


def _new_lenses_first(offered: Sequence[Question], there: Sequence[Question]) -> list[Question]:
    lenses = {question.lens for question in there}
    return sorted(offered, key=lambda question: question.lens in lenses)


def _note(fault: WriterUnavailable) -> str:
    """Why the bank stands in, as a key of the catalogue."""
    return next((note for kind, note in _NOTES if isinstance(fault, kind)), "writer.refused")


class ReflectService:
    """What the page calls."""

    def __init__(
        self,
        thinking: Thinking,
        journal: Journal,
        library: Library,
        people: People,
        peers: PeerService,
        clock: Clock,
    ) -> None:
        self._thinking = thinking
        self._journal = journal
        self._library = library
        self._people = people
        self._peers = peers
        self._clock = clock

    def ask(self, member_id: str, conversation_id: str | None, text: str) -> Entry:
        """Save a reflection, then answer it.

        Args:
            member_id: who writes.
            conversation_id: the thread it belongs to; None begins one.
            text: as typed.

        Returns:
            The saved entry with its turn.

        Raises:
            TextRefused: empty, without words, or too long; nothing was saved.
            NotFound: no such conversation of this member, or it was erased meanwhile: nothing is saved.
            StoreUnavailable: nothing was saved.
            Unanswered: the reflection is saved and its turn is not; asking again would save it twice.
        """
        text = accept(text, self._thinking.limit)
        earlier = self._journal.conversation(member_id, conversation_id) if conversation_id else None
        entry = self._journal.add_reflection(member_id, conversation_id, text)
        try:
            return self._answered(member_id, entry, earlier)
        except NotFound:
            raise
        except Exception as fault:  # noqa: BLE001 - from here on nobody may hear that nothing was saved
            cause = type(fault).__name__
        raise Unanswered(entry.id, entry.conversation_id, cause)

    def _answered(self, member_id: str, entry: Entry, earlier: Conversation | None) -> Entry:
        history = self._history(member_id, earlier)
        scopes = self._scopes(member_id)
        turn, reading = self._thinking.turn(
            entry.text,
            scopes,
            history,
            [self._people.member(member_id).name, *self._people.roster(member_id)],
        )
        turn = replace(turn, peers=self._near(member_id, turn, reading, scopes))
        self._journal.add_turn(member_id, entry.id, turn, reading.vectors)
        return replace(entry, turn=turn)

    def consider(self, text: str) -> Turn:
        """A turn for a text that belongs to nobody: nothing is saved, only the programme is searched.

        Raises:
            TextRefused: empty, without words, or too long.
        """
        return self._thinking.turn(accept(text, self._thinking.limit), [PROGRAMME])[0]

    def document(self, member_id: str, document_id: str) -> Document:
        """A case or guideline this member may read.

        Raises:
            NotFound: not there, or not for them.
        """
        return self._library.document(self._scopes(member_id), document_id)

    def _scopes(self, member_id: str) -> list[str]:
        return scopes_of(member_id, self._people.groups_of(member_id))

    def _near(
        self, member_id: str, turn: Turn, reading: Reading, scopes: Sequence[str]
    ) -> tuple[PeerHint, ...]:
        stranger = turn.nothing_close and not turn.index_down
        if turn.screen.flag or stranger:  # where no case fits, a shared situation is a guess
            return ()
        try:
            return self._peers.near(member_id, turn.situations, reading.vectors, scopes)
        except CoachError:
            return ()  # peers are an invitation: without them the turn is still whole

    def _history(self, member_id: str, earlier: Conversation | None) -> History:
        since = self._clock() - timedelta(days=FRESH_DAYS)
        asked = self._journal.asked_since(member_id, since, FRESH_LEADS)
        if earlier is None:
            return History(asked=tuple(asked))
        turns = [entry.turn for entry in earlier.entries if entry.turn is not None]
        shown = [question.text for turn in turns for question in turn.questions]
        return History(
            # What got a signpost, or was never screened because no turn came of it, goes to no writer later.
            texts=tuple(one.text for one in earlier.entries if one.turn and not one.turn.screen.flag),
            asked=tuple(dict.fromkeys([*asked, *shown])),
            lenses=tuple(turn.questions[0].lens for turn in turns if turn.questions),
            mirrors=tuple(turn.mirror for turn in turns if turn.mirror),
            turns=len(turns),
        )


def brief_of(text: str, reading: Reading, found: Found, history: History, names: Sequence[str]) -> Brief:
    """What a writer gets to know of one reflection; see `Brief`."""
    number = history.turns + 1
    return Brief(
        text=text,
        stage=choose_stage(text, number),
        lens=choose_lens(text, history.lenses),
        turn_number=number,
        situations=found.situations,
        passages=(*found.cases, *found.guidelines),
        asked=history.asked,
        recent_lenses=history.lenses,
        earlier=history.texts,
        mirrors=history.mirrors,
        names=tuple(names),
        vector=reading.vectors[0],
        telling=found.telling,
    )


def _turn(draft: Draft, found: Found) -> Turn:
    return Turn(
        id=uuid.uuid4().hex,
        mirror=draft.mirror,
        questions=draft.questions,
        cases=tuple(replace(case, text="", questions=()) for case in found.cases),
        guidelines=tuple(replace(one, text="", questions=()) for one in found.guidelines),
        situations=found.situations,
        origin=draft.origin,
        nothing_close=found.nothing_close,
        index_down=found.degraded,
    )
