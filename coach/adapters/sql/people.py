"""The port `People`, put together from its four parts."""

from __future__ import annotations

from coach.adapters.sql.cards import CardPart
from coach.adapters.sql.groups import GroupPart
from coach.adapters.sql.members import MemberPart
from coach.adapters.sql.sign_in import SignInPart
from coach.adapters.sql.vault import Vault


class SqlPeople(MemberPart, GroupPart, SignInPart, CardPart):
    """Accounts, groups, credentials, cards; names and addresses are sealed under their owner's key."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
