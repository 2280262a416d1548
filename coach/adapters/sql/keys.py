"""Keys out of the store: the store's own one, and each member's, unwrapped when first needed."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, delete, insert, select, update

from coach.adapters.crypto import DataKey, MasterKey, Place
from coach.adapters.sql.engine import Database
from coach.adapters.sql.faults import Clash
from coach.adapters.sql.tables import MemberKeyRow, StoreKeyRow
from coach.domain.mailbox import mailbox
from coach.errors import NotFound

_OWN = "own"
_HELD = 4096  # unwrapped member keys in memory, about 1 kB each
_BATCH = 200  # members whose keys are wrapped anew in one transaction


def no_member() -> NotFound:
    """The one sentence for an account that is not there."""
    return NotFound("There is no such account.")


class BlindIndex:
    """Finds a value without storing it: HMAC-SHA256 under a key of the store."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of_email(self, email: str) -> bytes:
        """The same for every spelling that reaches the same mailbox."""
        return self.of("email", mailbox(email))

    def of(self, *parts: str) -> bytes:
        """Each part is hashed with its length, so that two lists of parts never look the same."""
        mac = hmac.new(self._key, digestmod=hashlib.sha256)
        for part in parts:
            raw = part.encode("utf-8", "surrogatepass")
            mac.update(len(raw).to_bytes(8, "big") + raw)
        return mac.digest()


class KeyRing:
    """The members' data keys. Unwrapped ones stay in memory for the life of the store, bounded."""

    def __init__(self, master: MasterKey) -> None:
        self._master = master
        self._held: OrderedDict[str, DataKey] = OrderedDict()
        self._lock = threading.Lock()
        self._forgotten = 0

    def store(self, connection: Connection, member_id: str, key: DataKey) -> None:
        """Keep a new member's key, wrapped, in the caller's transaction."""
        wrapped = self._master.wrap(key, _member_place(member_id))
        connection.execute(insert(MemberKeyRow), {"member_id": member_id, "wrapped": wrapped})

    def key_of(self, connection: Connection, member_id: str) -> DataKey:
        """One member's key.

        Raises:
            NotFound: no such member, or erased.
            SealBroken: the wrapped key was damaged or belongs to somebody else.
        """
        found = self.keys_of(connection, [member_id]).get(member_id)
        if found is None:
            raise no_member()
        return found

    def keys_of(self, connection: Connection, member_ids: Sequence[str]) -> dict[str, DataKey]:
        """The keys of those members that have one, in as few queries as possible."""
        wanted = set(member_ids)
        with self._lock:
            found = {name: self._held[name] for name in wanted if name in self._held}
            forgotten = self._forgotten
        missing = sorted(wanted - found.keys())
        for start in range(0, len(missing), _BATCH):
            rows = connection.execute(
                select(MemberKeyRow.member_id, MemberKeyRow.wrapped).where(
                    MemberKeyRow.member_id.in_(missing[start : start + _BATCH])
                )
            )
            fresh = {
                row.member_id: self._master.unwrap(row.wrapped, _member_place(row.member_id)) for row in rows
            }
            found |= fresh
            self._hold(fresh, forgotten)
        return found

    def destroy(self, connection: Connection, member_id: str) -> None:
        """Delete a member's key: from here on nothing of theirs can be opened. Raises NotFound."""
        gone = connection.execute(delete(MemberKeyRow).where(MemberKeyRow.member_id == member_id))
        if gone.rowcount == 0:
            raise no_member()

    def forget(self, member_id: str) -> None:
        """Drop a member's key from memory: after the commit that destroyed it."""
        with self._lock:
            self._held.pop(member_id, None)
            self._forgotten += 1

    def rewrap(self, database: Database) -> int:
        """Wrap every key that an older master key holds with the newest one; can be repeated.

        Returns:
            How many keys were wrapped anew.
        """
        done = 0
        while count := self._rewrap_some(database):
            done += count
        return done

    def _rewrap_some(self, database: Database) -> int:
        with database.writing() as connection:
            rows = connection.execute(select(MemberKeyRow.member_id, MemberKeyRow.wrapped).with_for_update())
            old = [row for row in rows if not self._master.is_current(row.wrapped)][:_BATCH]
            for row in old:
                place = _member_place(row.member_id)
                wrapped = self._master.wrap(self._master.unwrap(row.wrapped, place), place)
                connection.execute(
                    update(MemberKeyRow)
                    .where(MemberKeyRow.member_id == row.member_id)
                    .values(wrapped=wrapped)
                )
        return len(old)

    def _hold(self, fresh: dict[str, DataKey], forgotten: int) -> None:
        """Keep keys, unless somebody was erased since they were read: then they are read again."""
        with self._lock:
            if forgotten != self._forgotten:
                return
            self._held.update(fresh)
            while len(self._held) > _HELD:
                self._held.popitem(last=False)


def open_store_key(
    database: Database, master: MasterKey, found_store: Callable[[Connection, DataKey], None]
) -> DataKey:
    """The store's own key; made when the store is new.

    It is random and only wrapped by the master key, so that a new master key leaves the blind index
    and the audit chain as they are.

    Args:
        database: migrated.
        master: opens the key, or seals the new one.
        found_store: writes what a new store begins with, in the same transaction.

    Raises:
        KeyRefused: the master key is not the one of this store.
    """
    place = _store_place()
    found = _stored(database)
    if found is None:
        key = DataKey.fresh()
        try:
            with database.writing() as connection:
                connection.execute(insert(StoreKeyRow).values(id=_OWN, sealed=master.wrap(key, place)))
                found_store(connection, key)
            return key
        except Clash:  # another process opened the new store at the same moment: its key counts
            found = _stored(database) or b""
    return master.unwrap(found, place)


def rewrap_store_key(database: Database, master: MasterKey) -> None:
    """Wrap the store's own key with the newest master key."""
    place = _store_place()
    with database.writing() as connection:
        sealed = connection.execute(select(StoreKeyRow.sealed).where(StoreKeyRow.id == _OWN)).scalar_one()
        fresh = master.wrap(master.unwrap(sealed, place), place)
        connection.execute(update(StoreKeyRow).where(StoreKeyRow.id == _OWN).values(sealed=fresh))


def _stored(database: Database) -> bytes | None:
    with database.reading() as connection:
        return connection.execute(
            select(StoreKeyRow.sealed).where(StoreKeyRow.id == _OWN)
        ).scalar_one_or_none()


def _store_place() -> Place:
    return Place("store_key", "sealed", _OWN, "")


def _member_place(member_id: str) -> Place:
    return Place("member_key", "wrapped", member_id, member_id)
