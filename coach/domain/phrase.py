"""Which clause of a text to give back: the one that carries the tension and can stand alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from coach.domain.clause import Clause, clauses, without_subject
from coach.domain.second_person import to_second_person
from coach.domain.tension import Tension, detect

# What a clause of this kind is worth when it is heard back, found by reading mirrors aloud on 60 texts.
_WEIGHT: Mapping[str, float] = MappingProxyType(
    {
        "self_image": 2.2, "repetition": 1.9, "avoidance": 2.1, "fear": 2.1, "feeling": 1.9, "secret": 1.7,
        "promise": 1.7, "silence": 1.7, "said": 1.3, "own_words": 1.5, "metaphor": 1.8, "two_ways": 1.7,
        "wish": 1.5, "before_now": 1.4, "should": 1.3, "physical": 1.4, "cost": 1.2, "big_word": 1.2,
        "strong_word": 1.1, "rule": 1.0, "unasked_person": 1.0, "not_knowing": 1.1, "exception": 0.8,
        "absolute": 0.9, "last_time": 0.7, "contrast": 0.9, "deed": 0.0,
    }
)  # fmt: skip
_CONTRAST = re.compile(
    r"\b(?:but|although|though|yet|instead|even though|still|and then|because)\b|(?:,|\w) and i\b", re.I
)
_FIRST = re.compile(r"\b(?:i|me|my|mine|myself|we|us|our|i['’]\w+|im|ive)\b", re.I)
_I_OPENS = re.compile(r"(?:now |today |yesterday )?(?:i|i['’]\w+|im|ive)\b", re.I)
_POINTS_BACK = re.compile(r"(?:it|this|that|these|those|there)\b|(?:it|that|there)['’]s\b", re.I)
_OTHER_OPENS = re.compile(r"(?:he|she|they|him|her)\b|(?:he|she|they)['’]", re.I)
_BACKGROUND = re.compile(
    r"i(?:['’]m| am| was)? (?:(?:the |a |an )?(?:\w+ )?(?:team leader|manager|head|director|lead|"
    r"founder|supervisor)\b"
    r"|(?:lead|manage|run|work|have (?:six|five|seven|two|three|\d+)|have been here|took over|moved|"
    r"started here)\b)"
    r"|i(?:['’]m| am) (?:fifty|forty|thirty|sixty|\d\d)",
    re.I,
)
_LOOSE = re.compile(
    r"\b(?:lol|ugh+|omg|like zero|literally|sort of|kind of|ur|ppl|w/|re:|btw|tbh)\b|\?\?|!!|"
    r"\bhttps?\b|@|\d{4,}|\d%|[()]",
    re.I,
)
_INNER = re.compile(
    r"\b(?:want\w*|wish\w*|know|knew|think|thought|told|tell|asked|ask|promis\w+|decid\w+|trust\w*|"
    r"owe|right|wrong|"
    r"sorry|mean|meant|why|should|shouldn['’]t|could have|would have|reali[sz]\w+|notic\w+|"
    r"wonder\w*|remember\w*|"
    r"admit\w*|pretend\w*|choose|chose|blame\w*|used to|supposed|instead|myself|lonely|relieved|"
    r"hope\w*|expect\w*|"
    r"understand|understood|agree\w*|refus\w+|apologi\w+|haven['’]?t|have not|didn['’]?t|did not|"
    r"can['’]?t|cannot)\b",
    re.I,
)  # what a clause is about when it is about somebody's mind rather than about the furniture
_SPLICED = re.compile(r"\w, (?:i|he|she|they|it|we)\b|\b(?:he|she|they)['’]\w+ (?:right|wrong) i\b", re.I)
_BEGINS_SUBORDINATE = re.compile(
    r"(?:even |only )?(?:when|if|because|although|though|since|while|before|after|as|until|whenever|"
    r"every|once|on|in|at|"
    r"last|to|for|with|without|during)\b",
    re.I,
)
_POINTS_LAST = re.compile(r"\b(?:it|that|this|so|did|do)$", re.I)
_FLAWED = re.compile(
    r"\b(?:he|she|my \w+|one of them) (?:say|ask|want|tell|think|work|lose|have|do|make|know|"
    r"need)\b|\bi not \w+"
    r"|\bmust to\b|\bdon['’]?t \w+ nothing\b|\bthe (?:all|both)\b|\bmore (?:strong|good|bad|big)\b|\bwe was\b"
    r"|\bi am \w+ since\b|\bto everybody who has\b|\bi want that\b",
    re.I,
)  # heard back, a slip of a second-language writer sounds like mockery


@dataclass(frozen=True, slots=True)
class Phrase:
    """A whole clause as written, at [start, end) of the text; the best to give back scores highest."""

    text: str
    start: int
    end: int
    kind: str  # of the tension it carries; "plain" when none was found
    score: float


def choose_phrases(text: str, sentences: Sequence[str]) -> list[Phrase]:
    """The clauses of a text that can be given back, best first.

    Args:
        text: a reflection; may be empty.
        sentences: its sentences in order, as `split_sentences` gives them.

    Returns:
        Whole clauses of 3 to 26 words; empty for a text without one, such as a list of nouns.
    """
    tensions = sorted(detect(text, sentences), key=lambda tension: tension.start)
    starts = [tension.start for tension in tensions]
    found = [
        _judge(
            clause,
            tensions[bisect_left(starts, clause.start) : bisect_left(starts, clause.end)],
            clause.start / len(text),
        )
        for clause in clauses(text, sentences)
    ]
    return sorted(found, key=lambda phrase: (-phrase.score, phrase.start, phrase.end))


def _judge(clause: Clause, tensions: Sequence[Tension], place: float) -> Phrase:
    inside = [found for found in tensions if clause.start <= found.start and found.end <= clause.end]
    inside.sort(key=lambda found: -_WEIGHT.get(found.kind, 0.5) * found.confidence)
    score = _form(clause) + 0.5 * place
    seen: list[str] = []
    for found in inside:
        if found.kind not in seen and len(seen) < 3:
            score += _WEIGHT.get(found.kind, 0.5) * found.confidence * 0.5 ** len(seen)
            seen.append(found.kind)
    if not set(seen) - {"deed", "absolute", "contrast"} and _INNER.search(clause.text):
        score += 0.6
    return Phrase(clause.text, clause.start, clause.end, seen[0] if seen else "plain", round(score, 3))


def _person(clause: str) -> float:
    """A clause in which the writer acts says most; a diary's "Drove off" is one, with its "I" left out."""
    if _I_OPENS.match(clause):
        return 0.9
    if without_subject(clause):
        return 0.0
    return 0.5 if _FIRST.search(clause) else -0.8


def _form(clause: Clause) -> float:
    """What the shape of a clause is worth."""
    words = len(clause.text.split())
    score = 0.5 if clause.whole else 0.0
    score += 0.8 if _CONTRAST.search(clause.text) and words <= 22 else 0.0
    score += _person(clause.text)
    score -= 0.9 if _POINTS_BACK.match(clause.text) else 0.4 if _OTHER_OPENS.match(clause.text) else 0.0
    score -= 1.2 if _BACKGROUND.match(clause.text) else 0.0
    score -= 1.0 if _LOOSE.search(clause.text) else 0.0
    score -= 1.5 if words < 4 else 0.4 if words < 6 else 0.0
    score -= 0.08 * max(0, words - 15)
    score -= 0.5 if _SPLICED.search(clause.text) and not _BEGINS_SUBORDINATE.match(clause.text) else 0.0
    score -= 0.8 if _FLAWED.search(clause.text) else 0.0
    score -= 1.6 if words < 6 and _POINTS_LAST.search(clause.text) else 0.0
    score -= 2.5 if clause.question or clause.speech else 0.0
    score -= 0.7 * len(re.findall(r"(?<=[a-z,] )[A-Z][a-z]+", clause.text)[:2])
    score -= 0.4 if "\n" in clause.text or ":" in clause.text else 0.0
    return score - (3.0 if to_second_person(clause.text) is None else 0.0)
