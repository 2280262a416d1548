"""/runs/new: what to measure against what, on how many cases; and the start of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from coach.adapters.active_prompts import AS_DELIVERED
from coach.adapters.prompt_lock import EMBEDDED
from coach.errors import UserError
from evals import tasks
from evals.model import Mode
from evals.pages.archive import Order
from evals.pages.desk import Desk, LazyDesk
from evals.pages.frame import Frame
from evals.pages.prompts_page import VersionLine, ref_of, version_line, version_of
from evals.pages.texts import differing, tasks_for
from evals.pages.workshop import Busy

Field = Annotated[str, Form()]
Fields = Annotated[list[str], Form(default_factory=list)]
Several = Annotated[list[str], Query(default_factory=list)]
MOST_CASES = 500  # of a limited run
MODES = (Mode.EMBEDDED.value, Mode.STUB.value)  # a real model costs money: that is for the command line


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the form that starts a run."""

    baseline: str = ""
    candidate: str = ""
    extent: str = "all"
    limit: str = "4"
    tasks: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()


class AskedWrong(UserError):
    """The form cannot be carried out; `code` names the sentence."""

    def __init__(self, code: str) -> None:
        super().__init__("")
        self.code = code


def add(router: APIRouter, pages: Frame, desk: LazyDesk) -> None:
    """The routes at /runs/new; to be added before those that take an id."""

    @router.get("/runs/new")
    def form(
        request: Request,
        task: Several,
        mode: Several,
        candidate: str = "",
        baseline: str = "",
        extent: str = "all",
        limit: str = "4",
    ) -> Response:
        newest = next((card.version for card in desk().shelf.cards()), "")
        sides = (baseline or ref_of(desk().active()), candidate or ref_of(newest))
        asked = Asked(*sides, extent, limit, tuple(task), tuple(mode))
        return _form(pages, request, desk(), asked)

    @router.post("/runs/new")
    def start(
        request: Request,
        task: Fields,
        mode: Fields,
        baseline: Field = "",
        candidate: Field = "",
        extent: Field = "all",
        limit: Field = "",
    ) -> Response:
        asked = Asked(baseline, candidate, extent, limit, tuple(task), tuple(mode))
        try:
            order = _order(desk(), pages.signed_in(request).id, asked)
            run = desk().start(order)
        except AskedWrong as refusal:
            return _form(pages, request, desk(), asked, refusal.code)
        except Busy as busy:
            return RedirectResponse(f"/runs/{busy.run}?busy=1", 303)
        return RedirectResponse(f"/runs/{run}", 303)


def _form(pages: Frame, request: Request, desk: Desk, asked: Asked, refused: str = "") -> Response:
    standing, active = desk.standing(), desk.active()
    versions: list[VersionLine] = [version_line(desk, standing, AS_DELIVERED, active)]
    versions += [version_line(desk, standing, card.version, active) for card in desk.shelf.cards()]
    return pages.show(
        request,
        "run_new.html",
        400 if refused else 200,
        versions=versions,
        tasks=tasks.names(),
        modes=MODES,
        asked=asked,
        refused=refused,
        most=MOST_CASES,
        at_work=desk.workshop.at_work(),
    )


def _order(desk: Desk, member_id: str, asked: Asked) -> Order:
    """What the form asks for, checked.

    Raises:
        NotFound: a version that is not there.
        AskedWrong: both sides are the same, a number that is none, a task or mode that is not there, or a
            task that cannot run in the modes of this run.
    """
    baseline, candidate = version_of(asked.baseline), version_of(asked.candidate)
    sides = (desk.shelf.views(baseline), desk.shelf.views(candidate))
    keys = differing(*sides)
    if not keys:
        raise AskedWrong("same")
    if set(asked.tasks) - set(tasks.names()) or set(asked.modes) - set(MODES):
        raise AskedWrong("no_task")
    limit = None
    if asked.extent == "some":
        limit = _number(asked.limit)
        if not 1 <= limit <= MOST_CASES:
            raise AskedWrong("limit")
    modes = {Mode(one) for one in asked.modes} or {_mode_of(key) for key in keys}
    fitting = tuple(one for one in tasks.names() if tasks.task(one).modes & modes)
    if set(asked.tasks) - set(fitting):
        raise AskedWrong("no_mode")
    chosen = asked.tasks
    if limit is not None and not chosen:  # a gate chooses by itself, a plain run would take all
        concerned = {task for key in keys for task in tasks_for(key, *sides)}
        chosen = tuple(one for one in fitting if one in concerned)
        if not chosen:
            raise AskedWrong("no_mode")
    at = datetime.now(UTC).isoformat()
    by_hand = bool(asked.tasks)
    return Order(member_id, at, baseline, candidate, limit, chosen, asked.modes, by_hand)


def _number(words: str) -> int:
    """What somebody typed as a number; 0 when it is none."""
    words = words.strip()
    return int(words) if words.isdecimal() and len(words) <= len(str(MOST_CASES)) else 0


def _mode_of(key: str) -> Mode:
    """Where a text is judged when nobody chooses: one of the embedded writer there, a prompt by the stub."""
    return Mode.EMBEDDED if key.startswith(EMBEDDED) else Mode.STUB


def again(order: Order) -> str:
    """The address of the form with everything as it was asked for."""
    asked: list[tuple[str, str]] = [
        ("candidate", ref_of(order.candidate)),
        ("baseline", ref_of(order.baseline)),
        ("extent", "all" if order.limit is None else "some"),
        *((("limit", str(order.limit)),) if order.limit is not None else ()),
        *(("task", one) for one in (order.tasks if order.by_hand else ())),
        *(("mode", one) for one in order.modes),
    ]
    return f"/runs/new?{urlencode(asked)}"
