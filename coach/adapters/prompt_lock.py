"""Which version of each prompt is in force: `prompts.lock.json`, name -> version and sha256.

A prompt that changed without a new version would make two different texts look like one in every
result and log; the lock is how a test notices.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from coach.adapters.prompt_files import SUFFIX, read_prompt

LOCK = "prompts.lock.json"

Lock = Mapping[str, Mapping[str, str]]


def current(folder: Path) -> dict[str, dict[str, str]]:
    """What the lock of this folder should say.

    Raises:
        PromptRefused: a prompt file is not right.
    """
    prompts = [read_prompt(path) for path in sorted(folder.glob(f"*{SUFFIX}"))]
    return {prompt.name: {"version": prompt.version, "sha256": prompt.sha256} for prompt in prompts}


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
