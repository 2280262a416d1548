"""Everything that can be set from outside, read once from the environment and then frozen."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv6Address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_config_path, user_data_path

from coach.errors import SettingsRefused

APP = "peer-coach"

# Each of these sends whole prompts to a third party as soon as it is true.
TRACING_SWITCHES = (
    "LANGSMITH_TRACING",
    "LANGSMITH_TRACING_V2",
    "LANGCHAIN_TRACING_V2",
    "LANGCHAIN_TRACING",
    "LANGSMITH_GATEWAY",
)
# What any program needs to run.
_RUNNING = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT")
# What a run needs besides: our code where it lies outside of site-packages, an embedding model that is on the
# machine already, and how many cores it may take from the members' turns.
_MEASURING = (
    *("PYTHONPATH", "PYTHONUTF8", "USERPROFILE", "XDG_CACHE_HOME"),
    *("HF_HOME", "HF_HUB_CACHE", "SENTENCE_TRANSFORMERS_HOME", "TORCH_HOME"),
    *("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"),
)
_OWN_MACHINE = ("127.0.0.1", "::1")
_DEFAULT_PORTS = {"http": 80, "https": 443}  # browsers leave these out of an origin
_HOST = re.compile(r"[a-z0-9._-]+")
_CHROMA = re.compile(r"(?:http://)?([a-z0-9._-]+):(\d{1,5})/?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Oidc:
    """Sign-in through an OpenID Connect provider."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str = "your organisation"


@dataclass(frozen=True, slots=True)
class Settings:
    """The program's settings; see docs/settings.md for the variable behind each.

    Attributes:
        home: data folder: database, index, exported model. Never holds the master key.
        key_file: the master key; losing it loses every journal, so back it up elsewhere.
        cache: exported model and vectors of the corpus; may be deleted at any time.
        database_url: empty for SQLite in `home`; else `postgresql+psycopg://...`.
        chroma_url: empty for an index in `home`; else a Chroma server on a private network.
        embedder: name of an entry point in `coach.embedders`, optionally `name:argument`.
        writer: name of an entry point in `coach.writers`; empty picks `llm` when a model is set.
        model: `provider:model` for LangChain's init_chat_model; empty means no language model.
        model_base_url: where the provider listens; empty for its own default.
        model_key: the provider's key; empty leaves it to the provider's own variable.
        deadline_seconds: a turn is shown within this time whatever the model does; 2 to 120.
        prompts, corpus: folders; None for the ones that came with the program.
        contacts: YAML file with the contacts on signposts; None for the neutral ones.
        base_url: how browsers reach the program, as an origin; https:// makes cookies secure.
        trusted_proxies: addresses or networks whose word counts for where a request comes from.
        reflection_limit: most characters of one reflection; 200 to 100,000.
        language: of the pages, the name of a file in ui/catalog; unknown ones are refused when serving.
    """

    home: Path
    key_file: Path
    cache: Path
    database_url: str = field(default="", repr=False)  # may hold a password
    chroma_url: str = ""
    embedder: str = "minilm"
    writer: str = ""
    model: str = ""
    model_base_url: str = ""
    model_key: str = field(default="", repr=False)
    deadline_seconds: float = 25.0
    prompts: Path | None = None
    corpus: Path | None = None
    contacts: Path | None = None
    base_url: str = ""
    trusted_proxies: tuple[str, ...] = _OWN_MACHINE
    reflection_limit: int = 20_000
    language: str = "en"
    oidc: Oidc | None = None

    @property
    def writer_name(self) -> str:
        return self.writer or ("llm" if self.model else "bank")

    @property
    def sql_url(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'coach.db'}"

    def throwaway(self, folder: Path) -> Settings:
        """These settings over an empty store in `folder`, with a key of its own beside the data.

        Used by `coach serve --demo` and by tests: models and caches stay in the real home.
        """
        return replace(
            self, home=folder / "data", key_file=folder / "key" / "master.key", database_url="", chroma_url=""
        )


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process.

    Args:
        environment: variables by name; None reads the process's own, the only place that does.

    Returns:
        Frozen settings with paths made absolute.

    Raises:
        SettingsRefused: a value that is out of range, or a switch that would send private text away.
    """
    env = os.environ if environment is None else environment
    _refuse_tracing(env)
    home = _path(env, "COACH_HOME") or user_data_path(APP)
    return Settings(
        home=home.absolute(),
        cache=(_path(env, "COACH_CACHE") or home / "cache").absolute(),
        key_file=(_path(env, "COACH_KEY_FILE") or user_config_path(APP) / "master.key").absolute(),
        database_url=_text(env, "COACH_DATABASE_URL"),
        chroma_url=_chroma_url(env),
        embedder=_text(env, "COACH_EMBEDDER", "minilm"),
        writer=_text(env, "COACH_WRITER"),
        model=_text(env, "COACH_MODEL"),
        model_base_url=_text(env, "COACH_MODEL_BASE_URL"),
        model_key=_text(env, "COACH_MODEL_KEY"),
        deadline_seconds=_number(env, "COACH_DEADLINE_SECONDS", 25.0, 2, 120),
        prompts=_path(env, "COACH_PROMPTS"),
        corpus=_path(env, "COACH_CORPUS"),
        contacts=_path(env, "COACH_CONTACTS"),
        base_url=_base_url(env),
        trusted_proxies=_proxies(env),
        reflection_limit=int(_number(env, "COACH_REFLECTION_LIMIT", 20_000, 200, 100_000)),
        language=_text(env, "COACH_LANGUAGE", "en"),
        oidc=_oidc(env),
    )


def origin_of(address: str) -> str:
    """An address as browsers write its origin: small letters, no default port, IPv6 short and in brackets.

    Args:
        address: http or https, a host and perhaps a port; a slash may follow, and nothing else.

    Raises:
        ValueError: it is no such address.
    """
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port
    more = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in _DEFAULT_PORTS or more:
        raise ValueError("not an address of a host alone")
    if ":" in host:
        host = f"[{IPv6Address(host).compressed}]"
    elif not _HOST.fullmatch(host := host.encode("idna").decode()):
        raise ValueError("not the name of a host")
    shown = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{shown}"


def measuring_environment(settings: Settings, home: Path) -> dict[str, str]:
    """The environment of a child process that measures prompts on made-up cases.

    It gets the embedding model, its cache and the corpus, and nothing that leads to members: no database,
    no key, no sign-in, no language model. Of our own environment it gets what is named here and no more:
    a provider's key, or a password of a database, has a name that nobody can list.

    Args:
        settings: of this process.
        home: the child's own data folder, an empty one.
    """
    own = {
        "COACH_HOME": str(home),
        "COACH_KEY_FILE": str(home.with_name("no-key")),
        "COACH_CACHE": str(settings.cache),
        "COACH_EMBEDDER": settings.embedder,
        "COACH_CORPUS": str(settings.corpus or ""),
    }
    return bare_environment() | _taken(_MEASURING) | own


def bare_environment() -> dict[str, str]:
    """The environment of a child process that is to know nothing: what a program needs to run, no key."""
    return _taken(_RUNNING)


def _taken(names: Iterable[str]) -> dict[str, str]:
    return {name: os.environ[name] for name in names if name in os.environ}


def quiet_libraries() -> None:
    """Switch off what our libraries would send or fetch by themselves; call before importing them."""
    os.environ.update(
        {
            "ANONYMIZED_TELEMETRY": "False",
            "GRADIO_ANALYTICS_ENABLED": "False",
            "GRADIO_RUN_HISTORY": "false",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_OFFLINE": "1",
            "TRANSFORMERS_OFFLINE": "1",
            "TOKENIZERS_PARALLELISM": "false",
            **dict.fromkeys(TRACING_SWITCHES, "false"),
        }
    )


def _refuse_tracing(env: Mapping[str, str]) -> None:
    for name in TRACING_SWITCHES:
        if env.get(name, "").strip().lower() not in {"", "0", "false", "no", "off"}:
            raise SettingsRefused(
                f"{name} would send what members write to a third party.",
                f"Please unset {name} and start again.",
            )


def _text(env: Mapping[str, str], name: str, default: str = "") -> str:
    """What a variable says; an empty one says nothing, as compose files leave it."""
    return env.get(name, "").strip() or default


def _base_url(env: Mapping[str, str]) -> str:
    value = _text(env, "COACH_BASE_URL")
    try:
        return origin_of(value) if value else ""
    except ValueError:
        raise SettingsRefused(
            "COACH_BASE_URL is not the address of a host alone.",
            "Please give it without a path, for example https://coach.example.org.",
        ) from None


def _chroma_url(env: Mapping[str, str]) -> str:
    value = _text(env, "COACH_CHROMA_URL")
    if not value:
        return ""
    found = _CHROMA.fullmatch(value)
    if found is None or not 0 < int(found[2]) <= 65_535:
        raise SettingsRefused(
            "COACH_CHROMA_URL is not an http address with a port.",
            "Please give it as http://host:port, for example http://chroma.internal:8000, never https.",
        )
    return f"http://{found[1].lower()}:{int(found[2])}"


def _proxies(env: Mapping[str, str]) -> tuple[str, ...]:
    """Named addresses and networks; one that takes in everybody would let anybody claim any address."""
    named = [one.strip() for one in _text(env, "COACH_TRUSTED_PROXY").split(",") if one.strip()]
    try:
        everybody = any(ip_network(one).prefixlen == 0 for one in named)
    except ValueError:
        everybody = True
    if everybody:
        raise SettingsRefused(
            "COACH_TRUSTED_PROXY is not a list of addresses.",
            "Please give the addresses of your own proxies with commas between, for example 10.0.0.5.",
        )
    return tuple(named) or _OWN_MACHINE


def _path(env: Mapping[str, str], name: str) -> Path | None:
    value = _text(env, name)
    return Path(value).expanduser() if value else None


def _number(env: Mapping[str, str], name: str, default: float, lowest: float, highest: float) -> float:
    value = _text(env, name)
    if not value:
        return default
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not lowest <= number <= highest:
        raise SettingsRefused(
            f"{name} is {value!r}.",
            f"Please give a number from {lowest:,g} to {highest:,g}, or leave it out.",
        )
    return number


def _oidc(env: Mapping[str, str]) -> Oidc | None:
    issuer = _text(env, "COACH_OIDC_ISSUER").rstrip("/")
    if not issuer:
        return None
    client_id, secret = _text(env, "COACH_OIDC_CLIENT_ID"), _text(env, "COACH_OIDC_CLIENT_SECRET")
    if not client_id or not secret:
        raise SettingsRefused(
            "COACH_OIDC_ISSUER is set without its client.",
            "Please set COACH_OIDC_CLIENT_ID and COACH_OIDC_CLIENT_SECRET too.",
        )
    if not issuer.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise SettingsRefused(
            "COACH_OIDC_ISSUER is not an https address.", "Please give the provider's https address."
        )
    return Oidc(issuer, client_id, secret, _text(env, "COACH_OIDC_NAME", "your organisation"))
