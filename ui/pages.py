"""What every page is drawn with: templates, catalogue, static files, and who is looking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from coach.domain.language import is_english
from coach.domain.model import Member, Role
from coach.errors import NotAllowed
from ui import fragments
from ui.asides import Asides
from ui.catalog import Catalog
from ui.contributed import Contribution, places_for
from ui.dates import spoken
from ui.facade import Coach
from ui.sessions import visitor
from ui.tabs import OpenTabs

PHRASES = (
    "date.clock",
    "date.today",
    "date.yesterday",
    "reflect.thinking",
    "reflect.keys",
    "reflect.key_control",
    "reflect.count",
    "reflect.coach_said",
    "turn.another",
    "turn.no_more",
    "source.title",
    "source.close",
    "source.back",
    "source.opening",
    "failure.empty",
    "failure.too_long",
    "failure.offline",
    "failure.back_online",
    "failure.unreachable",
    "failure.reachable_again",
    "failure.lost",
    "failure.signed_out",
    "failure.sign_in_here",
    "failure.then_send",
    "failure.signed_in_again",
    "failure.somebody_else",
)


class SignedOut(Exception):
    """A page for members was asked for by nobody in particular."""


@dataclass(frozen=True, slots=True)
class Say:
    """The catalogue as templates call it: `t("journal.title")`."""

    catalog: Catalog

    def __call__(self, key: str, /, **values: object) -> str:
        return self.catalog.text(key, **values)

    def raw(self, key: str) -> str:
        """With its placeholders, for a script that fills them in."""
        entry = self.catalog.texts[key]
        return entry if isinstance(entry, str) else entry["other"]


@dataclass(frozen=True, slots=True)
class Pages:
    """Draws pages.

    Attributes:
        coach: the program.
        catalog: every visible string.
        templates: Jinja, escaping always on.
        now: aware, UTC.
        tabs: what is remembered of open tabs, so that it can be forgotten.
        asides: what is remembered of a sign-in from one page to the next.
        contributions: pages that other rooms bring.
    """

    coach: Coach
    catalog: Catalog
    templates: Environment = field(init=False)
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    tabs: OpenTabs = field(default_factory=OpenTabs)
    asides: Asides = field(default_factory=Asides)
    contributions: Sequence[Contribution] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "templates", _environment(self.catalog, self.now))

    def t(self, key: str, /, **values: object) -> str:
        return self.catalog.text(key, **values)

    def say(self, sentence: str) -> str:
        """What came up in English from a service or an error, in the language of the pages."""
        return self.catalog.say(sentence)

    def fragment(self, template: str, **values: object) -> str:
        return self.templates.get_template(template).render(**values)

    def show(self, request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """A whole page with its header.

        Args:
            values: what the template needs; `said` is a sentence of success above it, `wrong` one of failure,
                as it came up or from the catalogue.
        """
        html = self.fragment(template, **self.surroundings(request), **values)
        return HTMLResponse(html, status)

    def forget(self, member_id: str) -> None:
        """Let go of all that lies in memory of this member's words."""
        self.tabs.forget(member_id)
        self.asides.forget(member_id)

    def visitor(self, request: Request) -> Member | None:
        """The signed-in member of a request."""
        return visitor(request)

    def signed_in(self, request: Request) -> Member:
        """The same, for pages that need one.

        Raises:
            SignedOut: nobody is signed in; the program shows the sign-in page.
        """
        return signed_in(request)

    def _here(self, path: str) -> str:
        starts = {"/home": "home", "/reflect": "reflect", "/journal": "journal", "/my-data": "data"}
        starts |= {address: place for one in self.contributions for place, address in one.PLACES}
        return next((place for start, place in starts.items() if path.startswith(start)), "")

    def surroundings(self, request: Request) -> dict[str, object]:
        member = visitor(request)
        settings = self.coach.settings
        return {
            "member": member,
            "places": places(member, self.contributions) if member else (),
            "here": self._here(request.url.path),
            "keys": PHRASES,
            "limit": settings.reflection_limit,
            "deadline": int(settings.deadline_seconds),
            "keeps_journal": member is not None and keeps_journal(member),
        }


def keeps_journal(member: Member) -> bool:
    """Whether this account writes reflections; the other roles have no journal and see nobody's."""
    return Role.MANAGER in member.roles


def signed_in(request: Request) -> Member:
    """The member of this request.

    Raises:
        SignedOut: nobody is signed in; the program shows the sign-in page.
    """
    member = visitor(request)
    if member is None:
        raise SignedOut
    return member


def writer_of_journal(request: Request) -> Member:
    """The member of this request, who must have a journal.

    Raises:
        SignedOut: nobody is signed in.
        NotAllowed: a facilitator's or evaluator's account without the manager role.
    """
    member = signed_in(request)
    if not keeps_journal(member):
        raise NotAllowed("A page for journals was asked for by an account without one.")
    return member


def places(member: Member, contributions: Sequence[Contribution] = ()) -> tuple[tuple[str, str], ...]:
    """The entries of the header: catalogue name and address."""
    found: list[tuple[str, str]] = []
    if member.roles - {Role.MANAGER}:
        found.append(("home", "/home"))
    if keeps_journal(member):
        found += [("reflect", "/reflect/"), ("journal", "/journal")]
    return (*found, *places_for(member.roles, contributions), ("data", "/my-data"))


def static_folder() -> Path:
    return Path(str(files("ui") / "static"))


def _environment(catalog: Catalog, now: Callable[[], datetime]) -> Environment:
    templates = Environment(
        loader=FileSystemLoader(str(files("ui") / "templates")),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(
        t=Say(catalog),
        say=catalog.say,
        number=catalog.number,
        comma=catalog.text("app.comma"),
        group=catalog.group,
        language=catalog.language,
        direction=catalog.direction,
        static=lambda name: f"/static/{name}",
        spoken=lambda when: spoken(when, now(), catalog),
        inert=fragments.inert,
        is_english=is_english,
        marked=fragments.marked,
        paragraphs=fragments.paragraphs,
        not_in_body=fragments.not_in_body,
        published=fragments.published,
        sentence=fragments.sentence,
        said="",
        wrong="",
    )
    templates.filters["say"] = catalog.say
    return templates
