"""The gold tests see a check that is missing: two of every criterion and of every family are taken out.

`python scripts/mutate_scorers.py` takes out all of them; this is the part that every run can afford.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from coach.domain.rubric import CRITERIA
from evals.tasks import names

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "scripts" / "mutate_scorers.py"

OF_CRITERIA = {
    "one": ("rubric.form/one/part/_two_topics(text[start:end])", "rubric.form/one/condition/len(marks) > 1"),
    "open": (
        "rubric.openness/open_/fault/_judge(reading.text, reading.core, reading.ask[1], reading.kind)",
        "rubric.openness/_judge/condition/scale",
    ),
    "nonleading": (
        "rubric.leading/nonleading/part/_either_or(reading)",
        "rubric.leading/nonleading/part/_presumed_feeling(exchange, reading, heard)",
    ),
    "noadvice": ("rubric.advice/noadvice/fault/named", "rubric.advice/noadvice/part/_proposal(reading)"),
    "ownwords": (
        "rubric.listening/ownwords/part/_says_again(asked, exchange.text)",
        "rubric.listening/ownwords/condition/copied",
    ),
    "brief": (
        "rubric.form/brief/condition/marked",
        "rubric.form/brief/condition/word_count(reading.preamble) > MOST_WORDS_BEFORE",
    ),
    "nowhy": (
        "rubric.stance/nowhy/fault/first(_ACCUSING, reading.text)",
        'rubric.stance/table/element/rule( r"^\\W*(?:(?:and|but|so|well|okay|ok)\\s+)*(?P<at>why(?:\\s+(?:so|t ~ t led there.", )',  # noqa: E501 - as the script names it
    ),
    "nonjudging": (
        "rubric.stance/nonjudging/element/*_REPROACHES",
        "rubric.stance/nonjudging/part/_unless_said(heard, reading)",
    ),
    "mirror": (
        "rubric.listening/mirror/part/_entailed(exchange.mirror, heard)",
        "rubric.listening/mirror/part/_turned_round(exchange.mirror, heard)",
    ),
    "agency": ("rubric.agency/agency/part/_fact(reading)", "rubric.agency/agency/part/_gossip(reading)"),
    "stage": (
        "rubric.flow/stage/part/exchange.stage is Stage.ARRIVE",
        "rubric.flow/_too_early/condition/wording",
    ),
    "fresh": (
        "rubric.flow/_turned/part/roles_turned(question, earlier)",
        "rubric.flow/fresh/part/set(running) == {exchange.lens}",
    ),
}
OF_FAMILIES = {
    "confidentiality": (
        "families.confidentiality/score/value/name",
        "families.confidentiality/score/always/not out",
    ),
    "cost": ('families.cost/score/element/"prompt_tokens"', 'families.cost/score/element/"calls"'),
    "crisis": (
        "families.crisis/score/never/flag == needed",
        "scorers.referral/lacks/condition/not _WAY_OUT.search(signpost)",
    ),
    "grounding": (
        "families.grounding/_wrong/condition/share < ENOUGH",
        "scorers.grounds/invented/part/one not in known",
    ),
    "injection": (
        "families.injection/_none/always/not found",
        "scorers.passing/failing/condition/not verdict.passed",
    ),
    "matching": (
        "families.matching/_wrongs/part/None in shown",
        'families.matching/_wrongs/condition/hints["again"] != reasons',
    ),
    "question_quality": (
        "families.question_quality/_every/always/not failed",
        "families.question_quality/_all/condition/not verdict.passed",
    ),
    "retrieval": (
        "families.retrieval/score/always/not missed",
        'families.retrieval/_of_stranger/always/not told["shown"]',
    ),
    "robustness": (
        "families.robustness/score/always/not late",
        'families.robustness/_marked/condition/told["borrowed"] and told["writer"] == "llm"',
    ),
    "topics": (
        "families.topics/_wrongs/condition/len(authors.get(one, ())) < k",
        "families.topics/_words/condition/one.casefold() in told",
    ),
}
SOUND = ("sound/coach.domain.rubric.flow", "sound/evals.families.crisis")
"""Nothing is taken out: were these red, redness would mean nothing."""


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mutate_scorers", SCRIPT)
    assert spec and spec.loader
    made = importlib.util.module_from_spec(spec)
    sys.modules["mutate_scorers"] = made  # a dataclass looks its module up
    spec.loader.exec_module(made)
    return made


MUTATING = _script()
CHOSEN = [one for some in (*OF_CRITERIA.values(), *OF_FAMILIES.values()) for one in some]


@pytest.fixture(scope="module")
def seen() -> dict[str, str]:
    """Red or green, by check; one process asks for all."""
    asked = [sys.executable, str(SCRIPT), "--ids", *SOUND, *CHOSEN]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    told = (line.split(None, 1) for line in said.stdout.splitlines() if line.startswith(("red", "green")))
    return {name: colour for colour, name in told}


@pytest.mark.parametrize("check", CHOSEN)
def test_a_check_that_is_missing_is_seen(seen: dict[str, str], check: str) -> None:
    assert seen[check] == "red"


@pytest.mark.parametrize("nothing", SOUND)
def test_where_nothing_is_missing_nothing_is_red(seen: dict[str, str], nothing: str) -> None:
    assert seen[nothing] == "green"


def test_every_criterion_and_every_family_loses_two_checks() -> None:
    """A new one has to bring its own."""
    assert set(OF_CRITERIA) == set(CRITERIA) and set(OF_FAMILIES) == set(names())
    assert all(len(set(some)) == 2 for some in (*OF_CRITERIA.values(), *OF_FAMILIES.values()))


def test_a_check_that_is_tagged_is_there_and_has_a_reason() -> None:
    """A tag that has lost its check would hide another one day."""
    there = {one.id for module in MUTATING.modules() for one in MUTATING.mutants(module)}
    tags = MUTATING.tagged()
    assert set(tags) <= there and all(len(reason) > 20 for reason in tags.values())


SMALL = b"""
TABLE = (rule("a", "b"), rule("c", "d"))
WORDS = word_list("one two")


def judge(text: str) -> Finding | None:
    if not text or len(text) > 3:
        return Finding("long")
    return first(TABLE, text) or other(text)
"""


def test_every_kind_of_check_is_found() -> None:
    """A table's elements, words, a condition and its parts, faults."""
    found = [(kind, text) for _, _, kind, text, _ in MUTATING._Finder(SMALL, False, False).found()]
    assert found == [
        ("element", 'rule("a", "b")'),
        ("element", 'rule("c", "d")'),
        ("words", 'word_list("one two")'),
        ("part", "not text"),
        ("condition", "not text or len(text) > 3"),
        ("part", "len(text) > 3"),
        ("fault", 'Finding("long")'),
        ("part", "first(TABLE, text)"),
        ("fault", "first(TABLE, text) or other(text)"),
        ("part", "other(text)"),
    ]


def test_what_is_left_without_a_check_is_still_a_program() -> None:
    for *_, changed in MUTATING._Finder(SMALL, False, False).found():
        compile(changed, "small", "exec")
        assert changed != SMALL
