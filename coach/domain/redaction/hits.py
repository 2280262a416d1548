"""A person found in a text."""

from __future__ import annotations

from dataclasses import dataclass


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
