"""The arm's own coach with its language model at another address: for what the common stub cannot show.

The whole turn is the product's; only the address, the deadline and the eyes on the calls are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from langchain_core.language_models import BaseChatModel

from coach.adapters.chat_call import ChatCall
from coach.adapters.chat_models import Wanted, open_chat_model
from coach.adapters.langchain_writer import PROMPT, LangchainWriter, Shares, read_whys
from coach.adapters.prompt_files import read_prompt
from coach.domain.model import PROGRAMME, Brief, Draft, Turn
from coach.domain.text import accept
from coach.ports import Writer
from coach.services.reflect import History
from evals.model import Json, Sample, System
from evals.recorded import Calls, Identity, RecordedModel

MODEL = "openai:stub"
NEW = History()  # of a conversation that begins


@dataclass(slots=True)
class Elsewhere:
    """As much of model.System as a turn needs.

    Attributes:
        system: the arm.
        writer: of this arm's prompt, opened at the address.
        calls: what was asked of the model so far, over all turns.
        drafts: what it proposed, before the gate saw it.
    """

    system: System
    writer: LangchainWriter
    calls: Calls
    drafts: list[Draft] = field(default_factory=list)

    @property
    def coach(self) -> Any:
        """See model.System."""
        return self.system.coach

    def turn(
        self, sample: Sample, epoch: int, text: str, history: History = NEW, names: Sequence[str] = ()
    ) -> Turn:
        """See model.System; whatever the address answers is the product's to bear."""
        del sample, epoch
        watched = cast(Writer, _Watched(self.writer, self.drafts.append))
        thinking = replace(self.coach.thinking, writer=watched)
        turn: Turn = thinking.turn(accept(text, thinking.limit), [PROGRAMME], history, names)[0]
        return turn

    def requests(self, sample: Sample, epoch: int) -> list[Json]:
        """See model.System."""
        del sample, epoch
        return self.calls.requests


def elsewhere(system: System, url: str, deadline: float) -> Elsewhere:
    """The arm's writer over a provider at `url`.

    Args:
        system: whose prompts and program are used.
        url: base URL of an OpenAI-compatible provider on loopback.
        deadline: seconds of a whole turn, two calls included.

    Raises:
        SettingsRefused: a prompt file is not right.
    """
    prompt, calls = read_prompt(system.prompts / PROMPT), Calls()
    most, warmth = prompt.options.get("maxOutputTokens"), prompt.options.get("temperature")
    tokens, seconds = (None if most is None else int(most)), Shares.of(deadline).first

    def opened(temperature: float | None) -> BaseChatModel:
        model = open_chat_model(Wanted(MODEL, url, "none", seconds, temperature, tokens))
        # ChatCall calls `invoke` and nothing else of a model.
        return cast(BaseChatModel, RecordedModel(model, Identity(MODEL, url, {}, 1), calls))

    whys = read_whys(system.prompts / "embedded" / "whys.yaml")
    call = ChatCall(opened(warmth), opened(None))
    return Elsewhere(system, LangchainWriter(prompt, call, MODEL, deadline, whys), calls)


@dataclass(frozen=True, slots=True)
class _Watched:
    """Implements ports.Writer: tells what was proposed."""

    writer: LangchainWriter
    tell: Callable[[Draft], object]
    name: str = "llm"

    def write(self, brief: Brief, failed: Sequence[str] = ()) -> Draft:
        draft = self.writer.write(brief, failed)
        self.tell(draft)
        return draft
