"""A slip in a prompt's YAML is refused with its line by every reader, whatever the library makes of it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from coach.adapters import prompt_lock
from coach.adapters.embedded_prompts import read_embedded
from coach.adapters.frame_files import load_frames
from coach.adapters.langchain_writer import read_whys
from coach.adapters.prompt_body import PromptRefused
from coach.adapters.prompt_files import parse_prompt
from coach.adapters.prompt_front import read_front
from coach.adapters.safe_yaml import SAFE_LOADER, mapping_or_nothing, not_yaml, read_yaml
from coach.adapters.signpost_files import read_signposts
from coach.bundled import bundled
from coach.errors import SettingsRefused, UserError
from coach.settings import Settings
from evals.arms import identities
from evals.pages.shelf import AS_DELIVERED, DraftRefused, Shelf

VALUES = {
    "a day that is none": "x: 2026-13-45",
    "an hour that is none": "x: 2026-01-01T25:00:00Z",
    "a far zone": "x: 2026-01-01T20:00:00+99:99",
    "5,000 digits": "x: " + "9" * 5000,
    "5,000 hexadecimal digits": "x: 0x" + "f" * 5000,
    "no digit": "x: 0x_",
    "a long time": "x: 1" + ":59" * 300 + ".5",
    "a longer time": "x: 1" + ":59" * 3000,
    "deep inside": "x: [{y: [2026-02-30]}]",
    "a day that is none as a key": "2026-13-45: x",
}
KEYS = {
    "a number": "1: 2",
    "a boolean": "no: 2",
    "nothing": "~: 2",
    "a day": "2026-01-31: 2",
    "a number with words": "x: {a: 1, 2: 3}",
    "a list": "? [a]\n: 2",
    "a mapping": "? {a: 1}\n: 2",
}
LIBRARY = {
    "a sign alone": "x: =",
    "a bracket": "x: [",
    "a merge": "<<: 3",
    "150,000 deep": "x: " + "[" * 150_000,
}
ODD = VALUES | KEYS | LIBRARY

odd = pytest.mark.parametrize("slip", ODD.values(), ids=ODD)


def spoilt(place: Path, file: str, slip: str) -> Path:
    """A copy of the delivered texts; one of them has a slip as its second line."""
    folder = place / "prompts"
    shutil.copytree(bundled("prompts"), folder)
    path = folder / "embedded" / file
    first, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(f"{first}\n{slip}\n{rest}", encoding="utf-8")
    return folder


@odd
def test_what_cannot_be_read_is_no_yaml(slip: str) -> None:
    with pytest.raises(yaml.YAMLError):
        read_yaml(f"a: 1\n{slip}\n")


@pytest.mark.parametrize("slip", (VALUES | KEYS).values(), ids=VALUES | KEYS)
def test_its_line_is_named_and_the_way_out(slip: str) -> None:
    with pytest.raises(yaml.MarkedYAMLError) as refused:
        yaml.load(f"a: 1\n\n{slip}\n", Loader=SAFE_LOADER)
    told = not_yaml("whys.yaml", refused.value)
    assert told.startswith("whys.yaml, line 3: this is not YAML (")
    assert len(told) < 200, "a number of thousands of digits is not said again"
    if slip not in (KEYS["a list"], KEYS["a mapping"]):  # there the library says it
        assert told.endswith("put it in quotes).")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 2026-01-31\nb: [1, 0x1f, 1:30, 1.5, yes, ~]\n'1': {'no': x}\n", ["a", "b", "1"]),
        ("x: {<<: {a: 1}, b: 2}\n", ["x"]),
        ("a: " + "9" * 4000 + "\n", ["a"]),
    ],
)
def test_what_can_be_read_is_read(text: str, found: list[str]) -> None:
    read = read_yaml(text)
    assert list(read) == found
    assert json.dumps(read, sort_keys=True, default=str)


def test_an_empty_text_says_nothing() -> None:
    assert read_yaml("") is None


@odd
@pytest.mark.parametrize("file", ["frames.yaml", "general.yaml", "whys.yaml"])
def test_the_embedded_writer_does_not_start(tmp_path: Path, file: str, slip: str) -> None:
    folder = spoilt(tmp_path, file, slip)
    with pytest.raises(SettingsRefused, match=rf"^{file}, line \d+: this is not YAML \("):
        read_embedded(folder / "embedded")


@odd
def test_frames_are_refused(tmp_path: Path, slip: str) -> None:
    folder = spoilt(tmp_path, "frames.yaml", slip)
    with pytest.raises(UserError, match=r"frames\.yaml is not valid YAML") as refused:
        load_frames(folder / "embedded" / "frames.yaml")
    assert re.search(r"line \d", refused.value.remedy)


@odd
def test_signposts_and_contacts_are_refused(tmp_path: Path, slip: str) -> None:
    signposts = bundled("prompts") / "embedded" / "signposts.yaml"
    folder = spoilt(tmp_path, "signposts.yaml", slip)
    with pytest.raises(SettingsRefused, match=r"^signposts\.yaml, line \d+: this is not YAML \("):
        read_signposts(folder / "embedded" / "signposts.yaml")
    contacts = tmp_path / "contacts.yaml"
    contacts.write_text(f"contacts: {{}}\n{slip}\n", encoding="utf-8")
    with pytest.raises(SettingsRefused, match=r"^contacts\.yaml, line \d+: .*COACH_CONTACTS"):
        read_signposts(signposts, contacts)


@odd
def test_a_front_matter_is_refused(slip: str) -> None:
    with pytest.raises(PromptRefused) as refused:
        read_front(f"a: 1\n{slip}\n", 2, "ask.prompty")
    assert refused.value.line in (3, 4) or slip == LIBRARY["150,000 deep"]  # too long to be looked at
    with pytest.raises(PromptRefused, match=r"ask\.prompty, line"):
        parse_prompt(f"---\na: 1\n{slip}\n---\nsystem:\nAsk.\n", "ask.prompty")


@odd
@pytest.mark.parametrize("file", ["signposts.yaml", "whys.yaml"])
def test_the_lock_and_the_arms_take_the_text_as_it_is(tmp_path: Path, file: str, slip: str) -> None:
    """They look at it in passing; that it is spoilt, its reader says."""
    folder = spoilt(tmp_path, file, slip)
    path = folder / "embedded" / file
    key = f"embedded/{path.stem}"
    assert mapping_or_nothing(path) == {}
    assert read_whys(path) == {}
    assert prompt_lock.unexplained(path) == "it has no version"
    locked, arm = prompt_lock.current(folder)[key], identities(folder)[key]
    assert locked["version"] == "" and locked["sha256"] == arm["sha256"]
    assert locked["sha256"] != prompt_lock.current(bundled("prompts"))[key]["sha256"]


def draft_of(whys: bool) -> tuple[str, Callable[[str, str], str]]:
    if whys:
        return "embedded/whys.yaml", lambda text, slip: f"{text}{slip}\n"
    return "reflection-questions.prompty", lambda text, slip: text.replace("---\n", f"---\n{slip}\n", 1)


@odd
@pytest.mark.parametrize(("whys", "why"), [(True, ""), (True, "a word was missing"), (False, "")])
def test_a_draft_is_refused_and_not_lost(settings: Settings, slip: str, whys: bool, why: str) -> None:
    """The page keeps the typed text when a draft is refused, and loses it when something else is raised."""
    shelf = Shelf(settings)
    file, with_slip = draft_of(whys)
    text = with_slip((bundled("prompts") / file).read_text(encoding="utf-8"), slip)
    with pytest.raises(DraftRefused, match=r", line \d+"):
        shelf.draft(AS_DELIVERED, file, text, "member", why)
    assert shelf.cards() == []
