"""From rows to a verdict and an exit code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evals.merging import merged
from evals.model import Exit, Guard, Metric, Score
from evals.record_reading import read_record
from evals.records import InvalidRun, Manifest, Row
from evals.reports import as_json, github, junit, markdown, summary
from evals.results import RunResult, result_of
from tests.unit.evals.made_runs import a_manifest, a_row, whole, write_run


def judged(
    folder: Path, manifest: Manifest, rows: list[Row], epochs: int = 1, end: str = "complete"
) -> RunResult:
    return result_of(read_record(write_run(folder, manifest, rows, epochs, end)))


def worse(manifest: Manifest, cases: int) -> list[Row]:
    """The candidate fails the first `cases` of them."""
    bad = {f"c{n}" for n in range(cases)}
    return [
        a_row(row.case, row.arm, row.epoch, 0.0, mode=row.mode)
        if row.arm == "candidate" and row.case in bad
        else row
        for row in whole(manifest)
    ]


def test_no_change_passes_and_a_collapse_fails(tmp_path: Path) -> None:
    """Exit codes 0 and 1, in a run without noise."""
    manifest = a_manifest(60)
    assert judged(tmp_path / "same", manifest, whole(manifest)).exit is Exit.PASS
    result = judged(tmp_path / "worse", manifest, worse(manifest, 30))
    assert result.exit is Exit.REGRESSION
    flips = [flip for flip in result.parts[0].verdict.flips if flip.metric == "all"]  # type: ignore[union-attr] # judged
    assert len(flips) == 30 and all(flip.worse for flip in flips)


def test_a_limited_run_can_fail_and_cannot_pass(tmp_path: Path) -> None:
    """--limit shows something early and proves nothing."""
    manifest = replace(a_manifest(60), limited=True)
    assert judged(tmp_path / "same", manifest, whole(manifest)).exit is Exit.INCONCLUSIVE
    assert judged(tmp_path / "worse", manifest, worse(manifest, 40)).exit is Exit.REGRESSION


def test_a_run_that_stopped_on_its_budget_is_inconclusive(tmp_path: Path) -> None:
    """Cases that it did not reach are not missing; they are not there yet."""
    manifest = a_manifest(60)
    result = judged(tmp_path, manifest, whole(manifest)[:31], epochs=0, end="budget")
    assert result.exit is Exit.INCONCLUSIVE
    assert any("budget" in note for note in result.notes)


def test_an_epoch_lost_in_one_arm_is_left_out_of_both(tmp_path: Path) -> None:
    """Pairs compare like with like."""
    manifest = a_manifest(60, mode="stub")
    rows = whole(manifest, 3)
    lost = rows[0]
    rows[0] = Row(lost.task, lost.mode, lost.case, lost.epoch, lost.arm, status="error", error="Timeout")
    pairs = {pair.sample_id: pair for pair in judged(tmp_path, manifest, rows, 3).parts[0].pairs}
    assert len(pairs[lost.case].baseline["all"]) == len(pairs[lost.case].candidate["all"]) == 2
    assert len(pairs["c5"].baseline["all"]) == 3


def test_a_case_that_needs_a_real_run_never_passes_silently(tmp_path: Path) -> None:
    """The same run passes once the answer is recorded."""
    manifest = a_manifest(400, mode="replay")
    rows = whole(manifest, 5)
    assert judged(tmp_path / "all", manifest, rows, 5).exit is Exit.PASS
    one = rows[1]
    rows[1] = Row(one.task, one.mode, one.case, one.epoch, one.arm, status="skipped", error="NeedsRealRun")
    result = judged(tmp_path / "one", manifest, rows, 5)
    assert result.exit is Exit.INCONCLUSIVE
    assert "real model" in result.parts[0].verdict.reasons[0]  # type: ignore[union-attr] # judged


def test_a_plain_run_fails_on_what_may_never_fail(tmp_path: Path) -> None:
    """Without a baseline too: one failure of a ZERO metric is enough."""
    manifest = a_manifest(command="run", arms=("candidate",), stages=(1,))
    metrics = (Metric("all", Guard.PRIMARY), Metric("brief", Guard.ZERO))
    manifest = replace(manifest, tasks=(replace(manifest.tasks[0], metrics=metrics),))
    rows = whole(manifest)
    assert judged(tmp_path / "good", manifest, rows).exit is Exit.PASS
    rows[2] = a_row("c2", scores={"all": Score(1.0), "brief": Score(0.0)})
    assert judged(tmp_path / "bad", manifest, rows).exit is Exit.REGRESSION


def test_two_runs_are_compared_case_by_case_or_not_at_all(tmp_path: Path) -> None:
    """Other cases, scorers or models refuse the comparison."""
    manifest = a_manifest(60, command="run", arms=("candidate",), stages=(1,))
    first = read_record(write_run(tmp_path / "one", manifest, whole(manifest)))
    second = read_record(write_run(tmp_path / "two", manifest, worse(manifest, 30)))
    both = merged(first, second)
    assert result_of(replace(both, manifest=replace(both.manifest, command="gate"))).exit is Exit.REGRESSION
    fewer = a_manifest(59, command="run", arms=("candidate",), stages=(1,))
    third = read_record(write_run(tmp_path / "three", fewer, whole(fewer)))
    with pytest.raises(InvalidRun, match="1 cases are in one run only"):
        merged(first, third)
    other = replace(second, manifest=replace(second.manifest, model="openai:other"))
    with pytest.raises(InvalidRun, match="models differ"):
        merged(first, other)


def test_every_report_tells_a_regression(tmp_path: Path) -> None:
    """Terminal, Markdown, JSON, JUnit and annotations say the same, without a time or a path."""
    manifest = a_manifest(60)
    result = judged(tmp_path, manifest, worse(manifest, 30))
    texts = [one.render(result) for one in (summary, markdown, as_json, junit)]
    texts.append(github.render(result, tmp_path / "arms"))
    assert all(str(tmp_path) not in text for text in texts)
    assert "REGRESSION" in texts[0] and "REGRESSION" in texts[1] and '"exit": 1' in texts[2]
    assert 'failures="2"' in texts[3] and "<failure" in texts[3]
    assert "::error::tiny (embedded)" in texts[4]


HEAD = "---\nmetadata:\n  version: 1.0.{n}\n  changelog:\n{log}model: {{heat: {heat}}}\n---\nsystem:\n"
BODY = "# A heading\n- Ask one thing.\n- {rule}\n"
LOG = "    - {{version: 1.0.{n}, why: a}}\n"


@pytest.mark.parametrize(
    ("file", "before", "after", "line"),
    [
        ("ask.prompty", (0, 1, "Be brief."), (1, 1, "Be short."), "- Be short."),
        ("ask.prompty", (0, 1, "Be brief."), (1, 2, "Be brief."), "model: {heat: 2}"),
        ("ask.prompty", (0, 1, "Be brief."), (1, 1, "Be brief."), "  version: 1.0.1"),
        ("asks.yaml", (0, 1, "Be brief."), (1, 1, "Be short."), "- Be short."),
    ],
)
def test_an_annotation_stands_where_what_is_read_begins_to_differ(
    tmp_path: Path, file: str, before: tuple[int, int, str], after: tuple[int, int, str], line: str
) -> None:
    """Version and changelog change every time, and a remark at their line tells nothing."""
    for name, (n, heat, rule) in (("one", before), ("two", after)):
        log = "".join(LOG.format(n=k) for k in range(n, -1, -1))
        text = HEAD.format(n=n, log=log, heat=heat) + BODY.format(rule=rule)
        (tmp_path / name).mkdir()
        (tmp_path / name / file).write_text(text, encoding="utf-8")
    place = github._first_change(tmp_path / "one" / file, tmp_path / "two" / file)
    assert (tmp_path / "two" / file).read_text(encoding="utf-8").splitlines()[place - 1] == line


def test_texts_cannot_break_out_of_a_report(tmp_path: Path) -> None:
    """Line ends, percent signs and control characters of an output stay inside their field."""
    manifest = a_manifest(60)
    evil = "c0\n::warning::no"
    case = replace(manifest.tasks[0].cases[0], id=evil, must_pass=True)
    task = replace(manifest.tasks[0], cases=(case, *manifest.tasks[0].cases[1:]))
    rows = worse(manifest, 40)
    rows[0] = replace(rows[0], case=evil)
    rows[1] = replace(rows[1], case=evil, text="]]><x/>\x00\x1b::error::100%\n::warning::no")
    result = judged(tmp_path, replace(manifest, tasks=(task,)), rows)
    from xml.etree import ElementTree

    assert ElementTree.fromstring(junit.render(result)).find(".//x") is None
    annotated = github.render(result, tmp_path)
    assert "%0A" in annotated
    assert not any(line.startswith("::warning") for line in annotated.splitlines())
