"""Settings: an empty variable says nothing, and a value that would fail later is refused at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.errors import SettingsRefused
from coach.settings import Settings, measuring_environment, origin_of, read_settings

WORDS = {
    "COACH_DATABASE_URL": ("database_url", ""),
    "COACH_CHROMA_URL": ("chroma_url", ""),
    "COACH_EMBEDDER": ("embedder", "minilm"),
    "COACH_WRITER": ("writer", ""),
    "COACH_MODEL": ("model", ""),
    "COACH_MODEL_BASE_URL": ("model_base_url", ""),
    "COACH_MODEL_KEY": ("model_key", ""),
    "COACH_DEADLINE_SECONDS": ("deadline_seconds", 25.0),
    "COACH_PROMPTS": ("prompts", None),
    "COACH_CORPUS": ("corpus", None),
    "COACH_CONTACTS": ("contacts", None),
    "COACH_BASE_URL": ("base_url", ""),
    "COACH_TRUSTED_PROXY": ("trusted_proxies", ("127.0.0.1", "::1")),
    "COACH_REFLECTION_LIMIT": ("reflection_limit", 20_000),
    "COACH_LANGUAGE": ("language", "en"),
    "COACH_OIDC_ISSUER": ("oidc", None),
}


@pytest.mark.parametrize("value", ["", "  "])
@pytest.mark.parametrize("name", WORDS)
def test_an_empty_variable_counts_as_not_set(name: str, value: str) -> None:
    """As compose files and .env files leave it."""
    attribute, default = WORDS[name]
    assert getattr(read_settings({name: value}), attribute) == default


def test_an_empty_home_is_no_folder() -> None:
    none = read_settings({})
    empty = read_settings({"COACH_HOME": " ", "COACH_CACHE": "", "COACH_KEY_FILE": ""})
    assert (empty.home, empty.cache, empty.key_file) == (none.home, none.cache, none.key_file)


def test_values_lose_the_blanks_around_them() -> None:
    found = read_settings(
        {
            "COACH_MODEL": " openai:gpt-5-mini ",
            "COACH_MODEL_KEY": "secret\n",
            "COACH_EMBEDDER": " minilm",
            "COACH_LANGUAGE": "de ",
            "COACH_CORPUS": " corpus ",
            "COACH_OIDC_ISSUER": " https://idp.example/ ",
            "COACH_OIDC_CLIENT_ID": " id ",
            "COACH_OIDC_CLIENT_SECRET": " s ",
            "COACH_OIDC_NAME": " ",
        }
    )
    assert (found.model, found.model_key, found.embedder) == ("openai:gpt-5-mini", "secret", "minilm")
    assert (found.language, found.corpus) == ("de", Path("corpus"))
    assert found.oidc is not None
    assert (found.oidc.issuer, found.oidc.client_id, found.oidc.client_secret, found.oidc.name) == (
        "https://idp.example",
        "id",
        "s",
        "your organisation",
    )


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://coach.example.org", "https://coach.example.org"),
        ("https://coach.example.org/", "https://coach.example.org"),
        ("https://coach.example.org:443", "https://coach.example.org"),
        ("http://coach.example.org:80/", "http://coach.example.org"),
        ("https://coach.example.org:8443", "https://coach.example.org:8443"),
        ("HTTPS://Coach.Example.ORG", "https://coach.example.org"),
        ("http://[::1]:7860", "http://[::1]:7860"),
        ("http://[0:0:0:0:0:0:0:1]:80", "http://[::1]"),
        ("https://büro.example", "https://xn--bro-hoa.example"),
    ],
)
def test_a_base_url_is_taken_as_browsers_write_it(given: str, taken: str) -> None:
    """A default port, a capital or a letter beyond ASCII would fit no Origin that a browser sends."""
    assert read_settings({"COACH_BASE_URL": given}).base_url == taken
    assert origin_of(taken) == taken


@pytest.mark.parametrize(
    "given",
    [
        "https://example.org/coach",
        "https://example.org/?a=b",
        "https://example.org/#top",
        "https://ada:secret@example.org",
        "coach.example.org",
        "localhost:7860",
        "ftp://example.org",
        "https://",
        "https://my host",
        "https://example.org:99999",
        "http://[::1",
    ],
)
def test_a_base_url_of_more_than_a_host_is_refused_without_repeating_it(given: str) -> None:
    with pytest.raises(SettingsRefused, match=r"COACH_BASE_URL is not .* Please give it without") as refused:
        read_settings({"COACH_BASE_URL": given})
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("http://chroma.local:8000", "http://chroma.local:8000"),
        ("http://chroma.local:8000/", "http://chroma.local:8000"),
        ("chroma.local:8000", "http://chroma.local:8000"),
        ("HTTP://Chroma:8000", "http://chroma:8000"),
    ],
)
def test_a_chroma_server_is_an_http_address_with_a_port(given: str, taken: str) -> None:
    assert read_settings({"COACH_CHROMA_URL": given}).chroma_url == taken


@pytest.mark.parametrize(
    "given",
    [
        "https://chroma.local:8000",
        "http://chroma.local",
        "chroma.local",
        "http://chroma.local:port",
        "http://chroma.local:0",
        "http://chroma.local:70000",
        "http://chroma.local:8000/api",
        "http://ada:secret@chroma.local:8000",
        "http://[::1]:8000",
        "ftp://chroma.local:21",
    ],
)
def test_any_other_chroma_address_is_refused_before_the_index_sees_it(given: str) -> None:
    with pytest.raises(SettingsRefused, match="http://host:port") as refused:
        read_settings({"COACH_CHROMA_URL": given})
    assert "secret" not in str(refused.value)


def test_proxies_are_addresses_or_networks() -> None:
    found = read_settings({"COACH_TRUSTED_PROXY": "10.0.0.5, 10.1.0.0/16,, fd00::5"})
    assert found.trusted_proxies == ("10.0.0.5", "10.1.0.0/16", "fd00::5")
    assert read_settings({"COACH_TRUSTED_PROXY": ","}).trusted_proxies == ("127.0.0.1", "::1")


@pytest.mark.parametrize(
    "given", ["*", "0.0.0.0/0", "::/0", "proxy.internal", "10.0.0.5/8", "10.0.0.5;10.0.0.6"]
)
def test_a_proxy_that_is_everybody_or_nobody_is_refused(given: str) -> None:
    with pytest.raises(SettingsRefused, match="COACH_TRUSTED_PROXY"):
        read_settings({"COACH_TRUSTED_PROXY": given})


SECRET = "not-for-a-child"


@pytest.mark.parametrize(
    "name",
    [
        "OPENAI_API_KEY",
        "ANTHROPIC_API_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "PGPASSWORD",
        "PGSERVICEFILE",
        "HF_TOKEN",
        "HTTPS_PROXY",
        "SOMEBODYS_TOKEN",
        "COACH_MODEL_KEY",
        "COACH_DATABASE_URL",
        "COACH_OIDC_CLIENT_SECRET",
    ],
)
def test_a_run_gets_nothing_of_ours_that_it_does_not_need(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, SECRET)
    assert SECRET not in measuring_environment(settings, tmp_path).values()


@pytest.mark.parametrize(
    "name", ["PATH", "HOME", "PYTHONPATH", "HF_HOME", "XDG_CACHE_HOME", "OMP_NUM_THREADS"]
)
def test_a_run_finds_our_code_and_a_model_that_is_here(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "a-place")
    environment = measuring_environment(settings, tmp_path)
    assert environment[name] == "a-place"
    assert environment["COACH_CACHE"] == str(settings.cache)
    assert environment["COACH_HOME"] == str(tmp_path)
