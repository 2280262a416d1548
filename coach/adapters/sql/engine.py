"""The engine: pragmas, transactions that read or write, and errors without anybody's text.

SQLAlchemy's defaults on SQLite lose updates silently (measured: 39 of 320 kept); hence WAL, an
immediate lock for writers, and `synchronous=FULL`, so that what was acknowledged is on the disk.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Executable,
    bindparam,
    create_engine,
    event,
    func,
    make_url,
    select,
    true,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as lite
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from coach.adapters.sql.columns import Id
from coach.adapters.sql.faults import AGAIN, as_ours
from coach.adapters.sql.tables import Tables
from coach.errors import CoachError, SettingsRefused, StoreUnavailable

_TURN_SECONDS = 10.0
_PATIENCE = "busy_timeout=5000"  # milliseconds
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    _PATIENCE,
    "foreign_keys=ON",
    "secure_delete=ON",
    "trusted_schema=OFF",
)
_STAND_FOR = select(func.set_config("coach.owner", bindparam("owner", type_=Id()), true()))
_POOL = {"pool_size": 8, "max_overflow": 24, "pool_timeout": 10}  # seconds


class Database:
    """One engine; every transaction goes through `reading` or `writing`."""

    def __init__(self, url: str, keep_references: bool = True) -> None:
        """Prepare; nothing is opened before the first transaction.

        Args:
            url: `sqlite:///path` or `postgresql+psycopg://...`.
            keep_references: off for migrations only, where SQLite rebuilds tables that others point to.

        Raises:
            SettingsRefused: another kind of database, an address that cannot be read, a missing driver.
        """
        parsed = _parsed(url)
        self._turn = threading.Lock()
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            _private_file(Path(parsed.database or ""))
        self._engine = _engine(parsed, self.is_sqlite, keep_references)
        self._writer = self._engine.execution_options(coach_writes=True)
        self._closed = False
        event.listen(self._engine, "do_connect", self._refuse_when_closed)

    @contextmanager
    def reading(self, owner_id: str = "") -> Iterator[Connection]:
        """A transaction that blocks no writer.

        Args:
            owner_id: whose journal it is about; PostgreSQL shows it no other journal.

        Raises:
            StoreUnavailable: the database did not answer.
        """
        with _translated(), self._engine.begin() as connection:
            self._stand_for(connection, owner_id)
            yield connection

    @contextmanager
    def writing(self, owner_id: str = "") -> Iterator[Connection]:
        """A transaction that is committed whole at the end, or not at all.

        Args:
            owner_id: as in `reading`.

        Raises:
            StoreUnavailable: disk full, busy, gone; nothing of it was saved. `Clash` for a constraint.
        """
        with self._in_turn(), _translated(), self._writer.begin() as connection:
            self._stand_for(connection, owner_id)
            yield connection

    def scrub(self) -> None:
        """Empty SQLite's write-ahead log, so that overwritten pages leave the disk now, not later.

        Does what it can without making anybody wait: a reader in the way puts it off to the next time.
        """
        if not self.is_sqlite:
            return
        with suppress(SQLAlchemyError, sqlite3.Error), self._engine.connect() as connection:
            _truncate_log(connection)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """SQLite has one writer at a time: its threads queue here, instead of each polling for the lock."""
        if not self.is_sqlite:
            yield
            return
        if not self._turn.acquire(timeout=_TURN_SECONDS):
            raise StoreUnavailable("The database is busy.", AGAIN)
        try:
            yield
        finally:
            self._turn.release()

    def _stand_for(self, connection: Connection, owner_id: str) -> None:
        """Say whose rows this transaction may see (row-level security); forgotten when it ends."""
        if owner_id and not self.is_sqlite:
            connection.execute(_STAND_FOR, {"owner": owner_id})

    def close(self) -> None:
        """Give every connection back to the system and open no other: SQLite would make the file anew."""
        if not self._closed:
            self.scrub()
        self._closed = True
        self._engine.dispose()

    def _refuse_when_closed(self, *_: object) -> None:
        """A thread that is late would otherwise leave an empty store where a demo's has just been erased."""
        if self._closed:
            raise StoreUnavailable("The database cannot be reached.", AGAIN)


def _truncate_log(connection: Connection) -> None:
    """A checkpoint on the driver's own connection, because it must stand outside any transaction."""
    raw = connection.connection.driver_connection
    if raw is None:
        return
    try:
        raw.execute("PRAGMA busy_timeout=500")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        raw.execute(f"PRAGMA {_PATIENCE}")


def upsert(
    connection: Connection, table: type[Tables], rows: Mapping[str, Any] | Sequence[Mapping[str, Any]]
) -> None:
    """Insert one row or many, replacing those with the same primary key; all rows name the same columns."""
    first = rows if isinstance(rows, Mapping) else rows[0]
    connection.execute(_upserting(table, tuple(first), connection.dialect.name), rows)


@cache
def _upserting(table: type[Tables], names: tuple[str, ...], dialect: str) -> Executable:
    """The statement, which takes longer to put together than to run; it holds names of columns only."""
    keys = [column.name for column in table.__table__.primary_key]
    insert = (lite if dialect == "sqlite" else postgresql).insert(table)
    rest = {name: insert.excluded[name] for name in names if name not in keys}
    made: Executable = (
        insert.on_conflict_do_update(index_elements=keys, set_=rest)
        if rest
        else insert.on_conflict_do_nothing(index_elements=keys)
    )
    return made


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise _bare(as_ours(error)) from None


def _bare(error: CoachError) -> CoachError:
    """The same error without the traceback of where a column type raised it."""
    return error.with_traceback(None)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is not None and parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed is not None and parsed.drivername == "postgresql+psycopg":
        return parsed
    if parsed is not None and parsed.drivername == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed
    raise SettingsRefused(
        "The database address cannot be used.",
        "Leave COACH_DATABASE_URL empty, or set it to postgresql+psycopg://user@host/name.",
    )


def _private_file(path: Path) -> None:
    """The file before SQLite makes it, so that only this account can read it from the first moment."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError:
        raise SettingsRefused(
            "The data folder cannot be written.", "Set COACH_HOME to a folder that this account may write."
        ) from None


def _engine(url: URL, is_sqlite: bool, keep_references: bool) -> Engine:
    reach = {} if is_sqlite else {"connect_args": {"connect_timeout": 5}}
    try:
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, **_POOL, **reach)
    except ImportError:
        raise SettingsRefused(
            "PostgreSQL needs a driver that is not installed.", 'Install "peer-coach[postgres]".'
        ) from None
    if is_sqlite:
        _tune(engine, keep_references)
    return engine


def _tune(engine: Engine, keep_references: bool) -> None:
    pragmas = tuple(
        "foreign_keys=OFF" if not keep_references and p == "foreign_keys=ON" else p for p in _PRAGMAS
    )

    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's begin event opens transactions, not the driver
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("coach_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
