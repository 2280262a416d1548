"""The language-model writer over a real HTTP server that does everything wrong that a provider can."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from coach.adapters import chat_call
from coach.domain.model import Brief, Lens, ScreenKind, Stage
from coach.errors import WriterTimeout, WriterUnavailable
from coach.services.reflect import History
from evals.stub import StubServer
from evals.stub.contents import CANARY
from evals.stub.faults import MODES
from tests.integration.llm_harness import (
    CASE,
    DEADLINE,
    TEXT,
    Taken,
    llm_writer,
    take_turn,
    write_or_fault,
)

ANSWERED = {
    "good", "concern-odd", "fenced", "markdown", "invisible", "unknown-source", "no-usage",
    "reset-once", "429-short", "500-once", "503-once", "no-temperature",
}  # fmt: skip
NOT_GOOD_ENOUGH = {
    "closed", "advice", "two-in-one", "praise", "foreign", "image", "link", "leak", "reveals",
    "human",
}  # fmt: skip
LATE = {"hang", "drip", "slow-closed"}
REFUSED = {
    "reset", "cut", "429-always", "429-long", "429-date", "500", "401", "404", "echo", "flaky-closed",
}  # fmt: skip
GARBLED = {
    "prose", "empty", "refusal", "wrong-schema", "wrong-lens", "two-questions", "huge", "repeated", "invents",
    "obeys", "html", "truncated", "no-choices", "error-200", "length", "length-whole", "filtered",
    "no-finish", "tool-call",
}  # fmt: skip
NOTES = {
    **dict.fromkeys(ANSWERED, ""),
    **dict.fromkeys(NOT_GOOD_ENOUGH, "writer.gate"),
    **dict.fromkeys(LATE, "writer.timeout"),
    **dict.fromkeys(REFUSED, "writer.refused"),
    **dict.fromkeys(GARBLED, "writer.garbled"),
}
CONCERNED = {"concern": ScreenKind.CRISIS, "concern-alone": ScreenKind.DANGER}
# "obeying" breaks its rules by chance, for the evals.
FAULTS = [mode for mode in MODES if mode != "obeying" and mode not in CONCERNED]
BRIEF = Brief(TEXT, Stage.EXPLORE, Lens.SELF, 1, passages=(CASE,))


@pytest.fixture(scope="module")
def stub() -> Iterator[StubServer]:
    with StubServer() as server:
        yield server


@pytest.fixture(scope="module")
def turns(stub: StubServer) -> dict[str, Taken]:
    """One whole turn over every fault, eight at a time."""
    with ThreadPoolExecutor(8) as pool:
        return dict(zip(FAULTS, pool.map(lambda mode: take_turn(stub.url(mode)), FAULTS), strict=True))


def test_every_fault_has_an_expected_note() -> None:
    """A fault that nobody has thought through is not in the table."""
    assert set(NOTES) == set(FAULTS)


@pytest.mark.parametrize("mode", FAULTS)
def test_a_turn_is_whole_in_time_and_says_who_wrote_it(turns: dict[str, Taken], mode: str) -> None:
    """Whatever the provider does, three questions that pass every criterion arrive within the deadline."""
    taken = turns[mode]
    assert taken.seconds < DEADLINE
    assert taken.turn.mirror
    assert len(taken.turn.questions) == 3
    assert all(verdict.passed for question in taken.turn.questions for verdict in question.criteria)
    assert all(question.criteria for question in taken.turn.questions)
    assert taken.turn.origin.note == NOTES[mode]
    assert taken.turn.origin.writer == ("llm" if mode in ANSWERED else "bank")


@pytest.mark.parametrize("mode", FAULTS)
def test_a_turn_costs_at_most_three_requests(turns: dict[str, Taken], stub: StubServer, mode: str) -> None:
    """Two for the first proposal, one for the rewrite."""
    most = {"flaky-closed": 3}.get(mode, 2)
    bodies = [one.raw for one in stub.requests(mode)]
    assert 1 <= len(bodies) <= most
    assert all(bodies.count(body) <= 2 for body in bodies)


def test_nothing_a_model_smuggles_in_is_shown(turns: dict[str, Taken]) -> None:
    """No link, no image, no invisible character, no run of a case, no prompt text reaches the page."""
    for taken in turns.values():
        shown = " ".join([taken.turn.mirror, *(question.text for question in taken.turn.questions)])
        assert not {"http", "](", "**", "\u0000", "\u202e", "\u200b", CANARY, "[Person"} & _present(shown)
        assert "corrected every delivery note by hand" not in shown
        assert "peer-learning group has written" not in shown


@pytest.mark.parametrize("mode", CONCERNED)
def test_what_a_model_hears_is_answered_by_a_signpost_alone(stub: StubServer, mode: str) -> None:
    """With or without questions beside it, and nobody is asked a second time."""
    turn = take_turn(stub.url(mode)).turn
    assert (turn.screen.flag, turn.screen.kind) == (True, CONCERNED[mode])
    assert turn.signpost and not turn.mirror
    assert (turn.questions, turn.cases, turn.guidelines, turn.situations) == ((), (), (), ())
    assert (turn.origin.writer, turn.origin.prompt) == ("signpost", "reflection-questions")
    assert len(stub.requests(mode)) == 1


def _present(shown: str) -> set[str]:
    marks = {"http", "](", "**", "\u0000", "\u202e", "\u200b", CANARY, "[Person"}
    return {mark for mark in marks if mark in shown}


def test_the_origin_names_prompt_and_model(turns: dict[str, Taken]) -> None:
    """Every result can be traced to one version of one prompt and one model."""
    origin = turns["good"].turn.origin
    assert (origin.prompt, origin.model) == ("reflection-questions", "openai:stub")
    assert origin.version.count(".") == 2
    assert len(origin.sha256) == 64


def test_a_question_says_why_it_is_asked(turns: dict[str, Taken]) -> None:
    """ "Why this question?" has an answer for the model's questions too."""
    assert all(question.why for question in turns["good"].turn.questions)


def test_sources_are_only_what_was_sent(turns: dict[str, Taken], stub: StubServer) -> None:
    """An id that the model made up is dropped; one that was in the request is kept."""
    assert all(not question.sources for question in turns["unknown-source"].turn.questions)
    draft = llm_writer(stub.url("good")).write(Brief(TEXT, Stage.EXPLORE, Lens.SYSTEM, 2, passages=(CASE,)))
    assert draft.questions[0].sources == (CASE.id,)


def test_a_rewrite_hears_what_failed(stub: StubServer, turns: dict[str, Taken]) -> None:
    """The second request of a turn carries the criteria that failed, the first carries none."""
    first, second = (one.messages[-1][1] for one in stub.requests("advice"))
    assert "<failed>\n(none)\n</failed>" in first
    assert "- noadvice: " in second


def test_a_model_that_takes_no_temperature_is_asked_without_from_then_on(stub: StubServer) -> None:
    """One refusal is enough to learn it."""
    writer = llm_writer(stub.url("no-temperature"))
    before = len(stub.requests("no-temperature"))
    writer.write(BRIEF)
    writer.write(BRIEF)
    assert len(stub.requests("no-temperature")) - before == 3


def test_a_provider_that_is_not_there_costs_no_time() -> None:
    """Nothing listens on the port: the bank answers at once and the note says so."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        result = take_turn(f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
    assert result.turn.origin.note == "writer.refused"
    assert result.seconds < DEADLINE / 2


def test_a_conversation_goes_on(stub: StubServer) -> None:
    """On the third turn the model gets the earlier texts and what was asked, and asks something else."""
    asked = ('What goes on in you when you come to "night"?',)
    history = History(("I told nobody.", "My team is quiet."), asked, (Lens.OTHER,), ("You told nobody.",), 2)
    turn = take_turn(stub.url("good"), history=history).turn
    user = stub.requests("good")[-1].messages[-1][1]
    assert "Reflection 1:\nI told nobody." in user
    assert "- mirror: You told nobody." in user
    assert f"- question: {asked[0]}" in user
    assert turn.origin.writer == "llm"
    assert asked[0] not in [question.text for question in turn.questions]


def test_stuck_calls_do_not_pile_up(stub: StubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every place taken, the next call fails at once; and a call that was given up frees its place."""
    monkeypatch.setattr(chat_call, "MOST_WAITING", 2)
    writer = llm_writer(stub.url("drip"), deadline=1.5)
    before = len(stub.requests("drip"))
    with ThreadPoolExecutor(2) as pool:
        stuck = [pool.submit(write_or_fault, writer, BRIEF) for _ in range(2)]
        until = time.monotonic() + 1
        while len(stub.requests("drip")) < before + 2 and time.monotonic() < until:
            time.sleep(0.02)
        begun = time.monotonic()
        assert isinstance(write_or_fault(writer, BRIEF), WriterTimeout)
        assert time.monotonic() - begun < 0.3
        assert all(isinstance(one.result(), WriterTimeout) for one in stuck)
    served, until = len(stub.requests("drip")), time.monotonic() + 10
    while len(stub.requests("drip")) == served and time.monotonic() < until:
        write_or_fault(writer, BRIEF)
    assert len(stub.requests("drip")) > served, "a stuck call held its place for ever"


def test_members_who_write_at_once_get_their_own_answers(stub: StubServer) -> None:
    """Sixteen texts through one writer: each answer holds its own word and no other."""
    words = [f"marker{chr(97 + n)}" for n in range(16)]
    writer = llm_writer(stub.url("good"))

    def answer(word: str) -> str:
        draft = writer.write(Brief(f"I keep hiding my {word}.", Stage.EXPLORE, Lens.SELF, 1))
        return " ".join([draft.mirror, *(question.text for question in draft.questions)])

    with ThreadPoolExecutor(16) as pool:
        for word, said in zip(words, pool.map(answer, words), strict=True):
            assert [other for other in words if other in said] == [word]


@pytest.mark.parametrize("mode", sorted(REFUSED | GARBLED - {"huge"}))
def test_an_error_carries_nothing_of_the_text(stub: StubServer, mode: str) -> None:
    """Neither message, nor cause, nor context: a logger that digs finds no word of a member."""
    secret = "zanzibar"
    fault = write_or_fault(
        llm_writer(stub.url(mode)), Brief(f"I told {secret} to nobody.", Stage.EXPLORE, Lens.SELF, 1)
    )
    if mode == "flaky-closed":
        return  # a proposal, only not a good one
    assert isinstance(fault, WriterUnavailable)
    assert secret not in f"{fault!r} {fault} {fault.args}"
    assert fault.__cause__ is None
    assert fault.__context__ is None
