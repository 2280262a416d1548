"""A judge's calibration: made-up labels in, trust or the reasons against it out."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.errors import UserError
from evals.calibration import Calibration, check, file_name, read_calibration, standing
from evals.corrected import Share, corrected_rate, kappa

SHA, JUDGE = "a" * 64, "anthropic:claude-x/1"


def made(
    cases: int = 200,
    sensitivity: float = 0.95,
    specificity: float = 0.95,
    human_errors: int = 5,
    wavering: int = 4,
    **more: Any,
) -> dict[str, Any]:
    """Labels with exactly these shares: half of the cases are truly so."""
    rows = []
    half = cases // 2
    for place in range(cases):
        truth = place < half
        rank = place % half
        right = rank < round(half * (sensitivity if truth else specificity))
        second = truth if rank >= human_errors else not truth
        first_verdict = truth if right else not truth
        again = first_verdict if rank >= wavering else not first_verdict
        rows.append(
            {
                "case": f"c{place}",
                "criterion": "open",
                "humans": [truth, second],
                "agreed": truth if truth != second else None,
                "judge": [first_verdict, again],
            }
        )
    return {
        "rubric": "question-quality",
        "rubric_sha256": SHA,
        "judge": JUDGE,
        "blind": True,
        "humans": ["AB", "CD"],
        "labels": rows,
    } | more


def saved(folder: Path, content: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / file_name(content["rubric"], content["rubric_sha256"], content["judge"])
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def problems(content: dict[str, Any]) -> str:
    whole, checks = check(Calibration.model_validate(content))
    return " ".join([*whole, *(text for one in checks for text in one.problems)])


def test_a_good_judge_is_trusted(tmp_path: Path) -> None:
    """200 cases, two people who agree, 95 % of both kinds, steady: no longer diagnostic."""
    saved(tmp_path, made())
    found = standing(tmp_path, "question-quality", SHA, JUDGE)
    assert (found.diagnostic, found.reasons) == (False, ())
    one = found.checks[0]
    assert (one.sensitivity, one.specificity) == (Share(95, 100), Share(95, 100))
    assert one.agreement == Share(190, 200) and one.kappa == pytest.approx(0.9)
    assert one.consistency == pytest.approx(0.96)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"cases": 98}, "98 cases are labelled"),
        ({"human_errors": 25}, "kappa between the two people is 0.50"),
        ({"sensitivity": 0.85}, "sensitivity is 85 of 100"),
        ({"specificity": 0.85}, "specificity is 85 of 100"),
        ({"wavering": 12}, "repeats itself in 0.88"),
        ({"blind": False}, "blind"),
        ({"humans": ["AB", "ab "]}, "different people"),
        ({"labels": []}, "no label"),
    ],
)
def test_each_limit_is_held(change: dict[str, Any], reason: str) -> None:
    """One thing wrong at a time, and only that is named."""
    assert reason in problems(made(**change))
    assert problems(made()) == ""


def test_rates_count_by_their_lower_bound() -> None:
    """87 of 100 is .79 for sure and not enough; 88 of 100 is .80 and enough."""
    assert "sensitivity" in problems(made(sensitivity=0.87))
    assert problems(made(sensitivity=0.88)) == ""


def test_people_who_only_say_yes_show_nothing() -> None:
    """Without both kinds of cases there is no kappa and no specificity."""
    content = made()
    for row in content["labels"]:
        row.update(humans=[True, True], agreed=None, judge=[True, True])
    said = problems(content)
    assert "kappa" in said and "specificity is 0 of 0" in said


def test_open_disagreements_and_double_cases_are_named() -> None:
    """Leaving out what people differ on would flatter the judge."""
    content = made()
    content["labels"][0]["agreed"] = None
    content["labels"].append(content["labels"][50])
    said = problems(content)
    assert "differ on 1 cases" in said and "a second time" in said


def test_no_verdict_of_the_judge_counts_against_it() -> None:
    """Silence is neither right nor steady."""
    content = made(sensitivity=1.0, specificity=1.0, wavering=0)
    for row in content["labels"][:30]:
        row["judge"] = [None, None]
    _, (one,) = check(Calibration.model_validate(content))
    assert one.sensitivity == Share(70, 100) and one.consistency == pytest.approx(0.85)


def test_it_is_stale_when_the_rubric_or_the_judge_changes(tmp_path: Path) -> None:
    """The file belongs to one wording and one judge."""
    saved(tmp_path, made())
    other = standing(tmp_path, "question-quality", "b" * 64, JUDGE)
    assert other.diagnostic and "wording changed" in other.reasons[0]
    other = standing(tmp_path, "question-quality", SHA, "openai:y")
    assert other.diagnostic and "another judge" in other.reasons[0]
    for missing in (standing(tmp_path, "else", SHA, JUDGE), standing(tmp_path / "no", "x", SHA, JUDGE)):
        assert missing.diagnostic and "no calibration file" in missing.reasons[0]


def test_the_content_counts_and_not_the_name(tmp_path: Path) -> None:
    """Renaming a file to the new hash does not make it valid, and two files are one too many."""
    old = saved(tmp_path, made())
    old.rename(tmp_path / file_name("question-quality", "b" * 64, JUDGE))
    assert standing(tmp_path, "question-quality", "b" * 64, JUDGE).diagnostic
    saved(tmp_path, made())
    both = standing(tmp_path, "question-quality", SHA, JUDGE)
    assert both.diagnostic and "Two calibration files" in both.reasons[0]


def test_a_file_name_holds_no_sign_that_a_path_would_read() -> None:
    """Ids of judges have colons and slashes."""
    name = file_name("question-quality", SHA, "ollama:hf.co/x/../y:8b")
    assert "/" not in name and ":" not in name and name.startswith("question-quality@aaaaaaaaaaaa.")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "not JSON"),
        ("[]", "the file"),
        (json.dumps(made(extra=1)), "extra"),
        (json.dumps(made(blind="yes")), "blind"),
        (
            json.dumps(made(labels=[{"case": "c", "criterion": "open", "humans": [1, 0], "judge": []}])),
            "humans",
        ),
    ],
)
def test_a_file_of_another_form_is_refused_by_its_place(tmp_path: Path, text: str, place: str) -> None:
    """The person can mend it: the message names the file and where."""
    file = tmp_path / "r@x.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=place) as caught:
        read_calibration(file)
    assert "r@x.json" in str(caught.value)


# -- figures ----------------------------------------------------------------------------------------


def test_kappa_of_a_published_table() -> None:
    """20 and 15 of 50 agreed, 5 and 10 not: seen .70, by chance .50, kappa .40."""
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert kappa(pairs) == pytest.approx(0.4)
    assert math.isnan(kappa([])) and math.isnan(kappa([(True, True)] * 9))


def test_the_brucellosis_example_of_rogan_and_gladen() -> None:
    """23 of 150 cows, sensitivity .96, specificity .89: 5.1 % (the example of the R package epiR)."""
    found = corrected_rate(23, 150, Share(96, 100), Share(89, 100))
    assert round(found.rate, 3) == 0.051
    assert found.interval[0] == 0.0 and 0.12 < found.interval[1] < 0.16


@given(st.floats(0, 1), st.integers(60, 100), st.integers(60, 100))
def test_the_correction_undoes_the_judges_errors(truth: float, hits: int, rejections: int) -> None:
    """From the rate that the judge would give, the true one comes back."""
    sensitivity, specificity = Share(hits, 100), Share(rejections, 100)
    seen = truth * sensitivity.value + (1 - truth) * (1 - specificity.value)
    assert corrected_rate(seen * 250, 250, sensitivity, specificity).rate == pytest.approx(truth, abs=1e-9)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """2,000 made-up judges with estimated errors: 95 %, give or take what so many runs show."""
    rng = np.random.default_rng(1)
    for truth, sensitivity, specificity in ((0.85, 0.9, 0.9), (0.3, 0.85, 0.8)):
        held = 0
        for _ in range(2_000):
            seen = rng.binomial(250, truth * sensitivity + (1 - truth) * (1 - specificity))
            shares = Share(rng.binomial(100, sensitivity), 100), Share(rng.binomial(60, specificity), 60)
            low, high = corrected_rate(seen, 250, *shares).interval
            held += low <= truth <= high
        assert 0.935 <= held / 2_000 <= 0.975


def test_the_interval_misses_on_both_sides_alike_after_few_labels() -> None:
    """30 labels of each kind: neither end is missed more than 3.5 % of the time, nor hardly ever."""
    rng = np.random.default_rng(2)
    low_misses = high_misses = 0
    for _ in range(3_000):
        seen = rng.binomial(250, 0.85 * 0.9 + 0.15 * 0.1)
        shares = Share(rng.binomial(30, 0.9), 30), Share(rng.binomial(30, 0.9), 30)
        low, high = corrected_rate(seen, 250, *shares).interval
        low_misses, high_misses = low_misses + (low > 0.85), high_misses + (high < 0.85)
    assert 0.008 <= low_misses / 3_000 <= 0.035
    assert 0.008 <= high_misses / 3_000 <= 0.035


def test_a_judge_no_better_than_chance_cannot_be_corrected() -> None:
    """Nothing brings back what it never saw."""
    with pytest.raises(ValueError, match="chance"):
        corrected_rate(50, 100, Share(50, 100), Share(50, 100))
    with pytest.raises(ValueError, match="both kinds"):
        corrected_rate(50, 100, Share(50, 100), Share(0, 0))
