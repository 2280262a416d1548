"""What a run with a real model will cost, measured on a few of its own requests before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.house import House
from evals.model import Arm, InfrastructureFault, Mode
from evals.running import Job
from evals.systems import NeedsRealRun

MEASURED = 6  # cases of each task whose requests are written out
CHARACTERS = 4.0  # of English in a token, as a rule of thumb; a server counts a little otherwise
ANSWER = 260  # tokens of a mirror and three questions as JSON
MOST_CALLS = 3  # requests that the product allows itself in one turn
USUAL_CALLS = 1.3  # some first proposals are sent back


@dataclass(frozen=True, slots=True)
class Estimate:
    """Before the first request.

    Attributes:
        least, most: turns, with the first look of the gate and with its last.
        recorded: share of the measured requests whose answers are there already and cost nothing.
        tokens_in, tokens_out: of one request.
    """

    least: int
    most: int
    recorded: float
    tokens_in: int
    tokens_out: int

    def tokens(self, turns: int, calls: float = USUAL_CALLS) -> tuple[int, int]:
        """Tokens in and out of so many turns that have to be paid."""
        paid = turns * (1 - self.recorded) * calls
        return round(paid * self.tokens_in), round(paid * self.tokens_out)

    def sentences(self, price_in: float | None = None, price_out: float | None = None) -> list[str]:
        """What a person reads before agreeing. Prices: per million tokens, in whatever currency."""
        low, high = self.tokens(self.least), self.tokens(self.most)
        bound = self.tokens(self.most, MOST_CALLS)
        told = [
            f"{self.least:,} to {self.most:,} turns; a request has about {self.tokens_in:,} tokens, "
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


def estimate(jobs: Sequence[Job], house: House, prompts: Mapping[Arm, Path]) -> Estimate:
    """Write out some requests of each task, send none, and count.

    Args:
        jobs: those that ask a real model.
        house: the run's.
        prompts: folder of each arm.
    """
    asked, found, characters = 0, 0, 0
    for arm, folder in prompts.items():
        system = house.system(arm, Mode.REPLAY, folder)
        for job in jobs:
            step = max(1, len(job.samples) // MEASURED)
            for sample in job.samples[::step][:MEASURED]:
                try:
                    job.task.solve(system, sample, 1)
                    found += 1
                except (NeedsRealRun, InfrastructureFault):
                    pass
                requests = system.requests(sample, 1)
                asked += 1
                characters += sum(
                    len(message["content"]) for body in requests[:1] for message in body["messages"]
                )
                system.forget(sample, 1)
    arms = len(prompts)
    return Estimate(
        least=sum(len(job.samples) * job.stages[0] for job in jobs) * arms,
        most=sum(len(job.samples) * job.stages[-1] for job in jobs) * arms,
        recorded=found / asked if asked else 0.0,
        tokens_in=round(characters / max(asked, 1) / CHARACTERS),
        tokens_out=ANSWER,
    )
