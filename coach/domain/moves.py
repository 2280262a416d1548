# ruff: noqa: E501 a pattern that is broken over lines cannot be read
"""What a short message does that tells of nothing: asks back, wants an answer, says good night, is one word.

A question made for a story fits none of these. Whoever writes "I don't understand your question" would get that
sentence handed back as if it were the heart of a text.
"""

from __future__ import annotations

import re

from coach.domain.echo import LEANS
from coach.domain.tension import Tension

FEW = "few_words"
MOVES = ("unclear", "wants_answer", "displeased", "farewell", FEW)
"""Kinds of these tensions, in the order in which they are looked for."""

_LONGEST, _FEW = 14, 5  # words; a longer message tells of something, whatever else it does
_FLAGS = re.IGNORECASE
_POLITE = (  # what stands around a farewell, and is one where nothing else is written
    r"(?:ok(?:ay)?|well|so|thank you|thanks?(?! to\b)|then|and|now|so much|very much|a lot|again|everyone|"
    r"for (?:now|today|that|this|it|listening|asking|everything|your (?:help|time|questions?)|the questions?)|"
    r"(?:that|this|it) (?:(?:really|has|was|is|very|quite|did) ){0,3}(?:help|helped|helpful|useful)(?: me)?(?: (?:a (?:bit|little|lot)|somewhat))?)\b|[.,;!\s]"
)
_SIGNS = {
    "unclear": re.compile(
        r"\b(?:(?:do not|don['’]?t|did not|didn['’]?t|can['’]?t|not sure i) (?:really |quite |even )?(?:understand|get|follow)"
        r" (?:you|your|this|that|the|what you|it|question)|what do you mean|what does (?:that|this|it) mean"
        r"|(?:your|the|that|this) question (?:is|makes|means|does) (?:not |no )?(?:clear|unclear|confusing|sense|nothing))",
        _FLAGS,
    ),
    "wants_answer": re.compile(
        r"(?:(?:^|[.!?,;:]\s*|\b(?:please|(?:can|could|will|would) you|want you to|need you to)\s+)(?:(?:ok(?:ay)?|so|then|and|but|just|please|simply)[\s,]+){0,4}"
        r"(?:tell|show) me (?:what|how) (?:to \w+|i (?:should|can|must|have to))"
        r"|\bwhat (?:should|shall|must) i (?:do|say|write|answer|reply|tell)\b"
        r"|\bwhat (?:would you do\b(?! if| differently| when)|(?:do|would) you (?:suggest|advise|recommend|think i should)\b))"
        r"|\b(?:give me (?:an? |some |the )?(?:answer|advice|solution)"
        r"|(?:do not|don['’]?t) want (?:another|any more|more|your|a) questions?|i (?:want|need) (?:an? |some )?(?:advice|answers?|solution)\b)",
        _FLAGS,
    ),
    "displeased": re.compile(
        r"\b(?:you(?: are|['’]re) (?:\w+ )?(?:useless|stupid|no help|annoying|not helping|a machine|a bot)"
        r"|(?:your|the|that|this|these|what a) questions? (?:(?:is|are|was|were) )?(?:\w+ )?(?:stupid|useless|all the same|annoying|silly|bad|dumb|no help)|this (?:is|does) (?:not help|useless|no help)|stupid (?:bot|machine|question|program))",
        _FLAGS,
    ),
    "farewell": re.compile(
        rf"^(?:{_POLITE})*(?:i(?:['’]m| am|['’]ll| will)? (?:go(?:ing)?|leave|stop|off|done)(?: to (?:bed|sleep)| home| now| here)?|good ?(?:night|bye)|bye|see you|that(?:['’]s| is) (?:all|enough|it)|enough)\b.{{0,30}}$"
        rf"|^(?=.*?\b(?:thank|helpe?d|helpful|useful))(?:{_POLITE})+$",
        _FLAGS,
    ),
}


def moves(text: str) -> list[Tension]:
    """The move a message is, as one tension that leans on the mirror; none for a message that tells of something.

    Args:
        text: a message; may be empty.
    """
    words = text.split()
    if not 0 < len(words) <= _LONGEST:
        return []
    kind = next((kind for kind, sign in _SIGNS.items() if sign.search(text)), "")
    if not kind and len(words) <= _FEW:
        kind = FEW
    return [Tension(kind, "", {LEANS: text}, 1.0, 0, len(text))] if kind else []
