"""A whole turn around the language-model writer: real gate, real HTTP, fake embedder, a tiny bank."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coach.adapters.langchain_writer import LangchainWriter, make
from coach.domain.model import (
    Brief,
    DocumentKind,
    Draft,
    Lens,
    Origin,
    Passage,
    Question,
    ScreenKind,
    SituationHit,
    Stage,
    Turn,
)
from coach.errors import WriterUnavailable
from coach.ports import WriterParts
from coach.services.gate import Gate
from coach.services.reading import Reading
from coach.services.reflect import History, Thinking
from coach.services.retrieve import Found
from evals.stub.answers import good
from tests.fakes import FakeClassifier, FakeEmbedder, FakeScreener, FakeWriter

PROMPTS = Path(__file__).parent.parent.parent / "prompts"
DEADLINE = 3.0
NEW = History()  # of a conversation that begins
TEXT = (
    "I keep rewriting Jonas's slides at night. It is faster than the talk. My boss praised the deck on "
    "Friday and I said nothing about who had made the first version."
)
CASE = Passage(
    "case.weighbridge",
    DocumentKind.CASE,
    "The weighbridge",
    "Also about: redoing work",
    text=(
        "For three winters the shift leader corrected every delivery note by hand before it went to the "
        "office, and the two clerks stopped reading what they typed."
    ),
    questions=("What did the clerks learn from the corrected notes?",),
)
SITUATION = SituationHit("delegation.redoing-work", "Redoing a team member's work", 0.6)


class FoundOnce:
    """A retriever that always finds the same case and situation."""

    def find(self, reading: Reading, scopes: Sequence[str]) -> Found:
        return Found((SITUATION,), (CASE,))


@dataclass(frozen=True, slots=True)
class Taken:
    """One turn and the seconds it took."""

    turn: Turn
    seconds: float


def llm_writer(url: str, deadline: float = DEADLINE) -> LangchainWriter:
    """The writer as bootstrap makes it, over a provider at `url`."""
    nothing: Callable[[], dict[str, object]] = dict
    writer = make(
        WriterParts(
            FakeEmbedder(),
            FakeClassifier(),
            nothing,  # type: ignore[arg-type] # this writer asks for no vocabulary
            nothing,  # type: ignore[arg-type]
            PROMPTS,
            "openai:stub",
            url,
            "",
            deadline,
        )
    )
    assert isinstance(writer, LangchainWriter)
    return writer


def tiny_bank(brief: Brief) -> Draft:
    """What the bank would say: a sentence turned round and three questions on one of its words."""
    given = [f"Stage: {brief.stage}", f"Lens: {brief.lens}", "", "<reflection>", brief.text, "</reflection>"]
    proposal = good("\n".join(given))
    questions = [Question(q["text"], Lens(q["lens"]), Stage(q["stage"])) for q in proposal["questions"]]
    return Draft(proposal["mirror"], tuple(questions), Origin("bank"))


def thinking(writer: object) -> Thinking:
    """Everything that turns a text into a turn, around this writer."""
    embedder = FakeEmbedder()
    return Thinking(
        embedder=embedder,
        screener=FakeScreener(),
        retriever=FoundOnce(),  # type: ignore[arg-type] # the one method that is used
        writer=writer,  # type: ignore[arg-type]
        bank=FakeWriter(tiny_bank),
        gate=Gate(FakeClassifier(), embedder, dict),
        signposts=dict.fromkeys(ScreenKind, "Please talk to somebody."),
    )


def take_turn(
    url: str,
    text: str = TEXT,
    names: Sequence[str] = (),
    history: History = NEW,
    deadline: float = DEADLINE,
) -> Taken:
    """One whole turn; the writer is opened before the clock starts, as in the program."""
    mind = thinking(llm_writer(url, deadline))
    begun = time.monotonic()
    turn, _ = mind.turn(text, ["programme"], history, names)
    return Taken(turn, time.monotonic() - begun)


def write_or_fault(writer: LangchainWriter, brief: Brief) -> Draft | WriterUnavailable:
    try:
        return writer.write(brief)
    except WriterUnavailable as fault:
        return fault
