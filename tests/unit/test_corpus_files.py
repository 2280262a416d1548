"""One bad file never stops the rest, and is named with its line and the reason."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from coach.adapters.corpus_files import line_of, read_corpus
from coach.bundled import bundled
from coach.services.ingest import IngestService
from tests.fakes import FakeEmbedder, FakeIndex, FakeLibrary

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
    "name twice": "---\nid: zz-hostile\nid: zz-hostile\n---\nb",
    "year nought": "---\nid: zz-hostile\ntitle: 0000-00-00\n---\nb",
    "norway": "---\nid: zz-hostile\ntitle: no\n---\nb",
    "deep": "---\nid: " + "[" * 2000 + "]" * 2000 + "\n---\nb",
    "long head": "---\nid: zz-hostile\ntitle: " + "x" * 5000 + "\n---\nb",
    "bomb": "---\na: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n---\nb",
    "an anchor alone": CASE.format(id="&it zz-hostile"),
    "an alias alone": CASE.format(id="zz-hostile").replace("title: A title", "title: *it"),
    "a harmless tag": CASE.format(id="!!str zz-hostile"),
    "a tag of its own": CASE.format(id="!mine zz-hostile"),
    "a directive": CASE.format(id="zz-hostile").replace("---\n", "---\n%YAML 1.1\n", 1),
    "unknown name": "---\nid: zz-hostile\ntitle: t\noutcome: mixed\nsecret: x\n---\nb",
    "bad id": "---\nid: ../../etc\ntitle: t\noutcome: mixed\n---\nb\n## What we would ask next\n- q",
    "bad outcome": "---\nid: zz-hostile\ntitle: t\noutcome: great\n---\nb\n## What we would ask next\n- q",
    "no questions": "---\nid: zz-hostile\ntitle: t\noutcome: mixed\n---\nonly text",
    "no body": "---\nid: zz-hostile\ntitle: t\noutcome: mixed\n---\n",
    "another id": CASE.format(id="the-rota"),
    "an id in capitals": CASE.format(id="ZZ-hostile"),
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
    (folder / "cases" / "zz.md").write_text("---\nid: zz\ntitle: 'x\n---\nb", encoding="utf-8")
    assert read_corpus(folder).quarantined[0].line in {3, 4}
    wrong = SITUATION.replace("lens: self", "lens: sideways").replace("redoing-work", "other-work")
    (folder / "situations" / "delegation" / "other-work.yaml").write_text(wrong, encoding="utf-8")
    lines = {one.file: one.line for one in read_corpus(folder).quarantined}
    assert lines["situations/delegation/other-work.yaml"] == 8


def test_of_two_files_with_one_id_the_second_is_left_out(folder: Path) -> None:
    """As in a folder below, or as a case and a guideline of one name."""
    (folder / "cases" / "more").mkdir()
    (folder / "cases" / "more" / "good.md").write_text(CASE.format(id="good"), encoding="utf-8")
    corpus = read_corpus(folder)
    assert [one.id for one in corpus.documents] == ["good"]
    assert [(one.file, "is taken" in one.reason) for one in corpus.quarantined] == [
        ("cases/more/good.md", True)
    ]


METHOD = (bundled("corpus") / "methods" / "troika-consulting.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "text", "line", "named"),
    [
        ("cases/the-fridge.md", CASE.format(id="the-rota"), 2, "'the-fridge'"),
        ("cases/the-fridge.md", CASE.replace("id: {id}\n", "").replace("---\n#", "id: x\n---\n#"), 7, "'x'"),
        ("cases/the-fridge.md", CASE.replace("id:", '"id":').format(id="the-rota"), 2, "'the-rota'"),
        ("situations/trust/redoing-work.yaml", SITUATION, 1, "'trust.redoing-work'"),
        ("situations/redoing-work.yaml", "# One.\n" + SITUATION, 2, "'situations.redoing-work'"),
        ("methods/threes.yaml", METHOD, METHOD[: METHOD.index("id:")].count("\n") + 1, "'threes'"),
    ],
)
def test_a_file_whose_id_is_not_its_name_is_left_out_with_its_line(
    tmp_path: Path, file: str, text: str, line: int, named: str
) -> None:
    """The sentence says what to do; links to it and what was kept of it go by the file's name."""
    place = tmp_path / file
    place.parent.mkdir(parents=True)
    place.write_text(text, encoding="utf-8")
    corpus = read_corpus(tmp_path)
    assert (corpus.documents, corpus.situations, corpus.methods) == ((), (), ())
    (left_out,) = corpus.quarantined
    assert (left_out.file, left_out.line) == (file, line)
    assert "is not its file name" in left_out.reason and "rename the file" in left_out.reason
    assert named in left_out.reason


@pytest.mark.parametrize("name", ["the-rota", "another-name"])
def test_what_was_taken_from_a_file_stays_when_the_file_is_damaged(folder: Path, name: str) -> None:
    """Whatever the file is called: docs/corpus.md promises it."""
    library = FakeLibrary()
    ingest = IngestService(library, FakeIndex(), FakeEmbedder(), lambda: ["programme"])

    def take() -> int:
        read = read_corpus(folder)
        unreadable = [one.id for one in read.quarantined]
        return ingest.take(read.situations, read.documents, unreadable=unreadable).withdrawn

    (folder / "cases" / f"{name}.md").write_text(CASE.format(id="the-rota"), encoding="utf-8")
    take()
    before = {one.id for one in library.documents(["programme"])}
    (folder / "cases" / f"{name}.md").write_text("damaged", encoding="utf-8")
    assert take() == 0
    assert {one.id for one in library.documents(["programme"])} == before


def test_every_item_is_found_again_by_its_id(folder: Path) -> None:
    """The line of a fault is looked up by the id that was read."""
    assert line_of(folder, "good", "Words.") == ("cases/good.md", 10)
    assert line_of(folder, "delegation.redoing-work", "I rewrite")[0].endswith("redoing-work.yaml")


PROSE = (
    "I said *no* to him, and he (*nobody* else) laughed.",
    "Sales &c and R &D were there; salt & pepper, 5 * 3.",
    "It is *the* case: *mine*, and not !important at all.",
)


@pytest.mark.parametrize("prose", PROSE)
def test_an_emphasised_word_in_prose_is_no_anchor(folder: Path, prose: str) -> None:
    """In a folded text, in a plain one of several words, and in quotation marks over two lines."""
    file = folder / "situations" / "delegation" / "redoing-work.yaml"
    quoted = f'"{prose}\n    *Again.*"'
    text = SITUATION.replace("Two sentences. Here.", f">-\n  {prose}\n  *Here.*")
    file.write_text(text.replace("I rewrite it.", quoted), encoding="utf-8")
    corpus = read_corpus(folder)
    assert corpus.quarantined == ()
    assert corpus.situations[0].description == f"{prose} *Here.*"
    assert corpus.situations[0].signs == (f"{prose} *Again.*",)


def test_a_title_that_begins_with_a_star_needs_quotation_marks(folder: Path) -> None:
    """A plain text that begins with a star is an alias in YAML: the reason names its line and the remedy."""
    case = CASE.format(id="zz").replace("A title", "'*No* is a word'")
    (folder / "cases" / "zz.md").write_text(case, encoding="utf-8")
    assert read_corpus(folder).quarantined == ()
    (folder / "cases" / "zz.md").write_text(case.replace("'", ""), encoding="utf-8")
    (left_out,) = read_corpus(folder).quarantined
    assert left_out.line == 3 and "quotation marks" in left_out.reason


def test_a_file_that_is_nested_without_end_is_left_out_quickly(folder: Path) -> None:
    """A megabyte of brackets costs no more than any other file."""
    file = folder / "situations" / "delegation" / "redoing-work.yaml"
    file.write_text(SITUATION + "voices: " + "[" * 900_000, encoding="utf-8")
    began = time.monotonic()
    (left_out,) = read_corpus(folder).quarantined
    assert (left_out.line, "nested too deep" in left_out.reason) == (11, True)
    assert time.monotonic() - began < 5


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
