"""Where a text pulls in two directions: the places an attentive listener would ask about.

Precision before recall: a question that hangs on words the member did not mean is worse than a general one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from coach.domain.clause import Clause, clauses, dangles, locate, phrase_end
from coach.domain.quotation import mask, quoted_spans, unmask
from coach.domain.second_person import to_second_person
from coach.domain.tension_detectors import DETECTORS, Detector

_LONGEST_SENTENCE = 1500  # characters looked at; a text without marks is not a reason to stop
_QUOTE_WORDS = 7
_SLOT_WORDS = 9
_CLAUSE_WORDS = 20
_OPEN_ENDED = ("not_knowing", "repetition")  # "I don't know why" and "every time" say enough


@dataclass(frozen=True, slots=True)
class Tension:
    """One tension. `clause` is as written and stands at [start, end) of the text; slots are ready to be filled in."""

    kind: str
    clause: str
    slots: Mapping[str, str]
    confidence: float  # 0..1
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Sentence:
    hidden: str  # the sentence with every quotation as one character
    kept: list[str]
    start: int  # in the text
    near: list[Clause]  # the clauses of this sentence

    def place(self, at: int) -> int:
        return self.start + len(unmask(self.hidden[:at], self.kept))

    def words(self, start: int, end: int) -> str:
        return unmask(self.hidden[start:end], self.kept)


def detect(text: str, sentences: Sequence[str]) -> list[Tension]:
    """The tensions of a text, surest first; one of a kind for each clause.

    Args:
        text: a reflection; may be empty.
        sentences: its sentences in order, as `split_sentences` gives them.
    """
    everything = clauses(text, sentences)
    found: list[Tension] = []
    for start, end in locate(text, sentences):
        sentence = _sentence(text, start, end, everything)
        if sentence is not None:
            found += [tension for detector in DETECTORS for tension in _hits(detector, sentence)]
            found += _quotations(sentence)
    heard = Counter(word.lower() for word in re.findall(r"\w+", text))
    best: dict[tuple[str, int], Tension] = {}
    for tension in (_said_twice(tension, heard) for tension in found):
        key = (tension.kind, tension.start)
        if key not in best or tension.confidence > best[key].confidence:
            best[key] = tension
    return sorted(best.values(), key=lambda tension: (-tension.confidence, tension.start, tension.kind))


def _sentence(text: str, start: int, end: int, everything: list[Clause]) -> _Sentence | None:
    masked = mask(text[start:end]) if 0 <= start < end <= start + _LONGEST_SENTENCE else None
    if masked is None:
        return None
    near = [found for found in everything if start <= found.start and found.end <= end]
    if any(found.speech for found in near):
        return None  # a line of a dialogue is not the writer speaking of themselves
    return _Sentence(masked[0], masked[1], start, near)


def _hits(detector: Detector, sentence: _Sentence) -> Iterator[Tension]:
    for match in detector.pattern.finditer(sentence.hidden):
        slots = _slots(match, sentence, detector.kind)
        if slots:
            yield _tension(detector.kind, sentence, match.start(), match.end(), slots, detector.confidence)


def _tension(
    kind: str, sentence: _Sentence, start: int, end: int, slots: dict[str, str], confidence: float
) -> Tension:
    """With the shortest clause around the words that is long enough to be understood alone."""
    first, last = sentence.place(start), sentence.place(end)
    around = [found for found in sentence.near if found.start <= first and last <= found.end]
    around.sort(key=lambda found: (not 4 <= len(found.text.split()) <= _CLAUSE_WORDS, len(found.text)))
    if around:
        clause = around[0]
        return Tension(kind, clause.text, MappingProxyType(slots), confidence, clause.start, clause.end)
    until = phrase_end(sentence.hidden, start, _CLAUSE_WORDS) or end
    return Tension(
        kind, sentence.words(start, until), MappingProxyType(slots), confidence * 0.9, first, sentence.place(until)
    )


def _slots(match: re.Match[str], sentence: _Sentence, kind: str) -> dict[str, str]:
    """What the named groups of a match give; empty when nothing usable is left."""
    slots: dict[str, str] = {}
    for name, value in match.groupdict().items():
        if value is None or name == "quote":
            continue
        if name.startswith("from_"):
            end = phrase_end(sentence.hidden, match.end(name), _SLOT_WORDS)
            spoken = to_second_person(sentence.words(match.end(name), end)) if end else None
            if spoken and len(spoken.split()) >= 2:
                slots[name.removeprefix("from_")] = _inside(spoken)
        elif name == "image":
            slots[name] = to_second_person(value) or value
        else:
            slots[name] = value
    quote = _quote(match, sentence, kind)
    if quote:
        slots["quote"] = quote
    return slots


def _quote(match: re.Match[str], sentence: _Sentence, kind: str) -> str | None:
    """The member's own words around the match: the whole phrase when it is short, else the match itself."""
    start, end = match.span("quote") if match.groupdict().get("quote") else match.span()
    whole = phrase_end(sentence.hidden, start, _QUOTE_WORDS)
    if whole and whole >= end:
        end = whole
    elif dangles(sentence.hidden[start:end]) and kind not in _OPEN_ENDED:
        return None
    words = sentence.hidden[start:end].strip(" ,;:.-–—")
    return words if 1 <= len(words.split()) <= _QUOTE_WORDS and not re.search("[\ue000-\uf8ff?]", words) else None


def _inside(words: str) -> str:
    return words.strip(" ,;:.").replace("?", "")


_SPEAKS = re.compile(
    r"\b(?P<who>i|he|she|they|we|you|one|me|people|everyone|my \w+|the \w+|(?-i:[A-Z]\w+))\b[^.;:!?]{0,60}?"
    r"\b(?:said|says|say|asked|asks|answered|told|tells|wrote|writes|replied|shouted|sent|message|hears?|announced)\b"
    r"[^.;!?]{0,40}$",
    re.IGNORECASE,
)


def _quotations(sentence: _Sentence) -> Iterator[Tension]:
    """What somebody said and the writer kept; and single words that the writer holds with tongs."""
    for at, char in enumerate(sentence.hidden):
        if not "\ue000" <= char <= "\uf8ff":
            continue
        words = unmask(char, sentence.kept)[1:-1].strip().rstrip(".,!")
        count = len(words.split())
        before = sentence.hidden[max(0, at - 110) : at]
        speakers = list(_SPEAKS.finditer(before.split("\ue000")[-1]))
        if "?" in words or not 1 <= count <= 9 or quoted_spans(words):
            continue
        if speakers:
            who = speakers[-1]["who"].lower()
            kind = "own_words" if who in ("i", "we", "me") else "said"
            yield _tension(kind, sentence, at, at + 1, {"quote": words}, 0.85 if count > 1 else 0.7)
        elif count <= 2:
            yield _tension("strong_word", sentence, at, at + 1, {"word": words, "quote": words}, 0.7)


def _said_twice(tension: Tension, heard: Counter[str]) -> Tension:
    """A strong word that comes back is meant."""
    word = tension.slots.get("word", "").lower()
    if tension.kind not in ("strong_word", "big_word") or heard[word] < 2:
        return tension
    return replace(tension, confidence=min(1.0, tension.confidence + 0.15))
