"""What the vocabulary's texts are boiled down to: what a reflection is held against, and nothing more.

Working it out reads some forty thousand sentences; what comes of it are a few arrays. So they are kept, by a
name that changes with every text and rule they come from, and a program that starts again only picks them up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.domain.model import Situation
from coach.domain.text import split_sentences
from coach.ports import Arrays, Embedder, Keeping, Matrix, WordIndex, WordIndexes
from coach.services.reading import Reading, with_whole
from coach.services.strangers import Strangers

Scores = NDArray[np.float64]
Progress = Callable[[int, int], None]  # done, of how many

FORM = "1"  # raise when the same texts are boiled down to something else
# Chosen on the "tune" half of our own labelled reflections (docs/retrieval.md).
VOICE, SIGN, DESCRIPTION, QUESTION = 2.0, 1.0, 2.0, 0.5  # what one example of each kind weighs
SHRINKAGE = 0.5  # of the pooled covariance towards a multiple of the identity
_WORDS = "words."  # before the names of the word index's own arrays
CLOSENESS = 6.0  # how fast a situation's share in its neighbours falls off with their distance


@dataclass(frozen=True, slots=True)
class Fitted:
    """A vocabulary as numbers, its situations in the order of their authors.

    Attributes:
        directions: (situations, dimensions), Fisher's linear discriminant with a shrunk pooled covariance
            (Friedman 1989).
        offsets: (situations,), of the discriminant.
        kin: (situations, situations), how near each is to the others; rows sum to one.
        strangers: tells texts about leading people from others.
        words: BM25 over names, descriptions, signs and voices, with their pairs.
        examples: (n, dimensions), all that is said of a situation, one situation after the other; empty when
            `strangers` has learnt enough to do without.
        counts: (situations,), how many rows of `examples` each has.
        centre: (dimensions,), of all voices.
    """

    directions: Scores
    offsets: Scores
    kin: Scores
    strangers: Strangers
    words: WordIndex
    examples: Matrix
    counts: NDArray[np.int64]
    centre: Matrix

    def arrays(self) -> Arrays:
        """All of it, for `restored`."""
        return {
            "directions": self.directions,
            "offsets": self.offsets,
            "kin": self.kin,
            "strangers": self.strangers.arrays(),
            "examples": self.examples,
            "counts": self.counts,
            "centre": self.centre,
            **{f"{_WORDS}{name}": array for name, array in self.words.arrays().items()},
        }

    @classmethod
    def restored(cls, arrays: Arrays, word_index: WordIndexes, count: int) -> Fitted:
        """The one that gave these.

        Args:
            arrays: of a vocabulary of `count` situations.
            word_index: of the form that made its words.

        Raises:
            ValueError, KeyError: these cannot have come from one.
        """
        if any(len(arrays[name]) != count for name in ("directions", "offsets", "kin", "counts")):
            raise ValueError("these arrays are of another vocabulary")
        words = {name[len(_WORDS) :]: one for name, one in arrays.items() if name.startswith(_WORDS)}
        return cls(
            arrays["directions"],
            arrays["offsets"],
            arrays["kin"],
            Strangers.restored(arrays["strangers"]),
            word_index.restored(words),
            arrays["examples"],
            arrays["counts"],
            arrays["centre"],
        )


def quiet(done: int, total: int) -> None:
    """A progress nobody looks at."""


def kept_or_fitted(
    situations: Sequence[Situation],
    elsewhere: Sequence[str],
    embedder: Embedder,
    word_index: WordIndexes,
    keeping: Keeping | None = None,
    anew: Progress | None = None,
) -> Fitted:
    """What was kept of exactly these texts; worked out, and kept, when there is none.

    Args:
        situations, elsewhere, embedder, word_index: as for `fitted`.
        keeping: None keeps nothing.
        anew: work it out in any case, and tell this how far it is.
    """
    name = _name(situations, elsewhere, embedder, word_index)
    if keeping and not anew and (arrays := keeping.get(name)) is not None:
        with suppress(ValueError, KeyError, TypeError, IndexError):  # damaged: worked out below
            return Fitted.restored(arrays, word_index, len(situations))
    made = fitted(situations, elsewhere, embedder, word_index, anew or quiet)
    if keeping:
        keeping.put(name, made.arrays())
    return made


def fitted(
    situations: Sequence[Situation],
    elsewhere: Sequence[str],
    embedder: Embedder,
    word_index: WordIndexes,
    progress: Progress = quiet,
) -> Fitted:
    """Read everything the vocabulary says.

    Args:
        situations: the whole vocabulary, one at least.
        elsewhere: texts of the same people about something else, to know strangers by.
        embedder: the one that will embed reflections; it should remember.
        word_index: makes a BM25 index.
        progress: told how many situations are read.
    """
    examples = []
    for place, one in enumerate(situations):
        examples.append(_examples(one, embedder))
        progress(place + 1, len(situations))
    voices = [
        voice for one, known in zip(situations, examples, strict=True) if one.voices for voice in known.told
    ]
    strangers = Strangers.learnt(voices, elsewhere, embedder)
    vectors = [] if strangers.has_learnt else [one.vectors for one in examples]
    directions, offsets = _discriminant(examples)
    return Fitted(
        directions,
        offsets,
        _kinship(examples),
        strangers,
        word_index(
            [" ".join((one.name, one.description, *one.signs, *one.voices)) for one in situations], pairs=True
        ),
        np.concatenate(vectors) if vectors else np.zeros((0, embedder.dimensions), dtype=np.float32),
        np.array([len(one) for one in vectors] or [0] * len(situations)),
        _unit(np.concatenate([one.vectors[: len(one.told)] for one in examples]).mean(axis=0)),
    )


def _name(
    situations: Sequence[Situation], elsewhere: Sequence[str], embedder: Embedder, word_index: WordIndexes
) -> str:
    rules = (FORM, word_index.form, embedder.name, VOICE, SIGN, DESCRIPTION, QUESTION, SHRINKAGE, CLOSENESS)
    everything = repr((rules, situations, elsewhere)).encode("utf-8", "backslashreplace")
    return hashlib.sha256(everything).hexdigest()


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


def _discriminant(examples: Sequence[_Examples]) -> tuple[Scores, Scores]:
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
    return directions, -0.5 * (directions * centres).sum(axis=1)


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


def _unit(vector: Matrix) -> Matrix:
    length = float(np.linalg.norm(vector))
    unit: Matrix = vector / length if length > 0 else vector
    return unit
