"""The rules of the house, read from the code itself."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

# From -> what it may import of ours. Everything else of ours is forbidden.
ARROWS = {
    "coach/domain": {"coach.domain", "coach.errors"},
    "coach/ports.py": {"coach.domain", "coach.errors"},
    "coach/errors.py": set(),
    "coach/settings.py": {"coach.errors"},
    "coach/bundled.py": {"coach.errors"},
    "coach/services": {"coach.services", "coach.ports", "coach.domain", "coach.errors"},
    "coach/adapters": {"coach.adapters", "coach.ports", "coach.domain", "coach.errors"},
    "coach/bootstrap.py": {"coach"},
    "coach/demo.py": {"coach.bootstrap", "coach.domain", "coach.errors"},
    "coach/commands": {
        "coach.commands",
        "coach.bootstrap",
        "coach.bundled",
        "coach.settings",
        "coach.errors",
        "coach.domain",
        "coach.ports",
        "coach.services",
        "coach.demo",
    },
    "coach/cli.py": {"coach.commands", "coach.errors"},
    "ui": {
        "ui",
        "coach.bootstrap",
        "coach.settings",
        "coach.errors",
        "coach.domain",
        "coach.ports",
        "coach.demo",
        "coach.commands",
        "coach.services",
    },
    "evals": {"evals", "coach"},
}
FORBIDDEN_IN_SERVICES = {
    "langchain",
    "langchain_core",
    "chromadb",
    "sqlalchemy",
    "gradio",
    "fastapi",
    "onnxruntime",
}
PLAIN = set(sys.stdlib_module_names) | {"__future__"}


def modules(place: str) -> list[Path]:
    path = ROOT / place
    return [path] if path.suffix else sorted(path.rglob("*.py"))


def imported(file: Path) -> set[str]:
    """Every module a file imports, wherever in the file it stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "coach":
            found |= {f"coach.{alias.name}" for alias in node.names if alias.name != "__version__"}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
    return found


@pytest.mark.parametrize("place", ARROWS)
def test_imports_follow_the_arrows(place: str) -> None:
    """Data goes one way: no room imports from a room that stands above it."""
    allowed = ARROWS[place]
    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in modules(place)
        for name in imported(file)
        if name.split(".")[0] in {"coach", "ui", "evals", "tests"}
        and not any(name == one or name.startswith(one + ".") for one in allowed)
    ]
    assert wrong == []


def test_domain_imports_no_library() -> None:
    """The domain stands on the standard library alone."""
    wrong = [
        f"{file.name}: {name}"
        for file in modules("coach/domain")
        for name in imported(file)
        if name.split(".")[0] not in PLAIN | {"coach"}
    ]
    assert wrong == []


def test_services_know_no_outside_library() -> None:
    """Services receive values and ports; numpy is their only library."""
    wrong = [
        f"{file.name}: {name}"
        for file in modules("coach/services")
        for name in imported(file)
        if name.split(".")[0] not in PLAIN | {"coach", "numpy"}
    ]
    assert wrong == []


def test_only_settings_reads_the_environment() -> None:
    """What can be set from outside stands in one file."""
    wrong = []
    for place in ("coach", "ui", "evals"):
        for file in modules(place):
            text = file.read_text(encoding="utf-8")
            if ("os.environ" in text or "os.getenv" in text) and file.name != "settings.py":
                wrong.append(str(file.relative_to(ROOT)))
    assert wrong == []


def test_source_uses_no_assert() -> None:
    """An assert disappears under -O: errors that matter are raised."""
    wrong = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for place in ("coach", "ui", "evals")
        for file in modules(place)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assert)
    ]
    assert wrong == []


def test_no_vague_names() -> None:
    """A stranger finds the room by its name."""
    vague = {
        "utils.py",
        "util.py",
        "helpers.py",
        "helper.py",
        "manager.py",
        "base.py",
        "misc.py",
        "common.py",
    }
    assert [
        str(file) for place in ("coach", "ui", "evals") for file in modules(place) if file.name in vague
    ] == []


def test_every_setting_is_documented() -> None:
    """docs/settings.md names every variable that settings.py reads, and no other."""
    import re

    read = set(re.findall(r'"(COACH_[A-Z_]+)"', (ROOT / "coach/settings.py").read_text(encoding="utf-8")))
    told = set(re.findall(r"`(COACH_[A-Z_]+)`", (ROOT / "docs/settings.md").read_text(encoding="utf-8")))
    assert read == told
