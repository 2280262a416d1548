"""What no prompt can change is found out once for a text, and shared by both arms and all runs of a case.

Embedding, screening and retrieval hang on the text and on the program alone. Each part here answers as the
one behind it, bit for bit, and remembers: the arms stay comparable because they get the very same value.
Nothing here may stand before a store that is written to while the run goes on.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any, Generic, TypeVar, cast

from coach.bootstrap import Coach
from coach.domain.model import Screening
from coach.ports import Classifier, Embedder, Matrix, Screener
from coach.services.reading import Reading
from coach.services.retrieve import Found, Retriever

ROWS = 60_000  # vectors that are remembered: 92 MB
TEXTS = 5_000  # more than all cases of the suite have
QUESTIONS = 50_000

Value = TypeVar("Value")


class _Remembered(Generic[Value]):
    """The values of some keys, those that were asked for last. Safe from several threads."""

    def __init__(self, most: int, size: Callable[[Value], int] = lambda _: 1) -> None:
        """
        Args:
            most: of the sizes together.
            size: of a value.
        """
        self._most, self._size = most, size
        self._known: OrderedDict[Hashable, Value] = OrderedDict()
        self._held = 0
        self._lock = threading.Lock()

    def of(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value, made when it is not known; two threads may both make it, and it is the same."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        made = make()
        with self._lock:
            if key not in self._known:
                self._known[key] = made
                self._held += self._size(made)
            while self._held > self._most and len(self._known) > 1:
                self._held -= self._size(self._known.popitem(last=False)[1])
        return made


class SharedEmbedder:
    """Implements ports.Embedder: a batch that was embedded once is not embedded again.

    Whole batches are remembered and not single texts, because a vector's last bits hang on its batch:
    an arm must see the same numbers whether or not the other, or an earlier run, came first.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: _Remembered[Matrix] = _Remembered(ROWS, len)
        self.name = embedder.name
        self.dimensions = embedder.dimensions

    def embed(self, texts: Sequence[str]) -> Matrix:
        """See ports.Embedder."""
        key = tuple(texts)

        def made() -> Matrix:
            found = self._embedder.embed(key)
            found.setflags(write=False)
            return found

        return self._known.of(key, made)


class SharedScreener:
    """Implements ports.Screener: a text is screened once."""

    def __init__(self, screener: Screener) -> None:
        self._screener = screener
        self._known: _Remembered[Screening] = _Remembered(TEXTS)

    def screen(
        self, text: str, sentences: Sequence[str] | None = None, vectors: Matrix | None = None
    ) -> Screening:
        """See ports.Screener. The vectors are those of the sentences: no key of their own."""
        key = (text, None if sentences is None else tuple(sentences), vectors is None)
        return self._known.of(key, lambda: self._screener.screen(text, sentences, vectors))


class SharedAdvice:
    """Implements ports.Classifier: a question is classified once, alone and not in a batch with others."""

    def __init__(self, advice: Classifier) -> None:
        self._advice = advice
        self._known: _Remembered[float] = _Remembered(QUESTIONS)

    def scores(self, texts: Sequence[str]) -> list[float]:
        """See ports.Classifier."""
        return [self._known.of(text, partial(self._one, text)) for text in texts]

    def _one(self, text: str) -> float:
        return self._advice.scores([text])[0]


class SharedRetriever:
    """Stands where a Retriever stands, over a store that nobody writes to: a text is looked up once."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever
        self._known: _Remembered[Found] = _Remembered(TEXTS)

    def find(self, reading: Reading, scopes: Sequence[str]) -> Found:
        """See Retriever.find. An index that did not answer is asked again the next time."""
        found = self._known.of((reading.text, tuple(scopes)), lambda: self._retriever.find(reading, scopes))
        return self._retriever.find(reading, scopes) if found.degraded else found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._retriever, name)


def sharing(coach: Coach) -> Coach:
    """The same program with judges and a retrieval that remember; its embedder is given at its opening.

    Args:
        coach: over a store that is only read from now on.
    """
    parts = replace(
        coach.parts,
        screener=SharedScreener(coach.parts.screener),
        advice=SharedAdvice(coach.parts.advice),
        read_corpus=cache(coach.parts.read_corpus),  # the same files for every store of the run
    )
    retriever = cast(Retriever, SharedRetriever(coach.retriever))
    thinking = replace(coach.thinking, screener=parts.screener, retriever=retriever)
    return replace(coach, parts=parts, retriever=retriever, thinking=thinking)


def shared(coach: Coach, house: Coach) -> Coach:
    """An arm's program, made of the house's parts, with the retrieval of the house."""
    thinking = replace(coach.thinking, retriever=house.retriever)
    return replace(coach, retriever=house.retriever, thinking=thinking)
