"""The prompts of an arm: from a revision of the repository, from a folder, or as they lie here.

Only prompts/ is ever taken from a revision: both arms run the code and the cases of today. Each arm is
copied into the run's folder first, so that a file edited meanwhile, or a resume next week, changes nothing.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path

from coach.adapters import prompt_waivers
from coach.adapters.prompt_body import PromptRefused
from coach.adapters.prompt_files import SUFFIX, read_prompt
from coach.adapters.prompt_lock import EMBEDDED, embedded_files, embedded_identity
from coach.adapters.safe_yaml import mapping_or_nothing
from coach.bundled import bundled
from coach.errors import UserError
from evals.records import ArmNote

GIT = "git:"
_SECONDS = 60


def take_prompts(source: str, into: Path, beside: Path | None = None) -> ArmNote:
    """Copy the prompts of an arm.

    Args:
        source: "git:REV", a folder, or "" for the prompts of the working tree (of the program).
        into: where the copy goes; replaced.
        beside: the prompts folder in whose repository a revision is looked up; None for the program's.

    Returns:
        What was taken, each prompt with version and hash.

    Raises:
        UserError: no such revision or folder, no prompts in it, or no git.
        PromptRefused: a prompt file is not right.
    """
    shutil.rmtree(into, ignore_errors=True)
    here = beside or bundled("prompts")
    commit = ""
    if source.startswith(GIT):
        commit = _take_revision(source.removeprefix(GIT), here, into)
    else:
        folder = Path(source) if source else here
        if not folder.is_dir():
            raise UserError(f"There is no folder {source!r}.", "Please give a folder, or git:REVISION.")
        shutil.copytree(folder, into)
        here = folder
    prompts = identities(into)
    if not prompts:
        raise UserError(f"There are no prompts in {source or here.name!r}.", "Please give a prompts folder.")
    return ArmNote(source, commit, _prefix(here), prompts)


def identities(folder: Path) -> dict[str, dict[str, str]]:
    """Name -> version, sha256 and file of every prompt, what the embedded writer reads included; and what
    the line of that version in the changelog decides (`cost`, `signed`), where it does.

    The hash is of what a reader or a model can see: comments, versions and changelogs are left out.

    Raises:
        PromptRefused: a prompt file is not right.
    """
    found = {}
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        prompt = read_prompt(path)
        top = prompt.changelog[0]
        decided = {key: value for key, value in (("cost", top.cost), ("signed", top.signed)) if value}
        found[prompt.name] = {
            "version": prompt.version,
            "sha256": prompt.sha256,
            "file": path.name,
            **decided,
        }
    for path in embedded_files(folder):
        version, sha256 = embedded_identity(path)
        file = f"{EMBEDDED}{path.name}"
        decided = prompt_waivers.of_newest(mapping_or_nothing(path))
        found[f"{EMBEDDED}{path.stem}"] = {"version": version, "sha256": sha256, "file": file, **decided}
    return found


def check_changelogs(folder: Path) -> None:
    """Refuse a changelog of the embedded writer's texts that decides something in words nobody knows.

    Raises:
        PromptRefused: with file and line. A decision that is misspelt would be passed over in silence.
    """
    for path in embedded_files(folder):
        for line, reason in prompt_waivers.faults(path):
            raise PromptRefused(f"{EMBEDDED}{path.name}", line, reason)


def changed(baseline: ArmNote, candidate: ArmNote) -> list[str]:
    """Names of the prompts that differ, are new, or are gone."""
    one, other = baseline.prompts, candidate.prompts
    return [
        name
        for name in sorted(set(one) | set(other))
        if one.get(name, {}).get("sha256") != other.get(name, {}).get("sha256")
    ]


def tasks_of(names: Iterable[str], *folders: Path) -> set[str] | None:
    """The tasks that the prompts name under `eval_tasks`, in any of the folders.

    Returns:
        None when a prompt names none: then all tasks concern it.
    """
    found: set[str] = set()
    for name in names:
        tasks = {task for folder in folders for task in _eval_tasks(folder, name)}
        if not tasks:
            return None
        found |= tasks
    return found


def _eval_tasks(folder: Path, name: str) -> tuple[str, ...]:
    if not name.startswith(EMBEDDED):
        path = folder / f"{name}{SUFFIX}"
        return read_prompt(path).eval_tasks if path.exists() else ()
    told = mapping_or_nothing(folder / f"{name}.yaml").get("eval_tasks")
    return tuple(str(one) for one in told) if isinstance(told, list) else ()


# -- git ------------------------------------------------------------------------------------------------


def _take_revision(revision: str, here: Path, into: Path) -> str:
    found = git(here, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if not found:
        raise UserError(
            f"There is no revision {revision!r} of the prompts here.",
            "Please check its name, and that its history was fetched.",
        )
    commit, prefix = found.decode().strip(), _prefix(here)
    top = git(here, "rev-parse", "--show-toplevel")
    # From the top: within a folder, git archive looks for that folder inside the tree it is given.
    packed = top and git(Path(top.decode().strip()), "archive", "--format=tar", f"{commit}:{prefix}")
    if not packed:
        raise UserError(
            f"The revision {revision!r} has no folder {prefix or here.name!r}.",
            "Please choose a revision that has prompts.",
        )
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        tar.extractall(into, filter="data")
    return commit


def _prefix(here: Path) -> str:
    """The folder inside its repository, "" outside of one."""
    found = git(here, "rev-parse", "--show-prefix")
    return found.decode().strip().rstrip("/") if found else ""


def git(folder: Path, *arguments: str) -> bytes | None:
    """What a git command prints, None when it fails or when git is not there."""
    program = shutil.which("git")
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - git itself, no shell; a revision cannot pass for an option
            [program, "-C", str(folder), *arguments], capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 else None
