"""Which addresses are this program: its own in every spelling that a browser uses, and no other."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.security import SameOrigin, hosts_of, origins_of


def through_both_walls(base_url: str, address: str) -> TestClient:
    app = Starlette(routes=[Route("/", lambda request: PlainTextResponse("taken"), methods=["GET", "POST"])])
    app.add_middleware(SameOrigin, origins=origins_of(base_url), refusal="refused")
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=sorted(hosts_of(base_url)))
    return TestClient(app, base_url=address)


def answer(base_url: str, address: str, origin: str) -> int:
    """What a form gets that was sent to an address from a page of an origin, through both walls."""
    return through_both_walls(base_url, address).post("/", headers={"origin": origin}).status_code


@pytest.mark.parametrize(
    ("base_url", "origin"),
    [
        ("http://[::1]:7860", "http://[::1]:7860"),
        ("http://[::1]:7860", "http://localhost:7860"),
        ("http://127.0.0.1:7860", "http://localhost:7860"),
        ("http://127.0.0.1:7860", "http://127.0.0.1:7860"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("https://[2001:db8:0::5]:8443", "https://[2001:db8::5]:8443"),
        ("https://coach.example.org", "https://coach.example.org"),
        ("https://coach.example.org:443", "https://coach.example.org"),
        ("http://coach.example.org:80", "http://coach.example.org"),
        ("https://coach.example.org:8443", "https://coach.example.org:8443"),
        ("https://Coach.example.org", "https://coach.example.org"),
    ],
)
def test_a_form_of_our_own_page_is_taken(base_url: str, origin: str) -> None:
    assert answer(base_url, origin, origin) == 200


@pytest.mark.parametrize(
    ("address", "origin", "status"),
    [
        ("http://evil.example:7860", "http://evil.example:7860", 400),
        ("http://[::2]:7860", "http://[::2]:7860", 400),
        ("http://[::1]:7860", "http://[::1]:7861", 403),
        ("http://[::1]:7860", "https://[::1]:7860", 403),
        ("http://[::1]:7860", "http://evil.example", 403),
        ("http://[::1]:7860", "null", 403),
    ],
)
def test_another_host_or_origin_is_not(address: str, origin: str, status: int) -> None:
    assert answer("http://[::1]:7860", address, origin) == status


def test_a_name_on_the_net_is_not_loopback() -> None:
    assert hosts_of("https://coach.example.org") == {"coach.example.org"}
    assert origins_of("https://coach.example.org:443") == {"https://coach.example.org"}


HERE = "https://coach.example.org"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "twice",
    [
        [("origin", HERE), ("origin", "https://evil.example")],
        [("origin", "https://evil.example"), ("origin", HERE)],
        [("origin", HERE), ("Origin", HERE)],
        [("host", "coach.example.org"), ("host", "evil.example")],
        [("host", "coach.example.org"), ("Host", "coach.example.org")],
    ],
)
def test_two_origins_or_hosts_are_one_too_many(method: str, twice: list[tuple[str, str]]) -> None:
    """It gets what a foreign origin gets: whoever stands in front may have looked at the other one."""
    client = through_both_walls(HERE, HERE)
    refused = client.request(method, "/", headers=twice)
    assert (refused.status_code, refused.text) == (403, "refused")
    once = client.request(method, "/", headers=twice[:1] if twice[0][1] in HERE else twice[1:])
    assert (once.status_code, once.text) == (200, "taken")
