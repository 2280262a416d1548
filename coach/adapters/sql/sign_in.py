"""What opens an account: a password hash, single-use links, identities of an OpenID Connect provider."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select, update

from coach.adapters.crypto import Place
from coach.adapters.sql.engine import upsert
from coach.adapters.sql.faults import Clash
from coach.adapters.sql.keys import no_member
from coach.adapters.sql.tables import CredentialRow, IdentityRow, LinkRow
from coach.adapters.sql.vault import Vault
from coach.errors import UserError


class SignInPart:
    """The part of `People` about signing in."""

    _vault: Vault

    def set_password_hash(self, member_id: str, password_hash: str) -> None:
        """Keep an argon2 hash, sealed: a stolen disk gives nothing to guess at. Raises NotFound."""
        with self._vault.writing() as connection:
            key = self._vault.keys.key_of(connection, member_id)
            sealed = key.seal(password_hash.encode(), _place(member_id))
            upsert(connection, CredentialRow, {"member_id": member_id, "sealed": sealed})

    def password_hash(self, member_id: str) -> str | None:
        """The hash; None when the member has no password, or there is no such member."""
        query = select(CredentialRow.sealed).where(CredentialRow.member_id == member_id)
        with self._vault.reading() as connection:
            sealed = connection.execute(query).scalar_one_or_none()
            if sealed is None:
                return None
            return self._vault.keys.key_of(connection, member_id).open(sealed, _place(member_id)).decode()

    def add_link(self, member_id: str, token_hash: bytes, expires_at: datetime) -> None:
        """Keep the SHA-256 of a sign-in link's token; expired links leave on the way. Raises NotFound."""
        values = {"token_hash": token_hash, "member_id": member_id, "expires_at": expires_at, "used_at": None}
        try:
            with self._vault.writing() as connection:
                connection.execute(delete(LinkRow).where(LinkRow.expires_at <= self._vault.clock()))
                connection.execute(insert(LinkRow), values)
        except Clash:
            pass
        else:
            return
        raise no_member()

    def take_link(self, token_hash: bytes, now: datetime) -> str | None:
        """The member's id, to exactly one caller; None when used, expired or unknown."""
        take = (
            update(LinkRow)
            .where(*_still_good(token_hash, now))
            .values(used_at=now)
            .returning(LinkRow.member_id)
        )
        with self._vault.writing() as connection:
            return connection.execute(take).scalar_one_or_none()

    def link_open(self, token_hash: bytes, now: datetime) -> bool:
        """Whether `take_link` would answer; changes nothing."""
        with self._vault.reading() as connection:
            query = select(LinkRow.member_id).where(*_still_good(token_hash, now))
            return connection.execute(query).scalar_one_or_none() is not None

    def drop_links(self, member_id: str) -> None:
        """See ports.People."""
        with self._vault.writing() as connection:
            connection.execute(delete(LinkRow).where(LinkRow.member_id == member_id))

    def identity(self, issuer: str, subject: str) -> str | None:
        """The member's id behind an OpenID Connect identity."""
        known = self._vault.index.of("identity", issuer, subject)
        with self._vault.reading() as connection:
            query = select(IdentityRow.member_id).where(IdentityRow.subject_index == known)
            return connection.execute(query).scalar_one_or_none()

    def has_identity(self, member_id: str) -> bool:
        """Whether some identity of a provider is bound to this account."""
        with self._vault.reading() as connection:
            query = select(IdentityRow.member_id).where(IdentityRow.member_id == member_id).limit(1)
            return connection.execute(query).scalar_one_or_none() is not None

    def bind_identity(self, member_id: str, issuer: str, subject: str) -> None:
        """Tie an identity to an account, once; again with the same account changes nothing.

        Raises:
            NotFound: no such member.
            UserError: the identity belongs to another account.
        """
        known = self._vault.index.of("identity", issuer, subject)
        try:
            with self._vault.writing() as connection:
                self._vault.keys.key_of(connection, member_id)
                query = select(IdentityRow.member_id).where(IdentityRow.subject_index == known)
                owner = connection.execute(query).scalar_one_or_none()
                if owner is None:
                    connection.execute(insert(IdentityRow), {"subject_index": known, "member_id": member_id})
        except Clash:
            owner = ""
        if owner not in (None, member_id):
            raise UserError(
                "This identity belongs to another account.", "Sign out at the provider and use your own."
            )


def _still_good(token_hash: bytes, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return LinkRow.token_hash == token_hash, LinkRow.used_at.is_(None), LinkRow.expires_at > now


def _place(member_id: str) -> Place:
    return Place("credential", "sealed", member_id, member_id)
