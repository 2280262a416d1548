"""`stage` and `fresh`: whether a question fits where the conversation stands, and moves it on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.domain.model import Stage
from coach.domain.rubric.exchange import Exchange, Finding
from coach.domain.rubric.heard import NOT, Heard, fingerprint
from coach.domain.rubric.reading import Reading
from coach.domain.rubric.roles import roles_turned
from coach.domain.rubric.words import content_stems

NEAREST = 0.85
"""From this cosine on a question counts as asked before."""
IN_OTHER_WORDS = 0.70
"""The same, where no earlier question has a content word of it: of what has no word in common, only the
same thing said otherwise lies as near (no pair of two questions in one situation of the bank does)."""
TOLD_WORDS = 25
"""With fewer words than this in all, the situation has not been told yet."""
LENSES_RUNNING = 3
_HALF = 0.5  # of the words: from there on an earlier question may be the one that lies near
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
    r"""\b(?:options?|alternatives?|next\s+steps?|(?:first|smallest|small)\s+step|action\s+plan|plan\s+of\s+action|
    solutions?|a\s+way\s+out|
    what\s+(?:else\s+)?(?:will|could|can|might|are)\s+you\s+(?:going\s+to\s+)?(?:do|try)|
    how\s+(?:will|would|could|can|might)\s+you\s+(?:\w+\s+)?(?:solve|fix|change|handle|approach|address|tackle|start|begin))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ASKS_PROMISE = re.compile(
    r"""\b(?:when\s+will\s+you|do\s+you\s+promise|commit(?:ting)?\s+to|
    will\s+you\s+(?:have\s+)?(?:do|done|tell|told|say|said|ask|asked|stop|stopped|start|started|begin|hand|give|drop)\b[^?]*
    \b(?:by|before|until|tomorrow|on\s+(?:mon|tues|wednes|thurs|fri)day|(?:this|next)\s+week))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_STARTS_OVER = re.compile(
    r"""\bwhat\s+(?:brings\s+you|(?:would|do)\s+you\s+(?:like|want)\s+to\s+(?:talk\s+about|bring|look\s+at|work\s+on))\b
    |\bwhat(?:'s|\s+is)\s+on\s+your\s+mind\b""",
    re.IGNORECASE | re.VERBOSE,
)


def looks_forward(question: str) -> bool:
    """Whether a question turns towards what is to come: from the third turn on, one of those shown must."""
    return bool(_FORWARD.search(question))


def stage(exchange: Exchange, reading: Reading, heard: Heard) -> Finding | None:
    """Fail on options before the situation is told, a promise at once, or a start all over again.

    The label is believed when it speaks against the question; where it does not, the wording may still,
    for a model names the stage of its own questions.
    """
    if exchange.turn_number <= 1:
        return _too_early(exchange, reading, heard)
    again = _STARTS_OVER.search(reading.text)
    if exchange.turn_number >= 3 and (exchange.stage is Stage.ARRIVE or again):
        return Finding(
            "It goes back to the start; by now a question should move on.", again.span() if again else None
        )
    return None


def _too_early(exchange: Exchange, reading: Reading, heard: Heard) -> Finding | None:
    promise = _ASKS_PROMISE.search(reading.text)
    if exchange.stage is Stage.COMMIT or promise:
        return Finding(
            "It asks for a promise on the first turn; let the member look around first.",
            promise.span() if promise else None,
        )
    if not exchange.text or heard.told >= TOLD_WORDS:
        return None
    if exchange.stage is Stage.OPTIONS:
        return Finding("It asks for options before the situation has been told.")
    wording = _ASKS_OPTIONS.search(reading.text)
    if wording:
        return Finding("It asks for steps before the situation has been told.", wording.span())
    return None


def fresh(exchange: Exchange, reading: Reading, heard: Heard) -> Finding | None:
    """Fail on a question asked before, in these or nearly these words, and on a lens three times running."""
    mine = fingerprint(exchange.question)
    if _lies_near(exchange, mine, heard.asked):
        return Finding("Nearly the same question was asked not long ago.")
    earlier = zip(exchange.asked, heard.asked, strict=True)
    if any(_alike(mine, words) and not roles_turned(exchange.question, asked) for asked, words in earlier):
        return Finding(
            "The same question was asked before.", (0, len(reading.text)) if reading.text else None
        )
    running = exchange.recent_lenses[-(LENSES_RUNNING - 1) :]
    if exchange.lens and len(running) == LENSES_RUNNING - 1 and set(running) == {exchange.lens}:
        return Finding(
            f"The last {LENSES_RUNNING - 1} questions looked at {exchange.lens.value}; look elsewhere."
        )
    return None


def _lies_near(exchange: Exchange, mine: frozenset[str], asked: Sequence[frozenset[str]]) -> bool:
    """Whether the cosine says that it was asked, and no word says that it now asks for another thing.

    Which earlier question is the nearest is not told: it is taken for one of those that share words.
    """
    if exchange.nearest_asked < IN_OTHER_WORDS:
        return False
    content = content_stems(exchange.question)
    shared = [_share(content, content_stems(earlier)) for earlier in exchange.asked]
    if exchange.nearest_asked < NEAREST:
        return bool(shared) and not any(shared)
    turned = [
        _turned(exchange.question, mine, earlier, words)
        for earlier, words, share in zip(exchange.asked, asked, shared, strict=True)
        if share >= _HALF
    ]
    return not (turned and all(turned))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """Of the content words of the shorter one; all of them where one has none to tell it by."""
    return len(one & other) / min(len(one), len(other)) if one and other else 1.0


def _turned(question: str, mine: frozenset[str], earlier: str, words: frozenset[str]) -> bool:
    """Whether one alone has a not, or the same persons have changed roles.

    "What part of this is not yours?" lies near "What part of this is yours?" and asks for the other side.
    """
    return (NOT in mine) != (NOT in words) or roles_turned(question, earlier)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    if not one or (NOT in one) != (NOT in other):
        return False
    return len(one & other) / len(one | other) >= _SAME_WORDS
