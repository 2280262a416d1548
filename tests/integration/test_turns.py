# ruff: noqa: E501 reflections and patterns read best unbroken
"""Whole turns of the embedded writer on twenty reflections, through the real program."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coach.bootstrap import Coach, open_coach
from coach.commands.taking import take_corpus
from coach.domain.model import PROGRAMME, Lens, Role, SituationHit, Stage, Turn
from coach.domain.text import accept
from coach.services.reading import read
from coach.services.reflect import History, brief_of
from coach.settings import Settings
from tests.fakes import FakeScreener

DATA = Path(__file__).parents[1] / "data" / "twenty.jsonl"
TEXTS = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
HOLLOW = re.compile(  # wordings that asked after a word and not after the matter; none may come back
    r"How did you learn what “|the word “[^”]+” is meant to hold|as you chose the word|when you read “[^”]+” again|"
    r"when it came to “|next to “I don|was not quite true|remind you of in your own life|to be the person\?|"
    r"right after “|make easier for you\?|matters enough to you to put it into words"
)
CUT = re.compile(
    r"“[^”]+ (?:that|to|the|a|of|promised|said|told|keep|feel|felt|think|thought|with|and|but|because|if)”"
)
CONVERSATION = [
    TEXTS[0]["text"],
    "I asked my husband to take the phone away on Sunday. He did, and I was angry with him by ten o'clock.",
    "On Tuesday I let the afternoon people order the gas themselves. I stood behind the door and listened.",
    "They ordered it. It took them eleven minutes and I could have done it in two. I keep thinking of the nine.",
    "I am wondering whether to give the holiday list to the new girl. I should have done it in spring.",
    "I gave her the list. She thanked me, and I went into the stairwell and looked at my phone all the same.",
]


@pytest.fixture(scope="module")
def coach(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Coach]:
    home = tmp_path_factory.mktemp("turns")
    settings = Settings(home=home / "data", key_file=home / "key" / "k", cache=model_cache)
    with open_coach(settings, screener=FakeScreener()) as coach:
        take_corpus(coach)
        yield coach


@pytest.fixture(scope="module")
def turns(coach: Coach) -> dict[str, Turn]:
    return {item["id"]: coach.reflect.consider(item["text"]) for item in TEXTS}


each_id = pytest.mark.parametrize("name", [item["id"] for item in TEXTS])


@each_id
def test_a_turn_has_its_shape(turns: dict[str, Turn], name: str) -> None:
    """A mirror and three questions from three lenses; mirror and lead in sixty words, a question in twenty-five."""
    turn = turns[name]
    assert turn.mirror.endswith(".") and "?" not in turn.mirror
    assert len(turn.questions) == 3
    assert len({question.lens for question in turn.questions}) == 3
    assert len(f"{turn.mirror} {turn.questions[0].text}".split()) <= 60
    assert all(len(question.text.split()) <= 25 for question in turn.questions)


@each_id
def test_every_question_shown_passes_every_criterion(turns: dict[str, Turn], name: str) -> None:
    """The whole rubric and the gates, for the lead and for both other angles."""
    for question in turns[name].questions:
        assert question.criteria
        assert [verdict for verdict in question.criteria if not verdict.passed] == []


@each_id
def test_no_question_is_hollow_or_quotes_half_a_phrase(turns: dict[str, Turn], name: str) -> None:
    """Questions after a single word are gone, and no quotation stops before its object."""
    for question in turns[name].questions:
        assert not HOLLOW.search(question.text)
        assert not CUT.search(question.text)


@each_id
def test_a_turn_does_not_say_the_same_twice(turns: dict[str, Turn], name: str) -> None:
    """No question quotes the mirror's whole clause, and no two questions quote the same words."""
    turn = turns[name]
    quoted = [quote for question in turn.questions for quote in re.findall("“([^”]+)”", question.text)]
    assert len(set(quoted)) == len(quoted)
    assert all(quote.rstrip(".").lower() != turn.mirror.rstrip(".").lower() for quote in quoted)


def test_no_two_of_twenty_people_get_the_same_lead(turns: dict[str, Turn]) -> None:
    """Twenty texts, twenty leads."""
    leads = Counter(turn.questions[0].text for turn in turns.values())
    assert [lead for lead, count in leads.items() if count > 1] == []


def test_a_turn_is_the_same_each_time(coach: Coach, turns: dict[str, Turn]) -> None:
    """Nothing is drawn by lot."""
    again = coach.reflect.consider(TEXTS[3]["text"])
    first = turns[TEXTS[3]["id"]]
    assert again.mirror == first.mirror
    assert [question.text for question in again.questions] == [question.text for question in first.questions]


def test_six_turns_of_a_conversation_never_repeat_and_move_on(coach: Coach) -> None:
    """No mirror and no question twice; from the third turn on one question looks ahead."""
    member = coach.accounts.invite("Bea", "bea@example.org", [Role.MANAGER])
    conversation = None
    told: list[Turn] = []
    for text in CONVERSATION:
        entry = coach.reflect.ask(member.id, conversation, text)
        conversation = entry.conversation_id
        assert entry.turn is not None
        told.append(entry.turn)
    shown = [question.text for turn in told for question in turn.questions]
    assert len(shown) == 18
    assert len(set(shown)) == len(shown)
    assert len({turn.mirror for turn in told}) == len(told)
    for turn in told:
        assert len({question.lens for question in turn.questions}) == 3
        assert [one for asked in turn.questions for one in asked.criteria if not one.passed] == []
    for turn in told[2:]:
        assert any(
            question.stage in (Stage.OPTIONS, Stage.COMMIT) or question.lens is Lens.FUTURE
            for question in turn.questions
        )


def test_a_situation_that_left_the_corpus_in_between_costs_no_turn(coach: Coach) -> None:
    """Retrieval may have named what a new corpus no longer holds: something else is asked."""
    text = accept(TEXTS[0]["text"])
    reading = read(text, coach.parts.embedder)
    found = coach.retriever.find(reading, [PROGRAMME])
    gone = (SituationHit("no-such.situation", "Gone", 0.9), *found.situations)
    draft = coach.thinking.bank.write(brief_of(text, reading, replace(found, situations=gone), History(), ()))
    assert len(draft.questions) == 3
