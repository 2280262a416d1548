"""My data: what is kept, export, names, password, the access log, erasing everything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote, urlsplit

from anyio import to_thread
from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from coach.domain.model import Access, Member
from coach.errors import UserError
from coach.services.journal import Captions
from ui.dates import day_of
from ui.facade import ExportFormat
from ui.pages import Pages, keeps_journal, signed_in, writer_of_journal
from ui.sessions import begin

SignedIn = Annotated[Member, Depends(signed_in)]
Writing = Annotated[Member, Depends(writer_of_journal)]

_KINDS = ("words", "names", "account", "log", "browser")
_KINDS_WITHOUT_JOURNAL = ("account", "log", "browser")
_LOG_LINES = 30
_MEDIA: dict[ExportFormat, tuple[str, str]] = {
    "markdown": ("text/markdown", "md"),
    "json": ("application/json", "json"),
}


@dataclass(frozen=True, slots=True)
class LogLine:
    at: datetime
    actor: str
    action: str


def routes(pages: Pages) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    _add_page(router, pages)
    _add_export(router, pages)
    _add_forms(router, pages)
    return router


def _add_page(router: APIRouter, pages: Pages) -> None:
    @router.get("/my-data")
    def my_data(request: Request, member: SignedIn) -> Response:
        return _show(pages, request, member)

    # After a form was sent, reloading its address must not send it again.
    @router.get("/my-data/{_form}")
    def my_data_again(request: Request, member: SignedIn, _form: str) -> Response:
        return _show(pages, request, member)


def _add_export(router: APIRouter, pages: Pages) -> None:
    @router.get("/my-data/export/{form}")
    def export(member: Writing, form: ExportFormat) -> Response:
        media, ending = _MEDIA[form]
        captions = Captions(pages.t("data.export_heading"), lambda when: day_of(when, pages.catalog))
        name = f"{pages.t('data.export_file')}.{ending}"
        return Response(
            pages.coach.journal.export(member.id, form, captions=captions),
            media_type=f"{media}; charset=utf-8",
            headers={"content-disposition": _attached(name)},
        )


def _add_forms(router: APIRouter, pages: Pages) -> None:
    @router.post("/my-data/roster")
    def save_roster(request: Request, member: Writing, names: Annotated[str, Form()] = "") -> Response:
        wanted = [name for line in names.splitlines() if (name := " ".join(line.split()))]
        unique = list(dict.fromkeys(wanted))
        return _try(
            pages,
            request,
            member,
            lambda: pages.coach.accounts.set_roster(member.id, unique),
            "data.roster_saved",
        )

    @router.post("/my-data/password")
    async def set_password(
        request: Request, member: SignedIn, new: Annotated[str, Form()] = "", old: Annotated[str, Form()] = ""
    ) -> Response:
        set_it = pages.coach.accounts.set_password
        try:
            await to_thread.run_sync(set_it, member.id, new, old or None)
        except UserError as error:
            return await to_thread.run_sync(_show, pages, request, member, 400, "", str(error))
        # A new password ends every session of the member; this browser goes on under a new one.
        await begin(request, member)
        return await to_thread.run_sync(_show, pages, request, member, 200, pages.t("data.password_saved"))

    @router.post("/my-data/erase")
    def erase_all(request: Request, member: Writing, sure: Annotated[str, Form()] = "") -> Response:
        phrase = pages.t("data.erase_phrase")
        if " ".join(sure.split()).casefold() != phrase.casefold():
            return _show(pages, request, member, 400, wrong=pages.t("data.erase_wrong", phrase=phrase))

        def erase() -> None:
            pages.coach.journal.erase_all(member.id)
            pages.forget(member.id)

        return _try(pages, request, member, erase, "data.erase_done")


def _attached(name: str) -> str:
    """The header that names a download; letters beyond ASCII as RFC 6266 has it."""
    plain = f'filename="{name}"' if name.isascii() else f"filename*=UTF-8''{quote(name)}"
    return f"attachment; {plain}"


def _try(pages: Pages, request: Request, member: Member, change: Callable[[], None], said: str) -> Response:
    try:
        change()
    except UserError as error:
        return _show(pages, request, member, 400, wrong=str(error))
    return _show(pages, request, member, said=pages.t(said))


def _show(
    pages: Pages, request: Request, member: Member, status: int = 200, said: str = "", wrong: str = ""
) -> Response:
    accounts, journal = pages.coach.accounts, pages.coach.journal
    writes = keeps_journal(member)
    log = sorted(journal.access_log(member.id), key=lambda access: access.at, reverse=True)
    return pages.show(
        request,
        "data.html",
        status,
        said=said,
        wrong=wrong,
        model_now=_model_now(pages),
        has_password=accounts.has_password(member.id),
        kinds=_KINDS if writes else _KINDS_WITHOUT_JOURNAL,
        roster="\n".join(accounts.roster(member.id)) if writes else "",
        log=[_log_line(pages, member, access) for access in log[:_LOG_LINES]],
        older=max(0, len(log) - _LOG_LINES),
    )


def _model_now(pages: Pages) -> str:
    """Whether a language model is connected, and which."""
    settings = pages.coach.settings
    if settings.writer_name == "bank":
        return pages.t("data.no_model")
    if settings.writer_name != "llm":
        return pages.t("data.other_writer", name=settings.writer_name)
    provider, _, model = settings.model.partition(":")
    place = urlsplit(settings.model_base_url).hostname or provider.replace("_", " ")
    return pages.t("data.model", model=model, provider=place)


def _log_line(pages: Pages, member: Member, access: Access) -> LogLine:
    known = {
        member.id: "data.log_you",
        "operator": "data.log_operator",
        **dict.fromkeys(("system", "store", ""), "data.log_program"),
    }
    actor = known.get(access.actor_id, "data.log_other")
    key = "access." + access.action.replace("-", "_").replace(".", "_")
    action = pages.t(key) if pages.catalog.has(key) else pages.t("access.unknown", action=access.action)
    return LogLine(access.at, pages.t(actor), action)
