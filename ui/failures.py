"""When a page cannot be shown: one sentence in our own words, never a traceback."""

from __future__ import annotations

import logging
import secrets

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coach import errors
from ui.pages import Pages, SignedOut, keeps_journal
from ui.sessions import visitor

_STATUS: tuple[tuple[type[errors.CoachError], int], ...] = (
    (errors.NotFound, 404),
    (errors.NotAllowed, 403),
    (errors.TooMany, 429),
    (errors.UserError, 400),
    (errors.StoreUnavailable, 503),
)
_log = logging.getLogger(__name__)


def add_failures(app: FastAPI, pages: Pages) -> None:
    """What routes raise on purpose becomes a page."""

    @app.exception_handler(SignedOut)
    def to_the_door(_request: Request, _error: SignedOut) -> Response:
        return RedirectResponse("/sign-in", 303)

    @app.exception_handler(errors.CoachError)
    def said_why(request: Request, error: errors.CoachError) -> Response:
        return failed_for(pages, request, error)

    @app.exception_handler(HTTPException)
    def no_such_page(request: Request, error: HTTPException) -> Response:
        key = {404: "failure.not_found", 413: "failure.too_large"}.get(
            error.status_code, "failure.unreadable"
        )
        return failure(pages, request, error.status_code, pages.t(key))

    @app.exception_handler(RequestValidationError)
    def unreadable(request: Request, _error: RequestValidationError) -> Response:
        return failure(pages, request, 400, pages.t("failure.unreadable"))


def failed_for(pages: Pages, request: Request, error: errors.CoachError) -> Response:
    status = next((number for kind, number in _STATUS if isinstance(error, kind)), 500)
    refused = isinstance(error, errors.NotAllowed)
    return failure(pages, request, status, pages.t("failure.not_allowed") if refused else str(error))


def failure(pages: Pages, request: Request, status: int, sentence: str) -> Response:
    """A page with one sentence and one way on."""
    way_on, text = _way_on(request)
    return pages.show(
        request,
        "failure.html",
        status,
        sentence_of_failure=sentence,
        way_on=way_on,
        way_on_text=pages.t(text),
    )


def _way_on(request: Request) -> tuple[str, str]:
    """The address of the page to go on to, and the name of what the button says."""
    member = visitor(request)
    if member is None:
        return "/sign-in", "sign_in.title"
    if keeps_journal(member) and request.url.path.startswith("/journal/"):
        return "/journal", "failure.go_journal"
    return "/", "failure.go_home"


class LastDoor:
    """Outermost: what nobody expected gets a number; neither browser nor log learns the message.

    An exception's message may quote what somebody wrote, so only its kind is logged.
    """

    def __init__(self, app: ASGIApp, pages: Pages) -> None:
        self.app = app
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception as error:  # this is where everything ends, see above
            if scope["type"] != "http":
                raise  # start-up and shutdown: the server reports it
            response = self.answer(Request(scope), error)
            if not started:
                await response(scope, receive, send)

    def answer(self, request: Request, error: Exception) -> Response:
        if isinstance(error, errors.CoachError):
            return failed_for(self.pages, request, error)
        number = secrets.token_hex(3)
        _log.error("page failed: %s (%s)", type(error).__name__, number)
        return failure(self.pages, request, 500, self.pages.t("failure.page_unexpected", number=number))
