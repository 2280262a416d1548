"""The coach of one arm, opened in one mode. Both arms share everything but their prompts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from langchain_core.language_models import BaseChatModel

from coach.adapters.chat_call import ChatCall
from coach.adapters.chat_models import Wanted, open_chat_model
from coach.adapters.langchain_writer import PROMPT, LangchainWriter, Shares, read_whys
from coach.adapters.prompt_files import Prompt, read_prompt
from coach.bootstrap import Coach
from coach.domain.model import PROGRAMME, Brief, Draft, Turn
from coach.domain.text import accept
from coach.errors import WriterRefused, WriterTimeout, WriterUnavailable
from coach.ports import Writer
from coach.services.reflect import History
from coach.settings import Settings
from evals.model import Arm, InfrastructureFault, Json, Mode, Sample
from evals.recorded import AnswerStore, Calls, Identity, RecordedModel

if TYPE_CHECKING:
    from evals.house import House

NEW = History()  # of a conversation that begins


class NeedsRealRun(Exception):
    """Replay: the request of this turn was never recorded, so the prompt needs a run with the model."""


class EmbeddedSystem:
    """Implements model.System with the embedded writer: nothing leaves, nothing is drawn by lot."""

    def __init__(self, arm: Arm, mode: Mode, coach: Coach, prompts: Path, house: House) -> None:
        """
        Args:
            arm, mode: which side this is, and what stands behind it.
            coach: assembled with this arm's prompts.
            prompts: their folder.
            house: what the arms share.
        """
        self.arm = arm
        self.mode = mode
        self.prompts = prompts
        self._coach = coach
        self._house = house

    @property
    def coach(self) -> Coach:
        """See model.System. Both arms share one store: whoever writes to it takes `own_coach`."""
        return self._coach

    @contextmanager
    def own_coach(self) -> Iterator[Coach]:
        """This arm's coach over a new store with the corpus in it, for tasks that write to it."""
        with self._house.own_store(self._coach.settings) as coach:
            yield coach

    def turn(
        self, sample: Sample, epoch: int, text: str, history: History = NEW, names: Sequence[str] = ()
    ) -> Turn:
        """See model.System."""
        del sample, epoch  # the embedded writer knows no chance
        thinking = self._coach.thinking
        return thinking.turn(accept(text, thinking.limit), [PROGRAMME], history, names)[0]

    def drafts(self, sample: Sample, epoch: int) -> list[Draft]:
        """See model.System."""
        del sample, epoch
        return []

    def replies(self, sample: Sample, epoch: int) -> list[str]:
        """See model.System."""
        del sample, epoch
        return []

    def requests(self, sample: Sample, epoch: int) -> list[Json]:
        """See model.System."""
        del sample, epoch
        return []

    def usage(self, sample: Sample, epoch: int) -> tuple[int, int, int]:
        """See model.System."""
        del sample, epoch
        return (0, 0, 0)

    def spent(self, sample: Sample, epoch: int) -> int:
        """Tokens of this sample that had to be paid: recorded answers are free."""
        del sample, epoch
        return 0

    def answers(self, sample: Sample, epoch: int) -> tuple[str, ...]:
        """Keys of the recorded answers behind this sample."""
        del sample, epoch
        return ()

    def forget(self, sample: Sample, epoch: int) -> None:
        """Let go of what was noted of a sample; also before it is run again."""


@dataclass
class _Noted:
    """What the turns of one sample and epoch left behind."""

    calls: list[Calls]
    drafts: list[Draft]
    arrived: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Models:
    """The chat model of an arm, with and without sampling options; None answers from the store alone."""

    model: BaseChatModel | None
    plain: BaseChatModel | None
    parameters: Json


class ModelSystem(EmbeddedSystem):
    """Implements model.System with the writer that asks a language model: stub, llm and replay."""

    def __init__(
        self, arm: Arm, mode: Mode, coach: Coach, prompts: Path, house: House, store: AnswerStore | None
    ) -> None:
        """
        Args:
            store: of answers; None keeps none.

        Raises:
            SettingsRefused: no such model, or a prompt file that is not right.
        """
        super().__init__(arm, mode, coach, prompts, house)
        self._prompt = read_prompt(prompts / PROMPT)
        self._whys = read_whys(prompts / "embedded" / "whys.yaml")
        self._models = open_models(self._prompt, coach.settings, closed=mode is Mode.REPLAY)
        self._store = store
        self._noted: dict[tuple[str, int], _Noted] = {}

    def turn(
        self, sample: Sample, epoch: int, text: str, history: History = NEW, names: Sequence[str] = ()
    ) -> Turn:
        """See model.System.

        Raises:
            InfrastructureFault: the machine around the model failed.
            NeedsRealRun: replay, and this request was never recorded.
        """
        calls, noted = Calls(), self._of(sample, epoch)
        noted.calls.append(calls)
        stub = self._house.stub if self.mode is Mode.STUB else None
        before = stub.count() if stub else 0
        writer = _Watched(self._writer(sample, epoch, calls), calls, noted.drafts)
        thinking = replace(self._coach.thinking, writer=cast(Writer, writer))
        turn = thinking.turn(accept(text, thinking.limit), [PROGRAMME], history, names)[0]
        if stub:
            noted.arrived.append((before, stub.count()))
        if calls.unrecorded:
            raise NeedsRealRun(sample.id)
        if writer.fault:
            raise InfrastructureFault(writer.fault)
        return turn

    def drafts(self, sample: Sample, epoch: int) -> list[Draft]:
        """See model.System."""
        return self._of(sample, epoch).drafts

    def replies(self, sample: Sample, epoch: int) -> list[str]:
        """See model.System."""
        return [reply for calls in self._of(sample, epoch).calls for reply in calls.replies]

    def requests(self, sample: Sample, epoch: int) -> list[Json]:
        """See model.System. In stub mode these are the bodies that arrived, not those that were meant."""
        noted, stub = self._of(sample, epoch), self._house.stub
        if self.mode is not Mode.STUB or stub is None:
            return [body for calls in noted.calls for body in calls.requests]
        seed = self._seed(sample, epoch)
        spans = [stub.arrived(begin, end) for begin, end in noted.arrived]
        return [body for span in spans for body in span if body.get("seed") == seed]

    def usage(self, sample: Sample, epoch: int) -> tuple[int, int, int]:
        """See model.System."""
        calls = self._of(sample, epoch).calls
        return (
            sum(one.tokens_in for one in calls),
            sum(one.tokens_out for one in calls),
            sum(len(one.requests) for one in calls),
        )

    def spent(self, sample: Sample, epoch: int) -> int:
        return sum(one.paid_in + one.paid_out for one in self._of(sample, epoch).calls)

    def answers(self, sample: Sample, epoch: int) -> tuple[str, ...]:
        return tuple(key for calls in self._of(sample, epoch).calls for key in calls.keys)

    def forget(self, sample: Sample, epoch: int) -> None:
        self._noted.pop((sample.id, epoch), None)

    def _of(self, sample: Sample, epoch: int) -> _Noted:
        return self._noted.setdefault((sample.id, epoch), _Noted([], [], []))

    def _seed(self, sample: Sample, epoch: int) -> int:
        """Keys the stub's chance: another for each arm, so that equal prompts still differ by noise.

        And another for each prompt: else all harmless changes of one seed would share its luck.
        """
        told = f"{self._house.seed}/{self.arm}/{self._prompt.sha256}/{sample.id}/{epoch}"
        return int(hashlib.sha256(told.encode()).hexdigest()[:8], 16) & 0x7FFFFFFF

    def _writer(self, sample: Sample, epoch: int, calls: Calls) -> LangchainWriter:
        settings = self._coach.settings
        stub = self.mode is Mode.STUB
        extra = {"seed": self._seed(sample, epoch)} if stub else {}
        address = "" if stub else settings.model_base_url  # the stub's port is another in every run

        def noted(model: BaseChatModel | None, parameters: Json) -> BaseChatModel:
            identity = Identity(settings.model, address, parameters, epoch, extra)
            # ChatCall calls `invoke` and nothing else of a model.
            return cast(BaseChatModel, RecordedModel(model, identity, calls, self._store))

        parameters = self._models.parameters
        plain = {key: value for key, value in parameters.items() if key != "temperature"}
        call = ChatCall(noted(self._models.model, parameters), noted(self._models.plain, plain))
        return LangchainWriter(self._prompt, call, settings.model, settings.deadline_seconds, self._whys)


class _Watched:
    """Implements ports.Writer: keeps what was proposed, and tells the machine's faults from the product's."""

    name = "llm"

    def __init__(self, writer: LangchainWriter, calls: Calls, drafts: list[Draft]) -> None:
        self._writer = writer
        self._calls = calls
        self._drafts = drafts
        self.fault = ""

    def write(self, brief: Brief, failed: Sequence[str] = ()) -> Draft:
        try:
            draft = self._writer.write(brief, failed)
        except WriterUnavailable as fault:
            if isinstance(fault, WriterTimeout) or (
                isinstance(fault, WriterRefused) and self._calls.infrastructure
            ):
                self.fault = self._calls.fault or type(fault).__name__
            raise
        self._drafts.append(draft)
        return draft


def open_models(prompt: Prompt, settings: Settings, closed: bool = False) -> Models:
    """The chat model of the settings with a prompt's options, as the product opens it.

    Args:
        closed: open none; only what would be sent is known.

    Raises:
        SettingsRefused: no such model, or its package or key is missing.
    """
    most, temperature = prompt.options.get("maxOutputTokens"), prompt.options.get("temperature")
    parameters = {"model": settings.model, "temperature": temperature, "max_tokens": most}
    parameters = {key: value for key, value in parameters.items() if value is not None}
    if closed:
        return Models(None, None, parameters)

    def opened(warmth: float | None) -> BaseChatModel:
        seconds = Shares.of(settings.deadline_seconds).first
        tokens = None if most is None else int(most)
        return open_chat_model(
            Wanted(settings.model, settings.model_base_url, settings.model_key, seconds, warmth, tokens)
        )

    return Models(opened(temperature), opened(None), parameters)
