"""/prompts: what is in force, drafts, proposals, activation, going back, and the history of it all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from coach.adapters.active_prompts import AS_DELIVERED
from coach.errors import NotFound, UserError
from evals.pages import texts
from evals.pages.asked import NAMED, Rejected, mark_of, new_questions, rejected
from evals.pages.desk import Desk, LazyDesk, NotNow
from evals.pages.dressing import look
from evals.pages.evidence import Lack, Proof
from evals.pages.frame import Frame, router_for_evaluators
from evals.pages.ledger import DELIVERED_ID, Event, Standing, State
from evals.pages.raising import KINDS, LONGEST_WHY
from evals.pages.shelf import Card, DraftDoubted, DraftRefused
from evals.reports.differing import Line, by_lines

Field = Annotated[str, Form()]
HISTORY = 30  # lines on the page; the audit log has them all
DONE = ("propose", "withdraw", "activate", "roll-back", "discard")


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in a list.

    Attributes:
        ref: how addresses name it.
        titles: the prompts in it that were changed when it was made, with their versions.
        by: a name; "" for a closed account.
    """

    ref: str
    state: State
    titles: tuple[str, ...]
    at: datetime | None
    by: str
    proposer: str = ""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One deed; `there`: the version can still be opened."""

    at: datetime
    by: str
    deed: str
    ref: str
    titles: tuple[str, ...]
    there: bool = True


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file that differs between two versions."""

    file: str
    before: str
    after: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Drafted:
    """What stands in the form of a draft."""

    base: str
    file: str
    text: str
    why: str = ""
    kind: str = KINDS[0]


def version_of(ref: str) -> str:
    """The version behind an address."""
    return AS_DELIVERED if ref == DELIVERED_ID else ref


def ref_of(version: str) -> str:
    return DELIVERED_ID if version == AS_DELIVERED else version


def routes(pages: Frame, desk: LazyDesk) -> APIRouter:
    """The routes below /prompts."""
    router = router_for_evaluators(pages)

    @router.get("/prompts/look/{name}")
    def style_or_script(name: str) -> Response:
        return look(name)

    _add_reading(router, pages, desk)
    _add_drafting(router, pages, desk)
    _add_deeds(router, pages, desk)
    return router


# -- reading ------------------------------------------------------------------------------------------------


def _add_reading(router: APIRouter, pages: Frame, desk: LazyDesk) -> None:
    @router.get("/prompts")
    def overview(request: Request, discarded: str = "") -> Response:
        return _overview(pages, request, desk(), discarded=discarded == "1")

    @router.get("/prompts/texts/{ref}/{file:path}")
    def text(request: Request, ref: str, file: str) -> Response:
        version = version_of(ref)
        view = desk().shelf.view(version, file)
        blocks = texts.blocks_of(desk().shelf.folder(version), file)
        body = "" if blocks else desk().shelf.text(version, file)
        line = version_line(desk(), desk().standing(), version)
        return pages.show(request, "prompt_text.html", view=view, blocks=blocks, body=body, line=line)

    @router.get("/prompts/versions/{ref}")
    def version(request: Request, ref: str) -> Response:
        return _version(pages, request, desk(), version_of(ref))


def _overview(pages: Frame, request: Request, desk: Desk, discarded: bool = False) -> Response:
    standing, wrong = desk.standing(), ""
    try:
        active = desk.active()
        views = desk.shelf.views(active)
    except UserError as fault:
        active, views, wrong = AS_DELIVERED, (), str(fault)
    lines = [version_line(desk, standing, card.version, active) for card in desk.shelf.cards()]
    return pages.show(
        request,
        "prompts.html",
        wrong=wrong,
        discarded=discarded,
        views=views,
        active=ref_of(active),
        delivered=version_line(desk, standing, AS_DELIVERED, active),
        lines=lines,
        history=[_history(desk, event) for event in standing.events[:HISTORY]],
        older=max(0, len(standing.events) - HISTORY),
        disagrees=standing.in_force != active and not wrong,
    )


def version_line(desk: Desk, standing: Standing, version: str, active: str | None = None) -> VersionLine:
    """One version as lists show it."""
    card = desk.shelf.card(version)
    proposer = standing.proposers.get(version, "")
    return VersionLine(
        ref=ref_of(version),
        state=standing.state(version, desk.active() if active is None else active),
        titles=titles_of(desk, card),
        at=card.at if card else None,
        by=desk.name_of(card.made_by) if card else "",
        proposer=desk.name_of(proposer) if proposer else "",
    )


def titles_of(desk: Desk, card: Card | None) -> tuple[str, ...]:
    """What a version is called: the prompt that was changed in it, and that prompt's version."""
    if card is None:
        return ()
    try:
        view = desk.shelf.view(card.version, card.file)
    except UserError:
        return (card.file,)
    return (f"{view.name} {view.version}",)


def _history(desk: Desk, event: Event) -> HistoryLine:
    there = desk.has(event.version)
    titles = titles_of(desk, desk.shelf.card(event.version)) if there else (event.version,)
    deed = event.deed.value.removeprefix("prompts.").replace("-", "_")
    return HistoryLine(event.at, desk.name_of(event.actor), deed, ref_of(event.version), titles, there)


def _version(
    pages: Frame,
    request: Request,
    desk: Desk,
    version: str,
    status: int = 200,
    did: str = "",
    refused: str = "",
) -> Response:
    standing, active = desk.standing(), desk.active()
    state = standing.state(version, active)
    card = desk.shelf.card(version)
    against = card.made_from if card and state is State.ACTIVE else active
    against = against if desk.has(against) else AS_DELIVERED  # a draft on the way may have been thrown away
    looks = state is not State.ACTIVE and version != AS_DELIVERED
    proof = desk.proof(version) if looks else Proof(Lack.NO_RUN)
    me = pages.signed_in(request)
    doubts = rejected(new_questions(desk.shelf.folder(against), desk.shelf.folder(version)))
    return pages.show(
        request,
        "prompt_version.html",
        status,
        line=version_line(desk, standing, version, active),
        against=version_line(desk, standing, against, active) if against != version else None,
        files=_files(desk, against, version),
        rejected=doubts[:NAMED],
        more=len(doubts[NAMED:]),
        views=desk.shelf.views(version),
        proof=proof,
        proven=proof.lack is Lack.NONE,
        mine=standing.proposers.get(version) == me.id,
        can_go_back=version in standing.been_active and version != active,
        did=did,
        refused=refused,
    )


def _files(desk: Desk, before: str, after: str) -> list[FileChange]:
    sides = [(desk.shelf.folder(version), desk.shelf.views(version)) for version in (before, after)]
    found = []
    for key in texts.differing(sides[0][1], sides[1][1]):
        held = [next((view for view in views if view.key == key), None) for _, views in sides]
        file = next(view.file for view in held if view)
        old, new = (view.version if view else "" for view in held)
        one, other = (_text(folder / file) for folder, _ in sides)
        found.append(FileChange(file, old, new, by_lines(one, other)))
    return found


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


# -- drafting -----------------------------------------------------------------------------------------------


def _add_drafting(router: APIRouter, pages: Frame, desk: LazyDesk) -> None:
    @router.get("/prompts/draft")
    def blank(request: Request, base: str = DELIVERED_ID, file: str = "") -> Response:
        return _draft(pages, request, desk(), Drafted(base, file, desk().shelf.text(version_of(base), file)))

    @router.post("/prompts/draft")
    def take(
        request: Request,
        base: Field = "",
        file: Field = "",
        text: Field = "",
        why: Field = "",
        kind: Field = KINDS[0],
        seen: Field = "",
    ) -> Response:
        me = pages.signed_in(request)
        drafted = Drafted(base, file, text, why, kind)
        try:
            card = desk().draft(me.id, version_of(base), file, text, why, kind, seen)
        except DraftRefused as refusal:
            return _draft(pages, request, desk(), drafted, refusal)
        except DraftDoubted as doubt:
            return _draft(pages, request, desk(), drafted, doubts=doubt.questions)
        return RedirectResponse(f"/prompts/versions/{card.version}", 303)


def _draft(
    pages: Frame,
    request: Request,
    desk: Desk,
    drafted: Drafted,
    refusal: DraftRefused | None = None,
    doubts: Sequence[Rejected] = (),
) -> Response:
    version = version_of(drafted.base)
    view = desk.shelf.view(version, drafted.file)
    return pages.show(
        request,
        "prompt_draft.html",
        400 if refusal else 409 if doubts else 200,
        view=view,
        base=ref_of(version),
        line=version_line(desk, desk.standing(), version),
        drafted=drafted,
        kinds=KINDS,
        longest_why=LONGEST_WHY,
        refused=refusal.code if refusal else "",
        wrong_with_it=str(refusal) if refusal else "",
        rejected=doubts[:NAMED],
        more=len(doubts[NAMED:]),
        seen=mark_of(doubts),
    )


# -- deeds --------------------------------------------------------------------------------------------------


def _add_deeds(router: APIRouter, pages: Frame, desk: LazyDesk) -> None:
    @router.get("/prompts/versions/{ref}/{deed}")
    def after_a_form(ref: str, deed: str) -> Response:
        """Reloading the answer to a form must not send it again."""
        if deed not in DONE:
            raise NotFound("There is nothing here.")
        return RedirectResponse(f"/prompts/versions/{ref}", 303)

    @router.post("/prompts/versions/{ref}/{deed}")
    def do(request: Request, ref: str, deed: str) -> Response:
        deeds: dict[str, Callable[[str, str], None]] = {
            "propose": desk().propose,
            "withdraw": desk().withdraw,
            "activate": desk().activate,
            "roll-back": desk().roll_back,
            "discard": desk().discard,
        }
        if deed not in deeds:
            raise NotFound("There is nothing here.")
        version = version_of(ref)
        try:
            deeds[deed](pages.signed_in(request).id, version)
        except NotNow as refusal:
            return _version(pages, request, desk(), version, 409, refused=refusal.code)
        if deed == "discard":
            return RedirectResponse("/prompts?discarded=1", 303)
        return _version(pages, request, desk(), version, did=deed.replace("-", "_"))
