"""Everything that a provider or a model gets wrong, by name.

A content fault is a wrong answer in a right envelope; a wire fault breaks the envelope. Whether a fault
passes after the first attempt hangs on the attempt number *of that request content*, so concurrency
cannot move it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from evals.stub.contents import CONTENT, as_json


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer.

    Attributes:
        body: bytes to send.
        promised: length to announce when it is not the true one.
        slow: seconds between two bytes; 0 sends all at once.
        delay: seconds before anything is sent.
        hang: never answers.
        reset: the connection is reset without an answer.
    """

    body: bytes = b""
    status: int = 200
    kind: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    promised: int | None = None
    slow: float = 0.0
    delay: float = 0.0
    hang: bool = False
    reset: bool = False


def answer(mode: str, request: Mapping[str, Any], attempt: int) -> Answer:
    """The stub's answer.

    Args:
        mode: a key of CONTENT or of WIRE.
        request: the body, as JSON.
        attempt: 1 for the first time this very body arrived.

    Raises:
        KeyError: no such mode.
    """
    user = str(request["messages"][-1]["content"])
    if mode in CONTENT:
        return completion(CONTENT[mode](user, request))
    return WIRE[mode](request, user, attempt)


def completion(content: str, finish: str | None = "stop", **message: Any) -> Answer:
    """A whole chat completion around some text."""
    return Answer(json.dumps(_envelope(content, finish, **message)).encode())


def _envelope(content: str, finish: str | None = "stop", **message: Any) -> dict[str, Any]:
    return {
        "id": "chatcmpl-stub",
        "object": "chat.completion",
        "created": 1,
        "model": "stub",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": content, **message},
                "finish_reason": finish,
            }
        ],
        "usage": {"prompt_tokens": 900, "completion_tokens": 150, "total_tokens": 1050},
    }


def _once(fault: Answer) -> Callable[[Mapping[str, Any], str, int], Answer]:
    return lambda _request, user, attempt: fault if attempt == 1 else completion(as_json(user))


def _always(fault: Answer) -> Callable[[Mapping[str, Any], str, int], Answer]:
    return lambda _request, _user, _attempt: fault


def _error(status: int, message: str, **headers: str) -> Answer:
    body = json.dumps({"error": {"message": message, "type": "stub", "param": None, "code": None}}).encode()
    return Answer(
        body, status, headers=tuple((name.replace("_", "-"), value) for name, value in headers.items())
    )


def _echo(request: Mapping[str, Any], _user: str, _attempt: int) -> Answer:
    """An error that repeats the prompt, as some providers' errors do."""
    return _error(400, json.dumps(request["messages"]))


def _no_temperature(request: Mapping[str, Any], user: str, _attempt: int) -> Answer:
    if "temperature" in request:
        return _error(400, "Unsupported value: 'temperature' does not support 0.4 with this model.")
    return completion(as_json(user))


def _slow_closed(request: Mapping[str, Any], user: str, _attempt: int) -> Answer:
    """Late, and then not good enough: the worst case for a deadline over two calls."""
    return replace(completion(CONTENT["closed"](user, request)), delay=1.3)


def _flaky_closed(request: Mapping[str, Any], user: str, attempt: int) -> Answer:
    """Fails once, and then the proposal is not good enough: the most calls a turn can cost."""
    return _error(500, "boom") if attempt == 1 else completion(CONTENT["closed"](user, request))


def _without(key: str) -> Callable[[Mapping[str, Any], str, int], Answer]:
    def made(_request: Mapping[str, Any], user: str, _attempt: int) -> Answer:
        envelope = _envelope(as_json(user))
        del envelope[key]
        return Answer(json.dumps(envelope).encode())

    return made


def _cut(_request: Mapping[str, Any], user: str, _attempt: int) -> Answer:
    whole = completion(as_json(user)).body
    return Answer(whole[: len(whole) // 2], promised=len(whole))


WIRE: Mapping[str, Callable[[Mapping[str, Any], str, int], Answer]] = MappingProxyType(
    {
        "hang": _always(Answer(hang=True)),
        "drip": lambda _request, user, _attempt: Answer(completion(as_json(user)).body, slow=0.2),
        "reset": _always(Answer(reset=True)),
        "reset-once": _once(Answer(reset=True)),
        "429-short": _once(_error(429, "slow down", retry_after="0.3")),
        "429-always": _always(_error(429, "slow down", retry_after="0.2")),
        "429-long": _always(_error(429, "slow down", retry_after="50")),
        "429-date": _always(_error(429, "slow down", retry_after="Wed, 21 Oct 2026 07:28:00 GMT")),
        "500": _always(_error(500, "boom")),
        "500-once": _once(_error(500, "boom")),
        "503-once": _once(_error(503, "overloaded")),
        "401": _always(_error(401, "Incorrect API key provided")),
        "404": _always(_error(404, "The model does not exist")),
        "echo": _echo,
        "no-temperature": _no_temperature,
        "slow-closed": _slow_closed,
        "flaky-closed": _flaky_closed,
        "html": _always(Answer(b"<html><body>502 Bad Gateway</body></html>", kind="text/html")),
        "truncated": _always(Answer(b'{"id": "x", "choices": [{"message": {"content": "{\\"mirr')),
        "cut": _cut,
        "no-choices": lambda _r, _u, _a: Answer(json.dumps({**_envelope(""), "choices": []}).encode()),
        "error-200": _always(Answer(json.dumps({"error": {"message": "overloaded"}}).encode())),
        "no-usage": _without("usage"),
        "length": lambda _r, user, _a: completion(as_json(user)[:200], finish="length"),
        "length-whole": lambda _r, user, _a: completion(as_json(user), finish="length"),
        "filtered": lambda _r, user, _a: completion(as_json(user), finish="content_filter"),
        "no-finish": lambda _r, user, _a: completion(as_json(user), finish=None),
        "tool-call": lambda _r, _u, _a: completion(
            "",
            finish="tool_calls",
            tool_calls=[
                {"id": "c1", "type": "function", "function": {"name": "read_journal", "arguments": "{}"}}
            ],
        ),
    }
)

MODES: tuple[str, ...] = (*CONTENT, *WIRE)
