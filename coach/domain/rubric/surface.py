"""What the advice classifier gets to see beside the embedding: a few yes-or-no facts of the surface.

The names and their order are part of the artifact; whoever changes them trains again
(scripts/train_noadvice.py).
"""

from __future__ import annotations

import re

from coach.domain.rubric.advice import is_act
from coach.domain.rubric.lexicon import ACTS, ASKING_WORDS
from coach.domain.rubric.reading import Kind, Reading, read
from coach.domain.rubric.words import content_tokens, tokens

_ACT_VERBS = "(?:" + "|".join(sorted(ACTS)) + ")"
_PATTERNS = (
    ("could you", r"\b(?:could|can|might|should)\s+(?:you|we|they)\b"),
    ("modal", r"\b(?:could|might|can|may|should)\b"),
    ("would", r"\b(?:would|wouldn't)\b"),
    ("if you", r"\bif\s+(?:you|he|she|they|we|your)\b"),
    ("was", r"\b(?:did|was|were|had)\b"),
    (
        "gerund as object",
        r"\b(?:about|from|of|with|by|for|in|consider|imagine|try|tried|mind|or|to)\s+(?:\w+ly\s+)?\w{2,}ing\b",
    ),
    ("help", r"\b(?:help|helps|support|improve|benefit|solve|easier|ease|useful|worth|better)\b"),
    ("more", r"\b(?:more|less|instead|next\s+time|first|regular|clear|clearer|small|weekly|daily)\b"),
    (
        "inner",
        r"\b(?:feel|felt|feeling|notice|noticed|mean|means|meant|matter|matters|sense|think|thought|afraid|hope|miss|like)\b",
    ),
    ("going on", r"\b(?:happen|happens|happened|is|are|does|do|has|changed|keeps)\b"),
    ("try", r"\b(?:try|tried|trying|consider|considered|thought\s+(?:of|about))\b"),
    ("invites to tell", r"\b(?:tell|say|describe|explain|share|talk|hear|more\s+about|remember|example)\b"),
    ("yourself", r"\b(?:yourself|in\s+you|for\s+you|to\s+you|you\s+want|your\s+own)\b"),
    (
        "asks what you want or did",
        r"\b(?:you\s+(?:like|want|wish|hope|remember|owe|believe|suspect|imagine|find|see|hear|notice)|(?:have|did|were|are|do)\s+you)\b",
    ),
    (
        "you act under a modal",
        rf"\b(?:can|could|might|should|will|would)\s+you\s+(?:\w+ly\s+)?{_ACT_VERBS}\b",
    ),
    (
        "you may do something",
        r"\b(?:can|could|might|should)\s+you\s+(?!see|feel|hear|notice|say|remember|imagine|tell|know)\w+",
    ),
    (
        "somebody else's view",
        r"\b(?:might|would|could|does|do|did)\s+(?!you\b|it\b|that\b|this\b|an?\b|\w+ing\b)(?:\w+\s+){1,4}?(?:say|see|look|tell|describe|sound|read|hear|notice|think|feel|want|mean|name|remember)\b",
    ),
    ("a thing under a modal", r"\b(?:might|would|could|can)\s+(?:an?|some|more|regular|clearer|\w+ing)\b"),
    (
        "an example is offered",
        r"\b(?:such\s+as|for\s+(?:example|instance)|perhaps|maybe)\b|,\s+(?:say|an?|or|like)\b",
    ),
    ("opens with have or did", r"^(?:have|had|did|do|are|is)\b"),
)
_COMPILED = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _PATTERNS)

NAMES: tuple[str, ...] = (
    "asks with a question word", "asks what", "asks how", "asks who, when, where, which",
    "begins with an auxiliary", "is a request", "is a statement", "an act is named", "content words",
    *(name for name, _ in _PATTERNS),
)  # fmt: skip


def features(text: str) -> tuple[float, ...]:
    """The facts of one question, each 0..1, in the order of `NAMES`."""
    reading = read(text)
    clause = reading.clause
    carrying = [token.word for token in content_tokens(clause) if token.word not in ASKING_WORDS]
    acts = any(is_act(token.word) for token in tokens(clause))
    return (
        *_kind(reading),
        float(acts),
        min(len(carrying), 8) / 8,
        *(float(pattern.search(clause) is not None) for _, pattern in _COMPILED),
    )


def _kind(reading: Reading) -> tuple[float, ...]:
    wh = reading.wh if reading.kind is Kind.WH else ""
    return (
        float(reading.kind is Kind.WH),
        float(wh == "what"),
        float(wh == "how"),
        float(wh in ("who", "whom", "whose", "when", "where", "which")),
        float(reading.kind is Kind.AUX),
        float(reading.kind is Kind.REQUEST),
        float(reading.kind in (Kind.STATEMENT, Kind.NOTHING)),
    )
