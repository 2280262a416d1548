"""Weighs what the screen heard: readable weights over clues, words and sentence vectors."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.domain.model import Screening, ScreenKind
from coach.domain.screen import Lexicon, Reading, Thresholds, decide, grams, lexicon, pieces, read
from coach.domain.text import split_sentences
from coach.errors import ModelRefused
from coach.ports import Embedder, Matrix

Features = NDArray[np.float64]
WORDS_FILE = "screen_words.json"
FEWEST_GRAMS = 4  # a cry of one word does not weigh more than four


class Screener:
    """Screens a reflection. Holds no text between two calls; several threads may share it."""

    def __init__(self, embedder: Embedder, artifact: Path) -> None:
        """Read the weights and, beside them, the words.

        Args:
            embedder: must be the one the weights were learned with, whatever the rest of the program uses.
            artifact: `screen.json`, made by scripts/train_screen.py; `screen_words.json` lies beside it.

        Raises:
            ModelRefused: another embedder, or a file that is missing or damaged. The caller must not go on
                without a screen.
        """
        try:
            made = json.loads(artifact.read_text(encoding="utf-8"))
            self.words = lexicon(json.loads((artifact.parent / WORDS_FILE).read_text(encoding="utf-8")))
            self._kinds = tuple(ScreenKind(kind) for kind in made["kinds"])
            self._weights = _weights(made, self.words)
            self._word_rows = {word: place for place, word in enumerate(made["word_weights"])}
            self._word_weights = float(made["word_scale"]) * np.array(list(made["word_weights"].values()))
            self._bias = np.array([made["bias"][kind] for kind in self._kinds])
            self._scale = float(made["vector_scale"])
            limits = made["thresholds"]
            shift = {ScreenKind(kind): float(by) for kind, by in limits["shift"].items()}
            self._thresholds = Thresholds(tuple(map(float, limits["by_count"])), shift)
            self._thresholds.of(1)
            model, dimensions = made["model"], int(made["dimensions"])
        except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as fault:
            raise ModelRefused(
                "The screen's weights cannot be read.", "Please reinstall the program."
            ) from fault
        if embedder.name != model or embedder.dimensions != dimensions:
            raise ModelRefused(
                f"The screen was trained with {model}, not with {embedder.name}.",
                "Please give the screen the embedded model; the rest of the program may use another.",
            )
        self._embedder = embedder

    def screen(
        self, text: str, sentences: Sequence[str] | None = None, vectors: Matrix | None = None
    ) -> Screening:
        """Whether the reflection gets a signpost instead of a question.

        Args:
            text: the cleaned reflection; may be empty.
            sentences: what `split_sentences(text)` gave, when the caller has it.
            vectors: the sentences' vectors, one row each, when the caller has them; only sentences that had
                to be put into plainer words, or that run on and on, are embedded again.
        """
        if sentences is None:
            sentences, vectors = split_sentences(text), None
        readings, rows = self._read(sentences, vectors)
        outright = [reading.outright for reading in readings]
        if not readings or any(kind is not ScreenKind.NONE for kind in outright):
            return decide(outright, (), self._thresholds)
        chances = self._chances(readings, features(readings, self._vectors(rows), self.words, self._scale))
        parts = [dict(zip(self._kinds, map(float, row), strict=True)) for row in chances]
        return decide(outright, parts, self._thresholds)

    def _chances(self, readings: Sequence[Reading], rows: Features) -> Features:
        """Probabilities, one row a part, one column a kind; each row sums to one."""
        logits = rows @ self._weights.T + self._bias
        for place, reading in enumerate(readings):
            logits[place] += self._of_words(reading.text)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        result: Features = powers / powers.sum(axis=1, keepdims=True)
        return result

    def _of_words(self, plain: str) -> Features:
        found = grams(plain)
        known = [self._word_rows[gram] for gram in found if gram in self._word_rows]
        weighed: Features = gram_share(len(found)) * self._word_weights[known].sum(axis=0)
        return weighed

    def _read(
        self, sentences: Sequence[str], vectors: Matrix | None
    ) -> tuple[list[Reading], list[Sequence[float] | str]]:
        """Each part plainly read, and its vector or, where there is none yet, the words to embed."""
        known = vectors if vectors is not None and len(vectors) == len(sentences) else None
        readings: list[Reading] = []
        rows: list[Sequence[float] | str] = []
        for place, sentence in enumerate(sentences):
            parts = pieces(sentence)
            for part in parts:
                reading = read(part, self.words)
                readings.append(reading)
                whole = known is not None and len(parts) == 1 and not reading.changed
                worded = reading.text if reading.changed else part
                rows.append(known[place] if whole and known is not None else worded)
        return readings, rows

    def _vectors(self, rows: Sequence[Sequence[float] | str]) -> Features:
        missing = [row for row in rows if isinstance(row, str)]
        found = iter(self._embedder.embed(missing) if missing else ())
        return np.array([next(found) if isinstance(row, str) else row for row in rows], dtype=float)


def features(readings: Sequence[Reading], vectors: Features, words: Lexicon, scale: float) -> Features:
    """Numbers to weigh, one row a part: scaled vector, clues, pairs of clues.

    Args:
        readings: the parts in order, at least one.
        vectors: (n, dimensions), rows of unit length.
        words: the lexicon the readings were made with.
        scale: how much the vector weighs against a clue; above 0.

    Returns:
        (n, dimensions + clues + pairs).
    """
    clues = np.array([reading.clues for reading in readings], dtype=float)
    left = [pair[0] for pair in words.together]
    right = [pair[1] for pair in words.together]
    return np.hstack([scale * vectors, clues, clues[:, left] * clues[:, right]])


def gram_share(count: int) -> float:
    """What one word or pair of words of a sentence weighs: the longer the sentence, the less.

    Args:
        count: how many different ones the sentence has, 0 or more.
    """
    return 1 / math.sqrt(max(FEWEST_GRAMS, count))


def pair_name(words: Lexicon, pair: tuple[int, int]) -> str:
    """How a pair of clues is called in the artifact."""
    return f"{words.clue_names[pair[0]]} & {words.clue_names[pair[1]]}"


def _weights(made: dict[str, dict[str, dict[str, object]]], words: Lexicon) -> Features:
    names = [*words.clue_names, *(pair_name(words, pair) for pair in words.together)]
    rows = []
    for kind in made["kinds"]:
        vector = np.array(made["vector_weights"][kind], dtype=float)
        clues = np.array([made["clue_weights"][name][kind] for name in names], dtype=float)
        rows.append(np.concatenate([vector, clues]))
    return np.array(rows)
