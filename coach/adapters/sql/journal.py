"""The port `Journal`: a member's own words, sealed under their own key, asked for by their owner only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from coach.adapters.crypto import Place
from coach.adapters.sql.columns import refuse_unstorable
from coach.adapters.sql.engine import upsert
from coach.adapters.sql.matrices import matrix_from_bytes, matrix_to_bytes
from coach.adapters.sql.tables import ConversationRow, EntryRow, EntryVectorRow, MemberRow, TurnRow
from coach.adapters.sql.threads import (
    add_entry,
    begin_conversation,
    continue_conversation,
    no_conversation,
    open_lead,
    own_entry,
    read_conversations,
    remove_entry,
    seal_turn,
)
from coach.adapters.sql.vault import Vault, fresh_id
from coach.domain.model import Conversation, Entry, Turn
from coach.ports import Matrix

# Ready made: every turn asks it, and putting a statement together takes longer than running it.
_LEADS_SINCE = (
    select(TurnRow.entry_id, TurnRow.lead)
    .join(EntryRow, EntryRow.id == TurnRow.entry_id)
    .where(
        TurnRow.owner_id == bindparam("member_id"),
        TurnRow.answered_at >= bindparam("since"),
        TurnRow.lead.is_not(None),
    )
    .order_by(EntryRow.seq.desc())
    .limit(bindparam("most"))
)


class SqlJournal:
    """Every query names the owner; on PostgreSQL row-level security asks a second time."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def add_reflection(self, member_id: str, conversation_id: str | None, text: str) -> Entry:
        """Commit one reflection; it is on the disk when this returns.

        Args:
            member_id: the owner.
            conversation_id: one of the owner's; None begins a new one.
            text: the cleaned reflection.

        Raises:
            TextRefused: a character that no database takes.
            NotFound: no such member, or no such conversation of theirs.
            StoreUnavailable: nothing was saved.
        """
        refuse_unstorable(text)
        now = self._vault.clock()
        entry = Entry(fresh_id(), conversation_id or fresh_id(), text, now)
        with self._vault.writing(member_id) as connection:
            key = self._vault.keys.key_of(connection, member_id)
            if conversation_id is None:
                begin_conversation(connection, member_id, entry.conversation_id, now)
            else:
                continue_conversation(connection, member_id, conversation_id, now)
            add_entry(connection, key, member_id, entry)
        return entry

    def add_turn(self, member_id: str, entry_id: str, turn: Turn, vectors: Matrix | None = None) -> None:
        """Commit the turn that answers an entry; a second one replaces the first, so it can be repeated.

        Args:
            member_id: the owner.
            entry_id: one of the owner's entries.
            turn: what was shown.
            vectors: (n, dimensions), of the entry's text and its sentences.

        Raises:
            NotFound: no such entry of this member.
            StoreUnavailable: nothing was saved.
        """
        with self._vault.writing(member_id) as connection:
            own_entry(connection, member_id, entry_id)
            key = self._vault.keys.key_of(connection, member_id)
            row = {"entry_id": entry_id, "owner_id": member_id}
            sealed = seal_turn(key, member_id, entry_id, turn)
            upsert(connection, TurnRow, {**row, **sealed, "answered_at": self._vault.clock()})
            if vectors is not None:
                place = Place("entry_vector", "sealed", entry_id, member_id)
                sealed_vectors = key.seal(matrix_to_bytes(vectors), place)
                upsert(connection, EntryVectorRow, {**row, "sealed": sealed_vectors})

    def conversations(self, member_id: str, limit: int = 200) -> list[Conversation]:
        """The conversation written in last comes first, each with all its entries in order.

        Raises:
            SealBroken: a row was damaged or moved; nothing is shown.
        """
        newest = (
            select(EntryRow.conversation_id)
            .where(EntryRow.owner_id == member_id)
            .group_by(EntryRow.conversation_id)
            .order_by(func.max(EntryRow.seq).desc())
            .limit(limit)
        )
        with self._vault.reading(member_id) as connection:
            names = list(connection.execute(newest).scalars())
            if not names:
                return []
            key = self._vault.keys.key_of(connection, member_id)
            return read_conversations(connection, key, member_id, names)

    def conversation(self, member_id: str, conversation_id: str) -> Conversation:
        """One conversation with all its entries. Raises NotFound, and SealBroken as `conversations`."""
        with self._vault.reading(member_id) as connection:
            key = self._vault.keys.key_of(connection, member_id)
            found = read_conversations(connection, key, member_id, [conversation_id])
        if not found:
            raise no_conversation()
        return found[0]

    def erase_entry(self, member_id: str, entry_id: str) -> None:
        """Remove an entry with its turn and vectors, and its conversation when that was all of it.

        Raises:
            NotFound: no such entry of this member.
            StoreUnavailable: everything is as it was.
        """
        with self._vault.writing(member_id) as connection:
            conversation_id = own_entry(connection, member_id, entry_id)
            remove_entry(connection, member_id, conversation_id, entry_id)
            self._vault.trail.append(connection, member_id, "journal.erase-entry", entry_id, member_id)
        self._vault.database.scrub()

    def erase_journal(self, member_id: str, actor_id: str = "") -> None:
        """Remove every conversation of this member.

        Args:
            actor_id: whom the audit log names; empty for the member.

        Raises:
            NotFound: no such member.
            StoreUnavailable: everything is as it was.
        """
        with self._vault.writing(member_id) as connection:
            self._vault.keys.key_of(connection, member_id)
            # on PostgreSQL this holds back a reflection that is being written right now
            connection.execute(select(MemberRow.id).where(MemberRow.id == member_id).with_for_update())
            connection.execute(delete(EntryRow).where(EntryRow.owner_id == member_id))
            connection.execute(delete(ConversationRow).where(ConversationRow.owner_id == member_id))
            actor_id = actor_id or member_id
            self._vault.trail.append(connection, actor_id, "journal.erase-all", member_id, member_id)
        self._vault.database.scrub()

    def asked_since(self, member_id: str, since: datetime, most: int) -> list[str]:
        """Lead questions put to the member at or after `since` (aware), newest last; the newest `most`."""
        with self._vault.reading(member_id) as connection:
            asked_for = {"member_id": member_id, "since": since, "most": most}
            rows = connection.execute(_LEADS_SINCE, asked_for).all()
            if not rows:
                return []
            key = self._vault.keys.key_of(connection, member_id)
            return [open_lead(key, member_id, row.entry_id, row.lead) for row in reversed(rows)]

    def vectors(self, member_id: str) -> list[tuple[str, Matrix]]:
        """Ids of the member's entries, oldest first, each with its vectors (n, dimensions), read-only."""
        query = (
            select(EntryVectorRow.entry_id, EntryVectorRow.sealed)
            .join(EntryRow, EntryRow.id == EntryVectorRow.entry_id)
            .where(EntryVectorRow.owner_id == member_id)
            .order_by(EntryRow.seq)
        )
        with self._vault.reading(member_id) as connection:
            rows = connection.execute(query).all()
            if not rows:
                return []
            key = self._vault.keys.key_of(connection, member_id)
            places = (Place("entry_vector", "sealed", row.entry_id, member_id) for row in rows)
            opened = (key.open(row.sealed, place) for row, place in zip(rows, places, strict=True))
            return [(row.entry_id, matrix_from_bytes(raw)) for row, raw in zip(rows, opened, strict=True)]
