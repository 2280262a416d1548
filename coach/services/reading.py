"""A text as retrieval reads it: whole, by sentence, and as vectors of both."""

from __future__ import annotations

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
        vectors: (1 + embedded sentences, dimensions); row 0 is the whole text.
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
    """Split and embed a text, once.

    Args:
        text: a cleaned text, not empty.
        embedder: any.

    Returns:
        Its reading. A text of one sentence is embedded once, not twice.
    """
    sentences = split_sentences(text)
    embedded = embedded_sentences(sentences)
    texts = [text, *embedded] if len(sentences) > 1 else [text]
    return Reading(text, tuple(sentences), np.asarray(embedder.embed(texts), dtype=np.float32))


def embedded_sentences(sentences: list[str]) -> list[str]:
    """The sentences that get a vector: all of them up to MOST_SENTENCES, else an even spread."""
    if len(sentences) <= MOST_SENTENCES:
        return sentences
    return [sentences[place * len(sentences) // MOST_SENTENCES] for place in range(MOST_SENTENCES)]
