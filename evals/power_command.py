"""`coach eval power`: what a comparison of so many cases can show, before anybody pays for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from evals.comparing import Look
    from evals.power import Rates, World

POINTS = "in points: 5 is a drop of the mean from 85 % to 80 %"


def power(
    cases: Annotated[int, typer.Option(min=10, max=20_000, help="Cases of the set.")] = 250,
    cluster_size: Annotated[int, typer.Option(min=1, max=100, help="Variants of one seed.")] = 5,
    discordance: Annotated[
        float, typer.Option(min=0.001, max=0.5, help="Share of verdicts that differ with no change.")
    ] = 0.18,
    mean: Annotated[float, typer.Option(min=0.01, max=0.99, help="Pass rate of the baseline.")] = 0.85,
    drop: Annotated[float, typer.Option(min=0.1, max=50, help=f"The drop to be seen, {POINTS}.")] = 5.0,
    runs: Annotated[int, typer.Option(min=100, max=100_000, help="Simulated comparisons.")] = 2_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """How many cases and runs a comparison needs, and how often this gate errs: tables and a simulation.

    Example: coach eval power --cases 250 --discordance 0.18 --drop 5
    """
    from coach.commands.inputs import say_json
    from coach.errors import UserError
    from evals.power import World

    try:
        world = World(cases, mean, discordance, cluster_size, icc=0.0)
        world = World(cases, mean, discordance, cluster_size, icc=min(0.1, world.rate_share))
        if cases <= cluster_size:
            raise ValueError("A comparison needs the cases of at least two seeds.")
        figures = measure(world, drop / 100, runs, seed)
    except ValueError as fault:
        raise UserError(str(fault), "Please change the numbers.") from None
    if as_json:
        say_json(figures)
        return
    for line in lines(figures):
        typer.echo(line)


def measure(world: World, drop: float, runs: int, seed: int) -> dict[str, Any]:
    """All figures of the command, as plain JSON.

    Args:
        world: the made-up system that is simulated.
        drop: to be seen, as a share: 0.05 is five points.
        runs, seed: of the simulation.

    Raises:
        ValueError: a drop that cannot be in this world.
    """
    from evals import power as tables
    from evals.statistics import connor

    plans: dict[str, tuple[Look, ...]] = {f"{k} at once": tables.fixed(k) for k in (1, 3, 5)}
    plans["1, 3, 5 in turn"] = tables.SEQUENTIAL
    drops = sorted({0.0, drop, 2 * drop})
    simulated = {
        name: {f"{100 * lost:g}": _shares(tables.simulate(world, lost, plan, runs, seed)) for lost in drops}
        for name, plan in plans.items()
    }
    discordance = max(world.null_discordance, drop)
    return {
        "cases": world.cases,
        "mean": world.mean,
        "discordance": world.null_discordance,
        "drop": drop,
        "runs": runs,
        "seed": seed,
        "needed_cases": connor(discordance, drop),
        "detectable_drop": {f"{k}": tables.detectable(world, k, seed=seed) for k in (1, 3, 5)},
        "simulated_gate": simulated,
        "cases_by_discordance": [
            {
                "discordance": row.discordance,
                "one_sided": row.one_sided,
                "two_sided": row.two_sided,
                "ten_points": row.ten_points,
                "three_points": row.three_points,
            }
            for row in tables.size_table(drop=drop)
        ],
        "cases_by_epochs": {f"{k}": n for k, n in tables.epoch_table(drop=drop).items()},
        "design_effects": {f"{icc:g}": effect for icc, effect in tables.cluster_table().items()},
        "cases_without_a_failure": {f"{rate:g}": n for rate, n in tables.zero_table().items()},
    }


def lines(figures: dict[str, Any]) -> list[str]:
    """The figures as lines for a terminal."""
    return [*_simulated(figures), "", *_sizes(figures), "", *_rules(figures)]


def _shares(rates: Rates) -> dict[str, float]:
    return {
        "fail": rates.failed,
        "pass": rates.passed,
        "inconclusive": rates.open,
        "epochs": rates.epochs,
    }


def _simulated(figures: dict[str, Any]) -> list[str]:
    found = [
        f"The gate on {figures['cases']} cases at {100 * figures['mean']:g} %, "
        f"{figures['runs']} simulated comparisons, seed {figures['seed']}:",
        f"{'epochs':<16}{'true drop':>10}{'fail':>8}{'pass':>8}{'open':>8}{'epochs run':>12}",
    ]
    for plan, drops in figures["simulated_gate"].items():
        for lost, share in drops.items():
            found.append(
                f"{plan:<16}{lost:>10}{share['fail']:>8.3f}{share['pass']:>8.3f}"
                f"{share['inconclusive']:>8.3f}{share['epochs']:>12.2f}"
            )
    return found


def _sizes(figures: dict[str, Any]) -> list[str]:
    drop = f"{100 * figures['drop']:g}"
    found = [
        f"Cases needed to see a drop of {drop} points (one-sided .05, power .80), by the share of verdicts "
        "that differ:",
        f"{'discordance':<16}{drop + ' points':>12}{'two-sided':>12}{'10 points':>12}{'3 points':>12}",
    ]
    for row in figures["cases_by_discordance"]:
        cells = [row[key] for key in ("one_sided", "two_sided", "ten_points", "three_points")]
        found.append(
            f"{row['discordance']:<16.2f}" + "".join(f"{'-' if n is None else n:>12}" for n in cells)
        )
    return found


def _rules(figures: dict[str, Any]) -> list[str]:
    def pairs(key: str, template: str) -> str:
        return ", ".join(template.format(k, v) for k, v in figures[key].items())

    drops = ", ".join(f"{100 * v:.1f} points at {k}" for k, v in figures["detectable_drop"].items())
    return [
        f"Needed at this discordance: {figures['needed_cases']} cases, each run once.",
        f"Smallest drop this set shows, by epochs: {drops}.",
        f"Cases needed by epochs (spread .1 between, .3 within): {pairs('cases_by_epochs', '{0}: {1}')}.",
        f"Variants of one seed count less, by their ICC: {pairs('design_effects', '{0}: 1/{1:.1f}')}.",
        "Cases without one failure that exclude a rate at 95 %: "
        f"{pairs('cases_without_a_failure', '{0}: {1}')}.",
    ]
