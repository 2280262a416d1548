# ruff: noqa: E501 a pattern that is broken over lines cannot be read
"""Whether a clause can be understood alone, or points at something outside: "I used to be proud of that"."""

from __future__ import annotations

import re

_POINTS = re.compile(  # "it", "that" on its own, "the first ten"
    r"\b(?:(?P<it>it)|(?P<that>(?:that|this|these|those)(?=$|[,.;]|\s+(?:too|again|either|yesterday|today|now|once|"
    r"twice|already|tonight|(?:is|was|to|at|for|in|on|from|with|by|and|but|so|as)\b)))|the same|so$|said so\b|"
    r"the (?:first|next|last) (?:one|ten|two)|that one|each of them|both of them|any of them)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(  # what a later "it" can stand for
    r"\b(?:the|a|an|my|our|his|her|their|this|that|these|those|every|each|no|some|any|two|three|four|five|what)\s+"
    r"(?!same\b|one\b|first\b|next\b|other\b|who\b|if\b|to\b|that\b|and\b|but\b|whether\b|how\b|what\b|why\b|when\b|about\b|at\b|in\b|on\b|"
    r"with\b|for\b|before\b|not\b|is\b|was\b|so\b)[a-z]+|(?<=[a-z,] )[A-Z][a-z]+|[“\"‘]",
)
_STANDS_FOR_NOTHING = re.compile(
    r"it(?:['’]s| is| was| felt| feels| takes| took| seems| seemed| would be| crossed| occurs| occurred| turns|"
    r" turned| comes| came| hurts| bothers| makes| made)\b",
    re.IGNORECASE,
)
_AT_THE_END, _INSIDE = 1.6, 1.0


def unnamed(clause: str) -> float:
    """What it costs that a clause points outside itself.

    Args:
        clause: as written, first or second person.

    Returns:
        0 when a reader who knows only this clause understands it; 1.0 for an "it" inside, 1.6 for one at the
        end and for a "that" on its own (found by reading mirrors of eighty texts).
    """
    for found in _POINTS.finditer(clause):
        before = clause[: found.start()]
        empty = found["it"] and before.strip() and _STANDS_FOR_NOTHING.match(clause, found.start())
        if empty or _NAMED.search(before):
            continue
        ends = found["that"] or not clause[found.end() :].strip(" .,!")
        return _AT_THE_END if ends else _INSIDE
    return 0.0
