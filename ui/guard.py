"""The guard in front of Gradio's own routes.

Gradio takes its `session_hash` from the client, writes it into addresses, and lets whoever knows it run
handlers and read answers. Here each hash belongs to the member who used it first, and of Gradio's many
routes only the few that our page needs exist. Somebody else's hash and a route that is not there look
the same: 404.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import secrets
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, parse_qsl, urlencode

from anyio import to_thread
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.events import cancelling, joining, own_part

_STATIC = re.compile(r"^/(?:static/|assets/|theme\.css$|favicon\.ico$)")
_ALLOWED = re.compile(r"^/(?:$|config/?$|gradio_api/(?:queue/(?:join|data)|cancel)/?$)")
_HASH = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
_JOIN, _CANCEL, _DATA = (f"/gradio_api/{name}" for name in ("queue/join", "cancel", "queue/data"))
_OWN_WORDS = {"c", "__theme"}  # of an address: the conversation that is open, and light or dark
# By these Gradio would be told, by anybody, where it stands; the doors before it have settled that.
_MISLEADING = {b"x-forwarded-host", b"x-gradio-server", b"x-forwarded-prefix"}


@dataclass(slots=True)
class Claims:
    """Which member a `session_hash` belongs to.

    A member can push out only their own oldest hashes, never another's, so flooding frees nothing. And what
    Gradio knows a tab by is made of the hash and the member together: a hash that comes to somebody else,
    because its owner has not used it for long, opens nothing that was the owner's.
    """

    lifetime: float = 12 * 3600.0  # seconds without use; as long as a sign-in lasts
    per_member: int = 64  # open tabs of one member
    clock: Callable[[], float] = time.monotonic
    owners: dict[str, str] = field(default_factory=dict)  # hash -> member id
    used: dict[str, OrderedDict[str, float]] = field(default_factory=dict)  # member id -> hash -> last use
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

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

    def inner(self, session_hash: str, member_id: str) -> str:
        """What Gradio knows this member's tab by: 40 hexadecimal digits."""
        told = f"{member_id}|{session_hash}".encode()
        return hashlib.blake2b(told, key=self.secret, digest_size=20).hexdigest()

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
        per_tab, per_member: answers that are listened to at once, in one tab and by one member.
        watch_every: seconds between two looks at whether a listener is still signed in.
        claims: whose tab is whose; None begins with none.
        inputs: how many inputs each event of the page has, by its number; filled when the page is made.
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
        per_tab: int = 3,
        per_member: int = 24,
        watch_every: float = 3.0,
        claims: Claims | None = None,
        inputs: Mapping[int, int] | None = None,
    ) -> None:
        self.app = app
        self.prefix = prefix
        self.member_of = member_of
        self.still_in = still_in
        self.say = sentences
        self.max_body = max_body
        self.watch_every = watch_every
        self.claims = Claims() if claims is None else claims
        self.inputs = {} if inputs is None else inputs
        self.pace = RateLimitItemPerMinute(per_minute)
        self.limiter = MovingWindowRateLimiter(MemoryStorage())
        self.most_of = {"tab": per_tab, "member": per_member}
        self.listening: Counter[tuple[str, str]] = Counter()

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
        if inner.startswith(_DATA):
            await self.listen(scope, passed_on, send)
        else:
            await self.app(scope, passed_on, send)

    async def admit(self, scope: Scope, receive: Receive, inner: str) -> tuple[Scope, Receive]:
        """Check one request; the returned receive gives the body once more.

        What goes on is put together anew from what was checked: of two hashes in an address we would read the
        first and Gradio the last, and of a body Gradio reads more than our page ever writes.

        Raises:
            Refusal: the request goes no further.
        """
        if not _ALLOWED.match(inner):
            raise Refusal(404, self.say.not_found)
        member_id = self.member_of(scope)
        if member_id is None:
            raise Refusal(401, self.say.signed_out)
        reads = scope["method"] in {"GET", "HEAD"}
        if reads:
            session_hash, fields = _hash_in_address(scope), None
        else:
            session_hash, fields = await self.read_body(scope, receive)
        if inner in {"/", "/config", "/config/"}:
            return _passed_on(scope, ""), receive if reads else _replay(b"{}", receive)
        if session_hash is None or not self.claims.claim(session_hash, member_id):
            raise Refusal(404, self.say.not_found)
        if inner.startswith(_JOIN) and not self.limiter.hit(self.pace, member_id):
            raise Refusal(429, self.say.too_many)
        known = self.claims.inner(session_hash, member_id)
        body = b"" if reads else self.body_of(inner, fields, known)
        return _passed_on(scope, known, body), receive if reads else _replay(body, receive)

    def body_of(self, inner: str, fields: object, known: str) -> bytes:
        """The body that goes on. Raises Refusal when our page cannot have sent what came."""
        if inner.startswith(_JOIN):
            body = joining(fields, known, self.inputs)
        else:
            body = cancelling(fields, known) if inner.startswith(_CANCEL) else b"{}"
        if body is None:
            raise Refusal(400, self.say.unreadable)
        return body

    async def read_body(self, scope: Scope, receive: Receive) -> tuple[str | None, object]:
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
        return session_hash, fields

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

    async def listen(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream an answer, unless this tab or member listens to so many that others would find no room."""
        tab = parse_qs(scope["query_string"].decode("latin-1"))["session_hash"][0]
        places = {("tab", tab), ("member", str(self.member_of(scope)))}
        if any(self.listening[place] >= self.most_of[place[0]] for place in places):
            await JSONResponse({"detail": self.say.too_many}, 429)(scope, receive, send)
            return
        self.listening.update(places)
        try:
            await self.stream(scope, receive, _for_one(send))
        finally:
            self.listening.subtract(places)
            for place in places:
                if self.listening[place] <= 0:
                    del self.listening[place]

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


def _hash_in_address(scope: Scope) -> str | None:
    query = scope["query_string"].decode("latin-1")
    named = parse_qs(query, keep_blank_values=True).get("session_hash", [])
    found = named[0] if len(named) == 1 else ""
    return found if _HASH.fullmatch(found) else None


def _passed_on(scope: Scope, known: str, body: bytes = b"") -> Scope:
    """The request as Gradio may see it.

    Args:
        known: what Gradio knows the tab by; "" where no tab is named.
        body: that goes on.
    """
    query = scope["query_string"].decode("latin-1")  # and back, so that every byte stays what it is
    pairs = parse_qsl(query, keep_blank_values=True, encoding="latin-1")
    kept = [(name, value) for name, value in pairs if name in _OWN_WORDS]
    if known:
        kept.append(("session_hash", known))
    headers = [
        (name, str(len(body)).encode() if body and name == b"content-length" else value)
        for name, value in scope["headers"]
        if name not in _MISLEADING
    ]
    return {
        **scope,
        "raw_path": scope["path"].encode(),
        "headers": headers,
        "query_string": urlencode(kept, encoding="latin-1").encode(),
    }


def _for_one(send: Send) -> Send:
    """Sends on what is about this tab, and nothing that tells of others'."""

    async def sends(message: Message) -> None:
        if message["type"] == "http.response.body" and message.get("body"):
            message = {**message, "body": own_part(message["body"])}
        await send(message)

    return sends


def _replay(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return pending.pop() if pending else await receive()

    return again
