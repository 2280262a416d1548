"""The front matter of a prompt file: YAML without surprises, and where in the file each value stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from coach.adapters.prompt_body import PromptRefused
from coach.adapters.safe_yaml import PlainValues
from coach.errors import Sentence

LONGEST = 32_000  # characters of a front matter, changelog included
_DEEPEST = 12

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Front:
    """What the front matter says.

    Attributes:
        file: for error messages.
        values: maps, lists, strings, numbers, booleans, None and dates; every key is a string.
        lines: path of keys and places -> line in the file, from 1.
    """

    file: str
    values: Mapping[str, Any]
    lines: Mapping[Path, int] = field(default_factory=dict)

    def refusal(self, path: Path, reason: str) -> PromptRefused:
        """The error for what stands at `path`, or at the nearest place around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return PromptRefused(self.file, self.lines.get(path, 1), reason)

    def at(self, path: Path) -> Any:
        """The value at a path, None when there is none."""
        value: Any = self.values
        for key in path:
            if isinstance(value, dict):
                value = value.get(key)
            elif isinstance(value, list) and isinstance(key, int) and key < len(value):
                value = value[key]
            else:
                return None
        return value

    def keys(self, path: Path, allowed: Collection[str], needed: Collection[str] = ()) -> None:
        """Raises PromptRefused for a key that is not allowed, or missing, at `path`."""
        found = self.at(path)
        if not isinstance(found, dict):
            told = Sentence("{place} is not a map of keys and values", place=_name(path))
            raise self.refusal(path, told)
        for key in found:
            if key not in allowed:
                told = Sentence("{key} is not a key of {place}", key=repr(key), place=_name(path))
                raise self.refusal((*path, key), told)
        for key in needed:
            if key not in found:
                told = Sentence("{place} lacks {key}", place=_name(path), key=repr(key))
                raise self.refusal(path, told)

    def text(self, path: Path, default: str | None = None) -> str:
        """The string at `path`; raises PromptRefused when it is empty or something else."""
        value = self.at(path)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (not value.strip() and default is None):
            raise self.refusal(path, Sentence("{place} is not a text", place=_name(path)))
        return value

    def items(self, path: Path) -> list[Any]:
        """The list at `path`, empty when there is none; raises PromptRefused when it is no list."""
        value = self.at(path)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.refusal(path, Sentence("{place} is not a list", place=_name(path)))
        return value


def read_front(text: str, first_line: int, file: str) -> Front:
    """Read a front matter.

    Args:
        text: between the two lines of three dashes.
        first_line: where in the file it begins, from 1.
        file: for error messages.

    Raises:
        PromptRefused: not YAML, too long, too deep; a key twice; an alias, an anchor or a tag; a value that
            cannot be built, such as the 45th day of a month.
    """
    if len(text) > LONGEST:
        raise PromptRefused(file, first_line, "the front matter is too long")
    lines: dict[Path, int] = {}
    try:
        _no_references(text, first_line, file)
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            values = _value(loader, root, (), lines, first_line, file) if root else {}
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = first_line + (mark.line if mark else 0)
        told = Sentence("this is not YAML ({fault})", fault=str(fault.problem))
        raise PromptRefused(file, line, told) from None
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, RecursionError) as fault:
        told = Sentence("this is not YAML ({fault})", fault=type(fault).__name__)
        raise PromptRefused(file, first_line, told) from None
    if not isinstance(values, dict):
        raise PromptRefused(file, first_line, "the front matter is not a map of keys and values")
    return Front(file, values, lines)


class _Loader(PlainValues, yaml.SafeLoader):
    """In Python: a front matter is short, and what the loader in C says of a fault is shorter still."""


def _no_references(text: str, first_line: int, file: str) -> None:
    """Anchors, aliases and nesting make bombs, tags make objects; a prompt needs none of them.

    Events come one by one, so a bomb is seen long before it is read to its end.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = first_line + (event.start_mark.line if event.start_mark else 0)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise PromptRefused(file, line, "this is nested too deep")
        if getattr(event, "anchor", None) or isinstance(event, yaml.AliasEvent):
            raise PromptRefused(file, line, "anchors and aliases are not allowed")
        if getattr(event, "tag", None):
            raise PromptRefused(file, line, "YAML tags are not allowed")


def _value(
    loader: yaml.SafeLoader, node: yaml.Node, path: Path, lines: dict[Path, int], first_line: int, file: str
) -> Any:
    lines.setdefault(path, first_line + node.start_mark.line)
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(loader, one, (*path, place), lines, first_line, file)
            for place, one in enumerate(node.value)
        ]
    if not isinstance(node, yaml.MappingNode):
        return loader.construct_object(node)
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = first_line + key_node.start_mark.line
        key = loader.construct_object(key_node)
        if not isinstance(key, str):
            told = Sentence("the key {key} is not a text; put it in quotes", key=repr(key))
            raise PromptRefused(file, line, told)
        if key in found:
            raise PromptRefused(file, line, Sentence("{key} stands here twice", key=repr(key)))
        lines[(*path, key)] = line
        found[key] = _value(loader, value_node, (*path, key), lines, first_line, file)
    return found


def _name(path: Path) -> str:
    return ".".join(map(str, path)) or "the front matter"
