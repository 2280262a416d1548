"""Arrays in files of a folder, by name: what can be worked out again and need not be."""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np

from coach.ports import Arrays

MOST = 4  # files; the ones that were not used for longest go


class KeptArrays:
    """Implements ports.Keeping. Holds numbers of texts that everybody may read, and only those."""

    def __init__(self, folder: Path, kind: str) -> None:
        """
        Args:
            folder: made when something is kept.
            kind: of what is kept; the beginning of its files' names.
        """
        self._folder = folder
        self._kind = kind

    def get(self, name: str) -> Arrays | None:
        """See ports.Keeping; a damaged file counts as none."""
        file = self._file(name)
        try:
            with np.load(file, allow_pickle=False) as stored:
                found = {key: stored[key] for key in stored.files}
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error):
            return None
        with suppress(OSError):
            os.utime(file)  # used just now
        return found

    def put(self, name: str, arrays: Arrays) -> None:
        """See ports.Keeping; a full disk costs nothing but time at the next start."""
        file = self._file(name)
        draft = file.with_suffix(f".{os.getpid()}.npz")  # two processes may work it out at once
        with suppress(OSError):
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                np.savez(draft, **arrays)  # type: ignore[arg-type] # its one option, allow_pickle, is no name of ours
                draft.replace(file)
            finally:
                draft.unlink(missing_ok=True)
            self._drop_old()

    def _drop_old(self) -> None:
        files = self._folder.glob(f"{self._kind}-{'[0-9a-f]' * 16}.npz")
        for old in sorted(files, key=lambda file: file.stat().st_mtime)[:-MOST]:
            old.unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self._folder / f"{self._kind}-{hashlib.sha256(name.encode()).hexdigest()[:16]}.npz"
