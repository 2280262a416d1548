"""What evaluators can do to the prompts, and what holds: two people, a passing run, one step back."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from anyio import to_thread

from coach.adapters.active_prompts import active_version, put_in_force
from coach.errors import CoachError, NotFound, UserError
from coach.settings import Settings
from evals.pages import ledger
from evals.pages.archive import Archive, Order
from evals.pages.evidence import Lack, Proof, proof_of
from evals.pages.frame import Frame, Programme
from evals.pages.ledger import Deed, Standing, State
from evals.pages.progress import Watch
from evals.pages.shelf import Card, Shelf
from evals.pages.workshop import Workshop

RUNS = "evals"  # below the data folder, as for the command line


class NotNow(UserError):
    """A rule forbids it; `code` names the sentence."""

    def __init__(self, code: str) -> None:
        super().__init__("")
        self.code = code


class Desk:
    """The prompts of one programme and their runs. Safe from several threads."""

    def __init__(self, programme: Programme) -> None:
        self.settings: Settings = programme.settings
        self.shelf = Shelf(self.settings)
        folder = self.settings.home / RUNS
        self.workshop = Workshop(folder, self.settings)
        self.archive = Archive(folder, self.workshop.alive)
        self.watch = Watch()
        self._audit = programme.parts.audit
        self._accounts = programme.accounts
        self._save_vectors = getattr(getattr(programme.parts, "corpus_embedder", None), "save", None)
        self._lock = threading.Lock()

    # -- looking ------------------------------------------------------------------------------------

    def active(self) -> str:
        """The version in force. Raises SettingsRefused when the file that names it is damaged."""
        return active_version(self.settings.home)

    def standing(self) -> Standing:
        return ledger.standing(self._audit)

    def name_of(self, member_id: str) -> str:
        """The name of an account; "" when it is closed."""
        try:
            return self._accounts.member(member_id).name
        except NotFound:
            return ""

    def proof(self, version: str) -> Proof:
        """What the runs say of a version against the one in force."""
        candidate, baseline = self.shelf.views(version), self.shelf.views(self.active())
        return proof_of(candidate, baseline, self.archive, self.settings)

    def start(self, order: Order) -> str:
        """Begin a run; its id. Raises as `Workshop.start`, and NotFound for a version that is not there."""
        sides = self.shelf.folder(order.baseline), self.shelf.folder(order.candidate)
        if self._save_vectors is not None:
            with suppress(OSError, ValueError, RuntimeError):  # then the run makes them itself
                self._save_vectors()
        return self.workshop.start(order, *sides)

    # -- doing --------------------------------------------------------------------------------------

    def draft(
        self,
        member_id: str,
        base: str,
        file: str,
        text: str,
        why: str = "",
        kind: str = "patch",
        seen: str = "",
    ) -> Card:
        """Take in a draft. Raises as `Shelf.draft`."""
        with self._lock:
            card = self.shelf.draft(base, file, text, member_id, why, kind, seen)
            ledger.record(self._audit, member_id, Deed.DRAFT, card.version)
            return card

    def discard(self, member_id: str, version: str) -> None:
        """Destroy a draft that nobody proposes and that never was in force; any evaluator may.

        Raises:
            NotFound: no such version.
            NotNow: it is more than a draft, or a run is judging it.
            StoreUnavailable: it is still there.
        """
        with self._lock:
            self.shelf.folder(version)
            if self.standing().state(version, self.active()) is not State.DRAFT:
                raise NotNow("more_than_a_draft")
            run = self.workshop.at_work()
            order = self.archive.run(run).order if run else None
            if order and version in (order.baseline, order.candidate):
                raise NotNow("being_judged")
            ledger.record(self._audit, member_id, Deed.DISCARD, version)
            try:
                self.shelf.discard(version)
            except CoachError:
                if self.has(version):
                    ledger.record(self._audit, member_id, Deed.NOT_DONE, version)
                raise

    def has(self, version: str) -> bool:
        """Whether a version is still on the shelf."""
        try:
            self.shelf.folder(version)
        except NotFound:
            return False
        return True

    def propose(self, member_id: str, version: str) -> None:
        """Say that a draft with a passing run should come into force.

        Raises:
            NotFound: no such version.
            NotNow: it is not a draft, or nothing proves it.
        """
        with self._lock:
            self.shelf.folder(version)
            if self.standing().state(version, self.active()) not in (State.DRAFT, State.EARLIER):
                raise NotNow("not_a_draft")
            self._prove(version)
            ledger.record(self._audit, member_id, Deed.PROPOSE, version)

    def withdraw(self, member_id: str, version: str) -> None:
        """Take a proposal back; any evaluator may. Raises NotFound or NotNow."""
        with self._lock:
            self._proposed(version)
            ledger.record(self._audit, member_id, Deed.WITHDRAW, version)

    def activate(self, member_id: str, version: str) -> None:
        """Bring a proposed version into force: by another evaluator than the one who proposed it.

        Raises:
            NotFound: no such version.
            NotNow: it is not proposed, the same person proposed it, or its proof does not hold any more.
            StoreUnavailable: the version before is still in force.
        """
        with self._lock:
            proposer = self._proposed(version)
            if proposer == member_id:
                raise NotNow("same_person")
            self._prove(version)
            self._put(member_id, Deed.ACTIVATE, version)

    def roll_back(self, member_id: str, version: str) -> None:
        """Go back to a version that was in force before; one evaluator can, at once.

        Raises:
            NotFound: no such version.
            NotNow: it never was in force, or it is in force now.
            StoreUnavailable: the version of now is still in force.
        """
        with self._lock:
            self.shelf.folder(version)
            if version not in self.standing().been_active:
                raise NotNow("never_active")
            if version == self._active_or_none():
                raise NotNow("is_active")
            self._put(member_id, Deed.ROLL_BACK, version)

    def _active_or_none(self) -> str | None:
        try:
            return self.active()
        except UserError:
            return None  # a damaged file must not stand in the way of going back

    def _proposed(self, version: str) -> str:
        self.shelf.folder(version)
        proposer = self.standing().proposers.get(version)
        if proposer is None:
            raise NotNow("not_proposed")
        return proposer

    def _prove(self, version: str) -> None:
        if self.proof(version).lack is not Lack.NONE:
            raise NotNow("not_proven")

    def _put(self, member_id: str, deed: Deed, version: str) -> None:
        """First the log, then the file: nothing is in force that nobody is named for.

        The name of a version carries its hash and stands in the log, so files that were changed on the
        disk meanwhile are not brought into force.
        """
        if not self.shelf.is_whole(version):
            raise NotNow("changed_on_disk")
        ledger.record(self._audit, member_id, deed, version)
        try:
            put_in_force(self.settings.home, version)
        except CoachError:
            ledger.record(self._audit, member_id, Deed.NOT_DONE, version)
            raise


class LazyDesk:
    """The desk, made at the first visit, and closed with the program."""

    def __init__(self, pages: Frame) -> None:
        self._pages = pages
        self._lock = threading.Lock()
        self._desk: Desk | None = None

    def __call__(self) -> Desk:
        with self._lock:
            if self._desk is None:
                self._desk = Desk(self._pages.coach)
            return self._desk

    @asynccontextmanager
    async def lifespan(self, _app: object) -> AsyncIterator[None]:
        """For the router: a run that goes on ends with the program that shows it."""
        try:
            yield
        finally:
            if self._desk is not None:
                await to_thread.run_sync(self._desk.workshop.close)
