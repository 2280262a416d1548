"""The memory of shared vectors: a file that may be lost or damaged at any time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coach.adapters.vector_cache import CachedEmbedder
from tests.fakes import FakeEmbedder


class Counting(FakeEmbedder):
    """Knows how many texts it was asked for."""

    asked = 0

    def embed(self, texts: object) -> np.ndarray:
        self.asked += len(texts)  # type: ignore[arg-type]
        return super().embed(texts)  # type: ignore[arg-type]


def test_what_was_saved_is_not_embedded_again(tmp_path: Path) -> None:
    first = CachedEmbedder(Counting(), tmp_path)
    vectors = first.embed(["one", "two"])
    first.save()
    again = Counting()
    assert np.array_equal(CachedEmbedder(again, tmp_path).embed(["one", "two"]), vectors)
    assert again.asked == 0
    assert len(list(tmp_path.iterdir())) == 1, "no draft is left behind"


def test_what_is_not_asked_for_again_is_forgotten(tmp_path: Path) -> None:
    """A withdrawn text's vectors give most of its words back: they must not outlive it in a file."""
    cache = CachedEmbedder(FakeEmbedder(), tmp_path)
    withdrawn = cache.embed(["withdrawn"])[0].tobytes()
    kept = cache.embed(["kept"])[0].tobytes()
    cache.save()
    cache.renew()
    cache.embed(["kept"])
    cache.save()
    (file,) = tmp_path.iterdir()
    assert kept in file.read_bytes() and withdrawn not in file.read_bytes()
    again = Counting()
    assert CachedEmbedder(again, tmp_path).embed(["kept", "withdrawn"]).shape[0] == 2
    assert again.asked == 1


@pytest.mark.parametrize("damage", ["empty", "cut", "noise"])
def test_a_damaged_file_counts_as_empty(tmp_path: Path, damage: str) -> None:
    cache = CachedEmbedder(FakeEmbedder(), tmp_path)
    cache.embed(["one", "two"])
    cache.save()
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes({"empty": b"", "cut": whole[: len(whole) // 2], "noise": b"PK" + b"x" * 99}[damage])
    again = Counting()
    assert CachedEmbedder(again, tmp_path).embed(["one"]).shape == (1, again.dimensions)
    assert again.asked == 1
