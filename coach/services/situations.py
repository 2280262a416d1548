"""Which situations of the vocabulary a text is about.

Likeness alone is led astray by the setting: two texts from a bakery are near each other whatever they are
about. So a linear discriminant is fitted over everything the vocabulary says of its situations: it
weighs down the directions in which texts about the same situation differ (the bakery, the ward) and
keeps those in which situations differ. It is solved in closed form when the vocabulary is loaded:
nothing is trained beforehand, and a situation that somebody adds counts at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from coach.domain.model import Situation, SituationHit
from coach.domain.text import split_sentences
from coach.ports import Embedder, Matrix, WordIndex
from coach.services.reading import Reading, with_whole
from coach.services.strangers import Strangers

Scores = NDArray[np.float64]

# Chosen on the "tune" half of our own labelled reflections (docs/retrieval.md).
VOICE, SIGN, DESCRIPTION, QUESTION = 2.0, 1.0, 2.0, 0.5  # what one example of each kind weighs
SHRINKAGE = 0.5  # of the pooled covariance towards a multiple of the identity
WORDS = 1.0  # BM25 beside the discriminant, both in deviations over the situations
# People tell the evening around a challenge and say in a few sentences what it is: these count once more.
TELLING, SENTENCES = 0.6, 3
KIN, CLOSENESS = 1.3, 6.0  # how much of a chance goes to neighbours, and how fast that falls off
SHARPNESS = 1.4  # turns deviations into probabilities that fit the labels best
# How much a text must belong here (strangers.py): for its situation to be named, and for cases beside it.
NAMED_FROM, SHOWN_FROM, FEW = -1.9, -0.95, 3
# Without texts from elsewhere nothing was learnt of strangers; then a text is none when it is close to what
# is written here at all, or, being too short for that, close to some things said of one situation (cosines).
NEAR_ALL, NEAR_ONE, SAID = 0.52, 0.55, 3
_WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, slots=True)
class _Discriminant:
    """Fisher's linear discriminant with a shrunk pooled covariance (Friedman 1989)."""

    directions: Scores  # (situations, dimensions)
    offsets: Scores  # (situations,)


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

    def __init__(
        self,
        situations: Sequence[Situation],
        embedder: Embedder,
        word_index: Callable[[Sequence[str]], WordIndex],
        elsewhere: Sequence[str] = (),
    ) -> None:
        """Embed what the vocabulary says (remembered by the corpus cache) and fit the discriminant.

        Args:
            situations: the whole vocabulary; may be empty.
            embedder: the one that will embed reflections.
            word_index: makes a BM25 index of some texts.
            elsewhere: texts of the same people about something else, to know strangers by.
        """
        self.situations = {one.id: one for one in situations}
        self._order = list(self.situations)
        self._words = word_index(
            [_worded(" ".join((one.name, one.description, *one.signs, *one.voices))) for one in situations]
        )
        examples = [_examples(one, embedder) for one in situations]
        self._examples = [one.vectors for one in examples]
        self._fitted = _fit(examples) if situations else None
        voices = [
            voice
            for one, known in zip(situations, examples, strict=True)
            if one.voices
            for voice in known.told
        ]
        self._strangers = Strangers(voices, elsewhere, embedder)
        self._kin = _kinship(examples)
        self._centre = _unit(_told(examples).mean(axis=0)) if situations else None

    def look(self, reading: Reading) -> Look | None:
        """What `likely` and `telling` go by; None when the text is a stranger or the vocabulary is empty."""
        fitted = self._fitted
        return self._look(fitted, reading) if fitted is not None and self._is_near(reading) else None

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
        if not hits:
            return {}
        chances = np.zeros(len(self._order))
        for hit in hits:
            if hit.id in self.situations:
                chances[self._order.index(hit.id)] = hit.score
        weights = chances + KIN * (self._kin @ chances)
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

    def shows_cases(self, reading: Reading) -> bool:
        """Whether a text is so surely about leading people that cases may stand beside it."""
        belonging = self._strangers.belonging(reading)
        short = len(reading.sentences) <= FEW  # says too little to belong more
        return self._is_near(reading) if belonging is None or short else belonging >= SHOWN_FROM

    def _is_near(self, reading: Reading) -> bool:
        if self._centre is None:
            return False
        belonging = self._strangers.belonging(reading)
        if belonging is not None:
            return belonging >= NAMED_FROM
        if float(reading.whole[0] @ self._centre) >= NEAR_ALL:
            return True
        likeness = (vectors @ reading.whole[0] for vectors in self._examples)
        return any(float(np.sort(one)[-SAID:].mean()) >= NEAR_ONE for one in likeness)

    def _look(self, fitted: _Discriminant, reading: Reading) -> Look:
        by_vector = _deviations(fitted.directions @ reading.whole[0] + fitted.offsets)
        by_words = _deviations(np.array(self._words.scores(_worded(reading.text))))
        told = np.stack([_deviations(fitted.directions @ part + fitted.offsets) for part in reading.parts])
        by_sentences = _deviations(np.sort(told, axis=0)[-SENTENCES:].mean(axis=0))
        weights = np.exp(SHARPNESS * (by_vector + WORDS * by_words + TELLING * by_sentences))
        return Look(weights / weights.sum(), told)


@dataclass(frozen=True, slots=True)
class _Examples:
    """What is known of one situation.

    Attributes:
        told: its voices, each read as a reflection is; its signs where it has no voices.
        vectors: the wholes of these, then of everything else.
        weights: one for each vector.
    """

    told: tuple[Reading, ...]
    vectors: Matrix
    weights: Scores


def _examples(situation: Situation, embedder: Embedder) -> _Examples:
    """The voices, each as reflections are read, then all the rest."""
    voices = situation.voices or situation.signs
    split = [split_sentences(voice) or [voice] for voice in voices]
    others = [(SIGN, sign) for sign in situation.signs]
    others.append((DESCRIPTION, f"{situation.name}. {situation.description}"))
    others += [(QUESTION, question.text) for question in situation.questions]
    vectors = embedder.embed([text for texts in split for text in texts] + [text for _, text in others])
    told: list[Reading] = []
    place = 0
    for voice, texts in zip(voices, split, strict=True):
        told.append(Reading(voice, tuple(texts), with_whole(texts, vectors[place : place + len(texts)])))
        place += len(texts)
    weights = [VOICE] * len(told) + [weight for weight, _ in others]
    wholes = np.stack([one.vectors[0] for one in told])
    return _Examples(tuple(told), np.concatenate([wholes, vectors[place:]]), np.array(weights))


def _told(examples: Sequence[_Examples]) -> Matrix:
    """Every voice of every situation, one row each."""
    rows: Matrix = np.concatenate([one.vectors[: len(one.told)] for one in examples])
    return rows


def _fit(examples: Sequence[_Examples]) -> _Discriminant:
    centres = np.stack([np.average(one.vectors, axis=0, weights=one.weights) for one in examples])
    spread = np.concatenate(
        [
            (one.vectors - centre) * np.sqrt(one.weights)[:, None]
            for one, centre in zip(examples, centres, strict=True)
        ]
    )
    total = sum(float(one.weights.sum()) for one in examples)
    covariance = spread.T.astype(np.float64) @ spread / total
    size = covariance.shape[0]
    even = max(float(np.trace(covariance)) / size, 1e-6) * np.eye(size)
    shrunk = (1 - SHRINKAGE) * covariance + SHRINKAGE * even
    directions = np.linalg.solve(shrunk, centres.T).T
    return _Discriminant(directions, -0.5 * (directions * centres).sum(axis=1))


def _kinship(examples: Sequence[_Examples]) -> Scores:
    """How near situations are to each other, (n, n): rows sum to one, nothing is its own neighbour."""
    if len(examples) < 2:
        return np.zeros((len(examples), len(examples)))
    centres = np.stack([one.vectors.mean(axis=0) for one in examples]).astype(np.float64)
    centres -= centres.mean(axis=0)
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    kin = np.exp(CLOSENESS * (centres @ centres.T))
    np.fill_diagonal(kin, 0.0)
    result: Scores = kin / kin.sum(axis=1, keepdims=True)
    return result


def _worded(text: str) -> str:
    """A text with its pairs of neighbouring words behind it, each as one word, so that BM25 counts them too.

    "Told her", "behind my", "not mine": small words, which an index drops, say in pairs who does what to
    whom, and that is what situations differ in.
    """
    words = [word.replace("'", "").replace("’", "") for word in _WORD.findall(text.lower())]
    return " ".join([text, *map("_".join, pairwise(words))])


def _unit(vector: Matrix) -> Matrix:
    length = float(np.linalg.norm(vector))
    unit: Matrix = vector / length if length > 0 else vector
    return unit


def _deviations(scores: Scores) -> Scores:
    spread = float(scores.std())
    result: Scores = (scores - scores.mean()) / spread if spread > 1e-9 else np.zeros_like(scores)
    return result
