"""What every proposed turn must pass before a person sees it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coach.domain.model import Brief, Draft, Question, Vector, Verdict
from coach.domain.rubric import Exchange, judge
from coach.ports import Classifier, Embedder

ASKED_COMPARED = 6  # earlier questions without a known vector that are embedded for "fresh"
WORDS_IN_A_RUN = 6

_CLAIMS = re.compile(
    r"\b(?:as an? (?:ai|assistant|coach|human)|language model|last time you told|we (?:talked|discussed)"
    r"|i (?:feel|understand|remember|know how|am here|see|hear)|i'm (?:here|sorry))\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”«»].*?[\"“”«»]|‘.*?’")  # what the member or others said is theirs
_MARKUP = re.compile(r"https?:|www\.|!\[|\]\(|<[a-z/]|[*_`#]{2,}|^\s*[-*#>]\s", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Judged:
    """A draft after the gate.

    Attributes:
        draft: the same draft with verdicts on each question.
        failed: what did not pass, each "criterion: reason", without a word of the member.
        passing: the questions that passed everything, in order; none when the mirror failed.
    """

    draft: Draft
    failed: tuple[str, ...]
    passing: tuple[Question, ...]


class Gate:
    """The rubric on a whole turn, and the three gates that block everything."""

    def __init__(
        self,
        advice: Classifier,
        embedder: Embedder,
        known_vectors: Callable[[], Mapping[str, Vector]],
    ) -> None:
        """
        Args:
            advice: tells advice in disguise.
            embedder: for questions that nobody embedded before.
            known_vectors: vectors of the bank's questions by text.
        """
        self._advice = advice
        self._embedder = embedder
        self._known = known_vectors

    def judge(self, draft: Draft, brief: Brief) -> Judged:
        """Judge a draft.

        Args:
            draft: a proposal; nobody has seen it.
            brief: what its writer knew.

        Returns:
            Verdicts, failures for a rewrite, and the questions that may be shown.
        """
        advice = self._advice_scores([question.text for question in draft.questions])
        nearest = self._nearest([question.text for question in draft.questions], brief.asked)
        judged: list[Question] = []
        for question, score, near in zip(draft.questions, advice, nearest, strict=True):
            verdicts = judge(_exchange(draft.mirror, question, brief, score, near)) + _blocks(
                draft.mirror, question, brief
            )
            judged.append(replace(question, criteria=verdicts))
        failures = [verdict for question in judged for verdict in question.criteria if not verdict.passed]
        failed = tuple(dict.fromkeys(f"{verdict.criterion}: {verdict.reason}" for verdict in failures))
        passing = tuple(
            question for question in judged if all(verdict.passed for verdict in question.criteria)
        )
        return Judged(replace(draft, questions=tuple(judged)), failed or _empty(draft), passing)

    def _advice_scores(self, questions: Sequence[str]) -> list[float]:
        """Not asked of questions that people wrote and read: it is wrong in one of twenty."""
        written = [text for text in questions if text not in self._known()]
        scores = dict(zip(written, self._advice.scores(written), strict=True)) if written else {}
        return [scores.get(text, 0.0) for text in questions]

    def _nearest(self, questions: Sequence[str], asked: Sequence[str]) -> list[float]:
        """The highest cosine of each question with an earlier one, 0 when none was asked."""
        if not asked or not questions:
            return [0.0] * len(questions)
        known = self._known()
        with_vector = [text for text in asked if text in known]
        without = [text for text in asked if text not in known][-ASKED_COMPARED:]
        unknown = list(dict.fromkeys(text for text in [*questions, *without] if text not in known))
        fresh = dict(zip(unknown, self._embedder.embed(unknown), strict=True)) if unknown else {}
        vector = {**{text: known[text] for text in [*with_vector, *questions] if text in known}, **fresh}
        earlier = np.array([vector[text] for text in [*with_vector, *without]])
        return [float((earlier @ np.asarray(vector[text])).max()) for text in questions]


def _exchange(mirror: str, question: Question, brief: Brief, advice: float, nearest: float) -> Exchange:
    return Exchange(
        question=question.text,
        text=brief.text,
        mirror=mirror,
        stage=question.stage,
        lens=question.lens,
        turn_number=brief.turn_number,
        asked=brief.asked,
        nearest_asked=nearest,
        recent_lenses=brief.recent_lenses,
        advice=advice,
        earlier=brief.earlier,
    )


def _blocks(mirror: str, question: Question, brief: Brief) -> tuple[Verdict, ...]:
    """noleak and honest; inscope is the screen's, before anything is written."""
    said = _QUOTED.sub("", mirror)  # what a mirror quotes is the member's own
    leak = _shares_run(
        question.text, [passage.text for passage in brief.passages if question.text not in passage.questions]
    )
    claim = _CLAIMS.search(_QUOTED.sub("", f"{said} {question.text}")) or _MARKUP.search(
        f"{said} {question.text}"
    )
    return (
        Verdict("noleak", not leak, "It repeats a run of words from somebody else's text." if leak else ""),
        Verdict(
            "honest", claim is None, "It claims to be a person, or carries a link or markup." if claim else ""
        ),
    )


def _shares_run(text: str, others: Sequence[str]) -> bool:
    words = re.findall(r"\w+", text.casefold())
    runs = {" ".join(words[k : k + WORDS_IN_A_RUN]) for k in range(len(words) - WORDS_IN_A_RUN + 1)}
    if not runs:
        return False
    return any(run in " ".join(re.findall(r"\w+", other.casefold())) for other in others for run in runs)


def _empty(draft: Draft) -> tuple[str, ...]:
    return () if draft.questions else ("one: There is no question.",)
