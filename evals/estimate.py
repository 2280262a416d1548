"""What a run with a real model will cost, measured on a few of its own requests before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.house import House
from evals.model import Arm, InfrastructureFault, Mode
from evals.running import Job
from evals.systems import EmbeddedSystem, NeedsRealRun

MEASURED = 20  # cases of each task whose requests are written out
CHARACTERS = 4.0  # of English in a token, as a rule of thumb; a server counts a little otherwise
ANSWER = 260  # tokens of a mirror and three questions as JSON
MOST_CALLS = 3  # requests that the product allows itself in one turn
USUAL_CALLS = 1.3  # some first proposals are sent back


@dataclass(frozen=True, slots=True)
class Estimate:
    """Before the first request.

    Attributes:
        least, most: turns, with the first look of the gate and with its last.
        silent: share of the measured turns that ask no model, because the screen answers the text.
        recorded: share of the measured requests whose answers are there already and cost nothing.
        tokens_in, tokens_out: of one request.
    """

    least: int
    most: int
    silent: float
    recorded: float
    tokens_in: int
    tokens_out: int

    def tokens(self, turns: float, calls: float = USUAL_CALLS) -> tuple[int, int]:
        """Tokens in and out of so many turns, each of which asks, as far as they have to be paid."""
        paid = turns * (1 - self.recorded) * calls
        return round(paid * self.tokens_in), round(paid * self.tokens_out)

    def sentences(self, price_in: float | None = None, price_out: float | None = None) -> list[str]:
        """What a person reads before agreeing. Prices: per million tokens, in whatever currency."""
        low, high = (self.tokens(turns * (1 - self.silent)) for turns in (self.least, self.most))
        bound = self.tokens(self.most, MOST_CALLS)
        quiet = f" (about {self.silent:.0%} of them ask nothing: the screen answers)" if self.silent else ""
        told = [
            f"{self.least:,} to {self.most:,} turns{quiet}; a request has about {self.tokens_in:,} tokens, "
            f"an answer about {self.tokens_out:,}; {self.recorded:.0%} is recorded already.",
            f"That is about {low[0]:,} to {high[0]:,} tokens in and {low[1]:,} to {high[1]:,} out; "
            f"never more than {bound[0]:,} and {bound[1]:,}, if every turn takes {MOST_CALLS} requests.",
        ]
        if price_in is not None and price_out is not None:
            costs = [(one * price_in + other * price_out) / 1e6 for one, other in (low, high, bound)]
            told.append(
                f"At these prices: about {costs[0]:,.2f} to {costs[1]:,.2f}, at most {costs[2]:,.2f}."
            )
        return told


@dataclass
class _Measured:
    """What some turns of one task would send.

    Attributes:
        turns: that were tried; asking: those that have a request; found: those whose answers are recorded.
        characters: of the first requests together.
    """

    turns: int = 0
    asking: int = 0
    found: int = 0
    characters: int = 0


def estimate(jobs: Sequence[Job], house: House, prompts: Mapping[Arm, Path]) -> Estimate:
    """Write out some requests of each task, send none, and count; a task weighs as many as it has cases.

    Args:
        jobs: those that ask a real model.
        house: the run's.
        prompts: folder of each arm.
    """
    systems = [house.system(arm, Mode.REPLAY, folder) for arm, folder in prompts.items()]
    found = [(len(job.samples), _measure(job, systems)) for job in jobs]
    turns = sum(cases for cases, _ in found)
    # Requests that a round over all cases would send, by task: a turn that asks nothing sends none.
    asking = [(cases * one.asking / one.turns, one) for cases, one in found if one.asking]
    requests = sum(share for share, _ in asking)
    return Estimate(
        least=sum(len(job.samples) * job.stages[0] for job in jobs) * len(systems),
        most=sum(len(job.samples) * job.stages[-1] for job in jobs) * len(systems),
        silent=1 - requests / turns if turns else 0.0,
        recorded=_mean([(share, one.found / one.asking) for share, one in asking]),
        tokens_in=round(_mean([(share, one.characters / one.asking) for share, one in asking]) / CHARACTERS),
        tokens_out=ANSWER,
    )


def _measure(job: Job, systems: Sequence[EmbeddedSystem]) -> _Measured:
    measured = _Measured()
    step = max(1, len(job.samples) // MEASURED)
    for system in systems:
        for sample in job.samples[::step][:MEASURED]:
            answered = True
            try:
                job.task.solve(system, sample, 1)
            except (NeedsRealRun, InfrastructureFault):
                answered = False
            requests = system.requests(sample, 1)
            measured.turns += 1
            measured.asking += bool(requests)
            measured.found += bool(requests) and answered
            measured.characters += sum(
                len(message["content"]) for body in requests[:1] for message in body["messages"]
            )
            system.forget(sample, 1)
    return measured


def _mean(weighed: Sequence[tuple[float, float]]) -> float:
    """The mean of values, each with its weight before it; 0 of nothing."""
    weights = sum(weight for weight, _ in weighed)
    return sum(weight * value for weight, value in weighed) / weights if weights else 0.0
