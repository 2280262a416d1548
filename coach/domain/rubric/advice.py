"""`noadvice`: whether an action of the asker's own hides in the question.

Three layers. Frames that are advice whatever follows ("have you tried"); frames that are advice
when they name an act that the member has not named ("what would happen if you told her"); and the
classifier, which has read some hundred labelled questions and sees what no frame names.
"""

from __future__ import annotations

import re

from coach.domain.rubric.advice_frames import ALWAYS, PROPOSALS, TO_ACT
from coach.domain.rubric.exchange import Exchange, Finding, first
from coach.domain.rubric.heard import Heard
from coach.domain.rubric.lexicon import ACTS, ASKING_WORDS, MATTERLESS, word_list
from coach.domain.rubric.openness import CLEAN
from coach.domain.rubric.reading import Kind, Reading
from coach.domain.rubric.words import content_tokens, stands_in, stem, tokens

ADVICE_FROM = 0.5
"""The classifier's artifact is shifted so that this is its best cut."""
OWN_SHARE = 0.7
"""The share of an action's content words that must stand in the member's text to be their own."""

_LEARNED = "It reads like advice with a question mark; ask what the member sees."
_VAGUE_WITH_IT = word_list(
    """
    say said saying see take took keep kept give gave put turn use used show open start started stop
    stopped change changed hold call called repeat make made sit stand step
    """
)
_PAUSE = re.compile(r"[,;:]\s*(?:and|or|but|so)?\s*")
_CARRIES_STEP = re.compile(
    r"\b(?:could|might|should|way\s+to|ways\s+to)\b.*\b(?:could|might|should|to)\b", re.IGNORECASE
)
_WISH = re.compile(
    r"(?:what|how)\s+would\s+you\s+(?:want|like|have\s+(?:wanted|liked))\b(?![^?]*(?:,|\bsuch\s+as\b|\blike\s+an?\b))",
    re.IGNORECASE,
)
_FROM_A_SEAT = re.compile(
    r"""(?:how|what)\s+(?:might|may)\s+(?!(?:it|this|that)\b)[^?]+?\s(?:have\s+)?
    (?:(?:look|sound|seem)(?:ed)?\b(?!\s+like\s+to\b)|see\b|seen\b|hear\b|heard\b|be(?:en)?\s+for\b)(?![^?]*\bif\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_LOOKS_BACK = re.compile(
    r"""\b(?:would|might)\s+(?:(?!if\b)[\w'"\[\]]+\s+){0,6}?have\s+
    (?:\w{2,}ed|\w{2,}en|\w{2,}wn|been|had|got|gone|done|made|heard|told|said|left|kept|felt|thought|meant|found|lost
    |come|brought|bought|read|stood|sat|cost|held|led|met|paid|sent|spent|understood|learnt|let|put)\b
    (?![^?]*\b(?:if|to|had\s+you|(?:by|of|from|through|in|with)\s+\w+ing)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_OPEN_ENDED = re.compile(
    r"\b(?:what|how|whatever|something|anything|nothing|differently|that\s+(?:is|feels|matters))\b",
    re.IGNORECASE,
)


def noadvice(exchange: Exchange, reading: Reading, heard: Heard) -> Finding | None:
    """Fail when the question proposes an action that the member has not named."""
    found = first(ALWAYS, reading.text) or _proposal(reading)
    if found:
        return found
    named = _named_act(heard.stems, reading.text)
    if named:
        return named
    if (
        exchange.advice >= ADVICE_FROM
        and _proposes_something(reading)
        and not _own(heard.stems, reading.clause)
    ):
        return Finding(_LEARNED, (reading.core, reading.ask[1]) if reading.ask[1] > reading.core else None)
    return None


def _proposal(reading: Reading) -> Finding | None:
    """A yes-or-no frame, unless it only continues a question word: "what will you tell …"."""
    asked = reading.text[: reading.core] if reading.kind is Kind.WH else reading.text
    return first(PROPOSALS, asked) or _beside(reading)


def _beside(reading: Reading) -> Finding | None:
    """The same frames after a pause: "What have you done, and could you add a sheet?"."""
    if reading.kind is not Kind.WH:
        return None
    pause = _PAUSE.search(reading.text, reading.core)
    if pause is None:
        return None
    found = first(PROPOSALS, reading.text[pause.end() :])
    if found is None or found.span is None:
        return found
    return Finding(found.reason, (found.span[0] + pause.end(), found.span[1] + pause.end()))


def _named_act(known: frozenset[str], question: str) -> Finding | None:
    for each in TO_ACT:
        for hit in each.pattern.finditer(question):
            named = hit.group("at")
            verb = hit.groupdict().get("verb")  # none where the frame says that something would help
            proposes = verb is None or (is_act(verb.lower()) and _specific(named, verb))
            if proposes and not _own(known, named):
                return Finding(each.reason, hit.span("at"))
    return None


def is_act(word: str) -> bool:
    """Whether a lower-case verb, in any form, is a step that one person could recommend to another."""
    return stem(word) in _ACT_STEMS


_ACT_STEMS = frozenset(stem(word) for word in ACTS)


def _specific(named: str, verb: str) -> bool:
    """ "Say what you want" and "change nothing" name no particular step."""
    after = named[named.find(verb) + len(verb) :]
    words = [token.word for token in tokens(after)]
    if words and words[0] in ("it", "this", "that"):
        return verb.lower() not in _VAGUE_WITH_IT
    return bool(words) and _OPEN_ENDED.match(after.strip()) is None


def _proposes_something(reading: Reading) -> bool:
    """Advice needs a matter: "What would help?" and "Can you say more?" have none.

    What the member would want, how a thing that was told looks from another seat, and what would or might
    have been, unless a step follows ("by calling her"), is none either; the classifier takes it for one.
    (Of 271 labelled questions of advice that only the classifier hears none looks back.)
    """
    if any(one.match(reading.clause) for one in (_FROM_A_SEAT, _WISH)) or _LOOKS_BACK.search(reading.clause):
        return False
    if CLEAN.match(reading.clause) and not _CARRIES_STEP.search(reading.clause):
        return False
    words = [token.word for token in content_tokens(reading.text[reading.ask[0] :])]
    return any(word not in ASKING_WORDS and word not in MATTERLESS for word in words)


def _own(known: frozenset[str], named: str) -> bool:
    """Whether the member's text already holds the words of the action."""
    words = [
        token.word for token in content_tokens(named) if token.word not in ASKING_WORDS or len(token.word) > 4
    ]
    if not words:
        return False
    return sum(stands_in(word, known) for word in words) / len(words) >= OWN_SHARE
