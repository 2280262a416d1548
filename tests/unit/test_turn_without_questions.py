"""`coach ask` for people: the turn as lines of text."""

from __future__ import annotations

from coach.commands.asking import _readable
from coach.domain.model import Lens, Question, Stage, Turn


def test_a_turn_without_a_question_says_so_below_its_mirror() -> None:
    said = _readable(Turn("t", "You rewrite them at night.", ())).split("\n")
    assert said[0] == "You rewrite them at night."
    assert "No question came to this. Please say a little more of it and ask again." in said


def test_questions_stand_below_the_mirror() -> None:
    questions = tuple(Question(text, Lens.SELF, Stage.EXPLORE, ()) for text in ("What now?", "And then?"))
    said = _readable(Turn("t", "You wait.", questions)).split("\n")
    assert said == [
        "You wait.",
        "",
        "  What now?",
        "",
        "  Another angle: And then?",
        "",
        "No case here is close to this.",
    ]
