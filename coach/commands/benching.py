"""bench: the figures of the specification, as ratios measured in one run."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from coach.bootstrap import Coach, open_coach, open_index
from coach.commands.bench_texts import texts
from coach.commands.inputs import say_json
from coach.domain.model import PROGRAMME, Brief, Draft, Role
from coach.ports import Embedder, Matrix, VectorIndex, Writer
from coach.services.ingest import texts_of
from coach.settings import Settings, read_settings

ACTIVE = 40  # groups that search during a measurement; the others only lie in the same index


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the result."""

    what: str
    value: float
    goal: float
    unit: str
    at_most: bool = True
    detail: str = ""

    @property
    def met(self) -> bool:
        return self.value <= self.goal if self.at_most else self.value >= self.goal


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("bench")(bench)


def bench(
    quick: Annotated[bool, typer.Option("--quick", help="Leave out the index of 100,000 passages.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Measure speed and memory in one run: mostly ratios, because machines differ. Takes some minutes.

    Example: coach bench --quick
    """
    figures: list[Figure] = []
    for figure in _measured(read_settings(), quick):
        figures.append(figure)
        if not as_json:
            typer.echo(_line(figure))
    if as_json:
        say_json(
            [
                {"what": one.what, "value": one.value, "goal": one.goal, "unit": one.unit, "met": one.met}
                for one in figures
            ]
        )


def _line(figure: Figure) -> str:
    sign, mark = ("<=" if figure.at_most else ">="), ("met   " if figure.met else "MISSED")
    goal = f"{sign} {figure.goal:g} {figure.unit}"
    return f"{mark} {figure.what:<50} {figure.value:9.2f} {figure.unit:<3} ({goal})  {figure.detail}"


def _measured(settings: Settings, quick: bool) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        with _filled(settings.throwaway(Path(folder))) as (coach, member):
            yield from _asking(coach, member)
            yield _around_a_model(coach, member)
            yield _together(coach)
            yield _ingesting(coach)
        yield from _starting(_surroundings(settings, Path(folder) / "started"))
        yield _growing(Path(folder) / "grown", 20_000 if quick else 100_000)
        yield _serving(_surroundings(settings, Path(folder) / "served"))


@contextmanager
def _filled(settings: Settings) -> Iterator[tuple[Coach, str]]:
    from coach.commands.taking import take_corpus
    from coach.demo import fill

    with open_coach(settings) as coach:
        take_corpus(coach)
        fill(coach)
        yield coach, coach.accounts.invite("Bench", "bench@demo.invalid", [Role.MANAGER]).id


def _asking(coach: Coach, member: str) -> Iterator[Figure]:
    bare, whole = [], []
    for number, text in enumerate(texts(72)):
        one = _seconds(lambda text=text: coach.parts.embedder.embed([text]))  # type: ignore[misc] # bound now
        other = _seconds(lambda text=text: coach.reflect.ask(member, None, text))  # type: ignore[misc] # bound now
        if number >= 12:  # the first ones warm caches
            bare.append(one)
            whole.append(other)
    encoding = statistics.median(bare)
    detail = f"one encoding {encoding * 1e3:.1f} ms, turn p50 {statistics.median(whole) * 1e3:.1f} ms"
    yield Figure(
        "submit to turn, bank, p50 over one encoding",
        statistics.median(whole) / encoding,
        3,
        "x",
        detail=detail,
    )
    yield Figure("submit to turn, bank, p95 over one encoding", _p95(whole) / encoding, 6, "x")


class _Instant:
    """A writer that answers at once with what the bank wrote for the same text: what is left is ours."""

    name = "instant"

    def __init__(self, bank: Writer) -> None:
        self._bank = bank
        self.spent = 0.0

    def write(self, brief: Brief, failed: Sequence[str] = ()) -> Draft:
        """See ports.Writer; its own time is taken off the figure."""
        begun = time.perf_counter()
        draft = self._bank.write(brief, failed)
        self.spent += time.perf_counter() - begun
        return draft


def _around_a_model(coach: Coach, member: str) -> Figure:
    from dataclasses import replace

    from coach.services.peers import PeerService
    from coach.services.reflect import ReflectService

    instant = _Instant(coach.thinking.bank)
    parts = coach.parts
    service = ReflectService(
        replace(coach.thinking, writer=instant),
        parts.journal,
        parts.library,
        parts.people,
        PeerService(parts.people),
        parts.clock,
    )
    around = []
    for text in texts(40):
        instant.spent = 0.0
        around.append(_seconds(lambda text=text: service.ask(member, None, text)) - instant.spent)  # type: ignore[misc] # bound now
    return Figure("time around a language model's call, p50", statistics.median(around) * 1e3, 60, "ms")


def _together(coach: Coach) -> Figure:
    members = [coach.accounts.invite(f"M{k}", f"m{k}@demo.invalid", [Role.MANAGER]).id for k in range(50)]

    def one(pair: tuple[str, str]) -> float:
        return _seconds(lambda: coach.reflect.ask(pair[0], None, pair[1]))

    with ThreadPoolExecutor(50) as pool:
        waits = list(pool.map(one, zip(members, texts(50), strict=True)))
    return Figure("50 conversations at once, p95", _p95(waits), 2, "s")


def _ingesting(coach: Coach) -> Figure:
    documents = coach.parts.library.documents([PROGRAMME])
    every = [text for one in documents for text in texts_of(one)]
    bulk = _seconds(lambda: coach.parts.embedder.embed(every))
    fresh = _Uncached(coach.parts.embedder)
    from coach.services.ingest import IngestService

    service = IngestService(coach.parts.library, coach.parts.index, fresh, lambda: [PROGRAMME])
    taken = _seconds(lambda: service.bring_in_step(rebuild=True))
    return Figure("ingest over the model's own bulk speed", bulk / taken, 0.9, "x", at_most=False)


class _Uncached:
    """The plain embedder under another name, so that nothing counts as known."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.dimensions = "bench", embedder.dimensions

    def embed(self, texts: Sequence[str]) -> Matrix:
        """See ports.Embedder."""
        return self._embedder.embed(texts)


def _surroundings(settings: Settings, home: Path) -> dict[str, str]:
    """Variables for a process of its own over an empty home; the exported model is shared."""
    return {
        "PATH": os.defpath,
        "HOME": str(home),
        "COACH_HOME": str(home / "data"),
        "COACH_KEY_FILE": str(home / "key" / "master.key"),
        "COACH_CACHE": str(settings.cache),
    }


def _starting(around: dict[str, str]) -> Iterator[Figure]:
    helped = [_command(around, "--help") for _ in range(5)]
    yield Figure("coach --help", statistics.median(helped), 0.5, "s")
    _command(around, "ask", text="The first one may have to read the corpus in.")
    asked = [_command(around, "ask", text=text) for text in texts(3)]
    yield Figure("coach ask from a cold start", statistics.median(asked), 3, "s")


def _command(around: dict[str, str], *arguments: str, text: str = "") -> float:
    run = [sys.executable, "-m", "coach.cli", *arguments]
    began = time.perf_counter()
    subprocess.run(run, input=text, text=True, capture_output=True, check=True, timeout=300, env=around)  # noqa: S603 - our own program
    return time.perf_counter() - began


def _growing(folder: Path, passages: int) -> Figure:
    """Searching the programme and one group, with few and with very many passages in other groups."""
    groups = passages // 100
    source = np.random.default_rng(0)
    small = _searched(open_index(folder / "small"), _random_rows(source, 10))
    large = _searched(open_index(folder / "large"), _random_rows(source, groups))
    return Figure(
        f"retrieval at {passages:,} passages over 1,000",
        large / small,
        2,
        "x",
        detail=f"p50 {large * 1e3:.1f} ms",
    )


def _random_rows(source: np.random.Generator, groups: int) -> dict[str, dict[str, Matrix]]:
    rows: dict[str, dict[str, Matrix]] = {}
    for group in range(groups):
        vectors = source.normal(size=(100, 384)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        rows[f"group{group}"] = {f"d{group}-{k}": vectors[k : k + 1] for k in range(100)}
    return rows


def _searched(index: VectorIndex, rows: dict[str, dict[str, Matrix]]) -> float:
    index.rebuild(rows, "bench")
    scopes, waits = list(rows)[:: max(1, len(rows) // ACTIVE)], []
    for k in range(300):
        scope = scopes[k % len(scopes)]
        vector = next(iter(rows[scope].values()))
        waits.append(_seconds(lambda scope=scope, vector=vector: index.search([scope], vector, 12)))  # type: ignore[misc] # bound now
    index.close()
    return statistics.median(waits[len(waits) // 2 :])


def _serving(around: dict[str, str]) -> Figure:
    """Memory of the running app, after a page was asked for."""
    import re
    import urllib.request

    run = [sys.executable, "-m", "coach.cli", "serve", "--demo", "--port", "0"]
    with subprocess.Popen(  # noqa: S603 - our own program
        run, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=around
    ) as process:
        try:
            address = next(
                found.group(0)
                for found in (re.search(r"http://127\.0\.0\.1:\d+", line) for line in process.stdout or ())
                if found
            )
            for _ in range(50):
                try:
                    urllib.request.urlopen(address + "/", timeout=5).close()  # noqa: S310 - loopback
                    break
                except OSError:
                    time.sleep(0.2)
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
            kilobytes = int(status.partition("VmRSS:")[2].split()[0])
        finally:
            process.terminate()
    return Figure("memory of the running app", kilobytes / 1024, 900, "MB")


def _seconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def _p95(values: Sequence[float]) -> float:
    return float(np.quantile(values, 0.95))
