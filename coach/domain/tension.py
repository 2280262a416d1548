"""Where a text pulls in two directions: the places an attentive listener would ask about.

Precision before recall: a question that hangs on words the member did not mean is worse than a general one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from coach.domain.clause import Clause, clauses, dangles, locate, phrase_end
from coach.domain.quotation import mask, quoted_spans, unmask
from coach.domain.second_person import to_second_person
from coach.domain.speech import spoken_by, without_marks
from coach.domain.tension_detectors import DETECTORS, Detector

_LONGEST_SENTENCE = 6000  # characters looked at; a text without marks is not a reason to stop
_QUOTE_WORDS = 7
_SLOT_WORDS = 5
_CLAUSE_WORDS = 20


@dataclass(frozen=True, slots=True)
class Tension:
    """One tension. `clause` stands as written at [start, end) of the text; slots are ready for a frame."""

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
    starts = [clause.start for clause in everything]  # ascending, sentence by sentence
    found: list[Tension] = []
    for start, end in locate(text, sentences):
        near = everything[bisect_left(starts, start) : bisect_left(starts, end)]
        sentence = _sentence(text, start, end, near)
        if sentence is not None:
            found += [tension for detector in DETECTORS for tension in _hits(detector, sentence)]
            found += _quotations(sentence)
            found += _contrasts(sentence, text)
            found += _deeds(sentence)
    heard = Counter(word.lower() for word in re.findall(r"\w+", text))
    best: dict[tuple[str, int], Tension] = {}
    for tension in (_said_twice(tension, heard) for tension in found):
        key = (tension.kind, tension.start)
        if key not in best or tension.confidence > best[key].confidence:
            best[key] = tension
    return sorted(best.values(), key=lambda tension: (-tension.confidence, tension.start, tension.kind))


def _sentence(text: str, start: int, end: int, near: list[Clause]) -> _Sentence | None:
    masked = mask(text[start:end]) if 0 <= start < end <= start + _LONGEST_SENTENCE else None
    if masked is None:
        return None
    if any(found.speech for found in near):
        return None  # a line of a dialogue is not the writer speaking of themselves
    return _Sentence(masked[0], masked[1], start, near)


_REPORTED = re.compile(
    r"\b(?:says?|said|told|called|thinks?|wrote|asked)\b(?! (?:yes|no|nothing))", re.IGNORECASE
)


def _hits(detector: Detector, sentence: _Sentence) -> Iterator[Tension]:
    for match in detector.pattern.finditer(sentence.hidden):
        if detector.kind == "strong_word" and _REPORTED.search(sentence.hidden[: match.start()]):
            continue
        slots = _slots(match, sentence)  # may be empty: the clause is worth hearing all the same
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
        kind,
        sentence.words(start, until),
        MappingProxyType(slots),
        confidence * 0.9,
        first,
        sentence.place(until),
    )


def _slots(match: re.Match[str], sentence: _Sentence) -> dict[str, str]:
    """What the named groups of a match give; empty when nothing usable is left."""
    slots: dict[str, str] = {}
    for name, value in match.groupdict().items():
        if value is None or name in ("quote", "noquote"):
            continue
        if name.startswith("from_"):
            end = phrase_end(sentence.hidden, match.end(name), _SLOT_WORDS)
            spoken = to_second_person(sentence.words(match.end(name), end)) if end else None
            if spoken and len(spoken.split()) >= 2 and not dangles(spoken):
                slots[name.removeprefix("from_")] = _inside(spoken)
        elif name == "image":
            slots[name] = to_second_person(value) or value
        elif name == "metaphor":
            end = phrase_end(sentence.hidden, match.start(name), _QUOTE_WORDS, match.end(name))
            slots[name] = sentence.words(match.start(name), end or match.end(name))
        else:
            slots[name] = value
    if "metaphor" in slots:
        slots |= _noun(slots["metaphor"], slots.pop("noun", ""))
    quote = None if match.groupdict().get("noquote") else _quote(match, sentence)
    if quote:
        slots["quote"] = quote
    return slots


def _noun(metaphor: str, noun: str) -> dict[str, str]:
    """What the image is an image of: "a dog on ice" -> "dog"; nothing for "drowning"."""
    if noun:
        return {"noun": re.split(r" (?:in|of|at|on) ", noun)[0]}
    found = re.match(r"(?:a|an|the) ([\w-]+)(?: (?:in|of|at|on|with|between|without) |$)", metaphor)
    return {"noun": found[1]} if found else {}


_GOES_ON = re.compile(r"\s+(?:I|he|she|they|we|it|that|to|how|what|if|whether)\b", re.IGNORECASE)


def _quote(match: re.Match[str], sentence: _Sentence) -> str | None:
    """The member's words around the match: the clause or phrase when it is short, else the match."""
    start, end = match.span("quote") if match.groupdict().get("quote") else match.span()
    first, last = sentence.place(start), sentence.place(end)
    around = [found.text for found in sentence.near if found.start <= first and last <= found.end]
    short = [text for text in around if len(text.split()) <= _QUOTE_WORDS and quoted_spans(text) == []]
    if short:
        return _fit(min(short, key=len))
    whole = phrase_end(sentence.hidden, start, _QUOTE_WORDS, end)
    if whole and not _GOES_ON.match(sentence.hidden, whole):
        return _fit(sentence.hidden[start:whole])
    # "I am sick" says something else than "I am sick of being the bin", and "I promised" is half a sentence:
    # what is not short enough to be quoted to the end of its phrase is not quoted at all.
    return None


def _fit(words: str) -> str | None:
    words = " ".join(words.split()).strip(" ,;:.-–—")
    return (
        words
        if 1 <= len(words.split()) <= _QUOTE_WORDS and not re.search("[\ue000-\uf8ff?]", words)
        else None
    )


def _inside(words: str) -> str:
    return re.sub(r"\s+yet$", "", words.strip(" ,;:.").replace("?", ""))


_MY_SAYING = re.compile(
    r"\b(?:me|myself) (?:say|saying|answer|answering|ask|asking)\b[^.;!?]{0,12}$", re.IGNORECASE
)
_SAYS_SOMETHING = re.compile(
    r"\b(?:I|me|my|mine|we|us|our|you|your|yours|not|never|no one|nobody|nothing|always|sorry|enough|should|"
    r"must|wrong|fair|why|still|again)\b|n['’]t\b|['’](?:m|re|ve|ll)\b",
    re.IGNORECASE,
)
_FEWEST_SAID = 4  # words


def _dull(words: str) -> bool:
    """Whether somebody's words mean little by themselves: "done", "thx", "ah, no"."""
    return len(words.split()) < _FEWEST_SAID and _SAYS_SOMETHING.search(words) is None


def _quotations(sentence: _Sentence) -> Iterator[Tension]:
    """What somebody said and the writer kept, with marks and without."""
    for at, char in enumerate(sentence.hidden):
        if not "\ue000" <= char <= "\uf8ff":
            continue
        words = unmask(char, sentence.kept)[1:-1].strip().rstrip(".,!")
        count = len(words.split())
        kind = spoken_by(sentence.hidden, at, words)
        if kind == "said" and _MY_SAYING.search(sentence.hidden[:at]):
            kind = "own_words"  # "they saw me say ..."
        if kind and "?" not in words and 1 <= count <= _QUOTE_WORDS and not quoted_spans(words):
            slots = {"quote": words} if kind == "own_words" or not _dull(words) else {}
            yield _tension(kind, sentence, at, at + 1, slots, 0.85 if count > 1 else 0.7)
    for spoken in without_marks(sentence.hidden):
        slots = {"quote": spoken.words} if len(spoken.words.split()) <= _QUOTE_WORDS else {}
        kind = "own_words" if spoken.own else "said"
        yield _tension(kind, sentence, spoken.start, spoken.end, slots, 0.85)


_JOINT = re.compile(r"\s*[,;]?\s*(but|yet|and|so|and then|and now)\s*", re.IGNORECASE)
_WIDEST_JOINT = 14  # characters
_FIRST = re.compile(r"(?:i|i['’]\w+|im|ive)\b", re.IGNORECASE)
_NEGATED = re.compile(r"\b(?:not|never|nobody|nothing|no|cannot|without)\b|n['’]?t\b", re.IGNORECASE)
_DEED = re.compile(
    r"(?:i|i['’]ve|i['’]d) (?:just |then |never |have |had )?"
    r"(?!(?:am|was|will|would|can|could|know|think|guess|mean|love|like|have|had|need|believe|hope|work|manage|"
    r"lead|do|did|see)\b)\w{3,}",
    re.IGNORECASE,
)


def _pull(first: str, second: str) -> bool:
    """Whether two clauses that "and" joins pull against each other: only one of them says no."""
    return bool(_NEGATED.search(first)) != bool(_NEGATED.search(second))


def _deeds(sentence: _Sentence) -> Iterator[Tension]:
    """What the writer did, in few words: "I gave him five names". For texts where little else is found."""
    for clause in sentence.near:
        words = _fit(clause.text)
        if words and _DEED.match(words) and len(words.split()) >= 3 and not clause.question:
            yield Tension(
                "deed", clause.text, MappingProxyType({"quote": words}), 0.4, clause.start, clause.end
            )


def _contrasts(sentence: _Sentence, text: str) -> Iterator[Tension]:
    """Two short clauses side by side, one the writer's: "I said I'd check, and I never checked"."""
    spans = {(found.start, found.end) for found in sentence.near}
    for first in sentence.near:
        for second in sentence.near:
            if not 0 < second.start - first.end <= _WIDEST_JOINT or (first.start, second.end) not in spans:
                continue
            joint = _JOINT.fullmatch(text[first.end : second.start])
            if joint is None:
                continue
            halves = [_fit(first.text), _fit(second.text)]
            if not all(halves) or not (_FIRST.match(first.text) or _FIRST.match(second.text)):
                continue
            opposed = joint[1].lower() in ("but", "yet")
            if not opposed and not _pull(first.text, second.text):
                continue
            sure = 0.8 if opposed else 0.7
            slots = {"first": halves[0] or "", "second": halves[1] or ""}
            whole = text[first.start : second.end]
            yield Tension("contrast", whole, MappingProxyType(slots), sure, first.start, second.end)


def _said_twice(tension: Tension, heard: Counter[str]) -> Tension:
    """A strong word that comes back is meant."""
    word = tension.slots.get("word", "").lower()
    if tension.kind not in ("strong_word", "big_word") or heard[word] < 2:
        return tension
    return replace(tension, confidence=min(1.0, tension.confidence + 0.15))
