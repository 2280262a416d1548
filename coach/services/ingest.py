"""Corpus into the library, library into the index: the index can be thrown away at any time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from coach.domain.model import PROGRAMME, Document, Situation, Vector
from coach.domain.text import split_sentences
from coach.errors import UserError
from coach.ports import Embedder, Library, Matrix, Outbox, VectorIndex
from coach.services.reading import with_whole

Progress = Callable[[int, int], None]  # done, of how many

MOST_SENTENCES = 58  # of a document: with its title and the whole sixty vectors
PROBES = 20
OVERTAKEN = 5  # builds begun anew because the library changed meanwhile
TOGETHER = 24  # documents embedded in one go
GENERATION = "4"  # raise when what is embedded of a document changes, or how the index is written


def quiet(done: int, total: int) -> None:
    """A progress nobody looks at."""


def _nothing(progress: Progress) -> None:
    """Nobody is told."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one ingest did."""

    situations: int
    documents: int
    withdrawn: int
    rebuilt: bool


class IngestService:
    """Keeps library and index in step."""

    def __init__(
        self,
        library: Library,
        index: VectorIndex,
        embedder: Embedder,
        scopes: Callable[[], Sequence[str]],
        changed: Callable[[], None] = lambda: None,
        outbox: Outbox | None = None,
        plain: Embedder | None = None,
        begins: Callable[[], None] = lambda: None,
        settled: Callable[[Progress], None] = _nothing,
    ) -> None:
        """
        Args:
            library: the truth.
            index: the projection.
            embedder: should remember what it embedded; the programme's corpus hardly changes.
            scopes: every scope there is, the programme's included.
            changed: told after the library changed.
            outbox: what was announced for the index; settled when a generation is in service.
            plain: embeds groups' own documents and remembers nothing, so that nothing of a
                withdrawn one stays; None uses `embedder`.
            begins: told before the library's texts are embedded for a new generation.
            settled: told when that generation is in service: the vocabulary is read once more, with a
                progress over its situations, and what was not asked for since `begins` can go.
        """
        self._library = library
        self._index = index
        self._embedder = embedder
        self._scopes = scopes
        self._changed = changed
        self._outbox = outbox
        self._plain = plain or embedder
        self._begins = begins
        self._settled = settled

    def take(
        self,
        situations: Iterable[Situation],
        documents: Iterable[Document],
        scope: str = PROGRAMME,
        progress: Progress = quiet,
        rebuild: bool = False,
        unreadable: Collection[str] = (),
    ) -> Taken:
        """Make the library of one scope equal to what was read, then bring the index in step.

        Args:
            situations: the vocabulary; only the programme's ingest replaces it, and none leaves it.
            documents: of `scope`; documents of the scope that are not among them are withdrawn.
            scope: the programme, or a group's id.
            progress: told how many texts are embedded.
            rebuild: build a new generation even if nothing changed.
            unreadable: ids whose files are there but could not be read: their earlier version stays.

        Returns:
            What was done. Doing it twice changes nothing the second time.

        Raises:
            UserError: a document has the id of one in another scope; nothing was changed.
            StoreUnavailable: the library may be half new; run it again.
            IndexUnavailable: the library is right, the index is not yet; run it again.
        """
        documents = list(documents)
        situations = list(situations)
        self._refuse_taken(documents, scope)
        before = {document.id for document in self._library.documents([scope])}
        gone = before - {document.id for document in documents} - set(unreadable)
        self._library.put_documents(documents)
        if gone:
            self._library.withdraw(sorted(gone))
        if scope == PROGRAMME and situations:
            read = {one.id for one in situations}
            kept = [one for one in self._library.situations() if one.id in set(unreadable) - read]
            self._library.put_situations([*situations, *kept])
        self._changed()
        rebuilt = self.bring_in_step(progress, rebuild)
        return Taken(len(situations), len(documents), len(gone), rebuilt)

    def _refuse_taken(self, documents: Sequence[Document], scope: str) -> None:
        """An id names one document in the whole store: a group's file must not take over the programme's."""
        others = [one for one in self._scopes() if one != scope]
        taken = self._library.documents(others, [one.id for one in documents]) if others else []
        if taken:
            raise UserError(
                f"The id {taken[0].id!r} belongs to a text of another scope.",
                "Please rename the file and its id.",
            )

    def bring_in_step(self, progress: Progress = quiet, rebuild: bool = False) -> bool:
        """Build a new generation when index and library disagree.

        Returns:
            Whether one was built.

        Raises:
            IndexUnavailable: the index could neither answer nor be built.
        """
        announced = self._outbox.pending() if self._outbox else []
        documents = self._library.documents(list(self._scopes()))
        built = rebuild or not self._in_step(documents) or not self._finds_itself(documents)
        if built:
            self._build(documents, progress)
        elif self._index.tidy():  # whoever built it was stopped before the end
            self._begins()
            self._rows(documents, quiet)  # remembered: only what is asked for again may be kept
            self._settled(quiet)
        if self._outbox and announced:
            self._outbox.done(row.seq for row in announced)
        return built

    def _in_step(self, documents: Sequence[Document]) -> bool:
        return self._index.fingerprint() == self._fingerprint(documents)

    def _build(self, documents: Sequence[Document], progress: Progress) -> None:
        """Build, and again while another process changes the library meanwhile: it may withdraw a case."""
        situations = len(self._library.situations())

        def reading(done: int, total: int) -> None:
            progress(done, total + situations)

        for _ in range(1 + OVERTAKEN):
            self._begins()
            self._index.rebuild(self._rows(documents, reading), self._fingerprint(documents))
            documents = self._library.documents(list(self._scopes()))
            if self._in_step(documents):
                break
        before = len(documents)
        self._settled(lambda done, total: progress(before + done, before + total))

    def _rows(self, documents: Sequence[Document], progress: Progress) -> dict[str, dict[str, Matrix]]:
        """The vectors of every document by scope, embedded many at a time: like lengths share a batch."""
        rows: dict[str, dict[str, Matrix]] = {scope: {} for scope in self._scopes()}
        for start in range(0, len(documents), TOGETHER):
            few = documents[start : start + TOGETHER]
            for embedder in dict.fromkeys((self._embedder, self._plain)):
                mine = [one for one in few if self._embedder_of(one) is embedder]
                texts = {one.id: texts_of(one) for one in mine}
                vectors = embedder.embed([text for one in mine for text in texts[one.id]])
                place = 0
                for one in mine:
                    mine_end = place + len(texts[one.id])
                    rows[one.scope][one.id] = with_whole(texts[one.id], vectors[place:mine_end])
                    place = mine_end
            progress(start + len(few), len(documents))
        return rows

    def catch_up(self) -> bool:
        """Build a new generation if something was announced since the last one; cheap when nothing was."""
        return bool(self._outbox and self._outbox.pending() and self.bring_in_step())

    def _embedder_of(self, document: Document) -> Embedder:
        return self._embedder if document.scope == PROGRAMME else self._plain

    def _fingerprint(self, documents: Sequence[Document]) -> str:
        lines = sorted(f"{one.scope} {one.id} {one.content_hash}" for one in documents)
        vocabulary = hashlib.sha256(repr(self._library.situations()).encode()).hexdigest()
        return hashlib.sha256(
            "\n".join([GENERATION, self._embedder.name, vocabulary, *lines]).encode()
        ).hexdigest()

    def _finds_itself(self, documents: Sequence[Document]) -> bool:
        chosen = Random(0).sample(list(documents), min(PROBES, len(documents)))  # noqa: S311 - a sample
        probes = {one.id: (one.scope, self._whole(one)) for one in chosen}
        return self._index.healthy(probes)

    def _whole(self, document: Document) -> Vector:
        texts = texts_of(document)
        whole: Vector = with_whole(texts, self._embedder_of(document).embed(texts))[0]
        return whole


def texts_of(document: Document) -> list[str]:
    """What is embedded of a document: its title and its sentences.

    Headings are left out: they stand in every case and would make all cases alike.
    """
    lines = [line for line in document.body.split("\n") if not line.lstrip().startswith("#")]
    body = "\n".join(lines).strip()
    return [f"{document.title}.", *split_sentences(body)[:MOST_SENTENCES]]
