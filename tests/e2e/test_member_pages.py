"""A member's pages as a demanding reader goes through them: Back, reload, erase, keyboard, a phone."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from coach.domain.model import Member, Role
from tests.e2e.conftest import REFLECTION, Site, send, serve
from tests.e2e.fake_coach import FakeCoach, FakeSettings
from tests.e2e.test_look import look_at

pytestmark = pytest.mark.browser
Enter = Callable[[Page, Member], None]
PHONE = {"width": 390, "height": 844}
ACTIVE = "document.activeElement"


def write(site: Site, member: Member, *texts: str) -> str:
    """One conversation of these reflections; its id."""
    conversation_id = None
    for text in texts:
        conversation_id = site.coach.reflect.ask(member.id, conversation_id, text).conversation_id
    assert conversation_id
    return conversation_id


@pytest.fixture
def phone(browser: Browser, site: Site, member: Member, enter: Enter) -> Iterator[Page]:
    """Reflect on a phone, ready to be written on."""
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    page = context.new_page()
    enter(page, member)
    page.wait_for_selector("body.ready")
    yield page
    context.close()


def in_view(page: Page, what: Locator) -> bool:
    box = what.bounding_box()
    height = page.viewport_size["height"] if page.viewport_size else 0
    return bool(box and box["y"] >= 0 and box["y"] + box["height"] <= height)


# -- a case -------------------------------------------------------------------------------------------------


def test_a_case_lists_its_questions_once(site: Site, page: Page, member: Member, enter: Enter) -> None:
    enter(page, member)
    page.goto(f"{site.url}/sources/case-slides")
    expect(page.get_by_text("What we would ask next")).to_have_count(1)
    expect(page.get_by_text("Who would notice if you did not open the file?")).to_have_count(1)


# -- the journal --------------------------------------------------------------------------------------------


def search(page: Page, words: str) -> None:
    page.get_by_label("Search your own words").fill(words)
    page.get_by_role("button", name="Search").click()


def test_what_was_searched_is_there_again_after_back_and_reload(
    site: Site, page: Page, member: Member, enter: Enter
) -> None:
    """The words are private: no address holds them, and nothing that the browser keeps."""
    for text in ("The budget talk went past me.", "I shouted at the budget.", "A quiet day."):
        write(site, member, text)
    enter(page, member)
    page.goto(f"{site.url}/journal")
    search(page, "shouted")
    search(page, "budget")
    expect(page.locator(".line")).to_have_count(2)
    page.locator(".line").first.click()
    page.wait_for_selector(".entry")
    page.go_back()
    expect(page.get_by_label("Search your own words")).to_have_value("budget")
    page.reload()
    expect(page.locator(".found")).to_contain_text("2 conversations")
    page.go_back()
    expect(page.get_by_label("Search your own words")).to_have_value("shouted")
    stores = "{...localStorage}, {...sessionStorage}, document.cookie"
    kept = f"JSON.stringify([history.state, location.href, {stores}])"
    assert not re.search("budget|shouted", page.evaluate(kept))


def test_searched_words_are_this_sign_ins_alone_and_gone_at_its_end(site: Site, member: Member) -> None:
    client = site.client(member)
    write(site, member, "The budget talk went past me.")
    address = client.post("/journal/search", data={"words": "budget"}).headers["location"]
    assert 'value="budget"' in client.get(address).text
    answer = site.client(member).get(address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/journal")
    client.post("/sign-out")
    asides = [place for place, aside in remembered(site).items() if aside.member_id == member.id]
    assert asides == []


def remembered(site: Site) -> dict[object, object]:
    import gc

    from ui.asides import Asides

    found: dict[object, object] = {}
    for one in gc.get_objects():
        if type(one) is Asides:
            found |= one.kept
    return found


def test_after_erasing_an_entry_one_is_back_in_its_conversation_and_told_once(
    site: Site, page: Page, member: Member, enter: Enter
) -> None:
    conversation = write(site, member, "The first thought.", "The second thought.")
    enter(page, member)
    for left, address in ((1, f"/journal/{conversation}"), (0, "/journal")):
        page.goto(f"{site.url}/journal/{conversation}")
        page.get_by_role("link", name="Erase this entry").first.click()
        page.get_by_role("button", name="Erase it").click()
        expect(page).to_have_url(f"{site.url}{address}")
        expect(page.locator(".said")).to_have_text("The entry is erased.")
        page.reload()
        expect(page.locator(".said")).to_have_count(0)
        expect(page.get_by_role("heading", name="This did not work")).to_have_count(0)
        assert len(site.coach.book.entries[member.id]) == left


def test_a_whole_conversation_can_be_erased(site: Site, page: Page, member: Member, enter: Enter) -> None:
    other = write(site, member, "Another day.")
    conversation = write(site, member, REFLECTION, "And once more.", "CRISIS")
    enter(page, member)
    page.goto(f"{site.url}/journal/{other}")
    expect(page.get_by_role("link", name="Erase this conversation")).to_have_count(0)
    page.goto(f"{site.url}/journal/{conversation}")
    page.get_by_role("link", name="Erase this conversation").click()
    expect(page.locator("main .lead")).to_contain_text("All 3 reflections in it")
    look_at(page, "erase conversation")
    quoted, warning = (page.locator(one).bounding_box() for one in ("blockquote", "main .lead"))
    assert quoted and warning and warning["y"] - quoted["y"] - quoted["height"] >= 24
    page.get_by_role("link", name="Keep it").click()
    page.get_by_role("link", name="Erase this conversation").click()
    page.get_by_role("button", name="Erase it all").click()
    expect(page).to_have_url(f"{site.url}/journal")
    expect(page.locator(".said")).to_have_text("The conversation is erased.")
    assert [entry.conversation_id for entry in site.coach.book.entries[member.id]] == [other]


def test_nobody_erases_another_members_conversation(site: Site, member: Member) -> None:
    stranger = site.coach.add_member("Stranger")
    conversation = write(site, member, "Mine.", "Mine too.")
    client = site.client(stranger)
    assert [
        getattr(client, how)(f"/journal/{conversation}/erase").status_code for how in ("get", "post")
    ] == [
        404,
        404,
    ]
    assert len(site.coach.book.entries[member.id]) == 2


def test_the_journal_says_which_answer_was_a_signpost(
    site: Site, page: Page, member: Member, enter: Enter
) -> None:
    write(site, member, "CRISIS")
    enter(page, member)
    page.goto(f"{site.url}/journal")
    expect(page.locator(".line")).to_contain_text("Answered with people you can turn to")


def test_a_page_of_the_journal_that_is_not_there_leads_back_to_the_journal(
    site: Site, page: Page, member: Member, enter: Enter
) -> None:
    enter(page, member)
    page.goto(f"{site.url}/journal/nothing")
    page.get_by_role("link", name="Back to the journal").click()
    expect(page).to_have_url(f"{site.url}/journal")


@pytest.mark.parametrize("count", [2, 15])
@pytest.mark.parametrize("size", ["laptop", "phone"])
def test_going_on_lands_at_the_box_with_the_last_question_above_it(
    site: Site, browser: Browser, member: Member, enter: Enter, size: str, count: int
) -> None:
    viewport = PHONE if size == "phone" else {"width": 1366, "height": 850}
    context = browser.new_context(viewport=viewport, is_mobile=size == "phone", reduced_motion="reduce")
    page = context.new_page()
    conversation = write(site, member, *[f"{REFLECTION} {number}" for number in range(count)])
    enter(page, member)
    page.goto(f"{site.url}/journal/{conversation}")
    for again in (False, True):
        page.reload() if again else page.get_by_role("link", name="Go on with this").click()
        page.wait_for_selector("body.ready")
        box = page.locator("#words textarea")
        expect(box).to_be_focused()
        assert in_view(page, box)
        assert in_view(page, page.locator("#send"))
        asked = page.locator("#thread .turn").last.bounding_box()
        assert asked and asked["y"] + asked["height"] > 200, "the last answer stands above it"
    context.close()


# -- the door -----------------------------------------------------------------------------------------------


def test_the_door_names_the_one_who_can_help(site: Site, page: Page, member: Member) -> None:
    page.goto(f"{site.url}/sign-in/spent")
    expect(page.get_by_role("alert")).to_contain_text("ask the person who runs your programme")
    page.get_by_label("E-mail").fill(member.email)
    page.get_by_label("Password").fill("a slip of the finger")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text(
        "The e-mail address or the password is not right. Please try again."
    )
    expect(page.locator("body")).not_to_contain_text("facilitator")


# -- who can read it ----------------------------------------------------------------------------------------


def test_who_can_read_this_opens_beside_the_words(reflect: Page) -> None:
    reflect.locator("#words textarea").fill("a half-written thought")
    reflect.get_by_role("link", name="Who can read this?").click()
    sheet = reflect.get_by_role("complementary", name="Who can read this?")
    expect(sheet).to_contain_text("holds its keys and could, with effort, read what is stored there")
    expect(sheet).to_contain_text("No language model is connected now.")
    expect(sheet.get_by_role("heading", name="What is kept, and who can read it")).to_be_focused()
    look_at(reflect, "who")
    reflect.keyboard.press("Escape")
    expect(reflect.locator("#words textarea")).to_have_value("a half-written thought")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"writer_name": "bank", "model": "openai:gpt-5"}, "No language model is connected now."),
        ({"writer_name": "llm", "model": "openai:gpt-5"}, "connected now: gpt-5, at openai."),
        (
            {"writer_name": "llm", "model": "openai:qwen:7b", "model_base_url": "https://a:b@llm.example/v1"},
            "connected now: qwen:7b, at llm.example.",
        ),
        ({"writer_name": "house"}, "An added part of the program, house, writes your questions now."),
    ],
)
def test_my_data_says_which_model_is_connected_now(settings: dict[str, str], said: str) -> None:
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{door.getsockname()[1]}"
    running = serve(FakeCoach(replace(FakeSettings(base_url=url), **settings)), door, url)
    site = next(running)
    assert said in site.client(site.coach.add_member("Ida")).get("/my-data").text
    next(running, None)


def test_peers_promise_no_introduction_that_cannot_be_had(reflect: Page) -> None:
    send(reflect, REFLECTION)
    expect(reflect.locator(".peers .note")).to_contain_text("you cannot ask for an introduction here yet")


def test_peers_read_as_a_list_under_a_line_that_leads_to_it(reflect: Page) -> None:
    send(reflect, REFLECTION)
    expect(reflect.locator(".peers")).to_contain_text("This is what you can know of them:")
    for peer in reflect.locator(".peers").get_by_role("listitem").all_inner_texts():
        assert not peer.endswith(".")


def test_what_was_just_sent_can_be_erased_from_there(reflect: Page, site: Site, member: Member) -> None:
    send(reflect, REFLECTION)
    send(reflect, "Sent by mistake.")
    expect(reflect.locator("#thread .question:visible").last).to_be_focused()  # nothing scrolls any more
    reflect.locator(".entry").nth(1).get_by_role("link", name="Erase this").click()
    expect(reflect.locator(".going")).to_have_text("Sent by mistake.")
    reflect.get_by_role("button", name="Erase it").click()
    expect(reflect.locator(".said")).to_have_text("The entry is erased.")
    assert [one.text for one in site.coach.book.entries[member.id]] == [REFLECTION]


def test_a_forgotten_password_has_a_way_out_that_is_said(
    site: Site, page: Page, member: Member, enter: Enter
) -> None:
    enter(page, member)
    page.goto(f"{site.url}/my-data")
    expect(page.locator("#password-forgotten")).to_have_count(0)
    site.coach.book.passwords[member.id] = "a quiet evening"
    page.reload()
    expect(page.locator("#password-forgotten")).to_contain_text("can take it away and give you a")
    expect(page.locator("#old")).to_have_attribute("aria-describedby", "password-forgotten")


def test_a_facilitator_is_told_what_there_is_today(site: Site, page: Page, enter: Enter) -> None:
    enter(page, site.coach.add_member("Rosa", Role.FACILITATOR))
    expect(page.locator("main")).to_contain_text("planned and not built yet")
    expect(page.locator("main")).to_contain_text("What you can do today is under My data.")
    expect(page.locator("main")).not_to_contain_text("You will be told")
    look_at(page, "home of a facilitator")


# -- keyboard -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["button", "keys"])
def test_after_an_answer_the_focus_is_at_its_question(reflect: Page, way: str) -> None:
    reflect.locator("#words textarea").fill(REFLECTION)
    if way == "button":
        reflect.keyboard.press("Tab")
        reflect.keyboard.press("Enter")
    else:
        reflect.keyboard.press("Control+Enter")
    expect(reflect.locator("#thread .question:visible")).to_be_focused()
    mark = f"getComputedStyle({ACTIVE}, '::before').width"
    assert reflect.evaluate(mark) == "3px", "it can be seen where one is"
    reflect.keyboard.press("Tab")
    expect(reflect.locator(".act-angle")).to_be_focused()


def test_after_a_signpost_the_focus_is_at_its_head(reflect: Page) -> None:
    send(reflect, "CRISIS")
    expect(reflect.locator("#thread .signpost h2")).to_be_focused()


def test_an_answer_leaves_alone_who_has_gone_elsewhere(reflect: Page) -> None:
    reflect.locator("#words textarea").fill("SLOW thought")
    reflect.locator("#send").click()
    link = reflect.get_by_role("link", name="My data")
    link.focus()
    reflect.wait_for_selector("#thread .entry")
    expect(link).to_be_focused()


def test_the_box_shows_its_focus_like_every_control(reflect: Page) -> None:
    outline = "(e) => [getComputedStyle(e).outlineStyle, getComputedStyle(e).outlineWidth]"
    assert reflect.locator("#words textarea").evaluate(outline) == ["solid", "2px"]


# -- a phone ------------------------------------------------------------------------------------------------


def open_case(page: Page) -> None:
    page.locator(".act-source").click()
    page.locator("a.open-source:visible").first.click()
    page.wait_for_selector("#sheet .document")


def test_from_the_head_of_a_case_close_is_one_tab_away(reflect: Page) -> None:
    send(reflect, REFLECTION)
    open_case(reflect)
    reflect.keyboard.press("Tab")
    expect(reflect.locator(".sheet-close")).to_be_focused()


def test_on_a_phone_the_focus_stays_in_the_opened_case(phone: Page) -> None:
    """It covers the page, which is there again when it closes."""
    send(phone, REFLECTION)
    open_case(phone)
    for _ in range(8):
        phone.keyboard.press("Tab")
        assert phone.evaluate(f"{ACTIVE} === document.body || !!{ACTIVE}.closest('#sheet')")
    covered = "document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest('#sheet') !== null"
    assert phone.evaluate(covered)
    phone.keyboard.press("Escape")
    expect(phone.locator("a.open-source:visible").first).to_be_focused()
    assert phone.locator("[inert]").count() == 0


def test_on_a_phone_the_actions_stand_one_below_the_other(phone: Page) -> None:
    send(phone, REFLECTION)
    boxes = [one.bounding_box() for one in phone.locator(".act").all()]
    assert len({box["x"] for box in boxes if box}) == 1
    assert len({box["y"] for box in boxes if box}) == 3


@pytest.mark.parametrize(("kind", "least"), [("phone", 44), ("laptop", 24)])
def test_links_that_stand_alone_have_room_for_a_finger(
    kind: str, least: int, phone: Page, page: Page, site: Site, member: Member, enter: Enter
) -> None:
    conversation = write(site, member, *["One of many."] * 13)
    if kind == "laptop":
        enter(page, member)
    seen = phone if kind == "phone" else page
    found = []
    for address in (f"/reflect/?c={conversation}", f"/journal/{conversation}"):
        seen.goto(f"{site.url}{address}")
        links = seen.locator(".entry a.quiet-link, .thread-top a, .above a, .last a, .thread > .note a")
        expect(links.first).to_be_visible()
        found += [(one.inner_text(), (one.bounding_box() or {"height": 0})["height"]) for one in links.all()]
    names = {name for name, _ in found}
    assert {"Start a new one", "All conversations", "Erase this entry", "Erase this"} <= names
    assert [one for one in found if one[1] < least] == []


def test_on_a_narrow_phone_the_search_says_all_it_says(phone: Page, site: Site, member: Member) -> None:
    write(site, member, "One.")
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.goto(f"{site.url}/journal")
    width = """field => {
      const style = getComputedStyle(field), pen = document.createElement("canvas").getContext("2d");
      pen.font = style.font;
      const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      return room - pen.measureText(field.placeholder).width;
    }"""
    assert phone.get_by_label("Search your own words").evaluate(width) >= 0
    look_at(phone, "a narrow search")


def test_on_a_phone_going_on_is_as_wide_as_every_main_button(phone: Page, site: Site, member: Member) -> None:
    phone.goto(f"{site.url}/journal/{write(site, member, 'One.')}")
    button = phone.get_by_role("link", name="Go on with this").bounding_box()
    assert button and button["width"] == PHONE["width"] - 40


def test_on_a_phone_the_button_covers_nothing_under_an_answer(phone: Page) -> None:
    """The eye is on the question then; the empty box below it has its button below itself."""
    send(phone, REFLECTION)
    expect(phone.locator("#thread .question").first).to_be_focused()
    box, button = phone.locator("#words textarea").bounding_box(), phone.locator("#send").bounding_box()
    assert box and button and button["y"] >= box["y"] + box["height"]


def test_on_a_phone_the_button_stays_in_reach_of_a_long_text(phone: Page, context: BrowserContext) -> None:
    phone.locator("#words textarea").fill("One more line of a long evening.\n" * 60)
    phone.evaluate("scrollTo(0, 0)")
    assert in_view(phone, phone.locator("#send"))
    phone.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert in_view(phone, phone.locator("#send"))
    look_at(phone, "a long text")
