"""Cost: what one reflection costs in tokens, calls and time of our own.

Calls and time are taken against a server that answers well and always in the same time, so neither noise
nor the model's quality is in them: a call more comes from the prompt or the program alone. Tokens are what
that server counted; with a real model, or a replay of one, what the provider counted.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path

from coach.domain.model import Turn
from coach.domain.text import split_sentences
from coach.services.reflect import History
from evals.model import Arm, Guard, Metric, Mode, Output, Sample, Score, System, Task
from evals.scorers.at_address import elsewhere
from evals.scorers.counting_stub import DELAY, CountingStub

DATA = Path(__file__).parent.parent / "data" / "cost.jsonl"


def task() -> Task:
    """The family as a task."""
    return Task(
        name="cost",
        modes=frozenset(Mode),
        metrics=(
            Metric(
                "prompt_tokens", Guard.BUDGET, higher_is_better=False, warn=1.10, fail=1.25, waivable=True
            ),
            Metric("calls", Guard.BUDGET, higher_is_better=False, warn=1.0, fail=1.0),  # no rise at all
            Metric("model_calls", Guard.SHOWN, higher_is_better=False),
            Metric("overhead_ms", Guard.SHOWN, higher_is_better=False),
        ),
        dataset=DATA.name,
        samples=samples,
        solve=solve,
        score=score,
    )


def samples(file: Path = DATA) -> list[Sample]:
    """The cases, one a line: id, cluster, length, text, earlier, asked."""
    rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return [
        Sample(
            id=row["id"],
            cluster=row["cluster"],
            input={"text": row["text"], "earlier": row["earlier"], "asked": row["asked"]},
            slices={"length": row["length"], "turn": str(len(row["earlier"]) + 1)},
        )
        for row in rows
    ]


def solve(system: System, sample: Sample, epoch: int) -> Output:
    """One turn for what it costs, and one more for its time."""
    if system.mode is Mode.EMBEDDED:
        turn = system.turn(sample, epoch, str(sample.input["text"]), _history(sample))
        begun = time.perf_counter()
        system.turn(sample, epoch, _reordered(system, sample, epoch), _history(sample))
        own = (time.perf_counter() - begun) * 1000
        return _output(turn, (0, 0, 0), 0, own)
    turn, usage, own = _metered(system, sample, epoch)
    calls = usage[2]
    if system.mode is not Mode.STUB:
        turn = system.turn(sample, epoch, str(sample.input["text"]), _history(sample))
        usage = system.usage(sample, epoch)
    return _output(turn, usage, calls, own)


def score(sample: Sample, output: Output) -> Mapping[str, Score]:
    """The figures as they are; the gate compares their means."""
    del sample
    value = output.value
    return {
        name: Score(float(value[name])) for name in ("prompt_tokens", "calls", "model_calls", "overhead_ms")
    }


def _metered(system: System, sample: Sample, epoch: int) -> tuple[Turn, tuple[int, int, int], float]:
    """A turn against the counting server; its tokens in and out and its calls; own time in milliseconds."""
    deadline = float(system.coach.settings.deadline_seconds)
    with CountingStub() as server:
        arm = elsewhere(system, server.url("good"), deadline)
        turn = arm.turn(sample, epoch, str(sample.input["text"]), _history(sample))
        usage = (arm.calls.tokens_in, arm.calls.tokens_out, len(server.requests()))
        begun = time.perf_counter()
        arm.turn(sample, epoch, _reordered(system, sample, epoch), _history(sample))
        own = time.perf_counter() - begun - DELAY * (len(server.requests()) - usage[2])
    return turn, usage, own * 1000


def _reordered(system: System, sample: Sample, epoch: int) -> str:
    """The text with its sentences turned on by some places, for the turn that is timed.

    What was embedded once is remembered by everybody in the house, so the same text again would cost
    nothing; in another order it costs what it always does.
    """
    sentences = split_sentences(str(sample.input["text"]))
    place = 2 * epoch + (system.arm is Arm.CANDIDATE) - 1
    place = 1 + place % max(1, len(sentences) - 1)
    return " ".join([*sentences[place:], *sentences[:place]])


def _history(sample: Sample) -> History:
    earlier = tuple(str(one) for one in sample.input["earlier"])
    return History(texts=earlier, asked=tuple(map(str, sample.input["asked"])), turns=len(earlier))


def _output(turn: Turn, usage: tuple[int, int, int], calls: int, own: float) -> Output:
    value = {
        "prompt_tokens": usage[0],
        "calls": calls,
        "model_calls": usage[2],
        "overhead_ms": round(own, 1),
        "note": turn.origin.note,
    }
    text = f"{usage[0]} tokens in, {calls} calls{f' ({turn.origin.note})' if turn.origin.note else ''}"
    return Output(value, text, tokens_in=usage[0], tokens_out=usage[1], calls=usage[2], ms=round(own, 1))
