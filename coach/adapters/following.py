"""Writers and signposts that follow the prompts in force, so that a rollback needs no restart.

Which folder is in force is looked up at each turn (a small file and the hash of some 90 kB, under a
millisecond). What was opened last stays in use when a new folder cannot be opened: a member's turn is not
the moment to fail over an evaluator's file.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

from coach.domain.model import Brief, Draft, ScreenKind
from coach.errors import CoachError
from coach.ports import Writer

_log = logging.getLogger(__name__)

Opened = TypeVar("Opened")


class Following(Generic[Opened]):
    """Something that was opened from a folder, and is opened again when another folder is in force."""

    def __init__(self, folder: Callable[[], Path], open_: Callable[[Path], Opened]) -> None:
        """
        Args:
            folder: the folder in force now.
            open_: opens it.

        Raises:
            UserError: the folder in force at the start cannot be opened: better no program than half one.
        """
        self._folder = folder
        self._open = open_
        self._lock = threading.Lock()
        self._from = folder()
        self._opened = open_(self._from)

    def now(self) -> Opened:
        """What the folder in force gives; safe from several threads."""
        with self._lock:
            try:
                wanted = self._folder()
                if wanted != self._from:
                    self._opened, self._from = self._open(wanted), wanted
            except (CoachError, OSError) as fault:
                _log.error("the prompts in force cannot be opened: %s", type(fault).__name__)
            return self._opened


class FollowingWriter:
    """Implements ports.Writer over the writer of the prompts in force."""

    def __init__(self, following: Following[Writer]) -> None:
        self._following = following
        self.name = following.now().name

    def write(self, brief: Brief, failed: Sequence[str] = ()) -> Draft:
        """See ports.Writer."""
        return self._following.now().write(brief, failed)

    def __getattr__(self, name: str) -> Any:
        """What a writer can do beyond the port, e.g. the bank's `propose`."""
        return getattr(self._following.now(), name)


class FollowingSignposts(Mapping[ScreenKind, str]):
    """The signposts of the prompts in force."""

    def __init__(self, following: Following[Mapping[ScreenKind, str]]) -> None:
        self._following = following

    def __getitem__(self, kind: ScreenKind) -> str:
        return self._following.now()[kind]

    def __iter__(self) -> Iterator[ScreenKind]:
        return iter(self._following.now())

    def __len__(self) -> int:
        return len(self._following.now())
