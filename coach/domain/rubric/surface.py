"""What the advice classifier gets to see beside the embedding: a few yes-or-no facts of the surface.

The names and their order are part of the artifact; whoever changes them trains again
(scripts/train_noadvice.py).
"""

from __future__ import annotations

import re

from coach.domain.rubric.advice import is_act, noadvice
from coach.domain.rubric.exchange import Exchange
from coach.domain.rubric.lexicon import ASKING_WORDS
from coach.domain.rubric.reading import Kind, Reading, read
from coach.domain.rubric.words import content_tokens, tokens

_PATTERNS = (
    ("could you", r"\b(?:could|can|might|should)\s+(?:you|we|they)\b"),
    ("modal", r"\b(?:could|might|can|may|should)\b"),
    ("would", r"\b(?:would|wouldn't)\b"),
    ("if you", r"\bif\s+(?:you|he|she|they|we|your)\b"),
    ("was", r"\b(?:did|was|were|had)\b"),
    ("gerund as object", r"\b(?:about|from|of|with|by|for|in|consider|imagine|try|tried|mind|or|to)\s+(?:\w+ly\s+)?\w{2,}ing\b"),
    ("help", r"\b(?:help|helps|support|improve|benefit|solve|easier|ease|useful|worth|better)\b"),
    ("more", r"\b(?:more|less|instead|next\s+time|first|regular|clear|clearer|small|weekly|daily)\b"),
    ("inner", r"\b(?:feel|felt|feeling|notice|noticed|mean|means|meant|matter|matters|sense|think|thought|afraid|hope|miss|like)\b"),
    ("going on", r"\b(?:happen|happens|happened|is|are|does|do|has|changed|keeps)\b"),
    ("try", r"\b(?:try|tried|trying|consider|considered|thought\s+(?:of|about))\b"),
    ("opens with have or did", r"^(?:have|had|did|do|are|is)\b"),
)
_COMPILED = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _PATTERNS)

NAMES: tuple[str, ...] = (
    "rules say advice", "asks with a question word", "asks what", "asks how", "asks who, when, where, which",
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
        float(noadvice(Exchange(text), reading) is not None),
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
