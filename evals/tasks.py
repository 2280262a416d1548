"""The families of the suite by name. A family's module is read only when its task is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

from coach.errors import UserError
from evals import families
from evals.model import Guard, Mode, Sample, Task
from evals.records import InvalidRun


def names() -> tuple[str, ...]:
    """Every family there is, in the order of the alphabet."""
    return tuple(sorted(one.name for one in iter_modules(families.__path__)))


def task(name: str) -> Task:
    """The task of a family.

    Raises:
        UserError: there is no such family.
    """
    if name not in names():
        raise UserError(f"There is no task {name!r}.", f"Please choose among: {', '.join(names())}.")
    made: Task = import_module(f"evals.families.{name}").task()
    if made.name != name or sum(metric.guard is Guard.PRIMARY for metric in made.metrics) > 1:
        raise InvalidRun([f"The family {name} is not well made: one name, at most one primary metric."])
    return made


def chosen(wanted: Sequence[str], modes: Sequence[Mode], asked: bool = True) -> list[Task]:
    """The tasks of these names, of all names when there are none, that can run in one of the modes.

    Args:
        wanted: names; empty for all.
        modes: of the run.
        asked: whether a person named them: then one that cannot run is said and not passed over.

    Raises:
        UserError: an unknown name, or a task that was asked for and runs in none of the modes.
    """
    found = [task(name) for name in dict.fromkeys(wanted or names())]
    fitting = [one for one in found if one.modes & set(modes)]
    if asked and wanted and len(fitting) < len(found):
        odd = next(one.name for one in found if one not in fitting)
        told = ", ".join(mode.value for mode in modes)
        raise UserError(f"The task {odd!r} does not run in mode {told}.", "Please choose another mode.")
    return fitting


def limited(samples: Sequence[Sample], limit: int | None) -> list[Sample]:
    """At most `limit` of the cases, spread evenly over the set.

    Raises:
        InvalidRun: two cases have one id.
    """
    ids = [one.id for one in samples]
    twice = sorted({one for one in ids if ids.count(one) > 1}) if len(set(ids)) < len(ids) else []
    if twice:
        raise InvalidRun([f"The case {one!r} is there twice." for one in twice])
    if limit is None or limit >= len(samples):
        return list(samples)
    step = len(samples) / limit
    return [samples[int(place * step)] for place in range(limit)]
