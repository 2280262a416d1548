"""The writer that asks a language model, any that LangChain can open.

What it sends is pseudonymised and bounded; what comes back is checked before anybody sees it; and the
whole turn stays inside one deadline, whatever the provider does.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage

from coach.adapters.chat_call import ChatCall
from coach.adapters.chat_models import Wanted, open_chat_model
from coach.adapters.llm_reply import read_concern, read_reply
from coach.adapters.outgoing import Outgoing, outgoing
from coach.adapters.prompt_files import Prompt, read_prompt
from coach.adapters.safe_yaml import mapping_or_nothing
from coach.domain.model import Brief, Draft, Lens, Origin, ScreenKind
from coach.errors import SettingsRefused, WriterGarbled, WriterTimeout, WriterUnavailable
from coach.ports import Writer, WriterParts

PROMPT = "reflection-questions.prompty"
FIRST_SHARE = 0.55  # of the deadline for the first proposal; the rewrite gets what is left
LONGEST_RESERVE = 1.0  # seconds kept back for the bank and the gate
RESERVE_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Shares:
    """How one turn's deadline is divided.

    The two calls of a turn know nothing of each other, so each has a fixed share: the sum and the
    reserve never exceed the deadline.
    """

    first: float
    rewrite: float

    @classmethod
    def of(cls, deadline: float) -> Shares:
        """Args: deadline: total seconds of a turn, above 0."""
        reserve = min(LONGEST_RESERVE, RESERVE_SHARE * deadline)
        return cls(FIRST_SHARE * deadline, (1 - FIRST_SHARE) * deadline - reserve)


class LangchainWriter:
    """Implements ports.Writer."""

    name = "llm"

    def __init__(
        self,
        prompt: Prompt,
        call: ChatCall,
        model: str,
        deadline_seconds: float,
        whys: Mapping[Lens, str],
    ) -> None:
        """
        Args:
            prompt: with the variables that `outgoing` fills.
            call: the model behind a deadline.
            model: its id, for the origin.
            deadline_seconds: of a whole turn, two calls included.
            whys: one plain sentence a lens.
        """
        self._prompt = prompt
        self._template = prompt.template()
        self._call = call
        self._origin = Origin("llm", prompt.name, prompt.version, prompt.sha256, model)
        self._shares = Shares.of(deadline_seconds)
        self._whys = whys

    def write(self, brief: Brief, failed: Sequence[str] = ()) -> Draft:
        """See ports.Writer.

        The first call of a turn may retry once, the rewrite never: at most three requests a turn.

        Raises:
            WriterTimeout, WriterRefused, WriterGarbled: without a word of the text or of the
                provider; the caller falls back to the bank.
        """
        until = time.monotonic() + (self._shares.rewrite if failed else self._shares.first)
        prepared = self._prepared(brief, failed)
        if isinstance(prepared, WriterUnavailable):
            raise prepared
        sent, messages = prepared
        seconds = until - time.monotonic()
        if seconds <= 0:
            raise WriterTimeout("Preparing the text took all the time there was.")
        reply = self._call.ask(messages, seconds, retry=not failed)
        concern = read_concern(reply)
        if concern is not ScreenKind.NONE:
            return Draft("", (), self._origin, concern)
        mirror, questions = read_reply(reply, sent, self._whys)
        return Draft(mirror, questions, self._origin)

    def _prepared(
        self, brief: Brief, failed: Sequence[str]
    ) -> tuple[Outgoing, list[BaseMessage]] | WriterUnavailable:
        """What is to be sent, or why nothing may be; a text that cannot be redacted does not leave."""
        try:
            sent = outgoing(brief, failed)
            return sent, self._template.format_messages(**sent.filled(self._prompt))
        except Exception:  # noqa: BLE001 - whatever went wrong, the bank answers, and no error carries the text on
            return WriterGarbled("The text could not be prepared for the language model.")


def make(parts: WriterParts) -> Writer:
    """Entry point `coach.writers: llm`.

    Raises:
        SettingsRefused: no model, a package or key that is missing, or a prompt file that is not right.
    """
    if not parts.model:
        raise SettingsRefused(
            "COACH_WRITER is llm and no language model is set.",
            "Please set COACH_MODEL, for example to openai:gpt-4.1-mini, or leave COACH_WRITER out.",
        )
    prompt = read_prompt(parts.prompts / PROMPT)
    call = ChatCall(_model(parts, prompt, prompt.options.get("temperature")), _model(parts, prompt, None))
    whys = read_whys(parts.prompts / "embedded" / "whys.yaml")
    return LangchainWriter(prompt, call, parts.model, parts.deadline_seconds, whys)


def _model(parts: WriterParts, prompt: Prompt, temperature: float | None) -> BaseChatModel:
    most = prompt.options.get("maxOutputTokens")
    return open_chat_model(
        Wanted(
            parts.model,
            parts.model_base_url,
            parts.model_key,
            Shares.of(parts.deadline_seconds).first,
            temperature,
            None if most is None else int(most),
        )
    )


def read_whys(file: Path) -> dict[Lens, str]:
    """One sentence a lens; none when the file is not there, since "why?" is a courtesy, not a need."""
    found = mapping_or_nothing(file).get("whys")
    whys = found if isinstance(found, dict) else {}
    return {lens: str(whys[key]) for lens in Lens if (key := f"lens.{lens.value}") in whys}
