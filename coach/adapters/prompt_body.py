"""The body of a prompt file: role blocks, variables, delimiters. Text in, values out, no library.

Blocks are cut out of the *file*, before any value is put in. A value is only ever text inside one
message, so a line `system:` that a member writes stays a line that a member wrote.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from coach.errors import Sentence, SettingsRefused

ROLES = ("system", "user", "assistant")

_MARKER = re.compile(r"(system|user|assistant):[ \t]*")
_LIKE_A_MARKER = re.compile(
    r"[ \t]*(?:system|user|assistant|developer|tool|function|human|ai|model)"
    r"[ \t]*(?:\[[^\]]*\])?[ \t]*:[ \t]*",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")
_FORBIDDEN = (
    (re.compile(r"\{%|\{#"), "logic tags are not allowed, only {{name}}"),
    (re.compile(r"\$\{"), "references to the environment or to files are not allowed"),
    (re.compile(r"!\[[^\]]*\]\("), "images are not allowed"),
)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9_]*)>|" + _VARIABLE.pattern)


class PromptRefused(SettingsRefused):
    """A prompt file that cannot be used; `file` and `line` say where.

    Args:
        file: name of the file as a person would look for it.
        line: 1 for the first line.
        reason: one clause, without full stop.
    """

    def __init__(self, file: str, line: int, reason: str) -> None:
        told = Sentence("{file}, line {line:d}: {reason}.", file=file, line=line, reason=reason)
        super().__init__(told, "Please correct the prompt file.")
        self.file = file
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Block:
    """One message of the prompt, as it stands in the file.

    Attributes:
        role: one of ROLES.
        text: without the marker and without empty lines at either end.
        line: of the marker, 1 for the first line of the file.
        begins: line of the first line of the text.
    """

    role: str
    text: str
    line: int
    begins: int

    @property
    def variables(self) -> tuple[str, ...]:
        """Names in `{{name}}`, in order, each once."""
        return tuple(dict.fromkeys(_VARIABLE.findall(self.text)))

    @property
    def f_string(self) -> str:
        """The text as an f-string template: `{name}` for a variable, every other brace doubled."""
        pieces = _VARIABLE.split(self.text)
        return "".join(
            f"{{{piece}}}" if place % 2 else piece.replace("{", "{{").replace("}", "}}")
            for place, piece in enumerate(pieces)
        )


def split_blocks(body: str, first_line: int, file: str) -> tuple[Block, ...]:
    """Cut a body at its role markers.

    Args:
        body: everything after the front matter.
        first_line: where in the file it begins, from 1.
        file: for error messages.

    Returns:
        One system block, then user and assistant in turn, a user block last.

    Raises:
        PromptRefused: a marker that is not exactly `system:`, `user:` or `assistant:`; text before the
            first one; an empty block; another order; anything that is not plain text and `{{name}}`.
    """
    blocks: list[Block] = []
    role, begun, lines = "", first_line, list[str]()

    def close() -> None:
        whole = "\n".join(lines)
        text = whole.strip("\n")
        if role:
            empty = len(whole) - len(whole.lstrip("\n"))
            blocks.append(Block(role, text, begun, begun + 1 + empty))
            _check_block(blocks[-1], file)
        elif text.strip():
            raise PromptRefused(file, begun, "there is text before the first role marker")

    for number, line in enumerate(body.split("\n"), first_line):
        marker = _MARKER.fullmatch(line)
        if marker:
            close()
            role, begun, lines = marker[1], number, []
        elif _LIKE_A_MARKER.fullmatch(line):
            raise PromptRefused(file, number, "a role marker is exactly system:, user: or assistant:")
        else:
            lines.append(line.rstrip())
    close()
    _check_order(blocks, first_line, file)
    return tuple(blocks)


def delimiters(blocks: Sequence[Block], bare: Collection[str], file: str) -> frozenset[str]:
    """The tags that fence what people wrote.

    Args:
        blocks: of one prompt.
        bare: variables whose values come from a closed list and need no fence.
        file: for error messages.

    Returns:
        Names of all tags in user blocks, e.g. {"reflection", "passages"}.

    Raises:
        PromptRefused: a variable outside the user blocks or outside a tag; a tag that does not close.
    """
    tags: set[str] = set()
    for block in blocks:
        if block.role != "user":
            stray = [name for name in block.variables if name not in bare]
            if stray:
                reason = Sentence("{variable} may stand in a user block only", variable=_braced(stray[0]))
                raise PromptRefused(file, block.line, reason)
            continue
        tags |= _tags_of(block, bare, file)
    return frozenset(tags)


def fenced(value: str, tags: Collection[str]) -> str:
    """A value that cannot close its own fence: `</reflection>` becomes `‹/reflection>`.

    Everything else stays as it is, braces, quotes and role lines included.
    """
    if not tags:
        return value
    names = "|".join(sorted(map(re.escape, tags)))
    return re.sub(rf"[<\uff1c\ufe64](?=\s*/?\s*(?:{names})\b)", "‹", value, flags=re.IGNORECASE)


def _check_block(block: Block, file: str) -> None:
    if not block.text.strip():
        raise PromptRefused(file, block.line, Sentence("the {role} block is empty", role=block.role))
    for number, line in enumerate(block.text.split("\n"), block.begins):
        for pattern, reason in _FORBIDDEN:
            if pattern.search(line):
                raise PromptRefused(file, number, reason)
        if "{{" in _VARIABLE.sub("", line):
            raise PromptRefused(
                file, number, "only {{name}} in small letters is allowed; put a space between other braces"
            )


def _check_order(blocks: Sequence[Block], line: int, file: str) -> None:
    if not blocks:
        raise PromptRefused(file, line, "there is no role marker such as system:")
    for place, block in enumerate(blocks):
        expected = "system" if place == 0 else ("user" if place % 2 else "assistant")
        if block.role != expected:
            reason = Sentence("a {role} block is expected here", role=expected)
            raise PromptRefused(file, block.line, reason)
    if blocks[-1].role != "user":
        raise PromptRefused(file, blocks[-1].line, "the last block is a user block")


def _braced(name: str) -> str:
    return f"{{{{{name}}}}}"


def _tags_of(block: Block, bare: Collection[str], file: str) -> set[str]:
    found: set[str] = set()
    open_tags: list[str] = []
    for hit in _TAG.finditer(block.text):
        line = block.begins + block.text.count("\n", 0, hit.start())
        closing, tag, name = hit.groups()
        if name:
            if name not in bare and not open_tags:
                reason = Sentence("{variable} must stand between <tag> and </tag>", variable=_braced(name))
                raise PromptRefused(file, line, reason)
        elif not closing:
            open_tags.append(tag)
            found.add(tag)
        elif not open_tags or open_tags.pop() != tag:
            raise PromptRefused(file, line, Sentence("</{tag}> closes nothing", tag=tag))
    if open_tags:
        raise PromptRefused(file, block.line, Sentence("<{tag}> is not closed", tag=open_tags[-1]))
    return found
