"""The corpus that comes along, held against the rules its editors are held to, by the real parts."""

from __future__ import annotations

from pathlib import Path

from coach.bootstrap import open_corpus_tools
from coach.bundled import bundled
from coach.domain.coverage import coverage
from coach.domain.model import Outcome
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
