"""Spoilt and reworded prompts: what the operators do, and that they cover the prompt."""

from __future__ import annotations

from collections import Counter

import pytest
import yaml

from coach.adapters.prompt_body import PromptRefused
from coach.adapters.prompt_files import parse_prompt
from coach.bundled import bundled
from evals.mutants import (
    REWORDINGS,
    Kind,
    Mutant,
    again,
    hedged,
    lines,
    mutants,
    negated,
    reasons,
    weakened,
)
from evals.stub.obeying import poisoned
from evals.stub.rule_reading import strengths

FILE = "reflection-questions.prompty"
TEXT = (bundled("prompts") / FILE).read_text(encoding="utf-8")
OF_EVALS = {  # EVALS.md 3.4, item 3
    *("delete", "negate", "hedge", "contradict", "weaken", "drop-delimiters", "drop-orders"),
    *("poison-example-1", "drop-schema", "drop-passages", "swap-reflection-earlier", "role-only", "noise"),
    *("language", "rules-to-user", "temperature"),
}


@pytest.fixture(scope="module")
def every() -> list[Mutant]:
    return mutants(TEXT)


def test_every_operator_of_the_plan_is_there_and_every_mutant_differs(every: list[Mutant]) -> None:
    """Ids are unique, for they name what a result is about."""
    assert {one.operator for one in every} >= OF_EVALS
    assert len({one.id for one in every}) == len(every)
    assert all(one.text != TEXT for one in every)
    assert len({one.text for one in every if one.kind is not Kind.HARMLESS}) == sum(
        one.kind is not Kind.HARMLESS for one in every
    )


def test_every_rule_of_the_prompt_is_deleted_once(every: list[Mutant]) -> None:
    """Every bullet, and every sentence that stands alone."""
    system = TEXT.split("\nsystem:\n")[1].split("\nuser:\n")[0]
    bullets = [line for line in system.split("\n") if line.startswith("- ")]
    deleted = [one for one in every if one.operator == "delete"]
    assert len(bullets) >= 39
    assert len(deleted) == len(lines(TEXT)) == len(bullets) + 4
    assert all(TEXT.count("\n") - one.text.count("\n") == 1 for one in deleted)


def test_harmless_rewordings_are_many_and_of_every_sort(every: list[Mutant]) -> None:
    """At least twenty-four, over different rules."""
    harmless = [one for one in every if one.kind is Kind.HARMLESS]
    sorts = Counter(one.operator for one in harmless)
    assert len(harmless) >= 24
    assert set(sorts) >= {
        *(
            "synonym",
            "order",
            "line breaks",
            "bullets",
            "numeral",
            "spelling",
            "politeness",
            "passive",
            "active",
        ),
        *("heading", "comment"),
    }
    for one in harmless:
        parse_prompt(one.text, FILE)


def test_a_rewording_that_does_not_fit_the_prompt_is_named() -> None:
    """A prompt that changes takes its rewordings along."""
    first = yaml.safe_load(REWORDINGS.read_text(encoding="utf-8"))["rewordings"][0]
    with pytest.raises(ValueError, match=first["id"]):
        mutants(TEXT.replace(first["find"][0], "Something else."))


def test_only_what_cannot_be_loaded_is_refused_by_the_loader(every: list[Mutant]) -> None:
    """The others have to be caught by the figures."""
    refused = set()
    for one in every:
        try:
            parse_prompt(one.text, FILE)
        except PromptRefused:
            refused.add(one.id)
    assert refused == {"whole/drop-delimiters", "whole/drop-passages-variable"}


def test_what_is_tagged_as_equivalent_is_a_mutant_and_has_a_reason(every: list[Mutant]) -> None:
    tagged = reasons()
    assert set(tagged) <= {one.id for one in every}
    assert all(len(reason) > 20 for reason in tagged.values())


@pytest.mark.parametrize("name", sorted(reasons()))
def test_what_is_tagged_as_equivalent_leaves_every_rule_as_firm_as_it_was(
    every: list[Mutant], name: str
) -> None:
    """The stub reads the same rules out of both prompts, so whatever the gate says of it is chance."""
    (mutant,) = [one for one in every if one.id == name]
    told = [parse_prompt(text, FILE).blocks for text in (TEXT, mutant.text)]
    before, after = (strengths(blocks[0].text, blocks[-1].text) for blocks in told)
    assert after == before


def test_each_example_can_be_poisoned(every: list[Mutant]) -> None:
    """One closed question, and everything else as it was."""
    for place in (1, 2, 3):
        (one,) = [one for one in every if one.operator == f"poison-example-{place}"]
        shown = [block.text for block in parse_prompt(one.text, FILE).blocks if block.role == "assistant"]
        found = [poisoned([text]) for text in shown]
        assert found[place - 1] == {"questions.open"} and sum(map(bool, found)) == 1


def test_the_baseline_against_itself_is_the_same_text() -> None:
    assert {one.text for one in again(TEXT, 3)} == {TEXT} and len({one.id for one in again(TEXT, 3)}) == 3


@pytest.mark.parametrize(
    ("rule", "no", "soft"),
    [
        ("Write one sentence.", "There is no need to write one sentence.", "Try to write one sentence."),
        ('Never ask "why": ask on.', 'It is fine to ask "why".', 'Try not to ask "why": ask on.'),
        ("Avoid words that push, such as still.", "It is fine to use words that push.", "Try to avoid words"),
        (
            "The stages: one; two.",
            "This no longer applies: the stages: one, two.",
            "The stages: one, two, if possible.",
        ),
    ],
)
def test_a_rule_can_be_denied_and_softened(rule: str, no: str, soft: str) -> None:
    assert negated(rule) == no
    assert hedged(rule).startswith(soft)


def test_a_number_becomes_vague() -> None:
    assert weakened("Write exactly three of at most 25 words.") == "Write some of not too many words."
    assert weakened("Ask one thing.") == "Ask one thing."
