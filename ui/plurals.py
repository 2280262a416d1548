"""Which form of a text a whole number takes: CLDR's cardinal rules, a line for each language.

A language that is not here brings its line; the rules stand at
https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html. Forms that whole numbers
below a million never take are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plural:
    """One rule.

    Attributes:
        forms: every form that a text with plurals must have in this language; "other" is always one.
        form: the form of a number.
    """

    forms: tuple[str, ...]
    form: Callable[[int], str]


def plural_of(language: str) -> Plural | None:
    """The rule of a language; None when there is none yet.

    Args:
        language: BCP 47 tag; only its first part counts.
    """
    name = language.split("-", 1)[0]
    return next((rule for names, rule in _RULES if name in names.split()), None)


def _few(count: int) -> bool:
    return count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14)


def _east_slavic(count: int) -> str:
    if count % 10 == 1 and count % 100 != 11:
        return "one"
    return "few" if _few(count) else "many"


def _south_slavic(count: int) -> str:
    if count % 10 == 1 and count % 100 != 11:
        return "one"
    return "few" if _few(count) else "other"


def _polish(count: int) -> str:
    return "one" if count == 1 else "few" if _few(count) else "many"


def _arabic(count: int) -> str:
    if count in (0, 1, 2):
        return ("zero", "one", "two")[count]
    last = count % 100
    return "few" if 3 <= last <= 10 else "many" if last >= 11 else "other"


_RULES: tuple[tuple[str, Plural], ...] = (
    (
        "en de nl da sv nb nn no fi et el hu bg it es ca gl eu sq sw ta te tr",
        Plural(("one", "other"), lambda count: "one" if count == 1 else "other"),
    ),
    ("fr pt hi bn fa", Plural(("one", "other"), lambda count: "one" if count in (0, 1) else "other")),
    ("ja zh ko vi th id ms lo my", Plural(("other",), lambda _count: "other")),
    (
        "he",
        Plural(("one", "two", "other"), lambda count: {1: "one", 2: "two"}.get(count, "other")),
    ),
    (
        "cs sk",
        Plural(
            ("one", "few", "other"),
            lambda count: "one" if count == 1 else "few" if count in (2, 3, 4) else "other",
        ),
    ),
    ("pl", Plural(("one", "few", "many", "other"), _polish)),
    ("ru uk be", Plural(("one", "few", "many", "other"), _east_slavic)),
    ("hr sr bs", Plural(("one", "few", "other"), _south_slavic)),
    ("ar", Plural(("zero", "one", "two", "few", "many", "other"), _arabic)),
)
