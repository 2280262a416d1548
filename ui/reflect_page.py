"""Reflect: the page where a member writes and is asked. Gradio; imported only after its telemetry is off.

Nothing private is kept between two events: who writes comes from the sign-in session, the conversation's
id travels with the request and is checked by the service, and the words are read from the journal again.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from typing import Any

import gradio as gr

from coach.domain.model import Conversation
from coach.errors import CoachError, NotFound, TextRefused, Unanswered
from ui.fragments import inert, one_line
from ui.pages import Pages

QUEUE_LENGTH = 200
CONCURRENCY = 40  # questions answered at once; Gradio's default is one
_SHOWN_ENTRIES = 12  # of a long conversation; the rest is a click away in the journal
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """The components of the page, in the order in which handlers answer."""

    thread: gr.Markdown
    words: gr.Textbox
    conversation: gr.Textbox
    notice: gr.Markdown

    def all(self) -> list[Any]:
        return [self.thread, self.words, self.conversation, self.notice]


def reflect_page(pages: Pages) -> gr.Blocks:
    """The Blocks of the page, with its two events."""
    desk, rtl = Desk(pages), pages.catalog.direction == "rtl"
    with gr.Blocks(
        title=f"{pages.t('reflect.title')} · {pages.t('app.name')}", analytics_enabled=False
    ) as demo:
        thread = gr.Markdown("", elem_id="thread", latex_delimiters=[], rtl=rtl)
        with gr.Column(elem_id="compose"):
            words = gr.Textbox(
                label=pages.t("reflect.first_label"),
                placeholder=pages.t("reflect.placeholder"),
                lines=6,
                max_lines=400,
                elem_id="words",
                rtl=rtl,
                html_attributes=gr.InputHTMLAttributes(autocomplete="off", autocapitalize="sentences"),
            )
            notice = gr.Markdown("", elem_id="notice", latex_delimiters=[], rtl=rtl)
            with gr.Row(elem_id="send-row"):
                send = gr.Button(pages.t("reflect.submit"), variant="primary", elem_id="send", scale=0)
                gr.Markdown(_privacy(pages), elem_id="privacy", latex_delimiters=[], rtl=rtl)
        conversation = gr.Textbox(visible=False)
        parts = Parts(thread, words, conversation, notice)
        send.click(
            desk.ask,
            [words, conversation],
            parts.all(),
            api_visibility="private",
            concurrency_limit=CONCURRENCY,
            show_progress="hidden",
            trigger_mode="once",
        )
        demo.load(
            desk.open,
            None,
            parts.all(),
            api_visibility="private",
            concurrency_limit=CONCURRENCY,
            show_progress="hidden",
        )
    demo.queue(max_size=QUEUE_LENGTH, api_open=False)
    return demo


def _privacy(pages: Pages) -> str:
    """The promise, and the way to what exactly it means; it opens beside the words, which stay in the box."""
    promise, who = inert(pages.t("reflect.privacy")), inert(pages.t("reflect.who"))
    return f'<p>{promise} <a class="open-source quiet-link" href="/my-data#who">{who}</a></p>'


class Desk:
    """The two events of the page."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    def open(self, request: gr.Request) -> tuple[Any, ...]:
        """Show the conversation that the address names, or an empty page."""
        wanted = request.query_params.get("c", "")
        if not wanted:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()
        try:
            found = self.pages.coach.journal.conversation(str(request.username), wanted)
        except NotFound:
            return gr.skip(), gr.skip(), gr.skip(), self.notice(self.pages.t("failure.no_conversation"))
        except Exception as error:  # noqa: BLE001 the last door: Gradio would show a toast without words
            return gr.skip(), gr.skip(), gr.skip(), self.notice(self.unexpected(error))
        return self.thread(found), self.next_box(), found.id, ""

    def ask(self, words: str, conversation_id: str, request: gr.Request) -> tuple[Any, ...]:
        """Save one reflection and show its turn; after any failure the words stay in the box."""
        member_id, coach = str(request.username), self.pages.coach
        try:
            entry = coach.reflect.ask(member_id, conversation_id or None, words)
        except NotFound:  # erased in another tab: sent again, the words begin a new conversation
            return "", gr.skip(), "", self.notice(self.pages.t("failure.no_conversation"))
        except Unanswered as fault:  # saved: in the box the words would be sent, and saved, twice
            _log.error("reflection without an answer: %s", fault.cause)
            return self.saved(member_id, fault)
        except (TextRefused, CoachError) as error:
            return gr.skip(), gr.skip(), gr.skip(), self.notice(str(error))
        except Exception as error:  # noqa: BLE001 the last door: Gradio would show a toast without words
            return gr.skip(), gr.skip(), gr.skip(), self.notice(self.unexpected(error))
        try:
            whole = coach.journal.conversation(member_id, entry.conversation_id)
        except CoachError:  # saved and answered: show at least this one
            whole = Conversation(entry.conversation_id, entry.written_at, entry.written_at, (entry,))
        return self.thread(whole, just_saved=True), self.next_box(), entry.conversation_id, ""

    def saved(self, member_id: str, fault: Unanswered) -> tuple[Any, ...]:
        """The conversation with a reflection that has no turn; without a store only the sentence."""
        try:
            whole = self.pages.coach.journal.conversation(member_id, fault.conversation_id)
        except CoachError:
            return gr.skip(), self.next_box(), fault.conversation_id, self.notice(str(fault))
        return self.thread(whole, just_saved=True), self.next_box(), whole.id, ""

    def next_box(self) -> gr.Textbox:
        """The empty box under a conversation."""
        return gr.Textbox(value="", label=self.pages.t("reflect.next_label"), placeholder="", lines=4)

    def thread(self, conversation: Conversation, just_saved: bool = False) -> str:
        entries = conversation.entries[-_SHOWN_ENTRIES:]
        html = self.pages.fragment(
            "thread.html",
            conversation=conversation,
            entries=entries,
            earlier=len(conversation.entries) - len(entries),
            just_saved=just_saved,
        )
        return one_line(html)

    def notice(self, text: str) -> str:
        # The id differs each time, so that the browser reads the same sentence out again.
        return f'<p class="wrong" id="n-{secrets.token_hex(4)}">{inert(self.pages.say(text))}</p>'

    def unexpected(self, error: Exception) -> str:
        number = secrets.token_hex(3)
        _log.error("reflect failed: %s (%s)", type(error).__name__, number)  # never the message: it may quote
        return self.pages.t("failure.unexpected", number=number)
