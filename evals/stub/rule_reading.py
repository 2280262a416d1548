"""Reads a prompt as somebody who wants to obey it: which rules of rules.yaml hold, and how firmly.

Nothing of the product is imported here, and nothing of its rubric is repeated: what a prompt says and how
an answer is scored must be found out by two programs that do not know each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from evals.stub.plain_words import listed

FULL, HALF, GONE = 1.0, 0.5, 0.0
PATIENCE = 300  # words that belong to no rule; what comes after them is only half heard

_FILE = Path(__file__).with_name("rules.yaml")
_WORD = re.compile(r"<[a-z]+>|[a-z0-9']+")
_CLAUSE_END = re.compile(r"(?<=[.!?])[\"”')\]]*\s+(?=[\"“'(\[<A-Z])|;\s+|\n")
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d+[.)])\s+")
_NOTE = re.compile(r"<!--.*?-->", re.DOTALL)
_FORBIDS = ("do not ", "don't ", "never ")
# "Never write more than one sentence" asks for one.
_LIMITS = listed("more longer over except without other but beyond above than until")

Term = tuple[bool, tuple[str, ...]]  # whether it must be absent; the words or, with *, beginnings


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the specification. Each pattern is a set of terms that a clause must meet together.

    Attributes:
        forbids: whether the rule says what must not be: then "do not" asserts it.
        signs, vague, undone: see rules.yaml.
        examples: "there" (five or more), "negated", "hedged", "contradicted".
    """

    id: str
    forbids: bool
    signs: tuple[tuple[Term, ...], ...]
    vague: tuple[tuple[Term, ...], ...]
    undone: tuple[tuple[Term, ...], ...]
    examples: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Book:
    """The whole specification."""

    rules: tuple[Rule, ...]
    lifts: tuple[str, ...]
    hedges: tuple[str, ...]


@cache
def book(file: Path = _FILE) -> Book:
    """The specification, read once."""
    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    words = found["words"]
    return Book(
        tuple(_rule(one, words) for one in found["rules"]), tuple(found["lifts"]), tuple(found["hedges"])
    )


def strengths(system: str, user: str = "") -> dict[str, float]:
    """How firmly each rule stands.

    Args:
        system: the system message.
        user: what the last user message says outside of its fences; it can repeat a rule, but alone it
            makes one hold only by half.

    Returns:
        FULL, HALF or GONE by rule id, for every rule of the specification.
    """
    held = {rule.id: GONE for rule in book().rules}
    strange = 0
    for clause in clauses(system):
        words = _words(clause)
        most = FULL if strange <= PATIENCE else HALF
        spoken = [_take(held, rule, words, most) for rule in book().rules]
        strange += 0 if any(spoken) else len(words)
    for clause in clauses(user):
        words = _words(clause)
        for rule in book().rules:
            before = held[rule.id]
            _take(held, rule, words, HALF)
            if GONE < held[rule.id] < before:
                held[rule.id] = before
    return held


def clauses(text: str) -> list[str]:
    """A text in clauses: bullets, sentences, and what stands between semicolons; comments are left out."""
    joined: list[str] = []
    fresh = True
    for line in _NOTE.sub(" ", text).split("\n"):
        if not line.strip():
            fresh = True
            continue
        bullet = _BULLET.match(line)
        if joined and not bullet and not fresh and (line[:1].isspace() or line.strip()[:1].islower()):
            joined[-1] += f" {line.strip()}"
        else:
            joined.append(line[bullet.end() :].strip() if bullet else line.strip())
        fresh = False
    return [clause for line in joined for clause in _CLAUSE_END.split(line) if clause.strip()]


def _take(held: dict[str, float], rule: Rule, words: tuple[str, ...], most: float) -> bool:
    """Let one clause speak about one rule; whether it did."""
    known = frozenset(words)
    said = " ".join(words)
    lifted = _says(said, book().lifts)
    if _any(rule.undone, known) and not lifted:
        held[rule.id] = GONE
        return True
    if _any(rule.signs, known):
        if lifted or (
            not rule.forbids and said.startswith(_FORBIDS) and not known & _LIMITS and _bare(rule, words)
        ):
            held[rule.id] = GONE
        else:
            held[rule.id] = HALF if _says(said, book().hedges) else most
        return True
    if _any(rule.vague, known):
        held[rule.id] = GONE if lifted else max(held[rule.id], HALF)
        return True
    return False


def _bare(rule: Rule, words: tuple[str, ...]) -> bool:
    """Whether the clause speaks of the rule even without the word that forbids: then it forbids the rule."""
    skip = 2 if words[0] == "do" else 1
    return _any(rule.signs, frozenset(words[skip:]))


def _says(said: str, phrases: Sequence[str]) -> bool:
    padded = f" {said} "
    return any(f" {phrase} " in padded for phrase in phrases)


def _any(patterns: Sequence[Sequence[Term]], known: frozenset[str]) -> bool:
    return any(all(_met(term, known) for term in pattern) for pattern in patterns)


def _met(term: Term, known: frozenset[str]) -> bool:
    absent, options = term
    found = any(
        any(word.startswith(option[:-1]) for word in known) if option.endswith("*") else option in known
        for option in options
    )
    return found != absent


def _words(clause: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(clause.lower().replace("’", "'")))


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("a list was expected in rules.yaml")
    return value


def _rule(one: Mapping[str, object], words: Mapping[str, str]) -> Rule:
    def patterns(key: str) -> tuple[tuple[Term, ...], ...]:
        given = _list(one.get(key, []))
        return tuple(tuple(_term(term, words) for term in str(pattern).split()) for pattern in given)

    there = _list(one["there"])
    examples = {"there": tuple(map(str, there))}
    examples |= {key: (str(one[key]),) for key in ("negated", "hedged", "contradicted")}
    return Rule(
        str(one["id"]),
        one["kind"] == "dont",
        patterns("signs"),
        patterns("vague"),
        patterns("undone"),
        examples,
    )


def _term(term: str, words: Mapping[str, str]) -> Term:
    absent = term.startswith("!")
    options = [words.get(option, option) for option in term.removeprefix("!").split("|")]
    return absent, tuple(option for group in options for option in group.split("|"))
