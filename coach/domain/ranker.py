"""The learned order of candidates: what a careful reader, knowing only the text, would rather be asked.

The weights come from `coach/data/ranker.json`, made by scripts/train_ranker.py from blind ratings; each has a
name that a person can read. What the ratings could not teach (they are all of first turns) stays a rule here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from coach.domain.choosing import Candidate, Source
from coach.domain.model import Lens, Stage
from coach.domain.moves import MOVES

_STAGES = tuple(Stage)
_QUOTE = re.compile(r"“[^”]*”")
_WORDS = re.compile(r"[a-z']+")
_LONG_WORD = 5  # letters; shorter ones are shared by all texts
WHIM = 0.9  # points between luck and no luck: among near equals each text gets its own
GENERAL = 1.8  # off for what could be asked of any text: safe, and never what somebody came for
ALIKE = 0.2
"""Of what was learned to tell these apart: it hung on a few ratings, and three came again and again."""
AGAIN = 0.6  # off for a lens that led one of the last two turns
AWAY = 0.3  # off for each stage between, from the second turn on
NEWER = MappingProxyType({"beside": 1.0, "posed": 1.0, **dict.fromkeys(MOVES, 5.0), "few_words": 1.0})
"""Points for kinds of frames that are newer than the ratings, set by reading; times how sure we are."""
DOUBT = 0.2  # so sure one must be of them that they gain anything
UNSURE = 1.2  # off for a question of a situation or case nobody is sure of, in full where the sureness is 0
WRITTEN = 0.5  # off for any of those: of 26 leads a reader of 184 turns found that 16 presumed something
SURE = 0.9  # from this sureness on nothing is off


@dataclass(frozen=True, slots=True)
class Setting:
    """What candidates of one turn are held against."""

    stage: Stage
    lens: Lens
    turn_number: int
    recent: tuple[Lens, ...]
    text_words: frozenset[str]
    mirror_words: frozenset[str]


def setting(
    text: str, mirror: str, stage: Stage, lens: Lens, turn_number: int = 1, recent: Sequence[Lens] = ()
) -> Setting:
    """The setting of one turn.

    Args:
        text: the reflection.
        mirror: the sentence that will stand before the question.
        stage, lens: what the conversation asks for.
        turn_number: 1 for the first turn.
        recent: lenses of the last leads, newest last.
    """
    return Setting(stage, lens, turn_number, tuple(recent), _words(text), _words(mirror))


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(text.lower()))


def pattern(question: str) -> str:
    """A question without the words it quotes: what its frame asks."""
    return _QUOTE.sub("“…”", question) if "“" in question else question


def features(one: Candidate, at: Setting) -> dict[str, float]:
    """What the weights weigh.

    Args:
        one: a candidate.
        at: the turn it is for.

    Returns:
        Named numbers, mostly 0..1; a name that is missing counts 0.
    """
    count = len(one.text.split())
    long = [word for word in _WORDS.findall(one.text.lower()) if len(word) >= _LONG_WORD]
    found = {
        f"source {one.source.value}": 1.0,
        f"lens {one.lens.value}": 1.0,
        f"stages apart {min(_apart(one, at), 2)}": 1.0,
        "same lens": float(one.lens is at.lens),
        "words": (count - 11) / 5,
        "long": float(count > 15),
        "quotes": float("“" in one.text),
        "words of the text": _share(long, at.text_words),
        "words of the mirror": _share(long, at.mirror_words),
        f"asks {pattern(one.text)}": 1.0,
    }
    return found | _of_source(one)


def _apart(one: Candidate, at: Setting) -> int:
    return abs(_STAGES.index(one.stage) - _STAGES.index(at.stage))


def _share(words: Sequence[str], among: frozenset[str]) -> float:
    return sum(word in among for word in words) / len(words) if words else 0.0


def _of_source(one: Candidate) -> dict[str, float]:
    if one.source is Source.FRAME:
        return {
            f"kind {one.source_id}": 1.0,
            f"kind {one.source_id} leans": float(one.leans),
            "frame sure": one.relevance,
            "leans": float(one.leans),
            "leans quoting": float(one.leans and "“" in one.text),
            "place": one.place,
            "clause words": min(len(one.clause.split()), 25) / 10,
        }
    if one.source is Source.BANK:
        return {
            "bank sure": one.relevance,
            "bank like": one.likeness,
            "bank sure and like": one.relevance * one.likeness,
            f"bank rank {min(one.rank, 2)}": 1.0,
        }
    if one.source is Source.CASE:
        return {"case sure": one.relevance, "case like": one.likeness}
    return {}


def value(weights: Mapping[str, float], one: Candidate, at: Setting) -> float:
    """How good a question is here, in points of a rating from 1 to 5 above or below the text's mean.

    Args:
        weights: by name of the feature.
        one: a candidate that is allowed now.
        at: the turn it is for.
    """
    anywhere = one.source is Source.GENERAL and not one.clause
    learned = sum(
        weights.get(name, 0.0) * number * (ALIKE if anywhere and not name.startswith("source ") else 1.0)
        for name, number in features(one, at).items()
    )
    again = AGAIN if one.lens in at.recent[-2:] else 0.0
    away = AWAY * _apart(one, at) if at.turn_number > 1 else 0.0
    luck = WHIM * (one.whim - 0.5) if one.source is not Source.CASE else 0.0
    general = GENERAL if one.source is Source.GENERAL else 0.0
    luck *= 2 if general else 1  # these are alike to any text, so that any of them will do
    return learned + luck + _unrated(one) - general - again - away


def _unrated(one: Candidate) -> float:
    """What the ratings do not show: they are older than some kinds, and no lead in them was far off."""
    if one.source in (Source.BANK, Source.CASE):
        return -WRITTEN - UNSURE * max(0.0, SURE - one.relevance) / SURE
    new = NEWER.get(one.source_id, 0.0) if one.source is Source.FRAME else 0.0
    if one.source_id == "beside" and not one.leans:
        return 0.0  # one place alone joins nothing: good enough for another angle
    return new * (one.relevance - DOUBT)
