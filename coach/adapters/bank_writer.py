"""The embedded writer: hand-written questions, and frames filled with the member's own words."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from coach.adapters.embedded_prompts import EmbeddedPrompts, read_embedded
from coach.domain.beside import beside
from coach.domain.cast import cast
from coach.domain.choosing import Candidate, Source, goes_with, ordered, sureness
from coach.domain.echo import echoes
from coach.domain.frames import fill
from coach.domain.language import is_english
from coach.domain.mirror import Heard, hear
from coach.domain.model import Brief, DocumentKind, Draft, Lens, Origin, Question, Stage, Verdict
from coach.domain.moves import FEW, moves
from coach.domain.phrase import Phrase
from coach.domain.posed import posed
from coach.domain.presupposed import gaps, supported
from coach.domain.ranker import setting, value
from coach.domain.rubric import Exchange, failed, judge_all
from coach.domain.tension import Tension, detect
from coach.domain.text import split_sentences
from coach.ports import Writer, WriterParts

QUESTIONS = 3
SITUATIONS = 3  # as many of the near ones lend questions
FEW_WORDS, SHORTLY = 12, 0.3  # what a note of a few words is about is a guess, however sure it looks
WITHOUT_CASE = 0.6  # of a situation's sureness, where no case was near: often the text is of something else
QUOTED_WORDS = 8
MIRRORS = 4  # that are tried before a turn goes without a question
CONSIDERED = 120  # candidates that are judged before giving up on another angle

Judged = tuple[Candidate, tuple[Verdict, ...]]


class BankWriter:
    """Implements ports.Writer."""

    name = "bank"

    def __init__(self, parts: WriterParts, prompts: EmbeddedPrompts) -> None:
        self._parts = parts
        self._prompts = prompts

    def write(self, brief: Brief, failed: Sequence[str] = ()) -> Draft:  # noqa: ARG002 - it never repeats a fault
        """See ports.Writer; always has something to ask. Only the lead may lean on the mirror."""
        sentences = split_sentences(brief.text)
        tensions = detect(brief.text, sentences)
        avoid = list(brief.mirrors)
        for _ in range(MIRRORS):
            said = self._hear(brief, sentences, avoid, tensions)
            chosen = self._chosen(brief, said, tensions)
            if chosen:
                break
            avoid.append(said.sentence)  # nothing passes after it: the mirror itself does not
        origin = Origin("bank", prompt="embedded", version=self._prompts.version)
        return Draft(said.sentence, tuple(self._question(*one) for one in chosen), origin)

    def propose(self, brief: Brief) -> tuple[Heard, list[Candidate]]:
        """The mirror and everything that could be asked after it, best first: for those who rate."""
        sentences = split_sentences(brief.text)
        tensions = detect(brief.text, sentences)
        said = self._hear(brief, sentences, brief.mirrors, tensions)
        return said, self._ordered(brief, said, tensions)

    def _hear(
        self, brief: Brief, sentences: Sequence[str], avoid: Sequence[str], tensions: Sequence[Tension]
    ) -> Heard:
        weights = self._parts.mirrors or None
        return hear(brief.text, sentences, brief.names, avoid, tensions, brief.telling, weights)

    def weighing(self, weights: Mapping[str, float]) -> BankWriter:
        """The same bank with other weights of candidates: for those who train them."""
        return BankWriter(replace(self._parts, ranker=weights), self._prompts)

    def passes(self, one: Candidate, said: Heard, brief: Brief) -> bool:
        """Whether a candidate passes the rubric after this mirror."""
        return bool(self._passing([one], said, brief))

    def _chosen(self, brief: Brief, said: Heard, tensions: Sequence[Tension]) -> list[Judged]:
        return self._passing(self._ordered(brief, said, tensions)[:CONSIDERED], said, brief)

    def _ordered(self, brief: Brief, said: Heard, tensions: Sequence[Tension]) -> list[Candidate]:
        return ordered(
            self._candidates(brief, said, tensions),
            brief.stage,
            brief.lens,
            brief.turn_number,
            brief.recent_lenses,
            self._value(brief, said),
        )

    def _value(self, brief: Brief, said: Heard) -> Callable[[Candidate], float] | None:
        weights = self._parts.ranker
        if not weights:
            return None
        at = setting(
            brief.text, said.sentence, brief.stage, brief.lens, brief.turn_number, brief.recent_lenses
        )
        return lambda one: value(weights, one, at)

    # -- candidates ---------------------------------------------------------------------------------

    def _candidates(self, brief: Brief, said: Heard, tensions: Sequence[Tension]) -> Iterator[Candidate]:
        if not is_english(brief.text):  # every other question was written for, or found by, English words
            yield from self._general(brief.text, said)
            return
        yield from self._from_frames(brief, said, tensions)
        if not any(one.kind != FEW for one in moves(brief.text)):  # what tells of nothing is near to nothing
            yield from self._from_bank(brief)
            yield from self._from_cases(brief)
        yield from self._general(brief.text, said)

    def _from_frames(self, brief: Brief, said: Heard, tensions: Sequence[Tension]) -> Iterator[Candidate]:
        people = cast(brief.text)
        leaning = echoes(said.phrase, tensions, people) if said.phrase else []
        sentences = split_sentences(brief.text)
        if said.phrase:
            leaning += beside(said.phrase, said.phrases, tensions, brief.text, sentences)
        found = [*moves(brief.text), *leaning, *tensions, *people, *posed(brief.text, sentences)]
        for filled in fill(found, self._prompts.frames):
            yield Candidate(
                filled.text,
                filled.lens,
                filled.stage,
                Source.FRAME,
                filled.kind,
                filled.confidence,
                clause=filled.clause,
                leans=filled.leans,
                place=filled.start / max(len(brief.text), 1),
                whim=_whim(brief.text, filled.text),
            )

    def _from_bank(self, brief: Brief) -> Iterator[Candidate]:
        situations, vectors = self._parts.situations(), self._parts.question_vectors()
        alone = not any(one.kind is DocumentKind.CASE for one in brief.passages)
        short = len(brief.text.split()) < FEW_WORDS
        for rank, hit in enumerate(brief.situations[:SITUATIONS]):
            relevance = sureness(hit.score) * (WITHOUT_CASE if alone else 1.0) * (SHORTLY if short else 1.0)
            if not relevance and rank:
                break
            known = situations.get(hit.id)  # gone when a corpus was read in between retrieval and this
            for question in known.questions if known else ():
                yield Candidate(
                    question.text,
                    question.lens,
                    question.stage,
                    Source.BANK,
                    hit.id,
                    relevance,
                    likeness=_cosine(brief.vector, vectors.get(question.text)),
                    rank=rank,
                    whim=_whim(brief.text, question.text),
                )

    def _from_cases(self, brief: Brief) -> Iterator[Candidate]:
        vectors = self._parts.question_vectors()
        cases = [one for one in brief.passages if one.kind is DocumentKind.CASE]
        sure = sureness(brief.situations[0].score) if brief.situations else 0.0
        for rank, case in enumerate(cases):
            for text in case.questions:
                yield Candidate(
                    text,
                    _lens_of(text),
                    Stage.EXPLORE,
                    Source.CASE,
                    case.id,
                    case.score * sure,
                    likeness=_cosine(brief.vector, vectors.get(text)),
                    rank=rank,
                )

    def _general(self, text: str, said: Heard) -> Iterator[Candidate]:
        for filled in fill(_quotable(said.phrases), self._prompts.general_frames):
            yield Candidate(
                filled.text, filled.lens, filled.stage, Source.GENERAL, "phrase", -0.1, clause=filled.clause
            )
        for question in self._prompts.general_questions:
            whim = _whim(text, question.text)
            yield Candidate(question.text, question.lens, question.stage, Source.GENERAL, "", 0.0, whim=whim)

    # -- judging ------------------------------------------------------------------------------------

    def _passing(self, candidates: list[Candidate], said: Heard, brief: Brief) -> list[Judged]:
        """The three best that pass the rubric: three are chosen, judged, and chosen anew without what failed.

        With each comes what the rubric said of it, so that the gate need not ask once more.

        The classifier for advice is left out: people wrote and read these words, and what a frame
        quotes is the member's own.
        """
        clause = said.phrase.text if said.phrase else ""
        missing = gaps("\n".join((brief.text, *brief.earlier)))
        candidates = [one for one in candidates if one.text not in brief.asked]
        good: dict[str, Judged] = {}
        heard: dict[tuple[object, ...], Any] = {}  # for this turn only
        while True:
            chosen = _choose(candidates, clause, forward=brief.turn_number >= 3)
            unjudged = [one for one in chosen if one.text not in good]
            if not unjudged:
                return [(one, _of_it(one, *good[one.text])) for one in chosen]
            bad = {
                one.text
                for one in unjudged
                if one.source is not Source.FRAME and not supported(one.text, missing)
            }
            if not bad:
                verdicts = judge_all((_exchange(one, said.sentence, brief) for one in unjudged), heard)
                judged = list(zip(unjudged, verdicts, strict=True))
                bad = {one.text for one, found in judged if failed(found)}
                good.update((one.text, (one, found)) for one, found in judged if one.text not in bad)
            candidates = [one for one in candidates if one.text not in bad]

    def _question(self, one: Candidate, verdicts: tuple[Verdict, ...]) -> Question:
        return Question(one.text, one.lens, one.stage, self._sources(one), verdicts, self._why(one))

    def _sources(self, one: Candidate) -> tuple[str, ...]:
        return (one.source_id,) if one.source in {Source.BANK, Source.CASE} else ()

    def _why(self, one: Candidate) -> str:
        begun = self._prompts.whys[f"source.{one.source.value}"]
        if one.source is Source.BANK:
            begun = begun.format(situation=self._parts.situations()[one.source_id].name.lower())
        return f"{begun} {self._prompts.whys[f'lens.{one.lens.value}']}"


def _of_it(one: Candidate, judged: Candidate, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """The verdicts, if given on this candidate and not on the same words with another lens or stage."""
    return verdicts if (one.lens, one.stage) == (judged.lens, judged.stage) else ()


def _exchange(candidate: Candidate, said: str, brief: Brief) -> Exchange:
    return Exchange(
        question=candidate.text,
        text=brief.text,
        mirror=said,
        stage=candidate.stage,
        lens=candidate.lens,
        turn_number=brief.turn_number,
        asked=brief.asked,
        recent_lenses=brief.recent_lenses,
        earlier=brief.earlier,
    )


def _choose(candidates: Sequence[Candidate], said: str, forward: bool) -> list[Candidate]:
    """The lead and two other angles; from the third turn one of the three looks forward."""
    chosen: list[Candidate] = []
    for one in candidates:
        if len(chosen) < QUESTIONS and goes_with(one, chosen, said):
            chosen.append(one)
    for one in candidates:  # fewer angles than questions: another lens on the same ground
        if len(chosen) < QUESTIONS and not one.leans and all(one.lens is not other.lens for other in chosen):
            chosen.append(one)
    return _with_forward(chosen, candidates) if forward else chosen


def _with_forward(chosen: list[Candidate], pool: Sequence[Candidate]) -> list[Candidate]:
    """With one question that looks ahead in the last place, of another lens where there is one."""
    if not chosen or any(_looks_ahead(one) for one in chosen):
        return chosen
    kept = chosen[:-1]
    ahead = [one for one in pool if _looks_ahead(one) and not one.leans]
    other = [one for one in ahead if all(one.lens is not earlier.lens for earlier in kept)]
    forward = next(iter(other or ahead), None)
    return [*kept, forward] if forward else chosen


def _looks_ahead(one: Candidate) -> bool:
    return one.stage in (Stage.OPTIONS, Stage.COMMIT) or one.lens is Lens.FUTURE


def _whim(text: str, question: str) -> float:
    return zlib.crc32(f"{text}\n{question}".encode()) / 2**32


def _cosine(one: Sequence[float], other: Sequence[float] | None) -> float:
    if other is None or len(one) == 0:
        return 0.0
    return float(np.dot(np.asarray(one), np.asarray(other)))


def _lens_of(text: str) -> Lens:
    """A case's question carries no lens; the words tell roughly where it looks."""
    words = f" {text.casefold()} "
    if " they " in words or " them " in words or " team " in words:
        return Lens.OTHER
    if " between " in words or " trust " in words:
        return Lens.RELATIONSHIP
    return Lens.SELF


def _quotable(phrases: Sequence[Phrase]) -> list[Tension]:
    """The member's best clauses that are short enough to stand in a question."""
    short = [one for one in phrases if len(one.text.split()) <= QUOTED_WORDS]
    return [
        Tension("phrase", one.text, {"quote": one.text.strip(" .,;:")}, 0.3, one.start, one.end)
        for one in short[:2]
    ]


def make(parts: WriterParts) -> Writer:
    """Entry point `coach.writers: bank`."""
    return BankWriter(parts, read_embedded(parts.prompts / "embedded"))
