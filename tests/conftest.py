"""What every test stands on: no network by construction, a home of its own, warnings that count."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.settings import Settings, quiet_libraries

LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0", ""}

quiet_libraries()  # before any test module imports gradio, chromadb or transformers


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anywhere but this machine fails the test that tried it."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:  # type: ignore[index]
            raise AssertionError(f"a test tried to reach {address!r}")
        real(self, address)  # type: ignore[arg-type] # whatever the caller gave

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exported model and the corpus vectors, made once for the whole run."""
    shared = Path(__file__).parent.parent / ".coach" / "cache"
    shared.mkdir(parents=True, exist_ok=True)
    return shared


@pytest.fixture
def settings(tmp_path: Path, model_cache: Path) -> Settings:
    """Settings over an empty home of this test's own."""
    return Settings(home=tmp_path / "data", key_file=tmp_path / "key" / "master.key", cache=model_cache)


@pytest.fixture(scope="session")
def embedder(model_cache: Path) -> Iterator[object]:
    """The real embedded model, loaded once."""
    from coach.adapters.onnx_embedder import OnnxEmbedder

    yield OnnxEmbedder(model_cache)
