"""`coach eval compare`, `report` and `export`: what can be said of runs that are there already."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coach.errors import UserError
from evals.run_commands import Files, Form, Format, Html, Junit, say, show, write_text

if TYPE_CHECKING:
    from evals.records import Held

RunFolder = Annotated[Path, typer.Argument(help="The folder of a run.", show_default=False)]


class Kind(StrEnum):
    """What a report is written as."""

    MARKDOWN = "markdown"
    HTML = "html"
    JUNIT = "junit"
    GITHUB = "github"
    JSON = "json"
    TEXT = "text"


def compare(
    run: RunFolder,
    other: Annotated[
        Path | None, typer.Argument(help="A second run: then the first is the baseline.", show_default=False)
    ] = None,
    form: Format = Form.TEXT,
    junit: Junit = None,
    html: Html = None,
) -> None:
    """Judge what was run already: the two arms of one run, or the candidates of two.

    Example: coach eval compare monday/ tuesday/
    """
    from evals.merging import merged
    from evals.planning import ARMS
    from evals.record_reading import read_record
    from evals.results import result_of

    held = merged(read_record(run), read_record(other)) if other else read_record(run)
    if len(held.manifest.arms) < 2:
        raise UserError("This run has one arm only.", "Please give a second run to compare it with.")
    judged = replace(held, manifest=replace(held.manifest, command="gate"))
    result = result_of(judged)
    Files(junit, html).write(result, lambda: judged)
    show(result, form, (other or run) / ARMS)


def report(
    run: RunFolder,
    kind: Annotated[
        Kind, typer.Option("--format", help="markdown, html, junit, github, json or text.")
    ] = Kind.MARKDOWN,
    out: Annotated[Path | None, typer.Option(help="A file; left out, standard output.")] = None,
) -> None:
    """Write the report of a run again. Ends with 0 if the run is valid, whatever it found.

    Example: coach eval report my-run --format html --out report.html
    """
    from evals.record_reading import read_record

    text = _rendered(kind, read_record(run), run)
    if out is None:
        sys.stdout.write(text)
    else:
        write_text(out, text)


def export(
    run: RunFolder,
    out: Annotated[
        Path, typer.Option(help="The file to write, or the folder of the logs.", show_default=False)
    ],
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="A checked copy of the record; the default.")
    ] = False,
    inspect: Annotated[
        bool, typer.Option("--inspect", help="Logs for the viewer of inspect-ai, into a folder.")
    ] = False,
) -> None:
    """Hand a run to another program: its record as JSON lines, or logs for the viewer of inspect-ai.

    The logs need no other package; to look at them, install inspect-ai elsewhere and run: inspect view.

    Example: coach eval export my-run --inspect --out logs
    """
    from evals.record_reading import read_record
    from evals.results import result_of

    if jsonl and inspect:
        raise UserError("Two forms do not fit into one file.", "Please choose --jsonl or --inspect.")
    held = read_record(run)
    result_of(held)  # an invalid run is not handed on
    if inspect:
        from evals.inspect_log import write_logs

        for file in write_logs(held, out):
            say(f"Written: {file}")
        return
    from evals.records import lines_of

    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in lines_of(held)), "utf-8")


def _rendered(kind: Kind, held: Held, run: Path) -> str:
    from evals.planning import ARMS
    from evals.reports import as_json, github, html, junit, markdown, summary
    from evals.results import result_of

    result = result_of(held)
    if kind is Kind.HTML:
        return html.render(result, held)
    if kind is Kind.GITHUB:
        return github.render(result, run / ARMS)
    plain = {Kind.MARKDOWN: markdown, Kind.JUNIT: junit, Kind.JSON: as_json, Kind.TEXT: summary}
    return str(plain[kind].render(result))
