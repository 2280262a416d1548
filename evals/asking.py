"""First proposals of a real model: the same request, deadline and reading as in the product, and one try.

What `first_proposals.by_stub` does in this process, this does over the network, through the parts that
`--mode llm` uses: answers are kept, so that a run that was stopped does not pay twice; a budget and a limiter
stand before every request that would leave; and what the machine around the model loses is asked again.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage

from coach.adapters.chat_call import ChatCall
from coach.adapters.langchain_writer import Shares
from coach.adapters.prompt_files import Prompt
from coach.errors import WriterGarbled, WriterRefused, WriterTimeout
from coach.settings import Settings
from evals.first_proposals import Prepared
from evals.model import Json
from evals.record_reading import MOST_ERRORS
from evals.recorded import AnswerStore, Calls, Identity, RecordedModel
from evals.records import InvalidRun
from evals.running import HOPELESS, PAUSES, Budget
from evals.systems import Models, open_models

CHARACTERS = 4  # in a token, where a provider does not count its own
_MEND = "Please mend the cause, e.g. the model's address, key or limits, and start again with the same --out."


@dataclass(frozen=True, slots=True)
class Purse:
    """What stands between a proposal and its price.

    Attributes:
        store: of answers; what is in it costs nothing.
        budget: of tokens.
        wait: called before each request that leaves.
        parallel: requests at a time.
    """

    store: AnswerStore
    budget: Budget
    wait: Callable[[], object] = lambda: None
    parallel: int = 1


class ModelProposer:
    """A `first_proposals.Propose`: asks the chat model of the settings. Not for several threads at once."""

    def __init__(self, settings: Settings, purse: Purse) -> None:
        """
        Args:
            settings: with a model.
            purse: see there.
        """
        self._settings = settings
        self._purse = purse
        self._seconds = Shares.of(settings.deadline_seconds).first
        self._lock = threading.Lock()
        self._answered = False
        self._in_vain: list[str] = []  # what went wrong, before anything was answered

    def __call__(self, prompt: Prompt, cases: Sequence[Prepared], noise: str) -> list[str | None]:
        """See `first_proposals.Propose`.

        Raises:
            OutOfBudget: the tokens are spent; every answer that came is kept.
            InvalidRun: the provider never answered, or lost more than a hundredth in spite of the repeats.
            SettingsRefused: the model cannot be opened.
        """
        models = open_models(prompt, self._settings)
        replies = self._round(prompt, models, cases, noise)
        for pause in PAUSES:
            lost = [place for place, reply in enumerate(replies) if reply is None]
            if not lost:
                break
            time.sleep(pause)
            again = self._round(prompt, models, [cases[place] for place in lost], noise)
            for place, reply in zip(lost, again, strict=True):
                replies[place] = reply
        gone = sum(reply is None for reply in replies)
        if gone > MOST_ERRORS * len(cases):
            raise InvalidRun([f"The provider lost {gone} of {len(cases)} requests: more than 1 %."], _MEND)
        return replies

    def _round(
        self, prompt: Prompt, models: Models, cases: Sequence[Prepared], noise: str
    ) -> list[str | None]:
        def one(case: Prepared) -> str | None:
            return self._reply(prompt, models, case, noise)

        with ThreadPoolExecutor(self._purse.parallel, thread_name_prefix="mutate") as pool:
            try:
                return list(pool.map(one, cases))
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise

    def _reply(self, prompt: Prompt, models: Models, case: Prepared, noise: str) -> str | None:
        """The model's words; "" when it gave none that the product could use, None when they were lost."""
        messages = messages_of(prompt, case)
        if messages is None:
            return ""
        purse, calls = self._purse, Calls()
        kept = purse.store.get(identity(self._settings, models.parameters, noise).key(messages)) is not None
        if not kept:
            self._despair()
            purse.budget.check()
            purse.wait()
        reply: str | None
        try:
            reply = self._call(models, noise, calls).ask(messages, self._seconds, retry=True)
        except WriterTimeout:
            reply = None
        except WriterRefused:
            reply = None if calls.infrastructure else ""
        except WriterGarbled:
            reply = ""
        finally:
            if not kept:
                purse.budget.spend(calls.paid_in + calls.paid_out or _guess(messages, calls))
        self._note(reply is not None, calls.fault or "no answer in time")
        return reply

    def _call(self, models: Models, noise: str, calls: Calls) -> ChatCall:
        def noted(model: BaseChatModel | None, parameters: Json) -> BaseChatModel:
            told = identity(self._settings, parameters, noise)
            # ChatCall calls `invoke` and nothing else of a model.
            return cast(BaseChatModel, RecordedModel(model, told, calls, self._purse.store))

        plain = {key: value for key, value in models.parameters.items() if key != "temperature"}
        return ChatCall(noted(models.model, models.parameters), noted(models.plain, plain))

    def _note(self, answered: bool, fault: str) -> None:
        with self._lock:
            self._answered |= answered
            self._in_vain += [] if answered else [fault]
        self._despair()

    def _despair(self) -> None:
        """A provider that refuses from the first request on is not asked a thousand times."""
        with self._lock:
            hopeless = not self._answered and len(self._in_vain) >= HOPELESS
        if hopeless:
            told = f"The first {HOPELESS} requests all failed ({self._in_vain[-1]}), so it stopped."
            raise InvalidRun([told], _MEND)


def messages_of(prompt: Prompt, case: Prepared) -> list[BaseMessage] | None:
    """What is sent for a case; None when the prompt cannot be filled in: the product would not ask."""
    try:
        return prompt.template().format_messages(**case.sent.filled(prompt))
    except ValueError:
        return None


def identity(settings: Settings, parameters: Json, noise: str) -> Identity:
    """Under what an answer is kept: each run of each prompt is a draw of its own, also of equal prompts."""
    draw = int(hashlib.sha256(noise.encode()).hexdigest()[:12], 16)
    return Identity(settings.model, settings.model_base_url, parameters, draw)


def _guess(messages: Sequence[BaseMessage], calls: Calls) -> int:
    """Tokens of a request whose provider counted none: a budget must stop there too."""
    told = sum(len(str(one.content)) for one in messages) + sum(map(len, calls.replies))
    return told // CHARACTERS
