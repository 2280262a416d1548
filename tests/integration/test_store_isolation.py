"""No method of the store gives one member anything of another's; not there and not yours look the same."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from coach import ports
from coach.adapters.crypto import SealBroken
from coach.adapters.sql import Store
from coach.domain.model import Entry, Member
from coach.errors import NotFound, StoreUnavailable

if TYPE_CHECKING:
    from tests.integration.conftest import FakeClock, Samples, Site

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SECRET = "CNRY-ann-0a1b2c3d4e5f6071"


@dataclass(frozen=True)
class Filled:
    """A store in which Ann has one of everything and Ben, who asks, has nothing."""

    store: Store
    ann: Member
    ben: Member
    entry: Entry
    samples: Samples


@pytest.fixture
def filled(store: Store, ann: Member, ben: Member, samples: Samples, clock: FakeClock) -> Filled:
    entry = store.journal.add_reflection(ann.id, None, SECRET)
    store.journal.add_turn(ann.id, entry.id, samples.turn(SECRET), samples.vectors())
    store.people.put_card(samples.card(ann.id, "card-1", SECRET, approved=False), [1.0])
    store.people.set_roster(ann.id, [SECRET])
    store.people.set_password_hash(ann.id, SECRET)
    store.audit.record(ann.id, "journal.export", entry.id, ann.id)
    group = store.people.add_group("Ann's")
    store.people.join(group.id, ann.id)
    return Filled(store, ann, ben, entry, samples)


def nothing(result: object) -> bool:
    return not result


# What Ben gets when he asks for Ann's things: an empty answer, or NotFound.
READS: dict[str, Callable[[Filled], object]] = {
    "journal.conversations": lambda f: f.store.journal.conversations(f.ben.id),
    "journal.asked_since": lambda f: f.store.journal.asked_since(f.ben.id, LONG_AGO, 60),
    "journal.vectors": lambda f: f.store.journal.vectors(f.ben.id),
    "sessions.generation": lambda f: f.store.sessions.generation(f.ben.id),
    "people.groups_of": lambda f: f.store.people.groups_of(f.ben.id),
    "people.password_hash": lambda f: f.store.people.password_hash(f.ben.id),
    "people.has_identity": lambda f: f.store.people.has_identity(f.ben.id),
    "people.cards_of": lambda f: f.store.people.cards_of(f.ben.id),
    "people.roster": lambda f: f.store.people.roster(f.ben.id),
    "people.avoid": lambda f: f.store.people.avoid(f.ben.id),
    "people.reporting_line": lambda f: f.store.people.reporting_line(f.ben.id),
    "audit.of_owner": lambda f: f.store.audit.of_owner(f.ben.id),
}
REFUSED: dict[str, Callable[[Filled], object]] = {
    "journal.conversation": lambda f: f.store.journal.conversation(f.ben.id, f.entry.conversation_id),
    "journal.add_reflection": lambda f: f.store.journal.add_reflection(
        f.ben.id, f.entry.conversation_id, "x"
    ),
    "journal.add_turn": lambda f: f.store.journal.add_turn(f.ben.id, f.entry.id, f.samples.turn("x")),
    "journal.erase_entry": lambda f: f.store.journal.erase_entry(f.ben.id, f.entry.id),
    "people.put_card": lambda f: f.store.people.put_card(f.samples.card(f.ben.id, "card-1", "x"), [0.5]),
}
# What Ben may do to himself, and what must leave Ann's things as they were.
OWN: dict[str, Callable[[Filled], object]] = {
    "journal.erase_journal": lambda f: f.store.journal.erase_journal(f.ben.id),
    "people.set_roster": lambda f: f.store.people.set_roster(f.ben.id, ["x"]),
    "people.set_password_hash": lambda f: f.store.people.set_password_hash(f.ben.id, "x"),
    "people.set_avoid": lambda f: f.store.people.set_avoid(f.ben.id, []),
    "people.set_roles": lambda f: f.store.people.set_roles(f.ben.id, []),
    "people.set_active": lambda f: f.store.people.set_active(f.ben.id, False),
    "people.set_reports_to": lambda f: f.store.people.set_reports_to(f.ben.id, None),
    "people.add_link": lambda f: f.store.people.add_link(f.ben.id, b"t", LONG_AGO),
    "people.drop_links": lambda f: f.store.people.drop_links(f.ben.id),
    "people.bind_identity": lambda f: f.store.people.bind_identity(f.ben.id, "i", "s"),
    "people.member": lambda f: f.store.people.member(f.ben.id),
    "people.erase_member": lambda f: f.store.people.erase_member(f.ben.id),
    "sessions.remove_all": lambda f: f.store.sessions.remove_all(f.ben.id),
}
# Asked by something that only its holder knows, or about everybody by design.
NOT_BY_OWNER = {"people.join", "people.leave", "sessions.write"}


def everything_of_ann(filled: Filled) -> tuple[object, ...]:
    people, journal, ann = filled.store.people, filled.store.journal, filled.ann.id
    return (
        journal.conversations(ann),
        [(name, vectors.tolist()) for name, vectors in journal.vectors(ann)],
        (people.cards_of(ann), people.roster(ann), people.password_hash(ann), people.member(ann)),
        people.groups_of(ann),
        filled.store.audit.of_owner(ann),
    )


def test_every_method_that_names_a_member_stands_in_one_of_the_tables(store: Store) -> None:
    named = {"member_id", "owner_id", "card"}
    found = {
        f"{part}.{name}"
        for part, port in (("journal", ports.Journal), ("people", ports.People), ("sessions", ports.Sessions))
        for name, method in inspect.getmembers(port, inspect.isfunction)
        if not name.startswith("_") and named & inspect.signature(method).parameters.keys()
    }
    assert found | {"audit.of_owner", "journal.vectors"} == {*READS, *REFUSED, *OWN, *NOT_BY_OWNER}


@pytest.mark.parametrize("method", READS)
def test_a_stranger_reads_nothing(filled: Filled, method: str) -> None:
    assert nothing(READS[method](filled))


@pytest.mark.parametrize("method", REFUSED)
def test_a_strangers_act_is_refused_and_changes_nothing(filled: Filled, method: str) -> None:
    before = everything_of_ann(filled)
    with pytest.raises(NotFound) as refused:
        REFUSED[method](filled)
    assert SECRET not in str(refused.value)
    assert everything_of_ann(filled) == before


@pytest.mark.parametrize("method", OWN)
def test_what_a_member_does_to_themselves_leaves_others_alone(filled: Filled, method: str) -> None:
    before = everything_of_ann(filled)
    OWN[method](filled)
    assert everything_of_ann(filled) == before


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writers=st.lists(st.sampled_from([0, 1, 2]), max_size=8))
def test_each_member_has_what_they_wrote_and_nothing_else(store: Store, writers: list[int]) -> None:
    three = [store.people.add_member(f"m{n}", f"{n}-{_count(store)}@example.org", []) for n in range(3)]
    for number, writer in enumerate(writers):
        store.journal.add_reflection(three[writer].id, None, f"{number} by {writer}")
    for place, member in enumerate(three):
        texts = [c.opening for c in reversed(store.journal.conversations(member.id))]
        assert texts == [f"{number} by {place}" for number, writer in enumerate(writers) if writer == place]


SWAPS = [
    ("entry", "sealed", "owner_id", lambda f: f.store.journal.conversations(f.ben.id)),
    ("turn", "sealed", "owner_id", lambda f: f.store.journal.conversations(f.ben.id)),
    ("turn", "lead", "owner_id", lambda f: f.store.journal.asked_since(f.ben.id, LONG_AGO, 60)),
    ("entry_vector", "sealed", "owner_id", lambda f: f.store.journal.vectors(f.ben.id)),
    ("card", "sealed", "owner_id", lambda f: f.store.people.cards_of(f.ben.id)),
    ("card", "vector", "owner_id", lambda f: f.store.people.cards(["programme"])),
    ("roster", "sealed", "member_id", lambda f: f.store.people.roster(f.ben.id)),
    ("credential", "sealed", "member_id", lambda f: f.store.people.password_hash(f.ben.id)),
    ("member", "sealed", "id", lambda f: f.store.people.member(f.ben.id)),
]


@pytest.mark.parametrize(("table", "column", "owner", "read"), SWAPS, ids=lambda value: str(value)[:12])
def test_a_value_copied_into_another_members_row_does_not_open(
    filled: Filled, site: Site, table: str, column: str, owner: str, read: Callable[[Filled], Any]
) -> None:
    _give_ben_the_same(filled)
    with site.raw() as disk:
        disk.execute(
            text(
                f"UPDATE {table} SET {column} = (SELECT {column} FROM {table} WHERE {owner} = :ann) "
                f"WHERE {owner} = :ben"
            ),
            {"ann": filled.ann.id, "ben": filled.ben.id},
        )
    with pytest.raises(SealBroken) as broken:
        read(filled)
    assert SECRET not in str(broken.value)
    newest = filled.store.audit.of_owner(filled.ben.id)[0]
    assert (newest.actor_id, newest.action) == ("store", "seal.broken")
    assert newest.object_id.startswith(f"{table}:")


def test_a_row_moved_to_another_owner_does_not_open(filled: Filled, site: Site) -> None:
    with site.raw() as disk:
        for table in ("conversation", "entry", "turn", "entry_vector"):
            disk.execute(text(f"UPDATE {table} SET owner_id = :ben"), {"ben": filled.ben.id})
    for read in (filled.store.journal.conversations, filled.store.journal.vectors):
        with pytest.raises(SealBroken):
            read(filled.ben.id)


def test_nobody_else_can_approve_or_widen_a_card(filled: Filled, site: Site) -> None:
    with site.raw() as disk:
        disk.execute(text("UPDATE card SET approved = true"))
    with pytest.raises(SealBroken):
        filled.store.people.cards(["programme"])


def test_a_wrapped_key_given_to_another_member_opens_nothing(
    filled: Filled, site: Site, clock: FakeClock
) -> None:
    with site.raw() as disk:
        disk.execute(
            text(
                "UPDATE member_key SET wrapped = (SELECT wrapped FROM member_key WHERE member_id = :ann) "
                "WHERE member_id = :ben"
            ),
            {"ann": filled.ann.id, "ben": filled.ben.id},
        )
    with pytest.raises(SealBroken):
        site.open(clock).people.member(filled.ben.id)


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgres"])
def test_postgresql_shows_journals_to_nobody_who_does_not_say_for_whom(filled: Filled, site: Site) -> None:
    database = filled.store.people._vault.database
    for table in ("entry", "turn", "entry_vector", "conversation", "roster"):
        every = text(f"SELECT count(*) FROM {table}")
        with database.reading() as connection:
            assert connection.execute(every).scalar_one() == 0
        with database.reading(filled.ben.id) as connection:
            assert connection.execute(every).scalar_one() == 0
        with database.reading(filled.ann.id) as connection:
            assert connection.execute(every).scalar_one() == 1


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgres"])
def test_postgresql_takes_no_row_for_somebody_else(filled: Filled) -> None:
    database = filled.store.people._vault.database
    with pytest.raises(StoreUnavailable), database.writing(filled.ben.id) as connection:
        connection.execute(
            text("INSERT INTO conversation VALUES ('c', :ann, now(), now())"), {"ann": filled.ann.id}
        )
    assert len(filled.store.journal.conversations(filled.ann.id)) == 1


def _give_ben_the_same(filled: Filled) -> None:
    store, ben, samples = filled.store, filled.ben, filled.samples
    entry = store.journal.add_reflection(ben.id, None, "mine")
    store.journal.add_turn(ben.id, entry.id, samples.turn("Mine?"), samples.vectors())
    store.people.put_card(samples.card(ben.id, "card-2", "mine"), [1.0])
    store.people.set_roster(ben.id, ["mine"])
    store.people.set_password_hash(ben.id, "mine")


def _count(store: Store) -> int:
    return len(store.people.members())
