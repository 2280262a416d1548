"""What the evaluator's pages say of figures, faults and drafts, without a server."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from coach.bundled import bundled
from coach.errors import Sentence
from evals import tasks
from evals.pages.figure_names import COUNTS, FIGURES, named
from evals.pages.raising import raised
from evals.pages.words import PLAIN, WORDS, plain, word
from evals.pages.yaml_faults import fault_of
from ui.catalog import load_catalog

ENGLISH = load_catalog()
DAY = date(2026, 11, 22)
FILES = ("embedded/frames.yaml", "embedded/general.yaml", "embedded/signposts.yaml", "embedded/whys.yaml")


def test_every_figure_of_every_task_has_a_name_and_one_line() -> None:
    used = {(name, metric.name) for name in tasks.names() for metric in tasks.task(name).metrics}
    assert [one for one in used if not named(*one)[1]] == []
    known = {metric for _, metric in used} | {f"{task}.{metric}" for task, metric in used}
    assert set(FIGURES) - known == set() and known >= COUNTS
    assert named("x", "new_figure") == ("new figure", "")


def test_all_that_is_said_stands_in_the_catalogue_as_it_is_said_here() -> None:
    for told in FIGURES.values():
        assert all(text in ENGLISH.english.keys for text in told), told
    for name, told in WORDS.items():
        assert (told if isinstance(told, str) else told[0]) in ENGLISH.english.keys, name
        if not isinstance(told, str):
            for count in (1, 2, 1_200):
                assert ENGLISH.say(word(name, count=count)) == str(word(name, count=count))


def test_the_gates_own_words_are_said_plainly_and_keep_their_cases() -> None:
    told = "Must-pass cases that the baseline does not pass guard nothing: {cases}."
    assert "q1, q2" in plain(Sentence(told, cases="q1, q2")) and "guard" not in plain(
        Sentence(told, cases="x")
    )
    assert "gated" not in plain("No gated metric lost more than its margin.")
    assert plain("Something else.") == "Something else." and set(PLAIN.values()) <= set(WORDS)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("kind", ["patch", "minor"])
def test_version_and_changelog_are_written_and_nothing_else(file: str, kind: str) -> None:
    text = (bundled("prompts") / file).read_text(encoding="utf-8")
    old = yaml.safe_load(text)
    why = 'it\'s “plainer”: "better" \\ and #1'
    new = yaml.safe_load(raised(file, text, str(old["version"]), kind, why, DAY))
    line, *rest = new["changelog"]
    assert rest == old["changelog"] and {**new, "version": 0, "changelog": 0} == {
        **old,
        "version": 0,
        "changelog": 0,
    }
    major, minor, patch = map(int, str(old["version"]).split("."))
    wanted = f"{major}.{minor}.{patch + 1}" if kind == "patch" else f"{major}.{minor + 1}.0"
    assert str(new["version"]) == str(line["version"]) == wanted
    assert (line["why"], line["kind"], line["date"], line["evidence"]) == (why, kind, DAY, "none yet")


@pytest.mark.parametrize(
    "text",
    [
        "version: 2.0.0\nchangelog:\n  - {version: 2.0.0}\n",  # raised by hand
        "version: 1.0.0\n",  # no list
        "changelog:\n  - {version: 1.0.0}\n",
        "version: 1.0.0\nchangelog: []\n",
    ],
)
def test_what_has_another_form_is_left_to_the_writer(text: str) -> None:
    assert raised("x.yaml", text, "1.0.0", "patch", "why", DAY) == text
    assert raised("x.prompty", text, "1.0.0", "patch", "why", DAY) == text


def test_a_text_that_is_deep_or_whole_is_told_apart() -> None:
    for file in FILES:
        assert fault_of(file, (bundled("prompts") / file).read_text(encoding="utf-8")) is None
    deep = fault_of("x.prompty", f"---\na: {'[' * 100_000}\n---\n")
    assert deep is not None and "line 2" in deep


@pytest.mark.parametrize("between", ["", "\n", "  # newest first\n\n"])
def test_a_note_below_the_name_of_the_list_and_unprintable_characters_do_no_harm(between: str) -> None:
    text = f"version: 1.0.0\nchangelog:\n{between}  - {{version: 1.0.0}}\n"
    new = yaml.safe_load(
        raised(
            "x.yaml", text, "1.0.0", "patch", "so\x7f it\ufffe goes \N{SMILING FACE WITH SMILING EYES}", DAY
        )
    )
    assert [new["version"], new["changelog"][0]["why"]] == [
        "1.0.1",
        "so it goes \N{SMILING FACE WITH SMILING EYES}",
    ]
