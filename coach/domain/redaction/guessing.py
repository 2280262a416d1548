"""Names that no roster holds: told by a capital, by the words beside it, by a list of first names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coach.domain.redaction import words as w
from coach.domain.redaction.addresses import Found
from coach.domain.redaction.common_words import COMMON
from coach.domain.redaction.company import among_things, beside_role, is_personal, is_thing, titled
from coach.domain.redaction.given_names import GIVEN_NAMES
from coach.domain.redaction.heading import in_heading
from coach.domain.redaction.hits import Hit
from coach.domain.redaction.neighbours import Beside, beside
from coach.domain.redaction.proper import NOBODY, PLACE_BEFORE, PLACE_NAMES, ROLES, TALK, THINGS
from coach.domain.redaction.roster import is_ordinary
from coach.domain.redaction.roster_index import Roster
from coach.domain.redaction.surface import Token, View
from coach.domain.redaction.usage import Verdict, verdict

# First names that are words; only a use that proves a person counts without a roster.
_FIRST_WORDS = w.word_set(
    """
will mark grace rose bill frank pat drew hope joy faith dean rob bob sue jack nick max ray jay josh penny
robin martin ruby daisy lily iris heather holly ivy poppy hazel olive victor dawn carol amber jade chase
grant miles lance wade earl gene guy don rod norm dick ed al jo kay may april june lee sean ted harry
barry
"""
)
_DOUBTFUL = w.MASS | w.MONTHS | w.word_set("guy don dick norm rod miles chase grant earl dean")
_ENDS = ("s", "es", "d", "ed", "ing", "er", "ers", "ly", "y", "ness", "r")
_WITHIN = frozenset("_#/\\'")
_NEVER = frozenset({"i", "ok", "okay"})


@dataclass(frozen=True, slots=True)
class _Scene:
    read: View
    free: tuple[bool, ...]
    roster: Roster
    lower: bool  # the writer uses no capitals
    english: bool  # so that a capital says something


def guess(
    read: View, taken: Sequence[Found], roster: Roster, proved: frozenset[str] = frozenset()
) -> Iterator[Hit]:
    """Likely names outside the ranges that are taken.

    Args:
        read: the text.
        taken: what the patterns and the roster found.
        roster: to know which words are certain names.
        proved: words that were names in an earlier text of the same person.
    """
    free = tuple(_free(token, taken) for token in read.tokens)
    scene = _Scene(read, free, roster, _writes_lower(read), _english(read))
    found = _names(scene)
    covered = {place for first, last in found for place in range(first, last + 1)}
    words = proved | {read.tokens[place].word for place in covered}
    found += [(place, place) for place in _again(scene, words) if place not in covered]
    for first, last in sorted(found):
        tokens = read.tokens[first : last + 1]
        yield Hit(tokens[0].start, tokens[-1].end, (), " ".join(token.word for token in tokens))


def _names(scene: _Scene) -> list[tuple[int, int]]:
    """First and last tokens of the names that show themselves."""
    found: list[tuple[int, int]] = []
    index = 0
    while index < len(scene.read.tokens):
        last = _name_at(scene, index) if scene.free[index] else None
        if last is not None:
            found.append((_from_the_start(scene, index), last))
        index = index + 1 if last is None else last + 1
    return found


def _again(scene: _Scene, words: frozenset[str]) -> Iterator[int]:
    """Other places of the same names, also in lower case; but "a goose" is nobody called Father Goose."""
    places = [
        place
        for place, token in enumerate(scene.read.tokens)
        if scene.free[place] and len(token.word) > 2 and token.word in words and not is_ordinary(token.word)
    ]
    small: dict[str, set[str]] = defaultdict(set)  # what stands before each word where it is written small
    for place in places:
        if _uncapped(scene.read.tokens[place]):
            small[scene.read.tokens[place].word].add(scene.read.tokens[place - 1].word if place else "")
    things = {word for word, before in small.items() if not scene.lower and _is_thing(word, before)}
    for place in places:
        token = scene.read.tokens[place]
        if not _uncapped(token) or token.word not in things:
            yield place


def _uncapped(token: Token) -> bool:
    return not (token.title or token.shouted)


def _is_thing(word: str, before: set[str]) -> bool:
    """Tommy is "our tommy" and "the tommy file" too, but hardly "a tommy": in doubt, a name."""
    return bool(before & {"a", "an"}) and before <= {"a", "an", "the"} and word not in GIVEN_NAMES


def _free(token: Token, taken: Sequence[Found]) -> bool:
    return all(token.end <= start or end <= token.start for start, end, _ in taken)


def _writes_lower(read: View) -> bool:
    capital = sum(token.written[0].isupper() for token in read.tokens)
    return capital <= 0.01 * len(read.tokens) or (len(read.tokens) < 100 and capital <= 1)


def _english(read: View) -> bool:
    """In German every noun has a capital."""
    words = [token.word for token in read.tokens if len(token.word) > 1]
    return len(words) < 4 or sum(word in COMMON for word in words) >= 0.4 * len(words)


def _name_at(scene: _Scene, index: int) -> int | None:
    """The last token of the name that begins here, if one does."""
    token = scene.read.tokens[index]
    if token.word in _NEVER or _inside_word(scene.read, token):
        return None
    at = beside(scene.read, index, scene.roster.certain)
    if token.title:
        sure = _capital(scene, index, at)
    elif token.word in w.PARTICLES and titled(scene.read, index):
        sure = index + 1 < len(scene.read.tokens) and scene.read.tokens[index + 1].title
    elif token.shouted:
        sure = token.word in GIVEN_NAMES and not _plain_word(token.word) and len(token.word) > 3
    else:
        sure = _small(scene, index, at)
    return _to_the_end(scene, index) if sure else None


def _inside_word(read: View, token: Token) -> bool:
    """Part of something longer: GitHub, B2B, Node.js, e-mail."""
    before = read.text[token.start - 1 : token.start]
    after = read.text[token.end : token.end + 1]
    suffix = after == "." and read.text[token.end + 1 : token.end + 2].islower()
    return suffix or before.isalnum() or after.isalnum() or before in _WITHIN or after == "_"


def _plain_word(word: str) -> bool:
    if is_ordinary(word) or word in NOBODY or word in THINGS or word in ROLES:
        return True
    if word in w.TITLES or word in w.SAYING or word in w.PRONOUNS or word in w.DETERMINERS:
        return True
    stems = [word[: -len(end)] for end in _ENDS if word.endswith(end)]
    doubled = [stem[:-1] for stem in stems if len(stem) > 3 and stem[-1] == stem[-2]]
    near = [*stems, *doubled, *(stem + "e" for stem in stems)]
    if word.endswith(("ies", "ied")):
        near.append(word[:-3] + "y")
    return any(one in COMMON or one in NOBODY for one in near if len(one) > 2) and word not in GIVEN_NAMES


def _capital(scene: _Scene, index: int, at: Beside) -> bool:
    word = at.token.word
    if titled(scene.read, index) and word not in w.MONTHS | w.WEEKDAYS | w.TITLES and not _plain_word(word):
        return True
    if in_heading(scene.read, index, scene.roster) and word not in GIVEN_NAMES:
        return False
    if word in _FIRST_WORDS:
        return _word_as_name(scene, index, at)
    if word in GIVEN_NAMES | w.SURE_NAMES and not (_plain_word(word) and word not in PLACE_NAMES):
        return not (word in PLACE_NAMES and at.before in PLACE_BEFORE | {"to", "from"}) and not is_thing(at)
    if _plain_word(word) or len(word) < 2:
        return False
    if beside_role(scene.read, index) or is_personal(scene.read, at):
        return True
    if at.start:
        return scene.english and _unknown_speaks(scene, index, at)
    return scene.english and _unknown_inside(scene, index, at)


def _unknown_speaks(scene: _Scene, index: int, at: Beside) -> bool:
    """At the head of a sentence a capital says nothing; doing what only people do says enough."""
    if len(at.token.word) < 3 or is_thing(at) or among_things(scene.read, index):
        return False
    return at.after in w.SAYING - w.BEING - w.IMPERSONAL


def _word_as_name(scene: _Scene, index: int, at: Beside) -> bool:
    if beside_role(scene.read, index):
        return True
    if at.token.word in _DOUBTFUL:
        speaks = at.after in w.SAYING - w.BEING and (not at.start or at.token.word not in w.MASS)
        return at.before not in w.DETERMINERS and (
            speaks or (at.before in w.TELLING - {"like", "love"} and not at.start)
        )
    return verdict(at) is Verdict.YES


def _unknown_inside(scene: _Scene, index: int, at: Beside) -> bool:
    """A capital in the middle of a sentence that no list knows."""
    if at.before in {"the", "a", "an", "this", "that", "called"} | PLACE_BEFORE or is_thing(at):
        return False
    if at.before in {"to", "from"}:
        further = scene.read.tokens[index - 2].word if index > 1 else ""
        return further in TALK
    if among_things(scene.read, index):
        return False
    if at.after_written[:1].isupper() and at.after in THINGS | NOBODY - w.WEEKDAYS:
        return False
    if at.before_written[:1].isupper():
        previous = scene.read.tokens[index - 1]
        if previous.word in NOBODY or _inside_word(scene.read, previous):
            return False
    return len(at.token.word) > 2 or at.own


def _small(scene: _Scene, index: int, at: Beside) -> bool:
    """In lower case only a first name that is no word, and in a text without capitals or beside a role."""
    word = at.token.word
    if word not in GIVEN_NAMES or _plain_word(word) or word in PLACE_NAMES:
        return False
    if scene.lower or beside_role(scene.read, index):
        return True
    return len(word) > 3 and (at.own or at.after in w.SAYING or at.before in w.TELLING | w.WITH | {"and"})


def _from_the_start(scene: _Scene, index: int) -> int:
    """Take along what stands before and is a word on its own: Jean-Pierre, De Vries."""
    if index == 0 or not scene.free[index - 1]:
        return index
    previous, gap = scene.read.tokens[index - 1], scene.read.gap(index - 1)
    joined = gap == "-" or (gap == " " and previous.word in w.PARTICLES and len(previous.word) > 1)
    return index - 1 if joined and previous.title and not _inside_word(scene.read, previous) else index


def _to_the_end(scene: _Scene, index: int) -> int:
    """Take the surname along: Priya Raman, Jan van der Meer."""
    last = index
    while last - index < 4:
        if _particle_follows(scene, last):
            last += 2
        elif _surname_follows(scene, last):
            last += 1
        else:
            break
    return last


def _particle_follows(scene: _Scene, last: int) -> bool:
    tokens = scene.read.tokens
    if last + 2 >= len(tokens) or not (scene.free[last + 1] and scene.free[last + 2]):
        return False
    word = tokens[last + 1].word
    known = word in w.PARTICLES - {"y", "den", "as"} and len(word) > 1
    return known and scene.read.gap(last) == " " and tokens[last + 2].written[0].isupper()


def _surname_follows(scene: _Scene, last: int) -> bool:
    tokens = scene.read.tokens
    if last + 1 >= len(tokens) or not scene.free[last + 1]:
        return False
    gap, following = scene.read.gap(last), tokens[last + 1]
    if gap not in {" ", "-", "'", ". "} or (gap == ". " and len(tokens[last].word) > 1):
        return False
    if not following.title or following.word in _NEVER or (len(following.word) == 1 and gap == "'"):
        return False
    return not _plain_word(following.word) or following.word in w.NAME_WORDS - w.MONTHS - w.WEEKDAYS
