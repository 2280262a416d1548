"""The first store: accounts, groups, journals, cards, the shared library, outbox and audit."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)
Id = sa.String(200)

# PostgreSQL shows these rows to their owner's transaction only, whatever a query forgets.
WALLED = {
    "conversation": "owner_id",
    "entry": "owner_id",
    "turn": "owner_id",
    "entry_vector": "owner_id",
    "roster": "member_id",
}
# fmt: off
TABLES = (
    "store_key", "member", "member_key", "credential", "link", "identity",
    "session", "peer_group", "membership", "avoid", "roster", "card",
    "conversation", "entry", "turn", "entry_vector", "document", "situation",
    "outbox", "audit", "audit_head",
)
# fmt: on


def upgrade() -> None:
    _accounts()
    _sign_in()
    _groups()
    _journals()
    _cards()
    _shared()
    _outbox()
    _audit()
    if op.get_bind().dialect.name == "postgresql":
        _walls()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)


def _table(name: str, *columns: Any) -> None:
    keys = [column.name for column in columns if isinstance(column, sa.Column) and column.primary_key]
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*keys, name=f"pk_{name}"))


def _index(table: str, *columns: str, **more: Any) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns), **more)


def _refers(table: str, column: str, target: str, then: str | None = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete=then)


def _must(name: str, kind: Any, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **more)


def _key(name: str, kind: Any = Id, **more: Any) -> sa.Column[Any]:
    return _must(name, kind, primary_key=True, **more)


def _accounts() -> None:
    _table("store_key", _key("id"), _must("sealed", sa.LargeBinary))
    _table(
        "member",
        _key("id"),
        _must("email_index", sa.LargeBinary),
        _must("sealed", sa.LargeBinary),
        _must("roles", sa.Text),
        _must("active", sa.Boolean),
        sa.Column("reports_to", Id),
        _refers("member", "reports_to", "member.id", "SET NULL"),
        sa.UniqueConstraint("email_index", name="uq_member_email_index"),
    )
    _index("member", "reports_to")
    _sealed_by_member("member_key", "wrapped")
    _sealed_by_member("credential")
    _sealed_by_member("roster")


def _sealed_by_member(name: str, column: str = "sealed") -> None:
    _table(name, _key("member_id"), _must(column, sa.LargeBinary), _refers(name, "member_id", "member.id"))


def _sign_in() -> None:
    _table(
        "link",
        _key("token_hash", sa.LargeBinary),
        _must("member_id", Id),
        _must("expires_at", Moment),
        sa.Column("used_at", Moment),
        _refers("link", "member_id", "member.id"),
    )
    _index("link", "member_id")
    _table(
        "identity",
        _key("subject_index", sa.LargeBinary),
        _must("member_id", Id),
        _refers("identity", "member_id", "member.id"),
    )
    _index("identity", "member_id")
    _table(
        "session",
        _key("id_hash", sa.LargeBinary),
        sa.Column("member_id", Id),
        _must("sealed", sa.LargeBinary),
        _must("written_at", Moment),
        _must("expires_at", Moment),
        _refers("session", "member_id", "member.id"),
    )
    _index("session", "expires_at")
    _index("session", "member_id")


def _groups() -> None:
    _table("peer_group", _key("id"), _must("sealed", sa.LargeBinary))
    _table(
        "membership",
        _key("group_id"),
        _key("member_id"),
        _key("facilitator", sa.Boolean),
        _refers("membership", "group_id", "peer_group.id"),
        _refers("membership", "member_id", "member.id"),
    )
    _index("membership", "member_id")
    _table(
        "avoid",
        _key("member_id"),
        _key("other_id"),
        _refers("avoid", "member_id", "member.id"),
        _refers("avoid", "other_id", "member.id"),
    )
    _index("avoid", "other_id")


def _journals() -> None:
    _table(
        "conversation",
        _key("id"),
        _must("owner_id", Id),
        _must("started_at", Moment),
        _must("last_at", Moment),
        _refers("conversation", "owner_id", "member.id"),
    )
    _index("conversation", "owner_id")
    _table(
        "entry",
        _key("seq", Counter, autoincrement=True),
        _must("id", Id),
        _must("owner_id", Id),
        _must("conversation_id", Id),
        _must("written_at", Moment),
        _must("sealed", sa.LargeBinary),
        _refers("entry", "owner_id", "member.id"),
        _refers("entry", "conversation_id", "conversation.id", None),
        sa.UniqueConstraint("id", name="uq_entry_id"),
    )
    _index("entry", "conversation_id")
    _index("entry", "owner_id", "conversation_id", "seq")
    _answers("turn", _must("answered_at", Moment), sa.Column("lead", sa.LargeBinary))
    _index("turn", "owner_id", "answered_at")
    _answers("entry_vector")
    _index("entry_vector", "owner_id")


def _answers(name: str, *more: sa.Column[Any]) -> None:
    _table(
        name,
        _key("entry_id"),
        _must("owner_id", Id),
        _must("sealed", sa.LargeBinary),
        *more,
        _refers(name, "entry_id", "entry.id"),
        _refers(name, "owner_id", "member.id"),
    )


def _cards() -> None:
    _table(
        "card",
        _key("seq", Counter, autoincrement=True),
        _must("id", Id),
        _must("owner_id", Id),
        _must("scope", Id),
        _must("approved", sa.Boolean),
        _must("sealed", sa.LargeBinary),
        _must("vector", sa.LargeBinary),
        _refers("card", "owner_id", "member.id"),
        sa.UniqueConstraint("id", name="uq_card_id"),
    )
    _index("card", "owner_id")
    _index("card", "scope", "approved")


def _shared() -> None:
    texts = ("title", "body", "situations", "questions", "function", "setting", "source", "pair")
    _table(
        "document",
        _key("id"),
        _must("kind", Id),
        _must("scope", Id),
        *(_must(name, sa.Text) for name in texts),
        sa.Column("outcome", Id),
        _must("content_hash", Id),
    )
    _index("document", "scope")
    _table(
        "situation",
        _key("id"),
        _must("position", sa.Integer),
        _must("content", sa.Text),
        sa.UniqueConstraint("position", name="uq_situation_position"),
    )


def _outbox() -> None:
    _table(
        "outbox",
        _key("seq", Counter, autoincrement=True),
        _must("kind", Id),
        _must("object_id", Id),
        _must("scope", Id),
        _must("at", Moment),
        sa.Column("done_at", Moment),
    )
    waiting = sa.text("done_at IS NULL")
    op.create_index("ix_outbox_pending", "outbox", ["seq"], sqlite_where=waiting, postgresql_where=waiting)


def _audit() -> None:
    _table(
        "audit",
        _key("seq", Counter, autoincrement=False),
        _must("at", Moment),
        _must("actor_id", Id),
        _must("action", sa.String(80)),
        _must("object_id", Id),
        _must("owner_id", Id),
        _must("mac", sa.LargeBinary),
    )
    _index("audit", "owner_id")
    _table(
        "audit_head",
        _key("id", sa.Integer, autoincrement=False),
        _must("seq", Counter),
        _must("mac", sa.LargeBinary),
        _must("head_mac", sa.LargeBinary),
    )


def _walls() -> None:
    for table, owner in WALLED.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY owner_only ON {table} USING ({owner} = current_setting('coach.owner', true))"
        )
