"""The parts of a first proposal that the rubric does not know: each seen when it fails, and only then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from coach.domain.model import Verdict
from evals.scorers.proposals import PARTS, Case, evidence, parts

TEXT = 'I keep rewriting the slides. I told him "leave it with me" and I have not let one page through.'
MESSAGE = (
    f"<passages>\nid: case.slides\ntitle: The slides\nA manager in another house did the same for eleven "
    f"long years\n</passages>\n<reflection>\n{TEXT}\n</reflection>"
)
TOLD = ("self", "explore")
GOOD: Mapping[str, Any] = {
    "mirror": "You keep rewriting the slides.",
    "questions": [
        {"text": 'What goes on in you around "slides"?', "lens": "self", "stage": "explore"},
        {"text": "What might he see in you?", "lens": "other", "stage": "reframe"},
        {"text": "What do you hope for a year from now?", "lens": "future", "stage": "explore"},
    ],
}


def failing(
    case: Case | None = None, reply: str = "", canary: str = "", failed: str = "", **changes: Any
) -> set[str]:
    """Parts that fail on GOOD with some changes: mirror=..., lead={...}, count=..."""
    case = case or Case(TEXT)
    proposed = {
        "mirror": changes.get("mirror", GOOD["mirror"]),
        "questions": [dict(one) for one in GOOD["questions"]],
    }
    proposed["questions"][0] |= changes.get("lead", {})
    sent = {
        **proposed,
        "questions": [{**one, "sources": changes.get("sources", [])} for one in proposed["questions"]],
    }
    sent["questions"] = (sent["questions"] * 2)[: changes.get("count", 3)]
    found = evidence(reply or json.dumps(sent), MESSAGE, case, TOLD, canary)
    lead = [Verdict(name, name != failed) for name in ("noadvice", "one")]
    scores = parts(case, proposed, found, lead)
    assert set(scores) == set(PARTS)
    return {name for name, score in scores.items() if not score.value}


def test_a_proposal_that_keeps_every_rule_passes_every_part() -> None:
    assert failing() == set()
    assert failing(sources=["case.slides"]) == set()


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        ("form", {"count": 4}),
        ("form", {"lead": {"text": 'Which part of "slides" stays with you?'}}),
        ("form", {"mirror": "You keep rewriting the slides"}),
        ("form", {"mirror": f"You keep {'and keep ' * 13}rewriting the slides."}),
        ("tension", {"mirror": "You write about slides."}),
        ("quoted", {"mirror": "You keep it, and you said leave it with you."}),
        ("word", {"lead": {"text": "What matters most to you in all of this?"}}),
        ("lens", {"lead": {"lens": "values"}}),
        ("lens", {"lead": {"lens": "other"}}),
        ("stages", {"lead": {"stage": "commit"}}),
        ("stages", {"lead": {"text": 'What could you do next about "slides"?'}}),
        ("material", {"sources": ["case.unknown"]}),
        (
            "material",
            {"lead": {"text": "What of the slides: a manager in another house did the same for years?"}},
        ),
    ],
)
def test_what_breaks_a_rule_fails_its_part(part: str, changes: Mapping[str, Any]) -> None:
    assert part in failing(**changes)


def test_speech_in_its_marks_is_no_fault() -> None:
    assert "quoted" not in failing(
        mirror='You told him "leave it with me", but you have not let one page through.'
    )


def test_an_order_that_was_followed_is_seen_in_the_reply_itself() -> None:
    """Also when the reply could not be shown."""
    assert failing(canary="PINEAPPLES") == set()
    good = {**GOOD, "questions": [{**one, "sources": []} for one in GOOD["questions"]]}
    assert failing(canary="PINEAPPLES", reply=json.dumps({**good, "note": "PINEAPPLES"})) == {"material"}


def test_what_was_said_before_must_not_come_again() -> None:
    assert failing(Case(TEXT, mirrors=["You keep rewriting the slides."])) == {"material"}
    assert failing(Case(TEXT, asked=['What goes on in you around "slides"?'])) == {"material"}
    assert failing(Case(TEXT, asked=["What goes on in him?"])) == set()


def test_a_fault_that_was_named_must_not_come_again() -> None:
    assert failing(Case(TEXT, failed=["noadvice"]), failed="noadvice") == {"material"}
    assert failing(Case(TEXT, failed=["noadvice"]), failed="one") == set()


def test_after_two_reflections_a_question_looks_forward() -> None:
    backward = {"text": 'What was it like to write "slides"?'}
    long = Case(TEXT, earlier=["One.", "Two."])
    assert failing(long) == set()
    none_ahead = {**GOOD, "questions": [*GOOD["questions"][:2], {**GOOD["questions"][2], **backward}]}
    found = evidence(json.dumps(none_ahead), MESSAGE, long, TOLD)
    assert not parts(long, none_ahead, found, [])["stages"].value
    assert parts(Case(TEXT), none_ahead, found, [])["stages"].value


def test_nothing_that_could_be_read_fails_everything_and_no_model_passes() -> None:
    """In embedded mode no prompt is read, so none of its rules can be broken."""
    empty = {"mirror": "", "questions": []}
    assert not any(
        score.value
        for score in parts(Case(TEXT), empty, evidence("Hello!", MESSAGE, Case(TEXT), TOLD), []).values()
    )
    assert all(score.value for score in parts(Case(TEXT), GOOD, None, []).values())


# -- one condition at a time ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "mirror", "passes"),
    [
        (TEXT, "You write about slides.", False),
        (TEXT, "You write about slides, but late.", True),
        (TEXT, "You speak of the page you let go.", True),
        (TEXT, "You speak of the page.", False),
        ("I made tea in the office.", "You made tea.", True),
    ],
)
def test_a_mirror_names_a_pull_or_holds_two_of_its_words(text: str, mirror: str, passes: bool) -> None:
    """A text in which nothing pulls asks for nothing."""
    assert ("tension" in failing(Case(text), mirror=mirror)) is not passes


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("I", "You"),
        ("My", "Your"),
        ("Me", "You"),
        ("I'm", "You're"),
        ("I’ve", "You've"),
        ("Am", "Are"),
        ("We", "You"),
    ],
)
def test_what_was_said_in_the_first_person_comes_again_in_the_second(first: str, second: str) -> None:
    earlier = Case(TEXT, mirrors=[f"{first} keep, keep the slides."])
    assert "material" in failing(earlier, mirror=f"{second} keep, keep the slides.")
    assert "material" not in failing(earlier, mirror=f"{second} keep, keep the page.")


def test_words_of_an_earlier_reflection_are_the_members_own() -> None:
    """Though a passage has them too."""
    own = "A manager in another house did the same for eleven long years."
    lead = {"text": f"What of this: {own[:-1]}?"}
    assert "material" in failing(lead=lead)
    assert "material" not in failing(Case(TEXT, earlier=[own]), lead=lead)


def test_both_faults_of_the_lenses_are_told() -> None:
    wrong = {**GOOD, "questions": [{**GOOD["questions"][0], "lens": "other"}, *GOOD["questions"][1:]]}
    told = parts(Case(TEXT), wrong, evidence(json.dumps(GOOD), MESSAGE, Case(TEXT), TOLD), [])["lens"]
    assert "is not self" in told.explanation and "share a lens" in told.explanation


@pytest.mark.parametrize(("stage", "passes"), [("arrive", False), ("explore", False), ("options", True)])
def test_steps_may_be_asked_for_once_it_is_time(stage: str, passes: bool) -> None:
    questions = [{"text": "What could you do next?", "lens": "self", "stage": stage}]
    proposed = {"mirror": "You keep rewriting the slides.", "questions": questions}
    found = evidence(json.dumps({"questions": questions}), MESSAGE, Case(TEXT), ("self", stage))
    assert bool(parts(Case(TEXT), proposed, found, [])["stages"].value) is passes
