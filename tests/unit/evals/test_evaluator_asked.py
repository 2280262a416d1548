"""New questions of the bank: which the rubric rejects, and which a run never asked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coach.adapters.embedded_prompts import read_embedded
from coach.bundled import bundled
from coach.domain.model import Role
from evals.pages.asked import PHRASE, mark_of, new_questions, rejected, unasked
from evals.records import ERROR, Row
from ui.catalog import load_catalog
from ui.commands import say_what_lacks
from ui.contributed import lacks_pages

DOUBTED = "Which sentence here cost you the most?"
DELIVERED = bundled("prompts")


def row(text: str = "", arm: str = "candidate", status: str = "ok", **value: object) -> Row:
    return Row("question_quality", "embedded", "q1", 1, arm, status=status, text=text, value=value)


def test_only_what_the_other_side_has_not_is_new(tmp_path: Path) -> None:
    other = tmp_path / "prompts"
    shutil.copytree(DELIVERED, other)
    file = other / "embedded" / "general.yaml"
    old = "What else in your days does this touch?"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, DOUBTED).replace("lens: self", "lens: other"), encoding="utf-8")
    assert new_questions(DELIVERED, other) == (DOUBTED,)
    assert new_questions(other, DELIVERED) == (old,)
    assert new_questions(DELIVERED, DELIVERED) == ()
    file.write_text("frames: [", encoding="utf-8")
    assert new_questions(DELIVERED, other) == new_questions(DELIVERED, tmp_path / "none") == ()


def test_the_rubric_says_which_and_why() -> None:
    (found,) = rejected([DOUBTED, "What kept you from the talk?"])
    assert (found.text, [name for name, _ in found.faults], found.always) == (
        DOUBTED,
        ["open", "agency"],
        True,
    )
    (found,) = rejected(["What makes that so pressing for you now?"])
    assert [name for name, _ in found.faults] == ["nonleading"]
    assert not found.always, "whoever writes of pressure may be asked this"


def test_a_frame_is_judged_with_words_in_its_places() -> None:
    assert rejected(["What would be different without “{quote}”?"]) == ()
    (found,) = rejected(["Why did you keep “{quote}” from them?"])
    assert "{quote}" in found.text and PHRASE not in found.text


def test_hardly_any_question_that_is_asked_today_would_be_doubted() -> None:
    """The harmless phrase is harmless: no frame falls by it."""
    held = read_embedded(DELIVERED / "embedded")
    frames = [one.text for one in (*held.frames, *held.general_frames)]
    assert len(rejected(frames)) <= len(frames) // 100
    assert [one for one in rejected(frames) if "{" in one.text] == []


def test_another_warning_has_another_mark() -> None:
    one, other = rejected([DOUBTED]), rejected([DOUBTED, "Why did you do that?"])
    assert mark_of(()) == "" and len({mark_of(one), mark_of(other), ""}) == 3


def test_a_question_counts_as_asked_in_a_text_or_a_value_of_the_candidate() -> None:
    plain, framed = "What now, at last?", "What if “{quote}” were true?"
    rows = [
        row(f"You waited.\n1. {plain}"),
        row(questions=[{"text": "What if “he left” were true?"}]),
        row(DOUBTED, arm="baseline"),
        row(DOUBTED, status=ERROR),
    ]
    (found,) = unasked([plain, framed, DOUBTED], rows)
    assert found.text == DOUBTED and found.rejected is not None
    (found,) = unasked(["What if “{quote}” were false?"], rows)
    assert found.rejected is None, "no case came to it, and nothing is wrong with it"
    assert len(unasked([framed], [row("What if “one line\nand the next” were true?")])) == 1
    assert unasked([], rows) == ()


class Brought:
    ROLE = Role.EVALUATOR


def test_what_is_not_installed_is_said_on_standard_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lacks_pages(Role.EVALUATOR, ()) and not lacks_pages(Role.EVALUATOR, (Brought(),))  # type: ignore[arg-type] # only its role is looked at
    for brought, lines in (((), 1), ((Brought(),), 0)):
        monkeypatch.setattr("ui.contributed.contributed", lambda brought=brought: brought)
        say_what_lacks(load_catalog())
        told = capsys.readouterr()
        assert (told.out, told.err.count("\n")) == ("", lines)
        assert ("make run" in told.err) is bool(lines)
