"""`coach eval compare`, `report` and `export`: what can be said of runs that are there already."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from coach.errors import UserError
from evals.run_commands import REPORT, Form, Format, Junit, say, show

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
    show(result_of(judged), form, (other or run) / ARMS, junit)


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
    from evals.results import result_of

    text = _rendered(kind, result_of(read_record(run)), run)
    if out is None:
        sys.stdout.write(text)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")


def export(
    run: RunFolder,
    out: Annotated[Path, typer.Option(help="The file to write.", show_default=False)],
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="A checked copy of the record; the default.")
    ] = False,
    inspect: Annotated[bool, typer.Option("--inspect", help="Logs for the viewer of inspect-ai.")] = False,
) -> None:
    """Hand a run to another program: its record as JSON lines, or logs for the viewer of inspect-ai.

    Example: coach eval export my-run --jsonl --out run.jsonl
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


def _rendered(kind: Kind, result: object, run: Path) -> str:
    from importlib import import_module

    from evals.planning import ARMS

    name = {Kind.TEXT: "summary", Kind.JSON: "as_json"}.get(kind, kind.value)
    try:
        module = import_module(f"evals.reports.{name}")
    except ModuleNotFoundError:
        raise UserError(f"There is no report as {kind.value} yet.", f"Please use {REPORT}.") from None
    arms = (run / ARMS,) if kind is Kind.GITHUB else ()
    return str(module.render(result, *arms))
