"""Will and will, May and may: whether a word that may be a name is one here.

Each rule reads the words beside it; a text that proves a name once settles its doubtful places too.
"""

from __future__ import annotations

import re
from enum import Enum

from coach.domain.redaction import words as w
from coach.domain.redaction.common_words import COMMON
from coach.domain.redaction.neighbours import Beside


class Verdict(Enum):
    """YES: a name here. NO: a word here. MAYBE: a name if the text proves it elsewhere."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


def verdict(at: Beside, titled: bool = False) -> Verdict:
    """Whether the token is a name where it stands.

    Args:
        at: the token with its neighbours.
        titled: it stands in a heading or another line written with capitals throughout.
    """
    if at.before in w.TITLES and at.token.title:
        return Verdict.YES
    if at.before in w.DETERMINERS and not _capital_speaks(at):
        return Verdict.NO
    if _proved(at):
        return Verdict.YES
    alone = at.token.shouted and not at.shouting and word_is_rare(at.token.word)
    if at.token.shouted and at.shouting and at.start:
        return _at_start(at)
    if not (at.token.title or alone) or titled:
        return _as_word(at)
    return _at_start(at) if at.start else _inside(at)


def word_is_rare(word: str) -> bool:
    """Whether nobody would write this word in capitals only to stress it."""
    return word not in w.MODALS | w.MASS | w.DESCRIBING | COMMON


def _capital_speaks(at: Beside) -> bool:
    """ "what Faith expects", "neither Pat nor", "my Grace said": a capital outweighs the word before."""
    if not at.token.title or at.shouting:
        return False
    return at.before in w.BEFORE_ANYBODY or (at.before in w.OWNERS and _speaks(at))


def _speaks(at: Beside) -> bool:
    verb = at.second if at.after in w.ADVERBS else at.after
    return verb in w.SAYING and verb not in w.BEING


def _proved(at: Beside) -> bool:
    """What makes a person of any word, in capitals or not."""
    word = at.token.word
    verbal = word in w.MODALS or at.before in w.BEFORE_VERB
    if at.before in w.PRONOUNS and not at.token.title:
        return False
    if (at.after == "who" and not verbal) or _no_article(at):
        return True
    if word in w.MASS - w.SEASONS and at.after in {"keeps", "kept", "started", "stopped"}:
        return at.second[:-3] in w.DEEDS or at.second[:-3] + "e" in w.DEEDS
    if _speaks(at) and not verbal and (at.token.title or at.before not in {"of", "in", "with"}):
        return not (word in w.MASS and at.after in w.IMPERSONAL)
    if word in w.MODALS and at.after in w.SAYING | {"is", "was"} and at.after not in {"need", "like"}:
        return at.before not in w.PRONOUNS and (at.token.title or at.before in w.JOINERS or at.start)
    if at.after == "and" and at.second in {"i", "me", "myself"} and not at.before.endswith("ly"):
        if word in w.DESCRIBING and not at.token.title and at.before in w.BEING:
            return False  # "the beach was sandy and I"
        return word not in w.MASS or at.token.title or at.second == "i"
    return bool(at.token.title and at.before == "and" and at.start)


def _no_article(at: Beside) -> bool:
    """ "An finds": before a consonant the article would be "a"; h and u may go either way."""
    clear = at.after_written[:1].islower() and at.after[:1] not in "aeiouhxy"
    return at.token.word == "an" and at.token.title and len(at.after) > 1 and clear


def _as_word(at: Beside) -> Verdict:
    """In lower case, or in capitals like everything around: a word unless the grammar forbids it."""
    word = at.token.word
    closes = not at.after or at.after in w.CLOSED or at.after in w.SAYING
    if word == "jan":
        return Verdict.NO if _month(at) else Verdict.YES
    if at.before in w.ADDRESSING and word not in w.MODALS and (closes or at.after in w.PRONOUNS):
        return Verdict.YES
    if at.after == "and" and at.known(at.second) and at.before not in w.PRONOUNS:
        return Verdict.YES
    joined = at.before == "and" and at.known(at.earlier) and word not in w.MODALS
    if joined and closes and at.after not in w.ARTICLES:
        return Verdict.YES
    if _owns(at) or _shouted_object(at, closes):
        return Verdict.YES
    if word in w.MASS or (word in w.MONTHS and word != "may"):
        return Verdict.NO
    if at.before in w.TELLING and closes and at.after not in w.PRONOUNS - {"that"} | {"the", "a"}:
        return Verdict.NO if word in w.MODALS and at.after in {"be", "not", "have"} else Verdict.YES
    if at.own and word in w.MODALS:
        return Verdict.NO if at.after in w.AFTER_MONTH_OWN else Verdict.YES
    if word in {"may", "might", "can", "must"}:
        return Verdict.NO
    personal = at.before in {"with", "from", "about", "than", "behind", "without", "against"}
    if personal and closes and word not in w.DESCRIBING and word not in w.PARTICLES and len(word) > 2:
        return Verdict.YES if word in w.NAME_WORDS else Verdict.NO
    if word in w.DESCRIBING or word in w.MODALS or word not in w.NAME_WORDS or len(word) < 3:
        return Verdict.NO
    if (at.start or at.before in w.JOINERS) and at.after in w.BEING and word not in {"sure", "list"}:
        return Verdict.YES
    if (at.start or at.before in w.JOINERS) and _past(at.after):
        return Verdict.YES
    return Verdict.NO


def _shouted_object(at: Beside, closes: bool) -> bool:
    """ "I SAID NO TO MARK AND ...": in a text of capitals rather one word too many than a name too few."""
    to_whom = at.before in w.WITH and closes and at.token.word not in w.MASS | w.MONTHS
    return at.token.shouted and at.shouting and to_whom


def _owns(at: Beside) -> bool:
    """ "grace's plan", but not "joy's the word" and not "summer's heat"."""
    if not at.own or at.token.word in w.SEASONS | w.MONTHS | w.MODALS or not at.after:
        return False
    if at.after in w.ARTICLES | w.ADVERBS | w.PRONOUNS | w.WITH | {"in", "on", "at", "not", "been", "gone"}:
        return False
    return at.start or not at.before or at.before in w.JOINERS | w.WITH | w.TELLING


def _at_start(at: Beside) -> Verdict:
    """Capitalised because a sentence begins, or because it is a name?"""
    word, after = at.token.word, at.after
    mass = word in w.MASS or word in w.MONTHS
    if word == "an" and after and not at.own and not _finite(after):
        return Verdict.NO  # "An hour later", in a text about somebody called so
    if at.own:
        return _owner_at_start(at, mass)
    if at.ahead.startswith(", who ") or (at.ahead.startswith(":") and word not in w.SEASONS | w.MONTHS):
        return Verdict.YES
    if at.gap.startswith(","):
        return Verdict.MAYBE if mass else Verdict.YES
    if not after:
        return Verdict.MAYBE if mass or word in COMMON else Verdict.YES
    if after in w.COLLOCATIONS.get(word, ()) or after in w.ARTICLES:
        return Verdict.NO
    if after in w.PRONOUNS and (after != "i" or word in w.MODALS):
        return Verdict.NO
    if after in {"and", "or"}:
        other = at.second in w.NAME_WORDS - w.MONTHS or at.second not in COMMON
        named = at.second == "i" or (at.second_written[:1].isupper() and other)
        return Verdict.YES if named else Verdict.MAYBE
    if after == "who":
        return Verdict.YES
    if after in w.BEING:
        return _subject_of_being(at)
    if after in w.ASKING_MODALS or after in w.ADVERBS:
        if word in w.MODALS:
            return Verdict.YES if _finite(at.second) or after in w.ASKING_MODALS else Verdict.MAYBE
        return Verdict.MAYBE if mass and at.second not in w.DEEDS else Verdict.YES
    if word in w.MODALS or mass or word in w.DESCRIBING:
        person = at.second in {"his", "her", "me", "us", "my"}
        # Rather a hope too many masked than a Hope too few; months and seasons are too common for that.
        acts = (
            _finite(after) if word in w.MASS - w.SEASONS - w.MONTHS else _past(after) and (person or not mass)
        )
        sure = _finite(after) if word in w.MODALS else acts
        return Verdict.YES if sure else Verdict.MAYBE
    if after == "from" and word not in {"rose", "drew"}:
        return Verdict.YES
    return Verdict.YES if _past(after) or (_finite(after) and word not in COMMON) else Verdict.MAYBE


def _subject_of_being(at: Beside) -> Verdict:
    """ "Mark is", "Hope was", "April has": a thing only where a thing would be so."""
    word = at.token.word
    if word not in w.MASS | w.MONTHS or at.second in w.PERSON_PREDICATES | w.DEEDS:
        return Verdict.YES
    if not at.second:
        # "Grace did, and ...": what only stands for another verb stands for somebody's deed.
        return Verdict.YES if at.after in {"did", "didn't", "does", "doesn't"} else Verdict.MAYBE
    also = frozenset[str]() if word in w.SEASONS | w.MONTHS else w.ALSO_OF_PEOPLE
    if at.after in {"has", "had", "does", "did"} and word not in w.SEASONS | w.MONTHS:
        return Verdict.YES
    if at.second in w.ABSTRACT_PREDICATES - also:
        return Verdict.MAYBE
    if word in w.SEASONS | w.MONTHS and at.second in w.OF_SEASONS:
        return Verdict.MAYBE
    return Verdict.YES


def _owner_at_start(at: Beside, mass: bool) -> Verdict:
    if at.token.word in w.MONTHS and at.after in w.AFTER_MONTH_OWN:
        return Verdict.NO
    if mass and (at.after in w.ARTICLES | w.ADVERBS | {"not", "been", "gone", "over", "coming", "end"}):
        return Verdict.MAYBE
    return Verdict.YES


def _past(word: str) -> bool:
    return word in w.PAST or (word.endswith("ed") and len(word) > 4 and word not in {"indeed", "speed"})


def _finite(word: str) -> bool:
    if word in w.SAYING or word in w.BEING:
        return True
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word not in w.PRONOUNS | w.NO_VERB
    return word.endswith("ed") and len(word) > 4


def _inside(at: Beside) -> Verdict:
    """Capitalised in the middle of a sentence: a name, unless it is a month, a title, a heading."""
    word = at.token.word
    if word in w.MONTHS and _month(at):
        return Verdict.NO
    if word in w.SEASONS and at.before in w.BEFORE_SEASON and at.earlier not in w.OF_PERSON:
        return Verdict.NO
    if at.before in w.BEFORE_THING or at.after in w.COLLOCATIONS.get(word, frozenset()) - w.CLOSED:
        return Verdict.NO
    if at.after_written[:1].isupper() and at.after in COMMON and at.after not in w.WEEKDAYS | {"i"}:
        return Verdict.NO
    return Verdict.YES


def _month(at: Beside) -> bool:
    if at.own:
        return at.after in w.AFTER_MONTH_OWN
    if re.match(r"\s*\d", at.gap) or at.after in w.MONTHS - {"may"} or at.before in w.MONTHS:
        return True
    if at.after in {"and", "or", "to"} and at.second in w.MONTHS:
        return True
    if at.before == "of" and at.earlier in w.OF_PERSON:
        return False
    if at.before in w.BEFORE_MONTH:
        return at.before not in {"and", "or", "to", "for", "from"} or not _personal_after(at)
    return not at.before and not at.start and not at.gap.startswith(",")


def _personal_after(at: Beside) -> bool:
    months = w.MONTHS - {"may"}
    return at.before in {"to", "and", "or"} and at.after not in months and at.earlier not in w.MONTHS
