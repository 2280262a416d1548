"""Whatever goes wrong, the words stay in the box and one sentence says what happened."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from coach.domain.model import Member
from tests.e2e.conftest import Site

pytestmark = pytest.mark.browser


def try_to_send(page: Page, text: str) -> None:
    page.locator("#words textarea").fill(text)
    page.get_by_role("button", name="Save and ask me").click()


def sentence(page: Page) -> str:
    shown = page.locator("#notice .wrong:visible, #status.wrong:visible")
    expect(shown).to_have_count(1)
    return shown.inner_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is nothing to read yet."),
        ("   \n ", "There is nothing to read yet."),
        ("🌿🌿🌿", "There are no words in this text yet."),
        ("a", "This is too short to be read."),
        ("FULLDISK took it", "The disk is full. Nothing of this step was saved"),
        ("CRASH of something", "Something went wrong on our side."),
    ],
)
def test_a_refused_text_stays_in_the_box(reflect: Page, text: str, said: str) -> None:
    try_to_send(reflect, text)
    reflect.wait_for_selector("#notice .wrong:visible, #status.wrong:visible")
    assert said in sentence(reflect)
    expect(reflect.locator("#words textarea")).to_have_value(text)
    expect(reflect.locator("#words textarea")).to_be_editable()
    assert "SECRET" not in reflect.content()


def test_a_saved_text_without_an_answer_leaves_the_box_and_is_not_saved_twice(
    reflect: Page, site: Site, member: Member
) -> None:
    try_to_send(reflect, "UNANSWERED thought")
    reflect.wait_for_selector("#thread .entry")
    expect(reflect.locator("#thread")).to_contain_text("saved without an answer")
    expect(reflect.locator("#words textarea")).to_have_value("")
    try_to_send(reflect, "And a second one.")
    reflect.wait_for_selector("#thread .turn")
    assert [one.text for one in site.coach.book.entries[member.id]] == [
        "UNANSWERED thought",
        "And a second one.",
    ]
    assert len({one.conversation_id for one in site.coach.book.entries[member.id]}) == 1


def test_words_for_an_erased_conversation_stay_and_begin_a_new_one(
    reflect: Page, site: Site, member: Member
) -> None:
    try_to_send(reflect, "The first thought.")
    reflect.wait_for_selector("#thread .turn")
    site.coach.book.entries[member.id].clear()  # erased in another tab
    try_to_send(reflect, "The second thought.")
    reflect.wait_for_selector("#notice .wrong:visible")
    assert "You can start a new one here." in sentence(reflect)
    expect(reflect.locator("#words textarea")).to_have_value("The second thought.")
    reflect.get_by_role("button", name="Save and ask me").click()
    reflect.wait_for_selector("#thread .turn")
    assert [one.text for one in site.coach.book.entries[member.id]] == ["The second thought."]


def test_one_character_too_many_keeps_the_text_and_says_the_numbers(
    reflect: Page, site: Site, member: Member
) -> None:
    try_to_send(reflect, "ä" * 20_001)
    assert sentence(reflect).startswith("This text has 20,001 characters; a reflection can have 20,000.")
    expect(reflect.locator("#words textarea")).to_have_value("ä" * 20_001)
    assert member.id not in site.coach.book.entries
    expect(reflect.locator("#counter")).to_have_text("20,001 of 20,000 characters")


def test_twenty_thousand_characters_are_taken(reflect: Page, site: Site, member: Member) -> None:
    try_to_send(reflect, "字" * 20_000)
    reflect.wait_for_selector("#thread .turn")
    assert len(site.coach.book.entries[member.id][0].text) == 20_000


def test_the_same_refusal_twice_is_said_twice(reflect: Page) -> None:
    for _ in range(2):
        try_to_send(reflect, "FULLDISK took it")
        reflect.wait_for_selector("#notice .wrong:visible")
        expect(reflect.locator("#words textarea")).to_be_editable()


def test_offline_the_words_wait_in_the_box(reflect: Page, context: BrowserContext) -> None:
    context.set_offline(True)
    try_to_send(reflect, "A thought on a train.")
    assert sentence(reflect).startswith("You are offline.")
    expect(reflect.locator("#words textarea")).to_have_value("A thought on a train.")
    context.set_offline(False)
    expect(reflect.locator("#status")).to_have_text("You are online again.")
    reflect.get_by_role("button", name="Save and ask me").click()
    reflect.wait_for_selector("#thread .turn")


def test_a_program_that_cannot_be_reached_is_no_fault_of_the_network(reflect: Page) -> None:
    for address in ("**/gradio_api/**", "**/still-here**"):
        reflect.route(address, lambda route: route.abort())
    try_to_send(reflect, "A thought during an update.")
    reflect.wait_for_selector("#status.wrong:visible")
    assert sentence(reflect).startswith("The program cannot be reached just now.")
    assert "offline" not in sentence(reflect)
    for address in ("**/gradio_api/**", "**/still-here**"):
        reflect.unroute(address)
    expect(reflect.locator("#status")).to_have_text("The program can be reached again.")
    expect(reflect.locator("#words textarea")).to_have_value("A thought during an update.")


def test_a_connection_that_breaks_while_waiting_is_said(reflect: Page) -> None:
    reflect.route("**/gradio_api/queue/join*", lambda route: route.abort())
    try_to_send(reflect, "A thought on a train.")
    reflect.wait_for_selector("#status.wrong:visible")
    assert "The connection was lost" in sentence(reflect)
    expect(reflect.locator("#words textarea")).to_have_value("A thought on a train.")
    expect(reflect.locator("#words textarea")).to_be_editable()
    reflect.unroute("**/gradio_api/queue/join*")
    reflect.get_by_role("button", name="Save and ask me").click()
    reflect.wait_for_selector("#thread .turn")


def test_an_answer_that_breaks_off_in_the_middle_is_said(reflect: Page, site: Site, member: Member) -> None:
    reflect.route("**/gradio_api/queue/data*", lambda route: route.fulfill(status=200, body='data: {"msg":'))
    try_to_send(reflect, "A thought in a tunnel.")
    reflect.wait_for_selector("#status.wrong:visible")
    assert "If they were saved, you will find them in your journal." in sentence(reflect)
    expect(reflect.locator("#words textarea")).to_have_value("A thought in a tunnel.")
    reflect.unroute("**/gradio_api/queue/data*")
    reflect.get_by_role("button", name="Save and ask me").click()
    reflect.wait_for_selector("#thread .turn")


def test_a_restart_of_the_program_does_not_reload_the_page_over_a_draft(reflect: Page) -> None:
    loads: list[str] = []
    reflect.on("load", lambda _: loads.append("load"))
    reflect.route("**/gradio_api/**", lambda route: route.abort())
    try_to_send(reflect, "A thought during an update.")
    reflect.wait_for_selector("#status.wrong:visible")
    reflect.unroute("**/gradio_api/**")
    reflect.wait_for_timeout(
        4500
    )  # Gradio looks for the server every two seconds and reloads when it is back
    assert loads == []
    expect(reflect.locator("#words textarea")).to_have_value("A thought during an update.")


def test_too_many_in_a_minute_is_said_and_the_words_stay(reflect: Page) -> None:
    body = '{"detail": "That was a lot in one minute."}'
    reflect.route(
        "**/gradio_api/queue/join*",
        lambda route: route.fulfill(status=429, body=body, content_type="application/json"),
    )
    try_to_send(reflect, "Again.")
    reflect.wait_for_selector("#status.wrong:visible")
    assert sentence(reflect) == "That was a lot in one minute."
    expect(reflect.locator("#words textarea")).to_have_value("Again.")


def test_an_ended_session_keeps_the_draft_and_offers_a_way_back(
    reflect: Page, site: Site, member: Member
) -> None:
    # Words first: a page without a draft that asks whether it is still signed in leaves by itself.
    reflect.locator("#words textarea").fill("A thought after midnight.")
    site.coach.sessions.remove_all(member.id)
    reflect.get_by_role("button", name="Save and ask me").click()
    expect(reflect.locator("#status")).to_contain_text("You have been signed out.")
    expect(reflect.get_by_role("link", name="Sign in on another tab")).to_be_visible()
    expect(reflect.locator("#words textarea")).to_have_value("A thought after midnight.")


def test_leaving_with_a_draft_asks_first(reflect: Page) -> None:
    asked: list[str] = []
    reflect.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    reflect.locator("#words textarea").press_sequentially("half a thought")
    reflect.get_by_role("link", name="Journal").click()
    expect(reflect.locator("#words textarea")).to_have_value("half a thought")
    assert asked == ["beforeunload"]


def test_while_waiting_the_page_thinks_and_sends_nothing_twice(
    reflect: Page, site: Site, member: Member
) -> None:
    try_to_send(reflect, "SLOW thought")
    expect(reflect.locator("#status")).to_have_text("Reading what you wrote")
    reflect.locator("#words textarea").press("Control+Enter")
    reflect.locator("#send").click()
    reflect.wait_for_selector("#thread .turn")
    reflect.wait_for_timeout(300)
    assert len(site.coach.book.entries[member.id]) == 1


def test_a_page_that_is_not_there_says_so_and_leads_on(reflect: Page, site: Site) -> None:
    reflect.goto(f"{site.url}/sources/there-is-none")
    expect(reflect.locator("main")).to_contain_text("There is no such document.")
    reflect.get_by_role("link", name="Go to the first page").click()
    reflect.wait_for_selector("body.ready")
