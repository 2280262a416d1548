"""The result of a run on a terminal: plain text, a table a task."""

from __future__ import annotations

from collections.abc import Iterator

from evals.model import Arm
from evals.reports.figures import guard, interval, share, signed
from evals.results import RunResult, TaskResult

FLIPS = 12  # of one task; the report has them all
WORDS = {0: "pass", 1: "REGRESSION", 2: "inconclusive", 3: "invalid", 4: "usage"}


def render(run: RunResult) -> str:
    """The whole text."""
    lines = []
    for part in run.parts:
        lines += [f"{part.title}: {_state(part)}", *(_judged(part) if part.verdict else _measured(part)), ""]
    lines += run.notes
    lines.append(f"Result: {result(run)}.")
    return "\n".join(lines) + "\n"


def result(run: RunResult) -> str:
    """The result in a word, and on whose word: "pass", "pass, signed off by Noor because ..."."""
    return ", ".join([WORDS[int(run.exit)], *(one.words for one in run.signed)])


def _state(part: TaskResult) -> str:
    told = f"{part.cases} cases, {part.epochs} epoch{'' if part.epochs == 1 else 's'}"
    if not part.epochs:
        return "not finished"
    return f"{told}, {part.verdict.outcome}" if part.verdict else told


def _judged(part: TaskResult) -> Iterator[str]:
    if part.verdict is None:
        return
    head = f"{'baseline':>9}{'candidate':>11}{'change':>9}"
    yield f"  {'metric':<16}{'':<7}{head}  {'95 %':<20}{'won/lost/same':>14}"
    for one in part.verdict.metrics:
        counts = f"{one.wins}/{one.losses}/{one.ties}"
        yield (
            f"  {one.name:<16}{guard(one):<7}{share(one.baseline):>9}{share(one.candidate):>11}"
            f"{signed(one.difference):>9}  {interval(one.difference_interval):<20}{counts:>14}"
        )
    for reason in (*part.verdict.reasons, *part.verdict.warnings):
        yield f"  - {reason}"
    yield f"  - {len(part.moved)} of {part.cases} texts differ."
    flips = part.verdict.flips
    for flip in flips[:FLIPS]:
        change = f"{share(flip.baseline, 2)} -> {share(flip.candidate, 2)}"
        yield f"    {flip.sample_id} {flip.metric}: {change}, {'worse' if flip.worse else 'better'}"
    if len(flips) > FLIPS:
        yield f"    and {len(flips) - FLIPS} more in the report."


def _measured(part: TaskResult) -> Iterator[str]:
    for arm in (Arm.BASELINE, Arm.CANDIDATE):
        means = part.means.get(arm.value)
        if means is None or not part.epochs:
            continue
        yield f"  {arm.value}"
        for name, value in means.items():
            yield f"    {name:<20}{share(value):>8}"
        tokens = part.tokens[arm.value]
        if tokens[2]:
            yield f"    {tokens[2]:,} requests, {tokens[0]:,} tokens in, {tokens[1]:,} out"
