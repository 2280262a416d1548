"""The shared corpus on a Chroma server: a collection a scope, all of them named after their generation.

A server can stall, die, and lose a connection half-way through a build. So each generation is noted in our
own folder before its first row is sent, and stays noted until the server has let go of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import RLock
from typing import Any

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
from coach.adapters.deadline import within
from coach.adapters.folder_lock import in_turn
from coach.adapters.generation_pointer import Generation, GenerationPointer
from coach.adapters.index_builder import ALL, Rows, fill
from coach.errors import IndexUnavailable
from coach.ports import Matrix

_BEGUN = "begun-"  # and the name of a generation: the server may hold collections of it


class ChromaServer:
    """Implements ports.VectorIndex on a Chroma server on a private network."""

    def __init__(self, folder: Path, url: str) -> None:
        """Nothing is opened before it is needed.

        Args:
            folder: for the file that names the generation in service, and the notes of those begun.
            url: http address of the server.
        """
        self._folder = folder
        self._host, _, self._port = url.removeprefix("http://").rstrip("/").partition(":")
        self._lock = RLock()
        self._client: Any = None
        self._open_generation = ""
        self._collections: dict[str, Any] = {}
        self._pointer = GenerationPointer(folder)
        self._patience = Patience()

    def fingerprint(self) -> str:
        """See ports.VectorIndex."""
        return self._pointer.now().fingerprint

    def rebuild(self, rows: Mapping[str, Mapping[str, Matrix]], fingerprint: str) -> None:
        """See ports.VectorIndex."""
        generation = uuid.uuid4().hex[:12]
        collections = {name_of(generation, scope): rows_of(documents) for scope, documents in rows.items()}
        with faults(NOT_BUILT), in_turn(self._folder / "building", BUILD_SECONDS):
            if before := self._pointer.now().name:
                self._note(before).touch()  # an older program left none
            self._note(generation).touch()
            within(BUILD_SECONDS, self._fill, collections)
            self._pointer.point_to(Generation(generation, fingerprint))
        self.tidy()

    def tidy(self) -> bool:
        """See ports.VectorIndex."""
        drop = partial(within, BUILD_SECONDS, self._drop_others)
        return tidied(self._folder / "building", self._others, drop)

    def _fill(self, collections: Mapping[str, Rows]) -> None:
        client = self._connected()
        for name, rows in collections.items():
            fill(client, name, rows, asked=True)

    def _drop_others(self) -> None:
        """Whatever a build of ours left on the server, whole, half or replaced."""
        client = self._connected()
        names = [collection.name for collection in client.list_collections(limit=ALL)]
        for generation in self._others():
            for name in names:
                if name.startswith(name_of(generation, "")):
                    client.delete_collection(name)
            self._note(generation).unlink()

    def _others(self) -> list[str]:
        """Generations begun here that are not in service."""
        begun = [note.name.removeprefix(_BEGUN) for note in self._folder.glob(f"{_BEGUN}*")]
        return [generation for generation in begun if generation != self._pointer.now().name]

    def _note(self, generation: str) -> Path:
        return self._folder / f"{_BEGUN}{generation}"

    def search(self, scopes: Sequence[str], vectors: Matrix, limit: int) -> list[str]:
        """See ports.VectorIndex."""
        self._ready()
        return self._patience.call(WAIT_SECONDS, self._search, scopes, vectors, limit)

    def _search(self, scopes: Sequence[str], vectors: Matrix, limit: int) -> list[str]:
        with faults():
            found = [pair for one in self._of(scopes) for pair in nearest(one, vectors, limit)]
        return best_first(found)

    def vectors(self, scopes: Sequence[str], document_ids: Sequence[str]) -> dict[str, Matrix]:
        """See ports.VectorIndex."""
        self._ready()
        return self._patience.call(WAIT_SECONDS, self._vectors, scopes, document_ids)

    def _vectors(self, scopes: Sequence[str], document_ids: Sequence[str]) -> dict[str, Matrix]:
        with faults():
            return vectors_in(self._of(scopes), document_ids)

    def healthy(self, probes: Mapping[str, tuple[str, Sequence[float]]]) -> bool:
        """See ports.VectorIndex."""
        return finds(self, probes)

    def close(self) -> None:
        """Let go of the connection.

        A call that a stalled server never answered may hold the lock: then there is nothing to let go of.
        """
        if not self._lock.acquire(timeout=WAIT_SECONDS):
            return
        try:
            client, self._client = self._client, None
            self._collections.clear()
            if client is not None and hasattr(client, "close"):
                client.close()
        finally:
            self._lock.release()

    def _ready(self) -> None:
        with faults():
            import chromadb  # noqa: F401 - it takes a second once and cannot stall: not on the clock

    def _of(self, scopes: Sequence[str]) -> list[Any]:
        """The collections of the scopes in the generation in service; a scope without one has none."""
        with self._lock:
            generation = self._pointer.now().name
            if not generation:
                raise IndexUnavailable(*NOT_READ_IN)
            if generation != self._open_generation:
                self._collections.clear()
                self._open_generation = generation
            client = self._connected()
            for scope in scopes:
                if scope not in self._collections:
                    name = name_of(generation, scope)
                    known = {collection.name for collection in client.list_collections(limit=ALL)}
                    self._collections[scope] = (
                        client.get_collection(name, embedding_function=None) if name in known else None
                    )
            return [one for scope in scopes if (one := self._collections[scope]) is not None]

    def _connected(self) -> Any:
        with self._lock:
            if self._client is None:
                import chromadb
                from chromadb.config import Settings

                quiet = Settings(anonymized_telemetry=False, allow_reset=False)
                self._client = chromadb.HttpClient(
                    host=self._host, port=int(self._port or 8000), settings=quiet
                )
            return self._client
