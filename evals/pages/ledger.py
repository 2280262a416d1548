"""Who drafted, proposed, activated and rolled back: read from the audit log, which nobody can rewrite.

The two-person rule rests on the log and not on a file: what counts as proposed, and by whom, is what the
chained log says. The log takes ids and verbs only, so the history holds no text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from coach.adapters.active_prompts import AS_DELIVERED
from coach.domain.model import Access
from coach.ports import Audit

OWNER = "prompts"  # under which the log keeps these lines together
DELIVERED_ID = "as-delivered"  # how the log names the prompts that nobody activated


class Deed(StrEnum):
    """What can be done to a version."""

    DRAFT = "prompts.draft"
    DISCARD = "prompts.discard"
    PROPOSE = "prompts.propose"
    WITHDRAW = "prompts.withdraw"
    ACTIVATE = "prompts.activate"
    ROLL_BACK = "prompts.roll-back"
    NOT_DONE = "prompts.not-done"  # the log was written and the file then was not


class State(StrEnum):
    """Where a version stands."""

    ACTIVE = "active"
    PROPOSED = "proposed"
    EARLIER = "earlier"  # was active once
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history."""

    at: datetime
    actor: str
    deed: Deed
    version: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What the log comes to.

    Attributes:
        events: newest first.
        proposers: version -> who proposed it, while that stands.
        been_active: every version that was in force once, AS_DELIVERED included.
        in_force: the version that the log says is active.
    """

    events: tuple[Event, ...]
    proposers: dict[str, str]
    been_active: frozenset[str]
    in_force: str

    def state(self, version: str, active: str) -> State:
        if version == active:
            return State.ACTIVE
        if version in self.proposers:
            return State.PROPOSED
        return State.EARLIER if version in self.been_active else State.DRAFT


def record(audit: Audit, actor: str, deed: Deed, version: str) -> None:
    """Add a line.

    Raises:
        StoreUnavailable: nothing was recorded, and nothing else may be done.
    """
    audit.record(actor, deed.value, version or DELIVERED_ID, owner_id=OWNER)


def standing(audit: Audit) -> Standing:
    """Read the log."""
    return standing_of(audit.of_owner(OWNER))


def standing_of(lines: Sequence[Access]) -> Standing:
    """What lines of the log come to.

    Args:
        lines: newest first, as the port gives them.
    """
    known = {deed.value: deed for deed in Deed}
    events = [
        Event(line.at, line.actor_id, known[line.action], _version(line.object_id))
        for line in lines
        if line.action in known
    ]
    proposers: dict[str, str] = {}
    forces = [AS_DELIVERED]
    for event in reversed(events):
        if event.deed is Deed.PROPOSE:
            proposers[event.version] = event.actor
        elif event.deed is Deed.WITHDRAW:
            proposers.pop(event.version, None)
        elif event.deed is Deed.NOT_DONE:
            if len(forces) > 1 and forces[-1] == event.version:
                forces.pop()
        elif event.deed in (Deed.ACTIVATE, Deed.ROLL_BACK):
            proposers.pop(event.version, None)
            forces.append(event.version)
    return Standing(tuple(events), proposers, frozenset(forces), forces[-1])


def _version(object_id: str) -> str:
    return AS_DELIVERED if object_id == DELIVERED_ID else object_id
