"""What the arms share: the same answers as from the part behind, asked once."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from coach.domain.model import PROGRAMME, Screening, ScreenKind
from coach.ports import Matrix
from coach.services.reading import Reading
from coach.services.retrieve import Found, Retriever
from evals import sharing
from evals.sharing import SharedAdvice, SharedEmbedder, SharedRetriever, SharedScreener
from evals.stub import StubServer


class Counting:
    """Every part in one, and a note of each time that it was asked."""

    name, dimensions = "counting", 2

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.degraded = False

    def embed(self, texts: Sequence[str]) -> Matrix:
        self.asked.append(tuple(texts))
        return np.array([[len(text), len(texts)] for text in texts], dtype=np.float32)

    def scores(self, texts: Sequence[str]) -> list[float]:
        self.asked.append(tuple(texts))
        return [len(text) / 100 for text in texts]

    def screen(
        self, text: str, sentences: Sequence[str] | None = None, vectors: Matrix | None = None
    ) -> Screening:
        self.asked.append((text, sentences))
        return Screening(len(text) > 3, ScreenKind.CRISIS if len(text) > 3 else ScreenKind.NONE)

    def find(self, reading: Reading, scopes: Sequence[str]) -> Found:
        self.asked.append((reading.text, tuple(scopes)))
        return Found(nothing_close=True, degraded=self.degraded)

    def search(self, *told: object) -> object:
        return told


def test_a_batch_is_embedded_once_and_another_batch_of_the_same_texts_again() -> None:
    """A vector's last bits hang on its batch: who asks for the same batch must get the same numbers."""
    part = Counting()
    shared = SharedEmbedder(part)
    first = shared.embed(["a", "bb"])
    assert np.array_equal(shared.embed(["a", "bb"]), first) and len(part.asked) == 1
    assert shared.embed(["a"])[0, 1] == 1 and len(part.asked) == 2
    assert not first.flags.writeable, "one arm could change what the other gets"


def test_what_was_asked_long_ago_is_let_go(monkeypatch: Any) -> None:
    """Memory has a limit, and what is asked for again and again stays."""
    monkeypatch.setattr(sharing, "ROWS", 3)
    part = Counting()
    shared = SharedEmbedder(part)
    for text in ("a", "b", "a", "c", "a", "d", "a", "b"):
        shared.embed([text])
    assert part.asked == [("a",), ("b",), ("c",), ("d",), ("b",)]


def test_a_text_is_screened_once_and_its_verdict_is_the_screens() -> None:
    part = Counting()
    shared = SharedScreener(part)
    for text in ("fine", "ok", "fine"):
        assert shared.screen(text, [text], np.zeros((1, 2))) == part.screen(text)
    assert [one for one in part.asked if one[1] is not None] == [("fine", ["fine"]), ("ok", ["ok"])]  # type: ignore[index] # pairs


def test_a_question_is_classified_once_and_whatever_stands_beside_it_does_not_matter() -> None:
    part = Counting()
    shared = SharedAdvice(part)
    assert shared.scores(["one", "three", "one"]) == part.scores(["one", "three", "one"])
    assert shared.scores(["three"]) == [0.05] and shared.scores([]) == []
    assert [one for one in part.asked if len(cast(tuple[str, ...], one)) == 1] == [("one",), ("three",)]


def test_a_text_is_looked_up_once_in_the_same_scopes() -> None:
    part = Counting()
    shared = SharedRetriever(cast(Retriever, part))
    one, other = (cast(Reading, SimpleNamespace(text=text)) for text in ("x", "y"))
    for reading, scopes in ((one, [PROGRAMME]), (one, [PROGRAMME]), (one, ["g"]), (other, [PROGRAMME])):
        assert shared.find(reading, scopes).nothing_close
    assert part.asked == [("x", (PROGRAMME,)), ("x", ("g",)), ("y", (PROGRAMME,))]
    assert shared.search("whatever else") == ("whatever else",)


def test_an_index_that_did_not_answer_is_asked_again() -> None:
    """A moment's trouble must not stand for the rest of the run."""
    part = Counting()
    shared = SharedRetriever(cast(Retriever, part))
    reading = cast(Reading, SimpleNamespace(text="x"))
    part.degraded = True
    assert shared.find(reading, [PROGRAMME]).degraded
    part.degraded = False
    assert not shared.find(reading, [PROGRAMME]).degraded


def test_requests_of_one_turn_are_told_without_those_before_it() -> None:
    server = StubServer()
    for number in range(4):
        server.take("good", b'{"messages": [{"role": "user", "content": "%d"}]}' % number)
    assert server.count() == 4
    assert [one.messages for one in server.requests(since=1, until=3)] == [[("user", "1")], [("user", "2")]]
