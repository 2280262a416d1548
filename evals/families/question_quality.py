"""Question quality: does what the coach says hold against the rubric?

In embedded mode the turn that a person sees is judged. With a language model it is the model's *first
proposal*: the product's own gate would mend or replace a bad one before anybody sees it, so what is shown
cannot tell a good prompt from a bad one. What is shown is measured beside it, as `shown` and `fallback`.

A prompt asks for more than the rubric knows: see evals/scorers/proposals.py for the parts that hold a model's
proposal against it. In embedded mode, where no prompt is read, they all pass.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from coach.adapters.outgoing import ANY_LENS
from coach.domain.model import Lens, Question, ScreenKind, Stage, Turn, Verdict
from coach.domain.rubric import CRITERIA, Exchange, judge_all
from coach.domain.stages import choose_lens, choose_stage
from coach.services.reflect import History
from evals.model import Guard, Json, Metric, Mode, Output, Sample, Score, System, Task
from evals.scorers.proposals import PARTS, Case, evidence
from evals.scorers.proposals import parts as parts_of

DATA = Path(__file__).parent.parent / "data" / "question_quality.jsonl"
Judge = Callable[[Sequence[Exchange]], Sequence[tuple[Verdict, ...]]]
NOTHING = "There is no question to judge."
NONE = ScreenKind.NONE.value
GRAVE = 0.025  # half the usual margin: a false or a missing signpost weighs more than a poor question
LISTS = ("earlier", "asked", "mirrors", "names")


def task() -> Task:
    """The family as a task."""
    parts = tuple(Metric(name) for name in (*CRITERIA, *PARTS))
    return Task(
        name="question_quality",
        modes=frozenset(Mode),
        metrics=(
            Metric("all", Guard.PRIMARY),
            *parts,
            Metric("concern", margin=GRAVE),
            Metric("alternatives"),
            Metric("shown"),
            Metric("fallback", Guard.SHOWN, higher_is_better=False),
        ),
        dataset=DATA.name,
        samples=samples,
        solve=solve,
        score=score,
    )


def samples(file: Path = DATA) -> list[Sample]:
    """The cases, one a line: id, cluster, text, and where they apply earlier, names, slices, must_pass,
    and what earlier turns said and must not come again: asked, mirrors.
    """
    rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return [
        Sample(
            id=row["id"],
            cluster=row["cluster"],
            input={"text": row["text"], **{key: row.get(key, []) for key in LISTS}},
            slices=row.get("slices", {}),
            must_pass=bool(row.get("must_pass", False)),
        )
        for row in rows
    ]


def solve(system: System, sample: Sample, epoch: int) -> Output:
    """One turn, with the earlier reflections of the conversation behind it."""
    history = history_of(sample)
    turn = system.turn(
        sample, epoch, str(sample.input["text"]), history, [str(one) for one in sample.input["names"]]
    )
    drafts = system.drafts(sample, epoch)
    own = {question.text for draft in drafts for question in draft.questions}
    with_model = system.mode is not Mode.EMBEDDED
    # As in the product's gate: the classifier is asked about a model's words, never about the bank's.
    advice = _advice(system, own)
    shown = as_value(turn.mirror, turn.questions, advice)
    first = as_value(drafts[0].mirror, drafts[0].questions, advice) if drafts else as_value("", (), advice)
    asked = with_model and bool(drafts or not turn.signpost)
    lent = sum(question.text not in own for question in turn.questions) if with_model else 0
    proposed = first if asked else shown
    value = {
        "proposed": proposed,
        "shown": shown,
        "lent": lent,
        "note": turn.origin.note,
        "situations": [hit.id for hit in turn.situations],
        "retrieved": [one.id for one in (*turn.cases, *turn.guidelines)],
        "concern": drafts[0].concern.value if drafts else NONE,
        "model": _evidence(system, sample, epoch) if asked else None,
    }
    return Output(value, _as_text(proposed, turn))


def score(sample: Sample, output: Output, judge: Judge = judge_all) -> Mapping[str, Score]:
    """Every criterion on mirror and lead, all of them as one, and what became of the two alternatives.

    Args:
        judge: the rubric; one that remembers, for a caller that scores the same texts many times.
    """
    proposed, shown = output.value["proposed"], output.value["shown"]
    judged = _judged(sample, proposed, judge)
    lead = judged[0] if judged else tuple(Verdict(name, False, NOTHING) for name in CRITERIA)
    found = {verdict.criterion: _score(verdict, proposed) for verdict in lead}
    found |= parts_of(case_of(sample), proposed, output.value.get("model"), lead)
    found["concern"] = _concern(sample, output.value)
    found["all"] = _all(lead)
    found["alternatives"] = _every(judged[1:], least=2)
    found["shown"] = _every(judged if shown == proposed else _judged(sample, shown, judge), least=3)
    found["fallback"] = Score(float(output.value["lent"] > 0), answer=str(output.value["note"]))
    return found


def history_of(sample: Sample) -> History:
    """The conversation before this case's reflection."""
    told = {key: tuple(str(one) for one in sample.input.get(key, ())) for key in LISTS}
    return History(told["earlier"], told["asked"], (), told["mirrors"], len(told["earlier"]))


def case_of(sample: Sample) -> Case:
    """What the case holds a proposal against."""
    history = history_of(sample)
    failed = tuple(str(one) for one in sample.target.get("failed", ()))
    return Case(str(sample.input["text"]), history.texts, history.asked, history.mirrors, failed)


def asked_for(sample: Sample, free: bool = False) -> tuple[str, str]:
    """The lens and the stage that the writer was asked for, by the product's own rule; `free`: any lens."""
    text, history = str(sample.input["text"]), history_of(sample)
    lens = ANY_LENS if free else choose_lens(text, history.lenses).value
    return lens, choose_stage(text, history.turns + 1).value


def _evidence(system: System, sample: Sample, epoch: int) -> Json | None:
    """Of the first call; a model that was never reached has left none."""
    requests, replies = system.requests(sample, epoch), system.replies(sample, epoch)
    if not requests or not replies:
        return None
    message = str(requests[0]["messages"][-1]["content"])
    canary = str(sample.target.get("canary", ""))
    free = re.search(rf"^Lens: {ANY_LENS}$", message, re.MULTILINE) is not None
    return evidence(replies[0], message, case_of(sample), asked_for(sample, free), canary)


def _advice(system: System, texts: Iterable[str]) -> Mapping[str, float]:
    asked = sorted(texts)
    return dict(zip(asked, system.coach.parts.advice.scores(asked), strict=True))


def as_value(mirror: str, questions: Sequence[Question], advice: Mapping[str, float]) -> Json:
    """A proposal as plain JSON, each question with what the classifier of advice thinks of it."""
    return {
        "mirror": mirror,
        "questions": [
            {
                "text": one.text,
                "lens": one.lens.value,
                "stage": one.stage.value,
                "sources": list(one.sources),
                "advice": round(float(advice.get(one.text, 0.0)), 6),
            }
            for one in questions
        ],
    }


def _judged(sample: Sample, said: Json, judge: Judge) -> Sequence[tuple[Verdict, ...]]:
    case = case_of(sample)
    exchanges = [
        Exchange(
            question=one["text"],
            text=case.text,
            mirror=said["mirror"],
            stage=Stage(one["stage"]),
            lens=Lens(one["lens"]),
            turn_number=len(case.earlier) + 1,
            asked=tuple(case.asked),
            advice=float(one["advice"]),
            earlier=tuple(case.earlier),
        )
        for one in said["questions"]
    ]
    return judge(exchanges)


def _score(verdict: Verdict, said: Json) -> Score:
    where = {} if verdict.span is None else {"span": list(verdict.span)}
    judged = said["mirror"] if verdict.criterion == "mirror" else ""
    if not judged and said["questions"]:
        judged = said["questions"][0]["text"]
    return Score(float(verdict.passed), "" if verdict.passed else judged, verdict.reason, where)


def _all(lead: Iterable[Verdict]) -> Score:
    failed = [verdict for verdict in lead if not verdict.passed]
    told = " ".join(f"{verdict.criterion}: {verdict.reason}" for verdict in failed)
    return Score(float(not failed), ", ".join(verdict.criterion for verdict in failed), told)


def _concern(sample: Sample, told: Json) -> Score:
    """Whether the proposal says that a person is needed where one is, and nowhere else."""
    heard, wanted = str(told.get("concern", NONE)), str(sample.target.get("concern", NONE))
    return Score(float(heard == wanted), heard, "" if heard == wanted else f"It should be {wanted}.")


def _every(judged: Sequence[tuple[Verdict, ...]], least: int) -> Score:
    """Whether at least so many questions are there and every one passes everything."""
    if len(judged) < least:
        return Score(0.0, explanation=f"There are {len(judged)} of {least} questions.")
    failed = sorted({one.criterion for verdicts in judged for one in verdicts if not one.passed})
    return Score(float(not failed), ", ".join(failed))


def _as_text(proposed: Json, turn: Turn) -> str:
    """What a person compares side by side."""
    if turn.signpost:
        heard_by = "model" if turn.origin.model else "screen"
        return f"(the {heard_by} called for a signpost: {turn.screen.kind.value})"
    if not proposed["questions"]:
        return f"(no proposal that could be read: {turn.origin.note or 'none'})"
    lines = [str(proposed["mirror"])]
    lines += [f"{place}. {one['text']}" for place, one in enumerate(proposed["questions"], 1)]
    return "\n".join(lines)
