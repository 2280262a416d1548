"""The server as browsers and proxies reach it: real requests on this machine's own addresses."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest

from coach.bootstrap import Coach, open_coach
from coach.domain.model import Role
from coach.services.accounts import TRIES
from coach.settings import Settings, read_settings
from ui.catalog import load_catalog
from ui.commands import address, listen, server_of

PROXY = "127.0.0.2"  # this machine too, and another address than the one that is trusted without a word


@contextmanager
def served(settings: Settings, host: str) -> Iterator[tuple[Coach, str]]:
    """A program without a corpus, and its address as `coach serve` prints it."""
    catalog = load_catalog()
    with open_coach(settings) as coach, listen(catalog, host, "0") as door:
        url = address(catalog, settings, host, door.getsockname()[1])
        server = server_of(coach, url, catalog)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        until = time.monotonic() + 60
        while not server.started:
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.05)
        try:
            yield coach, url
        finally:
            server.should_exit = True
            thread.join(10)


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as door:
            door.bind(("::1", 0))
    except OSError:
        return False
    return True


def signed_in_by_form(client: httpx.Client, url: str, link: str) -> bool:
    """Open a link and press its only button, as a page of this address would."""
    page = client.get(link)
    form = re.search(r'<form method="post" action="(/sign-in/[^"]+)"', page.text)
    assert page.status_code == 200 and form, page.text
    pressed = client.post(form[1], headers={"origin": url, "sec-fetch-site": "same-origin"})
    return pressed.status_code == 303 and client.get("/still-here").status_code == 204


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6 loopback")
def test_ipv6_loopback_is_served_under_each_of_its_names(settings: Settings) -> None:
    with served(settings, "::1") as (coach, url):
        assert re.fullmatch(r"http://\[::1\]:\d+", url)
        member = coach.accounts.invite("Ada", "ada@example.org", [Role.MANAGER])
        named = url.replace("[::1]", "localhost")
        for own in (url, named):
            with httpx.Client(base_url=url, headers={"host": own.removeprefix("http://")}) as client:
                assert signed_in_by_form(client, own, f"/sign-in/{coach.accounts.sign_in_link(member.id)}")
        with httpx.Client(base_url=url) as client:
            assert client.get("/sign-in", headers={"host": "evil.example"}).status_code == 400
            assert client.get("/sign-in", headers={"host": "[::2]"}).status_code == 400


def test_behind_a_trusted_proxy_each_client_has_tries_of_its_own(settings: Settings) -> None:
    """And nobody else can say that a request comes from somewhere else."""
    trusting = read_settings({"COACH_TRUSTED_PROXY": PROXY}).trusted_proxies
    with served(replace(settings, trusted_proxies=trusting), "127.0.0.1") as (_, url):
        by_proxy, by_itself = (
            httpx.Client(base_url=url, transport=httpx.HTTPTransport(local_address=local))
            for local in (PROXY, "127.0.0.1")
        )
        with by_proxy, by_itself:
            assert stopped(by_proxy) == 0
            assert stopped(by_itself) > 0


def stopped(client: httpx.Client) -> int:
    """How many of many sign-ins are refused as too many, each said to come from a client of its own."""
    answers = [
        client.post(
            "/sign-in",
            data={"email": f"{number}@example.org", "password": "x"},
            headers={"x-forwarded-for": f"198.51.100.{number}"},
        )
        for number in range(5 * TRIES + 2)
    ]
    return sum(one.status_code == 429 for one in answers)
