"""Several short texts side by side in one row of the model, so that next to nothing is spent on padding.

Rows of a run are equally wide. With one text to a row, ten sentences of 5 to 25 tokens fill it by half; laid
one behind the other, each seeing only itself, they fill it nearly. The idea is that of Krell et al. 2021,
"Efficient sequence packing without cross-contamination"; they are laid first fit, longest first
(Johnson 1973).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

TOKENS = 1_000  # in one run, about: bounds its memory, and keeps texts of like length together
STRETCH = (1.0, 1.1, 1.2, 1.35, 1.5, 2.0)  # widths that are tried, in lengths of the longest text
ENOUGH = 1.04  # a run that is filled so well is not improved upon
SEEING = (
    500  # tokens of width by which a token costs twice as much, because every one looks at all in its row
)

Rows = list[list[int]]


def runs(lengths: Sequence[int]) -> Iterator[Rows]:
    """Lay texts into rows, and rows into runs.

    Args:
        lengths: of the texts, in tokens, each 1 or more.

    Yields:
        The rows of one run, each with the places of its texts, from left to right. Every place stands in one
        row of one run.
    """
    chunk: list[int] = []
    total = 0
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        if chunk and total + lengths[place] > TOKENS:
            yield _laid(chunk, lengths, total)
            chunk, total = [], 0
        chunk.append(place)
        total += lengths[place]
    if chunk:
        yield _laid(chunk, lengths, total)


def _laid(places: Sequence[int], lengths: Sequence[int], total: int) -> Rows:
    """The cheapest of a few ways; `places` with the longest text first."""
    longest = lengths[places[0]]
    widths = [math.ceil(longest * stretch) for stretch in STRETCH]
    if longest < total <= 3 * longest:
        widths.append(total)  # all in one row
    best: Rows = []
    least = math.inf
    for width in widths:
        rows = _first_fit(places, lengths, width)
        cost = _cost(rows, lengths)
        if cost < least:
            best, least = rows, cost
        if least <= ENOUGH * total * (1 + longest / SEEING):
            break
    return best


def _first_fit(places: Sequence[int], lengths: Sequence[int], width: int) -> Rows:
    rows: Rows = []
    room: list[int] = []
    for place in places:
        length = lengths[place]
        row = next((number for number, left in enumerate(room) if left >= length), None)
        if row is None:
            rows.append([])
            room.append(width)
            row = len(rows) - 1
        rows[row].append(place)
        room[row] -= length
    return rows


def _cost(rows: Rows, lengths: Sequence[int]) -> float:
    width = max(sum(lengths[place] for place in row) for row in rows)
    return len(rows) * width * (1 + width / SEEING)
