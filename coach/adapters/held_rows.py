"""The vectors of a small collection in memory, searched exactly.

Chroma's graph (HNSW) answers roughly, and not the same way twice: two indexes of the same 4,999 vectors gave
other candidates for 100 of 186 reflections, one of them or the other missing a near text. A collection that
fits into memory need not be guessed at: comparing with every row is exact, repeatable, and quicker.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coach.ports import Matrix

MOST_ROWS = 10_000  # of a collection; 15 MB, read in a fraction of a second
MOST_IN_ALL = 40_000  # rows; 61 MB
MOST_NAMES = 4_000  # collections that are remembered, the large and the missing ones included


@dataclass(frozen=True, slots=True)
class HeldRows:
    """Rows of one collection.

    Attributes:
        documents: whose row it is, by place; the rows of a document stand together, in its order.
        matrix: one unit vector a row; column after column in memory, which a comparison with all of them
            reads in half the time.
    """

    documents: tuple[str, ...]
    matrix: Matrix
    _places: dict[str, slice]

    @classmethod
    def of(cls, keys: Sequence[str], vectors: Matrix) -> HeldRows:
        """Rows in the order of their keys: the same collection gives the same numbers in every process.

        Args:
            keys: "document#part", each once.
            vectors: of the same length.
        """
        named = [key.rpartition("#") for key in keys]
        order = sorted(range(len(keys)), key=lambda place: (named[place][0], int(named[place][2])))
        matrix = np.asfortranarray(np.asarray(vectors, dtype=np.float32)[order])
        return cls.in_order(tuple(named[place][0] for place in order), matrix)

    @classmethod
    def in_order(cls, documents: tuple[str, ...], matrix: Matrix) -> HeldRows:
        """Rows that stand in their order already; `matrix` is kept and never written again."""
        matrix.setflags(write=False)
        places: dict[str, slice] = {}
        for place, document in enumerate(documents):
            begin = places[document].start if document in places else place
            places[document] = slice(begin, place + 1)
        return cls(documents, matrix, places)

    def of_document(self, document: str) -> Matrix | None:
        """A document's vectors in order, None for one that has none here."""
        place = self._places.get(document)
        return None if place is None else np.ascontiguousarray(self.matrix[place])

    def nearest(self, vectors: Matrix, limit: int) -> Iterator[tuple[str, float]]:
        """For each vector the documents of its nearest rows, with their cosine distance.

        Args:
            vectors: unit vectors, one or more.
            limit: rows for each, 1 or more.
        """
        if not self.documents:
            return
        distances = 1.0 - np.asarray(vectors, dtype=np.float32) @ self.matrix.T
        limit = min(limit, len(self.documents))
        for row in distances:
            # Whatever is as near as the last one belongs to it: twins must not hang on an order.
            edge = np.partition(row, limit - 1)[limit - 1]
            for place in np.flatnonzero(row <= edge):
                yield self.documents[place], float(row[place])


def laid_down(rows: HeldRows, file: Path) -> None:
    """Keep rows in a file, whole or not at all. Raises OSError when it cannot be written."""
    draft = file.with_suffix(f".{os.getpid()}.npz")  # two processes may write at once
    np.savez(draft, documents=np.array(rows.documents, dtype=np.str_), matrix=rows.matrix)
    draft.replace(file)


def picked_up(file: Path) -> HeldRows | None:
    """Rows that were laid down; None when there are none, or when the file is damaged (it has checksums)."""
    try:
        with np.load(file, allow_pickle=False) as stored:
            documents, matrix = tuple(stored["documents"].tolist()), stored["matrix"]
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error):
        return None
    if matrix.ndim != 2 or matrix.dtype != np.float32 or len(matrix) != len(documents):
        return None
    return HeldRows.in_order(documents, matrix)


class Shelf:
    """Which collections are held, the ones that were asked last; not for several threads at once."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, HeldRows | None] = OrderedDict()

    def __contains__(self, name: str) -> bool:
        return name in self._held

    def get(self, name: str) -> HeldRows | None:
        """None for a collection that is not held."""
        if name in self._held:
            self._held.move_to_end(name)
        return self._held.get(name)

    def put(self, name: str, rows: HeldRows | None) -> None:
        """Hold a collection, or remember that it is not to be; those asked longest ago make room."""
        self._held[name] = rows
        while len(self._held) > 1 and (self._rows() > MOST_IN_ALL or len(self._held) > MOST_NAMES):
            self._held.popitem(last=False)

    def clear(self) -> None:
        self._held.clear()

    def _rows(self) -> int:
        return sum(len(one.documents) for one in self._held.values() if one is not None)
