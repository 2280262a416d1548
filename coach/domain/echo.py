# ruff: noqa: E501 a pattern that is broken over lines cannot be read
"""Questions that lean on the mirror: after "You keep rearranging the schedule." no word need be said twice.

A person who has just heard their own sentence knows what "that" is. So the question can be short and plain,
where a quotation would limp.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType

from coach.domain.clause import without_subject
from coach.domain.phrase import OWN_QUESTION, Phrase
from coach.domain.tension import Tension

LEANS = "mirror"  # the slot that only such a tension has: its frames need nothing but the sentence before

_ADVERB = r"(?:(?:also|then|just|only|never|once|always|honestly|even|already|nearly|still|now|really|smiled and|simply) )*"
_BEFORE = rf"^(?:[\w’',-]+ ){{0,4}}?(?:I|i)(?:['’]ve| have|['’]d| had)? {_ADVERB}"
# What the writer does in the clause, by its first verb; the first that fits counts.
_SHAPES = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("refusal", rf"{_BEFORE}(?:don['’]?t|do not|did not|didn['’]?t|won['’]?t|will not) (?:really )?(?:want|like|wish)\b"),
        ("ahead", rf"{_BEFORE}(?:will|shall|['’]ll)\b|^(?:I|i)['’](?:ll|m (?:to|going to))\b"),
        ("could", rf"{_BEFORE}(?:could(?! (?:hear|see|feel|smell|n['’]?t|not))|might|would(?! (?:have|like)))\b|^(?:I|i)['’]d (?!\w+ed\b)\w+"),
        ("wanted", rf"{_BEFORE}(?:wanted|needed|hoped for|wished)\b"),
        ("noticing", rf"{_BEFORE}(?:saw|heard|found|noticed|watched|realised|realized|looked|read|discovered|could (?:see|hear))\b"),
        ("thought", rf"{_BEFORE}(?:thought|think|believed?|assumed?|expect(?:ed)?|supposed|knew|guess(?:ed)?|was sure|was certain|hoped|am sure|(?:tell|told) myself)\b"),
        ("apart", rf"{_BEFORE}(?:sat|stood|walked|went|drove|stayed|left|waited|hid|ate|lay|parked|turned|took)\b"),
        ("doing", rf"{_BEFORE}(?:gave|did|made|signed|put|sent|brought|wrote|typed|changed|called|rang|bought|prepared|moved|kept|let|"
                  r"asked|offered|hired|fired|worked|helped|showed|cancelled|covered|ordered|fixed|raised|checked|"
                  r"(?!wanted|needed|liked|loved|hated|used|started|stopped|tried|asked|told)\w{3,}ed)\b"),
        ("moment", rf"{_BEFORE}(?:was|were|had|felt|got|could|came|lost|met|fell)\b"),
    )
)  # fmt: skip
# One small word on which a sentence turns: a listener asks after it and after nothing else.
_HINGES = (
    ("but", re.compile(r"(?:\w+,? ){3,}but (?:I|the|he|she|they|it|my|that|we)\b", re.IGNORECASE)),
    ("because", re.compile(r"(?:\w+,? ){3,}because (?:I|he|she|they|my|we|the|of)\b", re.IGNORECASE)),
    ("only", re.compile(r"\bI(?: am|['’]m| was| have| had|['’]ve) only (?!had\b|been\b)", re.IGNORECASE)),
    ("never", re.compile(r"\bI(?: have|['’]ve|['’]d| would| had)? never\b", re.IGNORECASE)),
)
SHAPES = ("hinge", *(kind for kind, _ in _SHAPES), "state", "seen")
"""Kinds that only an echo has, beside the tensions."""
_SURE_OF_HINGE = 0.8
_MINE = re.compile(r"(?:[\w’',-]+ ){0,4}?(?:I|i)\b|(?:i['’]\w+|im|ive)\b", re.IGNORECASE)
_SURE_OF_SHAPE = 0.5


def echoes(phrase: Phrase, tensions: Sequence[Tension], people: Sequence[Tension] = ()) -> list[Tension]:
    """What a question can lean on when `phrase` is the mirror.

    Args:
        phrase: the clause the mirror says.
        tensions: of the whole text, as `detect` gives them.
        people: as `cast` gives them.

    Returns:
        The tensions that stand in the phrase, each with the slot `mirror`; and one more for its shape: what the
        writer does in it ("doing", "thought", "could" ...), "state", or "seen" when it is about somebody else.
        Where the story has one other person or a group, `them` and `group` are there too.
    """
    if phrase.kind == OWN_QUESTION:
        return [_leaning(OWN_QUESTION, phrase, {}, 0.95)]
    inside = [one for one in tensions if phrase.start <= one.start < phrase.end and one.kind != "deed"]
    others = {slot: word for one in people for slot, word in one.slots.items()}
    found = [_leaning(one.kind, phrase, {**others, **one.slots}, one.confidence) for one in inside]
    hinges = {word: word for word, pattern in _HINGES if pattern.search(phrase.text)}
    if hinges and _MINE.match(phrase.text):
        found.append(_leaning("hinge", phrase, {**others, **hinges}, _SURE_OF_HINGE))
    return [*found, _leaning(_shape(phrase.text), phrase, others, _SURE_OF_SHAPE)]


def _leaning(kind: str, phrase: Phrase, slots: dict[str, str], confidence: float) -> Tension:
    kept = MappingProxyType({**slots, LEANS: phrase.text})
    return Tension(kind, phrase.text, kept, confidence, phrase.start, phrase.end)


def _shape(clause: str) -> str:
    if without_subject(clause):
        clause = f"I {clause[:1].lower()}{clause[1:]}"
    if not _MINE.match(clause):
        return "seen"
    return next((kind for kind, pattern in _SHAPES if pattern.match(clause)), "state")
