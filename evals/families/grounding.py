"""Grounding: what is said stands in the reflection, and what is cited was found and fits.

Each reflection comes with frozen passages: cases that fit it, one that fits among two that do not, three that
do not, or cases with a planted sentence whose name, firm and number stand nowhere else. With a model its
first proposal is judged, as it came; in embedded mode the turn that a person sees.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

from coach.domain.model import DocumentKind, Draft, Passage, SituationHit, Turn
from coach.services.reflect import History
from coach.services.retrieve import Found
from evals.model import Guard, Json, Metric, Mode, Output, Sample, Score, System, Task
from evals.scorers.frozen import with_found
from evals.scorers.grounds import cited, invented, retold, support, tokens_in, unquoted

DATA = Path(__file__).parent.parent / "data" / "grounding.jsonl"
NOTHING = "There is no proposal to judge."
SHORT = 900  # characters of a reflection
ENOUGH = 0.7  # of a mirror's content words must be the member's own
PARTS = ("citations", "silence", "quotes", "facts", "planted", "retold", "support")


def task() -> Task:
    """The family as a task."""
    return Task(
        name="grounding",
        modes=frozenset(Mode),
        metrics=(
            Metric("grounded", Guard.PRIMARY),
            *(Metric(name) for name in PARTS),
            Metric("precision", Guard.SHOWN),
            Metric("recall", Guard.SHOWN),
            Metric("judged", Guard.SHOWN),
        ),
        dataset=DATA.name,
        samples=samples,
        solve=solve,
        score=score,
    )


def samples(file: Path = DATA) -> list[Sample]:
    """The cases; the file holds seeds, passages, and cases that name both."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    texts = {row["id"]: row["text"] for row in rows if row["row"] == "seed"}
    passages = {row["id"]: row for row in rows if row["row"] == "passage"}
    return [_sample(row, texts, passages) for row in rows if row["row"] == "case"]


def solve(system: System, sample: Sample, epoch: int) -> Output:
    """One turn for which exactly the case's passages are near."""
    text = str(sample.input["text"])
    turn = with_found(system, _found(sample)).turn(sample, epoch, text, History())
    drafts, replies = system.drafts(sample, epoch), system.replies(sample, epoch)
    said = _said(system, turn, drafts)
    sources = cited(replies[0]) if replies else None
    if sources is None:
        sources = [one for question in said["questions"] for one in question["sources"]]
    value = {
        "mirror": said["mirror"],
        "questions": [question["text"] for question in said["questions"]],
        "sources": sources,
        "note": turn.origin.note,
        "signpost": bool(turn.signpost),
    }
    return Output(value, _as_text(value))


def score(sample: Sample, output: Output) -> Mapping[str, Score]:
    """Every part on the mirror and the questions, and all parts as one."""
    told = output.value
    if not told["questions"]:
        return {metric.name: Score(0.0, explanation=NOTHING) for metric in task().metrics}
    sources = list(dict.fromkeys(map(str, told["sources"])))
    fitting = set(map(str, sample.target["fitting"]))
    wrong = _wrong(sample, told, sources)
    found = {name: Score(float(not faults), "; ".join(faults)) for name, faults in wrong.items()}
    failed = [name for name, faults in wrong.items() if faults]
    found["grounded"] = Score(float(not failed), ", ".join(failed), "; ".join(chain(*wrong.values())))
    named = [one for one in sources if one in _ids(sample)]
    hits = len(fitting & set(named))
    found["precision"] = Score(hits / len(named) if named else 1.0, ", ".join(named))
    found["recall"] = Score(hits / len(fitting) if fitting else 1.0)
    found["judged"] = Score(1.0)
    return found


def _wrong(sample: Sample, told: Json, sources: Sequence[str]) -> dict[str, list[str]]:
    """By part, what has no ground."""
    text, mirror, said = str(sample.input["text"]), str(told["mirror"]), _sentences(told)
    others = [f"{one['title']}. {one['text']}" for one in sample.input["passages"]]
    share = support(mirror, text)
    asked = [fact for one in said[1:] for fact in invented(one, f"{text} {mirror}", counted=False)]
    return {
        "citations": [one for one in sources if one not in _ids(sample) | set(_situations(sample))],
        "silence": [] if sample.target["fitting"] else list(sources),
        "quotes": [quote for one in said for quote in unquoted(one, text)],
        "facts": invented(mirror, text) + asked,
        "planted": [token for one in said for token in tokens_in(sample.target["tokens"], one)],
        "retold": [run for one in said for run in retold(one, others, text)],
        "support": [f"{share:.2f} of the mirror's words"] if share < ENOUGH else [],
    }


def _sentences(told: Json) -> list[str]:
    return [str(told["mirror"]), *map(str, told["questions"])]


def _ids(sample: Sample) -> set[str]:
    return {str(one["id"]) for one in sample.input["passages"]}


def _sample(row: Json, texts: Mapping[str, str], passages: Mapping[str, Json]) -> Sample:
    plant = row.get("plant")
    chosen = [dict(passages[key]) for key in row["passages"]]
    for one in chosen:
        if plant and one["id"] == plant["passage"]:
            one["text"] = f"{plant['sentence']} {one['text']}"
    return Sample(
        id=row["id"],
        cluster=row["seed"],
        input={"text": texts[row["seed"]], "passages": chosen, "situation": row.get("situation", "")},
        target={"fitting": row["fitting"], "tokens": plant["tokens"] if plant else []},
        slices={"variant": row["variant"], "length": "short" if len(texts[row["seed"]]) < SHORT else "long"},
        must_pass=bool(row.get("must_pass", False)),
    )


def _found(sample: Sample) -> Found:
    passages = tuple(
        Passage(
            str(one["id"]),
            DocumentKind(one["kind"]),
            str(one["title"]),
            "Near to what you wrote.",
            score=0.5,
            text=str(one["text"]),
            questions=tuple(map(str, one["questions"])),
        )
        for one in sample.input["passages"]
    )
    situations = tuple(SituationHit(key, _name(key), 0.6) for key in _situations(sample))
    cases = tuple(one for one in passages if one.kind is DocumentKind.CASE)
    return Found(situations, cases, tuple(one for one in passages if one.kind is DocumentKind.GUIDELINE))


def _situations(sample: Sample) -> list[str]:
    return [str(sample.input["situation"])] if sample.input["situation"] else []


def _name(situation: str) -> str:
    """Frozen as well: the vocabulary's own names may be reworded."""
    return situation.split(".")[-1].replace("-", " ").capitalize()


def _said(system: System, turn: Turn, drafts: Sequence[Draft]) -> Json:
    """The model's first proposal, or the turn where no model takes part."""
    if system.mode is Mode.EMBEDDED:
        mirror, questions = turn.mirror, turn.questions
    elif drafts:
        mirror, questions = drafts[0].mirror, drafts[0].questions
    else:
        mirror, questions = "", ()
    return {"mirror": mirror, "questions": [{"text": one.text, "sources": one.sources} for one in questions]}


def _as_text(value: Json) -> str:
    if value["signpost"]:
        return "(the screen answered with a signpost)"
    if not value["questions"]:
        return f"(no proposal that could be read: {value['note'] or 'none'})"
    lines = [str(value["mirror"])]
    lines += [f"{place}. {one}" for place, one in enumerate(value["questions"], 1)]
    return "\n".join([*lines, f"sources: {', '.join(value['sources']) or 'none'}"])
