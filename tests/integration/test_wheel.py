"""The wheel is whole: unpacked into an empty folder it answers, with the prompts and the corpus inside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
OURS = {"coach", "ui", "evals"}
INSIDE = {  # folder of the checkout -> folder of the wheel
    "prompts": "coach/_bundled/prompts",
    "corpus": "coach/_bundled/corpus",
    "coach/data": "coach/data",
    "coach/adapters/sql/migrations": "coach/adapters/sql/migrations",
    "ui/templates": "ui/templates",
    "ui/static": "ui/static",
    "ui/catalog": "ui/catalog",
    "evals/data": "evals/data",
    "evals/pages/templates": "evals/pages/templates",
    "evals/pages/static": "evals/pages/static",
    "evals/reports/templates": "evals/reports/templates",
}
# Runs the program, then tells where every module of ours came from.
PROGRAM = """
import json, sys
from coach.bundled import bundled
from coach.cli import main
try:
    main()
finally:
    names = {"coach", "ui", "evals"}
    files = {m.__file__ for n, m in list(sys.modules.items()) if n.split(".")[0] in names and m.__file__}
    print(json.dumps(sorted({*files, str(bundled("prompts")), str(bundled("corpus"))})), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from this checkout, without isolation and so without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_everything_the_program_reads_is_inside(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    for here, there in INSIDE.items():
        files = [one for one in (ROOT / here).rglob("*") if one.is_file() and "__pycache__" not in one.parts]
        assert files, here
        missing = [one for one in files if f"{there}/{one.relative_to(ROOT / here).as_posix()}" not in inside]
        assert missing == [], f"left out of {there}"
    assert {"coach/py.typed", "ui/app.py"} <= inside
    assert {name.split("/")[0].split("-")[0] for name in inside} == OURS | {"peer_coach"}, "nothing else"


def test_the_unpacked_wheel_answers_without_the_checkout(
    wheel: Path, tmp_path: Path, model_cache: Path
) -> None:
    unpacked, elsewhere = tmp_path / "unpacked", tmp_path / "elsewhere"
    zipfile.ZipFile(wheel).extractall(unpacked)
    elsewhere.mkdir()
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("COACH_", "PYTHON"))},
        "PYTHONPATH": str(unpacked),
        "COACH_HOME": str(tmp_path / "data"),
        "COACH_KEY_FILE": str(tmp_path / "key" / "master.key"),
        "COACH_CACHE": str(model_cache),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "ask", "--json"],
        input="I keep rewriting his slides at night. It is faster than the talk I owe him.",
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    turn = json.loads(done.stdout)
    assert turn["mirror"] and turn["questions"] and turn["cases"]
    places = [Path(one) for one in json.loads(done.stderr.splitlines()[-1])]
    assert len(places) > 50
    assert [one for one in places if not one.is_relative_to(unpacked)] == [], "the checkout answered"
