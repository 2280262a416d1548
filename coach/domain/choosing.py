"""Choosing among the questions that could be asked: where the bank's quality is won.

The constants are rules of thumb, found by reading the turns for a hundred texts as their writers would, and
changing one thing at a time. They order candidates where no learned weights are at hand (ranker.py), and they
are what those weights have to beat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from coach.domain.model import Lens, Stage


class Source(StrEnum):
    """Where a candidate comes from."""

    BANK = "bank"  # written for the situation
    FRAME = "frame"  # filled with the member's own words
    CASE = "case"  # raised by a case study
    GENERAL = "general"  # when nothing is near


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that could be asked.

    Attributes:
        relevance: how sure we are that its situation, tension or case is there, 0..1.
        likeness: cosine of the question with the reflection, -1..1; 0 when unknown.
        rank: place of its situation or case among those found, 0 for the first.
        source_id: id of the situation or case; the kind of tension for a frame.
        clause: of a frame, the member's clause it hangs on.
        leans: on the mirror, so that it can only be the lead.
        place: of the clause in the text, 0 at its beginning and 1 at its end.
        whim: 0..1, the same for the same text and question: among equals, each text gets its own.
    """

    text: str
    lens: Lens
    stage: Stage
    source: Source
    source_id: str
    relevance: float
    likeness: float = 0.0
    rank: int = 0
    clause: str = ""
    leans: bool = False
    place: float = 0.5
    whim: float = 0.0


# Neighbouring stages can stand in for each other; options and commitments must not come early.
_ORDER = (Stage.ARRIVE, Stage.EXPLORE, Stage.REFRAME, Stage.OPTIONS, Stage.COMMIT, Stage.LOOK_BACK)
_FORWARD = frozenset({Stage.OPTIONS, Stage.COMMIT})
_STAGE_FIT = {0: 0.30, 1: 0.18}
# Text-specific beats situation-specific (CRAFT.md section 4).
_SOURCE = {Source.FRAME: 0.15, Source.BANK: 0.0, Source.CASE: -0.10, Source.GENERAL: -0.25}
# What a question on a tension of this kind is worth. High: the kinds after which a reader says "that is it"
# (what one does against one's own image, what waits, what was promised). Low: single words, times of day.
_BY_WORTH = (
    (0.62, "own_question who_i_am"),
    (0.60, "avoidance self_image"),
    (0.58, "promise skill meant"),
    (0.56, "regret hinge"),
    (0.55, "secret silence fear"),
    (0.54, "exception"),
    (0.52, "ahead own_words repetition"),
    (0.50, "wish said two_ways asked look"),
    (0.48, "feeling not_knowing"),
    (0.46, "before_now"),
    (0.44, "could wanted"),
    (0.42, "contrast person refusal"),
    (0.40, "physical"),
    (0.38, "apart thought"),
    (0.36, "group doing noticing"),
    (0.34, "should cost"),
    (0.32, "moment seen"),
    (0.28, "metaphor state"),
    (0.26, "big_word rule"),
    (0.10, "unasked_person"),
    (0.00, "absolute strong_word last_time deed"),
)
_WORTH: Mapping[str, float] = MappingProxyType(
    {kind: worth for worth, kinds in _BY_WORTH for kind in kinds.split()}
)
_UNKNOWN_KIND = 0.2
_LEANING = 0.28  # a question that leans on the mirror is the shortest and plainest one can ask
_QUOTING = -0.06  # marks in a question make it limp
_ON_ONE_WORD = 0.12  # but not when it takes up one word or name of the sentence just heard
# A situation's score is a probability. From 0.8 on the first one was right in 18 of 21 labelled texts, below
# 0.35 in 5 of 23.
_GUESS, _CERTAIN = 0.25, 0.80


def sureness(chance: float) -> float:
    """How much the questions of a situation may count on it, 0..1, from its probability."""
    return min(max((chance - _GUESS) / (_CERTAIN - _GUESS), 0.0), 1.0)


def allowed(candidate: Candidate, stage: Stage, turn_number: int) -> bool:
    """Whether a candidate may come now at all.

    Nothing looks forward or back before the situation has been told (CRAFT.md, criterion "stage").
    """
    if candidate.stage is Stage.LOOK_BACK:
        return stage is Stage.LOOK_BACK
    return turn_number > 2 or candidate.stage not in _FORWARD


def score(candidate: Candidate, stage: Stage, lens: Lens, recent: Sequence[Lens]) -> float:
    """How well a candidate fits; only the order of scores means anything.

    Args:
        candidate: allowed now.
        stage, lens: what the conversation asks for.
        recent: lenses of the last leads, newest last; the same again costs.
    """
    distance = abs(_ORDER.index(candidate.stage) - _ORDER.index(stage))
    total = _SOURCE[candidate.source] + _STAGE_FIT.get(distance, 0.0) + 0.15 * candidate.whim
    total += 0.04 if candidate.lens is lens else 0.0
    total -= 0.20 if candidate.lens in recent[-2:] else 0.0
    if candidate.source is Source.FRAME:
        total += _WORTH.get(candidate.source_id, _UNKNOWN_KIND) * (0.5 + 0.5 * candidate.relevance)
        total += 0.10 * candidate.place + (_LEANING if candidate.leans else 0.0)
        if "“" in candidate.text:
            total += _ON_ONE_WORD if candidate.leans else _QUOTING
        return total
    return total + 0.75 * candidate.relevance + 0.50 * candidate.likeness - 0.04 * candidate.rank


def ordered(
    candidates: Iterable[Candidate],
    stage: Stage,
    lens: Lens,
    turn_number: int,
    recent: Sequence[Lens] = (),
    value: Callable[[Candidate], float] | None = None,
) -> list[Candidate]:
    """The allowed candidates, best first; ties go by text, so that two runs agree.

    Args:
        candidates: everything that could be asked.
        stage, lens, turn_number, recent: of the turn.
        value: how good a candidate is; None takes the rules of `score`.
    """
    fitting = [one for one in candidates if allowed(one, stage, turn_number)]
    worth = value or (lambda one: score(one, stage, lens, recent))
    return sorted(fitting, key=lambda one: (-worth(one), one.text))


def goes_with(one: Candidate, chosen: Sequence[Candidate], said: str) -> bool:
    """Whether a candidate adds an angle to those chosen and does not say again what was just said.

    Args:
        one: the next best.
        chosen: the lead first.
        said: the clause that the mirror says, as written.
    """
    if not chosen:
        return one.leans or not _repeats(one.clause, said)
    if one.leans or any(one.lens is other.lens for other in chosen):
        return False
    heard = [said, *(other.clause for other in chosen)]
    if any(_repeats(one.clause, clause) for clause in heard):
        return False
    return not one.source_id or all(one.source_id != other.source_id for other in chosen)


def _repeats(clause: str, heard: str) -> bool:
    return bool(clause and heard) and (clause in heard or heard in clause)
