"""`coach eval run|gate|compare|report|export` as people and pipelines meet them, through the real program."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from coach.bundled import bundled
from coach.cli import build
from evals.record_reading import read_record
from evals.stub import StubServer
from tests.unit.evals.made_runs import change_line
from tests.unit.evals.test_eval_arms import edit, git

TASK = ("--task", "question_quality")
PROMPT = "reflection-questions.prompty"


class Bench:
    """`coach eval` over one home, a small corpus and a repository with prompts of its own."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.prompts = folder / "repo" / "prompts"
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("COACH_")},
            "COACH_HOME": str(folder / "data"),
            "COACH_KEY_FILE": str(folder / "key" / "master.key"),
            "COACH_CACHE": str(cache),
            "COACH_CORPUS": str(folder / "corpus"),
        }

    def eval(self, *arguments: str | Path, **more: str) -> Result:
        """In this process: the same app, without the seconds of a start."""
        blank = dict.fromkeys([key for key in os.environ if key.startswith("COACH_")])
        environment: dict[str, str | None] = {**blank, **self.environment, **more}
        return CliRunner().invoke(build(), ["eval", *map(str, arguments)], env=environment)

    def start(self, *arguments: str | Path) -> subprocess.Popen[bytes]:
        """As a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "coach.cli", "eval", *map(str, arguments)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Bench:
    bench = Bench(tmp_path_factory.mktemp("evals"), model_cache)
    corpus = bundled("corpus")
    for part in ("situations/delegation", "situations/trust", "cases", "guidelines"):
        shutil.copytree(corpus / part, bench.folder / "corpus" / part)
    shutil.copytree(bundled("prompts"), bench.prompts)
    git(bench.prompts, "init", "-q", str(bench.prompts.parent))
    git(bench.prompts.parent, "add", ".")
    git(bench.prompts.parent, "commit", "-qm", "first")
    return bench


@pytest.fixture(scope="module")
def finished(bench: Bench) -> Path:
    """A finished gate over both arms, embedded and stub; it was limited, so its exit code is 2."""
    folder = bench.folder / "finished"
    done = bench.eval("gate", "--baseline", "git:HEAD", "--candidate", bench.prompts, *TASK, "--mode",
                      "embedded", "--mode", "stub", "--limit", 8, "--epochs", 1, "--out", folder)  # fmt: skip
    assert done.exit_code == 2, done.output
    return folder


@pytest.fixture
def provider() -> Iterator[StubServer]:
    with StubServer() as server:
        yield server


def with_model(provider: StubServer, mode: str = "good") -> dict[str, str]:
    """As a person sets a model of their own."""
    return {"COACH_MODEL": "openai:mine", "COACH_MODEL_BASE_URL": provider.url(mode)}


def test_killed_in_the_middle_and_continued_the_report_is_the_same(bench: Bench, tmp_path: Path) -> None:
    """kill -9, then --resume: the same bytes as those of a run that nobody disturbed."""
    options = ("run", "--baseline", "git:HEAD", "--candidate", bench.prompts, *TASK, "--mode", "stub",
               "--limit", 5, "--epochs", 3)  # fmt: skip
    killed, unbroken = tmp_path / "killed", tmp_path / "unbroken"
    process = bench.start(*map(str, options), "--out", killed)
    record = killed / "record.jsonl"
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        if record.exists() and record.read_bytes().count(b"\n") >= 8:
            break
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    lines = record.read_bytes().count(b"\n")
    assert 8 <= lines < 5 * 2 * 3, "the kill came too late to prove anything"
    assert bench.eval("report", killed).exit_code == 3
    with record.open("ab") as file:
        file.write(b'{"task":"question_quality","mode":"st')  # as if the kill had come within a write
    continued = bench.eval("run", "--resume", killed)
    assert continued.exit_code == 0, continued.output
    assert bench.eval(*options, "--out", unbroken).exit_code == 0
    assert (killed / "report.md").read_bytes() == (unbroken / "report.md").read_bytes()
    first, second = (read_record(one) for one in (killed, unbroken))
    assert {(row.key, row.text) for row in first.rows} == {(row.key, row.text) for row in second.rows}
    assert len(record.read_bytes().splitlines()) == len(first.rows) + 1 + 1 + 1  # nothing ran twice


def test_a_gate_in_stub_mode_asks_the_stub_and_both_arms_answer(finished: Path) -> None:
    """Rows of both modes and both arms, with requests and tokens in stub mode and none in embedded mode."""
    held = read_record(finished)
    assert {(row.mode, row.arm) for row in held.rows} == {
        (mode, arm) for mode in ("embedded", "stub") for arm in ("baseline", "candidate")
    }
    assert not any(row.calls for row in held.rows if row.mode == "embedded")
    stub = [row for row in held.rows if row.mode == "stub"]
    asked = [row for row in stub if row.calls]  # a case that the screen answers never reaches a model
    assert len(asked) > 0.6 * len(stub)
    assert all((row.tokens_in > 0) == (row.calls > 0) for row in stub)


def test_the_manifest_says_what_every_figure_rests_on(bench: Bench, finished: Path) -> None:
    """Code, prompts of both arms, cases, scorers, model, seed and packages."""
    manifest = read_record(finished).manifest
    assert manifest.arms["baseline"].commit == git(bench.prompts, "rev-parse", "HEAD")
    assert set(manifest.arms["baseline"].prompts) == set(manifest.arms["candidate"].prompts)
    assert len(manifest.program) == len(manifest.tasks[0].dataset_sha256) == 64
    assert len(manifest.tasks[0].scorer_sha256) == 64
    assert manifest.model == "openai:stub" and manifest.limited and "numpy" in manifest.packages


@pytest.mark.parametrize(
    ("old", "new"), [('"value":1.0', '"value":NaN'), ('"case":"', '"case":"x'), ("", "")]
)
def test_a_record_with_a_hole_is_refused_everywhere(
    bench: Bench, finished: Path, tmp_path: Path, old: str, new: str
) -> None:
    """NaN, an unknown case, a missing one: exit code 3 from every command that reads a run."""
    shutil.copytree(finished, tmp_path / "run")
    if old:
        change_line(tmp_path / "run" / "record.jsonl", 5, lambda line: line.replace(old, new, 1))
    else:
        file = tmp_path / "run" / "record.jsonl"
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text("".join(lines[:4] + lines[5:]), encoding="utf-8")
    run = tmp_path / "run"
    for command in (
        ("compare", run),
        ("report", run),
        ("export", run, "--out", tmp_path / "x.jsonl"),
        ("gate", "--resume", run),
    ):
        done = bench.eval(*command)
        assert done.exit_code == 3, (command, done.output)
        assert "not valid" in done.stderr and not done.stdout
    assert not (tmp_path / "x.jsonl").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("no-such-command",),
        ("--no-such-option",),
        ("run", "--no-such-option"),
        ("run", "--epochs", "0"),
        ("run", "--epochs", "many"),
        ("run", "--mode", "telepathy"),
        ("run", "--task", "no-such-task"),
        ("run", "--mode", "llm"),
        ("run", "--candidate", "no/such/folder"),
        ("gate", "--baseline", "git:no-such-revision"),
        ("gate", "--baseline", "no/such/folder"),
        ("compare",),
        ("export", "somewhere"),
        ("retrieval", "--beir", "no-such-folder"),
        ("power", "--cases", "1"),
    ],
)
def test_what_the_user_got_wrong_is_exit_4(bench: Bench, arguments: tuple[str, ...]) -> None:
    """Never 1 or 2, which mean a regression and an open question."""
    done = bench.eval(*arguments)
    assert done.exit_code == 4, done.output
    assert "Traceback" not in done.output


def test_a_folder_with_a_run_is_not_written_over(bench: Bench, finished: Path) -> None:
    before = (finished / "record.jsonl").read_bytes()
    assert bench.eval("run", *TASK, "--out", finished).exit_code == 4
    assert (finished / "record.jsonl").read_bytes() == before


def test_nothing_changed_means_nothing_to_judge(bench: Bench) -> None:
    """The gate passes at once when no prompt differs and nobody asked for a task."""
    folder = bench.folder / "nothing"
    done = bench.eval("gate", "--baseline", "git:HEAD", "--candidate", bench.prompts, "--out", folder)
    assert done.exit_code == 0 and "nothing to judge" in done.stderr
    assert not folder.exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "modes"),
    [
        (PROMPT, "Write exactly three", "Write some", {"stub"}),
        (
            "embedded/frames.yaml",
            "What of that is true for you tonight?",
            "What of that holds for you?",
            {"embedded"},
        ),
    ],
)
def test_what_changed_decides_how_it_is_judged(
    bench: Bench, tmp_path: Path, file: str, old: str, new: str, modes: set[str]
) -> None:
    """A text of the embedded writer is gated exactly, what a model reads by the stub."""
    candidate = tmp_path / "prompts"
    shutil.copytree(bench.prompts, candidate)
    edit(candidate / file, old, new)
    done = bench.eval(
        *("gate", "--baseline", bench.prompts, "--candidate", candidate, "--limit", 4),
        *("--out", tmp_path / "run", "--format", "json", "--junit", tmp_path / "junit.xml"),
    )
    assert done.exit_code in (0, 2), done.output
    found: dict[str, Any] = json.loads(done.stdout)
    assert {one["mode"] for one in found["tasks"]} == modes
    assert "question_quality" in {one["task"] for one in found["tasks"]}
    assert (tmp_path / "junit.xml").read_text(encoding="utf-8").startswith("<?xml")


def test_a_prompt_file_that_cannot_be_read_is_the_users_to_mend(bench: Bench, tmp_path: Path) -> None:
    """It is named, and it never reads as a pass or as a regression."""
    candidate = tmp_path / "prompts"
    shutil.copytree(bench.prompts, candidate)
    (candidate / PROMPT).write_text("no front matter", encoding="utf-8")
    done = bench.eval("gate", "--baseline", bench.prompts, "--candidate", candidate)
    assert done.exit_code == 4 and PROMPT in done.stderr


def test_a_real_model_costs_nothing_before_somebody_agrees(
    bench: Bench, provider: StubServer, tmp_path: Path
) -> None:
    """The estimate comes first; without --yes in a pipe nothing is sent."""
    done = bench.eval("run", *TASK, "--mode", "llm", "--limit", 3, "--out", tmp_path / "run",
                      "--price-in", 2, "--price-out", 8, **with_model(provider))  # fmt: skip
    assert done.exit_code == 4, done.output
    assert "tokens in" in done.stderr and "prices" in done.stderr and "--yes" in done.stderr
    assert provider.requests() == []


def test_a_real_model_is_paid_once_for_an_unchanged_baseline(
    bench: Bench, provider: StubServer, tmp_path: Path
) -> None:
    """Answers are kept beside the runs; a second run asks only what is new, and replay asks nothing."""
    candidate = tmp_path / "prompts"
    shutil.copytree(bench.prompts, candidate)
    edit(candidate / PROMPT, "exactly three", "three")
    model = with_model(provider)
    first = ("run", *TASK, "--limit", 3, "--epochs", 2, "--yes", "--candidate", bench.prompts)
    assert bench.eval(*first, "--mode", "llm", "--out", tmp_path / "one", **model).exit_code == 0
    paid = len(provider.requests())
    assert paid >= 6, "each epoch is an answer of its own"
    second = ("run", *TASK, "--limit", 3, "--epochs", 2, "--yes", "--candidate", candidate)
    baseline = ("--baseline", bench.prompts)
    both = bench.eval(*second, *baseline, "--mode", "llm", "--out", tmp_path / "two", **model)
    assert both.exit_code == 0, both.output
    assert len(provider.requests()) == 2 * paid, "the baseline was not asked again"
    for name, arguments in (("three", first), ("four", (*second, *baseline))):
        again = bench.eval(*arguments, "--mode", "replay", "--out", tmp_path / name, **model)
        assert again.exit_code == 0, again.output
    assert len(provider.requests()) == 2 * paid, "replay sends nothing"
    rows = {
        name: {row.key[2:]: row.text for row in read_record(tmp_path / name).rows} for name in ("two", "four")
    }
    assert rows["two"] == rows["four"]


def test_a_changed_prompt_in_replay_needs_a_real_run(
    bench: Bench, provider: StubServer, tmp_path: Path
) -> None:
    """It is inconclusive, never a pass."""
    done = bench.eval(
        *("gate", *TASK, "--baseline", "git:HEAD", "--candidate", bench.prompts, "--mode", "replay"),
        *("--limit", 2, "--out", tmp_path / "run"),
        **with_model(provider),
    )
    assert done.exit_code == 2, done.output
    assert provider.requests() == []


def test_the_budget_stops_a_run_and_resume_goes_on(
    bench: Bench, provider: StubServer, tmp_path: Path
) -> None:
    """Exit code 2, what was paid is kept, and the rest comes later."""
    model = with_model(provider)
    options = (
        "run",
        *TASK,
        "--mode",
        "llm",
        "--limit",
        4,
        "--yes",
        "--parallel",
        1,
        "--out",
        tmp_path / "run",
    )
    done = bench.eval(*options, "--budget-tokens", 2_000, **model)
    assert done.exit_code == 2, done.output
    paid = len(provider.requests())
    assert 0 < paid < 4
    assert bench.eval("run", "--resume", tmp_path / "run", "--yes", **model).exit_code == 0
    sent = [json.dumps(one.body, sort_keys=True) for one in provider.requests()]
    assert len(sent) >= 4 and len(set(sent)) == len(sent), "nothing is asked, and paid, twice"


def test_a_provider_that_only_refuses_makes_the_run_invalid(
    bench: Bench, provider: StubServer, tmp_path: Path
) -> None:
    """Infrastructure is not the prompt's fault: exit code 3, soon, and no average."""
    done = bench.eval("run", *TASK, "--mode", "llm", "--limit", 10, "--yes", "--parallel", 1,
                      "--out", tmp_path / "run", **with_model(provider, "401"))  # fmt: skip
    assert done.exit_code == 3, done.output
    assert "AuthenticationError" in done.stderr and not done.stdout


def test_a_run_of_another_program_or_model_is_not_continued(
    bench: Bench, provider: StubServer, tmp_path: Path
) -> None:
    """Results of two worlds in one record would be compared with each other."""
    run = tmp_path / "run"
    model = with_model(provider)
    options = ("run", *TASK, "--mode", "llm", "--limit", 4, "--yes", "--parallel", 1, "--out", run)
    assert bench.eval(*options, "--budget-tokens", 500, **model).exit_code == 2
    other = bench.eval("run", "--resume", run, "--yes", **model | {"COACH_MODEL": "openai:other"})
    assert other.exit_code == 3 and "began with the model" in other.stderr
    shutil.copytree(bench.folder / "corpus", tmp_path / "corpus")
    case = next((tmp_path / "corpus" / "cases").glob("*.md"))
    case.write_text(case.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
    moved = bench.eval("run", "--resume", run, "--yes", **model, COACH_CORPUS=str(tmp_path / "corpus"))
    assert moved.exit_code == 3 and "changed since the run began" in moved.stderr


def test_a_run_can_be_exported_read_and_reported(bench: Bench, finished: Path, tmp_path: Path) -> None:
    """The copy is a record; every report can be written from it again."""
    copy = tmp_path / "copy.jsonl"
    assert bench.eval("export", finished, "--jsonl", "--out", copy).exit_code == 0
    assert len(read_record(copy).rows) == len(read_record(finished).rows)
    for kind in ("markdown", "json", "junit", "text", "github", "html"):
        done = bench.eval("report", finished, "--format", kind)
        assert done.exit_code == 0 and done.stdout, (kind, done.output)
    assert bench.eval("report", finished).stdout == (finished / "report.md").read_text(encoding="utf-8")


def test_a_run_leaves_nothing_of_its_store_behind(finished: Path) -> None:
    """The throw-away database, its key and the index go with the run."""
    assert not (finished / "work").exists()
    assert {one.name for one in finished.iterdir()} <= {"record.jsonl", "report.md", "arms", "lock"}
