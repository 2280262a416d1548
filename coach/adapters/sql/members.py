"""Accounts: who is there, with which roles, and who reports to whom."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, update

from coach.adapters.crypto import DataKey, Place
from coach.adapters.sql.columns import refuse_unstorable
from coach.adapters.sql.faults import Clash
from coach.adapters.sql.keys import no_member
from coach.adapters.sql.sessions import end_sessions
from coach.adapters.sql.tables import MemberRow
from coach.adapters.sql.vault import Vault, fresh_id
from coach.domain.model import Member, Role
from coach.errors import UserError

# Ready made: a turn asks several times, and putting a statement together takes longer than running it.
_ALL = select(MemberRow.id, MemberRow.sealed, MemberRow.roles, MemberRow.active)
_ONE = _ALL.where(MemberRow.id == bindparam("member_id"))
_BY_EMAIL = _ALL.where(MemberRow.email_index == bindparam("email_index"))
_BOSSES = select(MemberRow.id, MemberRow.reports_to)


class MemberPart:
    """The part of `People` about accounts."""

    _vault: Vault

    def add_member(self, name: str, email: str, roles: Iterable[Role], function: str = "") -> Member:
        """A new account with a data key of its own.

        Raises:
            UserError: the e-mail is already there.
            TextRefused: a character that no database takes.
        """
        refuse_unstorable(name, email, function)
        member = Member(fresh_id(), name, email, frozenset(roles), function)
        try:
            with self._vault.writing() as connection:
                self._insert(connection, member)
        except Clash:
            pass
        else:
            return member
        raise UserError(
            "There is an account with this e-mail already.", "Use that account, or another address."
        )

    def member(self, member_id: str) -> Member:
        """Raises NotFound."""
        found = self._members(_ONE, member_id=member_id)
        if not found:
            raise no_member()
        return found[0]

    def member_by_email(self, email: str) -> Member | None:
        """The account of this address, in any spelling of case.

        The address in the sealed row decides: an index that was put on another member's row finds nobody.
        """
        wanted = self._vault.index.of_email(email)
        found = self._members(_BY_EMAIL, email_index=wanted)
        return found[0] if found and self._vault.index.of_email(found[0].email) == wanted else None

    def members(self) -> list[Member]:
        """All accounts, by name."""
        return sorted(self._members(_ALL), key=lambda member: (member.name.casefold(), member.id))

    def set_roles(self, member_id: str, roles: Iterable[Role]) -> None:
        """Give these roles and no others; ends the member's sessions. Raises NotFound."""
        with self._vault.writing() as connection:
            _change(connection, member_id, {"roles": _role_names(roles)})
            end_sessions(connection, member_id)

    def set_active(self, member_id: str, active: bool) -> None:
        """Open or close an account; closing ends its sessions. Raises NotFound."""
        with self._vault.writing() as connection:
            _change(connection, member_id, {"active": active})
            if not active:
                end_sessions(connection, member_id)

    def erase_member(self, member_id: str) -> None:
        """Destroy the data key, then every row that is the member's; the audit log keeps bare ids.

        Raises:
            NotFound: no such member, or erased already.
            StoreUnavailable: everything is as it was.
        """
        with self._vault.writing(member_id) as connection:
            self._vault.keys.destroy(connection, member_id)
            connection.execute(delete(MemberRow).where(MemberRow.id == member_id))
            self._vault.trail.append(connection, "store", "account.erase", member_id, member_id)
        self._vault.keys.forget(member_id)
        self._vault.database.scrub()

    def set_reports_to(self, member_id: str, boss_id: str | None) -> None:
        """Say who a member reports to; None for nobody.

        Raises:
            NotFound: one of the two is not there.
            UserError: the line would run in a circle.
        """
        with self._vault.writing() as connection:
            bosses = _bosses(connection)
            if member_id not in bosses or (boss_id is not None and boss_id not in bosses):
                raise no_member()
            if boss_id is not None and member_id in {boss_id, *_above(boss_id, bosses)}:
                raise UserError("The reporting line would run in a circle.", "Name somebody else.")
            _change(connection, member_id, {"reports_to": boss_id})

    def reporting_line(self, member_id: str) -> frozenset[str]:
        """Everyone above and below this member, at any distance."""
        with self._vault.reading() as connection:
            bosses = _bosses(connection)
        below = {other for other in bosses if member_id in _above(other, bosses)}
        return frozenset({*_above(member_id, bosses), *below} - {member_id})

    def _insert(self, connection: Connection, member: Member) -> None:
        key = DataKey.fresh()
        profile = {"name": member.name, "email": member.email, "function": member.function}
        values = {
            "id": member.id,
            "email_index": self._vault.index.of_email(member.email),
            "sealed": key.seal(json.dumps(profile).encode(), _place(member.id)),
            "roles": _role_names(member.roles),
            "active": True,
        }
        connection.execute(insert(MemberRow), values)
        self._vault.keys.store(connection, member.id, key)

    def _members(
        self, query: Select[str, bytes, tuple[str, ...], bool], **values: str | bytes
    ) -> list[Member]:
        with self._vault.reading() as connection:
            rows = connection.execute(query, values).all()
            keys = self._vault.keys.keys_of(connection, [row.id for row in rows])
            return [_member(row, keys[row.id]) for row in rows if row.id in keys]


def _member(row: Any, key: DataKey) -> Member:
    profile = json.loads(key.open(row.sealed, _place(row.id)))
    return Member(
        id=row.id,
        name=profile["name"],
        email=profile["email"],
        roles=frozenset(Role(role) for role in row.roles),
        function=profile["function"],
        active=row.active,
    )


def _place(member_id: str) -> Place:
    return Place("member", "sealed", member_id, member_id)


def _role_names(roles: Iterable[Role]) -> tuple[str, ...]:
    return tuple(sorted(role.value for role in set(roles)))


def _change(connection: Connection, member_id: str, values: Mapping[str, Any]) -> None:
    changed = connection.execute(update(MemberRow).where(MemberRow.id == member_id).values(**values))
    if changed.rowcount == 0:
        raise no_member()


def _bosses(connection: Connection) -> dict[str, str | None]:
    return {row.id: row.reports_to for row in connection.execute(_BOSSES)}


def _above(member_id: str, bosses: Mapping[str, str | None]) -> set[str]:
    """Everyone over this member; stops where a circle closes."""
    found: set[str] = set()
    boss = bosses.get(member_id)
    while boss is not None and boss not in found:
        found.add(boss)
        boss = bosses.get(boss)
    return found
