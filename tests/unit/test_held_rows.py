"""What is read of a small collection is laid down beside it: it may be lost, damaged or out of date."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coach.adapters.chroma_index import ChromaIndex
from coach.adapters.generation_pointer import Generation, GenerationPointer
from coach.adapters.held_rows import HeldRows, laid_down, picked_up
from coach.ports import Matrix


def vectors(seed: int, count: int) -> Matrix:
    rows = np.random.default_rng(seed).normal(size=(count, 384)).astype(np.float32)
    result: Matrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return result


def some_rows() -> HeldRows:
    return HeldRows.of([f"case-{k // 3}#{k % 3}" for k in range(30)], vectors(1, 30))


def test_rows_come_back_bit_for_bit(tmp_path: Path) -> None:
    rows = some_rows()
    laid_down(rows, tmp_path / "held.npz")
    again = picked_up(tmp_path / "held.npz")
    assert again is not None and again.documents == rows.documents
    assert np.array_equal(again.matrix, rows.matrix)
    assert list(again.nearest(vectors(2, 4), 5)) == list(rows.nearest(vectors(2, 4), 5))
    third, other = again.of_document("case-3"), rows.of_document("case-3")
    assert third is not None and other is not None and third.tobytes() == other.tobytes()
    assert [file.name for file in tmp_path.iterdir()] == ["held.npz"], "no draft is left behind"


@pytest.mark.parametrize("damage", ["empty", "cut", "noise", "one byte"])
def test_a_damaged_file_counts_as_none(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "held.npz"
    laid_down(some_rows(), file)
    whole = file.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    cases = {"empty": b"", "cut": whole[:-900], "noise": b"PK" + b"x" * 99, "one byte": bytes(flipped)}
    file.write_bytes(cases[damage])
    assert picked_up(file) is None


def test_a_folder_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    """A generation that was replaced meanwhile must leave nothing behind."""
    with pytest.raises(OSError, match="held"):
        laid_down(some_rows(), tmp_path / "gen-old" / "held.npz")
    assert list(tmp_path.iterdir()) == []


def test_a_pointer_follows_another_process_at_once_and_a_broken_one_points_nowhere(tmp_path: Path) -> None:
    pointer, other = GenerationPointer(tmp_path / "index"), GenerationPointer(tmp_path / "index")
    assert pointer.now() == Generation()
    for name in ("aaaa", "bbbb", "aaaa", "cccc"):  # of equal length, one after the other
        other.point_to(Generation(name, "made of"))
        assert pointer.now() == other.now() == Generation(name, "made of")
    (tmp_path / "index" / "current.json").write_text("{", encoding="utf-8")
    assert pointer.now() == Generation()
    (tmp_path / "index" / "current.json").unlink()
    assert pointer.now() == Generation()


ROWS = {"programme": {f"case-{k}": vectors(k, 6) for k in range(12)}, "north": {"own": vectors(99, 2)}}

ASKED = """
import sys, numpy as np
from pathlib import Path
from coach.adapters.chroma_index import ChromaIndex
index = ChromaIndex(Path(sys.argv[1]))
probe = np.load(sys.argv[2])
found = index.search(["programme", "north"], probe, 5)
print(",".join(found), index.vectors(["programme"], ["case-3"])["case-3"].tobytes().hex()[:64])
print("chromadb" in sys.modules)
"""


def _asked(folder: Path) -> list[str]:
    """What a new process finds, and whether it had to import Chroma for it."""
    probe = folder.with_name("probe.npy")
    np.save(probe, vectors(3, 2))
    run = [sys.executable, "-c", ASKED, str(folder), str(probe)]
    return subprocess.run(run, capture_output=True, text=True, timeout=120, check=True).stdout.split("\n")[:2]


def test_no_start_needs_chroma_none_finds_what_is_gone_and_lost_rows_come_back(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    index = ChromaIndex(folder)
    index.rebuild(ROWS, "one")
    index.close()
    first = _asked(folder)
    assert first[0].startswith("case-3,")
    assert first[1] == "False", "Chroma was not imported"
    held = sorted(folder.glob("gen-*/held-*.npz"))
    assert len(held) == len(ROWS)
    for file in held:
        file.write_bytes(b"noise")
    assert _asked(folder) == first, "damaged ones are read from Chroma, in another process"
    rest = {"programme": {key: rows for key, rows in ROWS["programme"].items() if key != "case-5"}}
    index.rebuild(rest, "two")
    assert not any(file.exists() for file in held), "they went with their generation"
    assert "case-5" not in index.search(["programme"], ROWS["programme"]["case-5"][:1], 40)
    index.close()
