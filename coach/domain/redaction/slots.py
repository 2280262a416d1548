"""Places in a sentence where only a name can stand, whatever the word is and however it is written.

A thing that can be counted needs an article ("the jack", "a bill"); a verb stands neither after a preposition
nor before another verb. Where such a word stands all the same, it is somebody's name: "with jack", "i told
bill", "sue said". Words that need no article (hope, grace, summer) count only beside words that want a
person. Asked only about words that somebody on the roster is called, so one word too many is masked before
one name gets out.
"""

from __future__ import annotations

import re

from coach.domain.redaction import slot_words as s
from coach.domain.redaction import words as w
from coach.domain.redaction.around import Around
from coach.domain.redaction.neighbours import Beside
from coach.domain.redaction.nouns import closes, did, needs_article, speaks
from coach.domain.redaction.pairs import with_another
from coach.domain.redaction.subjects import asked_about, subject


def names_somebody(at: Beside, near: Around) -> bool:
    """Whether nothing but a name can stand here.

    Args:
        at: the token with its neighbours; a word that somebody on the roster is called.
        near: the same place, seen more widely.
    """
    word = at.token.word
    if len(word) < 3 or word in s.NO_NAME or (at.ahead.startswith("'") and not at.own):
        return False
    if at.before in w.DETERMINERS and not (at.before == "that" and set(near.leading[1:2]) & s.REPORTING):
        return at.before in {"what", "which"} and (speaks(at.after) or at.after in {"needs", "needed"})
    if at.token.word in w.MONTHS | w.SEASONS and re.match(r"\s*\d", at.gap):
        return False
    if at.own:
        return _owner(at, near)
    if at.ahead.startswith((", who ", ", whom ", ", whose ")):
        return True
    if near.following[1:2] and near.following[1] in {"me", "him", "her", "us"} and did(at.after):
        return word not in s.VERBS | w.MODALS and at.before not in w.PRONOUNS | {"to"}
    if at.before in s.GREETING and (not at.after or at.token.title):
        return True
    if _receives(at) or _beside_company(at, near) or _let(at) or with_another(at, near):
        return True
    if at.before in w.PRONOUNS - {"one", "people", "someone", "somebody", "everyone"} | {"please", "not"}:
        return False
    return subject(at, near) or asked_about(at, near) or _object(at, near)


def _receives(at: Beside) -> bool:
    """ "gave june the keys", "you give jack the easy ones"."""
    lasted = at.before in {"took", "takes", "take", "cost", "costs"} and at.after in s.NUMBERS | s.SPELLS
    return lasted or (at.before in s.GIVING and at.after in s.GIFTS)


def _let(at: Beside) -> bool:
    """ "let pat run it", "let faith down", "helped miles pack"."""
    if at.before in s.LETTING:
        return at.after in s.PLAIN or (
            needs_article(at.token.word) and bool(at.after) and at.after not in w.CLOSED | w.ARTICLES
        )
    if at.before in {"left", "leave", "leaving", "put"} and at.after == "in" and at.second == "charge":
        return True
    if at.before in s.SEEING and at.after.endswith("ing") and len(at.after) > 4:
        return True  # "saw june crying"
    return (
        at.before in s.HELPING
        and at.after in s.PLAIN - {"down", "off", "in"}
        and needs_article(at.token.word)
    )


def _beside_company(at: Beside, near: Around) -> bool:
    """ "i like working with hope", "not fair to grace": words of any sort, after what wants a person."""
    wanting = near.leading[1] if len(near.leading) > 1 else ""
    if at.before in {"except", "but", "besides"} and wanting in s.EVERYBODY:
        return True
    if at.before == "to" and wanting == "up" and set(near.leading[2:3]) & s.LINKING:
        return True  # "if it were up to june"
    if at.before == "to" and set(near.leading[2:]) & s.HANDING and closes(at):
        return True  # "gave the project to april"
    if not closes(at) or (at.token.word in w.MONTHS and at.before in {"for", "from", "to"} and not at.after):
        return False
    wants = {
        "with": s.COMPANY,
        "from": s.FROM,
        "to": s.TOWARDS,
        "at": s.AFTER_AT,
        "into": s.INTO,
        "for": s.AFTER_FOR,
        "about": s.AFTER_ABOUT,
    }.get(at.before, frozenset[str]())
    return wanting in wants


def _owner(at: Beside, near: Around) -> bool:
    """ "frank's slides", "it was angel's turn": an owner without an article is a person."""
    word = at.token.word
    if at.second == "one" and at.after == "the" and "who" in near.following:
        return True
    if word in s.UNCOUNTED and (at.after in s.BELONGINGS or (word in w.MONTHS and _no_date(at))):
        return True
    if word in w.MODALS | s.UNCOUNTED:
        if at.start and at.token.title and word not in w.MONTHS | w.SEASONS:
            return at.after not in {"gone", "over", "end", "dead", "a", "an"}
        going = at.after in w.ADVERBS | {"not", "been", ""} or at.after in w.PERSON_PREDICATES - {"on", "off"}
        busy = {at.after, at.second} & w.PERSON_PREDICATES or at.second.endswith("ing")
        return bool(going and busy) and word not in w.MODALS
    if at.after in w.ARTICLES | w.ADVERBS | {"not", "been", "gone"} and not at.start:
        return at.before in s.BEFORE_SUBJECT and at.after in {"not", "been", "gone"} | w.ADVERBS
    # "the new guy's idea": the article may stand before another word.
    further = set(near.leading[1:3]) & w.DETERMINERS
    known = w.TELLING | w.JOINERS | w.WITH | w.BEING | w.PAST | w.SAYING | {"in", "of", "at", "on", "into"}
    return not further or at.before in known or at.before.endswith(("ed", "ing"))


def _no_date(at: Beside) -> bool:
    """ "june's kitchen", but not "june's figures" and not "june's over"."""
    said = (
        w.AFTER_MONTH_OWN
        | w.ARTICLES
        | w.ADVERBS
        | w.PRONOUNS
        | w.WITH
        | w.ABSTRACT_PREDICATES
        | s.OF_A_MONTH
    )
    return bool(at.after) and at.after not in said


def _object(at: Beside, near: Around) -> bool:
    """ "asked dawn to", "snapped at pat", "it came from miles": no subject, and without an article."""
    word, before = at.token.word, at.before
    earlier = near.leading[1] if len(near.leading) > 1 else ""
    if word == "miles" and before == "for" and at.after in w.PRONOUNS:
        return True
    if earlier in s.PHRASAL.get(before, frozenset[str]()) and word not in w.MONTHS | w.SEASONS and closes(at):
        return True
    if not before or (before, word) in s.FIXED or near.listed(before) or not closes(at):
        return False
    verbal = before in w.TELLING | w.PAST | s.TAKING or (before.endswith(("ed", "ing")) and len(before) > 4)
    governed = before in s.PERSONAL or (verbal and earlier not in w.DETERMINERS)
    if word in s.DESCRIBING:
        joined = at.after in {"and", "or", "but", "in", "as", "enough"}
        return governed and before not in s.LINKING | {"like", "of", "to", "for", "than"} and not joined
    if word == "miles":
        return governed and at.after not in {"away", "of", "from", "off", "apart", "ahead", "per", "in", "to"}
    if not needs_article(at.token.word):
        return False
    if before == "to" and word in s.VERBS:
        return earlier in s.TOWARDS or (earlier in {"down", "up"} and not at.after)
    if before in {"is", "was", "be", "were"}:
        return word not in s.VERBS or not at.after or at.after in {"who", "that", "or", "and"}
    return governed or (before == "out" and earlier in {"left", "leave", "leaving"})
