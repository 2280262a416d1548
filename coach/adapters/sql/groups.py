"""Groups: who belongs to one, who facilitates it, and who must never be shown to whom."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, bindparam, delete, insert, select

from coach.adapters.crypto import Place
from coach.adapters.sql.columns import refuse_unstorable
from coach.adapters.sql.engine import upsert
from coach.adapters.sql.faults import Clash
from coach.adapters.sql.keys import no_member
from coach.adapters.sql.tables import AvoidRow, GroupRow, MembershipRow
from coach.adapters.sql.vault import Vault, fresh_id
from coach.domain.model import Group
from coach.errors import NotFound

# Statements of every turn stand here ready made: putting one together takes longer than running it.
_MINE = select(MembershipRow.group_id).where(MembershipRow.member_id == bindparam("member_id"))
_ALL, _ONE, _OF_MEMBER = (
    select(GroupRow.id, GroupRow.sealed),
    select(GroupRow.id, GroupRow.sealed).where(GroupRow.id == bindparam("group_id")),
    select(GroupRow.id, GroupRow.sealed).where(GroupRow.id.in_(_MINE)),
)
_PEOPLE = select(MembershipRow.group_id, MembershipRow.member_id, MembershipRow.facilitator).where(
    MembershipRow.group_id.in_(bindparam("group_ids", expanding=True))
)
_AVOIDED = (
    select(AvoidRow.other_id)
    .where(AvoidRow.member_id == bindparam("member_id"))
    .union(select(AvoidRow.member_id).where(AvoidRow.other_id == bindparam("member_id")))
)


class GroupPart:
    """The part of `People` about groups and avoid pairs."""

    _vault: Vault

    def add_group(self, name: str, purpose: str = "") -> Group:
        """A new group with nobody in it. Raises TextRefused for a character that no database takes."""
        refuse_unstorable(name, purpose)
        group = Group(fresh_id(), name, purpose)
        content = json.dumps({"name": name, "purpose": purpose}).encode()
        with self._vault.writing() as connection:
            sealed = self._vault.own.seal(content, _place(group.id))
            connection.execute(insert(GroupRow), {"id": group.id, "sealed": sealed})
        return group

    def group(self, group_id: str) -> Group:
        """Raises NotFound."""
        found = self._groups(_ONE, group_id=group_id)
        if not found:
            raise NotFound("There is no such group.")
        return found[0]

    def groups(self) -> list[Group]:
        """All groups, by name."""
        return self._groups(_ALL)

    def groups_of(self, member_id: str) -> list[Group]:
        """Groups that this member belongs to or facilitates, by name."""
        return self._groups(_OF_MEMBER, member_id=member_id)

    def join(self, group_id: str, member_id: str, facilitator: bool = False) -> None:
        """Make somebody a member of a group, or its facilitator; again changes nothing, one leaves the other.

        Raises:
            NotFound: no such group or member.
        """
        values = {"group_id": group_id, "member_id": member_id, "facilitator": facilitator}
        try:
            with self._vault.writing() as connection:
                upsert(connection, MembershipRow, values)
        except Clash:
            pass
        else:
            return
        raise NotFound("There is no such group or account.")

    def leave(self, group_id: str, member_id: str) -> None:
        """Take somebody out of a group, as member and as facilitator.

        Raises:
            NotFound: no such group, or they are not in it.
        """
        mine = (MembershipRow.group_id == group_id, MembershipRow.member_id == member_id)
        with self._vault.writing() as connection:
            gone = connection.execute(delete(MembershipRow).where(*mine)).rowcount
        if not gone:
            raise NotFound("This account is not in this group.", "Please check the group and the account.")

    def avoid(self, member_id: str) -> frozenset[str]:
        """Members never to be shown to this one, whichever of the two asked for it."""
        with self._vault.reading() as connection:
            return frozenset(connection.execute(_AVOIDED, {"member_id": member_id}).scalars())

    def set_avoid(self, member_id: str, other_ids: Iterable[str]) -> None:
        """Replace the list that this member gave; what others said of them stays.

        Raises:
            NotFound: one of them is not there; the old list stands.
        """
        rows = [{"member_id": member_id, "other_id": other} for other in sorted(set(other_ids) - {member_id})]
        try:
            with self._vault.writing() as connection:
                connection.execute(delete(AvoidRow).where(AvoidRow.member_id == member_id))
                if rows:
                    upsert(connection, AvoidRow, rows)
        except Clash:
            pass
        else:
            return
        raise no_member()

    def _groups(self, chosen: Select[str, bytes], **values: str) -> list[Group]:
        members: defaultdict[tuple[str, bool], set[str]] = defaultdict(set)
        with self._vault.reading() as connection:
            rows = connection.execute(chosen, values).all()
            people = connection.execute(_PEOPLE, {"group_ids": [row.id for row in rows]}) if rows else ()
            for group_id, member_id, facilitator in people:
                members[group_id, facilitator].add(member_id)
            groups = [self._group(row, members) for row in rows]
        return sorted(groups, key=lambda group: (group.name.casefold(), group.id))

    def _group(self, row: Any, members: dict[tuple[str, bool], set[str]]) -> Group:
        content = json.loads(self._vault.own.open(row.sealed, _place(row.id)))
        inside, leading = members.get((row.id, False), ()), members.get((row.id, True), ())
        return Group(row.id, content["name"], content["purpose"], frozenset(inside), frozenset(leading))


def _place(group_id: str) -> Place:
    return Place("peer_group", "sealed", group_id, "")
