"""What commands read: a file, a pipe, lines of JSON; and how they answer in JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach.errors import UserError

MOST_BYTES = 200_000_000  # of one input; a single reflection has a limit of its own


@dataclass(frozen=True, slots=True)
class Line:
    """One line of JSON input; the id goes back as it came."""

    id: Any
    text: str


def read_text(file: str) -> str:
    """All of a file, or of standard input when it is "-" or absent.

    Raises:
        UserError: not there, not readable, or too large.
    """
    if file in {"", "-"}:
        # Windows writes a mark before a piped file; in a file by name utf-8-sig takes it away.
        return sys.stdin.read(MOST_BYTES).removeprefix("\ufeff")
    path = Path(file)
    try:
        if not path.is_file():
            raise UserError(
                f"There is no file {file!r}.", "Please check the name, or use - for standard input."
            )
        if path.stat().st_size > MOST_BYTES:
            raise UserError(
                f"The file {file!r} is larger than {MOST_BYTES // 1_000_000} MB.", "Please split it."
            )
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as fault:
        raise UserError(
            f"The file {file!r} cannot be read: {fault.strerror}.", "Please check its rights."
        ) from fault


def read_jsonl(file: str) -> Iterator[Line]:
    """Lines of {"id", "text"}; empty lines are passed over.

    Raises:
        UserError: a line is not of that form; it is named by its number, without its text.
    """
    for number, raw in enumerate(read_text(file).split("\n"), 1):
        if not raw.strip():
            continue
        try:
            row = json.loads(raw)
            yield Line(row["id"], row["text"] if isinstance(row["text"], str) else str(row["text"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise UserError(
                f"Line {number} is not of the agreed form.",
                'Each line is a JSON object with "id" and "text".',
            ) from None


def say_json(value: Any, indent: int | None = None) -> None:
    """Print one JSON value in one line, at once, so that a reader in a pipe need not wait."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    sys.stdout.write(text.encode("utf-8", "replace").decode() + "\n")
    sys.stdout.flush()
