"""Taking a corpus folder into the library and the index, with a progress bar."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from coach.bootstrap import Coach
from coach.domain.model import PROGRAMME
from coach.errors import UserError
from coach.ports import Corpus, Quarantined
from coach.services.ingest import Taken


def take_corpus(
    coach: Coach,
    folder: Path | None = None,
    scope: str = PROGRAMME,
    rebuild: bool = False,
    withdraw_all: bool = False,
) -> tuple[Corpus, Taken]:
    """Read a corpus folder in, with a progress bar on standard error; name what was left out.

    Args:
        withdraw_all: nothing in the folder is no mistake.

    Raises:
        UserError: nothing in the folder could be read.
    """
    from coach.bundled import bundled

    read = coach.parts.read_corpus(folder or coach.settings.corpus or bundled("corpus"), scope)
    _name_left_out(read.quarantined)
    if not (read.documents or read.situations or (withdraw_all and not read.quarantined)):
        raise UserError(
            "This folder holds nothing that can be read in.",
            "It needs cases/, guidelines/ or situations/; for a group without cases add --withdraw-all.",
        )
    if scope != PROGRAMME:
        coach.parts.people.group(scope)  # NotFound before anything is written
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("reading the corpus", total=len(read.documents))

        def progress(done: int, total: int) -> None:
            what = "reading the corpus" if done <= len(read.documents) else "reading the situations"
            bar.update(task, completed=done, total=total, description=what)

        unreadable = [one.id for one in read.quarantined]
        taken = coach.ingest.take(
            read.situations, read.documents, scope, progress, rebuild, unreadable=unreadable
        )
        coach.retriever.warm()
    return read, taken


def _name_left_out(files: tuple[Quarantined, ...]) -> None:
    for one in files:
        print(f"left out: {one.file}, line {one.line}: {one.reason}", file=sys.stderr)
