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
    "evals": {
        "evals",
        "coach.bootstrap",
        "coach.bundled",
        "coach.domain",
        "coach.errors",
        "coach.ports",
        "coach.settings",
        # What a judge of the program shares with it, and its commands with its other commands: by name.
        "coach.commands.inputs",
        "coach.commands.opening",
        "coach.services.ingest",
        "coach.services.peers",
        "coach.services.ranking",
        "coach.services.reading",
        "coach.services.reflect",
        "coach.services.retrieve",
        "coach.services.topics",
        "coach.adapters.active_prompts",
        "coach.adapters.chat_call",
        "coach.adapters.chat_models",
        "coach.adapters.crypto",
        "coach.adapters.embedded_prompts",
        "coach.adapters.folder_lock",
        "coach.adapters.langchain_writer",
        "coach.adapters.llm_reply",
        "coach.adapters.outgoing",
        "coach.adapters.prompt_body",
        "coach.adapters.prompt_files",
        "coach.adapters.prompt_lock",
        "coach.adapters.prompt_waivers",
        "coach.adapters.safe_yaml",
        "coach.adapters.signpost_files",
        "coach.adapters.sql.store",
    },
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
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = {alias.name for alias in node.names} - (
                {"__version__"} if node.module == "coach" else set()
            )
            found |= {named(node.module, name) for name in names}
    return found


def named(module: str, name: str) -> str:
    """What `from module import name` imports: a module of ours below that one, or else that one."""
    path = ROOT.joinpath(*module.split("."), name)
    return f"{module}.{name}" if path.is_dir() or path.with_suffix(".py").is_file() else module


def is_within(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


@pytest.mark.parametrize("place", ARROWS)
def test_imports_follow_the_arrows(place: str) -> None:
    """Data goes one way: no room imports from a room that stands above it."""
    allowed = ARROWS[place]
    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in modules(place)
        for name in imported(file)
        if name.split(".")[0] in {"coach", "ui", "evals", "tests"}
        and not any(is_within(name, one) for one in allowed)
    ]
    assert wrong == []


def test_the_evals_may_reach_no_more_than_they_do() -> None:
    """They go past the door to what they judge (docs/architecture.md); the list shrinks with them."""
    reached = {name for file in modules("evals") for name in imported(file)}
    assert (
        sorted(room for room in ARROWS["evals"] if not any(is_within(name, room) for name in reached)) == []
    )
    whole = {"coach", "coach.adapters", "coach.services", "coach.commands"}
    assert ARROWS["evals"] & whole == set(), "whole rooms are not a list"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("from coach.adapters import prompt_waivers, prompt_files", "coach.adapters.prompt_waivers"),
        ("from coach.adapters.crypto import MasterKey", "coach.adapters.crypto"),
        ("from coach import services", "coach.services"),
        ("def late():\n    import coach.adapters.bm25", "coach.adapters.bm25"),
    ],
)
def test_an_import_is_read_by_the_module_it_brings(tmp_path: Path, line: str, found: str) -> None:
    """However it is written: a room's own name would let every module of it through."""
    file = tmp_path / "one.py"
    file.write_text(line, encoding="utf-8")
    assert found in imported(file)
    assert "coach" not in imported(file) and "coach.adapters" not in imported(file)


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
