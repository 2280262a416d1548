"""The corpus as people edit it: Markdown with a YAML head, and YAML for situations and methods.

One bad file never stops the rest: it is left out and named with its line and the reason.
"""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from coach.adapters.method_files import method
from coach.adapters.safe_yaml import unwanted_line
from coach.domain.model import (
    PROGRAMME,
    BankQuestion,
    Document,
    DocumentKind,
    Lens,
    Method,
    Outcome,
    Situation,
    Stage,
)
from coach.domain.text import clean
from coach.ports import Corpus, Quarantined

MOST_BYTES = 1_000_000
MOST_HEAD = 4_096
_FOLDERS = (("situations", "*.yaml"), ("cases", "*.md"), ("guidelines", "*.md"), ("methods", "*.yaml"))
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)?")
_ID_LINE = re.compile(r"""^["']?id["']?\s*:""", re.MULTILINE)
_BULLET = re.compile(r"^\s*[-*]\s+(.*\S)\s*$", re.MULTILINE)
_UNWANTED = "has a YAML anchor, alias or tag: please put what begins with & * ! or % in quotation marks"
_ASK_NEXT = re.compile(r"^##\s+What we would ask next\s*$(.*)", re.MULTILINE | re.DOTALL)


class Bad(Exception):
    """A reason to leave a file out, with its line; never leaves this module."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def read_corpus(folder: Path, scope: str = PROGRAMME) -> Corpus:
    """Everything readable under a corpus folder.

    Args:
        folder: holds cases/, guidelines/, situations/ and methods/; any of them may be missing.
        scope: who may read these documents: the programme, or a group's id.

    Returns:
        What could be read, in the order of file names, and what was left out and why. Ids are
        unique: of two files with one id the second is left out.
    """
    situations: dict[str, Situation] = {}
    documents: dict[str, Document] = {}
    methods: dict[str, Method] = {}
    quarantined: list[Quarantined] = []
    for file in _files(folder):
        name = file.relative_to(folder).as_posix()
        try:
            item = _read(file, folder, scope)
            if item is None:
                continue
            store = _place(item, situations, documents, methods)
            if item.id in store:
                raise Bad(f"the id {item.id!r} is taken by an earlier file")
            store[item.id] = item
        except Bad as bad:
            quarantined.append(Quarantined(name, bad.line, bad.reason))
        except Exception as fault:  # noqa: BLE001 - a hostile file breaks the YAML library in many ways
            quarantined.append(Quarantined(name, 1, f"cannot be read ({type(fault).__name__})"))
    return Corpus(
        tuple(situations.values()), tuple(documents.values()), tuple(quarantined), tuple(methods.values())
    )


def read_elsewhere(file: Path) -> tuple[str, ...]:
    """Texts about nothing of the vocabulary, `texts:` in a YAML file that comes with the program."""
    return tuple(" ".join(text.split()) for text in _strings(_mapping(_text(file), 0), "texts"))


def _place(
    item: Situation | Document | Method,
    situations: dict[str, Situation],
    documents: dict[str, Document],
    methods: dict[str, Method],
) -> dict[str, Any]:
    if isinstance(item, Situation):
        return situations
    return documents if isinstance(item, Document) else methods


def line_of(folder: Path, item_id: str, fragment: str) -> tuple[str, int]:
    """Where something stands, for those who mend it.

    Args:
        folder: the corpus.
        item_id: of a situation, document or method that was read from it.
        fragment: words to look for; the line where the first of them stand together is meant.

    Returns:
        File name relative to the folder, and the line, 1 when the words are not found.
    """
    wanted = " ".join(fragment.split())[:30]
    for file in _files(folder):
        if _named(file, folder) == item_id:
            text = file.read_text(encoding="utf-8-sig", errors="replace")
            found = re.search(r"\s+".join(map(re.escape, wanted.split())), text, re.IGNORECASE)
            line = text.count("\n", 0, found.start()) + 1 if wanted and found else 1
            return file.relative_to(folder).as_posix(), line
    return item_id, 1


def _files(folder: Path) -> Iterator[Path]:
    for kind, pattern in _FOLDERS:
        yield from sorted((folder / kind).rglob(pattern))


def _named(file: Path, folder: Path) -> str:
    """The id that a file's name promises: by it the earlier version of a file that is left out is kept."""
    return Quarantined(file.relative_to(folder).as_posix(), 1, "").id


def _read(file: Path, folder: Path, scope: str) -> Situation | Document | Method | None:
    if not file.resolve().is_relative_to(folder.resolve()):
        raise Bad("is a link to a file outside the corpus")
    kind = file.relative_to(folder).parts[0]
    if kind == "situations" and file.name == "families.yaml":
        return None
    text = _text(file)
    item, named = _item(text, kind, scope), _named(file, folder)
    if item.id != named:
        found = _ID_LINE.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else 1
        told = f"its id {item.id[:40]!r} is not its file name: please make it {named!r}, or rename the file"
        raise Bad(told, line)
    return item


def _item(text: str, kind: str, scope: str) -> Situation | Document | Method:
    if kind == "situations":
        return _situation(_mapping(text, 0), text)
    if kind == "methods":
        try:
            return method(_mapping(text, 0))
        except ValueError as fault:
            raise Bad(str(fault)) from None
    head, body, offset = _split(text)
    return _document(_mapping(head, 1), body, offset, DocumentKind(kind.removesuffix("s")), scope, text)


def _text(file: Path) -> str:
    status = file.stat()
    if not stat.S_ISREG(status.st_mode):
        raise Bad("is not a regular file")
    if status.st_size > MOST_BYTES:
        raise Bad(f"is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        return clean(file.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise Bad("is not UTF-8 text", fault.object[: fault.start].count(b"\n") + 1) from fault


def _split(text: str) -> tuple[str, str, int]:
    """Head, body, and the line on which the body begins."""
    lines = text.split("\n")
    if lines[0].strip() != "---":
        raise Bad("does not begin with a head between two lines of three dashes")
    try:
        end = next(place for place, line in enumerate(lines[1:], 1) if line.strip() == "---")
    except StopIteration:
        raise Bad("its head is not closed by a line of three dashes") from None
    head = "\n".join(lines[1:end])
    if len(head) > MOST_HEAD:
        raise Bad(f"its head is longer than {MOST_HEAD} characters")
    return head, "\n".join(lines[end + 1 :]).strip(), end + 2


def _mapping(head: str, offset: int) -> dict[str, Any]:
    try:
        line = unwanted_line(head)
        if line is not None:
            raise Bad(_UNWANTED, line + offset)
        found = yaml.load(head, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader that also refuses doubles
    except yaml.MarkedYAMLError as fault:
        line = (fault.problem_mark.line if fault.problem_mark else 0) + 1 + offset
        raise Bad(f"its YAML is broken: {fault.problem}", line) from fault
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        raise Bad("its YAML is broken", 1 + offset) from fault
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        raise Bad("its head is not a list of names and values", 1 + offset)
    return found


class _StrictLoader(yaml.SafeLoader):
    """Safe, and a name that stands twice is an error instead of a silent loss."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(None, None, f"{key.value!r} stands twice", key.start_mark)
            if isinstance(key.value, str):
                seen.add(key.value)
        return super().construct_mapping(node, deep)


def _document(
    head: dict[str, Any], body: str, offset: int, kind: DocumentKind, scope: str, text: str
) -> Document:
    _only(head, {"id", "title", "situations", "outcome", "function", "setting", "pair", "source"})
    if not body:
        raise Bad("has no text under its head", offset)
    asked = _ASK_NEXT.search(body)
    if kind is DocumentKind.CASE and asked is None:
        raise Bad('lacks the part "## What we would ask next"', offset)
    try:
        outcome = Outcome(_string(head, "outcome")) if kind is DocumentKind.CASE else None
    except ValueError:
        raise Bad("its outcome is none of worked, mixed, failed") from None
    return Document(
        id=_id(head),
        kind=kind,
        scope=scope,
        title=_string(head, "title"),
        body=body,
        situations=_strings(head, "situations"),
        questions=tuple(_BULLET.findall(asked.group(1))) if asked else (),
        outcome=outcome,
        function=_string(head, "function", ""),
        setting=_string(head, "setting", ""),
        source=_string(head, "source", ""),
        pair=_string(head, "pair", ""),
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
    )


def _situation(head: dict[str, Any], text: str) -> Situation:
    _only(
        head, {"id", "family", "name", "description", "signs", "questions", "cases", "guidelines", "voices"}
    )
    rows = head.get("questions")
    if not isinstance(rows, list) or not rows:
        raise Bad("has no questions")
    signs = _strings(head, "signs")
    if not signs:
        raise Bad("has no signs")
    return Situation(
        id=_id(head),
        family=_string(head, "family"),
        name=_string(head, "name"),
        description=" ".join(_string(head, "description").split()),
        signs=signs,
        questions=tuple(_question(row, text) for row in rows),
        cases=_strings(head, "cases"),
        guidelines=_strings(head, "guidelines"),
        voices=tuple(" ".join(voice.split()) for voice in _strings(head, "voices")),
    )


def _question(row: object, text: str) -> BankQuestion:
    if not isinstance(row, dict):
        raise Bad("one of its questions is not a group of text, lens and stage")
    words = row.get("text")
    if not isinstance(words, str) or not words.strip():
        raise Bad("one of its questions has no text")
    place = text.find(words[:40])
    line = text.count("\n", 0, max(place, 0)) + 1
    try:
        return BankQuestion(words.strip(), Lens(str(row.get("lens"))), Stage(str(row.get("stage"))))
    except ValueError as fault:
        raise Bad(f"the question {words[:40]!r} has an unknown lens or stage", line) from fault


def _only(head: dict[str, Any], known: set[str]) -> None:
    for name in head:
        if name not in known:
            raise Bad(f"its head has {name!r}, which means nothing here")


def _id(head: dict[str, Any]) -> str:
    found = _string(head, "id")
    if not _SLUG.fullmatch(found):
        raise Bad(f"its id {found[:40]!r} is not small letters, digits and hyphens")
    return found


def _string(head: dict[str, Any], name: str, default: str | None = None) -> str:
    found = head.get(name, default)
    if not isinstance(found, str) or (default is None and not found.strip()):
        raise Bad(f"its {name} is missing or not text")
    return found.strip()


def _strings(head: dict[str, Any], name: str) -> tuple[str, ...]:
    found = head.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise Bad(f"its {name} is not a list of texts")
    return tuple(one.strip() for one in found)
