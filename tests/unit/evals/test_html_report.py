"""The report as one HTML file: whole, safe, readable alone, with the figures that the other reports have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from coach.cli import build
from evals.model import Guard, Metric, Score
from evals.record_reading import read_record
from evals.records import CaseNote, Manifest, Row
from evals.reports import as_json, drawing, html, slice_plot
from evals.reports.differing import LEAD, facing
from evals.reports.figures import interval, share, signed
from evals.reports.html import visible
from evals.results import result_of
from tests.unit.evals.made_runs import a_manifest, a_row, change_line, whole, write_run

VOID = {"meta", "br", "hr", "img", "link", "input"}
METRICS = (
    Metric("all", Guard.PRIMARY),
    Metric("brief"),
    Metric("leak", Guard.ZERO, higher_is_better=False),
    Metric("tokens", Guard.BUDGET, higher_is_better=False),
    Metric("judged", Guard.SHOWN),
)
NASTY = '<script>alert(1)</script><img src=x onerror="alert(2)">&amp;'
HEBREW = "שלום לכולם"


class Page(HTMLParser):
    """A parsed file: its tags, its attributes, its text, its rows of tables."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.marked: dict[str, list[str]] = {"ins": [], "del": []}
        self.rows: list[list[str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.words.append(data)
        if {"th", "td"} & set(self.open):
            self.rows[-1][-1] += f" {data}"
        if self.open and self.open[-1] in self.marked:
            self.marked[self.open[-1]].append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def row(self, name: str) -> str:
        """The first row whose head begins with a name."""
        return " ".join(
            next(" ".join(cells) for cells in self.rows if cells[0].split()[:1] == [name]).split()
        )


@dataclass
class Made:
    """A record by hand: where the candidate is worse, and what is said there."""

    cases: int = 90
    bad: set[int] = field(default_factory=set)
    leaks: set[int] = field(default_factory=set)
    good: str = "You wait.\n1. What are you waiting for?"
    poor: str = "You wait.\n1. Have you tried to ask her?"
    why: str = "It advises."
    voices: tuple[str, ...] = ("plain", "wry", "blunt")
    arms: tuple[str, ...] = ("baseline", "candidate")
    command: str = "gate"

    def manifest(self) -> Manifest:
        notes = tuple(
            CaseNote(
                f"c{n}",
                f"seed{n // 2}",
                {"length": "long" if n < 50 else "short", "voice": self.voices[n % len(self.voices)]},
                n % 15 == 0,
            )
            for n in range(self.cases)
        )
        plain = a_manifest(self.cases, command=self.command, arms=self.arms, stages=(1,))
        return replace(plain, tasks=(replace(plain.tasks[0], metrics=METRICS, cases=notes),))

    def rows(self) -> Iterator[Row]:
        for n in range(self.cases):
            for arm in self.arms:
                ours = arm == "candidate"
                bad = ours and n in self.bad
                scores = {
                    "all": Score(float(not bad), explanation=self.why if bad else ""),
                    "brief": Score(float(ours or n not in (70, 71))),
                    "leak": Score(float(ours and n in self.leaks), explanation="A name left."),
                    "tokens": Score(800.0 + n + 100 * ours),
                    "judged": Score(0.5),
                }
                yield a_row(f"c{n}", arm, text=self.poor if bad else self.good, scores=scores)

    def page(self, folder: Path) -> str:
        held = read_record(write_run(folder, self.manifest(), list(self.rows())))
        return html.render(result_of(held), held)


def safe(text: str) -> Page:
    """Parse a report, and hold it against what every report has to be."""
    page = Page(text)
    assert page.open == [], "every element is closed"
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "img", "iframe", "object", "embed", "link", "form", "base", "foreignobject"}
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "style")]
        link = attributes.get("href", "")
        assert not link or link.removeprefix("#") in ids
    assert set(re.findall(r"url\(([^)]*)\)", text)) <= {"#hatch"} and "@import" not in text
    return page


def test_a_report_is_one_whole_file_that_asks_for_nothing(tmp_path: Path) -> None:
    """Balanced, without scripts and addresses, the same bytes each time, no place of this machine in it."""
    made = Made(bad=set(range(24)))
    text = made.page(tmp_path / "one")
    page = safe(text)
    assert "http://" not in text and "https://" not in text and str(tmp_path) not in text
    assert "It got worse" in page.text and "all lost 26.7 points" in page.text
    assert text == made.page(tmp_path / "two")
    assert sum(tag == "svg" for tag, _ in page.tags) == 5  # four plots and the pattern they share


def test_it_has_the_figures_that_the_json_report_has(tmp_path: Path) -> None:
    made = Made(bad=set(range(24)), leaks={2})
    held = read_record(write_run(tmp_path, made.manifest(), list(made.rows())))
    result = result_of(held)
    page = safe(html.render(result, held))
    (task,) = as_json.value(result)["tasks"]
    for one in task["verdict"]["metrics"]:
        row = page.row(one["name"])
        wanted = [
            share(one["baseline"]),
            share(one["candidate"]),
            signed(one["difference"]),
            share(one["mde"]),
        ]
        wanted.append(f"{one['wins']} / {one['losses']} / {one['ties']}")
        if one["guard"] != "budget":
            wanted.append(interval(one["difference_interval"]))
        assert [text for text in wanted if text not in row] == [], row
    for reason in task["verdict"]["reasons"]:
        assert reason in page.text
    for part in task["verdict"]["slices"]:
        cells = next(c for c in page.rows if c[0].split() == [f"{part['axis']}:", part["value"]])
        assert signed(part["difference"]) in " ".join(cells) and str(part["cases"]) in cells[1]
    told = {(cells[0].strip(), cells[1].strip()) for cells in page.rows}
    assert {(flip["sample_id"], flip["metric"]) for flip in task["verdict"]["flips"]} <= told


def test_what_stands_in_a_record_is_text_and_nothing_else(tmp_path: Path) -> None:
    """Markup in texts, reasons and slices is shown as it was written."""
    page = safe(Made(bad={1, 2, 3}, poor=NASTY, why=NASTY, voices=(NASTY, HEBREW)).page(tmp_path))
    assert NASTY in page.text and HEBREW in page.text


def test_markup_in_the_manifest_is_text_too(tmp_path: Path) -> None:
    made = Made(bad={1})
    manifest = replace(made.manifest(), model=NASTY, host=NASTY, git=NASTY, packages={NASTY: NASTY})
    prompts = {NASTY: {"version": NASTY, "sha256": NASTY, "file": NASTY}}
    arms = {arm: replace(note, source=f"git:{NASTY}", prompts=prompts) for arm, note in manifest.arms.items()}
    held = read_record(write_run(tmp_path, replace(manifest, arms=arms), list(made.rows())))
    assert NASTY in safe(html.render(result_of(held), held)).text


def test_a_text_of_twenty_thousand_characters_is_cut_around_its_difference(tmp_path: Path) -> None:
    """What differs is marked and in sight, and the page says how much is left out."""
    good, poor = "word " * 4000 + "kept", "word " * 4000 + "gone away"
    text = Made(bad={7}, good=good, poor=poor).page(tmp_path)
    page = safe(text)
    assert "characters that both texts share are left out here" in page.text
    assert "".join(page.marked["del"]) == "kept" and "".join(page.marked["ins"]) == "gone away"
    assert "Before and after the same" in page.text  # of the cases that changed in a figure alone
    assert text.count("word ") < 1_200


def test_invisible_orders_are_named_and_letters_are_left_alone(tmp_path: Path) -> None:
    """Controls and overrides cannot turn a page round; words from right to left read as they should."""
    text = Made(bad={7}, poor=f"\u202eevil\x00\x1b[31m \ud800 {HEBREW}").page(tmp_path)
    text.encode("utf-8")
    assert "[U+202E]" in text and "[U+0000]" in text and "[U+D800]" in text and "\u202e" not in text
    page = safe(text)
    assert HEBREW in page.text
    assert all(a.get("dir") == "auto" for tag, a in page.tags if tag == "p" and a.get("class") == "side")
    assert visible("a\r\nb\tc\u200d") == "a\nb\tc\u200d"


@given(st.text("ab \n", max_size=80), st.text("ab \n", max_size=80), st.integers(0, 900))
def test_two_long_texts_are_cut_at_the_same_place(one: str, other: str, shared: int) -> None:
    """Nothing is lost without being counted, and the first difference is in sight."""
    one, other = "x" * shared + one, "x" * shared + other
    found = facing(one, other, longest=LEAD + 100)
    for text, pieces, rest in ((one, found.left, found.left_rest), (other, found.right, found.right_rest)):
        shown = "".join(piece.text for piece in pieces)
        assert len(text) == found.before + len(shown) + rest and text[found.before :].startswith(shown)
    assert one[: found.before] == other[: found.before]
    if one != other:
        assert [piece.text for piece in found.left] != [piece.text for piece in found.right]


def test_the_worst_twenty_begin_with_what_may_never_fail(tmp_path: Path) -> None:
    """Then come broken must-pass cases, and with each the scorer's reason."""
    page = safe(Made(bad=set(range(30)), leaks={29}).page(tmp_path))
    titles = re.findall(r"\b(c\d+) (?:may never break )?length:", page.text)
    assert titles[0] == "c29" and {titles[1], titles[2]} == {"c0", "c15"} and len(titles) == 20
    assert "Must-pass cases broke: c0, c15." in page.text and "4 of 6 hold" in page.text
    assert "It advises." in page.text and "A name left." in page.text


def test_a_run_that_ended_before_it_began_says_so(tmp_path: Path) -> None:
    made = Made()
    held = read_record(write_run(tmp_path, made.manifest(), [], epochs=0, end="budget"))
    page = safe(html.render(result_of(held), held))
    assert "Not decided" in page.text and "stopped on its budget" in page.text and "not finished" in page.text


def test_a_run_without_tasks_is_a_page_too(tmp_path: Path) -> None:
    held = replace(read_record(write_run(tmp_path, a_manifest(), whole(a_manifest()))), rows=(), done={})
    held = replace(held, manifest=replace(held.manifest, tasks=()))
    assert "no tasks" in safe(html.render(result_of(held), held)).text


def test_one_arm_alone_has_means_intervals_and_its_weakest_cases(tmp_path: Path) -> None:
    """No verdict is made up where there is nothing to compare with."""
    made = Made(bad=set(range(9)), leaks={8}, arms=("candidate",), command="run")
    held = read_record(write_run(tmp_path, made.manifest(), list(made.rows())))
    page = safe(html.render(result_of(held), held))
    assert "Something failed that may never fail" in page.text and "no judgement of a change" in page.text
    assert "0.900 [" in page.row("all") and "failed" in page.row("leak") and "Before" not in page.text
    titles = re.findall(r"\b(c\d+) (?:may never break )?length:", page.text)
    assert titles[:2] == ["c8", "c0"] and len(titles) == 9


@pytest.mark.parametrize(
    ("bad", "told"), [(set(), "It holds"), ({1}, "It holds"), (set(range(40)), "It got worse")]
)
def test_the_head_of_the_page_is_the_verdict(tmp_path: Path, bad: set[int], told: str) -> None:
    page = safe(Made(bad=bad).page(tmp_path))
    assert page.text.split("What was compared")[0].count(told) >= 1
    assert ("a person has to read them" in page.text) == (len(bad) == 1)


def test_lost_results_are_told_with_their_kinds(tmp_path: Path) -> None:
    made = Made()
    rows = list(made.rows())
    gone = rows[0]
    rows[0] = Row(gone.task, gone.mode, gone.case, gone.epoch, gone.arm, status="error", error="Timeout")
    held = read_record(write_run(tmp_path, made.manifest(), rows))
    page = safe(html.render(result_of(held), held))
    assert "1 of 180 results were lost to the machine (Timeout 1)" in page.text
    assert "1 of 90 cases have no result in every arm" in page.text


def test_slices_that_count_are_told_apart_and_lie_within_their_plot(tmp_path: Path) -> None:
    """Forty cases count; the others are rings. An interval that does not fit ends in an arrow."""
    made = Made(bad=set(range(24)), voices=tuple(f"voice{n}" for n in range(30)))
    held = read_record(write_run(tmp_path, made.manifest(), list(made.rows())))
    parts = slice_plot.parts(result_of(held).parts[0])
    assert {part.told.value for part in parts if part.counts} == {"long", "short"}
    dots = slice_plot.dots(parts)
    assert dots is not None and dots.left_out == len(parts) - drawing.MOST_SLICES
    assert [dot.part.told.value for dot in dots.rows if dot.part.told.failed] == ["long"]
    for dot in dots.rows:
        assert drawing.EDGE <= dot.left <= dot.x <= dot.right <= drawing.WIDTH - drawing.EDGE
    assert f"{dots.left_out} more parts are in the table" in safe(made.page(tmp_path / "page")).text


def test_the_command_writes_it_and_an_invalid_record_writes_nothing(tmp_path: Path) -> None:
    """`report --format html`, and `compare --html` beside what is printed; exit 3 and no file for a hole."""
    made = Made(bad=set(range(24)))
    record = write_run(tmp_path / "run", made.manifest(), list(made.rows()))

    def ends(*arguments: str | Path) -> int:
        return CliRunner().invoke(build(), ["eval", *map(str, arguments)]).exit_code

    out, beside = tmp_path / "new" / "report.html", tmp_path / "other" / "compare.html"
    assert ends("report", record.parent, "--format", "html", "--out", out) == 0
    assert ends("compare", record.parent, "--html", beside) == 1
    assert safe(out.read_text("utf-8")).text == safe(beside.read_text("utf-8")).text
    change_line(record, 5, lambda line: json.dumps({**json.loads(line), "case": "nobody"}))
    refused = tmp_path / "refused.html"
    assert ends("report", record.parent, "--format", "html", "--out", refused) == 3
    assert ends("compare", record.parent, "--html", refused) == 3 and not refused.exists()
