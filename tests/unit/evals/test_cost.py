"""The family cost: what is counted, and what the gate makes of it."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from coach.domain.model import Origin, Turn
from evals.families import cost
from evals.gating import judge
from evals.model import Guard, Mode, Output, Sample
from evals.scorers.at_address import elsewhere
from evals.scorers.counting_stub import DELAY, CountingStub, tokens
from evals.verdicts import Pair
from tests.integration.llm_harness import PROMPTS, TEXT
from tests.unit.evals.made_systems import a_system
from tests.unit.evals.schemas import misfits

SAMPLE = Sample("c1", "night", {"text": TEXT, "earlier": [], "asked": []})
THIRD = Sample(
    "c2", "night", {"text": TEXT, "earlier": ["I told nobody.", "My team is quiet."], "asked": ["What else?"]}
)
TURN = Turn("t", "You went home.", (), origin=Origin("llm"))


def value(system: object, sample: Sample = SAMPLE) -> dict[str, float]:
    output: Output = cost.solve(system, sample, 1)  # type: ignore[arg-type] # as much of a System as is asked
    return {name: score.value for name, score in cost.score(sample, output).items()}


def outcome(before: dict[str, float], after: dict[str, float]) -> tuple[str, int]:
    """What the gate says of two figures, and how often it warns."""
    blank = dict.fromkeys(("prompt_tokens", "calls", "model_calls", "overhead_ms"), 1.0)
    arms = [{name: (number,) for name, number in {**blank, **arm}.items()} for arm in (before, after)]
    pairs = [Pair(f"c{n}", f"c{n}", {}, False, *arms, "", "") for n in range(40)]
    verdict = judge(cost.task(), pairs, 1, deterministic=False)
    return verdict.outcome, len(verdict.warnings)


def test_every_case_is_of_the_agreed_form() -> None:
    """The schema beside the data says what a line may hold."""
    assert misfits("cost") == []


def test_thirty_typical_turns_and_ten_long_ones() -> None:
    """A third of the typical ones comes late in a conversation."""
    found = Counter((one.slices["length"], one.slices["turn"]) for one in cost.samples())
    assert found == {("typical", "1"): 20, ("typical", "3"): 10, ("long", "1"): 10}
    assert min(len(s.input["text"]) for s in cost.samples() if s.slices["length"] == "long") > 2_000


def test_a_longer_prompt_costs_more_and_no_call_more(tmp_path: Path) -> None:
    """As the server counted it, in the request that arrived."""
    longer = tmp_path / "prompts"
    shutil.copytree(PROMPTS, longer)
    file = longer / "reflection-questions.prompty"
    text = file.read_text(encoding="utf-8")
    rule = "- Write plain text inside it: no markdown, no link, no list.\n"
    assert rule in text
    file.write_text(text.replace(rule, rule * 40), encoding="utf-8")
    before, after = value(a_system()), value(a_system(prompts=longer))
    assert before["prompt_tokens"] > 1_000 and before["calls"] == after["calls"] == 1
    assert after["prompt_tokens"] == before["prompt_tokens"] + 39 * (tokens([rule]) - tokens([""]))


def test_a_conversation_costs_more_than_its_beginning() -> None:
    """Earlier reflections and questions are sent along."""
    assert value(a_system(), THIRD)["prompt_tokens"] > value(a_system())["prompt_tokens"]


def test_an_answer_says_what_it_cost_and_takes_its_time() -> None:
    """Tokens in, tokens out, and their sum, as a provider reports them."""
    asked = {"model": "stub", "messages": [{"role": "user", "content": "Three small words."}]}
    with CountingStub() as server:
        answer = server.take("good", json.dumps(asked).encode())
    told = json.loads(answer.body)
    sent, said = tokens(["Three small words."]), tokens([told["choices"][0]["message"]["content"]])
    assert said > sent > 0 and answer.delay == DELAY
    assert told["usage"] == {"prompt_tokens": sent, "completion_tokens": said, "total_tokens": sent + said}


def test_an_arm_elsewhere_knows_what_it_sent() -> None:
    """One body a call."""
    with CountingStub() as server:
        arm = elsewhere(a_system(), server.url("good"), 5.0)
        arm.turn(SAMPLE, 1, TEXT)
        assert len(arm.requests(SAMPLE, 1)) == len(server.requests()) == 1


def test_the_servers_delay_is_not_our_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a turn that took the server's delay and twelve milliseconds, twelve are ours."""
    ticks = iter((100.0, 100.0 + DELAY + 0.012))
    monkeypatch.setattr(cost, "time", SimpleNamespace(perf_counter=lambda: next(ticks)))
    assert value(a_system())["overhead_ms"] == pytest.approx(12.0)


def test_without_a_model_there_is_only_time() -> None:
    """No tokens, no calls."""
    found = value(a_system(Mode.EMBEDDED, turn=lambda *given: TURN))
    assert found["prompt_tokens"] == found["calls"] == found["model_calls"] == 0


def test_a_real_models_tokens_are_its_providers() -> None:
    """Its rewrites are shown; the calls that are gated come from the server without noise."""
    system = a_system(Mode.LLM, turn=lambda *given: TURN, usage=lambda *given: (7_000, 300, 2))
    found = value(system)
    assert (found["prompt_tokens"], found["calls"], found["model_calls"]) == (7_000, 1, 2)


@pytest.mark.parametrize(
    ("metric", "before", "after", "wanted"),
    [
        ("prompt_tokens", 1000.0, 1090.0, ("pass", 0)),
        ("prompt_tokens", 1000.0, 1110.0, ("pass", 1)),
        ("prompt_tokens", 1000.0, 1260.0, ("fail", 0)),
        ("calls", 1.0, 1.0, ("pass", 0)),
        ("calls", 1.0, 1.01, ("fail", 0)),
        ("calls", 1.1, 1.0, ("pass", 0)),
        ("model_calls", 1.0, 2.0, ("pass", 0)),
        ("overhead_ms", 100.0, 900.0, ("pass", 0)),
    ],
)
def test_tokens_may_rise_a_little_calls_not_at_all_and_time_is_only_shown(
    metric: str, before: float, after: float, wanted: tuple[str, int]
) -> None:
    """Ten per cent more tokens warn, twenty-five fail."""
    assert outcome({metric: before}, {metric: after}) == wanted


def test_nothing_here_is_tested_as_quality() -> None:
    """Costs are compared as ratios or shown."""
    assert {metric.guard for metric in cost.task().metrics} == {Guard.BUDGET, Guard.SHOWN}
