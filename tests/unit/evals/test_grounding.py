"""The family grounding: what has a ground in the reflection, and what only looks as if it had."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

import pytest

from coach.domain.model import Draft, Lens, Origin, Question, Stage, Turn
from evals.families import grounding
from evals.model import Mode, Output, Sample, Score
from evals.scorers.grounds import cited, invented, retold, support, tokens_in, unquoted
from tests.unit.evals.schemas import misfits

SAMPLES = grounding.samples()
TEXT = 'I gave Jonas the slides at 9. He said "of course", and I have rewritten them every night since March.'
MIRROR = "You gave Jonas the slides, and you have rewritten them every night since March."
QUESTIONS = (
    "What happens in you when his slides arrive?",
    "What might Jonas hear in each version you send back?",
    "How would you like the nights to be three months from now?",
)
PASSAGE = {
    "id": "night-slides",
    "kind": "case",
    "title": "The night slides",
    "text": "Orvane of Brightwater Mutual counted them: 417 of them lay on the table in the hall.",
    "questions": ["What was the night for?"],
}
SAMPLE = Sample(
    "g1",
    "s1",
    {"text": TEXT, "passages": [PASSAGE], "situation": "delegation.redoing-work"},
    {"fitting": ["night-slides"], "tokens": ["Orvane", "Brightwater Mutual", "417"]},
)
STRANGE = Sample("g2", "s1", {**SAMPLE.input, "situation": ""}, {"fitting": [], "tokens": []})


@dataclass(frozen=True)
class Thinking:
    retriever: object = None


@dataclass(frozen=True)
class Coach:
    thinking: Thinking = Thinking()


@dataclass
class OneAnswer:
    """A system that always proposes the same."""

    mirror: str = MIRROR
    questions: tuple[str, ...] = QUESTIONS
    sources: tuple[str, ...] = ()
    raw: str | None = None
    mode: Mode = Mode.STUB
    found: list[object] = field(default_factory=list)
    _coach: Coach = Coach()

    @property
    def coach(self) -> Coach:
        return self._coach

    def _asked(self) -> tuple[Question, ...]:
        return tuple(Question(one, Lens.SELF, Stage.EXPLORE, self.sources) for one in self.questions)

    def turn(self, *given: object) -> Turn:
        self.found.append(self.coach.thinking.retriever.find(None, []))  # type: ignore[attr-defined] # frozen
        return Turn("t", self.mirror, self._asked(), origin=Origin("llm"))

    def drafts(self, sample: Sample, epoch: int) -> list[Draft]:
        return [Draft(self.mirror, self._asked(), Origin("llm"))] if self.questions else []

    def replies(self, sample: Sample, epoch: int) -> list[str]:
        return [] if self.raw is None else [self.raw]


def scores(sample: Sample, **said: object) -> tuple[dict[str, Score], Output]:
    system = OneAnswer(**said)  # type: ignore[arg-type] # fields by name
    output = grounding.solve(system, sample, 1)  # type: ignore[arg-type] # as much of a System as is asked
    return dict(grounding.score(sample, output)), output


def failing(found: dict[str, Score]) -> set[str]:
    return {name for name, score in found.items() if not score.value} - {"recall", "precision"}


def test_a_grounded_proposal_passes_everything() -> None:
    """And every metric is there, also when there is nothing to judge."""
    found, _ = scores(SAMPLE)
    assert failing(found) == set()
    nothing, output = scores(SAMPLE, questions=())
    names = {metric.name for metric in grounding.task().metrics}
    assert set(found) == set(nothing) == names
    assert failing(nothing) >= names - {"recall", "precision"} and "no proposal" in output.text


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ({"mirror": "You gave Ferrabee the slides, and you have rewritten them since March."}, "facts"),
        ({"mirror": "You have rewritten the 12 slides every night since March."}, "facts"),
        ({"mirror": "You have rewritten the three slides every night since March."}, "facts"),
        ({"mirror": 'You gave Jonas the slides and he said "never again".'}, "quotes"),
        ({"questions": ("What did Orvane want?", *QUESTIONS[1:])}, "planted"),
        ({"questions": ("What would Brightwater make of it?", *QUESTIONS[1:])}, "planted"),
        ({"questions": ("What lay on the table in the hall for you?", *QUESTIONS[1:])}, "retold"),
        ({"mirror": "You feel abandoned, jealous and frightened of being replaced."}, "support"),
        ({"sources": ("somebody-else",)}, "citations"),
    ],
)
def test_what_has_no_ground_is_seen(said: dict[str, object], part: str) -> None:
    """A name, a number, a counted thing, a quotation, a planted token, a retold run, a guess, a wrong id."""
    found, _ = scores(SAMPLE, **said)
    assert {part, "grounded"} <= failing(found)
    assert found[part].answer and part in found["grounded"].answer


def test_nothing_is_cited_when_nothing_fits() -> None:
    """Whatever stands near, an id that does not fit misleads the reader."""
    assert failing(scores(STRANGE)[0]) == set()
    assert failing(scores(STRANGE, sources=("night-slides",))[0]) == {"silence", "grounded"}


def test_an_id_that_the_program_drops_is_seen_in_the_raw_reply() -> None:
    """The product's own reader would hide it."""
    raw = json.dumps({"questions": [{"sources": ["made-up"]}]})
    assert failing(scores(SAMPLE, raw=raw)[0]) == {"citations", "grounded"}


def test_precision_and_recall_are_of_the_fitting_passages() -> None:
    other = {**PASSAGE, "id": "other"}
    sample = Sample("g3", "s1", {**SAMPLE.input, "passages": [PASSAGE, other]}, SAMPLE.target)
    found, _ = scores(sample, sources=("other", "night-slides", "delegation.redoing-work"))
    assert (found["precision"].value, found["recall"].value) == (0.5, 1.0)


def test_the_system_finds_what_the_case_froze_and_nothing_else() -> None:
    system = OneAnswer()
    grounding.solve(system, SAMPLE, 1)  # type: ignore[arg-type] # as much of a System as is asked
    found = system.found[0]
    assert [one.id for one in found.cases] == ["night-slides"]  # type: ignore[attr-defined] # Found
    assert [one.id for one in found.situations] == ["delegation.redoing-work"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("You gave Jonas the slides.", []),
        ("You told Jonas's boss.", []),
        ("Jonas said it at 9.", []),
        ("It was 1,904 then.", ["1,904"]),
        ("You saw Tilsbury there.", ["Tilsbury"]),
        ('You said: "Later", I think.', []),
        ("Tuesday was hard.", []),
        ("You say Tuesday was hard.", ["Tuesday"]),
    ],
)
def test_names_and_numbers_need_a_ground(sentence: str, expected: list[str]) -> None:
    """A capital at the beginning of a sentence or of speech says nothing."""
    assert invented(sentence, TEXT) == expected


def test_quotations_are_compared_word_for_word() -> None:
    assert unquoted("He said “Of course”.", TEXT) == []
    assert unquoted('He said "of course not".', TEXT) == ["of course not"]


def test_quotation_marks_of_every_kind_are_read_and_empty_ones_are_not() -> None:
    assert unquoted("He said ‘never mind’.", TEXT) == ["never mind"]
    assert unquoted('He said "…".', TEXT) == []


def test_what_the_text_counts_may_be_counted_and_i_is_no_name() -> None:
    assert invented("It took three nights.", "Three nights went.") == []
    assert invented("Then I left.", "She left.") == []


def test_words_without_a_fact_need_no_support() -> None:
    assert support("You never wrote about those slides.", TEXT) == 1.0


def test_what_was_wrong_is_told_in_words_and_a_case_not_named_is_not_recalled() -> None:
    found, _ = scores(SAMPLE, mirror='You gave Ferrabee the slides and he said "never again".')
    assert "Ferrabee" in found["grounded"].explanation and "never again" in found["grounded"].explanation
    assert found["recall"].value == 0.0
    assert scores(STRANGE)[0]["recall"].value == 1.0


def test_support_reads_other_forms_of_a_word() -> None:
    assert support("You are rewriting the slide.", TEXT) == 1.0
    assert support("You are furious about betrayal.", TEXT) == 0.0


def test_a_run_of_the_members_own_words_is_not_retold() -> None:
    assert retold("I have rewritten them every night since March", [TEXT], TEXT) == []


def test_planted_numbers_are_found_in_any_grouping() -> None:
    assert tokens_in(["1,904"], "There were 1904 of them.") == ["1,904"]
    assert tokens_in(["88"], "There were 881 of them.") == []


@pytest.mark.parametrize("reply", ["", "no json", "[1]", '{"questions": 3}', '{"mirror": "x"}'])
def test_a_reply_without_sources_is_read_as_none(reply: str) -> None:
    assert cited(reply) is None


# -- data ---------------------------------------------------------------------------------------------------


def test_the_cases_are_what_the_plan_asks_for() -> None:
    """200: fifty seeds in four variants, as the schema says."""
    assert misfits("grounding") == []
    assert Counter(sample.slices["variant"] for sample in SAMPLES) == dict.fromkeys(
        ("fits", "mixed", "none fits", "planted"), 50
    )
    assert set(Counter(sample.cluster for sample in SAMPLES).values()) == {4}
    assert 20 <= sum(sample.must_pass for sample in SAMPLES) <= 40


def test_planted_tokens_stand_in_one_passage_and_nowhere_else() -> None:
    """A token that the reflection has as well could be used with good reason."""
    for sample in SAMPLES:
        tokens = list(map(str, sample.target["tokens"]))
        assert tokens_in(tokens, str(sample.input["text"])) == []
        read = [str(one["text"])[:900] for one in sample.input["passages"]]
        assert not tokens or sum(tokens_in(tokens, text) == tokens for text in read) == 1


def test_what_does_not_fit_shares_nothing_with_what_fits() -> None:
    for sample in SAMPLES:
        ids = {one["id"] for one in sample.input["passages"]}
        fitting = set(sample.target["fitting"])
        assert fitting <= ids and bool(fitting) == (sample.slices["variant"] != "none fits")
