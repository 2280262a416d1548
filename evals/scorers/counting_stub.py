"""The good stub with a clock and a meter: every answer takes the same time, and tokens are counted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace

from evals.stub import StubServer
from evals.stub.faults import Answer

DELAY = 0.05  # seconds that every answer takes
_PIECE = re.compile(r"[^\W\d_]{1,6}|\d{1,3}|[^\w\s]|_")
_AROUND = 4  # tokens that a provider adds to each message


def tokens(texts: Iterable[str]) -> int:
    """Tokens of some messages, roughly as providers count them.

    Six letters, three digits or one mark make a token, and each message has a few of its own. No provider
    counts just so; two prompts compare all the same, since the ratio hardly hangs on the tokeniser.
    """
    return sum(len(_PIECE.findall(text)) + _AROUND for text in texts)


class CountingStub(StubServer):
    """Answers after DELAY, and reports as usage what it counted in the request and in its answer."""

    def take(self, mode: str, raw: bytes) -> Answer:
        """See StubServer."""
        found = super().take(mode, raw)
        whole = json.loads(found.body)
        sent = tokens(str(one["content"]) for one in json.loads(raw)["messages"])
        said = tokens([str(whole["choices"][0]["message"]["content"])])
        whole["usage"] = {"prompt_tokens": sent, "completion_tokens": said, "total_tokens": sent + said}
        return replace(found, body=json.dumps(whole).encode(), delay=DELAY)
