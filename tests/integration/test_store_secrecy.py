"""What lies on the disk: no word of a member's, and after erasing no key either."""

from __future__ import annotations

import shutil
import traceback
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from coach.adapters.crypto import DataKey, MasterKey, Place, add_master_key, drop_old_master_keys
from coach.adapters.sql import Store
from coach.adapters.sql.keys import KeyRing
from coach.domain.model import Document, DocumentKind, Member, Role
from coach.errors import KeyRefused, StoreUnavailable

if TYPE_CHECKING:
    from tests.integration.conftest import FakeClock, Samples, Site


def canary(number: int) -> str:
    return f"CNRY-{number:02d}-9f8e7d6c5b4a3021"


def write_everything(store: Store, samples: Samples, clock: FakeClock) -> Member:
    """A member with a canary in every place where their words can go."""
    member = store.people.add_member(canary(1), f"{canary(2)}@example.org", [Role.MANAGER], canary(3))
    entry = store.journal.add_reflection(member.id, None, canary(4))
    store.journal.add_turn(member.id, entry.id, samples.turn(canary(5)), samples.vectors())
    store.people.put_card(
        samples.card(member.id, lines=canary(6), hint=canary(7)), samples.vectors(1)[0].tolist()
    )
    store.people.set_roster(member.id, [canary(8)])
    store.people.set_password_hash(member.id, canary(9))
    store.people.bind_identity(member.id, "https://issuer", canary(10))
    store.sessions.write(b"s" * 32, canary(11).encode(), member.id, clock.now + timedelta(days=1))
    store.people.add_group(canary(12), canary(13))
    return member


def test_no_word_of_a_member_is_on_the_disk(
    store: Store, site: Site, samples: Samples, clock: FakeClock
) -> None:
    write_everything(store, samples, clock)
    assert b"change.former-peers" not in site.bytes_on_disk()  # what a card is about
    assert samples.vectors().tobytes()[:16] not in site.bytes_on_disk()
    assert b"CNRY" not in site.bytes_on_disk()
    store.close()
    assert b"CNRY" not in site.bytes_on_disk()


def test_the_sweep_would_see_a_word_in_the_clear(store: Store, site: Site) -> None:
    store.library.put_documents([Document("d1", DocumentKind.CASE, "programme", "T", canary(20))])
    assert canary(20).encode() in site.bytes_on_disk()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_an_erased_members_key_and_rows_leave_the_files_at_once(
    store: Store, site: Site, samples: Samples, clock: FakeClock
) -> None:
    member = write_everything(store, samples, clock)
    with site.raw() as disk:
        wrapped = disk.execute(text("SELECT wrapped FROM member_key")).scalar_one()
        sealed = disk.execute(text("SELECT sealed FROM entry")).scalar_one()
    assert wrapped in site.bytes_on_disk()
    store.people.erase_member(member.id)
    left = site.bytes_on_disk()
    assert wrapped not in left
    assert sealed not in left


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("whole_journal", [False, True])
def test_an_erased_entry_leaves_the_files_at_once(
    store: Store, site: Site, ann: Member, whole_journal: bool
) -> None:
    entry = store.journal.add_reflection(ann.id, None, "x" * 9000)
    with site.raw() as disk:
        sealed = disk.execute(text("SELECT sealed FROM entry")).scalar_one()
    assert sealed[4000:4100] in site.bytes_on_disk()
    if whole_journal:
        store.journal.erase_journal(ann.id)
    else:
        store.journal.erase_entry(ann.id, entry.id)
    assert sealed[4000:4100] not in site.bytes_on_disk()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_withdrawn_case_leaves_the_files_at_once(store: Store, site: Site) -> None:
    store.library.put_documents([Document("d1", DocumentKind.CASE, "programme", "T", canary(20))])
    store.library.withdraw(["d1"])
    assert canary(20).encode() not in site.bytes_on_disk()


def test_an_erased_member_cannot_be_read_from_their_old_rows(
    store: Store, site: Site, samples: Samples, clock: FakeClock, ann: Member
) -> None:
    entry = store.journal.add_reflection(ann.id, None, "text")
    with site.raw() as disk:
        disk.execute(text("DELETE FROM member_key"))  # what erasing does first
    again = site.open(clock)
    with pytest.raises(Exception, match="no such account"):
        again.journal.conversation(ann.id, entry.conversation_id)
    assert again.people.members() == []


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_key_that_was_being_read_while_its_member_was_erased_is_not_kept(
    store: Store, site: Site, ann: Member
) -> None:
    class ErasesMeanwhile(MasterKey):
        def unwrap(self, sealed: bytes, place: Place) -> DataKey:
            ring.forget(ann.id)  # what another thread does after its commit
            return super().unwrap(sealed, place)

    ring = KeyRing(ErasesMeanwhile(MasterKey.load(site.key_file).keys))
    with store.people._vault.reading() as connection:
        assert ring.key_of(connection, ann.id)
    assert ann.id not in ring._held


def test_another_master_key_is_refused_in_a_sentence(
    store: Store, site: Site, clock: FakeClock, ann: Member
) -> None:
    store.close()
    shutil.move(site.key_file, site.key_file.with_suffix(".old"))
    with pytest.raises(KeyRefused) as refused:
        site.open(clock)
    assert str(refused.value) == (
        "This master key does not open this store. "
        "Point COACH_KEY_FILE to the key file that was made together with it."
    )
    shutil.move(site.key_file.with_suffix(".old"), site.key_file)
    assert site.open(clock).people.member(ann.id) == ann


def test_a_new_master_key_takes_over_and_the_old_one_can_go(
    store: Store, site: Site, clock: FakeClock, ann: Member
) -> None:
    entry = store.journal.add_reflection(ann.id, None, "text")
    store.audit.record("a", "b")
    store.close()
    old = site.key_file.read_text()
    add_master_key(site.key_file)
    between = site.open(clock)
    assert between.people.member_by_email(ann.email) == ann
    assert between.rewrap() == 1
    assert between.rewrap() == 0
    between.close()
    drop_old_master_keys(site.key_file)
    after = site.open(clock)
    assert after.journal.conversation(ann.id, entry.conversation_id).entries == (entry,)
    assert after.people.member_by_email(ann.email) == ann
    assert after.audit.verify() is None
    after.close()
    site.key_file.write_text(old)
    with pytest.raises(KeyRefused):
        site.open(clock)


def test_a_failure_says_nothing_of_what_was_being_written(store: Store, site: Site, ann: Member) -> None:
    with site.raw() as disk:
        disk.execute(text("DROP TABLE turn"))
        disk.execute(text("ALTER TABLE entry DROP COLUMN written_at"))
    with pytest.raises(StoreUnavailable) as failure:
        store.journal.add_reflection(ann.id, None, canary(30))
    said = "".join(traceback.format_exception(failure.value))
    assert canary(30) not in said
    assert ann.id not in said
    assert "INSERT" not in said  # the database's own words stay out of the log


def test_the_databases_own_errors_hide_the_values_as_well(store: Store) -> None:
    with (
        pytest.raises(SQLAlchemyError) as failure,
        store.people._vault.database._engine.begin() as connection,
    ):
        connection.execute(text("INSERT INTO nowhere VALUES (:value)"), {"value": canary(31)})
    assert canary(31) not in str(failure.value)


def test_the_store_shows_no_key_of_itself(store: Store, site: Site) -> None:
    secret = site.key_file.read_text().splitlines()[-1]
    assert secret not in repr(store) + repr(MasterKey.load(site.key_file))
    assert "DataKey(...)" in repr(store.people._vault)


def test_the_database_file_is_for_this_account_only(store: Store, site: Site, ann: Member) -> None:
    if site.is_sqlite:
        assert {path.stat().st_mode & 0o077 for path in site.data.iterdir()} == {0}
    assert site.key_file.stat().st_mode & 0o077 == 0
