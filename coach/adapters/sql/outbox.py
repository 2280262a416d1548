"""What the indexer still has to do: one row for each change, in the transaction that made the change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from coach.adapters.sql.tables import OutboxTable
from coach.adapters.sql.vault import Vault


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """`kind` is "document" or "situations"; `scope` names the collection that is out of date."""

    seq: int
    kind: str
    object_id: str
    scope: str
    at: datetime


class SqlOutbox:
    """Read by one indexer; a row comes again until it is reported done, so its work can be repeated."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def pending(self, limit: int = 1000) -> list[OutboxRow]:
        """What is not done, oldest first."""
        table = OutboxTable
        query = (
            select(table.seq, table.kind, table.object_id, table.scope, table.at)
            .where(table.done_at.is_(None))
            .order_by(table.seq)
            .limit(limit)
        )
        with self._vault.reading() as connection:
            return [OutboxRow(*row) for row in connection.execute(query)]

    def done(self, seqs: Iterable[int]) -> None:
        """Mark rows as done; ones that are done already stay as they are."""
        table = OutboxTable
        rows = [{"number": seq} for seq in seqs]
        if not rows:
            return
        with self._vault.writing() as connection:
            connection.execute(
                update(table)
                .where(table.seq == bindparam("number"), table.done_at.is_(None))
                .values(done_at=self._vault.clock()),
                rows,
            )


def announce(connection: Connection, kind: str, touched: Iterable[tuple[str, str]], at: datetime) -> None:
    """A row for each (object id, scope), in the caller's transaction."""
    rows = [{"kind": kind, "object_id": name, "scope": scope, "at": at} for name, scope in touched]
    if rows:
        connection.execute(insert(OutboxTable), rows)
