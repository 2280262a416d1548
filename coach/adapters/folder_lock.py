"""One server for one data folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coach.errors import DataFolderBusy, StoreUnavailable

try:
    import fcntl
except ImportError:  # Windows has no flock: there the guard is left to whoever starts the program
    fcntl = None  # type: ignore[assignment] # None says so


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
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise DataFolderBusy(
                    "Another coach is already serving this data folder.",
                    "Please stop it first, or set COACH_HOME to another folder.",
                ) from None
        yield
