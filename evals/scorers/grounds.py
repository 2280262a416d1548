"""What of a sentence has no ground in the text it is about."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from evals.model import Json
from evals.scorers.canaries import plain, words

RUN = 6  # words in a row that a question shares with somebody else's text
STEM = 4  # letters that two forms of a word have in common
_QUOTED = re.compile(r"[\"“”«»]([^\"“”«»]+)[\"“”«»]|‘([^‘’]+)’")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_BEGINS = re.compile(r"(?:^|[.!?:]\s+|[\"“«‘(]\s*)$")
_COUNTED = frozenset(
    """
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen twenty thirty
    forty fifty sixty hundred thousand million
    """.split()  # noqa: SIM905 - a list of so many strings is harder to read
)
# Words that carry no fact: a mirror may add them.
_PLAIN = frozenset(
    """
    about after again also although been before being both cannot could didn doesn does doing done down
    each even every from have haven having here hers herself himself into itself just like made make many
    might more most much must myself never none once only other ours over same say says seem should since
    some something still such than that their them then there these they thing things this those though
    through time told until very want wants went were what when where which while will with without would
    write writes wrote your yours yourself yourselves yours
    """.split()  # noqa: SIM905 - a list of so many strings is harder to read
)


def unquoted(sentence: str, text: str) -> list[str]:
    """What stands in quotation marks and does not stand in the text, word for word."""
    there = f" {' '.join(words(text))} "
    found = (first or second for first, second in _QUOTED.findall(sentence))
    return [one for one in found if words(one) and f" {' '.join(words(one))} " not in there]


def invented(sentence: str, text: str, counted: bool = True) -> list[str]:
    """Numbers and names that the text does not have.

    Args:
        sentence: a mirror or a question.
        text: everything it may take them from.
        counted: whether numbers in words count: a question may look "three months" ahead, a mirror may not.
    """
    known, digits = set(words(text)), {_bare(one) for one in _NUMBER.findall(text)}
    found = [one for one in _NUMBER.findall(sentence) if _bare(one) not in digits]
    if counted:
        found += [one for one in words(sentence) if one in _COUNTED and one not in known]
    for hit in _WORD.finditer(sentence):
        word = hit.group()
        if (
            not word[0].isupper()
            or word in ("I", "I'm", "I've", "I'd", "I'll")
            or _begins(sentence, hit.start())
        ):
            continue
        if not set(words(word)) <= known | {"s"}:
            found.append(word)
    return found


def support(sentence: str, text: str) -> float:
    """The share of a sentence's content words that the text has in some form, 0..1; 1 without any."""
    stems = {word[:STEM] for word in words(text)}
    content = [word for word in words(sentence) if len(word) >= STEM and word not in _PLAIN]
    return sum(word[:STEM] in stems for word in content) / len(content) if content else 1.0


def retold(sentence: str, others: Sequence[str], own: str) -> list[str]:
    """Runs of words that come from somebody else's text and not from the member's own."""
    said, mine = words(sentence), f" {' '.join(words(own))} "
    theirs = [f" {' '.join(words(one))} " for one in others]
    runs = (" ".join(said[at : at + RUN]) for at in range(len(said) - RUN + 1))
    return [run for run in runs if f" {run} " not in mine and any(f" {run} " in one for one in theirs)]


def tokens_in(tokens: Sequence[str], sentence: str) -> list[str]:
    """Planted tokens that can be read; of a firm's name its first word is enough."""
    there = set(words(sentence))
    numbers = {_bare(one) for one in _NUMBER.findall(sentence)}
    return [one for one in tokens if (_bare(one) in numbers if one[0].isdigit() else words(one)[0] in there)]


def cited(reply: str) -> list[str] | None:
    """The ids under "sources" in a model's raw reply, in order; None when it cannot be read.

    The program drops ids that nobody sent before anything else sees them, so a made-up id is only here.
    """
    begin, end = reply.find("{"), reply.rfind("}")
    try:
        found: Json = json.loads(reply[begin : end + 1])
        return [str(one) for question in found["questions"] for one in question.get("sources", [])]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _begins(sentence: str, at: int) -> bool:
    return bool(_BEGINS.search(sentence[:at]))


def _bare(number: str) -> str:
    return re.sub(r"\D", "", plain(number))
