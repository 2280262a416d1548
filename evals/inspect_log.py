"""A run as logs of inspect-ai, for its viewer: one `.eval` file for each task, mode and arm.

The form is the one that inspect-ai publishes (log version 2): a zip of JSON files. It is written here and
not by that package, which a program that only hands over a file need not install. Every result of the record
is in a log, those that were lost included: the viewer shows them as errors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from coach.errors import UserError
from evals.inspect_sample import sample_of, summary_of, usage
from evals.records import OK, Held, Row, TaskNote
from evals.reports.showing import samples_of

VERSION = 2  # of the log's form

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Part:
    """One log: a task in one mode, one side of the comparison.

    Attributes:
        rows: its results, by epoch and then as the cases come.
        created: ISO moment of the export; a record holds no time of its own.
    """

    held: Held
    task: TaskNote
    mode: str
    arm: str
    rows: Sequence[Row]
    created: str

    @property
    def name(self) -> str:
        return f"{self.task.name}-{self.mode}-{self.arm}"

    @property
    def model(self) -> str:
        """What the viewer names as the model; the bank of questions has none."""
        return (self.held.manifest.model or "embedded") if self.mode != "embedded" else "embedded"

    def id(self, kind: str) -> str:
        """The same for the same record, however often it is exported."""
        manifest = self.held.manifest
        about = "" if kind == "run" else f"{self.mode}\0{self.arm}"
        about += "" if kind in ("run", "arm") else f"\0{self.task.name}"
        whole = [kind, about, manifest.program, manifest.seed, sorted(_hashes(manifest.arms))]
        return hashlib.sha256(json.dumps(whole).encode()).hexdigest()[:22]


def write_logs(held: Held, folder: Path, now: datetime | None = None) -> list[Path]:
    """Write the logs.

    Args:
        held: a record that was judged valid.
        folder: where they go; created when missing. Logs of the same names are replaced.
        now: the moment that stands in them; None for the present one.

    Returns:
        The files, in the order of tasks, modes and arms.

    Raises:
        UserError: there is a file where the folder should be.
    """
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder.name} is a file.", "Please give a folder for the logs.")
    folder.mkdir(parents=True, exist_ok=True)
    created = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    written = []
    for part in _parts(held, created):
        file = folder / f"{part.name}.eval"
        draft = file.with_suffix(".tmp")
        with ZipFile(draft, "w", ZIP_DEFLATED) as out:
            for name, content in _members(part):
                out.writestr(name, json.dumps(_sound(content), allow_nan=False))
        draft.replace(file)
        written.append(file)
    return written


def _parts(held: Held, created: str) -> Iterator[_Part]:
    for task in held.manifest.tasks:
        places = {case.id: place for place, case in enumerate(task.cases)}
        for mode in task.modes:
            for arm in held.manifest.arms:
                mine = [row for row in held.rows if (row.task, row.mode, row.arm) == (task.name, mode, arm)]
                rows = sorted(mine, key=lambda row: (row.epoch, places[row.case]))
                yield _Part(held, task, mode, arm, rows, created)


def _members(part: _Part) -> Iterator[tuple[str, Any]]:
    """The files of the zip in the order in which inspect-ai writes them itself."""
    spec, plan = _spec(part), _plan(part)
    yield "_journal/start.json", {"version": VERSION, "eval": spec, "plan": plan}
    inputs = samples_of(part.task)
    notes = {case.id: case for case in part.task.cases}
    summaries = []
    for row in part.rows:
        sample = sample_of(row, notes[row.case], inputs.get(row.case), part.model)
        summaries.append(summary_of(sample))
        yield f"samples/{row.case}_epoch_{row.epoch}.json", sample
    yield "_journal/summaries/1.json", summaries
    yield "summaries.json", summaries
    yield "reductions.json", _reductions(part)
    yield "header.json", _header(part, spec, plan)


def _spec(part: _Part) -> Entry:
    manifest, ids = part.held.manifest, [case.id for case in part.task.cases]
    found: Entry = {
        "eval_id": part.id("eval"),
        "run_id": part.id("run"),
        "created": part.created,
        "task": part.task.name,
        "task_id": part.id("task"),
        "task_version": 0,
        "task_display_name": f"{part.task.name} ({part.mode}, {part.arm})",
        "task_attribs": {},
        "task_args": {"mode": part.mode, "arm": part.arm},
        "task_args_passed": {"mode": part.mode, "arm": part.arm},
        "tags": [part.mode, part.arm],
        "dataset": {
            "name": part.task.dataset,
            "samples": len(ids),
            "sample_ids": ids,
            "shuffled": False,
        },
        "model": part.model,
        "model_generate_config": {},
        "model_args": {},
        "config": {"epochs": _epochs(part), "epochs_reducer": ["mean"]},
        "packages": dict(manifest.packages),
        "metadata": {
            "command": manifest.command,
            "seed": manifest.seed,
            "limited": manifest.limited,
            "program_sha256": manifest.program,
            "dataset_sha256": part.task.dataset_sha256,
            "scorer_sha256": part.task.scorer_sha256,
            "prompts": {name: dict(entry) for name, entry in manifest.arms[part.arm].prompts.items()},
        },
    }
    if manifest.git:
        found["revision"] = {"type": "git", "origin": "", "commit": manifest.git, "dirty": manifest.dirty}
    return found


def _plan(part: _Part) -> Entry:
    params = {"mode": part.mode, "arm": part.arm}
    return {
        "name": "plan",
        "steps": [{"solver": "coach", "params": params, "params_passed": params}],
        "config": {},
    }


def _header(part: _Part, spec: Entry, plan: Entry) -> Entry:
    whole = [row for row in part.rows if row.status == OK]
    tokens = {part.model: usage(whole)} if any(row.calls for row in whole) else {}
    return {
        "version": VERSION,
        "status": "success" if part.held.end == "complete" else "cancelled",
        "eval": spec,
        "plan": plan,
        "results": {
            "total_samples": len(part.rows),
            "completed_samples": len(whole),
            "scores": [_score(part, metric.name) for metric in part.task.metrics],
        },
        "stats": {
            "started_at": part.created,
            "completed_at": part.created,
            "model_usage": tokens,
            "role_usage": {},
            "connection_limit_history": [],
        },
        "invalidated": False,
        "tags": spec["tags"],
        "metadata": spec["metadata"],
    }


def _score(part: _Part, metric: str) -> Entry:
    """One figure with its mean over the cases, each the mean of its epochs."""
    cases = _case_means(part, metric)
    found: Entry = {
        "name": metric,
        "scorer": metric,
        "reducer": "mean",
        "scored_samples": len(cases),
        "unscored_samples": len(part.task.cases) - len(cases),
        "params": {},
        "metrics": {},
    }
    if cases:
        mean = sum(cases.values()) / len(cases)
        found["metrics"]["mean"] = {"name": "mean", "value": mean, "params": {}}
    return found


def _reductions(part: _Part) -> list[Entry]:
    return [
        {
            "scorer": metric.name,
            "reducer": "mean",
            "samples": [
                {"sample_id": case, "value": value, "history": []}
                for case, value in _case_means(part, metric.name).items()
            ],
        }
        for metric in part.task.metrics
    ]


def _case_means(part: _Part, metric: str) -> dict[str, float]:
    values: dict[str, list[float]] = {}
    for row in part.rows:
        if row.status == OK:
            values.setdefault(row.case, []).append(row.scores[metric].value)
    return {case: sum(found) / len(found) for case, found in values.items()}


def _epochs(part: _Part) -> int:
    return max((row.epoch for row in part.rows), default=1)


def _hashes(arms: Mapping[str, Any]) -> Iterator[str]:
    for name, arm in arms.items():
        yield from (f"{name} {key} {entry['sha256']}" for key, entry in arm.prompts.items())


def _sound(value: Any) -> Any:
    """The same without half characters, which a model's reply may hold and no reader of UTF-8 takes."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Mapping):
        return {_sound(str(key)): _sound(one) for key, one in value.items()}
    return [_sound(one) for one in value] if isinstance(value, list | tuple) else value
