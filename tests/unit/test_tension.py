"""Tensions: what is found in a text, and with which of the member's own words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.domain.clause import clauses
from coach.domain.tension import Tension, detect
from coach.domain.tension_detectors import DETECTORS
from coach.domain.text import split_sentences

DATA = Path(__file__).parents[2] / "evals" / "data" / "mirror_texts.jsonl"
TEXTS = [json.loads(line)["text"] for line in DATA.read_text(encoding="utf-8").splitlines()]
PIECES = ["I", "keep", "should", "“", "”", '"', "never", "like a", "used to", "be", "afraid of", ",", "."]
VERBATIM = ("first", "second", "quote", "word", "metaphor", "noun", "modal")


def found(text: str) -> dict[str, Tension]:
    kinds: dict[str, Tension] = {}
    for tension in detect(text, split_sentences(text)):
        kinds.setdefault(tension.kind, tension)
    return kinds


@pytest.mark.parametrize(
    ("text", "kind", "slots"),
    [
        (
            "I like to think I am a fair manager, but I gave it to Jonas.",
            "self_image",
            {"image": "a fair manager"},
        ),
        ("I keep rewriting his slides at night.", "repetition", {"ing": "rewriting his slides at night"}),
        (
            "I haven't told my boss.",
            "avoidance",
            {"undone": "told your boss", "quote": "I haven't told my boss"},
        ),
        ("I know I should teach them.", "should", {"modal": "should", "verb_phrase": "teach them"}),
        ("They come late and nobody cares about it.", "absolute", {"quote": "nobody cares about it"}),
        ("I used to be one of them.", "before_now", {"verb_phrase": "be one of them"}),
        ("Part of me hopes she leaves.", "two_ways", {"quote": "Part of me hopes she leaves"}),
        ("I feel like a dog on ice.", "metaphor", {"metaphor": "a dog on ice", "noun": "dog"}),
        ("She probably thinks I am weak.", "unasked_person", {"person": "She"}),
        ("I want to protect my team.", "wish", {"verb_phrase": "protect your team"}),
        ("I am afraid of losing her.", "fear", {"word": "afraid", "fear_of": "losing her"}),
        ("A good nurse never leaves the floor.", "rule", {"role": "nurse"}),
        ("It felt like a betrayal.", "strong_word", {"word": "betrayal"}),
        ("For once, nobody shouted.", "exception", {"quote": "For once, nobody shouted"}),
        ("I did the same last time.", "last_time", {"quote": "I did the same last time"}),
        ("I cannot keep this up.", "cost", {"quote": "I cannot keep this up"}),
        ("I know it was not fair.", "big_word", {"word": "fair"}),
        ("I feel guilty about it.", "feeling", {"word": "guilty", "quote": "I feel guilty about it"}),
        ("I said nothing.", "silence", {"quote": "I said nothing"}),
        ("She asked and I said yes.", "promise", {"quote": "I said yes"}),
        ("Nobody knows that except me.", "secret", {"quote": "Nobody knows that except me"}),
        ("I could not sleep.", "physical", {"quote": "I could not sleep"}),
        ("I don't know how to tell him.", "not_knowing", {}),
        ("He said “then be on it” and left.", "said", {"quote": "then be on it"}),
        ("I said “we'll talk about it” and left.", "own_words", {"quote": "we'll talk about it"}),
        (
            "I said I'd check, and I never checked.",
            "contrast",
            {"first": "I said I'd check", "second": "I never checked"},
        ),
        ("I gave him five names.", "deed", {"quote": "I gave him five names"}),
    ],
)
def test_each_kind_is_found_with_its_words(text: str, kind: str, slots: dict[str, str]) -> None:
    """One plain sentence for each kind gives the tension and its slots."""
    tension = found(text)[kind]
    assert {name: tension.slots[name] for name in slots} == slots


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("She said “I keep forgetting” twice.", "repetition"),
        ("He should call me.", "should"),
        ("A parent complained about a teacher.", "metaphor"),
        ("She is buying a flat.", "big_word"),
        ("I am sick of being the bin for everybody in the house.", "feeling_quote"),
        ("It was kind of late.", "big_word"),
        ("Im Team war es still.", "strong_word"),
        ("I can't say “please stop” to her.", "own_words"),
        ("I want that they respect me.", "unasked_person"),
        ("Everyone came on Tuesday.", "absolute_quote"),
    ],
)
def test_look_alikes_are_left_alone(text: str, kind: str) -> None:
    """Other people's words, plain facts and other meanings of a word give nothing to ask about."""
    tensions = found(text)
    if kind.endswith("_quote"):
        tension = tensions.get(kind.removesuffix("_quote"))
        assert tension is None or "quote" not in tension.slots
    else:
        assert kind not in tensions


@pytest.mark.parametrize("text", TEXTS)
def test_slots_are_the_members_own_words(text: str) -> None:
    """A quote stands in the text to the letter, in seven words or fewer; clauses stand where they say."""
    folded = " ".join(text.split())
    for tension in detect(text, split_sentences(text)):
        assert text[tension.start : tension.end] == tension.clause
        assert 0 < tension.confidence <= 1
        for name in VERBATIM:
            assert tension.slots.get(name, "") in folded
        assert len(tension.slots.get("quote", "").split()) <= 7


def test_most_texts_have_several_tensions_and_the_surest_comes_first() -> None:
    """Nine of ten reflections of sixty words and more give two or more kinds, seven of ten three."""
    kinds: list[int] = []
    for text in TEXTS:
        tensions = detect(text, split_sentences(text))
        kinds.append(len({tension.kind for tension in tensions}))
        assert [one.confidence for one in tensions] == sorted(
            (one.confidence for one in tensions), reverse=True
        )
    assert sum(count >= 2 for count in kinds) >= 0.9 * len(TEXTS)
    assert sum(count >= 3 for count in kinds) >= 0.7 * len(TEXTS)


def test_every_detector_is_well_formed() -> None:
    """Each pattern stands once, with a kind and a confidence."""
    assert all(
        0 < detector.confidence <= 1 and re.fullmatch(r"[a-z_]+", detector.kind) for detector in DETECTORS
    )
    assert len({detector.pattern.pattern for detector in DETECTORS}) == len(DETECTORS)


def test_a_clause_can_stand_alone() -> None:
    """A sentence is cut before "and I", never inside, and a subordinate clause keeps its main clause."""
    text = "When I stay, they stay, and I told the team and the others that it was fine."
    texts = [clause.text for clause in clauses(text, split_sentences(text))]
    assert "When I stay, they stay" in texts
    assert "I told the team and the others that it was fine" in texts
    assert "When I stay" not in texts


@settings(max_examples=150)
@given(st.text(max_size=400) | st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_no_text_breaks_the_detectors(text: str) -> None:
    """It never raises, and what it finds stands in the text."""
    for tension in detect(text, split_sentences(text)):
        assert text[tension.start : tension.end] == tension.clause


@pytest.mark.parametrize(
    ("text", "kept_back"),
    [
        ("I never said this.", False),
        ("I never said that, and now they all believe it.", False),
        ("I have never said anything of the kind.", False),
        ("I never said such a thing to anybody.", False),
        ("I never said this to anyone.", True),
        ("I have never told her.", True),
        ("I never said how tired I was.", True),
    ],
)
def test_denying_that_one_said_something_keeps_nothing_back(text: str, kept_back: bool) -> None:
    found = detect(text, split_sentences(text))
    assert any("unsaid" in one.slots for one in found) is kept_back
