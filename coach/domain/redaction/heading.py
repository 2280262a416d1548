"""Lines in which every word has a capital, so that a capital says nothing there."""

from __future__ import annotations

import re

from coach.domain.redaction.given_names import GIVEN_NAMES
from coach.domain.redaction.roster_index import Roster
from coach.domain.redaction.surface import Token, View

_FIRST = re.compile(r"(?:[.!?…\n][\"')]*\s*|^\s*)$")


def in_heading(read: View, index: int, roster: Roster) -> bool:
    """Whether words that need no capital have one all around, so that it says nothing here."""
    token = read.tokens[index]
    start = read.text.rfind("\n", 0, token.start) + 1
    end = read.text.find("\n", token.end)
    line = [
        one
        for one in read.tokens[max(0, index - 8) : index + 9]
        if start <= one.start
        and (end < 0 or one.end <= end)
        and len(one.word) > 2
        and one is not token
        and not _says_nothing(read, one, roster)
    ]
    return len(line) >= 3 and sum(one.written[0].isupper() for one in line) >= 0.7 * len(line)


def _says_nothing(read: View, token: Token, roster: Roster) -> bool:
    """Of this word we know why it has a capital."""
    first = bool(_FIRST.search(read.text[max(0, token.start - 4) : token.start]))
    return first or token.word in GIVEN_NAMES or bool(roster.owners(token.word))
