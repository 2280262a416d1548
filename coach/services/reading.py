"""A text as retrieval reads it: its sentences, their vectors, and their mean for the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coach.domain.text import split_sentences
from coach.ports import Embedder, Matrix

MOST_SENTENCES = 80  # of a very long text, evenly spread: bounds the work on 20,000 characters


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reflection looks like to retrieval, the screen and the writers.

    Attributes:
        text: cleaned.
        sentences: all of them, in order.
        vectors: (1 + embedded sentences, dimensions); row 0 stands for the whole text.
    """

    text: str
    sentences: tuple[str, ...]
    vectors: Matrix

    @property
    def whole(self) -> Matrix:
        """The whole text's vector as a matrix of one row."""
        return self.vectors[:1]

    @property
    def parts(self) -> Matrix:
        """Vectors of the sentences; of the whole text when there is only one."""
        return self.vectors[1:] if len(self.vectors) > 1 else self.vectors


def read(text: str, embedder: Embedder) -> Reading:
    """Split and embed a text, every word of it once.

    Args:
        text: a cleaned text, not empty.
        embedder: any.

    Returns:
        Its reading.
    """
    sentences = split_sentences(text)
    embedded = embedded_sentences(sentences) or [text]
    return Reading(text, tuple(sentences), with_whole(embedded, embedder.embed(embedded)))


def with_whole(texts: Sequence[str], vectors: Matrix) -> Matrix:
    """Vectors of sentences with one for the whole before them: their mean, long sentences counting more.

    The model could read the whole text once more instead. On our labelled reflections the mean finds the
    right situation and cases as often, long texts are not cut at 256 tokens, and a turn saves a third of
    its time (docs/decisions/0006-whole-text-as-mean.md).

    Args:
        texts: at least one sentence.
        vectors: (n, dimensions), their vectors.

    Returns:
        (1 + n, dimensions); (1, dimensions) for a single sentence, which is its own whole.
    """
    rows = np.asarray(vectors, dtype=np.float32)
    if len(rows) < 2:
        return rows
    weights = np.array([len(text) for text in texts], dtype=np.float32)
    mean = weights @ rows
    length = float(np.linalg.norm(mean))
    whole = mean / length if length > 0 else rows[0]
    return np.concatenate([whole[None, :], rows])


def embedded_sentences(sentences: list[str]) -> list[str]:
    """The sentences that get a vector: all of them up to MOST_SENTENCES, else an even spread."""
    if len(sentences) <= MOST_SENTENCES:
        return sentences
    return [sentences[place * len(sentences) // MOST_SENTENCES] for place in range(MOST_SENTENCES)]
