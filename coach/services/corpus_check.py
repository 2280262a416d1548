"""What an editor wants to hear of a corpus before others read it: links, doubles, rubric, length, ease."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from coach.domain.model import Document, DocumentKind, Method, Situation, Stage
from coach.domain.prose import reading_ease, runs, words_of
from coach.domain.rubric import judge_alone
from coach.ports import Classifier, Corpus, Embedder

QUESTIONS, LENSES, SIGNS, VOICES = 16, 5, 6, 12  # of a situation, at least
WORDS = {DocumentKind.CASE: (350, 700), DocumentKind.GUIDELINE: (250, 500)}
VOICE_WORDS = (45, 200)
ASKED = (3, 5)  # of a case: what we would ask next
TOO_NEAR = 0.92  # cosine of two questions that ask the same
RUN = 8  # words that no two documents share
PLAIN = 50.0  # reading ease of a document, at least
OPENING, OPENING_SHARE = 5, 0.01  # so many first words may begin so large a part of all questions
FEWEST_FOR_OPENINGS = 300  # questions; below that one share says nothing


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend.

    Attributes:
        id: of the situation, document or method.
        fragment: words of the place, to find its line by; empty for the whole file.
        reason: one sentence.
    """

    id: str
    fragment: str
    reason: str


def check(corpus: Corpus, embedder: Embedder, advice: Classifier) -> Iterator[Fault]:
    """Everything that should be mended, file by file where that is possible.

    Args:
        corpus: as read; files that could not be read are named in it already.
        embedder: finds questions that ask the same.
        advice: the rubric's classifier.
    """
    yield from _links(corpus)
    for situation in corpus.situations:
        yield from _situation(situation)
    for document in corpus.documents:
        yield from _document(document)
    for method in corpus.methods:
        yield from _method(method)
    yield from _shared_runs(corpus.documents)
    asked = _asked(corpus)
    yield from _rubric(asked, advice)
    yield from _openings(asked)
    yield from _doubles(asked, embedder)


def _links(corpus: Corpus) -> Iterator[Fault]:
    situations = {one.id: one for one in corpus.situations}
    documents = {one.id: one for one in corpus.documents}
    for situation in corpus.situations:
        for kind, named in (
            (DocumentKind.CASE, situation.cases),
            (DocumentKind.GUIDELINE, situation.guidelines),
        ):
            for key in named:
                if key not in documents or documents[key].kind is not kind:
                    yield Fault(situation.id, key, f"There is no {kind.value} {key!r}.")
    for document in corpus.documents:
        for key in document.situations:
            if key not in situations:
                yield Fault(document.id, key, f"There is no situation {key!r}.")
        if document.pair:
            yield from _pair(document, documents.get(document.pair))


def _pair(document: Document, other: Document | None) -> Iterator[Fault]:
    if other is None or other.pair != document.id:
        yield Fault(document.id, document.pair, f"Its pair {document.pair!r} does not name it in turn.")
    elif not set(other.situations) & set(document.situations):
        yield Fault(document.id, document.pair, "It shares no situation with its pair.")


def _situation(one: Situation) -> Iterator[Fault]:
    counts = (
        (len(one.questions), QUESTIONS, "questions"),
        (len({question.lens for question in one.questions}), LENSES, "lenses"),
        (len({question.stage for question in one.questions}), len(Stage), "stages"),
        (len(one.signs), SIGNS, "signs"),
        (len(one.voices), VOICES, "voices"),
    )
    for found, wanted, what in counts:
        if found < wanted:
            yield Fault(one.id, "", f"It has {found} {what}; it needs at least {wanted}.")
    for voice in one.voices:
        if not VOICE_WORDS[0] <= len(voice.split()) <= VOICE_WORDS[1]:
            yield Fault(one.id, voice, f"A voice has {len(voice.split())} words; {_between(VOICE_WORDS)}.")
    name = set(_telling(one.name))
    for sign in one.signs:
        if len(name & set(_telling(sign))) > 1:
            yield Fault(one.id, sign, "A sign uses the words of the name.")


def _telling(text: str) -> list[str]:
    return [word for word in words_of(text) if len(word) > 4]


def _document(one: Document) -> Iterator[Fault]:
    words, ease = len(words_of(one.body)), reading_ease(one.body)
    least, most = WORDS[one.kind]
    if not least <= words <= most:
        yield Fault(one.id, "", f"It has {words} words; {_between((least, most))}.")
    if ease < PLAIN:
        yield Fault(one.id, "", f"Its reading ease is {ease:.0f}; {PLAIN:.0f} or more reads easily.")
    if one.kind is DocumentKind.CASE and not ASKED[0] <= len(one.questions) <= ASKED[1]:
        yield Fault(
            one.id, "What we would ask next", f"It asks {len(one.questions)} questions; {_between(ASKED)}."
        )
    if one.kind is DocumentKind.CASE and not one.situations:
        yield Fault(one.id, "situations", "It names no situation, so hardly anybody will find it.")
    if one.kind is DocumentKind.GUIDELINE and not one.source:
        yield Fault(one.id, "", "It does not say where its idea comes from.")


def _method(one: Method) -> Iterator[Fault]:
    total = sum(step.minutes for step in one.steps)
    if total != one.minutes:
        yield Fault(one.id, "minutes", f"Its steps take {total} minutes and its head says {one.minutes}.")


def _between(bounds: tuple[int, int]) -> str:
    return f"{bounds[0]} to {bounds[1]} are right"


def _shared_runs(documents: Sequence[Document]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    told: set[tuple[str, str]] = set()
    for document in documents:
        for run in runs(document.body, RUN):
            other = first.setdefault(run, document.id)
            if other != document.id and (other, document.id) not in told:
                told.add((other, document.id))
                yield Fault(document.id, run, f"It shares the words {run!r} with {other}.")


@dataclass(frozen=True, slots=True)
class _Asked:
    owner: str
    text: str


def _asked(corpus: Corpus) -> list[_Asked]:
    bank = [_Asked(one.id, question.text) for one in corpus.situations for question in one.questions]
    return bank + [_Asked(one.id, text) for one in corpus.documents for text in one.questions]


def _rubric(asked: Sequence[_Asked], advice: Classifier) -> Iterator[Fault]:
    scores = advice.scores([one.text for one in asked])
    for one, score in zip(asked, scores, strict=True):
        for verdict in judge_alone(one.text, score):
            if not verdict.passed:
                yield Fault(one.owner, one.text, f"{verdict.criterion}: {verdict.reason} ({one.text!r})")


def _openings(asked: Sequence[_Asked]) -> Iterator[Fault]:
    if len(asked) < FEWEST_FOR_OPENINGS:
        return
    begun = [" ".join(words_of(one.text)[:OPENING]) for one in asked]
    for opening, count in Counter(begun).items():
        if count > OPENING_SHARE * len(asked):
            owner = asked[begun.index(opening)]
            yield Fault(owner.owner, owner.text, f"{count} questions begin with {opening!r}.")


def _doubles(asked: Sequence[_Asked], embedder: Embedder) -> Iterator[Fault]:
    places: dict[str, list[_Asked]] = defaultdict(list)
    for one in asked:
        places[one.text].append(one)
    for text, same in places.items():
        for other in same[1:]:
            yield Fault(other.owner, text, f"{text!r} is asked by {same[0].owner} too.")
    texts = list(places)
    if not texts:
        return
    vectors = embedder.embed(texts)
    for place in range(len(texts)):
        likeness = vectors[place + 1 :] @ vectors[place]
        for far in np.flatnonzero(likeness >= TOO_NEAR):
            one, other = places[texts[place]][0], places[texts[place + 1 + int(far)]][0]
            reason = f"{other.text!r} is nearly {one.text!r} of {one.owner} (cosine {likeness[far]:.2f})."
            yield Fault(other.owner, other.text, reason)
