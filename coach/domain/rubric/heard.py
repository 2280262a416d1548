"""What a reflection says, taken apart once for all criteria and all questions held against it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from coach.domain.rubric.lexicon import word_list
from coach.domain.rubric.words import (
    Stems,
    Token,
    is_content,
    parts,
    plain,
    stem,
    tokens,
    word_count,
    words_of,
)

LONGEST_COPY = 8
"""So many words in the same order are a quotation, and a quotation belongs in the mirror."""

NOT = "not"
"""Stands in the fingerprint of a question for any negation in it."""

_NEGATIONS = word_list("not never no nothing nobody none without cannot neither nor")
_WHOLE = word_list("no nothing nobody none")
_PREPOSITIONS = word_list("to of in on at for from with after before about by since until")
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
    known = Stems()  # of this conversation, whose words come back
    stem_of = {piece: known[piece] for token in found for piece in parts(token.word)}
    line = tuple(stem_of[token.word] for token in found)
    words = frozenset(token.word for token in found)
    return Heard(
        text=text,
        stems=frozenset(stem_of.values()) | frozenset(stem_of),
        words=words,
        content=frozenset(word for word in words if is_content(word)),
        runs=frozenset(line[at : at + LONGEST_COPY] for at in range(len(line) - LONGEST_COPY + 1)),
        polarity=_polarity_of(negations(text, found), known),
        told=len(found) + sum(word_count(each) for each in earlier),
        asked=tuple(fingerprint(question, known.__getitem__) for question in asked),
    )


def fingerprint(question: str, stem_of: Callable[[str], str] = stem) -> frozenset[str]:
    """Stems of the words that carry a question, of all its words when few carry it; and NOT for a not."""
    words = words_of(question)
    carrying = [word for word in words if is_content(word)]
    found = set(map(stem_of, carrying if len(carrying) >= 3 else words))
    if any(map(_negates, words)):
        found.add(NOT)
    return frozenset(found)


def negations(text: str, found: tuple[Token, ...]) -> tuple[tuple[Token, bool], ...]:
    """Content words, each with whether a negation stands up to three words before it in its clause.

    In "not shown the book" the showing is denied and nothing is said of the book: what stands behind the
    word that takes the not is left out.
    """
    breaks = iter([hit.start() for hit in _CLAUSE_BREAK.finditer(plain(text))])
    next_break = next(breaks, len(text))
    before: list[str] = []
    told: list[tuple[Token, bool]] = []
    for token in found:
        while next_break <= token.start:
            before, next_break = [], next(breaks, len(text))
        if is_content(token.word):
            denied = _denied(before[-3:])
            if denied is not None:
                told.append((token, denied))
        before.append(token.word)
    return tuple(told)


def _denied(before: Sequence[str]) -> bool | None:
    """Whether a not reaches over these words to the next one; None when another word has taken it."""
    nots = [at for at, word in enumerate(before) if _negates(word)]
    if not nots:
        return False
    between = before[nots[-1] + 1 :]
    if between and before[nots[-1]] in _WHOLE and between[0] in _PREPOSITIONS:
        return False  # "said nothing after the meeting", "said no to the plan"
    return None if any(map(is_content, between)) else True


def _negates(word: str) -> bool:
    return word in _NEGATIONS or word.endswith("n't")


def _polarity_of(told: Iterable[tuple[Token, bool]], known: Stems) -> Mapping[str, frozenset[bool]]:
    seen: dict[str, frozenset[bool]] = {}
    for token, negated in told:
        key = known[token.word]
        seen[key] = seen.get(key, frozenset()) | {negated}
    return seen
