"""What a question can take up beside the mirror: second places of the text, open questions, images."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.domain.beside import beside
from coach.domain.heart import slips
from coach.domain.mirror import hear, mirror
from coach.domain.phrase import choose_phrases
from coach.domain.posed import posed
from coach.domain.second_person import to_second_person
from coach.domain.tension import detect
from coach.domain.text import split_sentences

BOARD = (
    "I sit there on Sunday with my coloured bars and it all fits. By Tuesday lunch it is soup. "
    "The lads have stopped asking me what is on the board and they just ring in the morning. "
    "I've bought a bigger board."
)


def joined(text: str) -> dict[str, str]:
    """Slot -> words of everything that could stand beside the mirror of a text."""
    sentences = split_sentences(text)
    said = hear(text, sentences)
    assert said.phrase is not None
    found = beside(said.phrase, said.phrases, detect(text, sentences), text, sentences)
    return {name: word for one in found for name, word in one.slots.items() if name != "mirror"}


def test_the_last_line_can_stand_beside_the_mirror() -> None:
    """A short last line about somebody is offered, without its full stop."""
    sentences = split_sentences(BOARD)
    phrase = choose_phrases(BOARD, sentences)[-1]
    first = next(one for one in choose_phrases(BOARD, sentences) if one.start < 20)
    found = beside(first, [first, phrase], (), BOARD, sentences)
    assert "I've bought a bigger board" in {one.slots.get("ending") for one in found}
    assert all(one.slots["mirror"] == first.text for one in found)


def test_what_the_mirror_says_is_not_put_beside_itself() -> None:
    """The last line is not offered when the mirror says it."""
    sentences = split_sentences(BOARD)
    last = max(choose_phrases(BOARD, sentences), key=lambda one: one.start)
    assert not [one for one in beside(last, [last], (), BOARD, sentences) if "ending" in one.slots]


@pytest.mark.parametrize(
    "line",
    [
        "Oh, and the rain has stopped.",
        "And then there were sandwiches with tea.",
        "Nice for the trees.",
        "Why me?",
    ],
)
def test_an_afterthought_is_no_last_line(line: str) -> None:
    """Weather, food and exclamations at the end are left alone."""
    text = f"I told her that I would ask the board again. She did not look at me all morning. {line}"
    assert "ending" not in joined(text)


def test_a_strangers_i_is_not_the_writers() -> None:
    """What somebody said without marks is not quoted as the writer's own clause."""
    text = (
        "I went and rearranged the cases and looked at nobody for an hour. The weeks have been long. "
        "Then the area manager said Ruben, I can't protect eleven much longer, and she hung up on us."
    )
    assert "I can't protect eleven much longer" not in joined(text).values()


@pytest.mark.parametrize(
    ("text", "slot", "words"),
    [
        ("She sat down. “Have I done something wrong?” she said.", "theirs", "Have I done something wrong"),
        ("I nod. How do you sign it unread? I don't know.", "own", "How do you sign it unread"),
    ],
)  # fmt: skip
def test_an_open_question_is_found(text: str, slot: str, words: str) -> None:
    """A question put to the writer, and one the writer puts, are found whole and without their mark."""
    assert words in {one.slots.get(slot) for one in posed(text, split_sentences(text))}


@pytest.mark.parametrize(
    "text",
    [
        "He is late again, you know what I mean? I said nothing.",
        "I had even got a first line: “May I tell you something I've noticed?” Then it was about the tender.",
        "A list of what I say these days: “Where did you hear that?” “There is always talk.”",
        "Questions? Nothing came.",
        "What time is the bus? I asked.",
    ],
)
def test_a_question_for_show_is_left_alone(text: str) -> None:
    """Tags, the writer's own opening line, single words and the clock are no open questions."""
    assert posed(text, split_sentences(text)) == []


@pytest.mark.parametrize(
    ("text", "persona"),
    [
        ("I feel like a spy with it in my apron.", "spy"),
        ("I heard my own voice, like an estate agent.", "estate agent"),
    ],
)
def test_somebody_the_writer_was_like_is_named(text: str, persona: str) -> None:
    """An image of oneself as somebody gives that somebody's name."""
    found = [one for one in detect(text, split_sentences(text)) if one.kind == "persona"]
    assert [one.slots["persona"] for one in found] == [persona]


@pytest.mark.parametrize(
    "text",
    ["He looked like a spy to all of us.", "They think that he acts like a king.", "It was like a circus."],
)
def test_an_image_of_somebody_else_is_not_the_writers(text: str) -> None:
    """Only what the writer says of themselves can be asked from inside."""
    assert not [one for one in detect(text, split_sentences(text)) if one.kind == "persona"]


@pytest.mark.parametrize(
    ("clause", "slip"),
    [
        ("I did not know is he speaking to the friend", True),
        ("I did not want to give it to no one", True),
        ("I planned to", True),
        ("I said no, I'm sorry", True),
        ("I have told her what I think of it", False),
        ("I know he is right and I did not say so", False),
        ("I wanted to tell him that nobody knew", False),
    ],
)
def test_slips_are_known(clause: str, slip: bool) -> None:
    """A slip of the writer's, or of the cut, is seen; plain sentences are not suspected."""
    assert slips(clause) is slip


def test_two_clauses_are_not_made_into_two_people() -> None:
    """ "the market and I heard" is no couple; a colleague and the writer are."""
    said = to_second_person("I began on about the market and the market and I heard my own voice")
    assert said == "You began on about the market and the market and you heard your own voice"
    assert to_second_person("The director and I left") == "You and the director left"
    assert (
        to_second_person("I meant to since June and I said so") == "You meant to since June and you said so"
    )


def test_a_comma_before_a_closing_mark_moves_behind_it() -> None:
    """A mirror keeps the pause that stood inside the marks."""
    text = "I split it week by week, and in the lift he said, “well fought,” not warmly, and I laughed."
    assert "“well fought”, not warmly" in mirror(text, split_sentences(text))


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_it(text: str) -> None:
    """Whatever is typed, places lie within the text and every slot has words."""
    sentences = split_sentences(text)
    said = hear(text, sentences)
    found = posed(text, sentences)
    if said.phrase is not None:
        found += beside(said.phrase, said.phrases, detect(text, sentences), text, sentences)
    for one in found:
        assert 0 <= one.start <= one.end <= len(text)
        assert all(word.strip() for word in one.slots.values())
