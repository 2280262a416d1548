"""The gate: what fails, what passes, what stays open, and how often it errs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.gating import LOOKS, STAGES, Pair, Verdict, exit_code, judge
from evals.model import Exit, Guard, Metric, Mode, Task
from evals.power import World, decide
from evals.statistics import wilson

PRIMARY = Metric("musts", Guard.PRIMARY)
LEAKS = Metric("leaks", Guard.ZERO, higher_is_better=False)
TOKENS = Metric("tokens", Guard.BUDGET, higher_is_better=False)


def task(*metrics: Metric) -> Task:
    return Task("made_up", frozenset({Mode.STUB}), metrics, "none.jsonl", list, None, None)  # type: ignore[arg-type]


def pairs(
    baseline: Mapping[str, np.ndarray],
    candidate: Mapping[str, np.ndarray],
    size: int = 5,
    must: Sequence[int] = (),
    slices: Sequence[Mapping[str, str]] | None = None,
) -> list[Pair]:
    """Cases from arrays of (cases,) or (cases, epochs) per metric; `size` neighbours share a seed.

    A case whose values differ has another text, as it would in a real run; the rest say the same.
    """
    count = len(next(iter(baseline.values())))

    def differs(place: int) -> bool:
        return any(not np.array_equal(baseline[name][place], candidate[name][place]) for name in baseline)

    return [
        Pair(
            f"c{place:04}",
            f"s{place // size}",
            slices[place] if slices else {},
            place in must,
            {name: tuple(np.atleast_1d(values[place]).tolist()) for name, values in baseline.items()},
            {name: tuple(np.atleast_1d(values[place]).tolist()) for name, values in candidate.items()},
            f"before {place}",
            f"{'after' if differs(place) else 'before'} {place}",
        )
        for place in range(count)
    ]


def flipped(count: int, losses: int, wins: int = 0) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """A pass-or-fail run in which so many cases fail newly and so many pass newly."""
    before, after = np.ones(count), np.ones(count)
    before[losses : losses + wins] = 0.0
    after[:losses] = 0.0
    return {"musts": before}, {"musts": after}


def sampled(world: World, drop: float, epochs: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(cases, epochs) verdicts of both arms, a quarter of the cases hurt."""
    rng = np.random.default_rng(seed)
    rates, hurt = (array[0] for array in world.rates(1, rng))
    changed = np.clip(rates - hurt * drop / world.hurt, 0, 1)
    shape = (epochs, world.cases)
    return (rng.random(shape) < rates).T.astype(float), (rng.random(shape) < changed).T.astype(float)


def sequential(before: Mapping[str, np.ndarray], after: Mapping[str, np.ndarray], one: Task) -> Verdict:
    """Run the looks until the gate has decided."""
    verdict = None
    for stage in STAGES:
        cut = [{name: values[:, :stage] for name, values in arm.items()} for arm in (before, after)]
        verdict = judge(one, pairs(*cut), stage, deterministic=False)
        if verdict.outcome != "inconclusive":
            break
    assert verdict is not None
    return verdict


# -- without noise ----------------------------------------------------------------------------------


def test_nothing_changed_passes_without_a_question() -> None:
    """Equal arms pass, list no case and need nobody."""
    verdict = judge(task(PRIMARY), pairs(*flipped(250, 0)), 1, deterministic=True)
    assert (verdict.outcome, verdict.flips, verdict.needs_approval) == ("pass", (), False)
    assert verdict.reasons


def test_seven_losses_of_250_fail() -> None:
    """2.8 points and an exact p of .008: McNemar calls it, and it is above the minimum effect."""
    verdict = judge(task(PRIMARY), pairs(*flipped(250, 7)), 1, deterministic=True)
    assert verdict.outcome == "fail"
    assert verdict.metrics[0].p == pytest.approx(1 / 128)
    assert "musts lost 2.8 points" in verdict.reasons[0]


def test_a_sure_but_tiny_loss_does_not_fail_but_is_listed() -> None:
    """Five losses of 250 are significant and only two points: a pass whose flips a person approves."""
    verdict = judge(task(PRIMARY), pairs(*flipped(250, 5)), 1, deterministic=True)
    assert (verdict.outcome, verdict.needs_approval) == ("pass", True)
    assert [flip.sample_id for flip in verdict.flips] == [f"c{place:04}" for place in range(5)]
    assert (verdict.flips[0].baseline_text, verdict.flips[0].candidate_text) == ("before 0", "after 0")
    assert all(flip.worse and (flip.baseline, flip.candidate) == (1, 0) for flip in verdict.flips)


@pytest.mark.parametrize(("cases", "losses", "outcome"), [(100, 4, "pass"), (60, 3, "inconclusive")])
def test_few_losses_pass_only_within_the_margin(cases: int, losses: int, outcome: str) -> None:
    """What McNemar cannot call passes at 4 points and stays open at the 5 points of the margin."""
    verdict = judge(task(PRIMARY), pairs(*flipped(cases, losses)), 1, deterministic=True)
    assert verdict.metrics[0].p is not None and verdict.metrics[0].p > 0.05
    assert verdict.outcome == outcome
    assert len(verdict.flips) == losses


def test_wins_are_listed_after_losses_and_want_a_reader_too() -> None:
    """Every changed case is listed, the worse ones first; all are real, so somebody reads them."""
    verdict = judge(task(PRIMARY), pairs(*flipped(250, 2, 3)), 1, deterministic=True)
    assert [flip.worse for flip in verdict.flips] == [True, True, False, False, False]
    only_wins = judge(task(PRIMARY), pairs(*flipped(250, 0, 3)), 1, deterministic=True)
    assert (only_wins.outcome, only_wins.needs_approval, len(only_wins.flips)) == ("pass", True, 3)


def test_other_words_want_a_reader_although_no_figure_moved() -> None:
    """What the figures cannot see is said: so many texts differ, and a person has to read them."""
    same = pairs(*flipped(250, 0))
    other = [replace(one, candidate_text="other words") if n < 2 else one for n, one in enumerate(same)]
    verdict = judge(task(PRIMARY), other, 1, deterministic=True)
    assert (verdict.outcome, verdict.flips, verdict.needs_approval) == ("pass", (), True)
    assert "The texts of 2 cases differ, and no value got worse" in verdict.reasons[-1]
    noisy = judge(task(PRIMARY), other, 1, deterministic=False)
    assert not noisy.needs_approval


def test_a_graded_metric_is_tested_by_t() -> None:
    """Ranks that fall by six points on most queries fail; by one point they pass."""
    rng = np.random.default_rng(1)
    ndcg = replace(PRIMARY, name="ndcg")
    before = {"ndcg": rng.uniform(0.3, 0.9, 150)}
    for drop, outcome in ((0.06, "fail"), (0.01, "pass")):
        after = {"ndcg": before["ndcg"] - rng.normal(drop, 0.05, 150)}
        assert judge(task(ndcg), pairs(before, after, 2), 1, deterministic=True).outcome == outcome


# -- with noise -------------------------------------------------------------------------------------


def test_a_collapse_fails_at_the_first_look() -> None:
    """Thirty points need no second look."""
    before, after = sampled(World(), 0.15, 1, 3)
    after[:60] = 0.0
    verdict = judge(task(PRIMARY), pairs({"musts": before}, {"musts": after}), 1, deterministic=False)
    assert verdict.outcome == "fail"
    assert len(verdict.flips) == 20 and all(flip.worse for flip in verdict.flips)


def test_too_few_cases_stay_open_to_the_end() -> None:
    """Twenty noisy cases neither pass nor fail, even after five epochs."""
    before, after = sampled(World(cases=20), 0.0, 5, 4)
    verdict = judge(task(PRIMARY), pairs({"musts": before}, {"musts": after}), 5, deterministic=False)
    assert verdict.outcome == "inconclusive"
    assert "not excluded" in verdict.reasons[0]


def test_a_handful_of_equal_cases_prove_little() -> None:
    """Twenty noisy cases without any difference do not pass; 250 do."""
    for cases, outcome in ((20, "inconclusive"), (250, "pass")):
        arms = {"musts": np.ones(cases)}, {"musts": np.ones(cases)}
        assert judge(task(PRIMARY), pairs(*arms), 1, deterministic=False).outcome == outcome


def test_variants_of_one_seed_prove_nothing() -> None:
    """With a single seed the error is unknown, whatever the number of cases."""
    arms = flipped(100, 30)
    verdict = judge(task(PRIMARY), pairs(*arms, size=100), 1, deterministic=False)
    assert verdict.outcome == "inconclusive" and "one seed" in verdict.reasons[0]
    assert verdict.metrics[0].lower_bound is None and verdict.metrics[0].difference_interval is None


def test_a_significant_wobble_below_half_the_margin_does_not_fail() -> None:
    """A loss of two points in every case is as sure as can be, and too small to fail."""
    rng = np.random.default_rng(5)
    before = {"musts": rng.uniform(0.5, 0.9, (250, 5))}
    verdict = judge(task(PRIMARY), pairs(before, {"musts": before["musts"] - 0.02}), 5, deterministic=False)
    assert verdict.metrics[0].adjusted_p is not None and verdict.metrics[0].adjusted_p < 1e-6
    assert verdict.outcome == "pass"


def test_only_the_planned_looks_exist() -> None:
    """Levels are spent at 1, 3 and 5 epochs: another look would spend what is not there."""
    with pytest.raises(ValueError, match="1, 3, 5"):
        judge(task(PRIMARY), pairs(*flipped(10, 0)), 2, deterministic=False)


# -- parts ------------------------------------------------------------------------------------------


def test_a_part_that_collapses_fails_although_the_primary_holds() -> None:
    """A part can add a reason."""
    before, after = flipped(250, 0)
    part = Metric("open", Guard.PART)
    before["open"], after["open"] = np.ones(250), np.repeat([0.0, 1.0], [20, 230])
    verdict = judge(task(PRIMARY, part), pairs(before, after), 1, deterministic=True)
    assert [result.outcome for result in verdict.metrics] == ["pass", "fail"]
    assert verdict.outcome == "fail" and verdict.reasons[0].startswith("open lost 8.0 points")


def test_many_parts_do_not_weaken_the_primary() -> None:
    """The primary is tested at the full level, however many parts stand beside it."""
    alone = judge(task(PRIMARY), pairs(*flipped(150, 5)), 1, deterministic=True)
    before, after = flipped(150, 5)
    others = [Metric(f"part{n}") for n in range(8)]
    for metric in others:
        before[metric.name] = after[metric.name] = np.ones(150)
    crowd = judge(task(PRIMARY, *others), pairs(before, after), 1, deterministic=True)
    assert alone.outcome == crowd.outcome == "fail"
    assert crowd.metrics[0].adjusted_p == alone.metrics[0].p


def test_parts_are_corrected_among_themselves() -> None:
    """Five losses of 100 in one of eight parts: p .031 alone, .25 after Holm, so no failure."""
    before, after = flipped(100, 0)
    for n in range(8):
        before[f"part{n}"] = after[f"part{n}"] = np.ones(100)
    after["part3"] = np.repeat([0.0, 1.0], [5, 95])
    metrics = [Metric(f"part{n}") for n in range(8)]
    verdict = judge(task(PRIMARY, *metrics), pairs(before, after), 1, deterministic=True)
    part = next(result for result in verdict.metrics if result.name == "part3")
    assert (part.p, part.adjusted_p) == (pytest.approx(1 / 32), pytest.approx(8 / 32))
    assert verdict.outcome == "inconclusive"  # five points are the margin itself


def test_a_rate_of_something_bad_is_turned_round() -> None:
    """Where less is better, a rise is the loss."""
    bad = Metric("unsupported", Guard.PRIMARY, higher_is_better=False)
    low, high = np.zeros(250), np.repeat([1.0, 0.0], [20, 230])
    worse = judge(task(bad), pairs({"unsupported": low}, {"unsupported": high}), 1, deterministic=True)
    better = judge(task(bad), pairs({"unsupported": high}, {"unsupported": low}), 1, deterministic=True)
    assert (worse.outcome, better.outcome) == ("fail", "pass")
    assert worse.metrics[0].difference == pytest.approx(-0.08)
    assert worse.flips[0].candidate == 1 and worse.flips[0].worse


# -- other guards -----------------------------------------------------------------------------------


def test_one_leak_anywhere_fails() -> None:
    """A single failure of a zero metric in a single epoch of a single case is enough."""
    before, after = {"leaks": np.zeros((300, 3))}, {"leaks": np.zeros((300, 3))}
    assert judge(task(LEAKS), pairs(before, after), 3, deterministic=False).outcome == "pass"
    after["leaks"][123, 2] = 1.0
    verdict = judge(task(LEAKS), pairs(before, after), 3, deterministic=False)
    assert verdict.outcome == "fail" and "c0123" in verdict.reasons[0]


def test_a_leak_that_the_candidate_closes_passes() -> None:
    """The baseline's old failures are no reason against the change that mends them."""
    before, after = {"leaks": np.ones(300)}, {"leaks": np.zeros(300)}
    verdict = judge(task(LEAKS), pairs(before, after), 1, deterministic=True)
    assert verdict.outcome == "pass" and "1.0 % or more is excluded" in verdict.metrics[0].note


@pytest.mark.parametrize(
    ("ratio", "outcome", "warned"),
    [(1.0, "pass", 0), (1.09, "pass", 0), (1.10, "pass", 1), (1.24, "pass", 1), (1.25, "fail", 0)],
)
def test_budgets_warn_and_fail_by_their_ratio(ratio: float, outcome: str, warned: int) -> None:
    """Prompt tokens: a tenth more warns, a quarter more fails."""
    before = {"tokens": np.full(40, 1000.0)}
    verdict = judge(task(TOKENS), pairs(before, {"tokens": before["tokens"] * ratio}), 1, deterministic=True)
    assert (verdict.outcome, len(verdict.warnings)) == (outcome, warned)
    assert verdict.metrics[0].ratio == pytest.approx(ratio)


def test_no_rise_at_all_can_be_asked_for() -> None:
    """A budget that fails from a ratio of 1 on lets the same cost pass, and stops any rise."""
    calls = Metric("calls", Guard.BUDGET, higher_is_better=False, warn=1.0, fail=1.0)
    before, more = {"calls": np.ones(40)}, {"calls": np.repeat([2.0, 1.0], [1, 39])}
    assert judge(task(calls), pairs(before, before), 1, deterministic=True).outcome == "pass"
    assert judge(task(calls), pairs(before, more), 1, deterministic=True).outcome == "fail"


def test_from_nothing_to_something_is_over_budget_and_nothing_is_not() -> None:
    """The embedded mode spends no tokens: 0 to 0 passes, 0 to 5 fails without a ratio."""
    none, some = {"tokens": np.zeros(40)}, {"tokens": np.full(40, 5.0)}
    assert judge(task(TOKENS), pairs(none, none), 1, deterministic=True).metrics[0].ratio == 1
    verdict = judge(task(TOKENS), pairs(none, some), 1, deterministic=True)
    assert verdict.outcome == "fail" and verdict.metrics[0].ratio is None


def test_what_is_only_shown_never_decides() -> None:
    """A judge without calibration may say what it likes."""
    seen = Metric("judge_open", Guard.SHOWN)
    verdict = judge(
        task(seen), pairs({"judge_open": np.ones(50)}, {"judge_open": np.zeros(50)}), 1, deterministic=True
    )
    assert verdict.outcome == "pass" and verdict.flips == () and verdict.metrics[0].losses == 50


# -- must-pass cases --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "failed", "outcome"),
    [
        *((3, 1, "pass"), (3, 2, "inconclusive"), (3, 3, "fail")),
        *((5, 2, "pass"), (5, 3, "pass"), (5, 4, "fail"), (5, 5, "fail")),
    ],
)
def test_a_must_pass_case_that_breaks_fails_alone(runs: int, failed: int, outcome: str) -> None:
    """Never in three runs, or once in five, is a hard break whatever the mean; once in three asks again."""
    before, after = {"musts": np.ones((250, runs))}, {"musts": np.ones((250, runs))}
    after["musts"][7, :failed] = 0.0
    verdict = judge(task(PRIMARY), pairs(before, after, must=[7]), runs, deterministic=False)
    assert (verdict.outcome, verdict.hard_breaks) == (outcome, ("c0007",) if outcome == "fail" else ())
    assert judge(task(PRIMARY), pairs(before, after), runs, deterministic=False).outcome == "pass"


def test_one_failed_run_of_a_must_pass_case_asks_for_more() -> None:
    """With noise a single run proves nothing, and the gate does not pass before it has looked again."""
    arms = flipped(250, 1)
    verdict = judge(task(PRIMARY), pairs(*arms, must=[0]), 1, deterministic=False)
    assert (verdict.outcome, verdict.hard_breaks) == ("inconclusive", ())
    assert "c0000" in verdict.reasons[0]
    sure = judge(task(PRIMARY), pairs(*arms, must=[0]), 1, deterministic=True)
    assert (sure.outcome, sure.hard_breaks) == ("fail", ("c0000",))


def test_a_must_pass_case_that_never_passed_is_reported() -> None:
    """It guards nothing, and a reader should know."""
    verdict = judge(task(PRIMARY), pairs(*flipped(250, 0, 1), must=[0]), 1, deterministic=True)
    assert verdict.outcome == "pass" and "c0000" in verdict.warnings[0]


# -- slices -----------------------------------------------------------------------------------------


def language(place: int) -> dict[str, str]:
    return {"language": "de" if place < 50 else "en"}


def test_a_slice_that_collapses_fails_although_the_mean_rises() -> None:
    """German loses 30 points while English gains: a false improvement."""
    before, after = np.ones(250), np.ones(250)
    after[:15] = 0.0
    before[60:100] = 0.0
    made = pairs({"musts": before}, {"musts": after}, slices=[language(n) for n in range(250)])
    verdict = judge(task(PRIMARY), made, 1, deterministic=True)
    assert verdict.metrics[0].difference > 0 and verdict.outcome == "fail"
    assert [(s.value, s.failed) for s in verdict.slices] == [("de", True), ("en", False)]
    assert "language=de" in verdict.reasons[0]


def test_a_small_slice_is_shown_and_not_judged() -> None:
    """Thirty-nine cases are too few to fail a run by themselves."""
    before, after = np.ones(250), np.ones(250)
    after[:6] = 0.0
    slices = [{"role": "board" if n < 39 else "other"} for n in range(250)]
    verdict = judge(
        task(PRIMARY), pairs({"musts": before}, {"musts": after}, slices=slices), 1, deterministic=True
    )
    board = verdict.slices[0]
    assert (board.cases, board.p, board.failed) == (39, None, False)
    assert verdict.outcome == "pass"


def test_a_sure_slice_below_ten_points_does_not_fail() -> None:
    """Eight losses of 100, p .004, are eight points: shown with its p, no failure of its own."""
    before, after = np.ones(250), np.ones(250)
    after[:8], before[150:158] = 0.0, 0.0
    slices = [{"length": "short" if n < 100 else "long"} for n in range(250)]
    made = pairs({"musts": before}, {"musts": after}, slices=slices)
    verdict = judge(task(PRIMARY), made, 1, deterministic=True)
    short = next(one for one in verdict.slices if one.value == "short")
    assert short.adjusted_p is not None and short.adjusted_p < 0.01 and not short.failed
    assert verdict.outcome == "pass"


def test_many_slices_are_corrected_for_being_many() -> None:
    """One of six slices loses 5 of 40: p .031 alone, .19 among six."""
    before, after = np.ones(240), np.ones(240)
    after[:5] = 0.0
    slices = [{"role": f"r{n // 40}"} for n in range(240)]
    made = pairs({"musts": before}, {"musts": after}, slices=slices)
    verdict = judge(task(PRIMARY), made, 1, deterministic=True)
    assert (verdict.slices[0].p, verdict.slices[0].adjusted_p) == (
        pytest.approx(1 / 32),
        pytest.approx(6 / 32),
    )
    assert verdict.outcome == "pass"


def test_intervals_count_seeds_and_not_variants() -> None:
    """Fifty seeds whose five variants always agree are known as fifty cases are, by Wilson's interval."""
    before = np.repeat(np.repeat([1.0, 0.0], [40, 10]), 5)
    result = judge(task(PRIMARY), pairs({"musts": before}, {"musts": before}), 1, deterministic=True).metrics[
        0
    ]
    alone = wilson(40, 50)
    assert result.baseline_interval == pytest.approx(alone, abs=0.005)
    loose = pairs({"musts": before}, {"musts": before}, size=1)
    apart = judge(task(PRIMARY), loose, 1, deterministic=True).metrics[0]
    assert apart.baseline_interval == pytest.approx(wilson(200, 250), abs=0.001)


# -- invalid runs -----------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_value_that_is_no_number_is_refused(bad: float) -> None:
    """Such a run is invalid, never averaged; the message names the case."""
    before, after = flipped(10, 0)
    after["musts"][3] = bad
    with pytest.raises(ValueError, match="c0003"):
        judge(task(PRIMARY), pairs(before, after), 1, deterministic=True)


def test_missing_values_double_cases_and_no_cases_are_refused() -> None:
    """What is not a whole run is not judged."""
    made = pairs(*flipped(10, 0))
    with pytest.raises(ValueError, match="no value of musts in the candidate"):
        judge(task(PRIMARY), [*made[1:], replace(made[0], candidate={})], 1, deterministic=True)
    with pytest.raises(ValueError, match="more than once"):
        judge(task(PRIMARY), [*made, made[0]], 1, deterministic=True)
    with pytest.raises(ValueError, match="no case"):
        judge(task(PRIMARY), [], 1, deterministic=True)
    with pytest.raises(ValueError, match="more than one primary"):
        judge(task(PRIMARY, replace(PRIMARY, name="other")), made, 1, deterministic=True)


def test_the_worst_verdict_is_the_exit_code() -> None:
    """Fail before open, open before pass."""
    good = judge(task(PRIMARY), pairs(*flipped(250, 0)), 1, deterministic=True)
    open_one, bad = replace(good, outcome="inconclusive"), replace(good, outcome="fail")
    assert exit_code([good]) is Exit.PASS
    assert exit_code([good, open_one]) is Exit.INCONCLUSIVE
    assert exit_code([open_one, bad, good]) is Exit.REGRESSION
    with pytest.raises(ValueError, match="Nothing"):
        exit_code([])


# -- properties -------------------------------------------------------------------------------------

runs = st.lists(st.tuples(st.sampled_from([0.0, 1.0]), st.sampled_from([0.0, 1.0])), min_size=10, max_size=60)


@settings(max_examples=60, deadline=None)
@given(runs, st.randoms(), st.booleans())
def test_the_order_of_cases_does_not_matter(cases: list, random: object, deterministic: bool) -> None:
    """Outcome, reasons, figures and lists are the same in any order."""
    before, after = (np.array([case[arm] for case in cases]) for arm in (0, 1))
    made = pairs({"musts": before}, {"musts": after}, 3, must=[1, 4])
    mixed = list(made)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    there, back = (judge(task(PRIMARY), one, 1, deterministic) for one in (made, mixed))
    assert (there.outcome, there.reasons, there.flips, there.hard_breaks) == (
        back.outcome,
        back.reasons,
        back.flips,
        back.hard_breaks,
    )
    assert there.metrics[0].p == pytest.approx(back.metrics[0].p)


@settings(max_examples=60, deadline=None)
@given(runs, st.booleans())
def test_swapping_the_arms_mirrors_the_figures(cases: list, deterministic: bool) -> None:
    """The difference changes its sign, wins become losses, and both arms cannot fail."""
    before, after = ({"musts": np.array([case[arm] for case in cases])} for arm in (0, 1))
    there = judge(task(PRIMARY), pairs(before, after, 3), 1, deterministic)
    back = judge(task(PRIMARY), pairs(after, before, 3), 1, deterministic)
    one, two = there.metrics[0], back.metrics[0]
    assert one.difference == pytest.approx(-two.difference)
    assert (one.wins, one.losses, one.ties) == (two.losses, two.wins, two.ties)
    assert (one.baseline_interval, one.baseline) == (two.candidate_interval, two.candidate)
    assert {there.outcome, back.outcome} != {"fail"}
    assert {(f.sample_id, f.worse) for f in there.flips if deterministic} == {
        (f.sample_id, not f.worse) for f in back.flips if deterministic
    }


@settings(max_examples=40, deadline=None)
@given(runs, st.data())
def test_one_more_loss_never_helps(cases: list, data: st.DataObject) -> None:
    """Making one passing case of the candidate fail never turns a failing run into a passing one."""
    before, after = (np.array([case[arm] for case in cases]) for arm in (0, 1))
    place = data.draw(st.integers(0, len(cases) - 1))
    worse = after.copy()
    worse[place] = 0.0
    rank = {"fail": 0, "inconclusive": 1, "pass": 2}
    there, back = (
        judge(task(PRIMARY), pairs({"musts": before}, {"musts": arm}, 1), 1, deterministic=True).outcome
        for arm in (after, worse)
    )
    assert rank[back] <= rank[there]


# -- how often it errs ------------------------------------------------------------------------------


def test_the_simulation_decides_as_the_gate_does() -> None:
    """The fast rule behind `coach eval power` and the gate agree on every look of thirty runs."""
    world = World(cases=100)
    for seed in range(30):
        arms = sampled(world, (seed % 3) * 0.05, 5, seed)
        for stage in STAGES:
            before, after = ({"musts": arm[:, :stage]} for arm in arms)
            verdict = judge(task(PRIMARY), pairs(before, after), stage, deterministic=False)
            mean = (after["musts"] - before["musts"]).mean(axis=1)[None, :]
            failed, passed = (bool(one[0]) for one in decide(mean, world.cluster_size, LOOKS[stage]))
            expected = "fail" if failed else "pass" if passed else "inconclusive"
            assert verdict.outcome == expected


def test_a_family_with_eight_metrics_errs_as_seldom_as_it_should() -> None:
    """Forty A/A runs with a composite and seven parts: at most two false failures, at least 36 passes;
    the same with ten points lost: all fail."""
    world = World(cases=250)
    parts = [Metric(f"part{n}") for n in range(7)]
    for drop, outcome, least in ((0.0, "pass", 36), (0.10, "fail", 40)):
        seen = []
        for seed in range(40):
            arms: list[dict[str, np.ndarray]] = [{}, {}]
            for n, metric in enumerate((PRIMARY, *parts)):
                both = sampled(world, drop if n == 0 else 0.0, 5, 1_000 * seed + n)
                arms[0][metric.name], arms[1][metric.name] = both
            seen.append(sequential(arms[0], arms[1], task(PRIMARY, *parts)).outcome)
        assert seen.count(outcome) >= least
        assert drop or seen.count("fail") <= 2
