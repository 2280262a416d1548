"""What a language model would be asked, so that its answers can be recorded without a provider.

    python scripts/render_requests.py r-110 r-112 > first.jsonl     for these reflections of the test set
    python scripts/render_requests.py --second > second.jsonl       for recorded ones that did not pass

One line a request: id of the reflection, what failed, the messages. Give each to a model that knows nothing
else and put its answer, as it comes, into evals/data/completions.jsonl: the first as `completion`, the other
as `rewrite` in the same row. scripts/score_completions.py tells how they fare.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence

from langchain_core.messages import BaseMessage
from score_completions import briefs, judged_replies

from coach.adapters.langchain_writer import PROMPT
from coach.adapters.outgoing import outgoing
from coach.adapters.prompt_files import read_prompt
from coach.bundled import bundled
from coach.domain.model import Brief

ROLES = {"human": "user", "ai": "assistant"}
Request = tuple[str, Brief, Sequence[str]]  # id, what the writer knows, what failed


def main() -> None:
    """Print the requests."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("ids", nargs="*", help="of evals/data/reflections.jsonl")
    parser.add_argument("--second", action="store_true", help="for what did not pass whole")
    given = parser.parse_args()
    prompt = read_prompt(bundled("prompts") / PROMPT)
    for key, brief, failed in _second() if given.second else briefs(given.ids):
        values = outgoing(brief, failed).filled(prompt)
        messages = [_plain(one) for one in prompt.template().format_messages(**values)]
        row = {"id": key, "failed": list(failed), "messages": messages}
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


def _second() -> Iterator[Request]:
    for reply in judged_replies():
        if reply.first and not reply.first.whole:
            yield reply.row["id"], reply.brief, reply.first.failed


def _plain(message: BaseMessage) -> dict[str, str]:
    return {"role": ROLES.get(message.type, message.type), "content": str(message.content)}


if __name__ == "__main__":
    main()
