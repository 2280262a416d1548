"""The evaluator's day in a real browser: a draft, a real run, two people, and the way back."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import evals.pages
from coach.bootstrap import Coach, open_coach
from coach.commands.taking import take_corpus
from coach.domain.model import PROGRAMME, Member, Role
from coach.settings import Settings
from evals import tasks
from evals.model import Mode
from tests.e2e.conftest import Site, serve
from tests.e2e.evaluators import (
    FRAMES,
    PROMPT,
    add_run,
    changed_frames,
    changed_rule,
    draft,
    evaluator,
    open_site,
)
from tests.e2e.test_look import SIZES, look_at

pytestmark = pytest.mark.browser
NIGHTS = (
    "I keep rewriting the slides of my analyst at night, because it is faster than the talk I owe him."
    " On Thursday I sat at it until one. My marmalade was the only thing that heard me swear."
)
RARE = "marmalade"
FILES = ("record.jsonl", "report.md", "report.html")


@dataclass(frozen=True)
class Programme:
    """The real program, running, with two evaluators."""

    url: str
    coach: Coach
    noor: Member
    ada: Member

    def enter(self, page: Page, member: Member) -> None:
        page.goto(f"{self.url}/sign-in/{self.coach.accounts.sign_in_link(member.id)}")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/home")

    def version_in_use(self) -> str:
        """Of the texts that the next turn of any member would be written from."""
        turn, _ = self.coach.thinking.turn(NIGHTS, [PROGRAMME])
        return turn.origin.version


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Programme]:
    home = tmp_path_factory.mktemp("evaluated")
    settings = Settings(home=home / "data", key_file=home / "key" / "master.key", cache=model_cache)
    with open_coach(settings) as coach, pytest.MonkeyPatch.context() as patch:
        patch.setattr("ui.app.contributed", lambda: (evals.pages,))
        take_corpus(coach)
        noor, ada = (
            coach.accounts.invite(name, f"{name.lower()}@real.invalid", [Role.EVALUATOR])
            for name in ("Noor", "Ada")
        )
        door = socket.socket()
        door.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        for site in serve(coach, door, url):  # type: ignore[arg-type] # the real one
            yield Programme(site.url, coach, noor, ada)


def test_from_a_draft_to_the_members_and_back(programme: Programme, page: Page, browser: Browser) -> None:
    """A text is changed, tried, judged, proposed by one, activated by another, used, and taken back."""
    page.set_default_timeout(30_000)
    programme.enter(page, programme.noor)
    page.get_by_role("link", name="See the prompts").click()
    version = a_draft_is_written(page)
    a_real_run_tries_it(page)
    page.get_by_role("link", name="To this version").click()
    expect(page.locator(".step")).to_contain_text("To be proposed it has to pass on all of them.")
    expect(page.get_by_role("button", name="Propose it")).to_have_count(0)
    add_run(programme.coach.settings, "20260101-000000-gate", version)
    page.reload()
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_role("status").first).to_contain_text("A second evaluator can bring it into force.")
    expect(page.get_by_role("button", name="Bring it into force")).to_have_count(0)
    assert "99.0.0" not in programme.version_in_use()
    a_second_evaluator_brings_it_into_force(programme, browser)
    assert "99.0.0" in programme.version_in_use(), "the running program uses it without a restart"
    it_goes_back_in_one_step(programme, page)
    assert programme.coach.parts.audit.verify() is None


def a_draft_is_written(page: Page) -> str:
    page.get_by_role("link", name="Write a draft frames").click()
    box = page.get_by_label(re.compile(re.escape(FRAMES)))
    box.fill("frames: [")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.get_by_role("alert")).to_contain_text("Your text is still below.")
    expect(box).to_have_value(re.compile(r"^frames: \["))
    box.fill(changed_frames(0))
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.get_by_role("alert")).to_contain_text("This question would never be asked. It fails: ")
    page.get_by_role("button", name="Keep it all the same").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("frames 99.0.0")
    expect(page.locator(".diff")).to_contain_text("Then what")
    return page.url.rpartition("/")[2]


def a_real_run_tries_it(page: Page) -> None:
    """`coach eval run --limit 4` in a process of its own, with a bar that moves and a result at its end."""
    page.get_by_role("link", name="Judge it").click()
    page.get_by_label("Try it on a few cases").check()
    page.get_by_label("Cases of each task", exact=True).fill("4")
    page.get_by_text("Choose the tasks yourself").click()
    page.get_by_label("question quality").check()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The run is going on")
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("button", name="Stop it")).to_be_visible()
    page.wait_for_selector("section.part", timeout=480_000)  # the page comes to the result by itself
    expect(page.locator(".lead").first).to_contain_text("frames 99.0.0 against As delivered")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tried: ")
    expect(page.locator("main")).to_contain_text("To be proposed it has to pass on all of them.")
    expect(page.locator("#question_quality-embedded table.figures").first).to_be_attached()
    expect(page.locator(".case").first.locator(".side")).to_have_count(2)
    assert page.locator("del, ins").count() > 0, "what differs is marked"


def a_second_evaluator_brings_it_into_force(programme: Programme, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    programme.enter(page, programme.ada)
    page.get_by_role("link", name="Prompts", exact=True).click()
    page.locator(".waits a").click()
    expect(page.locator(".step")).to_contain_text("Noor proposes")
    page.get_by_role("button", name="Bring it into force").click()
    expect(page.get_by_role("status").first).to_contain_text("The next turn of every member uses it.")
    context.close()


def it_goes_back_in_one_step(programme: Programme, page: Page) -> None:
    page.goto(f"{programme.url}/prompts")
    page.locator("a.plain-line", has_text="As delivered").click()
    began = time.monotonic()
    page.get_by_role("button", name="Go back to this").click()
    expect(page.get_by_role("status").first).to_contain_text("It is in force again.")
    assert "99.0.0" not in programme.version_in_use()
    assert time.monotonic() - began < 10
    page.goto(f"{programme.url}/prompts")
    deeds = page.locator("table.log tbody tr").all_inner_texts()
    for place, (name, told) in enumerate(
        (("Noor", "Went back to"), ("Ada", "Brought into"), ("Noor", "Proposed"))
    ):
        assert name in deeds[place] and told in deeds[place]


def test_the_quick_way_tries_a_text_of_the_bank(programme: Programme, page: Page) -> None:
    """No task and no mode is chosen: the button, the start, and a result of each task that can run."""
    page.set_default_timeout(30_000)
    programme.enter(page, programme.noor)
    client = page.request
    text = changed_frames(3).replace("99.0.0", "98.0.0")
    form = {"base": "as-delivered", "file": FRAMES, "text": text}
    version = client.post(f"{programme.url}/prompts/draft", form=form).url.rpartition("/")[2]
    page.goto(f"{programme.url}/prompts/versions/{version}")
    page.get_by_role("link", name="Judge it").click()
    page.get_by_label("Try it on a few cases").check()
    page.get_by_label("Cases of each task", exact=True).fill("1")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The run is going on")
    page.wait_for_selector("table.overview, main > p.wrong", timeout=480_000)
    assert page.locator("main > p.wrong").all_inner_texts() == []
    expect(page.locator("table.overview tbody tr")).to_have_count(
        sum(Mode.EMBEDDED in tasks.task(name).modes for name in tasks.names())
    )


def test_an_evaluators_browser_never_meets_a_members_words(programme: Programme, page: Page) -> None:
    """Over the real store: what a manager wrote stands on no page and in no file that they can open."""
    writer = programme.coach.accounts.invite("Writer", "writer@real.invalid", [Role.MANAGER])
    entry = programme.coach.reflect.ask(writer.id, None, NIGHTS)
    programme.enter(page, programme.noor)
    seen = 0
    for path in (
        *("/home", "/prompts", "/runs", "/runs/new", "/my-data", "/journal", "/reflect/", "/reflect/config"),
        *(f"/journal/{entry.conversation_id}", f"/journal/erase/{entry.id}", "/my-data/export/json"),
        *(f"/runs/{entry.id}", f"/prompts/versions/{entry.conversation_id}", f"/sources/{entry.id}"),
    ):
        answer = page.request.get(programme.url + path)
        assert RARE not in answer.text(), path
        seen += answer.ok
    assert seen >= 5, "the pages of the evaluator were there to be looked at"
    for link in page.request.get(f"{programme.url}/runs").text().split('href="/runs/')[1:]:
        run = link.split('"')[0]
        for path in (f"/runs/{run}", *(f"/runs/{run}/files/{file}" for file in FILES)):
            assert RARE not in page.request.get(programme.url + path).text()
    everything = [
        file for file in programme.coach.settings.home.joinpath("evals").rglob("*") if file.is_file()
    ]
    assert everything and all(RARE.encode() not in file.read_bytes() for file in everything)


@pytest.fixture(scope="module")
def furnished(
    tmp_path_factory: pytest.TempPathFactory, model_cache: Path
) -> Iterator[tuple[Site, dict[str, str]]]:
    """A site with a draft, a proposal, and runs that passed, got worse and stopped; its addresses by name."""
    for site in open_site(tmp_path_factory.mktemp("furnished"), model_cache):
        settings = site.coach.settings
        writer = site.client(evaluator(site, "Writer"))
        proposed, worse = draft(writer, changed_rule()), draft(writer, changed_frames(30), FRAMES)
        add_run(settings, "20260101-000000-gate", proposed, tasks=("question_quality", "crisis"))  # type: ignore[arg-type]
        add_run(settings, "20260102-000000-gate", worse, worse=25, tasks=("question_quality", "crisis"))  # type: ignore[arg-type]
        stopped = add_run(settings, "20260103-000000-run", worse, tasks=("crisis",)) / "record.jsonl"  # type: ignore[arg-type]
        stopped.write_text("".join(stopped.read_text("utf-8").splitlines(True)[:9]), encoding="utf-8")
        addresses = {
            "prompts": "/prompts",
            "text": f"/prompts/texts/as-delivered/{PROMPT}",
            "draft": f"/prompts/draft?base=as-delivered&file={PROMPT}",
            "version": f"/prompts/versions/{worse}",
            "runs": "/runs",
            "new run": f"/runs/new?candidate={worse}",
            "passed": "/runs/20260101-000000-gate",
            "worse": "/runs/20260102-000000-gate",
            "stopped": "/runs/20260103-000000-run",
            "home": "/home",
        }
        yield site, addresses


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_of_the_evaluator_can_be_read(
    browser: Browser, furnished: tuple[Site, dict[str, str]], size: str, theme: str
) -> None:
    """Contrast, names of controls, no sideways scrolling, nothing that the policy has to stop."""
    site, addresses = furnished
    context = browser.new_context(viewport=SIZES[size], color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    stopped: list[str] = []
    page.on("console", lambda message: stopped.append(message.text) if message.type == "error" else None)
    page.goto(site.link(evaluator(site, f"Reader{size}{theme}")))
    page.get_by_role("button", name="Sign in").click()
    for name, address in addresses.items():
        assert page.goto(site.url + address).ok, name
        for details in page.locator("details:not([open]) > summary").all()[:4]:
            if details.is_visible():
                details.click()
        look_at(page, name)
    assert stopped == []
    context.close()


def test_the_keyboard_reaches_and_starts_everything(
    page: Page, furnished: tuple[Site, dict[str, str]]
) -> None:
    """From the first link to the button that starts a run, in the order of reading, with a visible focus."""
    site, addresses = furnished
    page.goto(site.link(evaluator(site, "Keys")))
    page.get_by_role("button", name="Sign in").click()
    page.goto(site.url + addresses["new run"])
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => { const e = document.activeElement, s = getComputedStyle(e);
                return [e.name || e.textContent.trim(), s.outlineStyle !== "none"] }"""
            )
        )
        if reached[-1][0] == "Start":
            break
    names = [name for name, _ in reached]
    wanted = ["candidate", "baseline", "extent", "limit", "Choose the tasks yourself", "Start"]
    assert [name for name in names if name in wanted] == wanted
    assert all(visible for _, visible in reached)
