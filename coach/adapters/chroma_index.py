"""The shared corpus in Chroma: a collection a scope, a folder a generation, vectors and opaque ids only.

Chroma keeps deleted vectors on disk, even after the collection is deleted and the store vacuumed
(measured, docs/decisions/0004-index.md), so nothing is ever deleted here: a new generation is built in
a new folder, a small file names the one in service, and the old folder is removed.

A collection that fits into memory is searched exactly (held_rows). Its rows were read back from Chroma and
laid beside its files when those were written, by another process (index_builder says why). Chroma's own
search, which is approximate, serves the large ones. A start that asks no large one need not import Chroma.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock, RLock
from typing import Any

import numpy as np

from coach.adapters.chroma_asking import (
    BUILD_SECONDS,
    NOT_BUILT,
    NOT_READ_IN,
    WAIT_SECONDS,
    Patience,
    best_first,
    faults,
    finds,
    name_of,
    nearest,
    rows_of,
    tidied,
    vectors_in,
)
from coach.adapters.erasing import erase
from coach.adapters.folder_lock import in_turn, survived
from coach.adapters.generation_pointer import Generation, GenerationPointer
from coach.adapters.held_rows import MOST_ROWS, HeldRows, Shelf, picked_up
from coach.adapters.index_builder import build, counts_of, held_file, opened, read_again
from coach.errors import IndexUnavailable
from coach.ports import Matrix

REPLACED = ("The index of cases was just replaced.",)
READ_SECONDS = 10.0  # for rows that were lost to be read again; happens once, if at all


class ChromaIndex:
    """Implements ports.VectorIndex on a folder of this machine."""

    def __init__(self, folder: Path, around: Mapping[str, str] | None = None) -> None:
        """Nothing is opened before it is needed.

        Args:
            folder: where generations live.
            around: the environment of the process that writes the files, without any key; None is empty.
        """
        self._folder = folder
        self._around = around or {}
        self._lock = RLock()  # for what is open; never held while files are read or written
        self._opening, self._mending = Lock(), Lock()
        self._client: Any = None
        self._open_generation = ""
        self._collections: dict[str, Any] = {}
        self._shelf = Shelf()
        self._pointer = GenerationPointer(folder)
        self._patience = Patience()

    def fingerprint(self) -> str:
        """See ports.VectorIndex."""
        return self._pointer.now().fingerprint

    # -- building -----------------------------------------------------------------------------------

    def rebuild(self, rows: Mapping[str, Mapping[str, Matrix]], fingerprint: str) -> None:
        """See ports.VectorIndex. Whoever asks meanwhile is answered from the generation before."""
        generation = uuid.uuid4().hex[:12]
        collections = {name_of(generation, scope): rows_of(documents) for scope, documents in rows.items()}
        folder = self._generation(generation)
        with faults(NOT_BUILT), in_turn(self._folder / "building", BUILD_SECONDS):
            try:
                build(folder, collections, self._around, BUILD_SECONDS)
                self._pointer.point_to(Generation(generation, fingerprint))
            except BaseException:
                erase(folder)  # half a generation is of no use, and neither is one that nobody knows of
                raise
        self.tidy()

    def tidy(self) -> bool:
        """See ports.VectorIndex."""
        return tidied(self._folder / "building", self._others, self._erase_others)

    def _erase_others(self) -> None:
        for other in self._others():
            erase(other)
        if self._others():
            raise OSError("a folder could not be removed")

    def _others(self) -> list[Path]:
        """Folders of generations that are not in service; what is open of one is let go."""
        kept = self._generation(self._in_service())
        return [folder for folder in self._folder.glob("gen-*") if folder != kept]

    # -- reading ------------------------------------------------------------------------------------

    def search(self, scopes: Sequence[str], vectors: Matrix, limit: int) -> list[str]:
        """See ports.VectorIndex."""
        held, large = self._divided(scopes)
        near = [pair for rows in held.values() for pair in rows.nearest(vectors, limit)]
        if large:  # only these can stall
            near += self._asked(self._nearest, large, vectors, limit)
        return best_first(near)

    def _nearest(self, scopes: Sequence[str], vectors: Matrix, limit: int) -> list[tuple[str, float]]:
        with faults():
            return [pair for scope in scopes for pair in nearest(self._large(scope), vectors, limit)]

    def vectors(self, scopes: Sequence[str], document_ids: Sequence[str]) -> dict[str, Matrix]:
        """See ports.VectorIndex."""
        held, large = self._divided(scopes)
        found: dict[str, Matrix] = {}
        for document in document_ids:
            for rows in held.values():
                if (vectors := rows.of_document(document)) is not None:
                    found[document] = vectors
        return found | (self._asked(self._vectors, large, document_ids) if large else {})

    def _vectors(self, scopes: Sequence[str], document_ids: Sequence[str]) -> dict[str, Matrix]:
        with faults():
            return vectors_in([self._large(scope) for scope in scopes], document_ids)

    def healthy(self, probes: Mapping[str, tuple[str, Sequence[float]]]) -> bool:
        """See ports.VectorIndex. Damaged files that took the process down are not opened a second time."""
        with survived(self._folder / "probing") as came_out:
            return came_out and finds(self, probes)

    # -- what is held -------------------------------------------------------------------------------

    def _divided(self, scopes: Sequence[str]) -> tuple[dict[str, HeldRows], list[str]]:
        """The rows of the scopes that are searched in memory, and the scopes that are too large for that."""
        with faults():
            generation = self._in_service()
            taken = {scope: self._taken(generation, scope) for scope in scopes}
        held = {scope: rows for scope, rows in taken.items() if rows is not None}
        return held, [scope for scope in taken if scope not in held]

    def _taken(self, generation: str, scope: str) -> HeldRows | None:
        """A collection's rows; None for a large one. What was lost is read from Chroma once more."""
        with self._lock:
            if generation == self._open_generation and scope in self._shelf:
                return self._shelf.get(scope)
        folder, name = self._generation(generation), name_of(generation, scope)
        rows, known = _laid(folder, name)
        if not known:
            self._patience.call(READ_SECONDS, self._mend, generation, name)
            rows, known = _laid(folder, name)
        if not known:
            raise IndexUnavailable("The index of cases is damaged.", "Please run `coach ingest --rebuild`.")
        with self._lock:
            if generation == self._open_generation:
                self._shelf.put(scope, rows)
        return rows

    def _mend(self, generation: str, name: str) -> None:
        folder = self._generation(generation)
        with self._mending:  # the first of many that find the rows lost reads them for all
            if not folder.exists() or _laid(folder, name)[1]:
                return
            try:
                read_again(folder, self._around, READ_SECONDS)
            except BaseException:
                self._patience.rest()  # damaged files stay damaged: one try in a while is enough
                raise
            if self._pointer.now().name != generation:  # replaced meanwhile: nothing of it may stay
                erase(folder)

    # -- what is open -------------------------------------------------------------------------------

    def close(self) -> None:
        """Let go of the files; the index opens again when it is asked."""
        if not self._lock.acquire(timeout=WAIT_SECONDS):
            return
        try:
            client, self._client = self._client, None
            self._collections.clear()
            self._shelf.clear()
            if client is not None and hasattr(client, "close"):
                client.close()
        finally:
            self._lock.release()

    def _asked(self, call: Any, *args: Any) -> Any:
        with faults():
            import chromadb  # noqa: F401 - it takes a second once and cannot stall: not on the clock
        return self._patience.call(WAIT_SECONDS, call, *args)

    def _in_service(self) -> str:
        """The generation in service; what is open of an earlier one is let go."""
        with self._lock:
            generation = self._pointer.now().name
            if not generation:
                raise IndexUnavailable(*NOT_READ_IN)
            if generation != self._open_generation:
                self.close()  # another process may have built a new generation
                self._open_generation = generation
            return generation

    def _large(self, scope: str) -> Any:
        """A large scope's collection. Small ones are never opened here: opening writes (index_builder)."""
        with self._opening:  # whoever asks only what is held does not wait for it
            generation = self._in_service()
            folder, name = self._generation(generation), name_of(generation, scope)
            if (counts_of(folder) or {}).get(name, 0) <= MOST_ROWS:
                raise IndexUnavailable(*REPLACED)
            with self._lock:
                client, known = self._client, self._collections.get(scope)
            if known is not None:
                return known
            client = client or opened(folder)
            known = client.get_collection(name, embedding_function=None)
            with self._lock:
                if generation != self._open_generation:
                    raise IndexUnavailable(*REPLACED)
                self._client, self._collections[scope] = client, known
            return known

    def _generation(self, name: str) -> Path:
        return self._folder / f"gen-{name}"


def _laid(folder: Path, name: str) -> tuple[HeldRows | None, bool]:
    """The rows of a collection as they were laid down, None for a large one; and whether that is known."""
    counts = counts_of(folder)
    if counts is None:
        return None, False
    count = counts.get(name, 0)
    if count > MOST_ROWS:
        return None, True
    if not count:  # a group without a case of its own
        return HeldRows.in_order((), np.zeros((0, 1), dtype=np.float32)), True
    rows = picked_up(held_file(folder, name))
    return rows, rows is not None and len(rows.documents) == count
