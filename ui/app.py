"""The web application: FastAPI, our own pages, and Gradio behind its guard."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.staticfiles import StaticFiles
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope
from starsessions import SessionMiddleware

from coach import errors
from coach.domain.model import Member
from ui import data_page, home_page, journal_page, sign_in
from ui.catalog import Catalog, load_catalog
from ui.contributed import Contribution, contributed
from ui.dressing import Clothes, Dressing
from ui.facade import Coach
from ui.failures import LastDoor, add_failures
from ui.guard import Guard, Sentences
from ui.pace import OneByOne
from ui.pages import Pages, keeps_journal, static_folder
from ui.security import SameOrigin, SecurityHeaders, hosts_of, origins_of
from ui.sessions import KnowVisitor, PortStore, session_options, session_stands, visitor

REFLECT = "/reflect"
_FILES = ("/static/", f"{REFLECT}/static/", f"{REFLECT}/assets/")  # the same for everybody, no words in them
_SMALLEST_BODY_LIMIT = 262_144  # bytes
_BYTES_PER_CHARACTER = 12  # the longest JSON escape of one character: a surrogate pair


def create_app(
    coach: Coach,
    base_url: str = "",
    contributions: Sequence[Contribution] | None = None,
    catalog: Catalog | None = None,
) -> FastAPI:
    """The application over an opened coach.

    Args:
        coach: the program.
        base_url: how browsers reach it, without a slash at the end; empty takes the setting. With https
            the cookie is bound to this host and only sent encrypted.
        contributions: pages that other rooms bring; None takes all that are installed.
        catalog: the language of the pages; None takes English.

    Raises:
        SettingsRefused: there is no base URL at all.
    """
    base_url = (base_url or coach.settings.base_url).rstrip("/")
    if not base_url.startswith(("http://", "https://")):
        raise errors.SettingsRefused(
            "The address of this program is not known.",
            "Please set COACH_BASE_URL, for example https://coach.example.org.",
        )
    secure = base_url.startswith("https://")
    brought = contributed() if contributions is None else contributions
    pages = Pages(coach, catalog or load_catalog(), contributions=brought)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/static", StaticFiles(directory=static_folder()), name="static")
    _add_pages(app, pages, base_url, secure)
    add_failures(app, pages)
    _add_walls(app, pages, base_url, secure)
    _mount_reflect(app, pages)
    return app


def _add_pages(app: FastAPI, pages: Pages, base_url: str, secure: bool) -> None:
    oidc = pages.coach.settings.oidc
    if oidc:
        from ui.provider import mount_provider

        mount_provider(app, pages, oidc, base_url, secure)
    for page in (sign_in, home_page, journal_page, data_page):
        app.include_router(page.routes(pages))
    for contribution in pages.contributions:
        app.include_router(contribution.routes(pages))

    @app.get(REFLECT)
    def with_slash() -> Response:
        return RedirectResponse(f"{REFLECT}/", 307)


def _add_walls(app: FastAPI, pages: Pages, base_url: str, secure: bool) -> None:
    """Middleware from the inside out: the last one added sees a request first."""
    limit = max(_SMALLEST_BODY_LIMIT, _BYTES_PER_CHARACTER * pages.coach.settings.reflection_limit + 8192)
    store = PortStore(pages.coach.sessions)
    accounts = pages.coach.accounts
    app.add_middleware(
        Guard,
        prefix=REFLECT,
        member_of=_writing_member,
        still_in=lambda scope: session_stands(scope, store, accounts),
        sentences=_sentences(pages),
        max_body=limit,
        claims=pages.tabs.claims,
        inputs=pages.tabs.inputs,
    )
    app.add_middleware(
        Dressing,
        path=f"{REFLECT}/",
        scheme="https" if secure else "http",
        clothes_for=lambda request: _clothes(pages, request),
    )
    app.add_middleware(OneByOne, pages=pages)
    app.add_middleware(KnowVisitor, accounts=accounts, skip=_FILES)
    app.add_middleware(SessionMiddleware, **session_options(store, secure))
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=limit)
    app.add_middleware(SameOrigin, origins=origins_of(base_url), refusal=pages.t("failure.other_page"))
    app.add_middleware(CORSMiddleware, allow_origins=sorted(origins_of(base_url)))
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=sorted(hosts_of(base_url)))
    app.add_middleware(LastDoor, pages=pages)
    app.add_middleware(SecurityHeaders, secure=secure, cacheable=_FILES)


def _mount_reflect(app: FastAPI, pages: Pages) -> None:
    # Gradio looks at its switches while it is imported, so this is the first time.
    import gradio as gr

    from ui.reflect_page import reflect_page
    from ui.theme import notebook_theme

    blocks = reflect_page(pages)
    gr.mount_gradio_app(
        app,
        blocks,
        path=REFLECT,
        auth_dependency=lambda request: _writing_member(request.scope),
        theme=notebook_theme(),
        run_history=False,
        show_error=False,
        footer_links=[],
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        allowed_paths=[],
        max_file_size="1kb",
    )

    blocks.has_launched = True  # otherwise Gradio checks no path of a file, as it does for its own server

    def drop(session_hash: str) -> None:
        blocks.state_holder.session_data.pop(session_hash, None)
        blocks.state_holder.time_last_used.pop(session_hash, None)
        queue = blocks._queue  # Gradio has no door for this
        if not any(event.session_hash == session_hash for job in queue.active_jobs for event in job or ()):
            queue.pending_messages_per_session.pop(session_hash, None)  # an answer that nobody fetched
            queue.pending_event_ids_session.pop(session_hash, None)

    pages.tabs.drop = drop
    pages.tabs.inputs.update({number: len(event.inputs) for number, event in blocks.fns.items()})


def _writing_member(scope: Scope) -> str | None:
    member: Member | None = visitor(Request(scope))
    return member.id if member and keeps_journal(member) else None


def _clothes(pages: Pages, request: Request) -> Clothes:
    values = pages.surroundings(request)
    head, before, after = (
        pages.fragment(f"gradio_{place}.html", **values) for place in ("head", "before", "after")
    )
    return Clothes(head, before, after, pages.catalog.language, pages.catalog.direction)


def _sentences(pages: Pages) -> Sentences:
    return Sentences(
        not_found=pages.t("failure.not_found"),
        signed_out=pages.t("failure.signed_out_guard"),
        too_large=pages.t("failure.too_large"),
        unreadable=pages.t("failure.unreadable"),
        too_many=pages.t("failure.too_many"),
    )
