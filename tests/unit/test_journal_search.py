"""Searching a journal: what is found is what is shown, and what is shown is what is marked."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coach.domain.model import Conversation, Entry, Lens, Question, Stage, Turn
from coach.services.journal import JournalService, found_in, passage
from tests.fakes import FakeAudit, FakeClock, FakeJournal, FakePeople
from ui.fragments import marked, snippet
from ui.journal_page import line_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FIRST = "On Monday we planned the quarter and nobody spoke."
CAFE = "We met in the café on the corner, and he said nothing."


def conversation(*texts: str, asked: str = "") -> Conversation:
    turn = Turn("t", "You met.", (Question(asked, Lens.SELF, Stage.EXPLORE, ()),)) if asked else None
    entries = tuple(Entry(f"e{k}", "c", text, NOON, turn) for k, text in enumerate(texts))
    return Conversation("c", NOON, NOON, entries)


@pytest.mark.parametrize("typed", ["cafe", "CAFÉ", "café", "cafe\u0301", "Cafe corner"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_any_spelling_of_case_and_accents_is_shown_and_marked(typed: str, form: str) -> None:
    text = unicodedata.normalize(form, CAFE)
    line = line_of(conversation(FIRST, text), typed)
    assert line.opening == text
    word = unicodedata.normalize(form, "café")
    assert f"<mark>{word}</mark>" in str(marked(line.opening, typed))


def test_a_long_text_is_shown_around_the_word() -> None:
    text = "nothing here " * 60 + "the café talk " + "nor here " * 60
    assert "café" in snippet(text, "cafe")
    assert len(snippet(text, "cafe")) < 300


def test_a_question_that_matches_is_the_passage_and_stands_there_once() -> None:
    asked = "What would the café owner have seen?"
    line = line_of(conversation(FIRST, asked=asked), "cafe")
    assert (line.opening, line.question) == (asked, "")
    assert "<mark>café</mark>" in str(marked(line.opening, "cafe"))


def test_the_members_own_words_go_before_a_question() -> None:
    line = line_of(conversation(FIRST, CAFE, asked="What does the café stand for?"), "cafe")
    assert (line.opening, line.question) == (CAFE, "What does the café stand for?")


def test_the_passage_has_most_of_the_words() -> None:
    talk = conversation("He was late.", "He was late to the café.", "The café again.")
    assert passage(talk, "cafe late") == "He was late to the café."
    assert passage(talk) == "He was late."
    assert passage(conversation()) == ""


def test_without_words_a_line_begins_as_the_conversation_did() -> None:
    line = line_of(conversation(FIRST, CAFE, asked="What now?"))
    assert (line.opening, line.question) == (FIRST, "What now?")


def test_a_match_covers_whole_characters() -> None:
    """Also where one character stands for two letters, and where an accent is one of its own."""
    assert found_in("Straße", "strasse") == [(0, 6)]
    assert found_in("ﬁre", "f i") == [(0, 1)]
    assert found_in("cafe\u0301s", "cafe") == [(0, 5)]
    assert found_in("one two", "two one") == [(0, 3), (4, 7)]
    assert found_in("one two", " ") == []


@given(st.text("aeéÉE\u0301ßsSﬁfiIİı 한하", max_size=30), st.text("aeéE\u0301ßsﬁfiIİıᄒ하", max_size=3))
def test_what_the_journal_finds_is_marked_on_the_page(text: str, word: str) -> None:
    """And what it does not find is not."""
    journal = FakeJournal(FakeClock())
    journal.add_reflection("ann", None, text)
    service = JournalService(journal, FakeAudit(FakeClock()), FakePeople())
    assume(found_in(word, word))  # nothing, or an accent alone, finds everything
    assert bool(found_in(text, word)) == bool(service.search("ann", word))


@given(st.text(max_size=60), st.text(max_size=8))
def test_marking_loses_no_letter(text: str, words: str) -> None:
    shown = str(marked(text, words)).replace("<mark>", "").replace("</mark>", "")
    places = found_in(text, words)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(one[1] <= after[0] for one, after in pairwise(places))
    if not any(letter.isspace() for letter in text):
        assert shown == str(marked(text, ""))
