"""My data: what is kept, export, names, password, the access log, erasing everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote, urlsplit

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from coach.domain.model import Access, Member
from coach.errors import SignInFailed, TooMany, UserError
from coach.services.journal import FAILED_SIGN_IN, Captions, Who, minute_of, who_did
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


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some lines of the access log.

    Attributes:
        lines: newest first.
        number: 1 for the newest.
        older: how many lines are older than these.
    """

    lines: tuple[LogLine, ...]
    number: int
    older: int


@dataclass(frozen=True, slots=True)
class Done:
    """How a form went: a sentence of success, or of failure above the page or at one of its fields."""

    said: str = ""
    wrong: str = ""
    wrong_password: str = ""
    field: str = ""  # of the form for the password: "old" or "new"


def same_account(request: Request, whose: Annotated[str, Form()] = "") -> None:
    """Refuse a form of a page that was drawn for somebody else, who was signed out since on another tab.

    Raises:
        UserError: what they wrote there would go into the account that is signed in now.
    """
    if whose not in ("", signed_in(request).id):
        raise UserError(
            "Somebody else is signed in here now, so nothing was changed.", "Please open this page again."
        )


_SAME = [Depends(same_account)]


def routes(pages: Pages) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    _add_page(router, pages)
    _add_export(router, pages)
    _add_forms(router, pages)
    return router


def _add_page(router: APIRouter, pages: Pages) -> None:
    @router.get("/my-data")
    def my_data(
        request: Request, member: SignedIn, log: Annotated[int, Query(ge=1, le=1_000_000)] = 1
    ) -> Response:
        return _show(pages, request, member, log=log)

    # After a form was sent, reloading its address must not send it again.
    @router.get("/my-data/{_form}")
    def my_data_again(request: Request, member: SignedIn, _form: str) -> Response:
        return _show(pages, request, member)


def _add_export(router: APIRouter, pages: Pages) -> None:
    @router.get("/my-data/export/{form}")
    def export(request: Request, member: Writing, form: ExportFormat) -> Response:
        # A link on somebody else's page would lay the whole journal, in the clear, among the downloads.
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return RedirectResponse("/my-data", 303)
        media, ending = _MEDIA[form]
        captions = _captions(pages)
        name = f"{pages.t('data.export_file')}.{ending}"
        return Response(
            pages.coach.journal.export(member.id, form, captions=captions),
            media_type=f"{media}; charset=utf-8",
            headers={"content-disposition": _attached(name)},
        )


def _add_forms(router: APIRouter, pages: Pages) -> None:
    @router.post("/my-data/roster", dependencies=_SAME)
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

    @router.post("/my-data/password", dependencies=_SAME)
    async def set_password(
        request: Request, member: SignedIn, new: Annotated[str, Form()] = "", old: Annotated[str, Form()] = ""
    ) -> Response:
        set_it = pages.coach.accounts.set_password
        try:
            opened = await to_thread.run_sync(set_it, member.id, new, old or None)
        except UserError as error:
            field = "old" if isinstance(error, SignInFailed | TooMany) else "new"
            refused = Done(wrong_password=str(error), field=field)
            return await to_thread.run_sync(_show, pages, request, member, 400, refused)
        # A new password ends every session of the member; this browser goes on under a new one.
        await begin(request, opened)
        done = Done(said=pages.t("data.password_saved"))
        return await to_thread.run_sync(_show, pages, request, member, 200, done)

    @router.post("/my-data/erase", dependencies=_SAME)
    def erase_all(request: Request, member: Writing, sure: Annotated[str, Form()] = "") -> Response:
        phrase = pages.t("data.erase_phrase")
        if " ".join(sure.split()).casefold() != phrase.casefold():
            return _show(pages, request, member, 400, Done(wrong=pages.t("data.erase_wrong", phrase=phrase)))

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
        return _show(pages, request, member, 400, Done(wrong=str(error)))
    return _show(pages, request, member, done=Done(said=pages.t(said)))


def _show(
    pages: Pages, request: Request, member: Member, status: int = 200, done: Done | None = None, log: int = 1
) -> Response:
    accounts, journal = pages.coach.accounts, pages.coach.journal
    writes, done = keeps_journal(member), done or Done()
    return pages.show(
        request,
        "data.html",
        status,
        said=done.said,
        wrong=done.wrong,
        wrong_password=done.wrong_password,
        wrong_field=done.field,
        model_now=_model_now(pages),
        has_password=accounts.has_password(member.id),
        kinds=_KINDS if writes else _KINDS_WITHOUT_JOURNAL,
        roster="\n".join(accounts.roster(member.id)) if writes else "",
        log=log_page(pages, member, journal.access_log(member.id), log),
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


def log_page(pages: Pages, member: Member, log: Sequence[Access], number: int) -> LogPage:
    """One page of the access log; past the end it is the last one.

    Args:
        number: 1 for the newest lines.
    """
    found = together(sorted(log, key=lambda access: access.at, reverse=True))
    number = max(1, min(number, -(-len(found) // _LOG_LINES)))
    start = (number - 1) * _LOG_LINES
    shown = found[start : start + _LOG_LINES]
    lines = tuple(_log_line(pages, member, access, count) for access, count in shown)
    return LogPage(lines, number, max(0, len(found) - start - _LOG_LINES))


def together(log: Sequence[Access]) -> list[tuple[Access, int]]:
    """The lines of a log, newest first, each with how many it stands for.

    The sign-ins of a day that failed are one line, in the place of its last: anybody who knows an address can
    fail as often as they like, and would push out of sight what the member should see.
    """
    first: dict[object, Access] = {}
    counts: dict[object, int] = {}
    for number, access in enumerate(log):
        key = access.at.astimezone().date() if access.action == FAILED_SIGN_IN else number
        first.setdefault(key, access)
        counts[key] = counts.get(key, 0) + 1
    return [(access, counts[key]) for key, access in first.items()]


def _log_line(pages: Pages, member: Member, access: Access, count: int) -> LogLine:
    actor = pages.t("data.log_" + who_did(access, member.id))
    if access.action == FAILED_SIGN_IN:
        return LogLine(access.at, actor, pages.t("data.log_failed", count=count))
    return LogLine(access.at, actor, _deed(pages, access))


def _deed(pages: Pages, access: Access) -> str:
    key = "access." + access.action.replace("-", "_").replace(".", "_")
    return pages.t(key) if pages.catalog.has(key) else pages.t("access.unknown", action=access.action)


def _captions(pages: Pages) -> Captions:
    """What an export says, in the language of the pages."""

    def line(access: Access, who: Who) -> str:
        deed, actor = _deed(pages, access), pages.t("data.log_" + who)
        return pages.t("data.export_line", when=minute_of(access.at), what=deed, who=actor)

    return Captions(
        title=pages.t("data.export_heading"),
        day=lambda when: day_of(when, pages.catalog),
        angle=pages.t("turn.or"),
        names=pages.t("data.roster_title"),
        log=pages.t("data.log_title"),
        line=line,
    )
