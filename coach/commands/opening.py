"""Opening the program for a command, with a corpus in it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from coach.bootstrap import Coach
from coach.errors import IndexUnavailable
from coach.settings import Settings


@contextmanager
def opened(settings: Settings | None = None, corpus: bool = False) -> Iterator[Coach]:
    """The program, with the settings of this process.

    Args:
        settings: None reads the environment.
        corpus: read the corpus in when the library is empty, and bring the index in step.

    Yields:
        The program.
    """
    from coach.bootstrap import open_coach
    from coach.settings import read_settings

    with open_coach(settings or read_settings()) as coach:
        if corpus:
            ensure_corpus(coach)
        yield coach


def ensure_corpus(coach: Coach) -> None:
    """First use: read the corpus in. Later: build the index anew only if it does not fit the library.

    An index that cannot be built stops nobody from writing: it is said, and there are no sources until then.
    """
    from coach.commands.taking import take_corpus

    try:
        if not coach.parts.library.situations():
            print("coach: reading the corpus in, once …", file=sys.stderr)
            take_corpus(coach)
        else:
            coach.ingest.bring_in_step()
    except IndexUnavailable as fault:
        print(f"coach: {fault} Until then there are no case studies.", file=sys.stderr)
    coach.retriever.warm()
