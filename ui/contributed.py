"""Pages that another room brings: the entry-point group `coach.pages`.

What an entry point names is a module, or any object, with a role, places and routes. It gets our Pages to
draw with, so neither side imports the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol

from fastapi import APIRouter

from coach.domain.model import Role

if TYPE_CHECKING:
    from ui.pages import Pages

GROUP = "coach.pages"


class Contribution(Protocol):
    """Pages for one role.

    Attributes:
        ROLE: who gets these places in the header; the routes themselves must refuse everybody else.
        PLACES: catalogue name below `nav.` and address of each place.
    """

    ROLE: Role
    PLACES: tuple[tuple[str, str], ...]

    def routes(self, pages: Pages) -> APIRouter:
        """The routes, made once for one application."""
        ...


def contributed() -> tuple[Contribution, ...]:
    """Everything that is installed, in the order of its names."""
    found = sorted(entry_points(group=GROUP), key=lambda one: one.name)
    return tuple(point.load() for point in found)


def lacks_pages(role: Role, contributions: Sequence[Contribution]) -> bool:
    """Whether nobody brings pages for a role, as when the package was installed before there were any."""
    return all(one.ROLE is not role for one in contributions)


def places_for(roles: frozenset[Role], contributions: Sequence[Contribution]) -> list[tuple[str, str]]:
    """Catalogue name and address of the places that an account with these roles may go to."""
    return [place for one in contributions if one.ROLE in roles for place in one.PLACES]
