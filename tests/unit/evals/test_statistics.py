"""The statistics against published worked examples, figures worked out by hand, and scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from evals.distributions import coin_at_least, incomplete_beta, normal_quantile, t_above, t_quantile
from evals.statistics import (
    clustered_mean,
    connor,
    design_effect,
    holm,
    mcnemar,
    miller,
    minimum_detectable,
    unpaired,
    wilson,
    win_loss_tie,
    zero_failure_bound,
    zero_failure_cases,
)

scores = st.lists(st.floats(-1, 1), min_size=4, max_size=40)

# -- distributions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("probability", "freedom", "value"),
    [
        (0.95, 1, 6.314),
        (0.975, 1, 12.706),
        (0.975, 5, 2.571),
        (0.95, 10, 1.812),
        (0.975, 10, 2.228),
        (0.995, 10, 3.169),
        (0.975, 30, 2.042),
        (0.95, 120, 1.658),
    ],
)
def test_student_t_gives_the_values_of_the_printed_tables(
    probability: float, freedom: int, value: float
) -> None:
    """Critical values as every textbook's appendix has them, to three digits."""
    assert round(t_quantile(probability, freedom), 3) == value


@given(st.floats(-60, 60), st.floats(0.5, 5_000))
def test_student_t_agrees_with_scipy(value: float, freedom: float) -> None:
    """Tail areas agree to nine digits, far tails included."""
    assert t_above(value, freedom) == pytest.approx(stats.t.sf(value, freedom), rel=1e-9, abs=1e-290)


@given(st.floats(1e-6, 1 - 1e-6), st.integers(1, 2_000))
def test_the_quantile_undoes_the_tail(probability: float, freedom: int) -> None:
    """Below the quantile lies just the probability that was asked for."""
    assert 1 - t_above(t_quantile(probability, freedom), freedom) == pytest.approx(probability, rel=1e-6)


@given(st.floats(0.05, 300), st.floats(0.05, 300), st.floats(0, 1))
def test_the_incomplete_beta_agrees_with_scipy(a: float, b: float, x: float) -> None:
    """Everywhere in its range."""
    assert incomplete_beta(a, b, x) == pytest.approx(float(special.betainc(a, b, x)), rel=1e-8, abs=1e-12)


@given(st.integers(0, 300), st.data())
def test_coins_agree_with_scipy(tosses: int, data: st.DataObject) -> None:
    """The exact binomial tail, many tosses included."""
    heads = data.draw(st.integers(0, tosses))
    assert coin_at_least(heads, tosses) == pytest.approx(stats.binom.sf(heads - 1, tosses, 0.5), abs=1e-12)


@pytest.mark.parametrize("probability", [0.0, 1.0, -1.0, math.nan])
def test_no_quantile_of_what_is_no_probability(probability: float) -> None:
    """A probability of nothing or of everything has no finite value."""
    with pytest.raises(ValueError, match="probability"):
        normal_quantile(probability)
    with pytest.raises(ValueError, match="probability"):
        t_quantile(probability, 5)


# -- intervals and tests ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_four_examples_of_newcombe(successes: int, n: int, low: float, high: float) -> None:
    """Newcombe 1998, table I, method 3, to four digits."""
    found = wilson(successes, n)
    assert (round(found[0], 4), round(found[1], 4)) == (low, high)


@given(st.integers(1, 500), st.data())
def test_wilson_mirrors_and_holds_the_rate(n: int, data: st.DataObject) -> None:
    """Failures have the mirrored interval of successes, and the rate itself lies in it."""
    hits = data.draw(st.integers(0, n))
    low, high = wilson(hits, n)
    other = wilson(n - hits, n)
    assert (low, high) == pytest.approx((1 - other[1], 1 - other[0]), abs=1e-12)
    assert 0 <= low <= hits / n <= high <= 1


@pytest.mark.parametrize(
    ("wins", "losses", "exact", "mid"),
    [
        (7, 1, 0.0703, 0.0391),  # Bentur and others 2009: airways before and after a transplantation
        (6, 16, 0.0525, 0.0347),  # Cavo and others 2012: complete response before and after consolidation
    ],
)
def test_mcnemar_gives_the_examples_of_fagerland(wins: int, losses: int, exact: float, mid: float) -> None:
    """Fagerland, Lydersen and Laake 2013: exact conditional and mid-p, two-sided."""
    found = mcnemar(wins, losses)
    assert (round(found.p_two_sided, 4), round(found.p_mid, 4)) == (exact, mid)


def test_mcnemar_gives_the_culture_media_of_armitage() -> None:
    """Armitage and Berry 1994: 12 against 2 specimens, exact two-sided p .0129."""
    assert round(mcnemar(12, 2).p_two_sided, 4) == 0.0129


def test_the_approval_ratings_of_agresti() -> None:
    """Agresti, Categorical Data Analysis, table 10.1: 944 of 1600 approve, then 880; -.04, error .0095."""
    differences = np.repeat([0.0, -1.0, 1.0, 0.0], [794, 150, 86, 570])
    found = clustered_mean(differences, range(1600))
    book_error = found.error * math.sqrt(1599 / 1600)  # the book divides by n, the sandwich by n - 1
    assert (round(found.mean, 2), round(book_error, 4)) == (-0.04, 0.0095)
    assert [round(bound, 2) for bound in found.interval()] == [-0.06, -0.02]
    assert mcnemar(86, 150).p_worse == pytest.approx(stats.binomtest(86, 236, 0.5, "less").pvalue)


@given(st.integers(0, 200), st.integers(0, 200))
def test_mcnemar_mirrors_when_the_arms_change_places(wins: int, losses: int) -> None:
    """Worse one way round is better the other way, and the two-sided p does not care."""
    there, back = mcnemar(wins, losses), mcnemar(losses, wins)
    assert (there.p_worse, there.p_two_sided, there.p_mid) == (back.p_better, back.p_two_sided, back.p_mid)


def test_no_discordant_pair_shows_nothing() -> None:
    """Two arms that never differ give a p of 1 on every side."""
    assert mcnemar(0, 0).p_worse == mcnemar(0, 0).p_two_sided == mcnemar(0, 0).p_better == 1


# -- cluster-robust means ---------------------------------------------------------------------------


def test_a_cluster_robust_error_worked_out_by_hand() -> None:
    """Seeds (1, 0), (-1, 0), (1, 1): mean 1/3; sums of residuals 1/3, -5/3, 4/3; 3/2 * 42/9 / 36 = 7/36."""
    found = clustered_mean([1, 0, -1, 0, 1, 1], ["a", "a", "b", "b", "c", "c"])
    assert found.mean == pytest.approx(1 / 3)
    assert found.error == pytest.approx(math.sqrt(7 / 36))
    assert (found.cases, found.clusters, found.freedom) == (6, 3, 2)
    # t(2) = 0.3333 / 0.4410 = 0.7559: a table of t with two degrees of freedom has .264 above it
    assert found.p_below_zero() == pytest.approx(1 - 0.2643, abs=1e-4)


def test_seeds_of_unequal_size_worked_out_by_hand() -> None:
    """Seeds (1, 1, 1), (0): mean 3/4; residual sums 3/4, -3/4; 2/1 * 18/16 / 16 = 9/64."""
    found = clustered_mean([1, 1, 1, 0], ["a", "a", "a", "b"])
    assert (found.mean, found.error) == (pytest.approx(0.75), pytest.approx(3 / 8))


@given(scores)
def test_clusters_of_one_give_the_usual_t_test(values: list[float]) -> None:
    """Without variants it is the one-sample t test of every textbook."""
    found = clustered_mean(values, range(len(values)))
    assert found.error == pytest.approx(float(np.std(values, ddof=1)) / math.sqrt(len(values)), abs=1e-12)
    if found.error > 1e-6:
        expected = stats.ttest_1samp(values, 0, alternative="less").pvalue
        assert found.p_below_zero() == pytest.approx(expected, rel=1e-6, abs=1e-12)


@given(scores, st.randoms())
def test_the_order_of_cases_changes_nothing(values: list[float], random: object) -> None:
    """Mean and error are of the set, not of the list."""
    names = [f"s{place // 3}" for place in range(len(values))]
    both = list(zip(values, names, strict=True))
    random.shuffle(both)  # type: ignore[attr-defined]
    there = clustered_mean(values, names)
    back = clustered_mean([one for one, _ in both], [name for _, name in both])
    assert (back.mean, back.error) == (
        pytest.approx(there.mean, abs=1e-12),
        pytest.approx(there.error, abs=1e-9),
    )


@given(scores, st.floats(-5, 5))
def test_a_constant_moves_the_mean_and_leaves_the_error(values: list[float], constant: float) -> None:
    """Adding the same to every case shifts mean and interval by it."""
    names = [place // 2 for place in range(len(values))]
    there = clustered_mean(values, names)
    back = clustered_mean(np.array(values) + constant, names)
    assert back.mean == pytest.approx(there.mean + constant, abs=1e-9)
    assert back.error == pytest.approx(there.error, abs=1e-9)


@given(scores)
def test_a_doubled_seed_counts_once(values: list[float]) -> None:
    """Copying every case within its seed changes neither the mean nor the error."""
    names = list(range(len(values)))
    there, back = clustered_mean(values, names), clustered_mean(values * 2, names * 2)
    assert (back.mean, back.error) == (
        pytest.approx(there.mean, abs=1e-12),
        pytest.approx(there.error, abs=1e-9),
    )


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_never_averaged(bad: float) -> None:
    """One such value makes the whole mean impossible."""
    with pytest.raises(ValueError, match="finite"):
        clustered_mean([0.5, bad], ["a", "b"])


def test_one_seed_alone_leaves_everything_unknown() -> None:
    """With a single cluster there is no error, so nothing is excluded and nothing is proven."""
    found = clustered_mean([-1, -1, -1], ["a", "a", "a"])
    assert found.p_below_zero() == 1 and found.lower(0.05) == -math.inf
    assert found.interval() == (-math.inf, math.inf)


# -- several tests, counts --------------------------------------------------------------------------


def test_holm_gives_the_textbook_steps() -> None:
    """.005, .01, .03, .04: times 4, 3, 2, 1, and never less than the one before."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.9]) == [1.0, 1.0] and holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_lies_between_the_p_and_bonferroni(p_values: list[float]) -> None:
    """Never more willing than the single test, never stricter than Bonferroni, in the same order."""
    adjusted = holm(p_values)
    for p, after in zip(p_values, adjusted, strict=True):
        assert p <= after <= min(1, p * len(p_values)) + 1e-12
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    assert [adjusted[place] for place in order] == sorted(adjusted)


@given(scores)
def test_wins_become_losses_when_the_arms_change_places(values: list[float]) -> None:
    """Every case is counted once."""
    wins, losses, ties = win_loss_tie(values)
    assert win_loss_tie([-value for value in values]) == (losses, wins, ties)
    assert wins + losses + ties == len(values)


# -- sizes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("discordance", "one", "two", "ten", "three"),
    [
        (0.05, 122, 155, None, 342),
        (0.08, 196, 249, None, 548),
        (0.10, 246, 312, 60, 685),
        (0.15, 369, 469, 91, 1029),
        (0.20, 493, 626, 122, 1372),
        (0.30, 740, 940, 184, 2059),
    ],
)
def test_connor_gives_the_table_of_the_specification(
    discordance: float, one: int, two: int, ten: int | None, three: int
) -> None:
    """Alpha .05, power .80; drops of 5, 10 and 3 points."""
    assert connor(discordance, 0.05) == one
    assert connor(discordance, 0.05, sides=2) == two
    assert ten is None or connor(discordance, 0.10) == ten
    assert connor(discordance, 0.03) == three


def test_connor_gives_the_published_example() -> None:
    """Discordant shares .45 and .05 (Connor 1987, p. 209): 23 pairs, two-sided with power .80."""
    assert connor(0.50, 0.40, sides=2) == 23
    assert connor(0.50, 0.40, power=0.90) == 23


def test_a_drop_above_the_discordance_cannot_be() -> None:
    """The mean cannot fall by more than the share of cases that changed."""
    with pytest.raises(ValueError, match="discordance"):
        connor(0.05, 0.10)


def test_the_other_sizes_of_the_specification() -> None:
    """Unpaired 711 an arm; Miller 470 and 137; design effects 1.2, 1.4, 1.8; 59, 149, 299, 598 cases."""
    assert unpaired(0.85, 0.80) == 711
    assert (miller(0.1, 0.3, 1, 0.05), miller(0.1, 0.3, 4, 0.05)) == (470, 137)
    assert [design_effect(5, icc) for icc in (0.05, 0.1, 0.2)] == pytest.approx([1.2, 1.4, 1.8])
    assert [zero_failure_cases(rate) for rate in (0.05, 0.02, 0.01, 0.005)] == [59, 149, 299, 598]


@given(st.integers(1, 5_000))
def test_zero_failures_undo_each_other(cases: int) -> None:
    """As many cases as exclude a rate exclude just that rate; the rule of three is close."""
    bound = zero_failure_bound(cases)
    assert zero_failure_cases(bound) == cases
    assert bound <= 3 / cases


def test_the_detectable_drop_of_the_specification() -> None:
    """150 queries with a spread of .2 show a drop of .041."""
    assert round(minimum_detectable(0.2 / math.sqrt(150), 149), 3) == 0.041
