"""What the embedded writer reads of prompts/embedded: frames, general questions, the reasons it gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from coach.adapters.frame_files import load_frames
from coach.adapters.safe_yaml import not_yaml, read_yaml
from coach.domain.choosing import Source
from coach.domain.frames import SLOT, Frame
from coach.domain.model import BankQuestion, Lens, Stage
from coach.errors import Sentence, SettingsRefused

SITUATION = "{situation}"  # the one place of a why
_NAMES_ONE = f"source.{Source.BANK.value}"  # the why that has it
_RESTORE = "Please restore it from the last version that worked."
_QUOTED = 160  # characters of a sentence that is refused


@dataclass(frozen=True, slots=True)
class EmbeddedPrompts:
    """The embedded writer's words.

    Attributes:
        frames: on tensions of a text.
        general_frames, general_questions: for a text that is near to nothing.
        whys: what stands behind "why this question?", by source and by lens.
        version: of the whole, the versions of the files joined.
    """

    frames: tuple[Frame, ...]
    general_frames: tuple[Frame, ...]
    general_questions: tuple[BankQuestion, ...]
    whys: dict[str, str]
    version: str


def read_embedded(folder: Path) -> EmbeddedPrompts:
    """Read the files.

    Raises:
        UserError: a file is missing or malformed; the sentence names it and what is wrong.
    """
    names = ("frames.yaml", "general.yaml", "whys.yaml")
    content = {name: _mapping(folder / name) for name in names}
    return EmbeddedPrompts(
        frames=_frames(folder / "frames.yaml"),
        general_frames=_frames(folder / "general.yaml"),
        general_questions=_questions(content["general.yaml"]),
        whys=_whys(content["whys.yaml"]),
        version="-".join(str(content[name].get("version", "0")) for name in names),
    )


def _mapping(file: Path) -> dict[str, Any]:
    try:
        found = read_yaml(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as fault:
        raise _refused(file.name, type(fault).__name__) from fault
    except yaml.YAMLError as fault:
        raise SettingsRefused(not_yaml(file.name, fault), _RESTORE) from fault
    if not isinstance(found, dict):
        raise _refused(file.name, "it is not a list of names and values")
    return found


def _frames(file: Path) -> tuple[Frame, ...]:
    frames = load_frames(file)
    for frame in frames:
        if _braces(SLOT.sub("", frame.text)):
            raise _refused(
                file.name, Sentence("in “{text}” a brace belongs to no slot", text=_short(frame.text))
            )
    return frames


def _questions(content: dict[str, Any]) -> tuple[BankQuestion, ...]:
    try:
        found = tuple(
            BankQuestion(str(row["text"]), Lens(row["lens"]), Stage(row["stage"]))
            for row in content["questions"]
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise _refused(
            "general.yaml", Sentence("a question is malformed: {fault}", fault=str(fault))
        ) from fault
    for one in found:  # asked as it stands
        if _braces(one.text):
            raise _refused(
                "general.yaml", Sentence("in “{text}” a brace belongs to no slot", text=_short(one.text))
            )
    return found


def _whys(content: dict[str, Any]) -> dict[str, str]:
    whys = content.get("whys")
    if not isinstance(whys, dict):
        raise _refused("whys.yaml", "it has no mapping named whys")
    needed = [f"lens.{lens.value}" for lens in Lens] + [f"source.{source.value}" for source in Source]
    missing = [key for key in needed if key not in whys]
    if missing:
        raise _refused("whys.yaml", Sentence("{name} is missing", name=missing[0]))
    found = {str(key): str(value) for key, value in whys.items()}
    for key, text in found.items():
        if _braces(text.replace(SITUATION, "") if key == _NAMES_ONE else text):
            told = Sentence(
                "in “{text}” only {place} may stand between braces, and only in {name}",
                text=_short(text),
                place=SITUATION,
                name=_NAMES_ONE,
            )
            raise _refused("whys.yaml", told)
    return found


def _braces(text: str) -> bool:
    return "{" in text or "}" in text


def _short(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


def _refused(name: str, reason: str) -> SettingsRefused:
    return SettingsRefused(
        Sentence("The prompt file {file} cannot be used: {reason}.", file=name, reason=reason),
        _RESTORE,
    )
