"""The store on SQLAlchemy: SQLite by default, PostgreSQL by address."""

from coach.adapters.sql.outbox import OutboxRow
from coach.adapters.sql.store import Store, open_store

__all__ = ["OutboxRow", "Store", "open_store"]
