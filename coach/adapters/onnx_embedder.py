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
RUN = 20  # what starting a run costs, in tokens (measured: about 4 ms and 0.2 ms a token on one core)


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
        """See ports.Embedder. Texts of like length share a batch, so that little is spent on padding."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        with self._lock:
            tokens = [one.ids for one in self._tokenizer.encode_batch(list(texts))]
        for places in _batches([len(one) for one in tokens]):
            vectors[places] = self._run([tokens[place] for place in places])
        return vectors

    def _run(self, tokens: list[list[int]]) -> Matrix:
        longest = max(len(one) for one in tokens)
        ids = np.zeros((len(tokens), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(tokens):
            ids[row, : len(one)] = one
            mask[row, : len(one)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        result: Matrix = self._session.run(["vectors"], feed)[0]
        return result


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Places grouped by length, shortest first, so that runs and padding together cost least.

    A run costs RUN tokens and as many as its rectangle has. In order of length the cheapest grouping is
    found exactly: for every text the best place where the last batch could have begun.
    """
    order = sorted(range(len(lengths)), key=lambda place: lengths[place])
    cost, begun = [0], [0]  # of the first n texts, and where their last batch begins
    for end in range(1, len(order) + 1):
        longest = lengths[order[end - 1]]
        starts = range(max(0, end - BATCH), end)
        best, start = min((cost[start] + RUN + (end - start) * longest, start) for start in starts)
        cost.append(best)
        begun.append(start)
    groups, end = [], len(order)
    while end:
        groups.append(order[begun[end] : end])
        end = begun[end]
    return groups[::-1]


def make(cache: Path, argument: str = "") -> Embedder:  # noqa: ARG001 - the signature of all embedders
    """Entry point `coach.embedders: minilm`."""
    return OnnxEmbedder(cache)
