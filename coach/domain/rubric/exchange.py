"""What the rubric may look at, and the small values its criteria pass around."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from coach.domain.model import Lens, Stage, Verdict


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question with everything a criterion may know about it.

    Args:
        question: the question as the member would read it.
        text: the member's last reflection; empty when it is not known, and then nothing is
            held against it.
        mirror: the sentence that stands before the question; may be empty.
        questions_together: how many questions are put in the same breath; more than one fails `one`.
        stage: where in a conversation the question belongs, None when unknown.
        lens: where the question looks, None when unknown.
        turn_number: 1 for the first turn of a conversation.
        asked: earlier questions, for exact and nearly exact repeats.
        nearest_asked: highest cosine to an earlier question, 0..1.
        recent_lenses: lenses of the last lead questions, newest last.
        advice: what the classifier thinks, 0..1; 0 when there is none.
        earlier: the member's earlier reflections in this conversation.
    """

    question: str
    text: str = ""
    mirror: str = ""
    questions_together: int = 1
    stage: Stage | None = None
    lens: Lens | None = None
    turn_number: int = 1
    asked: tuple[str, ...] = ()
    nearest_asked: float = 0.0
    recent_lenses: tuple[Lens, ...] = ()
    advice: float = 0.0
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a criterion fails; `span` is half-open, in characters, None when nothing can be pointed at."""

    reason: str
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern whose presence fails a criterion. A group named `at` narrows the span."""

    pattern: re.Pattern[str]
    reason: str

    def search(self, text: str) -> Finding | None:
        """The first place where the pattern stands, None when it does not."""
        hit = self.pattern.search(text)
        if hit is None:
            return None
        narrowed = "at" in self.pattern.groupindex and hit.group("at") is not None
        return Finding(self.reason, hit.span("at") if narrowed else hit.span())


def rule(pattern: str, reason: str) -> Rule:
    """A rule that ignores case; white space in `pattern` is layout, write `\\s` or `[ ]` for a space."""
    return Rule(re.compile(pattern, re.IGNORECASE | re.VERBOSE), reason)


def first(rules: Iterable[Rule], text: str) -> Finding | None:
    """The finding of the first rule that applies, in the order of the rules."""
    return next((found for found in (each.search(text) for each in rules) if found), None)


def verdict(criterion: str, finding: Finding | None) -> Verdict:
    """A pass when there is nothing to find, else a fail with its reason and span."""
    if finding is None:
        return Verdict(criterion, True)
    return Verdict(criterion, False, finding.reason, finding.span)
