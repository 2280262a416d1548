"""The gate and what the bank found before it: asked once, and never taken from anybody else."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coach.adapters.bank_writer import make
from coach.bundled import bundled
from coach.domain.model import Brief, Draft, Lens, Origin, Question, SituationHit, Stage, Verdict
from coach.domain.rubric import CRITERIA
from coach.domain.text import split_sentences
from coach.ports import Writer, WriterParts
from coach.services.gate import Gate
from tests.fakes import FakeClassifier, FakeEmbedder, a_situation

TEXTS = (
    "I rewrite his slides at night. It is faster than the talk, and I have not told him.",
    "My deputy keeps the numbers to herself. I said nothing for three weeks, the audit is near.",
    "We agreed that nobody writes after eight. On Friday I sent four mails at ten and two people answered.",
    "The two of them do not speak. I move the desks, I change the shifts, and nothing I do comes near it.",
)


def brief(text: str, **changed: Any) -> Brief:
    situation = a_situation()
    near = (SituationHit(situation.id, situation.name, 0.9),)
    vector = FakeEmbedder().embed([text])[0]
    made = Brief(
        text, Stage.EXPLORE, Lens.SELF, 1, near, vector=vector, telling=(0.0,) * len(split_sentences(text))
    )
    return replace(made, **changed)


def bank() -> Writer:
    situation = a_situation()
    embedder = FakeEmbedder()
    texts = [question.text for question in situation.questions]
    return make(
        WriterParts(
            embedder=embedder,
            advice=FakeClassifier(),
            situations=lambda: {situation.id: situation},
            question_vectors=lambda: dict(zip(texts, embedder.embed(texts), strict=True)),
            prompts=bundled("prompts"),
        )
    )


def untold(draft: Draft) -> Draft:
    """The same proposal by a bank that says nothing of what it found."""
    return replace(draft, questions=tuple(replace(one, criteria=()) for one in draft.questions))


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("turn", [1, 3])
def test_what_the_bank_found_is_what_the_gate_would_have_found(text: str, turn: int) -> None:
    """A question that the bank has judged gets the same verdicts as one that it has not."""
    asked: tuple[str, ...] = ()
    gate = Gate(FakeClassifier(), FakeEmbedder(), dict)
    for _ in range(3):
        known = brief(text, asked=asked, turn_number=turn, earlier=(TEXTS[0],) if turn > 1 else ())
        draft = bank().write(known)
        assert all(one.criteria for one in draft.questions), "it has judged them"
        assert gate.judge(draft, known) == gate.judge(untold(draft), known)
        asked = (*asked, draft.questions[0].text)


ALL_WELL = tuple(Verdict(name, True) for name in CRITERIA)
LEADING = Question("Don't you think you should tell him?", Lens.OTHER, Stage.EXPLORE, criteria=ALL_WELL)


def passes(draft: Draft, known: Brief, gate: Gate) -> list[str]:
    return [one.text for one in gate.judge(draft, known).passing]


def test_verdicts_that_another_writer_brings_along_count_for_nothing() -> None:
    gate = Gate(FakeClassifier(), FakeEmbedder(), dict)
    assert passes(Draft("", (LEADING,), Origin("llm")), brief(TEXTS[0]), gate) == []


@pytest.mark.parametrize(
    "criteria", [ALL_WELL[1:], ALL_WELL[::-1], (*ALL_WELL, Verdict("noleak", True)), ALL_WELL[:1] * 12]
)
def test_verdicts_that_are_not_the_whole_rubric_count_for_nothing(criteria: tuple[Verdict, ...]) -> None:
    gate = Gate(FakeClassifier(), FakeEmbedder(), dict)
    draft = Draft("", (replace(LEADING, criteria=criteria),), Origin("bank"))
    assert passes(draft, brief(TEXTS[0]), gate) == []


@pytest.mark.parametrize(("cosine", "well"), [(0.69, True), (0.71, False), (0.86, False)])
def test_a_question_near_an_earlier_one_is_judged_again(cosine: float, well: bool) -> None:
    """How near an earlier question lies the bank does not know: from 0.70 on the rubric must look."""
    asked, text = "What keeps the talk away?", "Where does your evening go?"
    vectors = {asked: np.array([1.0, 0.0]), text: np.array([cosine, (1 - cosine**2) ** 0.5])}
    draft = Draft("", (Question(text, Lens.SELF, Stage.EXPLORE, criteria=ALL_WELL),), Origin("bank"))
    gate = Gate(FakeClassifier(), FakeEmbedder(), lambda: vectors)
    judged = gate.judge(draft, brief(TEXTS[0], asked=(asked,)))
    fresh = next(one for one in judged.draft.questions[0].criteria if one.criterion == "fresh")
    assert fresh.passed is well


LEADS_AWAY = (
    "mailto:x@evil.test",
    "mailto：x＠evil．test",
    "x@evil.test",
    "hxxp evil。test",
    "hxxps://evil[.]test",
    "ｈｔｔｐｓ：//evil/x",
    "tel:+4930123456",
    "sms:123",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,x",
    "signal://x",
    "ftp://files",
    "evil.test",
    "evil。test",
    "evil．test",
    "evil｡test",
    "ｅｖｉｌ．ｔｅｓｔ",
    "www。evil。zone",
    "sub.evil.io",
    "EVIL.COM",
    "evil.example/path",
)
LEADS_NOWHERE = (
    "at 5:30",
    "at 9 a.m. on Monday",
    "re:invent",
    "note:one",
    "the data: all of it",
    "the file: yours or hers",
    "the tel: and the fax",
    "1:1",
    "and/or",
    "e.g. in the hall",
    "i.e. there",
    "the U.S. team",
    "Node.js",
    "budget.xlsx",
    "v2.0",
    "3.5 percent",
    "done.so it was",
    "left.Then",
    "then...there",
    "@ home",
)
ONE_THING = "One thing: what is it about {this} that keeps you awake?"


def honest(question: str, **known: Any) -> bool:
    gate = Gate(FakeClassifier(), FakeEmbedder(), dict)
    draft = Draft("You wrote it all down.", (Question(question, Lens.SELF, Stage.EXPLORE),), Origin("llm"))
    (judged,) = gate.judge(draft, brief(**{"text": TEXTS[0], **known})).draft.questions
    return next(one for one in judged.criteria if one.criterion == "honest").passed


@pytest.mark.parametrize("link", LEADS_AWAY)
def test_a_question_that_leads_away_is_not_shown(link: str) -> None:
    assert not honest(ONE_THING.replace("{this}", link))


@pytest.mark.parametrize("words", LEADS_NOWHERE)
def test_a_question_that_only_looks_a_little_like_it_is(words: str) -> None:
    assert honest(ONE_THING.replace("{this}", words))


@pytest.mark.parametrize("name", ["booking.com", "shop.example", "tel:+4930123456"])
def test_a_host_that_the_member_wrote_may_be_said_back(name: str) -> None:
    """Names come back into a question before the gate sees it; a firm can be called like its site."""
    question = ONE_THING.replace("{this}", name)
    assert not honest(question)
    assert honest(question, text=f"I left {name.title()}. {TEXTS[0]}")
    assert honest(question, earlier=(f"I left {name}.",))


@pytest.mark.parametrize("piece", ["a.", "a。", "a-", "@a.", "a+", "javascript:", "(a.b", "a://"])
def test_a_long_row_of_pieces_of_links_takes_no_time(piece: str) -> None:
    begun = time.perf_counter()
    honest(f"{piece * 2_000}?")
    assert time.perf_counter() - begun < 5
