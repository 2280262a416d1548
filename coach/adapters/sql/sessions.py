"""The port `Sessions`: what a browser's cookie stands for, kept here so that signing out is real."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from coach.adapters.crypto import Place
from coach.adapters.sql.engine import upsert
from coach.adapters.sql.faults import Clash
from coach.adapters.sql.keys import no_member
from coach.adapters.sql.tables import MemberRow, SessionRow
from coach.adapters.sql.vault import Vault
from coach.errors import SignInFailed

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

    def generation(self, member_id: str) -> int:
        """How often all sessions of this member were ended at once; 0 when there is no such member."""
        query = select(MemberRow.generation).where(MemberRow.id == member_id)
        with self._vault.reading() as connection:
            return connection.execute(query).scalar_one_or_none() or 0

    def write(
        self,
        id_hash: bytes,
        payload: bytes,
        member_id: str,
        expires_at: datetime,
        generation: int | None = None,
    ) -> None:
        """Keep a session until `expires_at` (aware); expired ones leave on the way.

        Args:
            id_hash: SHA-256 of the session's id.
            payload: whatever the web layer wants back.
            member_id: whose it is; empty before sign-in.
            expires_at: aware; the end, whatever the browser says.
            generation: as `generation` gave it before what opens this session was checked; None for whatever
                it is now.

        Raises:
            NotFound: no such member.
            SignInFailed: all sessions of the member were ended since then; nothing is kept.
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
                if generation is not None:
                    require_generation(connection, member_id, generation)
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
        """End every session of a member, and refuse those that a sign-in under way would still write."""
        with self._vault.writing() as connection:
            end_sessions(connection, member_id)

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


def end_sessions(connection: Connection, member_id: str) -> int:
    """End every session of a member, in the caller's transaction; the generation from now on.

    The generation rises first. On PostgreSQL that waits for whoever holds the member's row in order to write
    a session, and then sees that session; whoever comes later finds another generation.
    """
    risen = (
        update(MemberRow)
        .where(MemberRow.id == member_id)
        .values(generation=MemberRow.generation + 1)
        .returning(MemberRow.generation)
    )
    generation = connection.execute(risen).scalar_one_or_none() or 0
    connection.execute(delete(SessionRow).where(SessionRow.member_id == member_id))
    return generation


def require_generation(connection: Connection, member_id: str, generation: int) -> None:
    """Hold a member's generation where it is until the caller's transaction ends.

    Raises:
        NotFound: no such member.
        SignInFailed: it is not this one any more.
    """
    # FOR NO KEY UPDATE: waits for another change of the member, and lets their reflections through.
    held = select(MemberRow.generation).where(MemberRow.id == member_id).with_for_update(key_share=True)
    found = connection.execute(held).scalar_one_or_none()
    if found is None:
        raise no_member()
    if found != generation:
        raise SignInFailed(
            "This account was signed out everywhere at the same moment.", "Please sign in again."
        )


def _place(id_hash: bytes, member_id: str) -> Place:
    return Place("session", "sealed", id_hash.hex(), member_id)
