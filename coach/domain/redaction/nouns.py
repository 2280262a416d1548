"""What a word is when it is no name, and where the part of the sentence it stands in ends."""

from __future__ import annotations

from coach.domain.redaction import slot_words as s
from coach.domain.redaction import words as w
from coach.domain.redaction.neighbours import Beside


def needs_article(word: str) -> bool:
    """Whether the word, when it is no name, is a thing to be counted: "a bill", "the jack"."""
    return word in w.NAME_WORDS - s.UNCOUNTED - w.MODALS - s.DESCRIBING


def closes(at: Beside) -> bool:
    """Whether what the word is part of ends with it."""
    ends = w.CLOSED | w.SAYING | w.PAST | w.ADVERBS | s.PARTICLES_AFTER | w.ASKING_MODALS | w.JOINERS | w.WITH
    return not at.after or at.after in ends or (at.after.endswith("ed") and len(at.after) > 4)


def speaks(verb: str) -> bool:
    return verb in w.SAYING - w.BEING - w.IMPERSONAL


def did(verb: str) -> bool:
    return verb in w.PAST | w.SAYING - w.BEING or (verb.endswith("ed") and len(verb) > 4)
