"""Whose account a browser is in: said on every page, and never changed unasked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from coach.domain.model import Access, Member
from coach.services.accounts import Opened
from tests.e2e.conftest import Site
from tests.e2e.test_look import look_at

pytestmark = pytest.mark.browser
Enter = Callable[[Page, Member], None]


@pytest.fixture
def other(site: Site) -> Member:
    return site.coach.add_member("Teo")


# -- a link -------------------------------------------------------------------------------------------------


def test_a_link_says_whose_account_it_opens(site: Site, page: Page, other: Member) -> None:
    page.goto(site.link(other))
    expect(page.locator("main")).to_contain_text("This opens the account of Teo.")
    expect(page.locator("body")).not_to_contain_text(other.email)
    assert "Teo" not in page.title(), "titles are kept in histories and previews"


def test_a_link_asks_before_it_takes_the_place_of_somebody_else(
    site: Site, page: Page, member: Member, other: Member, enter: Enter
) -> None:
    enter(page, member)
    link = site.link(other)
    page.goto(link)
    expect(page.locator("main")).to_contain_text(f"You are signed in as {member.name}.")
    look_at(page, "link of another")
    page.get_by_role("link", name=f"Stay signed in as {member.name}").click()
    expect(page.locator("header .whose")).to_have_text(member.name)
    page.goto(link)
    page.get_by_role("button", name="Sign out and continue as Teo").click()
    expect(page.locator("header .whose")).to_have_text("Teo")
    assert site.coach.journal.access_log(member.id)[0].action == "account.sign-out"


def test_a_page_that_did_not_ask_changes_nothing(site: Site, member: Member, other: Member) -> None:
    """It was opened before the other one signed in, on another tab."""
    client, token = site.client(member), site.coach.link_for(other)
    for leaving in ({}, {"leaving": "somebody"}, {"leaving": other.id}):
        answer = client.post(f"/sign-in/{token}", data=leaving)
        assert (answer.status_code, "Sign out and continue as Teo" in answer.text) == (200, True)
    assert member.name in client.get("/my-data").text
    assert client.post(f"/sign-in/{token}", data={"leaving": member.id}).status_code == 303
    assert client.get("/still-here").status_code == 204
    assert "Teo" in client.get("/my-data").text


def test_a_page_of_the_one_before_writes_nothing_into_the_next_ones_account(
    site: Site, page: Page, member: Member, other: Member, enter: Enter
) -> None:
    enter(page, member)
    page.goto(f"{site.url}/my-data")
    token = site.coach.link_for(other)
    elsewhere = page.request.post(f"{site.url}/sign-in/{token}", form={"leaving": member.id}, max_redirects=0)
    assert elsewhere.status == 303
    page.get_by_label("Names").fill("Jonas")
    page.get_by_role("button", name="Save the names").click()
    expect(page.locator("main")).to_contain_text("Somebody else is signed in here now")
    assert site.coach.accounts.roster(other.id) == []


def test_a_used_link_leads_whoever_is_signed_in_to_their_first_page(
    site: Site, page: Page, member: Member, enter: Enter
) -> None:
    enter(page, member)
    page.wait_for_selector("body.ready")
    page.go_back()
    expect(page).to_have_url(re.compile("/reflect/"))
    client = site.client(member)
    for ask in (client.get, client.post):
        answer = ask("/sign-in/spent")
        assert (answer.status_code, answer.headers["location"]) == (303, "/reflect/")


def test_every_page_names_the_account(site: Site, page: Page, member: Member, enter: Enter) -> None:
    enter(page, member)
    for path in ("/reflect/", "/journal", "/my-data", "/nowhere"):
        page.goto(f"{site.url}{path}")
        expect(page.locator("header .whose")).to_have_text(member.name)
    page.goto(f"{site.url}/reflect/")
    look_at(page, "named")


# -- a sign-in under way ------------------------------------------------------------------------------------


def test_a_sign_in_under_way_when_all_sessions_end_opens_nothing(
    site: Site, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.coach.accounts.set_password(member.id, "a quiet evening", None)
    check = site.coach.accounts.sign_in

    def slow(email: str, password: str, client: str = "") -> Opened:
        opened = check(email, password, client)
        site.coach.sessions.remove_all(member.id)
        return opened

    monkeypatch.setattr(site.coach.accounts, "sign_in", slow)
    client = site.client()
    answer = client.post("/sign-in", data={"email": member.email, "password": "a quiet evening"})
    assert answer.status_code == 401
    assert "Please sign in again." in answer.text
    assert client.get("/still-here").status_code == 401


def test_nobody_is_signed_in_when_a_link_is_opened_at_that_moment(
    site: Site, member: Member, other: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither its owner nor who was there before, who agreed to go."""
    use = site.coach.accounts.redeem

    def slow(token: str) -> Opened:
        opened = use(token)
        site.coach.sessions.remove_all(other.id)
        return opened

    client, token = site.client(member), site.coach.link_for(other)
    monkeypatch.setattr(site.coach.accounts, "redeem", slow)
    answer = client.post(f"/sign-in/{token}", data={"leaving": member.id})
    assert (answer.status_code, "whose" in answer.text) == (400, False)
    assert client.get("/still-here").status_code == 401


# -- my data ------------------------------------------------------------------------------------------------


def test_a_refused_password_is_said_at_its_field(
    site: Site, page: Page, member: Member, enter: Enter
) -> None:
    site.coach.accounts.set_password(member.id, "a quiet evening", None)
    enter(page, member)
    for old, new, field in (("not it at all", "a loud evening", "old"), ("a quiet evening", "short", "new")):
        page.goto(f"{site.url}/my-data")
        expect(page.locator("main")).to_contain_text(f"You sign in with this e-mail: {member.email}")
        page.locator("#old").fill(old)
        page.locator("#new").fill(new)
        page.locator("form[action='/my-data/password']").evaluate("e => { e.noValidate = true; }")
        page.get_by_role("button", name="Set the password").click()
        expect(page.locator(f"#{field}")).to_be_focused()
        expect(page.locator(f"#{field}")).to_be_in_viewport()
        expect(page.get_by_role("alert")).to_be_in_viewport()
        expect(page.locator(f"#{field}")).to_have_attribute("aria-invalid", "true")
        look_at(page, f"password {field}")


def test_the_access_log_can_be_read_to_its_end(site: Site, page: Page, member: Member, enter: Enter) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=40)
    log = site.coach.book.log[member.id]
    log[:0] = [Access(long_ago, "operator", "account.link")]
    log[1:1] = [Access(long_ago + timedelta(hours=n), member.id, "journal.erase-entry") for n in range(1, 70)]
    log += [Access(datetime.now(UTC), "system", "account.sign-in-failed") for _ in range(300)]
    enter(page, member)
    page.goto(f"{site.url}/my-data")
    expect(page.locator(".log")).to_contain_text("times on this day, without success")
    expect(page.locator(".log tbody tr")).to_have_count(30)
    for _ in range(2):
        page.get_by_role("link", name="older line").click()
    expect(page.locator(".log tbody tr").last).to_contain_text("Made a sign-in link")
    expect(page.get_by_role("link", name="older line")).to_have_count(0)
    look_at(page, "the end of the log")
    page.get_by_role("link", name="Newer lines").click()
    expect(page.get_by_role("link", name="older line")).to_have_count(1)
    assert page.request.get(f"{site.url}/my-data?log=999999").ok
    assert page.request.get(f"{site.url}/my-data?log=0").status == 400
