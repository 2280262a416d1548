"""Sessions know the generation they belong to; links and identities are bound to their member.

The binding is an HMAC that no migration can compute, because it has no key. Links from before open nothing
any more, and an identity is bound anew by its verified address at the next sign-in.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BOUND = (sa.table("link"), sa.table("identity"))


def upgrade() -> None:
    op.add_column("member", sa.Column("generation", sa.Integer(), nullable=False, server_default="0"))
    for table in BOUND:
        op.execute(sa.delete(table))
        op.add_column(table.name, sa.Column("bound", sa.LargeBinary(), nullable=False))


def downgrade() -> None:
    for table in BOUND:
        op.execute(sa.delete(table))
        op.drop_column(table.name, "bound")
    op.drop_column("member", "generation")
