"""Where a figure comes from: the code, the cases, the scorers and the packages, as hashes and versions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

import evals
from coach import __version__
from coach.bundled import bundled
from evals.arms import git

PACKAGES = ("numpy", "onnxruntime", "chromadb", "bm25s", "langchain", "langchain-core", "langchain-openai")


def packages() -> dict[str, str]:
    """Versions of what can move a figure; what is not installed is left out."""
    found = {"peer-coach": __version__}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def commit() -> tuple[str, bool | None]:
    """The code's commit, and whether something is not committed; ("", None) outside a repository."""
    here = Path(evals.__file__).parent
    head = git(here, "rev-parse", "HEAD")
    if not head:
        return "", None
    # Only the code: prompts have hashes of their own, and a data set that changed has one too.
    status = git(here.parent, "status", "--porcelain", "--", "coach", "evals")
    return head.decode().strip(), bool(status)


def program(corpus: Path | None = None) -> str:
    """SHA-256 over the sources and data of the program and over its corpus, by name and content.

    Args:
        corpus: the folder that is read in; None for the one that came with the program.
    """
    here = Path(evals.__file__).parent.parent / "coach"
    texts = corpus or bundled("corpus")
    sources = [(file, here) for kind in ("*.py", "*.json") for file in sorted(here.rglob(kind))]
    sources += [(file, texts) for file in sorted(texts.rglob("*")) if file.is_file()]
    return _digest((f"{root.name}/{file.relative_to(root).as_posix()}", file) for file, root in sources)


def scorers(task: str) -> str:
    """SHA-256 over the sources of a task's family and of the scorers that families share."""
    here = Path(evals.__file__).parent
    files = [here / "families" / f"{task}.py", *sorted((here / "scorers").rglob("*.py"))]
    return _digest((file.relative_to(here).as_posix(), file) for file in files if file.is_file())


def dataset(name: str) -> str:
    """SHA-256 of a file, or of all files of a folder, below evals/data; "" when it is not there."""
    place = Path(evals.__file__).parent / "data" / name
    files = sorted(place.rglob("*")) if place.is_dir() else [place]
    found = [(file.name, file) for file in files if file.is_file()]
    return _digest(found) if found else ""


def host(base_url: str) -> str:
    """The host of an address and its port: who answered, without path, user or key."""
    parts = urlsplit(base_url)
    return f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"


def _digest(files: Iterable[tuple[str, Path]]) -> str:
    whole = hashlib.sha256()
    for name, file in files:
        whole.update(f"{name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()
