"""What every proposed turn must pass before a person sees it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coach.domain.model import Brief, Draft, Question, Vector, Verdict
from coach.domain.redaction.addresses import links
from coach.domain.rubric import CRITERIA, Exchange, judge_all
from coach.domain.rubric.flow import IN_OTHER_WORDS
from coach.ports import Classifier, Embedder

ASKED_COMPARED = 6  # earlier questions without a known vector that are embedded for "fresh"
WORDS_IN_A_RUN = 6
BANK = "bank"
_WORD = re.compile(r"\w+")

_CLAIMS = re.compile(
    r"\b(?:as an? (?:ai|assistant|coach|human)|language model|last time you told|we (?:talked|discussed)"
    r"|i (?:feel|understand|remember|know how|am here|see|hear)|i'm (?:here|sorry))\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”«»].*?[\"“”«»]|‘.*?’")  # what the member or others said is theirs
_MARKUP = re.compile(r"https?:|www\.|!\[|\]\(|<[a-z/]|[*_`#]{2,}|^\s*[-*#>]\s", re.IGNORECASE | re.MULTILINE)
# Words that make a link of what follows their colon at once; "data" does so only before a kind of file.
_SCHEME = re.compile(
    r"\b(?:[a-z][a-z0-9+.\-]{1,30}://|hxxps?\b"
    r"|(?:mailto|tel|callto|sms|smsto|mmsto|sips?|xmpp|facetime|whatsapp|skype|viber|tg|magnet|bitcoin"
    r"|java ?script|vb ?script|view-source|ftps?|sftp|ssh|file|blob):(?=\S)"
    r"|data:(?=[a-z]+/|[,;]))\S*",
    re.IGNORECASE,
)
# What `links` leaves alone in a member's own prose: endings for tests, sold endings, a host behind an @, and
# the full stop of other scripts, which a browser takes for a dot.
_HOST = re.compile(
    r"(?<![\w./\-])(?:[a-z0-9][a-z0-9\-]{0,62}\.){1,8}"
    r"(?:test|com|org|edu|xyz|onion|zip|icu|top|click|shop|club)(?!\w|\.\w)"
    r"|(?<=@)[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,8}"
    r"|(?<![\w\-])(?:[a-z0-9\-]{1,63}[.。]){0,8}[a-z0-9\-]{1,63}。(?:[a-z0-9\-]{1,63}[.。]){0,8}[a-z]{2,24}(?!\w)",
    re.IGNORECASE | re.ASCII,
)
_TAIL = ".,;:!?…)]}\"'”’»"


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
        texts = [question.text for question in draft.questions]
        # The bank's words were written and read by people: the classifier, wrong in one of twenty, is not
        # asked about them, and a repeat of them is a repeat of words, which the rubric sees without vectors.
        by_hand = draft.origin.writer == BANK
        advice = [0.0] * len(texts) if by_hand else self._advice.scores(texts)
        nearest = self._nearest(texts, brief.asked, embed=not by_hand)
        others = [] if by_hand else _others(brief)
        exchanges = [
            _exchange(draft.mirror, question, brief, score, near)
            for question, score, near in zip(draft.questions, advice, nearest, strict=True)
        ]
        told = [_told(question) if by_hand else () for question in draft.questions]
        judged = [
            replace(question, criteria=verdicts + _blocks(draft.mirror, question.text, others, brief))
            for question, verdicts in zip(draft.questions, _verdicts(exchanges, told), strict=True)
        ]
        failures = [verdict for question in judged for verdict in question.criteria if not verdict.passed]
        failed = tuple(dict.fromkeys(f"{verdict.criterion}: {verdict.reason}" for verdict in failures))
        passing = tuple(
            question for question in judged if all(verdict.passed for verdict in question.criteria)
        )
        return Judged(replace(draft, questions=tuple(judged)), failed or _empty(draft), passing)

    def _nearest(self, questions: Sequence[str], asked: Sequence[str], embed: bool) -> list[float]:
        """The highest cosine of each question with an earlier one, 0 when none is known."""
        if not asked or not questions:
            return [0.0] * len(questions)
        known = self._known()  # once: an ingest may replace it at any moment
        vectors = {text: known[text] for text in (*questions, *asked) if text in known}
        if embed:
            recent = [text for text in asked if text not in vectors][-ASKED_COMPARED:]
            unknown = list(dict.fromkeys(text for text in (*questions, *recent) if text not in vectors))
            vectors.update(zip(unknown, self._embedder.embed(unknown), strict=True))
        earlier = [np.asarray(vectors[text]) for text in asked if text in vectors]
        if not earlier:
            return [0.0] * len(questions)
        matrix = np.stack(earlier)
        return [float((matrix @ vectors[text]).max()) if text in vectors else 0.0 for text in questions]


def _told(question: Question) -> tuple[Verdict, ...]:
    """What the bank found when it held its question against the whole rubric; nothing when it did not."""
    complete = tuple(verdict.criterion for verdict in question.criteria) == CRITERIA
    return question.criteria if complete else ()


def _verdicts(
    exchanges: Sequence[Exchange], told: Sequence[tuple[Verdict, ...]]
) -> list[tuple[Verdict, ...]]:
    """The rubric on each exchange.

    The bank has asked it already, with all that an exchange holds but how near an earlier question lies.
    That changes nothing below IN_OTHER_WORDS; above, and where nothing was told, the rubric is asked now.
    """
    stands = [
        verdicts if one.nearest_asked < IN_OTHER_WORDS else ()
        for one, verdicts in zip(exchanges, told, strict=True)
    ]
    asked = iter(judge_all(one for one, known in zip(exchanges, stands, strict=True) if not known))
    return [known or next(asked) for known in stands]


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


def _blocks(mirror: str, question: str, others: Sequence[str], brief: Brief) -> tuple[Verdict, ...]:
    """noleak and honest; inscope is the screen's, before anything is written."""
    said = _QUOTED.sub("", mirror)  # what a mirror quotes is the member's own
    shown = f"{said} {question}"
    leak = _shares_run(question, others)
    claim = _CLAIMS.search(_QUOTED.sub("", shown)) or _MARKUP.search(shown) or _leads_away(shown, brief)
    return (
        Verdict("noleak", not leak, "It repeats a run of words from somebody else's text." if leak else ""),
        Verdict(
            "honest", not claim, "It claims to be a person, or carries a link or markup." if claim else ""
        ),
    )


def _leads_away(shown: str, brief: Brief) -> bool:
    """Whether a link or a host stands in a text that is not among the member's own words.

    The compatible form makes one spelling of wide letters, wide dots and wide colons, as browsers do.
    """
    found = [link.rstrip(_TAIL).casefold() for link in _addresses(unicodedata.normalize("NFKC", shown))]
    if not found:
        return False
    told = unicodedata.normalize("NFKC", "\n".join((brief.text, *brief.earlier))).casefold()
    return any(link not in told for link in found)


def _addresses(text: str) -> Iterator[str]:
    yield from (hit.group() for pattern in (_SCHEME, _HOST) for hit in pattern.finditer(text))
    yield from (text[start:end] for start, end, _ in links(text))


def _others(brief: Brief) -> list[str]:
    """What other people wrote and the writer has read, as plain words."""
    return [" ".join(_WORD.findall(passage.text.casefold())) for passage in brief.passages]


def _shares_run(text: str, others: Sequence[str]) -> bool:
    words = _WORD.findall(text.casefold())
    runs = {" ".join(words[k : k + WORDS_IN_A_RUN]) for k in range(len(words) - WORDS_IN_A_RUN + 1)}
    return any(run in other for other in others for run in runs)


def _empty(draft: Draft) -> tuple[str, ...]:
    return () if draft.questions else ("one: There is no question.",)
