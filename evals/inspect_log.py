"""A run as logs of inspect-ai, for its viewer: one log for each task, mode and arm.

The package is an optional extra and is imported only here; a run never needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from coach.errors import UserError
from evals import tasks
from evals.model import Sample
from evals.records import OK, Held, Row, TaskNote


def write_logs(held: Held, folder: Path) -> list[Path]:
    """Write the logs.

    Args:
        held: a record that was judged valid.
        folder: where they go; created when missing.

    Returns:
        The files.

    Raises:
        UserError: inspect-ai is not installed.
    """
    try:
        log, model, scorer = (import_module(f"inspect_ai.{name}") for name in ("log", "model", "scorer"))
    except ImportError:
        raise UserError(
            "The package inspect-ai is not installed.", "Please run: pip install inspect-ai, or use --jsonl."
        ) from None
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for task, mode, arm in _parts(held):
        rows = [row for row in held.rows if (row.task, row.mode, row.arm) == (task.name, mode, arm)]
        file = folder / f"{task.name}-{mode}-{arm}.eval"
        whole = _log(log, model, scorer, held, task, [row for row in rows if row.status == OK])
        log.write_eval_log(whole, str(file), format="eval")
        written.append(file)
    return written


def _parts(held: Held) -> Iterator[tuple[TaskNote, str, str]]:
    for task in held.manifest.tasks:
        for mode in task.modes:
            for arm in held.manifest.arms:
                yield task, mode, arm


def _log(
    log: ModuleType, model: ModuleType, scorer: ModuleType, held: Held, task: TaskNote, rows: list[Row]
) -> Any:
    manifest = held.manifest
    name = manifest.model or "embedded"
    ids = [case.id for case in task.cases]
    spec = log.EvalSpec(
        created=datetime.now(UTC).isoformat(),
        task=task.name,
        dataset=log.EvalDataset(name=task.dataset, samples=len(ids), sample_ids=ids),
        model=name,
        config=log.EvalConfig(epochs=max((row.epoch for row in rows), default=1)),
        packages=dict(manifest.packages),
        metadata={
            "git": manifest.git,
            "arms": {key: dict(arm.prompts) for key, arm in manifest.arms.items()},
        },
    )
    inputs = {sample.id: sample for sample in tasks.task(task.name).samples()}
    samples = [_sample(log, model, scorer, row, inputs.get(row.case), name) for row in rows]
    results = log.EvalResults(
        total_samples=len(rows), completed_samples=len(rows), scores=list(_scores(log, task, rows))
    )
    return log.EvalLog(status="success", eval=spec, results=results, samples=samples)


def _sample(
    log: ModuleType, model: ModuleType, scorer: ModuleType, row: Row, sample: Sample | None, name: str
) -> Any:
    scores = {
        metric: scorer.Score(
            value=score.value,
            answer=score.answer,
            explanation=score.explanation,
            metadata=dict(score.metadata),
        )
        for metric, score in row.scores.items()
    }
    return log.EvalSample(
        id=row.case,
        epoch=row.epoch,
        input=str(sample.input.get("text", "")) if sample else "",
        target="",
        output=model.ModelOutput.from_content(name, row.text),
        scores=scores,
        metadata={"arm": row.arm, "mode": row.mode, **dict(row.value)},
    )


def _scores(log: ModuleType, task: TaskNote, rows: list[Row]) -> Iterator[Any]:
    for metric in task.metrics:
        values = [row.scores[metric.name].value for row in rows]
        mean = sum(values) / len(values) if values else 0.0
        yield log.EvalScore(
            name=metric.name, scorer=metric.name, metrics={"mean": log.EvalMetric(name="mean", value=mean)}
        )
