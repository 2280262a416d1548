"""Which situations of the vocabulary a text is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from coach.domain.model import Situation, SituationHit
from coach.ports import Embedder, Matrix, WordIndex
from coach.services.reading import Reading

# How a situation's score is put together; chosen on labelled reflections, docs/retrieval.md.
WHOLE_TO_SIGN, SENTENCE_TO_SIGN, WHOLE_TO_DESCRIPTION, WORDS = 0.45, 0.30, 0.25, 0.06
BEST_SIGNS = 3


class SituationMap:
    """The vocabulary as vectors. Built once for each version of the corpus; safe to share."""

    def __init__(
        self,
        situations: Sequence[Situation],
        embedder: Embedder,
        word_index: Callable[[Sequence[str]], WordIndex],
    ) -> None:
        """Embed the signs and descriptions (remembered by the corpus cache).

        Args:
            situations: the whole vocabulary.
            embedder: the one that will embed reflections.
            word_index: makes a BM25 index of some texts.
        """
        self.situations = {one.id: one for one in situations}
        self._order = list(self.situations)
        signs = [(place, sign) for place, one in enumerate(situations) for sign in one.signs]
        self._owner = np.array([place for place, _ in signs], dtype=np.int64)
        self._signs: Matrix = embedder.embed([sign for _, sign in signs])
        self._descriptions: Matrix = embedder.embed([f"{one.name}. {one.description}" for one in situations])
        self._words = word_index([" ".join((one.name, one.description, *one.signs)) for one in situations])

    def find(self, reading: Reading, limit: int = 5) -> tuple[SituationHit, ...]:
        """The nearest situations, best first.

        Args:
            reading: of one reflection.
            limit: at most so many.

        Returns:
            Hits with a score that is comparable between texts: about 0.2 for a stranger, 0.5 for a
            near one. Empty when the vocabulary is empty.
        """
        if not self._order:
            return ()
        scores = self._scores(reading)
        best = np.argsort(-scores, kind="stable")[:limit]
        return tuple(
            SituationHit(self._order[place], self.situations[self._order[place]].name, float(scores[place]))
            for place in best
        )

    def _scores(self, reading: Reading) -> Matrix:
        whole = self._signs @ reading.whole[0]
        sentences = self._signs @ reading.parts.T
        to_sign = np.array(
            [_mean_of_best(whole[self._owner == k], BEST_SIGNS) for k in range(len(self._order))]
        )
        # A situation is seldom in every sentence: the two that speak of it most decide.
        best_sentence = np.array(
            [_mean_of_best(sentences[self._owner == k].max(axis=0), 2) for k in range(len(self._order))]
        )
        words = np.array(self._words.scores(reading.text))
        top = words.max() if words.size and words.max() > 0 else 1.0
        scores: Matrix = (
            WHOLE_TO_SIGN * to_sign
            + SENTENCE_TO_SIGN * best_sentence
            + WHOLE_TO_DESCRIPTION * (self._descriptions @ reading.whole[0])
            + WORDS * words / top
        )
        return scores


def _mean_of_best(values: Matrix, count: int) -> float:
    if len(values) <= count:
        return float(values.mean()) if len(values) else 0.0
    return float(np.partition(values, -count)[-count:].mean())
