"""The gate's error rates, simulated, beside the figures of the specification."""

from __future__ import annotations

import json

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from coach.errors import UserError
from evals.comparing import Look
from evals.power import (
    SEQUENTIAL,
    World,
    cluster_table,
    detectable,
    epoch_table,
    fixed,
    simulate,
    size_table,
    unpaired_size,
    zero_table,
)
from evals.power_command import power

RUNS = 2_000
ERROR = 0.03  # two standard errors of a table simulated with a thousand runs or so


def test_the_made_up_world_is_the_one_described() -> None:
    """Mean .85; verdicts of two unchanged runs differ in 18 %, after five points in 21.5 %; ICC .1."""
    rng = np.random.default_rng(1)
    rates, hurt = World(cases=1000).rates(400, rng)
    assert rates.mean() == pytest.approx(0.85, abs=0.003)
    assert (2 * rates * (1 - rates)).mean() == pytest.approx(0.18, abs=0.004)
    lowered = rates - np.minimum(rates, 0.2) * hurt
    discordance = (rates * (1 - lowered) + lowered * (1 - rates)).mean()
    assert discordance == pytest.approx(0.215, abs=0.005)
    verdicts = (rng.random(rates.shape) < rates).reshape(-1, 5)
    assert np.corrcoef(verdicts[:, 0], verdicts[:, 1])[0, 1] == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize(
    ("cases", "epochs", "none", "five", "ten"),
    [
        (100, 1, (0.04, 0.33, 0.63), 0.27, 0.63),
        (100, 5, (0.05, 0.80, 0.15), 0.69, 0.98),
        (250, 1, (0.04, 0.59, 0.37), 0.51, 0.95),
        (250, 3, (0.05, 0.92, 0.03), 0.88, 1.00),
        (250, 5, (0.05, 0.95, 0.00), 0.97, 1.00),
        (400, 3, (0.05, 0.95, 0.00), 0.97, 1.00),
    ],
)
def test_single_looks_err_as_often_as_the_table_says(
    cases: int, epochs: int, none: tuple[float, float, float], five: float, ten: float
) -> None:
    """Fail, pass and open with no change; fail at five and at ten points; without the minimum effect."""
    world, plan = World(cases=cases), fixed(epochs)
    found = simulate(world, 0.0, plan, RUNS, minimum=0.0)
    assert (found.failed, found.passed, found.open) == pytest.approx(none, abs=ERROR)
    assert simulate(world, 0.05, plan, RUNS, minimum=0.0).failed == pytest.approx(five, abs=ERROR)
    assert simulate(world, 0.10, plan, RUNS, minimum=0.0).failed == pytest.approx(ten, abs=ERROR)


@pytest.mark.parametrize(
    ("drop", "failed", "passed", "epochs"),
    [(0.0, 0.020, 0.979, 2.5), (0.03, 0.60, 0.39, None), (0.05, 0.93, 0.06, 3.0), (0.10, 1.0, 0.0, 1.7)],
)
def test_the_sequential_gate_errs_as_seldom_as_the_table_says(
    drop: float, failed: float, passed: float, epochs: float | None
) -> None:
    """250 cases, looks after 1, 3 and 5 epochs: the row that the gate was chosen for."""
    found = simulate(World(), drop, SEQUENTIAL, RUNS)
    assert found.failed == pytest.approx(failed, abs=0.015 if drop == 0 else ERROR)
    assert found.passed == pytest.approx(passed, abs=0.015 if drop == 0 else ERROR)
    assert epochs is None or found.epochs == pytest.approx(epochs, abs=0.12)
    assert found.failed + found.passed + found.open == pytest.approx(1)


def test_eight_metrics_without_a_composite_would_lose_power() -> None:
    """Holm's worst case, a level of .00625: .62 at 250 x 3, .80 at 250 x 5, .84 at 400 x 3."""
    for cases, epochs, expected in ((250, 3, 0.62), (250, 5, 0.80), (400, 3, 0.84)):
        plan = (Look(epochs, 0.00625, 0.05),)
        found = simulate(World(cases=cases), 0.05, plan, RUNS, minimum=0.0)
        assert found.failed == pytest.approx(expected, abs=0.045)


def test_a_seed_gives_the_same_figures_again() -> None:
    """And another seed gives others."""
    there, back, other = (simulate(World(), 0.05, runs=300, seed=seed) for seed in (5, 5, 6))
    assert there == back != other


def test_blocks_do_not_show() -> None:
    """More runs than fit in one block are all there, with shares that add up."""
    found = simulate(World(cases=5_000), 0.0, fixed(1), runs=250)
    assert found.runs == 250 and found.failed + found.passed + found.open == pytest.approx(1)
    assert found.passed > 0.95


def test_the_tables_are_those_of_the_specification() -> None:
    """Connor's first row, Miller's 470 and 137, 711 unpaired, design effects, zero failures."""
    row = size_table()[0]
    assert (row.one_sided, row.two_sided, row.ten_points, row.three_points) == (122, 155, None, 342)
    assert (epoch_table()[1], epoch_table()[4]) == (470, 137)
    assert unpaired_size() == 711
    assert list(cluster_table().values()) == pytest.approx([1.2, 1.4, 1.8])
    assert list(zero_table().values()) == [59, 149, 299, 598]


def test_more_epochs_and_more_cases_show_smaller_drops() -> None:
    """250 cases once show about seven points with power .80, three times about four."""
    once, thrice = (detectable(World(), epochs) for epochs in (1, 3))
    assert once == pytest.approx(0.0679, abs=0.005) and thrice == pytest.approx(0.0392, abs=0.003)
    assert detectable(World(cases=1000), 1) < once


@pytest.mark.parametrize("wrong", [{"cases": 0}, {"null_discordance": 0.4}, {"icc": 0.9}, {"hurt": 0.0}])
def test_a_world_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    """A discordance above 2 p (1 - p), for example."""
    with pytest.raises(ValueError, match=r"out of range|lies between"):
        World(**wrong)  # type: ignore[arg-type]


def test_a_drop_beyond_what_can_be_lost_is_refused() -> None:
    """A quarter of the cases cannot lose more than a quarter of the mean."""
    with pytest.raises(ValueError, match="lose less"):
        simulate(World(), 0.3, runs=100)


def command(*options: str) -> object:
    app = typer.Typer()
    app.command()(power)
    return CliRunner().invoke(app, list(options))


def test_the_command_prints_tables_and_json() -> None:
    """For people in lines, for machines in one object with the same figures."""
    words = command("--runs", "200")
    assert words.exit_code == 0 and "1, 3, 5 in turn" in words.output and "493" in words.output
    found = json.loads(command("--runs", "200", "--json").output)
    assert found["simulated_gate"]["1, 3, 5 in turn"]["10"]["fail"] > 0.95
    assert found["needed_cases"] == 444 and found["cases_by_discordance"][4]["one_sided"] == 493


def test_numbers_that_cannot_be_are_explained() -> None:
    """The command refuses with a sentence, not with a traceback of its own."""
    fault = command("--discordance", "0.4").exception
    assert isinstance(fault, UserError) and "discordance" in str(fault)
    assert isinstance(command("--drop", "40").exception, UserError)
    assert isinstance(command("--cases", "10", "--cluster-size", "20").exception, UserError)
