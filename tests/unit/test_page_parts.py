"""What a member's pages are drawn from: documents, the journal, what is remembered between two pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.requests import Request

from coach.adapters.corpus_files import read_corpus
from coach.domain.model import (
    PROGRAMME,
    Conversation,
    Document,
    DocumentKind,
    Entry,
    Lens,
    Member,
    Question,
    Role,
    Screening,
    ScreenKind,
    Stage,
    Turn,
)
from coach.errors import NotFound
from coach.services.journal import JournalService
from tests.fakes import FakeAudit, FakeClock, FakeJournal, FakePeople
from ui.asides import KEPT_SECONDS, MOST, MOST_OF_ONE, Asides
from ui.catalog import load_catalog
from ui.journal_page import line_of
from ui.pages import _environment

ROOT = Path(__file__).parent.parent.parent
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANN, BEN = (Member(name, name, f"{name}@example.org", frozenset({Role.MANAGER})) for name in ("ann", "ben"))


# -- a document ---------------------------------------------------------------------------------------------


def drawn(document: Document) -> str:
    page = _environment(load_catalog(), lambda: NOON).get_template("document.html")
    return " ".join(page.render(document=document).split())


def cases() -> Iterator[Document]:
    return (one for one in read_corpus(ROOT / "corpus").documents if one.kind is DocumentKind.CASE)


def test_a_case_says_once_what_its_writer_would_ask_next() -> None:
    found = list(cases())
    assert len(found) > 20
    assert {drawn(case).count("What we would ask next") for case in found} == {1}
    assert all(drawn(case).count("<li>") >= len(case.questions) for case in found)


def test_questions_that_stand_in_no_text_are_shown_below_it() -> None:
    bare = Document("d", DocumentKind.CASE, PROGRAMME, "t", "A story.", questions=("What now?",))
    assert drawn(bare).count("What now?") == 1


# -- the journal --------------------------------------------------------------------------------------------


def test_a_line_says_that_a_signpost_answered() -> None:
    signpost = Turn(
        "t", "", (), screen=Screening(True, ScreenKind.CRISIS), signpost="Please talk to a person."
    )
    entry = Entry("e", "c", "It was too much.", NOON, signpost)
    assert line_of(Conversation("c", NOON, NOON, (entry,))).signpost
    assert not line_of(Conversation("c", NOON, NOON, (replace(entry, turn=None),))).signpost


def said(text: str, question: str = "", signpost: str = "") -> Entry:
    asked = (Question(question, Lens.SELF, Stage.EXPLORE, ()),) if question else ()
    screen = Screening(bool(signpost), ScreenKind.CRISIS if signpost else ScreenKind.NONE)
    return Entry(text, "c", text, NOON, Turn("t", "", asked, screen=screen, signpost=signpost))


def test_a_line_shows_the_question_that_answered_its_words() -> None:
    both = (said("He was late.", "What does late mean?"), said("I shouted.", "What did you need?"))
    talk = Conversation("c", NOON, NOON, both)
    for words, opening, question in (
        ("", "He was late.", "What does late mean?"),
        ("shouted", "I shouted.", "What did you need?"),
        ("need", "What did you need?", ""),
    ):
        line = line_of(talk, words)
        assert (line.opening, line.question) == (opening, question)


def test_no_question_stands_beside_a_text_in_need() -> None:
    need, other = said("I see no way out.", signpost="Please talk."), said("A quiet day.", "What was quiet?")
    for entries in ((need, other), (other, need)):
        for words in ("", "quiet"):
            line = line_of(Conversation("c", NOON, NOON, entries), words)
            assert (line.question, line.signpost) == ("", True)


def test_erasing_a_conversation_erases_all_of_it_and_nothing_else() -> None:
    kept = FakeJournal(FakeClock())
    journal = JournalService(kept, FakeAudit(FakeClock()), FakePeople())
    first = kept.add_reflection("ann", None, "one")
    kept.add_reflection("ann", first.conversation_id, "two")
    other, bens = kept.add_reflection("ann", None, "three"), kept.add_reflection("ben", None, "four")
    for stranger, conversation_id in (("ann", bens.conversation_id), ("ann", "nothing")):
        with pytest.raises(NotFound):
            journal.erase_conversation(stranger, conversation_id)
    journal.erase_conversation("ann", first.conversation_id)
    assert [entry.id for entry in kept.entries] == [other.id, bens.id]


# -- between two pages --------------------------------------------------------------------------------------


class Session:
    def __init__(self, session_id: str) -> None:
        self.session_id = session_id


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def request(member: Member, session_id: str) -> Request:
    return Request({"type": "http", "visitor": member, "session_handler": Session(session_id)})


def test_words_are_found_again_by_the_sign_in_that_searched_and_by_no_other() -> None:
    asides, mine = Asides(), request(ANN, "s1")
    name, second = asides.remember(mine, "the merger"), asides.remember(mine, "my boss")
    assert "merger" not in name
    for _ in range(2):
        assert [asides.words(mine, name), asides.words(mine, second)] == ["the merger", "my boss"]
    for other in (request(ANN, "s2"), request(BEN, "s3")):
        assert asides.words(other, name) == ""


def test_a_sentence_waits_for_one_page_alone() -> None:
    asides, mine = Asides(), request(ANN, "s1")
    asides.say_next(mine, "The entry is erased.")
    assert asides.words(mine, "") == asides.said(request(BEN, "s2")) == ""
    assert [asides.said(mine), asides.said(mine)] == ["The entry is erased.", ""]


def test_what_is_remembered_is_dropped_with_its_member_after_an_hour_or_for_newer_ones() -> None:
    clock = Clock()
    asides, mine, bens = Asides(clock), request(ANN, "s1"), request(BEN, "s2")
    name, other = asides.remember(mine, "the merger"), asides.remember(bens, "my boss")
    asides.forget(ANN.id)
    assert [asides.words(mine, name), asides.words(bens, other)] == ["", "my boss"]
    clock.now = KEPT_SECONDS + 1
    assert asides.words(bens, other) == ""
    assert not asides.kept
    for _ in range(MOST_OF_ONE + 10):
        last = asides.remember(mine, "again")
    assert len(asides.kept) == MOST_OF_ONE
    assert asides.words(mine, last) == "again"


def test_one_sign_in_cannot_push_out_what_others_searched() -> None:
    asides = Asides(Clock())
    bens = request(BEN, "s2")
    name = asides.remember(bens, "my boss")
    for number in range(MOST):
        asides.remember(request(ANN, f"s{number % 5 + 3}"), "again")
    assert asides.words(bens, name) == "my boss"


def test_words_that_nobody_asks_for_again_are_swept_away() -> None:
    clock = Clock()
    asides = Asides(clock)
    asides.remember(request(ANN, "s1"), "the merger")
    clock.now = KEPT_SECONDS + 1
    asides.sweep()
    assert not asides.kept
