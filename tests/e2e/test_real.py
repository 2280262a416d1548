"""The whole program, nothing scripted: the real coach behind the real pages in a real browser."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from coach.bootstrap import Coach, open_coach
from coach.commands.taking import take_corpus
from coach.demo import fill
from coach.domain.model import Conversation, Member, Role
from coach.domain.rubric import CRITERIA
from coach.settings import Settings
from tests.e2e.conftest import send, serve

pytestmark = pytest.mark.browser

FORMER_PEERS = (
    "Since March I lead the people I used to have lunch with. On Monday I had to tell Jonas that his shift"
    " swap was not possible, and he laughed and said I used to be one of them. I laughed too. In the evening"
    " I approved it anyway.\n\nNow two others have asked for the same, and I do not know whose side I am"
    " standing on. I miss the lunch table more than I thought."
)
NIGHTS = (
    "I keep rewriting the slides of my analyst at night, because it is faster than the talk I owe him."
    " On Thursday I sat at it until one, and on Friday he presented them as if nothing had happened."
    " I smiled. My marmalade was the only thing that heard me swear."
)
CRISIS = "I do not see a way out any more and I have been thinking about ending my life."
RARE = "marmalade"  # a word that only the second writer has


@dataclass(frozen=True)
class Programme:
    """The running demo programme."""

    url: str
    coach: Coach

    def invite(self, name: str) -> Member:
        """A manager of one test alone, in a group of the programme."""
        email = f"{name.lower()}@real.invalid"
        member = self.coach.accounts.invite(name, email, [Role.MANAGER], "engineering")
        self.coach.groups.join(self.coach.parts.people.groups()[0].id, member.id)
        return member

    def enter(self, page: Page, member: Member) -> None:
        """Sign in as a person would: open the one-time link, press the button."""
        page.goto(f"{self.url}/sign-in/{self.coach.accounts.sign_in_link(member.id)}")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_selector("body.ready")

    def only_conversation(self, member: Member) -> Conversation:
        (conversation,) = self.coach.journal.conversations(member.id)
        return conversation


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Programme]:
    home = tmp_path_factory.mktemp("real")
    settings = Settings(home=home / "data", key_file=home / "key" / "master.key", cache=model_cache)
    with open_coach(settings) as coach:
        take_corpus(coach)
        fill(coach)
        door = socket.socket()
        door.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        for site in serve(coach, door, url):
            yield Programme(site.url, coach)


def test_the_whole_path_of_a_reflection(programme: Programme, page: Page) -> None:
    """Written, mirrored, asked, looked behind, found again, gone on with, erased: an evening of a manager."""
    writer = programme.coach.parts.people.member_by_email("maren@demo.invalid")
    assert writer is not None
    programme.enter(page, writer)
    send(page, FORMER_PEERS)
    the_answer_is_whole(programme, page, writer)
    the_case_behind_it_opens(page)
    peers_are_named_by_what_they_met(programme, page)
    it_is_found_and_gone_on_with(page)
    it_is_erased(programme, page, writer)


def the_answer_is_whole(programme: Programme, page: Page, writer: Member) -> None:
    entry = programme.only_conversation(writer).entries[0]
    assert entry.text == FORMER_PEERS
    assert entry.turn is not None and len(entry.turn.questions) == 3
    for question in entry.turn.questions:
        assert {verdict.criterion for verdict in question.criteria} >= set(CRITERIA), question.text
        assert [verdict for verdict in question.criteria if not verdict.passed] == [], question.text
    assert entry.turn.mirror.startswith("You") or re.search(r"\byour?\b", entry.turn.mirror)
    expect(page.locator("#thread .mirror")).to_have_text(entry.turn.mirror)
    shown = page.locator("#thread .question:visible")
    expect(shown).to_have_text(entry.turn.questions[0].text)
    page.get_by_role("button", name="another angle").click()
    expect(shown).to_have_text([question.text for question in entry.turn.questions[:2]])
    page.get_by_role("button", name="why this question?").click()
    expect(page.locator("#thread .why:visible").first).to_contain_text(entry.turn.questions[0].why)


def the_case_behind_it_opens(page: Page) -> None:
    page.get_by_role("button", name="where it comes from").click()
    case = page.locator(".behind-one", has_text="Case study").first.get_by_role("link")
    title = case.inner_text()
    case.click()
    sheet = page.get_by_role("complementary", name="Source")
    expect(sheet.get_by_role("heading", level=1)).to_have_text(title)
    expect(sheet.locator(".document-body")).to_be_visible()
    assert len(sheet.locator(".document-body").inner_text().split()) > 80, "a case is a story, not a line"
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def peers_are_named_by_what_they_met(programme: Programme, page: Page) -> None:
    peers = page.locator("#thread .peers")
    expect(peers.get_by_role("listitem").first).to_contain_text(re.compile("^Someone in .* who also "))
    expect(peers).to_contain_text("cannot ask for an introduction here yet")
    said = page.locator("#thread .turn").inner_text()
    for member in programme.coach.parts.people.members():
        for name in (*member.name.split(" ", 1), member.email, member.id):
            assert not re.search(rf"\b{re.escape(name)}\b", said), f"{name} must not be shown"


def it_is_found_and_gone_on_with(page: Page) -> None:
    page.get_by_role("link", name="Journal").click()
    page.get_by_label("Search your own words").fill("Lunch table")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".line")).to_have_count(1)
    page.locator(".line").click()
    expect(page.locator(".own")).to_contain_text("I laughed too.")
    first = page.locator(".question:visible").inner_text()
    page.get_by_role("link", name="Go on with this").click()
    page.wait_for_selector("body.ready")
    send(page, "I wanted Jonas to like me. I noticed that on the way home, and I was ashamed of it.")
    expect(page.locator("#thread .own")).to_have_count(2)
    second = page.locator("#thread .entry").nth(1).locator(".question:visible")
    assert second.inner_text() != first, "no question twice in a conversation"


def it_is_erased(programme: Programme, page: Page, writer: Member) -> None:
    page.get_by_role("link", name="Journal").click()
    page.locator(".line").first.click()
    for left in (1, 0):
        page.get_by_role("link", name="Erase this entry").first.click()
        page.get_by_role("button", name="Erase it").click()
        expect(page.get_by_role("status").first).to_contain_text("The entry is erased.")
        held = [one for found in programme.coach.journal.conversations(writer.id) for one in found.entries]
        assert len(held) == left
    expect(page.get_by_role("link", name="Write the first one")).to_be_visible()
    assert "lunch" not in page.content()
    assert "lunch" not in programme.coach.journal.export(writer.id, "json")


def test_who_knows_every_id_of_another_member_still_gets_nothing(
    programme: Programme, page: Page, browser: Browser
) -> None:
    """Conversation, entry and Gradio session of the first are known to the second, and open nothing."""
    hashes: set[str] = set()
    page.on("request", lambda request: hashes.update(hashes_in(request)))
    alice, bob = programme.invite("Alice"), programme.invite("Bob")
    programme.enter(page, alice)
    send(page, NIGHTS)
    conversation = programme.only_conversation(alice)
    entry = conversation.entries[0]
    assert entry.turn is not None
    private = (RARE, "until one", entry.turn.mirror)
    assert hashes, "the browser of the first used a session hash"

    second = browser.new_context()
    knows = second.new_page()
    programme.enter(knows, bob)
    known_addresses_open_nothing(programme, second, conversation, private)
    known_sessions_open_nothing(programme, second, hashes, conversation.id)
    knows.goto(f"{programme.url}/reflect/?c={conversation.id}")
    expect(knows.locator("#notice")).to_contain_text("This conversation is not in your journal.")
    assert not any(words in knows.content() for words in private)
    knows.goto(f"{programme.url}/journal")
    expect(knows.get_by_role("link", name="Write the first one")).to_be_visible()
    second.close()

    assert programme.coach.journal.conversations(bob.id) == []
    assert programme.only_conversation(alice) == conversation, "and the first has lost nothing"
    page.reload()
    expect(page.locator("#thread .own")).to_contain_text(RARE)


def hashes_in(request: Request) -> set[str]:
    """The Gradio session that a request of the page belongs to."""
    asked = parse_qs(urlsplit(request.url).query).get("session_hash", [])
    posted = re.findall(r'"session_hash":\s*"(\w+)"', request.post_data or "")
    return {*asked, *posted}


def known_addresses_open_nothing(
    programme: Programme, context: BrowserContext, conversation: Conversation, private: tuple[str, ...]
) -> None:
    ids = (conversation.id, conversation.entries[0].id)
    here = {"origin": programme.url}
    for known in ids:
        for path in (f"/journal/{known}", f"/journal/erase/{known}", f"/sources/{known}"):
            answer = context.request.get(programme.url + path)
            assert answer.status == 404, path
            assert not any(words in answer.text() for words in private), path
        assert context.request.post(f"{programme.url}/journal/erase/{known}", headers=here).status == 404
    found = context.request.post(f"{programme.url}/journal/search", form={"words": RARE}, headers=here)
    assert "None of your conversations" in found.text()
    exported = context.request.get(f"{programme.url}/my-data/export/json")
    assert exported.ok and not any(words in exported.text() for words in private)


def known_sessions_open_nothing(
    programme: Programme, context: BrowserContext, hashes: set[str], conversation_id: str
) -> None:
    door = f"{programme.url}/reflect/gradio_api"
    for known in hashes:
        assert context.request.get(f"{door}/queue/data?session_hash={known}").status == 404
        body = {
            "data": ["hello", conversation_id],
            "fn_index": 0,
            "session_hash": known,
            "event_data": None,
            "trigger_id": None,
        }
        answer = context.request.post(f"{door}/queue/join", data=body, headers={"origin": programme.url})
        assert answer.status == 404


def test_a_crisis_is_met_with_a_fixed_text_and_no_question(programme: Programme, page: Page) -> None:
    member = programme.invite("Carla")
    programme.enter(page, member)
    send(page, CRISIS)
    signpost = page.locator("#thread .signpost")
    expect(signpost).to_contain_text("No other member and no facilitator can read them")
    expect(signpost).to_contain_text("your local emergency number")
    assert page.locator("#thread :is(.mirror, .question, .peers, .acts, .behind)").count() == 0
    assert "?" not in page.locator("#thread .entry").inner_text()
    turn = programme.only_conversation(member).entries[0].turn
    assert turn is not None and turn.screen.flag and turn.questions == () and turn.peers == ()


def test_a_crisis_after_the_sign_in_has_ended_is_answered_after_the_next_one(
    programme: Programme, page: Page
) -> None:
    """The worst moment for an empty page: signed out on another tab, signed in again, sent."""
    member = programme.invite("Dora")
    programme.enter(page, member)
    page.locator("#words textarea").fill(CRISIS)
    tab = page.context.new_page()
    tab.goto(f"{programme.url}/journal")
    tab.get_by_role("button", name="Sign out").click()
    tab.wait_for_url("**/signed-out")
    page.get_by_role("button", name="Save and ask me").click()
    expect(page.locator("#status")).to_contain_text("You have been signed out.")
    programme.enter(tab, member)
    send(page, CRISIS)
    expect(page.locator("#thread .own")).to_be_visible()
    expect(page.locator("#thread .signpost")).to_be_visible()
    expect(page.locator("#thread .signpost")).to_be_in_viewport()
    assert len(programme.only_conversation(member).entries) == 1
