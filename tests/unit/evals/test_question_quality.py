"""The family question_quality: what it judges, and what it only shows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest

from coach.domain.model import Draft, Lens, Origin, Question, Screening, ScreenKind, Stage, Turn
from coach.domain.rubric import CRITERIA
from evals.families import question_quality
from evals.model import Json, Mode, Output, Sample, Score
from tests.fakes import FakeClassifier

TEXT = "I keep rewriting Jonas's slides at night. It is faster than the talk I owe him."
MIRROR = "You keep rewriting Jonas's slides at night."
OPEN = (
    Question("What happens in you when his slides arrive?", Lens.SELF, Stage.EXPLORE),
    Question("What might Jonas make of the slides you send back?", Lens.OTHER, Stage.EXPLORE),
    Question("What does faster keep safe for you at night?", Lens.VALUES, Stage.EXPLORE),
)
CLOSED = Question("Did you tell Jonas about the slides?", Lens.SELF, Stage.EXPLORE)
SAMPLE = Sample("q1", "night", {"text": TEXT, "earlier": [], "names": ["Jonas"]})


@dataclass
class OneAnswer:
    """A system that always answers the same."""

    mode: Mode
    shown: Turn
    proposed: list[Draft] = field(default_factory=list)
    coach = SimpleNamespace(parts=SimpleNamespace(advice=FakeClassifier()))

    def turn(self, *given: object) -> Turn:
        return self.shown

    def drafts(self, sample: Sample, epoch: int) -> list[Draft]:
        return self.proposed

    def requests(self, sample: Sample, epoch: int) -> list[Json]:
        return [{"messages": [{"role": "user", "content": TEXT}]}]

    def replies(self, sample: Sample, epoch: int) -> list[str]:
        """As the model would have sent the first draft."""
        if not self.proposed:
            return ["Sorry."]
        first = self.proposed[0]
        questions = [{"text": one.text, "sources": list(one.sources)} for one in first.questions]
        return [json.dumps({"mirror": first.mirror, "questions": questions})]


def a_turn(*questions: Question, mirror: str = MIRROR, note: str = "", **more: object) -> Turn:
    return Turn("t", mirror, questions, origin=Origin("llm", note=note), **more)  # type: ignore[arg-type] # a test's short form


def a_draft(*questions: Question, mirror: str = MIRROR) -> Draft:
    return Draft(mirror, questions, Origin("llm"))


def scores(system: OneAnswer) -> tuple[dict[str, Score], Output]:
    output = question_quality.solve(system, SAMPLE, 1)  # type: ignore[arg-type] # as much of a System as is asked
    return dict(question_quality.score(SAMPLE, output)), output


def failing(found: dict[str, Score]) -> set[str]:
    return {name for name, score in found.items() if not score.value}


def test_every_metric_is_scored_every_time() -> None:
    """Also when there is nothing to judge."""
    names = {metric.name for metric in question_quality.task().metrics}
    for system in (
        OneAnswer(Mode.EMBEDDED, a_turn(*OPEN)),
        OneAnswer(Mode.STUB, a_turn(*OPEN), []),
        OneAnswer(Mode.STUB, a_turn(), [a_draft()]),
    ):
        assert set(scores(system)[0]) == names


def test_a_good_turn_passes_everything() -> None:
    for mode in (Mode.EMBEDDED, Mode.STUB):
        assert failing(scores(OneAnswer(mode, a_turn(*OPEN), [a_draft(*OPEN)]))[0]) == {"fallback"}


def test_a_closed_lead_fails_the_whole_and_its_criterion() -> None:
    """And nothing that has no part in it."""
    found, _ = scores(OneAnswer(Mode.EMBEDDED, a_turn(CLOSED, *OPEN[1:])))
    assert {"all", "open", "shown"} <= failing(found)
    assert not {"brief", "mirror", "alternatives"} & failing(found)
    assert "open" in found["all"].answer and found["open"].answer == CLOSED.text


def test_a_verdict_shows_what_it_judged_and_where() -> None:
    """The mirror for its own criterion, the lead for the others, nothing where all is well."""
    found, _ = scores(OneAnswer(Mode.EMBEDDED, a_turn(CLOSED, *OPEN[1:], mirror="You are furious.")))
    assert found["mirror"].answer == "You are furious." and found["open"].answer == CLOSED.text
    begin, end = found["open"].metadata["span"]
    assert CLOSED.text[begin:end] == "Did you"
    assert found["brief"].answer == "" and "span" not in found["brief"].metadata


def test_with_a_model_its_first_proposal_counts_and_not_what_the_gate_made_of_it() -> None:
    """Otherwise no change of a prompt could ever be seen: the gate hides it from people and from us."""
    found, output = scores(OneAnswer(Mode.STUB, a_turn(*OPEN), [a_draft(CLOSED, *OPEN[1:]), a_draft(*OPEN)]))
    assert "all" in failing(found) and "shown" not in failing(found)
    assert CLOSED.text in output.text


def test_a_reply_that_could_not_be_read_fails_every_criterion_and_is_shown_as_fallback() -> None:
    """The bank's good questions are not the prompt's merit."""
    found, output = scores(OneAnswer(Mode.LLM, a_turn(*OPEN, note="writer.garbled")))
    assert {"all", "alternatives", *CRITERIA} <= failing(found)
    assert found["fallback"].value == 1.0 and "writer.garbled" in output.text
    assert found["shown"].value == 1.0


@pytest.mark.parametrize(("own", "lent"), [(3, 0.0), (2, 1.0)])
def test_a_question_lent_by_the_bank_counts_as_fallback(own: int, lent: float) -> None:
    """As soon as one of the three shown is not the model's."""
    found, _ = scores(OneAnswer(Mode.STUB, a_turn(*OPEN), [a_draft(*OPEN[:own])]))
    assert found["fallback"].value == lent


def test_advice_is_asked_of_a_models_words_and_not_of_the_banks() -> None:
    """As in the product's own gate; the classifier errs in one of twenty."""
    trying = Question("What makes it hard to try the talk with Jonas?", Lens.SELF, Stage.EXPLORE)
    by_model, _ = scores(OneAnswer(Mode.STUB, a_turn(trying, *OPEN[1:]), [a_draft(trying, *OPEN[1:])]))
    by_bank, _ = scores(OneAnswer(Mode.EMBEDDED, a_turn(trying, *OPEN[1:])))
    assert "noadvice" in failing(by_model) and "noadvice" not in failing(by_bank)


def test_a_signpost_is_no_good_question() -> None:
    """A screen that fires on an ordinary reflection is a failure of the turn."""
    turn = a_turn(mirror="", screen=Screening(True, ScreenKind.DANGER), signpost="Please talk to somebody.")
    found, output = scores(OneAnswer(Mode.EMBEDDED, turn))
    assert "all" in failing(found) and "signpost" in output.text


def test_a_model_that_calls_for_a_signpost_is_judged_by_what_it_heard() -> None:
    """On an ordinary reflection the proposal fails, and the words say that it was not the screen."""
    draft = Draft("", (), Origin("llm"), ScreenKind.CRISIS)
    turn = Turn(
        "t",
        "",
        (),
        screen=Screening(True, ScreenKind.CRISIS),
        signpost="Please talk.",
        origin=Origin("signpost", model="m"),
    )
    found, output = scores(OneAnswer(Mode.LLM, turn, [draft]))
    assert {"concern", "all"} <= failing(found) and "the model called for a signpost: crisis" in output.text
    grave = replace(SAMPLE, target={"concern": "crisis"})
    right, wrong = question_quality.score(grave, output)["concern"], found["concern"]
    assert (right.value, right.explanation) == (1.0, "") and wrong.explanation == "It should be none."
    good = scores(OneAnswer(Mode.LLM, a_turn(*OPEN), [a_draft(*OPEN)]))[1]
    assert question_quality.score(grave, good)["concern"].value == 0.0


def test_the_cases_can_be_read() -> None:
    """Unique ids, a cluster and a text each."""
    samples = question_quality.samples()
    assert len({sample.id for sample in samples}) == len(samples) >= 12
    assert all(sample.cluster and sample.input["text"] for sample in samples)
    assert any(sample.must_pass for sample in samples)
    lists = ("earlier", "asked", "mirrors", "names")
    assert all(isinstance(sample.input[key], list) for sample in samples for key in lists)
