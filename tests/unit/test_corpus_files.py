"""One bad file never stops the rest, and is named with its line and the reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coach.adapters.corpus_files import read_corpus
from coach.bundled import bundled

CASE = """---
id: {id}
title: A title
situations: [delegation.redoing-work]
outcome: mixed
function: school
setting: Kenya
---
## The situation
Words.
## What we would ask next
- What did you notice in yourself?
"""

SITUATION = """id: delegation.redoing-work
family: delegation
name: Redoing work
description: Two sentences. Here.
signs:
  - I rewrite it.
questions:
  - text: What happens in you?
    lens: self
    stage: explore
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cases").mkdir()
    (tmp_path / "situations" / "delegation").mkdir(parents=True)
    (tmp_path / "cases" / "good.md").write_text(CASE.format(id="good"), encoding="utf-8")
    (tmp_path / "situations" / "delegation" / "redoing-work.yaml").write_text(SITUATION, encoding="utf-8")
    return tmp_path


HOSTILE = {
    "no head": "just text",
    "unterminated": "---\ntitle: x\nbody without end",
    "tab": "---\n\ttitle: x\n---\nb",
    "python object": "---\nid: !!python/object/apply:os.system ['echo pwned']\n---\nb",
    "list": "---\n- a\n- b\n---\nb",
    "number as a name": "---\n1: a\n---\nb",
    "name twice": "---\nid: a\nid: b\n---\nb",
    "year nought": "---\nid: a\ntitle: 0000-00-00\n---\nb",
    "norway": "---\nid: a\ntitle: no\n---\nb",
    "deep": "---\nid: " + "[" * 2000 + "]" * 2000 + "\n---\nb",
    "long head": "---\nid: a\ntitle: " + "x" * 5000 + "\n---\nb",
    "bomb": "---\na: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n---\nb",
    "unknown name": "---\nid: a\ntitle: t\noutcome: mixed\nsecret: x\n---\nb\n## What we would ask next\n- q",
    "bad id": "---\nid: ../../etc\ntitle: t\noutcome: mixed\n---\nb\n## What we would ask next\n- q",
    "bad outcome": "---\nid: a\ntitle: t\noutcome: great\n---\nb\n## What we would ask next\n- q",
    "no questions": "---\nid: a\ntitle: t\noutcome: mixed\n---\nonly text",
    "no body": "---\nid: a\ntitle: t\noutcome: mixed\n---\n",
    "id taken": CASE.format(id="good"),
    "empty": "",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_left_out_and_the_rest_goes_in(folder: Path, name: str) -> None:
    (folder / "cases" / "zz-hostile.md").write_text(HOSTILE[name], encoding="utf-8")
    corpus = read_corpus(folder)
    assert [one.id for one in corpus.documents] == ["good"]
    assert [one.id for one in corpus.situations] == ["delegation.redoing-work"]
    (left_out,) = corpus.quarantined
    assert left_out.file == "cases/zz-hostile.md"
    assert left_out.line >= 1 and left_out.reason and "Traceback" not in left_out.reason


def test_the_line_is_named(folder: Path) -> None:
    """Broken YAML in line 3 of the file is reported as line 3."""
    (folder / "cases" / "zz.md").write_text("---\nid: a\ntitle: 'x\n---\nb", encoding="utf-8")
    assert read_corpus(folder).quarantined[0].line in {3, 4}
    wrong = SITUATION.replace("lens: self", "lens: sideways").replace("redoing-work", "other-work")
    (folder / "situations" / "delegation" / "zz.yaml").write_text(wrong, encoding="utf-8")
    lines = {one.file: one.line for one in read_corpus(folder).quarantined}
    assert lines["situations/delegation/zz.yaml"] == 8


def test_other_bytes_links_and_pipes_are_left_out(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.md"
    outside.write_text(CASE.format(id="secret"), encoding="utf-8")
    (folder / "cases" / "latin.md").write_bytes(
        CASE.format(id="latin").replace("Words", "Wörter").encode("latin-1")
    )
    (folder / "cases" / "link.md").symlink_to(outside)
    (folder / "cases" / "huge.md").write_text(CASE.format(id="huge") + "x" * 1_100_000, encoding="utf-8")
    os.mkfifo(folder / "cases" / "pipe.md")
    corpus = read_corpus(folder)
    assert [one.id for one in corpus.documents] == ["good"]
    assert {one.file for one in corpus.quarantined} == {
        "cases/latin.md",
        "cases/link.md",
        "cases/huge.md",
        "cases/pipe.md",
    }


def test_hidden_characters_never_reach_the_store(folder: Path) -> None:
    hidden = CASE.format(id="hidden").replace("Words.", "Wo\u200brds\U000e0041 \u202eabc.")
    (folder / "cases" / "hidden.md").write_text("\ufeff" + hidden, encoding="utf-8")
    body = next(one.body for one in read_corpus(folder).documents if one.id == "hidden")
    assert "Words abc." in body


def test_the_corpus_that_comes_along_is_whole() -> None:
    """Nothing of ours is left out; links between files hold; the first issue's counts are there."""
    corpus = read_corpus(bundled("corpus"))
    assert corpus.quarantined == ()
    cases = [one for one in corpus.documents if one.kind == "case"]
    guidelines = [one for one in corpus.documents if one.kind == "guideline"]
    situations = {one.id: one for one in corpus.situations}
    assert len(cases) >= 84 and len(guidelines) >= 26 and len(situations) >= 150
    assert all(len(one.questions) >= 16 for one in situations.values())
    ids = {one.id for one in corpus.documents}
    assert {one.pair for one in cases} <= ids | {""}
    assert {key for one in corpus.documents for key in one.situations} <= set(situations)
