"""The main path of a member: sign in, write, be asked, look behind the question, read again, erase."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from coach.domain.model import Member, Role
from tests.e2e.conftest import REFLECTION, Site, send

pytestmark = pytest.mark.browser
Enter = Callable[[Page, Member], None]


def test_a_text_in_another_language_is_told_that_only_english_is_understood(reflect: Page) -> None:
    page = reflect
    send(page, "Mein Chef hat heute wieder ohne mich entschieden und ich traue mich nicht, etwas zu sagen.")
    expect(page.locator("#thread")).to_contain_text("understands English only")
    send(page, "My boss decided without me again today and I did not dare to say anything.")
    expect(page.locator("#thread .entry")).to_have_count(2)
    expect(page.locator("#thread")).to_contain_text("understands English only")
    assert page.locator("#thread").inner_text().count("understands English only") == 1


def test_a_reflection_is_answered_with_a_mirror_and_one_question(reflect: Page) -> None:
    send(reflect, REFLECTION)
    entry = reflect.locator("#thread .entry")
    expect(entry.locator(".own")).to_contain_text("I keep rewriting Jonas's slides")
    expect(entry.locator(".mirror")).to_have_text(
        "You keep rewriting his slides at night, and it is faster than the talk."
    )
    expect(entry.locator(".question:visible")).to_have_text("What is the talk that “faster” lets you skip?")
    expect(entry.locator(".saved")).to_have_text("Saved. Nobody else in the programme can read this.")
    expect(reflect.locator("#words textarea")).to_have_value("")


def test_opening_the_link_does_not_use_it_up(site: Site, page: Page, member: Member) -> None:
    link = site.link(member)
    for _ in range(2):
        page.goto(link)
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/reflect/"))


def test_a_used_link_is_refused_in_a_sentence(site: Site, page: Page, member: Member, enter: Enter) -> None:
    token = site.coach.link_for(member)
    assert site.client().post(f"/sign-in/{token}").status_code == 303
    page.goto(f"{site.url}/sign-in/{token}")
    expect(page.get_by_role("alert")).to_contain_text("has been used")


def test_another_angle_shows_one_more_question_at_a_time_and_then_rests(reflect: Page) -> None:
    send(reflect, REFLECTION)
    questions = reflect.locator(".question:visible")
    more = reflect.locator(".act-angle")
    for expected in (2, 3):
        more.click()
        expect(questions).to_have_count(expected)
    expect(more).to_have_count(0)
    said = reflect.get_by_text("That was the last angle.")
    expect(said).to_be_visible()
    assert said.evaluate("e => e.tagName") == "P", "it says something and looks like nothing to press"


def test_why_this_question_opens_and_closes(reflect: Page) -> None:
    send(reflect, REFLECTION)
    why = reflect.get_by_role("button", name="why this question?")
    expect(why).to_have_attribute("aria-expanded", "false")
    why.click()
    expect(reflect.locator(".why:visible")).to_contain_text(
        "You set the talk and the speed against each other"
    )
    why.click()
    expect(reflect.locator(".why:visible")).to_have_count(0)


def test_a_source_opens_beside_the_conversation_and_leaves_the_draft_alone(reflect: Page) -> None:
    send(reflect, REFLECTION)
    reflect.locator("#words textarea").fill("a half-written thought")
    reflect.get_by_role("button", name="where it comes from").click()
    reflect.get_by_role("link", name="Rewriting the report every Thursday night").click()
    sheet = reflect.get_by_role("complementary", name="Source")
    expect(sheet.get_by_role("heading", level=1)).to_have_text("Rewriting the report every Thursday night")
    expect(sheet.get_by_role("heading", level=1)).to_be_focused()
    expect(sheet).to_contain_text("It worked in part.")
    reflect.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(reflect.locator("#words textarea")).to_have_value("a half-written thought")


def test_peers_appear_after_the_question_without_a_name(reflect: Page) -> None:
    send(reflect, REFLECTION)
    expect(reflect.locator(".peers li")).to_have_text("Someone in operations also took over a former team")


def test_a_signpost_says_who_read_the_words(reflect: Page) -> None:
    """The language model that heard it; where none did, the fixed text says all there is to say."""
    send(reflect, "CRISIS")
    expect(reflect.locator(".signpost")).to_have_count(1)
    expect(reflect.locator(".signpost")).not_to_contain_text("read your words")
    send(reflect, "CRISIS, heard by the MODEL")
    expect(reflect.locator(".signpost").last).to_contain_text("openai:gpt-5 read your words")


def test_a_cry_for_help_in_another_language_is_told_nothing_about_languages(reflect: Page) -> None:
    """The way to a person stands alone; that a question would come in English is no word for that moment."""
    send(reflect, "CRISIS Ich kann nicht mehr und ich weiß nicht, wie ich morgen noch aufstehen soll.")
    expect(reflect.locator(".signpost")).to_have_count(1)
    expect(reflect.locator("#thread")).not_to_contain_text("understands English only")


def test_a_signpost_stands_alone(reflect: Page) -> None:
    send(reflect, "CRISIS")
    expect(reflect.locator(".signpost")).to_contain_text("Please talk to a person today")
    expect(reflect.get_by_role("link", name="call 0800 111 0 111")).to_have_attribute(
        "href", "tel:08001110111"
    )
    assert reflect.locator(".question, .peers, .acts").count() == 0


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("NOTHINGCLOSE", "No case here is close to this."),
        ("TIMEOUT", "The model did not answer in time; this question comes from the bank."),
    ],
)
def test_the_page_says_honestly_how_a_question_came_about(reflect: Page, word: str, sentence: str) -> None:
    send(reflect, f"I sat there again. {word}")
    expect(reflect.locator(".turn > .note", has_text=sentence)).to_be_visible()


def test_a_second_reflection_joins_the_conversation_and_survives_a_reload(reflect: Page) -> None:
    send(reflect, "The first thought of today.")
    send(reflect, "The second thought of today.")
    expect(reflect.locator("#thread .own")).to_have_count(2)
    reflect.reload()
    expect(reflect.locator("#thread .own")).to_have_text(
        ["The first thought of today.", "The second thought of today."]
    )
    send(reflect, "The third thought of today.")
    expect(reflect.locator("#thread .own")).to_have_count(3)


def test_the_journal_shows_searches_continues_and_erases(reflect: Page, site: Site, member: Member) -> None:
    send(reflect, REFLECTION)
    reflect.goto(f"{site.url}/reflect/")
    reflect.wait_for_selector("body.ready")
    send(reflect, "The budget talk with finance went past me.")
    reflect.get_by_role("link", name="Journal").click()
    expect(reflect.locator(".line-words")).to_have_count(2)
    expect(reflect.locator(".line-words").first).to_contain_text("budget talk")
    reflect.get_by_label("Search your own words").fill("BUDGET finance")
    reflect.get_by_role("button", name="Search").click()
    expect(reflect.locator(".line-words")).to_have_count(1)
    expect(reflect.locator("mark").first).to_have_text("budget")
    assert "budget" not in reflect.url.lower(), "searched words are private and must not stand in an address"
    reflect.locator(".line").click()
    reflect.get_by_role("link", name="Go on with this").click()
    reflect.wait_for_selector("body.ready")
    send(reflect, "What I did not say there.")
    expect(reflect.locator("#thread .own")).to_have_count(2)
    reflect.get_by_role("link", name="Journal").click()
    reflect.locator(".line").first.click()
    reflect.get_by_role("link", name="Erase this entry").first.click()
    reflect.get_by_role("button", name="Erase it").click()
    expect(reflect.get_by_role("status").first).to_contain_text("The entry is erased.")
    left = [entry.text for entry in site.coach.book.entries[member.id]]
    assert left == [REFLECTION, "What I did not say there."]


def test_a_conversation_stands_there_before_words_can_be_sent(
    reflect: Page, site: Site, member: Member
) -> None:
    """Sent earlier, they would begin another conversation."""
    send(reflect, REFLECTION)
    conversation = site.coach.book.entries[member.id][0].conversation_id

    def late(route: Route) -> None:
        time.sleep(2)
        route.continue_()

    reflect.route("**/gradio_api/queue/data*", late)
    reflect.goto(f"{site.url}/reflect/?c={conversation}")
    reflect.wait_for_selector("body.ready")
    assert reflect.locator("#thread .own").count() == 1
    reflect.unroute("**/gradio_api/queue/data*")
    send(reflect, "What I did not say there.")
    assert {entry.conversation_id for entry in site.coach.book.entries[member.id]} == {conversation}


def test_an_empty_journal_invites(site: Site, page: Page, member: Member, enter: Enter) -> None:
    enter(page, member)
    page.goto(f"{site.url}/journal")
    expect(page.get_by_role("link", name="Write the first one")).to_be_visible()


def test_my_data_exports_keeps_names_sets_a_password_and_erases(
    site: Site, reflect: Page, member: Member, context: BrowserContext
) -> None:
    send(reflect, REFLECTION)
    reflect.goto(f"{site.url}/my-data")
    with reflect.expect_download() as download:
        reflect.get_by_role("link", name="Download for a program (JSON)").click()
    assert json.loads(download.value.path().read_text()) == {"journal": [REFLECTION]}
    reflect.get_by_label("Names").fill("Jonas\n  Dana  Novak \nJonas\n")
    reflect.get_by_role("button", name="Save the names").click()
    assert site.coach.accounts.roster(member.id) == ["Jonas", "Dana Novak"]
    reflect.get_by_label("New password").fill("a quiet evening")
    reflect.get_by_role("button", name="Set the password").click()
    expect(reflect.get_by_role("status").first).to_have_text("The password is set.")
    reflect.get_by_label("Type this to be sure").fill("erase")
    reflect.get_by_role("button", name="Erase all my conversations and names").click()
    expect(reflect.get_by_role("alert")).to_contain_text("Nothing was erased.")
    assert site.coach.book.entries[member.id]
    reflect.get_by_label("Type this to be sure").fill("Erase everything")
    reflect.get_by_role("button", name="Erase all my conversations and names").click()
    expect(reflect.get_by_role("status").first).to_contain_text("are erased")
    assert site.coach.book.entries[member.id] == []
    expect(reflect.locator(".log")).to_contain_text("Downloaded the journal for a program")


def test_a_password_opens_the_account_and_a_wrong_one_does_not(
    site: Site, page: Page, member: Member
) -> None:
    site.coach.accounts.set_password(member.id, "a quiet evening", None)
    page.goto(f"{site.url}/sign-in")
    for password, outcome in (("a loud evening", "is not right"), ("a quiet evening", None)):
        page.get_by_label("E-mail").fill(member.email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        if outcome:
            expect(page.get_by_role("alert")).to_contain_text(outcome)
    expect(page).to_have_url(re.compile("/reflect/"))


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.EVALUATOR])
def test_other_roles_get_a_home_that_says_what_they_cannot_read(
    site: Site, page: Page, enter: Enter, role: Role
) -> None:
    enter(page, site.coach.add_member(f"Other{role.value}", role))
    expect(page).to_have_url(re.compile("/home"))
    expect(page.locator("main")).to_contain_text("You cannot read what members write.")
    assert page.get_by_role("link", name="Reflect").count() == 0
    for address in ("/journal", "/sources/case-slides", "/my-data/export/json"):
        assert page.request.get(f"{site.url}{address}", max_redirects=0).status == 403
    assert page.request.get(f"{site.url}/reflect/gradio_api/queue/data?session_hash=x").status == 401


def test_keyboard_alone_goes_the_whole_way(reflect: Page) -> None:
    page = reflect
    expect(page.locator("#words textarea")).to_be_focused()
    page.keyboard.type("I keep rewriting the slides.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#thread .turn")
    expect(page.locator("#thread .question:visible")).to_be_focused()

    def go_to(name: str, key: str) -> None:
        for _ in range(20):
            page.keyboard.press(key)
            if page.evaluate("document.activeElement.textContent.trim()") == name:
                outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline == "solid", f"the focus on {name} cannot be seen"
                return
        raise AssertionError(f"{name} cannot be reached")

    go_to("where it comes from", "Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet .document")
    page.keyboard.press("Escape")
    expect(page.locator("a.open-source").first).to_be_focused()
    go_to("another angle", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".question:visible")).to_have_count(2)


def test_the_answer_is_read_out_to_who_listens(reflect: Page) -> None:
    send(reflect, REFLECTION)
    expect(reflect.locator("#announce")).to_contain_text("What is the talk that “faster” lets you skip?")
    assert reflect.locator("#announce").get_attribute("aria-live") == "polite"
