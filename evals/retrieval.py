"""How well the product's own ranking does on a labelled set, beside BM25 and plain embedding."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from coach.domain.text import clean, split_sentences
from coach.errors import UserError
from coach.ports import Embedder, Matrix, WordIndex
from coach.services.ranking import rank
from coach.services.reading import read, with_whole

CANDIDATES = 100  # by vector and by words each; the fused ranking looks at these
MOST_SENTENCES = 59

Ranking = list[str]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Beir:
    """A labelled set in the form of the BEIR benchmark (Thakur et al. 2021).

    Attributes:
        documents, queries: text by id; of a document, title and text.
        relevant: query id -> document id -> grade, above 0.
    """

    documents: Mapping[str, str]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, float]]


def read_beir(folder: Path) -> Beir:
    """Read corpus.jsonl, queries.jsonl and qrels/test.tsv.

    Raises:
        UserError: a file is missing or a line is not of the usual form; it names the file and the line.
    """
    documents = {
        str(row["_id"]): clean(f"{row.get('title') or ''}\n{row.get('text') or ''}")
        for row in _rows(folder / "corpus.jsonl")
    }
    queries = {str(row["_id"]): clean(str(row.get("text") or "")) for row in _rows(folder / "queries.jsonl")}
    relevant: dict[str, dict[str, float]] = {}
    for query, document, grade in _qrels(folder / "qrels" / "test.tsv"):
        if grade > 0 and query in queries and document in documents and query != document:
            relevant.setdefault(query, {})[document] = grade
    if not relevant:
        raise UserError("No query has a relevant document.", "Please check the ids in qrels/test.tsv.")
    return Beir(documents, queries, relevant)


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    if not file.is_file():
        raise UserError(f"There is no file {file.name} in this folder.", "Please give a folder in BEIR form.")
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            row["_id"]
        except (ValueError, KeyError, TypeError):
            raise UserError(
                f"{file.name}, line {number} is not of the usual form.", 'It needs "_id" and "text".'
            ) from None
        yield row


def _qrels(file: Path) -> Iterator[tuple[str, str, float]]:
    if not file.is_file():
        raise UserError(
            "There is no file qrels/test.tsv in this folder.", "Please give a folder in BEIR form."
        )
    for number, row in enumerate(csv.reader(file.open(encoding="utf-8-sig"), delimiter="\t"), 1):
        if not row:
            continue
        try:
            yield row[0], row[-2], float(row[-1])
        except (ValueError, IndexError):
            if number > 1:  # the first line is a heading
                raise UserError(
                    f"qrels/test.tsv, line {number} is not of the usual form.",
                    "It needs query, document, grade.",
                ) from None


def measure(
    beir: Beir, embedder: Embedder, word_index: Callable[[Sequence[str]], WordIndex], progress: Progress
) -> dict[str, dict[str, float]]:
    """Rank every labelled query three ways.

    Args:
        beir: the labelled set.
        embedder: the product's.
        word_index: makes the product's BM25 index.
        progress: told how many queries are done.

    Returns:
        For "product", "bm25" and "dense": ndcg@10, mrr, p@1, recall@5, means over the labelled queries.
    """
    ids = list(beir.documents)
    texts = [beir.documents[key] or "(empty)" for key in ids]
    wholes = embedder.embed(texts)
    words = word_index(texts)
    parts: dict[str, Matrix] = {}
    results: dict[str, list[dict[str, float]]] = {"product": [], "bm25": [], "dense": []}
    for done, (query, grades) in enumerate(beir.relevant.items(), 1):
        reading = read(beir.queries[query] or "(empty)", embedder)
        dense = wholes @ embedder.embed([beir.queries[query] or "(empty)"])[0]
        bm25 = np.array(words.scores(reading.text))
        by_dense, by_bm25 = _order(ids, dense, query), _order(ids, bm25, query)
        near = list(dict.fromkeys([*by_dense[:CANDIDATES], *by_bm25[:CANDIDATES]]))
        for key in near:
            if key not in parts:
                place = ids.index(key)
                sentences = split_sentences(texts[place])[:MOST_SENTENCES]
                parts[key] = with_whole(
                    sentences or texts[place : place + 1],
                    embedder.embed(sentences or texts[place : place + 1]),
                )
        score = dict(zip(ids, bm25.tolist(), strict=True))
        product = list(rank(reading.vectors, {key: parts[key] for key in near}, score))
        for name, ranking in (("product", product), ("bm25", by_bm25), ("dense", by_dense)):
            results[name].append(metrics(ranking, grades))
        progress(done, len(beir.relevant))
    return {name: _means(rows) for name, rows in results.items()}


def _order(ids: Sequence[str], scores: Matrix, query: str) -> Ranking:
    return [ids[place] for place in np.argsort(-scores, kind="stable") if ids[place] != query]


def metrics(ranking: Sequence[str], grades: Mapping[str, float]) -> dict[str, float]:
    """The four figures of one ranking.

    nDCG with gain 2^grade - 1 (Burges et al. 2005), cut at 10; reciprocal rank of the first relevant
    document; precision at 1; recall at 5.

    Args:
        ranking: document ids, best first.
        grades: relevant documents with their grade, at least one.
    """
    gains = [2 ** grades.get(key, 0.0) - 1 for key in ranking[:10]]
    ideal = sorted((2**grade - 1 for grade in grades.values()), reverse=True)[:10]
    dcg = sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))
    best = sum(gain / math.log2(place + 2) for place, gain in enumerate(ideal))
    first = next((place for place, key in enumerate(ranking, 1) if key in grades), 0)
    return {
        "ndcg@10": dcg / best,
        "mrr": 1 / first if first else 0.0,
        "p@1": float(bool(ranking) and ranking[0] in grades),
        "recall@5": sum(key in grades for key in ranking[:5]) / len(grades),
    }


def _means(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: round(sum(row[name] for row in rows) / len(rows), 4) for name in rows[0]}
