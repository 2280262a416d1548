"""One ranking for everything: whole-text similarity, best sentence to sentence, shared words, fused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.ports import Matrix

Scores = NDArray[np.float64]

# A first choice, not tuned yet; `coach eval retrieval` measures it.
WHOLE, LATE, WORDS = 1.0, 1.0, 0.5


def whole_similarity(query: Matrix, documents: Sequence[Matrix]) -> Scores:
    """Cosine of the whole query with each whole document, one a document, -1..1.

    Args:
        query: (1 + sentences, dimensions), row 0 the whole text.
        documents: likewise, one matrix a document.
    """
    return np.array([float(query[0] @ document[0]) for document in documents])


@dataclass(frozen=True, slots=True)
class Ranked:
    """Where a document stands.

    Attributes:
        score: fused, in deviations over the candidates.
        near: mean of whole-text and sentence similarity, -1..1.
    """

    score: float
    near: float


def late_similarity(query: Matrix, documents: Sequence[Matrix]) -> Scores:
    """Mean, over the query's sentences, of the best cosine with a sentence of the document, -1..1.

    The MaxSim of ColBERT (Khattab and Zaharia 2020) with sentences in the place of tokens: a case that
    meets one part of a long reflection is found although the rest is about something else.
    """
    if not documents:
        return np.zeros(0)
    parts = query[1:] if len(query) > 1 else query
    theirs = [document[1:] if len(document) > 1 else document for document in documents]
    begins = np.cumsum([0, *map(len, theirs[:-1])])
    best = np.maximum.reduceat(parts @ np.concatenate(theirs).T, begins, axis=1)
    means: Scores = best.mean(axis=0, dtype=np.float64)
    return means


def fuse(columns: Sequence[tuple[float, Scores]]) -> Scores:
    """Weighted sum of columns, each brought to mean 0 and deviation 1 over the candidates.

    Args:
        columns: (weight, scores) pairs of equal length; a column without spread counts nothing.
    """
    total = np.zeros(len(columns[0][1]))
    for weight, scores in columns:
        spread = float(scores.std())
        if spread > 1e-9:
            total += weight * (scores - scores.mean()) / spread
    return total


def rank(query: Matrix, documents: Mapping[str, Matrix], words: Mapping[str, float]) -> dict[str, Ranked]:
    """Documents by id, best first; ties go by id, so that two runs agree.

    Args:
        query: (1 + sentences, dimensions).
        documents: candidates by id, (1 + parts, dimensions) each.
        words: BM25 score by id, 0 when missing.
    """
    if not documents:
        return {}
    ids = list(documents)
    matrices = [documents[key] for key in ids]
    whole, late = whole_similarity(query, matrices), late_similarity(query, matrices)
    scores = fuse(
        [
            (WHOLE, whole),
            (LATE, late),
            (WORDS, np.array([words.get(key, 0.0) for key in ids])),
        ]
    )
    near = (whole + late) / 2
    found = zip(ids, map(Ranked, scores.tolist(), near.tolist()), strict=True)
    return dict(sorted(found, key=lambda pair: (-pair[1].score, pair[0])))
