"""Draw candidates for rating: for each text twenty questions the embedded writer could have asked.

    python scripts/propose_candidates.py texts.jsonl candidates.jsonl   # lines of {"id", "text"} in

A third are the best by the rules now in force, the rest are drawn evenly from everything that passes the
rubric, so that the ranker also learns from what the rules would never have chosen. Raters get `text`,
`mirror` and the questions in a shuffled order, and nothing else.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import asdict
from pathlib import Path
from typing import Any

from coach.bootstrap import Coach, open_coach
from coach.commands.opening import ensure_corpus
from coach.domain.choosing import Candidate, allowed
from coach.domain.model import PROGRAMME
from coach.domain.text import accept
from coach.services.reading import read
from coach.services.reflect import History, brief_of
from coach.settings import read_settings

EACH, BEST, SEED = 20, 7, 11


def drawn(coach: Coach, text: str, dice: random.Random) -> dict[str, Any]:
    text = accept(text)
    reading = read(text, coach.parts.embedder)
    found = coach.retriever.find(reading, [PROGRAMME])
    brief = brief_of(text, reading, found, History(), ())
    said, candidates = coach.thinking.bank.propose(brief)  # type: ignore[attr-defined] # the bank's own
    pool = {one.text: one for one in candidates if allowed(one, brief.stage, brief.turn_number)}
    fit = [one for one in pool.values() if coach.thinking.bank.passes(one, said, brief)]  # type: ignore[attr-defined]
    best, rest = fit[:BEST], fit[BEST:]
    chosen = best + dice.sample(rest, min(EACH - len(best), len(rest)))
    dice.shuffle(chosen)
    return {
        "text": text,
        "mirror": said.sentence,
        "stage": brief.stage,
        "lens": brief.lens,
        "candidates": [_row(one) for one in chosen],
    }


def _row(one: Candidate) -> dict[str, Any]:
    return {key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(one).items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    rows = [json.loads(line) for line in given.texts.read_text(encoding="utf-8").splitlines() if line.strip()]
    dice = random.Random(SEED)
    with open_coach(read_settings()) as coach, given.out.open("w", encoding="utf-8") as out:
        ensure_corpus(coach)
        for row in rows:
            out.write(
                json.dumps({"id": row["id"], **drawn(coach, row["text"], dice)}, ensure_ascii=False) + "\n"
            )


if __name__ == "__main__":
    main()
