"""Robustness: whatever a model's provider does, the turn comes in time, whole, and says who wrote it.

Each case opens the arm's own writer at a server that misbehaves in one of the stub's ways. There is no
quality here that could rise or fall: every metric is one that may not fail once. Only the reason for a
fallback tells what the product made of the fault.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from coach.domain.model import Turn
from coach.errors import CoachError, SettingsRefused
from evals.model import Guard, Json, Metric, Mode, Output, Sample, Score, System, Task
from evals.scorers.at_address import Elsewhere, elsewhere
from evals.scorers.passing import dirt, failing
from evals.scorers.whole_turn import Whole, whole_turn
from evals.stub import StubServer

DATA = Path(__file__).parent.parent / "data" / "robustness.jsonl"
MOST_REQUESTS = 3  # of one turn: two for the first proposal, one for the rewrite
TRIES = 2  # a machine that is busy for a moment is late once, a program that waits too long every time
REFUSED = "refused"  # the one fault that needs no server: nothing listens


def task() -> Task:
    """The family as a task."""
    zero = ("answered", "in_time", "attempts", "marked", "told", "questions", "clean", "saved_whole")
    return Task(
        name="robustness",
        modes=frozenset({Mode.STUB}),
        metrics=(
            *(Metric(name, Guard.ZERO) for name in zero),
            Metric("fallback", Guard.SHOWN, higher_is_better=False),
            Metric("requests", Guard.SHOWN, higher_is_better=False),
        ),
        dataset=DATA.name,
        samples=samples,
        solve=solve,
        score=score,
    )


def samples(file: Path = DATA) -> list[Sample]:
    """The cases, one a line: id, cluster, fault, mode, deadline, notes, names, text."""
    rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return [
        Sample(
            id=row["id"],
            cluster=row["cluster"],
            input={
                "text": row["text"],
                "names": row["names"],
                "mode": row["mode"],
                "deadline": row["deadline"],
            },
            target={"notes": row["notes"]},
            slices={"fault": row["fault"]},
        )
        for row in rows
    ]


def solve(system: System, sample: Sample, epoch: int) -> Output:
    """One reflection, saved and answered over the fault; again when it came late."""
    deadline = float(sample.input["deadline"])
    for _ in range(TRIES):
        met = _meet(system, sample, epoch, deadline)
        if met.seconds <= deadline:
            break
    return Output(_value(met), _as_text(met), calls=met.requests, ms=round(met.seconds * 1000, 1))


def score(sample: Sample, output: Output) -> Mapping[str, Score]:
    """What a member may rely on, one metric each."""
    told = output.value
    if told["crashed"]:
        failed = {metric.name: _zero(False, str(told["crashed"])) for metric in task().metrics}
        return failed | {"fallback": Score(1.0), "requests": Score(float(told["requests"]))}
    late = told["seconds"] > sample.input["deadline"]
    fits = told["note"] in sample.target["notes"]
    return {
        "answered": _zero(bool(told["mirror"] and told["questions"])),
        "in_time": _zero(not late, f"{told['seconds']} s" if late else ""),
        "attempts": _zero(told["requests"] <= MOST_REQUESTS, str(told["requests"])),
        "marked": _marked(told),
        "told": _zero(fits, "" if fits else told["note"] or "no note"),
        "questions": _zero(not told["failing"], "; ".join(told["failing"])),
        "clean": _zero(not told["dirt"], ", ".join(told["dirt"])),
        "saved_whole": _zero(
            told["saved"], "" if told["saved"] else "Not exactly one reflection and its turn."
        ),
        "fallback": Score(float(told["writer"] != "llm" or told["lent"] > 0), str(told["note"])),
        "requests": Score(float(told["requests"])),
    }


@dataclass(frozen=True, slots=True)
class _Met:
    """How one reflection fared: no `whole` when the service gave up."""

    seconds: float
    requests: int
    whole: Whole | None
    own: frozenset[str]  # texts that the model wrote
    failing: Sequence[str] = ()
    crashed: str = ""


def _meet(system: System, sample: Sample, epoch: int, deadline: float) -> _Met:
    text, names = str(sample.input["text"]), [str(one) for one in sample.input["names"]]
    with _provider(str(sample.input["mode"])) as (url, server):
        arm = elsewhere(system, url, deadline)
        whole, crashed = None, ""
        begun = time.monotonic()
        try:
            whole = whole_turn(cast(System, arm), sample, epoch, text, names)
        except SettingsRefused:
            raise
        except CoachError as fault:
            crashed = type(fault).__name__
        seconds = round(time.monotonic() - begun, 3)
        requests = max(len(arm.calls.requests), len(server.requests()) if server else 0)
    own = _written(arm)
    failed = failing(whole.turn, text, _advice(system, own & _asked(whole.turn))) if whole else []
    return _Met(seconds, requests, whole, own, failed, crashed)


@contextmanager
def _provider(mode: str) -> Iterator[tuple[str, StubServer | None]]:
    """A provider that has just this fault. One for each case: attempts are counted by content, and the
    other arm's and the next epoch's contents may be the same."""
    if mode == REFUSED:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody else gets the port
            yield f"http://127.0.0.1:{taken.getsockname()[1]}/v1", None
        return
    with StubServer() as server:
        yield server.url(mode), server


def _written(arm: Elsewhere) -> frozenset[str]:
    return frozenset(
        text for draft in arm.drafts for text in (draft.mirror, *(one.text for one in draft.questions))
    )


def _asked(turn: Turn) -> frozenset[str]:
    return frozenset(one.text for one in turn.questions)


def _advice(system: System, texts: frozenset[str]) -> Mapping[str, float]:
    asked = sorted(texts)
    return dict(zip(asked, system.coach.parts.advice.scores(asked), strict=True)) if asked else {}


def _value(met: _Met) -> Json:
    turn = met.whole.turn if met.whole else None
    said = list(turn.questions) if turn else []
    return {
        "seconds": met.seconds,
        "requests": met.requests,
        "crashed": met.crashed,
        "saved": bool(met.whole and met.whole.saved),
        "failing": list(met.failing),
        "mirror": turn.mirror if turn else "",
        "questions": [one.text for one in said],
        "writer": turn.origin.writer if turn else "",
        "note": turn.origin.note if turn else "",
        "borrowed": bool(
            turn and (turn.mirror not in met.own or any(q.text not in met.own for q in said[:1]))
        ),
        "lent": sum(one.text not in met.own for one in said),
        "dirt": dirt(turn) if turn else [],
    }


def _marked(told: Json) -> Score:
    """A mirror or a lead that is not the model's must not bear the model's name, nor the other way round."""
    if told["borrowed"] and told["writer"] == "llm":
        return _zero(False, "The bank's words bear the model's name.")
    if not told["borrowed"] and told["writer"] != "llm":
        return _zero(False, "The model's words do not bear its name.")
    return _zero(bool(told["note"]) == bool(told["borrowed"]), str(told["note"]))


def _zero(held: bool, why: str = "") -> Score:
    return Score(float(held), "" if held else why, "" if held else why)


def _as_text(met: _Met) -> str:
    """Who answered and what; without the seconds, which differ from run to run."""
    if met.whole is None:
        return f"({met.crashed})"
    turn = met.whole.turn
    lines = [f"({turn.origin.writer}{f', {turn.origin.note}' if turn.origin.note else ''})", turn.mirror]
    return "\n".join([*lines, *(f"{place}. {one.text}" for place, one in enumerate(turn.questions, 1))])
