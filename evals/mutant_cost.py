"""What it costs to put mutants before a real model: what was asked for, and what the full set would be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.adapters.prompt_body import PromptRefused
from coach.adapters.prompt_files import Prompt, parse_prompt
from coach.errors import SettingsRefused
from coach.settings import Settings
from evals.asking import CHARACTERS, identity, messages_of
from evals.estimate import ANSWER
from evals.first_proposals import Prepared
from evals.gating import STAGES
from evals.mutants import Mutant
from evals.mutating import Ask
from evals.recorded import AnswerStore
from evals.systems import open_models

MEASURED = 6  # prompts, and cases of each, whose requests are written out
MOST_TRIES = 2  # requests that one proposal may take


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is asked.

    Attributes:
        mutants: those that reach a model; the loader refuses some.
        cases: of each.
        seeds: runs of all of them; each has a baseline of its own.
    """

    mutants: int
    cases: int
    seeds: int

    @property
    def requests(self) -> tuple[int, int]:
        """The fewest, when the gate is sure at its first look, and the most."""
        once = (self.mutants + self.seeds) * self.cases
        return once * STAGES[0], once * STAGES[-1]


@dataclass(frozen=True, slots=True)
class MutantCost:
    """Before the first request.

    Attributes:
        open: what is still to be asked; whole: every mutant on every case, once.
        recorded: share of the measured requests whose answers are there already and cost nothing.
        tokens_in, tokens_out: of one request.
    """

    model: str
    open: Extent
    whole: Extent
    recorded: float
    tokens_in: int
    tokens_out: int = ANSWER

    def tokens(self, requests: float) -> tuple[int, int]:
        """In and out, of so many requests that have to be paid."""
        return round(requests * self.tokens_in), round(requests * self.tokens_out)

    def sentences(self, price_in: float | None = None, price_out: float | None = None) -> list[str]:
        """What a person reads before agreeing. Prices: per million tokens, in whatever currency."""
        least, most = self.open.requests
        paid = 1 - self.recorded
        low, high, bound = (self.tokens(n * paid) for n in (least, most, most * MOST_TRIES))
        told = [
            f"{self.model} is asked with {_count(self.open.mutants, 'mutant')} and with the prompt itself, "
            f"on {self.open.cases} cases: {least:,} to {most:,} requests. A request has about "
            f"{self.tokens_in:,} tokens, an answer about {self.tokens_out:,}; {self.recorded:.0%} is "
            "recorded already.",
            f"That is about {low[0]:,} to {high[0]:,} tokens in and {low[1]:,} to {high[1]:,} out; never "
            f"more than {bound[0]:,} and {bound[1]:,}, if every request is repeated once.",
        ]
        whole = [self.tokens(n) for n in self.whole.requests]
        first, last = self.whole.requests
        full = (
            f"The full set, {self.whole.mutants} mutants on {self.whole.cases} cases, would be {first:,} to "
            f"{last:,} requests: about {whole[0][0]:,} to {whole[1][0]:,} tokens in and {whole[0][1]:,} to "
            f"{whole[1][1]:,} out"
        )
        if price_in is None or price_out is None:
            return [*told, f"{full}."]
        costs = [(one * price_in + other * price_out) / 1e6 for one, other in (low, high, bound, *whole)]
        told.append(f"At these prices: about {costs[0]:,.2f} to {costs[1]:,.2f}, at most {costs[2]:,.2f}.")
        return [*told, f"{full}; at these prices {costs[3]:,.2f} to {costs[4]:,.2f}."]


def cost_of(
    settings: Settings,
    store: AnswerStore,
    file: str,
    baseline: str,
    asks: Sequence[Ask],
    cases: Sequence[Prepared],
    every: Sequence[Mutant],
    all_cases: int,
) -> MutantCost:
    """Write out some requests, send none, and count.

    Args:
        settings: with the model.
        store: of recorded answers.
        file, baseline: the prompt file's name and text.
        asks: what is still to be done.
        cases: on which.
        every: all mutants of the prompt.
        all_cases: how many cases the full set has.
    """
    readable = {one.id: prompt for one in every if (prompt := _read(one.text, file)) is not None}
    left = [(one, seed) for one, seed in asks if one.id in readable]
    seeds = len({seed for _, seed in left})
    characters, known = [], []
    told = [(parse_prompt(baseline, file), "0/baseline/1")]
    step = max(1, len(left) // (MEASURED - 1))
    told += [(readable[one.id], f"{seed}/{one.id}/1") for one, seed in left[::step][: MEASURED - 1]]
    for prompt, noise in told:
        parameters = open_models(prompt, settings, closed=True).parameters
        for case in cases[:: max(1, len(cases) // MEASURED)][:MEASURED]:
            messages = messages_of(prompt, case)
            if messages is not None:
                characters.append(sum(len(str(one.content)) for one in messages))
                known.append(store.get(identity(settings, parameters, noise).key(messages)) is not None)
    return MutantCost(
        settings.model,
        Extent(len(left), len(cases), seeds),
        Extent(len(readable), all_cases, 1),
        sum(known) / max(1, len(known)),
        round(sum(characters) / max(1, len(characters)) / CHARACTERS),
    )


def _read(text: str, file: str) -> Prompt | None:
    try:
        return parse_prompt(text, file)
    except (PromptRefused, SettingsRefused):
        return None


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
