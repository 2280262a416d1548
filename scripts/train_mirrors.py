"""Learn which clause to say back from blind ratings of mirrors, and print how it compares with the rules.

    python scripts/train_mirrors.py    # ten-fold cross-validation by text, then coach/data/mirrors.json

evals/data/mirror_ratings.jsonl holds texts with up to twenty mirrors each, rated 1 to 5 by readers who knew
only the text. Ridge regression (Hoerl and Kennard 1970). Mirrors made of two clauses were rated along with
them and are not learned from: choosing among them too was tried and brought nothing (docs/quality.md).
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from coach.domain.clause import locate
from coach.domain.heart import features
from coach.domain.phrase import choose_phrases
from coach.domain.tension import detect
from coach.domain.text import split_sentences

ROOT = Path(__file__).resolve().parent.parent
DATA, OUT = ROOT / "evals" / "data" / "mirror_ratings.jsonl", ROOT / "coach" / "data" / "mirrors.json"
PENALTY, FOLDS, SEED = 3.0, 10, 1
SMALLEST = 0.02  # weights below this are left out


@dataclass(frozen=True)
class Rated:
    """One text: its single clauses as numbers, their ratings, and what the rules would say."""

    rows: list[dict[str, float]]
    ratings: np.ndarray
    by_rule: np.ndarray


def read() -> list[Rated]:
    lines = DATA.read_text(encoding="utf-8").splitlines()
    return [rated for line in lines if line and len((rated := _rated(json.loads(line))).rows)]


def _rated(row: dict[str, Any]) -> Rated:
    """Clauses are cut again: one that the rules no longer cut alike is left out."""
    text, telling = row["text"], row["telling"]
    sentences = split_sentences(text)
    tensions, places = detect(text, sentences), locate(text, sentences)
    told = dict(zip(places, telling, strict=True)) if len(telling) == len(places) else {}
    phrases = {(one.start, one.end): one for one in choose_phrases(text, sentences, tensions, telling)}
    rows, ratings, by_rule = [], [], []
    for one in row["mirrors"]:
        if len(one["spans"]) > 1 or (phrase := phrases.get(tuple(one["spans"][0]))) is None:
            continue
        sentence = next((at for at in places if at[0] <= phrase.start < at[1]), (0, len(text)))
        inside = [found for found in tensions if phrase.start <= found.start and found.end <= phrase.end]
        rows.append(features(text, phrase, sentence, told.get(sentence, 0.0), inside))
        ratings.append(one["rating"])
        by_rule.append(phrase.score)
    return Rated(rows, np.array(ratings, dtype=float), np.array(by_rule))


def known(rated: Sequence[Rated]) -> list[str]:
    return sorted(Counter(name for one in rated for row in one.rows for name in row))


def matrix(one: Rated, names: Sequence[str]) -> np.ndarray:
    return np.array([[row.get(name, 0.0) for name in names] for row in one.rows])


def fit(chosen: Sequence[Rated], names: Sequence[str]) -> np.ndarray:
    rows, wanted = (
        np.vstack([matrix(one, names) for one in chosen]),
        np.concatenate([one.ratings for one in chosen]),
    )
    rows, wanted = rows - rows.mean(axis=0), wanted - wanted.mean()
    return np.linalg.solve(rows.T @ rows + PENALTY * np.eye(len(names)), rows.T @ wanted)


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
    print(
        f"{len(rated)} texts, {sum(len(one.ratings) for one in rated)} ratings; the mirror's rating, 1 to 5"
    )
    for way, ratings in found.items():
        given = np.array(ratings)
        share = f"   4 or more: {np.mean(given >= 4):.0%}   2 or less: {np.mean(given <= 2):.0%}"
        print(f"  {way:<20} {np.mean(given):.2f}{'' if way == 'drawn by lot' else share}")


def main() -> None:
    rated = read()
    cross_validate(rated)
    names = known(rated)
    weights = {
        name: round(float(w), 3)
        for name, w in zip(names, fit(rated, names), strict=True)
        if abs(w) >= SMALLEST
    }
    about = "Weights of what a clause is like, in points of a rating from 1 to 5. Made by train_mirrors.py."
    made = {"about": about, "weights": dict(sorted(weights.items(), key=lambda pair: -pair[1]))}
    OUT.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
