"""These pages bring templates, a style sheet and a script of their own, and borrow the rest.

A template of ours comes before one of the application with the same name; what ours do not change (the frame
of a page, small parts, words) is the application's.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse

from coach.domain.model import Member
from coach.errors import NotFound
from evals.pages.figure_names import COUNTS, named
from evals.pages.frame import Frame
from evals.pages.words import is_to_read, plain, word

HERE = Path(__file__).parent
LOOKS = {"evaluator.css": "text/css", "draft.js": "text/javascript"}


class Dressed:
    """The application's pages, with our own templates in front."""

    def __init__(self, pages: Frame) -> None:
        """
        Args:
            pages: nothing of it is touched before the first page is drawn.
        """
        self._pages = pages
        self._lock = threading.Lock()
        self._own: Environment | None = None

    @property
    def coach(self) -> Any:
        return self._pages.coach

    @property
    def templates(self) -> Environment:
        """Of the application, with ours before them."""
        with self._lock:
            if self._own is None:
                self._own = _with_ours(self._pages)
            return self._own

    def visitor(self, request: Request) -> Member | None:
        return self._pages.visitor(request)

    def signed_in(self, request: Request) -> Member:
        return self._pages.signed_in(request)

    def say(self, sentence: str) -> str:
        return self._pages.say(sentence)

    def surroundings(self, request: Request) -> dict[str, object]:
        return self._pages.surroundings(request)

    def fragment(self, template: str, **values: object) -> str:
        return self.templates.get_template(template).render(**values)

    def show(self, request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
        return HTMLResponse(self.fragment(template, **self.surroundings(request), **values), status)


def look(name: str) -> FileResponse:
    """The style sheet or the script. Raises NotFound for any other name."""
    if name not in LOOKS:
        raise NotFound("There is nothing here.")
    return FileResponse(HERE / "static" / name, media_type=LOOKS[name])


def _with_ours(pages: Frame) -> Environment:
    theirs = pages.templates
    loaders: list[BaseLoader] = [FileSystemLoader(HERE / "templates")]
    loaders += [theirs.loader] if theirs.loader else []
    own = theirs.overlay(loader=ChoiceLoader(loaders))
    own.globals = {
        **theirs.globals,
        "w": lambda name, /, **values: pages.say(word(name, **values)),
        "plain": lambda sentence: pages.say(plain(sentence)),
        "figure": lambda task, metric: tuple(pages.say(one) for one in named(task, metric)),
        "fails": lambda faults: [pages.say(named("", criterion)[0]) for criterion, _ in faults],
        "counts": COUNTS,
        "look": lambda name: f"/prompts/look/{name}",
    }
    own.tests = {**theirs.tests, "to_read": is_to_read}
    return own
