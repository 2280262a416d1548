"""Removing a folder for good, though a thread that is late may still put a file into it."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

_ROUNDS, _BETWEEN = 20, 0.1  # seconds


def erase(folder: Path) -> None:
    """Remove a folder with all that is in it, trying again for two seconds; what stays then stays."""
    for _ in range(_ROUNDS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(_BETWEEN)
