"""Groups: who is in them and who facilitates."""

from __future__ import annotations

from coach.domain.model import Group
from coach.errors import UserError
from coach.ports import Audit, People


class GroupService:
    """Groups as an administrator or facilitator keeps them."""

    def __init__(self, people: People, audit: Audit) -> None:
        self._people = people
        self._audit = audit

    def add(self, name: str, purpose: str = "") -> Group:
        """A new, empty group.

        Raises:
            UserError: the name is empty.
        """
        if not name.strip():
            raise UserError("A group needs a name.", "Please give one.")
        group = self._people.add_group(name.strip(), purpose.strip())
        self._audit.record("system", "group.add", group.id)
        return group

    def join(self, group_id: str, member_id: str, facilitator: bool = False) -> None:
        """Put a member into a group, or make them its facilitator; again changes nothing.

        Both may be true of one person, and neither takes the other away: `leave` ends both.

        Raises:
            NotFound: no such group or member.
        """
        self._people.join(group_id, member_id, facilitator)
        self._audit.record("system", "group.join", group_id, owner_id=member_id)

    def leave(self, group_id: str, member_id: str) -> None:
        """Take a member out of a group; what they shared with it stays until they withdraw it.

        Raises:
            NotFound: no such group, or they are not in it; nothing was recorded.
        """
        self._people.leave(group_id, member_id)
        self._audit.record("system", "group.leave", group_id, owner_id=member_id)

    def all(self) -> list[Group]:
        """Every group."""
        return self._people.groups()
