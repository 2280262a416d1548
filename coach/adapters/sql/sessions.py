"""The port `Sessions`: what a browser's cookie stands for, kept here so that signing out is real."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from coach.adapters.crypto import Place
from coach.adapters.sql.engine import upsert
from coach.adapters.sql.faults import Clash
from coach.adapters.sql.keys import no_member
from coach.adapters.sql.tables import SessionRow
from coach.adapters.sql.vault import Vault

_SKEW = timedelta(minutes=5)  # how far a clock may fall back before older sessions count as ended
_HELD = 20_000  # deadlines in memory


class SqlSessions:
    """Payloads are sealed; ids are known by their SHA-256 only.

    Wall clocks jump. A deadline is therefore also kept against a clock that only runs forward, as
    long as the process lives, and a session "from the future" is not read.
    """

    def __init__(self, vault: Vault, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._vault = vault
        self._monotonic = monotonic
        self._deadlines: OrderedDict[bytes, float] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, id_hash: bytes) -> bytes | None:
        """The payload; None when the session is unknown, ended or expired."""
        query = select(SessionRow.__table__).where(SessionRow.id_hash == id_hash)
        with self._vault.reading() as connection:
            row = connection.execute(query).one_or_none()
            if row is None or not self._alive(row.id_hash, row.written_at, row.expires_at):
                return None
            return self._vault.own.open(row.sealed, _place(id_hash, row.member_id or ""))

    def write(self, id_hash: bytes, payload: bytes, member_id: str, expires_at: datetime) -> None:
        """Keep a session until `expires_at` (aware); expired ones leave on the way.

        Args:
            id_hash: SHA-256 of the session's id.
            payload: whatever the web layer wants back.
            member_id: whose it is; empty before sign-in.
            expires_at: aware; the end, whatever the browser says.

        Raises:
            NotFound: no such member.
        """
        now = self._vault.clock()
        values = {
            "id_hash": id_hash,
            "member_id": member_id or None,
            "sealed": self._vault.own.seal(payload, _place(id_hash, member_id)),
            "written_at": now,
            "expires_at": expires_at,
        }
        try:
            with self._vault.writing() as connection:
                connection.execute(delete(SessionRow).where(SessionRow.expires_at <= now))
                upsert(connection, SessionRow, values)
        except Clash:
            pass
        else:
            self._hold(id_hash, (expires_at - now).total_seconds(), renew=True)
            return
        raise no_member()

    def remove(self, id_hash: bytes) -> None:
        """End one session; ending it twice is fine."""
        with self._vault.writing() as connection:
            connection.execute(delete(SessionRow).where(SessionRow.id_hash == id_hash))

    def remove_all(self, member_id: str) -> None:
        """End every session of a member."""
        with self._vault.writing() as connection:
            connection.execute(delete(SessionRow).where(SessionRow.member_id == member_id))

    def _alive(self, id_hash: bytes, written_at: datetime, expires_at: datetime) -> bool:
        now = self._vault.clock()
        if now >= expires_at or now < written_at - _SKEW:
            return False
        return self._monotonic() < self._hold(id_hash, (expires_at - now).total_seconds(), renew=False)

    def _hold(self, id_hash: bytes, seconds: float, renew: bool) -> float:
        """The deadline on the forward clock: set when written, or when this process first sees it."""
        deadline = self._monotonic() + seconds
        with self._lock:
            held = deadline if renew else self._deadlines.get(id_hash, deadline)
            self._deadlines[id_hash] = held
            self._deadlines.move_to_end(id_hash)
            while len(self._deadlines) > _HELD:
                self._deadlines.popitem(last=False)
        return held


def _place(id_hash: bytes, member_id: str) -> Place:
    return Place("session", "sealed", id_hash.hex(), member_id)
