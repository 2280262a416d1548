"""What recorded replies of a large language model would have met in the gate, and what a second call mends.

    python scripts/score_completions.py
    python scripts/score_completions.py completions_second    # to prompt 1.1.0; completions_first: to 1.0.0

evals/data/completions.jsonl holds replies as they came, to the prompt named in each line. They are read as
the writer reads them and judged as the gate judges them. What does not pass whole is asked for once more
(scripts/render_requests.py); `rewrite` holds that answer, and `turn` is what a member would see in the end.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coach.adapters.llm_reply import read_concern, read_reply
from coach.adapters.outgoing import outgoing
from coach.bootstrap import Coach, open_coach
from coach.commands.opening import ensure_corpus
from coach.domain.model import PROGRAMME, Brief, Draft, Origin, ScreenKind, Turn
from coach.domain.text import accept
from coach.errors import WriterGarbled
from coach.services.gate import Gate
from coach.services.reading import read
from coach.services.reflect import QUESTIONS, History, brief_of
from coach.settings import read_settings
from evals.reflections import read_labelled

DATA = Path(__file__).resolve().parent.parent / "evals" / "data"
REPLIES = "completions"


@dataclass(frozen=True)
class Judged:
    """How one answer fared.

    Attributes:
        asked: questions in it.
        passing: those that may be shown.
        lead: whether its first question may.
        failed: "criterion: reason" as the second call is told.
    """

    asked: int
    passing: int
    lead: bool
    failed: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """A turn without a second call and without the bank."""
        return self.passing >= QUESTIONS


@dataclass(frozen=True)
class Reply:
    """A line of the file.

    Attributes:
        row: as it stands there.
        brief: what the writer knew.
        first: its first answer; None when it cannot be read.
        second: its answer to the faults; None when there is none or it cannot be read.
        turn: what the member sees in the end.
    """

    row: dict[str, Any]
    brief: Brief
    first: Judged | None
    second: Judged | None
    turn: Turn


class Recorded:
    """A writer that says what was recorded; implements ports.Writer."""

    name = "llm"

    def __init__(self, row: dict[str, Any]) -> None:
        """Args: row: with `completion`, and `rewrite` where there was one."""
        self._row = row

    def write(self, brief: Brief, failed: Sequence[str] = ()) -> Draft:
        """The first answer, or the second when something failed.

        Raises:
            WriterGarbled: it cannot be read, or was never asked for.
        """
        answer = self._row.get("rewrite" if failed else "completion")
        if answer is None:
            raise WriterGarbled("No second answer was recorded.")
        concern = read_concern(answer)
        if concern is not ScreenKind.NONE:
            return Draft("", (), Origin("llm"), concern)
        mirror, questions = read_reply(answer, outgoing(brief), {})
        return Draft(mirror, questions, Origin("llm"))


def judged_replies(name: str = REPLIES) -> Iterator[Reply]:
    """Every recorded reply of a file, read and judged by the program of today."""
    lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = {row["id"]: row for row in map(json.loads, lines)}
    with _coach() as coach:
        for key, brief in _briefs(coach, rows):
            row, gate = rows[key], coach.thinking.gate
            first, second = (_judged(row.get(name), brief, gate) for name in ("completion", "rewrite"))
            turn, _ = replace(coach.thinking, writer=Recorded(row)).turn(brief.text, [PROGRAMME])
            yield Reply(row, brief, first, second, turn)


def briefs(ids: Iterable[str]) -> Iterator[tuple[str, Brief, tuple[str, ...]]]:
    """What the writer knows when it is asked the first time; nothing has failed yet."""
    with _coach() as coach:
        for key, brief in _briefs(coach, ids):
            yield key, brief, ()


@contextmanager
def _coach() -> Iterator[Coach]:
    with open_coach(read_settings()) as coach:
        ensure_corpus(coach)
        yield coach


def _briefs(coach: Coach, ids: Iterable[str]) -> Iterator[tuple[str, Brief]]:
    texts = {one.id: one.text for one in read_labelled("all")}
    for key in ids:
        text = accept(texts[key])
        reading = read(text, coach.parts.embedder)
        found = coach.retriever.find(reading, [PROGRAMME])
        yield key, brief_of(text, reading, found, History(), ())


def _judged(answer: str | None, brief: Brief, gate: Gate) -> Judged | None:
    if answer is None:
        return None
    try:
        mirror, questions = read_reply(answer, outgoing(brief), {})
    except WriterGarbled:
        return None
    judged = gate.judge(Draft(mirror, questions, Origin("llm")), brief)
    lead = questions[0].text in {one.text for one in judged.passing}
    return Judged(len(questions), len(judged.passing), lead, judged.failed)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("name", nargs="?", default=REPLIES, help="of a file of evals/data")
    replies = list(judged_replies(parser.parse_args().name))
    heard = [reply.row["id"] for reply in replies if reply.turn.signpost]
    print(f"{len(heard)} answered by a signpost: {', '.join(heard) or 'none'}")
    replies = [reply for reply in replies if not reply.turn.signpost]
    read_ = [reply for reply in replies if reply.first]
    print(f"{len(replies)} replies; {len(replies) - len(read_)} could not be read")
    _tell([reply.first for reply in read_ if reply.first])
    again = [reply for reply in read_ if reply.first and not reply.first.whole and "rewrite" in reply.row]
    if again:
        _tell_second(again)


def _tell(answers: list[Judged]) -> None:
    print(f"  whole turn passes at once      {sum(one.whole for one in answers)}")
    print(f"  lead question passes           {sum(one.lead for one in answers)}")
    print(
        f"  questions that pass            {sum(one.passing for one in answers)} of "
        f"{sum(one.asked for one in answers)}"
    )
    failed = Counter(name for one in answers for name in {why.split(":")[0] for why in one.failed})
    for name, count in failed.most_common():
        print(f"  failed {name:<24}{count} turns")


def _tell_second(again: list[Reply]) -> None:
    """The second answers alone, and what is shown after both."""
    print(f"{len(again)} of them were asked a second time")
    _tell([reply.second for reply in again if reply.second])
    model = [reply.turn for reply in again if reply.turn.origin and reply.turn.origin.writer == "llm"]
    lent = sum(any(question.lent for question in turn.questions) for turn in model)
    print(f"  whole turn after both calls    {len(model) - lent}")
    print(f"  the bank lends an angle        {lent}")
    print(f"  the bank answers               {len(again) - len(model)}")


if __name__ == "__main__":
    main()
