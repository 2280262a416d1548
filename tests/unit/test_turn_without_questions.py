"""`coach ask` for people: the turn as lines of text."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.adapters.signpost_files import KINDS, read_signposts
from coach.commands.asking import _readable
from coach.domain.model import Lens, Question, Screening, ScreenKind, Stage, Turn

ROOT = Path(__file__).parent.parent.parent


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


@pytest.mark.parametrize("kind", KINDS)
def test_a_signpost_for_nobody_does_not_promise_that_something_was_saved(kind: ScreenKind) -> None:
    """All of the text but its last part, which is for a member."""
    signpost = read_signposts(ROOT / "prompts" / "embedded" / "signposts.yaml")[kind]
    said = _readable(Turn("t", "", (), screen=Screening(True, kind), signpost=signpost))
    assert said.endswith("\n\nNothing of this was saved, and nobody has been alerted.")
    assert "saved. No other member" not in said
    assert said.split("\n\n")[:-1] == signpost.strip().split("\n\n")[:-1]
