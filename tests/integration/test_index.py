"""The real Chroma: a folder a generation, nothing left behind, and no answer better than a wrong one."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest

from coach.adapters import chroma_index, chroma_server, held_rows
from coach.adapters.chroma_index import ChromaIndex
from coach.adapters.chroma_server import ChromaServer
from coach.adapters.folder_lock import in_turn
from coach.adapters.index_builder import opened
from coach.errors import IndexUnavailable
from coach.ports import Matrix


def vectors(seed: int, count: int) -> Matrix:
    rows = np.random.default_rng(seed).normal(size=(count, 384)).astype(np.float32)
    result: Matrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return result


ROWS = {
    "programme": {f"case-{k}": vectors(k, 6) for k in range(40)},
    "north": {f"own-{k}": vectors(100 + k, 3) for k in range(5)},
}


@pytest.fixture
def index(tmp_path: Path) -> Iterator[ChromaIndex]:
    index = ChromaIndex(tmp_path / "index")
    index.rebuild(ROWS, "one")
    yield index
    index.close()


def test_every_document_finds_itself_and_only_in_its_scope(index: ChromaIndex) -> None:
    for scope, documents in ROWS.items():
        for key, rows in documents.items():
            assert index.search([scope], rows[:1], 3)[0] == key
    assert index.search(["south"], ROWS["north"]["own-1"][:1], 3) == []
    assert "own-1" not in index.search(["programme"], ROWS["north"]["own-1"][:1], 40)


def test_parts_come_back_in_order_and_foreign_ids_do_not(index: ChromaIndex) -> None:
    found = index.vectors(["programme"], ["case-3", "own-1", "case-3", "nobody"])
    assert list(found) == ["case-3"]
    assert np.allclose(found["case-3"], ROWS["programme"]["case-3"])


def test_the_folder_holds_no_word_of_any_document(index: ChromaIndex, tmp_path: Path) -> None:
    """Vectors and opaque ids only: collections carry no documents and no metadata."""
    (folder,) = (tmp_path / "index").glob("gen-*")
    client = opened(folder)
    for collection in client.list_collections():
        got = client.get_collection(collection.name, embedding_function=None).get(
            limit=5, include=["documents", "metadatas"]
        )
        assert not any(got["documents"] or []) and not any(got["metadatas"] or [])


def test_a_new_generation_leaves_nothing_of_the_old_one_on_disk(index: ChromaIndex, tmp_path: Path) -> None:
    """Chroma keeps deleted vectors; a removed folder does not."""
    needle = ROWS["north"]["own-2"][0].tobytes()

    def on_disk() -> bool:
        return any(needle in file.read_bytes() for file in (tmp_path / "index").rglob("*") if file.is_file())

    assert on_disk()
    rest = {**ROWS, "north": {key: rows for key, rows in ROWS["north"].items() if key != "own-2"}}
    index.rebuild(rest, "two")
    assert not on_disk()
    assert index.fingerprint() == "two"
    assert len(list((tmp_path / "index").glob("gen-*"))) == 1


SERVING = """
import sys
import numpy as np
from pathlib import Path
from coach.adapters.chroma_index import ChromaIndex
index = ChromaIndex(Path(sys.argv[1]))
rows = np.eye(8, 384, dtype=np.float32)
for fingerprint in ("one", "two"):
    index.rebuild({"programme": {"case": rows}, "north": {"own": rows[:2]}, "south": {}}, fingerprint)
    assert index.search(["programme", "north"], rows[:1], 2) == ["case", "own"]
held, *_ = Path(sys.argv[1]).glob("gen-*/held-*.npz")
held.write_bytes(b"noise")
index.close()
assert index.search(["programme", "north"], rows[:1], 2) == ["case", "own"], "read from Chroma once more"
index.close()
"""


def test_no_byte_of_the_serving_process_gets_into_the_files(tmp_path: Path) -> None:
    """Chroma writes memory to disk as the allocator gave it; in this test the allocator marks what it gives.

    What a process that serves people frees can be a reflection. Building and reading again must leave none.
    """
    given, freed = 0x5A, 0xA5
    marked = {**os.environ, "MALLOC_PERTURB_": str(freed), "PYTHONMALLOC": "malloc"}
    folder = tmp_path / "index"
    subprocess.run([sys.executable, "-c", SERVING, str(folder)], env=marked, timeout=120, check=True)
    files = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert any(file.name == "data_level0.bin" for file in files), "the files of the graph are among them"
    for file, content in files.items():
        for mark in (given, freed):
            assert bytes([mark]) * 16 not in content, file.name


def test_a_build_that_fails_leaves_the_generation_before_and_nothing_else(
    index: ChromaIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma_index, "BUILD_SECONDS", 0.01)
    with pytest.raises(IndexUnavailable, match=r"could not be built.*space"):
        index.rebuild({"programme": {"other": vectors(1, 1)}}, "two")
    assert index.fingerprint() == "one"
    assert len(list((tmp_path / "index").glob("gen-*"))) == 1
    assert index.search(["programme"], ROWS["programme"]["case-3"][:1], 1) == ["case-3"]


def test_a_pointer_that_cannot_be_written_leaves_no_folder_behind(
    index: ChromaIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk each try would otherwise leave a whole generation, and keep the disk full."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(index._pointer, "point_to", full)
    with pytest.raises(IndexUnavailable):
        index.rebuild(ROWS, "two")
    assert len(list((tmp_path / "index").glob("gen-*"))) == 1
    assert index.search(["north"], ROWS["north"]["own-1"][:1], 1) == ["own-1"]


def test_what_a_killed_builder_left_is_tidied_up(index: ChromaIndex, tmp_path: Path) -> None:
    """Killed between putting its generation into service and removing the old one, with all its vectors."""
    left = tmp_path / "index" / "gen-before"
    shutil.copytree(next((tmp_path / "index").glob("gen-*")), left)
    with in_turn(tmp_path / "index" / "building", 1.0):
        assert not index.tidy(), "somebody is building, and tidies up itself"
    assert left.exists()
    assert index.tidy() and not left.exists()
    assert not index.tidy()
    assert index.search(["north"], ROWS["north"]["own-1"][:1], 1) == ["own-1"]


def test_a_damaged_index_is_read_again_once_in_a_while_only(
    index: ChromaIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each try starts a process: not one for every turn."""
    for file in (tmp_path / "index").rglob("held-*.npz"):
        file.unlink()
    next((tmp_path / "index").rglob("chroma.sqlite3")).write_bytes(b"")
    tries = []
    again = chroma_index.read_again
    monkeypatch.setattr(chroma_index, "read_again", lambda *one: (tries.append(1), again(*one)))
    for _ in range(3):
        with pytest.raises(IndexUnavailable):
            index.search(["north"], ROWS["north"]["own-1"][:1], 1)
    assert len(tries) == 1


def test_a_small_collection_is_not_opened_when_its_rows_had_to_make_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening it would write the serving process's memory to disk; what is gone from memory is on file."""
    monkeypatch.setattr(held_rows, "MOST_IN_ALL", 30)
    index = ChromaIndex(tmp_path / "crowded")
    index.rebuild(ROWS | {f"g{k}": {f"d{k}": vectors(k, 20)} for k in range(4)}, "one")
    scopes = [*ROWS, *(f"g{k}" for k in range(4))]
    for _ in range(2):
        assert index.search(scopes, ROWS["north"]["own-1"][:1], 1)[0] == "own-1"
        assert set(index.vectors(scopes, ["own-1", "d0", "d3"])) == {"own-1", "d0", "d3"}
    assert index._client is None, "Chroma stayed closed"
    index.close()


def test_two_processes_that_build_at_once_take_turns(tmp_path: Path) -> None:
    """Neither removes what the other is writing; the last one stands, whole."""
    one, two = (ChromaIndex(tmp_path / "index") for _ in range(2))
    workers = [
        Thread(target=index.rebuild, args=({**ROWS, name: {name: vectors(7, 3)}}, name))
        for index, name in ((one, "east"), (two, "west"))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    (last,) = {one.fingerprint(), two.fingerprint()}
    for index in (one, two):
        assert index.search([last], vectors(7, 1), 1) == [last]
        assert index.search(["north"], ROWS["north"]["own-1"][:1], 1) == ["own-1"]
        index.close()
    assert len(list((tmp_path / "index").glob("gen-*"))) == 1


def test_a_pointer_that_cannot_be_read_costs_no_generation(index: ChromaIndex, tmp_path: Path) -> None:
    """What is kept is known to whoever built it, not asked of a file that may just be gone."""
    (tmp_path / "index" / "current.json").write_text("{", encoding="utf-8")
    index.rebuild(ROWS, "two")
    assert index.search(["north"], ROWS["north"]["own-1"][:1], 1) == ["own-1"]
    assert len(list((tmp_path / "index").glob("gen-*"))) == 1


def test_another_process_sees_the_new_generation(index: ChromaIndex, tmp_path: Path) -> None:
    other = ChromaIndex(tmp_path / "index")
    assert other.search(["north"], ROWS["north"]["own-1"][:1], 1) == ["own-1"]
    index.rebuild({"north": {"fresh": vectors(7, 1)}}, "two")
    assert other.search(["north"], vectors(7, 1), 1) == ["fresh"]
    assert other.search(["programme"], ROWS["programme"]["case-1"][:1], 1) == []
    other.close()


def test_without_an_index_the_sentence_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="coach ingest"):
        ChromaIndex(tmp_path / "none").search(["programme"], vectors(1, 1), 1)


CHILD = """
import sys, numpy as np
from pathlib import Path
from coach.adapters.chroma_index import ChromaIndex
rows = lambda k: (lambda r: r / np.linalg.norm(r, axis=1, keepdims=True))(
    np.random.default_rng(k).normal(size=(6, 384)).astype(np.float32))
probes = {f"case-{k}": ("programme", rows(k)[0]) for k in range(40)}
print("healthy" if ChromaIndex(Path(sys.argv[1])).healthy(probes) else "ill")
"""


def _health(folder: Path) -> str:
    """In a child process: a damaged file can take the whole process down."""
    run = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder)], capture_output=True, text=True, timeout=120
    )
    return run.stdout.strip() or f"died {run.returncode}"


@pytest.mark.parametrize(
    "damage", ["none", "sqlite cut", "sqlite gone", "sqlite and counts gone", "segments gone", "pointer gone"]
)
def test_damage_is_noticed_by_asking_not_by_counting(index: ChromaIndex, tmp_path: Path, damage: str) -> None:
    index.close()
    folder = tmp_path / "copy"
    shutil.copytree(tmp_path / "index", folder)
    (database,) = folder.rglob("chroma.sqlite3")
    if damage != "none":  # whole rows beside Chroma's files would do without them
        for held in folder.rglob("held-*.npz"):
            held.unlink()
    if damage == "sqlite cut":
        os.truncate(database, 0)
    elif damage.endswith("gone") and damage.startswith("sqlite"):
        database.unlink()
        if "counts" in damage:
            (database.parent / "collections.json").unlink()
    elif damage == "segments gone":
        for segment in [one for one in database.parent.iterdir() if one.is_dir()]:
            shutil.rmtree(segment)
        # Small collections live in the database's log alone: cut that too.
        os.truncate(database, database.stat().st_size // 2)
    elif damage == "pointer gone":
        (folder / "current.json").unlink()
    assert (_health(folder) == "healthy") == (damage == "none")


def test_an_index_that_took_a_process_down_is_not_trusted_again(index: ChromaIndex, tmp_path: Path) -> None:
    """Noise in the vectors' file ends the process by a signal: the next start builds anew instead."""
    killed = CHILD.replace(
        "print(", "import coach.adapters.chroma_index as it, os\nit.finds = lambda *_: os.abort()\nprint(", 1
    )
    died = subprocess.run([sys.executable, "-c", killed, str(tmp_path / "index")], timeout=120)
    assert died.returncode < 0
    assert _health(tmp_path / "index") == "ill"
    assert _health(tmp_path / "index") == "healthy", "said once: the caller builds anew after that"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A real Chroma server on loopback."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    program = Path(sys.executable).parent / "chroma"
    process = subprocess.Popen(
        [str(program), "run", "--path", str(tmp_path / "server"), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(150):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        else:
            pytest.fail("the Chroma server did not start")
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()


def test_a_server_answers_stalls_and_dies_without_taking_us_along(
    server: tuple[str, subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    """Nobody waits longer than two seconds for sources, whatever the server does."""
    url, process = server
    index = ChromaServer(tmp_path / "pointer", url)
    index.rebuild(ROWS, "one")
    index.rebuild(ROWS, "two")
    assert index.search(["north"], ROWS["north"]["own-1"][:1], 1) == ["own-1"]
    names = {one.name for one in index._connected().list_collections()}
    assert len(names) == len(ROWS), "the old generation's collections are gone"
    process.send_signal(signal.SIGSTOP)
    begun = time.monotonic()
    with pytest.raises(IndexUnavailable):
        index.search(["north"], ROWS["north"]["own-1"][:1], 1)
    assert time.monotonic() - begun < 10
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()
    with pytest.raises(IndexUnavailable):
        index.search(["north"], ROWS["north"]["own-1"][:1], 1)


def test_a_build_that_fails_half_way_leaves_nothing_on_a_server(
    server: tuple[str, subprocess.Popen[bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does one whose process ended before it could clear up: the next build clears up for it."""
    index = ChromaServer(tmp_path / "pointer", server[0])
    index.rebuild(ROWS, "one")
    monkeypatch.setattr(chroma_server, "rows_of", _torn(chroma_server.rows_of, after=1))
    with pytest.raises(IndexUnavailable, match="could not be built"):
        index.rebuild(ROWS, "two")
    monkeypatch.undo()
    assert index.fingerprint() == "one"
    assert index.search(["north"], ROWS["north"]["own-1"][:1], 1) == ["own-1"]
    index.rebuild(ROWS, "three")
    assert len(index._connected().list_collections()) == len(ROWS)
    assert len(list((tmp_path / "pointer").glob("begun-*"))) == 1
    (tmp_path / "pointer" / "begun-nobody").touch()
    assert index.tidy() and not index.tidy()
    next((tmp_path / "pointer").glob("begun-*")).unlink()  # as a generation of an earlier program has none
    index.rebuild(ROWS, "four")
    assert len(index._connected().list_collections()) == len(ROWS)
    index.close()


def _torn(rows_of: Callable[[Any], Any], after: int) -> Callable[[Any], Any]:
    """Rows of which those after the first few cannot be sent."""
    seen: list[int] = []

    def torn(documents: Any) -> Any:
        seen.append(1)
        keys, rows = rows_of(documents)
        return (keys, rows) if len(seen) <= after else (keys, rows[:-1])

    return torn


def crowded(seed: int) -> dict[str, Matrix]:
    """Texts as they are: many rows that point nearly the same way, which an approximate search mixes up."""
    source = np.random.default_rng(seed)
    middle = source.normal(size=(8, 384))
    found = {}
    for k in range(60):
        rows = middle[k % 8] + 0.8 * source.normal(size=(12, 384))
        found[f"case-{k:02}"] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return found


def test_two_fresh_indexes_of_the_same_texts_give_the_same_ranks(tmp_path: Path) -> None:
    """Equal texts are found alike whatever the threads did while the index was built, and none is missed."""
    documents = crowded(1)
    wanted = np.concatenate(list(crowded(2).values()))[::24] + 0.5 * crowded(1)["case-05"][0]
    wanted = (wanted / np.linalg.norm(wanted, axis=1, keepdims=True)).astype(np.float32)
    ranks = []
    for place in ("one", "two"):
        index = ChromaIndex(tmp_path / place)
        index.rebuild({"programme": documents}, "same")
        ranks.append([index.search(["programme"], row[None], 12) for row in wanted])
        index.close()
    assert ranks[0] == ranks[1]
    keys = [key for key, rows in documents.items() for _ in rows]
    distances = 1 - wanted @ np.concatenate(list(documents.values())).T
    for found, row in zip(ranks[0], distances, strict=True):
        assert found == list(dict.fromkeys(keys[place] for place in np.argsort(row)[:12]))


def test_a_collection_too_large_for_memory_is_searched_by_chroma_and_not_written(tmp_path: Path) -> None:
    """What is not held is found all the same; asking it leaves its files as they were."""
    index = ChromaIndex(tmp_path / "large")
    programme = {f"case-{k}": vectors(k, 60) for k in range(175)}
    index.rebuild({**ROWS, "programme": programme}, "one")
    before = {file: file.read_bytes() for file in (tmp_path / "large").rglob("*.bin")}
    assert index._divided(list(ROWS))[1] == ["programme"]
    for key, rows in list(programme.items())[::20]:
        assert index.search(["programme", "north"], rows[:1], 3)[0] == key
    assert index.vectors(["programme"], ["case-3"])["case-3"].shape == (60, 384)
    index.close()
    assert before == {file: file.read_bytes() for file in (tmp_path / "large").rglob("*.bin")}


def test_a_group_whose_every_case_was_withdrawn_finds_nothing(tmp_path: Path) -> None:
    """An empty collection is no fault: the programme's cases are still found."""
    index = ChromaIndex(tmp_path / "emptied")
    index.rebuild({**ROWS, "north": {}}, "one")
    assert index.search(["north"], vectors(7, 1), 3) == []
    assert index.search(["programme", "north"], ROWS["programme"]["case-1"][:1], 3)[0] == "case-1"
    assert index.vectors(["north"], ["own-1"]) == {}
    index.close()


def test_collections_that_were_asked_long_ago_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory has a limit, however many groups there are; and what was large stays known as large."""
    monkeypatch.setattr(held_rows, "MOST_IN_ALL", 250)
    shelf = held_rows.Shelf()
    shelf.put("large", None)
    for name in ("a", "b", "c"):
        shelf.get("large")
        shelf.put(name, held_rows.HeldRows.of([f"{k}#0" for k in range(100)], vectors(1, 100)))
    assert [name for name in ("large", "a", "b", "c") if name in shelf] == ["large", "b", "c"]
