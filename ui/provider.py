"""Sign-in through an OpenID Connect provider, by authlib: PKCE, state and nonce, keyed on issuer and subject.

What must be remembered between leaving and coming back lies in a signed cookie of ten minutes that only
these two addresses see; it never mixes with the sign-in session.
"""

from __future__ import annotations

import logging
import secrets
from typing import cast

from anyio import to_thread
from authlib.integrations.starlette_client import OAuth
from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.facade import OidcSettings
from ui.pages import Pages
from ui.sign_in import first_page, let_in, show_door

PATH = "/sign-in/provider"
_TEN_MINUTES = 600
_SECONDS = 8.0  # for each request to the provider
_OUTER = "outer"  # key in the inner scope: the request as our own session middleware knows it
_log = logging.getLogger(__name__)


def mount_provider(app: FastAPI, pages: Pages, oidc: OidcSettings, base_url: str, secure: bool) -> None:
    """Add `/sign-in/provider` and its way back."""
    inner = FastAPI(openapi_url=None)
    client = _client(oidc)

    @inner.get("/")
    async def leave(request: Request) -> Response:
        back = f"{base_url}{PATH}/back"
        try:
            return cast(Response, await client.authorize_redirect(request, back))
        except Exception as error:  # noqa: BLE001 which HTTP library authlib speaks, and raises from, is its choice
            _log.warning("the provider cannot be reached: %s", type(error).__name__)
            return _failed(pages, request, "sign_in.provider_away", oidc.name, 503)

    @inner.get("/back")
    async def come_back(request: Request) -> Response:
        outer = Request(request.scope[_OUTER])
        try:
            token = await client.authorize_access_token(request)
            claims = token["userinfo"]
            verified = claims.get("email_verified") in (True, "true")  # some providers send a word
            email = str(claims.get("email", "")) if verified else ""
            enter = pages.coach.accounts.sign_in_identity
            opened = await to_thread.run_sync(enter, oidc.issuer, str(claims["sub"]), email)
        except Exception as error:  # noqa: BLE001 as above; whatever it was, nobody is signed in
            _log.warning("sign-in through the provider failed: %s", type(error).__name__)
            return _failed(pages, request, "sign_in.provider_failed", oidc.name, 401)
        await let_in(pages, outer, opened)
        return RedirectResponse(first_page(opened.member), 303)

    app.mount(PATH, _apart(inner, secure))


def _client(oidc: OidcSettings):  # type: ignore[no-untyped-def] # authlib ships no types we may follow
    oauth = OAuth()
    oauth.register(
        "provider",
        client_id=oidc.client_id,
        client_secret=oidc.client_secret,
        server_metadata_url=f"{oidc.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "timeout": _SECONDS,
        },
    )
    return oauth.provider


def _apart(inner: ASGIApp, secure: bool) -> ASGIApp:
    """`inner` with a cookie of its own, under a key that lives as long as the process."""
    remembering = SessionMiddleware(
        inner,
        secret_key=secrets.token_urlsafe(32),
        session_cookie="coach-provider",
        max_age=_TEN_MINUTES,
        path=PATH,
        same_site="lax",
        https_only=secure,
    )

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await remembering({**scope, _OUTER: scope}, receive, send)

    return app


def _failed(pages: Pages, request: Request, key: str, name: str, status: int) -> Response:
    return show_door(pages, Request(request.scope[_OUTER]), status, pages.t(key, name=name))
