"""bench: the figures of the specification, as ratios measured in one run."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("bench")(bench)


def bench(quick: bool = False, as_json: bool = False) -> None:
    """Measure speed and memory, as ratios in one run.

    Example: coach bench
    """
    raise NotImplementedError
