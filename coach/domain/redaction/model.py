"""What was replaced in a text, and how it is put back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

LABELS = {
    "person": "Person",
    "email": "Email",
    "phone": "Phone",
    "url": "Link",
    "ip": "Address",
    "card": "Card",
    "iban": "Account",
    "handle": "Handle",
    "id": "Number",
    "place": "Place",
    "birth": "Date",
}
PLACEHOLDER = re.compile(r"\[(?:" + "|".join(LABELS.values()) + r") \d{1,9}\]")
_LOOKALIKE = re.compile(r"\[\s*(?:" + "|".join(LABELS.values()) + r")\s*\d{1,9}\s*\]", re.IGNORECASE)
_CHANCE = 14  # so many shared characters may be chance: " and [Person 1]"
_CONTEXT = 40  # characters on either side that tell which form of a name stood there


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the original text that was replaced.

    Attributes:
        start, end: offsets in the original text, `0 <= start < end <= len(text)`.
        kind: one of the keys of `LABELS`.
    """

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Mention:
    """One replaced place: what stood there, and the placeholder text around it."""

    placeholder: str
    original: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without its names and numbers, and the way back.

    What would give the people away is kept out of `repr`, so that no log line shows it.

    Attributes:
        text: with placeholders, e.g. "I told [Person 1] to ring [Phone 1]."
        spans: what was replaced, in order, none overlapping.
        originals: placeholder -> what it stands for, in the form the writer used most.
        mentions: every replaced place of this text and of the texts before it (`known`).
        source: the text as it was given.
    """

    text: str
    spans: tuple[Span, ...]
    originals: Mapping[str, str] = field(repr=False)
    mentions: tuple[Mention, ...] = field(default=(), repr=False)
    source: str = field(default="", repr=False)

    def restore(self, text: str) -> str:
        """Put the originals back.

        A person written in several forms ("Dana Okafor", "Dana") has one placeholder. In the redacted
        text itself each place gets its own form back; in any other text a place gets the form
        that stood between the same words, or else the one used most.

        Args:
            text: anything, usually what a language model wrote about the redacted text.

        Returns:
            The text with every placeholder of this mapping replaced. Only whole placeholders count:
            "[Person 1]" is not found in "[Person 12]".
        """
        if text == self.text:
            return self.source
        return PLACEHOLDER.sub(lambda found: self._form_at(text, found), text)

    def leftover(self, text: str) -> tuple[str, ...]:
        """Placeholders in a text that `restore` cannot put back, each once, in order.

        Also those a language model bent ("[person 1]", "[Person1]"): the caller throws such a text away.
        """
        found = (match.group() for match in _LOOKALIKE.finditer(text))
        return tuple(dict.fromkeys(one for one in found if one not in self.originals))

    def _form_at(self, text: str, found: re.Match[str]) -> str:
        placeholder = found.group()
        if placeholder not in self.originals:
            return placeholder
        before = text[max(0, found.start() - _CONTEXT) : found.start()]
        after = text[found.end() : found.end() + _CONTEXT]
        best, form = _CHANCE, self.originals[placeholder]
        for mention in self.mentions:
            if mention.placeholder != placeholder:
                continue
            shared = _shared(before[::-1], mention.before[::-1]) + _shared(after, mention.after)
            if shared > best:
                best, form = shared, mention.original
        return form


def _shared(left: str, right: str) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def assemble(text: str, spans: list[tuple[Span, str]], known: Redacted | None) -> Redacted:
    """Replace the spans.

    Args:
        text: the original.
        spans: each with its placeholder, in order, none overlapping.
        known: the mapping to continue, if there is one.
    """
    pieces: list[str] = []
    places: list[tuple[str, str, int, int]] = []
    length, at = 0, 0
    for span, placeholder in spans:
        gap = text[at : span.start]
        pieces += [gap, placeholder]
        start = length + len(gap)
        length = start + len(placeholder)
        places.append((placeholder, text[span.start : span.end], start, length))
        at = span.end
    pieces.append(text[at:])
    out = "".join(pieces)
    fresh = tuple(
        Mention(placeholder, original, out[max(0, start - _CONTEXT) : start], out[end : end + _CONTEXT])
        for placeholder, original, start, end in places
    )
    mentions = (known.mentions if known else ()) + fresh
    return Redacted(out, tuple(span for span, _ in spans), _most_used(mentions), mentions, text)


def _most_used(mentions: tuple[Mention, ...]) -> dict[str, str]:
    forms: dict[str, Counter[str]] = {}
    for mention in mentions:
        forms.setdefault(mention.placeholder, Counter())[mention.original] += 1
    return {
        # "Dana" reads better than "dana" in somebody else's sentence, however often it was typed.
        placeholder: max(counts, key=lambda form: (not form.islower(), not form.isupper(), counts[form]))
        for placeholder, counts in forms.items()
    }
