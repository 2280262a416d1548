"""What the server remembers of open Reflect tabs, and how it is made to forget.

Gradio keeps what a tab shows in memory until an hour after the tab was closed. Nobody else can reach it,
but words that their writer has erased, or walked away from, should not lie there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ui.guard import Claims


def keep(session_hash: str) -> None:
    """Before Gradio is mounted there is nothing to drop."""


@dataclass(slots=True)
class OpenTabs:
    """Every member's tabs.

    Attributes:
        claims: whose tab is whose, kept by the guard.
        drop: lets go of what is kept for one tab, by the name that Gradio knows it by; a tab that is still
            open begins again, empty.
        inputs: how many inputs each event of the page has, by its number.
    """

    claims: Claims = field(default_factory=Claims)
    drop: Callable[[str], None] = keep
    inputs: dict[int, int] = field(default_factory=dict)

    def forget(self, member_id: str) -> None:
        """Drop what this member's tabs show; they stay the member's own."""
        for session_hash in list(self.claims.used.get(member_id, ())):
            self.drop(self.claims.inner(session_hash, member_id))
