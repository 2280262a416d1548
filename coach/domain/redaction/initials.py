"""D.O., DO, Dana O.: when letters stand for a person of the roster."""

from __future__ import annotations

import re

from coach.domain.redaction import words as w
from coach.domain.redaction.roster import Person, is_particle
from coach.domain.redaction.surface import View

# Pairs and triples of letters that mean something else.
_OTHERS = w.word_set(
    """
am pm eg ie us uk eu un hr it pr ai ux ui qa vp md ok tv pc id cv ps pa ceo cto cfo coo cio kpi okr roi
sla usa bbc nhs fyi asap tbc tbd eod eta diy faq gdp vat ltd plc phd mba po bi ip os rd ba bs ma db cd ad
bc ac dc la ny dm ot er gp hq jd np op pe pl pt rn sa sd se sm ss st to tl vr xl ar as at be by do go he
if in is me my no of on or so up we ms mr dr ed al ag sr jr mp pmo crm erp sap aws api sql css ide sdk llm
gpt pdf csv xls ppt doc hse ehs rfp rfq nda ipo b2b qms
"""
)


# Of these, the ones that are also written with full stops.
_DOTTED = w.word_set("eg ie am pm us uk eu un ps ba ma ad bc la pa dc ny usa phd sa se sw ne nw aka")


def is_closing_initial(read: View, index: int, person: Person) -> bool:
    """ "Dana O.", "dana o.": an initial after a name, and not the pronoun I or an article."""
    token = read.tokens[index]
    if len(token.word) != 1 or token.word not in person.initials:
        return False
    if not re.fullmatch(r" +", read.gap(index - 1)):
        return False
    if token.written.islower():
        return read.tokens[index - 1].written.islower() and ends_with_stop(read, index)
    return read.gap(index).startswith(".") or token.word not in {"i", "a"}


def ends_with_stop(read: View, index: int) -> bool:
    """Whether a full stop closes the letter, and no further letter follows at once as in "p.m."."""
    return bool(re.match(r"\.(?!\w)", read.text[read.tokens[index].end :][:2]))


def initials_end(read: View, person: Person, index: int) -> int | None:
    """Where initials that begin here end: "D.O.", "D. O.", or "DO" with a verb or an owner's s.

    Returns:
        The last token, or None when the letters do not clearly stand for the person.
    """
    letters = "".join(word[0] for word in person.words if not is_particle(word))
    token = read.tokens[index]
    if not token.written.isupper():
        return None
    if token.word == letters[:1] and _speaks_alone(read, index):
        return index
    if len(letters) < 2:
        return None
    if token.word in {letters, letters[0] + letters[-1]} and token.word not in _OTHERS:
        return index if _used_as_person(read, index) else None
    last = index + len(letters) - 1
    if (
        last >= len(read.tokens)
        or len(token.word) != 1
        or (letters in _DOTTED and not _spoken_of(read, last))
    ):
        return None
    run = read.tokens[index : last + 1]
    dotted = all(re.fullmatch(r"\. ?", read.gap(place)) for place in range(index, last))
    right = "".join(one.word for one in run) == letters and all(one.written.isupper() for one in run)
    return last if right and dotted and read.gap(last).startswith(".") else None


def _spoken_of(read: View, last: int) -> bool:
    """ "P.M. sent it", "I spoke to M.A. about it"."""
    first = last - 1
    before = read.tokens[first - 1].word if first and read.gap(first - 1) == " " else ""
    if before in {"with", "to", "from", "told", "asked", "about"}:
        return True
    after = read.tokens[last + 1] if last + 1 < len(read.tokens) and read.gap(last) == ". " else None
    return after is not None and after.word in w.SAYING - w.BEING - w.IMPERSONAL


def _used_as_person(read: View, index: int) -> bool:
    after = read.tokens[index + 1].word if index + 1 < len(read.tokens) else ""
    if read.gap(index) == " " and after in w.SAYING:
        return True
    if re.match(r"'s\b", read.text[read.tokens[index].end :][:3]):
        return True
    before = read.tokens[index - 1].word if index and read.gap(index - 1) == " " else ""
    return before in w.TELLING - {"like", "love", "use"}


def _speaks_alone(read: View, index: int) -> bool:
    """ "W. said", "I told K.", "with M about it": one letter that does what a person does."""
    token, text = read.tokens[index], read.text
    if token.word in {"i", "a"} or re.match(r"\.? ?[A-Z\d]\b|[-/&]\w", text[token.end :][:4]):
        return False
    dotted = text[token.end : token.end + 2] in {". ", ".,", "."}
    gap = ". " if dotted else " "
    follows = read.tokens[index + 1] if index + 1 < len(read.tokens) and read.gap(index) == gap else None
    after = follows.word if follows and follows.written.islower() else ""
    before = read.tokens[index - 1].word if index and read.gap(index - 1) == " " else ""
    first = not before or before in w.JOINERS
    if first and (after in w.SAYING - w.BEING or (dotted and after in w.BEING)):
        return True
    object_of = before in w.ADDRESSING | w.TELLING | {"with", "from", "about"} - {"like", "love", "use"}
    return object_of and (not after or after in w.CLOSED)
