"""The guard in front of Gradio's own routes.

Gradio takes its `session_hash` from the client, writes it into addresses, and lets whoever knows it run
handlers and read answers. Here each hash belongs to the member who used it first, and of Gradio's many
routes only the few that our page needs exist. Somebody else's hash and a route that is not there look
the same: 404.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, parse_qsl, urlencode

from anyio import to_thread
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_STATIC = re.compile(r"^/(?:static/|assets/|theme\.css$|favicon\.ico$)")
_ALLOWED = re.compile(r"^/(?:$|config/?$|gradio_api/(?:queue/(?:join|data)|cancel|heartbeat/[\w-]+)/?$)")
_HASH = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
_HEARTBEAT = "/gradio_api/heartbeat/"


@dataclass(slots=True)
class Claims:
    """Which member a `session_hash` belongs to.

    A member can push out only their own oldest hashes, never another's, so flooding frees nothing.
    """

    lifetime: float = 12 * 3600.0  # seconds without use; as long as a sign-in lasts
    per_member: int = 64  # open tabs of one member
    clock: Callable[[], float] = time.monotonic
    owners: dict[str, str] = field(default_factory=dict)  # hash -> member id
    used: dict[str, OrderedDict[str, float]] = field(default_factory=dict)  # member id -> hash -> last use

    def claim(self, session_hash: str, member_id: str) -> bool:
        """Whether the hash is this member's; an unknown one becomes theirs."""
        now = self.clock()
        self._expire(self.owners.get(session_hash, member_id), now)
        if self.owners.setdefault(session_hash, member_id) != member_id:
            return False
        mine = self.used.setdefault(member_id, OrderedDict())
        mine[session_hash] = now
        mine.move_to_end(session_hash)
        self._expire(member_id, now)
        return True

    def _expire(self, member_id: str, now: float) -> None:
        mine = self.used.get(member_id, OrderedDict())
        while mine and (len(mine) > self.per_member or now - next(iter(mine.values())) > self.lifetime):
            session_hash, _ = mine.popitem(last=False)
            del self.owners[session_hash]
        if not mine:
            self.used.pop(member_id, None)


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    """An answer instead of Gradio's."""

    status: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Sentences:
    """What the guard says, from the catalogue."""

    not_found: str
    signed_out: str
    too_large: str
    unreadable: str
    too_many: str


class Guard:
    """ASGI middleware.

    Args:
        app: what lies behind.
        prefix: path under which Gradio is mounted, without a slash at the end.
        member_of: the signed-in member's id, None when nobody who may use this page is signed in.
        still_in: whether a member's account still stands; asked while an answer is being streamed.
        sentences: the refusals in words.
        max_body: bytes of one request.
        per_minute: questions that one member may put to the queue in a minute.
        watch_every: seconds between two looks at whether a listener is still signed in.
        claims: whose tab is whose; None begins with none.
    """

    def __init__(
        self,
        app: ASGIApp,
        prefix: str,
        member_of: Callable[[Scope], str | None],
        still_in: Callable[[Scope], bool],
        sentences: Sentences,
        max_body: int = 262_144,
        per_minute: int = 30,
        watch_every: float = 3.0,
        claims: Claims | None = None,
    ) -> None:
        self.app = app
        self.prefix = prefix
        self.member_of = member_of
        self.still_in = still_in
        self.say = sentences
        self.max_body = max_body
        self.watch_every = watch_every
        self.claims = Claims() if claims is None else claims
        self.pace = RateLimitItemPerMinute(per_minute)
        self.limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not (path == self.prefix or path.startswith(f"{self.prefix}/")):
            await self.app(scope, receive, send)
            return
        inner = path[len(self.prefix) :] or "/"
        if _STATIC.match(inner) and scope["method"] in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        try:
            scope, passed_on = await self.admit(scope, receive, inner)
        except Refusal as refusal:
            if inner == "/" and refusal.status == 401:  # a person at the page: lead them to the door
                await RedirectResponse("/", 303)(scope, receive, send)
                return
            await JSONResponse({"detail": refusal.sentence}, refusal.status)(scope, receive, send)
            return
        if inner.startswith((_HEARTBEAT, "/gradio_api/queue/data")):
            await self.stream(scope, passed_on, send)
        else:
            await self.app(scope, passed_on, send)

    async def admit(self, scope: Scope, receive: Receive, inner: str) -> tuple[Scope, Receive]:
        """Check one request; the returned receive gives the body once more.

        What goes on holds the one hash that was checked and no other: of two in an address we would read the
        first and Gradio the last.

        Raises:
            Refusal: the request goes no further.
        """
        if not _ALLOWED.match(inner):
            raise Refusal(404, self.say.not_found)
        member_id = self.member_of(scope)
        if member_id is None:
            raise Refusal(401, self.say.signed_out)
        if scope["method"] in {"GET", "HEAD"}:
            session_hash = _hash_in_address(scope, inner)
            passed_on = receive
        else:
            session_hash, passed_on = await self.read_body(scope, receive)
        needs_one = inner not in {"/", "/config", "/config/"}
        if needs_one and (session_hash is None or not self.claims.claim(session_hash, member_id)):
            raise Refusal(404, self.say.not_found)
        if inner.startswith("/gradio_api/queue/join") and not self.limiter.hit(self.pace, member_id):
            raise Refusal(429, self.say.too_many)
        if needs_one:
            scope = {**scope, "query_string": _with_one_hash(scope, session_hash or "")}
        return scope, passed_on

    async def read_body(self, scope: Scope, receive: Receive) -> tuple[str | None, Receive]:
        headers = Headers(scope=scope)
        if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            raise Refusal(415, self.say.unreadable)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self.max_body:
            raise Refusal(413, self.say.too_large)
        body = await self.drain(receive)
        try:
            fields = json.loads(body)
            session_hash = fields.get("session_hash")
        except (ValueError, AttributeError, RecursionError):
            raise Refusal(400, self.say.unreadable) from None
        if not isinstance(session_hash, str) or not _HASH.fullmatch(session_hash):
            session_hash = None
        return session_hash, _replay(body, receive)

    async def drain(self, receive: Receive) -> bytes:
        body, more = bytearray(), True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Refusal(400, self.say.unreadable)
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self.max_body:
                raise Refusal(413, self.say.too_large)
        return bytes(body)

    async def stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let an answer flow for as long as its reader stays signed in."""
        flow = asyncio.ensure_future(self.app(scope, receive, send))
        try:
            while not flow.done():
                await asyncio.wait({flow}, timeout=self.watch_every)
                if not flow.done() and not await to_thread.run_sync(self.still_in, scope):
                    break
        finally:
            if not flow.done():
                flow.cancel()
        if flow.done() and not flow.cancelled():
            flow.result()


def _hash_in_address(scope: Scope, inner: str) -> str | None:
    if inner.startswith(_HEARTBEAT):
        found = inner[len(_HEARTBEAT) :].rstrip("/")
    else:
        query = scope["query_string"].decode("latin-1")
        named = parse_qs(query, keep_blank_values=True).get("session_hash", [])
        found = named[0] if len(named) == 1 else ""
    return found if _HASH.fullmatch(found) else None


def _with_one_hash(scope: Scope, session_hash: str) -> bytes:
    """The address's own words, such as the conversation that is open, and the hash that was checked."""
    query = scope["query_string"].decode("latin-1")  # and back, so that every byte stays what it is
    pairs = parse_qsl(query, keep_blank_values=True, encoding="latin-1")
    others = [(name, value) for name, value in pairs if name != "session_hash"]
    return urlencode([*others, ("session_hash", session_hash)], encoding="latin-1").encode()


def _replay(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return pending.pop() if pending else await receive()

    return again
