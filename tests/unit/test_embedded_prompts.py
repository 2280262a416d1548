"""What the embedded writer reads: a place that nobody fills, or that could do more, is refused."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from coach.adapters.embedded_prompts import read_embedded
from coach.bundled import bundled
from coach.errors import SettingsRefused

BANK = "It was written for a situation like yours: {situation}."


def embedded(place: Path, file: str, old: str, new: str) -> Path:
    """A copy of the delivered texts with one of them changed."""
    folder = place / "embedded"
    shutil.copytree(bundled("prompts") / "embedded", folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_the_delivered_texts_are_read() -> None:
    assert read_embedded(bundled("prompts") / "embedded").whys["source.bank"] == BANK


@pytest.mark.parametrize(
    "hole",
    [
        "{nope}",
        "{situation:>2000000000}",
        "{situation.__class__}",
        "{situation!r}",
        "{}",
        "{0}",
        "{{situation}}",
        "{situation",
        "situation}",
        "{situation} {",
    ],
)
def test_a_why_with_another_place_is_refused_with_its_sentence(tmp_path: Path, hole: str) -> None:
    folder = embedded(tmp_path, "whys.yaml", "{situation}", hole)
    with pytest.raises(SettingsRefused, match=r"whys\.yaml") as refusal:
        read_embedded(folder)
    assert f"“{BANK.replace('{situation}', hole)}”" in refusal.value.message
    assert "only {situation}" in refusal.value.message


def test_only_the_why_of_a_situation_names_one(tmp_path: Path) -> None:
    """Anywhere else nobody would fill it."""
    folder = embedded(tmp_path, "whys.yaml", "what you wrote.", "{situation}.")
    with pytest.raises(SettingsRefused, match=r"only in source\.bank"):
        read_embedded(folder)
    folder = embedded(tmp_path / "none", "whys.yaml", ": {situation}", "")
    assert "{" not in read_embedded(folder).whys["source.bank"]


@pytest.mark.parametrize(
    "hole", ["{quote.x}", "{quote:>9}", "{quote", "quote}", "{}", "{{quote}}", "{quote!r}"]
)
@pytest.mark.parametrize("file", ["frames.yaml", "general.yaml"])
def test_a_slot_that_is_none_is_refused_with_its_frame(tmp_path: Path, file: str, hole: str) -> None:
    text = (bundled("prompts") / "embedded" / file).read_text(encoding="utf-8")
    frame = re.search(r"text: '([^'{}]*\{quote\}[^'{}]*)'", text)
    assert frame
    spoilt = frame[1].replace("{quote}", hole)
    folder = embedded(tmp_path, file, frame[1], spoilt)
    with pytest.raises(SettingsRefused, match=re.escape(file)) as refusal:
        read_embedded(folder)
    assert f"“{spoilt}”" in refusal.value.message


def test_a_general_question_has_no_place_at_all(tmp_path: Path) -> None:
    folder = embedded(tmp_path, "general.yaml", "What else in your days", "What else in {quote}")
    with pytest.raises(SettingsRefused, match=r"general\.yaml.*in \{quote\} does"):
        read_embedded(folder)
