"""Names that are nearly right: a slip of the finger, another spelling of the same sound, a fond ending."""

from __future__ import annotations

import re

# Spellings that sound alike, in this order.
_ALIKE = (
    ("ph", "f"), ("ck", "k"), ("sch", "sh"), ("tz", "z"), ("ts", "z"), ("oo", "u"), ("ou", "u"), ("ee", "i"),
    ("ea", "i"), ("ie", "i"), ("y", "i"), ("j", "i"), ("w", "v"), ("q", "k"), ("x", "ks"), ("z", "s"),
)  # fmt: skip
_HARD_C = re.compile(r"c(?![eih])")
_SILENT_H = re.compile(r"(?<=[bcdgkrt])h")
_DOUBLED = re.compile(r"(.)\1+")
_FOND = re.compile(r"(?:ie|ey|y|i)$")


def sound(word: str) -> str:
    """A rough key: equal for "puja" and "pooja", "tores" and "torres", "sofie" and "sophie".

    Args:
        word: in lower case, without diacritics.
    """
    key = _SILENT_H.sub("", _HARD_C.sub("k", word))
    for spelt, alike in _ALIKE:
        key = key.replace(spelt, alike)
    return _DOUBLED.sub(r"\1", key)


def fond(word: str, name: str) -> bool:
    """Whether the word is the name, or its beginning, with a fond ending: Marky, Frankie, Maxi, Robby."""
    stem = _FOND.sub("", word)
    if stem == word or len(stem) < 2:
        return False
    single = stem[:-1] if stem[-1] == stem[-2:-1] else stem
    if len(name) <= 5 and name in {stem, stem + "e", single, single + "e"}:
        return True
    return len(single) > 2 and len(name) > len(single) + 1 and name.startswith((stem, single))


def nearly(word: str, name: str) -> bool:
    """Whether the two differ by exactly one such slip (Damerau-Levenshtein distance 1)."""
    if word == name or abs(len(word) - len(name)) > 1:
        return False
    start = 0
    while start < min(len(word), len(name)) and word[start] == name[start]:
        start += 1
    left, right = word[start:], name[start:]
    if len(left) == len(right):
        swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
        return left[1:] == right[1:] or swapped
    return left[1:] == right if len(left) > len(right) else left == right[1:]
