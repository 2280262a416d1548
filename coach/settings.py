"""Everything that can be set from outside, read once from the environment and then frozen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

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
        base_url: how browsers reach the program; https:// makes cookies secure.
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
        database_url=env.get("COACH_DATABASE_URL", ""),
        chroma_url=env.get("COACH_CHROMA_URL", ""),
        embedder=env.get("COACH_EMBEDDER", "minilm"),
        writer=env.get("COACH_WRITER", ""),
        model=env.get("COACH_MODEL", ""),
        model_base_url=env.get("COACH_MODEL_BASE_URL", ""),
        model_key=env.get("COACH_MODEL_KEY", ""),
        deadline_seconds=_number(env, "COACH_DEADLINE_SECONDS", 25.0, 2, 120),
        prompts=_path(env, "COACH_PROMPTS"),
        corpus=_path(env, "COACH_CORPUS"),
        contacts=_path(env, "COACH_CONTACTS"),
        base_url=env.get("COACH_BASE_URL", "").rstrip("/"),
        reflection_limit=int(_number(env, "COACH_REFLECTION_LIMIT", 20_000, 200, 100_000)),
        language=env.get("COACH_LANGUAGE", "en"),
        oidc=_oidc(env),
    )


def measuring_environment(settings: Settings, home: Path) -> dict[str, str]:
    """The environment of a child process that measures prompts on made-up cases.

    It gets the embedding model, its cache and the corpus, and nothing that leads to members: no database,
    no key, no sign-in, no language model.

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
    return {name: value for name, value in os.environ.items() if not name.startswith("COACH_")} | own


def bare_environment() -> dict[str, str]:
    """The environment of a child process that is to know nothing: what a program needs to run, no key."""
    needed = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT")
    return {name: os.environ[name] for name in needed if name in os.environ}


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


def _path(env: Mapping[str, str], name: str) -> Path | None:
    value = env.get(name, "").strip()
    return Path(value).expanduser() if value else None


def _number(env: Mapping[str, str], name: str, default: float, lowest: float, highest: float) -> float:
    value = env.get(name, "").strip()
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
    issuer = env.get("COACH_OIDC_ISSUER", "").rstrip("/")
    if not issuer:
        return None
    client_id, secret = env.get("COACH_OIDC_CLIENT_ID", ""), env.get("COACH_OIDC_CLIENT_SECRET", "")
    if not client_id or not secret:
        raise SettingsRefused(
            "COACH_OIDC_ISSUER is set without its client.",
            "Please set COACH_OIDC_CLIENT_ID and COACH_OIDC_CLIENT_SECRET too.",
        )
    if not issuer.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise SettingsRefused(
            "COACH_OIDC_ISSUER is not an https address.", "Please give the provider's https address."
        )
    return Oidc(issuer, client_id, secret, env.get("COACH_OIDC_NAME", "your organisation"))
