"""Of many patterns, those that a text can match: it must hold letters that the pattern cannot do without.

Three hundred patterns are asked of every sentence, and a sentence has the letters of thirty. The idea is that
of code search by trigrams (Cox 2012, "Regular Expression Matching with a Trigram Index"), with patterns in
the index and runs of three to five letters as its keys.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from re import _constants as code  # type: ignore[attr-defined] # the tree of a pattern has no public door
from re import _parser as parser  # type: ignore[attr-defined] # nor has what builds it
from typing import Any

_SIZES = (3, 4, 5)  # letters of a key; shorter ones stand in every sentence
_Nodes = Iterable[tuple[Any, Any]]


class Sieve:
    """Patterns by the letters they need. Holds no text between two calls."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        """Read what each pattern needs.

        Args:
            patterns: kept as `patterns`. One with flags, such as IGNORECASE, is always asked.
        """
        self.patterns = tuple(patterns)
        self._always: list[int] = []
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, pattern in enumerate(patterns):
            needs = frozenset[str]() if pattern.flags & ~re.UNICODE else needed(pattern.pattern)
            if not needs or any(len(one) < _SIZES[0] for one in needs):
                self._always.append(place)
                continue
            for key in {one[: _SIZES[-1]] for one in needs}:
                self._places[key].append(place)

    def left(self, runs: AbstractSet[str]) -> list[int]:
        """Places of the patterns that may match a text, in order; no other one does.

        Args:
            runs: what `runs_of` gave for the text.
        """
        met = self._places.keys() & runs
        return sorted({*self._always, *(place for key in met for place in self._places[key])})


def runs_of(text: str) -> frozenset[str]:
    """All neighbouring letters of a text, three to five at a time, as a sieve wants them."""
    return frozenset(text[at : at + size] for size in _SIZES for at in range(len(text) - size + 1))


def needed(pattern: str) -> frozenset[str]:
    """Runs of letters of which every match holds at least one.

    Args:
        pattern: a regular expression.

    Returns:
        Empty when that cannot be told.

    Raises:
        re.error: no regular expression.
    """
    return _of_sequence(parser.parse(pattern)) or frozenset()


def _of_sequence(nodes: _Nodes) -> frozenset[str] | None:
    """Of all that must stand there one after the other, what says most; None if nothing must."""
    found: list[frozenset[str]] = []
    run = ""
    for kind, value in nodes:
        if kind is code.LITERAL:
            run += chr(value)
            continue
        found += [frozenset([run])] if run else []
        run = ""
        inside = _of_node(kind, value)
        found += [inside] if inside else []
    found += [frozenset([run])] if run else []
    return min(found, key=_commonness, default=None)


def _of_node(kind: Any, value: Any) -> frozenset[str] | None:
    if kind is code.SUBPATTERN:
        return _of_sequence(value[-1])
    if kind in (code.MAX_REPEAT, code.MIN_REPEAT):
        least, _, body = value
        return _of_sequence(body) if least else None
    if kind is code.BRANCH:
        return _of_branches(value[1])
    return None  # sets of letters, borders and what looks ahead or behind say nothing here


def _of_branches(branches: Sequence[_Nodes]) -> frozenset[str] | None:
    """One branch is enough for a match, so every one of them must need something."""
    needs = [_of_sequence(branch) for branch in branches]
    return None if None in needs else frozenset[str]().union(*(one for one in needs if one))


def _commonness(needs: frozenset[str]) -> float:
    """How likely a sentence holds one of them by chance; the longer a run, the rarer."""
    return sum(float(len(one)) ** -4 for one in needs)
