"""`coach serve --demo` as a person starts it: a process, printed links, and nothing left when it ends."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

ROLES = ("manager", "facilitator", "evaluator")
READY = 400  # seconds; a busy machine needs minutes to read the corpus in for the first time
GONE = 30  # seconds to end in order
LINK = re.compile(r"^\s+(\w+)\s+(http://127\.0\.0\.1:\d+/sign-in/\S+)$")
SECRET = "On Thursday I rewrote the slides of my team until one in the morning again. Harbourlight."


@dataclass(frozen=True)
class Demo:
    """A running demo programme."""

    process: subprocess.Popen[str]
    links: dict[str, str]
    folder: Path  # where the process makes its temporary folders

    def browser(self) -> httpx.Client:
        """Somebody who has not signed in."""
        url = self.links["manager"].split("/sign-in/")[0]
        return httpx.Client(base_url=url, timeout=20, follow_redirects=True)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Demo]:
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("temporary")
    process = start(home, folder, model_cache)
    try:
        yield Demo(process, read_links(process), folder)
    finally:
        process.kill()
        process.wait(10)


def start(home: Path, folder: Path, cache: Path) -> subprocess.Popen[str]:
    """`coach serve --demo` on a free port, with homes of this test's own."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("COACH_")}
    own = {
        "COACH_HOME": str(home / "data"),
        "COACH_KEY_FILE": str(home / "key" / "master.key"),
        "COACH_CACHE": str(cache),
        "TMPDIR": str(folder),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "coach.cli", "serve", "--demo", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**inherited, **own},
    )


def read_links(process: subprocess.Popen[str]) -> dict[str, str]:
    """The links it prints, by role; waits until each role has one and the door answers."""
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=lambda: [lines.put(line) for line in process.stdout], daemon=True).start()
    links: dict[str, str] = {}
    said: list[str] = []
    until = time.monotonic() + READY
    while set(links) != set(ROLES):
        try:
            said.append(lines.get(timeout=1))
        except queue.Empty:
            assert process.poll() is None, f"it ended by itself: {''.join(said)}"
            assert time.monotonic() < until, f"no links after {READY} seconds: {''.join(said)}"
            continue
        if match := LINK.match(said[-1].rstrip()):
            links[match[1]] = match[2]
    httpx.get(next(iter(links.values())), timeout=max(1.0, until - time.monotonic()))  # its pages are up
    return links


def press(client: httpx.Client, link: str) -> httpx.Response:
    """Open a link and press its only button, as a browser would."""
    page = client.get(link)
    form = re.search(r'<form method="post" action="(/sign-in/[^"]+)" class="fields">', page.text)
    assert page.status_code == 200 and form, "a link leads to a page with one button"
    assert client.get("/still-here").status_code == 401, "looking at a link signs nobody in"
    origin = str(client.base_url).rstrip("/")
    return client.post(form[1], headers={"origin": origin, "sec-fetch-site": "same-origin"})


@pytest.fixture(scope="module")
def inside(demo: Demo) -> dict[str, httpx.Client]:
    """Each role, signed in by the link that was printed for it."""
    clients = {}
    for role in ROLES:
        clients[role] = demo.browser()
        home = press(clients[role], demo.links[role])
        assert (home.status_code, home.url.path) == (200, "/reflect/" if role == "manager" else "/home")
        assert clients[role].get("/still-here").status_code == 204
    return clients


@pytest.mark.parametrize("role", ROLES)
def test_a_printed_link_signs_in_once_and_not_twice(
    demo: Demo, inside: dict[str, httpx.Client], role: str
) -> None:
    again = demo.browser()
    for answer in (again.get(demo.links[role]), again.post(demo.links[role])):
        assert answer.status_code == 404
        assert "has been used" in answer.text
    assert again.get("/still-here").status_code == 401
    assert inside[role].get("/still-here").status_code == 204, "the one who came in first stays in"


def test_other_roles_have_a_home_without_a_word_of_anybodys_journal(inside: dict[str, httpx.Client]) -> None:
    """What the manager wrote stands in the manager's journal, and on no page that the others can open."""
    manager = inside["manager"]
    body = {"data": [SECRET, ""], "fn_index": 0, "session_hash": "serve", "event_data": None}
    assert (
        manager.post("/reflect/gradio_api/queue/join", json={**body, "trigger_id": None}).status_code == 200
    )
    until = time.monotonic() + 30
    while "Harbourlight" not in (page := manager.get("/journal").text):
        assert time.monotonic() < until, "the reflection never reached the journal"
        time.sleep(0.2)
    conversation = re.search(r'href="(/journal/[^"]+)"', page)
    assert conversation
    for role in ("facilitator", "evaluator"):
        home = inside[role].get("/home")
        assert home.status_code == 200
        assert "You cannot read what members write." in home.text
        assert "Harbourlight" not in home.text
        for path in ("/journal", conversation[1], "/my-data/export/json", "/reflect/config"):
            answer = inside[role].get(path, follow_redirects=False)
            assert answer.status_code in {401, 403, 404}, path
            assert "Harbourlight" not in answer.text


def test_ending_it_leaves_no_folder_behind(demo: Demo) -> None:
    """Runs last: the demo's store and its key are gone as soon as the process is."""
    assert list(demo.folder.glob("coach-demo-*")), "the demo keeps its store in a folder of its own"
    demo.process.send_signal(signal.SIGTERM)
    demo.process.wait(GONE)
    assert list(demo.folder.glob("coach-demo-*")) == []


def test_a_killed_demo_is_cleared_away_and_a_living_one_is_not(tmp_path: Path) -> None:
    """Whatever was written in a demo that was killed is gone when the next one begins."""
    from coach.bootstrap import sole_server
    from coach.settings import read_settings
    from ui.commands import clear_left_demos

    settings = read_settings({"COACH_HOME": str(tmp_path / "home"), "COACH_KEY_FILE": str(tmp_path / "k")})
    left, living, new = (tmp_path / f"coach-demo-{name}" for name in ("left", "living", "new"))
    for folder in (left, living, new):
        (folder / "data").mkdir(parents=True)
        (folder / "data" / "coach.sqlite").write_text(SECRET)
    long_ago = time.time() - 3600
    with sole_server(settings.throwaway(living)):
        for folder in (left, living):
            os.utime(folder, (long_ago, long_ago))
        clear_left_demos(tmp_path, settings)
        assert (left.exists(), living.exists(), new.exists()) == (False, True, True)
