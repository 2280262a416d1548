"""One slip of the finger: a letter too many, too few, another one, or two exchanged."""

from __future__ import annotations


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
