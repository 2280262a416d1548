"""The command line: a contract, because other programs read its JSON."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path

import typer

from coach.errors import CoachError, UserError

FAULT, USAGE = 1, 2  # exit codes: ours to mend, yours to mend


def build() -> typer.Typer:
    """The whole app. Commands of `ui` and `evals` come in through the entry-point group `coach.commands`."""
    from coach.commands import asking, benching, corpus, people, store

    app = typer.Typer(
        name="coach",
        help="A coach that asks: reflections in, a mirror and open questions out.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        rich_markup_mode=None,
    )
    for module in (asking, corpus, people, store, benching):
        module.register(app)
    for point in sorted(entry_points(group="coach.commands"), key=lambda one: one.name):
        point.load()(app)
    return app


def main() -> None:
    """Entry point of the program `coach`."""
    _keep_to_ourselves()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A broken byte in a pipe is the text's fault, not a reason to die.
            stream.reconfigure(
                encoding="utf-8", errors="replace" if stream is sys.stdin else "backslashreplace"
            )
    try:
        build()()
    except UserError as refusal:
        _say(refusal)
        sys.exit(USAGE)
    except CoachError as fault:
        _say(fault)
        sys.exit(FAULT)
    except BrokenPipeError:  # the reader of our output has gone: nothing to report to
        sys.stderr.close()
        sys.exit(FAULT)
    except OSError as fault:
        print(f"coach: the system refused: {fault.strerror}. Please check space and rights.", file=sys.stderr)
        sys.exit(FAULT)
    except Exception as fault:  # noqa: BLE001 - the last door: whatever it was, no traceback and no text
        where = traceback.extract_tb(fault.__traceback__)[-1]
        print(
            f"coach: something went wrong inside ({type(fault).__name__} in {Path(where.filename).name}, "
            f"line {where.lineno}). Please report this line.",
            file=sys.stderr,
        )
        sys.exit(FAULT)


def _keep_to_ourselves() -> None:
    """What we write is for the account that runs us, and a crash leaves no picture of memory on the disk."""
    os.umask(0o077)
    with suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _say(error: CoachError) -> None:
    print(f"coach: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
