"""Which clause is the heart of a text: what a careful reader would rather hear said back.

The weights come from `coach/data/mirrors.json`, made by scripts/train_mirrors.py from blind ratings of
mirrors; each has a name that a person can read. The rules of `phrase` are one of the features: what was
learned is where readers disagree with them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from coach.domain.clause import locate
from coach.domain.phrase import Phrase, marks
from coach.domain.pointing import unnamed
from coach.domain.tension import Tension

_NEGATION = re.compile(r"\b(?:not|never|no|nothing|nobody|without)\b|n['’]?t\b", re.IGNORECASE)
_SOMEBODY = re.compile(r"\b(?:he|she|they|him|her|them)\b", re.IGNORECASE)
_I = re.compile(r"\b(?:i|i['’]\w+|im|ive)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_USUAL_WORDS = 10
_TEXT_END = 2  # characters: a full stop and a quotation mark


def features(
    text: str, phrase: Phrase, sentence: tuple[int, int], telling: float, kinds: Sequence[Tension]
) -> dict[str, float]:
    """What the weights weigh.

    Args:
        text: the reflection.
        phrase: one of its clauses, with the score of the rules.
        sentence: where the sentence that it stands in begins and ends.
        telling: how much that sentence says of what the text is about, -1..1.
        kinds: the tensions inside the clause.

    Returns:
        Named numbers, mostly 0..1; a name that is missing counts 0.
    """
    said = phrase.text
    count = len(said.split())
    start, end = sentence
    return {
        "rules": phrase.score / 3,
        f"kind {phrase.kind}": 1.0,
        "kinds": min(len({one.kind for one in kinds}), 4) / 2,
        "place": phrase.start / max(len(text), 1),
        "last": float(phrase.end >= len(text.rstrip()) - _TEXT_END),
        "words": (count - _USUAL_WORDS) / 5,
        "short": float(count < 5),
        "long": float(count > 17),
        "telling": telling,
        "share of sentence": len(said) / max(end - start, 1),
        "whole sentence": float(len(said) >= end - start - _TEXT_END),
        **_of_words(said),
        **{f"looks {name}": float(found) for name, found in marks(said).items()},
    }


def _of_words(said: str) -> dict[str, float]:
    lowered = f" {said.lower()} "
    return {
        "i": float(bool(_I.search(said))),
        "many i": min(len(_I.findall(said)), 3) / 2,
        "somebody": float(bool(_SOMEBODY.search(said))),
        "unnamed": unnamed(said),
        "negation": float(bool(_NEGATION.search(said))),
        "quotation": float('"' in said or "“" in said),
        "commas": min(said.count(","), 2) / 2,
        "because": float(" because " in lowered),
        "but": float(" but " in lowered),
        "and": float(" and " in lowered),
        "when": float(" when " in lowered or " if " in lowered),
        "number": float(any(char.isdigit() for char in said)),
        "name": float(bool(_NAME.search(said))),
    }


def by_worth(
    text: str,
    sentences: Sequence[str],
    phrases: Sequence[Phrase],
    tensions: Sequence[Tension],
    telling: Sequence[float],
    weights: Mapping[str, float],
) -> list[tuple[float, Phrase]]:
    """Phrases with what they are worth, in points of a rating from 1 to 5 around the usual; best first.

    Args:
        text, sentences: the reflection and its sentences in order.
        phrases: its clauses, as `choose_phrases` gives them.
        tensions: found in the text.
        telling: by sentence; empty when unknown, which counts as 0.
        weights: by name of the feature.
    """
    places = locate(text, sentences)
    known = dict(zip(places, telling, strict=True)) if len(telling) == len(places) else {}
    valued = []
    for phrase in phrases:
        sentence = next((one for one in places if one[0] <= phrase.start < one[1]), (0, len(text)))
        kinds = [one for one in tensions if phrase.start <= one.start and one.end <= phrase.end]
        found = features(text, phrase, sentence, known.get(sentence, 0.0), kinds)
        valued.append((sum(weights.get(name, 0.0) * number for name, number in found.items()), phrase))
    return sorted(valued, key=lambda pair: (-pair[0], pair[1].start, pair[1].end))
