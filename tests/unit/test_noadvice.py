"""Advice in disguise: the shipped classifier holds what its artifact promises."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from coach.adapters.linear_classifier import NOADVICE, LinearClassifier
from coach.adapters.onnx_embedder import OnnxEmbedder
from coach.domain.rubric import failed, judge_alone
from coach.errors import ModelRefused

DATA = Path(__file__).parents[2] / "evals" / "data"
ARTIFACT: dict[str, Any] = json.loads(NOADVICE.read_text(encoding="utf-8"))
PAIRS, BANK, HELD_OUT = "pairs, cross-validated", "bank, cross-validated by situation", "held out"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def parts() -> dict[str, list[dict[str, Any]]]:
    trained = rows("noadvice.jsonl")
    bank = [row for row in trained if row["pair"].startswith("bank.")]
    return {
        PAIRS: [row for row in trained if row not in bank],
        BANK: bank,
        HELD_OUT: rows("noadvice_heldout.jsonl"),
    }


def shares(said: list[bool], held: list[dict[str, Any]]) -> tuple[float, float]:
    """Sensitivity (1 when there is no advice in them) and specificity."""
    advice = [verdict for verdict, row in zip(said, held, strict=True) if row["advice"]]
    fine = [not verdict for verdict, row in zip(said, held, strict=True) if not row["advice"]]
    return (sum(advice) / len(advice) if advice else 1.0), sum(fine) / len(fine)


def by_the_rubric(held: list[dict[str, Any]], scores: list[float]) -> list[bool]:
    return [
        any(each.criterion == "noadvice" for each in failed(judge_alone(row["text"], score)))
        for row, score in zip(held, scores, strict=True)
    ]


@pytest.fixture(scope="module")
def classifier(embedder: OnnxEmbedder) -> LinearClassifier:
    return LinearClassifier(embedder)


def test_every_example_is_labelled_once_and_pairs_are_minimal() -> None:
    """At least 400 hand-made examples, no text twice, one with and one without advice in each pair."""
    hand_made = parts()[PAIRS] + parts()[HELD_OUT]
    texts = [row["text"] for row in rows("noadvice.jsonl") + rows("noadvice_heldout.jsonl")]
    assert len(parts()[PAIRS]) >= 400
    assert len(set(texts)) == len(texts)
    for pair in {row["pair"] for row in hand_made}:
        assert sorted(row["advice"] for row in hand_made if row["pair"] == pair) == [False, True]


@pytest.mark.parametrize("name", [PAIRS, BANK, HELD_OUT])
def test_the_rules_alone_reach_the_figures_of_the_artifact(name: str) -> None:
    held = parts()[name]
    sensitivity, specificity = shares(by_the_rubric(held, [0.0] * len(held)), held)
    promised = ARTIFACT[name]["rules alone"]
    assert ARTIFACT[name]["questions"] == len(held)
    assert specificity == pytest.approx(promised["specificity"][0], abs=0.001)
    assert sensitivity == pytest.approx(promised.get("sensitivity", [1.0])[0], abs=0.001)


def test_the_held_out_figures_are_those_of_the_artifact(classifier: LinearClassifier) -> None:
    held = parts()[HELD_OUT]
    said = by_the_rubric(held, classifier.scores([row["text"] for row in held]))
    promised = ARTIFACT[HELD_OUT]["criterion"]
    assert shares(said, held) == pytest.approx(
        (promised["sensitivity"][0], promised["specificity"][0]), abs=0.001
    )


def test_on_its_own_examples_it_does_at_least_as_well_as_cross_validated(
    classifier: LinearClassifier,
) -> None:
    for name in (PAIRS, BANK):
        held = parts()[name]
        sensitivity, specificity = shares(
            by_the_rubric(held, classifier.scores([row["text"] for row in held])), held
        )
        promised = ARTIFACT[name]["criterion"]
        assert sensitivity >= promised.get("sensitivity", [1.0])[0]
        assert specificity >= promised["specificity"][0]


def test_the_classifier_finds_far_more_than_the_rules_alone() -> None:
    for name in (PAIRS, HELD_OUT):
        found = ARTIFACT[name]
        assert found["criterion"]["sensitivity"][1] > found["rules alone"]["sensitivity"][2]


def test_the_artifact_promises_enough_to_be_shipped() -> None:
    """Cross-validated and held out, at least nine of ten either way."""
    for name in (PAIRS, BANK, HELD_OUT):
        for share in ARTIFACT[name]["criterion"].values():
            assert share[0] >= 0.9


def test_scores_are_probabilities_one_a_text(classifier: LinearClassifier) -> None:
    scores = classifier.scores(["Have you tried a template?", "", "What matters to you?"])
    assert len(scores) == 3
    assert all(0.0 <= score <= 1.0 for score in scores)
    assert scores[0] > 0.5 > scores[2]
    assert classifier.scores([]) == []


class Elsewhere:
    """An embedder with another name."""

    name = "another-model"
    dimensions = 384

    def embed(self, texts: list[str]) -> NDArray[np.float32]:
        return np.zeros((len(texts), self.dimensions), dtype=np.float32)


class Twin(Elsewhere):
    """An embedder that gives itself out as the one the artifact was trained on."""

    name = "all-MiniLM-L6-v2"


def test_an_artifact_of_another_embedder_is_refused() -> None:
    with pytest.raises(ModelRefused, match="another-model"):
        LinearClassifier(Elsewhere())


@pytest.mark.parametrize(
    "damage",
    [
        lambda artifact: artifact.pop("bias"),
        lambda artifact: artifact["surface"].pop("modal"),
        lambda artifact: artifact["embedding"].pop(),
    ],
)
def test_a_damaged_artifact_is_refused(damage: Any, tmp_path: Path) -> None:
    artifact = json.loads(json.dumps(ARTIFACT))
    damage(artifact)
    path = tmp_path / "noadvice.json"
    path.write_text(json.dumps(artifact), encoding="utf-8")
    with pytest.raises(ModelRefused):
        LinearClassifier(Twin(), path)


def test_a_missing_artifact_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelRefused):
        LinearClassifier(Twin(), tmp_path / "gone.json")
