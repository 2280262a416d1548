"""Whoever has the disk and not the key cannot change the audit log unnoticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from coach.adapters.sql import Store

if TYPE_CHECKING:
    from tests.integration.conftest import Site

ROWS = 6
FLIPS = {
    "actor_id": "'x'",
    "action": "'other'",
    "object_id": "'x'",
    "owner_id": "'x'",
    "at": "(SELECT min(at) FROM audit)",
    "mac": "(SELECT mac FROM audit WHERE seq = 1)",
}


@pytest.fixture
def logged(store: Store) -> Store:
    for number in range(1, ROWS + 1):
        store.audit.record(f"actor{number}", "test.act", f"object{number}", f"owner{number}")
    return store


def change(site: Site, *statements: str) -> None:
    with site.raw() as disk:
        for statement in statements:
            assert disk.execute(text(statement)).rowcount > 0


def test_an_untouched_chain_holds(logged: Store) -> None:
    assert logged.audit.verify() is None


def test_an_empty_chain_holds(store: Store) -> None:
    assert store.audit.verify() is None


@pytest.mark.parametrize("column", FLIPS)
@pytest.mark.parametrize("row", [2, ROWS])
def test_a_changed_row_is_named(logged: Store, site: Site, column: str, row: int) -> None:
    change(site, f"UPDATE audit SET {column} = {FLIPS[column]} WHERE seq = {row}")
    assert logged.audit.verify() == row


@pytest.mark.parametrize("row", range(1, ROWS + 1))
def test_a_removed_row_is_named(logged: Store, site: Site, row: int) -> None:
    change(site, f"DELETE FROM audit WHERE seq = {row}")
    assert logged.audit.verify() == row


def test_rows_that_changed_places_are_named(logged: Store, site: Site) -> None:
    change(
        site,
        "UPDATE audit SET seq = 100 WHERE seq = 3",
        "UPDATE audit SET seq = 3 WHERE seq = 5",
        "UPDATE audit SET seq = 5 WHERE seq = 100",
    )
    assert logged.audit.verify() == 3


def test_renumbering_after_a_removal_does_not_help(logged: Store, site: Site) -> None:
    change(site, "DELETE FROM audit WHERE seq = 3", "UPDATE audit SET seq = 3 WHERE seq = 4")
    assert logged.audit.verify() == 3


def test_a_renumbered_end_is_named(logged: Store, site: Site) -> None:
    change(site, f"UPDATE audit SET seq = {ROWS + 1} WHERE seq = {ROWS}")
    assert logged.audit.verify() == ROWS


def test_a_cut_off_end_is_named(logged: Store, site: Site) -> None:
    change(site, "DELETE FROM audit WHERE seq > 4")
    assert logged.audit.verify() == 5


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        ("DELETE FROM audit_head", 1),
        ("UPDATE audit_head SET seq = 4", ROWS + 1),
        ("UPDATE audit_head SET mac = (SELECT mac FROM audit WHERE seq = 4), seq = 4", ROWS + 1),
    ],
)
def test_a_changed_head_is_seen(logged: Store, site: Site, statement: str, first: int) -> None:
    change(site, statement)
    assert logged.audit.verify() == first


def test_emptying_the_log_is_seen(logged: Store, site: Site) -> None:
    change(site, "DELETE FROM audit")
    assert logged.audit.verify() == 1


def test_emptying_log_and_head_is_seen_and_members_go_on(logged: Store, site: Site) -> None:
    change(site, "DELETE FROM audit", "DELETE FROM audit_head")
    assert logged.audit.verify() == 1
    logged.audit.record("a", "b")
    change(site, "DELETE FROM audit_head")
    logged.audit.record("a", "b")
    assert logged.audit.verify() == 2


def test_an_added_row_is_named(logged: Store, site: Site) -> None:
    copied = "at, actor_id, action, object_id, owner_id, mac FROM audit WHERE seq = 1"
    change(site, f"INSERT INTO audit SELECT {ROWS + 1}, {copied}")
    assert logged.audit.verify() == ROWS + 1


@pytest.mark.parametrize(
    "record",
    [
        ("ann", "Dana cried in the meeting"),
        ("ann", ""),
        ("ann", "act", "Dana cried"),
        ("Ann Archer", "act"),
        ("ann", "act", "x", "a\x00b"),
        ("ann", "act", "x" * 201),
    ],
)
def test_the_log_takes_no_text(store: Store, record: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="ids only"):
        store.audit.record(*record)
    assert store.audit.verify() is None


def test_the_newest_line_comes_first(logged: Store) -> None:
    logged.audit.record("later", "test.act", "", "owner1")
    assert [line.actor_id for line in logged.audit.of_owner("owner1")] == ["later", "actor1"]
