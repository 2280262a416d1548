"""The fields of a prompt's front matter that are lists or numbers: inputs, options, changelog."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from coach.adapters.prompt_front import Front
from coach.adapters.prompt_waivers import CHANGE_KEYS, KEYS, wrong
from coach.errors import Sentence

KINDS = ("major", "minor", "patch")

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_VARIABLE_NAME = re.compile(r"[a-z][a-z0-9_]*")
_INPUT_KEYS = ("name", "kind", "description", "required", "default", "enumValues")
_RANGES: Mapping[str, tuple[float, float]] = {"temperature": (0, 2), "maxOutputTokens": (1, 8192)}


@dataclass(frozen=True, slots=True)
class Input:
    """One variable of a prompt.

    Attributes:
        allowed: when not empty, the only values it takes; it then needs no fence around it.
    """

    name: str
    required: bool = False
    default: str = ""
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a prompt's changelog.

    Attributes:
        cost, signed: what a person decided, see prompt_waivers; "" where nothing is said.
    """

    version: str
    date: str  # ISO
    kind: str  # one of KINDS
    why: str
    evidence: str
    cost: str = ""
    signed: str = ""


def version_of(front: Front, path: tuple[str | int, ...]) -> str:
    """The version at a path; raises PromptRefused unless it is three numbers."""
    found = front.at(path)
    if not isinstance(found, str) or not _VERSION.fullmatch(found):
        raise front.refusal(path, "a version is three numbers such as 1.4.0")
    return found


def inputs_of(front: Front) -> tuple[Input, ...]:
    """The declared inputs, in order; raises PromptRefused for one that is not right."""
    found: list[Input] = []
    for place, _ in enumerate(front.items(("inputs",))):
        path = ("inputs", place)
        front.keys(path, _INPUT_KEYS, ("name", "kind"))
        name = front.text((*path, "name"))
        if not _VARIABLE_NAME.fullmatch(name) or name in {one.name for one in found}:
            reason = Sentence("the input {name} is not a new name in small letters", name=repr(name))
            raise front.refusal((*path, "name"), reason)
        if front.at((*path, "kind")) != "string":
            raise front.refusal((*path, "kind"), "an input is of kind string")
        required = front.at((*path, "required"))
        if required not in (None, True, False) or (
            required is True and front.at((*path, "default")) is not None
        ):
            raise front.refusal(path, "required is true or false, and a required input has no default")
        allowed = tuple(
            front.text((*path, "enumValues", n)) for n, _ in enumerate(front.items((*path, "enumValues")))
        )
        found.append(Input(name, required is True, front.text((*path, "default"), ""), allowed))
    return tuple(found)


def options_of(front: Front) -> Mapping[str, float]:
    """The model's options, empty when there are none; raises PromptRefused for one out of range."""
    if front.at(("model",)) is None:
        return {}
    # No model id and no connection here: which model answers is the choice of who runs the program.
    front.keys(("model",), ("options",))
    if front.at(("model", "options")) is None:
        return {}
    front.keys(("model", "options"), _RANGES)
    found: dict[str, float] = {}
    for key, value in front.at(("model", "options")).items():
        lowest, highest = _RANGES[key]
        # YAML's true is a number to Python, and a fraction of a token is none to a provider.
        number = not isinstance(value, bool) and isinstance(value, int | float)
        if not number or not lowest <= value <= highest or (lowest == 1 and value != int(value)):
            told = Sentence(
                "{key} is a number from {lowest:g} to {highest:g}", key=key, lowest=lowest, highest=highest
            )
            raise front.refusal(("model", "options", key), told)
        found[key] = value
    return found


def changelog(front: Front, version: str) -> tuple[Change, ...]:
    """The changelog, newest first; raises PromptRefused when it does not lead step by step to `version`."""
    found: list[Change] = []
    base = ("metadata", "changelog")
    for place, _ in enumerate(front.items(base)):
        path = (*base, place)
        front.keys(path, CHANGE_KEYS, [key for key in CHANGE_KEYS if key not in KEYS])
        day = front.at((*path, "date"))
        if not isinstance(day, datetime.date) or isinstance(day, datetime.datetime):
            raise front.refusal((*path, "date"), "the date is a day such as 2026-11-20")
        kind = front.text((*path, "kind"))
        if kind not in KINDS:
            raise front.refusal(
                (*path, "kind"), Sentence("the kind is one of {names}", names=", ".join(KINDS))
            )
        for key in KEYS:
            if reason := wrong(key, front.at((*path, key))):
                raise front.refusal((*path, key), reason)
        told = [front.text((*path, key)) for key in ("why", "evidence")]
        told += [front.text((*path, key), "") for key in KEYS]
        found.append(Change(version_of(front, (*path, "version")), day.isoformat(), kind, *told))
    if not found or found[0].version != version:
        newest = Sentence("the newest line of the changelog is not about {version}", version=version)
        raise front.refusal(base, newest)
    for place, (newer, older) in enumerate(itertools.pairwise(found)):
        if _step(older.version, newer.version) != newer.kind:
            step = Sentence(
                "{older} to {newer} is not a {kind} step",
                older=older.version,
                newer=newer.version,
                kind=newer.kind,
            )
            raise front.refusal((*base, place), step)
    return tuple(found)


def _step(older: str, newer: str) -> str:
    """Which part of a version went up by one with the parts after it at 0; empty for any other step."""
    before, after = ([int(part) for part in version.split(".")] for version in (older, newer))
    for place, kind in enumerate(KINDS):
        if after == [*before[:place], before[place] + 1, *[0] * (2 - place)]:
            return kind
    return ""
