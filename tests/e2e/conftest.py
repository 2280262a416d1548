"""Real pages, a real server, a real Chromium, and a scripted coach behind them."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from coach.domain.model import Member, Role
from tests.e2e.fake_coach import FakeCoach, FakeSettings
from ui.catalog import Catalog

QUIET = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EXFIL = "http://exfil.test:9"
REFLECTION = (
    "I keep rewriting Jonas's slides at night. It's faster than the talk.\n\n"
    "On Thursday I was at it until one in the morning again."
)


@dataclass(frozen=True)
class Site:
    """A running program and the scripted coach behind it."""

    url: str
    coach: FakeCoach

    def link(self, member: Member) -> str:
        return f"{self.url}/sign-in/{self.coach.link_for(member)}"

    def client(self, member: Member | None = None, **options: object) -> httpx.Client:
        """A program that speaks HTTP, signed in as the member."""
        client = httpx.Client(base_url=self.url, timeout=60, **options)
        if member:
            assert client.post(f"/sign-in/{self.coach.link_for(member)}").status_code == 303
        return client


def chromium_path() -> str | None:
    """The Chromium of this machine; None leaves it to the one that Playwright installed."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return os.environ.get("COACH_TEST_CHROMIUM") or next((path for path in found if path), None)


def serve(
    coach: FakeCoach,
    door: socket.socket,
    base_url: str,
    catalog: Catalog | None = None,
    **options: object,
) -> Iterator[Site]:
    from coach.settings import quiet_libraries

    quiet_libraries()
    import uvicorn

    from ui.app import create_app

    config = uvicorn.Config(
        create_app(coach, base_url, catalog=catalog),
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
        **options,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.05)
    yield Site(base_url, coach)
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    base_url = f"http://127.0.0.1:{door.getsockname()[1]}"
    yield from serve(FakeCoach(FakeSettings(base_url=base_url)), door, base_url)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
    yield running
    running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    fresh = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    fresh.set_default_timeout(15_000)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def member(site: Site, request: pytest.FixtureRequest) -> Member:
    """A manager of this test alone."""
    return site.coach.add_member(f"M{abs(hash(request.node.name)) % 10**8}", Role.MANAGER)


@pytest.fixture
def enter(site: Site) -> Callable[[Page, Member], None]:
    """Signs a browser in, as a person would: open the link, press the button."""

    def sign_in(page: Page, member: Member) -> None:
        page.goto(site.link(member))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state("load")

    return sign_in


@pytest.fixture
def reflect(site: Site, enter: Callable[[Page, Member], None], page: Page, member: Member) -> Page:
    """The page Reflect, signed in and ready to be written on."""
    enter(page, member)
    page.wait_for_selector("body.ready")
    return page


def send(page: Page, text: str) -> None:
    """Write a text and send it with the button; waits for the answer to it."""
    before = page.locator("#thread .entry").count()
    page.locator("#words textarea").fill(text)
    page.get_by_role("button", name="Save and ask me").click()
    page.wait_for_selector(f"#thread .entry >> nth={before}")
