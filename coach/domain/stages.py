"""Where a conversation stands, and where the next question should look."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.domain.model import Lens, Stage

SHORT = 25  # words: below, the situation has hardly been told

# After a conversation's first turns the member's own words say more than the count of turns.
_TRIED = re.compile(
    r"\bI (?:did it|tried (?:it|that)|spoke to|talked to|had the (?:talk|conversation)|told (?:him|her|them)|"
    r"asked (?:him|her|them))\b|\b(?:it went|so I did|I went ahead|the talk happened|we had the talk)\b",
    re.IGNORECASE,
)
_DECIDED = re.compile(
    r"\bI(?:'ve| have)? (?:decided|will|am going to|plan to|intend to|want to try)\b|"
    r"\bI'm going to\b|\bmy plan is\b",
    re.IGNORECASE,
)
_WEIGHING = re.compile(
    r"\b(?:either|on the one hand|whether to|I could|should I|two options|or should)\b", re.IGNORECASE
)

_BY_TURN = (Stage.EXPLORE, Stage.EXPLORE, Stage.REFRAME, Stage.OPTIONS, Stage.COMMIT)


def choose_stage(text: str, turn_number: int) -> Stage:
    """The stage of the next turn.

    A first text that hardly tells anything gets an opening question. Later the count of turns moves
    the conversation forward, and the member's own words may move it faster: what was done is looked
    back at, what is decided is made small and dated, what is weighed is laid out.

    Args:
        text: the latest reflection.
        turn_number: 1 for the first turn of the conversation.

    Returns:
        A stage; never options or commit in a first turn, because the situation comes first
        (CRAFT.md, criterion "stage").
    """
    words = len(text.split())
    if turn_number <= 1:
        return Stage.ARRIVE if words < SHORT else Stage.EXPLORE
    if _TRIED.search(text):
        return Stage.LOOK_BACK
    if turn_number >= 3 and _DECIDED.search(text):
        return Stage.COMMIT
    by_turn = _BY_TURN[min(turn_number, len(_BY_TURN)) - 1]
    if turn_number >= 3 and by_turn is Stage.REFRAME and _WEIGHING.search(text):
        return Stage.OPTIONS
    return by_turn


_PRONOUN_LENSES = (
    (Lens.OTHER, re.compile(r"\b(?:he|she|him|her|his|hers|they|them|their)\b", re.IGNORECASE)),
    (
        Lens.SYSTEM,
        re.compile(r"\b(?:company|policy|process|budget|head office|management|board)\b", re.IGNORECASE),
    ),
    (Lens.SELF, re.compile(r"\b(?:I|me|my|myself)\b")),
)


def choose_lens(text: str, recent: Sequence[Lens]) -> Lens:
    """The lens that the writer should prefer.

    A text full of somebody else is asked about the self, a text full of the self about the other, a
    text about the organisation about the relationship: the seat the member has not taken yet. No lens
    comes twice running.

    Args:
        text: the latest reflection.
        recent: lenses of earlier leads in this conversation, newest last.
    """
    counts = {lens: len(pattern.findall(text)) for lens, pattern in _PRONOUN_LENSES}
    preferred = [
        Lens.SELF,
        Lens.VALUES,
        Lens.RELATIONSHIP,
        Lens.OTHER,
        Lens.EVIDENCE,
        Lens.FUTURE,
        Lens.SYSTEM,
    ]
    if counts[Lens.SELF] > 2 * counts[Lens.OTHER] + 2:
        preferred = [
            Lens.OTHER,
            Lens.VALUES,
            Lens.EVIDENCE,
            Lens.RELATIONSHIP,
            Lens.SELF,
            Lens.FUTURE,
            Lens.SYSTEM,
        ]
    elif counts[Lens.SYSTEM] > 3:
        preferred = [
            Lens.RELATIONSHIP,
            Lens.SELF,
            Lens.VALUES,
            Lens.OTHER,
            Lens.EVIDENCE,
            Lens.FUTURE,
            Lens.SYSTEM,
        ]
    used = set(recent[-2:])
    return next(lens for lens in preferred if lens not in used)
