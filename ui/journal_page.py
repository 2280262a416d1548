"""The journal: past conversations, search, erasing an entry or a conversation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from coach.domain.model import Conversation, Entry, Member
from coach.errors import NotFound
from coach.services.journal import passage
from ui.dates import month_of
from ui.fragments import snippet
from ui.pages import Pages, writer_of_journal

Writing = Annotated[Member, Depends(writer_of_journal)]


@dataclass(frozen=True, slots=True)
class Line:
    """One conversation as the list shows it."""

    id: str
    at: datetime
    count: int
    opening: str
    question: str  # that answered the opening; empty when that is a question itself, and with a signpost
    signpost: bool = False  # some answer of the conversation was one


def line_of(conversation: Conversation, words: str = "") -> Line:
    """What the list shows; with searched words, the passage that has them instead of the first words."""
    entries = conversation.entries
    shown = passage(conversation, words)
    signpost = any(entry.turn and entry.turn.signpost for entry in entries)
    return Line(
        conversation.id,
        conversation.last_at,
        len(entries),
        snippet(shown, words),
        "" if signpost else _answer_to(shown, entries),
        signpost,
    )


def _answer_to(text: str, entries: Iterable[Entry]) -> str:
    """The question that answered this reflection; empty for a text that is none of them, and without one."""
    turn = next((entry.turn for entry in entries if entry.text == text), None)
    return turn.questions[0].text if turn and turn.questions else ""


def routes(pages: Pages) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    _add_reading(router, pages)
    _add_erasing(router, pages)
    return router


def _add_reading(router: APIRouter, pages: Pages) -> None:
    journal = pages.coach.journal

    @router.get("/journal")
    def overview(request: Request, member: Writing, found: str = "") -> Response:
        if not found:
            return _list(pages, request, journal.conversations(member.id))
        words = pages.asides.words(request, found)
        if not words:  # after an hour, or under another sign-in
            return RedirectResponse("/journal", 303)
        return _list(pages, request, journal.search(member.id, words), words)

    # A form in the body, not an address: searched words are private too.
    @router.post("/journal/search")
    def search(request: Request, _member: Writing, words: Annotated[str, Form()] = "") -> Response:
        words = " ".join(words.split())[:200]
        found = f"?found={pages.asides.remember(request, words)}" if words else ""
        return RedirectResponse(f"/journal{found}", 303)

    @router.get("/journal/search")
    def search_again() -> Response:
        return RedirectResponse("/journal", 303)

    @router.get("/journal/{conversation_id}")
    def one(request: Request, member: Writing, conversation_id: str) -> Response:
        conversation = journal.conversation(member.id, conversation_id)
        said = pages.asides.said(request)
        return pages.show(request, "conversation.html", conversation=conversation, said=said)


def _add_erasing(router: APIRouter, pages: Pages) -> None:
    journal = pages.coach.journal

    @router.get("/journal/erase/{entry_id}")
    def ask_to_erase(request: Request, member: Writing, entry_id: str) -> Response:
        entry = _find(journal.conversations(member.id), entry_id)
        if entry is None:
            raise NotFound(pages.t("failure.not_found"))
        return pages.show(request, "erase_entry.html", entry=entry)

    @router.post("/journal/erase/{entry_id}")
    def erase(request: Request, member: Writing, entry_id: str) -> Response:
        entry = _find(journal.conversations(member.id), entry_id)
        try:
            journal.erase_entry(member.id, entry_id)
        finally:
            pages.forget(member.id)
        return after(request, member, "journal.erased", entry.conversation_id if entry else "")

    @router.get("/journal/{conversation_id}/erase")
    def ask_to_erase_all_of_it(request: Request, member: Writing, conversation_id: str) -> Response:
        conversation = journal.conversation(member.id, conversation_id)
        return pages.show(request, "erase_conversation.html", conversation=conversation)

    @router.post("/journal/{conversation_id}/erase")
    def erase_all_of_it(request: Request, member: Writing, conversation_id: str) -> Response:
        try:
            journal.erase_conversation(member.id, conversation_id)
        finally:
            pages.forget(member.id)  # also of a conversation of which only a part could be erased
        return after(request, member, "journal.erased_conversation", "")

    def after(request: Request, member: Member, said: str, conversation_id: str) -> Response:
        """To what is left, where it is said once that the rest is erased."""
        left = {one.id for one in journal.conversations(member.id)}
        pages.asides.say_next(request, pages.t(said))
        return RedirectResponse(f"/journal/{conversation_id}" if conversation_id in left else "/journal", 303)


def _list(pages: Pages, request: Request, found: list[Conversation], words: str = "") -> Response:
    lines = [line_of(conversation, words) for conversation in found]
    return pages.show(
        request,
        "journal.html",
        words=words,
        found=len(lines),
        months=_by_month(pages, lines),
        any_written=bool(lines or words),
        said=pages.asides.said(request),
    )


def _by_month(pages: Pages, lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    newest_first = sorted(lines, key=lambda line: line.at, reverse=True)
    return [
        (month, list(group))
        for month, group in groupby(newest_first, key=lambda line: month_of(line.at, pages.catalog))
    ]


def _find(conversations: Iterable[Conversation], entry_id: str) -> Entry | None:
    entries = (entry for conversation in conversations for entry in conversation.entries)
    return next((entry for entry in entries if entry.id == entry_id), None)
