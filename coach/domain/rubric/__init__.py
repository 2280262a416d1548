"""The rubric: twelve criteria of one good question, as pure functions.

The gate, `coach check`, the listening practice and the evals all call `judge`, so that all mean
the same. What each criterion means, how a program sees it and how often it is wrong stands in
docs/rubric.md; the sources of the criteria are named there.

    >>> [v.criterion for v in failed(judge_alone("Have you tried giving Jonas a template?"))]
    ['open', 'noadvice']
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from coach.domain.model import Verdict
from coach.domain.rubric.advice import ADVICE_FROM, noadvice
from coach.domain.rubric.agency import agency
from coach.domain.rubric.exchange import Exchange, Finding, verdict
from coach.domain.rubric.flow import fresh, looks_forward, stage
from coach.domain.rubric.form import brief, one
from coach.domain.rubric.heard import Heard, hear
from coach.domain.rubric.leading import nonleading
from coach.domain.rubric.listening import mirror, ownwords
from coach.domain.rubric.openness import open_
from coach.domain.rubric.reading import Reading, read
from coach.domain.rubric.stance import nonjudging, nowhy

__all__ = [
    "ADVICE_FROM",
    "ALONE",
    "CRITERIA",
    "Exchange",
    "failed",
    "judge",
    "judge_all",
    "judge_alone",
    "looks_forward",
]

_Criterion = Callable[[Exchange, Reading, Heard], Finding | None]
_JUDGES: Mapping[str, _Criterion] = MappingProxyType(
    {
        "one": one,
        "open": open_,
        "nonleading": nonleading,
        "noadvice": noadvice,
        "ownwords": ownwords,
        "brief": brief,
        "nowhy": nowhy,
        "nonjudging": nonjudging,
        "mirror": mirror,
        "agency": agency,
        "stage": stage,
        "fresh": fresh,
    }
)

CRITERIA: tuple[str, ...] = tuple(_JUDGES)
"""Ids of all criteria, in the order in which they are reported."""

ALONE: tuple[str, ...] = ("one", "open", "nonleading", "noadvice", "brief", "nowhy", "nonjudging", "agency")
"""Ids of the criteria that a bare question can be held against."""


def judge(exchange: Exchange) -> tuple[Verdict, ...]:
    """Hold one turn against all twelve criteria.

    Args:
        exchange: the question and what is known about it; see `Exchange`.

    Returns:
        One verdict for each of `CRITERIA`, in that order. Spans are characters of the question,
        of the mirror for the criterion "mirror". It never raises, whatever the text.
    """
    return judge_all((exchange,))[0]


def judge_all(
    exchanges: Iterable[Exchange], heard: dict[tuple[object, ...], Heard] | None = None
) -> list[tuple[Verdict, ...]]:
    """The same as `judge` on each; what many candidates share is taken apart once only.

    Args:
        exchanges: any number.
        heard: what was taken apart so far. A caller that judges the same text several times hands in
            the same dictionary each time and throws it away afterwards: it holds the member's words.
    """
    heard = {} if heard is None else heard
    verdicts = []
    for exchange in exchanges:
        told = (exchange.text, exchange.earlier, exchange.asked)
        if told not in heard:
            heard[told] = hear(*told)
        verdicts.append(_held_against(exchange, heard[told], CRITERIA))
    return verdicts


def judge_alone(question: str, advice: float = 0.0) -> tuple[Verdict, ...]:
    """Hold a bare question against the criteria that need nothing else.

    Args:
        question: any text; only the part that asks is judged as a question.
        advice: the classifier's probability 0..1 that advice hides in it; 0 when there is none,
            and then the rules stand alone.

    Returns:
        One verdict for each of `ALONE`, in that order. It never raises, whatever the text.
    """
    return _held_against(Exchange(question, advice=advice), hear(""), ALONE)


def failed(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts that did not pass, in order."""
    return tuple(each for each in verdicts if not each.passed)


def _held_against(exchange: Exchange, heard: Heard, criteria: Iterable[str]) -> tuple[Verdict, ...]:
    reading = read(exchange.question)
    return tuple(verdict(each, _JUDGES[each](exchange, reading, heard)) for each in criteria)
