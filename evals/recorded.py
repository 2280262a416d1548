"""A chat model whose every call is noted, and whose answers are kept so that nobody pays for them twice."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, message_to_dict, messages_from_dict

from evals.model import Json

# What says that the machine around the model failed. 401 to 404: nothing that a prompt could mend.
_PASSING = frozenset({401, 402, 403, 404, 407, 408, 409, 421, 423, 425, 429})
_ROLES = {"human": "user", "ai": "assistant", "system": "system"}


class Unrecorded(Exception):
    """Nothing was recorded for this very request: the prompt changed, so it needs a real run."""


@dataclass
class Calls:
    """What one turn asked of the model. Filled by the thread of the call, read after the turn.

    Attributes:
        requests: bodies as far as this side knows them.
        replies: the model's words.
        keys: of the answers, in order.
        paid_in, paid_out: tokens of answers that were not in the store.
        open: calls that have not come back.
        fault: the last call's fault by its class, "" after one that came back.
        infrastructure: whether that fault was the machine's and not the product's.
    """

    requests: list[Json] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    tokens_in: int = 0
    tokens_out: int = 0
    paid_in: int = 0
    paid_out: int = 0
    open: int = 0
    fault: str = ""
    infrastructure: bool = False
    unrecorded: bool = False


class AnswerStore:
    """Answers by the hash of what was asked; one file each, written at once or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> AIMessage | None:
        """The recorded answer; a damaged file counts as none."""
        try:
            found = json.loads(self._file(key).read_text(encoding="utf-8"))
            message = messages_from_dict([found])[0]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return message if isinstance(message, AIMessage) else None

    def put(self, key: str, message: AIMessage) -> None:
        """Keep an answer; a full disk costs money at the next run and nothing else."""
        file = self._file(key)
        draft = file.with_suffix(f".{os.getpid()}.{threading.get_ident()}.tmp")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(message_to_dict(message), default=str), encoding="utf-8")
            draft.replace(file)
        except OSError:
            return

    def _file(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"


@dataclass(frozen=True, slots=True)
class Identity:
    """What an answer depends on beside the messages.

    Attributes:
        model, base_url: as in the settings.
        parameters: temperature and the like, as they are sent.
        epoch: without it all epochs would be the same answer.
        extra: further arguments of the call, e.g. the stub's seed.
    """

    model: str
    base_url: str
    parameters: Json
    epoch: int
    extra: Mapping[str, Any] = field(default_factory=dict)

    def key(self, messages: Sequence[BaseMessage]) -> str:
        """SHA-256 over all of it."""
        told = [[_ROLES.get(one.type, one.type), one.content] for one in messages]
        whole = [self.model, self.base_url, told, dict(self.parameters), self.epoch]
        return hashlib.sha256(json.dumps(whole, sort_keys=True, default=str).encode()).hexdigest()


class RecordedModel:
    """Stands where a chat model stands in `ChatCall`: it has the one method that is called there."""

    def __init__(
        self, model: Any, identity: Identity, calls: Calls, store: AnswerStore | None = None
    ) -> None:
        """
        Args:
            model: LangChain's; None answers from the store alone.
            identity: of the requests.
            calls: where they are noted.
            store: None keeps nothing.
        """
        self._model = model
        self._identity = identity
        self._calls = calls
        self._store = store

    def invoke(self, messages: Sequence[BaseMessage], config: Any = None) -> AIMessage:
        """See BaseChatModel.invoke.

        Raises:
            Unrecorded: there is no model, and the store has no such answer.
            Exception: whatever the model's library raises.
        """
        calls, key = self._calls, self._identity.key(messages)
        told = [{"role": _ROLES.get(one.type, one.type), "content": one.content} for one in messages]
        calls.requests.append({"messages": told, **self._identity.parameters})
        kept = self._store.get(key) if self._store else None
        if kept is None and self._model is None:
            calls.unrecorded = True
            raise Unrecorded(key)
        reply = kept or self._asked(messages, config)
        self._note(key, reply, paid=kept is None)
        if kept is None and self._store:
            self._store.put(key, reply)
        return reply

    def _asked(self, messages: Sequence[BaseMessage], config: Any) -> AIMessage:
        self._calls.open += 1
        try:
            reply: AIMessage = self._model.invoke(messages, config=config, **self._identity.extra)
        except Exception as fault:
            self._calls.fault = type(fault).__name__
            self._calls.infrastructure = of_infrastructure(fault)
            raise
        finally:
            self._calls.open -= 1
        return reply

    def _note(self, key: str, reply: AIMessage, paid: bool) -> None:
        calls, usage = self._calls, reply.usage_metadata
        calls.fault, calls.infrastructure = "", False
        calls.keys.append(key)
        calls.replies.append(str(reply.text))
        if usage is None:
            return
        calls.tokens_in += usage["input_tokens"]
        calls.tokens_out += usage["output_tokens"]
        if paid:
            calls.paid_in += usage["input_tokens"]
            calls.paid_out += usage["output_tokens"]


def of_infrastructure(fault: Exception) -> bool:
    """Whether a library's exception tells of the machine around the model: 429, 5xx, time, connection."""
    for owner in (fault, getattr(fault, "response", None)):
        status = getattr(owner, "status_code", None)
        if isinstance(status, int) and status >= 100:
            return status in _PASSING or status >= 500
    kinds = " ".join(one.__name__ for one in type(fault).__mro__)
    return any(word in kinds for word in ("Timeout", "Connection", "ConnectError", "TransportError"))
