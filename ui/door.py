"""How connections are taken: who says nothing is shown out, so that others find room.

The server takes a limited number of connections and answers "busy" beyond. One that never sends a request,
or never the end of one, would hold its place for ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

LOOK_EVERY = 10.0  # seconds between two looks at a connection
PATIENCE = 6  # looks at a request that has begun and does not end: a slow line may take a minute
OWN_MACHINE = ("127.0.0.0/8", "::1")
PER_ADDRESS = 200  # connections of one address, half of all: a whole office may stand behind it


def patient_with(
    proxies: tuple[str, ...], look_every: float = LOOK_EVERY, per_address: int = PER_ADDRESS
) -> type:
    """The protocol class that uvicorn makes one of for each connection.

    Args:
        proxies: addresses or networks of proxies, which speak for many. This machine itself is always one.
        look_every: seconds.
        per_address: connections that one other address may hold.
    """
    known = [ip_network(one, strict=False) for one in (*OWN_MACHINE, *proxies)]

    class Door(AutoHTTPProtocol):  # type: ignore[misc, valid-type] # one of two classes, whichever is installed
        _looking: asyncio.TimerHandle | None = None
        _seen: object = None
        _waited = 0

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._looking = self.loop.call_later(look_every, self._look)
            address = self.client[0] if self.client else ""
            if not _within(address, known):
                same = sum(1 for one in self.connections if one.client and one.client[0] == address)
                if same > per_address:
                    transport.close()

        def connection_lost(self, exc: Exception | None) -> None:
            if self._looking is not None:
                self._looking.cancel()
            super().connection_lost(exc)

        def _look(self) -> None:
            """Close when nothing came since the last look, or a request's end has not come for long."""
            request = self.cycle
            idle = request is None or request.response_complete
            unfinished = request is not None and request.more_body and not request.response_complete
            self._waited = self._waited + 1 if unfinished and request is self._seen else 0
            if (idle and (request is None or request is self._seen)) or self._waited >= PATIENCE:
                self.transport.close()
                return
            self._seen = request
            self._looking = self.loop.call_later(look_every, self._look)

    return Door


def _within(address: str, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    try:
        here = ip_address(address)
    except ValueError:
        return True  # a socket of this machine
    return any(here in one for one in networks if one.version == here.version)
