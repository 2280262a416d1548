"""A page of Reflect that outlives its sign-in: no word is lost, and none is shown to somebody else."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from coach.domain.model import Member
from tests.e2e.conftest import Site, send
from tests.e2e.test_failures import try_to_send
from tests.e2e.test_look import look_at

pytestmark = pytest.mark.browser
BEFORE, PASSWORD = "A thought before lunch.", "a quiet evening"
HIDE = """hidden => {
  const value = hidden ? "hidden" : "visible";
  Object.defineProperty(document, "visibilityState", { value, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def sign_out(page: Page, site: Site) -> None:
    """On another tab, as a person would."""
    tab = page.context.new_page()
    tab.goto(f"{site.url}/journal")
    tab.get_by_role("button", name="Sign out").click()
    tab.wait_for_url("**/signed-out")
    tab.close()


def lose_the_cookie(page: Page, site: Site) -> None:
    del site
    page.context.clear_cookies()


def sign_in_where_it_leads(page: Page, member: Member) -> None:
    """Follow the page's own link, and come back."""
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in on another tab").click()
    door = opened.value
    expect(door).to_have_url(re.compile("/sign-in$"))
    door.get_by_label("E-mail").fill(member.email)
    door.get_by_label("Password").fill(PASSWORD)
    door.get_by_role("button", name="Sign in").click()
    door.wait_for_selector("body.ready")
    page.bring_to_front()


def come_back(page: Page) -> None:
    """Headless browsers show every tab at once; this is what the others tell a page."""
    page.evaluate(HIDE, True)
    page.evaluate(HIDE, False)


@pytest.fixture
def with_password(site: Site, member: Member) -> Member:
    site.coach.book.passwords[member.id] = PASSWORD  # and no session ends by it
    return member


@pytest.mark.parametrize("ended", [sign_out, lose_the_cookie])
@pytest.mark.parametrize("text", ["A thought after lunch.", "CRISIS I see no way out."])
@pytest.mark.parametrize("earlier", [0, 1])
def test_after_signing_in_again_the_answer_appears_as_always(
    site: Site, reflect: Page, with_password: Member, ended: object, text: str, earlier: int
) -> None:
    """With a conversation before it and without one, for a question and for the text for a crisis."""
    for _ in range(earlier):
        send(reflect, BEFORE)
    reflect.locator("#words textarea").fill(text)
    ended(reflect, site)  # type: ignore[operator] # one of the two above
    reflect.get_by_role("button", name="Save and ask me").click()
    expect(reflect.locator("#status")).to_contain_text("You have been signed out.")
    expect(reflect.get_by_text(BEFORE)).to_have_count(earlier)
    expect(reflect.locator("#thread .entry:visible")).to_have_count(0)
    look_at(reflect, "signed out")
    sign_in_where_it_leads(reflect, with_password)
    send(reflect, text)
    newest = reflect.locator("#thread .entry").nth(earlier)
    expect(newest.locator(".own")).to_be_visible()
    expect(newest.locator(".own")).to_have_text(text)
    expect(newest.locator(".saved")).to_be_visible()
    answer = newest.locator(".signpost-text" if "CRISIS" in text else ".question").first
    expect(answer).to_be_visible()
    expect(answer).to_be_in_viewport()
    expect(reflect.locator("#thread .own:visible")).to_have_count(earlier + 1)
    expect(reflect.locator("#words textarea")).to_have_value("")
    expect(reflect.locator("#status")).to_be_empty()
    send(reflect, "And one more thought.")
    expect(reflect.locator("#thread .question:visible").last).to_be_visible()
    assert [one.text for one in site.coach.book.entries[with_password.id]] == [
        *[BEFORE] * earlier,
        text,
        "And one more thought.",
    ]
    assert len({one.conversation_id for one in site.coach.book.entries[with_password.id]}) == 1


def test_who_comes_back_signed_in_sees_the_conversation_and_the_words(
    site: Site, reflect: Page, with_password: Member
) -> None:
    send(reflect, BEFORE)
    reflect.locator("#words textarea").fill("Half a thought")
    sign_out(reflect, site)
    come_back(reflect)
    expect(reflect.locator("#thread .own")).to_be_hidden()
    expect(reflect.locator("#announce")).to_be_empty()
    sign_in_where_it_leads(reflect, with_password)
    come_back(reflect)
    expect(reflect.locator("#thread .own")).to_be_visible()
    expect(reflect.locator("#status")).to_have_text(
        "You are signed in again. Your words are still in this box."
    )
    expect(reflect.locator("#words textarea")).to_have_value("Half a thought")
    expect(reflect.locator("#status")).to_be_in_viewport()


def test_a_refusal_after_signing_in_again_brings_the_conversation_back_too(
    site: Site, reflect: Page, with_password: Member
) -> None:
    send(reflect, BEFORE)
    reflect.locator("#words textarea").fill("FULLDISK took it")
    sign_out(reflect, site)
    reflect.get_by_role("button", name="Save and ask me").click()
    expect(reflect.locator("#status")).to_contain_text("You have been signed out.")
    sign_in_where_it_leads(reflect, with_password)
    reflect.get_by_role("button", name="Save and ask me").click()
    expect(reflect.locator("#notice")).to_contain_text("The disk is full.")
    expect(reflect.locator("#thread .own")).to_be_visible()
    expect(reflect.locator("#words textarea")).to_have_value("FULLDISK took it")


@pytest.mark.parametrize("looks_first", [False, True])
def test_words_are_not_sent_as_somebody_else_and_the_page_says_so(
    site: Site, reflect: Page, context: BrowserContext, member: Member, looks_first: bool
) -> None:
    send(reflect, BEFORE)
    reflect.locator("#words textarea").fill("What nobody else may read.")
    other = site.coach.add_member("Samir")
    tab = context.new_page()
    tab.goto(site.link(other))
    tab.get_by_role("button", name="Sign out and continue as Samir").click()
    tab.wait_for_selector("body.ready")
    if looks_first:
        come_back(reflect)
    else:
        reflect.get_by_role("button", name="Save and ask me").click()
    said = "Somebody else is signed in here now, so your words were not sent."
    expect(reflect.locator("#status")).to_contain_text(said)
    expect(reflect.locator("#words textarea")).to_have_value("What nobody else may read.")
    expect(reflect.locator("#words textarea")).to_be_editable()
    expect(reflect.locator("#thread .own")).to_be_hidden()
    assert other.id not in site.coach.book.entries
    look_at(reflect, "somebody else")
    # The one before signs in again: the page is theirs as before.
    tab.goto(site.link(member))
    tab.get_by_role("button", name=f"Sign out and continue as {member.name}").click()
    tab.wait_for_selector("body.ready")
    try_to_send(reflect, "What nobody else may read.")
    expect(reflect.locator("#thread .entry:visible")).to_have_count(2)
    assert len(site.coach.book.entries[member.id]) == 2


def test_a_page_without_a_draft_leaves_when_somebody_else_is_signed_in(
    site: Site, reflect: Page, context: BrowserContext
) -> None:
    send(reflect, BEFORE)
    journal, tab = context.new_page(), context.new_page()
    journal.goto(f"{site.url}/journal")
    tab.goto(site.link(site.coach.add_member("Noor")))
    tab.get_by_role("button", name="Sign out and continue as Noor").click()
    tab.wait_for_selector("body.ready")
    for page in (reflect, journal):
        come_back(page)
        expect(page.locator("header .whose")).to_have_text("Noor")
        expect(page.get_by_text(BEFORE)).to_have_count(0)


def test_who_is_here_is_told_apart(site: Site, member: Member) -> None:
    client, other = site.client(member), site.coach.add_member("Ines")
    asked = [
        client.get("/still-here", params={"whose": one}).status_code for one in ("", member.id, other.id)
    ]
    assert asked == [204, 204, 409]
    assert site.client().get("/still-here", params={"whose": member.id}).status_code == 401
