"""What a person may decide in a changelog line of a prompt: that its cost is accepted, that it is signed off.

    cost: accepted                  more tokens than the gate allows are wanted; it warns and does not fail
    signed: "who: why"              the figures decided nothing, and this person takes it all the same

Both belong to the version of their line. The evals read them (evals/waivers.py); nothing else does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from coach.adapters.safe_yaml import read_yaml
from coach.errors import Sentence

KEYS = ("cost", "signed")
CHANGE_KEYS = ("version", "date", "kind", "why", "evidence", *KEYS)
ACCEPTED = "accepted"
LONGEST = 300  # characters of a signature

_SIGNED = re.compile(r"(?P<who>[^:\n]*[^:\s]):\s+(?P<why>\S[^\n]*)")


def wrong(key: str, value: object) -> str:
    """What is wrong with one of KEYS, one clause; "" when it is right or not there."""
    if value is None:
        return ""
    if key == "cost":
        told = Sentence("the cost of a change is {word}, or nothing is said of it", word=ACCEPTED)
        return "" if value == ACCEPTED else told
    if isinstance(value, str) and len(value) <= LONGEST and _SIGNED.fullmatch(value.strip()):
        return ""
    return Sentence('a signature is "who: why" on one line, with at most {most} characters', most=LONGEST)


def parted(signed: str) -> tuple[str, str]:
    """Who signed, and why, without the full stop.

    Raises:
        ValueError: it is no signature.
    """
    found = _SIGNED.fullmatch(signed.strip())
    if found is None:
        raise ValueError("This is no signature.")
    return found["who"].strip(), found["why"].strip().rstrip(".")


def faults(file: Path) -> list[tuple[int, str]]:
    """What is wrong in the changelog of a text of the embedded writer: line and clause, in order.

    A prompt for a model has a loader that refuses these itself. A file that is not YAML, or has no list of
    changes, is a matter for the reader of that file.
    """
    text = file.read_text(encoding="utf-8")
    found: list[tuple[int, str]] = []
    for entry in _entries(text):
        for key, value in entry.items():
            # A key without a value is the rest of a sentence with a comma and without quotation marks.
            if key not in CHANGE_KEYS and value is not None:
                told = Sentence("{key} is not a key of a changelog line", key=repr(key))
                found.append((_line(text, key), told))
            elif key in KEYS and (reason := wrong(key, value)):
                found.append((_line(text, key), reason))
    return found


def of_newest(found: Mapping[str, Any]) -> dict[str, str]:
    """The waivers of an embedded text's version, from its newest line; none where that line is not right.

    Args:
        found: the file's content, with `version` and `changelog`.
    """
    listed = found.get("changelog")
    top = listed[0] if isinstance(listed, list) and listed else None
    if not isinstance(top, dict) or str(top.get("version", "")) != str(found.get("version", "")):
        return {}
    return {key: str(top[key]) for key in KEYS if top.get(key) is not None and not wrong(key, top[key])}


def _entries(text: str) -> list[dict[str, Any]]:
    try:
        found = read_yaml(text)
    except yaml.YAMLError:
        return []
    listed = found.get("changelog") if isinstance(found, dict) else None
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _line(text: str, key: str) -> int:
    """Where a key of a changelog line stands first; 1 when it cannot be found."""
    sought = re.compile(rf"\b{re.escape(str(key))}['\"]?\s*:")
    return next((n for n, line in enumerate(text.split("\n"), 1) if sought.search(line)), 1)
