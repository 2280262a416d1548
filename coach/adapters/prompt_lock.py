"""Which version of each prompt is in force: `prompts.lock.json`, name -> version and sha256.

A prompt that changed without a new version would make two different texts look like one in every
result and log; the lock is how a test notices. What the embedded writer reads is locked as well, under
"embedded/" and the file's name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from coach.adapters.prompt_files import SUFFIX, read_prompt
from coach.adapters.safe_yaml import mapping_or_nothing

LOCK = "prompts.lock.json"
EMBEDDED = "embedded/"  # how the names of what the embedded writer reads begin
_NOT_CONTENT = ("version", "changelog", "status", "description", "name", "eval_tasks")

Lock = Mapping[str, Mapping[str, str]]


def current(folder: Path) -> dict[str, dict[str, str]]:
    """What the lock of this folder should say.

    Raises:
        PromptRefused: a prompt file is not right.
    """
    prompts = [read_prompt(path) for path in sorted(folder.glob(f"*{SUFFIX}"))]
    found = {prompt.name: {"version": prompt.version, "sha256": prompt.sha256} for prompt in prompts}
    for path in embedded_files(folder):
        version, sha256 = embedded_identity(path)
        found[f"{EMBEDDED}{path.stem}"] = {"version": version, "sha256": sha256}
    return found


def embedded_files(folder: Path) -> list[Path]:
    """What the embedded writer reads, below a prompts folder."""
    return sorted((folder / EMBEDDED).glob("*.y*ml"))


def embedded_identity(path: Path) -> tuple[str, str]:
    """Version and sha256 of a text of the embedded writer.

    The hash is of what a reader can see: comments, version, changelog and the like are left out. A file that
    is no YAML has the hash of its text; the program refuses it with its line when it opens it.
    """
    found = mapping_or_nothing(path)
    content = {key: value for key, value in found.items() if key not in _NOT_CONTENT}
    canonical = json.dumps(content, sort_keys=True, default=str) if found else path.read_text("utf-8")
    return str(found.get("version", "")), hashlib.sha256(canonical.encode()).hexdigest()


def unexplained(path: Path) -> str:
    """What a text of the embedded writer does not say of its version, one clause; "" when it says all.

    A prompt for a model has a loader that refuses these itself.
    """
    found = mapping_or_nothing(path)
    version, listed = str(found.get("version", "")), found.get("changelog")
    top = listed[0] if isinstance(listed, list) and listed else None
    if not version:
        return "it has no version"
    if not isinstance(top, dict):
        return "it has no changelog"
    if str(top.get("version", "")) != version:
        return f"its version is {version} and its changelog begins with {top.get('version')}"
    lacks = [key for key in ("date", "why") if not top.get(key)]
    return f"the first line of its changelog has no {' and no '.join(lacks)}" if lacks else ""


def stored(folder: Path) -> dict[str, dict[str, str]]:
    """What the lock says; nothing when there is none yet.

    Raises:
        ValueError: the lock is not a JSON object.
    """
    path = folder / LOCK
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if not isinstance(found, dict):
        raise ValueError(f"{LOCK} is not a JSON object")
    return found


def faults(now: Lock, locked: Lock) -> list[str]:
    """Where prompts and lock disagree, one sentence each; empty when all is well.

    Args:
        now: from `current`.
        locked: from `stored`.
    """
    found = [f"{name} is in the lock and not in the folder." for name in sorted(set(locked) - set(now))]
    for name, entry in now.items():
        before = locked.get(name)
        if before is None:
            found.append(f"{name} is not in the lock.")
        elif same_version_other_text(entry, before):
            found.append(f"{name} changed and is still {entry['version']}: raise the version and say why.")
        elif entry != before:
            found.append(f"{name} is {entry['version']} and the lock says {before.get('version')}.")
    return found


def same_version_other_text(now: Mapping[str, str], before: Mapping[str, str]) -> bool:
    """Whether a prompt changed without a new version."""
    return now["version"] == before.get("version") and now["sha256"] != before.get("sha256")


def write(folder: Path, lock: Lock) -> None:
    """Replace the lock of this folder."""
    (folder / LOCK).write_text(json.dumps(lock, indent=2, sort_keys=True) + "\n", encoding="utf-8")
