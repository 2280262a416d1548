"""New questions of the bank: which of them the rubric rejects, and which a run never asked.

The bank judges every question before it asks it. One that fails is kept in the file and met by nobody, and a
run that never came to it passes all the same, so both have to be said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from coach.adapters.embedded_prompts import read_embedded
from coach.domain.frames import SLOT
from coach.domain.rubric import failed, judge_alone
from coach.errors import UserError
from evals.model import Arm
from evals.records import OK, Row

PHRASE = "the talk on Thursday"  # in the places of a frame; no criterion stumbles over it
NAMED = 20  # questions that a page names; the rest is counted
ALWAYS = frozenset({"one", "open", "brief", "nowhy", "agency"})  # criteria that no text of a member softens
_FOLDER = "embedded"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A question that the rubric does not let pass.

    Attributes:
        text: as it stands in the file.
        faults: id of each criterion that it fails, and the reason.
        always: whatever a member writes; else words of theirs may carry it.
    """

    text: str
    faults: tuple[tuple[str, str], ...]
    always: bool


@dataclass(frozen=True, slots=True)
class Unasked:
    """A new question that no case of a run was asked; `rejected` says why, where the rubric does."""

    text: str
    rejected: Rejected | None


def new_questions(before: Path, after: Path) -> tuple[str, ...]:
    """Questions of the bank in one folder of prompts that the other has not; none where one is not whole."""
    try:
        known = set(_questions(before))
        return tuple(one for one in dict.fromkeys(_questions(after)) if one not in known)
    except UserError:
        return ()


def rejected(questions: Iterable[str]) -> tuple[Rejected, ...]:
    """Those that a bare judgement rejects, as `coach check` gives it but without its classifier for advice.

    The bank leaves that out as well: people wrote these words. A frame is judged with PHRASE in its places.
    """
    judged = ((text, failed(judge_alone(SLOT.sub(PHRASE, text)))) for text in questions)
    return tuple(
        Rejected(
            text,
            tuple((one.criterion, one.reason) for one in faults),
            any(one.criterion in ALWAYS for one in faults),
        )
        for text, faults in judged
        if faults
    )


def mark_of(found: Sequence[Rejected]) -> str:
    """Stands for these questions in a form, so that one who has read the warning can go on; "" for none."""
    return sha256("\n".join(one.text for one in found).encode()).hexdigest()[:16] if found else ""


def unasked(questions: Sequence[str], rows: Iterable[Row]) -> tuple[Unasked, ...]:
    """The questions that stand in no answer of the candidate, whatever stood in their places."""
    if not questions:
        return ()
    said = "\n".join(
        text
        for row in rows
        if row.arm == Arm.CANDIDATE.value and row.status == OK
        for text in (row.text, *_strings(row.value))
    )
    missing = [one for one in questions if not _stands_in(one, said)]
    why = {one.text: one for one in rejected(missing)}
    return tuple(Unasked(one, why.get(one)) for one in missing)


def _questions(folder: Path) -> Iterator[str]:
    held = read_embedded(folder / _FOLDER)
    yield from (one.text for one in (*held.frames, *held.general_frames))
    yield from (one.text for one in held.general_questions)


def _stands_in(question: str, said: str) -> bool:
    pieces = re.split(r"\{\w+\}", question)
    if not all(piece in said for piece in pieces):
        return False
    return len(pieces) == 1 or re.search(r"[^\n]+?".join(map(re.escape, pieces)), said) is not None


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)
