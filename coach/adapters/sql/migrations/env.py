"""Run by Alembic, inside the transaction that `migrate.py` has opened."""

from __future__ import annotations

from alembic import context

from coach.adapters.sql.tables import Tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Tables.metadata,
    render_as_batch=True,  # SQLite changes a table by rebuilding it
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
