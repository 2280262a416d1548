"""What Chroma in a folder and Chroma on a server have in common: names, rows, answers, a limit on waiting."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numpy as np

from coach.adapters.deadline import within
from coach.adapters.folder_lock import in_turn
from coach.adapters.index_builder import Rows
from coach.errors import IndexUnavailable
from coach.ports import Matrix, VectorIndex

P = ParamSpec("P")
T = TypeVar("T")

MOST_PARTS = 60  # vectors kept of one document, the whole document included
REST_SECONDS = 30.0  # a server that stalled is left alone for so long
WAIT_SECONDS = 2.0  # nobody who writes waits longer than this for sources
BUILD_SECONDS = 1_800.0
_AMONG = 5  # twins share a vector: being among the first few is being found

NOT_READ_IN = ("The corpus has not been read in yet.", "Please run `coach ingest`.")
SILENT = ("The index of cases does not answer.", "Please run `coach ingest --rebuild`.")
NOT_TIDY = (
    "Something is left of an earlier index of cases.",
    "Please check the rights of the data folder, or the Chroma server, and run `coach ingest` again.",
)
NOT_BUILT = (
    "The index of cases could not be built; the one before stays.",
    "Please check the rights and the space of the data folder and run `coach ingest --rebuild`.",
)


def name_of(generation: str, scope: str) -> str:
    """Of a collection. Only names that we made are ever opened."""
    return f"g{generation}-{scope}"


def rows_of(documents: Mapping[str, Matrix]) -> Rows:
    """The rows of a scope's documents, as a collection takes them."""
    kept = {key: parts[:MOST_PARTS] for key, parts in documents.items()}
    keys = [f"{key}#{part}" for key, parts in kept.items() for part in range(len(parts))]
    if not keys:
        return keys, np.zeros((0, 1), dtype=np.float32)
    return keys, np.concatenate(list(kept.values()))


def nearest(collection: Any, vectors: Matrix, limit: int) -> Iterator[tuple[str, float]]:
    """For each vector the documents of its nearest rows, with their cosine distance."""
    answer = collection.query(query_embeddings=vectors, n_results=limit, include=["distances"])
    for ids, distances in zip(answer["ids"], answer["distances"], strict=True):
        for key, distance in zip(ids, distances, strict=True):
            yield key.rpartition("#")[0], distance


def best_first(near: Iterable[tuple[str, float]]) -> list[str]:
    """Documents by their nearest row; ties go by id, so that two runs agree."""
    found: dict[str, float] = {}
    for document, distance in near:
        found[document] = min(found.get(document, 9.0), distance)
    return sorted(found, key=lambda document: (found[document], document))


def vectors_in(collections: Iterable[Any], documents: Sequence[str]) -> dict[str, Matrix]:
    """The vectors of these documents, whole document first; what no collection has is left out."""
    wanted = [f"{document}#{part}" for document in dict.fromkeys(documents) for part in range(MOST_PARTS)]
    parts: dict[str, list[tuple[int, Any]]] = {}
    for collection in collections if wanted else ():
        answer = collection.get(ids=wanted, include=["embeddings"])
        for key, vector in zip(answer["ids"], answer["embeddings"], strict=True):
            document, _, part = key.rpartition("#")
            parts.setdefault(document, []).append((int(part), vector))
    return {
        document: np.array([vector for _, vector in sorted(rows, key=lambda row: row[0])], dtype=np.float32)
        for document, rows in parts.items()
    }


def finds(index: VectorIndex, probes: Mapping[str, tuple[str, Sequence[float]]]) -> bool:
    """Whether each probe finds itself; see ports.VectorIndex.healthy."""
    try:
        for document, (scope, vector) in probes.items():
            if document not in index.search([scope], np.asarray([vector], dtype=np.float32), _AMONG):
                return False
    except IndexUnavailable:
        return False
    return True


class Patience:
    """A limit on each call, and a rest after one that broke it: nobody waits twice for the same fault."""

    def __init__(self) -> None:
        self._resting_until = 0.0

    def call(self, seconds: float, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """A call within so many seconds.

        Raises:
            IndexUnavailable: it took longer, or one before it did a moment ago.
        """
        if time.monotonic() < self._resting_until:
            raise IndexUnavailable("The index of cases did not answer a moment ago.")
        begun = time.monotonic()
        try:
            return within(seconds, call, *args, **kwargs)
        except IndexUnavailable:
            if time.monotonic() - begun >= seconds:
                self.rest()
            raise

    def rest(self) -> None:
        """Refuse every call for a while."""
        self._resting_until = time.monotonic() + REST_SECONDS


def tidied(mark: Path, others: Callable[[], Sequence[object]], destroy: Callable[[], None]) -> bool:
    """What both do for ports.VectorIndex.tidy.

    Args:
        mark: held by whoever builds.
        others: what is left of generations that are not in service.
        destroy: does away with all of it. Raises OSError when something stays.
    """
    with faults(NOT_TIDY):
        if not others():
            return False
        try:
            with in_turn(mark, 0.0):
                destroy()
        except TimeoutError:  # another process is building
            return False
    return True


@contextmanager
def faults(said: tuple[str, str] = SILENT) -> Iterator[None]:
    """Chroma, its server's transport and its native part raise dozens of kinds: to us they are one."""
    try:
        yield
    except IndexUnavailable:
        raise
    except Exception as fault:
        raise IndexUnavailable(*said) from fault
