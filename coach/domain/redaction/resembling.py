"""Words that resemble a name of the roster: short forms that no list holds, slips of the finger."""

from __future__ import annotations

from coach.domain.redaction.common_words import COMMON
from coach.domain.redaction.given_names import GIVEN_NAMES
from coach.domain.redaction.heading import in_heading
from coach.domain.redaction.hits import Hit
from coach.domain.redaction.near import fond, nearly, sound
from coach.domain.redaction.roster import is_ordinary
from coach.domain.redaction.roster_index import Roster
from coach.domain.redaction.surface import View


def short_form(read: View, roster: Roster, index: int) -> list[Hit]:
    """ "Xio" for Xiomara, "Lupe" for Guadalupe, "JB" for Jean-Baptiste: with a capital and no word itself."""
    token = read.tokens[index]
    word = token.word
    if not token.written[0].isupper() or in_heading(read, index, roster):
        return []
    if token.shouted and len(word) == 2:
        meant = [one.number for one in roster.people if "".join(part[0] for part in one.words[:2]) == word]
        return [Hit(token.start, token.end, tuple(meant), word)] if meant and not _all_shouted(read) else []
    if len(word) < 3 or is_ordinary(word):
        return []
    fondly = word[-1] in "iye"
    meant = [one.number for one in roster.people if fondly and fond(word, one.words[0])]
    if meant:
        return [Hit(token.start, token.end, tuple(meant), word)]
    if word in GIVEN_NAMES:
        return []
    meant = [one.number for one in roster.people if _shortens(word, one.words[0])]
    return [Hit(token.start, token.end, tuple(meant), word)] if meant else []


def _shortens(word: str, name: str) -> bool:
    return len(name) >= len(word) + 2 and (name.startswith(word) or (len(word) > 3 and word in name))


def _all_shouted(read: View) -> bool:
    long = [token for token in read.tokens if len(token.word) > 3]
    return bool(long) and sum(token.shouted for token in long) > 0.5 * len(long)


def near_miss(read: View, roster: Roster, index: int) -> list[Hit]:
    """A name with one slip of the finger; short ones and those that are words only with a capital."""
    token = read.tokens[index]
    if token.written[0].isupper() and len(token.word) > 3 and token.word not in COMMON:
        alike_names = roster.sounding(sound(token.word))
        if alike_names and not in_heading(read, index, roster):
            return [Hit(token.start, token.end, tuple(roster.exact(alike_names)), alike_names)]
    if len(token.word) < 4 or token.word in GIVEN_NAMES or is_ordinary(token.word):
        return []
    if any(is_ordinary(form) for form in _stems(token.word)):
        return []
    capital = token.written[0].isupper()
    for name in roster.short if token.title and not in_heading(read, index, roster) else ():
        if token.word[0] == name[0] and nearly(token.word, name):
            return [Hit(token.start, token.end, tuple(roster.exact(name)), name)]
    if len(token.word) < 5:
        return []
    for name in roster.long:
        alike = token.word[0] == name[0]
        if ((capital or alike) if len(name) > 5 else (capital and alike)) and nearly(token.word, name):
            return [Hit(token.start, token.end, tuple(roster.exact(name)), name)]
    return []


def _stems(word: str) -> list[str]:
    ends = ("s", "es", "d", "ed", "ing", "er", "ers", "ly", "y")
    stems = [word[: -len(end)] for end in ends if word.endswith(end)]
    return [stem for stem in [*stems, *(stem + "e" for stem in stems)] if len(stem) > 2]
