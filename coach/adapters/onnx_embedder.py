"""The default embedder: all-MiniLM-L6-v2 under onnxruntime, offline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np

from coach.adapters.minilm_files import NAME, model_folder
from coach.adapters.onnx_export import exported
from coach.errors import ModelRefused
from coach.ports import Embedder, Matrix

MOST_TOKENS = 256  # what the model was trained for; the sentences of a longer text carry its end
BATCH = 32


class OnnxEmbedder:
    """Implements ports.Embedder."""

    name = NAME
    dimensions = 384

    def __init__(self, cache: Path) -> None:
        """Load the model (a third of a second; on first use it is exported, about ten seconds).

        Args:
            cache: folder for the exported file.

        Raises:
            ModelRefused: missing or wrong weights.
        """
        import onnxruntime
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.enable_padding()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        file = exported(cache)
        try:
            self._session = onnxruntime.InferenceSession(
                str(file), options, providers=["CPUExecutionProvider"]
            )
        except Exception as fault:
            raise ModelRefused(
                "The exported model cannot be loaded.",
                f"Please delete {file.name} in the data folder and start again.",
            ) from fault
        self._lock = Lock()  # tokenizers before 0.23.1 broke under threads; a lock costs microseconds

    def embed(self, texts: Sequence[str]) -> Matrix:
        """See ports.Embedder. Texts of like length share a batch, so that short ones wait for none."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            vectors[places] = self._run([texts[place] for place in places])
        return vectors

    def _run(self, texts: list[str]) -> Matrix:
        with self._lock:
            encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([one.ids for one in encoded], dtype=np.int64)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        result: Matrix = self._session.run(["vectors"], feed)[0]
        return result


def make(cache: Path, argument: str = "") -> Embedder:  # noqa: ARG001 - the signature of all embedders
    """Entry point `coach.embedders: minilm`."""
    return OnnxEmbedder(cache)
