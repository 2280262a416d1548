"""Reads question frames from `prompts/embedded/frames.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from coach.adapters.safe_yaml import SAFE_LOADER
from coach.domain.frames import SLOT, Frame
from coach.domain.model import Lens, Stage
from coach.errors import UserError

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
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=SAFE_LOADER)  # noqa: S506 - a safe loader
    except (OSError, UnicodeDecodeError) as problem:
        raise UserError(
            f"{path.name} cannot be read: {type(problem).__name__}.", "Check that it is there."
        ) from problem
    except yaml.YAMLError as problem:
        raise UserError(f"{path.name} is not valid YAML.", str(problem).replace("\n", " ")) from problem
    if not isinstance(content, dict) or not isinstance(content.get("frames"), dict):
        raise UserError(
            f"{path.name} has no mapping named frames.", "It maps a kind of tension to its frames."
        )
    if not content.get("version") or not content.get("changelog"):
        raise UserError(f"{path.name} lacks a version or a changelog.", "Add both at the top.")
    return tuple(
        _frame(path.name, str(kind), number, item)
        for kind, items in content["frames"].items()
        for number, item in enumerate(_listed(path.name, str(kind), items), 1)
    )


def _listed(name: str, kind: str, items: Any) -> list[Any]:
    if not isinstance(items, list):
        raise UserError(f"{name}, {kind}: not a list of frames.", "Begin each frame with a dash.")
    return items


def _frame(name: str, kind: str, number: int, item: Any) -> Frame:
    where = f"{name}, {kind}, frame {number}"
    if not isinstance(item, dict) or set(item) != _KEYS:
        raise UserError(
            f"{where}: not exactly the keys {', '.join(sorted(_KEYS))}.", "Compare with its neighbours."
        )
    text, needs = item["text"], item["needs"]
    if (
        not isinstance(text, str)
        or not isinstance(needs, list)
        or not all(isinstance(slot, str) for slot in needs)
    ):
        raise UserError(
            f"{where}: text is not a text or needs is not a list.", "Compare with its neighbours."
        )
    if set(SLOT.findall(text)) - set(needs):
        raise UserError(f"{where}: the text names a slot that is not in needs.", "Add it to needs.")
    if not needs or text.count("?") != 1 or not text.endswith("?"):
        raise UserError(
            f"{where}: not one question about the member's words.", "End it with its only question mark."
        )
    try:
        return Frame(kind, text, Lens(item["lens"]), Stage(item["stage"]), tuple(needs))
    except ValueError as problem:
        raise UserError(f"{where}: {problem}.", "Use a lens and a stage of the house.") from problem
