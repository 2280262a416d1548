"""Question frames: a hand-written question with places for the member's own words.

"What has “{quote}” kept safe for you so far?"  +  "I keep moving our one-to-one"
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coach.domain.model import Lens, Stage
from coach.domain.pointing import unnamed
from coach.domain.tension import Tension

MOST_WORDS = 25  # of a question
_QUOTED = frozenset({"quote", "first", "second", "verb_phrase", "undone", "ing"})
_FEWEST_QUOTED = 3  # words; "one time" or "my throat" between quotation marks asks after nothing
_SPOKEN = frozenset({"said", "own_words"})  # kinds in which even two words were somebody's whole answer
SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame for one kind of tension; `needs` are the slots that must have been found."""

    kind: str
    text: str
    lens: Lens
    stage: Stage
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilledFrame:
    """A question that hangs on one tension. `clause` is the member's clause as written, confidence 0..1."""

    text: str
    lens: Lens
    stage: Stage
    kind: str
    confidence: float
    clause: str
    leans: bool = False  # on the mirror: it makes sense only right after it
    start: int = 0  # where the clause stands in the text


def fill(tensions: Iterable[Tension], frames: Sequence[Frame]) -> list[FilledFrame]:
    """Every frame that fits a tension and stays within 25 words, surest tension first.

    Args:
        tensions: as `detect` gives them.
        frames: any number, of any kinds.

    Returns:
        No two questions alike; frames keep their order within a tension.
    """
    found: dict[str, FilledFrame] = {}
    of_kind: dict[str, list[Frame]] = {}
    for frame in frames:
        of_kind.setdefault(frame.kind, []).append(frame)
    for tension in sorted(tensions, key=lambda tension: -tension.confidence):
        for frame in of_kind.get(tension.kind, ()):
            text = _filled(frame, tension)
            if text is not None and text not in found:
                found[text] = FilledFrame(
                    text,
                    frame.lens,
                    frame.stage,
                    frame.kind,
                    tension.confidence,
                    tension.clause,
                    leans="mirror" in frame.needs,
                    start=tension.start,
                )
    return list(found.values())


def _filled(frame: Frame, tension: Tension) -> str | None:
    if any(slot not in tension.slots for slot in frame.needs):
        return None
    if any(unnamed(tension.slots[slot]) for slot in _QUOTED & set(frame.needs)):
        return None  # "What is behind “I am proud of that”?" asks after a word without its meaning
    if "quote" in frame.needs and frame.kind not in _SPOKEN and _too_short(tension.slots["quote"]):
        return None
    text = SLOT.sub(lambda match: _tidy(tension.slots[match[1]]), frame.text)
    return text if len(text.split()) <= MOST_WORDS and text.count("?") == 1 else None


def _too_short(quote: str) -> bool:
    return len(quote.split()) < _FEWEST_QUOTED


def _tidy(words: str) -> str:
    """Fit to stand inside “ ” and inside a sentence: one line, no double marks, no question of its own."""
    if words.isupper() and " " in words:
        words = re.sub(r"\bi\b", "I", words.lower())
    return re.sub(r"[“”„«»\"?]", "", " ".join(words.split())).strip(" .,;:!")
