"""ingest: corpus files into the library and the index."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coach.commands.inputs import say_json
from coach.domain.model import PROGRAMME
from coach.errors import UserError


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("ingest")(ingest)
    corpus = typer.Typer(help="The corpus as its editors see it.", no_args_is_help=True)
    corpus.command("report")(report)
    app.add_typer(corpus, name="corpus")


def ingest(
    folder: Annotated[
        str, typer.Argument(help="The corpus folder; nothing reads the one that came along.")
    ] = "",
    group: Annotated[str, typer.Option(help="Id of the group whose own cases these are.")] = "",
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build the index anew in any case.")] = False,
    withdraw_all: Annotated[
        bool,
        typer.Option("--withdraw-all", help="The folder is empty on purpose: the group has no cases left."),
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Read nothing in; say what should be mended, by file and line.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Read case studies, guidelines and situations in. Doing it twice changes nothing.

    Example: coach ingest corpus/ --check
    """
    from coach.commands.opening import opened

    source = _folder(folder)
    if check:
        from coach.commands.corpus_checking import say_faults

        say_faults(source, as_json)
        return
    if withdraw_all and not group:
        raise UserError("The programme cannot be left without a corpus.", "Please name a group with --group.")
    from coach.commands.taking import take_corpus  # the progress bar takes a while to import

    with opened() as coach:
        read, taken = take_corpus(coach, source, group or PROGRAMME, rebuild, withdraw_all)
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


def report(
    folder: Annotated[
        str, typer.Argument(help="The corpus folder; nothing reads the one that came along.")
    ] = "",
    out: Annotated[str, typer.Option(help="The page to write.")] = "corpus-report.html",
    as_json: Annotated[bool, typer.Option("--json", help="Print the totals in JSON, write nothing.")] = False,
) -> None:
    """What the corpus covers: totals as a table, and a heat map as a page to open in a browser.

    Example: coach corpus report corpus/ --out coverage.html
    """
    from coach.commands.corpus_checking import say_coverage

    say_coverage(_folder(folder), Path(out), as_json)


def _folder(name: str) -> Path | None:
    """The folder that was named; None when none was.

    Raises:
        UserError: it is not there.
    """
    source = Path(name) if name else None
    if source is not None and not source.is_dir():
        raise UserError(
            f"There is no folder {name!r}.", "Please give the folder that holds cases/ and situations/."
        )
    return source
