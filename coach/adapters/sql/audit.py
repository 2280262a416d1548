"""The audit log: ids and verbs, each row chained to the one before by HMAC.

Whoever holds the disk but not the key cannot change, remove, reorder or cut off rows unnoticed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, insert, select, true

from coach.adapters.sql.engine import upsert
from coach.adapters.sql.tables import AuditHeadRow, AuditRow
from coach.domain.model import Access
from coach.ports import Clock

if TYPE_CHECKING:
    from coach.adapters.sql.vault import Vault

_HEAD = 1
_START = bytes(32)
_ACTION = re.compile(r"[a-z0-9_.:-]{1,80}")
_ID = re.compile(r"[^\s\x00-\x1f\ud800-\udfff]{0,200}")  # no spaces: a sentence is no id


@dataclass(frozen=True, slots=True)
class Trail:
    """Writes and follows the chain, always inside somebody's transaction."""

    key: bytes
    clock: Clock

    def start(self, connection: Connection) -> None:
        """The head of an empty chain, made together with the store: a missing head is a broken chain."""
        self._set_head(connection, 0, _START)

    def append(
        self, connection: Connection, actor_id: str, action: str, object_id: str = "", owner_id: str = ""
    ) -> None:
        """One row more.

        Raises:
            ValueError: the action or an id looks like text; a fault of the caller, to be mended in code.
        """
        ids = (actor_id, object_id, owner_id)
        if not _ACTION.fullmatch(action) or not all(_ID.fullmatch(name) for name in ids):
            raise ValueError("the audit log takes verbs and ids only")
        before, last = self._last(connection)
        seq, at = last + 1, self.clock().astimezone(UTC)
        mac = self.link(before, seq, at, actor_id, action, object_id, owner_id)
        connection.execute(
            insert(AuditRow),
            {
                "seq": seq,
                "at": at,
                "actor_id": actor_id,
                "action": action,
                "object_id": object_id,
                "owner_id": owner_id,
                "mac": mac,
            },
        )
        self._set_head(connection, seq, mac)

    def link(self, before: bytes, seq: int, at: datetime, *parts: str) -> bytes:
        """The MAC of a row, over the one before it."""
        content = json.dumps([seq, at.astimezone(UTC).isoformat(timespec="microseconds"), *parts])
        return hmac.digest(self.key, before + content.encode(), hashlib.sha256)

    def first_broken(self, rows: Iterable[Any]) -> int | None:
        """Follow the chain through rows of `_chain`, oldest first; see `Audit.verify`."""
        last: int = 0
        mac, row = _START, None
        for row in rows:
            if row.seq is None:  # the chain is empty; the head alone came
                break
            link = self.link(mac, last + 1, row.at, row.actor_id, row.action, row.object_id, row.owner_id)
            if row.seq != last + 1 or not hmac.compare_digest(link, row.mac):
                return last + 1
            last, mac = row.seq, row.mac
        if row is None or not hmac.compare_digest(self._head_mac(row.head_seq, row.head), row.head_mac):
            return last + 1
        if (row.head_seq, row.head) != (last, mac):
            return min(int(row.head_seq), last) + 1
        return None

    def _last(self, connection: Connection) -> tuple[bytes, int]:
        """MAC and number of the last row. The lock makes writers queue on PostgreSQL as on SQLite."""
        head = connection.execute(
            select(AuditHeadRow.seq, AuditHeadRow.mac).where(AuditHeadRow.id == _HEAD).with_for_update()
        ).one_or_none()
        if head is not None:
            return head.mac, head.seq
        # somebody removed the head: members can still work, and `verify` names the row that comes now
        return _START, connection.execute(select(func.max(AuditRow.seq))).scalar_one() or 0

    def _set_head(self, connection: Connection, seq: int, mac: bytes) -> None:
        head_mac = self._head_mac(seq, mac)
        upsert(connection, AuditHeadRow, {"id": _HEAD, "seq": seq, "mac": mac, "head_mac": head_mac})

    def _head_mac(self, seq: int, mac: bytes) -> bytes:
        return hmac.digest(self.key, b"head|%d|" % seq + mac, hashlib.sha256)


class SqlAudit:
    """The port `Audit`."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def record(self, actor_id: str, action: str, object_id: str = "", owner_id: str = "") -> None:
        """One line, committed when this returns.

        Raises:
            ValueError: the action or an id looks like text.
            StoreUnavailable: nothing was recorded.
        """
        with self._vault.writing() as connection:
            self._vault.trail.append(connection, actor_id, action, object_id, owner_id)

    def of_owner(self, owner_id: str) -> list[Access]:
        """A member's access log, newest first."""
        query = (
            select(AuditRow.at, AuditRow.actor_id, AuditRow.action, AuditRow.object_id)
            .where(AuditRow.owner_id == owner_id)
            .order_by(AuditRow.seq.desc())
        )
        with self._vault.reading() as connection:
            return [
                Access(row.at, row.actor_id, row.action, row.object_id) for row in connection.execute(query)
            ]

    def verify(self) -> int | None:
        """The first number that the chain cannot vouch for; None when all of it holds.

        A changed, moved or removed row is named by its own number, a cut-off end by the first number
        that is missing. Replacing the whole store by an older copy of itself cannot be seen from inside:
        export the last line elsewhere for that.
        """
        with self._vault.reading() as connection:
            rows = connection.execution_options(yield_per=1000).execute(_chain())
            return self._vault.trail.first_broken(rows)


def _chain() -> Any:
    """Rows and head in one statement, hence of one moment; the head comes even when there is no row."""
    head = (AuditHeadRow.seq.label("head_seq"), AuditHeadRow.mac.label("head"), AuditHeadRow.head_mac)
    row = (
        AuditRow.seq,
        AuditRow.at,
        AuditRow.actor_id,
        AuditRow.action,
        AuditRow.object_id,
        AuditRow.owner_id,
        AuditRow.mac,
    )
    return select(*row, *head).select_from(AuditHeadRow).outerjoin(AuditRow, true()).order_by(AuditRow.seq)
