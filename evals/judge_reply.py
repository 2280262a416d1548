"""What comes back from a judge: a verdict that rests on words of the text, or nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from coach.errors import WriterGarbled

NO_QUOTE = "none"


def read_answer(reply: str, allowed: Sequence[str], texts: Sequence[str]) -> tuple[str, str]:
    """A judge's reply: its verdict and the words it rests on.

    Args:
        reply: one JSON object, alone or in a code fence, "evidence" before "verdict".
        allowed: the verdicts there are.
        texts: the quoted words have to stand in one of them; spaces, case and the form of quotation marks
            do not count.

    Returns:
        The verdict, and the quoted words; empty where the judge quoted none.

    Raises:
        WriterGarbled: anything else, or words that stand nowhere: such a verdict rests on nothing.
    """
    inside = re.fullmatch(r"```(?:json)?\s*(.*?)\s*```", reply.strip(), re.DOTALL)
    found = _parsed(inside[1] if inside else reply.strip())
    if not isinstance(found, dict) or list(found) != ["evidence", "verdict"]:
        raise WriterGarbled("The judge did not answer with the evidence first and then the verdict.")
    verdict, words = found["verdict"], found["evidence"]
    if (
        not isinstance(verdict, str)
        or verdict.strip().casefold() not in allowed
        or not isinstance(words, str)
    ):
        raise WriterGarbled(f"The judge's verdict is none of {', '.join(allowed)}.")
    if _plain(words) in ("", NO_QUOTE):
        return verdict.strip().casefold(), ""
    if not any(_plain(words) in _plain(text) for text in texts):
        raise WriterGarbled("The judge quoted words that do not stand in the text.")
    return verdict.strip().casefold(), words


def _parsed(text: str) -> Any:
    """The JSON value, or None; the judged text must not travel on in an exception."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _plain(text: str) -> str:
    straight = text.translate(str.maketrans("“”„‘’‚", "\"\"\"'''"))
    return " ".join(straight.casefold().split()).strip("\"' ")
