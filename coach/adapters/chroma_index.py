"""The shared corpus in Chroma: a collection a scope, a folder a generation, vectors and opaque ids only.

Chroma keeps deleted vectors on disk, even after the collection is deleted and the store vacuumed
(measured, docs/decisions/0004-index.md), so nothing is ever deleted here: a new generation is built in
a new folder, a small file names the one in service, and the old folder is removed.

A collection of this machine that fits into memory is searched exactly (held_rows). Its rows were read back
from Chroma and laid beside its files when those were written, by another process (index_builder says why).
Chroma's own search, which is approximate, serves the large ones and those on a server. A start that asks no
large one need not import Chroma, which takes a while.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, ParamSpec, TypeVar

import numpy as np

from coach.adapters.deadline import within
from coach.adapters.erasing import erase
from coach.adapters.folder_lock import in_turn, survived
from coach.adapters.generation_pointer import Generation, GenerationPointer
from coach.adapters.held_rows import MOST_ROWS, HeldRows, Shelf, picked_up
from coach.adapters.index_builder import Rows, build, counts_of, fill, held_file, opened, read_again
from coach.errors import IndexUnavailable
from coach.ports import Matrix

P = ParamSpec("P")
T = TypeVar("T")

MOST_PARTS = 60  # vectors kept of one document, the whole document included
REST_SECONDS = 30.0  # a server that stalled is left alone for so long
WAIT_SECONDS = 2.0  # nobody who writes waits longer than this for sources
BUILD_SECONDS = 1_800.0
READ_SECONDS = 10.0  # for rows that were lost to be read again


class ChromaIndex:
    """Implements ports.VectorIndex on a folder of this machine, or on a Chroma server by URL."""

    def __init__(self, folder: Path, url: str = "", around: Mapping[str, str] | None = None) -> None:
        """Nothing is opened before it is needed.

        Args:
            folder: where generations live; with a server, only the file that names the one in service.
            url: http address of a Chroma server on a private network; empty for the folder.
            around: the environment of the process that writes the files, without any key; None is empty.
        """
        self._folder = folder
        self._url = url
        self._around = around or {}
        self._lock = RLock()
        self._client: Any = None
        self._open_generation = ""
        self._resting_until = 0.0
        self._pointer = GenerationPointer(folder)
        self._collections: dict[str, Any] = {}
        self._shelf = Shelf()

    def fingerprint(self) -> str:
        """See ports.VectorIndex."""
        return self._pointer.now().fingerprint

    # -- building -----------------------------------------------------------------------------------

    def rebuild(self, rows: Mapping[str, Mapping[str, Matrix]], fingerprint: str) -> None:
        """See ports.VectorIndex. Whoever asks meanwhile is answered from the generation before."""
        generation = uuid.uuid4().hex[:12]
        collections = {self._name(generation, scope): _rows(documents) for scope, documents in rows.items()}
        with _faults(NOT_BUILT), in_turn(self._folder / "building", BUILD_SECONDS):
            old = self._pointer.now().name
            if self._url:
                within(BUILD_SECONDS, self._fill_server, collections)
            else:
                self._build(self._folder / f"gen-{generation}", collections)
            self._pointer.point_to(Generation(generation, fingerprint))
            self._in_service()  # lets go of what is open of the old one
            self._destroy(old, generation)

    def _build(self, folder: Path, collections: Mapping[str, Rows]) -> None:
        try:
            build(folder, collections, self._around, BUILD_SECONDS)
        except BaseException:
            erase(folder)  # half a generation is of no use
            raise

    def _fill_server(self, collections: Mapping[str, Rows]) -> None:
        client = self._open()
        for name, rows in collections.items():
            fill(client, name, rows, asked=True)

    def _destroy(self, old: str, kept: str) -> None:
        if not self._url:
            for folder in self._folder.glob("gen-*"):
                if folder.name != f"gen-{kept}":
                    erase(folder)
        elif old:
            client = self._opened()
            for collection in client.list_collections():
                if collection.name.startswith(f"g{old}-"):
                    client.delete_collection(collection.name)

    # -- reading ------------------------------------------------------------------------------------

    def search(self, scopes: Sequence[str], vectors: Matrix, limit: int) -> list[str]:
        """See ports.VectorIndex."""
        held = self._held(scopes)
        if all(scope in held for scope in scopes):
            return self._search(scopes, vectors, limit, held)  # memory alone: nothing can stall
        return self._in_time(self._search, scopes, vectors, limit, held)

    def _search(
        self, scopes: Sequence[str], vectors: Matrix, limit: int, held: Mapping[str, HeldRows]
    ) -> list[str]:
        found: dict[str, float] = {}
        with _faults():
            for scope in scopes:
                near = (
                    held[scope].nearest(vectors, limit)
                    if scope in held
                    else self._asked(scope, vectors, limit)
                )
                for document, distance in near:
                    found[document] = min(found.get(document, 9.0), distance)
        return sorted(found, key=lambda document: (found[document], document))

    def _asked(self, scope: str, vectors: Matrix, limit: int) -> Iterator[tuple[str, float]]:
        """The same from Chroma's own search."""
        collection = self._collection(scope)
        if collection is None:
            return
        answer = collection.query(query_embeddings=vectors, n_results=limit, include=["distances"])
        for ids, distances in zip(answer["ids"], answer["distances"], strict=True):
            for key, distance in zip(ids, distances, strict=True):
                yield key.rpartition("#")[0], distance

    def _held(self, scopes: Sequence[str]) -> dict[str, HeldRows]:
        """Those of the scopes that are searched in memory; read now, before the clock runs."""
        if self._url:
            return {}
        with self._lock, _faults():
            generation = self._in_service()  # a new one empties the shelf
            for scope in scopes:
                if scope not in self._shelf:
                    self._shelf.put(scope, self._taken(generation, scope))
            return {scope: rows for scope in scopes if (rows := self._shelf.get(scope)) is not None}

    def _taken(self, generation: str, scope: str) -> HeldRows | None:
        """A collection's rows; None for a large one. What was lost is read from Chroma once more."""
        folder, name = self._folder / f"gen-{generation}", self._name(generation, scope)
        rows, known = _laid(folder, name)
        if not known:
            self._read_again(generation, folder)
            rows, known = _laid(folder, name)
        if not known:
            raise IndexUnavailable("The index of cases is damaged.", "Please run `coach ingest --rebuild`.")
        return rows

    def _read_again(self, generation: str, folder: Path) -> None:
        if not folder.exists() or time.monotonic() < self._resting_until:
            return
        try:
            read_again(folder, self._around, READ_SECONDS)
        except BaseException:
            self._resting_until = time.monotonic() + REST_SECONDS
            raise
        if self._pointer.now().name != generation:  # replaced meanwhile: nothing of it may stay
            erase(folder)

    def vectors(self, scopes: Sequence[str], document_ids: Sequence[str]) -> dict[str, Matrix]:
        """See ports.VectorIndex."""
        held = self._held(scopes)
        found: dict[str, Matrix] = {}
        for document in document_ids:
            for rows in held.values():
                if (vectors := rows.of_document(document)) is not None:
                    found[document] = vectors
        others = [scope for scope in scopes if scope not in held]
        return found | (self._in_time(self._vectors, others, document_ids) if others else {})

    def _vectors(self, scopes: Sequence[str], document_ids: Sequence[str]) -> dict[str, Matrix]:
        wanted = [
            f"{document}#{part}" for document in dict.fromkeys(document_ids) for part in range(MOST_PARTS)
        ]
        parts: dict[str, list[tuple[int, Any]]] = {}
        with _faults():
            for scope in scopes:
                collection = self._collection(scope)
                if collection is None or not wanted:
                    continue
                answer = collection.get(ids=wanted, include=["embeddings"])
                for key, vector in zip(answer["ids"], answer["embeddings"], strict=True):
                    document, _, part = key.rpartition("#")
                    parts.setdefault(document, []).append((int(part), vector))
        return {
            document: np.array(
                [vector for _, vector in sorted(rows, key=lambda row: row[0])], dtype=np.float32
            )
            for document, rows in parts.items()
        }

    def healthy(self, probes: Mapping[str, tuple[str, Sequence[float]]]) -> bool:
        """See ports.VectorIndex. Damaged files that took the process down are not opened a second time."""
        with survived(self._folder / "probing") as came_out:
            return came_out and self._finds(probes)

    def _finds(self, probes: Mapping[str, tuple[str, Sequence[float]]]) -> bool:
        try:
            for document, (scope, vector) in probes.items():
                probe = np.asarray([vector], dtype=np.float32)
                # Twins share a vector: being among the first few is being found.
                if document not in self.search([scope], probe, 5):
                    return False
        except IndexUnavailable:
            return False
        return True

    # -- the client ---------------------------------------------------------------------------------

    def close(self) -> None:
        """Let go of the files; the index opens again when it is asked.

        A call that a stalled server never answered may hold the lock: then there is nothing to let go of.
        """
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

    def _in_time(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """A call within the deadline. After one that was not, nobody waits again for a while."""
        if time.monotonic() < self._resting_until:
            raise IndexUnavailable("The index of cases did not answer a moment ago.")
        self._warm()
        begun = time.monotonic()
        try:
            return within(WAIT_SECONDS, call, *args, **kwargs)
        except IndexUnavailable:
            if time.monotonic() - begun >= WAIT_SECONDS:
                self._resting_until = time.monotonic() + REST_SECONDS
            raise

    def _warm(self) -> None:
        """What takes a second once and cannot stall, done before the clock runs."""
        with _faults():
            import chromadb  # noqa: F401 - the import itself is the slow part

            if not self._url:
                self._opened()

    def _in_service(self) -> str:
        """The generation in service; what is open of an earlier one is let go."""
        with self._lock:
            generation = self._pointer.now().name
            if not generation:
                raise IndexUnavailable("The corpus has not been read in yet.", "Please run `coach ingest`.")
            if generation != self._open_generation:
                self.close()  # another process may have built a new generation
                self._open_generation = generation
            return generation

    def _opened(self) -> Any:
        with self._lock:
            self._in_service()
            if self._client is None:
                self._client = self._open()
            return self._client

    def _open(self) -> Any:
        if not self._url:
            return opened(self._folder / f"gen-{self._open_generation}")
        import chromadb
        from chromadb.config import Settings

        address, _, port = self._url.removeprefix("http://").rstrip("/").partition(":")
        quiet = Settings(anonymized_telemetry=False, allow_reset=False)
        return chromadb.HttpClient(host=address, port=int(port or 8000), settings=quiet)

    def _collection(self, scope: str) -> Any:
        """The scope's collection, None when it has none. Only the names we made are ever opened."""
        with self._lock:
            client = self._opened()
            if scope not in self._collections:
                name = self._name(self._pointer.now().name, scope)
                names = {collection.name for collection in client.list_collections(limit=100_000)}
                self._collections[scope] = (
                    client.get_collection(name, embedding_function=None) if name in names else None
                )
            return self._collections[scope]

    def _name(self, generation: str, scope: str) -> str:
        return f"g{generation}-{scope}"


def _rows(documents: Mapping[str, Matrix]) -> Rows:
    kept = {key: parts[:MOST_PARTS] for key, parts in documents.items()}
    keys = [f"{key}#{part}" for key, parts in kept.items() for part in range(len(parts))]
    if not keys:
        return keys, np.zeros((0, 1), dtype=np.float32)
    return keys, np.concatenate(list(kept.values()))


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


SILENT = ("The index of cases does not answer.", "Please run `coach ingest --rebuild`.")
NOT_BUILT = (
    "The index of cases could not be built; the one before stays.",
    "Please check the rights and the space of the data folder and run `coach ingest --rebuild`.",
)


@contextmanager
def _faults(said: tuple[str, str] = SILENT) -> Iterator[None]:
    """Chroma, its server's transport and its native part raise dozens of kinds: to us they are one."""
    try:
        yield
    except IndexUnavailable:
        raise
    except Exception as fault:
        raise IndexUnavailable(*said) from fault
