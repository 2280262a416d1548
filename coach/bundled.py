"""Where prompts/ and corpus/ lie: beside the code in a checkout, inside the package in a wheel."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from coach.errors import SettingsRefused


@cache  # asked at every turn; an installation does not move while it runs
def bundled(name: str) -> Path:
    """The folder of that name that came with the program.

    Args:
        name: "prompts" or "corpus".

    Raises:
        SettingsRefused: the installation lacks it.
    """
    package = Path(str(files("coach")))
    for folder in (package / "_bundled" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise SettingsRefused(
        f"The folder {name} did not come with this installation.", "Please install the program again."
    )


def data_file(name: str) -> Path:
    """A file of coach/data."""
    return Path(str(files("coach"))) / "data" / name
