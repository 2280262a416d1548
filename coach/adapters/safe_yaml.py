"""YAML of our own files: safe, and in C where this machine has it (ten times faster).

Whatever is wrong with such a text is one kind of error, `yaml.YAMLError`: the library lets a date that is
none, or a number too long to be read, out as errors of Python, and those no reader of a file expects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.scanner import ScannerError

from coach.errors import Sentence

_PYTHONS = (ValueError, TypeError, OverflowError, RecursionError)  # what the library lets through
_TEXT = "tag:yaml.org,2002:str"
_SHOWN = 40  # characters of a key that is refused


class PlainValues(SafeConstructor):
    """Refuses, where it stands, a value that cannot be built or written down, and a key that is no text."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            found = super().construct_object(node, deep)
            if isinstance(found, int):
                str(found)  # 0xfff… of thousands of digits can be read, and then neither hashed nor shown
        except _PYTHONS as fault:
            told = "this value is no number, date or time that can be read; put it in quotes"
            raise ConstructorError(None, None, told, node.start_mark) from fault
        return found

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        found = super().construct_mapping(node, deep)
        for key, _ in node.value:
            if key.tag != _TEXT:
                written = str(key.value)[:_SHOWN]
                told = Sentence("the key {key} is not a text; put it in quotes", key=written)
                raise ConstructorError(None, None, told, key.start_mark)
        return found


SAFE_LOADER: Any = type("SafeLoader", (PlainValues, getattr(yaml, "CSafeLoader", yaml.SafeLoader)), {})
DEEPEST = 12  # of lists and mappings within each other; our own files have five
_UNWANTED = (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken, yaml.DirectiveToken)
_OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_BEGUN = ("anchor", "alias", "tag", "directive")  # how the scanner's context ends where it met a half one


def read_yaml(text: str) -> Any:
    """What a text says.

    Args:
        text: of one file.

    Returns:
        Mappings with texts as keys, lists, texts, numbers, booleans, dates and None; None for an empty text.

    Raises:
        yaml.YAMLError: it is not YAML, is nested too deep, or has a value or a key that cannot be taken. It
            knows the line where the library knows it; see `not_yaml`.
    """
    try:
        for _ in _tokens(text):  # built from what is nested too deep, the library in C takes the process down
            pass
        return yaml.load(text, Loader=SAFE_LOADER)  # noqa: S506 - a safe loader
    except _PYTHONS as fault:
        raise yaml.YAMLError(type(fault).__name__) from fault


def not_yaml(file: str, fault: yaml.YAMLError) -> Sentence:
    """A fault of `read_yaml` as a sentence with file and line; line 1 where nobody knows it."""
    mark = getattr(fault, "problem_mark", None) or getattr(fault, "context_mark", None)
    problem = getattr(fault, "problem", None) or type(fault).__name__
    reason = Sentence("this is not YAML ({fault})", fault=problem)
    line = mark.line + 1 if mark else 1
    return Sentence("{file}, line {line:d}: {reason}.", file=file, line=line, reason=reason)


def unwanted_line(text: str) -> int | None:
    """Where a text has an anchor, an alias, a tag or a directive first, from 1; None where it has none.

    An alias can make a small file grow without end, and a tag can make objects. The tokens tell them from
    prose with an *emphasised* word, and they come one by one: nothing is built before they were all seen.

    Raises:
        yaml.YAMLError: it is not YAML, or lists and mappings lie deeper in each other than anybody needs;
            to read such a text to its end takes time that grows with the square of its depth.
    """
    try:
        return _unwanted_line(text)
    except ScannerError as fault:
        if fault.context_mark and str(fault.context).endswith(
            _BEGUN
        ):  # as in a title that is: *No* is a word
            return int(fault.context_mark.line) + 1
        raise


def _unwanted_line(text: str) -> int | None:
    unwanted = (token for token in _tokens(text) if isinstance(token, _UNWANTED))
    return next((int(token.start_mark.line) + 1 for token in unwanted), None)


def _tokens(text: str) -> Iterator[yaml.Token]:
    """All tokens, one by one, up to where a text is nested too deep; raises yaml.YAMLError there."""
    depth = 0
    for token in yaml.scan(text, Loader=SAFE_LOADER):
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        if depth > DEEPEST:
            raise yaml.MarkedYAMLError(problem="it is nested too deep", problem_mark=token.start_mark)
        yield token


def mapping_or_nothing(file: Path) -> Mapping[str, Any]:
    """The names and values of a file; nothing where there are none or it cannot be read.

    For those who look at a file beside its reader: that one refuses it, with the reason, when it opens it.
    """
    try:
        found = read_yaml(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return found if isinstance(found, dict) else {}
