"""Brings the schema to the newest revision; the scripts travel inside the package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from coach.adapters.sql.engine import Database
from coach.errors import SettingsRefused

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0002"  # the newest revision in migrations/versions; a test keeps the two in step
_LOCK = 7_064_920_815  # any fixed number: one migration at a time on PostgreSQL


def upgrade(url: str, revision: str = HEAD) -> None:
    """Bring the store at `url` to `revision`, in one transaction on both databases.

    Does nothing, and does not even load Alembic, when the store is there already.

    Raises:
        SettingsRefused: a newer version of the program made this store.
        StoreUnavailable: the database did not take the change; the schema is as it was.
    """
    _move(url, revision, down=False)


def downgrade(url: str, revision: str) -> None:
    """Bring the store back to `revision` ("base" for nothing). What newer tables held is lost."""
    _move(url, revision, down=True)


def current(connection: Connection) -> str | None:
    """The revision of the store; None when it has no tables yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return None if found is None else str(found)


def _move(url: str, revision: str, *, down: bool) -> None:
    database = Database(url, keep_references=False)
    try:
        with database.reading() as connection:
            there = current(connection)
        if there == revision:
            return
        with database.writing() as connection:
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            _run(connection, revision, down=down)
    finally:
        database.close()


def _run(connection: Connection, revision: str, *, down: bool) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    config = _config(connection)
    there = current(connection)  # again, now that nobody else can move it
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if there is not None and there not in known:
        raise SettingsRefused(
            "The store was made by a newer version of the program.", "Install that version or a later one."
        )
    (command.downgrade if down else command.upgrade)(config, revision)


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "coach.adapters.sql:migrations")
    config.attributes["connection"] = connection
    return config
