"""Vectors of the shared corpus by the hash of their text, so that reading it in again takes no time.

Only texts that everybody may read pass through here; a member's text never does.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from coach.ports import Embedder, Matrix


class CachedEmbedder:
    """Implements ports.Embedder over another one, with a file that remembers."""

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        """Read what is known.

        Args:
            embedder: makes the vectors that are not known yet.
            folder: where the file lies; a damaged file counts as empty.
        """
        self._embedder = embedder
        self.name = embedder.name
        self.dimensions = embedder.dimensions
        tag = hashlib.sha256(embedder.name.encode()).hexdigest()[:12]
        self._file = folder / f"vectors-{tag}.npz"
        self._known: dict[str, Matrix] = self._read()
        self._fresh = False
        self._asked: set[str] | None = None  # since `renew`; None before the first

    def renew(self) -> None:
        """Keep only what is asked for from now on: a withdrawn text's vectors leave with the next `save`."""
        self._asked = set()

    def embed(self, texts: Sequence[str]) -> Matrix:
        """See ports.Embedder."""
        keys = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts]
        if self._asked is not None:
            self._asked.update(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if missing:
            self._known.update(zip(missing, self._embedder.embed(list(missing.values())), strict=True))
            self._fresh = True
        if not keys:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return np.stack([self._known[key] for key in keys])

    def save(self) -> None:
        """Write what is known; a full disk costs nothing but time at the next start."""
        if self._asked is not None and self._known.keys() - self._asked:
            self._known = {key: self._known[key] for key in self._known if key in self._asked}
            self._fresh = True
        if not self._fresh:
            return
        draft = self._file.with_suffix(f".{os.getpid()}.npz")  # two processes may learn at once
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            np.savez(draft, keys=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))
            draft.replace(self._file)
            self._fresh = False
        except OSError:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def _read(self) -> dict[str, Matrix]:
        try:
            with np.load(self._file, allow_pickle=False) as stored:
                keys, vectors = stored["keys"], stored["vectors"].astype(np.float32)
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error):
            return {}
        if vectors.ndim != 2 or vectors.shape != (len(keys), self.dimensions):
            return {}
        return dict(zip(keys.tolist(), vectors, strict=True))
