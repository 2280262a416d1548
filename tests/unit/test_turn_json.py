"""A turn survives the journal exactly, whichever version wrote it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.domain.model import Turn
from coach.domain.turn_json import turn_from_dict, turn_from_json, turn_to_dict, turn_to_json

# from_type builds every field that Turn and its parts have, so a new field that is not written fails here
WITHOUT_NAN = st.floats(allow_nan=False)
st.register_type_strategy(float, WITHOUT_NAN)


@settings(max_examples=60, deadline=None)
@given(st.from_type(Turn))
def test_a_turn_comes_back_exactly(turn: Turn) -> None:
    assert turn_from_json(turn_to_json(turn)) == turn
    assert turn_from_dict(turn_to_dict(turn)) == turn


@settings(max_examples=20, deadline=None)
@given(st.from_type(Turn))
def test_keys_of_a_newer_version_are_passed_over(turn: Turn) -> None:
    content = json.loads(turn_to_json(turn), object_hook=lambda found: found | {"later": 1})
    assert turn_from_json(json.dumps(content)) == turn


def test_what_an_older_version_did_not_write_takes_its_default() -> None:
    assert turn_from_json('{"id": "t", "mirror": "m", "questions": []}') == Turn("t", "m", ())


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "3", '{"id": "t"}', '{"id": "t", "mirror": "m", "questions": [1]}']
)
def test_what_is_no_turn_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a turn|Expecting value"):
        turn_from_json(text)


def test_a_lens_nobody_knows_is_refused() -> None:
    question = {"text": "What?", "lens": "sideways", "stage": "arrive"}
    with pytest.raises(ValueError, match="sideways"):
        turn_from_dict({"id": "t", "mirror": "m", "questions": [question]})
