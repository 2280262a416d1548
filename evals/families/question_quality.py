"""Question quality: does what the coach says hold against the rubric?

In embedded mode the turn that a person sees is judged. With a language model it is the model's *first
proposal*: the product's own gate would mend or replace a bad one before anybody sees it, so what is shown
cannot tell a good prompt from a bad one. What is shown is measured beside it, as `shown` and `fallback`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from coach.domain.model import Lens, Question, Stage, Turn, Verdict
from coach.domain.rubric import CRITERIA, Exchange, judge_all
from coach.services.reflect import History
from evals.model import Guard, Json, Metric, Mode, Output, Sample, Score, System, Task

DATA = Path(__file__).parent.parent / "data" / "question_quality.jsonl"
NOTHING = "There is no question to judge."


def task() -> Task:
    """The family as a task."""
    parts = tuple(Metric(name) for name in CRITERIA)
    return Task(
        name="question_quality",
        modes=frozenset(Mode),
        metrics=(
            Metric("all", Guard.PRIMARY),
            *parts,
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
    """The cases, one a line: id, cluster, text, earlier, names, slices, must_pass."""
    rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return [
        Sample(
            id=row["id"],
            cluster=row["cluster"],
            input={"text": row["text"], "earlier": row.get("earlier", []), "names": row.get("names", [])},
            slices=row.get("slices", {}),
            must_pass=bool(row.get("must_pass", False)),
        )
        for row in rows
    ]


def solve(system: System, sample: Sample, epoch: int) -> Output:
    """One turn, with the earlier reflections of the conversation behind it."""
    text, earlier = str(sample.input["text"]), [str(one) for one in sample.input["earlier"]]
    history = History(texts=tuple(earlier), turns=len(earlier))
    turn = system.turn(sample, epoch, text, history, [str(one) for one in sample.input["names"]])
    drafts = system.drafts(sample, epoch)
    own = {question.text for draft in drafts for question in draft.questions}
    with_model = system.mode is not Mode.EMBEDDED
    # As in the product's gate: the classifier is asked about a model's words, never about the bank's.
    advice = _advice(system, own)
    shown = _said(turn.mirror, turn.questions, advice)
    first = _said(drafts[0].mirror, drafts[0].questions, advice) if drafts else _said("", (), advice)
    proposed = first if with_model and not turn.signpost else shown
    lent = sum(question.text not in own for question in turn.questions) if with_model else 0
    value = {
        "proposed": proposed,
        "shown": shown,
        "lent": lent,
        "note": turn.origin.note,
        "situations": [hit.id for hit in turn.situations],
        "retrieved": [one.id for one in (*turn.cases, *turn.guidelines)],
    }
    return Output(value, _as_text(proposed, turn))


def score(sample: Sample, output: Output) -> Mapping[str, Score]:
    """Every criterion on mirror and lead, all of them as one, and what became of the two alternatives."""
    proposed, shown = output.value["proposed"], output.value["shown"]
    judged = _judged(sample, proposed)
    lead = judged[0] if judged else tuple(Verdict(name, False, NOTHING) for name in CRITERIA)
    found = {verdict.criterion: _score(verdict, proposed) for verdict in lead}
    found["all"] = _all(lead)
    found["alternatives"] = _every(judged[1:], least=2)
    found["shown"] = _every(judged if shown == proposed else _judged(sample, shown), least=3)
    found["fallback"] = Score(float(output.value["lent"] > 0), answer=str(output.value["note"]))
    return found


def _advice(system: System, texts: Iterable[str]) -> Mapping[str, float]:
    asked = sorted(texts)
    return dict(zip(asked, system.coach.parts.advice.scores(asked), strict=True))


def _said(mirror: str, questions: Sequence[Question], advice: Mapping[str, float]) -> Json:
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


def _judged(sample: Sample, said: Json) -> list[tuple[Verdict, ...]]:
    earlier = tuple(str(one) for one in sample.input["earlier"])
    return judge_all(
        Exchange(
            question=one["text"],
            text=str(sample.input["text"]),
            mirror=said["mirror"],
            stage=Stage(one["stage"]),
            lens=Lens(one["lens"]),
            turn_number=len(earlier) + 1,
            advice=float(one["advice"]),
            earlier=earlier,
        )
        for one in said["questions"]
    )


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


def _every(judged: Sequence[tuple[Verdict, ...]], least: int) -> Score:
    """Whether at least so many questions are there and every one passes everything."""
    if len(judged) < least:
        return Score(0.0, explanation=f"There are {len(judged)} of {least} questions.")
    failed = sorted({one.criterion for verdicts in judged for one in verdicts if not one.passed})
    return Score(float(not failed), ", ".join(failed))


def _as_text(proposed: Json, turn: Turn) -> str:
    """What a person compares side by side."""
    if turn.signpost:
        return "(the screen answered with a signpost)"
    if not proposed["questions"]:
        return f"(no proposal that could be read: {turn.origin.note or 'none'})"
    lines = [str(proposed["mirror"])]
    lines += [f"{place}. {one['text']}" for place, one in enumerate(proposed["questions"], 1)]
    return "\n".join(lines)
