"""Topics: what a facilitator may learn of a group's reflections. The rule; nothing here stores or shows it.

A theme is a situation of the closed vocabulary. It is a topic of the group for one period when enough
members, each by an own yes, let the group see it. Everybody in the group, and whoever looks from outside,
gets the same `Snapshot`: which topics there are. It has no place for a number, a name, a date or a sentence,
so none can leak by it. The snapshot is worked out once a period and then stands; it follows the group only
when at least three members have changed what they let the group see, so that no change points at one person.

A theme that a member brings under their own name needs none of this and never comes here: it belongs to an
agenda. Source of the rule: the thresholds and the rule of the remainder that makers of staff surveys publish,
brought down to groups of five to nine, in which a threshold of five would hide nearly everything.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

FLOOR = 3  # no setting goes below: two authors know of each other
FEWEST_ACTIVE = 5  # in a smaller group nothing is shown
LARGE_FROM, LARGE_FLOOR = 10, 5  # active members; authors from there on
CHANGED = 3  # contributors who must have changed before anything moves

_ID = re.compile(r"[a-z0-9-]{1,60}\.[a-z0-9-]{1,60}")

Contributions = frozenset[tuple[str, str]]  # (member id, situation id), each with its author's yes


@dataclass(frozen=True, slots=True)
class Offer:
    """A theme found in one member's reflections, and whether that member lets the group see it."""

    member_id: str
    situation_id: str
    consented: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What leaves the server: topics in the vocabulary's order, the same for every reader.

    Attributes:
        situations: ids of the vocabulary, each once.

    Raises:
        ValueError: something that has not the form of an id (a sentence, a name), or an id twice. The message
            does not repeat it, for it may be somebody's words.
    """

    situations: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not all(_ID.fullmatch(one) for one in self.situations):
            raise ValueError("A snapshot holds ids of situations and nothing else.")
        if len(set(self.situations)) < len(self.situations):
            raise ValueError("A snapshot holds each situation once.")


@dataclass(frozen=True, slots=True)
class Period:
    """One period as the server keeps it. Only `snapshot` may leave, and `countable` with a number beside it.

    Attributes:
        snapshot: what is shown until the next period.
        settled: what was last worked out; it is shown again while too few have changed. None before the
            group had five active members for the first time.
        countable: the topics whose number of authors may stand in an export or a metric (see `next_period`).
        basis: who contributed what when `settled` was worked out. Private, and never printed.
    """

    snapshot: Snapshot = Snapshot()
    settled: Snapshot | None = None
    countable: Snapshot = Snapshot()
    basis: Contributions = field(default=frozenset(), repr=False)


def fewest_authors(active: int, least: int = FLOOR) -> int | None:
    """How many members must let a theme be seen before it is shown.

    Args:
        active: active members of the group, 0 or more.
        least: the programme's setting, 3 or more; it can only make the rule stricter.

    Returns:
        5 from ten active members, 3 from five to nine, and never less than `least`; None below five: then
        nothing is shown.

    Raises:
        ValueError: `least` is below 3, or `active` below 0; the caller checks its setting.
    """
    if least < FLOOR or active < 0:
        raise ValueError(f"A topic needs at least {FLOOR} authors, and a group cannot be less than empty.")
    if active < FEWEST_ACTIVE:
        return None
    return max(least, LARGE_FLOOR if active >= LARGE_FROM else FLOOR)


def next_period(
    previous: Period | None,
    offers: Iterable[Offer],
    active: int,
    vocabulary: Sequence[str],
    least: int = FLOOR,
) -> Period:
    """The next period of a group. To be called when a period ends, and not when somebody joins or leaves.

    A number of authors gives away more than that there are enough of them: whoever knows who is not among
    them learns it of all others. So a topic is countable only when those who are not its authors are as many
    as its authors must be. The known rule of the remainder hides from one to k-1 of them; we hide at none
    as well, because a number that is the whole group tells it of each.

    Args:
        previous: the period before; None for a group's first.
        offers: of active members only; an offer without consent counts for nothing, and one that is
            repeated counts once.
        active: active members of the group, with those who offer nothing.
        vocabulary: ids of the situations in force, in their order; an offer of any other id is left out.
        least: see `fewest_authors`.

    Returns:
        A new snapshot when at least three contributors differ from the last one that was worked out (what
        they offer is another set of themes, or they came or went), else the one before. Below five active
        members it is empty, whatever was shown: this hangs on the size of the group, which all know.
        What the last one rested on is kept then, so that a group that grows again does not start anew.

    Raises:
        ValueError: as `fewest_authors`; or more members offer than are active: somebody is counted who left.
    """
    before = previous or Period()
    offered = list(offers)
    if len({one.member_id for one in offered}) > active:
        raise ValueError("More members offer themes than are active in the group.")
    known = frozenset(vocabulary)
    basis = frozenset(
        (one.member_id, one.situation_id)
        for one in offered
        if one.consented is True and one.situation_id in known
    )
    k = fewest_authors(active, least)
    if k is None:
        return replace(before, snapshot=Snapshot(), countable=Snapshot())
    if before.settled is not None and len(_changed(before.basis, basis, known)) < CHANGED:
        return replace(before, snapshot=before.settled)
    authors = _authors(basis)
    shown = [one for one in dict.fromkeys(vocabulary) if len(authors[one]) >= k]
    countable = [one for one in shown if active - len(authors[one]) >= k]
    snapshot = Snapshot(tuple(shown))
    return Period(snapshot, snapshot, Snapshot(tuple(countable)), basis)


def without(period: Period, member_id: str) -> Period:
    """The period after a member was erased: what they contributed is gone, what was shown stands.

    Their leaving then counts for no change, which errs on the side of showing the old snapshot.

    Args:
        period: of a group they were in.
        member_id: who was erased; somebody who contributed nothing changes nothing.
    """
    return replace(period, basis=frozenset(one for one in period.basis if one[0] != member_id))


def _changed(before: Contributions, now: Contributions, known: frozenset[str]) -> frozenset[str]:
    """Members who offer something else than before; that a situation left the vocabulary is no one's deed."""
    return frozenset(member for member, situation in before ^ now if situation in known)


def _authors(basis: Contributions) -> Mapping[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for member, situation in basis:
        found[situation].add(member)
    return found
