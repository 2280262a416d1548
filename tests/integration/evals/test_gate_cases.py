"""The four verdicts of a gate, in a throw-away clone: no change, a rewording, a lost rule, a bad example.

The program runs from the clone as it does in a pipeline. Only question_quality is run, in stub mode: the
other families have tests of their own. A harmless change has to be proven harmless, which takes more cases
than to show a loss. Must-pass cases are left out, so that the verdict rests on the paired figures alone.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from coach.bundled import bundled
from evals.mutants import REWORDINGS, poisoned
from tests.unit.evals.test_eval_arms import git

PROMPT = "prompts/reflection-questions.prompty"
CASES = "evals/data/question_quality.jsonl"
ENOUGH_TO_PASS, ENOUGH_TO_FAIL = 120, 60


class Clone:
    """A clone of this repository, as it lies here, with fewer cases and situations."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder / "clone"
        here = bundled("prompts").parent
        subprocess.run(["git", "clone", "-q", str(here), str(self.folder)], check=True, capture_output=True)
        for part in ("coach", "evals", "prompts", "scripts", "corpus"):
            shutil.rmtree(self.folder / part)
            shutil.copytree(here / part, self.folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        self._shrink()
        git(self.folder, "add", "-A")
        git(self.folder, "commit", "-qm", "as it lies here", "--allow-empty")
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("COACH_")},
            "PYTHONPATH": str(self.folder),
            "COACH_HOME": str(folder / "data"),
            "COACH_KEY_FILE": str(folder / "key" / "master.key"),
            "COACH_CACHE": str(cache),
        }

    def _shrink(self) -> None:
        file = self.folder / CASES
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        some = [{**row, "must_pass": False} for row in rows[:ENOUGH_TO_PASS]]
        file.write_text("".join(json.dumps(row) + "\n" for row in some), encoding="utf-8")
        for family in sorted((self.folder / "corpus" / "situations").iterdir())[3:]:
            shutil.rmtree(family) if family.is_dir() else family.unlink()
        for case in sorted((self.folder / "corpus" / "cases").glob("*.md"))[12:]:
            case.unlink()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def gate(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "coach.cli", "eval", "gate", "--baseline", "git:HEAD", *arguments)

    def judged(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.gate("--task", "question_quality", "--mode", "stub", *arguments)

    def write(self, text: str) -> None:
        """A new prompt with a new version, locked as a person would do it."""
        version = re.search(r"^  version: (\d+)\.(\d+)\.(\d+)$", text, re.MULTILINE)
        assert version is not None
        new = f"{version[1]}.{version[2]}.{int(version[3]) + 1}"
        line = f"    - {{version: {new}, date: 2026-12-01, kind: patch, why: a test, evidence: stub}}\n"
        text = text.replace(version[0], f"  version: {new}", 1)
        text = text.replace("  changelog:\n", f"  changelog:\n{line}", 1)
        (self.folder / PROMPT).write_text(text, encoding="utf-8")
        locked = self.run("scripts/lock_prompts.py")
        assert locked.returncode == 0, locked.stderr


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Clone:
    return Clone(tmp_path_factory.mktemp("gate"), model_cache)


@pytest.fixture
def clone(whole: Clone) -> Clone:
    """With the prompts of its last commit."""
    git(whole.folder, "checkout", "-q", "--", "prompts")
    return whole


def prompt(clone: Clone) -> str:
    return (clone.folder / PROMPT).read_text(encoding="utf-8")


def reworded(text: str, name: str) -> str:
    every = yaml.safe_load(REWORDINGS.read_text(encoding="utf-8"))["rewordings"]
    (one,) = [one for one in every if one["id"] == name]
    for find, put in zip(one["find"], one["put"], strict=True):
        assert find in text
        text = text.replace(find, put)
    return text


@pytest.mark.parametrize("time", [1, 2])
def test_no_change_passes(clone: Clone, time: int) -> None:
    """There is nothing to judge, and the gate says so at once."""
    done = clone.gate()
    assert done.returncode == 0, done.stderr
    assert "nothing to judge" in done.stderr


@pytest.mark.parametrize(("name", "seed"), [("questions-why", "1"), ("mirror-facts", "2")])
def test_a_harmless_rewording_passes(clone: Clone, name: str, seed: str) -> None:
    """It is proven that no figure lost its margin."""
    clone.write(reworded(prompt(clone), name))
    done = clone.judged("--seed", seed)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Result: pass." in done.stdout


@pytest.mark.parametrize(
    ("rule", "figure"), [('- Never ask "why": ', "nowhy"), ('- Speak to the manager as "you": ', "mirror")]
)
def test_a_deleted_rule_fails(clone: Clone, rule: str, figure: str) -> None:
    """And the figure that saw it is named."""
    lines = prompt(clone).splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(rule)]
    assert len(kept) == len(lines) - 1
    clone.write("".join(kept))
    done = clone.judged("--limit", str(ENOUGH_TO_FAIL))
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{figure} lost" in done.stdout


@pytest.mark.parametrize("place", [1, 2])
def test_a_poisoned_example_fails(clone: Clone, place: int) -> None:
    """A closed question in one of the three examples."""
    clone.write(poisoned(prompt(clone), place))
    done = clone.judged("--limit", str(ENOUGH_TO_FAIL))
    assert done.returncode == 1 and "open lost" in done.stdout, done.stdout + done.stderr
