"""Ranking by shared words, over bm25s."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

_WORD = re.compile(r"\b\w\w+\b")  # as bm25s tokenizes; its own function costs a query ten times as much
_ENDINGS = ("ingly", "edly", "ing", "ies", "ed", "es", "ly", "s")


class Bm25Index:
    """Implements ports.WordIndex (Robertson's BM25 with bm25s's defaults, k1 1.5 and b 0.75)."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Index some texts (about 20 microseconds a word).

        Args:
            texts: any number, in the order in which `scores` answers.
        """
        import bm25s
        from bm25s.stopwords import STOPWORDS_EN

        self._left_out = frozenset(STOPWORDS_EN)
        self._count = len(texts)
        self._index = None
        stems = _Stems()  # the same words come back in every text
        places: dict[str, int] = {}
        tokens = [
            [places.setdefault(stem, len(places)) for stem in self._tokens(text, stems)] for text in texts
        ]
        if any(tokens):
            self._index = bm25s.BM25()
            self._index.index((tokens, places), show_progress=False)

    def scores(self, query: str) -> list[float]:
        """See ports.WordIndex."""
        tokens = self._tokens(query, _Stems())
        if self._index is None or not tokens:
            return [0.0] * self._count
        scores: list[float] = np.asarray(self._index.get_scores(tokens), dtype=float).tolist()
        return scores

    def _tokens(self, text: str, stems: _Stems) -> list[str]:
        return [stems[word] for word in _WORD.findall(text.lower()) if word not in self._left_out]


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
