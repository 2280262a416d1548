"""The evaluator's pages: prompts with their versions, runs, results.

Contributed to the web application through the entry-point group `coach.pages`; the frame of a page and its
words are the application's and are handed in, so nothing here imports it. Templates, a style sheet and a
script of these pages alone lie beside them (see `dressing`). Everything these pages show is a prompt, a
figure, or a case that was made up for the suite: no port that leads to a member's words is in their reach
(see `frame.Programme`).
"""

from __future__ import annotations

from fastapi import APIRouter

from coach.domain.model import Role
from evals.pages.frame import Frame

ROLE = Role.EVALUATOR
PLACES = (("prompts", "/prompts"), ("runs", "/runs"))


def routes(pages: Frame) -> APIRouter:
    """The routes of both places; whoever is no evaluator meets none of them.

    Args:
        pages: what draws, and the programme behind it. Nothing of it is touched before the first visit.
    """
    from evals.pages import prompts_page, runs_page
    from evals.pages.desk import LazyDesk
    from evals.pages.dressing import Dressed

    desk, dressed = LazyDesk(pages), Dressed(pages)
    router = APIRouter(lifespan=desk.lifespan)
    router.include_router(prompts_page.routes(dressed, desk))
    router.include_router(runs_page.routes(dressed, desk))
    return router
