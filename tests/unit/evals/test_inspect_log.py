"""`coach eval export --inspect`: a zip of the published form in which nothing of the record is missing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from coach.cli import build
from evals.families import question_quality
from evals.inspect_log import write_logs
from evals.model import Score
from evals.provenance import dataset
from evals.record_reading import read_record
from evals.records import ERROR, OK, SKIPPED, CaseNote, Held, Row, TaskNote
from tests.unit.evals.made_runs import METRICS, a_manifest, a_row, change_line, whole, write_run

# What version 2 of the form asks of each object, as inspect-ai publishes it in its OpenAPI description.
NEEDED = {
    "log": {"version": int, "status": str, "eval": dict, "plan": dict, "stats": dict, "invalidated": bool,
            "tags": list, "metadata": dict},
    "eval": {"eval_id": str, "run_id": str, "created": str, "task": str, "task_id": str, "task_version": int,
             "task_attribs": dict, "task_args": dict, "task_args_passed": dict, "dataset": dict, "model": str,
             "model_generate_config": dict, "model_args": dict, "config": dict, "packages": dict},
    "plan": {"name": str, "steps": list, "config": dict},
    "step": {"solver": str, "params": dict, "params_passed": dict},
    "stats": {"started_at": str, "completed_at": str, "model_usage": dict, "role_usage": dict,
              "connection_limit_history": list},
    "results": {"total_samples": int, "completed_samples": int, "scores": list},
    "figure": {"name": str, "scorer": str, "params": dict, "metrics": dict},
    "metric": {"name": str, "value": float, "params": dict},
    "sample": {"id": str, "epoch": int, "input": (str, list), "target": str, "messages": list, "output": dict,
               "metadata": dict, "store": dict, "events": list, "model_usage": dict, "role_usage": dict,
               "attachments": dict},
    "summary": {"id": str, "epoch": int, "input": (str, list), "target": str, "metadata": dict,
                "model_usage": dict, "role_usage": dict, "completed": bool},
    "output": {"model": str, "choices": list, "completion": str},
    "choice": {"message": dict, "stop_reason": str},
    "message": {"content": str, "role": str},
    "score": {"value": float, "history": list},
    "usage": {"input_tokens": int, "output_tokens": int, "total_tokens": int},
    "error": {"message": str, "traceback": str, "traceback_ansi": str},
    "reduction": {"scorer": str, "samples": list},
    "reduced": {"value": float, "history": list},
}  # fmt: skip


def fits(kind: str, found: dict[str, Any]) -> dict[str, Any]:
    """The object itself, once it has all that it needs."""
    for key, wanted in NEEDED[kind].items():
        assert isinstance(found.get(key), wanted), (kind, key, found.get(key))  # type: ignore[arg-type] # a class
    return found


def opened(file: Path) -> dict[str, Any]:
    """The members of a log, each once, as JSON that any parser takes."""
    with ZipFile(file) as log:
        assert log.testzip() is None
        names = log.namelist()
        assert len(set(names)) == len(names)
        return {name: json.loads(log.read(name).decode("ascii")) for name in names}


def samples_in(log: dict[str, Any]) -> dict[tuple[str, int], dict[str, Any]]:
    found = [one for name, one in log.items() if name.startswith("samples/")]
    return {(one["id"], one["epoch"]): one for one in found}


def check_form(log: dict[str, Any]) -> None:
    """Every object of a log is of the published form."""
    header = fits("log", log["header.json"])
    assert header["version"] == 2 and header["status"] in ("success", "cancelled")
    start = log["_journal/start.json"]
    assert (start["version"], start["eval"], start["plan"]) == (2, header["eval"], header["plan"])
    assert datetime.fromisoformat(fits("eval", header["eval"])["created"]).tzinfo is not None
    for step in fits("plan", header["plan"])["steps"]:
        fits("step", step)
    for one in fits("stats", header["stats"])["model_usage"].values():
        fits("usage", one)
    for figure in fits("results", header["results"])["scores"]:
        for metric in fits("figure", figure)["metrics"].values():
            fits("metric", metric)
    for name, sample in log.items():
        if name.startswith("samples/"):
            assert name == f"samples/{sample['id']}_epoch_{sample['epoch']}.json"
            check_sample(sample)
    for one in log["reductions.json"]:
        for reduced in fits("reduction", one)["samples"]:
            fits("reduced", reduced)
    assert log["summaries.json"] == log["_journal/summaries/1.json"]
    told = [(fits("summary", one)["id"], one["epoch"]) for one in log["summaries.json"]]
    assert sorted(told) == sorted(samples_in(log))


def check_sample(sample: dict[str, Any]) -> None:
    fits("sample", sample)
    for message in sample["messages"]:
        assert fits("message", message)["role"] in ("user", "assistant")
    for choice in fits("output", sample["output"])["choices"]:
        assert fits("choice", choice)["stop_reason"] == "stop"
        fits("message", choice["message"])
    for score in sample.get("scores", {}).values():
        fits("score", score)
    for one in sample["model_usage"].values():
        fits("usage", one)
    if "error" in sample:
        fits("error", sample["error"])


TEXTS = st.text(st.characters(), max_size=12)  # half characters included
SCORES = st.builds(Score, st.floats(0, 1), TEXTS, TEXTS, st.dictionaries(st.just("span"), TEXTS))


@st.composite
def records(draw: st.DrawFn) -> Held:
    """Any record: both arms or one, some results lost, texts of every kind."""
    arms = draw(st.sampled_from([("candidate",), ("baseline", "candidate")]))
    manifest = a_manifest(draw(st.integers(1, 4)), arms=arms, mode="stub")
    epochs = draw(st.integers(1, 3))
    rows = []
    for row in whole(manifest, epochs):
        status = draw(st.sampled_from([OK, OK, OK, ERROR, SKIPPED]))
        if status == OK:
            scores = {metric.name: draw(SCORES) for metric in METRICS}
            told = {
                "text": draw(TEXTS),
                "tokens_in": draw(st.integers(0, 9)),
                "calls": draw(st.integers(0, 2)),
            }
            rows.append(replace(row, scores=scores, value={"shown": draw(TEXTS)}, **told))  # type: ignore[arg-type] # a test's short form
        else:
            rows.append(replace(row, status=status, error="Timeout", scores={}))
    return Held(manifest, tuple(draw(st.permutations(rows))), {("tiny", "stub"): epochs}, "complete")


def plain(text: str) -> str:
    """Without half characters, which no file of UTF-8 can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@settings(max_examples=60, deadline=None)
@given(records())
def test_every_result_of_a_record_is_in_a_log(held: Held) -> None:
    """Case, epoch, text, and each score with its words; what was lost is there as an error."""
    with TemporaryDirectory() as folder:
        files = write_logs(held, Path(folder))
        logs = {file.stem.rpartition("-")[2]: opened(file) for file in files}
        assert {one.name for one in Path(folder).iterdir()} == {one.name for one in files}
    assert set(logs) == set(held.manifest.arms)
    for arm, log in logs.items():
        check_form(log)
        mine = {(row.case, row.epoch): row for row in held.rows if row.arm == arm}
        samples = samples_in(log)
        assert set(samples) == set(mine)
        for key, row in mine.items():
            check_same(samples[key], row)
        results = log["header.json"]["results"]
        fine = [row for row in mine.values() if row.status == OK]
        assert (results["total_samples"], results["completed_samples"]) == (len(mine), len(fine))


def check_same(sample: dict[str, Any], row: Row) -> None:
    if row.status != OK:
        assert sample["error"]["message"] == row.error and "scores" not in sample
        return
    assert sample["output"]["completion"] == sample["messages"][-1]["content"] == plain(row.text)
    assert set(sample["scores"]) == set(row.scores)
    for name, score in row.scores.items():
        told = sample["scores"][name]
        assert told["value"] == score.value
        assert (told["answer"] or "") == plain(score.answer)
        assert (told["explanation"] or "") == plain(score.explanation)
    assert sample["metadata"]["value"] == {"shown": plain(row.value["shown"])}


def test_the_means_are_over_cases_and_not_over_results(tmp_path: Path) -> None:
    """A case that lost an epoch counts as much as the others."""
    manifest = a_manifest(2, arms=("candidate",), stages=(3,), mode="stub")
    values = {("c0", 1): 1.0, ("c0", 2): 1.0, ("c0", 3): 1.0, ("c1", 1): 0.0, ("c1", 2): 0.5}
    rows = [a_row(case, epoch=epoch, value=value, mode="stub") for (case, epoch), value in values.items()]
    rows.append(Row("tiny", "stub", "c1", 3, "candidate", status=ERROR, error="Timeout"))
    (file,) = write_logs(Held(manifest, tuple(rows), {("tiny", "stub"): 3}, "complete"), tmp_path)
    log = opened(file)
    (figure, _) = log["header.json"]["results"]["scores"]
    assert figure["metrics"]["mean"]["value"] == pytest.approx((1.0 + 0.25) / 2)
    assert {one["sample_id"]: one["value"] for one in log["reductions.json"][0]["samples"]} == {
        "c0": 1.0,
        "c1": 0.25,
    }


def test_a_log_shows_the_reflection_of_its_own_cases_only(tmp_path: Path) -> None:
    """When the cases changed since the run, another text would be shown beside an old answer."""
    sample = question_quality.samples()[0]
    metrics = question_quality.task().metrics
    for sha256, wanted in ((dataset(question_quality.DATA.name), str(sample.input["text"])), ("0" * 64, "")):
        note = TaskNote("question_quality", question_quality.DATA.name, sha256, "s" * 64, ("embedded",),
                        metrics, (CaseNote(sample.id, sample.cluster),))  # fmt: skip
        manifest = replace(a_manifest(arms=("candidate",)), tasks=(note,))
        scores = {metric.name: Score(1.0) for metric in metrics}
        row = Row("question_quality", "embedded", sample.id, 1, "candidate", text="You wait.", scores=scores)
        held = Held(manifest, (row,), {("question_quality", "embedded"): 1}, "complete")
        (file,) = write_logs(held, tmp_path)
        (found,) = samples_in(opened(file)).values()
        assert found["messages"][-2]["content"] == wanted


def test_what_stands_in_a_log_is_no_secret_of_the_machine(tmp_path: Path) -> None:
    """Hashes and versions, and no folder."""
    held = read_record(write_run(tmp_path / "run", a_manifest(), whole(a_manifest())))
    for file in write_logs(held, tmp_path / "logs"):
        assert str(tmp_path) not in json.dumps(opened(file))


def export(run: Path, out: Path) -> Any:
    return CliRunner().invoke(build(), ["eval", "export", str(run), "--inspect", "--out", str(out)])


def test_a_run_is_exported_again_and_again_to_the_same_logs(tmp_path: Path) -> None:
    """Without inspect-ai; only the moment of the export differs."""
    write_run(tmp_path / "run", a_manifest(), whole(a_manifest()))
    for _ in range(2):
        done = export(tmp_path / "run", tmp_path / "logs")
        assert done.exit_code == 0, done.output
    names = sorted(one.name for one in (tmp_path / "logs").iterdir())
    assert names == ["tiny-embedded-baseline.eval", "tiny-embedded-candidate.eval"]
    logs = [opened(tmp_path / "logs" / name) for name in names]
    ids = [log["header.json"]["eval"]["eval_id"] for log in logs]
    assert len(set(ids)) == 2 and len({log["header.json"]["eval"]["run_id"] for log in logs}) == 1
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert export(tmp_path / "run", tmp_path / "file").exit_code == 4
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("damage", ["not finite", "a hole", "not finished"])
def test_an_invalid_run_is_not_handed_on(tmp_path: Path, damage: str) -> None:
    """Exit code 3, and no log."""
    file = write_run(tmp_path / "run", a_manifest(), whole(a_manifest()))
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    if damage == "not finite":
        change_line(file, 2, lambda line: line.replace('"value":1.0', '"value":NaN', 1))
    elif damage == "a hole":
        file.write_text("".join(lines[:3] + lines[4:]), encoding="utf-8")
    else:
        file.write_text("".join(lines[:4]), encoding="utf-8")
    done = export(tmp_path / "run", tmp_path / "logs")
    assert done.exit_code == 3 and "not valid" in done.stderr
    assert not (tmp_path / "logs").exists()
