"""Reads a question: which sentence asks, and where in it the asking begins.

People put things before a question ("So, um, thinking back to Monday, what did you notice?").
Whoever judges the form has to look at the clause that asks, not at the first word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from coach.domain.rubric.words import masked

WH = r"(?:what|how|why|who|whom|whose|which|when|where)"
AUX = (
    r"(?:do|does|did|is|are|was|were|am|have|has|had|can|could|will|would|shall|should|may|might|must|ought)"
    r"(?:n't)?|can't|won't|shan't|ain't|cannot"
)
SUBJECT = (
    r"(?:you|i|we|he|she|it|they|this|that|these|those|there|your|my|our|his|her|their|its|the|a|an|any|"
    r"anyone|anybody|anything|someone|somebody|something|everyone|everything|people|others|one|not)\b"
)

_FILLER = re.compile(
    r"""(?:\s|[,;:.\-"'(\[*_>…])*
    (?:so|um+|uh+|er+m?|ah+|eh|hm+|mm+|mhm|mm-hmm|uh-huh|well|ok|okay|and|but|or|now|then|right|yeah|yes|yep|
       no|oh|alright|all\s right|great|good|fine|sure|cool|interesting|thanks|thank\s you|i\s see|i\s mean|
       you\s know|let\s me\s ask(?:\s you)?(?:\s this)?|also|
       like|just|again|first|finally|next|lastly|anyway|actually|
       maybe|perhaps|please|sorry|because|cause|plus|got\s it|wow|gotcha|absolutely|exactly|definitely)
    (?![\w'-])""",
    re.IGNORECASE | re.VERBOSE,
)
_LEAD_IN = re.compile(
    r"""(?:\s|[,;:\-])*
    (?:(?:can|could|may|might)\s+i\s+(?:just\s+)?ask(?:\s+you)?
      |i(?:'m|\s+am|\s+was|'d\s+be)?\s+(?:just\s+|also\s+|still\s+|kind\s+of\s+|sort\s+of\s+)?
         (?:wonder(?:ing)?|curious(?:\s+to\s+(?:know|hear))?|interested\s+(?:in|to\s+know|to\s+hear))
      |i(?:'d|\s+would)\s+(?:like|love|be\s+interested)\s+to\s+(?:know|hear|understand|ask(?:\s+you)?)
      |i\s+want\s+to\s+(?:know|hear|understand|ask(?:\s+you)?)
      |(?:my|the|a|one)\s+(?:next\s+|first\s+|other\s+)?question\s+(?:is|for\s+you\s+is|to\s+you\s+is)
      |let's\s+(?:see|say)
      |(?:do|would)\s+you\s+mind\s+(?:if\s+i\s+ask|my\s+asking|me\s+asking)
    )(?![\w'])[\s,:\-]*(?:about\s+(?=what|how|why|who|which|when|where))?""",
    re.IGNORECASE | re.VERBOSE,
)
_OPENING_MARKS = re.compile(r"""(?:\s|[,;:.\-"'(\[*_>…\d)])*""")
_SENTENCE_END = re.compile(
    r"""(?:[!?…]|(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bProf)\.)+["')\]*_]*(?=\s|$)|\n+"""
)
_PREPOSITION = r"(?:(?:in|to|at|with|from|for|on|of|by|about|under|through|since|until|behind|around)\s+)"
_WH_START = re.compile(rf"{_PREPOSITION}?(?P<wh>{WH})(?:'s|'re|'d|'ll|'ve)?(?![\w'])", re.IGNORECASE)
_AUX_START = re.compile(rf"(?:{AUX})\s+(?:not\s+)?{SUBJECT}", re.IGNORECASE)
_NAMED_AUX = re.compile(rf"(?:{AUX})\s+[A-Z]\w+", re.IGNORECASE)
REQUEST = re.compile(
    r"""(?:please\s+|maybe\s+|just\s+)*
    (?:tell\s+(?:me|us)|describe|say\s+(?:more|a\s+(?:little|bit)|something)|talk\s+(?:me|to\s+me|about|more|a\s+bit|
      a\s+little)|walk\s+(?:me|us)|take\s+(?:me|us)\s+through|help\s+me\s+(?:to\s+)?(?:understand|see)|explain|
      share|give\s+(?:me|us)\s+(?:an?|some|one|your|the)|paint|go\s+on|let's\s+(?:hear|talk\s+about)|elaborate|expand|
      unpack|think\s+(?:of|back|about)|imagine|picture|show\s+me|fill\s+me\s+in|bring\s+me\s+into|run\s+me\s+through|
      let\s+me\s+hear|put\s+into\s+words|finish\s+(?:the|this)\s+sentence|complete\s+(?:the|this)\s+sentence)
    (?![\w'])""",
    re.IGNORECASE | re.VERBOSE,
)
_INVERTED = re.compile(
    rf"(?<![\w'-]){_PREPOSITION}?(?P<wh>{WH})(?:'s|'re|'d|\s+(?:exactly\s+|else\s+)?(?:{AUX}))\s+(?:not\s+)?{SUBJECT}",
    re.IGNORECASE,
)
_ASKS_FREELY = re.compile(
    rf"""(?<![\w'-]){_PREPOSITION}?(?P<wh>{WH})
    (?:'s|'re|'d|\s+(?:exactly|else|kind|sort|other|in|about|comes?|came|happen(?:s|ed)?|makes?|made|matter(?:s|ed)?|
       keeps?|kept|helps?|helped|gets?|got|goes|went|stops?|stopped|part|changes?|changed|remains?|stands?|{AUX}))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_AFTER_PAUSE = re.compile(r"[,;:\-(…]\s*(?=\S)")
_DECLARATIVE = re.compile(
    r"(?:i|you|we|he|she|it|they|there|that's|it's|you're|he's|she's|they're)\b", re.IGNORECASE
)


_STUTTER = re.compile(
    rf"\b(?P<word>(?:{WH}|{AUX}|you|i|the|and)(?:\s\w+)?)(?P<gap>(?:[\s,.\-…]|\b(?:um+|uh+|er+m?|like)\b){{1,12}})(?=(?P=word)\b)",
    re.IGNORECASE,
)


LONGEST_QUESTION = 2000
"""Characters that are read; a question that goes on after them has failed `brief` long before."""


class Kind(Enum):
    """How the asking clause begins."""

    WH = "wh"
    AUX = "aux"
    REQUEST = "request"
    STATEMENT = "statement"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Reading:
    """A question taken apart; all offsets are characters of the question as it was given.

    `text` has the length of the question (up to the reading limit), with plain quotes and
    quoted passages crossed out. `wh` is the question word in lower case, or empty.
    """

    text: str
    sentences: tuple[tuple[int, int], ...]
    ask: tuple[int, int]
    core: int
    kind: Kind
    wh: str = ""

    @property
    def clause(self) -> str:
        """From the word that asks to the end of its sentence."""
        return self.text[self.core : self.ask[1]]

    @property
    def preamble(self) -> str:
        """What stands before it in the same sentence."""
        return self.text[self.ask[0] : self.core]


def read(question: str) -> Reading:
    """Find the sentence and the clause that ask. Never raises; any text is a question to it."""
    text = _STUTTER.sub(
        lambda hit: " " * len(hit.group()), masked(question[:LONGEST_QUESTION], what=r"[^\s\"']")
    )  # "what, what was that"
    sentences = _sentences(text)
    if not sentences:
        return Reading(text, (), (0, len(text)), 0, Kind.NOTHING)
    ask = _asking(text, sentences)
    core, kind, wh = _core(text, *ask)
    return Reading(text, sentences, ask, core, kind, wh)


def opens(text: str, at: int, end: int) -> tuple[Kind, str] | None:
    """What kind of asking clause begins exactly at `at`, None when none does."""
    wh = _WH_START.match(text, at, end)
    if wh and not _subordinate(text, wh, end):
        return Kind.WH, wh.group("wh").lower()
    if REQUEST.match(text, at, end):
        return Kind.REQUEST, ""
    if _AUX_START.match(text, at, end) or _NAMED_AUX.match(text, at, end):
        return Kind.AUX, ""
    return None


def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    start = 0
    for hit in (*_SENTENCE_END.finditer(text), None):
        end = hit.end() if hit else len(text)
        if re.search(r"\w", text[start:end]):
            found.append((start, end))
        start = end
    return tuple(found)


def _asking(text: str, sentences: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    for start, end in reversed(sentences):
        if "?" in text[start:end]:
            return start, end
    for start, end in reversed(sentences):
        if _core(text, start, end)[1] is not Kind.STATEMENT:
            return start, end
    return sentences[-1]


def _skip(text: str, at: int, end: int) -> int:
    """Past fillers, marks and lead-ins such as "I wonder", to the first word that counts."""
    while True:
        hit = _FILLER.match(text, at, end) or _LEAD_IN.match(text, at, end)
        if hit is None or hit.end() == at:
            return _OPENING_MARKS.match(text, at, end).end()  # type: ignore[union-attr]  # matches emptiness
        at = hit.end()


def _subordinate(text: str, wh: re.Match[str], end: int) -> bool:
    """ "When she said it, …" and "What you are saying is …" begin like questions and are none."""
    rest = text[wh.end() : end]
    word = wh.group("wh").lower()
    if re.match(rf"\s*(?:[?.!,]|$)|\s+(?:{AUX}|else|exactly)\b", rest, re.IGNORECASE):
        return False
    if word in ("when", "where"):
        return True
    bare_subject = re.match(
        r"\s+(?:you|i|we|he|she|they|it|you're|he's|she's|they're|it's|i'm)\b", rest, re.IGNORECASE
    )
    return bool(bare_subject) and len(rest.split()) > 6


def _core(text: str, start: int, end: int) -> tuple[int, Kind, str]:
    begin = _skip(text, start, end)
    here = opens(text, begin, end)
    if here:
        return begin, *here
    for pause in _AFTER_PAUSE.finditer(text, begin, end):
        at = _skip(text, pause.end(), end)
        found = opens(text, at, end)
        if found and not _is_tag(text, at, end):
            return at, *found
    pattern = _INVERTED if _DECLARATIVE.match(text, begin) else _ASKS_FREELY
    hit = pattern.search(text, begin, end)
    if hit:
        return hit.start(), Kind.WH, hit.group("wh").lower()
    return begin, Kind.STATEMENT, ""


def _is_tag(text: str, at: int, end: int) -> bool:
    """A short "..., isn't it?" at the end is a tag, not the asking clause."""
    return re.match(rf"(?:{AUX})\s+\w+\W*$", text[at:end], re.IGNORECASE) is not None
