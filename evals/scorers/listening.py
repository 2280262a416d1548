"""Hears what the program's logs say while a case runs, as the program has set them up."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class _Ear(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.said: list[str] = []
        self._form = logging.Formatter("%(name)s %(levelname)s %(message)s")

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self._form.format(record))


@contextmanager
def listening() -> Iterator[list[str]]:
    """Lines of every logger, tracebacks included, while the context is open."""
    ear, root = _Ear(), logging.getLogger()
    root.addHandler(ear)
    try:
        yield ear.said
    finally:
        root.removeHandler(ear)
