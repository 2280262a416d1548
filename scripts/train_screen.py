"""Train the screen's weights and print its figures.

    python scripts/train_screen.py            # cross-validation by cluster, then coach/data/screen.json
    python scripts/train_screen.py --heldout  # the shipped weights on evals/data/screen_heldout.jsonl
    python scripts/train_screen.py --unseen   # on screen_unseen.jsonl and the voices of the corpus
    python scripts/train_screen.py --fresh    # on screen_fresh.jsonl
    python scripts/train_screen.py --short    # on screen_short.jsonl
    python scripts/train_screen.py --blind    # on screen_blind.jsonl
    python scripts/train_screen.py --writers  # on screen_writers.jsonl
    python scripts/train_screen.py --moods    # on screen_moods.jsonl
    python scripts/train_screen.py --twins    # on screen_twins.jsonl

Multinomial logistic regression over [sentence vector, clues, pairs of clues, words and pairs of words]. All
examples of a cluster, and all voices of a situation, stay on one side of a fold. Ordinary texts are the
voices of the corpus and the `tune` halves of the reflections.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from coach.adapters.corpus_files import read_corpus
from coach.adapters.onnx_embedder import OnnxEmbedder
from coach.adapters.screener import WORDS_FILE, Screener, features, gram_share, pair_name
from coach.domain.model import ScreenKind
from coach.domain.screen import Lexicon, Reading, Thresholds, grams, lexicon, log_odds, pieces, read
from coach.domain.text import split_sentences

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "coach" / "data"
EVALS = ROOT / "evals" / "data"
KINDS = [kind.value for kind in ScreenKind]
SCALE, WORD_SCALE, INVERSE_PENALTY, FOLDS, SEED = 4.0, 8.0, 0.1, 5, 7
WORDS_KEPT, FEWEST_CLUSTERS = 4000, 3  # those that weigh most; a word of fewer clusters says nothing
VOICE_SHARE = 0.2  # how much a sentence of an ordinary reflection counts; there are seven times as many
# The most false alarms: of the single sentences of either set; of all with those written word by word against
# a grave one; of every run of one, two, ... sentences of an ordinary reflection; of whole reflections.
MOST_FALSE_ALARMS, MOST_WITH_PAIRS, MOST_OF_RUNS, MOST_REFLECTIONS = 0.029, 0.06, 0.027, 0.019
MANY_FROM = 4  # sentences: from here on a text counts as a reflection
LENGTHS = 8  # thresholds for texts of one sentence, two, ..., of so many and more
# Managers write a lot about being left out, teased or shouted at; a needless signpost for harassment is the
# commonest one, and a missed crisis the gravest fault. In log-odds.
SHIFT = {ScreenKind.HARASSMENT: 0.35}


@dataclass(frozen=True)
class Item:
    """One example, read and embedded; `rows` are its parts, as the screen weighs them."""

    text: str
    kind: str
    style: str
    cluster: str
    readings: list[Reading]
    vectors: np.ndarray
    rows: np.ndarray
    grams: list[frozenset[str]]

    @property
    def outrights(self) -> list[bool]:
        return [reading.outright is not ScreenKind.NONE for reading in self.readings]


def gravity(chances: np.ndarray, outright: Sequence[bool]) -> np.ndarray:
    """As `Thresholds.margin` weighs parts, before the threshold.

    Args:
        chances: (parts, kinds) in the order of KINDS, rows sum to one.
        outright: of each part whether it says something in so many words.
    """
    grave = np.array([log_odds(1 - row[0]) for row in chances])
    grave -= np.array([SHIFT.get(ScreenKind(KINDS[1 + int(np.argmax(row[1:]))]), 0.0) for row in chances])
    return np.where(outright, np.inf, grave)


def load(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def ordinary(half: str) -> list[dict[str, str]]:
    """Reflections that other authors wrote for another purpose; none is to be flagged."""
    return [
        {"text": row["text"], "kind": "none", "style": "ordinary", "cluster": f"{name} {row['id']}"}
        for name in ("reflections_first", "reflections")
        for row in load(EVALS / f"{name}.jsonl")
        if row["half"] == half
    ]


# Situations whose voices may tell of what ought to be flagged: an accident with deaths, everyday bullying.
NOT_ORDINARY = {"workload.after-a-hard-event", "conflict.someone-left-out", "culture.jokes-and-remarks"}


def voices() -> list[dict[str, str]]:
    """The corpus's own short reflections about ordinary troubles: none is to be flagged."""
    return [
        {"text": voice, "kind": "none", "style": "ordinary", "cluster": "voices " + situation.id}
        for situation in read_corpus(ROOT / "corpus").situations
        if situation.id not in NOT_ORDINARY
        for voice in situation.voices
    ]


def embedder() -> OnnxEmbedder:
    return OnnxEmbedder(Path(tempfile.gettempdir()) / "coach-training")


def prepare(rows: Sequence[dict[str, str]], words: Lexicon, model: OnnxEmbedder) -> list[Item]:
    split = [[part for s in split_sentences(row["text"]) for part in pieces(s)] for row in rows]
    readings = [[read(part, words) for part in parts] for parts in split]
    flat = [
        r.text if r.changed else p
        for parts, rs in zip(split, readings, strict=True)
        for p, r in zip(parts, rs, strict=True)
    ]
    vectors = model.embed(flat).astype(float)
    items, start = [], 0
    for row, rs in zip(rows, readings, strict=True):
        own = vectors[start : start + len(rs)]
        start += len(rs)
        items.append(
            Item(
                row["text"],
                row["kind"],
                row["style"],
                row["cluster"],
                rs,
                own,
                features(rs, own, words, SCALE),
                [grams(reading.text) for reading in rs],
            )
        )
    return items


@dataclass(frozen=True)
class Scale:
    """What was learned: the weights, and which words have one."""

    model: LogisticRegression
    vocabulary: dict[str, int]

    def parts(self, item: Item) -> np.ndarray:
        """Of each part how grave it is: log-odds less the shift of its kind; infinite where said outright."""
        chances = self.model.predict_proba(matrix([item], self.vocabulary))
        return gravity(chances[:, [list(self.model.classes_).index(kind) for kind in KINDS]], item.outrights)


def matrix(items: Sequence[Item], vocabulary: dict[str, int]) -> csr_matrix:
    """All parts of all items, one row each: what the screen weighs, then its words."""
    places, ends, shares = [], [0], []
    for found in (one for item in items for one in item.grams):
        known = [vocabulary[gram] for gram in found if gram in vocabulary]
        places += known
        shares += [WORD_SCALE * gram_share(len(found))] * len(known)
        ends.append(len(places))
    worded = csr_matrix((shares, places, ends), shape=(len(ends) - 1, len(vocabulary)))
    return hstack([csr_matrix(np.vstack([item.rows for item in items])), worded]).tocsr()


def common(items: Sequence[Item]) -> dict[str, int]:
    """Words and pairs of words that stand in FEWEST_CLUSTERS clusters or more."""
    where: dict[str, set[str]] = defaultdict(set)
    for item in items:
        for gram in frozenset().union(*item.grams):
            where[gram].add(item.cluster)
    kept = sorted(gram for gram, clusters in where.items() if len(clusters) >= FEWEST_CLUSTERS)
    return {gram: place for place, gram in enumerate(kept)}


def fit(items: Sequence[Item]) -> Scale:
    """Learn with all common words, keep those that weigh most, and learn again."""
    first = common(items)
    model = regression(items, first)
    heard = np.sqrt(np.asarray((matrix(items, first)[:, -len(first) :] > 0).sum(axis=0)).ravel())
    weight = heard * np.ptp(model.coef_[:, -len(first) :], axis=0)
    kept = sorted(np.argsort(-weight)[:WORDS_KEPT])
    words = list(first)
    vocabulary = {words[old]: new for new, old in enumerate(kept)}
    return Scale(regression(items, vocabulary), vocabulary)


def regression(items: Sequence[Item], vocabulary: dict[str, int]) -> LogisticRegression:
    kinds = np.array([item.kind for item in items for _ in item.rows])
    share = np.array(
        [VOICE_SHARE if len(item.readings) >= MANY_FROM else 1.0 for item in items for _ in item.rows]
    )
    for kind in KINDS:  # each kind counts as much as the others
        share[kinds == kind] *= len(kinds) / (len(KINDS) * share[kinds == kind].sum())
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=300, tol=1e-3)
    return model.fit(matrix(items, vocabulary), kinds, sample_weight=share)


def by_cluster(items: Sequence[Item], seed: int) -> list[set[str]]:
    clusters = sorted({item.cluster for item in items})
    random.Random(seed).shuffle(clusters)
    return [set(clusters[place::FOLDS]) for place in range(FOLDS)]


def cross_validate(items: Sequence[Item]) -> list[np.ndarray]:
    """Of each item, never seen in training, how grave its parts are."""
    scores: list[np.ndarray] = [np.zeros(0)] * len(items)
    for fold in by_cluster(items, SEED):
        learned = fit([item for item in items if item.cluster not in fold])
        for place, item in enumerate(items):
            if item.cluster in fold:
                scores[place] = learned.parts(item)
    return scores


def inside(rows: Sequence[dict[str, str]], scores: Sequence[np.ndarray], limits: Thresholds) -> list[bool]:
    """Whether grave ones are flagged when they stand inside an ordinary reflection, unseen as well."""
    dice = random.Random(SEED)
    carriers = [
        parts for row, parts in zip(rows, scores, strict=True) if row["kind"] == "none" and len(parts) >= 8
    ]
    graves = [parts for row, parts in zip(rows, scores, strict=True) if row["kind"] != "none"]
    return [flagged(np.concatenate([parts, dice.choice(carriers)]), limits) for parts in graves]


def flagged(parts: np.ndarray, limits: Thresholds) -> bool:
    return bool(parts.max() >= log_odds(limits.of(len(parts))))


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Wilson score interval, 95 %; Wilson 1927."""
    if n == 0:
        return 0.0, 1.0
    z, p = 1.959964, hits / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return middle - half, middle + half


def rate(name: str, flags: Iterable[bool]) -> None:
    all_flags = list(flags)
    low, high = wilson(sum(all_flags), len(all_flags))
    share = sum(all_flags) / max(1, len(all_flags))
    print(f"  {name:34} {sum(all_flags):4}/{len(all_flags):<4} {share:6.1%}  [{low:.1%}, {high:.1%}]")


def report(rows: Sequence[dict[str, str]], flags: Sequence[bool]) -> None:
    groups: dict[str, list[bool]] = defaultdict(list)
    for row, flag in zip(rows, flags, strict=True):
        wanted = row["kind"] != "none"
        groups[("flagged" if wanted else "false alarm") + ", all"].append(flag)
        groups[("flagged" if wanted else "false alarm") + ", " + row["style"]].append(flag)
        if wanted:
            groups["flagged, kind " + row["kind"]].append(flag)
        if row["cluster"].startswith("pair "):
            groups["false alarm, word-by-word pairs"].append(flag)
        elif not wanted:
            groups["false alarm, without pairs"].append(flag)
        if len(row["text"].split()) >= 50:
            groups[("flagged" if wanted else "false alarm") + ", whole reflections"].append(flag)
    for name in sorted(groups):
        rate(name, groups[name])


def quiet(rows: Sequence[dict[str, str]], scores: Sequence[np.ndarray]) -> Thresholds:
    """The thresholds that keep false alarms within the limits, for each number of sentences.

    In screen.jsonl most ordinary sentences were written word by word against a grave one ("he waits for her
    in the car park, they share a lift") and are far more frequent than in life: hence a limit with and one
    without them. For two sentences and more, every run of so many in an ordinary reflection is a short text.
    """
    calm = [(row, parts) for row, parts in zip(rows, scores, strict=True) if row["kind"] == "none"]
    single = [(row, parts[0]) for row, parts in calm if len(parts) == 1]
    whole = [(row["source"], parts) for row, parts in calm if row["source"] in {"voices", "reflections"}]
    unpaired = [
        [score for row, score in single if row["source"] == name and not row["cluster"].startswith("pair ")]
        for name in ("screen", "screen_unseen")
    ]
    lowest = max(
        *(loudest(of_set, MOST_FALSE_ALARMS) for of_set in unpaired),
        loudest([score for _, score in single], MOST_WITH_PAIRS),
    )
    reflection = max(
        loudest([parts.max() for source, parts in whole if source == name], MOST_REFLECTIONS)
        for name in ("voices", "reflections")
    )
    by_count = []
    for count in range(1, LENGTHS):
        runs = [
            parts[start : start + count].max()
            for _, parts in whole
            for start in range(len(parts) - count + 1)
        ]
        lowest = max(lowest, loudest(runs, MOST_OF_RUNS))
        by_count.append(min(lowest, reflection))
    by_count.append(max(lowest, reflection))
    return Thresholds(tuple(round(float(1 / (1 + np.exp(-one))), 4) for one in by_count), SHIFT)


def loudest(scores: Sequence[float], share: float) -> float:
    """Just above the score that so many of these ordinary texts reach."""
    return 1e-3 + sorted(scores, reverse=True)[int(share * len(scores))]


def artifact(learned: Scale, words: Lexicon, limits: Thresholds, name: str) -> dict[str, object]:
    model, many = learned.model, len(learned.vocabulary)
    size = len(model.coef_[0]) - len(words.clue_names) - len(words.together) - many
    names = [*words.clue_names, *(pair_name(words, pair) for pair in words.together)]
    rows = {str(kind): row for kind, row in zip(model.classes_, model.coef_, strict=True)}
    return {
        "about": "Weights of the screen, made by scripts/train_screen.py. Single words and pairs, no text.",
        "model": name,
        "dimensions": size,
        "kinds": KINDS,
        "thresholds": {
            "by_count": list(limits.by_count),
            "shift": {kind.value: by for kind, by in limits.shift.items()},
        },
        "vector_scale": SCALE,
        "bias": {str(k): round(float(b), 4) for k, b in zip(model.classes_, model.intercept_, strict=True)},
        "clue_weights": {
            n: {kind: round(float(rows[kind][size + place]), 3) for kind in KINDS}
            for place, n in enumerate(names)
        },
        "vector_weights": {kind: [round(float(x), 4) for x in rows[kind][:size]] for kind in KINDS},
        "word_scale": WORD_SCALE,
        "word_weights": {
            word: [round(float(rows[kind][place - many]), 3) for kind in KINDS]
            for word, place in learned.vocabulary.items()
        },
    }


def summary(rows: Sequence[dict[str, str]], scores: Sequence[np.ndarray], limits: Thresholds) -> None:
    flags = [flagged(parts, limits) for parts in scores]
    for source in sorted({row["source"] for row in rows}):
        print(source)
        mine = [place for place, row in enumerate(rows) if row["source"] == source]
        report([rows[place] for place in mine], [flags[place] for place in mine])
    print("runs of sentences of ordinary reflections")
    for count in range(1, LENGTHS + 1):
        runs = [
            flagged(parts[start : start + count], limits)
            for row, parts in zip(rows, scores, strict=True)
            if row["source"] in {"voices", "reflections"}
            for start in range(len(parts) - count + 1)
        ]
        rate(f"false alarm, {count} sentences", runs)
    for source in ("screen", "screen_unseen"):
        few = [place for place, row in enumerate(rows) if row["source"] in {source, "voices"}]
        within = inside([rows[place] for place in few], [scores[place] for place in few], limits)
        graves = [rows[place] for place in few if rows[place]["kind"] != "none"]
        for style in ("explicit", "indirect", "third-person", "misspelt"):
            one = [flag for row, flag in zip(graves, within, strict=True) if row["style"] == style]
            rate(f"inside a reflection, {source}, {style}", one)


def train() -> None:
    words = lexicon(json.loads((DATA / WORDS_FILE).read_text(encoding="utf-8")))
    grave = [
        {**row, "source": name}
        for name in ("screen", "screen_unseen", "screen_notes")
        for row in load(EVALS / f"{name}.jsonl")
    ]
    rows = grave + [{**row, "source": "voices"} for row in voices()]
    rows += [{**row, "source": "reflections"} for row in ordinary("tune")]
    model = embedder()
    items = prepare(rows, words, model)
    scores = cross_validate(items)
    limits = quiet(rows, scores)
    print(f"cross-validation by cluster and situation, {len(rows)} texts, {limits}")
    summary(rows, scores, limits)
    text = json.dumps(artifact(fit(items), words, limits, model.name), indent=1)
    text = re.sub(r"\[([^\[\]{}]*)\]", lambda found: "[" + " ".join(found.group(1).split()) + "]", text)
    (DATA / "screen.json").write_text(text + "\n", encoding="utf-8")


def heldout(name: str) -> None:
    rows = load(EVALS / f"{name}.jsonl") + (voices() if name == "screen_unseen" else [])
    screener = Screener(embedder(), DATA / "screen.json")
    results = [screener.screen(row["text"]) for row in rows]
    print(f"{name}, {len(rows)} texts")
    report(rows, [result.flag for result in results])
    right = [
        r.kind == row["kind"]
        for r, row in zip(results, rows, strict=True)
        if r.flag and row["kind"] != "none"
    ]
    rate("kind right, of those flagged", right)
    rate(
        "false alarm, reflections, half `report`",
        [screener.screen(row["text"]).flag for row in ordinary("report")],
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--heldout", action="store_const", const="screen_heldout", dest="measured")
    parser.add_argument("--unseen", action="store_const", const="screen_unseen", dest="measured")
    parser.add_argument("--fresh", action="store_const", const="screen_fresh", dest="measured")
    parser.add_argument("--short", action="store_const", const="screen_short", dest="measured")
    parser.add_argument("--writers", action="store_const", const="screen_writers", dest="measured")
    parser.add_argument("--moods", action="store_const", const="screen_moods", dest="measured")
    parser.add_argument("--twins", action="store_const", const="screen_twins", dest="measured")
    parser.add_argument("--blind", action="store_const", const="screen_blind", dest="measured")
    measured = parser.parse_args().measured
    if measured:
        heldout(measured)
    else:
        train()
