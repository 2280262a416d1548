"""The model that notes its calls and keeps its answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from evals.recorded import AnswerStore, Calls, Identity, RecordedModel, Unrecorded, of_infrastructure

MESSAGES = [SystemMessage("Ask."), HumanMessage("I keep rewriting his slides.")]
IDENTITY = Identity("openai:mine", "https://models.example.org/v1", {"temperature": 0.4}, epoch=1)


class CountingModel:
    """Answers, and counts how often it was paid."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.asked = 0
        self.fault = fault

    def invoke(self, messages: Any, config: Any = None, **extra: Any) -> AIMessage:
        self.asked += 1
        if self.fault:
            raise self.fault
        usage = {"input_tokens": 90, "output_tokens": 10, "total_tokens": 100}
        return AIMessage(
            f"answer {self.asked}",
            response_metadata={"finish_reason": "stop"},
            usage_metadata=usage,  # type: ignore[arg-type] # a TypedDict
        )


class StatusFault(Exception):
    def __init__(self, status: int) -> None:
        super().__init__("no")
        self.status_code = status


class ReadTimeout(Exception):
    pass


def test_the_same_question_in_the_same_epoch_is_paid_once(tmp_path: Path) -> None:
    """The kept answer is the same, finish reason and usage included; only the first was paid."""
    model, store = CountingModel(), AnswerStore(tmp_path)
    first, second = Calls(), Calls()
    one = RecordedModel(model, IDENTITY, first, store).invoke(MESSAGES)
    two = RecordedModel(model, IDENTITY, second, store).invoke(MESSAGES)
    assert model.asked == 1 and one.content == two.content
    assert two.response_metadata == {"finish_reason": "stop"}
    assert (first.tokens_in, first.paid_in) == (90, 90)
    assert (second.tokens_in, second.paid_in) == (90, 0)
    assert first.keys == second.keys and second.replies == ["answer 1"]


@pytest.mark.parametrize(
    "other",
    [
        replace(IDENTITY, epoch=2),
        replace(IDENTITY, model="openai:other"),
        replace(IDENTITY, base_url="https://other.example.org/v1"),
        replace(IDENTITY, parameters={"temperature": 1.5}),
    ],
)
def test_whatever_an_answer_depends_on_is_part_of_its_key(tmp_path: Path, other: Identity) -> None:
    """Epochs above all: otherwise all of them would be one answer, and the noise would look like none."""
    model, store = CountingModel(), AnswerStore(tmp_path)
    RecordedModel(model, IDENTITY, Calls(), store).invoke(MESSAGES)
    RecordedModel(model, other, Calls(), store).invoke(MESSAGES)
    assert model.asked == 2
    assert IDENTITY.key(MESSAGES) != IDENTITY.key([*MESSAGES, HumanMessage("More.")])
    assert IDENTITY.key([HumanMessage("Ask.")]) != IDENTITY.key([SystemMessage("Ask.")])


def test_faults_are_not_kept(tmp_path: Path) -> None:
    """A server that was down yesterday is asked again today."""
    store = AnswerStore(tmp_path)
    calls = Calls()
    with pytest.raises(StatusFault):
        RecordedModel(CountingModel(StatusFault(503)), IDENTITY, calls, store).invoke(MESSAGES)
    assert calls.infrastructure and calls.fault == "StatusFault"
    model = CountingModel()
    RecordedModel(model, IDENTITY, calls, store).invoke(MESSAGES)
    assert model.asked == 1 and not calls.infrastructure


def test_a_damaged_answer_is_asked_for_again(tmp_path: Path) -> None:
    store, model = AnswerStore(tmp_path), CountingModel()
    RecordedModel(model, IDENTITY, Calls(), store).invoke(MESSAGES)
    next(tmp_path.rglob("*.json")).write_text('{"type": "ai", "da', encoding="utf-8")
    RecordedModel(model, IDENTITY, Calls(), store).invoke(MESSAGES)
    assert model.asked == 2


def test_without_a_model_only_what_was_recorded_is_answered(tmp_path: Path) -> None:
    calls = Calls()
    with pytest.raises(Unrecorded):
        RecordedModel(None, IDENTITY, calls, AnswerStore(tmp_path)).invoke(MESSAGES)
    assert calls.unrecorded
    assert [one["role"] for one in calls.requests[0]["messages"]] == ["system", "user"]


@pytest.mark.parametrize(
    ("fault", "machine"),
    [
        (StatusFault(429), True),
        (StatusFault(500), True),
        (StatusFault(401), True),
        (StatusFault(404), True),
        (ReadTimeout(), True),
        (ConnectionResetError(), True),
        (StatusFault(400), False),
        (StatusFault(422), False),
        (ValueError(), False),
    ],
)
def test_faults_of_the_machine_are_told_from_those_of_the_request(fault: Exception, machine: bool) -> None:
    """A 400 may be the prompt's doing, and then it is a score; a 429 never is."""
    assert of_infrastructure(fault) is machine
