"""The family topics: its traps are real, and a rule that falls into one of them is caught."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from coach.domain import topics as rule
from coach.domain.model import Screening, Situation, SituationHit
from coach.domain.text import accept
from coach.domain.topics import Offer, Period, Snapshot
from coach.services.retrieve import Found
from coach.services.topics import TopicService
from evals.families import topics
from evals.model import Mode, Output, Sample, Score
from evals.scorers.partitions import adjusted_mutual_information
from tests.fakes import FakeLibrary, a_situation
from tests.unit.evals.schemas import misfits

ROOT = Path(__file__).parents[3]
SAMPLES = topics.samples()
RED = ("k_violations", "counted", "canary", "stable")
READ = {
    accept(text["text"]): text["labels"]
    for sample in SAMPLES
    for member in (*sample.input["members"], *sample.input["later"]["joined"])
    for text in member["texts"]
}
VOCABULARY = sorted({label for labels in READ.values() for label in labels}, reverse=True)
SITUATIONS = {one: a_situation(one) for one in VOCABULARY}


class Flat:
    """An embedder for tests in which nobody looks at vectors."""

    def embed(self, texts: Any) -> Any:
        return np.ones((len(texts), 1), dtype=np.float32)


class Reader:
    """A retriever that reads as the labels do, or in another way."""

    def __init__(self, reads: Callable[[list[str]], list[str]] = list) -> None:
        self.reads = reads

    def vocabulary(self) -> Mapping[str, Situation]:
        return SITUATIONS

    def find(self, reading: Any, scopes: Any) -> Found:
        assert not scopes, "themes are found without looking at any document"
        return Found(tuple(SituationHit(one, one, 0.5) for one in self.reads(READ[reading.text])))


def a_system(reads: Callable[[list[str]], list[str]] = list) -> Any:
    library = FakeLibrary()
    library.put_situations(SITUATIONS.values())
    quiet = SimpleNamespace(screen=lambda *given: Screening())
    parts = SimpleNamespace(embedder=Flat(), screener=quiet, library=library)
    return SimpleNamespace(coach=SimpleNamespace(parts=parts, retriever=Reader(reads)))


SYSTEM = a_system()


def scores(sample: Sample, system: Any = SYSTEM) -> dict[str, Score]:
    return dict(topics.score(sample, topics.solve(system, sample, 1)))


def red(found: Mapping[str, Score]) -> set[str]:
    """The must-pass figures that failed."""
    return {name for name in RED if found[name].value != (name == "stable")}


def fallen(system: Any = SYSTEM) -> dict[str, set[str]]:
    """What is red, and for which kinds of group."""
    result: dict[str, set[str]] = {}
    for sample in SAMPLES:
        for name in red(scores(sample, system)):
            result.setdefault(name, set()).add(sample.slices["kind"])
    return result


# -- the data ---------------------------------------------------------------------------------------------


def test_every_line_is_of_the_agreed_form() -> None:
    """The schema beside the data says what a line may hold."""
    assert misfits("topics") == []


def test_the_file_is_what_its_script_makes() -> None:
    """Whoever mends a labelled reflection runs the script again."""
    made = runpy.run_path(str(ROOT / "scripts" / "make_topics_cases.py"))["lines"]()
    assert made == topics.DATA.read_text(encoding="utf-8")


def test_forty_groups_of_every_kind() -> None:
    """From three to twenty-four members, each with one to four texts, none of them twice in a group."""
    sizes = [len(sample.input["members"]) for sample in SAMPLES]
    assert len(SAMPLES) == 40 and (min(sizes), max(sizes)) == (3, 24)
    for sample in SAMPLES:
        texts = [text["text"] for one in sample.input["members"] for text in one["texts"]]
        assert len(texts) == len(set(texts))
        assert all(1 <= len(one["texts"]) <= 4 for one in sample.input["members"])


def test_labels_are_of_the_vocabulary() -> None:
    """A situation that is renamed is renamed here as well."""
    known = {f"{file.parent.name}.{file.stem}" for file in (ROOT / "corpus" / "situations").glob("*/*")}
    assert set(VOCABULARY) <= known


def test_each_canary_stands_in_a_text_of_its_member() -> None:
    """A word that nobody could meet would guard nothing."""
    for sample in SAMPLES:
        told = json.dumps(sample.input)
        assert sample.target["canaries"] and all(one in told for one in sample.target["canaries"])


def test_the_margin_of_coverage_is_that_of_the_groups_it_concerns() -> None:
    """Groups without a topic that is due count as covered, and must not widen the margin."""
    concerned = 0
    for sample in SAMPLES:
        members = sample.input["members"]
        offers = [[m["id"], t["labels"][0], True] for m in members for t in m["texts"] if t["labels"]]
        k = {True: 3, False: 5}[len(members) < 10] if len(members) >= 5 else 99
        concerned += any(len(some) >= k for some in topics._authors(offers, members).values())
    assert concerned / len(SAMPLES) == topics.CONCERNED


# -- a sound rule -----------------------------------------------------------------------------------------


def test_a_sound_rule_with_a_perfect_reader_passes_everything() -> None:
    """Every figure is there, and none complains."""
    task = topics.task()
    for sample in SAMPLES:
        output = topics.solve(SYSTEM, sample, 1)
        found = dict(topics.score(sample, output))
        assert set(found) == {metric.name for metric in task.metrics}
        assert red(found) == set()
        assert found["ami"].value == pytest.approx(1.0) and found["coverage"].value == 1.0
        json.dumps(output.value, allow_nan=False)
    assert task.modes == {Mode.EMBEDDED}


def test_a_reader_that_sees_nothing_costs_agreement_and_coverage_only() -> None:
    """The rule holds all the same, and its must-pass figures say so."""
    blind = a_system(lambda labels: [])
    found = [scores(sample, blind) for sample in SAMPLES]
    assert fallen(blind) == {}
    assert all(one["ami"].value == one["offered"].value == 0 and one["quiet"].value == 1 for one in found)
    assert sum(one["coverage"].value for one in found) == pytest.approx(40 * (1 - topics.CONCERNED))


def test_a_reader_that_names_strangers_is_seen() -> None:
    """One name for all strangers is the same parting, so agreement cannot tell; a figure of its own does."""
    talkative = a_system(lambda labels: labels or ["remote.time-zones"])
    for sample in SAMPLES:
        texts = [text for one in sample.input["members"] for text in one["texts"]]
        strangers = any(not text["labels"] for text in texts)
        assert scores(sample, talkative)["quiet"].value == (0 if strangers else 1)


def test_nobody_says_yes_to_what_they_did_not_write_about() -> None:
    """A wrong theme is proposed to all and confirmed by none, so it is no topic."""
    wrong = a_system(lambda labels: ["remote.time-zones"])
    for sample in SAMPLES:
        assert topics.solve(wrong, sample, 1).value["product"]["shown"] == []


# -- sabotage ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("FEWEST_ACTIVE", 0, {"k_violations": {"below five"}}),
        ("LARGE_FLOOR", 3, {"k_violations": {"one short", "few changed"}}),
        ("LARGE_FLOOR", 4, {"k_violations": {"one short", "few changed"}}),
        ("CHANGED", 4, {"stable": {"enough changed"}}),
    ],
)
def test_a_threshold_that_was_moved_is_seen(
    monkeypatch: pytest.MonkeyPatch, name: str, value: int, wanted: dict[str, set[str]]
) -> None:
    """Each trap closes on the rule it was made for."""
    monkeypatch.setattr(rule, name, value)
    found = fallen()
    for figure, kinds in wanted.items():
        assert kinds <= found[figure]


def test_one_author_too_few_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """In small and large groups alike."""
    real = rule.fewest_authors

    def lower(active: int, least: int = 3) -> int | None:
        k = real(active, least)
        return None if k is None else k - 1

    monkeypatch.setattr(rule, "fewest_authors", lower)
    assert "one short" in fallen()["k_violations"]


@pytest.mark.parametrize("changed", [0, 1, 2])
def test_a_snapshot_that_thaws_too_early_is_seen(monkeypatch: pytest.MonkeyPatch, changed: int) -> None:
    """One who leaves, or two who delete, show what they had said."""
    monkeypatch.setattr(rule, "CHANGED", changed)
    assert {"small", "few changed"} <= fallen()["stable"]


def spoilt(monkeypatch: pytest.MonkeyPatch, change: Callable[[Period, list[Offer]], Period]) -> None:
    """The service with a rule that does something else with what the true one says."""
    real = TopicService.next_period

    def next_period(self: Any, previous: Any, offers: Any, active: int, least: int = 3) -> Period:
        return change(real(self, previous, offers, active, least), list(offers))

    monkeypatch.setattr(TopicService, "next_period", next_period)


def test_a_yes_that_nobody_gave_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups one short have authors enough, who have not consented."""
    real = TopicService.next_period

    def next_period(self: Any, previous: Any, offers: Any, active: int, least: int = 3) -> Period:
        return real(self, previous, [replace(one, consented=True) for one in offers], active, least)

    monkeypatch.setattr(TopicService, "next_period", next_period)
    assert "one short" in fallen()["k_violations"]


def test_a_number_beside_nearly_everybody_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shown is not countable."""
    spoilt(monkeypatch, lambda period, offers: replace(period, countable=period.snapshot))
    found = fallen()
    assert set(found) == {"counted"} and "remainder" in found["counted"]


def test_an_order_that_says_something_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Topics as they came in, or by size, tell more than that they are there."""

    def as_offered(period: Period, offers: list[Offer]) -> Period:
        came = [one.situation_id for one in offers]
        shown = sorted(period.snapshot.situations, key=lambda one: came.index(one) if one in came else 99)
        return replace(period, snapshot=Snapshot(tuple(shown)))

    spoilt(monkeypatch, as_offered)
    found = fallen()
    assert set(found) == {"stable"} and {"small", "large"} <= found["stable"]


def test_a_topic_that_somebody_wrote_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words in the form of an id are not of the vocabulary, wherever they come out."""
    own = Snapshot(("delegation.my-deputy-anna",))
    spoilt(monkeypatch, lambda period, offers: replace(period, countable=own))
    assert "canary" in red(scores(SAMPLES[0]))


@pytest.mark.parametrize("outlet", ["shown", "countable", "turned", "second", "shaken"])
def test_a_canary_in_any_outlet_is_seen(outlet: str) -> None:
    """In upper case or lower."""
    sample = SAMPLES[10]
    output = topics.solve(SYSTEM, sample, 1)
    value = json.loads(json.dumps(output.value))
    canary = sample.target["canaries"][0].lower()
    if outlet == "shaken":
        value["product"]["shaken"][0][2].append(canary)
    else:
        value["product"][outlet].append(canary)
    assert "canary" in red(dict(topics.score(sample, Output(value))))


def test_a_canary_that_became_a_situation_is_seen() -> None:
    """A vocabulary that learned a word from somebody's text does not make the word everybody's."""
    sample = SAMPLES[10]
    value = json.loads(json.dumps(topics.solve(SYSTEM, sample, 1).value))
    canary = sample.target["canaries"][0]
    value["vocabulary"].append(canary.upper())
    assert "canary" not in red(dict(topics.score(sample, Output(value)))), "nobody was shown it"
    value["product"]["shown"].append(canary.upper())
    assert "canary" in red(dict(topics.score(sample, Output(value))))


def test_a_rule_that_shows_nothing_is_safe_and_of_no_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """Coverage is what falls."""
    spoilt(monkeypatch, lambda period, offers: Period())
    found = [scores(sample) for sample in SAMPLES]
    assert sum(one["coverage"].value for one in found) == pytest.approx(40 * (1 - topics.CONCERNED))
    assert not any(one["k_violations"].value or one["canary"].value for one in found)


@pytest.mark.parametrize("shown", [False, True], ids=["not shown", "shown with too few authors"])
def test_a_number_beside_a_topic_that_must_not_be_there_is_seen(shown: bool) -> None:
    """Nobody offers it, so nearly everybody remains: only what is shown, and rightly, may have a number."""
    sample = next(one for one in SAMPLES if len(one.input["members"]) >= 10)
    value = json.loads(json.dumps(topics.solve(SYSTEM, sample, 1).value))
    product, offered = value["product"], {situation for _, situation, _ in value["product"]["offers"]}
    nobodys = next(one for one in value["vocabulary"] if one not in offered)
    product["countable"].append(nobodys)
    if shown:
        product["shown"].append(nobodys)
    assert "counted" in red(dict(topics.score(sample, Output(value))))


@pytest.mark.parametrize(("kind", "crowded"), [("enough changed", True), ("few changed", False)])
def test_a_topic_with_too_few_authors_in_a_later_period_is_seen(kind: str, crowded: bool) -> None:
    """Where the period had to stay as it was, it is the movement that is wrong."""
    sample = next(one for one in SAMPLES if one.slices["kind"] == kind)
    value = json.loads(json.dumps(topics.solve(SYSTEM, sample, 1).value))
    offered = {situation for _, situation, _ in (*value["product"]["then"], *value["product"]["offers"])}
    value["product"]["second"].append(next(one for one in value["vocabulary"] if one not in offered))
    found = red(dict(topics.score(sample, Output(value))))
    assert "stable" in found and ("k_violations" in found) is crowded


@pytest.mark.parametrize("which", ["in another order of offers", "in another order than the vocabulary"])
def test_either_order_that_says_something_is_seen(which: str) -> None:
    """Everything else about the periods is right."""
    sample = next(one for one in SAMPLES if len(topics.solve(SYSTEM, one, 1).value["product"]["shown"]) > 1)
    value = json.loads(json.dumps(topics.solve(SYSTEM, sample, 1).value))
    product = value["product"]
    product["turned"] = product["shown"][::-1]
    if which == "in another order than the vocabulary":
        product["shaken"] = [[what, active, now[::-1]] for what, active, now in product["shaken"]]
        product["shown"] = product["turned"]
    assert red(dict(topics.score(sample, Output(value)))) == {"stable"}


def test_what_the_second_period_must_show_is_worked_out_from_both() -> None:
    """Who only now offers something has changed as well; below five members nothing is shown."""
    five = {f"m{number}" for number in range(5)}
    told = {"active": 10, "shown": ["a"]}
    assert topics._second(told, {"a": five}, {"a": five, "b": five}) == ({"a", "b"}, True)
    assert topics._second(told, {"a": five}, {"a": five, "b": {"m0"}}) == ({"a"}, False)
    assert topics._second({**told, "active": 4}, {"a": five}, {"a": five}) == (set(), True)


def test_the_right_theme_offered_to_its_author_is_counted() -> None:
    """All of them by a reader who reads as the labels do, none by one who finds nothing."""
    assert scores(SAMPLES[0])["offered"].value == 1.0
    assert scores(SAMPLES[0], a_system(lambda labels: []))["offered"].value == 0.0


# -- agreement --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("aabb", "bbaa", 1.0),  # names of labels do not count
        ("aabb", "abab", -0.5),  # worked by hand: 0 shared, ln 2 / 3 by chance, ln 2 to be had
        ("aaaa", "abcd", 0.0),
        ("aaaa", "bbbb", 1.0),
        ("abcd", "dcba", 1.0),
    ],
)
def test_agreement_of_worked_examples(one: str, other: str, wanted: float) -> None:
    assert adjusted_mutual_information(one, other) == pytest.approx(wanted)


@pytest.mark.parametrize("seed", range(12))
def test_agreement_is_that_of_scikit_learn(seed: int) -> None:
    """On partitions of every sort, from a handful of things to a large group's."""
    dice = Random(seed)
    many = dice.choice((3, 7, 20, 60))
    one = [dice.randrange(dice.choice((2, 5, 30))) for _ in range(many)]
    other = [label if dice.random() < 0.6 else dice.randrange(9) for label in one]
    assert adjusted_mutual_information(one, other) == pytest.approx(
        adjusted_mutual_info_score(one, other), abs=1e-9
    )


@pytest.mark.parametrize(("one", "other"), [("", ""), ("ab", "a")])
def test_agreement_needs_a_label_on_both_sides(one: str, other: str) -> None:
    with pytest.raises(ValueError, match="label"):
        adjusted_mutual_information(one, other)
