"""The company a word keeps: titles, roles, verbs and lists that make a person or a thing of it."""

from __future__ import annotations

import re

from coach.domain.redaction import words as w
from coach.domain.redaction.given_names import GIVEN_NAMES
from coach.domain.redaction.neighbours import Beside
from coach.domain.redaction.proper import NOBODY, ROLES, THINGS
from coach.domain.redaction.surface import View

_GREETING = re.compile(
    r"\b(?:hi|hello|dear|hey|thanks|thank you|cheers|regards|best|love)[, ]\s*$", re.IGNORECASE
)
# "my deputy ", "our new planner, ", "the head of sales is "
_ROLE_BEFORE = re.compile(
    r"\b(?:my|our|his|her|their|the|a|new|former|old|of) (?:[a-z\-]+ ){0,3}?"
    r"([a-z]+)(?: is| was|'s name is)?,? $"
)
# ", my deputy", " (our new planner", " is one of my nurses"
_ROLE_AFTER = re.compile(
    r"(?: [a-z'\-]+)?(?:, | \(| - |, who is |, who's | is )"
    r"(?:my|our|his|her|their|the|a|an|one of (?:my|our|the)) ((?:[a-z\-]+ ?){1,4})"
)
# What costs and figures do as well; and the ends of nouns that may begin a sentence.
_OF_THINGS = w.word_set(
    "rose fell grew hit cut came went got became kept broke led meant put began hurt ran blew let"
)
_OF_THINGS_NOW = w.word_set("works runs needs starts started gets got makes made")
_NO_PERSON_NEEDED = w.word_set("like liked love saw miss missed avoid called named")
_NOUN_ENDS = tuple(
    w.word_set(
        "tion sion ment ness ism ity ance ence ing ship hood age ure ics work ists ers out over line time"
    )
)
_LIST = re.compile(r",? (?:(?:and|or) )?")


def titled(read: View, index: int) -> bool:
    """Whether Mr, Dr, Aunt or the like stands before."""
    if index == 0:
        return False
    before = read.tokens[index - 1]
    written = before.written[0].isupper() or before.word in {"dr", "mr", "mrs", "ms"}
    return before.word in w.TITLES and written and bool(re.fullmatch(r"\.? ", read.gap(index - 1)))


def is_thing(at: Beside) -> bool:
    """ "the Atlas project", "Project Atlas"."""
    return (at.after in THINGS and not at.own) or at.before in w.BEFORE_THING


def is_personal(read: View, at: Beside) -> bool:
    """Whether a greeting, a verb or a pronoun beside it only goes with people."""
    if _GREETING.search(read.text[max(0, at.token.start - 16) : at.token.start]):
        return True
    if at.before in {"the", "a", "an"}:
        return False
    verb = at.second if at.after in w.ADVERBS else at.after
    if verb in w.PAST - w.BEING - _OF_THINGS and not at.token.word.endswith(_NOUN_ENDS):
        return True
    if verb in w.SAYING - w.BEING - _OF_THINGS_NOW:
        return True
    if (at.own and at.start and at.after not in THINGS) or at.after in {"from", "who"}:
        return True
    if at.before in {"named", "name"} or at.before in w.TELLING - _NO_PERSON_NEEDED:
        return True
    return (at.after == "and" and at.second in {"i", "me"}) or at.ahead.startswith(", who ")


def beside_role(read: View, index: int) -> bool:
    """ "my deputy Jonas", "our new planner, Jonas", "Jonas, my deputy", "Jonas (my boss)"."""
    token = read.tokens[index]
    capital = token.written[0].isupper()
    lead = _ROLE_BEFORE.search(read.text[max(0, token.start - 60) : token.start].lower())
    if lead and lead[1] in ROLES and (capital or token.word in GIVEN_NAMES):
        return True
    follow = _ROLE_AFTER.match(read.text[token.end : token.end + 60].lower())
    return bool(follow and capital and ROLES & {one.rstrip("s") for one in follow[1].split()})


def among_things(read: View, index: int) -> bool:
    """In a list beside something that is nobody: "Miro, Figma and Retool"."""
    back = index - 1
    if back >= 0 and read.tokens[back].word in {"and", "or"}:
        back -= 1
    if back < 1:
        return False
    other = read.tokens[back]
    listed = _LIST.fullmatch(read.text[other.end : read.tokens[index].start])
    return bool(listed and other.title and other.word in NOBODY - w.WEEKDAYS - w.MONTHS)
