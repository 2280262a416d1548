"""Runs spoilt and reworded prompts through the gate, and says how many it sees.

A suite is a measuring instrument, and this is its test: every rule of the prompt is removed, denied, softened
and contradicted in turn, and the gate has to notice; forty harmless rewordings and the prompt itself come by,
and it has to let them pass. What it shows holds for the one who answered: the stub that obeys, or the model
that a user named. A real model may keep a rule that was softened, or a good habit that nobody asked for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextvars import ContextVar
from dataclasses import dataclass, field
from multiprocessing import get_context

from coach.adapters.prompt_body import PromptRefused
from coach.adapters.prompt_files import Prompt, parse_prompt
from coach.errors import SettingsRefused
from evals.families import question_quality
from evals.first_proposals import Bench, Prepared, Propose, Values, by_stub
from evals.gating import STAGES, judge
from evals.mutants import Kind, Mutant, reasons
from evals.verdicts import Pair

REFUSED = "refused"  # the loader does not take the prompt: it never reaches a model
KILLED = ("fail", REFUSED)
_FEW = 4_000  # cases times mutants that are not worth a second process

Ask = tuple[Mutant, int]  # a mutant and a seed
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Result:
    """What the gate said of one mutant under one seed.

    Attributes:
        outcome: "fail", "pass", "inconclusive" after the last look, or "refused" by the loader.
        epochs: of each case, until the gate was sure.
        reason: its first reason.
    """

    mutant: str
    kind: str
    operator: str
    about: str
    seed: int
    outcome: str
    epochs: int
    reason: str

    @property
    def killed(self) -> bool:
        return self.outcome in KILLED


@dataclass
class Laboratory:
    """The baseline, and the cases on which everything is compared with it."""

    baseline: Prompt
    file: str
    bench: Bench
    shared: bool = False  # one baseline for harmless prompts, too: cheaper, where answers are paid for
    equivalent: Collection[str] = ()  # ids of spoilt prompts that are known to change nothing
    _runs: dict[tuple[int, int], list[Values | None]] = field(default_factory=dict)

    def try_out(self, mutant: Mutant, seed: int) -> Result:
        """One mutant against the baseline, look by look, as `coach eval gate` does it."""
        said = (mutant.id, mutant.kind.value, mutant.operator, mutant.about, seed)
        try:
            prompt = parse_prompt(mutant.text, self.file)
        except (PromptRefused, SettingsRefused) as refusal:
            return Result(*said, REFUSED, 0, str(refusal))
        before: list[list[Values | None]] = []
        after: list[list[Values | None]] = []
        outcome, reason = "inconclusive", ""
        for stage in STAGES:
            for epoch in range(len(before) + 1, stage + 1):
                before.append(self._baseline(mutant, seed, epoch))
                after.append(self.bench.run(prompt, f"{seed}/{mutant.id}/{epoch}"))
            verdict = judge(question_quality.task(), self._pairs(before, after), stage, deterministic=False)
            outcome, reason = verdict.outcome, verdict.reasons[0]
            if outcome != "inconclusive":
                break
        return Result(*said, outcome, len(before), reason)

    def _baseline(self, mutant: Mutant, seed: int, epoch: int) -> list[Values | None]:
        """For a prompt that should pass a draw of its own, for the spoilt ones one draw a seed.

        One lucky baseline would fail a dozen harmless prompts at once, and its luck be counted twelve times;
        a spoilt prompt falls so far that the baseline's luck does not matter, and runs are dear.
        """
        passes = mutant.kind in (Kind.HARMLESS, Kind.AA) or mutant.id in self.equivalent
        if not self.shared and passes:
            return self.bench.run(self.baseline, f"{seed}/{mutant.id}/baseline/{epoch}")
        if (seed, epoch) not in self._runs:
            self._runs[seed, epoch] = self.bench.run(self.baseline, f"{seed}/baseline/{epoch}")
        return self._runs[seed, epoch]

    def _pairs(
        self, before: Sequence[Sequence[Values | None]], after: Sequence[Sequence[Values | None]]
    ) -> list[Pair]:
        """Each case with the runs that both sides have; one that has none is left out."""
        found = []
        for place, case in enumerate(self.bench.cases):
            sides = [(one[place], other[place]) for one, other in zip(before, after, strict=True)]
            whole = [(one, other) for one, other in sides if one is not None and other is not None]
            if whole:
                one, other = (_columns(side) for side in zip(*whole, strict=True))
                held = case.sample
                found.append(Pair(held.id, held.cluster, held.slices, held.must_pass, one, other))
        return found


def experiment(
    text: str,
    file: str,
    cases: Sequence[Prepared],
    asks: Sequence[Ask],
    progress: Progress,
    workers: int | None = None,
    propose: Propose | None = None,
) -> Iterator[Result]:
    """Try out every mutant under every seed.

    Args:
        text, file: the baseline's prompt file.
        cases: from `first_proposals.prepare`.
        asks: what is to be done.
        progress: told after each.
        workers: processes; None for one a core, and a single one where there is little to do.
        propose: who answers; None for the stub. Anybody else is asked from this process alone.

    Yields:
        A result for each, in the order in which they are ready.

    Raises:
        PromptRefused: the baseline itself is not right.
        Exception: whatever `propose` raises; what was yielded before stands.
    """
    prompt = parse_prompt(text, file)
    few = propose is not None or len(asks) * len(cases) <= _FEW
    count = workers or (1 if few else max(1, min(os.cpu_count() or 1, 8)))
    left = list(asks)
    progress(0, len(asks))
    for asked, result in _spread(text, file, cases, asks, count) if count > 1 else ():
        left.remove(asked)
        yield result
        progress(len(asks) - len(left), len(asks))
    bench = Bench(cases, propose or by_stub)
    laboratory = Laboratory(prompt, file, bench, propose is not None, reasons())
    for done, (mutant, seed) in enumerate(left, len(asks) - len(left) + 1):
        yield laboratory.try_out(mutant, seed)
        progress(done, len(asks))


def _spread(
    text: str, file: str, cases: Sequence[Prepared], asks: Sequence[Ask], count: int
) -> Iterator[tuple[Ask, Result]]:
    """Results from several processes; it ends early when the system takes one of them away."""
    # Spawned and not forked: the parent has the threads of an embedder and of an index.
    with ProcessPoolExecutor(count, get_context("spawn"), _begin, (text, file, list(cases))) as pool:
        try:
            waiting: dict[Future[Result], Ask] = {pool.submit(_try_out, *asked): asked for asked in asks}
            for ready in as_completed(waiting):
                yield waiting[ready], ready.result()
        except BrokenProcessPool:
            return
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


_LABORATORY: ContextVar[Laboratory] = ContextVar("laboratory")  # of a worker, for as long as it lives


def _begin(text: str, file: str, cases: Sequence[Prepared]) -> None:
    _LABORATORY.set(Laboratory(parse_prompt(text, file), file, Bench(cases), equivalent=reasons()))


def _try_out(mutant: Mutant, seed: int) -> Result:
    return _LABORATORY.get().try_out(mutant, seed)


def _columns(runs: Sequence[Values]) -> Mapping[str, Sequence[float]]:
    return {name: [run[name] for run in runs] for name in runs[0]}


# -- what it amounts to -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: how many of a kind the gate failed.

    Attributes:
        wanted: the least share that must fail, or with `most` the largest that may.
        interval: Wilson's, 95 %.
    """

    name: str
    failed: int
    total: int
    unsure: int
    wanted: float
    most: bool
    interval: tuple[float, float]

    @property
    def share(self) -> float:
        return self.failed / self.total if self.total else 0.0

    @property
    def met(self) -> bool:
        """Whether the target is kept; true of a kind that was not run."""
        return not self.total or (self.share <= self.wanted if self.most else self.share >= self.wanted)


def table(results: Sequence[Result], equivalent: Mapping[str, str]) -> list[Row]:
    """The table of EVALS.md 3.4: strong, hedged, harmless with A/A, and these two apart.

    Args:
        results: of a run.
        equivalent: mutant id -> why it changes nothing; these are left out.
    """
    left = [one for one in results if one.mutant not in equivalent]
    false_alarms = {Kind.HARMLESS.value, Kind.AA.value}
    return [
        _row("strong", [one for one in left if one.kind == Kind.STRONG], 1.0, most=False),
        _row("hedged", [one for one in left if one.kind == Kind.HEDGED], 0.8, most=False),
        _row("harmless and A/A", [one for one in left if one.kind in false_alarms], 0.05, most=True),
        _row("  harmless", [one for one in left if one.kind == Kind.HARMLESS], 0.05, most=True),
        _row("  A/A", [one for one in left if one.kind == Kind.AA], 0.05, most=True),
    ]


def _row(name: str, results: Sequence[Result], wanted: float, most: bool) -> Row:
    from evals.statistics import wilson

    failed, total = sum(one.killed for one in results), len(results)
    unsure = sum(one.outcome == "inconclusive" for one in results)
    return Row(name, failed, total, unsure, wanted, most, wilson(failed, total) if total else (0.0, 1.0))


def surprises(results: Sequence[Result], equivalent: Mapping[str, str]) -> dict[str, list[Result]]:
    """What a reader has to look at.

    Returns:
        "survived": strong and hedged mutants that the gate let live and nobody explained; "false alarm":
        harmless ones that it failed; "not equivalent": tagged ones that it killed.
    """
    spoilt = (Kind.STRONG.value, Kind.HEDGED.value)
    found: dict[str, list[Result]] = {"survived": [], "false alarm": [], "not equivalent": []}
    for one in results:
        if one.mutant in equivalent:
            if one.killed:
                found["not equivalent"].append(one)
        elif one.kind in spoilt and not one.killed:
            found["survived"].append(one)
        elif one.kind not in spoilt and one.killed:
            found["false alarm"].append(one)
    return found
