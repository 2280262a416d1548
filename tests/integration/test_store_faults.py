"""When things go wrong: nothing acknowledged is lost, nothing is half there, and every failure is said."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from coach.adapters.crypto import MasterKey
from coach.adapters.sql import Store, open_store, threads
from coach.domain.model import Document, DocumentKind, Member
from coach.errors import CoachError, SettingsRefused, SignInFailed, StoreUnavailable, UserError

if TYPE_CHECKING:
    from tests.integration.conftest import FakeClock, Site

ROOT = Path(__file__).parents[2]
THREADS = 8

OPENING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from coach.adapters.crypto import MasterKey
from coach.adapters.sql import open_store
from coach.errors import StoreUnavailable
url, key, member_id = sys.argv[1:]
store = open_store(url, MasterKey.load(Path(key)), lambda: datetime.now(UTC))
"""
WRITE_TEN = (
    OPENING
    + """
for number in range(10):
    store.journal.add_reflection(member_id, None, f"text {number}")
    store.audit.record(member_id, "test.write", str(number), member_id)
"""
)
WRITE_FOR_EVER = (
    OPENING
    + """
while True:
    print(store.journal.add_reflection(member_id, None, "x" * 3000).id, flush=True)
"""
)
FILL_THE_DISK = (
    OPENING
    + """
import resource
def there():
    return {entry.id for c in store.journal.conversations(member_id, 10_000) for entry in c.entries}
before, saved = there(), []
folder = Path(url.removeprefix("sqlite:///")).parent
limit = max(path.stat().st_size for path in folder.iterdir()) + 300_000
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
try:
    for _ in range(10_000):
        saved.append(store.journal.add_reflection(member_id, None, "CNRY " + "x" * 20_000).id)
    raise SystemExit("the disk never filled")
except StoreUnavailable as full:
    print(full)
assert there() == {*before, *saved}, "reading goes on, and nothing is half there"
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
saved.append(store.journal.add_reflection(member_id, None, "there is room again").id)
store.close()
print(*saved)
"""
)


def child(program: str, site: Site, member: Member) -> subprocess.Popen[str]:
    """Another process on the same store."""
    return subprocess.Popen(
        [sys.executable, "-c", program, site.url, str(site.key_file), member.id],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def at_once(act: Callable[[int], object], times: int = THREADS) -> list[object]:
    """Run `act` from several threads that start together."""
    gate = threading.Barrier(THREADS)

    def run(number: int) -> object:
        if number < THREADS:
            gate.wait(10)
        return act(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(times)))


def entry_ids(store: Store, member: Member) -> set[str]:
    return {entry.id for c in store.journal.conversations(member.id, 10_000) for entry in c.entries}


def test_eight_threads_lose_no_reflection(store: Store, ann: Member) -> None:
    first = store.journal.add_reflection(ann.id, None, "first")
    at_once(lambda n: store.journal.add_reflection(ann.id, first.conversation_id, str(n)), 80)
    [conversation] = store.journal.conversations(ann.id)
    assert {entry.text for entry in conversation.entries} == {"first", *map(str, range(80))}


def test_eight_threads_lose_no_line_of_the_audit(store: Store, ann: Member) -> None:
    at_once(lambda n: store.audit.record(ann.id, "test.write", str(n), ann.id), 80)
    assert {line.object_id for line in store.audit.of_owner(ann.id)} == set(map(str, range(80)))
    assert store.audit.verify() is None


def test_two_stores_on_one_database_lose_no_line(
    store: Store, site: Site, clock: FakeClock, ann: Member
) -> None:
    """As two processes would: nothing in memory makes one wait for the other."""
    stores = (store, site.open(clock))
    at_once(lambda n: stores[n % 2].audit.record(ann.id, "test.write", str(n), ann.id), 80)
    assert {line.object_id for line in store.audit.of_owner(ann.id)} == set(map(str, range(80)))
    assert store.audit.verify() is None


def test_a_link_is_taken_by_exactly_one_of_eight(store: Store, ann: Member, clock: FakeClock) -> None:
    store.people.add_link(ann.id, b"token", clock.now + timedelta(hours=1))
    taken = at_once(lambda _: store.people.take_link(b"token", clock.now))
    assert (taken.count(ann.id), taken.count(None)) == (1, THREADS - 1)


def test_no_session_survives_when_all_are_ended_while_eight_begin(
    store: Store, site: Site, ann: Member, clock: FakeClock
) -> None:
    """The one that is written first is removed, and the one that comes later is refused."""
    stores, later = (store, site.open(clock)), clock.now + timedelta(hours=1)
    for _ in range(5):
        before = store.sessions.generation(ann.id)

        def act(number: int, before: int = before) -> None:
            if number == THREADS // 2:
                return stores[0].sessions.remove_all(ann.id)
            with suppress(SignInFailed):
                stores[number % 2].sessions.write(bytes([number]), b"payload", ann.id, later, before)
            return None

        at_once(act)
        assert [store.sessions.read(bytes([number])) for number in range(THREADS)] == [None] * THREADS


def test_an_address_is_given_to_exactly_one_of_eight(store: Store) -> None:
    def add(_: int) -> str:
        try:
            return store.people.add_member("Ann", "ann@example.org", []).id
        except UserError as refused:
            return str(refused)

    answers = at_once(add)
    assert sum("already" in str(answer) for answer in answers) == THREADS - 1
    assert len(store.people.members()) == 1


def test_the_same_documents_from_eight_threads_are_there_once(store: Store) -> None:
    documents = [
        Document(f"d{n}", DocumentKind.CASE, "programme", "T", "B", content_hash=str(n)) for n in range(20)
    ]
    at_once(lambda n: store.library.put_documents(documents[n % 2 :]), 16)
    assert [d.id for d in store.library.documents(["programme"])] == sorted(d.id for d in documents)


def test_writing_while_erasing_leaves_whole_conversations(store: Store, ann: Member) -> None:
    """An acknowledged reflection is either there or was erased by name; its conversation never lacks it."""
    first = store.journal.add_reflection(ann.id, None, "first")
    answers = at_once(
        lambda n: (
            store.journal.erase_entry(ann.id, first.id)
            if n == 3
            else _try(lambda: store.journal.add_reflection(ann.id, first.conversation_id, str(n)).id)
        )
    )
    assert entry_ids(store, ann) == {answer for answer in answers if answer}


@pytest.mark.parametrize("erase", ["entry", "journal"])
def test_erasing_waits_for_a_reflection_that_is_being_written(store: Store, ann: Member, erase: str) -> None:
    first = store.journal.add_reflection(ann.id, None, "first")
    vault, now = store.people._vault, first.written_at
    second = dataclasses.replace(first, id="second", text="second")
    with ThreadPoolExecutor(1) as pool:
        with vault.writing(ann.id) as connection:
            key = vault.keys.key_of(connection, ann.id)
            threads.continue_conversation(connection, ann.id, first.conversation_id, now)
            threads.add_entry(connection, key, ann.id, second)
            if erase == "entry":
                erasing = pool.submit(store.journal.erase_entry, ann.id, first.id)
            else:
                erasing = pool.submit(store.journal.erase_journal, ann.id)
            time.sleep(0.2)
            assert not erasing.done()
        erasing.result(10)
    assert entry_ids(store, ann) == ({"second"} if erase == "entry" else set())


def test_an_erased_member_stays_erased_while_others_write_for_them(
    store: Store, ann: Member, site: Site
) -> None:
    store.journal.add_reflection(ann.id, None, "first")
    at_once(
        lambda n: (
            store.people.erase_member(ann.id)
            if n == 3
            else _try(lambda: store.journal.add_reflection(ann.id, None, str(n)).id)
        )
    )
    with site.raw() as disk:
        for table in ("member", "member_key", "conversation", "entry"):
            assert disk.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


def test_two_processes_write_side_by_side(store: Store, site: Site, ann: Member) -> None:
    children = [child(WRITE_TEN, site, ann) for _ in range(2)]
    for _ in range(10):
        store.journal.add_reflection(ann.id, None, "here")
    for one in children:
        assert one.wait(60) == 0, one.communicate()[1]
        one.communicate()
    assert len(entry_ids(store, ann)) == 30
    assert len(store.audit.of_owner(ann.id)) == 20
    assert store.audit.verify() is None


def test_what_was_acknowledged_survives_a_kill(store: Store, site: Site, ann: Member) -> None:
    acknowledged: list[str] = []
    for _ in range(2):
        one = child(WRITE_FOR_EVER, site, ann)
        assert one.stdout is not None
        acknowledged.append(one.stdout.readline().strip())
        time.sleep(0.15)
        os.kill(one.pid, signal.SIGKILL)
        acknowledged += one.communicate()[0].split()
    there = entry_ids(store, ann)
    assert set(acknowledged) <= there
    assert len(there) <= len(acknowledged) + 2  # one in doubt for each kill
    assert store.audit.verify() is None


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_full_disk_is_said_and_nothing_earlier_is_lost(store: Store, site: Site, ann: Member) -> None:
    before = store.journal.add_reflection(ann.id, None, "before")
    filling = child(FILL_THE_DISK, site, ann)
    out, err = filling.communicate(timeout=60)
    assert filling.returncode == 0, err
    said, saved = out.strip().splitlines()
    assert "Nothing of this step was saved" in said
    assert "CNRY" not in out
    assert entry_ids(store, ann) == {before.id, *saved.split()}
    with site.raw() as disk:
        assert disk.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_store_that_is_locked_for_long_says_so(store: Store, site: Site, ann: Member) -> None:
    impatient = store.people._vault.database
    with impatient._engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA busy_timeout=50")
    with site.raw() as other:
        other.exec_driver_sql("DELETE FROM outbox")  # takes the write lock and keeps it
        with pytest.raises(StoreUnavailable, match="busy"):
            store.journal.add_reflection(ann.id, None, "text")
        assert store.journal.conversations(ann.id) == []  # reading goes on
    assert store.journal.add_reflection(ann.id, None, "text")


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgres"])
def test_a_lost_connection_is_said_and_the_next_call_works(store: Store, site: Site, ann: Member) -> None:
    vault = store.people._vault
    with pytest.raises(StoreUnavailable) as lost, vault.writing(ann.id) as connection:
        connection.execute(text("UPDATE member SET active = false"))
        with site.raw() as admin:
            admin.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        connection.execute(text("SELECT 1"))
    assert "saved" in str(lost.value)
    assert store.people.member(ann.id).active
    assert store.journal.add_reflection(ann.id, None, "text")


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "nonsense", "sqlite://", "sqlite:///:memory:", "postgresql+asyncpg://x/y"]
)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_an_address_that_cannot_be_used_is_refused(
    store: Store, site: Site, clock: FakeClock, url: str
) -> None:
    with pytest.raises(SettingsRefused, match="address"):
        dataclasses.replace(site, url=url).open(clock)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_database_that_is_not_there_is_said(site: Site, clock: FakeClock) -> None:
    away = dataclasses.replace(site, url="postgresql+psycopg://coach@127.0.0.1:1/coach")
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        away.open(clock)
    folder = site.data / "coach.db"
    folder.mkdir(parents=True)
    with pytest.raises(SettingsRefused, match="cannot be written"):
        site.open(clock)


def _try(act: Callable[[], str]) -> str | None:
    """The acknowledged id; None when the store said no."""
    try:
        return act()
    except CoachError:
        return None


def test_a_store_that_was_closed_makes_no_file_anew(tmp_path: Path, clock: FakeClock) -> None:
    """A thread may be late when a demo ends: its folder has been erased and must stay so."""
    folder = tmp_path / "demo"
    store = open_store(f"sqlite:///{folder / 'coach.db'}", MasterKey.load(tmp_path / "key"), clock)
    store.close()
    for file in folder.iterdir():
        file.unlink()
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        store.people.member("nobody")
    assert list(folder.iterdir()) == []
