"""A member's own journal: read, search, erase, take away."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

from coach.domain.model import Access, Conversation, Entry
from coach.domain.turn_json import turn_to_dict
from coach.errors import NotFound, UserError
from coach.ports import Audit, Journal, People

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
EVERYTHING = 1_000_000  # conversations: a journal shows, finds and gives back all of it

FAILED_SIGN_IN = "account.sign-in-failed"
Who = Literal["you", "operator", "program", "somebody", "other"]


def who_did(access: Access, member_id: str) -> Who:
    """Whom a line of a member's access log is about, in words that name no other account."""
    if access.action == FAILED_SIGN_IN:
        return "somebody"  # the program wrote the line; who tried is not known
    if access.actor_id == member_id:
        return "you"
    if access.actor_id == "operator":
        return "operator"
    return "program" if access.actor_id in ("system", "store", "") else "other"


def english_day(moment: datetime) -> str:
    """ "3 March 2026", whatever the machine's own language is."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def english_line(access: Access, who: Who) -> str:
    """One line of the access log, with the verb as it is kept."""
    return f"{minute_of(access.at)}: {access.action} ({who})"


def minute_of(moment: datetime) -> str:
    """ "2026-03-02 21:00 UTC": the same in every language, and for every reader."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


@dataclass(frozen=True, slots=True)
class Captions:
    """What an export says beside the member's own words; in English by default.

    Attributes:
        title: above the whole.
        day: the day on which a conversation began, as people say it.
        angle: before each other question of a turn.
        names: above the names on the member's list.
        log: above the access log.
        line: one line of it.
    """

    title: str = "My journal"
    day: Callable[[datetime], str] = english_day
    angle: str = "or"
    names: str = "Names I write about"
    log: str = "Who opened what"
    line: Callable[[Access, Who], str] = english_line


ENGLISH = Captions()


def found_in(text: str, words: str) -> list[tuple[int, int]]:
    """Where searched words stand in a text: start and end in its own characters, in order, none twice.

    What counts as standing there is what `JournalService.search` goes by: any upper case, any accents,
    also in the middle of a word.
    """
    wanted = sorted(_plain(words).split(), key=len, reverse=True)
    if not wanted:
        return []
    letters = [_plain_letter(letter) for letter in text]
    origin = [place for place, plain in enumerate(letters) for _ in plain]
    places: list[tuple[int, int]] = []
    for match in re.finditer("|".join(map(re.escape, wanted)), "".join(letters)):
        start, end = origin[match.start()], origin[match.end() - 1] + 1
        while end < len(text) and not letters[end]:  # an accent that is a character of its own
            end += 1
        if places and start < places[-1][1]:  # two matches in one character, as of f and i in a ligature
            start, _ = places.pop()
        places.append((start, end))
    return places


def passage(conversation: Conversation, words: str = "") -> str:
    """The text of a conversation in which most of the searched words stand.

    What the member wrote goes before what they were asked, and the earlier before the later; without any
    words it is how the conversation began.
    """
    wanted = set(_plain(words).split())
    if not wanted:
        return next(iter(_texts(conversation)), "")

    def most(text: str) -> int:
        plain = _plain(text)
        return sum(word in plain for word in wanted)

    return max(_texts(conversation), key=most, default="")


class JournalService:
    """Every method acts for one member on that member's own words."""

    def __init__(self, journal: Journal, audit: Audit, people: People) -> None:
        self._journal = journal
        self._audit = audit
        self._people = people

    def conversations(self, member_id: str) -> list[Conversation]:
        """All conversations, newest first."""
        return self._journal.conversations(member_id, limit=EVERYTHING)

    def conversation(self, member_id: str, conversation_id: str) -> Conversation:
        """One conversation.

        Raises:
            NotFound: not there, or not theirs.
        """
        return self._journal.conversation(member_id, conversation_id)

    def search(self, member_id: str, words: str) -> list[Conversation]:
        """Conversations in which every one of the words stands, in any form of upper case and accents.

        Args:
            words: as typed; empty gives every conversation.
        """
        wanted = _plain(words).split()
        return [
            conversation
            for conversation in self._journal.conversations(member_id, limit=EVERYTHING)
            if _has_all(conversation, wanted)
        ]

    def erase_entry(self, member_id: str, entry_id: str) -> None:
        """Erase a reflection and its turn for good.

        Raises:
            NotFound: not there, or not theirs.
        """
        self._journal.erase_entry(member_id, entry_id)

    def erase_conversation(self, member_id: str, conversation_id: str) -> None:
        """Erase every entry of a conversation for good, the newest first, each as `erase_entry` does.

        Raises:
            NotFound: not there, or not theirs.
            StoreUnavailable: what was not erased yet is still there, so it can be tried again.
        """
        conversation = self._journal.conversation(member_id, conversation_id)
        for entry in reversed(conversation.entries):
            with suppress(NotFound):  # erased in another tab just now
                self._journal.erase_entry(member_id, entry.id)

    def erase_all(self, member_id: str, actor: str = "") -> None:
        """Erase the whole journal and the list of names for good.

        Args:
            actor: who did it, when not the member.

        Raises:
            NotFound: no such member.
            StoreUnavailable: the journal is still there, so it can be tried again.
        """
        self._people.set_roster(member_id, [])  # first: erasing the journal also scrubs what this leaves
        self._journal.erase_journal(member_id, actor)

    def access_log(self, member_id: str) -> list[Access]:
        """Who did what with this member's data, newest first."""
        return self._audit.of_owner(member_id)

    def export(self, member_id: str, form: str, actor: str = "", captions: Captions = ENGLISH) -> str:
        """The whole journal, the list of names and the access log as a text to take away.

        Args:
            form: "markdown" or "json".
            actor: who takes it, when not the member; it stands in the member's access log.
            captions: the words of the Markdown that are not the member's; JSON has none.

        Raises:
            UserError: another form.
        """
        if form not in ("markdown", "json"):
            raise UserError("There is no such form.", "Please choose markdown or json.")
        kept = _Kept(
            self._journal.conversations(member_id, limit=EVERYTHING),
            self._people.roster(member_id),
            [(access, who_did(access, member_id)) for access in self._audit.of_owner(member_id)],
        )
        text = _json(kept) if form == "json" else _markdown(kept, captions)
        self._audit.record(actor or member_id, f"journal.export-{form}", member_id, owner_id=member_id)
        return text


@dataclass(frozen=True, slots=True)
class _Kept:
    """What an export holds; conversations and log newest first."""

    conversations: list[Conversation]
    names: list[str]
    log: list[tuple[Access, Who]]


def _has_all(conversation: Conversation, wanted: list[str]) -> bool:
    said = _plain("\n".join(_texts(conversation)))
    return all(word in said for word in wanted)


def _texts(conversation: Conversation) -> list[str]:
    """What can be searched: the member's words, then every question they were asked."""
    turns = [entry.turn for entry in conversation.entries if entry.turn]
    asked = [question.text for turn in turns for question in turn.questions]
    return [*(entry.text for entry in conversation.entries), *asked]


def _plain(text: str) -> str:
    """Without case and accents, as its letters one by one would be; whole, because a journal is long."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold()).casefold()
    return decomposed.translate(_NO_ACCENTS)


_plain_letter = lru_cache(maxsize=32_768)(_plain)
"""Empty for an accent alone, several letters for a ligature."""


class _Accents(dict[int, int | None]):
    """For `str.translate`: every character as it is, accents as nothing; usual ones are looked up once."""

    def __missing__(self, code: int) -> int | None:
        kept = None if unicodedata.combining(chr(code)) else code
        if code <= _USUAL:
            self[code] = kept
        return kept


_USUAL = 0xFFFF  # Unicode's first plane; nobody can fill the memory with the others
_NO_ACCENTS = _Accents()


def _markdown(kept: _Kept, captions: Captions) -> str:
    parts = [f"# {captions.title}"]
    for conversation in reversed(kept.conversations):
        parts.append(f"## {captions.day(conversation.started_at)}")
        for entry in conversation.entries:
            parts.append(entry.text)
            parts.extend(_answer(entry, captions.angle))
    if kept.names:
        parts += [f"## {captions.names}", _list(kept.names)]
    if kept.log:
        parts += [f"## {captions.log}", _list(captions.line(*line) for line in reversed(kept.log))]
    return "\n\n".join(parts) + "\n"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _answer(entry: Entry, angle: str) -> list[str]:
    if entry.turn is None:
        return []
    if entry.turn.signpost:
        return [f"> {line}" for line in entry.turn.signpost.splitlines() if line.strip()]
    asked = [f"**{question.text}**" for question in entry.turn.questions]
    said = [entry.turn.mirror, *asked[:1], *(f"{angle}: {other}" for other in asked[1:])]
    return ["\n>\n".join(f"> {line}" for line in said if line)]


def _json(kept: _Kept) -> str:
    rows: list[dict[str, Any]] = [
        {
            "id": conversation.id,
            "started_at": conversation.started_at.isoformat(),
            "entries": [
                {
                    "id": entry.id,
                    "written_at": entry.written_at.isoformat(),
                    "text": entry.text,
                    "turn": turn_to_dict(entry.turn) if entry.turn else None,
                }
                for entry in conversation.entries
            ],
        }
        for conversation in reversed(kept.conversations)
    ]
    log = [
        {"at": access.at.isoformat(), "who": who, "what": access.action} for access, who in reversed(kept.log)
    ]
    whole = {"journal": rows, "names": kept.names, "access_log": log}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
