"""Home of facilitators and evaluators, and the sources that anybody may be shown."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from coach.domain.model import Member, Role
from ui.contributed import lacks_pages
from ui.pages import Pages, signed_in, writer_of_journal

_OTHER_ROLES = (Role.FACILITATOR, Role.EVALUATOR, Role.ADMIN)


def routes(pages: Pages) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/home")
    def home(request: Request, member: Annotated[Member, Depends(signed_in)]) -> Response:
        roles = [role.value for role in _OTHER_ROLES if role in member.roles]
        if not roles:
            return RedirectResponse("/reflect/", 303)
        missing = lacks_pages(Role.EVALUATOR, pages.contributions)
        return pages.show(request, "home.html", roles=roles, no_evaluator_pages=missing)

    @router.get("/sources/{document_id}")
    def source(
        request: Request, member: Annotated[Member, Depends(writer_of_journal)], document_id: str
    ) -> Response:
        document = pages.coach.reflect.document(member.id, document_id)
        return pages.show(request, "source.html", document=document)

    return router
