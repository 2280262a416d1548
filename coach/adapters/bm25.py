"""Ranking by shared words, over bm25s."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


class Bm25Index:
    """Implements ports.WordIndex (Robertson's BM25 with bm25s's defaults, k1 1.5 and b 0.75)."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Index some texts (about 20 microseconds a word).

        Args:
            texts: any number, in the order in which `scores` answers.
        """
        import bm25s

        self._bm25s = bm25s
        self._count = len(texts)
        self._index = None
        tokens = self._tokens(texts)
        if any(len(one) for one in tokens):
            self._index = bm25s.BM25()
            self._index.index(tokens, show_progress=False)

    def scores(self, query: str) -> list[float]:
        """See ports.WordIndex."""
        tokens = self._tokens([query])[0]
        if self._index is None or not tokens:
            return [0.0] * self._count
        scores: list[float] = np.asarray(self._index.get_scores(tokens), dtype=float).tolist()
        return scores

    def _tokens(self, texts: Sequence[str]) -> list[list[str]]:
        tokens: list[list[str]] = self._bm25s.tokenize(
            [text.lower() for text in texts], stopwords="en", return_ids=False, show_progress=False
        )
        return [[_stem(token) for token in one] for one in tokens]


def _stem(word: str) -> str:
    """English endings off, lightly: enough that "delegating" meets "delegated"."""
    for ending in ("ingly", "edly", "ing", "ies", "ed", "es", "ly", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
