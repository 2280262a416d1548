"""A total limit on a call that has none of its own."""

from __future__ import annotations

import contextvars
import queue
import threading
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from coach.errors import IndexUnavailable

P = ParamSpec("P")
T = TypeVar("T")


def within(seconds: float, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a call in a thread of its own and stop waiting after a while.

    The thread itself cannot be stopped; as a daemon it does not keep the program alive. A fresh
    thread costs about 50 microseconds, and a stuck one cannot starve a pool.

    Args:
        seconds: how long to wait, above 0.

    Returns:
        What the call returned.

    Raises:
        IndexUnavailable: no answer in time.
        Exception: whatever the call itself raised.
    """
    answers: queue.SimpleQueue[tuple[bool, Any]] = queue.SimpleQueue()
    context = contextvars.copy_context()

    def run() -> None:
        try:
            answers.put((True, context.run(call, *args, **kwargs)))
        except BaseException as fault:  # noqa: BLE001 - handed over and raised again in the caller's thread
            answers.put((False, fault))

    threading.Thread(target=run, daemon=True).start()
    try:
        worked, value = answers.get(timeout=seconds)
    except queue.Empty:
        raise IndexUnavailable("The index of cases did not answer in time.") from None
    if not worked:
        raise value
    return value  # type: ignore[no-any-return] # the queue carries what `call` returned
