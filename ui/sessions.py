"""Sign-in sessions that live on the server: the browser holds a random number and nothing else.

The store keeps the SHA-256 of that number, so a copy of the database opens no session. A session is
written once, when somebody signs in; a late answer of another tab can therefore never bring a session
back that was signed out. It is written only if nobody has ended all sessions of the account since the
password or link was looked at, because looking takes time.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from starsessions import load_session
from starsessions.session import get_session_handler
from starsessions.stores import SessionStore

from coach.domain.model import Member
from coach.errors import NotFound
from coach.ports import Sessions
from coach.services.accounts import Opened
from ui.facade import AccountService

LIFETIME = timedelta(hours=12)  # a working day: long enough to write in the evening, gone the next morning
_MEMBER = "member"
_VISITOR = "visitor"  # key in the ASGI scope: the signed-in Member, or None


@dataclass(slots=True)
class PortStore(SessionStore):  # type: ignore[misc] # starsessions ships no types we may follow
    """starsessions' store over our own port."""

    sessions: Sessions
    # Made by a sign-in that writes right now: id -> the generation that it was checked in.
    expected: dict[str, int] = field(default_factory=dict)

    async def read(self, session_id: str, lifetime: int) -> bytes:  # noqa: ARG002 the store's own signature
        payload = await to_thread.run_sync(self.sessions.read, digest(session_id))
        return payload or b""

    async def write(self, session_id: str, data: bytes, lifetime: int, ttl: int) -> str:  # noqa: ARG002
        generation = self.expected.pop(session_id, None)
        if generation is not None:
            expires_at = datetime.now(UTC) + timedelta(seconds=ttl)
            member_id = str(json.loads(data)[_MEMBER])
            row = (digest(session_id), data, member_id, expires_at, generation)
            await to_thread.run_sync(self.sessions.write, *row)
        return session_id

    async def remove(self, session_id: str) -> None:
        self.expected.pop(session_id, None)
        await to_thread.run_sync(self.sessions.remove, digest(session_id))


def digest(session_id: str) -> bytes:
    """SHA-256 of a session id: 32 bytes, what the store knows of it."""
    return hashlib.sha256(session_id.encode()).digest()


def cookie_name(secure: bool) -> str:
    """`__Host-` binds the cookie to this host and to https; browsers refuse that prefix on plain http."""
    return "__Host-coach" if secure else "coach"


def session_options(store: PortStore, secure: bool) -> dict[str, Any]:
    """How starsessions' middleware is set up: not rolling, so a session ends at a known time."""
    return {
        "store": store,
        "lifetime": LIFETIME,
        "rolling": False,
        "cookie_name": cookie_name(secure),
        "cookie_same_site": "lax",
        "cookie_https_only": secure,
        "cookie_path": "/",
    }


class KnowVisitor:
    """Puts the signed-in member into the ASGI scope, for everything behind it.

    The account is read again at each request: a member who is switched off or loses a role is out at once.
    """

    def __init__(self, app: ASGIApp, accounts: AccountService, skip: tuple[str, ...]) -> None:
        self.app = app
        self.accounts = accounts
        self.skip = skip  # path prefixes that are the same for everybody

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope[_VISITOR] = None
            if not scope["path"].startswith(self.skip):
                request = Request(scope)
                await load_session(request)
                scope[_VISITOR] = await self.recognise(request)
        await self.app(scope, receive, send)

    async def recognise(self, request: Request) -> Member | None:
        member_id = request.session.get(_MEMBER)
        if not member_id:
            return None
        member = await to_thread.run_sync(active_member, self.accounts, str(member_id))
        if member is None:
            request.session.clear()  # the answer deletes cookie and row
        return member


def active_member(accounts: AccountService, member_id: str) -> Member | None:
    """The member, unless the account is gone or switched off."""
    try:
        member = accounts.member(member_id)
    except NotFound:
        return None
    return member if member.active else None


def visitor(request: Request) -> Member | None:
    """The signed-in member of this request."""
    member: Member | None = request.scope.get(_VISITOR)
    return member


async def begin(request: Request, opened: Opened) -> None:
    """Sign this browser in under a new id; whatever id it came with is worth nothing afterwards.

    The session is written here and not when the answer leaves: then a refusal could not be said any more.

    Raises:
        SignInFailed: all sessions of the account were ended since it was opened; nobody is signed in now.
    """
    handler = get_session_handler(request)
    if handler.session_id:
        await handler.store.remove(handler.session_id)
    request.session.clear()
    request.session[_MEMBER] = opened.member.id
    handler.store.expected[handler.regenerate_id()] = opened.generation
    now = datetime.now(UTC).timestamp()
    handler.metadata = {"created": now, "last_access": now, "lifetime": handler.lifetime}
    try:
        await handler.save(handler.lifetime)
    except BaseException:
        request.session.clear()
        request.scope[_VISITOR] = None
        raise


async def end(request: Request) -> None:
    """Sign this browser out: the row is gone before the answer leaves."""
    handler = get_session_handler(request)
    if handler.session_id:
        await handler.store.remove(handler.session_id)
    request.session.clear()


def session_stands(scope: Scope, store: PortStore, accounts: AccountService) -> bool:
    """Whether the session of a request that is still being answered has neither ended nor lost its member."""
    session_id = scope["session_handler"].session_id
    member: Member | None = scope.get(_VISITOR)
    if not session_id or member is None or store.sessions.read(digest(session_id)) is None:
        return False
    return active_member(accounts, member.id) is not None
