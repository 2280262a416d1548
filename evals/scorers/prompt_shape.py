"""Whether a request is built as its prompt file says, whatever the texts in it try.

The file is read here by its role lines alone, not by the program's own loader: a fault of the loader must
not be repeated by what looks for it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from evals.model import Json

_ROLE = re.compile(r"(system|user|assistant):[ \t]*")
_CLOSING = re.compile(r"</([a-z][a-z0-9_]*)>")


@dataclass(frozen=True, slots=True)
class Shape:
    """What must stay as it is.

    Attributes:
        roles: of all messages, in order.
        closings: how often each fence is closed in the last message.
    """

    roles: tuple[str, ...]
    closings: Counter[str]


def shape_of(file: Path) -> Shape:
    """The shape that a prompt file promises."""
    body = file.read_text(encoding="utf-8").split("\n---", 1)[-1]
    roles: list[str] = []
    last: list[str] = []
    for line in body.split("\n"):
        found = _ROLE.fullmatch(line)
        if found:
            roles.append(found[1])
            last = []
        else:
            last.append(line)
    return Shape(tuple(roles), Counter(_CLOSING.findall("\n".join(last))))


def strays(shape: Shape, body: Json, planted: str = "") -> list[str]:
    """Where a request leaves its shape; nothing when it keeps it.

    Args:
        shape: of its prompt.
        body: of the request, as it arrived.
        planted: an attack; it may stand in the last message and in no other.
    """
    messages = [(str(one["role"]), str(one["content"])) for one in body["messages"]]
    found = []
    roles = tuple(role for role, _ in messages)
    if len(roles) != len(shape.roles):
        found.append(f"{len(roles)} messages instead of {len(shape.roles)}")
    elif roles != shape.roles:
        found.append(f"roles {', '.join(roles)}")
    closings = Counter(_CLOSING.findall(messages[-1][1]))
    wrong = [tag for tag in shape.closings if closings[tag] != shape.closings[tag]]
    found += [f"the fence {tag} is closed {closings[tag]} times" for tag in wrong]
    if planted and any(planted in text for _, text in messages[:-1]):
        found.append("the attack stands before the last message")
    return found
