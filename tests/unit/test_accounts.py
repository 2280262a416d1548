"""Signing in: once, never saying which part was wrong, and never without a limit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from coach.domain.model import Role
from coach.errors import SignInFailed, TooMany, UserError
from coach.services.accounts import AccountService, Opened
from tests.fakes import FakeAudit, FakeClock, FakeHasher, FakePeople, FakeSessions, FakeTries


class Desk:
    """Accounts over fakes."""

    def __init__(self) -> None:
        self.clock, self.sessions, self.hasher = FakeClock(), FakeSessions(), FakeHasher()
        self.people = FakePeople(self.sessions)
        self.audit = FakeAudit(self.clock)
        self.accounts = AccountService(
            self.people, self.sessions, self.audit, self.hasher, FakeTries(), self.clock
        )
        self.member = self.accounts.invite("Ada Roy", "ada@example.org", [Role.MANAGER])


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_link_opens_once(desk: Desk) -> None:
    token = desk.accounts.sign_in_link(desk.member.id)
    assert desk.accounts.peek(token) == desk.member
    assert desk.accounts.redeem(token).member.id == desk.member.id
    assert not desk.accounts.peek(token)
    with pytest.raises(SignInFailed):
        desk.accounts.redeem(token)


def test_a_link_expires(desk: Desk) -> None:
    token = desk.accounts.sign_in_link(desk.member.id, hours=1)
    desk.clock.pass_time(timedelta(hours=1, seconds=1))
    with pytest.raises(SignInFailed):
        desk.accounts.redeem(token)


def test_wrong_password_and_unknown_address_read_the_same(desk: Desk) -> None:
    desk.accounts.set_password(desk.member.id, "a long enough one")
    with pytest.raises(SignInFailed) as wrong:
        desk.accounts.sign_in("ada@example.org", "something else")
    with pytest.raises(SignInFailed) as unknown:
        desk.accounts.sign_in("nobody@example.org", "something else")
    assert str(wrong.value) == str(unknown.value)


def test_an_address_nobody_has_leaves_the_same_trace(desk: Desk) -> None:
    """Both write one line: a commit more or less could be timed."""
    for address in ("ada@example.org", "nobody@example.org"):
        before = len(desk.audit.rows)
        with pytest.raises(SignInFailed):
            desk.accounts.sign_in(address, "something else")
        assert len(desk.audit.rows) == before + 1
    assert "nobody" not in str(desk.audit.rows)


def test_who_is_stopped_by_address_uses_up_nobodys_tries(desk: Desk) -> None:
    desk.accounts.set_password(desk.member.id, "a long enough one")
    for number in range(50):
        with pytest.raises(SignInFailed):
            desk.accounts.sign_in(f"{number}@example.org", "x", "198.51.100.7")
    for _ in range(20):
        with pytest.raises(TooMany):
            desk.accounts.sign_in("ada@example.org", "x", "198.51.100.7")
    assert desk.accounts.sign_in("ada@example.org", "a long enough one", "203.0.113.9").member == desk.member


def test_the_right_password_opens_in_any_case_of_the_address(desk: Desk) -> None:
    desk.accounts.set_password(desk.member.id, "a long enough one")
    assert desk.accounts.sign_in(" Ada@Example.org ", "a long enough one").member == desk.member


def test_nobody_has_a_password_before_they_set_one(desk: Desk) -> None:
    for guess in ("", "password", "admin", "coach"):
        with pytest.raises(SignInFailed):
            desk.accounts.sign_in("ada@example.org", guess)


def test_tries_are_limited_even_with_the_right_password(desk: Desk) -> None:
    desk.accounts.set_password(desk.member.id, "a long enough one")
    for _ in range(10):
        with pytest.raises(SignInFailed):
            desk.accounts.sign_in("ada@example.org", "wrong wrong")
    with pytest.raises(TooMany):
        desk.accounts.sign_in("ada@example.org", "a long enough one")


@pytest.mark.parametrize(
    "spelling", [" ada@example.org", "ADA@example.org", "ａｄａ@example.org", "ada＠example.org"]
)
def test_another_spelling_of_an_address_is_no_fresh_set_of_tries(desk: Desk, spelling: str) -> None:
    """Counted by what the account is found by."""
    desk.accounts.set_password(desk.member.id, "a long enough one")
    for _ in range(10):
        with pytest.raises(SignInFailed):
            desk.accounts.sign_in("ada@example.org", "wrong wrong")
    with pytest.raises(TooMany):
        desk.accounts.sign_in(spelling, "a long enough one")


def test_an_address_with_half_a_letter_is_nobodys(desk: Desk) -> None:
    with pytest.raises(SignInFailed):
        desk.accounts.sign_in("ada\ud800@example.org", "something else")


class Interrupted(FakeHasher):
    """Something else happens while it looks at a password, once."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self.meanwhile: Callable[[], object] | None = meanwhile

    def verify(self, stored: str, password: str) -> bool:
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()
        return super().verify(stored, password)


def interrupt(desk: Desk, meanwhile: Callable[[], object]) -> AccountService:
    return AccountService(
        desk.people, desk.sessions, desk.audit, Interrupted(meanwhile), FakeTries(), desk.clock
    )


def begun(desk: Desk, opened: Opened) -> bool:
    """Whether a browser gets a session for it."""
    later = desk.clock() + timedelta(hours=1)
    try:
        desk.sessions.write(b"late", b"p", opened.member.id, later, opened.generation)
    except SignInFailed:
        return False
    return True


@pytest.mark.parametrize("way", ["a new password", "sign out everywhere"])
def test_a_sign_in_under_way_does_not_survive_the_password_it_was_checked_against(
    desk: Desk, way: str
) -> None:
    desk.accounts.set_password(desk.member.id, "a long enough one")
    ends: dict[str, Callable[[], object]] = {
        "a new password": lambda: desk.accounts.set_password(
            desk.member.id, "another long one", "a long enough one"
        ),
        "sign out everywhere": lambda: desk.accounts.sign_out_everywhere(desk.member.id),
    }
    slow = interrupt(desk, ends[way])
    assert not begun(desk, slow.sign_in(desk.member.email, "a long enough one"))


def test_a_link_opened_at_that_moment_does_not_survive_it_either(desk: Desk) -> None:
    opened = desk.accounts.redeem(desk.accounts.sign_in_link(desk.member.id))
    desk.accounts.sign_out_everywhere(desk.member.id)
    assert not begun(desk, opened)
    assert begun(desk, desk.accounts.redeem(desk.accounts.sign_in_link(desk.member.id)))


def test_the_browser_that_sets_a_password_goes_on(desk: Desk) -> None:
    opened = desk.accounts.set_password(desk.member.id, "a long enough one")
    assert begun(desk, opened)


def test_of_two_changes_of_a_password_the_later_one_does_not_undo_the_first(desk: Desk) -> None:
    """Whoever knows the old one could otherwise take the account back while its owner takes it."""
    desk.accounts.set_password(desk.member.id, "a long enough one")
    slow = interrupt(
        desk,
        lambda: desk.accounts.set_password(desk.member.id, "the owner's new one", "a long enough one"),
    )
    with pytest.raises(SignInFailed):
        slow.set_password(desk.member.id, "the thief's new one", "a long enough one")
    assert desk.accounts.sign_in(desk.member.email, "the owner's new one").member == desk.member


@pytest.mark.parametrize("new", ["short", "x" * 129, "password"])
def test_weak_passwords_are_refused(desk: Desk, new: str) -> None:
    with pytest.raises(UserError):
        desk.accounts.set_password(desk.member.id, new)


def test_changing_a_password_needs_the_old_one_and_ends_other_sessions(desk: Desk) -> None:
    desk.accounts.set_password(desk.member.id, "a long enough one")
    desk.sessions.write(b"h", b"p", desk.member.id, desk.clock() + timedelta(hours=1))
    with pytest.raises(SignInFailed):
        desk.accounts.set_password(desk.member.id, "another long one", "not it at all")
    assert desk.sessions.read(b"h") == b"p"
    desk.accounts.set_password(desk.member.id, "another long one", "a long enough one")
    assert desk.sessions.read(b"h") is None


@pytest.mark.parametrize("way", ["a new password", "sign out everywhere"])
def test_an_older_link_opens_nothing_after(desk: Desk, way: str) -> None:
    """Whoever sees a link in the access log that was not theirs can make it worthless."""
    other = desk.accounts.invite("Ben Roy", "ben@example.org", [Role.MANAGER])
    left, others = desk.accounts.sign_in_link(desk.member.id), desk.accounts.sign_in_link(other.id)
    if way == "a new password":
        desk.accounts.set_password(desk.member.id, "a quiet walk home")
    else:
        desk.accounts.sign_out_everywhere(desk.member.id)
    with pytest.raises(SignInFailed):
        desk.accounts.redeem(left)
    assert desk.accounts.redeem(others).member.id == other.id


def test_a_closed_account_opens_by_no_way(desk: Desk) -> None:
    token = desk.accounts.sign_in_link(desk.member.id)
    desk.accounts.set_password(desk.member.id, "a long enough one")
    desk.people.set_active(desk.member.id, False)
    with pytest.raises(SignInFailed):
        desk.accounts.redeem(token)
    with pytest.raises(SignInFailed):
        desk.accounts.sign_in("ada@example.org", "a long enough one")
    with pytest.raises(SignInFailed):
        desk.accounts.sign_in_identity("https://idp.example", "42", "ada@example.org")


def test_an_identity_is_bound_at_first_and_known_by_its_subject_afterwards(desk: Desk) -> None:
    desk.accounts.sign_in_identity("https://idp.example", "42", "ada@example.org")
    assert desk.accounts.sign_in_identity("https://idp.example", "42", "").member.id == desk.member.id
    with pytest.raises(SignInFailed):
        desk.accounts.sign_in_identity("https://other.example", "42", "")


def test_a_recycled_address_does_not_open_the_old_account(desk: Desk) -> None:
    desk.accounts.sign_in_identity("https://idp.example", "42", "ada@example.org")
    with pytest.raises(SignInFailed):
        desk.accounts.sign_in_identity("https://idp.example", "77", "ada@example.org")


def test_a_refusal_names_who_can_help_and_after_a_slip_only_asks_to_try_again(desk: Desk) -> None:
    """Nobody but who runs the programme makes links."""
    with pytest.raises(SignInFailed) as spent:
        desk.accounts.redeem("never-made")
    with pytest.raises(SignInFailed) as wrong:
        desk.accounts.sign_in(desk.member.email, "a slip of the finger")
    assert spent.value.remedy == "Please ask the person who runs your programme for a new link."
    assert wrong.value.remedy == "Please try again."


# -- a forgotten password -----------------------------------------------------------------------------------


def test_a_password_that_was_taken_away_opens_nothing_and_its_owner_sets_a_new_one(desk: Desk) -> None:
    desk.accounts.set_password(desk.member.id, "a long enough one")
    desk.accounts.clear_password(desk.member.id, actor="operator")
    assert not desk.accounts.has_password(desk.member.id)
    for typed in ("a long enough one", ""):
        with pytest.raises(SignInFailed):
            desk.accounts.sign_in("ada@example.org", typed)
    opened = desk.accounts.redeem(desk.accounts.sign_in_link(desk.member.id))
    desk.accounts.set_password(opened.member.id, "another long one")
    assert desk.accounts.sign_in("ada@example.org", "another long one").member.id == desk.member.id


def test_taking_a_password_away_ends_sessions_and_links_and_is_in_the_members_log(desk: Desk) -> None:
    desk.accounts.set_password(desk.member.id, "a long enough one")
    opened = desk.accounts.sign_in("ada@example.org", "a long enough one")
    token = desk.accounts.sign_in_link(desk.member.id)
    desk.accounts.clear_password(desk.member.id, actor="operator")
    assert desk.sessions.generation(desk.member.id) > opened.generation
    assert desk.accounts.peek(token) is None
    (line,) = [one for one in desk.audit.of_owner(desk.member.id) if one.action == "account.password-clear"]
    assert line.actor_id == "operator"


def test_no_link_and_no_session_gets_past_the_old_password(desk: Desk) -> None:
    """Who finds a session open, however young, cannot take the account for good."""
    desk.accounts.set_password(desk.member.id, "a long enough one")
    opened = desk.accounts.redeem(desk.accounts.sign_in_link(desk.member.id))
    for old in (None, "", "something else"):
        with pytest.raises(SignInFailed):
            desk.accounts.set_password(opened.member.id, "another long one", old)
