"""Ranking by shared words, over bm25s."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.ports import Arrays

_WORD = re.compile(r"\b\w\w+\b")  # as bm25s tokenizes; its own function costs a query ten times as much
_PAIRED = re.compile(r"\w+(?:['’]\w+)*")
_ENDINGS = ("ingly", "edly", "ing", "ies", "ed", "es", "ly", "s")
_BETWEEN = "\n"  # stands in no word


class Bm25Index:
    """Implements ports.WordIndex (Robertson's BM25 with bm25s's defaults, k1 1.5 and b 0.75).

    What each word adds to each text is worked out once, by bm25s; a query only adds up.
    """

    form = "1"  # raise when the same texts get another index

    def __init__(self, texts: Sequence[str], *, pairs: bool = False) -> None:
        """Index some texts (about 20 microseconds a word).

        Args:
            texts: any number, in the order in which `scores` answers.
            pairs: whether neighbouring words count together as well. "Told her", "behind my", "not mine":
                small words, which an index drops, say in pairs who does what to whom.
        """
        import bm25s
        from bm25s.stopwords import STOPWORDS_EN

        self._pairs = pairs
        self._left_out = frozenset(STOPWORDS_EN)
        self._count = len(texts)
        self._places: dict[str, int] = {}  # of each stem, its row in `_begins`
        self._begins: NDArray[Any] = np.zeros(1, dtype=np.int64)
        self._texts: NDArray[Any] = np.zeros(0, dtype=np.int32)
        self._adds: NDArray[Any] = np.zeros(0, dtype=np.float32)
        stems = _Stems()  # the same words come back in every text
        places = self._places
        tokens = [
            [places.setdefault(stem, len(places)) for stem in self._tokens(text, stems)] for text in texts
        ]
        if any(tokens):
            made = bm25s.BM25()
            made.index((tokens, places), show_progress=False)
            self._begins = made.scores["indptr"]
            self._texts, self._adds = made.scores["indices"], made.scores["data"]

    @classmethod
    def restored(cls, arrays: Arrays) -> Bm25Index:
        """See ports.WordIndexes."""
        self = cls.__new__(cls)
        pairs, count = arrays["shape"].tolist()
        self._pairs, self._count = bool(pairs), int(count)
        self._left_out = frozenset(_unpacked(arrays["left_out"]))
        self._places = {stem: place for place, stem in enumerate(_unpacked(arrays["stems"]))}
        self._begins, self._texts, self._adds = arrays["begins"], arrays["texts"], arrays["adds"]
        whole = len(self._texts) == len(self._adds) == self._begins[-1]
        if not whole or len(self._places) > len(self._begins):
            raise ValueError("these arrays are of no index")
        return self

    def arrays(self) -> Arrays:
        """See ports.WordIndex."""
        return {
            "shape": np.array([self._pairs, self._count]),
            "left_out": _packed(sorted(self._left_out)),
            "stems": _packed(list(self._places)),
            "begins": self._begins,
            "texts": self._texts,
            "adds": self._adds,
        }

    def scores(self, query: str) -> list[float]:
        """See ports.WordIndex."""
        stems = self._tokens(query, _Stems())
        rows = [place for stem in stems if (place := self._places.get(stem)) is not None]
        if not rows:
            return [0.0] * self._count
        lengths = self._begins[1:][rows] - self._begins[rows]
        before = np.cumsum(lengths) - lengths
        inside = np.arange(lengths.sum()) + np.repeat(self._begins[rows] - before, lengths)
        scores = np.bincount(self._texts[inside], self._adds[inside], minlength=self._count)
        found: list[float] = scores.tolist()
        return found

    def _tokens(self, text: str, stems: _Stems) -> list[str]:
        lower = text.lower()
        if self._pairs:
            words = [word.replace("'", "").replace("’", "") for word in _PAIRED.findall(lower)]
            lower = " ".join([lower, *map("_".join, pairwise(words))])
        return [stems[word] for word in _WORD.findall(lower) if word not in self._left_out]


class _Stems(dict[str, str]):
    """Stems by word, each worked out once; thrown away with the texts it was filled from."""

    def __missing__(self, word: str) -> str:
        self[word] = made = _stem(word)
        return made


def _stem(word: str) -> str:
    """English endings off, lightly: enough that "delegating" meets "delegated"."""
    if not word.endswith(_ENDINGS):
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _packed(words: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer(_BETWEEN.join(words).encode(), dtype=np.uint8)


def _unpacked(raw: NDArray[Any]) -> list[str]:
    text = raw.astype(np.uint8).tobytes().decode()
    return text.split(_BETWEEN) if text else []
