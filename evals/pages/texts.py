"""A prompt file as a person reads it: what it is, what changed in it, which tasks look at it, its rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from coach.adapters.prompt_body import Block
from coach.adapters.prompt_files import SUFFIX, read_prompt
from coach.adapters.prompt_lock import EMBEDDED
from coach.adapters.safe_yaml import SAFE_LOADER
from coach.errors import Sentence
from evals import tasks
from evals.arms import identities, tasks_of
from evals.model import Mode

READERS = {f"{EMBEDDED}signposts": "screen", f"{EMBEDDED}whys": "whys"}  # the rest is the bank's


@dataclass(frozen=True, slots=True)
class Changed:
    """One line of a changelog."""

    version: str
    date: str
    why: str
    kind: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PromptView:
    """A prompt in a list.

    Attributes:
        key: as run records name it, e.g. "embedded/frames"; name: without the folder.
        file: below the folder of the prompts.
        for_model: a language model reads it; else the embedded writer does.
        tasks: families of the suite that look at it; `missing` are named and not there yet.
        all_tasks: it names none, so every task looks at it that runs with its reader.
        reader: "model", "screen", "bank", or "whys" for what the bank says when it is asked why.
    """

    key: str
    name: str
    file: str
    version: str
    sha256: str
    status: str
    description: str
    changes: tuple[Changed, ...]
    tasks: tuple[str, ...]
    missing: tuple[str, ...]
    all_tasks: bool
    for_model: bool
    reader: str = "bank"


def views(folder: Path) -> tuple[PromptView, ...]:
    """Every prompt of a folder: those for a model first. Takes about a second: see `Shelf.views`.

    Raises:
        UserError: a prompt file is not right.
    """
    found = [_view(folder, name, entry) for name, entry in identities(folder).items()]
    return tuple(sorted(found, key=lambda view: (not view.for_model, view.name)))


def differing(one: Sequence[PromptView], other: Sequence[PromptView]) -> list[str]:
    """Keys of the prompts that a reader or a model would find different, new or gone."""
    left, right = ({view.key: view.sha256 for view in side} for side in (one, other))
    return [key for key in sorted(set(left) | set(right)) if left.get(key) != right.get(key)]


def tasks_for(key: str, *sides: Sequence[PromptView]) -> tuple[str, ...]:
    """The tasks that look at a prompt, on any side; a prompt that names none concerns all of them."""
    found = [view for side in sides for view in side if view.key == key]
    named = {task for view in found if not view.all_tasks for task in view.tasks}
    return tuple(task for task in tasks.names() if not named or task in named)


def blocks_of(folder: Path, file: str) -> tuple[Block, ...]:
    """The messages of a prompt for a model; none for a file of the embedded writer."""
    return read_prompt(folder / file).blocks if file.endswith(SUFFIX) else ()


def _view(folder: Path, name: str, entry: Mapping[str, str]) -> PromptView:
    told = tasks_of([name], folder)
    known = tasks.names()
    file = entry["file"]
    status, description, changes = (
        _of_prompt(folder / file) if file.endswith(SUFFIX) else _of_yaml(folder / file)
    )
    return PromptView(
        key=name,
        name=name.removeprefix(EMBEDDED),
        file=file,
        version=entry["version"],
        sha256=entry["sha256"],
        status=status,
        description=description,
        changes=changes,
        tasks=tuple(one for one in known if (_runs(one, name) if told is None else one in told)),
        missing=tuple(sorted(set(told or ()) - set(known))),
        all_tasks=told is None,
        for_model=not name.startswith(EMBEDDED),
        reader=READERS.get(name, "bank") if name.startswith(EMBEDDED) else "model",
    )


def _runs(task: str, key: str) -> bool:
    mode = Mode.EMBEDDED if key.startswith(EMBEDDED) else Mode.STUB
    return mode in tasks.task(task).modes


def _of_prompt(path: Path) -> tuple[str, str, tuple[Changed, ...]]:
    prompt = read_prompt(path)
    changes = tuple(
        Changed(one.version, str(one.date), one.why, one.kind, _backed(one.evidence, one.cost, one.signed))
        for one in prompt.changelog
    )
    return prompt.status, prompt.description, changes


def _of_yaml(path: Path) -> tuple[str, str, tuple[Changed, ...]]:
    text = path.read_text(encoding="utf-8")
    found: Any = yaml.load(text, Loader=SAFE_LOADER)  # noqa: S506 - a safe loader
    if not isinstance(found, dict):
        return "", "", ()
    listed = found.get("changelog")
    changes = tuple(
        Changed(
            version=str(one.get("version", "")),
            date=str(one.get("date", "")),
            why=str(one.get("why", "")),
            kind=str(one.get("kind", "")),
            evidence=_backed(*(str(one.get(key) or "") for key in ("evidence", "cost", "signed"))),
        )
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict)
    )
    return str(found.get("status", "")), str(found.get("description", "")) or _opening(text), changes


def _backed(evidence: str, cost: str, signed: str) -> tuple[str, ...]:
    """What a change rests on: runs, and what people decided over them."""
    told = (
        evidence,
        Sentence("cost {cost}", cost=cost) if cost else "",
        Sentence("signed off by {signed}", signed=signed) if signed else "",
    )
    return tuple(one for one in told if one)


def _opening(text: str) -> str:
    """What the comment at the head of a file says first."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# ").rstrip())
    return " ".join(lines).partition(". ")[0].rstrip(".") if lines else ""
