"""Opens the store: one value that holds every port the database answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType

from coach.adapters.crypto import DataKey, MasterKey
from coach.adapters.sql.audit import SqlAudit, Trail
from coach.adapters.sql.engine import Database
from coach.adapters.sql.journal import SqlJournal
from coach.adapters.sql.keys import BlindIndex, KeyRing, open_store_key, rewrap_store_key
from coach.adapters.sql.library import SqlLibrary
from coach.adapters.sql.migrate import upgrade
from coach.adapters.sql.outbox import SqlOutbox
from coach.adapters.sql.people import SqlPeople
from coach.adapters.sql.sessions import SqlSessions
from coach.adapters.sql.vault import Vault
from coach.ports import Clock


@dataclass(frozen=True)
class Store:
    """An open store; usable from several threads, closed by `close` or at the end of a `with`."""

    journal: SqlJournal
    people: SqlPeople
    library: SqlLibrary
    sessions: SqlSessions
    audit: SqlAudit
    outbox: SqlOutbox
    _vault: Vault = field(repr=False)
    _master: MasterKey = field(repr=False)

    def rewrap(self) -> int:
        """Wrap every key with the newest master key; the texts stay as they are. Can be repeated.

        Returns:
            How many members' keys were wrapped anew.

        Raises:
            KeyRefused: a key was sealed by a master key that is no longer in the file.
            StoreUnavailable: what was done so far stays; call again.
        """
        count = self._vault.keys.rewrap(self._vault.database)
        rewrap_store_key(self._vault.database, self._master)
        self._vault.database.scrub()
        return count

    def close(self) -> None:
        """Give everything back; nothing may be asked of the store afterwards."""
        self._vault.database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(url: str, master_key: MasterKey, clock: Clock) -> Store:
    """Open a store, making or migrating it first.

    Args:
        url: `sqlite:///path` or `postgresql+psycopg://user@host/name`.
        master_key: of the key file that was made together with this store.
        clock: the time, aware.

    Raises:
        KeyRefused: the master key is not the one of this store; nothing was changed.
        SettingsRefused: an address that cannot be used, or a store of a newer version.
        StoreUnavailable: the database cannot be reached or is full.
    """
    upgrade(url)
    database = Database(url)
    try:
        own = open_store_key(
            database, master_key, lambda connection, key: _trail(key, clock).start(connection)
        )
    except BaseException:
        database.close()
        raise
    vault = Vault(
        database=database,
        keys=KeyRing(master_key),
        own=own,
        index=BlindIndex(own.derive("blind index")),
        trail=_trail(own, clock),
        clock=clock,
    )
    return Store(
        journal=SqlJournal(vault),
        people=SqlPeople(vault),
        library=SqlLibrary(vault),
        sessions=SqlSessions(vault),
        audit=SqlAudit(vault),
        outbox=SqlOutbox(vault),
        _vault=vault,
        _master=master_key,
    )


def _trail(own: DataKey, clock: Clock) -> Trail:
    return Trail(own.derive("audit"), clock)
