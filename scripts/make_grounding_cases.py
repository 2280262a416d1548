"""Freeze passages beside hand-written reflections: the cases of the grounding family.

    python scripts/make_grounding_cases.py   # writes evals/data/grounding.jsonl

Seeds are reflections of the `tune` half of evals/data/reflections.jsonl whose label names a case that truly
fits; the passages are copied from the corpus as it is now, so that later edits move nothing. Each seed has
four variants: the fitting cases alone; one of them between two that do not fit; three that do not fit; and
the fitting ones with a planted sentence whose name, firm and number stand nowhere else.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from coach.adapters.corpus_files import read_corpus  # noqa: E402 # the path has to be set first
from coach.domain.model import Document, DocumentKind  # noqa: E402

DATA = ROOT / "evals" / "data"
OUT = DATA / "grounding.jsonl"
SEED, SEEDS, FITTING = 20_261_122, 50, 2  # relevance from which a case fits
LONGEST = 900  # characters of a passage: no writer gets to read more
VARIANTS = ("fits", "mixed", "none fits", "planted")
MUST_PASS_EVERY = 7

Json = Mapping[str, Any]


def rows(reflections: Sequence[Json], documents: Mapping[str, Document], plants: Json) -> Iterator[Json]:
    """Seeds, then passages, then cases."""
    dice = random.Random(SEED)
    able = [one for one in reflections if one["half"] == "tune" and _fitting(one, documents)]
    seeds = sorted(dice.sample(able, SEEDS), key=lambda one: str(one["id"]))
    pool = sorted({key for one in seeds for key in _fitting(one, documents)})
    yield from ({"row": "seed", "id": one["id"], "text": one["text"]} for one in seeds)
    cases = [case for n, one in enumerate(seeds) for case in _variants(n, one, documents, pool, plants, dice)]
    used = sorted({key for case in cases for key in case["passages"]})
    yield from (_passage(documents[key]) for key in used)
    for number, case in enumerate(cases, 1):
        must = {"must_pass": True} if number % MUST_PASS_EVERY == 0 else {}
        yield {"row": "case", "id": f"g{number:03d}", **case, **must}


def _fitting(one: Json, documents: Mapping[str, Document]) -> list[str]:
    ranked = sorted(one["cases"].items(), key=lambda pair: (-pair[1], pair[0]))
    return [key for key, value in ranked if value >= FITTING and key in documents][:2]


def _variants(
    place: int,
    one: Json,
    documents: Mapping[str, Document],
    pool: Sequence[str],
    plants: Json,
    dice: random.Random,
) -> Iterator[dict[str, Any]]:
    fitting = _fitting(one, documents)
    families = {str(situation).split(".")[0] for situation in one["situations"]}
    strange = [key for key in pool if key not in one["cases"] and not _families(documents[key]) & families]
    others = dice.sample(strange, 3)
    common = {"seed": one["id"], "situation": one["situations"][0]}
    yield {**common, "variant": "fits", "passages": fitting, "fitting": fitting}
    yield {
        **common,
        "variant": "mixed",
        "passages": [others[0], fitting[0], others[1]],
        "fitting": fitting[:1],
    }
    # Nothing fits: no situation is near either.
    yield {"seed": one["id"], "variant": "none fits", "passages": others, "fitting": []}
    yield {
        **common,
        "variant": "planted",
        "passages": fitting,
        "fitting": fitting,
        "plant": _plant(place, fitting[0], plants),
    }


def _families(document: Document) -> set[str]:
    return {situation.split(".")[0] for situation in document.situations}


def _plant(place: int, passage: str, plants: Json) -> dict[str, Any]:
    """A sentence with three tokens, another three for every seed."""
    name = plants["names"][place % len(plants["names"])]
    org = plants["orgs"][(place + place // 25) % len(plants["orgs"])]
    number = plants["numbers"][(place + place // 10) % len(plants["numbers"])]
    sentence = plants["plants"][place % len(plants["plants"])]
    filled = sentence.replace("{name}", name).replace("{org}", org).replace("{number}", number)
    return {"passage": passage, "sentence": filled, "tokens": [name, org, number]}


def _passage(document: Document) -> Json:
    """As a writer reads it; the plant goes to its beginning, which is never cut."""
    text = document.body
    if len(text) > LONGEST:
        text = text[:LONGEST].rsplit(" ", 1)[0]
    kind = "case" if document.kind is DocumentKind.CASE else "guideline"
    asked = list(document.questions[:3])
    return {
        "row": "passage",
        "id": document.id,
        "kind": kind,
        "title": document.title,
        "text": text,
        "questions": asked,
    }


def lines() -> str:
    """The whole file."""
    reflections = [json.loads(row) for row in (DATA / "reflections.jsonl").read_text("utf-8").splitlines()]
    corpus = read_corpus(ROOT / "corpus")
    documents = {one.id: one for one in corpus.documents}
    plants = json.loads((DATA / "seeds" / "grounding.json").read_text(encoding="utf-8"))
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(reflections, documents, plants))


if __name__ == "__main__":
    OUT.write_text(lines(), encoding="utf-8")
