"""Take a little from questions that would lead too many turns: people compare notes.

    python scripts/spread_leads.py    # after train_ranker.py; changes coach/data/ranker.json

The embedded writer answers the rated texts and 700 others; a question, or a frame, that leads n of them loses
SPREAD * log(n / FEW) points. It is repeated, because others then come to the front. Three rounds are a
bargain: the rating of the lead, where it is known, falls by 0.03, and more rounds make no more difference.
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coach.bootstrap import Coach, open_coach
from coach.commands.opening import ensure_corpus
from coach.domain.model import PROGRAMME, Brief
from coach.domain.ranker import pattern
from coach.domain.text import accept
from coach.services.reading import read
from coach.services.reflect import History, brief_of
from coach.settings import read_settings

ROOT = Path(__file__).resolve().parent.parent
DATA, WEIGHTS = ROOT / "evals" / "data", ROOT / "coach" / "data" / "ranker.json"
SPREAD, ROUNDS, OTHERS, SEED = 0.3, 3, 700, 3
FEW = 3.0  # of nine hundred turns one question may lead


def texts() -> list[str]:
    rated, others = (
        [json.loads(line)["text"] for line in (DATA / name).read_text(encoding="utf-8").splitlines() if line]
        for name in ("ranker.jsonl", "reflections_apart.jsonl")
    )
    return [*rated, *random.Random(SEED).sample(others, OTHERS)]


def brief(coach: Coach, text: str) -> Brief:
    reading = read(accept(text), coach.parts.embedder)
    found = coach.retriever.find(reading, [PROGRAMME])
    return brief_of(accept(text), reading, found, History(), ())


def spread(weights: Mapping[str, float], leads: Counter[str]) -> dict[str, float]:
    """Weights with something taken from every question that led too often."""
    often: Counter[str] = Counter()
    for text, count in leads.items():
        often[f"asks {pattern(text)}"] = max(often[f"asks {pattern(text)}"], count)
    less = {name: SPREAD * math.log(count / FEW) for name, count in often.items() if count > FEW}
    return {**weights, **{name: round(weights.get(name, 0.0) - off, 3) for name, off in less.items()}}


def main() -> None:
    made: dict[str, Any] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    with open_coach(read_settings()) as coach:
        ensure_corpus(coach)
        briefs = [brief(coach, text) for text in texts()]
        for round_ in range(ROUNDS):
            writer = coach.thinking.bank.weighing(made["weights"])  # type: ignore[attr-defined] # the bank's own
            leads = Counter(writer.write(one).questions[0].text for one in briefs)
            print(f"{round_}: {len(leads)} different of {leads.total()}; {leads.most_common(1)}")
            made["weights"] = spread(made["weights"], leads)
    made["weights"] = dict(sorted(made["weights"].items(), key=lambda pair: -pair[1]))
    WEIGHTS.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
