# ruff: noqa: E501 a pattern that is broken over lines cannot be read
"""Who said which words: the writer, somebody else, or nobody because they only name a thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BEFORE = 110  # characters before a quotation in which its speaker stands
_SPEAKS = re.compile(
    r".*\b(?P<who>i|he|she|they|we|you|one|people|everyone|my \w+|the \w+|(?-i:[A-Z]\w+))\b[^.;:!?]{0,60}?"
    r"\b(?:said|says|say|saying|asked|asks|answered|told|tells|wrote|writes|replied|shouted|sent|hears?|announced|typed|"
    r"added|calls?|called|put up|comment)\b[^.;!?]{0,40}$",
    re.IGNORECASE,
)
_SPOKE_AFTER = re.compile(
    r"\s*,?\s*(?P<who>i|he|she|they|we|my \w+|the \w+|[A-Z]\w+) (?:said|asked|answered|replied|shouted|told)\b",
    re.IGNORECASE,
)
_NEVER_SAID = re.compile(r"(?:n['’]t|not|never|cannot)\s+(?:say|tell|ask)\b", re.IGNORECASE)
_TOLD_ME = re.compile(
    r"\bI (?:got|was|am|have been|had been) (?:\w+ )?(?:told|asked|called)\b", re.IGNORECASE
)
_NAMES_A_THING = re.compile(
    r"\b(?:a|an|the|my|our|your|his|her|their|this|that|these|of|for|as|with|called|named|to|can|could|would|we)\s+$",
    re.IGNORECASE,
)
_RUNS_ON = re.compile(
    r"\s+(?!(?:and|but|then|so|as|when|which|twice|again|to (?:me|him|her|them|us))\b)[a-z]\w+"
)
_WITHOUT_MARKS = re.compile(
    r"\b(?P<who>I|he|she|they|people|one|(?:my|our|the|one of) [\w ]{2,24}?|(?-i:[A-Z]\w+)) (?:just |only |then |once )?"
    r"(?:said|says|asked me|told me|told (?:him|her|them))(?: to (?:me|him|her|them|us))?(?: in front of (?:all|everyone|everybody|the \w+))?\s?[,:]\s"
    r"(?P<quote>(?:you|yes|no|it|that|this|then|good|mama|papa|girls|sir|madam|we|don['’]t|take|I)\b[^.;:!?\ue000-\uf8ff]{6,60})"
    r"(?=[.;:!]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words without marks, said by the writer (`own`) or by somebody else, at [start, end) of the sentence."""

    words: str
    own: bool
    start: int
    end: int


def spoken_by(hidden: str, at: int, words: str) -> str | None:
    """Who says the quotation that stands at `at`.

    Args:
        hidden: a sentence in which every quotation is one character.
        at: the place of the quotation.
        words: what it says.

    Returns:
        "own_words" or "said"; None when nobody is named, when they were never said, and for words held with
        tongs, as in: a "recovery trajectory".
    """
    before = hidden[max(0, at - _BEFORE) : at]
    speaker = _SPOKE_AFTER.match(hidden, at + 1) or _SPEAKS.match(before)
    if speaker is None or _NEVER_SAID.search(before[-40:]) or _is_label(hidden, at, words):
        return None
    if _TOLD_ME.search(before):
        return "said"
    return "own_words" if speaker["who"].lower() in ("i", "we") else "said"


def without_marks(hidden: str) -> Iterator[Spoken]:
    """What was said and stands without quotation marks: She said, you never asked."""
    for match in _WITHOUT_MARKS.finditer(hidden):
        own = match["who"].lower() in ("i", "we")
        yield Spoken(match["quote"].strip().rstrip(","), own, match.start(), match.end())


def _is_label(hidden: str, at: int, words: str) -> bool:
    runs_on = _RUNS_ON.match(hidden, at + 1) is not None and not words.endswith((",", ".", "!"))
    return runs_on or _NAMES_A_THING.search(hidden[:at]) is not None
