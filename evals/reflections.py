"""This project's own labelled reflections: is the right situation found, is a stranger recognised?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coach.bootstrap import Coach
from coach.domain.model import PROGRAMME, DocumentKind
from coach.domain.text import accept
from coach.errors import UserError
from coach.ports import Matrix
from coach.services.reading import read
from evals.retrieval import metrics

DATA = Path(__file__).parent / "data" / "reflections.jsonl"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A reflection with what it is about; `situations` is empty for a stranger, the first is the main one."""

    id: str
    text: str
    situations: tuple[str, ...]
    cases: Mapping[str, float]
    half: str


def read_labelled(half: str = "all", file: Path = DATA) -> list[Labelled]:
    """The labelled reflections of one half.

    Args:
        half: "tune", "report" or "all".

    Raises:
        UserError: another half.
    """
    if half not in {"tune", "report", "all"}:
        raise UserError(f"There is no half {half!r}.", "Please choose tune, report or all.")
    rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return [
        Labelled(row["id"], row["text"], tuple(row["situations"]), row["cases"], row["half"])
        for row in rows
        if half in {"all", row["half"]}
    ]


def measure(coach: Coach, labelled: Sequence[Labelled]) -> dict[str, float | int]:
    """Every figure of one half, beside the trivial answer.

    Returns:
        Shares of the reflections about something: right main situation first, any right one among the
        first three, some right case among those shown, nDCG@5 of the cases; the share of strangers of
        which the turn says that nothing is close, and of those that no situation was named for.
    """
    first, three, ndcg, shown, quiet, unnamed, missed = [], [], [], [], [], [], []
    for one in labelled:
        reading = read(accept(one.text), coach.parts.embedder)
        found = coach.retriever.find(reading, [PROGRAMME])
        if not one.situations:
            quiet.append(found.nothing_close)
            unnamed.append(not found.situations)
            continue
        hits = [hit.id for hit in found.situations]
        first.append(bool(hits) and hits[0] in one.situations)
        three.append(bool(set(hits[:3]) & set(one.situations)))
        missed.append(not hits)
        if one.cases:
            ranked = coach.retriever.search(reading, [PROGRAMME], found.situations, limit=40)
            cases = [passage.id for passage in ranked if passage.kind is DocumentKind.CASE]
            ndcg.append(metrics(cases[:5], one.cases)["ndcg@10"])
            shown.append(bool({case.id for case in found.cases} & set(one.cases)))
    return {
        "reflections": len(labelled),
        "situation first": _share(first),
        "situation among three": _share(three),
        "no situation near": _share(missed),
        "case nDCG@5": _share(ndcg),
        "a right case shown": _share(shown),
        "strangers recognised": _share(quiet),
        "strangers without a situation": _share(unnamed),
        "most frequent answer, first": _most_frequent(labelled),
    }


def beside(coach: Coach, labelled: Sequence[Labelled]) -> dict[str, dict[str, float]]:
    """The same labels answered by words alone and by plain embedding alone.

    Returns:
        For "bm25" and "dense": right situation first, among three, and nDCG@5 of the cases. A situation is
        one text (name, description, signs, voices), a case is title and body; nothing else is known.
    """
    situations = list(coach.retriever.vocabulary().values())
    told = [" ".join((one.name, one.description, *one.signs, *one.voices)) for one in situations]
    cases = [one for one in coach.parts.library.documents([PROGRAMME]) if one.kind is DocumentKind.CASE]
    texts = [f"{one.title} {one.body}" for one in cases]
    about = [one for one in labelled if one.situations]
    queries = [accept(one.text) for one in about]
    embed = coach.parts.embedder.embed
    vectors = embed(queries)
    ways = {
        "bm25": [_by_words(coach, group, queries) for group in (told, texts)],
        "dense": [vectors @ embed(group).T for group in (told, texts)],
    }
    return {
        name: _graded(by_situation, by_case, about, [one.id for one in situations], [one.id for one in cases])
        for name, (by_situation, by_case) in ways.items()
    }


def _by_words(coach: Coach, texts: Sequence[str], queries: Sequence[str]) -> Matrix:
    index = coach.parts.word_index(texts)
    return np.array([index.scores(query) for query in queries], dtype=np.float32)


def _graded(
    by_situation: Matrix, by_case: Matrix, about: Sequence[Labelled], situations: list[str], cases: list[str]
) -> dict[str, float]:
    first, three, ndcg = [], [], []
    for row, one in enumerate(about):
        near = [situations[place] for place in np.argsort(-by_situation[row], kind="stable")[:3]]
        first.append(near[0] in one.situations)
        three.append(bool(set(near) & set(one.situations)))
        if one.cases:
            best = [cases[place] for place in np.argsort(-by_case[row], kind="stable")[:5]]
            ndcg.append(metrics(best, one.cases)["ndcg@10"])
    return {
        "situation first": _share(first),
        "situation among three": _share(three),
        "case nDCG@5": _share(ndcg),
    }


def _share(values: Sequence[bool | float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def _most_frequent(labelled: Sequence[Labelled]) -> float:
    mains = Counter(key for one in labelled for key in one.situations)
    about = [one for one in labelled if one.situations]
    if not about:
        return float("nan")
    answer = mains.most_common(1)[0][0]
    return sum(answer in one.situations for one in about) / len(about)
