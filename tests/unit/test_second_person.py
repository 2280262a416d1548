"""First person to second person: sentence by sentence, from a list written by hand before the code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain.quotation import mask, quoted_spans, unmask
from coach.domain.second_person import to_second_person

DATA = Path(__file__).parents[2] / "evals" / "data" / "mirror.jsonl"
CASES = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
PIECES = [
    "I",
    "i'm",
    "was",
    "and",
    "he",
    "me",
    "my",
    '"',
    "“",
    "”",
    "'",
    ",",
    "wasn't",
    "we",
    "you",
    "am",
    "\ue000",
]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_sentence_is_turned_as_a_careful_reader_would(case: dict[str, str]) -> None:
    """Each sentence becomes what was written down for it, or is refused where that was agreed."""
    assert to_second_person(case["sentence"]) == case["expected"]


def test_the_list_is_long_enough_and_says_nothing_twice() -> None:
    """At least three hundred different sentences, of which at least twenty must be refused."""
    assert len({case["sentence"] for case in CASES}) == len(CASES) >= 300
    assert sum(case["expected"] is None for case in CASES) >= 20


@given(st.text(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))
def test_any_text_is_turned_or_refused_and_nothing_breaks(text: str) -> None:
    """It never raises; what it returns has no first person outside quotations and labels ("Phase I")."""
    turned = to_second_person(text)
    if turned is None:
        return
    hidden = mask(turned)
    if hidden is not None and not re.search(r"[\W_]I[/&.)-]|I[/&.)-]|\b\w+ I\b", hidden[0], re.IGNORECASE):
        assert not re.search(r"(?<![\w/&.-])(?:I|me|my|myself)(?![\w/&-])", hidden[0])


@given(st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))
def test_turning_twice_changes_nothing_more(text: str) -> None:
    """A clause that has been turned has no first person left to turn."""
    once = to_second_person(text)
    again = to_second_person(once) if once else None
    assert again is None or once is None or again.lower() == once.lower()


@given(st.text(max_size=120))
def test_hiding_quotations_loses_nothing(text: str) -> None:
    """What was hidden comes back to the letter."""
    hidden = mask(text)
    assert hidden is None or unmask(*hidden) == text


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("I said “no” and 'maybe'", ["“no”", "'maybe'"]),
        ("the nurses' rota and the team's plan", []),
        ("don't, can't, it's", []),
        ("He wrote ‘it’s fine’ on it", ["‘it’s fine’"]),
    ],
)
def test_apostrophes_are_not_quotations(text: str, quoted: list[str]) -> None:
    """Single marks count only when they open before a word and close after one."""
    assert [text[start:end] for start, end in quoted_spans(text) or []] == quoted


@pytest.mark.parametrize(
    "clause",
    ["I would have liked to say: no Derek, I won't manage", "I told him: I can't do this any more"],
)
def test_what_is_said_behind_a_colon_is_the_speakers_and_stays(clause: str) -> None:
    assert to_second_person(clause) is None
