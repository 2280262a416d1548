"""Any other sentence-transformers model, by the folder it lies in or by a name already on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np

from coach.errors import ModelRefused, SettingsRefused
from coach.ports import Embedder, Matrix


class SentenceEmbedder:
    """Implements ports.Embedder; never fetches and never runs code that came with a model."""

    def __init__(self, source: str) -> None:
        """Load a model.

        Args:
            source: a folder, or the name of a model in the local cache.

        Raises:
            ModelRefused: nothing there that can be loaded without the network.
        """
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(source, local_files_only=True, trust_remote_code=False)
        except Exception as fault:
            raise ModelRefused(
                f"There is no embedding model at {source!r} on this machine.",
                "Please give the folder of a sentence-transformers model in COACH_EMBEDDER, or leave it out.",
            ) from fault
        self.name = Path(source).name
        self.dimensions = int(self._model.get_embedding_dimension())
        self._lock = Lock()

    def embed(self, texts: Sequence[str]) -> Matrix:
        """See ports.Embedder."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        with self._lock:
            vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


def make(cache: Path, argument: str = "") -> Embedder:  # noqa: ARG001 - the signature of all embedders
    """Entry point `coach.embedders: sentence-transformers`."""
    if not argument:
        raise SettingsRefused(
            "COACH_EMBEDDER names no model.",
            "Please write sentence-transformers:<folder or name of a model>.",
        )
    return SentenceEmbedder(argument)
