"""One member takes only so much at a time: what they ask for beyond that waits, and nobody else does.

A page about a long journal is a second of work in a thread, and a request whose browser has hung up runs on
to its end. Without a limit forty of one member's would hold every thread there is. Those that wait here hold
none.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.failures import failure
from ui.pages import Pages
from ui.sessions import visitor

AT_ONCE = 2  # requests of one member that are worked on; a page asks for its parts one or two at a time
WAITING = 20  # that stand in line; more than any open tab or impatient finger makes
_STREAMS = ("/reflect/gradio_api/queue/data",)  # they last as long as the answer; the guard counts them


@dataclass(slots=True)
class _Line:
    """The requests of one member that are here."""

    free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    here: int = 0


class OneByOne:
    """ASGI middleware, behind what knows the visitor; strangers are let through, they reach little."""

    def __init__(self, app: ASGIApp, pages: Pages) -> None:
        self.app = app
        self.pages = pages
        self._lines: dict[str, _Line] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        member = visitor(Request(scope)) if scope["type"] == "http" else None
        if member is None or scope["path"].startswith(_STREAMS):
            await self.app(scope, receive, send)
            return
        line = self._lines.setdefault(member.id, _Line())
        if line.here >= AT_ONCE + WAITING:
            answer = failure(self.pages, Request(scope), 429, self.pages.t("failure.too_many_pages"))
            await answer(scope, receive, send)
            return
        line.here += 1
        try:
            async with line.free:
                await self.app(scope, receive, send)
        finally:
            line.here -= 1
            if not line.here:
                self._lines.pop(member.id, None)
