"""The rubric means what its gold pairs say, points at the words it complains about, and never raises."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.domain.model import Lens, Stage, Verdict
from coach.domain.rubric import (
    ALONE,
    CRITERIA,
    Exchange,
    failed,
    judge,
    judge_all,
    judge_alone,
    looks_forward,
)

GOLD = Path(__file__).parents[2] / "evals" / "data" / "rubric_gold.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
ENTRY = "I keep rewriting Jonas's slides at night. It's faster than the talk."

# words that make every rule work, between any characters at all
WORDS = """
what how why when did you your is it don't have tried could if or and, either she because as 'no' "yes" ? . !
tell me about really still so um right — ’ \u200f * 1. İ ß
"""
SPOKEN = st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=30).map(" ".join)
ANYTHING = st.one_of(st.text(max_size=200), SPOKEN)


def verdict_on(criterion: str, exchange: Exchange) -> Verdict:
    return next(each for each in judge(exchange) if each.criterion == criterion)


def fails(criterion: str, question: str, **known: Any) -> bool:
    return not verdict_on(criterion, Exchange(question, **known)).passed


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_a_gold_question_gets_the_verdict_a_person_gave_it(row: dict[str, Any]) -> None:
    exchange = Exchange(row["question"], text=row.get("text", ""), mirror=row.get("mirror", ""))
    assert verdict_on(row["criterion"], exchange).passed is row["passed"]


def test_the_gold_set_has_pairs_enough_to_mean_something() -> None:
    """At least 40 pairs for each criterion, 20 for brief, each with one that passes and one that fails."""
    pairs = Counter(row["criterion"] for row in ROWS if row["passed"])
    assert pairs == Counter(row["criterion"] for row in ROWS if not row["passed"])
    assert pairs.pop("brief") >= 20
    assert set(pairs) == {"one", "open", "nonleading", "nowhy", "nonjudging", "agency", "ownwords", "mirror"}
    assert min(pairs.values()) >= 40


@given(ANYTHING, ANYTHING, ANYTHING, st.floats(0, 1))
@settings(max_examples=300, deadline=None)
def test_any_text_gets_twelve_verdicts_with_spans_inside_it(
    question: str, text: str, mirror: str, advice: float
) -> None:
    verdicts = judge(
        Exchange(question, text=text, mirror=mirror, advice=advice, asked=(text,), earlier=(mirror,))
    )
    assert tuple(each.criterion for each in verdicts) == CRITERIA
    for each in verdicts:
        assert each.passed is not bool(each.reason)
        if each.span is not None:
            said = mirror if each.criterion == "mirror" else question
            assert 0 <= each.span[0] <= each.span[1] <= len(said)


@given(ANYTHING)
@settings(max_examples=200, deadline=None)
def test_a_bare_question_is_judged_as_in_an_exchange_without_a_text(question: str) -> None:
    alone = judge_alone(question)
    assert tuple(each.criterion for each in alone) == ALONE
    assert alone == tuple(each for each in judge(Exchange(question)) if each.criterion in ALONE)


@given(st.lists(st.tuples(ANYTHING, ANYTHING), max_size=5))
@settings(max_examples=50, deadline=None)
def test_many_together_are_judged_as_each_alone(said: list[tuple[str, str]]) -> None:
    exchanges = [Exchange(question, text=text) for question, text in said]
    assert judge_all(exchanges) == [judge(each) for each in exchanges]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Have you tried giving Jonas a template?", {"noadvice", "open"}),
        ("Why don't you just delegate?", {"nonleading", "noadvice", "nowhy"}),
        ("What would help, and who could support you, and by when?", {"one"}),
        ("How can you justify leaving her alone?", {"nonjudging"}),
        ("What did she say then?", {"agency"}),
        ("What makes you afraid of her?", {"nonleading"}),
    ],
)
def test_the_bad_questions_of_the_craft_fail_where_it_says(question: str, expected: set[str]) -> None:
    assert expected <= {each.criterion for each in failed(judge_alone(question))}


@pytest.mark.parametrize(
    ("mirror", "question"),
    [
        ("You rewrite them at night, and it is faster.", 'What is the talk that "faster" lets you skip?'),
        ("You keep rewriting his slides at night.", "What happens in you when they arrive?"),
        (
            "You say rewriting is faster than the talk.",
            "What would you want to be different in three months?",
        ),
        ("You do it at night.", "Who else has a stake in that talk?"),
    ],
)
def test_the_better_turns_of_the_craft_pass_everything(mirror: str, question: str) -> None:
    assert failed(judge(Exchange(question, text=ENTRY, mirror=mirror))) == ()


@pytest.mark.parametrize(
    "question",
    [
        "Is there anything else about that?",
        "Can you say more about that?",
        "Would you be willing to tell me about it?",
        "What matters most to you here?",
        "And what else?",
        "Tell me about that night.",
        "so, um, what was that like for you",
        "What kind of 'faster' is that?",
        "What would you do if you were not afraid?",
        "What have you tried so far?",
        "What did you notice in yourself when she said it?",
        "What are you organising, and not naming?",
    ],
)
def test_a_clean_question_passes_alone(question: str) -> None:
    assert failed(judge_alone(question)) == ()


def test_the_span_points_at_the_words_that_offend() -> None:
    question = "So what is it, surely you noticed?"
    span = next(each.span for each in failed(judge_alone(question)) if each.criterion == "nonleading")
    assert span is not None
    assert question[slice(*span)] == "surely"


def test_curly_and_straight_apostrophes_are_the_same() -> None:
    assert fails("nonleading", "Don’t you feel guilty?") and fails("nonleading", "Don't you feel guilty?")


def test_british_and_american_spelling_are_the_same_word() -> None:
    text = "I organised the party and apologised to my neighbour."
    mirror = "You organized the party and apologized to your neighbor."
    assert not fails("mirror", "What was that like?", text=text, mirror=mirror)


def test_quoted_words_of_the_member_are_not_judged() -> None:
    assert fails("nonjudging", "What is the stupid idea about?")
    assert not fails("nonjudging", 'What does "stupid idea" stand for?')


def test_a_hard_word_that_the_member_used_may_be_used_again() -> None:
    assert fails("nonjudging", "What did that excuse protect?", text="I told them I was ill.")
    assert not fails(
        "nonjudging", "What did that excuse protect?", text="I told them I was ill. A cheap excuse."
    )


def test_a_feeling_must_have_been_named_before_a_question_builds_on_it() -> None:
    question = "What does the anger want from you?"
    assert fails("nonleading", question, text="She left the room before I had finished.")
    assert not fails("nonleading", question, text="She left the room and my anger stayed.")
    assert not fails(
        "nonleading", question, text="She left.", earlier=("I was angry all day, full of anger.",)
    )


def test_a_feeling_may_be_asked_after_in_another_form_of_its_word() -> None:
    """Who writes "afraid" has named a fear; who writes "angry" has not."""
    question = "What does that fear want you to know about the meeting?"
    assert not fails("nonleading", question, text="I am afraid that they will laugh in the meeting.")
    assert fails("nonleading", question, text="I am angry that they will laugh in the meeting.")


def test_an_action_that_the_member_named_is_not_advice() -> None:
    question = "What would happen if you told her about the budget?"
    assert fails("noadvice", question, text="She never asks and I keep quiet.")
    assert not fails("noadvice", question, text="I think of telling her about the budget, and then I don't.")


def test_the_classifier_decides_where_no_rule_speaks_but_not_against_an_empty_question() -> None:
    assert not fails("noadvice", "What place might silence have in the weekly round?", advice=0.1)
    assert fails("noadvice", "What place might silence have in the weekly round?", advice=0.9)
    assert not fails("noadvice", "What would help?", advice=0.99)


def test_more_questions_in_one_breath_fail_one() -> None:
    assert fails("one", "What matters to you?", questions_together=2)


def test_a_question_of_more_than_25_words_or_a_turn_of_more_than_60_is_not_brief() -> None:
    assert fails("brief", "What " + "very " * 25 + "much?")
    assert fails("brief", "What matters to you?", text="x", mirror="word " * 57)
    assert not fails("brief", "What matters to you?", text="x", mirror="word " * 50)


def test_options_wait_until_the_situation_is_told() -> None:
    assert fails("stage", "What options do you see?", stage=Stage.OPTIONS, text="Bad day.")
    assert not fails("stage", "What options do you see?", stage=Stage.OPTIONS, text=ENTRY * 5)
    assert not fails("stage", "What options do you see?", stage=Stage.OPTIONS, text="Bad day.", turn_number=2)


def test_nobody_is_asked_for_a_promise_on_the_first_turn_or_sent_back_on_the_third() -> None:
    assert fails("stage", "What will you do by Friday?", stage=Stage.COMMIT, text=ENTRY * 5)
    assert fails("stage", "What brings you here?", stage=Stage.ARRIVE, text=ENTRY, turn_number=3)
    assert not fails("stage", "What brings you here?", stage=Stage.ARRIVE, text=ENTRY, turn_number=2)


def test_a_question_that_was_asked_before_is_not_fresh() -> None:
    asked = ("What matters most to you in this talk?",)
    assert fails("fresh", "And what matters to you most, in this talk?", asked=asked)
    assert fails("fresh", "What counts for you?", nearest_asked=0.86)
    assert not fails("fresh", "What would the talk cost you?", asked=asked, nearest_asked=0.5)


def test_a_lens_three_times_running_is_not_fresh() -> None:
    known = {"lens": Lens.SELF, "recent_lenses": (Lens.SELF, Lens.SELF)}
    assert fails("fresh", "What do you notice?", **known)
    assert not fails("fresh", "What do you notice?", **{**known, "recent_lenses": (Lens.SELF, Lens.OTHER)})


def test_forward_and_backward_questions_are_told_apart() -> None:
    assert looks_forward("What will you do next?") and looks_forward("What would be different in May?")
    assert not looks_forward("What did you notice in yourself?")


def test_a_missing_mirror_fails_only_when_there_is_something_to_mirror() -> None:
    assert fails("mirror", "What matters to you?", text=ENTRY)
    assert not fails("mirror", "What matters to you?")
