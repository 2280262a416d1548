"""The situations now in force with their vectors, made when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock

from coach.domain.model import PROGRAMME, Situation
from coach.ports import Embedder, Keeping, Library, WordIndexes
from coach.services.fitted import Progress, kept_or_fitted, quiet
from coach.services.situations import SituationMap

_Known = tuple[SituationMap, Mapping[str, Sequence[float]]]  # and the vectors of questions, by text


class Vocabulary:
    """Shared by the retriever, the bank and the gate; forgets when the library changes."""

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        word_index: WordIndexes,
        generation: Callable[[], str] = str,
        elsewhere: Sequence[str] = (),
        keeping: Keeping | None = None,
    ) -> None:
        """
        Args:
            library: holds the vocabulary.
            embedder: should remember, because nearly nothing changes between two starts.
            word_index: makes a BM25 index of some texts.
            generation: names the corpus now in force; when it changes, as by an ingest of another
                process, the vocabulary is read anew.
            elsewhere: texts about something else, by which strangers are known.
            keeping: keeps what was worked out, so that another start need not; None keeps nothing.
        """
        self._library = library
        self._embedder = embedder
        self._word_index = word_index
        self._generation = generation
        self._elsewhere = elsewhere
        self._keeping = keeping
        self._of = ""
        self._lock = Lock()
        self._known: _Known | None = None

    def map(self) -> SituationMap:
        """The vocabulary as vectors."""
        return self._made()[0]

    def situations(self) -> Mapping[str, Situation]:
        """The vocabulary by id."""
        return self.map().situations

    def question_vectors(self) -> Mapping[str, Sequence[float]]:
        """Vectors of the bank's questions and of those that cases ask, by text."""
        return self._made()[1]

    def forget(self) -> None:
        """To be called after the library has changed."""
        with self._lock:
            self._known = None

    def learn(self, progress: Progress = quiet) -> None:
        """Read every text of the vocabulary, whatever was kept of it: for whoever just changed it.

        Args:
            progress: told how many situations are read, of how many.
        """
        generation = self._generation()
        known = self._read(self._library.situations(), progress)  # meanwhile others go by what was known
        with self._lock:
            self._of, self._known = generation, known

    def _made(self) -> _Known:
        generation = self._generation()
        with self._lock:
            if self._known is None or generation != self._of:
                self._of, self._known = generation, self._read(self._library.situations())
            return self._known

    def _read(self, situations: Sequence[Situation], progress: Progress | None = None) -> _Known:
        """Everything, as it was kept; worked out anew for a `progress` to be told of."""
        texts = (situations, self._elsewhere, self._embedder, self._word_index)
        made = kept_or_fitted(*texts, self._keeping, progress) if situations else None
        return SituationMap(situations, made), self._questions(situations)

    def _questions(self, situations: Sequence[Situation]) -> Mapping[str, Sequence[float]]:
        texts = [question.text for one in situations for question in one.questions]
        texts += [text for one in self._library.documents([PROGRAMME]) for text in one.questions]
        unique = list(dict.fromkeys(texts))
        return dict(zip(unique, self._embedder.embed(unique), strict=True))
