"""Chroma's files of one generation, written by a process of its own that has never seen a private word.

Chroma's graph writes its memory to disk as the allocator gave it, room for a hundred rows at a time: what the
process freed before goes along. In a process that serves people that can be a reflection. So the program that
serves never lets Chroma write a small collection, not even by opening it; it starts this one, which is given
vectors and opaque ids, and nothing else (docs/decisions/0010-index-writer.md).

    python -m coach.adapters.index_builder FOLDER
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from coach.adapters.held_rows import MOST_ROWS, HeldRows, laid_down
from coach.ports import Matrix

GRAPH = {"space": "cosine", "ef_construction": 400, "ef_search": 400}  # misses 3 of 186, by default half
UNASKED = {"space": "cosine", "ef_construction": 10, "max_neighbors": 4}  # of rows that are searched exactly
BATCH = 2_000  # rows in one call; Chroma refuses more than about five thousand
ALL = 100_000  # collections; Chroma lists a hundred unless told otherwise
GIVEN, COUNTS = "given.npz", "collections.json"

Rows = tuple[Sequence[str], Matrix]  # keys "document#part" and a vector for each


def build(folder: Path, collections: Mapping[str, Rows], around: Mapping[str, str], seconds: float) -> None:
    """A generation's files, whole: Chroma's own, the rows that are held, and how many each collection has.

    Args:
        folder: of the generation; made when missing.
        collections: their names in Chroma, with their rows; one at least, which may be empty.
        around: the environment of the writing process; it should hold no key.
        seconds: after so long the writer is stopped.

    Raises:
        OSError, subprocess.SubprocessError: it could not be written; nothing in the folder is of use.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = list(collections)
    arrays: dict[str, Any] = {"names": np.array(names, dtype=np.str_)}
    for place, (keys, vectors) in enumerate(collections.values()):
        arrays[f"keys-{place}"], arrays[f"vectors-{place}"] = np.array(keys, dtype=np.str_), vectors
    np.savez(folder / GIVEN, **arrays)
    read_again(folder, around, seconds)


def read_again(folder: Path, around: Mapping[str, str], seconds: float) -> None:
    """Lay the held rows and the counts down once more, from Chroma's own files.

    Args:
        folder: of a generation that was built.
        around: the environment of the reading process; it should hold no key.
        seconds: after so long the reader is stopped.

    Raises:
        OSError, subprocess.SubprocessError: Chroma's files are damaged, or nothing can be written.
    """
    subprocess.run(  # noqa: S603 - this very program; no shell, nothing from outside
        [sys.executable, "-P", "-m", __name__, str(folder.absolute())],
        env={**around, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        cwd=folder,  # Chroma reads settings from a file in the folder it starts in
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=seconds,
        check=True,
    )


def counts_of(folder: Path) -> dict[str, int] | None:
    """How many rows each collection has by its name; None when that is not known."""
    try:
        found = json.loads((folder / COUNTS).read_text(encoding="utf-8"))
        return {str(name): int(count) for name, count in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def held_file(folder: Path, name: str) -> Path:
    """Where the rows of a collection are laid down; a group's own name stays out of the file's."""
    return folder / f"held-{hashlib.sha256(name.encode()).hexdigest()[:16]}.npz"


def fill(client: Any, name: str, rows: Rows, *, asked: bool) -> None:
    """Make a collection and put its rows in.

    Args:
        client: of Chroma.
        name: of the collection; no collection may have it.
        rows: none, or any number.
        asked: whether Chroma itself will be searched: a better graph, which takes longer.
    """
    keys, vectors = rows
    collection = client.create_collection(
        name, embedding_function=None, configuration={"hnsw": GRAPH if asked else UNASKED}
    )
    for start in range(0, len(keys), BATCH):
        ids = [str(key) for key in keys[start : start + BATCH]]
        collection.add(ids=ids, embeddings=vectors[start : start + BATCH])


def opened(folder: Path) -> Any:
    """Chroma on a folder of this machine."""
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(
        str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False)
    )


def _write(folder: Path) -> None:
    client, given = opened(folder), folder / GIVEN
    expected = _filled(client, given) if given.exists() else counts_of(folder)
    names = [one.name for one in client.list_collections(limit=ALL)]
    collections = {name: client.get_collection(name, embedding_function=None) for name in names}
    counts = {name: collection.count() for name, collection in collections.items()}
    if not counts or expected not in (None, counts):
        raise ValueError("Chroma has lost rows")
    for name, collection in collections.items():
        if counts[name] <= MOST_ROWS:
            whole = collection.get(include=["embeddings"])
            laid_down(HeldRows.of(whole["ids"], whole["embeddings"]), held_file(folder, name))
    client.close()
    draft = folder / f"{COUNTS}.{os.getpid()}"
    draft.write_text(json.dumps(counts), encoding="utf-8")
    draft.replace(folder / COUNTS)
    given.unlink(missing_ok=True)


def _filled(client: Any, given: Path) -> dict[str, int]:
    counts = {}
    with np.load(given, allow_pickle=False) as stored:
        for place, name in enumerate(stored["names"].tolist()):
            rows = stored[f"keys-{place}"].tolist(), stored[f"vectors-{place}"]
            counts[name] = len(rows[0])
            fill(client, name, rows, asked=counts[name] > MOST_ROWS)
    return counts


if __name__ == "__main__":
    _write(Path(sys.argv[1]))
