"""The exit codes of `coach eval`: whatever happens, 1 means a regression and nothing else."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from coach.errors import CoachError, UserError
from evals.model import Exit


class EvalGroup(TyperGroup):
    """The group `eval`: its own usage errors and those of its commands end with Exit.USAGE."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """See click.Group; `coach eval --no-such-option`."""
        try:
            return super().parse_args(ctx, args)
        except Exception as fault:
            _mark_usage(fault)
            raise

    def invoke(self, ctx: Any) -> Any:
        """Run the command, and turn every fault into the code that says what it means."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, SystemExit, BrokenPipeError):
            raise
        except (KeyboardInterrupt, typer.Abort):
            _leave("stopped. A run that had begun can be continued with --resume.", Exit.INVALID)
        except UserError as refusal:
            _leave(str(refusal), Exit.USAGE)
        except CoachError as fault:
            _leave(str(fault), Exit.INVALID)
        except OSError as fault:
            told = f"the system refused: {fault.strerror}. Please check space and rights."
            _leave(told, Exit.INVALID)
        except Exception as fault:
            if _mark_usage(fault):
                raise
            where = traceback.extract_tb(fault.__traceback__)[-1]
            told = f"something went wrong inside ({type(fault).__name__} in {Path(where.filename).name}, "
            _leave(f"{told}line {where.lineno}). Please report this line.", Exit.INVALID)


def _mark_usage(fault: Exception) -> bool:
    """Typer's usage errors carry their exit code; the class is not part of its public names."""
    if not hasattr(fault, "exit_code") or not hasattr(fault, "format_message"):
        return False
    fault.exit_code = int(Exit.USAGE)
    return True


def _leave(told: str, code: Exit) -> None:
    print(f"coach: {told}", file=sys.stderr)
    raise typer.Exit(int(code)) from None
