"""Reads question frames from `prompts/embedded/frames.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from coach.adapters.safe_yaml import read_yaml
from coach.domain.frames import SLOT, Frame
from coach.domain.model import Lens, Stage
from coach.errors import Sentence, UserError

_KEYS = {"lens", "stage", "needs", "text"}


def load_frames(path: Path) -> tuple[Frame, ...]:
    """All frames of a file, in its order.

    Args:
        path: a YAML file with `version`, `changelog` and `frames` (kind -> list of frames).

    Raises:
        UserError: the file cannot be read, is not YAML, or a frame is malformed; the message names the file,
            the frame and the reason. Mend the file and start again.
    """
    try:
        content = read_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        told = Sentence("{file} cannot be read: {kind}.", file=path.name, kind=type(problem).__name__)
        raise UserError(told, "Check that it is there.") from problem
    except yaml.YAMLError as problem:
        told = Sentence("{file} is not valid YAML.", file=path.name)
        raise UserError(told, str(problem).replace("\n", " ")) from problem
    if not isinstance(content, dict) or not isinstance(content.get("frames"), dict):
        told = Sentence("{file} has no mapping named frames.", file=path.name)
        raise UserError(told, "It maps a kind of tension to its frames.")
    if not content.get("version") or not content.get("changelog"):
        told = Sentence("{file} lacks a version or a changelog.", file=path.name)
        raise UserError(told, "Add both at the top.")
    return tuple(
        _frame(path.name, str(kind), number, item)
        for kind, items in content["frames"].items()
        for number, item in enumerate(_listed(path.name, str(kind), items), 1)
    )


def _listed(name: str, kind: str, items: Any) -> list[Any]:
    if not isinstance(items, list):
        told = Sentence("{file}, {kind}: not a list of frames.", file=name, kind=kind)
        raise UserError(told, "Begin each frame with a dash.")
    return items


def _frame(name: str, kind: str, number: int, item: Any) -> Frame:
    where = Sentence("{file}, {kind}, frame {number:d}", file=name, kind=kind, number=number)
    if not isinstance(item, dict) or set(item) != _KEYS:
        told = Sentence("{where}: not exactly the keys {keys}.", where=where, keys=", ".join(sorted(_KEYS)))
        raise UserError(told, "Compare with its neighbours.")
    text, needs = item["text"], item["needs"]
    if (
        not isinstance(text, str)
        or not isinstance(needs, list)
        or not all(isinstance(slot, str) for slot in needs)
    ):
        told = Sentence("{where}: text is not a text or needs is not a list.", where=where)
        raise UserError(told, "Compare with its neighbours.")
    if set(SLOT.findall(text)) - set(needs):
        told = Sentence("{where}: the text names a slot that is not in needs.", where=where)
        raise UserError(told, "Add it to needs.")
    if not needs or text.count("?") != 1 or not text.endswith("?"):
        told = Sentence("{where}: not one question about the member's words.", where=where)
        raise UserError(told, "End it with its only question mark.")
    try:
        return Frame(kind, text, Lens(item["lens"]), Stage(item["stage"]), tuple(needs))
    except ValueError as problem:
        told = Sentence("{where}: {problem}.", where=where, problem=str(problem))
        raise UserError(told, "Use a lens and a stage of the house.") from problem
