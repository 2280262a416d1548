"""What the web application hands in, as far as these pages use it, and who may pass."""

from __future__ import annotations

from typing import Any, Protocol

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Match
from starlette.types import Scope

from coach.domain.model import Member, Role
from coach.ports import Audit
from coach.settings import Settings


class Accounts(Protocol):
    """Names for the history; nothing else of an account is read."""

    def member(self, member_id: str) -> Member: ...


class LogParts(Protocol):
    """The one port that these pages use.

    Beside it, where it is there, `corpus_embedder.save`: vectors of the corpus, which holds no member's
    words. A run is another process, and without them its first minutes go into making them again.
    """

    @property
    def audit(self) -> Audit: ...


class Programme(Protocol):
    """The part of the program that the evaluator's pages can see: no journal, no people, no index."""

    @property
    def settings(self) -> Settings: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def parts(self) -> LogParts: ...


class Frame(Protocol):
    """What draws a page."""

    @property
    def coach(self) -> Any:
        """Used as a `Programme` and as nothing more."""
        ...

    @property
    def templates(self) -> Environment: ...

    def say(self, sentence: str) -> str:
        """English from below the pages, in their language."""
        ...

    def surroundings(self, request: Request) -> dict[str, object]:
        """What the frame of every page needs."""
        ...

    def visitor(self, request: Request) -> Member | None: ...

    def signed_in(self, request: Request) -> Member:
        """Raises an error that leads to the sign-in page."""
        ...

    def fragment(self, template: str, **values: object) -> str: ...

    def show(self, request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse: ...


def router_for_evaluators(pages: Frame) -> APIRouter:
    """A router whose routes are not there for members of other roles, whatever they send.

    Not a refusal: the program looks on as if no route had matched, so the answer is the very page that
    an address gives behind which there never was anything. Who is not signed in is sent to the door.
    """

    class OnlyEvaluators(APIRoute):
        def matches(self, scope: Scope) -> tuple[Match, Scope]:
            """Whether this route is meant, and is there for this visitor."""
            member = pages.visitor(Request(scope)) if scope["type"] == "http" else None
            if member is not None and Role.EVALUATOR not in member.roles:
                return Match.NONE, {}
            return super().matches(scope)

    return APIRouter(
        include_in_schema=False, route_class=OnlyEvaluators, dependencies=[Depends(pages.signed_in)]
    )
