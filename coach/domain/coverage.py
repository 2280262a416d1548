"""Where a corpus is rich and where it is thin, in numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from coach.domain.model import BankQuestion, Document, DocumentKind, Lens, Method, Situation, Stage

Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where a corpus is rich and where it is thin.

    Attributes:
        questions: (family, situation id, situation name, {(lens, stage): how many}).
        cases: all of them.
        by_situation: ids of the cases that name a situation.
        counts: named totals, in the order in which they are shown.
    """

    questions: tuple[tuple[str, str, str, Mapping[Cell, int]], ...]
    cases: tuple[Document, ...]
    by_situation: Mapping[str, tuple[str, ...]]
    counts: Mapping[str, int]


def coverage(
    situations: Sequence[Situation], documents: Sequence[Document], methods: Sequence[Method] = ()
) -> Coverage:
    """Count a corpus: situations by lens and stage, cases by situation."""
    cases = tuple(one for one in documents if one.kind is DocumentKind.CASE)
    by_situation: Mapping[str, list[str]] = defaultdict(list)
    for case in cases:
        for key in case.situations:
            by_situation[key].append(case.id)
    rows = tuple((one.family, one.id, one.name, _cells(one.questions)) for one in situations)
    counts = {
        "situations": len(situations),
        "families": len({one.family for one in situations}),
        "questions": sum(len(one.questions) for one in situations),
        "signs": sum(len(one.signs) for one in situations),
        "voices": sum(len(one.voices) for one in situations),
        "cases": len(cases),
        "pairs of cases": sum(bool(one.pair) for one in cases) // 2,
        "functions": len(_first_words(one.function for one in cases)),
        "settings": len(_first_words(one.setting for one in cases)),
        "guidelines": sum(one.kind is DocumentKind.GUIDELINE for one in documents),
        "methods": len(methods),
        "situations without a case": sum(one.id not in by_situation for one in situations),
    }
    return Coverage(rows, cases, {key: tuple(ids) for key, ids in by_situation.items()}, counts)


def _cells(questions: Iterable[BankQuestion]) -> dict[Cell, int]:
    found = Counter((question.lens.value, question.stage.value) for question in questions)
    return {(lens.value, stage.value): found[(lens.value, stage.value)] for lens in Lens for stage in Stage}


def _first_words(texts: Iterable[str]) -> set[str]:
    """ "hospital, maternity ward" and "hospital, operating department" are one function."""
    return {text.split(",")[0].strip().casefold() for text in texts if text}
