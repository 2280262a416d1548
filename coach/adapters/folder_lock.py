"""One server for one data folder, and a mark for what may end the process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from coach.errors import DataFolderBusy, StoreUnavailable

try:
    import fcntl
except ImportError:  # Windows has no flock: there the guard is left to whoever starts the program
    fcntl = None  # type: ignore[assignment] # None says so

_BETWEEN = 0.05  # seconds


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder for the life of this process; the system lets go of it even after a kill.

    Args:
        folder: created when missing.

    Raises:
        DataFolderBusy: another process holds it; it is not disturbed.
        StoreUnavailable: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "serving.lock").open("a")
    except OSError as fault:
        raise StoreUnavailable(
            "The data folder cannot be written.", "Please check its rights and its space."
        ) from fault
    with file:
        if not _locked(file):
            raise DataFolderBusy(
                "Another coach is already serving this data folder.",
                "Please stop it first, or set COACH_HOME to another folder.",
            )
        yield


@contextmanager
def in_turn(mark: Path, seconds: float) -> Iterator[None]:
    """Do something one process after the other.

    Args:
        mark: a file that is held meanwhile; its folder is made when missing, and it stays.
        seconds: how long to wait for the others.

    Raises:
        OSError: the folder cannot be written, or (TimeoutError) the others took too long.
    """
    mark.parent.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + seconds
    with mark.open("a") as file:
        while not _locked(file):
            if time.monotonic() > end:
                raise TimeoutError("another process is still at it")
            time.sleep(_BETWEEN)
        yield


@contextmanager
def survived(mark: Path) -> Iterator[bool]:
    """Do something that can take the whole process down.

    Args:
        mark: a file that is there while it is being done.

    Yields:
        Whether the last process that did it came out alive. True also when nothing can be known.
    """
    before = mark.exists()
    try:
        file = mark.open("a")
    except OSError:
        yield True
        return
    with file:
        if not _locked(file):  # somebody is at it right now, and alive
            yield True
            return
        try:
            yield not (before and mark.exists())
        finally:
            mark.unlink(missing_ok=True)


def _locked(file: IO[str]) -> bool:
    if fcntl is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True
