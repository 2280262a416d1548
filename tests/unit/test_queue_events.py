"""What goes on to Gradio's queue, and what comes back from it."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from ui.events import cancelling, joining, own_part

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "data": ANYTHING,
        "fn_index": ANYTHING,
        "session_hash": ANYTHING,
        "trigger_id": ANYTHING,
        "x": ANYTHING,
    },
)


@given(ANYTHING | FIELDS)
def test_whatever_comes_only_texts_of_a_known_event_go_on(fields: object) -> None:
    body = joining(fields, "known", {0: 2, 1: 0})
    if body is None:
        return
    told = json.loads(body)
    assert set(told) == {"data", "fn_index", "session_hash", "trigger_id", "event_data"}
    assert told["session_hash"] == "known" and told["event_data"] is None
    assert len(told["data"]) == {0: 2, 1: 0}[told["fn_index"]]
    assert all(one is None or type(one) is str for one in told["data"])


@given(st.text(), st.text() | st.none())
def test_every_text_goes_on_as_it_was_written(words: str, conversation: str | None) -> None:
    body = joining({"data": [words, conversation], "fn_index": 0}, "known", {0: 2})
    assert body is not None and json.loads(body)["data"] == [words, conversation]


@given(ANYTHING)
def test_giving_up_names_one_event_and_nothing_else(fields: object) -> None:
    body = cancelling(fields, "known")
    assert body is None or set(json.loads(body)) == {"fn_index", "event_id", "session_hash"}


def test_what_tells_of_others_stays_behind_and_the_answer_does_not() -> None:
    first = {"msg": "estimation", "rank": 4, "queue_size": 9, "rank_eta": 0.2}
    output = {"data": ["É\n\nthe answer"], "duration": 0.1, "average_duration": 0.7}
    second = {"msg": "process_completed", "output": output, "success": True}
    chunk = "".join(f"data: {json.dumps(one)}\n\n" for one in (first, second)).encode()
    told = [json.loads(line[5:]) for line in own_part(chunk).split(b"\n\n") if line]
    assert told[0] == {"msg": "estimation", "rank": 0, "queue_size": 1, "rank_eta": None}
    assert told[1]["output"] == output | {"average_duration": 0.1} and told[1]["success"]


@given(st.binary(max_size=80))
def test_what_is_no_event_passes_as_it_is(chunk: bytes) -> None:
    if b"data:" not in chunk:
        assert own_part(chunk) == chunk


def test_an_event_that_cannot_be_read_passes_as_it_is() -> None:
    assert own_part(b"data: {broken\n\ndata: 7\n\n: ping\n\n") == b"data: {broken\n\ndata: 7\n\n: ping\n\n"
