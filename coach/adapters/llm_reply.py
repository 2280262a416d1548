"""What comes back from a language model: untrusted text, read as the agreed JSON or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, StrictStr

from coach.adapters.outgoing import Outgoing
from coach.domain.model import Lens, Question, ScreenKind, Stage
from coach.domain.text import clean
from coach.errors import WriterGarbled

LONGEST = 4_000  # characters of a whole reply; three questions need about 700
QUESTIONS = 3
FEWEST_WORDS = 3  # of a mirror: less is no sentence, but a password that a text asked for

_FENCED = re.compile(r"```(?:json)?[ \t]*\n(.*?)\n?[ \t]*```", re.DOTALL)
_LEADING = re.compile(r"^(?:#{1,6}|[-*•>]|\d{1,2}[.)])\s+")
_EMPHASIS = re.compile(r"\*{1,3}|_{2,3}|`+")


class _Asked(BaseModel):
    model_config = ConfigDict(extra="ignore")

    text: StrictStr = Field(min_length=1, max_length=400)
    lens: Lens
    stage: Stage
    sources: list[StrictStr] = Field(default_factory=list, max_length=50)


class _Heard(BaseModel):
    model_config = ConfigDict(extra="ignore")

    concern: ScreenKind = ScreenKind.NONE


class _Reply(BaseModel):
    model_config = ConfigDict(extra="ignore")

    mirror: StrictStr = Field(min_length=1, max_length=400)
    questions: list[_Asked] = Field(min_length=QUESTIONS, max_length=12)


def read_concern(text: str) -> ScreenKind:
    """What a reply heard that needs a person; a model that hears it often writes nothing else.

    Args:
        text: the reply, as for `read_reply`.

    Returns:
        NONE as well for a reply that cannot be read or does not say: `read_reply` tells which.
    """
    if len(text) > LONGEST:
        return ScreenKind.NONE
    try:
        return _Heard.model_validate(_json(text)).concern
    except (ValueError, RecursionError):
        return ScreenKind.NONE


def read_reply(text: str, sent: Outgoing, whys: Mapping[Lens, str]) -> tuple[str, tuple[Question, ...]]:
    """The mirror and the questions of a reply, with names put back.

    Fewer than three questions are no turn; the gate relies on it that a proposal which does not
    fill a turn has failed some criterion and can say which.

    Args:
        text: the reply; at most LONGEST characters, JSON, alone or in one code fence.
        sent: what was asked.
        whys: one plain sentence a lens, for "why this question?"; may lack some.

    Returns:
        One line each, without markdown emphasis; source ids that were not sent are dropped.

    Raises:
        WriterGarbled: anything else.
    """
    reply = _parsed(text)
    mirror = _line(reply.mirror, sent)
    questions = tuple(
        Question(
            _line(one.text, sent),
            one.lens,
            one.stage,
            tuple(dict.fromkeys(key for key in one.sources if key in sent.sources)),
            why=whys.get(one.lens, ""),
        )
        for one in reply.questions[:QUESTIONS]
    )
    if len(mirror.split()) < FEWEST_WORDS or not all(question.text for question in questions):
        raise WriterGarbled("The language model did not write whole sentences.")
    return mirror, questions


def _parsed(text: str) -> _Reply:
    """The reply as values. The error is raised outside the handler, so it carries nothing of the text."""
    if len(text) > LONGEST:
        raise WriterGarbled("The language model answered at too great a length.")
    reply: _Reply | None
    try:
        reply = _Reply.model_validate(_json(text))
    except (ValueError, RecursionError):
        reply = None
    if reply is None:
        raise WriterGarbled("The language model did not answer in the agreed form.")
    return reply


def _json(text: str) -> object:
    fenced = _FENCED.fullmatch(text.strip())
    return json.loads(fenced[1] if fenced else text)


def _line(text: str, sent: Outgoing) -> str:
    """One clean line. Links stay in, so that the gate sees them and refuses."""
    line = " ".join(clean(text).split())
    return sent.put_back(_EMPHASIS.sub("", _LEADING.sub("", line)).strip())
