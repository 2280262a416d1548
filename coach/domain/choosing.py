"""Choosing among the questions that could be asked: where the bank's quality is won."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

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


# Neighbouring stages can stand in for each other; options and commitments must not come early.
_ORDER = (Stage.ARRIVE, Stage.EXPLORE, Stage.REFRAME, Stage.OPTIONS, Stage.COMMIT, Stage.LOOK_BACK)
_FORWARD = frozenset({Stage.OPTIONS, Stage.COMMIT})
_STAGE_FIT = {0: 0.30, 1: 0.12}
# Text-specific beats situation-specific (CRAFT.md section 4).
_SOURCE = {Source.FRAME: 0.22, Source.BANK: 0.05, Source.CASE: 0.0, Source.GENERAL: -0.30}


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
    total = 0.65 * candidate.relevance + 0.55 * candidate.likeness - 0.12 * candidate.rank
    total += _SOURCE[candidate.source] + _STAGE_FIT.get(distance, 0.0)
    total += 0.06 if candidate.lens is lens else 0.0
    return total - (0.20 if candidate.lens in recent[-2:] else 0.0)


def ordered(
    candidates: Iterable[Candidate], stage: Stage, lens: Lens, turn_number: int, recent: Sequence[Lens] = ()
) -> list[Candidate]:
    """The allowed candidates, best first; ties go by text, so that two runs agree."""
    fitting = [one for one in candidates if allowed(one, stage, turn_number)]
    return sorted(fitting, key=lambda one: (-score(one, stage, lens, recent), one.text))


def next_angle(candidates: Sequence[Candidate], chosen: Sequence[Candidate]) -> Candidate | None:
    """The best remaining candidate that looks from another angle than those chosen.

    Another lens and another source text if there is one, another lens alone if not; None when
    every lens is used up.
    """
    lenses = {one.lens for one in chosen}
    roots = {(one.source, one.source_id) for one in chosen}
    other_lens = [one for one in candidates if one.lens not in lenses]
    other_root = [one for one in other_lens if (one.source, one.source_id) not in roots]
    # After a question on the member's words one of the situation widens the view, and the reverse.
    return next(iter(other_root or other_lens), None)
