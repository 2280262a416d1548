"""What changed between two texts: by lines for prompts, by words for a line and for what the coach said."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

SAME, GONE, NEW, SKIPPED = "same", "gone", "new", "skipped"
CONTEXT = 2  # unchanged lines around a change
LONGEST_LINE = 4_000  # characters; a longer one is shown as changed as a whole
LONGEST_SIDE = 2_400  # characters of a text in a report
LEAD = 200  # characters that both texts share, shown before the first difference of long ones

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is the same, gone, or new."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text, or a mark that unchanged lines are left out.

    Attributes:
        kind: SAME, GONE, NEW, or SKIPPED.
        number: in the text where the line stands; of a SKIPPED mark, how many lines are left out.
    """

    kind: str
    number: int
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Facing:
    """Two texts beside each other, or the part of them around their first difference.

    Attributes:
        left, right: as `by_words` cuts them.
        before: characters left out in front, the same in both.
        left_rest, right_rest: characters left out at the end.
    """

    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    before: int = 0
    left_rest: int = 0
    right_rest: int = 0


def facing(one: str, other: str, longest: int = LONGEST_SIDE) -> Facing:
    """Two texts of any length for a page: long ones cut, so that the first difference is in sight.

    Args:
        one, other: the texts.
        longest: characters shown of either, above LEAD and at most LONGEST_LINE.
    """
    begin = 0
    if max(len(one), len(other)) > longest:
        same = itertools.takewhile(lambda both: both[0] == both[1], zip(one, other, strict=False))
        begin = max(0, sum(1 for _ in same) - LEAD) if one != other else 0
    left, right = (text[begin : begin + longest] for text in (one, other))
    rests = (max(0, len(text) - begin - longest) for text in (one, other))
    return Facing(*by_words(left, right, runs=True), begin, *rests)


def by_words(one: str, other: str, runs: bool = False) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts cut where they differ: the left one without NEW pieces, the right one without GONE.

    Args:
        one, other: the texts.
        runs: a blank between two changed words counts as changed, so that they get one mark and not two.
    """
    if max(len(one), len(other)) > LONGEST_LINE:
        same = one == other
        return (Piece(SAME if same else GONE, one),), (Piece(SAME if same else NEW, other),)
    left, right = _WORDS.findall(one), _WORDS.findall(other)
    before: list[Piece] = []
    after: list[Piece] = []
    found = difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    for number, (tag, a, b, c, d) in enumerate(found):
        inside = runs and 0 < number < len(found) - 1 and left[a:b] == [" "]
        kinds = (SAME, SAME) if tag == "equal" and not inside else (GONE, NEW)
        _add(before, kinds[0], "".join(left[a:b]))
        _add(after, kinds[1], "".join(right[c:d]))
    return tuple(before), tuple(after)


def _add(pieces: list[Piece], kind: str, text: str) -> None:
    """To the last piece where that is of the same kind, else as a piece of its own."""
    if text and pieces and pieces[-1].kind == kind:
        pieces[-1] = Piece(kind, pieces[-1].text + text)
    elif text:
        pieces.append(Piece(kind, text))


def by_lines(one: str, other: str) -> tuple[Line, ...]:
    """Changed lines with a little around them; empty when the texts are the same."""
    left, right = one.splitlines(), other.splitlines()
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    found: list[Line] = []
    shown = 0  # lines of the left text that are told so far
    for group in matcher.get_grouped_opcodes(CONTEXT):
        if group[0][1] > shown:
            found.append(Line(SKIPPED, group[0][1] - shown))
        for tag, a, b, c, d in group:
            if tag == "equal":
                found += [
                    Line(SAME, c + place + 1, (Piece(SAME, text),)) for place, text in enumerate(left[a:b])
                ]
            else:
                found += _changed(left[a:b], right[c:d], a, c)
        shown = group[-1][2]
    if found and len(left) > shown:
        found.append(Line(SKIPPED, len(left) - shown))
    return tuple(found)


def _changed(left: Sequence[str], right: Sequence[str], a: int, c: int) -> Iterator[Line]:
    """Lines that stand for each other under each other; else all that is gone, then all that is new."""
    pairs = [_pair(one, other) for one, other in zip_longest(left, right)]
    if len(left) == len(right):
        for place, (before, after) in enumerate(pairs):
            yield Line(GONE, a + place + 1, before)
            yield Line(NEW, c + place + 1, after)
        return
    for place, (before, _) in enumerate(pairs[: len(left)]):
        yield Line(GONE, a + place + 1, before)
    for place, (_, after) in enumerate(pairs[: len(right)]):
        yield Line(NEW, c + place + 1, after)


def _pair(one: str | None, other: str | None) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    if one is None or other is None:
        return (Piece(SAME, one or ""),), (Piece(SAME, other or ""),)
    return by_words(one, other)
