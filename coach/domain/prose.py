"""How easily a text reads, and what two texts share word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?")
_ENDS = re.compile(r"[.!?]+(?:\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")


def reading_ease(text: str) -> float:
    """Flesch's Reading Ease (Flesch 1948): above 60 is plain English, below 30 is a law.

    Syllables are counted as groups of vowels without a silent final e, which is right for about nine words
    in ten: the figure is for comparing texts of one kind.

    Args:
        text: prose with at least one word.

    Returns:
        Usually 0 to 100; 100 for a text without words.
    """
    words = _WORD.findall(text)
    if not words:
        return 100.0
    sentences = max(1, len(_ENDS.findall(text)))
    syllables = sum(_syllables(word) for word in words)
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * syllables / len(words)


def _syllables(word: str) -> int:
    word = word.lower()
    groups = len(_VOWELS.findall(word))
    silent = word.endswith("e") and not word.endswith(("le", "ee", "ye")) and groups > 1
    return max(1, groups - silent)


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without headings and marks."""
    body = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("#"))
    return [word.lower() for word in _WORD.findall(body)]


def runs(text: str, length: int) -> Iterator[str]:
    """Every run of `length` words in a text."""
    words = words_of(text)
    for place in range(len(words) - length + 1):
        yield " ".join(words[place : place + length])
