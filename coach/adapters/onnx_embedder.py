"""The default embedder: all-MiniLM-L6-v2 under onnxruntime, offline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np

from coach.adapters.minilm_files import NAME, model_folder
from coach.adapters.onnx_export import exported
from coach.adapters.packing import runs
from coach.errors import ModelRefused
from coach.ports import Embedder, Matrix

MOST_TOKENS = 256  # what the model was trained for; the sentences of a longer text carry its end


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
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # Threads that wait in a loop for more work take the processor from everybody else who writes now:
        # fifty conversations at once cost 3.9 s of it with the loop and 2.8 s without.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
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
        """See ports.Embedder."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        with self._lock:
            tokens = [one.ids for one in self._tokenizer.encode_batch(list(texts))]
        for rows in runs([len(one) for one in tokens]):
            order = [place for row in rows for place in row]
            vectors[order] = self._run([[tokens[place] for place in row] for row in rows])
        return vectors

    def _run(self, rows: list[list[list[int]]]) -> Matrix:
        """One vector for each text of each row, in that order."""
        width = max(sum(map(len, row)) for row in rows)
        ids = np.zeros((len(rows), width), dtype=np.int64)
        positions, owners = np.zeros_like(ids), np.full_like(ids, -1)
        begins = []
        for number, row in enumerate(rows):
            begin = 0
            for owner, text in enumerate(row):
                inside = slice(begin, begin + len(text))
                ids[number, inside], owners[number, inside] = text, owner
                positions[number, inside] = np.arange(len(text))
                begins.append(number * width + begin)
                begin += len(text)
        feed = {"input_ids": ids, "position_ids": positions, "owners": owners}
        hidden: Matrix = self._session.run(["hidden"], feed)[0]
        own = hidden.reshape(-1, self.dimensions) * (owners.reshape(-1, 1) >= 0)  # without what pads
        sums: Matrix = np.add.reduceat(own, begins, axis=0)
        sums /= np.linalg.norm(sums, axis=1, keepdims=True)  # the mean's direction is the sum's
        return sums


def make(cache: Path, argument: str = "") -> Embedder:  # noqa: ARG001 - the signature of all embedders
    """Entry point `coach.embedders: minilm`."""
    return OnnxEmbedder(cache)
