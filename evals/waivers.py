"""What people decided in the changelogs of a run's prompts: a cost that is accepted, an open question signed.

A decision counts for the version that carries it and for nothing later: it stands in the newest line of a
prompt that differs from the baseline's, under a version that the baseline does not have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coach.adapters.prompt_lock import EMBEDDED
from coach.adapters.prompt_waivers import ACCEPTED, parted
from coach.errors import Sentence
from evals.arms import changed
from evals.model import Arm
from evals.records import Manifest


@dataclass(frozen=True, slots=True)
class Signature:
    """Who takes an undecided change all the same, and why; `prompt` is its name and version."""

    who: str
    why: str
    prompt: str

    @property
    def words(self) -> str:
        """For every report."""
        return Sentence("signed off by {who} because {why}", who=self.who, why=self.why)


def accepted(manifest: Manifest) -> tuple[str, ...]:
    """Prompts for a model whose new version says that its cost is accepted: names with versions."""
    return tuple(
        f"{name} {entry['version']}"
        for name, entry in _new(manifest)
        if entry.get("cost") == ACCEPTED and not name.startswith(EMBEDDED)
    )


def signatures(manifest: Manifest) -> tuple[Signature, ...]:
    """One for each prompt that changed; none at all when one of them is not signed, or nothing changed."""
    arms = manifest.arms
    if len(arms) < 2:
        return ()
    names = changed(arms[Arm.BASELINE.value], arms[Arm.CANDIDATE.value])
    signed = {name: entry for name, entry in _new(manifest) if entry.get("signed")}
    if set(names) != set(signed):
        return ()
    try:
        return tuple(
            Signature(*parted(entry["signed"]), f"{name} {entry['version']}")
            for name, entry in signed.items()
        )
    except ValueError:
        return ()  # a record that somebody edited by hand


def _new(manifest: Manifest) -> Iterator[tuple[str, dict[str, str]]]:
    """The prompts that changed and have a version which the baseline's does not."""
    arms = manifest.arms
    if len(arms) < 2:
        return
    before, after = arms[Arm.BASELINE.value], arms[Arm.CANDIDATE.value]
    for name in changed(before, after):
        entry = dict(after.prompts.get(name, {}))
        if entry.get("version") and entry["version"] != before.prompts.get(name, {}).get("version"):
            yield name, entry
