"""The result of a run as one JSON value, for other programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from evals.results import RunResult


def value(run: RunResult) -> dict[str, Any]:
    """What `--format json` prints; the cases themselves stay in the record."""
    return {
        "exit": int(run.exit),
        "result": run.exit.name.lower(),
        "notes": list(run.notes),
        "signed": [asdict(one) for one in run.signed],
        "command": run.manifest.command,
        "seed": run.manifest.seed,
        "model": run.manifest.model,
        "git": run.manifest.git,
        "dirty": run.manifest.dirty,
        "arms": {name: asdict(arm) for name, arm in run.manifest.arms.items()},
        "tasks": [
            {
                "task": part.task.name,
                "mode": part.mode.value,
                "epochs": part.epochs,
                "cases": part.cases,
                "lost": part.lost,
                "skipped": part.skipped,
                "moved": list(part.moved),
                "means": part.means,
                "tokens": part.tokens,
                "verdict": asdict(part.verdict) if part.verdict else None,
            }
            for part in run.parts
        ],
    }


def render(run: RunResult) -> str:
    """The same as text."""
    return json.dumps(value(run), ensure_ascii=False, indent=2, default=str) + "\n"
