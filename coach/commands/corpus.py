"""ingest: corpus files into the library and the index."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from coach.bootstrap import Coach
from coach.commands.inputs import say_json
from coach.domain.model import PROGRAMME
from coach.errors import UserError
from coach.ports import Corpus, Quarantined
from coach.services.ingest import Taken


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("ingest")(ingest)


def ingest(
    folder: Annotated[
        str, typer.Argument(help="The corpus folder; nothing reads the one that came along.")
    ] = "",
    group: Annotated[str, typer.Option(help="Id of the group whose own cases these are.")] = "",
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build the index anew in any case.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Read case studies, guidelines and situations in. Doing it twice changes nothing.

    Example: coach ingest corpus/
    """
    from coach.commands.opening import opened

    with opened() as coach:
        source = Path(folder) if folder else None
        if source is not None and not source.is_dir():
            raise UserError(
                f"There is no folder {folder!r}.", "Please give the folder that holds cases/ and situations/."
            )
        read, taken = take_corpus(coach, source, group or PROGRAMME, rebuild)
    if as_json:
        say_json(
            {
                "situations": taken.situations,
                "documents": taken.documents,
                "withdrawn": taken.withdrawn,
                "rebuilt": taken.rebuilt,
                "left_out": [
                    {"file": one.file, "line": one.line, "reason": one.reason} for one in read.quarantined
                ],
            }
        )
    else:
        typer.echo(
            f"{taken.situations} situations and {taken.documents} documents are in; "
            f"{taken.withdrawn} were withdrawn; "
            f"the index was {'built anew' if taken.rebuilt else 'already right'}."
        )


def take_corpus(
    coach: Coach, folder: Path | None = None, scope: str = PROGRAMME, rebuild: bool = False
) -> tuple[Corpus, Taken]:
    """Read a corpus folder in, with a progress bar on standard error; name what was left out.

    Raises:
        UserError: nothing in the folder could be read.
    """
    from coach.bundled import bundled

    read = coach.parts.read_corpus(folder or coach.settings.corpus or bundled("corpus"), scope)
    _name_left_out(read.quarantined)
    if not read.documents and not read.situations:
        raise UserError(
            "This folder holds nothing that can be read in.", "It needs cases/, guidelines/ or situations/."
        )
    if scope != PROGRAMME:
        coach.parts.people.group(scope)  # NotFound before anything is written
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("reading the corpus", total=len(read.documents))

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        unreadable = [one.id for one in read.quarantined]
        taken = coach.ingest.take(
            read.situations, read.documents, scope, progress, rebuild, unreadable=unreadable
        )
        bar.update(task, description="reading the situations")
        coach.retriever.warm()
    return read, taken


def _name_left_out(files: tuple[Quarantined, ...]) -> None:
    for one in files:
        print(f"left out: {one.file}, line {one.line}: {one.reason}", file=sys.stderr)
