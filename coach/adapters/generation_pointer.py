"""The small file that names the generation of the index in service, and what that was built from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Generation:
    """Both empty before the first one.

    Attributes:
        name: of its folder, or of its collections on a server.
        fingerprint: of what it was built from.
    """

    name: str = ""
    fingerprint: str = ""


class GenerationPointer:
    """Read at every turn, also by other processes; replaced in one step. Several threads may share it."""

    def __init__(self, folder: Path) -> None:
        """
        Args:
            folder: where `current.json` lies; it need not be there yet.
        """
        self._file = folder / "current.json"
        self._known: tuple[tuple[int, int, int], Generation] | None = None

    def now(self) -> Generation:
        """The generation in service. The file is read only when it was replaced: a turn asks ten times."""
        try:
            status = self._file.stat()
            stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
            known = self._known
            if known is None or known[0] != stamp:
                found = json.loads(self._file.read_text(encoding="utf-8"))
                known = (stamp, Generation(str(found["generation"]), str(found["fingerprint"])))
                self._known = known
            return known[1]
        except (OSError, ValueError, KeyError, TypeError):
            return Generation()

    def point_to(self, generation: Generation) -> None:
        """Put a generation into service. Raises OSError; the one before stays."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_name(f"current.{generation.name}.tmp")
        content = {"generation": generation.name, "fingerprint": generation.fingerprint}
        draft.write_text(json.dumps(content), encoding="utf-8")
        draft.replace(self._file)
