"""Finds the people of the roster in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from coach.domain.redaction import words as w
from coach.domain.redaction.around import around
from coach.domain.redaction.heading import in_heading
from coach.domain.redaction.hits import Hit
from coach.domain.redaction.initials import initials_end, is_closing_initial
from coach.domain.redaction.leaning import leans_to_name, writes_small
from coach.domain.redaction.neighbours import Beside, beside
from coach.domain.redaction.pairs import goes_with
from coach.domain.redaction.resembling import near_miss, short_form
from coach.domain.redaction.roster import Person, is_ordinary
from coach.domain.redaction.roster_index import Roster
from coach.domain.redaction.slot_words import BELONGINGS
from coach.domain.redaction.slots import names_somebody
from coach.domain.redaction.surface import Token, View
from coach.domain.redaction.usage import Verdict, verdict

# What may stand between two parts of one name.
_JOIN = re.compile(r"[ '\-_]{0,3}|\.|[ ,\-]*\n[ ]*|, ?")
_AFTER_INITIAL = re.compile(r"\.? ?")
_BETWEEN = frozenset({"and", "or", "nor"})
_MERGE = re.compile(r"[ '\-]|-?\n")


class _Page:
    """A text, its roster and, once somebody asks, whether its writer uses capitals."""

    def __init__(self, read: View, roster: Roster) -> None:
        self.read = read
        self.roster = roster

    @cached_property
    def small(self) -> bool:
        return writes_small(self.read)


def find(read: View, roster: Roster, named: frozenset[str] = frozenset()) -> list[Hit]:
    """Every place where somebody of the roster is named, in order, none overlapping.

    Args:
        read: the text.
        roster: whom to look for.
        named: words that were names in an earlier text of the same conversation; they settle doubtful places.
    """
    page = _Page(read, roster)
    hits = list(_unspaced(read, roster))
    doubtful: list[Hit] = []
    open_places: dict[int, Hit] = {}
    index = 0
    while index < len(read.tokens):
        run = _longest_run(read, roster, index)
        if run is None:
            hits += short_form(read, roster, index) or near_miss(read, roster, index)
            index += 1
            continue
        last, numbers = run
        for place, hit, judged in _judged(page, index, last, numbers):
            if judged is Verdict.YES:
                hits.append(hit)
                continue
            open_places[place] = hit
            if judged is Verdict.MAYBE:
                doubtful.append(hit)
        index = last + 1
    proved = named | {hit.word.split()[0] for hit in hits}
    hits += [hit for hit in doubtful if hit.word in proved]
    hits += _companions(read, roster, hits, open_places)
    return sorted(hits, key=lambda hit: hit.start)


def _companions(read: View, roster: Roster, hits: list[Hit], open_places: dict[int, Hit]) -> list[Hit]:
    """ "jan and christian": who stands beside a proven name is one as well."""
    starts = {hit.start for hit in hits}
    ends = {hit.end for hit in hits}
    found = []
    for place, hit in open_places.items():
        if hit.start in starts:
            continue
        after = place + 2 < len(read.tokens) and read.tokens[place + 2].start in starts
        before = place > 1 and read.tokens[place - 2].end in ends
        joined = (after and read.tokens[place + 1].word in _BETWEEN) or (
            before and read.tokens[place - 1].word in _BETWEEN
        )
        at = beside(read, place, roster.certain)
        if joined and at.before not in w.DETERMINERS | w.PRONOUNS | {"to", "not"}:
            found += [hit] if goes_with(at) else []
    return found


def _longest_run(read: View, roster: Roster, index: int) -> tuple[int, list[int]] | None:
    """From this token on, as many words of one person as stand together, and who that may be."""
    ends: dict[int, int] = {}
    for number in _candidates(read, roster, index):
        last = _extend(read, roster, roster.people[number], index)
        if last is not None:
            ends[number] = last
    if not ends:
        return None
    far = max(ends.values())
    return far, [number for number, last in ends.items() if last == far]


def _candidates(read: View, roster: Roster, index: int) -> list[int]:
    token = read.tokens[index]
    found = roster.owners(token.word) or _owners_of_two(read, roster, index)
    if found:
        return found
    owned = index > 0 and read.gap(index - 1) == "'"  # the s of "Sunny's"
    if (len(token.word) == 1 and not owned) or token.shouted:
        return [person.number for person in roster.people if token.word[0] in person.initials]
    if token.word in w.PARTICLES:
        return [person.number for person in roster.people if token.word in person.words]
    return []


def _owners_of_two(read: View, roster: Roster, index: int) -> list[int]:
    """Who is meant by two tokens that are one word in the roster: Mc Donald, Anne Marie."""
    joined = _two(read, index)
    return roster.exact(joined) if joined and not is_ordinary(joined) else []


def _two(read: View, index: int) -> str:
    if index + 1 >= len(read.tokens) or not _MERGE.fullmatch(read.gap(index)):
        return ""
    joined = read.tokens[index].word + read.tokens[index + 1].word
    return joined if len(joined) >= 5 else ""


def _extend(read: View, roster: Roster, person: Person, index: int) -> int | None:
    """The last token of this person's name, or None when what stands here is no whole name."""
    tokens = read.tokens
    used = {tokens[index].word}
    last, full = index, -1
    if _stands_alone(tokens[index].word, roster, person):
        full = index
    elif _two(read, index) in person.main | person.aliases:
        last = full = index + 1
        used.add(tokens[last].word)
    elif len(tokens[index].word) > 1 and tokens[index].word not in person.words:
        return initials_end(read, person, index)
    while last + 1 < len(tokens) and _joined(read, last):
        following = tokens[last + 1]
        if _two(read, last + 1) in person.main | person.aliases:
            last = full = last + 2
            used |= {following.word, tokens[last].word}
            continue
        if following.word in used or not _belongs(following, roster, person):
            break
        if "," in read.gap(last) and not _swapped(tokens[last].word, following.word, person):
            break
        last += 1
        used.add(following.word)
        alone = _stands_alone(following.word, roster, person)
        if alone or (full >= 0 and is_closing_initial(read, last, person)):
            full = last
    return full if full >= 0 else initials_end(read, person, index)


def _joined(read: View, index: int) -> bool:
    gap = read.gap(index)
    initial = len(read.tokens[index].word) == 1 and _AFTER_INITIAL.fullmatch(gap)
    return bool(initial or _JOIN.fullmatch(gap))


def _stands_alone(word: str, roster: Roster, person: Person) -> bool:
    return any(form in person.main or form in person.aliases for form in roster.forms(word))


def _belongs(token: Token, roster: Roster, person: Person) -> bool:
    if token.word in person.words or _stands_alone(token.word, roster, person):
        return True
    return len(token.word) == 1 and token.word in person.initials


def _swapped(left: str, right: str, person: Person) -> bool:
    """Okafor, Dana: the family name first."""
    return person.words[-1] == left and person.words[0] == right


def _judged(page: _Page, index: int, last: int, numbers: list[int]) -> list[tuple[int, Hit, Verdict]]:
    """Weigh a run: a word that is only a name carries it; ordinary ones have to be used as names."""
    read, roster = page.read, page.roster
    tokens = read.tokens[index : last + 1]
    whole = [token for token in tokens if roster.owners(token.word)]
    titled = in_heading(read, index, roster)
    capital = not titled and all(token.written[0].isupper() for token in whole)
    together = len(tokens) > 1 and (capital or _in_full(read, roster, index, last, numbers))
    certain = any(roster.certain(token.word) for token in whole)
    mixed = certain and any(token.title for token in whole) and any(_small_word(token) for token in whole)
    if not whole or together or (certain and not mixed):
        words = " ".join(token.word for token in tokens)
        return [(index, Hit(tokens[0].start, tokens[-1].end, tuple(numbers), words), Verdict.YES)]
    judged = []
    for step, token in enumerate(tokens):
        if token in whole:
            hit = Hit(token.start, token.end, tuple(numbers), token.word)
            judged.append((index + step, hit, _settled(page, index + step, titled)))
    return judged


def _small_word(token: Token) -> bool:
    """The "will" of "Sorensen will be late", although Will is his first name."""
    return token.written[0].islower() and is_ordinary(token.word)


def _settled(page: _Page, index: int, titled: bool) -> Verdict:
    """What the words beside it say and, where they leave it open, the place in the sentence."""
    read, roster = page.read, page.roster
    at = beside(read, index, roster.certain)
    if roster.certain(at.token.word):
        return Verdict.YES
    if at.gap == "-" and read.tokens[index + 1].written[0].islower():
        return Verdict.NO  # "rose-tinted"
    judged = _weighed(at, roster, titled)
    if judged is Verdict.YES or not roster.exact(at.token.word):
        return judged
    near = around(read, index, at.own, lambda word: bool(roster.exact(word)))
    if names_somebody(at, near):
        return Verdict.YES
    leaning = (page.small or not titled) and leans_to_name(at, near, page.small)
    return Verdict.YES if leaning else judged


def _in_full(read: View, roster: Roster, index: int, last: int, numbers: list[int]) -> bool:
    """ "carol page", "rob c." in lower case: the whole name in order, not read otherwise."""
    before = beside(read, index, roster.certain).before
    if before in w.DETERMINERS | w.PRONOUNS | {"to", "not"}:
        return False
    words = tuple(token.word for token in read.tokens[index : last + 1])
    people = [roster.people[number] for number in numbers]
    if len(words) == 2 and is_closing_initial(read, last, people[0]):
        return words[0] in people[0].main | people[0].aliases
    return any(words == person.words for person in people)


def _weighed(at: Beside, roster: Roster, titled: bool) -> Verdict:
    """The plural of a word that is also a name is the word (hopes, bills), save in "the Bakers"."""
    if roster.exact(at.token.word):
        return verdict(at, titled)
    if at.after in BELONGINGS and at.before not in w.DETERMINERS | w.PRONOUNS | {"to", "not"}:
        return Verdict.YES  # "robs mum is ill": the apostrophe forgotten
    family = at.token.title and at.before == "the" and not titled
    return Verdict.YES if family else Verdict.NO


def _unspaced(read: View, roster: Roster) -> Iterable[Hit]:
    """Names in scripts that put no space between words."""
    taken: list[tuple[int, int]] = []
    for form, number in _unspaced_forms(roster.people):
        for found in re.finditer(re.escape(form), read.text):
            if all(found.end() <= start or end <= found.start() for start, end in taken):
                taken.append(found.span())
                yield Hit(found.start(), found.end(), (number,), form)


def _unspaced_forms(people: Sequence[Person]) -> list[tuple[str, int]]:
    forms = [(form, person.number) for person in people for form in person.glued]
    return sorted(forms, key=lambda one: -len(one[0]))
