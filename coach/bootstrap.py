"""Puts the house together: the only place that sees every part."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from coach.bundled import bundled, data_file
from coach.domain.coverage import Coverage
from coach.domain.model import PROGRAMME, Document, Passage, ScreenKind
from coach.errors import SettingsRefused
from coach.ports import (
    Audit,
    Classifier,
    Clock,
    Corpus,
    Embedder,
    Journal,
    Keeping,
    Library,
    Outbox,
    People,
    Remembering,
    Screener,
    Sessions,
    VectorIndex,
    WordIndexes,
    Writer,
    WriterParts,
)
from coach.services.accounts import AccountService, PasswordHasher, TryLimit
from coach.services.gate import Gate
from coach.services.groups import GroupService
from coach.services.ingest import IngestService, Progress
from coach.services.journal import JournalService
from coach.services.peers import PeerService
from coach.services.reflect import ReflectService, Thinking
from coach.services.retrieve import Retriever
from coach.services.vocabulary import Vocabulary
from coach.settings import Settings, bare_environment, quiet_libraries


@dataclass(frozen=True, slots=True)
class Parts:
    """Every port, filled. Tests put fakes in; `open_coach` puts the real ones."""

    embedder: Embedder
    corpus_embedder: Embedder  # remembers texts that everybody may read, and only those
    index: VectorIndex
    word_index: WordIndexes
    advice: Classifier
    screener: Screener
    library: Library
    outbox: Outbox
    journal: Journal
    people: People
    sessions: Sessions
    audit: Audit
    hasher: PasswordHasher
    tries: TryLimit
    clock: Clock
    signposts: Mapping[ScreenKind, str]
    read_corpus: Callable[[Path, str], Corpus]
    elsewhere: Sequence[str] = ()  # texts about nothing of the vocabulary, to know strangers by
    keeping: Keeping | None = None  # what was worked out of the vocabulary


@dataclass(frozen=True, slots=True)
class Judges:
    """What judges texts without a store: the rubric's classifier and the screen."""

    advice: Classifier
    screener: Screener


@dataclass(frozen=True, slots=True)
class Coach:
    """The program as its pages, commands and evals see it."""

    settings: Settings
    reflect: ReflectService
    journal: JournalService
    accounts: AccountService
    groups: GroupService
    ingest: IngestService
    retriever: Retriever
    thinking: Thinking
    sessions: Sessions
    parts: Parts


@contextmanager
def open_coach(settings: Settings, **overrides: Any) -> Iterator[Coach]:
    """Open the program.

    Args:
        settings: as read from the environment, or made by a test.
        overrides: fields of Parts to use in place of the real ones.

    Yields:
        The whole program; files and connections are let go at the end.

    Raises:
        UserError: a setting, key or model is not right; the sentence says what to do.
        StoreUnavailable: the database cannot be opened.
    """
    quiet_libraries()
    with ExitStack() as stack:
        yield assemble(settings, Parts(**_real_parts(settings, overrides, stack)))


def open_judges(settings: Settings) -> Judges:
    """The classifiers alone, for commands that need no store.

    Raises:
        ModelRefused: the embedded model is missing or wrong.
    """
    quiet_libraries()
    parts: dict[str, Any] = {}
    with ExitStack() as stack:
        _add_models(settings, parts, stack)
    return Judges(parts["advice"], parts["screener"])


@dataclass(frozen=True, slots=True)
class Rankers:
    """What ranks texts without a store."""

    embedder: Embedder
    word_index: WordIndexes


def open_rankers(settings: Settings) -> Rankers:
    """The product's embedder and word index alone, for measuring.

    Raises:
        ModelRefused: the embedding model is missing or wrong.
    """
    from coach.adapters.bm25 import Bm25Index

    quiet_libraries()
    name, _, argument = settings.embedder.partition(":")
    return Rankers(_make("coach.embedders", name, settings.cache, argument), Bm25Index)


@dataclass(frozen=True, slots=True)
class CorpusTools:
    """What reads and judges corpus files without a store."""

    folder: Path  # of the corpus in force
    read: Callable[[Path], Corpus]
    line_of: Callable[[Path, str, str], tuple[str, int]]
    page: Callable[[Coverage], str]
    embedder: Embedder
    advice: Classifier


def open_corpus_tools(settings: Settings) -> CorpusTools:
    """Tools for those who edit the corpus.

    Raises:
        ModelRefused: the embedded model is missing or wrong.
    """
    from coach.adapters.corpus_files import line_of, read_corpus
    from coach.adapters.corpus_report import page

    quiet_libraries()
    parts: dict[str, Any] = {}
    with ExitStack() as stack:
        _add_models(settings, parts, stack)
    folder = settings.corpus or bundled("corpus")
    draw = partial(page, template_file=data_file("corpus_report.html"))
    return CorpusTools(folder, read_corpus, line_of, draw, parts["corpus_embedder"], parts["advice"])


@contextmanager
def sole_server(settings: Settings) -> Iterator[None]:
    """Hold the data folder while serving: Gradio's queue and the limits on tries live in one process.

    Raises:
        DataFolderBusy: another server holds it; it is not disturbed.
        StoreUnavailable: the folder cannot be written.
    """
    from coach.adapters.folder_lock import only_one

    with only_one(settings.home):
        yield


def erase(folder: Path) -> None:
    """Remove the folder of a throw-away programme, whoever is still late in it."""
    from coach.adapters import erasing

    erasing.erase(folder)


def prompts_folder(settings: Settings) -> Path:
    """The prompts in force: those that evaluators activated, else the setting's, else the program's own.

    Raises:
        SettingsRefused: the activated ones are gone or were changed on disk.
    """
    from coach.adapters.active_prompts import active_folder

    return active_folder(settings.home) or settings.prompts or bundled("prompts")


def open_index(folder: Path, url: str = "") -> VectorIndex:
    """The vector index of a folder, or of a Chroma server; its caller closes it."""
    if url:
        from coach.adapters.chroma_server import ChromaServer

        return ChromaServer(folder, url)
    from coach.adapters.chroma_index import ChromaIndex

    return ChromaIndex(folder, bare_environment())


def _real_parts(settings: Settings, overrides: Mapping[str, Any], stack: ExitStack) -> dict[str, Any]:
    """The production default of every part that is not overridden."""
    parts = dict(overrides)
    parts.setdefault("clock", now)
    _add_models(settings, parts, stack)
    _add_store(settings, parts, stack)
    if "index" not in parts:
        index = open_index(settings.home / "index", settings.chroma_url)
        parts["index"] = index
        stack.callback(index.close)
    if "word_index" not in parts:
        from coach.adapters.bm25 import Bm25Index

        parts["word_index"] = Bm25Index
    if "keeping" not in parts:
        from coach.adapters.kept_arrays import KeptArrays

        parts["keeping"] = KeptArrays(settings.cache, "vocabulary")
    if "read_corpus" not in parts:
        from coach.adapters.corpus_files import read_corpus

        parts["read_corpus"] = read_corpus
    if "elsewhere" not in parts:
        from coach.adapters.corpus_files import read_elsewhere

        parts["elsewhere"] = read_elsewhere(data_file("elsewhere.yaml"))
    if "signposts" not in parts:
        from coach.adapters.following import Following, FollowingSignposts
        from coach.adapters.signpost_files import read_signposts

        def signposts(folder: Path) -> Mapping[ScreenKind, str]:
            return read_signposts(folder / "embedded" / "signposts.yaml", settings.contacts)

        parts["signposts"] = FollowingSignposts(Following(partial(prompts_folder, settings), signposts))
    return parts


def _add_models(settings: Settings, parts: dict[str, Any], stack: ExitStack) -> None:
    if "embedder" not in parts:
        name, _, argument = settings.embedder.partition(":")
        parts["embedder"] = _make("coach.embedders", name, settings.cache, argument)
    if "corpus_embedder" not in parts:
        from coach.adapters.vector_cache import CachedEmbedder

        parts["corpus_embedder"] = CachedEmbedder(parts["embedder"], settings.cache)
        stack.callback(parts["corpus_embedder"].save)
    # The classifiers were trained on the embedded model's vectors and mean nothing on others.
    judging = parts["embedder"]
    if judging.name != "all-MiniLM-L6-v2" and not {"advice", "screener"} <= parts.keys():
        judging = _make("coach.embedders", "minilm", settings.cache, "")
    if "advice" not in parts:
        from coach.adapters.linear_classifier import LinearClassifier

        parts["advice"] = LinearClassifier(judging, data_file("noadvice.json"))
    if "screener" not in parts:
        from coach.adapters.screener import Screener as RealScreener

        parts["screener"] = RealScreener(judging, data_file("screen.json"))


def _add_store(settings: Settings, parts: dict[str, Any], stack: ExitStack) -> None:
    ports = ("library", "outbox", "journal", "people", "sessions", "audit")
    if not set(ports) <= parts.keys():
        from coach.adapters.crypto import MasterKey
        from coach.adapters.sql.store import open_store

        key = MasterKey.load(settings.key_file, settings.home)
        store = stack.enter_context(open_store(settings.sql_url, key, parts["clock"]))
        for port in ports:
            parts.setdefault(port, getattr(store, port))
    if "hasher" not in parts:
        from coach.adapters.passwords import Argon2

        parts["hasher"] = Argon2()
    if "tries" not in parts:
        from coach.adapters.try_limit import MovingWindow

        parts["tries"] = MovingWindow()


def assemble(settings: Settings, parts: Parts) -> Coach:
    """Services over ports; wiring and nothing else."""
    vocabulary = Vocabulary(
        parts.library,
        parts.corpus_embedder,
        parts.word_index,
        parts.index.fingerprint,
        parts.elsewhere,
        parts.keeping,
    )
    retriever = Retriever(parts.library, parts.index, vocabulary.map, parts.word_index)
    bank, writer = _writers(settings, parts, vocabulary)
    gate = Gate(parts.advice, parts.embedder, vocabulary.question_vectors)
    thinking = Thinking(
        parts.embedder,
        parts.screener,
        retriever,
        writer,
        bank,
        gate,
        parts.signposts,
        settings.reflection_limit,
    )
    reflect = ReflectService(
        thinking, parts.journal, parts.library, parts.people, PeerService(parts.people), parts.clock
    )

    return Coach(
        settings=settings,
        reflect=reflect,
        journal=JournalService(parts.journal, parts.audit, parts.people),
        accounts=AccountService(
            parts.people, parts.sessions, parts.audit, parts.hasher, parts.tries, parts.clock
        ),
        groups=GroupService(parts.people, parts.audit),
        ingest=_ingest(parts, vocabulary),
        retriever=retriever,
        thinking=thinking,
        sessions=parts.sessions,
        parts=parts,
    )


def _ingest(parts: Parts, vocabulary: Vocabulary) -> IngestService:
    memory = parts.corpus_embedder

    def scopes() -> list[str]:
        return [PROGRAMME, *(group.id for group in parts.people.groups())]

    def begins() -> None:
        if isinstance(memory, Remembering):
            memory.renew()

    def settled(progress: Progress) -> None:
        """The vocabulary is asked for once more: the memory keeps it, and forgets what was withdrawn."""
        vocabulary.learn(progress)
        if isinstance(memory, Remembering):
            memory.save()

    return IngestService(
        parts.library,
        parts.index,
        memory,
        scopes,
        vocabulary.forget,
        parts.outbox,
        parts.embedder,
        begins,
        settled,
    )


def as_retriever(coach: Coach, scopes: Sequence[str] = (PROGRAMME,), limit: int = 4) -> Any:
    """Retrieval for other people's chains.

    Args:
        coach: the program; it must stay open while the retriever is used.
        scopes: whose texts may be found. A group's only on behalf of somebody who is in it.
        limit: at most so many documents.

    Returns:
        A `langchain_core` `BaseRetriever`; `.invoke("my former colleague now reports to me")` gives
        documents, best first, and none when the program would say that nothing is close.
    """
    from coach.adapters.langchain_retriever import CoachRetriever
    from coach.domain.text import accept
    from coach.services.reading import read

    def search(text: str) -> list[tuple[Passage, Document]]:
        found = coach.retriever.find(read(accept(text), coach.parts.embedder), scopes)
        passages = [*found.cases, *found.guidelines][:limit]
        documents = {one.id: one for one in coach.parts.library.documents(scopes, [p.id for p in passages])}
        return [(one, documents[one.id]) for one in passages if one.id in documents]

    return CoachRetriever(search=search)


def _writers(settings: Settings, parts: Parts, vocabulary: Vocabulary) -> tuple[Writer, Writer]:
    """The bank, which is always there, and the writer that proposes first."""
    given = WriterParts(
        embedder=parts.embedder,
        advice=parts.advice,
        situations=vocabulary.situations,
        question_vectors=vocabulary.question_vectors,
        prompts=prompts_folder(settings),
        model=settings.model,
        model_base_url=settings.model_base_url,
        model_key=settings.model_key,
        deadline_seconds=settings.deadline_seconds,
        ranker=json.loads(data_file("ranker.json").read_text(encoding="utf-8"))["weights"],
        mirrors=json.loads(data_file("mirrors.json").read_text(encoding="utf-8"))["weights"],
    )
    bank = _following(settings, "bank", given)
    if settings.writer_name == "bank":
        return bank, bank
    return bank, _following(settings, settings.writer_name, given)


def _following(settings: Settings, name: str, given: WriterParts) -> Writer:
    """A writer that takes up another version of the prompts as soon as evaluators activate it."""
    from coach.adapters.following import Following, FollowingWriter

    def opened(folder: Path) -> Writer:
        made: Writer = _make("coach.writers", name, replace(given, prompts=folder))
        return made

    return FollowingWriter(Following(partial(prompts_folder, settings), opened))


def _make(group: str, name: str, *arguments: object) -> Any:
    """What the factory of an entry point makes: built-in parts come in by the same door as any other.

    Raises:
        SettingsRefused: nothing of that name is installed.
    """
    found = entry_points(group=group, name=name)
    if not found:
        known = ", ".join(sorted(point.name for point in entry_points(group=group)))
        raise SettingsRefused(f"There is no {name!r} among {group}.", f"Please choose one of: {known}.")
    return next(iter(found)).load()(*arguments)


def now() -> datetime:
    """This moment, aware, UTC."""
    return datetime.now(UTC)
