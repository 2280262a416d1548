"""A text as the finders read it: plain letters and digits, each knowing where it came from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

# Letters that Unicode does not take apart.
_PLAIN = {
    "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "ħ": "h", "Ħ": "H", "ŋ": "n",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\t": " ",
    "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "＇": "'", "ʻ": "'",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "＠": "@", "．": ".",
}  # fmt: skip
_LETTERS = re.compile(r"[^\W\d_]+")
_LONGEST = 4  # plain letters for one character; more have only signs that stand for a whole phrase
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters.

    Attributes:
        start, end: offsets in `View.text`.
        written: as it stands there, without diacritics.
        word: in lower case.
    """

    start: int
    end: int
    written: str
    word: str

    @property
    def title(self) -> bool:
        """Whether it is capitalised as names are: Dana, McKay, but not DANA."""
        return self.written[0].isupper() and (len(self.written) == 1 or not self.written.isupper())

    @property
    def shouted(self) -> bool:
        """Whether it stands in capitals: DANA."""
        return len(self.written) > 1 and self.written.isupper()


@dataclass(frozen=True, slots=True)
class View:
    """The plain text, its words, and the way back to the original offsets."""

    text: str
    places: tuple[int, ...]  # of each plain character: offset of the original one
    ends: tuple[int, ...]  # and where it ends, marks above and below it included
    tokens: tuple[Token, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Original offsets of a plain range that is not empty."""
        return self.places[start], self.ends[end - 1]

    def gap(self, index: int) -> str:
        """What stands between token `index` and the next one; to the end of the text for the last."""
        start = self.tokens[index].end
        end = self.tokens[index + 1].start if index + 1 < len(self.tokens) else len(self.text)
        return self.text[start:end]


def plain(text: str) -> str:
    """A text without diacritics and invisible characters; digits of any script as ASCII."""
    return "".join(_plain_char(char) for char in text)


def view(text: str) -> View:
    """Read a text. Nothing is refused; lone surrogates count as other characters."""
    letters: list[str] = []
    places: list[int] = []
    ends: list[int] = []
    for offset, char in enumerate(text):
        parts = _plain_char(char)
        for one in parts:
            letters.append(one)
            places.append(offset)
            ends.append(offset + 1)
        if not parts and ends and char >= "\u0300" and unicodedata.category(char)[0] == "M":
            ends[-1] = offset + 1
    flat = "".join(letters)
    return View(flat, tuple(places), tuple(ends), tuple(_tokens(flat)))


def _tokens(flat: str) -> list[Token]:
    tokens = []
    for run in _LETTERS.finditer(flat):
        cuts = [run.start(), *(m.start() + run.start() for m in _CAMEL.finditer(run.group())), run.end()]
        if run.group()[:2] in {"Mc", "De", "Le", "La", "Di", "Du", "Fi", "Mac"} or run.group()[:3] == "Mac":
            cuts = [run.start(), run.end()]  # McKay, DeSouza, MacLeod are one word
        for start, end in pairwise(cuts):
            tokens.append(Token(start, end, flat[start:end], flat[start:end].lower()))
    return tokens


def _plain_char(char: str) -> str:
    if char < "\x7f" and char not in "\t`":
        return char
    if char in _PLAIN:
        return _PLAIN[char]
    category = unicodedata.category(char)
    if category in {"Cf", "Mn", "Mc"}:
        # Vowel signs of Indic scripts are dropped on both sides alike, so names still meet.
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if "가" <= char <= "힣":
        return char
    parts = unicodedata.normalize("NFKD", char)
    kept = "".join(one for one in parts if unicodedata.category(one) not in {"Mn", "Cf"})
    return _PLAIN.get(kept, kept if len(kept) <= _LONGEST else char)
