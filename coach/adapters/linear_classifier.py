"""A small learned yes-or-no over an embedding: logistic regression, its weights in a readable file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.domain.rubric.surface import NAMES, features
from coach.errors import ModelRefused
from coach.ports import Embedder

NOADVICE = Path(__file__).resolve().parent.parent / "data" / "noadvice.json"
"""The artifact that ships with the program: is this question advice in disguise?"""

_REMEDY = "Please restore the artifact or train it again (scripts/train_noadvice.py)."


@dataclass(frozen=True, slots=True)
class _Artifact:
    model: str
    bias: float
    surface: dict[str, float]
    embedding: tuple[float, ...]


class LinearClassifier:
    """Implements ports.Classifier.

    The score is sigmoid(bias + embedding · weights + surface · weights); the bias is shifted when
    training, so that 0.5 is the best cut. The artifact holds no text, only numbers and how they came.
    """

    def __init__(self, embedder: Embedder, artifact_path: Path = NOADVICE) -> None:
        """Read the artifact (some milliseconds).

        Args:
            embedder: the one the artifact was trained on, told by its name.
            artifact_path: JSON as scripts/train_noadvice.py writes it.

        Raises:
            ModelRefused: the file is missing or damaged, was trained on another embedder or on other
                surface features. The caller can go on without: the rules stand alone then.
        """
        artifact = _read(artifact_path)
        if artifact.model != embedder.name:
            raise ModelRefused(
                f"{artifact_path.name} was trained for {artifact.model}, not for {embedder.name}.", _REMEDY
            )
        if tuple(artifact.surface) != NAMES or len(artifact.embedding) != embedder.dimensions:
            raise ModelRefused(f"{artifact_path.name} does not fit this version of the program.", _REMEDY)
        self._embedder = embedder
        self._embedding: NDArray[np.float32] = np.array(artifact.embedding, dtype=np.float32)
        self._surface: NDArray[np.float32] = np.array(list(artifact.surface.values()), dtype=np.float32)
        self._bias = artifact.bias

    def scores(self, texts: Sequence[str]) -> list[float]:
        """See ports.Classifier; an empty list for no text. Raises only what the embedder raises."""
        if not texts:
            return []
        seen = np.array([features(text) for text in texts], dtype=np.float32)
        logits = self._bias + self._embedder.embed(texts) @ self._embedding + seen @ self._surface
        return [float(score) for score in 1.0 / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0)))]


def _read(path: Path) -> _Artifact:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return _Artifact(
            model=str(held["model"]),
            bias=float(held["bias"]),
            surface={str(name): float(weight) for name, weight in held["surface"].items()},
            embedding=tuple(float(weight) for weight in held["embedding"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise ModelRefused(f"{path.name} cannot be read.", _REMEDY) from fault
