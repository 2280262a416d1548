"""Raises the version of a prompt file and writes why, so that nobody has to do it by hand in YAML."""

from __future__ import annotations

import json
import re
from datetime import date

from yaml.reader import Reader

from coach.adapters.prompt_files import SUFFIX

KINDS = ("patch", "minor")
LONGEST_WHY = 300  # characters
NOT_JUDGED = "none yet"  # the evidence of a draft, until a run has judged it

_NUMBER = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_VERSION = re.compile(
    r"^(?P<indent>[ ]*)version:[ \t]*['\"]?(?P<number>[^\s'\"#]+)['\"]?(?P<rest>[ \t]*(?:#.*)?)$", re.M
)
_CHANGES = re.compile(
    r"^(?P<indent>[ ]*)changelog:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*(?=(?P<item>[ ]*)- )", re.M
)
_FRONT = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*$", re.M | re.S)


def raised(file: str, text: str, before: str, kind: str, why: str, today: date) -> str:
    """The text with a higher version and a new line on top of its list of changes.

    Args:
        file: its name, which says where version and changes stand.
        text: as a person wrote it.
        before: the version of the text it was made from.
        kind: one of KINDS.
        why: a sentence.
        today: for the line.

    Returns:
        The text as it was where its version is another one already, or where version or list are not of the
        form of our own files: then the person has to write them.
    """
    begin, end = _place(file, text)
    version, number = _VERSION.search(text, begin, end), _NUMBER.fullmatch(before)
    changes = _CHANGES.search(text, begin, end)
    if not (version and changes and number) or version["number"] != before or kind not in KINDS:
        return text
    if version["indent"] != changes["indent"]:
        return text
    major, minor, patch = map(int, number.groups())
    new = f"{major}.{minor + 1}.0" if kind == "minor" else f"{major}.{minor}.{patch + 1}"
    plain = Reader.NON_PRINTABLE.sub(" ", why)  # what YAML refuses
    said = json.dumps(" ".join(plain.split()), ensure_ascii=False)  # JSON's strings are YAML's
    line = (
        f"{changes['item']}- {{version: {new}, date: {today.isoformat()}, kind: {kind}, why: {said}, "
        f'evidence: "{NOT_JUDGED}"}}\n'
    )
    edits = [
        (changes.end(), changes.end(), line),
        (version.start(), version.end(), f"{version['indent']}version: {new}{version['rest']}"),
    ]
    for start, stop, words in sorted(edits, reverse=True):
        text = text[:start] + words + text[stop:]
    return text


def _place(file: str, text: str) -> tuple[int, int]:
    """Where the names of a file stand: all of a YAML file, the front of a prompt."""
    if not file.endswith(SUFFIX):
        return 0, len(text)
    front = _FRONT.match(text)
    return front.span(1) if front else (0, 0)
