"""The door: one-time links, passwords, sign-out."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from coach.domain.model import Member
from coach.errors import SignInFailed, TooMany, UserError
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
            member = await to_thread.run_sync(sign_in, email.strip(), password, client)
        except (SignInFailed, TooMany) as error:
            status = 429 if isinstance(error, TooMany) else 401
            return show_door(pages, request, status, str(error), email)
        await begin(request, member)
        return RedirectResponse(first_page(member), 303)


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
        if not pages.coach.accounts.peek(token):
            return show_door(pages, request, 404, pages.t("sign_in.link_spent"))
        return pages.show(request, "link.html", token=token)

    @router.post("/sign-in/{token}")
    async def use_link(request: Request, token: str) -> Response:
        try:
            member = await to_thread.run_sync(pages.coach.accounts.redeem, token)
        except UserError:
            return show_door(pages, request, 404, pages.t("sign_in.link_spent"))
        await begin(request, member)
        return RedirectResponse(first_page(member), 303)


def _add_way_out(router: APIRouter, pages: Pages) -> None:
    @router.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        member = visitor(request)
        await end(request)
        if member:
            pages.forget(member.id)
            await to_thread.run_sync(pages.coach.accounts.record, member.id, "account.sign-out")
        return RedirectResponse("/signed-out", 303, {"clear-site-data": _FORGET})

    @router.get("/signed-out")
    def signed_out(request: Request) -> Response:
        if visitor(request):
            return RedirectResponse("/", 303)
        return pages.show(request, "signed_out.html")

    @router.get("/still-here")
    def still_here(request: Request) -> Response:
        """Asked by open pages when they come back to the front."""
        return Response(status_code=204 if visitor(request) else 401)
