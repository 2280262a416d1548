"""The stub as a server: plain standard library, one thread a connection, a free port on loopback."""

from __future__ import annotations

import hashlib
import json
import socket
import struct
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from evals.stub.faults import MODES, Answer, answer

LONGEST_HANG = 120.0  # seconds; ends at once when the server closes


@dataclass(frozen=True, slots=True)
class Arrived:
    """One request as it arrived.

    Attributes:
        mode: what the stub was asked to do.
        body: as JSON.
        raw: the bytes, for canary checks.
        attempt: 1 for the first time this very body arrived in this mode.
    """

    mode: str
    body: dict[str, Any]
    raw: bytes
    attempt: int

    @property
    def messages(self) -> list[tuple[str, str]]:
        """Role and content of each message."""
        return [(one["role"], one["content"]) for one in self.body["messages"]]


class StubServer:
    """A context manager; the server runs while it is open."""

    def __init__(self) -> None:
        self._arrived: list[Arrived] = []
        self._attempts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> StubServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def url(self, mode: str) -> str:
        """Base URL of an OpenAI-compatible provider that behaves in this way.

        Raises:
            KeyError: no such mode; see `evals.stub.faults.MODES`.
        """
        if mode not in MODES:
            raise KeyError(mode)
        return f"http://127.0.0.1:{self._server.server_address[1]}/{mode}/v1"

    def count(self) -> int:
        """How many requests arrived so far."""
        with self._lock:
            return len(self._arrived)

    def requests(
        self, mode: str | None = None, since: int = 0, until: int | None = None
    ) -> Sequence[Arrived]:
        """What arrived so far, in order; of one mode when it is given.

        Args:
            since, until: places as `count` told them, so that a long run is not copied for each case.
        """
        with self._lock:
            some = self._arrived[since:until]
        return [one for one in some if mode is None or one.mode == mode]

    def forget(self) -> None:
        """Start the record and the attempt numbers again."""
        with self._lock:
            self._arrived.clear()
            self._attempts.clear()

    def take(self, mode: str, raw: bytes) -> Answer:
        """Record a request and find its answer."""
        body = json.loads(raw)
        key = f"{mode} {hashlib.sha256(raw).hexdigest()}"
        with self._lock:
            self._attempts[key] += 1
            attempt = self._attempts[key]
            self._arrived.append(Arrived(mode, body, raw, attempt))
        return answer(mode, body, attempt)

    def wait(self, seconds: float) -> bool:
        """Sleep; whether the server is closing."""
        return self._closing.wait(seconds)


def _handler(stub: StubServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or headers and body wait 40 ms for each other

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length", 0)))
            mode, _, rest = self.path.lstrip("/").partition("/")
            if mode not in MODES or rest != "v1/chat/completions":
                self._send(Answer(b'{"error": {"message": "no such path"}}', 404))
                return
            try:
                self._send(stub.take(mode, raw))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the caller gave up, which is what it should do

        def _send(self, what: Answer) -> None:
            if what.hang or what.delay:
                stub.wait(LONGEST_HANG if what.hang else what.delay)
            if what.hang or what.reset:
                # Linger 0: the kernel sends a reset instead of a polite end.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(what.status)
            self.send_header("content-type", what.kind)
            self.send_header("content-length", str(what.promised or len(what.body)))
            for name, value in what.headers:
                self.send_header(name, value)
            self.end_headers()
            self._write(what)
            if what.promised:
                self.close_connection = True

        def _write(self, what: Answer) -> None:
            if not what.slow:
                self.wfile.write(what.body)
                return
            for byte in what.body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if stub.wait(what.slow):
                    return

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: a log of requests would hold what people wrote."""

    return Handler
