"""Which prompts are in force: those that evaluators activated, kept below the data folder.

    <home>/prompts/<version>/...        a whole folder of prompts, never changed once it is there
    <home>/prompts/active.json          the version in force and the hash of its files

Without `active.json` the prompts are those of the setting, or those that came with the program. The file is
replaced in one step, so that a reader sees the version before or the one after and nothing between.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

from coach.errors import Sentence, SettingsRefused, StoreUnavailable

FOLDER = "prompts"  # below the data folder
ACTIVE = "active.json"
AS_DELIVERED = ""  # the name of the prompts that nobody activated

_VERSION = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")  # also keeps a name from leaving the folder


def version_folder(home: Path, version: str) -> Path:
    """Where the files of a version lie.

    Raises:
        SettingsRefused: this cannot be the name of a version.
    """
    if not _VERSION.fullmatch(version):
        raise SettingsRefused("The name of the active prompts is not one.", _remedy(home))
    return home / FOLDER / version


def active_version(home: Path) -> str:
    """The version in force; AS_DELIVERED when nobody activated one.

    Raises:
        SettingsRefused: the file that names it cannot be read.
    """
    return _read(home)[0]


def active_folder(home: Path) -> Path | None:
    """The folder of the version in force; None when nobody activated one.

    Raises:
        SettingsRefused: its files are gone, or are not those that two people agreed on. The program does
            not go on with prompts that nobody judged.
    """
    version, digest = _read(home)
    if version == AS_DELIVERED:
        return None
    folder = version_folder(home, version)
    if not folder.is_dir() or digest_of(folder) != digest:
        raise SettingsRefused(
            Sentence(
                "The files of the active prompts {version} are not those that were activated.",
                version=version,
            ),
            _remedy(home),
        )
    return folder


def put_in_force(home: Path, version: str) -> None:
    """Make a version the one in force, or the delivered prompts with AS_DELIVERED.

    Args:
        home: the data folder.
        version: its files lie in `version_folder` already.

    Raises:
        SettingsRefused: no such version.
        StoreUnavailable: the folder cannot be written; the version before is still in force.
    """
    file = home / FOLDER / ACTIVE
    try:
        if version == AS_DELIVERED:
            file.unlink(missing_ok=True)
            return
        folder = version_folder(home, version)
        if not folder.is_dir():
            raise SettingsRefused(
                Sentence("There is no version {version} of the prompts.", version=version),
                "Please choose another.",
            )
        _replace(file, json.dumps({"version": version, "sha256": digest_of(folder)}))
    except OSError as fault:
        raise StoreUnavailable(
            "The active prompts could not be changed; the ones before are still in force.",
            "Please check the data folder's rights and space.",
        ) from fault


def digest_of(folder: Path) -> str:
    """SHA-256 over names and contents of all files of a folder."""
    whole = hashlib.sha256()
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        whole.update(f"{file.relative_to(folder).as_posix()}\0{content}\n".encode())
    return whole.hexdigest()


def _read(home: Path) -> tuple[str, str]:
    try:
        raw = (home / FOLDER / ACTIVE).read_bytes()
    except FileNotFoundError:
        return AS_DELIVERED, ""
    except OSError as fault:
        raise SettingsRefused(
            Sentence(
                "The file that names the active prompts cannot be read ({kind}).", kind=type(fault).__name__
            ),
            _remedy(home),
        ) from fault
    try:
        found = json.loads(raw)
        return str(found["version"]), str(found["sha256"])
    except (ValueError, KeyError, TypeError):
        raise SettingsRefused(
            "The file that names the active prompts is not of its form.", _remedy(home)
        ) from None


def _replace(file: Path, text: str) -> None:
    """Write beside, then rename: whatever happens, one whole file stands there."""
    beside = file.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as out:
        out.write(text + "\n")
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)


def _remedy(home: Path) -> str:
    return Sentence(
        "To go back to the prompts that came with the program, remove {file} in {folder}.",
        file=ACTIVE,
        folder=str(home / FOLDER),
    )
