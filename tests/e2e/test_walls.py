"""The attacks of SECURITY.md 6.1 against the running program, without a browser."""

from __future__ import annotations

import json
import secrets
import threading
import time

import httpx
import pytest

from coach.domain.model import Member
from tests.e2e.conftest import Site

DATA = "/reflect/gradio_api/queue/data"
ASK = 0  # Gradio numbers events in the order in which the page declares them


def join(client: httpx.Client, session_hash: str, text: str, fn_index: int = ASK) -> httpx.Response:
    body = {
        "data": [text, ""],
        "fn_index": fn_index,
        "session_hash": session_hash,
        "event_data": None,
        "trigger_id": None,
    }
    return client.post("/reflect/gradio_api/queue/join", json=body)


def read(client: httpx.Client, session_hash: str, seconds: float = 10) -> list[str]:
    """Everything the stream says until it closes."""
    lines: list[str] = []
    until = time.monotonic() + seconds
    with client.stream("GET", DATA, params={"session_hash": session_hash}) as answer:
        if answer.status_code != 200:
            return [str(answer.status_code)]
        for line in answer.iter_lines():
            lines.append(line)
            if "close_stream" in line or time.monotonic() > until:
                break
    return lines


@pytest.fixture
def other(site: Site) -> Member:
    return site.coach.add_member("Other")


@pytest.fixture
def alice(site: Site, member: Member) -> httpx.Client:
    return site.client(member)


@pytest.fixture
def bob(site: Site, other: Member) -> httpx.Client:
    return site.client(other)


def test_a_session_hash_works_for_the_member_who_used_it_first_and_for_nobody_else(
    site: Site, alice: httpx.Client, bob: httpx.Client, other: Member
) -> None:
    assert join(alice, "hash-of-alice", "CNRY-alice-1 is on my mind").status_code == 200
    assert join(bob, "hash-of-alice", "hello").status_code == 404
    assert read(bob, "hash-of-alice") == ["404"]
    answer = "\n".join(read(alice, "hash-of-alice"))
    assert "CNRY&#45;alice&#45;1" in answer, "the answer must still reach its owner"
    assert other.id not in site.coach.book.entries


@pytest.mark.parametrize(
    "query",
    [
        "session_hash=hash-of-bob&session_hash=hash-of-alice",
        "session_hash=hash-of-alice&session_hash=hash-of-bob",
        "session_hash=&session_hash=hash-of-alice",
        "session_hash=hash-of-alice&session_hash=",
        "session_hash=hash-of-bob&%73ession_hash=hash-of-alice",
        "session_hash=hash-of-bob;session_hash=hash-of-alice",
        "session_hash=hash-of-bob%0A&session_hash=hash-of-alice",
        "session_hash=hash-of-bob%0A",
    ],
)
def test_two_hashes_in_one_address_open_nobodys_answer(
    alice: httpx.Client, bob: httpx.Client, query: str
) -> None:
    """We would check one of them and Gradio read the other."""
    hers, his = (f"{name}-{secrets.token_hex(6)}" for name in ("alice", "bob"))
    assert join(alice, hers, "CNRY-alice-2 is on my mind").status_code == 200
    assert join(bob, his, "CNRY-bob-2 is on mine").status_code == 200
    polluted = query.replace("hash-of-alice", hers).replace("hash-of-bob", his)
    assert bob.get(f"/reflect/gradio_api/queue/data?{polluted}").status_code == 404
    read(bob, his)
    assert "CNRY&#45;alice&#45;2" in "\n".join(read(alice, hers))


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_a_hash_in_the_address_of_a_question_counts_for_nothing(
    alice: httpx.Client, bob: httpx.Client, order: slice
) -> None:
    hers, his = (f"{name}-{secrets.token_hex(6)}" for name in ("alice", "bob"))
    assert join(alice, hers, "hello").status_code == 200
    body = {"data": ["CNRY-bob", ""], "fn_index": ASK, "session_hash": his, "trigger_id": None}
    query = "&".join([f"session_hash={hers}", f"session_hash={his}"][order])
    bob.post(f"/reflect/gradio_api/queue/join?{query}", json=body)
    assert "CNRY" not in "\n".join(read(alice, hers))


@pytest.mark.parametrize(
    "path",
    [
        "/reflect/gradio_api/run/ask",
        "/reflect/gradio_api/call/ask",
        "/reflect/gradio_api/api/ask",
        "/reflect/gradio_api/upload",
        "/reflect/gradio_api/reset",
        "/reflect/gradio_api/vibe-edit/",
        "/reflect/login",
        "/reflect/run/ask",
    ],
)
def test_gradios_other_doors_for_calling_do_not_exist(alice: httpx.Client, path: str) -> None:
    assert alice.post(path, json={"data": ["x", ""], "session_hash": "q"}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/reflect/gradio_api/deep_link?session_hash=x",
        "/reflect/gradio_api/file=/etc/passwd",
        "/reflect/gradio_api/proxy=http://example.org",
        "/reflect/gradio_api/info",
        "/reflect/gradio_api/openapi.json",
        "/reflect/gradio_api/user",
        "/reflect/gradio_api/token",
        "/reflect/gradio_api/app_id",
        "/reflect/gradio_api/startup-events",
        "/reflect/gradio_api/runs",
        "/reflect/monitoring",
        "/reflect/..%2f..%2fetc/passwd",
        "/docs",
        "/openapi.json",
    ],
)
def test_gradios_other_pages_do_not_exist(alice: httpx.Client, path: str) -> None:
    assert alice.get(path).status_code == 404


def test_nobody_gets_in_without_signing_in(site: Site) -> None:
    stranger = site.client()
    assert join(stranger, "s", "x").status_code == 401
    assert stranger.get("/reflect/gradio_api/queue/data?session_hash=s").status_code == 401
    assert stranger.get("/reflect/gradio_api/heartbeat/s").status_code == 404
    assert stranger.get("/reflect/config").status_code == 401
    for path in (
        "/reflect/",
        "/journal",
        "/my-data",
        "/home",
        "/sources/case-slides",
        "/my-data/export/json",
    ):
        answer = stranger.get(path)
        assert (answer.status_code, answer.headers["location"]) in {(303, "/"), (303, "/sign-in")}, path


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_another_sites_page_can_neither_read_nor_send(alice: httpx.Client, origin: str) -> None:
    answer = alice.get("/reflect/config", headers={"origin": origin})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers
    text = json.dumps({"data": ["x", ""], "fn_index": ASK, "session_hash": "z"})
    sent = alice.post(
        "/reflect/gradio_api/queue/join",
        content=text,
        headers={"origin": origin, "content-type": "text/plain"},
    )
    assert sent.status_code == 403
    assert (
        alice.post(
            "/my-data/erase", data={"sure": "erase everything"}, headers={"origin": origin}
        ).status_code
        == 403
    )
    assert alice.post("/sign-out", headers={"origin": origin}).status_code == 403


def test_a_form_from_another_site_is_refused_by_where_it_comes_from(alice: httpx.Client) -> None:
    for site_word in ("cross-site", "same-site"):
        answer = alice.post("/sign-out", headers={"sec-fetch-site": site_word})
        assert answer.status_code == 403


def test_a_wrong_host_name_is_refused(alice: httpx.Client) -> None:
    assert alice.get("/sign-in", headers={"host": "evil.example"}).status_code == 400


def test_only_json_is_read(alice: httpx.Client) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = alice.post("/reflect/gradio_api/queue/join", content=b"{}", headers={"content-type": kind})
        assert answer.status_code == 415


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"[" * 100_000, b'"x"', b"\xff\xfe", b'{"session_hash": 7}']
)
def test_broken_bodies_are_refused_without_a_fault(alice: httpx.Client, body: bytes) -> None:
    answer = alice.post(
        "/reflect/gradio_api/queue/join", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code in {400, 404}


def test_a_body_that_is_too_large_is_refused_at_once(alice: httpx.Client) -> None:
    began = time.monotonic()
    assert join(alice, "big", "y" * 50_000_000).status_code == 413
    assert alice.post("/my-data/roster", data={"names": "y" * 5_000_000}).status_code == 413

    def endless():
        for _ in range(1000):
            yield b" " * 65_536

    try:
        status = alice.post(
            "/reflect/gradio_api/queue/join", content=endless(), headers={"content-type": "application/json"}
        ).status_code
    except httpx.WriteError:  # the server has hung up on us, which is an answer too
        status = 413
    assert status == 413
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("letter", ["a", "я", "字", "🌿", "\u0001", "\ud800", '"', "\n"])
def test_twenty_thousand_characters_of_any_script_fit(alice: httpx.Client, letter: str) -> None:
    session_hash = f"long-{ord(letter)}"
    text = json.dumps({"data": [letter * 20_000, ""], "fn_index": ASK, "session_hash": session_hash})
    answer = alice.post(
        "/reflect/gradio_api/queue/join", content=text, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 200
    said = "\n".join(read(alice, session_hash))
    assert "process_completed" in said
    assert '"success":true' in said


def event(client: httpx.Client, session_hash: str, data: object, **more: object) -> httpx.Response:
    body = {"data": data, "fn_index": ASK, "session_hash": session_hash} | more
    return client.post("/reflect/gradio_api/queue/join", json=body)


@pytest.mark.parametrize(
    "data",
    [
        [{"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}}, None],
        [{"path": "http://127.0.0.1:9/x", "meta": {"_type": "gradio.FileData"}}, None],
        [["CNRY-list"], None],
        ["CNRY-number", 7],
        [True, ""],
        ["CNRY-too-few"],
        ["CNRY-too-many", "", ""],
        [],
        {"0": "CNRY-object"},
        "CNRY-text",
        None,
    ],
)
def test_only_texts_in_the_number_that_the_page_sends_reach_gradio(
    alice: httpx.Client, data: object, capfd: pytest.CaptureFixture[str]
) -> None:
    """A text that comes as an object would be fetched as a file; too few would be written to the log."""
    answer = event(alice, secrets.token_hex(6), data)
    assert (answer.status_code, "CNRY" in answer.text) == (400, False)
    assert "CNRY" not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    "more", [{"fn_index": 9}, {"fn_index": -1}, {"fn_index": "0"}, {"fn_index": None}, {"fn_index": False}]
)
def test_an_event_that_the_page_does_not_have_is_none(alice: httpx.Client, more: dict[str, object]) -> None:
    assert event(alice, secrets.token_hex(6), ["a line of words", ""], **more).status_code == 400


def test_what_the_page_does_not_send_is_left_out(alice: httpx.Client) -> None:
    """Gradio knows fields by which a caller may say who asks, or hand in data of another shape."""
    more = {
        "batched": True,
        "simple_format": True,
        "request": {"username": "bob"},
        "event_data": {"_data": 1},
    }
    assert event(alice, "plain", ["I keep rewriting his slides.", ""], **more).status_code == 200
    assert '"success":true' in "\n".join(read(alice, "plain"))


def test_an_answer_tells_nothing_of_other_peoples_turns(alice: httpx.Client, bob: httpx.Client) -> None:
    for client, name in ((bob, "before"), (alice, "mine")):
        join(client, name, "I keep rewriting his slides at night.")
        lines = [line[5:] for line in read(client, name) if line.startswith("data:")]
    told = [json.loads(line) for line in lines]
    assert [one["msg"] for one in told][-1] == "close_stream" and len(told) > 2
    for one in told:
        assert [one.get(key) for key in ("rank_eta", "eta", "avg_time")] == [None] * 3
        assert (one.get("rank", 0), one.get("queue_size", 1)) == (0, 1)
        output = one.get("output") or {}
        assert output.get("average_duration") == output.get("duration")


def test_an_answer_that_nobody_fetched_never_passes_to_another_member(
    alice: httpx.Client, bob: httpx.Client
) -> None:
    """Not even when the hash does: its owner may have opened sixty tabs since."""
    join(alice, "left-behind", "CNRY-left I keep rewriting his slides at night.")
    time.sleep(1.0)
    for number in range(70):
        body = {"session_hash": f"later-{number}", "fn_index": ASK, "event_id": "none"}
        assert alice.post("/reflect/gradio_api/cancel", json=body).status_code == 200
    join(bob, "left-behind", "another line of mine")
    said = "\n".join(read(bob, "left-behind"))
    assert "process_completed" in said and "CNRY-left" not in said and "another line of mine" in said


def test_signing_out_lets_go_of_answers_that_were_not_fetched(
    site: Site, alice: httpx.Client, member: Member
) -> None:
    join(alice, "never-read", "CNRY-never I keep rewriting his slides at night.")
    time.sleep(1.0)
    alice.post("/sign-out")
    again = site.client(member)
    join(again, "never-read", "another line of mine")
    said = "\n".join(read(again, "never-read"))
    assert "another line of mine" in said and "CNRY-never" not in said


def test_nobody_tells_the_page_where_it_stands_or_what_to_show(alice: httpx.Client) -> None:
    headers = {"x-forwarded-host": "evil.example", "x-gradio-server": "http://evil.example"}
    for path in ("/reflect/", "/reflect/config", "/reflect/?deep_link=abc&view=api"):
        answer = alice.get(path, headers=headers)
        assert answer.status_code == 200 and "evil.example" not in answer.text, path


def test_one_member_cannot_fill_the_queue(site: Site, other: Member) -> None:
    greedy = site.client(other)
    answers = [join(greedy, "greedy", "", fn_index=1).status_code for _ in range(40)]
    assert answers.count(429) == 10
    assert join(site.client(site.coach.add_member("Patient")), "patient", "hello there").status_code == 200


def test_sign_out_kills_the_session_on_the_server(site: Site, member: Member) -> None:
    client = site.client(member)
    stolen = client.cookies.get("coach")
    out = client.post("/sign-out")
    assert out.headers["clear-site-data"] == '"cache", "storage"'
    thief = httpx.Client(base_url=site.url, cookies={"coach": stolen})
    assert thief.get("/still-here").status_code == 401
    assert thief.get("/journal").headers["location"] == "/sign-in"


def test_signing_in_gives_a_new_id_and_ends_the_old_one(site: Site, member: Member) -> None:
    client = site.client(member)
    first = client.cookies.get("coach")
    client.post(f"/sign-in/{site.coach.link_for(member)}")
    assert client.cookies.get("coach") != first
    assert httpx.get(f"{site.url}/still-here", cookies={"coach": first}).status_code == 401


def test_an_id_that_a_stranger_chose_opens_nothing_even_after_sign_in(site: Site, member: Member) -> None:
    client = httpx.Client(base_url=site.url, cookies={"coach": "f" * 32})
    client.post(f"/sign-in/{site.coach.link_for(member)}")
    assert httpx.get(f"{site.url}/still-here", cookies={"coach": "f" * 32}).status_code == 401


def test_the_store_knows_only_the_hash_of_a_session(site: Site, member: Member) -> None:
    client = site.client(member)
    held = client.cookies.get("coach").encode()
    rows = site.coach.sessions.rows
    assert all(len(key) == 32 and held not in key and held not in row[0] for key, row in rows.items())


def test_a_member_who_is_switched_off_is_out_at_once_and_their_stream_ends(
    site: Site, member: Member
) -> None:
    client = site.client(member)
    assert join(client, "listening", "one two three").status_code == 200
    heard: list[str] = []
    ended = threading.Event()

    def listen() -> None:
        read(client, "listening")  # the answer goes to this listener, and the next waits for more
        try:
            with client.stream("GET", DATA, params={"session_hash": "listening"}) as answer:
                heard.extend(answer.iter_lines())
        except httpx.HTTPError:
            pass
        ended.set()

    threading.Thread(target=listen, daemon=True).start()
    time.sleep(2)
    assert not ended.is_set()
    site.coach.disable(member)
    assert client.get("/still-here").status_code == 401
    assert ended.wait(5), "an open stream must end within five seconds"


@pytest.mark.parametrize("site_of_link", ["cross-site", "same-site"])
def test_a_link_elsewhere_downloads_no_journal(alice: httpx.Client, site_of_link: str) -> None:
    answer = alice.get("/my-data/export/json", headers={"sec-fetch-site": site_of_link})
    assert (answer.status_code, answer.headers["location"]) == (303, "/my-data")
    for own in ({"sec-fetch-site": "same-origin"}, {}):
        assert "attachment" in alice.get("/my-data/export/json", headers=own).headers["content-disposition"]


def test_nobody_takes_all_the_room_by_listening(alice: httpx.Client, bob: httpx.Client) -> None:
    """Each stream holds a connection, and there are only so many."""
    for client in (alice, bob):
        assert join(client, f"tab-{id(client)}", "one two three").status_code == 200
    statuses: list[int] = []
    enough = threading.Event()

    def listen(client: httpx.Client) -> None:
        with client.stream("GET", DATA, params={"session_hash": f"tab-{id(client)}"}) as answer:
            statuses.append(answer.status_code)
            enough.wait(10)

    threads = [threading.Thread(target=listen, args=(alice,), daemon=True) for _ in range(8)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 20
    while len(statuses) < 8 and time.monotonic() < until:
        time.sleep(0.05)
    assert statuses.count(429) >= 4 and set(statuses) <= {200, 429}, statuses
    assert any("process_completed" in line for line in read(bob, f"tab-{id(bob)}"))
    enough.set()
    for thread in threads:
        thread.join(10)


@pytest.mark.parametrize("path", ["/sign-in", "/reflect/", "/journal", "/my-data", "/nowhere"])
def test_every_page_carries_the_headers(alice: httpx.Client, path: str) -> None:
    headers = alice.get(path).headers
    policy = headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "'unsafe-eval'" not in policy
    assert "script-src 'self' 'unsafe-inline'" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_gradio_is_set_up_quietly(alice: httpx.Client) -> None:
    config = alice.get("/reflect/config").json()
    assert config["footer_links"] == []
    assert not config.get("run_history")
    assert all(event["api_visibility"] == "private" for event in config["dependencies"])
    assert all(part["type"] not in {"state", "html", "browserstate"} for part in config["components"])
    assert not config["enable_queue"] or config["show_error"] is False


def test_ids_of_others_look_like_nothing(
    site: Site, alice: httpx.Client, bob: httpx.Client, member: Member
) -> None:
    entry = site.coach.reflect.ask(member.id, None, "CNRY-alice-2 is private")
    for folder, known in (("/journal", entry.conversation_id), ("/journal/erase", entry.id)):
        assert alice.get(f"{folder}/{known}").status_code == 200
        assert bob.get(f"{folder}/{known}").status_code == 404
        assert bob.get(f"{folder}/{known}").text == bob.get(f"{folder}/there-is-none").text
    assert bob.post(f"/journal/erase/{entry.id}").status_code == 404
    assert join(bob, "bobs", "hello there", fn_index=ASK).status_code == 200
    assert site.coach.book.entries[member.id] == [entry]


def test_a_fault_shows_a_number_and_not_its_message(
    site: Site, alice: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    join(alice, "fault", "CRASH CNRY-alice-3")
    said = "\n".join(read(alice, "fault"))
    assert "Something went wrong on our side" in said
    assert "SECRET" not in said + caplog.text
    assert "CNRY" not in caplog.text
