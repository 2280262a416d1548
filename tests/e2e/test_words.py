"""The catalogue and what turns words into pages: pure, without a server."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.catalog import CatalogBroken, compare, load_catalog
from ui.dates import spoken
from ui.dressing import Clothes, dress
from ui.fragments import inert, marked, one_line, paragraphs, published, snippet
from ui.guard import Claims
from ui.pages import PHRASES
from ui.security import gradio_policy, hosts_of, origins_of

UI = Path(str(files("ui")))
EVALUATORS = Path(str(files("evals"))) / "pages"
KEYED = re.compile(r"""\b(?:t|text|pages\.t|phrase|catalog\.text)\(\s*"([a-z_]+(?:\.[a-z_]+)+)"(?!\s*\+)""")
PREFIXED = re.compile(r"""\bt\(\s*"([a-z_]+\.(?:[a-z_]+[._])?)"\s*\+""")
ENGLISH = load_catalog()


def sources() -> str:
    kinds = ("*.py", "templates/*.html", "static/*.js")
    paths = [path for folder in (UI, EVALUATORS) for kind in kinds for path in folder.glob(kind)]
    return "\n".join(p.read_text(encoding="utf-8") for p in paths).replace("t('", 't("').replace("')", '")')


def test_every_key_that_a_page_uses_is_in_the_catalogue() -> None:
    used = set(KEYED.findall(sources())) | set(PHRASES)
    assert used
    assert sorted(used - set(ENGLISH.texts)) == []


def test_every_text_of_the_catalogue_is_used() -> None:
    text = sources()
    prefixes = (*PREFIXED.findall(text), "month.", "day.", "access.", "nav.", "data.", "home.", "turn.note.")
    prefixes = (*prefixes, "said.")  # what comes up from below: tests/unit/test_language.py
    named = {key for key in ENGLISH.texts if f'"{key}"' in text or key.startswith(prefixes)}
    assert sorted(set(ENGLISH.texts) - named) == []


def test_every_note_of_an_origin_has_its_sentence() -> None:
    for note in ("writer.timeout", "writer.refused", "writer.garbled", "writer.gate"):
        assert ENGLISH.has(f"turn.note.{note}")


def test_no_text_shouts_or_uses_the_words_of_engineers() -> None:
    for key, entry in ENGLISH.texts.items():
        if key.startswith("said.frames."):
            continue  # who edits the frames meets the names of their keys
        for text in [entry] if isinstance(entry, str) else entry.values():
            assert "!" not in text, key
            assert not re.search(r"\b(lens|embedding|vector|token|prompt_|session|LLM|AI)\b", text), key


def test_a_second_language_must_have_the_same_keys_and_placeholders() -> None:
    other = replace(ENGLISH, language="fr")
    compare(other, ENGLISH)
    with pytest.raises(CatalogBroken, match=r"app\.name"):
        compare(replace(other, texts={k: v for k, v in ENGLISH.texts.items() if k != "app.name"}), ENGLISH)
    with pytest.raises(CatalogBroken, match="placeholders"):
        compare(replace(other, texts={**ENGLISH.texts, "date.today": "Aujourd'hui"}), ENGLISH)


def test_plural_forms_follow_the_number() -> None:
    assert ENGLISH.text("journal.count", count=1) == "One reflection"
    assert ENGLISH.text("journal.count", count=3) == "3 reflections"
    with pytest.raises(CatalogBroken):
        ENGLISH.text("journal.count")
    arabic = replace(ENGLISH, language="ar", texts={"n": {"few": "few", "many": "many", "other": "other"}})
    assert [arabic.text("n", count=count) for count in (3, 11, 100)] == ["few", "many", "other"]


def test_a_value_with_braces_is_not_read_again() -> None:
    assert ENGLISH.text("sign_in.provider", name="{count}") == "Sign in with {count}"


@given(st.text())
def test_inert_text_holds_no_sign_and_loses_no_letter(text: str) -> None:
    import html

    shown = str(inert(text))
    assert not re.search(r"[<>\"'*_`$\[\](){}!|~^\\]", re.sub(r"&#\d+;", "", shown))
    assert html.unescape(re.sub(r"\s+", " ", text) and shown) is not None
    assert re.sub(r"&#(\d+);", lambda m: chr(int(m[1])), shown) == re.sub(r"\s+", " ", text)


@given(st.text(alphabet=st.sampled_from("ab \n\t<>*&"), max_size=60))
def test_paragraphs_stand_on_one_line(text: str) -> None:
    assert "\n" not in one_line(str(paragraphs(text)))


def test_found_words_are_marked_and_stay_inert() -> None:
    assert str(marked("A <b> Talk", "talk <b>")) == "A <mark>&#60;b&#62;</mark> <mark>Talk</mark>"


def test_a_snippet_shows_the_word_that_was_searched() -> None:
    text = "nothing here " * 60 + "the budget talk " + "nor here " * 60
    assert "budget" in snippet(text, "budget")
    assert len(snippet(text, "budget")) < 300


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>x</script>",
        "![x](http://exfil.test)",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        "<img src=x>",
    ],
)
def test_published_texts_hold_no_live_html_images_or_scripts(hostile: str) -> None:
    html = str(published(hostile))
    assert not re.search(r"<(script|img)|href=\"(javascript|data):", html)


def test_published_texts_keep_their_form() -> None:
    html = str(published("## Head\n\nA *word* and [a line](tel:112).\n\n- one\n- two"))
    for part in ("<h2>Head</h2>", "<em>word</em>", '<a href="tel:112">', "<li>one</li>"):
        assert part in html


def test_dates_are_said_as_people_say_them() -> None:
    now = datetime(2026, 3, 4, 12, 0, tzinfo=UTC).astimezone()
    now = now.replace(hour=12, minute=0)
    assert spoken(now.replace(hour=9, minute=5), now, ENGLISH) == "Today at 9:05"
    assert spoken(now - timedelta(days=1), now, ENGLISH) == "Yesterday at 12:00"
    assert spoken(now - timedelta(days=2), now, ENGLISH) == "Monday, 2 March at 12:00"
    assert spoken(now - timedelta(days=400), now, ENGLISH) == "28 January 2025"


def test_a_member_pushes_out_only_their_own_hashes() -> None:
    claims = Claims(per_member=3)
    assert claims.claim("of-alice", "alice")
    for number in range(50):
        assert claims.claim(f"flood-{number}", "bob")
    assert not claims.claim("of-alice", "bob")
    assert claims.claim("of-alice", "alice")
    assert len(claims.owners) == 4


def test_a_hash_that_was_not_used_for_long_is_forgotten() -> None:
    now = [0.0]
    claims = Claims(lifetime=100, clock=lambda: now[0])
    claims.claim("old", "alice")
    now[0] = 101.0
    assert claims.claim("old", "bob")
    assert claims.owners == {"old": "bob"}
    assert "alice" not in claims.used


def test_gradios_page_is_dressed_and_loses_what_points_elsewhere() -> None:
    page = (Path(__import__("gradio").__file__).parent / "templates/frontend/index.html").read_text("utf-8")
    dressed = dress(page, Clothes("<i>head</i>", "<i>before</i>", "<i>after</i>"))
    assert "<i>head</i></head>" in dressed
    assert "<i>after</i></body>" in dressed
    assert dressed.index("<i>before</i>") < dressed.index("<gradio-app")
    assert "githubusercontent" not in dressed
    assert "iframeResizer.contentWindow" not in dressed
    with pytest.raises(ValueError, match="no head"):
        dress("<p>something else</p>", Clothes("", "", ""))


def test_the_policy_names_each_inline_script_by_its_hash() -> None:
    policy = gradio_policy('<script>a</script><script src="x.js"></script><script data-x>b</script>')
    assert policy.count("sha256-") == 2
    assert "sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=" in policy  # of "a"


def test_loopback_is_known_by_both_its_names_and_nothing_else_is() -> None:
    assert origins_of("http://127.0.0.1:80") == {"http://127.0.0.1", "http://localhost", "http://[::1]"}
    assert origins_of("https://coach.example.org") == {"https://coach.example.org"}
    assert hosts_of("https://coach.example.org:444") == {"coach.example.org"}
