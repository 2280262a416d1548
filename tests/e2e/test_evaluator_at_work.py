"""An evaluator with a deadline: what the pages say must be so, and nothing that was written may be lost."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from coach.bundled import bundled
from coach.settings import Settings
from evals import tasks
from evals.model import Mode
from tests.e2e.conftest import Site
from tests.e2e.evaluators import (
    FRAMES,
    OLD_RULE,
    add_run,
    changed_frames,
    changed_rule,
    draft,
    evaluator,
    open_site,
)

pytestmark = pytest.mark.browser
GENERAL = "embedded/general.yaml"
DOUBTED = "Which sentence here cost you the most?"
EMBEDDED = tuple(name for name in tasks.names() if Mode.EMBEDDED in tasks.task(name).modes)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Site]:
    yield from open_site(tmp_path_factory.mktemp("at_work"), model_cache)


@pytest.fixture
def settings(site: Site) -> Settings:
    return site.coach.settings  # type: ignore[return-value] # an EvaluatorCoach has real ones


@pytest.fixture(scope="module")
def noor(site: Site) -> httpx.Client:
    return site.client(evaluator(site, "Noor"))


@pytest.fixture
def at_desk(site: Site, page: Page) -> Page:
    page.goto(site.link(evaluator(site, "Ada")))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/home")
    return page


def whole(file: str) -> str:
    return (bundled("prompts") / file).read_text(encoding="utf-8")


def general(mark: str) -> str:
    """The general questions with the last one reworded, and the version as it was."""
    before, last, after = whole(GENERAL).rpartition("text: 'What ")
    assert last
    return f"{before}text: 'In the {mark} weeks, what {after}"


def doubtful(question: str = DOUBTED) -> str:
    """The general questions with the last one in place of it, as the next version."""
    before, last, _ = whole(GENERAL).rpartition("text: '")
    assert last
    text = f"{before}text: '{question}'}}\n"
    return re.sub(r"^version: .*$", "version: 99.0.0", text, count=1, flags=re.MULTILINE)


def version_in(text: str) -> tuple[int, int, int]:
    """Major, minor and patch of a file."""
    found = re.search(r"^ *version: (\d+)\.(\d+)\.(\d+)$", text, re.MULTILINE)
    assert found
    return int(found[1]), int(found[2]), int(found[3])


def spoilt(pattern: str, by: str) -> str:
    """The general questions with what a pattern finds first in another form."""
    text, count = re.subn(pattern, by, whole(GENERAL), count=1, flags=re.MULTILINE)
    assert count
    return text


def differing_run(settings: Settings, name: str, version: str, count: int, **options: object) -> None:
    """A finished run in which `count` cases say something else and are judged the same."""
    record = add_run(settings, name, version, **options) / "record.jsonl"
    seen: dict[str, set[str]] = {}

    def other(line: str) -> str:
        row = json.loads(line)
        cases = seen.setdefault(row.get("task", ""), set())
        if row.get("arm") != "candidate" or len(cases | {row["case"]}) > count:
            return line
        cases.add(row["case"])
        return json.dumps({**row, "text": f"Then something else about {row['case']}."}, ensure_ascii=False)

    lines = record.read_text(encoding="utf-8").splitlines()
    record.write_text("\n".join(map(other, lines)) + "\n", encoding="utf-8")


# -- the quick try ------------------------------------------------------------------------------------------


@pytest.fixture
def begun(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the page would have begun; nothing is."""
    found: list[list[str]] = []
    monkeypatch.setattr("evals.pages.workshop.Workshop._begin", lambda self, run, told: found.append(told))
    return found


def named(arguments: list[str], option: str) -> list[str]:
    return [value for key, value in itertools.pairwise(arguments) if key == option]


def test_a_quick_try_of_a_bank_text_takes_the_tasks_that_can_run(
    noor: httpx.Client, begun: list[list[str]]
) -> None:
    version = draft(noor, changed_frames(2), FRAMES)
    form = {"candidate": version, "baseline": "as-delivered", "extent": "some", "limit": "2"}
    assert noor.post("/runs/new", data=form).status_code == 303
    assert tuple(named(begun[0], "--task")) == EMBEDDED
    only_stub = {**form, "mode": "stub"}
    assert noor.post("/runs/new", data=only_stub).status_code == 303
    assert "confidentiality" in named(begun[1], "--task") and "matching" not in named(begun[1], "--task")


def test_a_task_that_cannot_run_as_chosen_is_refused_in_the_form(
    noor: httpx.Client, begun: list[list[str]]
) -> None:
    version = draft(noor, changed_frames(3), FRAMES)
    form = {"candidate": version, "baseline": "as-delivered", "task": "confidentiality", "extent": "all"}
    answer = noor.post("/runs/new", data=form)
    assert answer.status_code == 400 and "cannot run" in answer.text and begun == []
    assert noor.post("/runs/new", data={**form, "mode": "stub"}).status_code == 303


def test_a_new_run_after_one_that_did_not_work_keeps_what_was_chosen(
    noor: httpx.Client, settings: Settings, begun: list[list[str]]
) -> None:
    version = draft(noor, changed_frames(4), FRAMES)
    form = {"candidate": version, "baseline": "as-delivered", "extent": "some", "limit": "7",
            "task": ["crisis", "cost"], "mode": "embedded"}  # fmt: skip
    address = noor.post("/runs/new", data=form).headers["location"]
    ended = noor.get(address).text
    link = re.search(r'href="(/runs/new\?[^"]+)"', ended)
    assert link, "there is a way to start again"
    query = parse_qs(urlsplit(link[1].replace("&amp;", "&")).query)
    assert query == {"candidate": [version], "baseline": ["as-delivered"], "extent": ["some"],
                     "limit": ["7"], "task": ["crisis", "cost"], "mode": ["embedded"]}  # fmt: skip
    page = noor.get(link[1].replace("&amp;", "&")).text
    assert re.search(r'value="some" checked', page) and 'value="7"' in page
    assert re.search(r'name="task" value="crisis" checked', page)
    assert not re.search(r'name="task" value="grounding" checked', page)


def test_a_try_on_some_cases_is_called_a_try_everywhere(noor: httpx.Client, settings: Settings) -> None:
    """One word in the heading, in the list and over each task, and none that reads like a verdict."""
    version = draft(noor, changed_frames(15), FRAMES)
    told = {0: "Tried: nothing judged worse in 8 cases", 2: "Tried: 2 cases judged worse"}
    for worse, words in told.items():
        run = f"20260209-00000{worse}-run"
        options = {"command": "run", "limit": 4, "tasks": ("question_quality", "crisis")}
        if worse:
            options["tasks"] = ("question_quality",)
        add_run(settings, run, version, worse=worse, **options)
        page = noor.get(f"/runs/{run}").text
        assert f"<h1>{words}</h1>" in page and f"<title>{words}" in page
        assert "Not decided" not in page and ">Passes<" not in page and "cannot pass" not in page
        assert ">Tried</span>" in page and "To be proposed it has to pass on all of them." in page
        line = noor.get("/runs").text.partition(f'href="/runs/{run}"')[2].partition("</a>")[0]
        assert f">{words}<" in line
    assert ">Open<" not in noor.get("/runs").text


# -- what a result says -------------------------------------------------------------------------------------


def test_a_result_in_which_nothing_fell_does_not_warn(noor: httpx.Client, settings: Settings) -> None:
    """Texts differ and none is judged worse: a calm line that leads to them, on every page."""
    version = draft(noor, changed_frames(5), FRAMES)
    run = "20260201-000000-gate"
    differing_run(settings, run, version, 27)
    page = noor.get(f"/runs/{run}").text
    assert "changed for the worse" not in page
    assert "27 texts differ, none is judged worse." in page
    assert "The first 10 of those that are judged the same" in page, "ten are not all of them"
    assert "no value got worse" not in page, "said once"
    assert "changed for the worse" not in noor.get(f"/prompts/versions/{version}").text
    row = re.search(r'<tr[^>]*>(?:(?!</tr>).)*href="#question_quality-embedded".*?</tr>', page, re.DOTALL)
    assert row and re.findall(r'class="num[^>]*>(\d+)', row[0]) == ["27", "0"]


def test_a_value_that_fell_is_said_in_red(noor: httpx.Client, settings: Settings) -> None:
    version = draft(noor, changed_frames(6), FRAMES)
    run = "20260202-000000-gate"
    add_run(settings, run, version, worse=1, tasks=("question_quality",))
    page = noor.get(f"/runs/{run}").text
    assert re.search(r'class="wrong">[^<]*One case is judged worse', page)
    row = re.search(r'<tr[^>]*>(?:(?!</tr>).)*href="#question_quality-embedded".*?</tr>', page, re.DOTALL)
    assert row and re.findall(r'class="num[^>]*>(\d+)', row[0]) == ["1", "1"]


def test_every_text_that_differs_can_be_read(noor: httpx.Client, settings: Settings) -> None:
    """Twenty on a page, and each of them on one."""
    version = draft(noor, changed_frames(7), FRAMES)
    run = "20260203-000000-gate"
    differing_run(settings, run, version, 47, tasks=("question_quality",))
    address = f"/runs/{run}/texts/question_quality-embedded"
    assert f'href="{address}"' in noor.get(f"/runs/{run}").text
    seen: list[str] = []
    for number in (1, 2, 3):
        page = noor.get(f"{address}?page={number}")
        assert page.status_code == 200
        seen += re.findall(r'<article class="case">\s*<h4>(\w+)', page.text)
    assert len(seen) == len(set(seen)) == 47
    assert "?page=2" in noor.get(address).text
    for odd in (f"{address}?page=4", f"{address}?page=0", f"/runs/{run}/texts/nothing-embedded"):
        assert noor.get(odd).status_code == 404, odd
    assert noor.get(f"{address}?page=x").status_code < 500


def test_what_changed_comes_first_and_the_rest_is_one_line(noor: httpx.Client, settings: Settings) -> None:
    version = draft(noor, changed_frames(8), FRAMES)
    run = "20260204-000000-gate"
    add_run(settings, run, version)
    record = settings.home / "evals" / run / "record.jsonl"
    changed = {"question_quality", "crisis"}
    lines = []
    for line in record.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("task") in changed and row.get("arm") == "candidate":
            row["text"] += " Now?"
        if row.get("task") == "cost" and row.get("arm") == "candidate":
            row["scores"]["overhead_ms"]["value"] += 3.0  # a clock is never twice the same
        lines.append(json.dumps(row, ensure_ascii=False))
    record.write_text("\n".join(lines) + "\n", encoding="utf-8")
    page = noor.get(f"/runs/{run}").text
    sections = re.findall(r'<section class="part" id="([^"]+)"', page)
    assert sections == ["question_quality-embedded", "crisis-embedded"]
    folded = re.findall(r'<details class="same" id="([^"]+)"', page)
    assert set(folded) == {f"{name}-embedded" for name in set(EMBEDDED) - changed}
    assert page.index(sections[-1]) < page.index(f'id="{folded[0]}"')


def test_figures_have_names_and_one_line_that_explains_them(noor: httpx.Client, settings: Settings) -> None:
    version = draft(noor, changed_frames(9), FRAMES)
    run = "20260205-000000-gate"
    differing_run(settings, run, version, 3)
    page = noor.get(f"/runs/{run}").text
    table = page.partition("<table")[2]
    for words in ("Carries no answer in it", "Gives no advice", "Takes up the member’s own words"):
        assert words in table, words
    assert "gated metric" not in page and "guard nothing" not in page
    cost = page.partition('id="cost-embedded"')[2].partition("</table>")[0]
    calls = next(row for row in cost.split("<tr") if "Calls of the model" in row)
    assert "…" not in calls, "no interval of a share on a count"
    assert "not worse" in page and "How to read this page" in page


def test_a_wide_table_says_that_it_scrolls_on_a_phone(at_desk: Page, site: Site, noor: httpx.Client) -> None:
    settings: Settings = site.coach.settings  # type: ignore[assignment] # an EvaluatorCoach has real ones
    version = draft(noor, changed_frames(10), FRAMES)
    add_run(settings, "20260206-000000-gate", version, worse=2, tasks=("question_quality",))
    for width, seen in ((1366, False), (390, True)):
        at_desk.set_viewport_size({"width": width, "height": 844})
        at_desk.goto(f"{site.url}/runs/20260206-000000-gate")
        hint = at_desk.locator("#question_quality-embedded .scrolls").first
        expect(hint).to_be_visible(visible=seen)
    wide, view = at_desk.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= view


# -- drafts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (spoilt(r"you\?'\}$", "you?}"), "quotation mark"),
        (spoilt(r"^questions:\n", "questions: [\n"), "bracket"),
        (spoilt(r"^(version: .*)$", r"\1: b"), "colon"),
        (spoilt(r"^  (- \{lens: values, stage: arrive)", r"   \1"), "begins"),
    ],
    ids=["quote", "bracket", "colon", "depth"],
)
def test_yaml_that_cannot_be_read_says_where_and_what_to_do(noor: httpx.Client, text: str, says: str) -> None:
    """Either the fault or, where YAML stumbles later, the first change stands at the line that was spoilt."""
    answer = noor.post("/prompts/draft", data={"base": "as-delivered", "file": GENERAL, "text": text})
    wrong = re.search(r'role="alert">(.*?)</p>', answer.text, re.DOTALL)
    assert answer.status_code == 400 and wrong
    assert "Error" not in wrong[1] and re.search(r"line \d+, column \d+", wrong[1]), wrong[1]
    pairs = enumerate(zip(whole(GENERAL).split("\n"), text.split("\n"), strict=True), 1)
    line = next(number for number, (old, new) in pairs if old != new)
    assert says in wrong[1] and re.search(rf"line {line}\b", wrong[1]), (line, wrong[1])


def test_the_front_of_a_prompt_that_cannot_be_read_says_it_as_well(noor: httpx.Client) -> None:
    text = changed_rule().replace("owners: [coach]", "owners: [coach")
    assert text != changed_rule()
    answer = noor.post(
        "/prompts/draft", data={"base": "as-delivered", "file": "reflection-questions.prompty", "text": text}
    )
    wrong = re.search(r'role="alert">(.*?)</p>', answer.text, re.DOTALL)
    assert wrong and re.search(r"line \d+, column \d+", wrong[1]) and "bracket" in wrong[1], wrong


@pytest.mark.parametrize("kind", ["patch", "minor"])
def test_why_is_said_once_and_version_and_changelog_are_written(
    noor: httpx.Client, settings: Settings, kind: str
) -> None:
    major, minor, patch = version_in(whole(GENERAL))
    version = f"{major}.{minor}.{patch + 1}" if kind == "patch" else f"{major}.{minor + 1}.0"
    why = f'one question asks for "{kind}": less heavy'
    answer = noor.post("/prompts/draft", data={"base": "as-delivered", "file": GENERAL, "why": why,
                                               "kind": kind, "text": general(kind)})  # fmt: skip
    assert answer.status_code == 303, answer.text[-900:]
    name = answer.headers["location"].rpartition("/")[2]
    text = (settings.home / "prompts" / name / GENERAL).read_text(encoding="utf-8")
    assert f"\nversion: {version}\n" in text and text.count("\nversion:") == 1
    page = noor.get(f"/prompts/texts/{name}/{GENERAL}").text
    assert "less heavy" in page and f'general</span> <span class="number">{version}' in page


def test_why_is_written_into_a_prompt_for_a_model_too(noor: httpx.Client, settings: Settings) -> None:
    file = "reflection-questions.prompty"
    text = whole(file).replace(OLD_RULE, "Pick what the whole text turns on")
    form = {"base": "as-delivered", "file": file, "text": text, "kind": "patch"}
    refused = noor.post("/prompts/draft", data={**form, "why": " "})
    assert refused.status_code == 400 and "Say above what you changed" in refused.text
    answer = noor.post("/prompts/draft", data={**form, "why": "plainer"})
    assert answer.status_code == 303, answer.text[-900:]
    name = answer.headers["location"].rpartition("/")[2]
    major, minor, patch = version_in(whole(file))
    written = (settings.home / "prompts" / name / file).read_text(encoding="utf-8")
    assert f"version: {major}.{minor}.{patch + 1}" in written and "plainer" in written


def test_who_wrote_version_and_changelog_by_hand_keeps_them(noor: httpx.Client, settings: Settings) -> None:
    answer = noor.post("/prompts/draft", data={"base": "as-delivered", "file": FRAMES, "why": "a test",
                                               "kind": "minor", "text": changed_frames(11)})  # fmt: skip
    name = answer.headers["location"].rpartition("/")[2]
    assert "version: 99.0.0" in (settings.home / "prompts" / name / FRAMES).read_text(encoding="utf-8")


def test_a_draft_can_be_thrown_away(noor: httpx.Client, settings: Settings) -> None:
    """Its files go, the log keeps who did it, and runs that knew it can still be opened."""
    version = draft(noor, changed_frames(12), FRAMES)
    add_run(settings, "20260207-000000-gate", version, tasks=("question_quality",))
    later = draft(noor, changed_frames(13).replace("99.0.0", "99.0.1"), FRAMES, version)
    assert "Throw this draft away" in noor.get(f"/prompts/versions/{version}").text
    answer = noor.post(f"/prompts/versions/{version}/discard", follow_redirects=True)
    assert answer.status_code == 200 and "The draft is thrown away." in answer.text
    assert "Threw away" in answer.text and f'href="/prompts/versions/{version}"' not in answer.text
    assert list((settings.home / "prompts").glob(f"*{version}*")) == []
    assert noor.get(f"/prompts/versions/{version}").status_code == 404
    for address in (f"/prompts/versions/{later}", "/runs", "/runs/20260207-000000-gate", "/prompts"):
        assert noor.get(address).status_code == 200, address
    assert noor.post(f"/prompts/versions/{version}/discard").status_code == 404


def test_a_draft_that_could_not_be_thrown_away_can_be_tried_again(
    noor: httpx.Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    version, shelf = draft(noor, changed_frames(14), FRAMES), settings.home / "prompts"
    (shelf / ".gone-before").mkdir()
    with monkeypatch.context() as full:
        full.setattr(Path, "rename", refused)
        answer = noor.post(f"/prompts/versions/{version}/discard")
    assert answer.status_code == 503 and "The draft could not be thrown away." in answer.text
    assert noor.get(f"/prompts/versions/{version}").status_code == 200
    assert noor.post(f"/prompts/versions/{version}/discard", follow_redirects=True).status_code == 200
    assert list(shelf.glob(f"*{version}*")) == list(shelf.glob(".gone-*")) == []


def refused(*_: object) -> None:
    raise OSError("read-only")


def test_only_a_draft_can_be_thrown_away(site: Site, noor: httpx.Client, settings: Settings) -> None:
    """Not what came with the program, not what is proposed, nothing that members have met."""
    assert noor.post("/prompts/versions/as-delivered/discard").status_code == 409
    version = draft(noor, changed_rule("to stay"))
    add_run(settings, "20260208-000000-gate", version)
    assert noor.post(f"/prompts/versions/{version}/propose").status_code == 200
    assert noor.post(f"/prompts/versions/{version}/discard").status_code == 409
    assert "Throw this draft away" not in noor.get(f"/prompts/versions/{version}").text
    ada = site.client(evaluator(site, "Second"))
    assert ada.post(f"/prompts/versions/{version}/activate").status_code == 200
    assert ada.post("/prompts/versions/as-delivered/roll-back").status_code == 200
    assert noor.post(f"/prompts/versions/{version}/discard").status_code == 409
    assert (settings.home / "prompts" / version).is_dir()


def test_a_changed_draft_is_not_left_without_a_question(at_desk: Page, site: Site) -> None:
    """The browser asks once something was changed, not before, and not when the draft is kept."""
    asked: list[str] = []
    stay = [True]

    def answer(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined] # Playwright's Dialog
        dialog.dismiss() if stay[0] else dialog.accept()  # type: ignore[attr-defined] # Playwright's Dialog

    at_desk.on("dialog", answer)
    address = f"{site.url}/prompts/draft?base=as-delivered&file={FRAMES}"
    at_desk.goto(address)
    at_desk.get_by_role("link", name="Runs", exact=True).click()
    at_desk.wait_for_url("**/runs")
    assert asked == []
    at_desk.goto(address)
    box = at_desk.locator("textarea#text")
    box.click()
    at_desk.keyboard.type("x")
    at_desk.evaluate("location.assign('/runs')")
    at_desk.wait_for_timeout(500)
    assert asked == ["beforeunload"] and at_desk.url == address
    box.fill("frames: [")
    at_desk.get_by_role("button", name="Keep as a draft").click()
    at_desk.wait_for_selector("[role=alert]")
    assert asked == ["beforeunload"], "keeping it is no leaving"
    at_desk.locator("h1").click()
    at_desk.evaluate("location.assign('/runs')")
    at_desk.wait_for_timeout(500)
    assert asked == ["beforeunload"] * 2, "what was refused is not kept either"
    stay[0] = False
    at_desk.goto(f"{site.url}/runs")


def test_a_question_that_nobody_would_be_asked_is_told_before_it_is_kept(
    noor: httpx.Client, settings: Settings
) -> None:
    """Not refused, for a criterion may be wrong: said, kept at the second press, and said again after."""
    form = {"base": "as-delivered", "file": GENERAL, "text": doubtful()}
    shelf = settings.home / "prompts"
    before = set(shelf.iterdir()) if shelf.is_dir() else set()
    answer = noor.post("/prompts/draft", data=form)
    assert answer.status_code == 409 and set(shelf.iterdir()) == before
    assert DOUBTED in answer.text.partition("<textarea")[0] and "Keep it all the same" in answer.text
    assert "This question would never be asked. It fails: Open, About the member." in answer.text
    assert "A criterion can be wrong" in answer.text and "Your text is still below." in answer.text
    seen = re.search(r'name="seen" value="(\w+)"', answer.text)
    assert seen
    other = {**form, "text": doubtful("Which line cost you the most?"), "seen": seen[1]}
    assert noor.post("/prompts/draft", data=other).status_code == 409, "this one was not told of yet"
    kept = noor.post("/prompts/draft", data={**form, "seen": seen[1]})
    assert kept.status_code == 303
    version = kept.headers["location"].rpartition("/")[2]
    page = noor.get(f"/prompts/versions/{version}").text
    assert "A new question that would not be asked" in page and "It fails: Open, About the member." in page
    add_run(settings, "20260210-000000-gate", version, tasks=("question_quality",))
    page = noor.get("/runs/20260210-000000-gate").text
    assert "One new question was never asked in these cases." in page and DOUBTED in page
    assert "It fails: Open, About the member." in page


def test_a_new_question_that_was_asked_is_not_called_unasked(noor: httpx.Client, settings: Settings) -> None:
    version = draft(noor, doubtful("What kept you from the talk?"), GENERAL)  # as every case of the fake run
    add_run(settings, "20260211-000000-gate", version, tasks=("question_quality",))
    page = noor.get("/runs/20260211-000000-gate").text
    assert "never asked" not in page
    assert "would not be asked" not in noor.get(f"/prompts/versions/{version}").text


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("program", "The program or its corpus has changed."),
        ("dataset", "These tasks have other cases now: "),
        ("scorers", "These tasks have other scorers now: "),
    ],
)
def test_a_run_that_no_longer_counts_says_what_has_changed(
    noor: httpx.Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, what: str, says: str
) -> None:
    version = draft(noor, changed_rule(f"since {what}"))
    add_run(settings, f"20260212-{len(says):06d}-gate", version)
    monkeypatch.setattr(f"evals.provenance.{what}", lambda *_: "another")
    page = noor.get(f"/prompts/versions/{version}").text
    assert "what it was judged with is not the same any more" in page
    told = page.partition('class="notes"')[2].partition("</ul>")[0]
    assert says in told and told.count("<li>") == 1 and "question_quality" not in told


def test_what_was_delivered_is_not_held_against_itself(noor: httpx.Client) -> None:
    page = noor.get("/prompts/versions/as-delivered").text
    assert "It says the same" not in page and "Against:" not in page


def test_an_evaluator_without_pages_is_told_so(tmp_path: Path, model_cache: Path) -> None:
    """The installed package is older than the files: no promise of pages that are not there."""
    for bare in open_site(tmp_path, model_cache, bare=True):
        page = bare.client(evaluator(bare, "Noor")).get("/home").text
        assert "The pages for evaluators are not installed." in page and "make run" in page
        assert "you compare versions" not in page and "/prompts" not in page


def test_an_evaluator_with_pages_is_not(noor: httpx.Client) -> None:
    page = noor.get("/home").text
    assert "not installed" not in page and 'href="/prompts"' in page


# -- the list of prompts ------------------------------------------------------------------------------------


def test_the_list_says_who_reads_what_and_where_the_rest_is(noor: httpx.Client) -> None:
    page = noor.get("/prompts").text
    articles = {re.sub("<[^>]+>", "", one.partition("</h3>")[0]).split()[0]: one
                for one in page.split('<article class="prompt">')[1:]}  # fmt: skip
    assert "the screen" in articles["signposts"] and "the bank of questions" not in articles["signposts"]
    for name in ("frames", "general", "whys"):
        assert "the bank of questions" in articles[name], name
    assert "all tasks</dd>" not in articles["signposts"] and "crisis" in articles["signposts"]
    assert "confidentiality" not in articles["signposts"], "it runs with a model alone"
    assert "corpus/situations" in page and "coach ingest" in page
    assert "A fingerprint" in page and "active" in page
