"""The door: one-time links, passwords, sign-out."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from coach.domain.model import Member
from coach.errors import SignInFailed, TooMany, UserError
from coach.services.accounts import Opened
from ui.pages import Pages, keeps_journal
from ui.sessions import begin, end, visitor

# Everything this browser holds of us. Chromium also drops the pages kept for the back button.
_FORGET = '"cache", "storage"'


def first_page(member: Member) -> str:
    """Where a member lands after signing in."""
    return "/reflect/" if keeps_journal(member) and len(member.roles) == 1 else "/home"


def routes(pages: Pages) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    _add_door(router, pages)
    _add_link(router, pages)
    _add_way_out(router, pages)
    return router


def _add_door(router: APIRouter, pages: Pages) -> None:
    @router.get("/")
    def front(request: Request) -> Response:
        member = visitor(request)
        return RedirectResponse(first_page(member) if member else "/sign-in", 303)

    @router.get("/sign-in")
    def door(request: Request) -> Response:
        if member := visitor(request):
            return RedirectResponse(first_page(member), 303)
        return show_door(pages, request)

    @router.post("/sign-in")
    async def knock(
        request: Request, email: Annotated[str, Form()] = "", password: Annotated[str, Form()] = ""
    ) -> Response:
        if not email.strip() or not password:
            return show_door(pages, request, 400, pages.t("sign_in.missing"), email)
        client = request.client.host if request.client else ""
        sign_in = pages.coach.accounts.sign_in
        try:
            opened = await to_thread.run_sync(sign_in, email.strip(), password, client)
            await let_in(pages, request, opened)
        except (SignInFailed, TooMany) as error:
            status = 429 if isinstance(error, TooMany) else 401
            return show_door(pages, request, status, str(error), email)
        return RedirectResponse(first_page(opened.member), 303)


async def let_in(pages: Pages, request: Request, opened: Opened) -> None:
    """Sign this browser in; whoever else was signed in here is signed out as by their own button.

    Raises:
        SignInFailed: all sessions of the account were ended since it was opened.
    """
    before = visitor(request)
    await begin(request, opened)
    if before and before.id != opened.member.id:
        await _note_leaving(pages, before)


async def _note_leaving(pages: Pages, member: Member) -> None:
    pages.forget(member.id)
    await to_thread.run_sync(pages.coach.accounts.record, member.id, "account.sign-out")


def show_door(
    pages: Pages, request: Request, status: int = 200, wrong: str = "", email: str = ""
) -> Response:
    oidc = pages.coach.settings.oidc
    return pages.show(
        request, "sign_in.html", status, wrong=wrong, email=email, provider=oidc.name if oidc else ""
    )


def _add_link(router: APIRouter, pages: Pages) -> None:
    # Mail scanners and link previews open addresses; only a person presses the button.
    @router.get("/sign-in/{token}")
    def look_at_link(request: Request, token: str) -> Response:
        return _show_link(pages, request, token)

    @router.post("/sign-in/{token}")
    async def use_link(request: Request, token: str, leaving: Annotated[str, Form()] = "") -> Response:
        """`leaving` is who agreed to be signed out for it: a page from before they signed in did not ask."""
        accounts, here = pages.coach.accounts, visitor(request)
        owner = await to_thread.run_sync(accounts.peek, token)
        if here and (owner is None or here.id not in (owner.id, leaving)):
            return await to_thread.run_sync(_show_link, pages, request, token)
        try:
            opened = await to_thread.run_sync(accounts.redeem, token)
        except UserError:
            return await to_thread.run_sync(_spent, pages, request)
        await let_in(pages, request, opened)
        # What a page of the one before left in this browser must not be there for the next one.
        headers = {"clear-site-data": _FORGET} if here and here.id != opened.member.id else {}
        return RedirectResponse(first_page(opened.member), 303, headers)


def _show_link(pages: Pages, request: Request, token: str) -> Response:
    """Whose account a link opens, to whoever holds it: they could open it anyway."""
    owner, here = pages.coach.accounts.peek(token), visitor(request)
    if owner is None:
        return _spent(pages, request)
    other = here if here and here.id != owner.id else None
    stay = first_page(other) if other else ""
    return pages.show(request, "link.html", token=token, owner=owner, other=other, stay=stay)


def _spent(pages: Pages, request: Request) -> Response:
    """After Back, or a second press: who is signed in already has no use for the door."""
    if member := visitor(request):
        return RedirectResponse(first_page(member), 303)
    return show_door(pages, request, 404, pages.t("sign_in.link_spent"))


def _add_way_out(router: APIRouter, pages: Pages) -> None:
    @router.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        member = visitor(request)
        await end(request)
        if member:
            await _note_leaving(pages, member)
        return RedirectResponse("/signed-out", 303, {"clear-site-data": _FORGET})

    @router.get("/signed-out")
    def signed_out(request: Request) -> Response:
        if visitor(request):
            return RedirectResponse("/", 303)
        return pages.show(request, "signed_out.html")

    @router.get("/still-here")
    def still_here(request: Request, whose: str = "") -> Response:
        """Asked by open pages that come back to the front; `whose` is the account they were drawn for."""
        member = visitor(request)
        if member is None:
            return Response(status_code=401)
        return Response(status_code=204 if whose in ("", member.id) else 409)
