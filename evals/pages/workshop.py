"""Carries out one run at a time, in a process of its own.

The process is `coach eval` itself, so a run from the page and one from a terminal are the same run. It gets
no database, no key and no sign-in of this programme (`coach.settings.measuring_environment`), works over a
throw-away store, and steps back behind the members' turns.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from coach.errors import StoreUnavailable, UserError
from coach.settings import Settings, measuring_environment
from evals.conductor import WORK
from evals.pages.archive import SAID, Order, write_order

_NICENESS = 10  # of the run's process; members' turns come first
_PATIENCE = 5.0  # seconds for a process to end before it is killed


class Busy(UserError):
    """A run is going on; `run` is its id."""

    def __init__(self, run: str) -> None:
        super().__init__("A run is going on.", "Please wait for it, or stop it.")
        self.run = run


class Workshop:
    """Starts and stops runs. Safe from several threads."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        """
        Args:
            folder: below which runs are written.
            settings: of this process.
        """
        self._folder = folder
        self._settings = settings
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._run = ""

    def at_work(self) -> str:
        """The id of the run that goes on; "" when none does."""
        with self._lock:
            return self._at_work()

    def alive(self, run: str) -> bool:
        return bool(run) and self.at_work() == run

    def start(self, order: Order, baseline: Path, candidate: Path) -> str:
        """Begin a run.

        Args:
            order: what was asked for.
            baseline, candidate: folders of the prompts; the run takes copies first of all.

        Returns:
            Its id.

        Raises:
            Busy: another one goes on.
            StoreUnavailable: it could not be begun.
        """
        with self._lock:
            self._free()
            run = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{order.command}"
            arguments = [order.command, "--baseline", str(baseline), "--candidate", str(candidate)]
            arguments += ["--out", str(self._folder / run)]
            arguments += ["--limit", str(order.limit)] if order.limit is not None else []
            for option, values in (("--task", order.tasks), ("--mode", order.modes)):
                for value in values:
                    arguments += [option, value]
            try:
                write_order(self._folder / run, order)
                self._begin(run, arguments)
            except OSError as fault:
                raise _not_begun() from fault
            return run

    def go_on(self, run: str, order: Order) -> None:
        """Continue a run that was stopped. Raises as `start`."""
        with self._lock:
            self._free()
            try:
                self._begin(run, [order.command, "--resume", str(self._folder / run)])
            except OSError as fault:
                raise _not_begun() from fault

    def stop(self, run: str) -> None:
        """End a run, if it goes on; what it recorded stays, and can be continued."""
        with self._lock:
            if self._at_work() == run:
                self._end()

    def close(self) -> None:
        """End whatever goes on, when the program ends."""
        with self._lock:
            if self._at_work():
                self._end()

    def _at_work(self) -> str:
        return self._run if self._child is not None and self._child.poll() is None else ""

    def _free(self) -> None:
        if run := self._at_work():
            raise Busy(run)

    def _begin(self, run: str, arguments: Sequence[str]) -> None:
        home = self._folder / run / WORK  # goes with the run; the process makes what it needs in it
        with (self._folder / run / SAID).open("ab") as said:
            self._child = subprocess.Popen(  # noqa: S603 - our own program, a list of arguments, no shell
                [sys.executable, "-P", "-m", "coach.cli", "eval", *arguments],
                env=measuring_environment(self._settings, home),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # the result stands in the record
                stderr=said,
                start_new_session=True,  # Ctrl + C in the server's terminal goes to the server alone
            )
        self._run = run
        if hasattr(os, "setpriority"):
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._child.pid, _NICENESS)

    def _end(self) -> None:
        if self._child is None:
            return
        # The record is append-only and takes a kill at any moment, so there is nothing to wait for.
        self._child.terminate()
        try:
            self._child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait(_PATIENCE)
        shutil.rmtree(self._folder / self._run / WORK, ignore_errors=True)


def _not_begun() -> StoreUnavailable:
    return StoreUnavailable("The run could not be begun.", "Please check the data folder's rights and space.")
