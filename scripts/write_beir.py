"""Write our labelled reflections in the form of the BEIR benchmark, below evals/data/beir.

    python scripts/write_beir.py

The documents are the cases of the corpus as they stand now; `qrels/tune.tsv` and `qrels/test.tsv` are the two
halves. Only the first may be looked at while something is tuned.
"""

from __future__ import annotations

import json
from pathlib import Path

from coach.adapters.corpus_files import read_corpus
from coach.domain.model import DocumentKind
from evals.reflections import read_labelled

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "evals" / "data" / "beir"
HALVES = {"tune": "tune.tsv", "report": "test.tsv"}


def main() -> None:
    (OUT / "qrels").mkdir(parents=True, exist_ok=True)
    cases = [one for one in read_corpus(ROOT / "corpus").documents if one.kind is DocumentKind.CASE]
    labelled = [one for one in read_labelled("all") if one.situations]
    _lines(OUT / "corpus.jsonl", ({"_id": one.id, "title": one.title, "text": one.body} for one in cases))
    _lines(OUT / "queries.jsonl", ({"_id": one.id, "text": one.text} for one in labelled))
    for half, name in HALVES.items():
        rows = [
            f"{one.id}\t{case}\t{grade:g}"
            for one in labelled
            if one.half == half
            for case, grade in sorted(one.cases.items())
        ]
        text = "\n".join(["query-id\tcorpus-id\tscore", *rows])
        (OUT / "qrels" / name).write_text(text + "\n", encoding="utf-8")


def _lines(file: Path, rows: object) -> None:
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]  # type: ignore[attr-defined] # an iterable
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
