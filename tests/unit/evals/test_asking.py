"""First proposals over real HTTP: judged as the stub's are, paid once, never averaged when lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.adapters.prompt_files import parse_prompt
from coach.settings import Settings
from evals import asking
from evals.asking import ModelProposer, Purse, messages_of
from evals.families import question_quality
from evals.first_proposals import Bench, Prepared
from evals.mutants import again
from evals.mutating import Laboratory
from evals.probing import probed
from evals.recorded import AnswerStore
from evals.records import InvalidRun
from evals.running import Budget, OutOfBudget
from evals.stub import StubServer, obeying
from evals.stub.faults import Answer
from tests.unit.evals.test_mutating import FILE, TEXT, prepared

PROMPT = parse_prompt(TEXT, FILE)


class Picky(StubServer):
    """A provider that breaks on requests that hold certain words."""

    words = b""

    def take(self, mode: str, raw: bytes) -> Answer:
        found = super().take(mode, raw)
        return Answer(b"{}", 500) if self.words and self.words in raw else found


@pytest.fixture
def provider() -> Iterator[Picky]:
    server = Picky()
    with server:
        yield server


@pytest.fixture(scope="module")
def cases() -> list[Prepared]:
    return [prepared(sample) for sample in probed(question_quality.samples()[:12])]


def proposer(
    provider: StubServer, folder: Path, mode: str = "obeying", budget: int | None = None
) -> ModelProposer:
    settings = Settings(
        home=folder,
        key_file=folder / "key",
        cache=folder,
        writer="llm",
        model="openai:mine",
        model_base_url=provider.url(mode),
        model_key="none",
    )
    return ModelProposer(settings, Purse(AnswerStore(folder / "answers"), Budget(budget), parallel=3))


def test_a_reply_over_the_network_is_judged_as_the_stubs_is(
    provider: Picky, cases: list[Prepared], tmp_path: Path
) -> None:
    """The same messages arrive, and the same words get the same figures, whichever way they came."""
    meant = []
    for case in cases:
        told = messages_of(PROMPT, case) or []
        roles = {"human": "user", "ai": "assistant"}
        body = [{"role": roles.get(one.type, one.type), "content": one.content} for one in told]
        meant.append(obeying.content({"messages": body, "temperature": PROMPT.options["temperature"]}))
    asked = proposer(provider, tmp_path)
    assert asked(PROMPT, cases, "0/baseline/1") == meant
    here = Bench(cases, lambda *_: meant).run(PROMPT, "0/baseline/1")
    assert Bench(cases, asked).run(PROMPT, "0/baseline/1") == here
    assert any(values and values["all"] == 1 for values in here)


def test_each_run_is_a_draw_of_its_own_and_is_paid_once(
    provider: Picky, cases: list[Prepared], tmp_path: Path
) -> None:
    """The prompt against itself would otherwise be compared with its own recorded answers."""
    asked = proposer(provider, tmp_path)
    asked(PROMPT, cases, "0/baseline/1")
    asked(PROMPT, cases, "0/aa-01/1")
    assert len(provider.requests()) == 2 * len(cases)
    proposer(provider, tmp_path)(PROMPT, cases, "0/aa-01/1")
    assert len(provider.requests()) == 2 * len(cases)


def test_what_the_machine_loses_is_asked_again_and_never_averaged(
    provider: Picky, cases: list[Prepared], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of twelve is more than one in a hundred; once the cause is mended, only that one is asked again."""
    monkeypatch.setattr(asking, "PAUSES", (0.0, 0.0))
    provider.words = f"<reflection>\\n{cases[4].sent.values['reflection'][:40]}".encode()
    with pytest.raises(InvalidRun, match="1 of 12"):
        proposer(provider, tmp_path)(PROMPT, cases, "0/baseline/1")
    tries = sum(provider.words in one.raw for one in provider.requests())
    assert tries == 3 * 2, "each round has the product's own retry"
    provider.words = b""
    before = len(provider.requests())
    replies = proposer(provider, tmp_path)(PROMPT, cases, "0/baseline/1")
    assert None not in replies and len(provider.requests()) == before + 1


@pytest.mark.parametrize("mode", ["obeying", "no-usage"])
def test_a_budget_stops_also_where_nobody_counts_tokens(
    provider: Picky, cases: list[Prepared], tmp_path: Path, mode: str
) -> None:
    with pytest.raises(OutOfBudget):
        proposer(provider, tmp_path, mode, budget=3_000)(PROMPT, cases, "0/baseline/1")
    assert 1 <= len(provider.requests()) <= 6  # what was under way is still answered


@pytest.mark.parametrize("mode", ["tool-call", "length", "html", "prose"])
def test_a_reply_that_the_product_cannot_use_is_a_score_and_not_a_fault(
    provider: Picky, cases: list[Prepared], tmp_path: Path, mode: str
) -> None:
    """It fails every case; it is not lost."""
    values = Bench(cases[:3], proposer(provider, tmp_path, mode)).run(PROMPT, "0/baseline/1")
    assert [one and one["all"] for one in values] == [0.0, 0.0, 0.0]


def test_a_case_that_was_lost_on_one_side_is_compared_on_neither(cases: list[Prepared]) -> None:
    good = Bench(cases).propose(PROMPT, cases, "0/baseline/1")
    lost = [None if place == 3 else reply for place, reply in enumerate(good)]
    seen = []

    def propose(_prompt: object, _cases: object, noise: str) -> list[str | None]:
        seen.append(noise)
        return list(good) if "baseline" in noise else lost

    (mutant,) = again(TEXT, 1)
    result = Laboratory(PROMPT, FILE, Bench(cases, propose)).try_out(mutant, 0)
    assert result.outcome in ("pass", "inconclusive") and len(seen) == 2 * result.epochs
