"""`coach eval mutate --model`: the mutants before a provider over real HTTP, and what that may cost."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from coach.bundled import bundled
from coach.cli import build
from evals.stub import StubServer

ONE = ("--limit", "12", "--each", "1", "--only", "strong")  # a line that is deleted, on twelve cases


@pytest.fixture
def provider() -> Iterator[StubServer]:
    with StubServer() as server:
        yield server


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mutate-model")
    shutil.copytree(bundled("corpus") / "situations" / "delegation", folder / "situations" / "delegation")
    shutil.copytree(bundled("corpus") / "cases", folder / "cases")
    return folder


class Bench:
    """`coach eval mutate` with a home of its own and a provider that a person has set."""

    def __init__(self, home: Path, cache: Path, corpus: Path, provider: StubServer) -> None:
        self.home = home
        blank: dict[str, str | None] = dict.fromkeys([key for key in os.environ if key.startswith("COACH_")])
        self.environment = {
            **blank,
            "COACH_HOME": str(home / "data"),
            "COACH_KEY_FILE": str(home / "key" / "master.key"),
            "COACH_CACHE": str(cache),
            "COACH_CORPUS": str(corpus),
            "COACH_MODEL": "openai:mine",
            "COACH_MODEL_BASE_URL": provider.url("obeying"),
        }

    def mutate(self, *arguments: str | Path, **more: str) -> Result:
        told = ["eval", "mutate", *map(str, arguments)]
        return CliRunner().invoke(build(), told, env={**self.environment, **more})


@pytest.fixture
def bench(tmp_path: Path, model_cache: Path, corpus: Path, provider: StubServer) -> Bench:
    return Bench(tmp_path, model_cache, corpus, provider)


def test_the_estimate_comes_first_and_tells_what_the_full_set_would_cost(
    bench: Bench, provider: StubServer
) -> None:
    """In a pipe and without --yes nothing is sent; the few that are the default are named as such."""
    done = bench.mutate("--model", "--price-in", "2", "--price-out", "8")
    assert done.exit_code == 4, done.output
    assert "openai:mine is asked with 24 mutants and with the prompt itself, on 24 cases" in done.stderr
    assert "600 to 3,000 requests" in done.stderr  # 24 mutants and one baseline, on 24 cases, 1 to 5 times
    full = re.search(
        r"full set, (\d+) mutants on 250 cases, would be ([\d,]+) to .*prices ([\d,.]+) to", done.stderr
    )
    assert full, done.stderr
    assert int(full[2].replace(",", "")) == 250 * (int(full[1]) + 1)
    assert float(full[3].replace(",", "")) > 100, "nobody starts the full set by mistake"
    assert "--yes" in done.stderr
    assert provider.requests() == []
    assert not (bench.home / "data" / "evals").exists(), "nothing began, so nothing is left behind"


def test_without_a_model_there_is_one_sentence(bench: Bench, provider: StubServer) -> None:
    done = bench.mutate("--model", "--yes", COACH_MODEL="")
    assert done.exit_code == 4 and provider.requests() == []
    (line,) = done.stderr.strip().splitlines()
    assert line == "coach: No language model is set: please set COACH_MODEL, and its key or address."


@pytest.mark.parametrize("option", [("--yes",), ("--budget-tokens", "9"), ("--price-in", "0")])
def test_what_belongs_to_a_model_is_not_passed_over_in_silence(bench: Bench, option: tuple[str, ...]) -> None:
    done = bench.mutate(*option)
    assert done.exit_code == 4 and "--model" in done.stderr


def test_the_budget_stops_cleanly_and_the_run_goes_on_without_paying_twice(
    bench: Bench, provider: StubServer, tmp_path: Path
) -> None:
    """Exit code 2, results kept, and in the end the table and the requests of a run that nobody stopped."""
    asked = ("--model", "--yes", *ONE, "--each", "2", "--parallel", "1")
    whole = bench.mutate(*asked, "--out", tmp_path / "whole" / "run")
    bodies = sorted(one.raw for one in provider.requests())
    assert 36 <= len(bodies) <= 12 * 3 * 5
    assert "openai:mine at 127.0.0.1" in whole.stdout and "may be the model's doing" in whole.stdout
    provider.forget()
    stopped = bench.mutate(*asked, "--out", tmp_path / "cut" / "run", "--budget-tokens", "30000")
    assert stopped.exit_code == 2, stopped.output
    assert "budget of tokens is spent" in stopped.stderr and "Not finished" in stopped.stdout
    assert 0 < len(provider.requests()) < len(bodies)
    again = bench.mutate(*asked, "--out", tmp_path / "cut" / "run")
    assert (again.exit_code, again.stdout) == (whole.exit_code, whole.stdout)
    assert sorted(one.raw for one in provider.requests()) == bodies, "what was paid is not paid again"
    lines = (tmp_path / "cut" / "run" / "mutants.jsonl").read_text(encoding="utf-8").splitlines()
    first, *rows = map(json.loads, lines)
    assert first["model"] == "openai:mine" and len(rows) == 2
    count = len(provider.requests())
    last = bench.mutate(*asked, "--out", tmp_path / "cut" / "run", "--json")
    told = json.loads(last.stdout)
    assert told["answered_by"]["model"] == "openai:mine" and told["table"][0]["total"] == 2
    assert len(provider.requests()) == count, "a finished run only shows its table"
    other = bench.mutate(*ONE, "--out", tmp_path / "cut" / "run")
    assert other.exit_code == 4 and "--out" in other.stderr, "the stub's results do not go beside the model's"


def test_a_provider_that_only_refuses_makes_the_run_invalid(bench: Bench, provider: StubServer) -> None:
    """Soon, and nothing is counted: a mutant that nobody read is not a mutant that was seen."""
    url = provider.url("401")
    done = bench.mutate("--model", "--yes", *ONE, "--parallel", "1", COACH_MODEL_BASE_URL=url)
    assert done.exit_code == 3, done.output
    assert "AuthenticationError" in done.stderr and not done.stdout
    assert len(provider.requests()) == 8
