"""What a pattern cannot do without: the screen asks only the patterns that can match, and misses none."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import coach
from coach.domain.screen import lexicon
from coach.domain.screen_slang import SLANG
from coach.domain.sieve import Sieve, needed, runs_of


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        (r"\bgun\b", {"gun"}),
        (r"\b(?:gun|knife)s?\b", {"gun", "knife"}),
        (r"\b(?:my|his) rope(?= tonight)", {" rope"}),
        (r"\bover ?dos\w+", {"over"}),
        (r"(?:ab)+c", {"ab"}),
        (r"(?:gun)?", set()),
        (r"gun|", set()),
        (r"(?!gun)\w+", set()),
        (r"[gG]un", {"un"}),
        (r"(?<=the )gun", {"gun"}),
    ],
)
def test_a_pattern_needs_what_stands_in_each_of_its_matches(pattern: str, needs: set[str]) -> None:
    assert needed(pattern) == needs


def test_only_patterns_whose_letters_are_there_are_left() -> None:
    sieve = Sieve([re.compile(one) for one in (r"\bgun\b", r"\b(?:knife|rope)\b", r"\w+", r"ab")])
    assert sieve.left(runs_of("a rope and a hat")) == [1, 2, 3]
    assert sieve.left(runs_of("")) == [2, 3], "too few letters to look for: always asked"


def test_a_pattern_with_flags_is_always_asked() -> None:
    """Its letters are not the ones that stand in the text."""
    flagged = [re.compile("gun", re.IGNORECASE), re.compile("(?i)gun"), re.compile("g u n", re.VERBOSE)]
    sieve = Sieve([*flagged, re.compile("gun")])
    assert sieve.left(runs_of("THE GUN")) == [0, 1, 2]
    assert sieve.left(runs_of("the gun")) == [0, 1, 2, 3]


DATA = Path(coach.__file__).parent / "data"
WORDS = lexicon(json.loads(DATA.joinpath("screen_words.json").read_text(encoding="utf-8")))
TABLES = (WORDS.figures, WORDS.sure, WORDS.clues)
PATTERNS = [(table, place) for table in TABLES for place in range(len(table.patterns))]


@given(st.data())
def test_no_pattern_of_the_screen_is_left_out_where_it_matches(data: st.DataObject) -> None:
    """A sentence made to match, amid other words."""
    table, place = data.draw(st.sampled_from(PATTERNS))
    pattern = table.patterns[place]
    plain = re.sub(
        r"\(\?<?[=!](?:[^()]|\([^()]*\))*\)|\\b", "", pattern.pattern
    )  # what looks around is no text
    text = f" {data.draw(st.from_regex(re.compile(plain, re.ASCII), fullmatch=True))} "
    if pattern.search(text):  # five times of six; else what looks around forbids it
        assert place in table.left(runs_of(text))


def test_on_labelled_sentences_the_same_patterns_match_as_when_all_are_asked() -> None:
    file = Path(__file__).parents[2] / "evals" / "data" / "screen.jsonl"
    texts = [json.loads(line)["text"].lower() for line in file.read_text(encoding="utf-8").splitlines()]
    met = 0
    for table in TABLES:
        for text in texts:
            matching = [place for place, pattern in enumerate(table.patterns) if pattern.search(text)]
            assert set(matching) <= set(table.left(runs_of(text)))
            met += len(matching)
    assert met > len(texts) / 2, "or the sentences prove nothing"


def test_no_word_of_slang_looks_back() -> None:
    """They are asked all at once, so a number of a group would mean another one."""
    assert [pattern for pattern, _ in SLANG if re.search(r"\\\d|\(\?P", pattern)] == []
