"""Which situations of the vocabulary a text is about.

Likeness alone is led astray by the setting: two texts from a bakery are near each other whatever they are
about. So a linear discriminant is fitted over everything the vocabulary says of its situations: it
weighs down the directions in which texts about the same situation differ (the bakery, the ward) and
keeps those in which situations differ. It is solved in closed form when a vocabulary is read in (fitted.py):
nothing is trained beforehand, and a situation that somebody adds counts at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.domain.model import Situation, SituationHit
from coach.services.fitted import Fitted
from coach.services.reading import Reading

Scores = NDArray[np.float64]

# Chosen on the "tune" half of our own labelled reflections (docs/retrieval.md).
WORDS = 1.0  # BM25 beside the discriminant, both in deviations over the situations
# People tell the evening around a challenge and say in a few sentences what it is: these count once more.
TELLING, SENTENCES = 0.6, 3
KIN = 2.0  # how much of a chance goes to neighbours
SHARPNESS = 1.4  # turns deviations into probabilities that fit the labels best
# How much a text must belong here (strangers.py): for its situation to be named, and for cases beside it. For
# cases it also counts how sure one situation is: a text about something else is a little like many.
NAMED_FROM, SHOWN_FROM, SURE, FEW = -2.4, -1.45, 0.7, 3
# Without texts from elsewhere nothing was learnt of strangers; then a text is none when it is close to what
# is written here at all, or, being too short for that, close to some things said of one situation (cosines).
NEAR_ALL, NEAR_ONE, SAID = 0.52, 0.55, 3


@dataclass(frozen=True, slots=True)
class Look:
    """What one text says of every situation.

    Attributes:
        chances: (situations,), probabilities over the vocabulary.
        told: (sentences, situations), how near each sentence is, in deviations over the situations.
    """

    chances: Scores
    told: Scores


class SituationMap:
    """The vocabulary as vectors. Built once for each version of the corpus; safe to share."""

    def __init__(self, situations: Sequence[Situation], fitted: Fitted | None) -> None:
        """
        Args:
            situations: the whole vocabulary; may be empty.
            fitted: what was worked out of them, in their order; None when there are none.
        """
        self.situations = {one.id: one for one in situations}
        self._order = list(self.situations)
        self._fitted = fitted

    def look(self, reading: Reading) -> Look | None:
        """What `likely` and `telling` go by; None when the text is a stranger or the vocabulary is empty."""
        fitted = self._fitted
        return _look(fitted, reading) if fitted is not None and _is_near(fitted, reading) else None

    def find(self, reading: Reading, limit: int = 5) -> tuple[SituationHit, ...]:
        """The situations a text is most likely about, best first.

        Args:
            reading: of one reflection.
            limit: at most so many.

        Returns:
            Hits whose scores are probabilities over the vocabulary, as far as it can know them; empty
            when the text is a stranger or the vocabulary is empty.
        """
        return self.likely(self.look(reading), limit)

    def likely(self, look: Look | None, limit: int = 5) -> tuple[SituationHit, ...]:
        """The same of a text that was looked at."""
        if look is None:
            return ()
        chances = look.chances
        best = np.argsort(-chances, kind="stable")[:limit]
        return tuple(
            SituationHit(self._order[place], self.situations[self._order[place]].name, float(chances[place]))
            for place in best
        )

    def spread(self, hits: Sequence[SituationHit]) -> dict[str, float]:
        """What a text's likely situations say about every situation: neighbours are likely a little, too.

        Args:
            hits: of one text.

        Returns:
            A weight 0 or more for each situation of the vocabulary; empty when there are no hits.
        """
        if not hits or self._fitted is None:
            return {}
        chances = np.zeros(len(self._order))
        for hit in hits:
            if hit.id in self.situations:
                chances[self._order.index(hit.id)] = hit.score
        weights = chances + KIN * (self._fitted.kin @ chances)
        return dict(zip(self._order, weights.tolist(), strict=True))

    def telling(self, reading: Reading, look: Look | None) -> tuple[float, ...]:
        """How much each sentence says of what the text is about.

        Args:
            reading: of one reflection.
            look: at it.

        Returns:
            -1 (an aside) to 1 (the heart of it), one number a sentence, their mean near 0; empty when that
            cannot be known: nothing is near, a single sentence, or too long for all to be embedded.
        """
        if look is None or len(reading.parts) != len(reading.sentences) or len(reading.sentences) < 2:
            return ()
        weights = _deviations(look.told @ look.chances) / 2
        return tuple(float(weight) for weight in np.clip(weights, -1, 1))

    def shows_cases(self, reading: Reading, look: Look | None) -> bool:
        """Whether a text is so surely about leading people that cases may stand beside it.

        Args:
            reading: of one reflection.
            look: at it; None for a stranger.
        """
        if self._fitted is None or look is None:
            return False
        belonging = self._fitted.strangers.belonging(reading)
        if belonging is None or len(reading.sentences) <= FEW:  # says too little to belong more
            return True
        return belonging + SURE * float(np.log(look.chances.max())) >= SHOWN_FROM


def _is_near(fitted: Fitted, reading: Reading) -> bool:
    belonging = fitted.strangers.belonging(reading)
    if belonging is not None:
        return belonging >= NAMED_FROM
    if float(reading.whole[0] @ fitted.centre) >= NEAR_ALL:
        return True
    ends = np.cumsum(fitted.counts)[:-1]
    likeness = np.split(fitted.examples @ reading.whole[0], ends)
    return any(float(np.sort(one)[-SAID:].mean()) >= NEAR_ONE for one in likeness if len(one))


def _look(fitted: Fitted, reading: Reading) -> Look:
    by_vector = _deviations(fitted.directions @ reading.whole[0] + fitted.offsets)
    by_words = _deviations(np.array(fitted.words.scores(reading.text)))
    told = np.stack([_deviations(fitted.directions @ part + fitted.offsets) for part in reading.parts])
    by_sentences = _deviations(np.sort(told, axis=0)[-SENTENCES:].mean(axis=0))
    weights = np.exp(SHARPNESS * (by_vector + WORDS * by_words + TELLING * by_sentences))
    return Look(weights / weights.sum(), told)


def _deviations(scores: Scores) -> Scores:
    spread = float(scores.std())
    result: Scores = (scores - scores.mean()) / spread if spread > 1e-9 else np.zeros_like(scores)
    return result
