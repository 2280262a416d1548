"""The record of a run: whole or refused, never averaged over a hole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.model import Score
from evals.record_reading import check_whole, read_record
from evals.records import InvalidRun, Record, Row, lines_of
from evals.results import result_of
from tests.unit.evals.made_runs import a_manifest, a_row, change_line, rename_case, whole, write_run


def test_what_was_written_is_read(tmp_path: Path) -> None:
    """A row comes back as it went in, and the manifest with it."""
    manifest = a_manifest()
    rows = whole(manifest)
    rows[0] = a_row("c0", "baseline", value=0.25, text="ligne «1»", answers=("k1", "k2"), tokens_in=7)
    held = read_record(write_run(tmp_path, manifest, rows))
    assert held.manifest == manifest
    assert list(held.rows) == rows
    assert held.done == {("tiny", "embedded"): 1} and held.end == "complete"


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "-Infinity", "1e999", "true", '"1"', "null"])
def test_a_score_that_is_not_a_finite_number_is_refused(tmp_path: Path, bad: str) -> None:
    """One bad number among many refuses the whole record and names the line."""
    manifest = a_manifest(500)
    file = write_run(tmp_path, manifest, whole(manifest))
    change_line(file, 700, lambda line: line.replace('"value":1.0', f'"value":{bad}', 1))
    with pytest.raises(InvalidRun, match="Line 700"):
        result_of(read_record(file))


def test_what_is_not_a_number_is_refused_wherever_it_stands(tmp_path: Path) -> None:
    """In what a solver brought back too: a later scorer would read it."""
    manifest = a_manifest()
    rows = [a_row("c0", "baseline", value=1.0, ms=12.5), *whole(manifest)[1:]]
    file = write_run(tmp_path, manifest, rows)
    change_line(file, 2, lambda line: line.replace('"ms":12.5', '"ms":NaN'))
    with pytest.raises(InvalidRun, match="Line 2"):
        read_record(file)


def test_a_missing_case_is_refused(tmp_path: Path) -> None:
    """One of 1,000 outputs that is not there makes the run invalid."""
    manifest = a_manifest(500)
    file = write_run(
        tmp_path, manifest, [row for row in whole(manifest) if row.key[2:] != ("c77", 1, "baseline")]
    )
    with pytest.raises(InvalidRun, match="case c77, epoch 1, baseline is missing"):
        result_of(read_record(file))


def test_an_unknown_case_is_refused(tmp_path: Path) -> None:
    """A case that the run does not know makes it invalid, even if nothing else is wrong."""
    manifest = a_manifest()
    file = write_run(tmp_path, manifest, [*whole(manifest), a_row("c99")])
    with pytest.raises(InvalidRun, match="no case 'c99'"):
        read_record(file)


def test_all_three_faults_are_named_together(tmp_path: Path) -> None:
    """A person can mend everything at once."""
    manifest = a_manifest(500)
    file = write_run(tmp_path, manifest, whole(manifest))
    change_line(file, 10, lambda line: line.replace('"value":1.0', '"value":NaN', 1))
    change_line(file, 11, lambda line: rename_case(line, "stranger"))
    with pytest.raises(InvalidRun) as refusal:
        read_record(file)
    assert "Line 10" in str(refusal.value) and "stranger" in str(refusal.value)


def test_a_case_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    """Two good results of one case cannot both be right."""
    manifest = a_manifest()
    with pytest.raises(InvalidRun, match="twice"):
        read_record(write_run(tmp_path, manifest, [*whole(manifest), a_row("c0")]))


def test_an_error_that_was_repeated_with_success_counts_as_success(tmp_path: Path) -> None:
    """The machine's faults are repeated; the later row stands."""
    manifest = a_manifest()
    lost = Row("tiny", "embedded", "c0", 1, "candidate", status="error", error="Timeout")
    held = read_record(write_run(tmp_path, manifest, [lost, *whole(manifest)]))
    assert all(row.status == "ok" for row in held.rows)


def test_more_than_one_in_a_hundred_lost_is_invalid(tmp_path: Path) -> None:
    """Two of 100 results lost to the machine: no figure; one of 100: the rest is judged."""
    manifest = a_manifest(50)
    rows = whole(manifest)
    lost = Row("tiny", "embedded", "c0", 1, "baseline", status="error", error="Timeout")
    one = read_record(write_run(tmp_path / "one", manifest, [lost, *rows[1:]]))
    check_whole(one)
    assert result_of(one).parts[0].cases == 49
    second = Row("tiny", "embedded", "c0", 1, "candidate", status="error", error="Timeout")
    with pytest.raises(InvalidRun, match=r"2 of 100 .*Timeout.*1 %"):
        result_of(read_record(write_run(tmp_path / "two", manifest, [lost, second, *rows[2:]])))


@pytest.mark.parametrize("without", ["brief", "all"])
def test_every_metric_every_time(tmp_path: Path, without: str) -> None:
    """A row that lacks a metric is refused."""
    manifest = a_manifest()
    scores = {name: Score(1.0) for name in ("all", "brief") if name != without}
    rows = [a_row("c0", "baseline", scores=scores), *whole(manifest)[1:]]
    with pytest.raises(InvalidRun, match=without):
        read_record(write_run(tmp_path, manifest, rows))


@pytest.mark.parametrize("tail", [b'{"task":"tiny","mode":"emb', b'{"task', b"\xff\xfe\x00"])
def test_a_torn_last_line_is_passed_over_and_cut_before_the_next(tmp_path: Path, tail: bytes) -> None:
    """What a kill left half written disturbs neither a reader nor the next writer."""
    manifest = a_manifest()
    rows = whole(manifest)
    file = write_run(tmp_path, manifest, rows[:-1], end="")
    file.write_bytes(file.read_bytes() + tail)
    assert len(read_record(file).rows) == len(rows) - 1
    record = Record(tmp_path)
    record.append(rows[-1])
    record.end("complete")
    record.close()
    assert len(read_record(file).rows) == len(rows)


def test_a_last_line_that_only_lacks_its_end_counts(tmp_path: Path) -> None:
    """A whole result is kept whole."""
    manifest = a_manifest()
    file = write_run(tmp_path, manifest, whole(manifest))
    file.write_bytes(file.read_bytes().rstrip(b"\n"))
    Record(tmp_path).close()
    assert result_of(read_record(file)).exit == 0


def test_a_broken_line_in_the_middle_is_refused(tmp_path: Path) -> None:
    """Only the last line can be torn by a kill: any other is damage."""
    manifest = a_manifest()
    file = write_run(tmp_path, manifest, whole(manifest))
    change_line(file, 3, lambda line: line[: len(line) // 2])
    with pytest.raises(InvalidRun, match="Line 3"):
        read_record(file)


def test_an_unfinished_run_is_not_judged(tmp_path: Path) -> None:
    """All rows are there and the end is not: somebody killed it between two looks of the gate."""
    manifest = a_manifest()
    with pytest.raises(InvalidRun, match=r"not finished.*--resume"):
        result_of(read_record(write_run(tmp_path, manifest, whole(manifest), end="")))


def test_nothing_that_is_not_finite_is_ever_written(tmp_path: Path) -> None:
    """A scorer that gives NaN is stopped at once, with the case named."""
    record = Record(tmp_path)
    with pytest.raises(InvalidRun, match="tiny/c0/candidate"):
        record.append(a_row("c0", value=float("nan")))
    record.close()


@pytest.mark.parametrize("text", ["", "{}\n", "[]\n", '{"form": 99, "manifest": {}}\n', "no json\n"])
def test_a_file_that_is_no_record_is_refused_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "record.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidRun):
        read_record(tmp_path)


def test_the_copy_of_a_record_is_a_record(tmp_path: Path) -> None:
    """What is exported can be read, compared and judged again, with the same result."""
    manifest = a_manifest()
    held = read_record(write_run(tmp_path, manifest, list(reversed(whole(manifest)))))
    copy = tmp_path / "copy.jsonl"
    copy.write_text("".join(f"{json.dumps(one)}\n" for one in lines_of(held)), encoding="utf-8")
    again = read_record(copy)
    assert set(map(repr, again.rows)) == set(map(repr, held.rows))
    assert result_of(again) == result_of(held)
