"""Editors hear everything that should be mended, with file and line, and see where the corpus is thin."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coach.adapters.corpus_files import line_of, read_corpus
from coach.adapters.corpus_report import page
from coach.bundled import data_file
from coach.domain.coverage import coverage
from coach.domain.model import BankQuestion, Document, DocumentKind, Lens, Situation, Stage
from coach.domain.prose import reading_ease
from coach.ports import Corpus
from coach.services.corpus_check import (
    ASKED,
    LENSES,
    QUESTIONS,
    SIGNS,
    VOICE_WORDS,
    VOICES,
    WORDS,
    check,
)
from tests.fakes import FakeClassifier, FakeEmbedder, a_case, a_situation

ROOT = Path(__file__).parent.parent.parent
A_VOICE = " ".join(f"word{n}" for n in range(50))
METHOD = """id: troika
name: Troika
purpose: Three people, one owner.
source: Lipmanowicz and McCandless, 2013
people: {least: 3, best: 3, most: 4}
minutes: 10
rounds: each in turn
roles:
  - {role: owner, does: tells the challenge}
steps:
  - {name: Tell, minutes: 4, who: owner, does: tells., says: Please begin., owner: tells}
  - {name: Listen, minutes: 6, who: the others, does: talk., says: Now the others., owner: turns away}
closing: Thanks go round.
distance: The owner switches the camera off.
watch: [Somebody advises too early., Time runs out.]
"""


def a_whole_situation() -> Situation:
    lenses, stages = list(Lens), list(Stage)
    words = [
        [f"{thing}{k}" for thing in ("oven", "flour", "salt", "shelf", "tray", "knife")] for k in range(16)
    ]
    questions = tuple(
        BankQuestion(f"What do you see in {' '.join(own)}?", lenses[k % len(lenses)], stages[k % len(stages)])
        for k, own in enumerate(words)
    )
    signs = tuple(f"Sign number {k} of a baker." for k in range(6))
    voices = tuple(" ".join(f"word{k}x{n}" for n in range(50)) for k in range(VOICES))
    return replace(a_situation(), questions=questions, signs=signs, voices=voices)


def a_whole_case(key: str = "the-bakery", **more: object) -> Document:
    body = " ".join(f"{key.replace('-', ' ')} made {k} loaves." for k in range(90))
    asked = tuple(
        f"What would you do with {thing}?"
        for thing in ("a loaf of your own", "one free hour", "every old promise here")
    )
    return a_case(key, body=body, questions=asked, **more)


def reasons(*situations: Situation, documents: tuple[Document, ...] = ()) -> list[str]:
    corpus = Corpus(situations, documents, ())
    return [fault.reason for fault in check(corpus, FakeEmbedder(), FakeClassifier())]


def test_a_whole_corpus_has_nothing_to_mend() -> None:
    assert reasons(a_whole_situation(), documents=(a_whole_case(),)) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"cases": ("the-ward",)}, "no case 'the-ward'"),
        ({"guidelines": ("the-bakery",)}, "no guideline 'the-bakery'"),
        ({"signs": ("One.",)}, "1 signs"),
        ({"voices": ("Too short.",) * VOICES}, "2 words"),
        ({"voices": (A_VOICE,) * 11}, "It has 11 voices; it needs at least 12."),
        ({"voices": (" ".join(["long"] * 201),) * VOICES}, "201 words; 45 to 200 are right"),
        ({"questions": a_situation().questions}, "3 questions"),
    ],
)
def test_a_thin_or_broken_situation_is_named(changed: dict[str, object], said: str) -> None:
    found = reasons(replace(a_whole_situation(), **changed), documents=(a_whole_case(),))
    assert any(said in reason for reason in found), found


def test_the_page_for_editors_names_the_numbers_that_the_check_holds() -> None:
    """docs/corpus.md promises nothing that `coach ingest --check` refuses, and the other way round."""
    page = " ".join((ROOT / "docs" / "corpus.md").read_text(encoding="utf-8").split())
    assert (
        f"at least {QUESTIONS} questions, in all {len(Stage)} stages and {LENSES} of the {len(Lens)} lenses, "
        f"{SIGNS} signs and {VOICES} voices of {VOICE_WORDS[0]} to {VOICE_WORDS[1]} words"
    ) in page
    for kind, (least, most) in WORDS.items():
        assert f"corpus/{kind}s/<id>.md" in page and f"{least} to {most} words" in page
    assert f"{ASKED[0]} to {ASKED[1]} questions" in page


def test_advice_in_a_question_is_named_with_its_words() -> None:
    whole = a_whole_situation()
    asked = (BankQuestion("How could you try a template?", Lens.SELF, Stage.EXPLORE), *whole.questions)
    assert any("noadvice" in reason for reason in reasons(replace(whole, questions=asked)))


def test_a_question_that_stands_twice_is_named_once() -> None:
    whole = a_whole_situation()
    asked = (*whole.questions, whole.questions[0])
    assert [one for one in reasons(replace(whole, questions=asked)) if "asked by" in one] == [
        f"{whole.questions[0].text!r} is asked by {whole.id} too."
    ]


def test_a_pair_must_be_mutual_and_share_a_situation() -> None:
    one, other = a_whole_case("the-oven", pair="the-mill"), a_whole_case("the-mill")
    asked = replace(other, questions=tuple(text.replace("with", "about") for text in other.questions))
    assert any("name it in turn" in reason for reason in reasons(documents=(one, asked)))
    apart = replace(asked, pair="the-oven", situations=("trust.own-mistake",))
    assert any("shares no situation" in reason for reason in reasons(documents=(one, apart)))


def test_two_documents_that_share_a_sentence_are_named() -> None:
    copied = "Nobody in the whole bakery had ever asked him about it before."
    one = a_whole_case("the-oven")
    other = a_whole_case("the-mill")
    both = [replace(each, body=f"{each.body} {copied}") for each in (one, other)]
    assert any("shares the words" in reason for reason in reasons(documents=tuple(both)))
    assert not any("shares the words" in reason for reason in reasons(documents=(one, other)))


def test_length_and_ease_of_a_document() -> None:
    short = replace(a_whole_case(), body="Too short.")
    assert any("2 words" in reason for reason in reasons(documents=(short,)))
    law = (
        "Notwithstanding organisational accountability considerations, interdepartmental responsibilities. "
        * 60
    )
    assert any("reading ease" in reason for reason in reasons(documents=(replace(a_whole_case(), body=law),)))


def test_reading_ease_agrees_with_flesch_on_plain_and_hard_prose() -> None:
    """Monosyllables score above 100, a law below 30."""
    assert reading_ease("The cat sat on the mat. The dog ran to the door.") > 100
    assert reading_ease("Organisational interdependencies necessitate multidisciplinary considerations.") < 0


def test_a_method_is_read_and_its_minutes_are_added_up(tmp_path: Path) -> None:
    (tmp_path / "methods").mkdir()
    file = tmp_path / "methods" / "troika.yaml"
    file.write_text(METHOD)
    read = read_corpus(tmp_path)
    assert [one.name for one in read.methods[0].steps] == ["Tell", "Listen"]
    assert list(check(read, FakeEmbedder(), FakeClassifier())) == []
    file.write_text(METHOD.replace("minutes: 10", "minutes: 12"))
    (fault,) = check(read_corpus(tmp_path), FakeEmbedder(), FakeClassifier())
    assert line_of(tmp_path, fault.id, fault.fragment) == ("methods/troika.yaml", 6)


def test_a_broken_method_is_left_out_and_named(tmp_path: Path) -> None:
    (tmp_path / "methods").mkdir()
    (tmp_path / "methods" / "troika.yaml").write_text(METHOD.replace("rounds: each in turn", "rounds: many"))
    read = read_corpus(tmp_path)
    assert read.methods == ()
    assert "rounds" in read.quarantined[0].reason


def test_the_report_shows_what_is_there_and_what_is_missing() -> None:
    bare = replace(a_whole_situation(), id="trust.own-mistake", family="trust", name="An <own> mistake")
    guide = Document("silence", DocumentKind.GUIDELINE, "programme", "Silence", "Wait.", source="Rowe")
    found = coverage([a_whole_situation(), bare], [a_whole_case(), guide])
    assert (found.counts["questions"], found.counts["cases"], found.counts["guidelines"]) == (32, 1, 1)
    assert found.counts["situations without a case"] == 1
    html = page(found, data_file("corpus_report.html"))
    assert "An &lt;own&gt; mistake" in html
    assert html.count('class="cell"') == 2 * len(Lens) * len(Stage)
    assert "none yet" in html
