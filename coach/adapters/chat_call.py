"""One question to a chat model inside a total deadline, with at most one own retry.

The libraries have read timeouts, which a body that drips defeats, and retries that multiply. So the
call runs in a daemon thread that is given up after the deadline, and every exception becomes one of
three errors of ours *outside* the handler: a provider's exception may hold the whole prompt, and must
not even hang on `__context__`.
"""

from __future__ import annotations

import contextvars
import queue
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.globals import set_debug
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langsmith import tracing_context

from coach.errors import WriterGarbled, WriterRefused, WriterTimeout, WriterUnavailable

MOST_WAITING = 100  # calls at a time, the stuck ones that were given up included
SHORT_WAIT = 2.0  # seconds: a longer Retry-After is not worth a member's time
_PAUSES = {429: 0.5}  # before the retry, when the provider names none
_PAUSE = 0.2
_LEAST_LEFT = 0.3  # seconds that a retry needs to make sense

_FINISHED = frozenset({"stop", "end_turn", "completed", "complete", "eos", "eos_token"})
_FINISH_KEYS = ("finish_reason", "stop_reason", "stopReason", "done_reason", "status")


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why a call gave nothing, without anything of the library's own error.

    Attributes:
        retry_after: seconds to wait before one more try; None when it would not help.
        plain: whether the model refused a sampling option and may answer without.
    """

    error: WriterUnavailable
    retry_after: float | None = None
    plain: bool = False


class ChatCall:
    """A chat model behind a deadline. Safe from several threads."""

    def __init__(self, model: BaseChatModel, plain: BaseChatModel | None = None) -> None:
        """
        Args:
            model: with its own retries off.
            plain: the same without sampling options, for models that refuse them.
        """
        self._model = model
        self._plain = plain
        self._places = threading.BoundedSemaphore(MOST_WAITING)

    def ask(self, messages: Sequence[BaseMessage], seconds: float, retry: bool) -> str:
        """The model's answer.

        Args:
            messages: the whole prompt.
            seconds: total time, retry and pauses included; above 0.
            retry: whether one more call may follow a passing fault.

        Returns:
            The text of a reply that the provider marked as finished.

        Raises:
            WriterTimeout: no whole answer in time, or too many calls are waiting already.
            WriterRefused: the provider said no, or cannot be reached.
            WriterGarbled: cut, empty, a tool call, or no answer of a chat model at all.
        """
        if not self._places.acquire(blocking=False):
            raise WriterTimeout("Too many calls to the language model are waiting.")
        until = time.monotonic() + seconds
        answers: queue.SimpleQueue[str | WriterUnavailable] = queue.SimpleQueue()

        def run() -> None:
            answer: str | WriterUnavailable = WriterRefused("The language model could not be called.")
            try:
                # An empty context: callbacks or tracing of a chain around us must not see the prompt.
                answer = contextvars.Context().run(self._tries, messages, until, retry)
            finally:
                self._places.release()
                answers.put(answer)

        threading.Thread(target=run, daemon=True, name="coach-llm").start()
        try:
            answer = answers.get(timeout=max(seconds, 0.001))
        except queue.Empty:
            answer = WriterTimeout("The language model did not answer in time.")
        if isinstance(answer, WriterUnavailable):
            raise answer
        return answer

    def _tries(self, messages: Sequence[BaseMessage], until: float, retry: bool) -> str | WriterUnavailable:
        model = self._model
        answer = _once(model, messages)
        if isinstance(answer, str):
            return answer
        wait = answer.retry_after
        if answer.plain and self._plain is not None and model is not self._plain:
            self._model, wait = self._plain, 0.0  # from now on everybody is asked the plain way
        if wait is None or not retry or time.monotonic() + wait + _LEAST_LEFT > until:
            return answer.error
        time.sleep(wait)
        again = _once(self._model, messages)
        return again if isinstance(again, str) else again.error


def _once(model: BaseChatModel, messages: Sequence[BaseMessage]) -> str | _Fault:
    set_debug(False)  # another library's debug switch would print the prompt
    try:
        with tracing_context(enabled=False):
            reply = model.invoke(list(messages), config={"callbacks": []})
    except Exception as fault:  # noqa: BLE001 - each library has errors of its own, and none may pass
        return _classified(fault)
    return _text(reply)


def _text(reply: AIMessage) -> str | _Fault:
    if reply.tool_calls or reply.invalid_tool_calls:
        return _Fault(WriterGarbled("The language model wanted to call a tool."))
    metadata = reply.response_metadata or {}
    finish = next((str(metadata[key]) for key in _FINISH_KEYS if metadata.get(key)), "")
    if finish.lower() not in _FINISHED:
        return _Fault(WriterGarbled("The language model's answer was cut."))
    text = str(reply.text)
    return text if text.strip() else _Fault(WriterGarbled("The language model answered nothing."))


def _classified(fault: Exception) -> _Fault:
    """A library's exception as one of ours: its kind and its status, never its words."""
    kinds = " ".join(one.__name__ for one in type(fault).__mro__)
    status = _status(fault)
    if "Timeout" in kinds:
        return _Fault(WriterTimeout("The language model did not answer in time."))
    if status is not None:
        return _refused(fault, status)
    if "Connection" in kinds or "ConnectError" in kinds or "TransportError" in kinds:
        return _Fault(WriterRefused("The language model cannot be reached."), _PAUSE)
    if isinstance(fault, ValueError | LookupError | TypeError | AttributeError):
        return _Fault(WriterGarbled("The language model's answer could not be read."))
    return _Fault(WriterRefused("The language model could not be called."))


def _refused(fault: Exception, status: int) -> _Fault:
    if status < 400:
        return _Fault(WriterGarbled("The language model's answer could not be read."))
    error = WriterRefused(f"The language model's provider refused (status {status}).")
    if status == 429 or status >= 500:
        asked = _retry_after(fault)
        wait = _PAUSES.get(status, _PAUSE) if asked is None else asked
        return _Fault(error, wait if wait <= SHORT_WAIT else None)
    # Some models take no temperature; only the library's error says so, and it is read, not kept.
    return _Fault(error, plain=status in (400, 422) and "temperature" in str(fault).lower())


def _status(fault: Any) -> int | None:
    for owner in (fault, getattr(fault, "response", None)):
        status = getattr(owner, "status_code", None)
        if isinstance(status, int) and status >= 100:
            return status
    return None


def _retry_after(fault: Any) -> float | None:
    """Seconds the provider asks us to wait; a date counts as long, None when it says nothing."""
    headers = getattr(getattr(fault, "response", None), "headers", None)
    value = headers.get("retry-after") if headers is not None else None
    if value is None:
        return None
    try:
        return max(float(value), 0.0)
    except ValueError:
        return float("inf")
