"""What a short message does that tells of nothing: it gets a question made for that, and a story does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.adapters.frame_files import load_frames
from coach.bundled import data_file
from coach.domain.frames import fill
from coach.domain.mirror import hear, mirror
from coach.domain.moves import MOVES, moves
from coach.domain.rubric import Exchange, failed, judge
from coach.domain.text import split_sentences

FRAMES = load_frames(Path(__file__).parents[2] / "prompts" / "embedded" / "frames.yaml")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I don't understand your question.", "unclear"),
        ("what do you mean", "unclear"),
        ("Your question makes no sense to me", "unclear"),
        ("Just tell me what to do.", "wants_answer"),
        ("I do not want another question, I want an answer", "wants_answer"),
        ("You are useless. Your questions are all the same.", "displeased"),
        ("this does not help", "displeased"),
        ("ok then, I go", "farewell"),
        ("Thanks, good night!", "farewell"),
        ("I am going to bed now.", "farewell"),
        ("Thanks, that helped. Good night.", "farewell"),
        ("Thank you. That was really helpful.", "farewell"),
        ("Just tell me what to say to him tomorrow.", "wants_answer"),
        ("Could you please tell me how to answer her?", "wants_answer"),
        ("What should I say to her?", "wants_answer"),
        ("ok thanks, that helped a bit. good night", "farewell"),
        ("what would you do? Should I go to his boss?", "wants_answer"),
        ("And what do you suggest?", "wants_answer"),
        ("That question is stupid.", "displeased"),
        ("Help", "few_words"),
        ("I'm tired.", "few_words"),
    ],
)
def test_a_move_is_heard(text: str, kind: str) -> None:
    assert [one.kind for one in moves(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I go to every meeting and I say nothing in any of them.",
        "She told me what to do in front of the whole kitchen and I did it.",
        "I don't understand your rota, he said, and then he left, and I had no answer for him at all today.",
        "My boss asked me what I mean by that.",
        "They never tell me what to say to him.",
        "Thanks to him I lost the client.",
        "My deputy said good night and I knew she would not come back.",
        "He asked me what you would do and nobody had an answer ready at all, not one.",
        "What should I have done? I stood in the doorway with her folder and could not say a single word.",
    ],
)
def test_a_story_is_no_move(text: str) -> None:
    assert moves(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, that helped. Good night.",
        "Just tell me what to say to him tomorrow.",
        "I don't understand your question.",
        "What do you mean by that?",
        "What should I say to her?",
        "ok then, I go",
    ],
)
def test_every_question_after_a_move_passes_right_after_its_mirror(text: str) -> None:
    """Also where none of the few words says anything of its own, so that none could be taken up."""
    said = mirror(text, split_sentences(text))
    asked = fill(moves(text), FRAMES)
    assert len(asked) >= 2
    for one in asked:
        assert failed(judge(Exchange(one.text, text, said, stage=one.stage, lens=one.lens))) == (), one.text


@given(st.text(max_size=400))
def test_any_text_is_at_most_one_move(text: str) -> None:
    found = moves(text)
    assert len(found) <= 1 and all(one.kind in MOVES for one in found)


def test_what_another_says_of_themselves_without_marks_is_not_said_back_as_the_writers() -> None:
    text = (
        "everyone does a bit of stuart. today kelly said to me im not being funny but im on nine "
        "pound eighty same as him and i do my job and a third of his. and i went through it and its true."
    )
    assert "nine pound" not in mirror(text, split_sentences(text))


def test_a_question_whose_verb_stands_elsewhere_is_not_said_back() -> None:
    text = "Joyce has put up one of the old cards. I do not know what it was. I left it up. Should I have?"
    assert "should have" not in mirror(text, split_sentences(text))


def test_what_somebody_calls_themselves_in_anger_is_said_back_only_when_nothing_else_is_left() -> None:
    text = (
        "I stood there with the plate of apple slices like an idiot. I could not tell her that the "
        "shift is gone. I am so stupid."
    )
    sentences = split_sentences(text)
    weights = json.loads(data_file("mirrors.json").read_text(encoding="utf-8"))["weights"]
    said = hear(text, sentences, weights=weights).sentence
    assert "idiot" not in said and "stupid" not in said
    assert said.startswith("You could not tell her")
