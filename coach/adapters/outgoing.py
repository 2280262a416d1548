"""What a language model gets to read of a brief: pseudonymised, bounded, as the prompt's variables.

Everything a member wrote or was asked goes through one redaction, so that [Person 1] is the same
person everywhere. The passages are shared texts whose authors approved them; they go as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coach.adapters.prompt_files import Prompt
from coach.domain.model import Brief
from coach.domain.redact import Redacted, redact
from coach.errors import WriterGarbled

EARLIER = 3  # reflections of this conversation, the newest
EARLIER_CHARACTERS = 1_500
ASKED = 12  # questions, the newest
MIRRORS = 4
SITUATIONS = 3
PASSAGE_CHARACTERS = 900
NONE = "(none)"
ANY_LENS = "any"  # prompts from before 1.1.0 do not know it


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What leaves the machine, and how to read the answer.

    Attributes:
        values: the prompt's variables; the lens is the one that rules suggest.
        any_lens: whether the model may look where it likes: a first turn has no lens to keep away from.
        sources: ids the answer may name.
        redacted: the last of the redactions that were chained; it can put back all of them.
    """

    values: Mapping[str, str]
    any_lens: bool
    sources: frozenset[str]
    redacted: Redacted

    def filled(self, prompt: Prompt) -> dict[str, str]:
        """One value for every input of a prompt.

        Raises:
            ValueError: the prompt wants another one, or does not know a value; nobody can be asked then.
        """
        free = self.leaves_lens_to(prompt)
        return prompt.values({**self.values, "lens": ANY_LENS} if free else self.values)

    def leaves_lens_to(self, prompt: Prompt) -> bool:
        """Whether a model that is asked by this prompt chooses where its first question looks."""
        return self.any_lens and ANY_LENS in prompt.allowed("lens")

    def put_back(self, text: str) -> str:
        """A sentence of the answer with its names again.

        A placeholder whose brackets the model dropped ("Person 1") is read as the placeholder.

        Raises:
            WriterGarbled: the model made up a person or bent a placeholder.
        """
        kinds = "|".join(sorted({placeholder[1:].split(" ")[0] for placeholder in self.redacted.originals}))
        if kinds:
            text = re.sub(rf"(?<![\[\w])({kinds}) (\d+)(?![\]\w])", r"[\1 \2]", text)
        if self.redacted.leftover(text):
            raise WriterGarbled("The language model named a person who was not in the text.")
        return self.redacted.restore(text)


def outgoing(brief: Brief, failed: Sequence[str] = ()) -> Outgoing:
    """Prepare a brief for its way out.

    Args:
        brief: what the writer may know, with names.
        failed: of a first proposal, "criterion: reason"; a reason may quote a word of the member.

    Returns:
        Variables without the member's names, addresses and numbers.
    """
    redacted = redact(brief.text, brief.names)
    reflection, earlier = redacted.text, []
    for text in brief.earlier[-EARLIER:]:
        redacted = redact(text, brief.names, known=redacted)
        earlier.append(redacted.text)
    mirrors, asked = brief.mirrors[-MIRRORS:], brief.asked[-ASKED:]
    lines, redacted = _redact_lines([*mirrors, *asked, *failed], brief.names, redacted)
    told = [f"mirror: {line}" for line in lines[: len(mirrors)]]
    told += [f"question: {line}" for line in lines[len(mirrors) : len(mirrors) + len(asked)]]
    values = {
        "stage": brief.stage.value,
        "lens": brief.lens.value,
        "reflection": reflection,
        "earlier": _numbered(earlier),
        "passages": _passages(brief),
        "asked": _lines(told),
        "failed": _lines(lines[len(mirrors) + len(asked) :]),
    }
    ids = [hit.id for hit in brief.situations[:SITUATIONS]] + [passage.id for passage in brief.passages]
    return Outgoing(values, brief.turn_number == 1, frozenset(ids), redacted)


def _redact_lines(texts: Sequence[str], names: Sequence[str], known: Redacted) -> tuple[list[str], Redacted]:
    """Many short texts as lines of one, which is several times as fast; one by one if they run together."""
    if not texts:
        return [], known
    lines = [_one_line(text) for text in texts]
    redacted = redact("\n".join(lines), names, known=known)
    found = redacted.text.split("\n")
    if len(found) == len(lines):
        return found, redacted
    found, redacted = [], known
    for line in lines:
        redacted = redact(line, names, known=redacted)
        found.append(redacted.text)
    return found, redacted


def _passages(brief: Brief) -> str:
    """Situations and documents, each with its id; parts are cut, never the id."""
    found = [
        f"id: {hit.id}\nkind: situation\ntitle: {_one_line(hit.name)}"
        for hit in brief.situations[:SITUATIONS]
    ]
    for passage in brief.passages:
        asked = "".join(f"\nits author would ask: {_one_line(text)}" for text in passage.questions[:3])
        found.append(
            f"id: {passage.id}\nkind: {passage.kind.value}\ntitle: {_one_line(passage.title)}\n"
            f"{_cut(passage.text, PASSAGE_CHARACTERS)}{asked}"
        )
    return "\n\n".join(found) or NONE


def _numbered(texts: Sequence[str]) -> str:
    found = [f"Reflection {n}:\n{_cut(text, EARLIER_CHARACTERS)}" for n, text in enumerate(texts, 1)]
    return "\n\n".join(found) or NONE


def _lines(texts: Sequence[str]) -> str:
    return "\n".join(f"- {text}" for text in texts) or NONE


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _cut(text: str, most: int) -> str:
    """The beginning of a text, up to the end of a word."""
    if len(text) <= most:
        return text
    head, space, _ = text[:most].rpartition(" ")
    return (head if space else text[:most]).rstrip() + " …"
