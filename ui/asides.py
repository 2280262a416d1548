"""What the server remembers of a sign-in between two pages: searched words, and a sentence to say once.

Searched words are private: they may stand neither in an address nor in the browser's storage, and Back and
reload must find them again. So an address names them by a random word, and they lie in memory alone:
for one sign-in, for an hour at most, gone when its member signs out or erases the journal.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, Timer
from typing import NamedTuple

from starlette.requests import Request

from ui.sessions import digest, visitor

KEPT_SECONDS = 3600.0
MOST, MOST_OF_ONE = 2000, 100  # asides of all sign-ins together, and of one; the oldest go first
_SWEEP_SECONDS = 60.0
_SAID = ""  # the name of what is said once: no random word is empty


class Aside(NamedTuple):
    """One thing remembered."""

    member_id: str
    text: str
    since: float


@dataclass(slots=True)
class Asides:
    """Every sign-in's asides.

    Attributes:
        clock: seconds that never go back.
        kept: hash of the sign-in and the aside's name -> aside, the oldest first.
    """

    clock: Callable[[], float] = time.monotonic
    kept: OrderedDict[tuple[bytes, str], Aside] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    _sweeping: bool = False

    def remember(self, request: Request, words: str) -> str:
        """Keep searched words; what comes back names them in an address."""
        name = secrets.token_hex(4)
        self._put(request, name, words)
        return name

    def words(self, request: Request, name: str) -> str:
        """What this sign-in remembered under that name; empty when it is gone, or another's."""
        with self._lock:
            self._forget_old()
            found = self.kept.get(_place(request, name)) if name != _SAID else None
        return found.text if found else ""

    def say_next(self, request: Request, sentence: str) -> None:
        """Have the next page say this."""
        self._put(request, _SAID, sentence)

    def said(self, request: Request) -> str:
        """The sentence that waits for this sign-in, once."""
        with self._lock:
            self._forget_old()
            found = self.kept.pop(_place(request, _SAID), None)
        return found.text if found else ""

    def forget(self, member_id: str) -> None:
        """Drop everything of this member."""
        with self._lock:
            for place in [place for place, aside in self.kept.items() if aside.member_id == member_id]:
                del self.kept[place]

    def _put(self, request: Request, name: str, text: str) -> None:
        member = visitor(request)
        with self._lock:
            self.kept.pop(_place(request, name), None)
            self.kept[_place(request, name)] = Aside(member.id if member else "", text, self.clock())
            mine = [place for place in self.kept if place[0] == _place(request, name)[0]]
            for place in mine[:-MOST_OF_ONE]:
                del self.kept[place]
            self._forget_old()
            self._sweep_later()

    def sweep(self) -> None:
        """Drop what is too old, though nobody may ask any more."""
        with self._lock:
            self._sweeping = False
            self._forget_old()
            self._sweep_later()

    def _sweep_later(self) -> None:
        if self.kept and not self._sweeping:
            self._sweeping = True
            timer = Timer(_SWEEP_SECONDS, self.sweep)
            timer.daemon = True
            timer.start()

    def _forget_old(self) -> None:
        oldest_kept = self.clock() - KEPT_SECONDS
        while self.kept:
            aside = next(iter(self.kept.values()))
            if len(self.kept) <= MOST and aside.since >= oldest_kept:
                return
            self.kept.popitem(last=False)


def _place(request: Request, name: str) -> tuple[bytes, str]:
    return digest(str(request.scope["session_handler"].session_id)), name
