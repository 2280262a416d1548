"""Anchors, aliases, tags and depth are found by their tokens; prose with an emphasised word is prose."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from coach.adapters.langchain_writer import read_whys
from coach.adapters.prompt_lock import embedded_identity
from coach.adapters.safe_yaml import DEEPEST, mapping_or_nothing, unwanted_line
from coach.bundled import bundled
from coach.domain.model import Lens
from evals.arms import tasks_of
from evals.pages.shelf import DraftRefused, check_text

WHYS = "embedded/whys.yaml"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: >-\n  I said *no* to him & her.\n", None),
        ("a: I said *no* to him\nb: 'one &two'\n# &three *four !five\n", None),
        ("a: 1\nb: &it [1]\n", 2),
        ("a: 1\n\nb: *it\n", 3),
        ("a: [x, {b: *it}]\n", 1),
        ("a: 1\nb: !!str 2\n", 2),
        ("a: !mine 2\n", 1),
        ("%YAML 1.1\n---\na: 1\n", 1),
        ("? &it a\n: 1\n", 1),
        ("<<: *it\n", 1),
        ("a: " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1), None),
        ("a: 1\nb: *No* is a word\n", 2),
        ("a: &, b\n", 1),
        ("a: !<x y\n", 1),
        ("%YAML x\n---\na: 1\n", 1),
        ("", None),
    ],
)
def test_the_first_line_with_something_unwanted(text: str, line: int | None) -> None:
    assert unwanted_line(text) == line


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", "a: {"])
def test_what_is_nested_too_deep_is_no_yaml_of_ours(opening: str) -> None:
    with pytest.raises(yaml.YAMLError):
        unwanted_line(opening * 100_000)


def test_side_by_side_is_not_deep() -> None:
    assert unwanted_line("a:\n" + "  - [{b: 1}]\n  - c:\n      - d\n" * 500) is None


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("odd: &a [1]\n", "anchors"),
        ("odd: [*a]\n", "anchors"),
        ("odd: !!python/name:os.system\n", "anchors"),
        ("bad: 'x\n", "not YAML"),
        ("bad: `x`\n", "not YAML"),
        ("deep: " + "[" * 150_000, "not YAML"),
    ],
)
def test_a_draft_is_refused_by_the_same_rule_with_its_line(added: str, said: str) -> None:
    text = "version: 9\nwhys:\n  a: >-\n    I said *no* to him.\n"
    check_text(WHYS, text, "")
    with pytest.raises(DraftRefused, match=said) as refusal:
        check_text(WHYS, text + added, "")
    assert f"{WHYS}, line " in str(refusal.value)


@pytest.mark.parametrize("held", [None, b"\xff\xfe", b"a: [", b"- a list", b"just text", b"", b"whys: []"])
def test_a_file_that_says_nothing_readable_says_nothing(tmp_path: Path, held: bytes | None) -> None:
    """The lock, the arms and the reasons look at it in one way; who opens it to use it says what is wrong."""
    file = tmp_path / WHYS
    if held is not None:
        file.parent.mkdir()
        file.write_bytes(held)
    assert mapping_or_nothing(file) == ({"whys": []} if held == b"whys: []" else {})
    assert read_whys(file) == {}
    assert tasks_of(["embedded/whys"], tmp_path) is None
    if held is not None and held != b"\xff\xfe":
        assert embedded_identity(file)[0] == ""


def test_the_reasons_of_the_program_are_read_for_every_lens() -> None:
    assert set(read_whys(bundled("prompts") / WHYS)) == set(Lens)
