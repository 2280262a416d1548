"""Connections that hold a place and ask for nothing, against a real server."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

import ui.door
from ui.door import PATIENCE, patient_with

LOOK = 0.2


async def slow(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads what it is sent and takes its time to answer."""
    assert scope["type"] == "http"
    while (await receive()).get("more_body"):
        pass
    await asyncio.sleep(LOOK * (PATIENCE + 6) if scope["path"] == "/slow" else 0)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@contextlib.contextmanager
def served(per_address: int = 200) -> Iterator[tuple[str, int]]:
    door = socket.create_server(("127.0.0.1", 0))
    protocol = patient_with((), LOOK, per_address)
    server = uvicorn.Server(uvicorn.Config(slow, lifespan="off", log_level="error", http=protocol))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
    thread.start()
    try:
        yield door.getsockname()
    finally:
        server.should_exit = True
        thread.join(10)
        door.close()


def ended(connection: socket.socket, seconds: float = 10) -> bool:
    """Whether the other side closes within that time."""
    connection.settimeout(seconds)
    try:
        return not connection.recv(1)
    except (ConnectionError, TimeoutError) as fault:
        return isinstance(fault, ConnectionError)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nbegun",
    ],
)
def test_who_says_nothing_or_never_ends_is_shown_out(said: bytes) -> None:
    with served() as place, socket.create_connection(place) as connection:
        connection.sendall(said)
        assert ended(connection)


def test_who_waits_for_an_answer_may_wait() -> None:
    with served() as (host, port):
        assert httpx.get(f"http://{host}:{port}/slow", timeout=30).text == "ok"


def test_a_line_that_is_slow_and_comes_to_its_end_is_heard() -> None:
    with served() as place, socket.create_connection(place) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\n")
        for letter in b"abcd":
            time.sleep(LOOK)
            connection.sendall(bytes([letter]))
        connection.settimeout(10)
        assert connection.recv(12) == b"HTTP/1.1 200"


def test_one_address_does_not_take_every_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui.door, "OWN_MACHINE", ())
    with served(per_address=3) as (host, port), contextlib.ExitStack() as open_ones:
        for _ in range(3):
            open_ones.enter_context(socket.create_connection((host, port)))
        time.sleep(LOOK / 4)
        with socket.create_connection((host, port)) as another:
            assert ended(another, LOOK / 2)


def test_proxies_and_this_machine_speak_for_many() -> None:
    with served(per_address=1) as (host, port), contextlib.ExitStack() as open_ones:
        for _ in range(5):
            open_ones.enter_context(socket.create_connection((host, port)))
        assert httpx.get(f"http://{host}:{port}/", timeout=30).text == "ok"
