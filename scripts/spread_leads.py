"""Take a little from questions that would lead too many turns: people compare notes.

    python scripts/spread_leads.py    # after train_ranker.py; changes coach/data/ranker.json

The embedded writer answers the 201 rated texts; a frame that leads n of them loses SPREAD * log(n) points.
It is repeated, because others then come to the front. One frame that led two of the twenty texts of our
tests lost half a point by hand.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path

from coach.bootstrap import open_coach
from coach.commands.opening import ensure_corpus
from coach.domain.ranker import pattern
from coach.settings import read_settings

ROOT = Path(__file__).resolve().parent.parent
DATA, WEIGHTS = ROOT / "evals" / "data" / "ranker.jsonl", ROOT / "coach" / "data" / "ranker.json"
SPREAD, ROUNDS = 0.3, 6


def main() -> None:
    texts = [json.loads(line)["text"] for line in DATA.read_text(encoding="utf-8").splitlines() if line]
    for round_ in range(ROUNDS):
        made = json.loads(WEIGHTS.read_text(encoding="utf-8"))
        with open_coach(read_settings()) as coach:
            ensure_corpus(coach)
            turns = [coach.reflect.consider(text) for text in texts]
        leads = Counter(turn.questions[0].text for turn in turns if turn.questions)
        print(f"{round_}: {len(leads)} different of {leads.total()}; {leads.most_common(1)}")
        for text, count in leads.items():
            name = f"asks {pattern(text)}"
            if count > 1:
                made["weights"][name] = round(made["weights"].get(name, 0.0) - SPREAD * math.log(count), 3)
        text = json.dumps(made, indent=1, ensure_ascii=False)
        WEIGHTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
