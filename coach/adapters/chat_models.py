"""Opens a chat model by "provider:model" through LangChain; provider packages are imported on demand."""

from __future__ import annotations

import ipaddress
import re
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from urllib.parse import urlsplit

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel

from coach.adapters.reply_limit import limit_replies
from coach.errors import SettingsRefused

CONNECT_SECONDS = 3.0

# Given by name even when the settings say nothing: otherwise variables of other programs
# (OPENAI_BASE_URL, LANGSMITH_GATEWAY, OLLAMA_HOST) would decide where private text goes.
_HOMES: Mapping[str, str] = {
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com",
    "ollama": "http://localhost:11434",
}
# Where the packages of openai, anthropic and ollama keep their HTTP clients.
_CLIENTS = (
    "root_client._client",
    "root_async_client._client",
    "_client._client",
    "_async_client._client",
)
_EXTRAS = ("openai", "anthropic", "ollama")
_PACKAGE = re.compile(r"pip install ([\w-]+)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which model to open.

    Attributes:
        model: "provider:model", as in init_chat_model.
        base_url: empty for the provider's own address.
        key: empty leaves it to the provider's own variable.
        seconds: read timeout; the total deadline is kept elsewhere.
        temperature: None leaves it to the model.
        most_tokens: of an answer.
    """

    model: str
    base_url: str = ""
    key: str = ""
    seconds: float = 25.0
    temperature: float | None = None
    most_tokens: int | None = None


def open_chat_model(wanted: Wanted) -> BaseChatModel:
    """The model, ready to be called; nothing is sent yet.

    Raises:
        SettingsRefused: no such provider, its package or key is missing, or the address is not safe.
    """
    provider, _, name = wanted.model.partition(":")
    if not provider or not name:
        raise SettingsRefused(
            "COACH_MODEL does not name a provider and a model.", "Please write it like openai:gpt-4.1-mini."
        )
    _check_address(wanted.base_url)
    full = _arguments(provider, wanted)
    # Some providers know no timeout or no retries, and a local server often asks for no key.
    fewer = {key: value for key, value in full.items() if key not in ("timeout", "max_retries")}
    tries = [full, fewer] if provider not in _HOMES else [full]
    if wanted.base_url and not wanted.key:
        tries.append({**full, "api_key": "none"})
    return _first_that_opens(wanted.model, provider, tries, wanted.seconds)


def _first_that_opens(
    model: str, provider: str, tries: list[dict[str, Any]], seconds: float
) -> BaseChatModel:
    problem: SettingsRefused | None = None
    for arguments in tries:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # LangChain warns about options a provider files elsewhere
                opened: BaseChatModel = init_chat_model(model, **arguments)
                stay(opened)
                limit_replies(opened, seconds)
                return opened
        except ImportError as fault:
            problem = _missing(provider, str(fault))
        except Exception as fault:  # noqa: BLE001 - each provider has errors of its own; their text may hold the key
            problem = problem or _refused(type(fault).__name__, str(fault))
    raise problem or _refused("unknown", "")


def stay(model: object) -> None:
    """Follow no redirect: it could take members' texts to an address that nobody has chosen or checked.

    The packages' own clients follow them by default, and have no argument for it.
    """
    for place in _CLIENTS:
        with suppress(AttributeError, TypeError):
            client = attrgetter(place)(model)
            if hasattr(client, "follow_redirects"):
                client.follow_redirects = False


def _arguments(provider: str, wanted: Wanted) -> dict[str, Any]:
    found: dict[str, Any] = {"max_retries": 0, "cache": False, "verbose": False}
    address = wanted.base_url or _HOMES.get(provider, "")
    found |= {"base_url": address} if address else {}
    found |= {"api_key": wanted.key} if wanted.key else {}
    found |= {"temperature": wanted.temperature} if wanted.temperature is not None else {}
    # connect, read, write, pool: httpx takes the four of them as a tuple
    four = (min(CONNECT_SECONDS, wanted.seconds), wanted.seconds, wanted.seconds, wanted.seconds)
    if provider == "ollama":
        del found["max_retries"]
        return found | {"num_predict": wanted.most_tokens, "client_kwargs": {"timeout": four}}
    found |= {"max_tokens": wanted.most_tokens} if wanted.most_tokens else {}
    if provider == "openai":
        # The responses interface keeps what it is sent unless told otherwise; chat completions do not.
        return found | {"timeout": four, "use_responses_api": False}
    return found | {"timeout": wanted.seconds}


def _check_address(address: str) -> None:
    """https, or http on a machine or network of one's own."""
    if not address:
        return
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme == "https" and host:
        return
    if parts.scheme != "http" or not _near(host):
        raise SettingsRefused(
            "COACH_MODEL_BASE_URL would send members' texts over the open network.",
            "Please give an https address, or an http address on your own network.",
        )


def _near(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return bool(host) and (
            "." not in host or host.endswith((".local", ".internal", ".lan", ".home.arpa"))
        )
    return address.is_private or address.is_loopback


def _missing(provider: str, message: str) -> SettingsRefused:
    package = _PACKAGE.search(message)
    what = f'"peer-coach[{provider}]"' if provider in _EXTRAS else (package[1] if package else provider)
    return SettingsRefused(
        f"The language model of {provider!r} needs a package that is not installed.",
        f"Please run: pip install {what}",
    )


def _refused(kind: str, message: str) -> SettingsRefused:
    if "infer model provider" in message:
        return SettingsRefused(
            "COACH_MODEL names a provider that LangChain does not know.",
            "Please write it like openai:gpt-4.1-mini.",
        )
    return SettingsRefused(
        f"The language model cannot be opened ({kind}).",
        "Please check COACH_MODEL, COACH_MODEL_BASE_URL and COACH_MODEL_KEY.",
    )
