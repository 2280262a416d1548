"""What of a shown turn does not pass: the rubric on each question, and what may never reach a page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from coach.domain.model import Turn
from coach.domain.rubric import Exchange, judge_all

# Markup, addresses, characters no eye sees, and places for names that were not put back.
_DIRT = re.compile(
    r"https?:|www\.|!\[|\]\(|<[a-z/!]|\*\*|```|\[[A-Z][a-z]+ \d+\]"
    r"|[\u0000-\u0008\u200b\u202a-\u202e\u2066-\u2069\ufeff]",
    re.IGNORECASE,
)
ENOUGH = 3  # questions of a whole turn


def failing(turn: Turn, text: str, advice: Mapping[str, float], earlier: Sequence[str] = ()) -> list[str]:
    """What of a turn's three questions does not pass.

    Args:
        turn: as it is shown.
        text: the reflection it answers.
        advice: the classifier's score of a question that a model wrote; the bank's are not asked about.
        earlier: reflections of the conversation before this one.

    Returns:
        "place criterion: reason" for each verdict that failed, and one line when questions are missing.
    """
    exchanges = [
        Exchange(
            question=one.text,
            text=text,
            mirror=turn.mirror,
            stage=one.stage,
            lens=one.lens,
            turn_number=len(earlier) + 1,
            advice=advice.get(one.text, 0.0),
            earlier=tuple(earlier),
        )
        for one in turn.questions
    ]
    found = [] if len(exchanges) == ENOUGH else [f"{len(exchanges)} of {ENOUGH} questions"]
    found += [
        f"{place} {verdict.criterion}: {verdict.reason}"
        for place, verdicts in enumerate(judge_all(exchanges), 1)
        for verdict in verdicts
        if not verdict.passed
    ]
    return found


def dirt(turn: Turn) -> list[str]:
    """What a model or a provider smuggled into a turn; none in a clean one."""
    said = [turn.mirror, *(question.text for question in turn.questions)]
    return [repr(hit[0]) for text in said for hit in _DIRT.finditer(text)]
