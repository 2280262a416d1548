"""`stage` and `fresh`: whether a question fits where the conversation stands, and moves it on."""

from __future__ import annotations

import re

from coach.domain.model import Stage
from coach.domain.rubric.exchange import Exchange, Finding
from coach.domain.rubric.heard import Heard, fingerprint
from coach.domain.rubric.reading import Reading

NEAREST = 0.85
"""From this cosine on a question counts as asked before."""
TOLD_WORDS = 25
"""With fewer words than this in all, the situation has not been told yet."""
LENSES_RUNNING = 3
_SAME_WORDS = 0.85  # share of stems that two wordings of one question have in common

_FORWARD = re.compile(
    r"""\b(?:next|will\s+you|could\s+you|would\s+you\s+(?:like|want|do|need|say|choose|try|change|begin|start)|might\s+you|
    do\s+you\s+(?:want|hope|wish|intend|plan)|going\s+to|from\s+(?:here|now)|tomorrow|(?:next|coming|this)\s+(?:week|month|
    year|time|quarter|monday|tuesday|wednesday|thursday|friday)|in\s+(?:a|one|two|three|four|five|six|twelve)\s+(?:week|month|
    year|day)s?|by\s+(?:the\s+end|friday|monday|when)|future|step|would\s+(?:it|that|this|be|have|change|need|help|happen|look|
    make|tell|become|count|good)|could\s+(?:be|become|change|look)|once\s+(?:this|it|that)|if\s+(?:it|this|that|you|nothing|things)|
    ahead|different(?:ly)?|begin|start|change|choose|commit|ready\s+to|take\s+(?:away|with\s+you))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ASKS_OPTIONS = re.compile(
    r"""\b(?:options?|alternatives?|next\s+steps?|(?:first|smallest|small)\s+step|action\s+plan|
    what\s+(?:else\s+)?(?:will|could|can|might|are)\s+you\s+(?:going\s+to\s+)?(?:do|try)|
    how\s+(?:will|could|can|might)\s+you\s+(?:\w+\s+)?(?:solve|fix|change|handle|approach|address|tackle|start|begin))\b""",
    re.IGNORECASE | re.VERBOSE,
)


def looks_forward(question: str) -> bool:
    """Whether a question turns towards what is to come: from the third turn on, one of those shown must."""
    return bool(_FORWARD.search(question))


def stage(exchange: Exchange, reading: Reading, heard: Heard) -> Finding | None:
    """Fail on options before the situation is told, a promise at once, or a start all over again."""
    untold = exchange.turn_number <= 1 and heard.told < TOLD_WORDS
    wording = _ASKS_OPTIONS.search(reading.text)
    if exchange.turn_number <= 1 and exchange.stage is Stage.COMMIT:
        return Finding("It asks for a promise on the first turn; let the member look around first.")
    if untold and exchange.stage is Stage.OPTIONS:
        return Finding("It asks for options before the situation has been told.")
    if untold and exchange.text and wording:
        return Finding("It asks for steps before the situation has been told.", wording.span())
    if exchange.turn_number >= 3 and exchange.stage is Stage.ARRIVE:
        return Finding("It goes back to the start; by now a question should move on.")
    return None


def fresh(exchange: Exchange, reading: Reading, heard: Heard) -> Finding | None:
    """Fail on a question asked before, in these or nearly these words, and on a lens three times running."""
    if exchange.nearest_asked >= NEAREST:
        return Finding("Nearly the same question was asked not long ago.")
    mine = fingerprint(exchange.question)
    if any(_alike(mine, earlier) for earlier in heard.asked):
        return Finding(
            "The same question was asked before.", (0, len(reading.text)) if reading.text else None
        )
    running = exchange.recent_lenses[-(LENSES_RUNNING - 1) :]
    if exchange.lens and len(running) == LENSES_RUNNING - 1 and set(running) == {exchange.lens}:
        return Finding(
            f"The last {LENSES_RUNNING - 1} questions looked at {exchange.lens.value}; look elsewhere."
        )
    return None


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    if not one or not other:
        return False
    return len(one & other) / len(one | other) >= _SAME_WORDS
