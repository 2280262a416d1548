"""What stands beside a word: its neighbours, a full stop before it, an owner's s behind it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coach.domain.redaction.surface import Token, View

_STARTS = re.compile(r"(?:^|[.!?…:;]['\")\]»”]*\s|\n|[\"“«(\[]|\s['‘]|^[-*•]|\s[-•]\s)\s*[-*•\"'“(]*\s*$")
_OWN = re.compile(r"'s\b", re.IGNORECASE)
_TIGHT = re.compile(r" +|\n")


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands around one token.

    Attributes:
        token: the one in question.
        before, after, second: the words next to it in lower case; empty across punctuation.
        before_written, after_written: the same as written.
        earlier: the word before `before`.
        gap: what follows the token up to the next word.
        ahead: the next characters, whatever they are.
        start: whether a sentence (or a quotation, a line, a list item) begins with it.
        own: whether `'s` follows.
        shouting: the words next to it are in capitals as well.
        known: tells of a word whether it is certainly a name.
    """

    token: Token
    before: str
    before_written: str
    earlier: str
    after: str
    after_written: str
    second: str
    second_written: str
    gap: str
    ahead: str
    start: bool
    own: bool
    shouting: bool
    known: Callable[[str], bool]


def beside(read: View, index: int, known: Callable[[str], bool], last: int | None = None) -> Beside:
    """Collect what stands around token `index` (or around the run `index`..`last`)."""
    tokens = read.tokens
    end = index if last is None else last
    token = tokens[index]
    own = bool(_OWN.match(read.text, tokens[end].end))
    gap = read.gap(end)
    after, second = _following(read, end + (1 if own else 0))
    before = tokens[index - 1] if index and _TIGHT.fullmatch(read.gap(index - 1)) else None
    if before and before.word in {"t", "s", "ll", "re", "ve", "d", "m"} and index > 1:
        before = None  # isn't, it's: the piece after the apostrophe is no word
    return Beside(
        token=token,
        before=before.word if before else "",
        before_written=before.written if before else "",
        earlier=tokens[index - 2].word if before and index > 1 and read.gap(index - 2) == " " else "",
        after=after[0] if after else "",
        after_written=after[1] if after else "",
        second=second[0] if second else "",
        second_written=second[1] if second else "",
        gap=gap,
        ahead=read.text[tokens[end].end : tokens[end].end + 8],
        start=bool(_STARTS.search(read.text[max(0, token.start - 12) : token.start])),
        own=own,
        shouting=_shouting(tokens, index, end),
        known=known,
    )


def _shouting(tokens: Sequence[Token], first: int, last: int) -> bool:
    near = [*tokens[max(0, first - 2) : first], *tokens[last + 1 : last + 3]]
    return any(token.shouted for token in near)


def _following(read: View, index: int) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    first = _next(read, index)
    if first is None:
        return None, None
    step, word, written = first
    second = _next(read, index + step)
    return (word, written), (second[1], second[2]) if second else None


def _next(read: View, index: int) -> tuple[int, str, str] | None:
    """The word after token `index`, with an apostrophe part joined to it: didn't, she's."""
    if index + 1 >= len(read.tokens) or not _TIGHT.fullmatch(read.gap(index)):
        return None
    token = read.tokens[index + 1]
    if index + 2 < len(read.tokens) and read.gap(index + 1) == "'" and len(read.tokens[index + 2].word) < 3:
        return 2, token.word + "'" + read.tokens[index + 2].word, token.written
    return 1, token.word, token.written
