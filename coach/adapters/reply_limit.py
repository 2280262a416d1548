"""A limit to what a language model's server may send back, and to how long it may take over it.

A provider's package reads whatever comes, unpacked: a server that has gone wrong, or a hostile one, could
fill the memory with one answer, or hold a call open by a byte a second until no call is left. Both end here,
between the package's HTTP client and the network. Some packages use httpx and some httpx2; the two look the
same from here, but each knows its own streams and errors only.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from operator import attrgetter
from typing import Any

MOST_BYTES = 1_000_000  # of one answer; a turn is some two thousand
# Where the packages of openai, anthropic and ollama keep the HTTP client that a turn is asked with.
_CLIENTS = ("root_client._client", "_client._client")


def limit_replies(model: object, seconds: float) -> None:
    """Wrap the ways to the network of a chat model's HTTP client.

    Args:
        model: of LangChain; one without an HTTP client that we know is left as it is.
        seconds: from a request to the end of its answer.
    """
    for place in _CLIENTS:
        with suppress(AttributeError, TypeError):
            client = attrgetter(place)(model)
            if hasattr(client._transport, "handle_request"):
                client._transport = limited(client._transport, seconds)
                for pattern, transport in client._mounts.items():
                    client._mounts[pattern] = transport and limited(transport, seconds)


def limited(transport: Any, seconds: float, most: int = MOST_BYTES) -> Any:
    """A transport of the same library whose answers are plain, short and soon at their end.

    Args:
        transport: of httpx or httpx2.
        seconds: from a request to the end of its answer.
        most: bytes of one answer.

    Returns:
        A transport that raises the library's own DecodingError for a packed answer (it may be of any length),
        its ReadError for one that is too long, and its ReadTimeout for one that takes too long.
    """
    return _classes_of(type(transport).__module__.partition(".")[0])(transport, seconds, most)


@cache
def _classes_of(name: str) -> Any:
    library: Any = import_module(name)

    class Short(library.SyncByteStream):  # type: ignore[misc] # of a library that is known when it runs
        def __init__(self, inner: Any, request: Any, until: float, most: int) -> None:
            self._inner, self._request, self._until, self._most = inner, request, until, most

        def __iter__(self) -> Iterator[bytes]:
            come = 0
            for chunk in self._inner:
                come += len(chunk)
                if come > self._most:
                    raise library.ReadError("The answer is too long.", request=self._request)
                if time.monotonic() > self._until:
                    raise library.ReadTimeout("The answer took too long.", request=self._request)
                yield chunk

        def close(self) -> None:
            self._inner.close()

    class Limited(library.BaseTransport):  # type: ignore[misc] # likewise
        def __init__(self, inner: Any, seconds: float, most: int) -> None:
            self._inner, self._seconds, self._most = inner, seconds, most

        def handle_request(self, request: Any) -> Any:
            until = time.monotonic() + self._seconds
            request.headers["accept-encoding"] = "identity"
            response = self._inner.handle_request(request)
            if response.headers.get("content-encoding", "").strip().lower() not in ("", "identity"):
                response.close()
                raise library.DecodingError("A packed answer was not asked for.", request=request)
            response.stream = Short(response.stream, request, until, self._most)
            return response

        def close(self) -> None:
            self._inner.close()

    return Limited
