"""The tables. What a member wrote, or what was worked out from it, lies in `sealed` columns only.

Ids are random; `seq` columns give the order, because clocks jump. Owners cascade: when a member's
row goes, everything of theirs goes. docs/decisions/0002-store.md lists what is sealed and why.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, MetaData, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from coach.adapters.sql.columns import Counter, Id, PlainText, UtcTime, Words

Names = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Tables(DeclarativeBase):
    metadata = MetaData(naming_convention=Names)
    type_annotation_map = {str: Id, bytes: LargeBinary, datetime: UtcTime}  # noqa: RUF012 (SQLAlchemy's own idiom)


def _owner(primary_key: bool = False) -> Mapped[str]:
    return mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=primary_key, index=not primary_key
    )


class StoreKeyRow(Tables):
    """The store's own key, wrapped by the master key. Opening it proves that the master key fits."""

    __tablename__ = "store_key"
    id: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]


class MemberRow(Tables):
    __tablename__ = "member"
    id: Mapped[str] = mapped_column(primary_key=True)
    email_index: Mapped[bytes] = mapped_column(unique=True)  # HMAC: finds an address, does not tell it
    sealed: Mapped[bytes]  # name, e-mail, function
    roles: Mapped[tuple[str, ...]] = mapped_column(Words)
    active: Mapped[bool] = mapped_column(default=True)
    generation: Mapped[int] = mapped_column(default=0)  # rises whenever all sessions end at once
    reports_to: Mapped[str | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)


class MemberKeyRow(Tables):
    """A member's data key, wrapped. Without this row nothing of theirs can be read again."""

    __tablename__ = "member_key"
    member_id: Mapped[str] = _owner(primary_key=True)
    wrapped: Mapped[bytes]


class GroupRow(Tables):
    __tablename__ = "peer_group"  # "group" is a word of SQL
    id: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]  # name, purpose


class MembershipRow(Tables):
    """Being in a group and facilitating it are two rows: neither gives the other."""

    __tablename__ = "membership"
    group_id: Mapped[str] = mapped_column(ForeignKey("peer_group.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[str] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    facilitator: Mapped[bool] = mapped_column(primary_key=True)


class CredentialRow(Tables):
    __tablename__ = "credential"
    member_id: Mapped[str] = _owner(primary_key=True)
    sealed: Mapped[bytes]  # the argon2 hash: sealed, so that a stolen disk offers nothing to guess at


class LinkRow(Tables):
    __tablename__ = "link"
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)  # HMAC of the token's SHA-256
    member_id: Mapped[str] = _owner()
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    bound: Mapped[bytes]  # HMAC of token, member and end: a row that was moved or lengthened opens nothing


class IdentityRow(Tables):
    __tablename__ = "identity"
    subject_index: Mapped[bytes] = mapped_column(primary_key=True)  # HMAC of issuer and subject
    member_id: Mapped[str] = _owner()
    bound: Mapped[bytes]  # HMAC of both and the member: a row that was moved opens nothing


class SessionRow(Tables):
    __tablename__ = "session"
    id_hash: Mapped[bytes] = mapped_column(primary_key=True)
    member_id: Mapped[str | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    sealed: Mapped[bytes]
    written_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ConversationRow(Tables):
    __tablename__ = "conversation"
    id: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = _owner()
    started_at: Mapped[datetime]
    last_at: Mapped[datetime]


class EntryRow(Tables):
    __tablename__ = "entry"
    __table_args__ = (Index("ix_entry_owner_id_conversation_id_seq", "owner_id", "conversation_id", "seq"),)
    seq: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    written_at: Mapped[datetime]
    sealed: Mapped[bytes]  # the reflection


class TurnRow(Tables):
    __tablename__ = "turn"
    __table_args__ = (Index("ix_turn_owner_id_answered_at", "owner_id", "answered_at"),)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    answered_at: Mapped[datetime]
    sealed: Mapped[bytes]  # the whole turn as JSON
    lead: Mapped[bytes | None]  # the lead question once more, sealed: read at every turn


class EntryVectorRow(Tables):
    __tablename__ = "entry_vector"
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[str] = _owner()
    sealed: Mapped[bytes]  # float32: whoever has a vector has most of the words


class CardRow(Tables):
    __tablename__ = "card"
    __table_args__ = (Index("ix_card_scope_approved", "scope", "approved"),)
    seq: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[str] = _owner()
    scope: Mapped[str]
    approved: Mapped[bool]
    sealed: Mapped[bytes]  # lines, hint, situations; scope and approval once more, so that nobody widens them
    vector: Mapped[bytes]


class RosterRow(Tables):
    __tablename__ = "roster"
    member_id: Mapped[str] = _owner(primary_key=True)
    sealed: Mapped[bytes]


class AvoidRow(Tables):
    __tablename__ = "avoid"
    member_id: Mapped[str] = _owner(primary_key=True)
    other_id: Mapped[str] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class DocumentRow(Tables):
    __tablename__ = "document"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    scope: Mapped[str] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(PlainText)
    body: Mapped[str] = mapped_column(PlainText)
    situations: Mapped[tuple[str, ...]] = mapped_column(Words)
    questions: Mapped[tuple[str, ...]] = mapped_column(Words)
    outcome: Mapped[str | None]
    function: Mapped[str] = mapped_column(PlainText)
    setting: Mapped[str] = mapped_column(PlainText)
    source: Mapped[str] = mapped_column(PlainText)
    pair: Mapped[str] = mapped_column(PlainText)
    content_hash: Mapped[str]


class SituationRow(Tables):
    __tablename__ = "situation"
    id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(unique=True)  # the order in which its authors put it
    content: Mapped[str] = mapped_column(PlainText)  # JSON


class OutboxTable(Tables):
    """What the indexer has to bring in line; written in the transaction that changed the truth."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_pending",
            "seq",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )
    seq: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    kind: Mapped[str]
    object_id: Mapped[str]
    scope: Mapped[str]
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class AuditRow(Tables):
    """Ids and verbs only. No foreign keys: it outlives what it tells about."""

    __tablename__ = "audit"
    seq: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[str]
    action: Mapped[str] = mapped_column(String(80))
    object_id: Mapped[str]
    owner_id: Mapped[str] = mapped_column(index=True)
    mac: Mapped[bytes]


class AuditHeadRow(Tables):
    """The last link of the chain, so that cutting off its end shows."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Counter)
    mac: Mapped[bytes]
    head_mac: Mapped[bytes]
