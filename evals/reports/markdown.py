"""The report of a run as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from evals.model import Arm
from evals.records import Manifest
from evals.reports.figures import guard, interval, share, signed
from evals.reports.summary import result
from evals.results import RunResult, TaskResult


def render(run: RunResult) -> str:
    """The whole report."""
    lines = [f"# Eval {run.manifest.command}: {result(run)}", ""]
    lines += [f"- {note}" for note in run.notes] + ([""] if run.notes else [])
    lines += _arms(run.manifest)
    for part in run.parts:
        lines += ["", f"## {part.title}", "", *_part(part)]
    lines += ["", "## What stands behind it", "", *_behind(run.manifest)]
    return "\n".join(lines) + "\n"


def _arms(manifest: Manifest) -> Iterator[str]:
    names = sorted({name for arm in manifest.arms.values() for name in arm.prompts})
    yield "| prompt | " + " | ".join(manifest.arms) + " |"
    yield "|---|" + "---|" * len(manifest.arms)
    for name in names:
        cells = []
        for arm in manifest.arms.values():
            found = arm.prompts.get(name)
            cells.append(f"{found['version']} `{found['sha256'][:10]}`" if found else "–")
        yield f"| {name} | " + " | ".join(cells) + " |"


def _part(part: TaskResult) -> Iterator[str]:
    if not part.epochs:
        yield "Not finished."
        return
    yield f"{part.cases} cases, {part.epochs} epochs, {part.lost} lost, {part.skipped} not recorded."
    yield ""
    if part.verdict is None:
        yield from _means(part)
        return
    verdict = part.verdict
    yield f"**{verdict.outcome.capitalize()}.**" + (
        " A person has to approve it." if verdict.needs_approval else ""
    )
    yield ""
    yield from (f"- {reason}" for reason in (*verdict.reasons, *verdict.warnings))
    yield ""
    yield "| metric | kind | baseline | candidate | change | 95 % | better / worse / same | p |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in verdict.metrics:
        yield (
            f"| {one.name} | {guard(one)} | {share(one.baseline)} | {share(one.candidate)} "
            f"| {signed(one.difference)} | {interval(one.difference_interval)} "
            f"| {one.wins} / {one.losses} / {one.ties} | {share(one.adjusted_p)} |"
        )
    yield from _changes(part)


def _changes(part: TaskResult) -> Iterator[str]:
    if part.verdict is None:
        return
    yield ""
    yield f"{len(part.moved)} of {part.cases} texts differ between the arms."
    if part.verdict.flips:
        yield ""
        yield "| case | metric | baseline | candidate | |"
        yield "|---|---|---|---|---|"
    for flip in part.verdict.flips:
        way = "worse" if flip.worse else "better"
        yield (
            f"| {flip.sample_id} | {flip.metric} | {share(flip.baseline, 2)} "
            f"| {share(flip.candidate, 2)} | {way} |"
        )


def _means(part: TaskResult) -> Iterator[str]:
    arms = [arm.value for arm in Arm if arm.value in part.means]
    yield "| metric | " + " | ".join(arms) + " |"
    yield "|---|" + "---|" * len(arms)
    for metric in part.task.metrics:
        yield f"| {metric.name} | " + " | ".join(share(part.means[arm][metric.name]) for arm in arms) + " |"


def _behind(manifest: Manifest) -> Iterator[str]:
    dirty = {True: ", with changes that are not committed", False: "", None: ""}[manifest.dirty]
    yield f"- code: {manifest.git[:12] or 'no repository'}{dirty}; program `{manifest.program[:10]}`"
    for name, arm in manifest.arms.items():
        commit = f" ({arm.commit[:12]})" if arm.commit else ""
        kind = arm.source if arm.source.startswith("git:") else "a folder" if arm.source else "working tree"
        yield f"- {name}: {kind}{commit}"
    for task in manifest.tasks:
        yield f"- {task.name}: cases `{task.dataset_sha256[:10]}`, scorers `{task.scorer_sha256[:10]}`"
    if manifest.model:
        yield f"- model: {manifest.model}" + (f" at {manifest.host}" if manifest.host else "")
    yield f"- seed: {manifest.seed}"
    yield "- " + ", ".join(f"{name} {version}" for name, version in sorted(manifest.packages.items()))
