"""Pseudonymisation: what is replaced before a text leaves for a language model, and put back after.

People of the roster, likely names beside it, and addresses and numbers that point at a person become
placeholders such as [Person 1]. Nothing here asks the network or a model; docs/redaction.md has the figures.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from coach.domain.redaction.addresses import Found, emails, ips, links
from coach.domain.redaction.births import births
from coach.domain.redaction.codes import codes
from coach.domain.redaction.guessing import guess
from coach.domain.redaction.handles import compound_handles, handles
from coach.domain.redaction.hits import Hit
from coach.domain.redaction.identities import Identities
from coach.domain.redaction.matching import find
from coach.domain.redaction.model import PLACEHOLDER, Redacted, Span, assemble
from coach.domain.redaction.numbers import cards, ibans, ids, long_numbers
from coach.domain.redaction.phones import phones
from coach.domain.redaction.places import places
from coach.domain.redaction.references import references
from coach.domain.redaction.roster import people
from coach.domain.redaction.roster_index import Roster
from coach.domain.redaction.surface import View, view

__all__ = ["Redacted", "Span", "redact"]

# The surer the form, the earlier: an e-mail keeps its whole length against a name within it.
_FINDERS = (
    *(emails, links, births, ibans, cards, ips, places, references, ids, phones, long_numbers, codes),
    compound_handles,
)


def redact(text: str, names: Sequence[str] = (), known: Redacted | None = None) -> Redacted:
    """Replace whom and what a text would give away.

    Args:
        text: cleaned (`coach.domain.text.clean`); any text is accepted.
        names: the roster, one entry a person: "Dana Okafor", "Okafor, Dana", "Dee".
        known: a redaction of an earlier text with the same roster; its placeholders keep their meaning
            and numbering goes on, so that several texts can be sent and restored together.

    Returns:
        The redacted text with its spans and the way back. `redact(t, ...).restore` of its own text is `t`.
        Never raises: what cannot be read stays as it is.
    """
    read = view(text)
    roster = Roster(people(names))
    taken = _Taken()
    for finder in _FINDERS:
        for start, end, kind in finder(read.text):
            taken.add(start, end, kind)
    named = _named(known)
    for hit in find(read, roster, named):
        taken.add(hit.start, hit.end, "person", hit)
    for found in handles(read.text):
        taken.add(*found)
    for hit in guess(read, taken.ranges(), roster, named):
        taken.add(hit.start, hit.end, "person", hit)
    return _assembled(text, read, taken, Identities(roster, text, known), known)


def _named(known: Redacted | None) -> frozenset[str]:
    """The words of the people of earlier texts."""
    people = (one for one in (known.mentions if known else ()) if one.placeholder.startswith("[Person "))
    return frozenset(token.word for one in people for token in view(one.original).tokens)


class _Taken:
    """Ranges of the plain text that are already somebody's; the first comer stays."""

    def __init__(self) -> None:
        self._found: list[tuple[Found, Hit | None]] = []  # by place, none in another

    def add(self, start: int, end: int, kind: str, hit: Hit | None = None) -> None:
        at = bisect_left(self._found, start, key=lambda one: one[0][0])
        free_before = at == 0 or self._found[at - 1][0][1] <= start
        free_behind = at == len(self._found) or end <= self._found[at][0][0]
        if start < end and free_before and free_behind:
            self._found.insert(at, ((start, end, kind), hit))

    def ranges(self) -> list[Found]:
        return [found for found, _ in self._found]

    def in_order(self) -> list[tuple[Found, Hit | None]]:
        return self._found


def _assembled(
    text: str, read: View, taken: _Taken, identities: Identities, known: Redacted | None
) -> Redacted:
    chosen: list[tuple[Span, str]] = []
    for (start, end, kind), hit in taken.in_order():
        first, last = read.original(start, end)
        if chosen and first < chosen[-1][0].end:
            continue  # two plain letters of one original character
        span = Span(first, last, kind)
        chosen.append((span, identities.placeholder(kind, text[first:last], hit)))
    return assemble(text, _with_literals(text, chosen, identities, known), known)


def _with_literals(
    text: str, chosen: list[tuple[Span, str]], identities: Identities, known: Redacted | None
) -> list[tuple[Span, str]]:
    """Something like "[Person 1]" typed by the writer must not be taken for the placeholder."""
    if known is None:
        return chosen
    spans = list(chosen)
    for found in PLACEHOLDER.finditer(text):
        free = all(found.end() <= span.start or span.end <= found.start() for span, _ in chosen)
        if free and found.group() in known.originals:
            spans.append((Span(found.start(), found.end(), "id"), identities.literal(found.group())))
    return sorted(spans, key=lambda one: one[0].start)
