"""The runner: both arms of a case side by side, faults repeated, nothing done twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from evals import running
from evals.model import Arm, InfrastructureFault, Mode, Output, Sample, Score
from evals.record_reading import read_record
from evals.records import InvalidRun, Key, Record, Row
from evals.running import Budget, Job, OutOfBudget, Runner
from evals.systems import NeedsRealRun
from tests.unit.evals.made_runs import TinySystem, a_manifest, tiny_task

SAMPLES = [Sample(f"c{n}", f"seed{n // 2}", {"text": "x"}) for n in range(4)]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PAUSES", (0.0, 0.0))


class Bench:
    """A job over two tiny systems, and everything that was noted."""

    def __init__(self, folder: Path, answer: Callable[[str, int], float] = lambda case, epoch: 1.0) -> None:
        self.log: list[tuple[str, str, int]] = []
        self.folder = folder
        self.systems = {arm: TinySystem(arm, answer, self.log) for arm in Arm}
        self.rows: dict[Key, Row] = {}
        self.task = tiny_task(SAMPLES)
        self.budget = Budget(None)
        self.stages: tuple[int, ...] = (1, 3, 5)
        self.parallel = 1

    def run(self, enough: Callable[[int], bool] = lambda epochs: True) -> int:
        systems = dict(self.systems)
        job = Job(self.task, Mode.STUB, systems, SAMPLES, self.stages, self.parallel)  # type: ignore[arg-type] # TinySystem
        record = Record(self.folder)
        if not (self.folder / "record.jsonl").stat().st_size:
            record.begin(a_manifest(4, mode="stub"))
        try:
            return Runner(job, record, self.rows, self.budget).run(enough)
        finally:
            record.close()


def test_both_arms_of_a_case_run_side_by_side_and_neither_is_always_first(tmp_path: Path) -> None:
    """A server that tires must not be held against one arm."""
    bench = Bench(tmp_path)
    bench.run()
    cases = [case for case, _, _ in bench.log]
    assert cases[0::2] == cases[1::2]
    firsts = Counter(arm for _, arm, _ in bench.log[0::2])
    assert firsts == {"baseline": 2, "candidate": 2}


def test_stages_go_on_until_it_is_enough(tmp_path: Path) -> None:
    """One epoch, then three, then five, each case once an epoch and arm."""
    bench = Bench(tmp_path)
    asked: list[int] = []
    done = bench.run(lambda epochs: bool(asked.append(epochs)) or epochs == 3)
    assert asked == [1, 3] and done == 3
    assert set(Counter(bench.log).values()) == {1} and len(bench.log) == 4 * 2 * 3


def test_what_is_there_is_not_run_again(tmp_path: Path) -> None:
    """A second runner over the same rows asks nobody."""
    bench = Bench(tmp_path)
    bench.run()
    asked = len(bench.log)
    bench.run()
    assert len(bench.log) == asked


def test_a_fault_of_the_machine_is_repeated_at_the_end(tmp_path: Path) -> None:
    """After all other cases, and the later result counts."""
    tries: Counter[str] = Counter()

    def answer(case: str, epoch: int) -> float:
        tries[case] += 1
        if case == "c1" and tries[case] <= 2:
            raise InfrastructureFault("RateLimitError")
        return 1.0

    bench = Bench(tmp_path, answer)
    bench.run()
    assert [case for case, _, _ in bench.log[-2:]] == ["c1", "c1"]
    assert all(row.status == "ok" for row in read_record(tmp_path).rows)


def test_a_fault_that_stays_is_a_row_without_scores(tmp_path: Path) -> None:
    """It is never averaged; whether the run still counts is decided over all rows."""

    def answer(case: str, epoch: int) -> float:
        if case == "c2":
            raise InfrastructureFault("RateLimitError")
        return 1.0

    Bench(tmp_path, answer).run()
    lost = [row for row in read_record(tmp_path).rows if row.status == "error"]
    assert {(row.case, row.error, len(row.scores)) for row in lost} == {("c2", "RateLimitError", 0)}


def test_a_machine_that_never_answers_ends_the_run_soon(tmp_path: Path) -> None:
    """Eight faults in a row and no success: nobody waits for the rest."""

    def answer(case: str, epoch: int) -> float:
        raise InfrastructureFault("AuthenticationError")

    bench = Bench(tmp_path, answer)
    with pytest.raises(InvalidRun, match=r"AuthenticationError.*--resume"):
        bench.run()
    assert len(bench.log) == running.HOPELESS


def test_the_budget_stops_cleanly_and_the_run_can_go_on(tmp_path: Path) -> None:
    """What was paid for is kept; a later run pays only for the rest."""
    bench = Bench(tmp_path)
    bench.budget = Budget(35)  # ten tokens a turn
    with pytest.raises(OutOfBudget):
        bench.run()
    assert len(read_record(tmp_path).rows) == len(bench.log) == 4
    bench.budget = Budget(None)
    bench.run()
    assert len(bench.log) == 8


def test_nothing_recorded_to_replay_is_skipped_and_not_scored(tmp_path: Path) -> None:
    """A changed prompt in replay needs a real run; it never passes silently."""

    def answer(case: str, epoch: int) -> float:
        raise NeedsRealRun(case)

    Bench(tmp_path, answer).run()
    assert {row.status for row in read_record(tmp_path).rows} == {"skipped"}


def test_many_at_a_time_give_the_same_record(tmp_path: Path) -> None:
    """Order apart, nothing depends on how many run at once."""
    alone, together = Bench(tmp_path / "a"), Bench(tmp_path / "b")
    together.parallel = 4
    for bench in (alone, together):
        bench.run(lambda epochs: epochs == 5)
    found = [{row.key: row.scores for row in read_record(one.folder).rows} for one in (alone, together)]
    assert found[0] == found[1] and len(found[0]) == 40


def test_a_scorer_that_forgets_a_metric_is_refused_at_once(tmp_path: Path) -> None:
    """A family that is not well made must not cost a whole run."""
    bench = Bench(tmp_path)
    bench.task = tiny_task(SAMPLES, lambda value: {"all": Score(1.0)})
    with pytest.raises(InvalidRun, match="brief"):
        bench.run()


def test_what_no_prompt_reaches_is_solved_once_and_both_arms_have_it(tmp_path: Path) -> None:
    """The arms of such a task cannot differ, so half of its work would be done for nothing."""
    bench = Bench(tmp_path)
    bench.task = replace(bench.task, prompted=False)
    bench.run()
    assert len(bench.log) == len(SAMPLES) and len(bench.rows) == 2 * len(SAMPLES)
    arms = {arm: {row.case: row.scores for row in bench.rows.values() if row.arm == arm} for arm in Arm}
    assert arms[Arm.BASELINE] == arms[Arm.CANDIDATE]


def test_a_fault_is_not_shared(tmp_path: Path) -> None:
    """Where the machine lost a result, the other arm makes its own."""
    bench = Bench(tmp_path)
    bench.task = replace(bench.task, prompted=False)
    lost: list[str] = []

    def solve(system: object, sample: Sample, epoch: int) -> Output:
        if sample.id not in lost:
            lost.append(sample.id)
            raise InfrastructureFault
        return solved(system, sample, epoch)  # type: ignore[arg-type] # TinySystem

    solved, bench.task = bench.task.solve, replace(bench.task, solve=solve)
    bench.run()
    assert {row.status for row in bench.rows.values()} == {"ok"}
