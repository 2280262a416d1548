"""An arm around the real gate and the real prompt, with fakes for everything heavy: for tests of families."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from evals.model import Arm, Mode
from tests.fakes import FakeClassifier, FakeEmbedder, FakeLibrary
from tests.integration.llm_harness import PROMPTS, thinking


def a_system(mode: Mode = Mode.STUB, bank: object = None, prompts: Path = PROMPTS, **more: Any) -> Any:
    """As much of model.System as families ask for; `more` becomes attributes of it."""
    mind = thinking(None)
    mind = replace(mind, bank=bank or mind.bank)
    parts = SimpleNamespace(embedder=FakeEmbedder(), library=FakeLibrary(), advice=FakeClassifier())
    settings = SimpleNamespace(deadline_seconds=5.0)
    coach = SimpleNamespace(thinking=mind, parts=parts, settings=settings)
    return SimpleNamespace(arm=Arm.CANDIDATE, mode=mode, coach=coach, prompts=prompts, **more)
