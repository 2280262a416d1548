"""Where the prompts of an arm come from, against a throw-away repository."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from coach.bundled import bundled
from coach.errors import UserError
from evals.arms import changed, identities, take_prompts, tasks_of


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The program's prompts in a repository of their own, one commit, tagged "first"."""
    folder = tmp_path / "repo" / "deep"
    shutil.copytree(bundled("prompts"), folder / "prompts")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    git(folder, "tag", "first")
    return folder / "prompts"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_baseline_is_what_the_revision_held_and_the_candidate_what_lies_there(
    repository: Path, tmp_path: Path
) -> None:
    """Only what was edited differs, and the repository is left as it was."""
    edit(repository / "reflection-questions.prompty", "exactly three", "some")
    before = git(repository, "status", "--porcelain")
    baseline = take_prompts("git:first", tmp_path / "b", repository)
    candidate = take_prompts(str(repository), tmp_path / "c")
    assert changed(baseline, candidate) == ["reflection-questions"]
    assert "exactly three" in (tmp_path / "b" / "reflection-questions.prompty").read_text(encoding="utf-8")
    assert baseline.commit == git(repository, "rev-parse", "first")
    assert baseline.place == candidate.place == "prompts"
    assert git(repository, "status", "--porcelain") == before


def test_a_rewritten_comment_is_no_change_and_an_embedded_stem_is_one(
    repository: Path, tmp_path: Path
) -> None:
    """The hash is of what a reader can see."""
    one = take_prompts(str(repository), tmp_path / "one")
    edit(repository / "embedded" / "frames.yaml", "# Questions that hang", "# Questions which hang")
    now = str(one.prompts["embedded/frames"]["version"])
    edit(repository / "embedded" / "frames.yaml", f"version: {now}", f"version: {now}9")
    two = take_prompts(str(repository), tmp_path / "two")
    assert changed(one, two) == []
    assert two.prompts["embedded/frames"]["version"] == f"{now}9"
    edit(repository / "embedded" / "frames.yaml", "picture of yourself", "image of yourself")
    assert changed(one, take_prompts(str(repository), tmp_path / "three")) == ["embedded/frames"]


@pytest.mark.parametrize("source", ["git:no-such", "git:--upload-pack=x", "git:", "no/such/folder"])
def test_what_is_not_there_is_refused_in_one_sentence(repository: Path, tmp_path: Path, source: str) -> None:
    """A revision cannot pass for an option of git either."""
    with pytest.raises(UserError):
        take_prompts(source, tmp_path / "x", repository)


def test_a_revision_without_prompts_is_refused(repository: Path, tmp_path: Path) -> None:
    """As the very first commit of a project has none."""
    git(repository, "checkout", "-q", "--orphan", "bare")
    git(repository, "rm", "-rqf", "--cached", "..")
    git(repository, "commit", "-qm", "empty", "--allow-empty")
    with pytest.raises(UserError, match="no folder"):
        take_prompts("git:bare", tmp_path / "x", repository)


def test_the_tasks_of_a_prompt_are_those_it_names() -> None:
    """A prompt that names none concerns all tasks."""
    folder = bundled("prompts")
    found = tasks_of(["reflection-questions"], folder)
    assert found is not None and "question_quality" in found
    assert tasks_of(["embedded/whys", "reflection-questions"], folder) is None


def test_every_prompt_of_the_program_has_an_identity() -> None:
    """The embedded texts too: an edit there is gated exactly."""
    found = identities(bundled("prompts"))
    assert {"reflection-questions", "embedded/frames", "embedded/signposts"} <= set(found)
    assert all(one["version"] and len(one["sha256"]) == 64 for one in found.values())
