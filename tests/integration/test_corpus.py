"""The corpus that comes along, held against the rules its editors are held to, by the real parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.bootstrap import open_corpus_tools
from coach.bundled import bundled
from coach.commands.corpus_checking import say_faults
from coach.domain.coverage import coverage
from coach.domain.model import Outcome
from coach.errors import UserError
from coach.services.corpus_check import check
from coach.settings import Settings


def test_nothing_in_our_own_corpus_is_to_be_mended(settings: Settings) -> None:
    """Every question passes the rubric and no two ask the same; links, lengths and pairs hold."""
    tools = open_corpus_tools(settings)
    corpus = tools.read(bundled("corpus"))
    assert corpus.quarantined == ()
    assert list(check(corpus, tools.embedder, tools.advice)) == []


def test_the_corpus_is_as_rich_as_it_promises(settings: Settings) -> None:
    corpus = open_corpus_tools(settings).read(Path(bundled("corpus")))
    found = coverage(corpus.situations, corpus.documents, corpus.methods)
    promised = {"situations": 150, "families": 16, "questions": 2_600, "cases": 84, "pairs of cases": 30}
    promised |= {"functions": 14, "settings": 15, "guidelines": 26, "methods": 9}
    assert {name: found.counts[name] for name in promised if found.counts[name] < promised[name]} == {}
    assert found.counts["situations without a case"] == 0
    not_solved = [case for case in found.cases if case.outcome is not Outcome.WORKED]
    assert len(not_solved) * 3 >= len(found.cases)


def test_the_check_names_a_file_whose_id_is_another(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, line and one sentence, before anything is read in."""
    monkeypatch.setenv("COACH_CACHE", str(settings.cache))
    (tmp_path / "methods").mkdir()
    text = (bundled("corpus") / "methods" / "troika-consulting.yaml").read_text(encoding="utf-8")
    (tmp_path / "methods" / "threes.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match="One place"):
        say_faults(tmp_path, as_json=False)
    assert capsys.readouterr().out == (
        "methods/threes.yaml:1: its id 'troika-consulting' is not its file name: "
        "please make it 'threes', or rename the file\n"
    )
