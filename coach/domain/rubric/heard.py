"""What a reflection says, taken apart once for all criteria and all questions held against it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coach.domain.rubric.lexicon import word_list
from coach.domain.rubric.words import Token, is_content, parts, plain, stem, tokens, word_count

LONGEST_COPY = 8
"""So many words in the same order are a quotation, and a quotation belongs in the mirror."""

NOT = "not"
"""Stands in the fingerprint of a question for any negation in it."""

_NEGATIONS = word_list("not never no nothing nobody none without cannot neither nor")
_CLAUSE_BREAK = re.compile(
    r"[,.;:!?()\-]|\b(?:but|and|so|because|while|when|yet|though|although)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Heard:
    """A reflection as the criteria need it.

    `stems` are of all words, `content` the words that say something, `runs` all stretches of
    LONGEST_COPY stems, `polarity` for each stem whether it stands with a not, without, or both;
    `told` counts the words of this and the earlier reflections, `asked` has the earlier questions.
    """

    text: str
    stems: frozenset[str]
    words: frozenset[str]
    content: frozenset[str]
    runs: frozenset[tuple[str, ...]]
    polarity: Mapping[str, frozenset[bool]]
    told: int
    asked: tuple[frozenset[str], ...]


def hear(text: str, earlier: tuple[str, ...] = (), asked: tuple[str, ...] = ()) -> Heard:
    """Take a conversation apart; milliseconds for a page. Never raises."""
    found = tokens(text)
    stem_of = {piece: stem(piece) for token in found for piece in parts(token.word)}
    line = tuple(stem_of[token.word] for token in found)
    words = frozenset(token.word for token in found)
    return Heard(
        text=text,
        stems=frozenset(stem_of.values()) | frozenset(stem_of),
        words=words,
        content=frozenset(word for word in words if is_content(word)),
        runs=frozenset(line[at : at + LONGEST_COPY] for at in range(len(line) - LONGEST_COPY + 1)),
        polarity=_polarity_of(negations(text, found)),
        told=len(found) + sum(word_count(each) for each in earlier),
        asked=tuple(fingerprint(question) for question in asked),
    )


def fingerprint(question: str) -> frozenset[str]:
    """Stems of the words that carry a question, of all its words when few carry it; and NOT for a not."""
    words = [token.word for token in tokens(question)]
    carrying = [word for word in words if is_content(word)]
    negated = frozenset({NOT} if any(map(_negates, words)) else ())
    return negated | frozenset(stem(word) for word in (carrying if len(carrying) >= 3 else words))


def negations(text: str, found: tuple[Token, ...]) -> tuple[tuple[Token, bool], ...]:
    """Content words, each with whether a negation stands up to three words before it in its clause."""
    breaks = iter([hit.start() for hit in _CLAUSE_BREAK.finditer(plain(text))])
    next_break = next(breaks, len(text))
    before: list[str] = []
    told: list[tuple[Token, bool]] = []
    for token in found:
        while next_break <= token.start:
            before, next_break = [], next(breaks, len(text))
        if is_content(token.word):
            told.append((token, any(map(_negates, before[-3:]))))
        before.append(token.word)
    return tuple(told)


def _negates(word: str) -> bool:
    return word in _NEGATIONS or word.endswith("n't")


def _polarity_of(told: Iterable[tuple[Token, bool]]) -> Mapping[str, frozenset[bool]]:
    seen: dict[str, frozenset[bool]] = {}
    for token, negated in told:
        key = stem(token.word)
        seen[key] = seen.get(key, frozenset()) | {negated}
    return seen
