"""The screen: does a reflection speak of crisis, danger or harassment?

A sentence is first read plainly: slang and misspellings mended, figures of speech put into the words they
mean. What is then said outright flags at once. Everything else leaves clues, which a learned scale weighs
together with the sentence's words and its vector (see adapters/screener.py). A reflection is as grave as its
gravest part.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from coach.domain.model import Screening, ScreenKind
from coach.domain.screen_spelling import fold, mend
from coach.domain.sieve import Sieve, runs_of

LONGEST_PIECE = 42  # words; a run-on text without full stops is read in pieces
_BREATH = re.compile(r"(?<=[,;:])\s+|\s+(?=(?:and|but|so|then|because|which|while)\s)|\s+-+\s+|\n+")
_FEWEST_WORDS = 12
_WORD = re.compile(r"[a-z']+")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What to listen for, compiled once from the tables of data/screen_words.json."""

    figures: Sieve
    meanings: tuple[str, ...]  # of the figures, in their order
    sure: Sieve
    sure_kinds: tuple[ScreenKind, ...]
    clues: Sieve
    clue_names: tuple[str, ...]
    together: tuple[tuple[int, int], ...]  # places in `clues`


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence, read plainly.

    Attributes:
        text: the sentence in plain words.
        changed: whether words were replaced, so that the vector of the original no longer fits.
        outright: what is said in so many words; NONE for most sentences.
        clues: for each clue of the lexicon whether it was heard.
    """

    text: str
    changed: bool
    outright: ScreenKind
    clues: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability of not-NONE a text is flagged.

    The more sentences a text has, the more chances there are for a false alarm: a number for each length.

    Attributes:
        by_count: for a text of one sentence, of two, ...; the last one holds for all longer texts. Each 0..1,
            both ends left out; at least one.
        shift: by how much the log-odds of a kind have to lie above that; 0 for a kind that is not there.
    """

    by_count: tuple[float, ...]
    shift: Mapping[ScreenKind, float]

    def of(self, sentences: int) -> float:
        """The threshold for a text of so many sentences, 1 or more."""
        return self.by_count[min(sentences, len(self.by_count)) - 1]

    def margin(self, part: Mapping[ScreenKind, float], sentences: int) -> tuple[float, ScreenKind]:
        """How far a part lies above the threshold, in log-odds, and its kind.

        Args:
            part: one probability a kind, NONE among them; they sum to one.
            sentences: how many parts the text has, 1 or more.
        """
        kinds = [kind for kind in ScreenKind if kind is not ScreenKind.NONE]
        kind = max(kinds, key=lambda one: part[one])
        grave = log_odds(1 - part[ScreenKind.NONE]) - self.shift.get(kind, 0.0)
        return grave - log_odds(self.of(sentences)), kind


def log_odds(chance: float) -> float:
    """Logarithm of the odds; chances of 0 and 1 count as nearly so."""
    kept = min(max(chance, 1e-9), 1 - 1e-9)
    return math.log(kept / (1 - kept))


def lexicon(tables: Mapping[str, object]) -> Lexicon:
    """Compile the tables of data/screen_words.json.

    Args:
        tables: the parsed file: `groups`, `figures`, `sure`, `clues`, `together`.

    Raises:
        KeyError: a table, a word group or a clue is missing: a mistake in the file.
        re.error: a pattern that is no regular expression: a mistake in the file.
    """
    groups = _mapping(tables["groups"])

    def compiled(pattern: object) -> re.Pattern[str]:
        return re.compile(re.sub(r"<([A-Z]+)>", lambda found: str(groups[found.group(1)]), str(pattern)))

    figures = _rows(tables["figures"])
    sure = [
        (ScreenKind(kind), compiled(pattern))
        for kind, patterns in _mapping(tables["sure"]).items()
        for pattern in _rows(patterns)
    ]
    clues = _mapping(tables["clues"])
    places = {name: place for place, name in enumerate(clues)}
    return Lexicon(
        figures=Sieve([compiled(pair[0]) for pair in figures]),
        meanings=tuple(str(pair[1]) for pair in figures),
        sure=Sieve([pattern for _, pattern in sure]),
        sure_kinds=tuple(kind for kind, _ in sure),
        clues=Sieve([compiled(pattern) for pattern in clues.values()]),
        clue_names=tuple(clues),
        together=tuple((places[pair[0]], places[pair[1]]) for pair in _rows(tables["together"])),
    )


def _mapping(table: object) -> Mapping[str, object]:
    if not isinstance(table, Mapping):
        raise KeyError("a table of names was expected")
    return table


def _rows(table: object) -> Sequence[str]:
    if not isinstance(table, Sequence):
        raise KeyError("a list was expected")
    return table


def read(sentence: str, words: Lexicon) -> Reading:
    """Read one sentence plainly.

    Args:
        sentence: as its writer wrote it; may be empty.
        words: the lexicon.
    """
    folded = fold(sentence)
    plain, runs = _put_plainly(mend(folded), words)
    sure = (words.sure_kinds[one] for one in words.sure.left(runs) if words.sure.patterns[one].search(plain))
    clues = {one for one in words.clues.left(runs) if words.clues.patterns[one].search(plain)}
    heard = tuple(place in clues for place in range(len(words.clue_names)))
    return Reading(plain, plain != folded, next(sure, ScreenKind.NONE), heard)


def _put_plainly(plain: str, words: Lexicon) -> tuple[str, frozenset[str]]:
    """Figures of speech in the words they mean, and the runs of letters of the outcome."""
    runs = runs_of(plain)
    left = words.figures.left(runs)
    while left:
        place = left.pop(0)
        put = words.figures.patterns[place].sub(words.meanings[place], plain)
        if put != plain:  # what was put may bring letters that a later figure needs
            plain, runs = put, runs_of(put)
            left = [one for one in words.figures.left(runs) if one > place]
    return plain, runs


def grams(plain: str) -> frozenset[str]:
    """The words of a sentence and its pairs of neighbouring words ("not", "here", "not here").

    Args:
        plain: the text of a Reading: lower case, contractions spelt out.
    """
    words = _WORD.findall(plain)
    return frozenset([*words, *map(" ".join, pairwise(words))])


def pieces(sentence: str) -> list[str]:
    """A sentence as it stands, or, when it runs on and on, in pieces at commas and conjunctions.

    Args:
        sentence: one sentence as `split_sentences` gave it.

    Returns:
        One piece of any length up to LONGEST_PIECE words, or several; together they are the sentence.
    """
    if len(sentence.split()) <= LONGEST_PIECE:
        return [sentence]
    found: list[str] = []
    for part in _BREATH.split(sentence):
        words = part.split()
        for start in range(0, len(words), LONGEST_PIECE):
            chunk = " ".join(words[start : start + LONGEST_PIECE])
            if found and len(found[-1].split()) < _FEWEST_WORDS:
                found[-1] += " " + chunk
            else:
                found.append(chunk)
    return found


def decide(
    outright: Sequence[ScreenKind],
    probabilities: Sequence[Mapping[ScreenKind, float]],
    thresholds: Thresholds,
) -> Screening:
    """As grave as the gravest part.

    Args:
        outright: for each sentence what it says in so many words.
        probabilities: for each sentence one number 0..1 a kind, NONE among them; they sum to one.
        thresholds: from which probability of not-NONE a text of so many sentences is flagged.

    Returns:
        The flag and its kind. Crisis stands before danger, danger before harassment, when several were said.
    """
    said = [kind for kind in ScreenKind if kind is not ScreenKind.NONE and kind in outright]
    if said:
        return Screening(True, said[0])
    count = len(probabilities)
    margin, kind = max(
        (thresholds.margin(part, count) for part in probabilities), default=(-math.inf, ScreenKind.NONE)
    )
    return Screening(True, kind) if margin >= 0 else Screening()
