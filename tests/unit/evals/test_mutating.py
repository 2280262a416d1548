"""Mutants through the gate: the strong ones fail, the baseline passes, and the table says it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from coach.adapters.outgoing import outgoing
from coach.adapters.prompt_files import Prompt
from coach.bundled import bundled
from coach.domain.model import Brief, Lens, Stage
from evals.families import question_quality
from evals.first_proposals import Bench, Prepared, by_stub
from evals.model import Sample
from evals.mutant_report import report
from evals.mutant_results import kept
from evals.mutants import Kind, Mutant, again, mutants
from evals.mutating import Laboratory, Result, experiment, surprises, table
from evals.probing import probed

FILE = "reflection-questions.prompty"
TEXT = (bundled("prompts") / FILE).read_text(encoding="utf-8")
CASES = 60


def prepared(sample: Sample) -> Prepared:
    """Without retrieval: what is near a case is no matter of the prompt."""
    lens, stage = question_quality.asked_for(sample)
    history = question_quality.history_of(sample)
    brief = Brief(
        text=str(sample.input["text"]),
        stage=Stage(stage),
        lens=Lens(lens),
        turn_number=history.turns + 1,
        situations=(),
        passages=(),
        asked=history.asked,
        recent_lenses=(),
        earlier=history.texts,
        mirrors=history.mirrors,
        names=tuple(sample.input["names"]),
    )
    return Prepared(sample, outgoing(brief, sample.target.get("failed_lines", ())))


@pytest.fixture(scope="module")
def cases() -> list[Prepared]:
    samples = question_quality.samples()
    return [prepared(sample) for sample in probed(samples[:: max(1, len(samples) // CASES)][:CASES])]


@pytest.fixture(scope="module")
def laboratory(cases: list[Prepared]) -> Laboratory:
    from coach.adapters.prompt_files import parse_prompt

    return Laboratory(parse_prompt(TEXT, FILE), FILE, Bench(cases))


def named(*ids: str) -> list[Mutant]:
    return [one for one in mutants(TEXT) if one.id in ids]


def test_four_of_five_cases_get_an_occasion_and_none_is_lost() -> None:
    samples = question_quality.samples()[:40]
    found = probed(samples)
    assert [one.id for one in found] == [one.id for one in samples]
    assert sum(one == before for one, before in zip(found, samples, strict=True)) == 8
    assert sum(bool(one.target.get("canary")) for one in found) == 8
    assert sum(len(one.input["earlier"]) >= 2 for one in found) >= 8
    grave = [one.target["concern"] for one in found if "concern" in one.target]
    assert sorted(set(grave)) == ["crisis", "danger", "harassment", "none"] and len(grave) == 8


def test_the_baseline_first_proposals_are_mostly_good(cases: list[Prepared], laboratory: Laboratory) -> None:
    """Good enough to lose something, and not so good that nothing is left to chance."""
    runs = [laboratory.bench.run(laboratory.baseline, f"noise {n}") for n in range(3)]
    share = sum(values["all"] for run in runs for values in run) / (3 * len(cases))
    assert 0.88 <= share <= 0.99


@pytest.mark.parametrize(
    "name",
    [
        "delete/the-mirror-2",
        "delete/the-questions-4",
        "delete/the-questions-6",
        "delete/lens-and-stage-1",
        "delete/the-material-4",
        "negate/the-answer-3",
        "contradict/the-questions-9",
        "whole/poison-example-2",
        "whole/drop-passages",
        "whole/swap-reflection-earlier",
        "whole/role-only",
        "whole/rules-to-user",
        "whole/temperature",
    ],
)
def test_a_spoilt_prompt_fails(laboratory: Laboratory, name: str) -> None:
    (mutant,) = named(name)
    result = laboratory.try_out(mutant, 0)
    assert result.outcome == "fail", result


def test_what_the_loader_refuses_is_as_good_as_failed(laboratory: Laboratory) -> None:
    (mutant,) = named("whole/drop-delimiters")
    result = laboratory.try_out(mutant, 0)
    assert (result.outcome, result.epochs, result.killed) == ("refused", 0, True)


def test_a_prompt_that_should_pass_meets_a_baseline_of_its_own_draw(
    cases: list[Prepared], laboratory: Laboratory
) -> None:
    """One lucky draw of the baseline must not fail a dozen harmless prompts at once."""
    drawn: list[str] = []

    def propose(prompt: Prompt, cases: Sequence[Prepared], noise: str) -> list[str | None]:
        drawn.append(noise)
        return by_stub(prompt, cases, noise)

    few = Laboratory(laboratory.baseline, FILE, Bench(cases[:20], propose), equivalent={"delete/preamble-1"})
    for mutant in (*named("delete/preamble-1", "delete/the-mirror-2"), *again(TEXT, 1)):
        few.try_out(mutant, 0)
    first = [noise for noise in drawn if noise.endswith("/1")]
    assert "0/delete/preamble-1/baseline/1" in first and "0/aa/01/baseline/1" in first
    assert "0/baseline/1" in first, "a spoilt one falls so far that any draw will do"


def test_a_rule_that_is_said_twice_may_lose_one_of_them(laboratory: Laboratory) -> None:
    """Why the list of equivalent mutants is needed at all."""
    (mutant,) = named("delete/preamble-2")
    assert laboratory.try_out(mutant, 0).outcome != "fail"


def test_the_same_mutant_and_seed_have_the_same_result_in_another_process(cases: list[Prepared]) -> None:
    """So that a run can be spread over cores, stopped, and taken up again."""
    asks = [(one, 0) for one in named("delete/the-questions-9", "whole/drop-delimiters")]
    seen: list[tuple[int, int]] = []
    here = list(experiment(TEXT, FILE, cases[:20], asks, lambda *told: seen.append(told), workers=1))
    there = list(experiment(TEXT, FILE, cases[:20], asks, lambda *_: None, workers=2))
    assert sorted(here, key=lambda one: one.mutant) == sorted(there, key=lambda one: one.mutant)
    assert seen == [(0, 2), (1, 2), (2, 2)]


def a_result(name: str, kind: Kind, outcome: str) -> Result:
    return Result(name, kind.value, "delete", "a rule", 0, outcome, 1, "all lost 40 points.")


RESULTS = [
    *(a_result(f"s{n}", Kind.STRONG, "fail") for n in range(9)),
    a_result("s9", Kind.STRONG, "refused"),
    a_result("twice", Kind.STRONG, "pass"),
    a_result("h0", Kind.HEDGED, "fail"),
    a_result("h1", Kind.HEDGED, "inconclusive"),
    *(a_result(f"w{n}", Kind.HARMLESS, "pass") for n in range(19)),
    a_result("w19", Kind.HARMLESS, "fail"),
    a_result("aa", Kind.AA, "pass"),
]


def test_the_table_counts_what_failed_and_leaves_the_equivalent_out() -> None:
    """Strong all, hedged 80 in a hundred, harmless and A/A at most 5."""
    rows = {row.name.strip(): row for row in table(RESULTS, {"twice": "is said twice"})}
    assert (rows["strong"].failed, rows["strong"].total, rows["strong"].met) == (10, 10, True)
    assert (rows["hedged"].failed, rows["hedged"].unsure, rows["hedged"].met) == (1, 1, False)
    assert rows["harmless and A/A"].met and rows["harmless and A/A"].total == 21
    assert rows["harmless"].share == 0.05 and rows["harmless"].met
    low, high = rows["strong"].interval
    assert round(low, 3) == 0.722 and high == 1.0  # Wilson, 10 of 10


def test_who_survived_without_a_reason_is_named() -> None:
    odd = surprises(RESULTS, {"s0": "is said to change nothing"})
    assert [one.mutant for one in odd["survived"]] == ["twice", "h1"]
    assert [one.mutant for one in odd["false alarm"]] == ["w19"]
    assert [one.mutant for one in odd["not equivalent"]] == ["s0"]
    told = "\n".join(report(table(RESULTS, {}), odd, {}))
    assert "twice (seed 0)" in told and "missed" in told and "w19" in told


def test_results_of_another_prompt_are_not_taken_up(tmp_path: Path) -> None:
    """And a line that was torn off by a kill is run again."""
    from coach.errors import UserError

    path = tmp_path / "mutants.jsonl"
    path.write_text('{"run": "one"}\n{"mutant": "a", "seed": 0}\n{"mutant": "b", "se', encoding="utf-8")
    assert set(kept(path, "one")) == {("a", 0)}
    assert path.read_text(encoding="utf-8").endswith("\n")
    with pytest.raises(UserError, match="another prompt"):
        kept(path, "two")
    assert kept(tmp_path / "none", "one") == {}


def test_the_prompt_against_itself_passes(laboratory: Laboratory) -> None:
    """Or asks for more cases: this is a small set."""
    outcomes = [laboratory.try_out(one, seed).outcome for seed, one in enumerate(again(TEXT, 4))]
    assert outcomes.count("fail") <= 1
