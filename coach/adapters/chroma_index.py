"""The shared corpus in Chroma: a collection a scope, a folder a generation, vectors and opaque ids only.

Chroma keeps deleted vectors on disk, even after the collection is deleted and the store vacuumed
(measured, docs/decisions/0004-index.md), so nothing is ever deleted here: a new generation is built in
a new folder, a small file names the one in service, and the old folder is removed.

A collection of this machine that fits into memory is read once and searched exactly (held_rows). Chroma's own
search, which is approximate, serves the large ones and those on a server. What was read is laid beside its
files, in the folder of the generation: a start that finds it need not import Chroma, which takes a while.
"""

from __future__ import annotations

import hashlib
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
from coach.adapters.folder_lock import survived
from coach.adapters.generation_pointer import Generation, GenerationPointer
from coach.adapters.held_rows import MOST_ROWS, HeldRows, Shelf, cleared, laid_down, picked_up
from coach.errors import IndexUnavailable
from coach.ports import Matrix

P = ParamSpec("P")
T = TypeVar("T")

MOST_PARTS = 60  # vectors kept of one document, the whole document included
GRAPH = {"space": "cosine", "ef_construction": 400, "ef_search": 400}  # misses 3 of 186, by default half
UNASKED = {"space": "cosine", "ef_construction": 10, "max_neighbors": 4}  # of rows that are searched exactly
BATCH = 2_000  # rows in one call; Chroma refuses more than about five thousand
REST_SECONDS = 30.0  # a server that stalled is left alone for so long
WAIT_SECONDS = 2.0  # nobody who writes waits longer than this for sources
BUILD_SECONDS = 1_800.0


class ChromaIndex:
    """Implements ports.VectorIndex on a folder of this machine, or on a Chroma server by URL."""

    def __init__(self, folder: Path, url: str = "") -> None:
        """Nothing is opened before it is needed.

        Args:
            folder: where generations live; with a server, only the file that names the one in service.
            url: http address of a Chroma server on a private network; empty for the folder.
        """
        self._folder = folder
        self._url = url
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
        """See ports.VectorIndex."""
        generation = uuid.uuid4().hex[:12]
        with self._lock, _faults():
            old = self._pointer.now().name
            client = within(BUILD_SECONDS, self._open, generation)
            for scope, documents in rows.items():
                self._fill(client, self._name(generation, scope), documents)
            self._pointer.point_to(Generation(generation, fingerprint))
            self.close()
            self._client, self._open_generation = client, generation
            self._destroy(old)

    def _fill(self, client: Any, name: str, documents: Mapping[str, Matrix]) -> None:
        ids = [
            f"{key}#{part}" for key, parts in documents.items() for part in range(min(len(parts), MOST_PARTS))
        ]
        asked = self._url or len(ids) > MOST_ROWS
        collection = client.create_collection(
            name, embedding_function=None, configuration={"hnsw": GRAPH if asked else UNASKED}
        )
        if not ids:
            return
        matrix = np.concatenate([parts[:MOST_PARTS] for parts in documents.values()])
        for start in range(0, len(ids), BATCH):
            collection.add(ids=ids[start : start + BATCH], embeddings=matrix[start : start + BATCH])

    def _destroy(self, generation: str) -> None:
        if not self._url:
            for folder in self._folder.glob("gen-*"):
                if folder.name != f"gen-{self._pointer.now().name}":
                    erase(folder)
        elif generation:
            client = self._opened()
            for collection in client.list_collections():
                if collection.name.startswith(f"g{generation}-"):
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
        """A collection's rows, from beside Chroma's files when an earlier start laid them there."""
        name = hashlib.sha256(scope.encode()).hexdigest()[:16]
        file = self._folder / f"gen-{generation}" / f"held-{name}.npz"
        rows = picked_up(file)
        if rows is None or len(rows.documents) > MOST_ROWS:
            rows = self._read(scope)
            if rows is not None:
                laid_down(rows, file)
                if self._pointer.now().name != generation:  # replaced meanwhile: nothing of it may stay
                    cleared(file)
        return rows

    def _read(self, scope: str) -> HeldRows | None:
        collection = self._collection(scope)
        if collection is None or collection.count() > MOST_ROWS:
            return None
        whole = collection.get(include=["embeddings"])
        return HeldRows.of(whole["ids"], whole["embeddings"])

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
            generation = self._in_service()
            if self._client is None:
                self._client = self._open(generation)
            return self._client

    def _open(self, generation: str) -> Any:
        import chromadb
        from chromadb.config import Settings

        quiet = Settings(anonymized_telemetry=False, allow_reset=False)
        if self._url:
            address, _, port = self._url.removeprefix("http://").rstrip("/").partition(":")
            return chromadb.HttpClient(host=address, port=int(port or 8000), settings=quiet)
        folder = self._folder / f"gen-{generation}"
        folder.mkdir(parents=True, exist_ok=True)
        return chromadb.PersistentClient(str(folder), settings=quiet)

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


@contextmanager
def _faults() -> Iterator[None]:
    """Chroma, its server's transport and its native part raise dozens of kinds: to us they are one."""
    try:
        yield
    except IndexUnavailable:
        raise
    except Exception as fault:
        raise IndexUnavailable(
            "The index of cases does not answer.", "Please run `coach ingest --rebuild`."
        ) from fault
