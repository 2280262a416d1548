"""What all arms and modes of one run share: store, index, embedder, the stub, recorded answers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coach.adapters.signpost_files import read_signposts
from coach.bootstrap import Coach, assemble, open_coach, open_rankers
from coach.bundled import bundled
from coach.domain.model import PROGRAMME
from coach.services.ingest import quiet
from coach.settings import Settings
from evals.model import Arm, Json, Mode
from evals.recorded import AnswerStore
from evals.sharing import SharedEmbedder, shared, sharing
from evals.stub import StubServer
from evals.stub.faults import MODES
from evals.systems import EmbeddedSystem, ModelSystem

STUB_MODEL = "openai:stub"


class StubHouse:
    """The stub as systems see it: how many requests have arrived, and which."""

    def __init__(self, server: StubServer) -> None:
        self.server = server

    def url(self, mode: str = "") -> str:
        """Where it listens; by default as the stub that obeys its prompt, or the good one without it."""
        return self.server.url(mode or ("obeying" if "obeying" in MODES else "good"))

    def count(self) -> int:
        return self.server.count()

    def arrived(self, begin: int, end: int) -> list[Json]:
        return [one.body for one in self.server.requests(since=begin, until=end)]


@dataclass(frozen=True, slots=True)
class House:
    """What all arms and modes of one run share.

    Attributes:
        coach: over the run's throw-away store, with the corpus in it.
        work: a folder that goes with the run.
        seed: of the run.
        stub: while it runs.
    """

    coach: Coach
    work: Path
    seed: int
    stub: StubHouse | None
    answers: AnswerStore | None

    def system(self, arm: Arm, mode: Mode, prompts: Path) -> EmbeddedSystem:
        """Open an arm.

        Raises:
            SettingsRefused: a prompt file is not right, or the language model cannot be opened.
        """
        settings = self._settings(mode, prompts)
        signposts = read_signposts(prompts / "embedded" / "signposts.yaml", settings.contacts)
        coach = assemble(settings, replace(self.coach.parts, signposts=signposts))
        coach = shared(coach, self.coach)
        if mode is Mode.EMBEDDED:
            return EmbeddedSystem(arm, mode, coach, prompts, self)
        store = self.answers if mode in (Mode.LLM, Mode.REPLAY) else None
        return ModelSystem(arm, mode, coach, prompts, self, store)

    def _settings(self, mode: Mode, prompts: Path) -> Settings:
        settings = replace(self.coach.settings, prompts=prompts)
        if mode is Mode.EMBEDDED:
            return replace(settings, writer="bank", model="", model_base_url="", model_key="")
        if mode is Mode.STUB and self.stub is not None:
            return replace(
                settings, writer="llm", model=STUB_MODEL, model_base_url=self.stub.url(), model_key="none"
            )
        # Replay never opens its model; the bank stands in its place in the assembled program.
        return replace(settings, writer="bank" if mode is Mode.REPLAY else "llm")

    @contextmanager
    def own_store(self, settings: Settings) -> Iterator[Coach]:
        """A coach like this arm's over a store of its own."""
        parts = self.coach.parts
        shared = {"embedder": parts.embedder, "corpus_embedder": parts.corpus_embedder}
        judges = {"advice": parts.advice, "screener": parts.screener}
        with tempfile.TemporaryDirectory(dir=self.work) as folder:
            own = settings.throwaway(Path(folder))
            with open_coach(own, **shared, **judges, read_corpus=parts.read_corpus) as coach:
                fill(coach)
                yield coach


def fill(coach: Coach) -> None:
    """Read the program's corpus into an empty store, without a word on the screen."""
    corpus = coach.parts.read_corpus(coach.settings.corpus or bundled("corpus"), PROGRAMME)
    coach.ingest.take(corpus.situations, corpus.documents, PROGRAMME, quiet)


@contextmanager
def open_house(
    settings: Settings,
    work: Path,
    modes: Sequence[Mode],
    seed: int = 0,
    answers: Path | None = None,
    **overrides: Any,
) -> Iterator[House]:
    """Open the program once for a whole run.

    Args:
        settings: of this process; their store is not touched.
        work: an empty folder for the throw-away store.
        modes: the stub is started only when it is among them.
        seed: of the stub's chance.
        answers: folder of recorded answers.
        overrides: parts of the program that a test replaces.

    Yields:
        The house; everything is let go at the end.

    Raises:
        UserError: a setting or model is not right.
    """
    with ExitStack() as stack:
        if "embedder" not in overrides:
            overrides["embedder"] = open_rankers(settings).embedder
        overrides["embedder"] = SharedEmbedder(overrides["embedder"])
        coach = stack.enter_context(open_coach(_plain(settings, work), **overrides))
        fill(coach)
        coach = sharing(coach)
        stub = StubHouse(stack.enter_context(StubServer())) if Mode.STUB in modes else None
        with_model = replace(
            coach.settings,
            model=settings.model,
            model_base_url=settings.model_base_url,
            model_key=settings.model_key,
        )
        coach = replace(coach, settings=with_model)
        yield House(coach, work, seed, stub, AnswerStore(answers) if answers else None)


def _plain(settings: Settings, work: Path) -> Settings:
    """Over a store of the run's own, and without the model: each system opens its own."""
    return replace(settings.throwaway(work), writer="bank", model="", prompts=None)
