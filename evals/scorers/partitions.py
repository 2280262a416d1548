"""How well two ways to part the same things agree, with what chance alone would reach taken off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from math import exp, lgamma, log

_TINY = 1e-12


def adjusted_mutual_information(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """AMI of two labellings (Vinh, Epps and Bailey 2010), normalised by the mean of the two entropies.

    Args:
        one, other: a label for each thing, in the same order; what the labels are called does not matter.

    Returns:
        1 for the same partition, about 0 for one that chance could have drawn, below 0 for worse.

    Raises:
        ValueError: not as many labels on both sides, or none.
    """
    if len(one) != len(other) or not one:
        raise ValueError("Both sides need a label for each thing, and there must be one.")
    rows, columns = Counter(one), Counter(other)
    cells = Counter(zip(one, other, strict=True))
    if len(cells) == len(rows) == len(columns):
        return 1.0  # the same partition; where all is one or all is single, the formula would be 0 / 0
    total = len(one)
    mutual = sum(
        count / total * log(total * count / (rows[row] * columns[column]))
        for (row, column), count in cells.items()
    )
    chance = _by_chance(tuple(rows.values()), tuple(columns.values()), total)
    room = (_entropy(rows, total) + _entropy(columns, total)) / 2 - chance
    return (mutual - chance) / room if room > _TINY else 0.0


def _entropy(counts: Counter[Hashable], total: int) -> float:
    return -sum(count / total * log(count / total) for count in counts.values())


def _by_chance(rows: Sequence[int], columns: Sequence[int], total: int) -> float:
    """The mutual information to be expected of two random partitions with these sizes."""
    return sum(
        many * often * _cell(row, column, total)
        for row, many in Counter(rows).items()
        for column, often in Counter(columns).items()
    )


def _cell(row: int, column: int, total: int) -> float:
    """One cell's part of it: over every count the cell can have, weighed hypergeometrically."""
    fixed = _factorial(row) + _factorial(column) + _factorial(total - row) + _factorial(total - column)
    fixed -= _factorial(total)
    found = 0.0
    for count in range(max(1, row + column - total), min(row, column) + 1):
        free = _factorial(count) + _factorial(row - count) + _factorial(column - count)
        free += _factorial(total - row - column + count)
        found += count / total * log(total * count / (row * column)) * exp(fixed - free)
    return found


def _factorial(number: int) -> float:
    """Its logarithm."""
    return lgamma(number + 1)
