"""/runs: what was measured, starting and stopping a run, results, and two runs beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from coach.adapters.active_prompts import AS_DELIVERED
from coach.errors import NotFound
from evals.merging import merged
from evals.model import Arm, Exit
from evals.pages import start_page
from evals.pages.archive import Run, RunState, judged
from evals.pages.asked import NAMED, new_questions, unasked
from evals.pages.desk import Desk, LazyDesk
from evals.pages.frame import Frame, router_for_evaluators
from evals.pages.prompts_page import ref_of, titles_of
from evals.pages.workshop import Busy
from evals.planning import ARMS
from evals.records import RECORD, InvalidRun
from evals.reports import html, markdown
from evals.reports.showing import PartView, anchor_of, differing_cases, has_changed, parts_of, worse_cases
from evals.results import RunResult, TaskResult

LISTED = 60  # runs on one page
TEXTS = 20  # texts that differ, on one page
FIRST = "question_quality"  # among parts that are alike: what the prompts are for


@dataclass(frozen=True, slots=True)
class ArmLine:
    """One side of a run: a version that this program knows, or where its prompts came from."""

    ref: str
    titles: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in a list."""

    run: Run
    by: str
    baseline: ArmLine | None
    candidate: ArmLine | None
    outcome: str


def routes(pages: Frame, desk: LazyDesk) -> APIRouter:
    """The routes below /runs; fixed words before ids."""
    router = router_for_evaluators(pages)
    _add_lists(router, pages, desk)
    start_page.add(router, pages, desk)
    _add_one(router, pages, desk)
    _add_files(router, desk)
    return router


# -- lists --------------------------------------------------------------------------------------------------


def _add_lists(router: APIRouter, pages: Frame, desk: LazyDesk) -> None:
    @router.get("/runs")
    def overview(request: Request) -> Response:
        ids = desk().archive.ids()
        lines = [_line(desk(), desk().archive.run(one)) for one in ids[:LISTED]]
        done = [line for line in lines if line.run.state is RunState.FINISHED]
        return pages.show(
            request,
            "runs.html",
            lines=lines,
            older=max(0, len(ids) - LISTED),
            done=done,
            at_work=desk().workshop.at_work(),
        )

    @router.get("/runs/compare")
    def compare(request: Request, one: str = "", other: str = "") -> Response:
        try:
            both = merged(desk().archive.held(one), desk().archive.held(other))
            result = judged(both)
        except InvalidRun as refusal:
            return pages.show(request, "run_refused.html", 409, why=refusal.faults)
        lines = [_line(desk(), desk().archive.run(run)) for run in (one, other)]
        return pages.show(
            request,
            "run_compare.html",
            lines=lines,
            result=result,
            outcome=_told(result),
            tried=_tried(result),
            parts=ordered(parts_of(result, both)),
            texts="",
        )


def ordered(parts: Sequence[PartView]) -> list[PartView]:
    """What changed comes first: what failed, what is open, what is judged worse, what says something else."""
    return sorted(parts, key=lambda part: _place(part.result))


def _place(part: TaskResult) -> tuple[int, bool, str]:
    verdict = part.verdict.outcome if part.verdict else "inconclusive"
    ranks = ("fail", "inconclusive")
    rank = ranks.index(verdict) if verdict in ranks else _calm(part)
    return rank, part.task.name != FIRST, part.task.name


def _calm(part: TaskResult) -> int:
    """The rank of a part that passes."""
    if worse_cases(part):
        return 2
    return 3 if has_changed(part) else 4


def _told(result: RunResult) -> str:
    return "signed" if result.signed else result.exit.name.lower()


@dataclass(frozen=True, slots=True)
class Tried:
    """A run over some of the cases: how many it judged, and how many of them worse."""

    cases: int
    fell: int


def _tried(result: RunResult) -> Tried | None:
    """What a try on some of the cases comes to; None for any other run, and where a cost alone got worse."""
    if not result.manifest.limited or len(result.manifest.arms) < 2:
        return None
    fell = sum(len(worse_cases(part)) for part in result.parts)
    return Tried(sum(part.cases for part in result.parts), fell) if _is_try(result.exit, fell) else None


def _is_try(exit_: Exit | None, fell: int) -> bool:
    return exit_ is Exit.INCONCLUSIVE or (exit_ is Exit.REGRESSION and fell > 0)


def _line(desk: Desk, run: Run) -> RunLine:
    order = run.order
    arms = {
        arm: _arm(desk, run, arm, version)
        for arm, version in (
            (Arm.BASELINE.value, order.baseline if order else None),
            (Arm.CANDIDATE.value, order.candidate if order else None),
        )
    }
    outcome = (
        run.exit.name.lower() if run.state is RunState.FINISHED and run.exit is not None else run.state.value
    )
    if run.limited and len(run.arms) > 1 and _is_try(run.exit, run.fell):
        outcome = "tried"
    if run.signed:
        outcome = "signed"  # by a person's word, not by the figures
    if len(run.arms) == 1 and outcome == "pass":
        outcome = "measured"  # there was nothing to hold it against
    by = desk.name_of(order.by) if order else ""
    return RunLine(run, by, arms[Arm.BASELINE.value], arms[Arm.CANDIDATE.value], outcome)


def _arm(desk: Desk, run: Run, arm: str, version: str | None) -> ArmLine | None:
    """One side of a run; for one from the command line the version is found by its folder or its texts."""
    if version is None:
        if arm not in run.sources:
            return None
        version = run.sources[arm]
        delivered = {view.key: view.sha256 for view in desk.shelf.views(AS_DELIVERED)}
        if {key: entry.get("sha256") for key, entry in run.arms.get(arm, {}).items()} == delivered:
            version = AS_DELIVERED
        elif not version:
            return ArmLine("", (), "")
    try:
        return ArmLine(ref_of(version), titles_of(desk, desk.shelf.card(version)), "")
    except NotFound:
        return ArmLine("", (), version)


# -- one run ------------------------------------------------------------------------------------------------


def _add_one(router: APIRouter, pages: Frame, desk: LazyDesk) -> None:
    @router.get("/runs/{run}")
    def one(request: Request, run: str, busy: str = "") -> Response:
        return _one(pages, request, desk(), run, "busy" if busy else "")

    @router.get("/runs/{run}/texts/{part}")
    def texts(request: Request, run: str, part: str, page: int = 1) -> Response:
        return _texts(pages, request, desk(), run, part, page)

    @router.get("/runs/{run}/progress")
    def progress(run: str) -> Response:
        state = desk().archive.run(run).state
        if state is not RunState.RUNNING:
            desk().watch.forget(desk().archive.place(run) / RECORD)
            return JSONResponse({"state": state.value})
        now = desk().watch.look(desk().archive.place(run) / RECORD)
        said = pages.fragment("run_said.html", now=now)
        return JSONResponse(
            {"state": state.value, "done": now.done, "total": now.total, "said": " ".join(said.split())}
        )

    @router.get("/runs/{run}/{deed}")
    def after_a_form(run: str, deed: str) -> Response:
        """Reloading the answer to a form must not send it again."""
        if deed not in ("stop", "go-on"):
            raise NotFound("There is nothing here.")
        return RedirectResponse(f"/runs/{run}", 303)

    @router.post("/runs/{run}/{deed}")
    def do(run: str, deed: str) -> Response:
        place = desk().archive.run(run)
        if deed == "stop":
            desk().workshop.stop(run)
        elif deed == "go-on" and place.order is not None and place.state is RunState.STOPPED:
            try:
                desk().workshop.go_on(run, place.order)
            except Busy as busy:
                return RedirectResponse(f"/runs/{busy.run}?busy=1", 303)
        else:
            raise NotFound("There is nothing here.")
        return RedirectResponse(f"/runs/{run}", 303)


def _one(pages: Frame, request: Request, desk: Desk, run: str, said: str) -> Response:
    found = desk.archive.run(run)
    line = _line(desk, found)
    if found.state is RunState.RUNNING:
        now = desk.watch.look(desk.archive.place(run) / RECORD)
        mine = desk.workshop.alive(run)
        return pages.show(request, "run_going.html", line=line, now=now, can_stop=mine, busy=said)
    if found.state is not RunState.FINISHED:
        again = start_page.again(found.order) if found.order else "/runs/new"
        return pages.show(request, "run_ended.html", line=line, again=again)
    result, held = desk.archive.result(run), desk.archive.held(run)
    arms = desk.archive.place(run) / ARMS
    missed = unasked(new_questions(arms / Arm.BASELINE, arms / Arm.CANDIDATE), held.rows)
    return pages.show(
        request,
        "run_result.html",
        line=line,
        result=result,
        outcome=_told(result),
        tried=_tried(result),
        parts=ordered(parts_of(result, held)),
        texts=f"/runs/{run}/texts",
        unasked=missed[:NAMED],
        missed=len(missed),
    )


def _texts(pages: Frame, request: Request, desk: Desk, run: str, anchor: str, page: int) -> Response:
    """Every text that differs in one part, some on a page."""
    line = _line(desk, desk.archive.run(run))
    try:
        result, held = desk.archive.result(run), desk.archive.held(run)
    except InvalidRun:
        raise NotFound("This run has no report.") from None
    part = next((one for one in result.parts if anchor_of(one) == anchor), None)
    count = len(part.moved) if part else 0
    last = (count + TEXTS - 1) // TEXTS
    if part is None or not 1 <= page <= last:
        raise NotFound("There is nothing here.")
    cases = differing_cases(part, held, (page - 1) * TEXTS, TEXTS)
    return pages.show(
        request,
        "run_texts.html",
        line=line,
        task=part.task.name,
        anchor=anchor,
        cases=cases,
        count=count,
        page=page,
        last=last,
    )


def _add_files(router: APIRouter, desk: LazyDesk) -> None:
    @router.get("/runs/{run}/files/report.md")
    def report(run: str) -> Response:
        try:
            text = markdown.render(desk().archive.result(run))
        except InvalidRun:
            raise NotFound("This run has no report.") from None
        return _download(text.encode(), "text/markdown", f"{run}.md")

    @router.get("/runs/{run}/files/report.html")
    def page(run: str) -> Response:
        """A file to keep and to mail; shown here it would need a policy of its own, so it is downloaded."""
        try:
            text = html.render(desk().archive.result(run), desk().archive.held(run))
        except InvalidRun:
            raise NotFound("This run has no report.") from None
        return _download(text.encode(), "text/html", f"{run}.html")

    @router.get("/runs/{run}/files/record.jsonl")
    def record(run: str) -> Response:
        place = desk().archive.place(run) / RECORD
        if not place.exists():
            raise NotFound("This run has no record.")
        return _download(place.read_bytes(), "application/jsonl", f"{run}.jsonl")


def _download(content: bytes, media: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=f"{media}; charset=utf-8", headers=headers)
