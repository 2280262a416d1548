"""`coach eval …`: contributed to the command line through the entry-point group `coach.commands`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the eval commands."""
    from evals import read_commands, run_commands
    from evals.exits import EvalGroup
    from evals.judge_command import judge
    from evals.mutate_command import mutate
    from evals.power_command import power

    evals = typer.Typer(help="Measure, and judge changes.", no_args_is_help=True, cls=EvalGroup)
    for command in (
        run_commands.run,
        run_commands.gate,
        read_commands.compare,
        read_commands.report,
        read_commands.export,
        power,
        mutate,
        judge,
        retrieval,
        reflections,
    ):
        evals.command(command.__name__)(command)
    app.add_typer(evals, name="eval")


def retrieval(
    beir: Annotated[Path, typer.Option(help="A folder with corpus.jsonl, queries.jsonl, qrels/test.tsv.")],
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """The product's own ranking on a labelled set, beside BM25 and plain embedding.

    Example: coach eval retrieval --beir my-set --json
    """
    from rich.console import Console
    from rich.progress import Progress

    from coach.bootstrap import open_rankers
    from coach.commands.inputs import say_json
    from coach.settings import read_settings
    from evals.retrieval import measure, read_beir

    labelled = read_beir(beir)
    rankers = open_rankers(read_settings())
    with Progress(console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("ranking", total=len(labelled.relevant))

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        figures = measure(labelled, rankers.embedder, rankers.word_index, progress)
    if as_json:
        say_json(figures)
        return
    names = list(figures["product"])
    typer.echo(f"{'':<10}" + "".join(f"{name:>10}" for name in names))
    for way, row in figures.items():
        typer.echo(f"{way:<10}" + "".join(f"{row[name]:>10.3f}" for name in names))


def reflections(
    half: Annotated[str, typer.Option(help="tune, report, or all.")] = "report",
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Situations, cases and strangers on this project's own labelled reflections.

    Example: coach eval reflections --half report
    """
    from coach.commands.inputs import say_json
    from coach.commands.opening import opened
    from evals.reflections import beside, measure, read_labelled

    labelled = read_labelled(half)
    with opened(corpus=True) as coach:
        figures, others = measure(coach, labelled), beside(coach, labelled)
    if as_json:
        say_json({**figures, "beside": others})
        return
    typer.echo(f"{'':<34} {'product':>8} " + " ".join(f"{name:>8}" for name in others))
    for name, value in figures.items():
        row = [value, *(other[name] for other in others.values() if name in other)]
        shown = " ".join(f"{one:>8.3f}" if isinstance(one, float) else f"{one:>8}" for one in row)
        typer.echo(f"{name:<34} {shown}")
