"""What opens an account: a password hash, single-use links, identities of an OpenID Connect provider."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update

from coach.adapters.crypto import Place
from coach.adapters.sql.engine import upsert
from coach.adapters.sql.faults import Clash
from coach.adapters.sql.keys import no_member
from coach.adapters.sql.sessions import end_sessions, require_generation
from coach.adapters.sql.tables import CredentialRow, IdentityRow, LinkRow
from coach.adapters.sql.vault import Vault
from coach.errors import UserError


class SignInPart:
    """The part of `People` about signing in."""

    _vault: Vault

    def set_password_hash(self, member_id: str, password_hash: str, generation: int | None = None) -> int:
        """Keep an argon2 hash, sealed: a stolen disk gives nothing to guess at.

        In the same transaction every session of the member ends, and every link opens nothing.

        Args:
            generation: as `Sessions.generation` gave it before the old password was checked; None for
                whatever it is now.

        Returns:
            The generation of the member's sessions from now on.

        Raises:
            NotFound: no such member.
            SignInFailed: another change of the password, or signing out everywhere, was first.
        """
        with self._vault.writing() as connection:
            key = self._vault.keys.key_of(connection, member_id)
            if generation is not None:
                require_generation(connection, member_id, generation)
            risen = end_sessions(connection, member_id)
            sealed = key.seal(password_hash.encode(), _place(member_id))
            upsert(connection, CredentialRow, {"member_id": member_id, "sealed": sealed})
            connection.execute(delete(LinkRow).where(LinkRow.member_id == member_id))
        return risen

    def password_hash(self, member_id: str) -> str | None:
        """The hash; None when the member has no password, or there is no such member."""
        query = select(CredentialRow.sealed).where(CredentialRow.member_id == member_id)
        with self._vault.reading() as connection:
            sealed = connection.execute(query).scalar_one_or_none()
            if sealed is None:
                return None
            return self._vault.keys.key_of(connection, member_id).open(sealed, _place(member_id)).decode()

    def add_link(self, member_id: str, token_hash: bytes, expires_at: datetime) -> None:
        """Keep a sign-in link under an HMAC of its token's SHA-256; expired links leave on the way.

        Who can write to the database and has no key can neither make a row that opens something, nor let an
        own one open another account.

        Raises:
            NotFound: no such member.
        """
        values = {
            "token_hash": self._known(token_hash),
            "member_id": member_id,
            "expires_at": expires_at,
            "used_at": None,
            "bound": self._bound_link(token_hash, member_id, expires_at),
        }
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
            .where(*_still_good(self._known(token_hash), now))
            .values(used_at=now)
            .returning(LinkRow.member_id, LinkRow.expires_at, LinkRow.bound)
        )
        with self._vault.writing() as connection:
            return self._owner_of(connection.execute(take).one_or_none(), token_hash)

    def link_owner(self, token_hash: bytes, now: datetime) -> str | None:
        """What `take_link` would answer; changes nothing."""
        query = select(LinkRow.member_id, LinkRow.expires_at, LinkRow.bound).where(
            *_still_good(self._known(token_hash), now)
        )
        with self._vault.reading() as connection:
            return self._owner_of(connection.execute(query).one_or_none(), token_hash)

    def drop_links(self, member_id: str) -> None:
        """See ports.People."""
        with self._vault.writing() as connection:
            connection.execute(delete(LinkRow).where(LinkRow.member_id == member_id))

    def identity(self, issuer: str, subject: str) -> str | None:
        """The member's id behind an OpenID Connect identity."""
        known = self._vault.index.of("identity", issuer, subject)
        with self._vault.reading() as connection:
            query = select(IdentityRow.member_id, IdentityRow.bound).where(IdentityRow.subject_index == known)
            row = connection.execute(query).one_or_none()
        if row is None or not hmac.compare_digest(
            row.bound, self._bound_identity(issuer, subject, row.member_id)
        ):
            return None
        return str(row.member_id)

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
                    bound = self._bound_identity(issuer, subject, member_id)
                    values = {"subject_index": known, "member_id": member_id, "bound": bound}
                    connection.execute(insert(IdentityRow), values)
        except Clash:
            owner = ""
        if owner not in (None, member_id):
            raise UserError(
                "This identity belongs to another account.", "Sign out at the provider and use your own."
            )

    def _owner_of(self, row: Any, token_hash: bytes) -> str | None:
        """The member of a link's row, unless somebody without the key moved or lengthened it."""
        if row is None:
            return None
        bound = self._bound_link(token_hash, row.member_id, row.expires_at)
        return str(row.member_id) if hmac.compare_digest(row.bound, bound) else None

    def _known(self, token_hash: bytes) -> bytes:
        return self._vault.index.of("link", token_hash.hex())

    def _bound_link(self, token_hash: bytes, member_id: str, expires_at: datetime) -> bytes:
        end = expires_at.astimezone(UTC).isoformat(timespec="microseconds")
        return self._vault.index.of("link of", token_hash.hex(), member_id, end)

    def _bound_identity(self, issuer: str, subject: str, member_id: str) -> bytes:
        return self._vault.index.of("identity of", issuer, subject, member_id)


def _still_good(known: bytes, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return LinkRow.token_hash == known, LinkRow.used_at.is_(None), LinkRow.expires_at > now


def _place(member_id: str) -> Place:
    return Place("credential", "sealed", member_id, member_id)
