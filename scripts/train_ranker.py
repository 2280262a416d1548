"""Learn the order of candidates from blind ratings, and print how it compares with the rules.

    python scripts/train_ranker.py    # ten-fold cross-validation by text, then coach/data/ranker.json

evals/data/ranker.jsonl holds texts with up to twenty candidates each (scripts/propose_candidates.py), rated 1
to 5 by readers who knew only text and mirror. Ridge regression (Hoerl and Kennard 1970) on the distance from
the text's mean, so that an easy text teaches no more than a hard one.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from coach.domain.choosing import Candidate, Source, score
from coach.domain.model import Lens, Stage
from coach.domain.ranker import features, pattern, setting

ROOT = Path(__file__).resolve().parent.parent
DATA, OUT = ROOT / "evals" / "data" / "ranker.jsonl", ROOT / "coach" / "data" / "ranker.json"
PENALTY, PENALTY_FOR_ONE_FRAME, FOLDS, SEED = 3.0, 6.0, 10, 1
FEWEST = 5  # ratings of one frame before it gets a weight of its own
SMALLEST = 0.02  # weights below this are left out


@dataclass(frozen=True)
class Rated:
    """One text: its candidates as numbers, their ratings, and what the rules would say."""

    rows: list[dict[str, float]]
    ratings: np.ndarray
    by_rule: np.ndarray


def read() -> list[Rated]:
    return [_rated(json.loads(line)) for line in DATA.read_text(encoding="utf-8").splitlines() if line]


def _rated(row: dict[str, Any]) -> Rated:
    at = setting(row["text"], row["mirror"], Stage(row["stage"]), Lens(row["lens"]))
    candidates = [_candidate(one) for one in row["candidates"]]
    return Rated(
        [features(one, at) for one in candidates],
        np.array([one["rating"] for one in row["candidates"]]),
        np.array([score(one, at.stage, at.lens, ()) for one in candidates]),
    )


def _candidate(row: dict[str, Any]) -> Candidate:
    kinds: dict[str, Callable[[Any], Any]] = {"lens": Lens, "stage": Stage, "source": Source}
    return Candidate(**{k: kinds[k](v) if k in kinds else v for k, v in row.items() if k != "rating"})


def known(rated: Sequence[Rated]) -> list[str]:
    """The features that get a weight: those of a single frame only when it was rated often enough."""
    count = Counter(name for one in rated for row in one.rows for name in row)
    bank = {f"asks {pattern(text)}" for text in _bank_texts()}
    return sorted(
        name
        for name, times in count.items()
        if not name.startswith("asks ") or (times >= FEWEST and name not in bank)
    )


def _bank_texts() -> set[str]:
    rows = (json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines() if line)
    return {one["text"] for row in rows for one in row["candidates"] if one["source"] in {"bank", "case"}}


def matrix(one: Rated, names: Sequence[str]) -> np.ndarray:
    return np.array([[row.get(name, 0.0) for name in names] for row in one.rows])


def fit(chosen: Sequence[Rated], names: Sequence[str]) -> np.ndarray:
    rows = np.vstack([(m := matrix(one, names)) - m.mean(axis=0) for one in chosen])
    wanted = np.concatenate([one.ratings - one.ratings.mean() for one in chosen])
    penalty = [PENALTY_FOR_ONE_FRAME if name.startswith("asks ") else PENALTY for name in names]
    return np.linalg.solve(rows.T @ rows + np.diag(penalty), rows.T @ wanted)


def cross_validate(rated: Sequence[Rated]) -> None:
    order = list(range(len(rated)))
    random.Random(SEED).shuffle(order)
    found: dict[str, list[float]] = {"learned": [], "rules": [], "drawn by lot": [], "the best there is": []}
    for fold in range(FOLDS):
        held = set(order[fold::FOLDS])
        taught = [one for place, one in enumerate(rated) if place not in held]
        names = known(taught)
        weights = fit(taught, names)
        for one in (rated[place] for place in held):
            found["learned"].append(one.ratings[np.argmax(matrix(one, names) @ weights)])
            found["rules"].append(one.ratings[np.argmax(one.by_rule)])
            found["drawn by lot"].append(one.ratings.mean())
            found["the best there is"].append(one.ratings.max())
    print(f"{len(rated)} texts, {sum(len(one.ratings) for one in rated)} ratings; the lead's rating, 1 to 5")
    for way, ratings in found.items():
        share = "" if way == "drawn by lot" else f"   4 or more: {np.mean(np.array(ratings) >= 4):.0%}"
        print(f"  {way:<20} {np.mean(ratings):.2f}{share}")
    wins = np.array(found["learned"]) - np.array(found["rules"])
    print(f"  learned above rules in {(wins > 0).mean():.0%} of the texts, below in {(wins < 0).mean():.0%}")


def main() -> None:
    rated = read()
    cross_validate(rated)
    names = known(rated)
    weights = {
        name: round(float(w), 3)
        for name, w in zip(names, fit(rated, names), strict=True)
        if abs(w) >= SMALLEST
    }
    about = "Weights of the candidates' features, in points of a rating from 1 to 5. Made by train_ranker.py."
    made = {"about": about, "weights": dict(sorted(weights.items(), key=lambda pair: -pair[1]))}
    OUT.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
