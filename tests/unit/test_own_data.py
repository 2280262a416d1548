"""What a member can see, take away and erase: the access log and the list of names belong to it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from coach.domain.model import Access, Lens, Question, Stage, Turn
from coach.services.journal import FAILED_SIGN_IN, Captions, JournalService, who_did
from tests.fakes import FakeAudit, FakeClock, FakeJournal, FakePeople
from ui.data_page import together

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Desk:
    """A journal with one reflection and one name, and a log in which others stand too."""

    def __init__(self) -> None:
        self.clock, self.people = FakeClock(), FakePeople()
        self.kept, self.audit = FakeJournal(self.clock), FakeAudit(self.clock)
        self.journal = JournalService(self.kept, self.audit, self.people)
        self.kept.add_reflection("ann", None, "I rewrite his slides.")
        self.people.set_roster("ann", ["Jonas", "Dana Novak"])
        for actor, action in (
            ("ann", "account.password"),
            ("operator", "account.link"),
            ("system", FAILED_SIGN_IN),
            ("ben", "group.join"),
        ):
            self.audit.record(actor, action, "ann", owner_id="ann")
        self.audit.record("ben", "account.password", "ben", owner_id="ben")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_export_for_a_program_holds_names_and_the_whole_log(desk: Desk) -> None:
    for _ in range(100):
        desk.audit.record("ann", "account.sign-out", "ann", owner_id="ann")
    whole = json.loads(desk.journal.export("ann", "json"))
    assert whole["names"] == ["Jonas", "Dana Novak"]
    assert [line["who"] for line in whole["access_log"][:4]] == ["you", "operator", "somebody", "other"]
    assert whole["access_log"][1] == {
        "at": "2026-03-02T21:00:00+00:00",
        "who": "operator",
        "what": "account.link",
    }
    assert len(whole["access_log"]) == 104
    assert "ben" not in json.dumps(whole)


def test_the_export_to_read_holds_them_too(desk: Desk) -> None:
    text = desk.journal.export("ann", "markdown")
    assert "## Names I write about\n\n- Jonas\n- Dana Novak\n" in text
    assert "- 2026-03-02 21:00 UTC: account.link (operator)\n" in text


def test_the_export_to_read_holds_every_question_that_was_there_to_be_asked_for(desk: Desk) -> None:
    first, second, third = (
        Question(f"What about {one}?", Lens.SELF, Stage.EXPLORE, ()) for one in ("now", "him", "May")
    )
    entry = desk.kept.add_reflection("ann", None, "He was late again.")
    desk.kept.add_turn("ann", entry.id, Turn("t", "He was late.", (first, second, third)))
    text = desk.journal.export("ann", "markdown", captions=Captions(angle="oder"))
    assert (
        "\n\nHe was late again.\n\n> He was late.\n>\n> **What about now?**\n>\n"
        "> oder: **What about him?**\n>\n> oder: **What about May?**\n\n"
    ) in text
    desk.kept.add_turn("ann", entry.id, Turn("t", "He was late.", ()))
    assert "> He was late.\n\n" in desk.journal.export("ann", "markdown")


def test_erasing_everything_erases_the_names(desk: Desk) -> None:
    desk.journal.erase_all("ann")
    assert (desk.people.roster("ann"), desk.kept.entries) == ([], [])


def test_a_line_of_the_program_itself_is_the_programs() -> None:
    assert [who_did(Access(NOON, actor, "seal.broken"), "ann") for actor in ("store", "system", "")] == [
        "program"
    ] * 3


def test_failed_sign_ins_of_a_day_are_one_line_and_push_nothing_out() -> None:
    tries = [Access(NOON - timedelta(seconds=number), "system", FAILED_SIGN_IN) for number in range(500)]
    link = Access(NOON - timedelta(hours=1), "operator", "account.link")
    day_before = Access(NOON - timedelta(days=1), "system", FAILED_SIGN_IN)
    assert together([*tries, link, link, day_before]) == [
        (tries[0], 500),
        (link, 1),
        (link, 1),
        (day_before, 1),
    ]
