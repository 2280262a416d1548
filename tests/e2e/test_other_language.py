"""Every page in a language that nobody speaks: what stands outside the marks is not from the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page

from coach.domain.model import Member, Role
from coach.settings import Settings
from evals import tasks
from evals.model import Mode
from evals.pages.texts import views
from tests.e2e.conftest import Site
from tests.e2e.evaluators import FRAMES, PROMPT, add_run, changed_frames, changed_rule, draft, open_site
from tests.e2e.test_look import SIZES, look_at
from tests.pseudo import MARKS, pseudo

pytestmark = pytest.mark.browser
WORSE, BETTER, ONE, BROKEN = (f"2026010{day}-000000-gate" for day in range(1, 5))
WORDS = "I rewrote his slides again at night."
NAMES = {"Mira", "Noor", "Ada", "Both", "x"}  # of people, and what they wrote into a box

# Every text and every attribute that is read out, but for what is English by nature or a person's own.
SAID = """() => {
  // Gradio's own tracker is never shown (reflect.css), not even inside the thread, whose folded parts count.
  const silent = "code, textarea, title, noscript, script, style, [data-testid=status-tracker] *";
  const other = `[lang=en]:not(html), .own, .line-words, .file, ${silent}`;
  const SEEN = { opacityProperty: true, visibilityProperty: true };
  const hidden = (e) => e.closest("gradio-app") && !e.closest("#thread") && !e.checkVisibility(SEEN);
  const found = [];
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!e.closest(other) && !hidden(e)) found.push(walk.currentNode.textContent);
  }
  for (const e of document.querySelectorAll("*")) {
    if (hidden(e) || e.matches(other)) continue;
    for (const name of ["aria-label", "aria-description", "title", "placeholder", "alt"])
      if (e.hasAttribute(name)) found.push(e.getAttribute(name));
    if (e.matches("input[type=submit], input[type=button]")) found.push(e.value);
  }
  return found;
}"""


@dataclass(frozen=True)
class Programme:
    """A server whose pages speak that language, with a writer, two evaluators, drafts and runs."""

    site: Site
    mira: Member
    noor: Member
    ada: Member
    worse: str
    better: str
    names: frozenset[str]  # identifiers that pages show as they are

    def check(self, page: Page, name: str) -> None:
        """Nothing on this page is said by anything but the catalogue."""
        assert MARKS[0] in page.title()
        self.check_said(page.evaluate(SAID), name)

    def check_said(self, texts: list[str], name: str) -> None:
        unmarked = [text for text in texts if self.rest(text)]
        assert [text.strip()[:90] for text in unmarked] == [], name
        assert any(MARKS[0] in text for text in texts), f"{name}: nothing is from the catalogue"

    def rest(self, text: str) -> set[str]:
        """The words outside all marks that are nobody's name."""
        before = ""
        while before != text:
            before, text = text, re.sub(f"{MARKS[0]}[^{''.join(MARKS)}]*{MARKS[1]}", " ", text)
        return set(re.findall(r"[^\W\d_]+", text)) - self.names - NAMES


def open_programme(home: Path, cache: Path, direction: str) -> Iterator[Programme]:
    for site in open_site(home, cache, pseudo(direction)):
        settings: Settings = site.coach.settings  # type: ignore[assignment] # open_site opens a real program: its settings are no fake
        noor, ada = (site.coach.add_member(name, Role.EVALUATOR) for name in ("Noor", "Ada"))
        client = site.client(noor)
        worse, better = draft(client, changed_rule()), draft(client, changed_frames(), FRAMES)
        add_run(settings, WORSE, worse, worse=6)
        add_run(settings, BETTER, better)
        add_run(settings, ONE, better, None, command="run")
        (settings.home / "evals" / BROKEN).mkdir()
        (settings.home / "evals" / BROKEN / "record.jsonl").write_text('{"form": 1}\n')
        yield Programme(
            site, site.coach.add_member("Mira", Role.MANAGER), noor, ada, worse, better, identifiers(site)
        )


def identifiers(site: Site) -> frozenset[str]:
    """Names of tasks, figures, slices and prompts: reports, files and the command line say them the same."""
    words: set[str] = {mode.value for mode in Mode}
    for name in tasks.names():
        task = tasks.task(name)
        words |= {name, *(metric.name for metric in task.metrics)}
        for sample in task.samples():
            words |= {sample.id, *sample.slices, *map(str, sample.slices.values())}
    for view in views(site.coach.settings.prompts or Path(__file__).parents[2] / "prompts"):
        words |= {view.name, view.file, view.status}
    single = {word for name in words for word in re.findall(r"[^\W\d_]+", name)}
    return frozenset(single | {word.capitalize() for word in single})


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Programme]:
    yield from open_programme(tmp_path_factory.mktemp("language"), model_cache, "ltr")


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Programme]:
    """The same, written from right to left, with the plural forms of Arabic."""
    yield from open_programme(tmp_path_factory.mktemp("mirrored"), model_cache, "rtl")


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport=SIZES["laptop"], reduced_motion="reduce")
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def enter(programme: Programme, page: Page, member: Member) -> None:
    page.goto(programme.site.link(member))
    programme.check(page, "link")
    page.locator("main button").click()
    page.wait_for_load_state("load")


# -- a member's pages ---------------------------------------------------------------------------------------


def test_the_door_speaks_it(programme: Programme, page: Page) -> None:
    for path in ("/sign-in", "/sign-in/spent", "/signed-out", "/nowhere"):
        page.goto(programme.site.url + path)
        programme.check(page, path)
    page.goto(f"{programme.site.url}/sign-in")
    page.locator("#email").fill("x@x.invalid")
    page.locator("#password").fill("x")
    page.locator("form[action='/sign-in'] button").click()
    page.wait_for_selector(".wrong")
    programme.check(page, "a wrong password")


def test_writing_and_being_asked_speaks_it(programme: Programme, page: Page) -> None:
    """From the empty page to a turn with all it can unfold, and every way in which it can fail."""
    enter(programme, page, programme.mira)
    page.wait_for_selector("body.ready")
    programme.check(page, "empty")
    for number, mark in enumerate(("TIMEOUT", "NOTHINGCLOSE", "MODEL", "CRISIS")):
        page.locator("#words textarea").fill(f"{WORDS} {mark}")
        page.locator("#send").click()
        page.wait_for_selector(f"#thread .entry >> nth={number}")
        for act in page.locator("#thread .act:visible").all():
            act.click()
        programme.check(page, mark)
    page.locator("a.open-source").first.click()
    page.wait_for_selector("#sheet .document")
    programme.check(page, "a source beside it")
    page.keyboard.press("Escape")
    page.locator("#privacy a.open-source").click()
    page.wait_for_selector("#sheet .kept")
    programme.check(page, "who can read it, beside it")
    page.keyboard.press("Escape")
    for words in ("FULLDISK", "CRASH", "..."):
        before = page.locator("#notice .wrong").get_attribute("id") if words != "FULLDISK" else ""
        page.locator("#words textarea").fill(words)
        page.locator("#send").click()
        page.wait_for_selector(f"#notice .wrong:not([id='{before}'])")
        programme.check(page, words)
    page.locator("#words textarea").fill("SLOW UNANSWERED")
    page.locator("#send").click()
    page.wait_for_selector("#status.thinking-line")
    programme.check(page, "thinking")
    page.wait_for_selector("#thread .entry >> nth=4")
    programme.check(page, "a reflection without an answer")
    page.locator("#words textarea").fill("x" * 19_500)
    page.wait_for_selector("#counter:not(:empty)")
    assert "19·500" in page.locator("#counter").inner_text()
    programme.check(page, "nearly too long")
    page.locator("#words textarea").fill("x" * 20_001)
    page.locator("#send").click()
    programme.check(page, "too long")
    page.locator("#words textarea").fill("")


def test_the_other_pages_of_a_member_speak_it(programme: Programme, page: Page) -> None:
    coach, mira, url = programme.site.coach, programme.mira, programme.site.url
    entry = coach.reflect.ask(mira.id, None, WORDS)
    coach.reflect.ask(mira.id, entry.conversation_id, f"{WORDS} UNANSWERED TWICE".replace("UNANSWERED ", ""))
    for action in ("journal.erase-all", "note.other"):
        coach.book.note(mira.id, action, "system")
    enter(programme, page, mira)
    page.wait_for_selector("body.ready")
    conversation = f"/journal/{entry.conversation_id}"
    paths = ["/journal", conversation, f"{conversation}/erase", f"/journal/erase/{entry.id}", "/my-data"]
    for path in (*paths, "/sources/case-slides", "/sources/nothing", "/journal/nothing"):
        page.goto(url + path)
        programme.check(page, path)
    page.goto(f"{url}/journal")
    page.locator("#words").fill("x-nowhere")
    page.locator("form.search button").click()
    page.wait_for_selector(".found")
    programme.check(page, "a search")
    page.goto(f"{url}/journal/erase/{entry.id}")
    page.locator("main form button").click()
    page.wait_for_selector(".said")
    programme.check(page, "an erased entry")
    page.goto(f"{url}/my-data")
    for form in ("roster", "password", "erase"):
        page.locator(f"form[action='/my-data/{form}'] button").evaluate("e => e.form.noValidate = true")
        page.locator(f"form[action='/my-data/{form}'] button").click()
        page.wait_for_selector("main .wrong, main .said")
        programme.check(page, form)
    page.locator("header form button").click()
    page.wait_for_url("**/signed-out")
    programme.check(page, "signed out")


def test_what_is_taken_away_has_its_headings_in_it(programme: Programme) -> None:
    client = programme.site.client(programme.mira)
    answer = client.get("/my-data/export/markdown")
    assert answer.text.startswith(f"# {MARKS[0]}")
    assert "filename*=UTF-8''" in answer.headers["content-disposition"]


def test_what_the_guard_and_the_walls_answer_is_in_it(programme: Programme) -> None:
    client = programme.site.client(programme.mira)
    join = "/reflect/gradio_api/queue/join"
    answers: list[tuple[int, httpx.Response]] = [
        (404, client.get("/reflect/gradio_api/info")),
        (401, programme.site.client().post(join, json={"session_hash": "a"})),
        (415, client.post(join, content="a")),
        (400, client.post(join, content="[", headers={"content-type": "application/json"})),
        (403, client.post("/journal/search", headers={"origin": "https://evil.example"})),
    ]
    for status, answer in answers:
        assert answer.status_code == status
        assert MARKS[0] in answer.json()["detail"] if status != 403 else MARKS[0] in answer.text


# -- an evaluator's pages -----------------------------------------------------------------------------------


def test_the_evaluators_pages_speak_it(programme: Programme, page: Page) -> None:
    enter(programme, page, programme.noor)
    for path in (
        "/home",
        "/prompts",
        f"/prompts/versions/{programme.worse}",
        f"/prompts/versions/{programme.better}",
        "/prompts/versions/as-delivered",
        "/prompts/versions/nothing",
        f"/prompts/texts/as-delivered/{PROMPT}",
        f"/prompts/texts/as-delivered/{FRAMES}",
        f"/prompts/draft?base=as-delivered&file={FRAMES}",
        "/runs",
        "/runs/new",
        *(f"/runs/{run}" for run in (WORSE, BETTER, ONE, BROKEN)),
        f"/runs/compare?one={WORSE}&other={BETTER}",
        f"/runs/compare?one={BROKEN}&other={BETTER}",
        "/runs/nothing",
    ):
        page.goto(programme.site.url + path)
        programme.check(page, path)


def test_what_two_evaluators_do_is_said_in_it(
    programme: Programme, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A run proves nothing once a file of the program has changed; here somebody may be at work on one.
    monkeypatch.setattr("evals.pages.evidence.check_same", lambda *_: None)
    enter(programme, page, programme.noor)
    settings: Settings = programme.site.coach.settings  # type: ignore[assignment] # open_site opens a real program: its settings are no fake
    add_run(settings, "20260109-000000-gate", programme.better)
    version = f"{programme.site.url}/prompts/versions/{programme.better}"
    for deed in ("propose", "withdraw", "propose"):
        page.goto(version)
        page.locator(f"form[action$='/{deed}'] button").click()
        page.wait_for_selector(".said, .wrong")
        programme.check(page, deed)
    page.goto(f"{programme.site.url}/prompts")
    programme.check(page, "a proposal waits")
    for text in ("frames: [", "frames: {a: *b}", "version: 1", ""):
        answer = programme.site.client(programme.noor).post(
            "/prompts/draft", data={"base": "as-delivered", "file": FRAMES, "text": text}
        )
        wrong = re.search(r'class="wrong" role="alert">(.*?)</p>', answer.text, re.DOTALL)
        assert wrong, text
        programme.check_said([wrong[1]], text)
    answer = programme.site.client(programme.noor).post(
        "/runs/new", data={"candidate": "as-delivered", "baseline": "as-delivered"}
    )
    assert f'role="alert">{MARKS[0]}' in answer.text


# -- from right to left -------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["laptop", "phone"])
def test_a_language_from_right_to_left_stands_so(mirrored: Programme, browser: Browser, size: str) -> None:
    """The root says language and direction, English in it stands as English, and every page can be read."""
    context = browser.new_context(viewport=SIZES[size], color_scheme="dark", reduced_motion="reduce")
    page = context.new_page()
    enter(mirrored, page, mirrored.mira)
    page.wait_for_selector("body.ready")
    page.locator("#words textarea").fill(WORDS)
    page.locator("#send").click()
    page.wait_for_selector("#thread .entry")
    stands(mirrored, page, "turn")
    assert direction_of(page, ".question") == direction_of(page, ".own p") == "ltr"
    for path in ("/journal", "/my-data", "/sources/case-slides"):
        page.goto(mirrored.site.url + path)
        stands(mirrored, page, path)
    assert direction_of(page, ".document-body") == "ltr"
    context.clear_cookies()
    enter(mirrored, page, mirrored.noor)
    for path in ("/prompts", f"/prompts/versions/{mirrored.worse}", "/runs/new", f"/runs/{WORSE}"):
        page.goto(mirrored.site.url + path)
        stands(mirrored, page, path)
    context.close()


def stands(programme: Programme, page: Page, name: str) -> None:
    programme.check(page, name)
    look_at(page, name)
    root = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    assert root == ["ar-XB", "rtl"], name
    assert direction_of(page, "main") == "rtl", name


def direction_of(page: Page, selector: str) -> str:
    return str(page.locator(selector).first.evaluate("e => getComputedStyle(e).direction"))
