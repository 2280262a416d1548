"""Who somebody is: one-time links, passwords, identities of a provider. No default password anywhere."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from coach.domain.mailbox import mailbox
from coach.domain.model import Member, Role
from coach.errors import NotFound, Sentence, SignInFailed, TooMany, UserError
from coach.ports import Audit, Clock, People, Sessions

LINK_HOURS = 72
SHORTEST, LONGEST = 8, 128  # characters of a password (OWASP ASVS 5.0, 6.2.1 and 6.2.9)
TRIES, WINDOW_MINUTES = 10, 15
NO_PASSWORD = ""  # kept in place of a hash that was taken away: nothing that somebody types is it
ASK_FOR_A_LINK = "Please ask the person who runs your programme for a new link."


@dataclass(frozen=True, slots=True)
class Opened:
    """An account that somebody may sign in to.

    Attributes:
        member: whose it is.
        generation: of the member's sessions when the checking began. Checking takes time; whoever ends all
            sessions meanwhile ends the one that comes of this too (`Sessions.write`).
    """

    member: Member
    generation: int


class PasswordHasher(Protocol):
    """Slow on purpose."""

    def hash(self, password: str) -> str: ...

    def verify(self, stored: str, password: str) -> bool: ...

    def is_common(self, password: str) -> bool: ...


class TryLimit(Protocol):
    """Counts tries in a moving window."""

    def allow(self, key: str, most: int, minutes: int) -> bool: ...


class AccountService:
    """Accounts and sign-in."""

    def __init__(
        self,
        people: People,
        sessions: Sessions,
        audit: Audit,
        hasher: PasswordHasher,
        tries: TryLimit,
        clock: Clock,
    ) -> None:
        self._people = people
        self._sessions = sessions
        self._audit = audit
        self._hasher = hasher
        self._tries = tries
        self._clock = clock
        # Verified against when nobody has this e-mail, so that both answers take the same time.
        self._nobody = hasher.hash(secrets.token_urlsafe(16))

    # -- links --------------------------------------------------------------------------------------

    def sign_in_link(self, member_id: str, hours: float = LINK_HOURS) -> str:
        """A token that opens this account once.

        Args:
            hours: how long it holds, above 0.

        Returns:
            43 characters for the path /sign-in/<token>; what is kept opens nothing.

        Raises:
            NotFound: no such member.
        """
        token = secrets.token_urlsafe(32)
        self._people.member(member_id)
        self._people.add_link(member_id, _digest(token), self._clock() + timedelta(hours=hours))
        self._audit.record("system", "account.link", member_id, owner_id=member_id)
        return token

    def peek(self, token: str) -> Member | None:
        """Whose account a link would open now; None when it would open nothing. Using it up is `redeem`."""
        member_id = self._people.link_owner(_digest(token), self._clock())
        member = self._people.member(member_id) if member_id else None
        return member if member and member.active else None

    def redeem(self, token: str) -> Opened:
        """Open the account of a link, once.

        Raises:
            SignInFailed: unknown, used or expired; it never says which.
        """
        digest, now = _digest(token), self._clock()
        generation = self._sessions.generation(self._people.link_owner(digest, now) or "")
        return self._opened(
            self._people.take_link(digest, now),
            generation,
            "account.sign-in-link",
            "This link has been used or has expired.",
            ASK_FOR_A_LINK,
        )

    # -- passwords ----------------------------------------------------------------------------------

    def sign_in(self, email: str, password: str, client: str = "") -> Opened:
        """Open an account by password.

        Args:
            client: the network address, for the limit on tries.

        Raises:
            SignInFailed: e-mail or password is wrong; it never says which.
            TooMany: too many tries for this account or from this address; wait a quarter of an hour.
        """
        account = hashlib.sha256(mailbox(email).encode("utf-8", "surrogatepass")).hexdigest()
        # The address first: whoever is stopped by it uses up nobody's tries.
        for key, most in ((f"client:{client}", 5 * TRIES), (f"account:{account}", TRIES)):
            if not self._tries.allow(key, most, WINDOW_MINUTES):
                raise TooMany("There were too many tries to sign in.", _wait())
        member = self._people.member_by_email(email)
        generation = self._sessions.generation(member.id if member else "")  # before the hash is read
        stored = self._people.password_hash(member.id if member else "")
        right = self._hasher.verify(stored or self._nobody, unicodedata.normalize("NFC", password))
        found = member.id if member and stored and right else None
        if found is None:  # also for an address nobody has: a commit more or less can be timed
            owner = member.id if member else ""
            self._audit.record("system", "account.sign-in-failed", owner, owner_id=owner)
        return self._opened(
            found,
            generation,
            "account.sign-in-password",
            "The e-mail address or the password is not right.",
            "Please try again.",
        )

    def set_password(self, member_id: str, new: str, old: str | None = None) -> Opened:
        """Set or change a password; every session of the member ends, and older links open nothing.

        Args:
            new: 8 to 128 characters, not among the most common ones.
            old: needed when there is one already.

        Returns:
            The account, for the browser that did it to go on with.

        Raises:
            UserError: too short, too long or too common.
            TooMany: too many tries to give the old one; wait a quarter of an hour.
            SignInFailed: the old one is wrong, or was changed elsewhere meanwhile.
            NotFound: no such member.
        """
        generation = self._sessions.generation(member_id)
        new = unicodedata.normalize("NFC", new)
        if not SHORTEST <= len(new) <= LONGEST:
            raise UserError(
                "This password is too short or too long.",
                Sentence("Please choose {least} to {most} characters.", least=SHORTEST, most=LONGEST),
            )
        if self._hasher.is_common(new):
            raise UserError("This password is among the most common ones.", "Please choose another.")
        stored = self._people.password_hash(member_id)
        if stored:
            if not self._tries.allow(f"change:{member_id}", TRIES, WINDOW_MINUTES):
                raise TooMany("There were too many tries.", _wait())
            if old is None or not self._hasher.verify(stored, unicodedata.normalize("NFC", old)):
                raise SignInFailed("The present password is not right.", "Please try again.")
        risen = self._people.set_password_hash(member_id, self._hasher.hash(new), generation)
        self._audit.record(member_id, "account.password", member_id, owner_id=member_id)
        return Opened(self._people.member(member_id), risen)

    def clear_password(self, member_id: str, actor: str) -> None:
        """Take a forgotten password away: every session ends, older links open nothing, a new link lets in.

        There is no way past the old password from within a session: whoever finds one open could take the
        account for good. So this is for the operator alone.

        Args:
            actor: who did it; it stands in the member's access log.

        Raises:
            NotFound: no such member.
        """
        self._people.set_password_hash(member_id, NO_PASSWORD)
        self._audit.record(actor, "account.password-clear", member_id, owner_id=member_id)

    # -- identities ---------------------------------------------------------------------------------

    def sign_in_identity(self, issuer: str, subject: str, email: str) -> Opened:
        """Open the account behind a provider's identity; the first time it is found by its e-mail.

        Args:
            email: as the provider has verified it; empty when it has not.

        Raises:
            SignInFailed: nobody invited this identity.
        """
        member_id = self._people.identity(issuer, subject)
        if member_id is None and email:
            member = self._people.member_by_email(email)
            # An address may be handed to somebody else; who has signed in before is known by the subject.
            if member is not None and not self._people.has_identity(member.id):
                self._people.bind_identity(member.id, issuer, subject)
                member_id = member.id
        return self._opened(
            member_id,
            self._sessions.generation(member_id or ""),
            "account.sign-in-identity",
            "Nobody has invited this account yet.",
            ASK_FOR_A_LINK,
        )

    # -- people -------------------------------------------------------------------------------------

    def invite(self, name: str, email: str, roles: Iterable[Role], function: str = "") -> Member:
        """Add an account; it has no password until its owner sets one.

        Raises:
            UserError: the e-mail address is taken or is none, or there is no name.
            TextRefused: a character that no database takes.
        """
        if "@" not in email or not name.strip():
            raise UserError("A member needs a name and an e-mail address.", "Please give both.")
        member = self._people.add_member(name.strip(), email.strip(), frozenset(roles), function.strip())
        self._audit.record("system", "account.invite", member.id, owner_id=member.id)
        return member

    def member(self, member_id: str) -> Member:
        """An active member.

        Raises:
            NotFound: no such member, or no longer active: an open session ends here.
        """
        member = self._people.member(member_id)
        if not member.active:
            raise NotFound("This account is closed.")
        return member

    def has_password(self, member_id: str) -> bool:
        return bool(self._people.password_hash(member_id))

    def roster(self, member_id: str) -> list[str]:
        """Names of people this member writes about; they never leave this machine. Empty for a stranger."""
        return self._people.roster(member_id)

    def set_roster(self, member_id: str, names: Sequence[str]) -> None:
        """Replace the names; at most 200 of at most 80 characters.

        Raises:
            UserError: more or longer ones.
            TextRefused: a character that no database takes.
            NotFound: no such member.
        """
        cleaned = list(dict.fromkeys(name.strip() for name in names if name.strip()))
        if len(cleaned) > 200 or any(len(name) > 80 for name in cleaned):
            raise UserError("This list is too long.", "Please keep to 200 names of at most 80 characters.")
        self._people.set_roster(member_id, cleaned)
        self._audit.record(member_id, "account.roster", member_id, owner_id=member_id)

    def sign_out_everywhere(self, member_id: str, actor: str = "") -> None:
        """End every session and every unused link of this member; `actor` is who did it, if not they."""
        self._people.drop_links(member_id)
        self._sessions.remove_all(member_id)
        self._audit.record(actor or member_id, "account.sign-out-everywhere", member_id, owner_id=member_id)

    def record(self, member_id: str, action: str) -> None:
        """Note in the member's own access log that they did something, by a short verb."""
        self._audit.record(member_id, action, member_id, owner_id=member_id)

    def _opened(
        self, member_id: str | None, generation: int, action: str, refusal: str, remedy: str
    ) -> Opened:
        if member_id is None:
            raise SignInFailed(refusal, remedy)
        member = self._people.member(member_id)
        if not member.active:
            raise SignInFailed(refusal, remedy)
        self._audit.record(member_id, action, member_id, owner_id=member_id)
        return Opened(member, generation)


def _wait() -> str:
    return Sentence("Please wait {count} minutes.", one="Please wait one minute.", count=WINDOW_MINUTES)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
