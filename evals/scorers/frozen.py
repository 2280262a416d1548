"""A system whose retrieval is fixed: what is near is part of the case, and no index can move it."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from coach.services.reading import Reading
from coach.services.retrieve import Found
from evals.model import System


@dataclass(frozen=True, slots=True)
class _Frozen:
    """Stands where the retriever stands."""

    found: Found

    def find(self, reading: Reading, scopes: Sequence[str]) -> Found:
        del reading, scopes
        return self.found


def with_found(system: System, found: Found) -> System:
    """The same arm, and whatever is asked of it, this is near.

    What the copy's turns leave behind (drafts, requests, usage) is noted with the original.
    """
    coach: Any = system.coach
    thinking = replace(coach.thinking, retriever=_Frozen(found))
    other: Any = copy.copy(system)
    # model.System has no way to say it: the coach of both kinds of system is kept under this name.
    other._coach = replace(coach, thinking=thinking)
    if other.coach.thinking is not thinking:
        raise TypeError("This system does not let its retrieval be fixed.")
    frozen: System = other
    return frozen
