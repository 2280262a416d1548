"""The people a member writes about, and every form in which their names may stand in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from coach.domain.redaction.common_words import COMMON
from coach.domain.redaction.given_names import SHORT_FORMS
from coach.domain.redaction.surface import plain
from coach.domain.redaction.words import NAME_WORDS, PARTICLES, SUFFIXES, SURE_NAMES, TITLES, word_set

_LETTERS = re.compile(r"[^\W\d_]+")
_ASIDE = re.compile(r"[(\[\"“«](.*?)[)\]\"”»]")
_ROLE = re.compile(r"\s[-|:]\s|[;|\t]")
# Scripts that put no space between words: names are looked for as they are.
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
# Words of a list that name a job, a place in the firm or nothing at all, never a person.
_NO_NAME = word_set(
    """
head of the and sales finance marketing operations manager director lead senior junior team hr it engineer
product people our my chief officer assistant boss
"""
)


@dataclass(frozen=True, slots=True)
class Person:
    """One entry of the roster.

    Attributes:
        number: place in the roster, from 0.
        words: the parts of the name in order, lower case, particles among them.
        aliases: single words that also mean this person.
        glued: forms without a space, of scripts that write none.
    """

    number: int
    words: tuple[str, ...]
    aliases: frozenset[str]
    glued: tuple[str, ...]

    @property
    def main(self) -> frozenset[str]:
        """The words that may stand alone."""
        return frozenset(word for word in self.words if not is_particle(word))

    @property
    def initials(self) -> frozenset[str]:
        """First letters of the parts."""
        return frozenset(word[0] for word in self.words)


def is_particle(word: str) -> bool:
    """Whether a part of a name never stands for the person alone: van, de, al, O'."""
    return word in PARTICLES or len(word) == 1


def is_ordinary(word: str) -> bool:
    """Whether a name is also a word of the language, so that its use has to be looked at."""
    if word in SURE_NAMES:
        return False
    return word in NAME_WORDS or word in COMMON or len(word) < 3


def people(names: Sequence[str]) -> list[Person]:
    """The persons of a roster.

    Args:
        names: one entry a person, e.g. "Dana Okafor", "Okafor, Dana", "Robert (Bob) Chen", "Dee". Titles,
            roles after a dash and addresses beside the name are left aside. Entries that differ only
            in case or diacritics are one person, and so are "Dana" and "Dana Okafor".
    """
    found: dict[tuple[str, ...], Person] = {}
    for entry in names:
        words, extra = _words(entry)
        if words and words not in found:
            aliases = frozenset(_aliases(words) | extra | _two_letters(entry))
            found[words] = Person(0, words, aliases, _glued(entry))
    kept = [person for person in found.values() if not _is_short_for_one(person, list(found.values()))]
    return [replace(person, number=number) for number, person in enumerate(kept)]


def _is_short_for_one(person: Person, everybody: list[Person]) -> bool:
    """ "Dana" beside "Dana Okafor" is the same person, unless there is a second Dana."""
    if len(person.words) > 1:
        return False
    word = person.words[0]
    longer = [one for one in everybody if len(one.words) > 1 and word in one.main | one.aliases]
    return len(longer) == 1


def _words(entry: str) -> tuple[tuple[str, ...], set[str]]:
    flat = plain(entry)
    flat = re.sub(r"<[^>]*>|\bmailto:\S*", " ", flat)
    if "@" in flat:
        flat = re.sub(r"(\S+)@\S+", lambda m: " " if m.start() else m.group(1), flat)
    extra: set[str] = set()
    for aside in _ASIDE.finditer(flat):
        inner = [word.lower() for word in _LETTERS.findall(aside.group(1))]
        if len(inner) == 1 and inner[0] not in _NO_NAME:
            extra.add(inner[0])
    flat = _ROLE.split(_ASIDE.sub(" ", flat))[0]
    if "," in flat:
        left, right = flat.split(",")[:2]
        order = _LETTERS.findall(right)
        swapped = 0 < len(order) <= 3 and not any(word.lower() in _NO_NAME | SUFFIXES for word in order)
        flat = f"{right} {left}" if swapped and len(left.split()) <= 3 else left
    words = [word.lower() for word in _LETTERS.findall(flat)]
    while len(words) > 1 and words[0] in TITLES:
        words.pop(0)
    while len(words) > 1 and words[-1] in SUFFIXES:
        words.pop()
    kept = tuple(word for word in words if word not in _NO_NAME)
    if all(is_particle(word) for word in kept):
        kept = tuple(word for word in kept if len(word) > 1)
    return kept, extra


def _aliases(words: tuple[str, ...]) -> set[str]:
    """Other single words for the same person: joined, respelt, shortened."""
    main = [word for word in words if not is_particle(word)]
    if not main:
        return set(words)
    aliases = {"".join(words)}
    if len(main) > 1:
        aliases |= {main[0] + main[-1], main[-1] + main[0], main[0][0] + main[-1]}
        aliases |= {one + other for one, other in pairwise(words)}
    for word in main:
        aliases |= _respelt(word)
    for short in SHORT_FORMS.get(main[0], ()):
        aliases.add(short)
    return {alias for alias in aliases - set(words) if len(alias) > 1 and alias not in PARTICLES}


def _respelt(word: str) -> set[str]:
    """Müller, Mueller and Muller: the three ways one name is typed."""
    if len(word) < 5:
        return set()
    return {word.replace(long, short) for long, short in (("ue", "u"), ("oe", "o"), ("ae", "a"))} - {word}


def _two_letters(entry: str) -> set[str]:
    """The words of an entry with ä, ö, ü, å, ø written in two letters."""
    table = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "đ": "dj"})
    lower = entry.lower()
    changed = lower.translate(table)
    return set(_LETTERS.findall(plain(changed))) - set(_LETTERS.findall(plain(lower)))


def _glued(entry: str) -> tuple[str, ...]:
    flat = plain(entry).strip()
    if not UNSPACED.search(flat):
        return ()
    joined = "".join(_LETTERS.findall(flat))
    forms = {joined, flat, *(part for part in _LETTERS.findall(flat) if len(part) > 1)}
    if 3 <= len(joined) <= 4 and " " not in flat and not re.search(r"[\u0e00-\u17ff]", joined):
        forms.add(joined[-2:])  # the given name, after a family name of one sign or two
        if len(joined) == 4:
            forms.add(joined[:2])
    return tuple(sorted((form for form in forms if len(form) > 1), key=len, reverse=True))
