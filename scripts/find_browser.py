"""Find a Chromium for the browser tests, or install one: from this machine, from Playwright, from the system.

Prints where it is. In CI a missing browser is a failure; elsewhere browser tests say why they are left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def installed() -> str | None:
    """A Chromium on this machine: on the path, in the usual places, or Playwright's own."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    for place in ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/snap/bin/chromium"):
        if Path(place).exists():
            return place
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install() -> None:
    """Playwright's installer first; the system's package manager when we are allowed to use it."""
    tries = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        tries += [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]]
    for command in tries:
        print("trying:", " ".join(command[-3:]), flush=True)
        try:
            subprocess.run(command, timeout=600, check=False, capture_output=True)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if installed():
            return


def main() -> int:
    if installed() is None:
        install()
    found = installed()
    if found:
        print(f"browser: {found}")
        return 0
    print("No Chromium was found and none could be installed: the browser tests cannot run.", file=sys.stderr)
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
