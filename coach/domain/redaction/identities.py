"""Which placeholder stands for whom: the same one for a person in every form of the name."""

from __future__ import annotations

import re

from coach.domain.redaction.hits import Hit
from coach.domain.redaction.model import LABELS, PLACEHOLDER, Redacted
from coach.domain.redaction.roster_index import Roster
from coach.domain.redaction.surface import plain

_LETTERS = re.compile(r"[^\W\d_]+")


class Identities:
    """Hands out placeholders; the numbers that stand in the text already are left out."""

    def __init__(self, roster: Roster, text: str, known: Redacted | None) -> None:
        """Start where `known` ended."""
        self._roster = roster
        self._of_key: dict[tuple[str, str], str] = {}
        self._used = set(PLACEHOLDER.findall(text))
        self._last: int | None = None
        if known is not None:
            self._used |= set(known.originals) | set(PLACEHOLDER.findall(known.text))
            for mention in known.mentions:
                self._remember(mention.placeholder, mention.original)

    def placeholder(self, kind: str, original: str, hit: Hit | None) -> str:
        """The placeholder of what stands there.

        Args:
            kind: of the span.
            original: as written.
            hit: for a person, what was recognised.
        """
        keys = self._keys(kind, original, hit)
        for key in keys:
            if key in self._of_key:
                name = self._of_key[key]
                break
        else:
            name = self._next(kind)
        for key in keys:
            self._of_key.setdefault(key, name)
        return name

    def literal(self, written: str) -> str:
        """A new placeholder for a text that only looks like one."""
        return self.placeholder("id", written, None)

    def _next(self, kind: str) -> str:
        number = 1
        while f"[{LABELS[kind]} {number}]" in self._used:
            number += 1
        name = f"[{LABELS[kind]} {number}]"
        self._used.add(name)
        return name

    def _keys(self, kind: str, original: str, hit: Hit | None) -> list[tuple[str, str]]:
        if kind != "person" or hit is None:
            return [(kind, re.sub(r"[\s().\-]", "", plain(original).lower()) or original)]
        if len(hit.people) == 1 or (hit.people and self._last in hit.people):
            number = hit.people[0] if len(hit.people) == 1 else self._last
            self._last = number
            words = self._roster.people[number or 0].words
            return [("roster", " ".join(words))]
        if hit.people:
            return [("shared", hit.word)]
        words = tuple(word for word in hit.word.split() if len(word) > 1)
        whole = ("guess", " ".join(words))
        return [whole, *(("guess", word) for word in words if word)] if words else [whole]

    def _remember(self, placeholder: str, original: str) -> None:
        if not placeholder.startswith("[" + LABELS["person"]):
            for kind, label in LABELS.items():
                if placeholder.startswith("[" + label + " "):
                    self._of_key.setdefault(self._keys(kind, original, None)[0], placeholder)
            return
        words = [word.lower() for word in _LETTERS.findall(plain(original))]
        owners = [set(self._roster.owners(word)) for word in words if self._roster.owners(word)]
        same = set.intersection(*owners) if owners else set()
        if len(same) == 1:
            person = self._roster.people[same.pop()]
            self._of_key.setdefault(("roster", " ".join(person.words)), placeholder)
        elif same:
            self._of_key.setdefault(("shared", " ".join(words)), placeholder)
        for word in words:
            if len(word) > 1:
                self._of_key.setdefault(("guess", word), placeholder)
        self._of_key.setdefault(("guess", " ".join(words)), placeholder)
