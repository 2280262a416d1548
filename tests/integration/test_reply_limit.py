"""Answers of a language model's server that no turn needs, over real HTTP."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from coach.adapters.reply_limit import limit_replies, limited

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def server(answer: Answer) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with suppress(BrokenPipeError, ConnectionResetError):
                answer(self)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=made.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{made.server_address[1]}/"
    finally:
        made.shutdown()
        made.server_close()


def client(seconds: float = 5.0, most: int = 1000) -> httpx.Client:
    return httpx.Client(transport=limited(httpx.HTTPTransport(), seconds, most), timeout=10)


def sent(body: bytes, **headers: str) -> Answer:
    def answer(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        for name, value in headers.items():
            to.send_header(name.replace("_", "-"), value)
        to.end_headers()
        to.wfile.write(body)

    return answer


def test_a_usual_answer_comes_through_as_it_is() -> None:
    with server(sent(b"x" * 1000)) as url:
        assert client().get(url).content == b"x" * 1000


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    def endless(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.end_headers()
        while True:
            to.wfile.write(b"x" * 100_000)

    with server(endless) as url, pytest.raises(httpx.ReadError):
        client().get(url)


def test_a_packed_answer_is_refused_unread() -> None:
    asked: list[str | None] = []

    def packed(to: BaseHTTPRequestHandler) -> None:
        asked.append(to.headers["accept-encoding"])
        sent(gzip.compress(b"x" * 10_000_000), content_encoding="gzip")(to)

    with server(packed) as url, pytest.raises(httpx.DecodingError):
        client(most=1_000_000).get(url)
    assert asked == ["identity"]


def test_a_drip_ends() -> None:
    def drip(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.end_headers()
        for _ in range(600):
            to.wfile.write(b"x")
            to.wfile.flush()
            time.sleep(0.1)

    with server(drip) as url:
        begun = time.monotonic()
        with pytest.raises(httpx.ReadTimeout):
            client(seconds=0.5).get(url)
        assert time.monotonic() - begun < 30  # of a minute


def test_the_client_of_a_real_provider_is_limited() -> None:
    from coach.adapters.chat_models import Wanted, open_chat_model

    with server(sent(b"x" * 5_000_000)) as url:
        model = open_chat_model(Wanted("openai:some", f"{url}v1", "key"))
        inside = model.root_client._client  # type: ignore[attr-defined] # where the package keeps it
        with pytest.raises(Exception, match="too long"):
            inside.get(url)


def test_a_model_without_a_client_is_left_alone() -> None:
    limit_replies(object(), 1.0)
