"""What one member asks for at once: two are worked on, some wait, and others are not kept waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from coach.domain.model import Member, Role
from ui import pace
from ui.pace import AT_ONCE, WAITING, OneByOne

ANN, BEN = (Member(name, name, f"{name}@example.org", frozenset({Role.MANAGER})) for name in ("ann", "ben"))


def told(story: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own: after a browser test a loop of Playwright's runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, story).result(30)


class Behind:
    """Answers when it is let; counts who is inside."""

    def __init__(self) -> None:
        self.go, self.inside, self.most = asyncio.Event(), 0, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        self.inside += 1
        self.most = max(self.most, self.inside)
        await self.go.wait()
        self.inside -= 1
        await send({"type": "http.response.start", "status": 200})


async def asked(walls: OneByOne, member: Member | None, path: str = "/journal") -> int:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "path": path, "headers": [], "query_string": b"", "visitor": member}
    await walls(scope, receive, send)
    return int(sent[0]["status"])


def walls_before(behind: Behind, monkeypatch: Any) -> OneByOne:
    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 429})

    monkeypatch.setattr(pace, "visitor", lambda request: request.scope["visitor"])
    monkeypatch.setattr(pace, "failure", lambda *_: page)
    return OneByOne(behind, SimpleNamespace(t=str))  # type: ignore[arg-type] # all it asks for


def test_two_run_the_rest_waits_and_too_many_are_refused(monkeypatch: Any) -> None:
    async def story() -> None:
        behind = Behind()
        walls = walls_before(behind, monkeypatch)
        waiting = [asyncio.create_task(asked(walls, ANN)) for _ in range(AT_ONCE + WAITING)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert behind.inside == AT_ONCE
        assert await asked(walls, ANN) == 429
        behind.go.set()
        assert await asyncio.gather(*waiting) == [200] * len(waiting)
        assert behind.most == AT_ONCE
        assert await asked(walls, ANN) == 200
        assert walls._lines == {}

    told(story())


def test_others_strangers_and_answers_under_way_are_not_kept_waiting(monkeypatch: Any) -> None:
    async def story() -> None:
        behind = Behind()
        walls = walls_before(behind, monkeypatch)
        stuck = [asyncio.create_task(asked(walls, ANN)) for _ in range(AT_ONCE + WAITING)]
        free = [
            asyncio.create_task(asked(walls, BEN)),
            asyncio.create_task(asked(walls, None)),
            asyncio.create_task(asked(walls, ANN, "/reflect/gradio_api/queue/data")),
        ]
        for _ in range(3):
            await asyncio.sleep(0)
        assert behind.inside == AT_ONCE + len(free)
        behind.go.set()
        await asyncio.gather(*stuck, *free)

    told(story())


def test_a_page_that_fails_gives_its_place_back(monkeypatch: Any) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError

    async def story() -> None:
        walls = walls_before(Behind(), monkeypatch)
        walls.app = broken
        for _ in range(AT_ONCE + WAITING + 1):
            try:
                await asked(walls, ANN)
            except RuntimeError:
                continue
        assert walls._lines == {}

    told(story())
