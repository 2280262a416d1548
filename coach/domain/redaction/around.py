"""The wider neighbourhood of a word, for places that its next neighbours do not settle."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from coach.domain.redaction.surface import Token, View

_TIGHT = re.compile(r" +|\n")
_COMMA = re.compile(r", ?(?:and |or )?")
_REACH = 8  # words


@dataclass(frozen=True, slots=True)
class Around:
    """The wider neighbourhood of one token.

    Attributes:
        leading: the words before it, the nearest first, up to a punctuation mark.
        following: the words after it (after an owner's s), up to a punctuation mark.
        left, right: the words across a comma.
        listed: whether a word means somebody on the roster.
    """

    leading: tuple[str, ...]
    following: tuple[str, ...]
    left: str
    right: str
    listed: Callable[[str], bool]


def around(read: View, index: int, own: bool, listed: Callable[[str], bool]) -> Around:
    """Collect the neighbourhood of token `index`; `own` says that an owner's s follows it."""
    tokens = read.tokens
    end = index + 1 if own else index
    left = tokens[index - 1].word if index and _COMMA.fullmatch(read.gap(index - 1)) else ""
    right = tokens[end + 1].word if end + 1 < len(tokens) and _COMMA.fullmatch(read.gap(end)) else ""
    return Around(
        tuple(token.word for token in _run(read, index, -1)),
        tuple(token.word for token in _run(read, end, 1)),
        left,
        right,
        listed,
    )


def _run(read: View, index: int, step: int) -> list[Token]:
    found: list[Token] = []
    at = index + step
    while 0 <= at < len(read.tokens) and len(found) < _REACH:
        gap = read.gap(at if step < 0 else at - 1)
        if not (_TIGHT.fullmatch(gap) or gap == "'"):
            break
        found.append(read.tokens[at])
        at += step
    return found
