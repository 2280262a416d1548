"""The little of Gradio's queue that our page needs, as plain text in and plain text out.

Gradio takes more than our page sends: a text that comes as an object counts as a file and is fetched, from
this machine or from another; an event with too few inputs is written to the log, words and all; and what it
answers says how much others use the program. So of a request only what our page can have sent goes on, put
together anew, and of an answer what is about others stays behind.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_BREAK, _DATA = b"\n\n", b"data:"
# What an answer tells of other people's turns, and what is said instead.
_ABOUT_OTHERS = {"rank": 0, "rank_eta": None, "queue_size": 1, "eta": None, "avg_time": None}


def joining(fields: object, session_hash: str, inputs: Mapping[int, int]) -> bytes | None:
    """The body of a request to run one event.

    Args:
        fields: of the request, as they came.
        session_hash: what Gradio is to know the tab by.
        inputs: how many inputs each event of the page has, by its number.

    Returns:
        JSON with nothing in it but the event's number and its texts; None when our page cannot have sent
        this.
    """
    if not isinstance(fields, dict):
        return None
    number, data = fields.get("fn_index"), fields.get("data")
    if type(number) is not int or not isinstance(data, list) or inputs.get(number) != len(data):
        return None
    if not all(one is None or isinstance(one, str) for one in data):
        return None
    trigger = fields.get("trigger_id")
    return _json(
        data=data,
        fn_index=number,
        session_hash=session_hash,
        trigger_id=trigger if type(trigger) is int else None,
        event_data=None,
    )


def cancelling(fields: object, session_hash: str) -> bytes | None:
    """The body of a request to give up waiting for one event; None when our page cannot have sent this."""
    if not isinstance(fields, dict):
        return None
    number, event = fields.get("fn_index"), fields.get("event_id")
    if type(number) is not int or not isinstance(event, str):
        return None
    return _json(fn_index=number, event_id=event, session_hash=session_hash)


def own_part(chunk: bytes) -> bytes:
    """A piece of an answer without what it tells of other people's turns.

    Args:
        chunk: of a stream of server-sent events, whole events as Gradio writes them; anything else, and what
            cannot be read, passes as it is.
    """
    return _BREAK.join(_own(one) for one in chunk.split(_BREAK))


def _own(event: bytes) -> bytes:
    if not event.startswith(_DATA):
        return event
    try:
        told = json.loads(event[len(_DATA) :])
    except ValueError:
        return event
    if not isinstance(told, dict):
        return event
    told |= {name: plain for name, plain in _ABOUT_OTHERS.items() if name in told}
    output = told.get("output")
    if isinstance(output, dict) and "average_duration" in output:
        output["average_duration"] = output.get("duration")
    return _DATA + b" " + _json(**told)


def _json(**fields: Any) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode()
