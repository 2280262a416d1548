"""The words of the eval suite, after Inspect's: tasks, samples, scores, and one row for each that was run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any, Protocol

from coach.domain.model import Draft, Turn
from coach.services.reflect import History

Json = Mapping[str, Any]  # what json.dumps takes, and nothing private: all data of the suite is made up


class Mode(StrEnum):
    """What stands behind the coach while it is measured."""

    EMBEDDED = "embedded"  # the bank writer: exact, no noise
    STUB = "stub"  # the llm writer against a real HTTP server that obeys prompts by rule
    LLM = "llm"  # the llm writer against the user's own model
    REPLAY = "replay"  # the llm writer against answers recorded earlier


class Arm(StrEnum):
    """The two sides of a comparison."""

    BASELINE = "baseline"
    CANDIDATE = "candidate"


class Exit(IntEnum):
    """What a command of the suite ends with."""

    PASS = 0
    REGRESSION = 1
    INCONCLUSIVE = 2
    INVALID = 3
    USAGE = 4


class Guard(StrEnum):
    """How a metric takes part in the gate."""

    PRIMARY = "primary"  # tested first, at full alpha
    PART = "part"  # tested with Holm's correction: can only add reasons
    ZERO = "zero"  # one failure anywhere fails the run
    BUDGET = "budget"  # a cost: compared as a ratio to the baseline (warn, fail)
    SHOWN = "shown"  # reported, never judged


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure of a task.

    Attributes:
        name: the key under which scorers return it.
        guard: how it takes part in the gate.
        margin: the drop that may not be excluded any more, in units of the metric (0.05 is 5 points).
        higher_is_better: False for rates of something bad and for costs.
        warn, fail: for a BUDGET, the ratio candidate / baseline from which it warns and fails.
        waivable: a BUDGET that only warns when the prompt's changelog accepts the cost.
    """

    name: str
    guard: Guard = Guard.PART
    margin: float = 0.05
    higher_is_better: bool = True
    warn: float = 1.10
    fail: float = 1.25
    waivable: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """One case of a task.

    Attributes:
        id: unique in its task.
        cluster: the seed it was made from: variants of one seed count once in the statistics.
        input: what the solver gets.
        target: what the scorers know and the solver does not.
        slices: for reporting: {"stage": "explore", "length": "short", ...}.
        must_pass: on the list of cases that may never break.
    """

    id: str
    cluster: str
    input: Json
    target: Json = field(default_factory=dict)
    slices: Mapping[str, str] = field(default_factory=dict)
    must_pass: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """What a solver brings back for one sample.

    Attributes:
        value: what the scorers read; plain JSON.
        text: the same for a person's eyes (side-by-side views).
        tokens_in, tokens_out: as the server counted them; 0 in embedded mode.
        calls: requests to a model.
        ms: wall time of the solver, milliseconds.
    """

    value: Json
    text: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    calls: int = 0
    ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """One scorer's verdict on one output. `value` is finite, 1.0 is best for a pass-or-fail metric."""

    value: float
    answer: str = ""
    explanation: str = ""
    metadata: Json = field(default_factory=dict)


class System(Protocol):
    """One arm, opened: the coach with this arm's prompts, in this mode."""

    arm: Arm
    mode: Mode
    prompts: Path  # the folder of this arm's prompts

    @property
    def coach(self) -> Any:  # coach.bootstrap.Coach; Any keeps this file free of the program's weight
        """The whole program, for tasks that measure more than turns. Both arms share its throw-away store:
        read from it only."""
        ...

    def own_coach(self) -> AbstractContextManager[Any]:
        """This arm's whole program over a new store of its own, for tasks that write to it (seconds)."""
        ...

    def turn(
        self, sample: Sample, epoch: int, text: str, history: History, names: Sequence[str] = ()
    ) -> Turn:
        """One turn, and nothing saved. `sample` and `epoch` key the model's randomness and the record.

        Raises:
            InfrastructureFault: the model's server failed (429, 5xx, timeout): to be run again, not scored.
        """
        ...

    def drafts(self, sample: Sample, epoch: int) -> list[Draft]:
        """What the model proposed in this sample's turns, in order, before the gate saw it; a reply that
        could not be read is not among them. None in embedded mode."""
        ...

    def replies(self, sample: Sample, epoch: int) -> list[str]:
        """The model's words, as they came; none in embedded mode."""
        ...

    def requests(self, sample: Sample, epoch: int) -> list[Json]:
        """The bodies that left for the model in this sample's turns; none in embedded mode."""
        ...

    def usage(self, sample: Sample, epoch: int) -> tuple[int, int, int]:
        """Tokens in, tokens out, calls of this sample's turns."""
        ...


@dataclass(frozen=True, slots=True)
class Task:
    """One family of the suite.

    Attributes:
        name: e.g. "question_quality"; prompts name the tasks that concern them under `eval_tasks`.
        modes: where it can run.
        metrics: exactly one is PRIMARY, or none where every metric is ZERO or SHOWN.
        dataset: the file below evals/data it was read from.
        samples: reads the cases.
        solve: one sample through one arm.
        score: {metric name: Score}; every metric of the task, every time.
        prompted: whether a prompt can reach what is measured. Where none can, a case is solved once and both
            arms have its result: the task guards the program, and its figures cannot differ.
    """

    name: str
    modes: frozenset[Mode]
    metrics: tuple[Metric, ...]
    dataset: str
    samples: Callable[[], Sequence[Sample]]
    solve: Callable[[System, Sample, int], Output]
    score: Callable[[Sample, Output], Mapping[str, Score]]
    prompted: bool = True


class InfrastructureFault(Exception):
    """The machine around the model failed, not the product: such a case is repeated, never averaged."""
