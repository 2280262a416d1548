"""`coach serve`: the web application."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import tempfile
import threading
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from coach.errors import CoachError, SettingsRefused, UserError

if TYPE_CHECKING:
    import uvicorn

    from coach.bootstrap import Coach
    from coach.settings import Settings
    from ui.catalog import Catalog

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_CATCH_UP_SECONDS = 30.0
_DEMO = "coach-demo-"  # how the folders of throw-away programmes begin
_DEMO_BEGINS_SECONDS = 300.0  # by then it holds the lock that says it is being served
_OPEN_REQUESTS = 400  # at once; each open tab holds one, the rest is for being read and answered
_log = logging.getLogger(__name__)


def register(app: typer.Typer) -> None:
    """Add `serve` to the command line."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[str, typer.Option(help="Port; 0 or auto takes a free one.")] = "7860",
    demo: Annotated[
        bool, typer.Option("--demo", help="Fill a throw-away programme and print one-time sign-in links.")
    ] = False,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    language: Annotated[
        str, typer.Option(help="Language of the pages instead of COACH_LANGUAGE; see docs/language.md.")
    ] = "",
) -> None:
    """Start the web application; stop it with Ctrl + C.

    Example: coach serve --demo --open
    """
    from coach.settings import quiet_libraries, read_settings

    quiet_libraries()
    settings = read_settings()
    catalog = catalog_of(language or settings.language)
    say_what_lacks(catalog)
    with orderly_end(), listen(catalog, host, port) as door:
        base_url = address(catalog, settings, host, door.getsockname()[1])
        with _programme(settings, demo) as coach:
            _greet(catalog, coach, base_url, demo, open_page)
            run(coach, base_url, door, catalog)


def say_what_lacks(catalog: Catalog) -> None:
    """One line on standard error when the evaluator's pages are not installed; all else works."""
    from coach.domain.model import Role
    from ui.contributed import contributed, lacks_pages

    if lacks_pages(Role.EVALUATOR, contributed()):
        typer.echo(catalog.text("serve.no_evaluator_pages"), err=True)


def catalog_of(language: str) -> Catalog:
    """The catalogue of a language.

    Raises:
        UserError: there is no file for it, or the file lacks something.
    """
    from ui.catalog import CatalogBroken, languages, load_catalog

    if language not in languages():
        english = load_catalog()
        told = english.text("serve.language_unknown", language=language)
        raise UserError(told, english.text("serve.language_remedy", languages=", ".join(languages())))
    try:
        return load_catalog(language)
    except CatalogBroken as fault:
        raise UserError(str(fault)) from fault


@contextmanager
def orderly_end() -> Iterator[None]:
    """Let a stop by the system end the program as Ctrl + C does: stores closed, a demo's folder erased.

    Python's own answer to SIGTERM is to be gone at once, and uvicorn hands the signal on when it has ended.
    """

    def leave(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise SystemExit(0)

    names = ("SIGTERM", "SIGHUP")  # Windows has no SIGHUP, which a closed terminal sends
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = [(number, signal.signal(number, leave)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


@contextmanager
def listen(catalog: Catalog, host: str, port: str) -> Iterator[socket.socket]:
    """A bound socket, taken before anything slow begins.

    Args:
        host: one of this machine's addresses.
        port: 1 to 65535, or "0" or "auto" for any free one.

    Raises:
        UserError: the port is in use or none, or the machine has no such address.
    """
    number = 0 if port == "auto" else int(port) if port.isdecimal() else -1
    if not 0 <= number <= 65_535:
        raise UserError(catalog.text("serve.port_wrong", port=port), catalog.text("serve.port_remedy"))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":  # on Windows this option would let two programs share the port
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        try:
            door.bind((host, number))
            door.listen()
        except socket.gaierror as error:
            raise _no_host(catalog, host) from error
        except PermissionError as error:
            raise UserError(
                catalog.text("serve.port_forbidden", port=port), catalog.text("serve.port_remedy")
            ) from error
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise _no_host(catalog, host) from error
            raise UserError(
                catalog.text("serve.port_used", port=port), catalog.text("serve.port_remedy")
            ) from error
        yield door
    finally:
        door.close()


def _no_host(catalog: Catalog, host: str) -> UserError:
    return UserError(catalog.text("serve.host_unknown", host=host), catalog.text("serve.host_remedy"))


def address(catalog: Catalog, settings: Settings, host: str, port: int) -> str:
    """How browsers reach the program: the setting, else the loopback address.

    Raises:
        SettingsRefused: it listens beyond this machine and nobody said under which address.
    """
    if settings.base_url:
        return settings.base_url
    if host not in _LOOPBACK:
        raise SettingsRefused(
            catalog.text("serve.base_missing", host=host), catalog.text("serve.base_remedy")
        )
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def _programme(settings: Settings, demo: bool) -> Iterator[Coach]:
    """The real programme, or a throw-away one whose folder is gone at the end."""
    from coach.bootstrap import erase, sole_server
    from coach.commands.opening import opened

    if not demo:
        with sole_server(settings), opened(settings, corpus=True) as coach, catching_up(coach):
            yield coach
        return
    clear_left_demos(Path(tempfile.gettempdir()), settings)
    folder = Path(tempfile.mkdtemp(prefix=_DEMO))
    try:
        own = settings.throwaway(folder)
        with sole_server(own), opened(own, corpus=True) as coach:
            yield coach
    finally:
        erase(folder)


def clear_left_demos(place: Path, settings: Settings) -> None:
    """Remove what a killed demo left behind; one that is being served, or has just begun, stays."""
    from coach.bootstrap import erase, sole_server

    for folder in place.glob(f"{_DEMO}*"):
        with suppress(OSError, CoachError):
            if time.time() - folder.stat().st_mtime > _DEMO_BEGINS_SECONDS:
                with sole_server(settings.throwaway(folder)):
                    erase(folder)


@contextmanager
def catching_up(coach: Coach, seconds: float = _CATCH_UP_SECONDS) -> Iterator[None]:
    """Keep the index in step with changes that others make while we serve, such as a withdrawn case.

    Args:
        seconds: between two looks.
    """
    ended = threading.Event()

    def work() -> None:
        told = ""
        while not ended.wait(seconds):
            told = _catch_up(coach, told)

    worker = threading.Thread(target=work, name="catch-up", daemon=True)
    worker.start()
    try:
        yield
    finally:
        ended.set()
        worker.join(timeout=5)


def _catch_up(coach: Coach, told: str) -> str:
    """One round: turns go on whatever comes of it, and the next round tries again.

    Args:
        told: the kind of fault of the round before; the same one is not logged each half minute.

    Returns:
        The kind of fault of this round; empty when there was none.
    """
    try:
        coach.ingest.catch_up()
    except Exception as fault:  # noqa: BLE001 - any fault that got out would end the thread for good
        kind = type(fault).__name__  # its text may quote what somebody wrote
        if kind != told:
            _log.error("the index could not be brought in step: %s", kind)
        return kind
    return ""


def _greet(catalog: Catalog, coach: Coach, base_url: str, demo: bool, open_page: bool) -> None:
    typer.echo(catalog.text("serve.ready", url=base_url))
    first = base_url
    if demo:
        from coach.demo import fill

        typer.echo(catalog.text("serve.demo"))
        links = [(link.role, f"{base_url}/sign-in/{link.token}") for link in fill(coach)]
        for role, link in links:
            typer.echo(f"  {role:<12} {link}")
        first = links[0][1]
    typer.echo(catalog.text("serve.stop"))
    if open_page:
        webbrowser.open(first)


def run(coach: Coach, base_url: str, door: socket.socket, catalog: Catalog | None = None) -> None:
    """Serve until interrupted: one process, because Gradio's queue lives in one.

    Args:
        catalog: the language of the pages; None takes English.
    """
    server_of(coach, base_url, catalog).run(sockets=[door])


def server_of(coach: Coach, base_url: str, catalog: Catalog | None = None) -> uvicorn.Server:
    """The server that `run` runs.

    Args:
        catalog: the language of the pages; None takes English.
    """
    import uvicorn

    from ui.app import create_app
    from ui.door import patient_with

    config = uvicorn.Config(
        create_app(coach, base_url, catalog=catalog),
        access_log=False,  # its lines would hold Gradio's session hashes
        log_level="warning",
        server_header=False,
        limit_concurrency=_OPEN_REQUESTS,
        http=patient_with(tuple(coach.settings.trusted_proxies)),
        timeout_graceful_shutdown=3,
        proxy_headers=True,
        forwarded_allow_ips=list(coach.settings.trusted_proxies),
    )
    return uvicorn.Server(config)
