"""`coach eval mutate` through the real program: the table, and a run that is taken up again."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from coach.bundled import bundled
from coach.cli import build

SMALL = ("--limit", "12", "--only", "aa", "--json")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> dict[str, str | None]:
    folder = tmp_path_factory.mktemp("mutate")
    for part in ("situations/delegation", "cases"):
        shutil.copytree(bundled("corpus") / part, folder / "corpus" / part)
    blank: dict[str, str | None] = dict.fromkeys([key for key in os.environ if key.startswith("COACH_")])
    return {
        **blank,
        "COACH_HOME": str(folder / "data"),
        "COACH_KEY_FILE": str(folder / "key" / "master.key"),
        "COACH_CACHE": str(model_cache),
        "COACH_CORPUS": str(folder / "corpus"),
    }


def mutate(environment: dict[str, str | None], *arguments: str) -> Result:
    return CliRunner().invoke(build(), ["eval", "mutate", *arguments], env=environment)


def test_a_run_that_was_stopped_goes_on_and_ends_alike(
    environment: dict[str, str | None], tmp_path: Path
) -> None:
    """What is there already is not run again, and the table is that of an unbroken run."""
    out = tmp_path / "run"
    first = mutate(environment, *SMALL, "--out", str(out))
    assert first.exit_code in (0, 1), first.output
    table = {row["name"]: row for row in json.loads(first.stdout)["table"]}
    assert table["A/A"]["total"] == table["harmless and A/A"]["total"] == 20
    assert first.exit_code == (0 if table["A/A"]["met"] else 1)
    file = out / "mutants.jsonl"
    whole = file.read_bytes()
    lines = whole.splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:15]) + lines[15][:20])  # as if killed within a write
    again = mutate(environment, *SMALL, "--out", str(out))
    assert again.stdout == first.stdout
    assert sorted(file.read_bytes().splitlines()) == sorted(whole.splitlines())
    written = file.stat().st_mtime_ns
    assert mutate(environment, *SMALL, "--out", str(out)).stdout == first.stdout
    assert file.stat().st_mtime_ns == written


def test_results_of_other_cases_are_not_mixed_in(environment: dict[str, str | None], tmp_path: Path) -> None:
    """Exit code 4, and the folder is left as it was."""
    file = tmp_path / "mutants.jsonl"
    file.write_text('{"run": "of another prompt"}\n', encoding="utf-8")
    done = mutate(environment, *SMALL, "--out", str(tmp_path))
    assert done.exit_code == 4 and "--out" in done.stderr
    assert file.read_text(encoding="utf-8") == '{"run": "of another prompt"}\n'


@pytest.mark.parametrize("arguments", [("--only", "mild"), ("--seeds", "0"), ("--limit", "3")])
def test_what_the_user_got_wrong_is_exit_4(
    environment: dict[str, str | None], arguments: tuple[str, str]
) -> None:
    assert mutate(environment, *arguments).exit_code == 4
