"""What every part of the store works with: transactions, keys, clock, and the audit trail."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import Connection

from coach.adapters.crypto import DataKey, SealBroken
from coach.adapters.sql.audit import Trail
from coach.adapters.sql.engine import Database
from coach.adapters.sql.keys import BlindIndex, KeyRing
from coach.errors import StoreUnavailable
from coach.ports import Clock


@dataclass(frozen=True, slots=True)
class Vault:
    """The store's inside. `own` seals what belongs to the store itself: sessions, names of groups."""

    database: Database
    keys: KeyRing
    own: DataKey
    index: BlindIndex
    trail: Trail
    clock: Clock

    @contextmanager
    def reading(self, owner_id: str = "") -> Iterator[Connection]:
        """As `Database.reading`; a broken seal leaves a line in the owner's access log."""
        try:
            with self.database.reading(owner_id) as connection:
                yield connection
        except SealBroken as broken:
            self._report(broken)
            raise

    @contextmanager
    def writing(self, owner_id: str = "") -> Iterator[Connection]:
        """As `Database.writing`; a broken seal leaves a line in the owner's access log."""
        try:
            with self.database.writing(owner_id) as connection:
                yield connection
        except SealBroken as broken:
            self._report(broken)
            raise

    def _report(self, broken: SealBroken) -> None:
        place = broken.place
        with suppress(StoreUnavailable), self.database.writing() as connection:
            self.trail.append(
                connection, "store", "seal.broken", f"{place.table}:{place.row_id}", place.owner_id
            )


def fresh_id() -> str:
    """A random name of 32 hexadecimal digits: nobody can guess the next one."""
    return secrets.token_hex(16)
