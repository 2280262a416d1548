"""Is a text about leading people at all? Then something may be near; otherwise nothing is.

Likeness to the vocabulary does not tell: an evening with a leaking roof is told in the same voice as an
evening after a hard talk. So what managers write about their challenges (the voices) is held against texts
of the same people about something else (data/elsewhere.yaml), by Fisher's discriminant on whole texts and
on sentences, solved in closed form when the vocabulary is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.ports import Embedder, Matrix
from coach.services.reading import Reading, read

Scores = NDArray[np.float64]
SHRINKAGE = 0.3  # of each covariance towards a multiple of the identity (Friedman 1989)
SENTENCES = 3  # the most telling ones of a text
FEWEST = 20  # texts on either side; with fewer nothing can be learnt


@dataclass(frozen=True, slots=True)
class _Axis:
    """From elsewhere to here, in deviations of what managers write: 0 is their mean."""

    direction: Scores
    mean: float
    spread: float

    def of(self, rows: Matrix) -> Scores:
        result: Scores = (rows @ self.direction - self.mean) / self.spread
        return result


class Strangers:
    """Tells texts about leading people from others. Built once for each version of the corpus."""

    def __init__(self, axes: tuple[_Axis, _Axis] | None) -> None:
        """For `learnt` and `restored`."""
        self._axes = axes

    @property
    def has_learnt(self) -> bool:
        """Whether it can tell at all."""
        return self._axes is not None

    @classmethod
    def learnt(cls, voices: Sequence[Reading], elsewhere: Sequence[str], embedder: Embedder) -> Strangers:
        """Learn it from texts of both kinds; from fewer than FEWEST of either nothing is.

        Args:
            voices: what managers write about the challenges of the vocabulary.
            elsewhere: what they write about anything else.
            embedder: the one that will embed reflections.
        """
        if min(len(voices), len(elsewhere)) < FEWEST:
            return cls(None)
        others = [read(text, embedder) for text in elsewhere]
        wholes = [np.concatenate([one.whole for one in texts]) for texts in (voices, others)]
        parts = [np.concatenate([one.parts for one in texts]) for texts in (voices, others)]
        whole = _direction(*wholes)
        part = _direction(*parts)
        return cls(
            (
                _axis(whole, [float((one.whole @ whole)[0]) for one in voices]),
                _axis(part, [_most_telling(one.parts @ part) for one in voices]),
            )
        )

    def arrays(self) -> Scores:
        """All it knows, for `restored`: (2, dimensions + 2), or nothing."""
        axes = self._axes or ()
        return np.array([[*axis.direction, axis.mean, axis.spread] for axis in axes], dtype=np.float64)

    @classmethod
    def restored(cls, array: Scores) -> Strangers:
        """The one that gave this. Raises ValueError when it cannot have been one."""
        if not len(array):
            return cls(None)
        whole, part = (_Axis(row[:-2], float(row[-2]), float(row[-1])) for row in array)
        return cls((whole, part))

    def belonging(self, reading: Reading) -> float | None:
        """How much a text is like what managers write here.

        Args:
            reading: of one reflection.

        Returns:
            In deviations: 0 is the mean of the voices, -2 is rare among them; None when nothing was learnt.
        """
        if self._axes is None:
            return None
        whole, part = self._axes
        by_whole = float(whole.of(reading.whole)[0])
        by_part = (_most_telling(reading.parts @ part.direction) - part.mean) / part.spread
        return (by_whole + by_part) / 2


def _most_telling(scores: Scores) -> float:
    return float(np.sort(scores)[-SENTENCES:].mean())


def _direction(here: Matrix, there: Matrix) -> Scores:
    covariance = (np.cov(here.T) + np.cov(there.T)) / 2
    size = covariance.shape[0]
    even = max(float(np.trace(covariance)) / size, 1e-9) * np.eye(size)
    shrunk = (1 - SHRINKAGE) * covariance + SHRINKAGE * even
    result: Scores = np.linalg.solve(shrunk, here.mean(axis=0) - there.mean(axis=0))
    return result


def _axis(direction: Scores, told: Sequence[float]) -> _Axis:
    return _Axis(direction, float(np.mean(told)), max(float(np.std(told)), 1e-9))
