"""What a blind reader said of a large model's turns, and whether the rubric says the same.

The turns are in evals/data/completions.jsonl; the reader knew text, mirror, question and one criterion, and
not what the program had said (evals/data/README.md).
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from coach.domain.model import Stage
from coach.domain.rubric import Exchange, judge_all
from evals.reflections import read_labelled

DATA = Path(__file__).resolve().parents[2] / "evals" / "data" / "completions_judged.jsonl"
ROWS = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
TEXTS = {one.id: one.text for one in read_labelled("all")}
LEARNED = "noadvice"  # asks a classifier, which is not part of the rubric's functions
NEED_NO_MORE = [row for row in ROWS if row["criterion"] != LEARNED]


def _passes(row: dict[str, str]) -> bool:
    exchange = Exchange(
        question=row["question"],
        text=TEXTS[row["text"]],
        mirror=row["mirror"],
        stage=Stage(row["stage"]),
        turn_number=1,
    )
    verdicts = {one.criterion: one.passed for one in judge_all([exchange])[0]}
    return verdicts[row["criterion"]]


@pytest.mark.parametrize("row", NEED_NO_MORE, ids=lambda row: row["id"])
def test_the_rubric_agrees_with_the_reader_or_the_row_says_why_not(row: dict[str, str]) -> None:
    """A row that comes right must lose its mark, so that the marks stay a true list."""
    agrees = _passes(row) == (row["verdict"] == "keeps")
    assert agrees != ("known_wrong" in row)


def test_seldom_does_the_rubric_reject_what_a_reader_accepts() -> None:
    """Each rejection costs a second call, or a good question."""
    kept = [row for row in NEED_NO_MORE if row["verdict"] == "keeps"]
    wrong = Counter(row["criterion"] for row in kept if "known_wrong" in row)
    assert sum(wrong.values()) <= 0.1 * len(kept), wrong
