"""What a person decides in a changelog: a cost that is accepted, an open question that is signed off."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from coach.adapters.prompt_body import PromptRefused
from coach.adapters.prompt_files import parse_prompt
from coach.bundled import bundled
from coach.cli import build
from coach.settings import Settings
from evals.arms import check_changelogs, identities
from evals.families import cost
from evals.gating import judge
from evals.model import Exit
from evals.pages.archive import Archive
from evals.planning import ARMS, Options, begin
from evals.record_reading import read_record
from evals.records import ERROR, SKIPPED, ArmNote, Manifest, Row
from evals.reports import as_json, github, html, junit, markdown, summary
from evals.results import RunResult, result_of
from evals.verdicts import Pair
from evals.waivers import accepted, signatures
from tests.unit.evals.made_runs import a_manifest, a_row, whole, write_run

FILE = "reflection-questions.prompty"
FRAMES = "embedded/frames.yaml"
SIGNED = "Noor: forty more cases show no loss."
WORDS = "signed off by Noor because forty more cases show no loss"


# -- the files ----------------------------------------------------------------------------------------------


def a_prompt(extra: str, rule: str = "") -> str:
    """The prompt for a model with a new version, whose changelog line ends in `extra`."""
    text = (bundled("prompts") / FILE).read_text(encoding="utf-8")
    version = parse_prompt(text, FILE).version
    major, minor, patch = version.split(".")
    new = f"{major}.{minor}.{int(patch) + 1}"
    line = f"    - {{version: {new}, date: 2026-12-01, kind: patch, why: a test, evidence: stub{extra}}}\n"
    text = text.replace(f"  version: {version}", f"  version: {new}", 1)
    return text.replace("  changelog:\n", f"  changelog:\n{line}", 1).replace(
        "system:\n", f"system:\n{rule}", 1
    )


def test_a_changelog_line_may_accept_a_cost_and_be_signed() -> None:
    """Neither changes what a model sees, so neither changes the hash."""
    plain = parse_prompt(a_prompt(""), FILE)
    decided = parse_prompt(a_prompt(f', cost: accepted, signed: "{SIGNED}"'), FILE)
    assert (decided.changelog[0].cost, decided.changelog[0].signed) == ("accepted", SIGNED)
    assert (plain.changelog[0].cost, plain.changelog[0].signed) == ("", "")
    assert decided.sha256 == plain.sha256


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        (", costs: accepted", "'costs' is not a key"),
        (", cost: fine", "accepted"),
        (", cost: true", "accepted"),
        (", signed: Noor", "who: why"),
        (", signed: 'Noor:'", "who: why"),
        (", signed: ': because'", "who: why"),
        (", signed: [Noor]", "who: why"),
        (f", signed: 'Noor: {'x' * 300}'", "at most 300"),
    ],
)
def test_a_decision_in_other_words_is_refused_with_its_line(extra: str, reason: str) -> None:
    with pytest.raises(PromptRefused, match=reason) as refusal:
        parse_prompt(a_prompt(extra), FILE)
    assert refusal.value.line == 10


def embedded(folder: Path, line: str) -> Path:
    """A copy of the prompts in which the frames have one more line in their changelog."""
    shutil.copytree(bundled("prompts"), folder)
    file = folder / FRAMES
    text = file.read_text(encoding="utf-8")
    version = identities(folder)["embedded/frames"]["version"]
    text = text.replace(f"version: {version}", "version: 90.0.0", 1)
    file.write_text(
        text.replace("changelog:\n", f"changelog:\n  - {{version: 90.0.0, {line}}}\n", 1), "utf-8"
    )
    return folder


@pytest.mark.parametrize(
    ("line", "reason"), [("why: x, costs: accepted", "'costs'"), ("why: x, signed: Noor", "who: why")]
)
def test_the_texts_of_the_embedded_writer_have_the_same_rule(tmp_path: Path, line: str, reason: str) -> None:
    """A decision that is misspelt would be passed over in silence."""
    with pytest.raises(PromptRefused, match=reason):
        check_changelogs(embedded(tmp_path / "prompts", line))


def test_what_ships_and_a_comma_in_a_sentence_are_let_through(tmp_path: Path) -> None:
    check_changelogs(bundled("prompts"))
    check_changelogs(embedded(tmp_path / "prompts", "why: first set, read aloud"))


def test_a_run_writes_down_what_the_newest_line_decides(settings: Settings, tmp_path: Path) -> None:
    """In its manifest, so that every report of the record can tell it."""
    before = tmp_path / "before"
    shutil.copytree(bundled("prompts"), before)
    after = embedded(tmp_path / "after", f'why: x, signed: "{SIGNED}"')
    (after / FILE).write_text(a_prompt(", cost: accepted", "Be calm.\n\n"), encoding="utf-8")
    asked = Options("gate", tasks=("cost",), baseline=str(before), candidate=str(after))
    manifest = begin(asked, tmp_path / "run", settings)
    held = read_record(tmp_path / "run").manifest
    assert held.arms == manifest.arms
    entries = manifest.arms["candidate"].prompts
    assert entries["reflection-questions"]["cost"] == "accepted" and "cost" not in entries["embedded/frames"]
    assert entries["embedded/frames"]["signed"] == SIGNED
    assert not {"cost", "signed"} & {key for one in manifest.arms["baseline"].prompts.values() for key in one}
    assert accepted(manifest) == (f"reflection-questions {entries['reflection-questions']['version']}",)
    assert (tmp_path / "run" / ARMS).is_dir()


# -- for which change a decision counts ---------------------------------------------------------------------


def between(before: Mapping[str, Any], after: Mapping[str, Any], **more: Any) -> Manifest:
    arms = {"baseline": ArmNote("", prompts=before), "candidate": ArmNote("", prompts=after)}
    return replace(a_manifest(12, mode="stub"), arms=arms, **more)


def entry(version: str, sha256: str, **decided: str) -> dict[str, str]:
    return {"version": version, "sha256": sha256, "file": FILE, **decided}


OLD = {"ask": entry("1.0.0", "a"), "embedded/frames": entry("1.0.0", "b")}
NEW = {**OLD, "ask": entry("1.1.0", "c", signed=SIGNED, cost="accepted")}


@pytest.mark.parametrize(
    ("before", "after", "signs", "pays"),
    [
        (OLD, NEW, ["ask 1.1.0"], ["ask 1.1.0"]),
        (OLD, OLD, [], []),
        (NEW, NEW, [], []),
        ({**OLD, "ask": entry("1.1.0", "x")}, NEW, [], []),  # the text changed under a version that was there
        (OLD, {**NEW, "embedded/frames": entry("1.1.0", "d")}, [], ["ask 1.1.0"]),  # a change nobody signed
        (
            OLD,
            {**NEW, "embedded/frames": entry("1.1.0", "d", signed="Ada: read aloud", cost="accepted")},
            ["ask 1.1.0", "embedded/frames 1.1.0"],
            ["ask 1.1.0"],  # the embedded writer costs no tokens
        ),
        (OLD, {"ask": NEW["ask"]}, [], ["ask 1.1.0"]),  # a prompt that is gone cannot be signed
        ({}, {"ask": NEW["ask"]}, ["ask 1.1.0"], ["ask 1.1.0"]),
        (OLD, {**OLD, "ask": entry("1.1.0", "c", signed="by hand")}, [], []),
    ],
)
def test_a_decision_counts_for_its_own_new_version_alone(
    before: Mapping[str, Any], after: Mapping[str, Any], signs: list[str], pays: list[str]
) -> None:
    manifest = between(before, after)
    assert [one.prompt for one in signatures(manifest)] == signs
    assert list(accepted(manifest)) == pays


# -- cost ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metric", "ratio", "without", "with_it"),
    [
        ("prompt_tokens", 1.05, "pass", "pass"),
        ("prompt_tokens", 1.30, "fail", "pass"),
        ("calls", 1.30, "fail", "fail"),
    ],
)
def test_an_accepted_cost_warns_and_a_further_call_still_fails(
    metric: str, ratio: float, without: str, with_it: str
) -> None:
    names = [one.name for one in cost.task().metrics]
    pairs = [
        Pair(f"c{n}", f"c{n}", {}, False, dict.fromkeys(names, (1.0,)),
             {name: (ratio if name == metric else 1.0,) for name in names})
        for n in range(40)
    ]  # fmt: skip
    assert judge(cost.task(), pairs, 1, deterministic=False).outcome == without
    verdict = judge(cost.task(), pairs, 1, deterministic=False, accepted=("ask 1.1.0",))
    assert verdict.outcome == with_it
    told = any("the changelog of ask 1.1.0 accepts the cost" in one for one in verdict.warnings)
    assert told == (without != with_it)


def test_every_report_tells_that_a_cost_was_accepted(tmp_path: Path) -> None:
    task = replace(a_manifest(12, mode="stub").tasks[0], metrics=(cost.task().metrics[0],))
    manifest = between(OLD, NEW, tasks=(task,))
    rows = []
    for row in whole(manifest):
        value = 1.4 if row.arm == "candidate" else 1.0
        score = replace(row.scores["all"], value=value)
        rows.append(replace(row, scores={"prompt_tokens": score}))
    file = write_run(tmp_path / "run", manifest, rows)
    result = result_of(read_record(file))
    assert result.exit is Exit.PASS and not result.signed
    for text in rendered(result, file):
        assert "changelog of ask 1.1.0 accepts the cost" in text
    refused = result_of(
        replace(read_record(file), manifest=between(OLD, {**OLD, "ask": entry("1.1.0", "c")}, tasks=(task,)))
    )
    assert refused.exit is Exit.REGRESSION


# -- signatures ---------------------------------------------------------------------------------------------


def rendered(result: RunResult, file: Path) -> list[str]:
    """Every report there is."""
    texts = [one.render(result) for one in (summary, markdown, as_json, junit)]
    return [*texts, github.render(result, file.parent / ARMS), html.render(result, read_record(file))]


def open_rows(manifest: Manifest, epochs: int = 5) -> list[Row]:
    """One case loses two of its five runs: too little for a verdict, on too few cases for a pass."""
    return [
        a_row(row.case, row.arm, row.epoch, 0.0, mode="stub")
        if (row.arm, row.case) == ("candidate", "c0") and row.epoch <= 2
        else row
        for row in whole(manifest, epochs)
    ]


def test_an_open_result_of_a_whole_gate_can_be_signed_off_and_every_report_says_so(tmp_path: Path) -> None:
    unsigned = between(OLD, {**OLD, "ask": entry("1.1.0", "c")})
    file = write_run(tmp_path / "open", unsigned, open_rows(unsigned), epochs=5)
    assert result_of(read_record(file)).exit is Exit.INCONCLUSIVE
    signed = between(OLD, NEW)
    file = write_run(tmp_path / "signed", signed, open_rows(signed), epochs=5)
    result = result_of(read_record(file))
    assert result.exit is Exit.PASS and result.parts[0].verdict
    assert result.parts[0].verdict.outcome == "inconclusive", "the figures stay what they are"
    for text in rendered(result, file):
        assert WORDS in text
    page = html.render(result, read_record(file))
    assert "Not decided, and signed off" in page and "no gated figure lost" not in page
    assert json.loads(as_json.render(result))["signed"][0]["who"] == "Noor"
    told = CliRunner().invoke(build(), ["eval", "compare", str(file.parent)])
    assert told.exit_code == 0 and f"Result: pass, {WORDS}." in told.stdout


@pytest.mark.parametrize("lack", ["limited", "stopped", "short", "unrecorded", "a run"])
def test_a_signature_does_not_stand_in_for_what_nobody_measured(tmp_path: Path, lack: str) -> None:
    """Cases left out, looks left out, answers that are missing: it stays open, and says why."""
    manifest, epochs, end = between(OLD, NEW, limited=lack == "limited"), 5, "complete"
    if lack == "short":
        manifest, epochs = replace(manifest, stages=(1, 3)), 3
    if lack == "stopped":
        epochs, end = 3, "budget"
    if lack == "unrecorded":
        notes = (replace(manifest.tasks[0], modes=("replay",)),)
        manifest = replace(manifest, modes=("replay",), tasks=notes)
    if lack == "a run":
        manifest = replace(manifest, command="run", stages=(5,))
    rows = open_rows(manifest, epochs)
    if lack == "unrecorded":
        rows = [replace(row, mode="replay") for row in rows]
        lost = rows[-1]
        rows[-1] = Row(lost.task, lost.mode, lost.case, lost.epoch, lost.arm, SKIPPED, "NeedsRealRun")
    result = result_of(read_record(write_run(tmp_path, manifest, rows, epochs, end)))
    assert not result.signed
    if lack == "a run":
        assert result.exit is Exit.PASS  # measured, and nothing judged
    else:
        assert result.exit is Exit.INCONCLUSIVE
        assert any("it counts for a whole gate only" in note for note in result.notes)


def test_a_signature_never_turns_a_regression_into_a_pass(tmp_path: Path) -> None:
    manifest = between(OLD, NEW)
    rows = [
        a_row(row.case, row.arm, row.epoch, 0.0, mode="stub") if row.arm == "candidate" else row
        for row in whole(manifest, 5)
    ]
    result = result_of(read_record(write_run(tmp_path, manifest, rows, 5)))
    assert result.exit is Exit.REGRESSION and not result.signed


def test_a_signature_does_not_make_an_invalid_run_valid(tmp_path: Path) -> None:
    manifest = between(OLD, NEW)
    rows = [replace(row, status=ERROR, error="Timeout", scores={}) for row in open_rows(manifest)]
    file = write_run(tmp_path, manifest, rows, 5)
    assert CliRunner().invoke(build(), ["eval", "compare", str(file.parent)]).exit_code == 3


def test_the_list_of_runs_tells_a_signature_from_a_pass(tmp_path: Path) -> None:
    manifest = between(OLD, NEW)
    write_run(tmp_path / "20260101-000000-gate", manifest, open_rows(manifest), 5)
    run = Archive(tmp_path, lambda _: False).run("20260101-000000-gate")
    assert (run.exit, run.signed) == (Exit.PASS, True)
