# ruff: noqa: E501 a pattern that is broken over lines cannot be read
"""Questions that stand in the text and wait: the writer's own, and those somebody put to the writer.

"Have I done something wrong?" said a colleague, and the story went on. What stands there unanswered is often what
the writer came with, and one can ask after the answer without knowing it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.domain.clause import locate
from coach.domain.quotation import quoted_spans
from coach.domain.tension import Tension

POSED = "posed"
"""The kind of these tensions."""

_FEWEST, _MOST = 4, 11  # words
_SURE_OF_OWN, _SURE_OF_THEIRS = 0.75, 0.8
_FLAGS = re.IGNORECASE
_ABOUT_SOMETHING = re.compile(
    r"\b(?:I|me|my|mine|we|us|our|you|your|he|she|they|him|her|them|one)\b|['’](?:m|re|ve|ll|d)\b", _FLAGS
)
_FOR_SHOW = re.compile(  # asked of nobody: "you know what I mean?", "isn't it?", "guess what?"
    r"\b(?:you know|guess what|i mean|right|isn['’]t it|wasn['’]t it|aren['’]t (?:you|we)|don['’]t you|doesn['’]t (?:one|it)|ok|okay|"
    r"or what|and you know what|can you imagine|what else|who cares|who knows|what can you do)\s*$"
    r"|^(?:and )?do you know|^(?:is|was) (?:that|it) not\b|^you (?:see|know)\b",
    _FLAGS,
)
_LEAD = re.compile(
    r"(?:(?:and|but|so|or|then|well|oh|yes|no|okay|ok|now|also|because|says?|said|asks?|asked|thinks?|thought)\b[\s,:]*)+",
    _FLAGS,
)
_OPENS = re.compile(
    r"(?:(?:in|with|for|on|from|to|at|of) )?(?:what|how|who|whom|whose|where|why|when (?:will|do|does|did|is|are|was|can|could|would|should)|which|am|is|are|was|were|do|does|did|have|has|"
    r"had|can|could|should|would|will|shall|must|may|might)(?:n['’]t)?\b|(?:so|then) [\w ]+$",
    _FLAGS,
)
_SMALL = re.compile(  # about the time of day and the things that lie about
    r"\b(?:lunch|dinner|coffee|tea|toilet|window|lift|bus|train|o['’]?clock|how (?:old|long|far|many|much is)|what time)\b",
    _FLAGS,
)


def posed(text: str, sentences: Sequence[str]) -> list[Tension]:
    """The questions of a text, each as a Tension with the slot `own` or `theirs`.

    Args:
        text: a reflection; may be empty.
        sentences: its sentences in order, as `split_sentences` gives them.

    Returns:
        What is short enough to be quoted whole, is about somebody, and is not asked for show; the mark of the
        question is left out, so that the question around it keeps the only one.
    """
    spans = quoted_spans(text)
    if spans is None:
        return []
    theirs = [(start, end) for start, end in spans if _put_to_the_writer(text, start, end)]
    found = [_tension(text, start + 1, end - 1, "theirs") for start, end in theirs]
    for start, end in locate(text, sentences):
        inside = any(first < end and start < last for first, last in spans)
        if start >= 0 and not inside:
            found.append(_tension(text, start, end, "own"))
    return [one for one in found if one is not None]


_BEFORE, _AFTER = 80, 40  # characters around a quotation in which its speaker stands
_I_SAY = re.compile(r"\bI(?:['’]\w+)?\b[^.!?\n]*$")
_THEY_SAY = re.compile(
    r"\b(?:he|she|they|somebody|someone|(?-i:[A-Z]\w+)) (?:\w+ )?(?:said|says|asked|asks|wants|wanted|goes)\b",
    _FLAGS,
)
_SAYS_BEFORE = re.compile(
    r"\b(?:said|says|asked|asks|called|calls|wants? to know|wrote|whispered)\b[^.!?\n]*$", _FLAGS
)
_SAYS_AFTER = re.compile(r"[”\"]?\s*,?\s*(?:(?!I\b)\w+ ){1,3}?(?:said|says|asked|asks|wanted)\b", _FLAGS)


def _put_to_the_writer(text: str, start: int, end: int) -> bool:
    """Whether somebody else asks what stands between quotation marks at [start, end)."""
    before = text[max(0, start - _BEFORE) : start]
    mine = _I_SAY.search(before)
    if mine is not None and _THEY_SAY.search(mine[0]) is None:
        return False
    return _SAYS_BEFORE.search(before) is not None or _SAYS_AFTER.match(text[end : end + _AFTER]) is not None


def _tension(text: str, start: int, end: int, slot: str) -> Tension | None:
    asked = text[start:end].strip()
    if not asked.endswith("?") or re.search(r"[?.!:;(\n–—]", asked[:-1]):
        return None
    words = (
        " ".join(_LEAD.sub("", asked[:-1], count=1).split())
        if _LEAD.match(asked)
        else " ".join(asked[:-1].split())
    )
    if (
        not _FEWEST <= len(words.split()) <= _MOST
        or not _OPENS.match(words)
        or not _ABOUT_SOMETHING.search(words)
    ):
        return None
    if _FOR_SHOW.search(words) or _SMALL.search(words) or '"' in words:
        return None
    sure = _SURE_OF_OWN if slot == "own" else _SURE_OF_THEIRS
    return Tension(POSED, words, {slot: words[:1].upper() + words[1:]}, sure, start, end)
