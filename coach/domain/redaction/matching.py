"""Finds the people of the roster in a text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coach.domain.redaction import words as w
from coach.domain.redaction.common_words import COMMON
from coach.domain.redaction.near import nearly
from coach.domain.redaction.roster import Person, is_ordinary, is_particle
from coach.domain.redaction.surface import Token, View
from coach.domain.redaction.usage import Verdict, beside, verdict

_JOIN = re.compile(r"[ '\-_.,]{0,3}|[ ,\-]*\n[ ]*|, ?| \.? ?")
_NO_INITIALS = frozenset(
    "am pm eg ie us uk eu hr it pr ai ux ui qa vp md ok tv pc id cv ps pa ceo cto cfo coo kpi okr roi sla usa"
    " bbc nhs fyi asap tbc tbd eod eta diy faq gdp vat ltd plc phd mba po pm bi ip os rd ba bs ma db cd ad bc".split()
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A person found.

    Attributes:
        start, end: offsets in the plain text.
        people: who it may be, numbers of the roster.
        word: the form found, one lower-case word, or several with a space.
    """

    start: int
    end: int
    people: tuple[int, ...]
    word: str


class Roster:
    """The people in a form that is quick to look up."""

    def __init__(self, people: Sequence[Person]) -> None:
        """Index every word of every person."""
        self.people = people
        self.of_word: dict[str, list[int]] = {}
        for person in people:
            for word in (*person.main, *person.aliases):
                self.of_word.setdefault(word, []).append(person.number)
        self.long = {word for word in self.of_word if len(word) >= 6 and not is_ordinary(word)}

    def owners(self, word: str) -> list[int]:
        """Who has this word, possibly with a plural or a possessive s at its end."""
        for form in (word, *_without_s(word)):
            if form in self.of_word:
                return self.of_word[form]
        return []

    def certain(self, word: str) -> bool:
        """Whether the word is somebody's name and nothing else."""
        return bool(self.owners(word)) and not is_ordinary(word)


def _without_s(word: str) -> tuple[str, ...]:
    forms = []
    if word.endswith("s") and len(word) > 3:
        forms.append(word[:-1])
    if word.endswith("es") and len(word) > 4:
        forms.append(word[:-2])
    if word.endswith("ies") and len(word) > 5:
        forms.append(word[:-3] + "y")
    return tuple(forms)


def find(read: View, roster: Roster) -> list[Hit]:
    """Every place where somebody of the roster is named, in order, none overlapping."""
    hits = list(_glued(read, roster))
    doubtful: list[Hit] = []
    index = 0
    while index < len(read.tokens):
        run = _longest_run(read, roster, index)
        if run is None:
            hits += _near_miss(read, roster, index)
            index += 1
            continue
        last, numbers = run
        for hit, judged in _judged(read, roster, index, last, numbers):
            if judged is Verdict.YES:
                hits.append(hit)
            elif judged is Verdict.MAYBE:
                doubtful.append(hit)
        index = last + 1
    proved = Counter(part for hit in hits for part in hit.word.split())
    hits += [hit for hit in doubtful if proved[hit.word]]
    return sorted(hits, key=lambda hit: hit.start)


def _longest_run(read: View, roster: Roster, index: int) -> tuple[int, list[int]] | None:
    """From this token on, as many words of one person as stand together."""
    tokens = read.tokens
    first = tokens[index].word
    candidates = roster.owners(first) or _merged_owners(read, roster, index)
    by_initial = not candidates and len(first) == 1
    if by_initial:
        candidates = [p.number for p in roster.people if first in p.initials]
    elif not candidates and first in w.PARTICLES:
        candidates = [p.number for p in roster.people if first in p.words]
    best: dict[int, int] = {}
    for number in dict.fromkeys(candidates):
        last = _extend(read, roster.people[number], index)
        if last is not None:
            best[number] = last
    if not best:
        return None
    far = max(best.values())
    return far, [number for number, last in best.items() if last == far]


def _extend(read: View, person: Person, index: int) -> int | None:
    tokens = read.tokens
    used = {tokens[index].word}
    last = index
    full = index if not _is_piece(tokens[index], person) else -1
    if full < 0 and index + 1 < len(tokens) and _merges(read, person, index):
        last = full = index + 1
        used.add(tokens[last].word)
    while last + 1 < len(tokens) and _JOIN.fullmatch(read.gap(last)):
        following = tokens[last + 1]
        if following.word in used or not _belongs(following, person):
            break
        if "," in read.gap(last) and not _swapped(tokens[last].word, following.word, person):
            break
        last += 1
        used.add(following.word)
        if not _is_piece(following, person) or _initial_closes(read, last, person, full):
            full = last
    return full if full >= index else _bare_initials(read, person, index)


def _is_piece(token: Token, person: Person) -> bool:
    """A particle or an initial: part of a name, no name alone."""
    word = token.word
    if word in person.aliases or word in person.main:
        return False
    return not any(form in person.main or form in person.aliases for form in _without_s(word))


def _swapped(left: str, right: str, person: Person) -> bool:
    """Okafor, Dana: the family name first."""
    return person.words[-1] == left and person.words[0] == right


def _belongs(token: Token, person: Person) -> bool:
    word = token.word
    if word in person.words or word in person.aliases:
        return True
    if any(form in person.words for form in _without_s(word)):
        return True
    if len(word) == 1 and word in person.initials and token.written.isupper():
        return True
    return False


def _initial_closes(read: View, index: int, person: Person, full: int) -> bool:
    """ "Dana O.": an initial after a full name, not the pronoun I and not an article."""
    token = read.tokens[index]
    if len(token.word) != 1 or token.word not in person.initials or full < 0 or not token.written.isupper():
        return False
    gap = read.gap(index)
    if not re.fullmatch(r" +", read.gap(index - 1)):
        return False
    return gap.startswith(".") or token.word not in {"i", "a"}


def _bare_initials(read: View, person: Person, index: int) -> int | None:
    """ "D.O." for Dana Okafor."""
    main = [word for word in person.words if not is_particle(word)]
    tokens = read.tokens
    if len(main) < 2 or index + 1 >= len(tokens) or tokens[index].word != main[0][0]:
        return None
    second = tokens[index + 1]
    if second.word != main[-1][0] or not (tokens[index].written + second.written).isupper():
        return None
    pair = tokens[index].word + second.word
    if pair in _NO_INITIALS or not re.fullmatch(r"\. ?", read.gap(index)) or not read.gap(index + 1).startswith("."):
        return None
    return index + 1


def _merges(read: View, person: Person, index: int) -> bool:
    if not re.fullmatch(r"[ '\-]|-?\n", read.gap(index)):
        return False
    joined = read.tokens[index].word + read.tokens[index + 1].word
    return len(joined) >= 5 and (joined in person.main or joined in person.aliases)


def _merged_owners(read: View, roster: Roster, index: int) -> list[int]:
    if index + 1 >= len(read.tokens) or not re.fullmatch(r"[ '\-]|-?\n", read.gap(index)):
        return []
    joined = read.tokens[index].word + read.tokens[index + 1].word
    return roster.of_word.get(joined, []) if len(joined) >= 5 and not is_ordinary(joined) else []


def _judged(
    read: View, roster: Roster, index: int, last: int, numbers: list[int]
) -> list[tuple[Hit, Verdict]]:
    """Weigh a run: certain words carry it; ordinary ones have to be used as names."""
    tokens = read.tokens[index : last + 1]
    span = Hit(
        tokens[0].start, _stop(tokens[-1], roster), tuple(numbers), " ".join(t.word for t in tokens)
    )
    whole = [token for token in tokens if roster.owners(token.word)]
    titled = in_heading(read, index)
    certain = [token for token in tokens if roster.certain(token.word)]
    if certain or len(whole) == 0 or _sure_pair(tokens, whole, titled):
        return [(span, Verdict.YES)]
    judged = []
    for step, token in enumerate(tokens):
        if token not in whole:
            continue
        at = beside(read, index + step, roster.certain)
        one = Hit(token.start, _stop(token, roster), tuple(numbers), token.word)
        judged.append((one, _plural_or(token, roster, verdict(at, titled))))
    return judged


def _sure_pair(tokens: Sequence[Token], whole: list[Token], titled: bool) -> bool:
    return len(whole) > 1 and not titled and all(token.written[0].isupper() for token in whole) and len(tokens) > 1


def _plural_or(token: Token, roster: Roster, judged: Verdict) -> Verdict:
    """The plural of a word that is also a name is the word: hopes, marks, bills."""
    return judged if token.word in roster.of_word else (Verdict.MAYBE if token.title else Verdict.NO)


def _stop(token: Token, roster: Roster) -> int:
    """The end without a plural s, which stays for the reader."""
    if token.word in roster.of_word:
        return token.end
    for form in _without_s(token.word):
        if form in roster.of_word:
            return token.start + len(form) if not form.endswith("y") else token.end
    return token.end


def in_heading(read: View, index: int) -> bool:
    """Whether the line is written in capitals, so that a capital says nothing."""
    token = read.tokens[index]
    start = read.text.rfind("\n", 0, token.start) + 1
    end = read.text.find("\n", token.end)
    line = [
        one
        for one in read.tokens[max(0, index - 8) : index + 9]
        if start <= one.start and (end < 0 or one.end <= end) and len(one.word) > 2 and one is not token
    ]
    capital = sum(one.written[0].isupper() for one in line)
    return len(line) >= 3 and capital >= 0.7 * len(line)


def _near_miss(read: View, roster: Roster, index: int) -> list[Hit]:
    """A name of six letters or more with one slip of the finger."""
    token = read.tokens[index]
    if len(token.word) < 5 or token.word in COMMON or not roster.long:
        return []
    if any(form in COMMON for form in _stems(token.word)):
        return []
    for name in roster.long:
        if nearly(token.word, name) and (token.written[0].isupper() or token.word[0] == name[0]):
            return [Hit(token.start, token.end, tuple(dict.fromkeys(roster.of_word[name])), name)]
    return []


def _stems(word: str) -> list[str]:
    stems = [word[: -len(end)] for end in ("s", "es", "d", "ed", "ing", "er", "ers", "ly", "y") if word.endswith(end)]
    return stems + [stem + "e" for stem in stems if len(stem) > 2]


def _glued(read: View, roster: Roster) -> Iterable[Hit]:
    """Names in scripts without spaces."""
    taken: list[tuple[int, int]] = []
    forms = sorted(((form, p.number) for p in roster.people for form in p.glued), key=lambda one: -len(one[0]))
    for form, number in forms:
        for found in re.finditer(re.escape(form), read.text):
            if all(found.end() <= start or end <= found.start() for start, end in taken):
                taken.append(found.span())
                yield Hit(found.start(), found.end(), (number,), form)
