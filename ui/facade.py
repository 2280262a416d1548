"""What the pages ask of the program: the part of `coach.bootstrap.Coach` that a browser can reach.

The pages are written against these Protocols, so that the browser tests can put a scripted coach
behind the real pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from coach.domain.model import Access, Conversation, Document, Entry, Member
from coach.ports import Sessions
from coach.services.accounts import Opened
from coach.services.journal import Captions

ExportFormat = Literal["markdown", "json"]


class ReflectService(Protocol):
    def ask(self, member_id: str, conversation_id: str | None, text: str) -> Entry:
        """One reflection and the turn that answers it.

        Raises:
            TextRefused, StoreUnavailable, NotFound: nothing was saved; the text stays in the box.
            Unanswered: it was saved, without a turn.
        """
        ...

    def document(self, member_id: str, document_id: str) -> Document:
        """Raises NotFound when it is not there or not for this member."""
        ...


class JournalService(Protocol):
    def conversations(self, member_id: str) -> list[Conversation]: ...

    def conversation(self, member_id: str, conversation_id: str) -> Conversation: ...

    def search(self, member_id: str, words: str) -> list[Conversation]: ...

    def erase_entry(self, member_id: str, entry_id: str) -> None: ...

    def erase_conversation(self, member_id: str, conversation_id: str) -> None: ...

    def erase_all(self, member_id: str) -> None: ...

    def export(self, member_id: str, form: ExportFormat, *, captions: Captions) -> str: ...

    def access_log(self, member_id: str) -> list[Access]: ...


class AccountService(Protocol):
    def redeem(self, token: str) -> Opened: ...

    def peek(self, token: str) -> Member | None: ...

    def sign_in(self, email: str, password: str, client: str) -> Opened: ...

    def set_password(self, member_id: str, new: str, old: str | None) -> Opened: ...

    def sign_in_identity(self, issuer: str, subject: str, email: str) -> Opened: ...

    def member(self, member_id: str) -> Member: ...

    def has_password(self, member_id: str) -> bool: ...

    def roster(self, member_id: str) -> list[str]: ...

    def set_roster(self, member_id: str, names: Sequence[str]) -> None: ...

    def record(self, member_id: str, action: str) -> None: ...


class OidcSettings(Protocol):
    @property
    def issuer(self) -> str: ...
    @property
    def client_id(self) -> str: ...
    @property
    def client_secret(self) -> str: ...
    @property
    def name(self) -> str: ...


class PageSettings(Protocol):
    """The settings that pages read."""

    @property
    def base_url(self) -> str: ...
    @property
    def deadline_seconds(self) -> float: ...
    @property
    def reflection_limit(self) -> int: ...
    @property
    def model(self) -> str:
        """`provider:model`; empty without a language model."""
        ...

    @property
    def model_base_url(self) -> str: ...
    @property
    def writer_name(self) -> str:
        """ "bank", "llm", or what somebody installed."""
        ...

    @property
    def oidc(self) -> OidcSettings | None: ...


class Coach(Protocol):
    @property
    def reflect(self) -> ReflectService: ...
    @property
    def journal(self) -> JournalService: ...
    @property
    def accounts(self) -> AccountService: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def settings(self) -> PageSettings: ...
