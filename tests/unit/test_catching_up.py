"""While it serves, the program keeps its index in step, whatever goes wrong in one round."""

from __future__ import annotations

import logging
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from coach.errors import IndexUnavailable
from ui.commands import catching_up

PRIVATE = "Jonas wept in the meeting"


class Rounds:
    """An ingest service that fails in given ways, one after the other, and then works."""

    def __init__(self, *faults: Exception) -> None:
        self.faults = list(faults)
        self.well = threading.Event()

    def catch_up(self) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.well.set()


def served(rounds: Rounds) -> bool:
    """Whether a round worked in the end."""
    coach: Any = SimpleNamespace(ingest=rounds)
    with catching_up(coach, seconds=0.01):
        return rounds.well.wait(5)


def test_no_fault_ends_the_rounds(caplog: pytest.LogCaptureFixture) -> None:
    """Each kind is logged, and never its words."""
    faults = (RuntimeError(PRIVATE), MemoryError(), OSError(28, PRIVATE), IndexUnavailable(PRIVATE))
    with caplog.at_level(logging.ERROR):
        assert served(Rounds(*faults))
    logged = [record.getMessage().rpartition(" ")[2] for record in caplog.records]
    assert logged == [type(fault).__name__ for fault in faults]
    assert "Jonas" not in caplog.text
    assert "Traceback" not in caplog.text


def test_a_fault_that_goes_on_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert served(Rounds(*(IndexUnavailable("away") for _ in range(5))))
    assert caplog.text.count("IndexUnavailable") == 1
