"""Rows of a journal: written and read inside the transactions of `journal.py`, always by owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from coach.adapters.crypto import DataKey, Place, SealBroken
from coach.adapters.sql.tables import ConversationRow, EntryRow, TurnRow
from coach.domain.model import Conversation, Entry, Turn
from coach.domain.turn_json import turn_from_json, turn_to_json
from coach.errors import NotFound

_BATCH = 500  # names in one IN (...)
# Statements of every turn stand here ready made: putting one together takes longer than running it.
_BEGIN, _ADD = insert(ConversationRow), insert(EntryRow)
_OWN = select(EntryRow.conversation_id).where(
    EntryRow.id == bindparam("entry_id"), EntryRow.owner_id == bindparam("member_id")
)


def begin_conversation(connection: Connection, member_id: str, conversation_id: str, now: datetime) -> None:
    """A new conversation. Raises NotFound when the member was erased a moment ago."""
    values = {"id": conversation_id, "owner_id": member_id, "started_at": now, "last_at": now}
    connection.execute(_BEGIN, values)


def continue_conversation(
    connection: Connection, member_id: str, conversation_id: str, now: datetime
) -> None:
    """Mark a conversation of this member as written in, which also locks it against being erased.

    Raises:
        NotFound: not there, or not theirs.
    """
    touched = connection.execute(
        update(ConversationRow)
        .where(ConversationRow.id == conversation_id, ConversationRow.owner_id == member_id)
        .values(last_at=now)
    )
    if touched.rowcount == 0:
        raise no_conversation()


def add_entry(connection: Connection, key: DataKey, member_id: str, entry: Entry) -> None:
    """The reflection, sealed."""
    sealed = key.seal(entry.text.encode(), Place("entry", "sealed", entry.id, member_id))
    values = {
        "id": entry.id,
        "owner_id": member_id,
        "conversation_id": entry.conversation_id,
        "written_at": entry.written_at,
        "sealed": sealed,
    }
    connection.execute(_ADD, values)


def own_entry(connection: Connection, member_id: str, entry_id: str) -> str:
    """The conversation of an entry of this member. Raises NotFound."""
    found = connection.execute(_OWN, {"entry_id": entry_id, "member_id": member_id}).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such entry.")
    return found


def remove_entry(connection: Connection, member_id: str, conversation_id: str, entry_id: str) -> None:
    """The entry with what hangs on it, and the conversation when nothing is left in it."""
    conversation = (ConversationRow.id == conversation_id, ConversationRow.owner_id == member_id)
    # on PostgreSQL: wait for a reflection that is being added to it right now
    connection.execute(select(ConversationRow.id).where(*conversation).with_for_update())
    connection.execute(delete(EntryRow).where(EntryRow.id == entry_id, EntryRow.owner_id == member_id))
    left = select(EntryRow.seq).where(EntryRow.conversation_id == conversation_id).limit(1)
    if connection.execute(left).scalar_one_or_none() is None:
        connection.execute(delete(ConversationRow).where(*conversation))


def seal_turn(key: DataKey, member_id: str, entry_id: str, turn: Turn) -> dict[str, bytes | None]:
    """The sealed columns of a turn."""
    lead = turn.questions[0].text if turn.questions else None
    return {
        "sealed": key.seal(turn_to_json(turn).encode(), Place("turn", "sealed", entry_id, member_id)),
        "lead": None if lead is None else key.seal(_bytes(lead), _lead(entry_id, member_id)),
    }


def open_lead(key: DataKey, member_id: str, entry_id: str, sealed: bytes) -> str:
    """The lead question of a turn. Raises SealBroken."""
    return key.open(sealed, _lead(entry_id, member_id)).decode("utf-8", "surrogatepass")


def read_conversations(
    connection: Connection, key: DataKey, member_id: str, conversation_ids: Sequence[str]
) -> list[Conversation]:
    """Those of the named conversations that are this member's, in the order of the names.

    Raises:
        SealBroken: a row was damaged or moved.
    """
    found: dict[str, Conversation] = {}
    for start in range(0, len(conversation_ids), _BATCH):
        names = conversation_ids[start : start + _BATCH]
        entries = _read_entries(connection, key, member_id, names)
        rows = connection.execute(
            select(ConversationRow.id, ConversationRow.started_at, ConversationRow.last_at).where(
                ConversationRow.owner_id == member_id, ConversationRow.id.in_(names)
            )
        )
        found |= {
            row.id: Conversation(row.id, row.started_at, row.last_at, tuple(entries.get(row.id, ())))
            for row in rows
        }
    return [found[name] for name in conversation_ids if name in found]


def no_conversation() -> NotFound:
    """The one sentence for a conversation that is not there or not theirs."""
    return NotFound("There is no such conversation.")


def _read_entries(
    connection: Connection, key: DataKey, member_id: str, conversation_ids: Sequence[str]
) -> dict[str, list[Entry]]:
    query = (
        select(EntryRow.id, EntryRow.conversation_id, EntryRow.written_at, EntryRow.sealed, TurnRow.sealed)
        .outerjoin(TurnRow, (TurnRow.entry_id == EntryRow.id) & (TurnRow.owner_id == EntryRow.owner_id))
        .where(EntryRow.owner_id == member_id, EntryRow.conversation_id.in_(conversation_ids))
        .order_by(EntryRow.seq)
    )
    found: dict[str, list[Entry]] = {}
    for entry_id, conversation_id, written_at, sealed, answer in connection.execute(query):
        text = key.open(sealed, Place("entry", "sealed", entry_id, member_id)).decode()
        turn = None if answer is None else _open_turn(key, member_id, entry_id, answer)
        entry = Entry(entry_id, conversation_id, text, written_at, turn)
        found.setdefault(conversation_id, []).append(entry)
    return found


def _open_turn(key: DataKey, member_id: str, entry_id: str, sealed: bytes) -> Turn:
    place = Place("turn", "sealed", entry_id, member_id)
    content = key.open(sealed, place).decode()
    try:
        return turn_from_json(content)
    except ValueError:
        pass  # written by a newer version: raised below, without its content
    raise SealBroken(place)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _lead(entry_id: str, member_id: str) -> Place:
    return Place("turn", "lead", entry_id, member_id)
