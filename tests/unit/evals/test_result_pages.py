"""What the result pages show, as values: differences of texts, marks of plots, how far a run is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.model import Score
from evals.pages.archive import Archive, Order, RunState, last_words, write_order
from evals.pages.progress import Progress, Watch
from evals.record_reading import read_record
from evals.records import Record
from evals.reports import drawing, slice_plot
from evals.reports.differing import GONE, NEW, SAME, SKIPPED, by_lines, by_words
from evals.reports.showing import parts_of
from evals.results import RunResult, result_of
from tests.unit.evals.made_runs import a_manifest, a_row, whole, write_run

TEXTS = st.text(alphabet=st.sampled_from("ab ,.\n"), max_size=60)


@given(TEXTS, TEXTS)
def test_the_pieces_of_two_texts_are_the_two_texts(one: str, other: str) -> None:
    """Nothing is lost and nothing invented, and what is the same is the same on both sides."""
    left, right = by_words(one, other)
    assert ("".join(p.text for p in left), "".join(p.text for p in right)) == (one, other)
    assert {p.kind for p in left} <= {SAME, GONE} and {p.kind for p in right} <= {SAME, NEW}
    same = ["".join(p.text for p in side if p.kind == SAME) for side in (left, right)]
    assert same[0] == same[1]


@given(st.lists(st.sampled_from(["one", "two", "three", ""]), max_size=30), st.integers(0, 30))
def test_the_lines_of_a_difference_lead_from_one_text_to_the_other(lines: list[str], place: int) -> None:
    changed = [*lines[:place], "new", *lines[place + 1 :]]
    found = by_lines("\n".join(lines), "\n".join(changed))
    told = sum(line.number if line.kind == SKIPPED else line.kind != NEW for line in found)
    assert not found or told == len("\n".join(lines).splitlines())
    gone = {"".join(piece.text for piece in line.pieces) for line in found if line.kind == NEW}
    assert not found or "new" in gone


def judged(folder: Path, losses: int, wins: int = 0, cases: int = 12) -> RunResult:
    manifest = a_manifest(cases, stages=(1,))
    rows = [
        a_row(
            f"c{n}",
            arm,
            value=float((n >= losses) if arm == "candidate" else (n < cases - wins)),
            text=f"{arm} {n}",
        )
        for n in range(cases)
        for arm in ("baseline", "candidate")
    ]
    return result_of(read_record(write_run(folder, manifest, rows)))


@pytest.mark.parametrize(("losses", "wins"), [(3, 0), (0, 2), (4, 5), (12, 0)])
def test_every_mark_lies_within_its_plot(tmp_path: Path, losses: int, wins: int) -> None:
    """A loss stands left of zero, a win right of it, widths add up to the whole."""
    (part,) = judged(tmp_path, losses, wins).parts
    changes, shares, pairs = drawing.changes(part), drawing.shares(part), drawing.pairs(part)
    assert changes and shares and pairs
    for row in changes.rows:
        for x in (row.x, row.left, row.right, row.margin):
            assert x is None or drawing.EDGE <= x <= drawing.WIDTH - drawing.EDGE
        assert (row.x < changes.axis.zero) == (row.value < 0) and row.left <= row.x <= row.right
    for share in shares.rows:
        width = share.better + share.same + share.worse
        assert width == pytest.approx(drawing.WIDTH - 2 * drawing.EDGE)
        assert (share.wins, share.losses) == (wins, losses)
    assert (pairs.worse, pairs.better, len(pairs.bars)) == (losses, wins, losses + wins)
    assert all(bar.y >= 0 and bar.y + bar.height <= pairs.height + 1e-9 for bar in pairs.bars)


def test_nothing_is_drawn_where_nothing_moved(tmp_path: Path) -> None:
    (part,) = judged(tmp_path, 0).parts
    assert (
        drawing.changes(part)
        is drawing.shares(part)
        is drawing.pairs(part)
        is slice_plot.dots(slice_plot.parts(part))
        is None
    )


@pytest.mark.parametrize(("value", "end"), [(0.0, 1.0), (0.03, 0.05), (0.05, 0.05), (0.21, 0.5), (7.0, 10.0)])
def test_an_axis_ends_at_a_number_that_can_be_read(value: float, end: float) -> None:
    assert drawing.nice(value) == pytest.approx(end)


def test_changed_cases_come_worst_first_with_the_scorers_reason(tmp_path: Path) -> None:
    manifest = a_manifest(4, stages=(1,))
    rows = whole(manifest)
    bad = Score(0.0, explanation="It blames.")
    rows = [row for row in rows if (row.case, row.arm) != ("c2", "candidate")]
    rows.append(a_row("c2", text="Why not?", scores={"all": bad, "brief": Score(1.0)}))
    held = read_record(write_run(tmp_path, manifest, rows))
    (part,) = parts_of(result_of(held), held)
    assert [case.id for case in part.cases] == ["c2"]
    (change,) = part.cases[0].changes
    assert (change.metric, change.worse, change.reason) == ("all", True, "It blames.")
    assert "".join(piece.text for piece in part.cases[0].right) == "Why not?"


def test_progress_grows_with_the_record_and_never_passes_its_total(tmp_path: Path) -> None:
    """Half lines are waited for; each line is read once; the next stage adds to what is wanted."""
    manifest = a_manifest(3, mode="stub")
    watch, record = Watch(), Record(tmp_path)
    assert watch.look(tmp_path / "record.jsonl") == Progress()
    record.begin(manifest)
    assert (watch.look(tmp_path / "record.jsonl").done, watch.look(tmp_path / "record.jsonl").total) == (0, 6)
    for row in whole(manifest):
        record.append(row)
    with (tmp_path / "record.jsonl").open("ab") as file:
        file.write(b'{"task":"tiny","mode":"stub","ca')
    now = watch.look(tmp_path / "record.jsonl")
    assert (now.done, now.total, now.task, now.mode) == (6, 6, "tiny", "stub")
    with (tmp_path / "record.jsonl").open("ab") as file:
        file.write(b'se":"c0","epoch":2,"arm":"baseline"}\n')
    now = watch.look(tmp_path / "record.jsonl")
    assert (now.done, now.total) == (7, 18)
    record.close()


def test_a_folder_of_runs_is_told_apart(tmp_path: Path) -> None:
    """Finished, stopped, refused, going on, and what is no run at all."""
    manifest = a_manifest(3, stages=(1,))
    write_run(tmp_path / "20260101-000000-gate", manifest, whole(manifest))
    write_run(tmp_path / "stopped", manifest, whole(manifest)[:2], end="")
    broken = write_run(tmp_path / "broken", manifest, whole(manifest))
    broken.write_bytes(broken.read_bytes().replace(b'"value":1.0', b'"value":NaN', 1))
    order = Order("noor", "2026-01-01T00:00:00+00:00", "", "v1", 4, ("crisis",), ())
    write_order(tmp_path / "refused", order)
    (tmp_path / "refused" / "said.txt").write_text("coach: There is no task 'x'.\n", encoding="utf-8")
    write_order(tmp_path / "going", order)
    (tmp_path / "answers").mkdir()
    archive = Archive(tmp_path, lambda run: run == "going")
    assert set(archive.ids()) == {"20260101-000000-gate", "stopped", "broken", "refused", "going"}
    states = {run: archive.run(run).state for run in archive.ids()}
    assert states == {
        "20260101-000000-gate": RunState.FINISHED,
        "stopped": RunState.STOPPED,
        "broken": RunState.REFUSED,
        "refused": RunState.REFUSED,
        "going": RunState.RUNNING,
    }
    assert archive.run("refused").why == "There is no task 'x'."
    assert archive.run("refused").order == order and order.command == "run"
    assert archive.run("20260101-000000-gate").at.isoformat() == "2026-01-01T00:00:00+00:00"
    assert last_words(tmp_path / "stopped") == ""


def test_an_order_that_somebody_damaged_is_none(tmp_path: Path) -> None:
    write_order(tmp_path / "run", Order("noor", "x", "", "v1"))
    (tmp_path / "run" / "order.json").write_text(json.dumps({"by": 1}), encoding="utf-8")
    assert Archive(tmp_path, lambda run: False).run("run").order is None
