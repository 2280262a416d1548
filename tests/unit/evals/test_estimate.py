"""What a run with a real model will cost, told before anything is sent."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from evals.estimate import Estimate, estimate
from evals.house import House
from evals.model import Arm, Mode, Output, Sample
from evals.running import Job
from evals.systems import NeedsRealRun
from tests.unit.evals.made_runs import tiny_task


class Sending:
    """An arm that writes out a request, none for a text that the screen answers; some answers are there."""

    def __init__(self) -> None:
        self.sent: dict[str, list[Any]] = {}

    def turn(self, sample: Sample) -> None:
        if sample.input["quiet"]:
            return
        self.sent[sample.id] = [{"messages": [{"role": "user", "content": "x" * sample.input["long"]}]}]
        if not sample.input["known"]:
            raise NeedsRealRun(sample.id)

    def requests(self, sample: Sample, epoch: int) -> list[Any]:
        return self.sent.get(sample.id, [])

    def forget(self, sample: Sample, epoch: int) -> None:
        self.sent.pop(sample.id, None)


def told(*tasks: tuple[int, int, bool, bool]) -> Estimate:
    """Of tasks: cases, characters of a request, whether answers are there, whether half ask nothing."""
    jobs = []
    for cases, long, known, half in tasks:
        samples = [
            Sample(f"c{n}", f"s{n}", {"long": long, "known": known, "quiet": half and n % 2 == 1})
            for n in range(cases)
        ]
        task = tiny_task(samples)

        def solve(system: Any, sample: Sample, epoch: int) -> Output:
            system.turn(sample)
            return Output({})

        task = cast(Any, SimpleNamespace(name=task.name, solve=solve))
        jobs.append(Job(task, Mode.LLM, {}, samples, (1, 3)))
    house = cast(House, SimpleNamespace(system=lambda arm, mode, folder: Sending()))
    return estimate(jobs, house, {Arm.CANDIDATE: Path("one"), Arm.BASELINE: Path("two")})


def test_a_text_that_the_screen_answers_makes_no_request_cheaper() -> None:
    """It is no request of no length, and no recorded answer: it asks nothing."""
    plain, half = told((6, 4_000, False, False)), told((6, 4_000, False, True))
    assert (plain.tokens_in, plain.recorded, plain.silent) == (1_000, 0.0, 0.0)
    assert (half.tokens_in, half.recorded, half.silent) == (1_000, 0.0, 0.5)
    assert half.tokens(10) == plain.tokens(10)
    assert "50% of them ask nothing" in half.sentences()[0]
    assert half.sentences()[1].split(";")[1] == plain.sentences()[1].split(";")[1], "the bound stays one"


def test_a_task_weighs_as_many_as_it_has_cases() -> None:
    """As many are measured of each, and a large task costs more than a small one."""
    found = told((900, 4_000, False, False), (100, 400, True, False))
    assert found.tokens_in == round(0.9 * 1_000 + 0.1 * 100)
    assert round(found.recorded, 3) == 0.1
    assert (found.least, found.most) == (2_000, 6_000)


def test_a_run_without_a_case_can_be_told() -> None:
    assert told().sentences(1.0, 1.0)[0].startswith("0 to 0 turns;")
