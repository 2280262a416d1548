"""Which way to lean where neither the words beside it nor the place in the sentence settle it.

A capital at the head of a sentence, or a text whose writer uses no capitals at all, says nothing for or
against a name. The word is one that somebody on the roster is called, so it counts as a name unless it is
used as a word is: behind an article, as a verb, within a fixed expression.
"""

from __future__ import annotations

import re

from coach.domain.redaction import slot_words as s
from coach.domain.redaction import words as w
from coach.domain.redaction.around import Around
from coach.domain.redaction.neighbours import Beside
from coach.domain.redaction.proper import ROLES
from coach.domain.redaction.surface import View

_HEAD = re.compile(r"(?:[.!?…][\"')]*\s+|\n\s*|^\s*)$")


def writes_small(read: View) -> bool:
    """Whether capitals say nothing: they are left out where they are due, or there is nothing else."""
    long = [token for token in read.tokens if len(token.word) > 2]
    if long and sum(token.shouted for token in long) > 0.7 * len(long):
        return True
    due = small = 0
    for token in read.tokens:
        if token.word == "i" or _HEAD.search(read.text[max(0, token.start - 4) : token.start]):
            due += 1
            small += token.written[0].islower()
    return small > 0.5 * due


def leans_to_name(at: Beside, near: Around, small: bool) -> bool:
    """Whether a doubtful word is taken for a name.

    Args:
        at: the token with its neighbours; a word that somebody on the roster is called.
        near: the same place, seen more widely.
        small: what `writes_small` said of the text.
    """
    word = at.token.word
    if len(word) < 3 or word in s.NO_NAME or at.before in w.DETERMINERS:
        return False
    if word in w.MODALS:  # "Will from accounts"
        return at.token.title and at.start and not at.own and at.after in w.WITH | s.PLACES
    role = at.after == "my" and at.second in ROLES
    if (at.after in w.COLLOCATIONS.get(word, frozenset()) and not role and at.second != "course") or (
        at.after in s.NUMBERS
    ):
        return at.after == "of" and at.second == "all"
    if small and at.start and at.ahead.startswith(": ") and word not in w.MONTHS | w.SEASONS:
        return True
    if small and at.start and at.gap.startswith(",") and word not in w.MONTHS | w.SEASONS:
        return True
    if at.token.title and at.start and not at.own:
        return _heads_a_sentence(at)
    return small and not at.own and _in_small_letters(at, near)


def _heads_a_sentence(at: Beside) -> bool:
    word, after = at.token.word, at.after
    if word in s.UNCOUNTED:
        if word in w.MONTHS | w.SEASONS:
            return after in s.NO_THING_DOES
        if after == "of":
            return at.second in {"course", "all"}
        return after not in s.AFTER_A_THING and not (after == "in" and word in s.IN_SOMETHING)
    if word in s.DESCRIBING:
        return (
            not after
            or after in w.SAYING | w.ADVERBS | {"being", "used", "from", "as"}
            or (
                after.endswith("s")
                and at.second in {"to", "that", "like", "me", "us", "him", "her", "my", "his"}
            )
        )
    if word in s.VERBS:
        if after == "from" and at.second not in w.ARTICLES:
            return True
        if after in s.PLACES and at.second in s.PLACES:
            return True  # "Jack up at the plant"
        if after == "my" and at.second in ROLES:
            return True  # "Mark my deputy"
        if word in {"rose", "drew"} and after in s.PARTICLES_AFTER | {"early", "late", "at"}:
            return False
        called = not after or after in w.SAYING | w.BEING | w.ADVERBS | w.ASKING_MODALS | {
            "being",
            "used",
            "of",
        }
        return called or after.endswith(("ed", "s"))
    return word in w.NAME_WORDS


def _in_small_letters(at: Beside, near: Around) -> bool:
    word, before = at.token.word, at.before
    earlier = near.leading[1] if len(near.leading) > 1 else ""
    if word in s.DESCRIBING or word not in w.NAME_WORDS or at.after == "of":
        return False
    verb_before = _is_verb(before, earlier)
    if earlier in w.DETERMINERS and not (before in s.PERSONAL or verb_before):
        return False
    if word in s.VERBS and _as_verb(at):
        return False
    if word in s.UNCOUNTED:
        if word in w.MONTHS | w.SEASONS:
            return False
        if (before == "of" and earlier in w.OF_PERSON - {"because", "sure", "kind"}) or _leant_on(
            before, earlier
        ):
            return True
        if before in {"is", "was"} and not at.after:
            return earlier not in {"there", "this", "that", "it", "all", "what", "is", "was"}
        return verb_before and (before in s.DONE_TO_PEOPLE or before not in s.DONE_TO_THINGS)
    if before in {"in", "at", "by", "under", "over", "into"}:
        return False
    return (
        before in s.PERSONAL
        or verb_before
        or _leant_on(before, earlier)
        or (not before and at.after != "the")
    )


def _leant_on(before: str, earlier: str) -> bool:
    return before in {"on", "upon"} and earlier in s.LEANING


def _is_verb(word: str, earlier: str) -> bool:
    if word in w.PAST | w.TELLING | s.TAKING | s.DONE_TO_PEOPLE or (
        word.endswith(("ed", "ing")) and len(word) > 4
    ):
        return True
    if not word or word in w.BEING | w.CLOSED | w.ADVERBS:
        return False
    subject = w.PRONOUNS - {"this", "that", "me", "him", "her", "us", "them"} | w.ASKING_MODALS
    return earlier in subject | {"to", "not", "please", "cannot", "don't", "t"}


def _as_verb(at: Beside) -> bool:
    """ "we chase", "to mark", "profits rose to", "and drew a line"."""
    verbal = (
        w.PRONOUNS - {"me", "him", "us", "them"}
        | w.ASKING_MODALS
        | w.ADVERBS
        | {"to", "not", "please", "cannot"}
    )
    if at.before in verbal:
        return True
    if at.token.word in {"rose", "drew"} and (at.after in s.PARTICLES_AFTER or at.before.endswith("s")):
        return True
    begins = at.start or not at.before or at.before in {"and", "or", "but"}
    return begins and (at.after in w.ARTICLES | w.PRONOUNS | s.PARTICLES_AFTER or not at.after)
