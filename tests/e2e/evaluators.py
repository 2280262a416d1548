"""What tests of the evaluator's pages share: a programme with a data folder, drafts, and finished runs."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

import evals.pages
from coach.bundled import bundled
from coach.domain.model import Access, Member, Role
from coach.settings import Settings
from evals import tasks
from evals.model import Score
from evals.planning import Options, begin
from evals.records import Manifest, Record, Row, TaskNote
from tests.e2e.conftest import Site, serve
from tests.e2e.fake_coach import FakeCoach
from ui.catalog import Catalog

PROMPT = "reflection-questions.prompty"
FRAMES = "embedded/frames.yaml"
OLD_RULE = "Choose what the whole text turns on"
NEW_RULE = "Find what the whole text turns on"
SHIPPED, NEXT = "1.2.0", "1.2.1"  # versions of the prompt: as delivered, and with one rule reworded


@dataclass
class FakeAudit:
    """The log, in memory."""

    lines: list[tuple[str, Access]] = field(default_factory=list)

    def record(self, actor_id: str, action: str, object_id: str = "", owner_id: str = "") -> None:
        self.lines.append((owner_id, Access(datetime.now(UTC), actor_id, action, object_id)))

    def of_owner(self, owner_id: str) -> list[Access]:
        return [line for owner, line in reversed(self.lines) if owner == owner_id]


class EvaluatorCoach(FakeCoach):
    """The scripted coach, with real settings, a data folder and a log."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)  # type: ignore[arg-type] # real settings have all that the fake ones have
        self.parts = SimpleNamespace(audit=FakeAudit())


def open_site(
    home: Path, cache: Path, catalog: Catalog | None = None, *, bare: bool = False
) -> Iterator[Site]:
    """A server of one test module, with the evaluator's pages, installed or not; a `bare` one has none."""
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{door.getsockname()[1]}"
    settings = Settings(home=home / "data", key_file=home / "key", cache=cache, base_url=url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ui.app.contributed", lambda: () if bare else (evals.pages,))
        yield from serve(EvaluatorCoach(settings), door, url, catalog)


def evaluator(site: Site, name: str) -> Member:
    return site.coach.add_member(name, Role.EVALUATOR)


def changed_rule(mark: str = "") -> str:
    """The prompt for a model with one rule reworded, as the next version; `mark` makes it one of its own."""
    text = (bundled("prompts") / PROMPT).read_text(encoding="utf-8")
    line = f'    - {{version: {NEXT}, date: 2026-11-23, kind: patch, why: a test, evidence: "stub"}}\n'
    assert f"  version: {SHIPPED}\n" in text
    text = text.replace(f"  version: {SHIPPED}", f"  version: {NEXT}", 1)
    text = text.replace("  changelog:\n", f"  changelog:\n{line}", 1)
    assert OLD_RULE in text
    return text.replace(OLD_RULE, f"{NEW_RULE} {mark}".strip())


def changed_frames(count: int = 1) -> str:
    """The frames of the embedded writer as a new version: the first `count` reworded, with 0 all."""
    text = (bundled("prompts") / FRAMES).read_text(encoding="utf-8")
    text = re.sub(r"^version: .*$", "version: 99.0.0", text, count=1, flags=re.MULTILINE)
    return re.sub(r"text: (['\"])What ", r"text: \1Then what ", text, count=count)


def draft(client: httpx.Client, text: str, file: str = PROMPT, base: str = "as-delivered") -> str:
    """Write a draft through the page; the version it became."""
    answer = client.post("/prompts/draft", data={"base": base, "file": file, "text": text})
    assert answer.status_code == 303, (answer.status_code, answer.text[-600:])
    return answer.headers["location"].rpartition("/")[2]


def version_folder(settings: Settings, version: str) -> Path:
    return bundled("prompts") if version == "as-delivered" else settings.home / "prompts" / version


def add_run(
    settings: Settings,
    name: str,
    candidate: str,
    baseline: str | None = "as-delivered",
    worse: int = 0,
    **options: object,
) -> Path:
    """A finished run as the program would leave it: every case passes, but for the first `worse` ones."""
    folder = settings.home / "evals" / name
    side = str(version_folder(settings, baseline)) if baseline else None
    given = {"command": "gate", "epochs": 1, **options}
    command = str(given.pop("command"))
    asked = Options(
        command,
        baseline=side,
        candidate=str(version_folder(settings, candidate)),
        **given,  # type: ignore[arg-type] # a test's short form
    )
    manifest = begin(asked, folder, settings)
    record = Record(folder)
    for note in manifest.tasks:
        for mode in note.modes:
            for row in _rows(manifest, note, mode, worse):
                record.append(row)
            record.done(note.name, mode, 1)
    record.end("complete")
    record.close()
    return folder


def _rows(manifest: Manifest, note: TaskNote, mode: str, worse: int) -> Iterator[Row]:
    samples = {sample.id: sample for sample in tasks.task(note.name).samples()}
    for place, case in enumerate(note.cases):
        for arm in manifest.arms:
            bad = arm == "candidate" and place < worse
            scores = {}
            for metric in note.metrics:
                good = float(metric.higher_is_better)
                fails = bad and metric is note.metrics[0]
                value = 1.0 - good if fails else good
                scores[metric.name] = Score(value, explanation="It blames." if fails else "")
            told = "Why did you not talk to him?" if bad else "What kept you from the talk?"
            assert case.id in samples
            yield Row(note.name, mode, case.id, 1, arm, text=f"You waited.\n1. {told}", scores=scores)
