"""Train the classifier that tells advice in disguise from an open question, and write its artifact.

    python scripts/train_noadvice.py            # prints the figures, writes coach/data/noadvice.json
    python scripts/train_noadvice.py --dry-run  # prints the figures only

Logistic regression (scikit-learn) on the embedding of a question and a few facts of its surface
(coach.domain.rubric.surface). Figures come from ten-fold cross-validation in which a pair is never
split, repeated with three shuffles and averaged; the held-out file is only ever scored.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from coach.adapters.onnx_embedder import OnnxEmbedder
from coach.domain.rubric import Exchange, judge
from coach.domain.rubric.surface import NAMES, features

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "evals" / "data" / "noadvice.jsonl"
HELD_OUT = ROOT / "evals" / "data" / "noadvice_heldout.jsonl"
ARTIFACT = ROOT / "coach" / "data" / "noadvice.json"

STRETCH = 3.0  # of the embedding, so that one regularisation suits its small and the surface's large numbers
STRENGTH = 0.4  # scikit-learn's C: inverse of the regularisation
CUT = 0.4  # chosen in cross-validation; the bias is shifted so that the program's cut is 0.5
FOLDS = 10
SHUFFLES = 3
DIGITS = 4

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    texts: list[str]
    advice: NDArray[np.bool_]
    pairs: list[str]
    inputs: Numbers  # (n, surface + embedding)


def load(path: Path, embedder: OnnxEmbedder) -> Data:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    texts = [row["text"] for row in rows]
    surface = np.array([features(text) for text in texts])
    inputs = np.hstack([surface, STRETCH * embedder.embed(texts).astype(np.float64)])
    return Data(texts, np.array([row["advice"] for row in rows]), [row["pair"] for row in rows], inputs)


def fitted(data: Data, chosen: NDArray[np.bool_] | None = None) -> LogisticRegression:
    kept = np.ones(len(data.texts), dtype=bool) if chosen is None else chosen
    return LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=5000).fit(
        data.inputs[kept], data.advice[kept]
    )


def cross_validated(data: Data) -> Numbers:
    """Scores of every row by models that have not seen its pair, shifted so that 0.5 is the cut."""
    total = np.zeros(len(data.texts))
    names = sorted(set(data.pairs))
    for seed in range(SHUFFLES):
        order = np.random.RandomState(seed).permutation(len(names))
        fold_of = {name: place % FOLDS for name, place in zip(names, order, strict=True)}
        folds = np.array([fold_of[pair] for pair in data.pairs])
        for fold in range(FOLDS):
            out = folds == fold
            total[out] += fitted(data, ~out).decision_function(data.inputs[out]) / SHUFFLES
    return np.asarray(1.0 / (1.0 + np.exp(-(total - logit(CUT)))))


def logit(share: float) -> float:
    return float(np.log(share / (1.0 - share)))


def by_the_rubric(texts: list[str], scores: Numbers) -> NDArray[np.bool_]:
    """What the criterion says with these scores; zeros give the rules alone."""
    verdicts = [judge(Exchange(text, advice=float(score))) for text, score in zip(texts, scores, strict=True)]
    return np.array([any(v.criterion == "noadvice" and not v.passed for v in each) for each in verdicts])


def wilson(hits: int, of: int) -> list[float]:
    """The share with the bounds of its 95 % interval (Wilson 1927)."""
    z, share = 1.96, hits / of
    centre = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * np.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return [round(float(value), 3) for value in (share, centre - half, centre + half)]


def figures(said: NDArray[np.bool_], advice: NDArray[np.bool_]) -> dict[str, list[float]]:
    found = {"specificity": wilson(int((~said & ~advice).sum()), int((~advice).sum()))}
    if advice.any():
        found = {"sensitivity": wilson(int((said & advice).sum()), int(advice.sum())), **found}
    return found


def by_origin(data: Data, scores: Numbers) -> dict[str, Any]:
    """The hand-made pairs apart from the questions of the bank, which are all meant to pass."""
    bank = np.array([pair.startswith("bank.") for pair in data.pairs])
    parts = {"pairs, cross-validated": ~bank, "bank, cross-validated by situation": bank}
    return {name: report(name, part(data, chosen), scores[chosen]) for name, chosen in parts.items()}


def part(data: Data, chosen: NDArray[np.bool_]) -> Data:
    places = np.flatnonzero(chosen)
    return Data(
        [data.texts[at] for at in places],
        data.advice[chosen],
        [data.pairs[at] for at in places],
        data.inputs[chosen],
    )


def report(name: str, data: Data, scores: Numbers) -> dict[str, Any]:
    found = {
        "rules alone": figures(by_the_rubric(data.texts, np.zeros(len(scores))), data.advice),
        "classifier alone": figures(scores >= 0.5, data.advice),
        "criterion": figures(by_the_rubric(data.texts, scores), data.advice),
    }
    print(f"{name}: {len(data.texts)} questions")
    for way, figure in found.items():
        print(f"  {way:<17}", *(f"{kind} {share}" for kind, share in figure.items()))
    return {"questions": len(data.texts), **found}


def artifact(model: LogisticRegression, name: str, measured: dict[str, Any]) -> str:
    weights = model.coef_[0]
    held = {
        "what": "probability that a question is advice in disguise; 0.5 is the cut",
        "model": name,
        "trained": f"logistic regression, C {STRENGTH}, embedding stretched by {STRETCH} "
        f"(weights are for unit length), on {DATA.relative_to(ROOT)}; see scripts/train_noadvice.py",
        "threshold": 0.5,
        "figures are": "share, lower and upper 95 % bound (Wilson)",
        **measured,
        "bias": round(float(model.intercept_[0]) - logit(CUT), DIGITS),
        "surface": {key: round(float(value), DIGITS) for key, value in zip(NAMES, weights, strict=False)},
        "embedding": [round(float(value) * STRETCH, DIGITS) for value in weights[len(NAMES) :]],
    }
    return json.dumps(held, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--dry-run", action="store_true", help="print the figures, write nothing")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        embedder = OnnxEmbedder(Path(folder))
        data, held_out = load(DATA, embedder), load(HELD_OUT, embedder)
    model = fitted(data)
    unseen = np.asarray(1.0 / (1.0 + np.exp(-(model.decision_function(held_out.inputs) - logit(CUT)))))
    measured = {
        **by_origin(data, cross_validated(data)),
        "held out": report("held out", held_out, unseen),
    }
    if not asked.dry_run:
        ARTIFACT.parent.mkdir(exist_ok=True)
        ARTIFACT.write_text(artifact(model, embedder.name, measured), encoding="utf-8")


if __name__ == "__main__":
    main()
