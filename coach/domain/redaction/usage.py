"""Will and will, May and may: whether a word that may be a name is one here.

Each rule reads the words beside it; a text that proves a name once settles its doubtful places too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from coach.domain.redaction import words as w
from coach.domain.redaction.common_words import COMMON
from coach.domain.redaction.surface import Token, View

_STARTS = re.compile(r"(?:^|[.!?…:;]['\")\]»”]*\s|\n|[\"“«(\[]|\s['‘]|^[-*•]|\s[-•]\s)\s*[-*•\"'“(]*\s*$")
_OWN = re.compile(r"'s\b", re.IGNORECASE)
_TIGHT = re.compile(r" +|\n")


class Verdict(Enum):
    """YES: a name here. NO: a word here. MAYBE: a name if the text proves it elsewhere."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands around one token.

    Attributes:
        token: the one in question.
        before, after, second: the words next to it in lower case; empty across punctuation.
        before_written, after_written: the same as written.
        gap: what follows the token up to the next word.
        start: whether a sentence (or a quotation, a line, a list item) begins with it.
        own: whether `'s` follows.
        known: tells of a word whether it is certainly a name.
    """

    token: Token
    before: str
    before_written: str
    after: str
    after_written: str
    second: str
    second_written: str
    gap: str
    start: bool
    own: bool
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
        after=after[0] if after else "",
        after_written=after[1] if after else "",
        second=second[0] if second else "",
        second_written=second[1] if second else "",
        gap=gap,
        start=bool(_STARTS.search(read.text[max(0, token.start - 12) : token.start])),
        own=own,
        known=known,
    )


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


def verdict(at: Beside, titled: bool = False) -> Verdict:
    """Whether the token is a name where it stands.

    Args:
        at: the token with its neighbours.
        titled: it stands in a heading or another line written with capitals throughout.
    """
    if at.before in w.TITLES and at.token.title:
        return Verdict.YES
    if at.before in w.DETERMINERS and not (at.before in w.OWNERS and at.token.title and _speaks(at)):
        return Verdict.NO
    if _proved(at):
        return Verdict.YES
    if not at.token.title or titled:
        return _as_word(at)
    return _at_start(at) if at.start else _inside(at)


def _speaks(at: Beside) -> bool:
    verb = at.second if at.after in w.ADVERBS else at.after
    return verb in w.SAYING and verb not in w.BEING


def _proved(at: Beside) -> bool:
    """What makes a person of any word, in capitals or not."""
    word = at.token.word
    verbal = word in w.MODALS or at.before in {
        "to",
        "i",
        "you",
        "we",
        "they",
        "he",
        "she",
        "it",
        "not",
        "please",
    }
    if at.before in w.PRONOUNS and not at.token.title:
        return False
    if _speaks(at) and not verbal and (at.token.title or at.before not in {"of", "in", "with"}):
        return not (word in w.MASS and at.after in {"seems", "seemed", "comes", "came", "went", "goes", "gives", "gave",
                    "gets", "got", "needs", "feels", "felt", "works", "worked", "left", "does", "did", "kept", "keeps",
                    "makes", "made", "starts", "started", "stopped", "began", "looks", "looked", "runs", "ran", "takes",
                    "took", "stood", "stands", "has", "broke", "appeared", "appears", "returned", "sounds",
                    "turned", "turns", "started", "means", "misses"})  # fmt: skip
    if word in w.MODALS and at.after in w.SAYING | {"is", "was"} and at.after not in {"need", "like"}:
        return at.before not in w.PRONOUNS and (at.token.title or at.before in w.JOINERS or at.start)
    if at.after == "and" and at.second in {"i", "me", "myself"} and not at.before.endswith("ly"):
        return word not in w.MASS or at.token.title
    return bool(at.token.title and at.before == "and" and at.start)


def _as_word(at: Beside) -> Verdict:
    """In lower case, or in capitals like everything around: a word unless the grammar forbids it."""
    word = at.token.word
    if word in w.MASS or (word in w.MONTHS and word != "may"):
        return Verdict.NO
    closes = not at.after or at.after in w.CLOSED or at.after in w.SAYING
    if at.before in w.TELLING and closes and at.after not in w.PRONOUNS - {"that"} | {"the", "a"}:
        return Verdict.NO if word in w.MODALS and at.after in {"be", "not", "have"} else Verdict.YES
    if at.own and word in w.MODALS:
        return Verdict.NO if at.after in w.AFTER_MONTH_OWN else Verdict.YES
    if word in {"may", "might", "can", "must"}:
        return Verdict.NO
    personal = at.before in {"with", "from", "about", "than", "behind", "without", "against"}
    if personal and closes and word not in w.DESCRIBING and word not in w.PARTICLES and len(word) > 2:
        return Verdict.YES if word in w.NAME_WORDS else Verdict.NO
    if word in w.DESCRIBING or word in w.MODALS or word not in w.NAME_WORDS or len(word) < 3:
        return Verdict.NO
    if (at.start or at.before in w.JOINERS) and at.after in w.BEING and word not in {"sure", "list"}:
        return Verdict.YES
    return Verdict.YES if at.own and (at.start or at.before in w.JOINERS | w.WITH | w.TELLING) else Verdict.NO


def _at_start(at: Beside) -> Verdict:
    """Capitalised because a sentence begins, or because it is a name?"""
    word, after = at.token.word, at.after
    mass = word in w.MASS or word in w.MONTHS
    if at.own:
        return _owner_at_start(at, mass)
    if at.gap.startswith(","):
        return Verdict.MAYBE if mass else Verdict.YES
    if not after:
        return Verdict.MAYBE if mass or word in COMMON else Verdict.YES
    if (
        after in w.COLLOCATIONS.get(word, ())
        or after in w.ARTICLES
        or (after in w.PRONOUNS and (after != "i" or word in w.MODALS))
    ):
        return Verdict.NO
    if after in {"and", "or"}:
        named = at.second == "i" or (
            at.second_written[:1].isupper()
            and (at.second in w.NAME_WORDS - w.MONTHS or at.second not in COMMON)
        )
        return Verdict.YES if named else Verdict.MAYBE
    if after == "who":
        return Verdict.YES
    if after in w.BEING:
        if word in w.MASS:
            return Verdict.YES if at.second in w.PERSON_PREDICATES else Verdict.MAYBE
        if word in w.MONTHS:
            return Verdict.YES if at.second in w.PERSON_PREDICATES else Verdict.MAYBE
        return Verdict.YES
    if after in w.ASKING_MODALS or after in w.ADVERBS:
        if word in w.MODALS:
            return Verdict.YES if _finite(at.second) or after in w.ASKING_MODALS else Verdict.MAYBE
        return Verdict.MAYBE if mass else Verdict.YES
    if word in w.MODALS or mass or word in w.DESCRIBING:
        person = at.second in {"his", "her", "me", "us", "my"}
        sure = _finite(after) if word in w.MODALS else _past(after) and (person or not mass)
        return Verdict.YES if sure else Verdict.MAYBE
    if after == "from" and word not in {"rose", "drew"}:
        return Verdict.YES
    return Verdict.YES if _past(after) or (_finite(after) and word not in COMMON) else Verdict.MAYBE


def _owner_at_start(at: Beside, mass: bool) -> Verdict:
    if at.token.word in w.MONTHS and at.after in w.AFTER_MONTH_OWN:
        return Verdict.NO
    if mass and (at.after in w.ARTICLES | w.ADVERBS | {"not", "been", "gone", "over", "coming", "end"}):
        return Verdict.MAYBE
    return Verdict.YES


def _past(word: str) -> bool:
    return word in w.PAST or (
        word.endswith("ed") and len(word) > 4 and word not in {"indeed", "need", "speed"}
    )


def _finite(word: str) -> bool:
    if word in w.SAYING or word in w.BEING:
        return True
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word not in w.PRONOUNS | {
            "as",
            "always",
            "perhaps",
            "sometimes",
            "towards",
            "besides",
            "things",
        }
    return word.endswith("ed") and len(word) > 4


def _inside(at: Beside) -> Verdict:
    """Capitalised in the middle of a sentence: a name, unless it is a month, a title, a heading."""
    word = at.token.word
    if word in w.MONTHS and _month(at):
        return Verdict.NO
    if word in w.SEASONS and at.before in w.BEFORE_SEASON:
        return Verdict.NO
    if at.before in w.BEFORE_THING or at.after in w.COLLOCATIONS.get(word, ()):
        return Verdict.NO
    if at.after_written[:1].isupper() and at.after in COMMON and at.after not in w.WEEKDAYS | {"i"}:
        return Verdict.NO
    return Verdict.YES


def _month(at: Beside) -> bool:
    if at.own:
        return at.after in w.AFTER_MONTH_OWN
    if re.match(r"\s*\d", at.gap) or at.after in w.MONTHS - {"may"} or at.before in w.MONTHS:
        return True
    if at.after in {"and", "or", "to"} and at.second in w.MONTHS:
        return True
    if at.before in w.BEFORE_MONTH:
        return at.before not in {"and", "or", "to", "for", "from"} or not _personal_after(at)
    return not at.before and not at.start and not at.gap.startswith(",")


def _personal_after(at: Beside) -> bool:
    return at.before in {"to", "and", "or"} and at.after not in w.MONTHS
