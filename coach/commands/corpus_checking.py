"""ingest --check, corpus report: for those who edit the corpus."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from coach.bootstrap import open_corpus_tools
from coach.commands.inputs import say_json
from coach.domain.coverage import coverage
from coach.errors import UserError
from coach.services.corpus_check import check
from coach.settings import read_settings


def say_faults(folder: Path | None, as_json: bool) -> None:
    """Print what should be mended, a line each: file:line: reason.

    Raises:
        UserError: there is something to mend, so that a script can see it by the exit code.
    """
    settings = read_settings()
    tools = open_corpus_tools(settings)
    folder = folder or tools.folder
    corpus = tools.read(folder)
    rows = [(one.file, one.line, one.reason) for one in corpus.quarantined]
    for fault in check(corpus, tools.embedder, tools.advice):
        rows.append((*tools.line_of(folder, fault.id, fault.fragment), fault.reason))
    rows.sort(key=lambda row: row[:2])
    if as_json:
        say_json([{"file": file, "line": line, "reason": reason} for file, line, reason in rows])
    else:
        for file, line, reason in rows:
            typer.echo(f"{file}:{line}: {reason}")
    if rows:
        raise UserError(
            "One place should be mended." if len(rows) == 1 else f"{len(rows)} places should be mended.",
            "Please change the files named above and check again.",
        )
    if not as_json:
        print("Nothing to mend.", file=sys.stderr)


def say_coverage(folder: Path | None, out: Path, as_json: bool) -> None:
    """Print the totals and write the page.

    Raises:
        UserError: the page cannot be written there.
    """
    tools = open_corpus_tools(read_settings())
    corpus = tools.read(folder or tools.folder)
    found = coverage(corpus.situations, corpus.documents, corpus.methods)
    if as_json:
        say_json(found.counts)
        return
    for name, count in found.counts.items():
        typer.echo(f"{name:<28} {count:>6}")
    try:
        out.write_text(tools.page(found), encoding="utf-8")
    except OSError as fault:
        raise UserError(
            f"The page cannot be written to {str(out)!r}.", "Please give another place with --out."
        ) from fault
    print(f"The heat map is in {out}.", file=sys.stderr)
