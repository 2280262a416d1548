"""What is near a reflection: situations, then cases and guidelines its author may read."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from coach.domain.model import Document, DocumentKind, Passage, Situation, SituationHit
from coach.errors import IndexUnavailable, Sentence
from coach.ports import Library, Matrix, VectorIndex, WordIndex
from coach.services.ranking import rank
from coach.services.reading import Reading
from coach.services.situations import SituationMap

CANDIDATES = 12  # a scope and vector; a first choice, not tuned yet
SENTENCES_ASKED = 8  # sentences that look for candidates of their own
MOST_CASES, MOST_GUIDELINES = 3, 1
LIKELY = 0.01  # a situation less likely than this is not named
NEAR_CASE = 0.30  # whole-text cosine and late similarity, their mean
LINKED = 45.0  # in deviations: a case that names a situation which is certain
NAMED = 5  # situations that are shown at most
WEIGHED = 40  # situations whose chances lift the documents that name them
FETCHED = 0.02  # the cases of a situation this likely are looked at, even when no word or vector led there
SURE_LINK = 0.2  # a case that names a situation this likely is near enough, whatever its words
REMEMBERED = 2_000  # documents whose vectors stay in memory, at most 92 kB each


@dataclass(frozen=True, slots=True)
class Found:
    """What retrieval found.

    Attributes:
        situations: near ones, best first; empty when none is near.
        cases, guidelines: near ones the reader may see.
        nothing_close: True when no case is near: then none is shown, and the turn says so.
        degraded: True when the index did not answer.
        telling: how much each sentence says of what the text is about, -1..1; empty when unknown.
    """

    situations: tuple[SituationHit, ...] = ()
    cases: tuple[Passage, ...] = ()
    guidelines: tuple[Passage, ...] = ()
    nothing_close: bool = False
    degraded: bool = False
    telling: tuple[float, ...] = ()


@dataclass(slots=True)
class _Memory:
    """Vectors and word indexes of shared documents, for one generation of the index."""

    generation: str = ""
    vectors: OrderedDict[str, Matrix] = field(default_factory=OrderedDict)
    words: dict[tuple[str, ...], tuple[list[str], WordIndex]] = field(default_factory=dict)


class Retriever:
    """Searches; holds no member's text."""

    def __init__(
        self,
        library: Library,
        index: VectorIndex,
        situation_map: Callable[[], SituationMap],
        word_index: Callable[[Sequence[str]], WordIndex],
    ) -> None:
        """
        Args:
            library: rights are checked against it after the index answered.
            index: vectors by scope.
            situation_map: the vocabulary now in force.
            word_index: makes a BM25 index of some texts.
        """
        self._library = library
        self._index = index
        self._situation_map = situation_map
        self._word_index = word_index
        self._memory = _Memory()
        self._lock = Lock()

    def warm(self) -> None:
        """Read the vocabulary now: the first time its texts are embedded, which nobody should wait for."""
        self._situation_map()

    def vocabulary(self) -> Mapping[str, Situation]:
        """The situations now in force, by id."""
        return self._situation_map().situations

    def find(self, reading: Reading, scopes: Sequence[str]) -> Found:
        """Look in every scope the reader may see.

        Args:
            reading: of the reflection.
            scopes: the programme and the reader's groups; nothing else is ever searched.

        Returns:
            What is near. An index that does not answer costs the sources, not the turn.
        """
        situations = self._situation_map()  # once: each time it is asked whether the corpus has changed
        look = situations.look(reading)
        hits = situations.likely(look, WEIGHED)
        telling = situations.telling(reading, look)
        near = tuple(hit for place, hit in enumerate(hits[:NAMED]) if place == 0 or hit.score >= LIKELY)
        try:
            ranked = self.search(reading, scopes, hits)
        except IndexUnavailable:
            return Found(near, nothing_close=True, degraded=True, telling=telling)
        cases = [passage for passage in ranked if passage.kind is DocumentKind.CASE][:MOST_CASES]
        guidelines = [passage for passage in ranked if passage.kind is DocumentKind.GUIDELINE]
        shown = bool(near) and situations.shows_cases(reading, look)
        close = tuple(case for case in cases if case.score >= NEAR_CASE) if shown else ()
        return Found(
            near, close, tuple(guidelines[:MOST_GUIDELINES]) if close else (), not close, telling=telling
        )

    def search(
        self, reading: Reading, scopes: Sequence[str], near: Sequence[SituationHit] = (), limit: int = 10
    ) -> list[Passage]:
        """The ranking itself, without a threshold: what `coach search` shows.

        Args:
            reading: of the query.
            scopes: to search in.
            near: situations of the query; documents that name one of them rise a little.
            limit: at most so many.

        Returns:
            Passages, best first; `score` is the mean of whole-text and sentence similarity, 0..1.

        Raises:
            IndexUnavailable: the index does not answer.
        """
        situations = self._situation_map()
        query = _few_rows(reading.vectors, 1 + SENTENCES_ASKED)
        ids = self._index.search(scopes, query, CANDIDATES)
        words = self._word_scores(scopes, reading.text)
        by_words = sorted(words, key=lambda key: (-words[key], key))[:CANDIDATES]
        ids = list(dict.fromkeys([*ids, *by_words, *_linked(near, situations.situations)]))
        # SQL decides, not the index: a withdrawn or foreign document is gone here at the latest.
        documents = {document.id: document for document in self._library.documents(scopes, ids)}
        allowed = [key for key in ids if key in documents]
        vectors = self._vectors(scopes, allowed)
        ranked = rank(reading.vectors, vectors, words)
        likely = situations.spread(near)
        lifted = {
            key: one.score + LINKED * sum(likely.get(name, 0.0) for name in documents[key].situations)
            for key, one in ranked.items()
        }
        order = sorted(lifted, key=lambda key: (-lifted[key], key))[:limit]
        return [_passage(documents[key], ranked[key].near, near) for key in order]

    def _word_scores(self, scopes: Sequence[str], text: str) -> dict[str, float]:
        """BM25 over each scope's documents; a scope's index is made when it is first asked for."""
        scores: dict[str, float] = {}
        memory = self._current()
        for scope in scopes:
            if (scope,) not in memory.words:
                documents = self._library.documents([scope])
                texts = [f"{document.title} {document.body}" for document in documents]
                memory.words[(scope,)] = ([document.id for document in documents], self._word_index(texts))
            ids, index = memory.words[(scope,)]
            scores.update(
                (key, score) for key, score in zip(ids, index.scores(text), strict=True) if score > 0
            )
        return scores

    def _vectors(self, scopes: Sequence[str], ids: Sequence[str]) -> dict[str, Matrix]:
        memory = self._current()
        missing = [key for key in ids if key not in memory.vectors]
        fetched = self._index.vectors(scopes, missing) if missing else {}
        with self._lock:
            memory.vectors.update(fetched)
            found = {key: memory.vectors[key] for key in ids if key in memory.vectors}
            while len(memory.vectors) > REMEMBERED:
                memory.vectors.popitem(last=False)
        return found

    def _current(self) -> _Memory:
        """The memory of the generation in service: a new one forgets everything."""
        generation = self._index.fingerprint()
        with self._lock:
            if self._memory.generation != generation:
                self._memory = _Memory(generation)
            return self._memory


def _linked(near: Sequence[SituationHit], situations: Mapping[str, Situation]) -> list[str]:
    likely = [situations[hit.id] for hit in near if hit.score >= FETCHED and hit.id in situations]
    return [key for one in likely for key in (*one.cases, *one.guidelines)]


def _few_rows(vectors: Matrix, most: int) -> Matrix:
    if len(vectors) <= most:
        return vectors
    places = [0, *(1 + place * (len(vectors) - 1) // (most - 1) for place in range(most - 1))]
    rows: Matrix = vectors[places]
    return rows


def _passage(document: Document, likeness: float, near: Sequence[SituationHit]) -> Passage:
    linked = max((hit.score for hit in near if hit.id in document.situations), default=0.0)
    linked = NEAR_CASE if linked >= SURE_LINK else 0.0
    return Passage(
        document.id,
        document.kind,
        document.title,
        _why(document, near),
        score=min(max(likeness, linked, 0.0), 1.0),
        text=document.body,
        questions=document.questions,
    )


def _why(document: Document, near: Sequence[SituationHit]) -> str:
    shared = [hit.name for hit in near[:3] if hit.id in document.situations]
    if shared:
        # Names begin with a capital; only an abbreviation keeps it in the middle of a sentence.
        first = shared[0]
        situation = first if first[1:2].isupper() else f"{first[:1].lower()}{first[1:]}"
        return Sentence("Also about: {situation}", situation=situation)
    if document.function:
        told = "Something near to this, met in another place: {function}."
        return Sentence(told, function=document.function)
    return "Near to what you wrote."
