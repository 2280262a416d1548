"""The schema: the same up, down and up again, on both databases, and the one the code expects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from coach.adapters.sql import Store
from coach.adapters.sql.migrate import HEAD, downgrade, upgrade
from coach.adapters.sql.tables import Tables
from coach.domain.model import Member
from coach.errors import SettingsRefused, StoreUnavailable

if TYPE_CHECKING:
    from tests.integration.conftest import FakeClock, Site


def picture(site: Site) -> dict[str, Any]:
    """Everything the database knows of its tables."""
    with site.raw() as connection:
        look = inspect(connection)
        tables = {
            name: (
                [
                    (c["name"], str(c["type"]), c["nullable"], str(c.get("default")))
                    for c in look.get_columns(name)
                ],
                look.get_pk_constraint(name),
                sorted(look.get_foreign_keys(name), key=str),
                sorted(_plain(index) for index in look.get_indexes(name)),
                sorted(look.get_unique_constraints(name), key=str),
            )
            for name in sorted(look.get_table_names())
        }
        walls = "SELECT tablename, policyname, qual FROM pg_policies ORDER BY 1"
        policies = [] if site.is_sqlite else [tuple(row) for row in connection.execute(text(walls))]
    return {"tables": tables, "policies": policies}


def _plain(index: Any) -> str:
    """An index in words; a condition is an object of its own each time it is read."""
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": options})


def test_up_down_and_up_again_is_the_same_schema(bare_site: Site) -> None:
    upgrade(bare_site.url)
    first = picture(bare_site)
    downgrade(bare_site.url, "base")
    assert list(picture(bare_site)["tables"]) == ["alembic_version"]
    upgrade(bare_site.url)
    assert picture(bare_site) == first
    assert len(first["tables"]) == 1 + len(Tables.metadata.tables)


def test_the_migrations_make_the_tables_that_the_code_expects(bare_site: Site) -> None:
    upgrade(bare_site.url)
    with bare_site.raw() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Tables.metadata) == []


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_newest_revision_is_the_one_the_program_names(backend: str) -> None:
    import coach.adapters.sql.migrations as scripts

    [folder] = scripts.__path__
    assert ScriptDirectory(folder).get_heads() == [HEAD]


def test_a_migration_that_fails_half_way_leaves_nothing(bare_site: Site) -> None:
    bare_site.data.mkdir(exist_ok=True, parents=True)
    with bare_site.raw() as connection:
        connection.execute(text("CREATE TABLE card (x INTEGER)"))  # in the way of a later step
    with pytest.raises(StoreUnavailable):
        upgrade(bare_site.url)
    assert list(picture(bare_site)["tables"]) == ["card"]
    with bare_site.raw() as connection:
        connection.execute(text("DROP TABLE card"))
    upgrade(bare_site.url)


def test_a_store_of_a_newer_version_is_refused(store: Store, site: Site, clock: FakeClock) -> None:
    store.close()
    with site.raw() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsRefused, match="newer version"):
        site.open(clock)


def test_opening_twice_changes_nothing(store: Store, site: Site, clock: FakeClock, ann: Member) -> None:
    before = picture(site)
    again = site.open(clock)
    assert again.people.members() == [ann]
    assert picture(site) == before


@pytest.mark.parametrize("backend", ["sqlite"])
def test_sqlite_is_set_for_safety(store: Store) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "busy_timeout": 5000,
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
    }
    with store.people._vault.reading() as connection:
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in wanted}
    assert found == wanted
