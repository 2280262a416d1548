# ruff: noqa: E501 a pattern that is broken over lines cannot be read
"""Second places of a text that a question can hold against the mirror.

People tell an evening and leave the joining to the listener: the promise stands at the top and the sheet on the
desk at the bottom. "What thread runs from that to your last line, “It's the wrong ship”?" asks what only this writer can say.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from coach.domain.clause import holds_verb
from coach.domain.echo import LEANS
from coach.domain.heart import slips
from coach.domain.phrase import LOOK_BACK, OF_ANOTHER, OWN_QUESTION, Phrase, marks
from coach.domain.pointing import unnamed
from coach.domain.second_person import to_second_person
from coach.domain.tension import Tension

BESIDE = "beside"
"""The kind of these tensions, beside those of `tension` and `echo`."""

_FEWEST, _MOST, _SHORT = 3, 9, 4  # words of what is put beside the mirror
_APART = 40  # characters between the two, so that they are not one thought said twice
_CLAUSES = 2
_SURE_OF_ENDING, _SURE_OF_SAID, _SURE_OF_OPENING = 0.9, 0.7, 0.6
_FLAGS = re.IGNORECASE

_MEANT = re.compile(  # somebody is in the words, or something is refused: "ah, no" is neither
    r"\b(?:I|me|my|mine|we|us|our|you|your|not|never|no|nobody|nothing|enough|sorry|still)\b|n['’]t\b|['’](?:m|re|ve|ll)\b",
    _FLAGS,
)
_SOMEBODY = re.compile(r"\b(?:I|me|my|we|us|our|he|she|they|it|her|his)\b", _FLAGS)
_AFTERTHOUGHT = re.compile(r"(?:oh|anyway|nice|well|ps|and then|also|used|that he|that she)\b", _FLAGS)
_HOUSEHOLD = re.compile(
    r"\b(?:rain\w*|snow\w*|weather|coffee|tea|lunch|dinner|cat|dog|bus|knee|slept|anyway|by the way)\b",
    _FLAGS,
)
_POINTS = re.compile(r"\b(?:it|that|this|too|so|there|them|I think)$", _FLAGS)
_JOINS = re.compile(r"(?:and|but|so|still|then),? ", _FLAGS)
_UNFIT = re.compile(  # cut short, or a clause that only carries another
    r", and (?:instead|in place|after|before|with|without|for|as)\b|[?“”\":;()]|, (?:well|like)$"
    r"|\b(?:mean|exaggerating|inventing)\b|^I(?:['’]\w+)? (?:\w+ )?(?:tell|know|think|suppose|guess|see|answered)$"
)
_QUOTED_AFTER = re.compile(  # "she said, Ruben, I can't protect you": somebody else's "I", without marks
    r"\b(?:said|says|say|goes|tells?|told|wrote|writes|asked|asks|answered|shouted|like)(?: \w+)?[\s,:]*(?:[A-Z]\w+,\s*)?$"
)
_I_OPENS = re.compile(r"I\b", _FLAGS)

# Learned from 229 such lines that one reader called worth hearing again or not (logistic regression; area under
# the curve 0.77 in ten folds by text). The rules of `phrase` count by their score divided by three.
_WEIGHTS: tuple[tuple[float, re.Pattern[str]], ...] = (
    (0.28, re.compile(r"\b(?:not|never|no|nothing|nobody|without)\b|n['’]?t\b", _FLAGS)),
    (0.44, re.compile(r"\b(?:him|her|them|his|their|he|she|they|people)\b", _FLAGS)),
    (-0.53, re.compile(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|forty)\b", _FLAGS)),
    (0.71, re.compile(
        r"i(?:['’]\w+)? (?:\w+ )?(?:know|think|thought|believe\w*|want\w*|suppose\w*|fear\w*|forget|hope\w*|pretend|could|should|would)\b"
        r"|i['’]d (?!been|seen|kept|known|just|had|even)", _FLAGS)),
    (1.06, re.compile(r"i(?:['’]m| am|['’]ve been)\b", _FLAGS)),
    (-0.73, re.compile(r"i was\b", _FLAGS)),
    (1.08, re.compile(r"\b(?:still|already|yet|now|even|own|myself|only|before|too)\b", _FLAGS)),
    (-0.34, re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")),
    (-0.97, re.compile(r"i (?:\w+ )?(?:looked|look|saw|heard|hear|felt|feel|counted|watched|turn)\b", _FLAGS)),
    (0.34, re.compile(r"i (?:am|have|know|think|want|do|don|can|lead|make|let|leave|answer|like|need|sit|say|start|suppose)\b", _FLAGS)),
)  # fmt: skip
_OPENS_ONLY = frozenset({3, 4, 5, 8, 9})  # of these, the ones that look at the first words
_RULES, _PLACE, _TENSION, _TOO_SHORT, _BASE = 0.94, 0.74, 1.02, -0.23, -1.27
_PLAIN = frozenset({"plain", "deed", "absolute", "own_words", "said"})
_ENOUGH = -0.6  # below it two in three are not worth it
_WEIGHTY = 0.8  # from here on a clause says something about another one: six of eight, below it one of nine


def beside(
    phrase: Phrase,
    phrases: Sequence[Phrase],
    tensions: Sequence[Tension],
    text: str,
    sentences: Sequence[str],
) -> list[Tension]:
    """What a reader would join with the mirror.

    Args:
        phrase: the clause that the mirror says.
        phrases: all that could have been said.
        tensions: of the text, as `detect` gives them.
        text, sentences: the reflection and its sentences in order.

    Returns:
        Tensions of the kind "beside", each with the slot `mirror` and one of `ending` (the last line), `opening`
        (the first), `heard` (what somebody said), `said` (what the writer said aloud), `other` (a clause of the writer's; also `weighty`
        if it is worth much, and `after` if it comes later than the mirror). What stands next to the mirror, or in it, is left out.
    """
    found = [
        *_ending(text, sentences),
        *_opening(text, sentences),
        *_spoken(tensions),
        *_clauses(phrase, phrases, text),
    ]
    return [_leaning(one, phrase) for one in found if _far(one, phrase)]


def _leaning(one: Tension, phrase: Phrase) -> Tension:
    slots: Mapping[str, str] = MappingProxyType({**one.slots, LEANS: phrase.text})
    return Tension(BESIDE, one.clause, slots, one.confidence, one.start, one.end)


def _far(one: Tension | Phrase, phrase: Phrase) -> bool:
    return one.end + _APART <= phrase.start or phrase.end + _APART <= one.start


def _ending(text: str, sentences: Sequence[str]) -> list[Tension]:
    """The last line, where it is short: writers keep for it what they have not said."""
    line = sentences[-1].strip() if len(sentences) > 2 else ""
    start = text.rfind(line) if line else -1
    words = _JOINS.sub("", line.strip(" .!…"), count=1) if _JOINS.match(line) else line.strip(" .!…")
    aside = _HOUSEHOLD.search(words) or _AFTERTHOUGHT.match(words) or not _SOMEBODY.search(words)
    if (
        start < 0
        or aside
        or _POINTS.search(words)
        or not _fits(words)
        or marks(words)["flawed"]
        or slips(words)
    ):
        return []
    return [Tension(BESIDE, words, {"ending": words}, _SURE_OF_ENDING, start, start + len(line))]


def _opening(text: str, sentences: Sequence[str]) -> list[Tension]:
    """The first line, where it is short: what came to mind before everything else."""
    line = sentences[0].strip() if len(sentences) > 2 else ""
    words = line.strip(" .!…")
    looks = marks(words)
    aside = _HOUSEHOLD.search(words) or not _SOMEBODY.search(words) or not holds_verb(words) or unnamed(words)
    if (
        not line
        or aside
        or looks["background"]
        or looks["flawed"]
        or looks["loose"]
        or slips(words)
        or not _fits(words)
    ):
        return []
    start = text.find(line)
    return [Tension(BESIDE, words, {"opening": words}, _SURE_OF_OPENING, start, start + len(line))]


def _spoken(tensions: Sequence[Tension]) -> list[Tension]:
    """What was said aloud and says something."""
    found = []
    for one in tensions:
        words = one.slots.get("quote", "")
        if one.kind in ("said", "own_words") and _fits(words) and _MEANT.search(words):
            slots = {"said" if one.kind == "own_words" else "heard": words}
            found.append(Tension(BESIDE, one.clause, slots, _SURE_OF_SAID, one.start, one.end))
    return found


def _clauses(phrase: Phrase, phrases: Sequence[Phrase], text: str) -> list[Tension]:
    """The writer's short clauses that are worth hearing again, best first and none inside another."""
    apart = [one for one in phrases if _far(one, phrase) and _can_stand(one)]
    own = [
        one
        for one in apart
        if not _QUOTED_AFTER.search(text[max(0, one.start - 40) : one.start])
        and not OF_ANOTHER.search(text, max(0, one.start - LOOK_BACK), one.start)
    ]
    valued = [(worth(one, len(text)), one) for one in own]
    found: list[Tension] = []
    for value, one in sorted(valued, key=lambda pair: (-pair[0], pair[1].start, pair[1].end)):
        if value < _ENOUGH or any(one.start < other.end and other.start < one.end for other in found):
            continue
        sure = 1 / (1 + math.exp(-value))
        words = _tidied(one.text)
        slots = {"other": words}
        if value >= _WEIGHTY:
            slots["weighty"] = words
        if one.start > phrase.start:
            slots["after"] = words
        found.append(Tension(BESIDE, one.text, slots, sure, one.start, one.end))
    return found[:_CLAUSES]


def _can_stand(one: Phrase) -> bool:
    words = _tidied(one.text)
    if one.kind == OWN_QUESTION or not _fits(words) or not _I_OPENS.match(words):
        return False
    looks = marks(words)
    if (
        looks["background"]
        or looks["flawed"]
        or looks["loose"]
        or slips(words)
        or unnamed(words)
        or _HOUSEHOLD.search(words)
    ):
        return False
    return to_second_person(words) is not None


def worth(one: Phrase, length: int) -> float:
    """How much a short clause is worth hearing again: the logarithm of its odds, about -3 to 3.

    Args:
        one: a clause that opens with the writer's "I".
        length: of the text, in characters.
    """
    words = _tidied(one.text)
    value = _BASE + _RULES * one.score / 3 + _PLACE * one.start / max(length, 1)
    value += _TENSION if one.kind not in _PLAIN else 0.0
    value += _TOO_SHORT if len(words.split()) < _SHORT else 0.0
    for at, (weight, pattern) in enumerate(_WEIGHTS):
        hit = pattern.match(words) if at in _OPENS_ONLY else pattern.search(words)
        value += weight if hit else 0.0
    return value


def _tidied(words: str) -> str:
    return " ".join(words.split()).strip(" .,;:")


def _fits(words: str) -> bool:
    return _FEWEST <= len(words.split()) <= _MOST and _UNFIT.search(words) is None
