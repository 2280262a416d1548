"""The evaluator's pages: prompts with their versions, runs, results.

Contributed to the web application through the entry-point group `coach.pages`; what draws them (templates,
words, styles) is the application's and is handed in, so nothing here imports it. Everything these pages
show is a prompt, a figure, or a case that was made up for the suite: no port that leads to a member's words
is in their reach (see `frame.Programme`).
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

    desk = LazyDesk(pages)
    router = APIRouter(lifespan=desk.lifespan)
    router.include_router(prompts_page.routes(pages, desk))
    router.include_router(runs_page.routes(pages, desk))
    return router
