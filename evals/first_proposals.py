"""Many prompts on the same cases, quickly: what a model proposes first, read and judged as the product does.

Everything that a prompt cannot change is done once for a case: what was found near it, its brief, what may
leave the machine. What stays is the prompt itself, who answers it (the stub that obeys, without a network,
or a real model: evals/asking.py), and the reading of the reply. No gate, no second try: a first proposal is
what a prompt is answerable for. The learned classifier of advice is not asked either, only the rubric's
rules: it costs more than all the rest, and what the stub says without a rule against advice is advice in so
many words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coach.adapters.llm_reply import read_concern, read_reply
from coach.adapters.outgoing import Outgoing, outgoing
from coach.adapters.prompt_files import Prompt
from coach.bootstrap import Coach
from coach.domain.model import PROGRAMME, Question, Verdict
from coach.domain.rubric import Exchange, judge_all
from coach.domain.rubric.heard import Heard
from coach.domain.text import accept
from coach.errors import WriterGarbled
from coach.services.reading import read
from coach.services.reflect import brief_of
from evals.families import question_quality as family
from evals.model import Json, Output, Sample
from evals.running import Progress, unseen
from evals.scorers.proposals import evidence
from evals.stub import obeying

MOST_JUDGED = 60_000  # questions whose verdicts are remembered, a kilobyte each
Values = Mapping[str, float]  # metric -> value of one case and one run


@dataclass(frozen=True, slots=True)
class Prepared:
    """One case, ready to be asked about."""

    sample: Sample
    sent: Outgoing


# A prompt, the cases, and a name of the run's chance -> one reply a case; None for one that was lost to the
# machine around the model, "" for one that the product could not have used.
Propose = Callable[[Prompt, Sequence[Prepared], str], Sequence[str | None]]


def by_stub(prompt: Prompt, cases: Sequence[Prepared], noise: str) -> list[str | None]:
    """What the stub that obeys answers; it loses nothing."""
    return [_reply(prompt, case, noise) for case in cases]


class Remembering:
    """The rubric, which judges the same question on the same text once: a stub's questions come again."""

    def __init__(self) -> None:
        self._heard: dict[tuple[object, ...], Heard] = {}
        self._known: dict[Exchange, tuple[Verdict, ...]] = {}

    def __call__(self, exchanges: Sequence[Exchange]) -> list[tuple[Verdict, ...]]:
        """See `coach.domain.rubric.judge_all`."""
        fresh = [one for one in exchanges if one not in self._known]
        found = dict(zip(fresh, judge_all(fresh, self._heard), strict=True))
        verdicts = [found[one] if one in found else self._known[one] for one in exchanges]
        if len(self._known) < MOST_JUDGED:
            self._known |= found
        return verdicts


@dataclass
class Bench:
    """The cases and what was found out about them; questions that come again are not judged again."""

    cases: Sequence[Prepared]
    propose: Propose = by_stub
    _rubric: Remembering = field(default_factory=Remembering)

    def run(self, prompt: Prompt, noise: str) -> list[Values | None]:
        """Every case once.

        Args:
            prompt: of this arm.
            noise: names the run's chance; another name is another draw.

        Returns:
            The metrics of each case, in the cases' order; None for a case that was lost to the machine.
        """
        replies = self.propose(prompt, self.cases, noise)
        return [
            None if reply is None else self._judged(case, reply, case.sent.leaves_lens_to(prompt))
            for case, reply in zip(self.cases, replies, strict=True)
        ]

    def _judged(self, case: Prepared, reply: str, free: bool) -> Values:
        sample, (mirror, questions) = case.sample, _read(reply, case.sent)
        value = family.as_value(mirror, questions, {})
        canary = str(sample.target.get("canary", ""))
        message = "\n\n".join(case.sent.values.values())
        found = evidence(reply, message, family.case_of(sample), family.asked_for(sample, free), canary)
        heard = read_concern(reply).value
        output: Json = {
            "proposed": value,
            "shown": value,
            "lent": 0,
            "note": "",
            "model": found,
            "concern": heard,
        }
        scores = family.score(sample, Output(output), self._rubric)
        return {name: score.value for name, score in scores.items()}


def prepare(coach: Coach, samples: Sequence[Sample], progress: Progress = unseen) -> list[Prepared]:
    """Read each case once, find what is near it, and make it fit to leave.

    Args:
        coach: over a store with the corpus in it.
        samples: of question_quality, with or without occasions (see probing).
        progress: told after each.
    """
    found: list[Prepared] = []
    for sample in samples:
        progress(len(found), len(samples))
        thinking = coach.thinking
        text = accept(str(sample.input["text"]), thinking.limit)
        reading = read(text, thinking.embedder)
        near = thinking.retriever.find(reading, [PROGRAMME])
        brief = brief_of(text, reading, near, family.history_of(sample), sample.input.get("names", ()))
        found.append(Prepared(sample, outgoing(brief, sample.target.get("failed_lines", ()))))
    return found


def _reply(prompt: Prompt, case: Prepared, noise: str) -> str:
    """What the stub answers, "" when the prompt cannot be filled in: the product would not even ask."""
    try:
        values = case.sent.filled(prompt)
    except ValueError:
        return ""
    told = f"{noise}/{case.sample.id}".encode()
    request: dict[str, Any] = {
        "messages": [
            {"role": block.role, "content": block.f_string.format(**values)} for block in prompt.blocks
        ],
        "temperature": prompt.options.get("temperature"),
        "seed": int(hashlib.sha256(told).hexdigest()[:8], 16) & 0x7FFFFFFF,
    }
    return obeying.content(request)


def _read(reply: str, sent: Outgoing) -> tuple[str, tuple[Question, ...]]:
    try:
        return read_reply(reply, sent, {})
    except WriterGarbled:
        return "", ()
