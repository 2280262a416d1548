"""One catalogue: what comes up from below the pages is in it, and a second language is a file."""

from __future__ import annotations

import ast
import pickle
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import yaml

from coach.domain.model import PROGRAMME, Card, Document, DocumentKind, SituationHit
from coach.errors import PLACE, Sentence, UserError
from coach.services.journal import Captions, english_day
from coach.services.peers import _reason
from coach.services.retrieve import _why
from evals.records import InvalidRun
from tests.pseudo import MARKS, pseudo
from ui.catalog import CatalogBroken, compare, languages, load_catalog, read_catalog
from ui.commands import catalog_of
from ui.dates import day_of
from ui.plurals import plural_of

ROOT = Path(__file__).parent.parent.parent
ENGLISH = load_catalog()
MADE = pseudo()

# What is raised here is said on the command line, or stops the program from starting: no page says it.
NO_PAGE = (
    "coach/bootstrap.py",
    "coach/bundled.py",
    "coach/commands",
    "coach/settings.py",
    "coach/services/ingest.py",
    "coach/services/corpus_check.py",
    "coach/adapters/chat_",
    "coach/adapters/chroma_index.py",
    "coach/adapters/corpus_",
    "coach/adapters/deadline.py",
    "coach/adapters/folder_lock.py",
    "coach/adapters/langchain_",
    "coach/adapters/linear_classifier.py",
    "coach/adapters/llm_reply.py",
    "coach/adapters/method_files.py",
    "coach/adapters/minilm_files.py",
    "coach/adapters/onnx_",
    "coach/adapters/outgoing.py",
    "coach/adapters/prompt_lock.py",
    "coach/adapters/screener.py",
    "coach/adapters/sentence_embedder.py",
    "coach/adapters/sql/migrate.py",
    "ui/app.py",
    "ui/commands.py",
)
# Of the evals these speak on pages; the rest speaks in a process of its own.
EVALS = ("comparing", "gate_results", "gating", "merging", "record", "results", "waivers", "pages/")
RAISED = {
    *("CoachError", "UserError", "TextRefused", "NotFound", "SignInFailed", "TooMany", "StoreUnavailable"),
    *("SettingsRefused", "Clash", "InvalidRun", "DraftRefused", "PromptRefused"),
}
# Words that a function of the house raises, or puts on a list of faults.
HANDED_ON = {"coach/adapters": {"refusal", "_refused"}, "coach/services": {"_opened"}, "evals": {"append"}}
# At start-up, by the one who runs the program.
AT_START = {
    "The database address cannot be used.",
    "Leave COACH_DATABASE_URL empty, or set it to postgresql+psycopg://user@host/name.",
    "The data folder cannot be written.",
    "Set COACH_HOME to a folder that this account may write.",
    "PostgreSQL needs a driver that is not installed.",
    'Install "peer-coach[postgres]".',
    "The id of a text is too long or holds a character that cannot be stored.",
    "Rename the file.",
}


@cache
def trees() -> dict[str, ast.Module]:
    """Every module that can speak on a page, and the scripted coach of the browser tests."""
    found = {}
    for file in sorted([*ROOT.glob("coach/**/*.py"), *ROOT.glob("ui/**/*.py"), *ROOT.glob("evals/**/*.py")]):
        name = file.relative_to(ROOT).as_posix()
        outside = name.startswith("evals/") and not name.removeprefix("evals/").startswith(EVALS)
        if not outside and not name.startswith(NO_PAGE):
            found[name] = ast.parse(file.read_text(encoding="utf-8"))
    fake = ROOT / "tests/e2e/fake_coach.py"
    return found | {"tests/e2e/fake_coach.py": ast.parse(fake.read_text(encoding="utf-8"))}


def called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "id", "") or getattr(node.func, "attr", "")


def is_sentence(text: str) -> bool:
    return " " in text.strip() and not text.startswith(("\n", "-", "<", "data:"))


def strings(node: ast.AST, named: dict[str, list[ast.expr]], depth: int = 3) -> Iterator[ast.expr]:
    """The strings that an argument can be; a name stands for whatever the module assigns to it."""
    if isinstance(node, ast.Constant | ast.JoinedStr) or (
        isinstance(node, ast.Call) and called(node) == "Sentence"
    ):
        yield node
    elif isinstance(node, ast.Name) and depth:
        for value in named.get(node.id, ()):
            yield from strings(value, named, depth - 1)
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body, named, depth)
        yield from strings(node.orelse, named, depth)
    elif isinstance(node, ast.List | ast.Tuple):
        for one in node.elts:
            yield from strings(one, named, depth)


def assigned(nodes: Iterable[ast.AST]) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Name):
                found.setdefault(target.id, []).append(node.value)
    return found


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, dict[str, list[ast.expr]]]]:
    """Every call, with what the names around it stand for: those of its function, else of the module."""
    outside = assigned(tree.body)
    functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
    seen: set[ast.AST] = set()
    for scope in (*reversed(functions), tree):  # the innermost first
        within = outside | assigned(ast.walk(scope)) if scope is not tree else outside
        for node in ast.walk(scope):
            if isinstance(node, ast.Call) and node not in seen:
                seen.add(node)
                yield node, within


def raised() -> Iterator[tuple[str, ast.expr]]:
    """Module and argument of everything that is raised, or put on a list of faults."""
    for name, tree in trees().items():
        on = {one for place, names in HANDED_ON.items() if name.startswith(place) for one in names}
        for node, named in calls(tree):
            if called(node) in RAISED | on:
                for argument in node.args:
                    yield from ((f"{name}:{node.lineno}", one) for one in strings(argument, named))


def forms() -> Iterator[tuple[str, str, ast.Call]]:
    """Module, form and call of every Sentence."""
    for name, tree in trees().items():
        for node, named in calls(tree):
            if called(node) == "Sentence" and node.args:
                for one in strings(node.args[0], named):
                    if isinstance(one, ast.Constant):
                        yield f"{name}:{node.lineno}", str(one.value), node


# -- what comes up from below -------------------------------------------------------------------------------


def test_every_sentence_that_a_page_may_say_is_in_the_catalogue() -> None:
    """Word for word: the English is the key."""
    plain = {
        (where, str(one.value))
        for where, one in raised()
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and is_sentence(one.value)
    }
    assert len(plain) > 60
    missing = {
        (where, text) for where, text in plain if text not in ENGLISH.english.keys and text not in AT_START
    }
    assert sorted(missing) == []


def test_every_form_with_values_is_in_the_catalogue() -> None:
    found = [(where, form) for where, form, _ in forms()]
    assert len(found) > 90
    joined = {"{message} {remedy}"}  # nothing to translate in it
    assert sorted({(w, f) for w, f in found if f not in ENGLISH.english.keys and f not in joined}) == []


def test_no_sentence_hides_its_values() -> None:
    """An f-string forgets its form, so no other language could be found for it."""
    hidden = {
        where
        for where, one in raised()
        if isinstance(one, ast.JoinedStr)
        and any(isinstance(part, ast.Constant) and " " in str(part.value) for part in one.values)
    }
    assert sorted(hidden) == []


def test_every_form_gets_the_values_it_names() -> None:
    for where, form, call in forms():
        given = {one.arg for one in call.keywords} - {"one"}
        assert {place[1] for place in PLACE.finditer(form)} == given, (where, form)


def test_nothing_in_the_catalogue_is_said_by_nobody() -> None:
    """A sentence that has left the code leaves the catalogue too."""
    said: set[str] = set()
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                said.add(node.value)
    assert sorted(set(ENGLISH.english.keys) - said) == []


def test_english_is_said_as_the_code_says_it() -> None:
    for _, form, call in forms():
        one = next((ast.literal_eval(k.value) for k in call.keywords if k.arg == "one"), "")
        for number in (1, 2, 20_000):
            values = {
                place[1]: number if place[1] == "count" or place[2] else "x" for place in PLACE.finditer(form)
            }
            sentence = Sentence(form, one=one, **values)
            assert ENGLISH.say(sentence) == str(sentence)


def test_an_error_is_plain_english_that_keeps_its_form() -> None:
    limit = Sentence("Please choose {least} to {most} characters.", least=8, most=20_000)
    error = UserError("This password is too short or too long.", limit)
    english = "This password is too short or too long. Please choose 8 to 20,000 characters."
    assert str(error) == english
    assert f"{error}" == english
    for said in (str(error), pickle.loads(pickle.dumps(str(error)))):
        assert MADE.say(said).count(MARKS[0]) == 2
        assert "20·000" in MADE.say(said)


def test_values_that_are_sentences_are_said_too() -> None:
    faults = ["It was not finished.", Sentence("{task} ({mode}) did not run.", task="crisis", mode="stub")]
    spoken = MADE.say(str(InvalidRun(faults, "Please begin the run again.")))
    assert spoken.count(MARKS[0]) == 4
    assert "crisis" in spoken
    assert "not finished" not in spoken


def test_a_sentence_that_nobody_knows_stays_as_it_is() -> None:
    assert MADE.say("A plug-in said this.") == "A plug-in said this."
    assert MADE.say(Sentence("A plug-in said {what}.", what="this")) == "A plug-in said this."


@pytest.mark.parametrize("function", ["", "public affairs"])
@pytest.mark.parametrize("hint", ["", "who also took over a former team"])
def test_what_a_turn_keeps_as_english_is_known_again(function: str, hint: str) -> None:
    """Reasons are stored as whole sentences, so a page knows them by their form."""
    card = Card("c", "m", "a challenge", ("s",), PROGRAMME, approved=True, hint=hint)
    spoken = MADE.say(str(_reason(function, card)) + "")
    assert spoken.startswith(MARKS[0])
    assert hint in spoken
    assert function in spoken
    document = Document("d", DocumentKind.CASE, PROGRAMME, "t", "b", situations=("s",), function=function)
    for near in ((), (SituationHit("s", "Saying no", 0.5),)):
        assert MADE.say(_why(document, near) + "").startswith(MARKS[0])


# -- a language is a file -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", languages())
def test_every_language_file_is_whole(language: str) -> None:
    """The same keys and placeholders as English, every plural form, a direction and numbers."""
    compare(load_catalog(language), ENGLISH)


def a_file(**changes: object) -> str:
    """The English file with a few things changed at its top."""
    tree = yaml.safe_load((ROOT / "ui/catalog/en.yaml").read_text(encoding="utf-8"))
    return yaml.safe_dump(tree | changes, allow_unicode=True)


def test_a_file_with_something_wrong_is_refused() -> None:
    assert read_catalog("de", a_file()).text("app.name") == "Peer Coach"
    with pytest.raises(CatalogBroken, match="direction"):
        read_catalog("de", a_file(direction="up"))
    with pytest.raises(CatalogBroken, match="numbers"):
        read_catalog("de", a_file(numbers={"group": "."}))
    with pytest.raises(CatalogBroken, match="plural rule"):
        read_catalog("tlh", a_file())
    with pytest.raises(CatalogBroken, match="one, few, many, other"):
        read_catalog("pl", a_file())
    with pytest.raises(CatalogBroken, match=r"invented\.key"):
        compare(read_catalog("de", a_file(invented={"key": "x"})), ENGLISH)
    with pytest.raises(CatalogBroken, match="no catalogue"):
        load_catalog("de")


def test_other_placeholders_are_refused_in_every_form() -> None:
    texts = dict(ENGLISH.texts)
    for wrong in ("No number", {"one": "{cuont} line", "other": "{count} lines"}):
        with pytest.raises(CatalogBroken, match="placeholders"):
            compare(replace(ENGLISH, language="de", texts=texts | {"data.log_older": wrong}), ENGLISH)


def test_serving_in_a_language_that_is_not_there_says_which_are() -> None:
    assert catalog_of("en") == ENGLISH
    with pytest.raises(UserError, match=r"language tlh\. Please choose one of these: en\."):
        catalog_of("tlh")


def test_a_key_that_is_not_there_fails() -> None:
    with pytest.raises(CatalogBroken, match=r"no\.such"):
        ENGLISH.text("no.such")
    with pytest.raises(CatalogBroken, match="needs a value"):
        ENGLISH.text("home.title")


# -- numbers, plurals, days ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "form", "numbers"),
    [  # the samples of CLDR's table
        ("en", "one", "1"),
        ("en", "other", "0 2 16 100 1000"),
        ("fr", "one", "0 1"),
        ("fr", "other", "2 17 100"),
        ("ja", "other", "0 1 15 100"),
        ("he", "two", "2"),
        ("he", "other", "0 3 17 100"),
        ("cs", "few", "2 3 4"),
        ("cs", "other", "0 5 19 100"),
        ("pl", "few", "2 4 22 24 32 102"),
        ("pl", "many", "0 5 19 100 112 1000"),
        ("ru", "one", "1 21 31 101 1001"),
        ("ru", "few", "2 4 22 24 102"),
        ("ru", "many", "0 5 11 14 19 100 111"),
        ("hr", "few", "2 4 22 104"),
        ("hr", "other", "0 5 11 19 100"),
        ("ar", "zero", "0"),
        ("ar", "two", "2"),
        ("ar", "few", "3 10 103 110 1003"),
        ("ar", "many", "11 26 111 1011"),
        ("ar", "other", "100 102 200 202 1000"),
    ],
)
def test_plurals_follow_the_language(language: str, form: str, numbers: str) -> None:
    rule = plural_of(f"{language}-XX")
    assert rule is not None
    assert form in rule.forms
    assert {rule.form(int(number)) for number in numbers.split()} == {form}


def test_numbers_are_written_as_the_language_writes_them() -> None:
    german = replace(ENGLISH, language="de", group=".", decimal=",")
    assert [german.number(1_234_567), german.number(0.5, ".3f"), german.number(12)] == [
        "1.234.567",
        "0,500",
        "12",
    ]
    assert ENGLISH.number(20_000) == "20,000"
    assert german.text("data.log_older", count=1234) == "1.234 older lines"


def test_an_export_says_its_days_in_the_language_of_the_page() -> None:
    noon = datetime(2026, 3, 3, 12, tzinfo=UTC)
    assert english_day(noon) == day_of(noon, ENGLISH) == "3 March 2026"
    assert MARKS[0] in Captions(day=lambda when: day_of(when, MADE)).day(noon)
