"""Finds the people of the roster in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coach.domain.redaction import words as w
from coach.domain.redaction.given_names import GIVEN_NAMES
from coach.domain.redaction.initials import initials_end, is_closing_initial
from coach.domain.redaction.near import nearly
from coach.domain.redaction.neighbours import Beside, beside
from coach.domain.redaction.roster import Person, is_ordinary
from coach.domain.redaction.roster_index import Roster
from coach.domain.redaction.surface import Token, View
from coach.domain.redaction.usage import Verdict, verdict

# What may stand between two parts of one name.
_JOIN = re.compile(r"[ '\-_]{0,3}|\.|[ ,\-]*\n[ ]*|, ?")
_AFTER_INITIAL = re.compile(r"\.? ?")
_FIRST = re.compile(r"(?:[.!?…\n][\"')]*\s*|^\s*)$")
_MERGE = re.compile(r"[ '\-]|-?\n")


@dataclass(frozen=True, slots=True)
class Hit:
    """A person found.

    Attributes:
        start, end: offsets in the plain text.
        people: who it may be, numbers of the roster; empty for somebody who is not listed.
        word: the words found, in lower case, with a space between.
    """

    start: int
    end: int
    people: tuple[int, ...]
    word: str


def find(read: View, roster: Roster) -> list[Hit]:
    """Every place where somebody of the roster is named, in order, none overlapping."""
    hits = list(_unspaced(read, roster))
    doubtful: list[Hit] = []
    index = 0
    while index < len(read.tokens):
        run = _longest_run(read, roster, index)
        if run is None:
            hits += _short_form(read, roster, index) or _near_miss(read, roster, index)
            index += 1
            continue
        last, numbers = run
        for hit, judged in _judged(read, roster, index, last, numbers):
            if judged is Verdict.YES:
                hits.append(hit)
            elif judged is Verdict.MAYBE:
                doubtful.append(hit)
        index = last + 1
    proved = {hit.word.split()[0] for hit in hits}
    hits += [hit for hit in doubtful if hit.word in proved]
    return sorted(hits, key=lambda hit: hit.start)


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
    return len(token.word) == 1 and token.word in person.initials and token.written.isupper()


def _swapped(left: str, right: str, person: Person) -> bool:
    """Okafor, Dana: the family name first."""
    return person.words[-1] == left and person.words[0] == right


def _judged(
    read: View, roster: Roster, index: int, last: int, numbers: list[int]
) -> list[tuple[Hit, Verdict]]:
    """Weigh a run: a word that is only a name carries it; ordinary ones have to be used as names."""
    tokens = read.tokens[index : last + 1]
    whole = [token for token in tokens if roster.owners(token.word)]
    titled = in_heading(read, index, roster)
    capital = not titled and all(token.written[0].isupper() for token in whole)
    together = len(tokens) > 1 and (capital or _in_full(read, roster, index, last, numbers))
    if not whole or together or any(roster.certain(token.word) for token in whole):
        words = " ".join(token.word for token in tokens)
        return [(Hit(tokens[0].start, tokens[-1].end, tuple(numbers), words), Verdict.YES)]
    judged = []
    for step, token in enumerate(tokens):
        if token in whole:
            at = beside(read, index + step, roster.certain)
            hit = Hit(token.start, token.end, tuple(numbers), token.word)
            judged.append((hit, _weighed(at, roster, titled)))
    return judged


def _in_full(read: View, roster: Roster, index: int, last: int, numbers: list[int]) -> bool:
    """ "carol page" in lower case: the whole name in its order, and no sentence that reads otherwise."""
    before = beside(read, index, roster.certain).before
    if before in w.DETERMINERS | w.PRONOUNS | {"to", "not"}:
        return False
    words = tuple(token.word for token in read.tokens[index : last + 1])
    return any(words == roster.people[number].words for number in numbers)


def _weighed(at: Beside, roster: Roster, titled: bool) -> Verdict:
    """The plural of a word that is also a name is the word (hopes, bills), save in "the Bakers"."""
    if roster.exact(at.token.word):
        return verdict(at, titled)
    family = at.token.title and at.before == "the" and not titled
    return Verdict.YES if family else Verdict.NO


def in_heading(read: View, index: int, roster: Roster) -> bool:
    """Whether words that need no capital have one all around, so that it says nothing here."""
    token = read.tokens[index]
    start = read.text.rfind("\n", 0, token.start) + 1
    end = read.text.find("\n", token.end)
    line = [
        one
        for one in read.tokens[max(0, index - 8) : index + 9]
        if start <= one.start
        and (end < 0 or one.end <= end)
        and len(one.word) > 2
        and one is not token
        and not _says_nothing(read, one, roster)
    ]
    return len(line) >= 3 and sum(one.written[0].isupper() for one in line) >= 0.7 * len(line)


def _says_nothing(read: View, token: Token, roster: Roster) -> bool:
    """Of this word we know why it has a capital."""
    first = bool(_FIRST.search(read.text[max(0, token.start - 4) : token.start]))
    return first or token.word in GIVEN_NAMES or bool(roster.owners(token.word))


def _short_form(read: View, roster: Roster, index: int) -> list[Hit]:
    """ "Xio" for Xiomara, "Lupe" for Guadalupe, "JB" for Jean-Baptiste: with a capital and no word itself."""
    token = read.tokens[index]
    word = token.word
    if not token.written[0].isupper() or in_heading(read, index, roster):
        return []
    if token.shouted and len(word) == 2:
        meant = [one.number for one in roster.people if "".join(part[0] for part in one.words[:2]) == word]
        return [Hit(token.start, token.end, tuple(meant), word)] if meant and not _all_shouted(read) else []
    if len(word) < 3 or is_ordinary(word) or word in GIVEN_NAMES:
        return []
    meant = [one.number for one in roster.people if _shortens(word, one.words[0])]
    return [Hit(token.start, token.end, tuple(meant), word)] if meant else []


def _shortens(word: str, name: str) -> bool:
    return len(name) >= len(word) + 2 and (name.startswith(word) or (len(word) > 3 and word in name))


def _all_shouted(read: View) -> bool:
    long = [token for token in read.tokens if len(token.word) > 3]
    return bool(long) and sum(token.shouted for token in long) > 0.5 * len(long)


def _near_miss(read: View, roster: Roster, index: int) -> list[Hit]:
    """A name of five letters or more with one slip of the finger; short ones only with a capital."""
    token = read.tokens[index]
    if len(token.word) < 5 or token.word in GIVEN_NAMES or is_ordinary(token.word):
        return []
    if any(is_ordinary(form) for form in _stems(token.word)):
        return []
    capital = token.written[0].isupper()
    for name in roster.long:
        alike = token.word[0] == name[0]
        if ((capital or alike) if len(name) > 5 else (capital and alike)) and nearly(token.word, name):
            return [Hit(token.start, token.end, tuple(roster.exact(name)), name)]
    return []


def _stems(word: str) -> list[str]:
    ends = ("s", "es", "d", "ed", "ing", "er", "ers", "ly", "y")
    stems = [word[: -len(end)] for end in ends if word.endswith(end)]
    return [stem for stem in [*stems, *(stem + "e" for stem in stems)] if len(stem) > 2]


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
