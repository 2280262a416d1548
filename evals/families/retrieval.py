"""Retrieval: is what a reflection needs found, is silence kept where nothing fits, and are rights held?

The texts are the labelled reflections, with graded cases and the situations they are about. A stranger has
neither: its best answer is none, so each figure counts 1 for silence there and 0 for anything shown. Means
are therefore over all cases; the slices of the primary metric tell the two apart. One case more plants cases
of a group in a store of its own; what is not its subject counts as right in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from coach.domain.model import PROGRAMME, DocumentKind
from coach.domain.text import accept
from coach.services.reading import read
from evals.model import Guard, Json, Metric, Mode, Output, Sample, Score, System, Task
from evals.scorers.ranks import ndcg, recall, reciprocal_rank
from evals.scorers.trespass import trespass

DATA = Path(__file__).parent.parent / "data" / "reflections.jsonl"
PLACES = 5
THREE = 3
DEEP = 40  # places of a ranking that are looked at for the first right case
LONG = 140  # words from which a reflection counts as long
RIGHTS_TEXTS = 15  # reflections for which a group's case is planted
QUERY, STRANGER, RIGHTS = "query", "stranger", "rights"


def task() -> Task:
    """The family as a task."""
    return Task(
        name="retrieval",
        modes=frozenset({Mode.EMBEDDED}),  # no model takes part in it
        metrics=(
            Metric("ndcg@5", Guard.PRIMARY, 0.05),
            Metric("recall@5"),
            Metric("mrr"),
            Metric("no_answer"),
            Metric("situation_first"),
            Metric("situation_in_3"),
            Metric("trespass", Guard.ZERO, higher_is_better=False),
            Metric("own_group_finds", Guard.ZERO),
        ),
        dataset=DATA.name,
        samples=samples,
        solve=solve,
        score=score,
    )


def samples(file: Path = DATA) -> list[Sample]:
    """The rights case, then the reflections, one a line: id, text, situations, cases {id: grade}, half."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [_rights(rows), *(_sample(row) for row in rows)]


def solve(system: System, sample: Sample, epoch: int) -> Output:
    """What is found for one reflection; or who finds what was planted."""
    del epoch  # nothing is left to chance
    if sample.slices["kind"] == RIGHTS:
        met = trespass(system.coach, sample.input["texts"])
        return Output({"leaks": list(met.leaks), "missed": list(met.missed)}, "\n".join(met.leaks))
    coach = system.coach
    reading = read(accept(str(sample.input["text"])), coach.parts.embedder)
    found = coach.retriever.find(reading, [PROGRAMME])
    ranked = coach.retriever.search(reading, [PROGRAMME], found.situations, limit=DEEP)
    value = {
        "situations": [hit.id for hit in found.situations],
        "shown": [passage.id for passage in found.cases],
        "cases": [passage.id for passage in ranked if passage.kind is DocumentKind.CASE],
    }
    return Output(value, _as_text(value))


def score(sample: Sample, output: Output) -> Mapping[str, Score]:
    """Every metric; see the module for what counts as right where a metric has no subject."""
    names = [metric.name for metric in task().metrics]
    found = dict.fromkeys(names, Score(1.0)) | {"trespass": Score(0.0)}
    if sample.slices["kind"] == RIGHTS:
        leaks, missed = output.value["leaks"], output.value["missed"]
        return found | {
            "trespass": Score(float(bool(leaks)), "; ".join(leaks[:10]), f"{len(leaks)} times"),
            "own_group_finds": Score(float(not missed), ", ".join(missed)),
        }
    silent = not output.value["situations"] and not output.value["shown"]
    if sample.slices["kind"] == STRANGER:
        return found | _of_stranger(output.value, silent)
    return found | _of_query(sample, output.value, silent)


def _of_query(sample: Sample, told: Json, silent: bool) -> dict[str, Score]:
    grades: Mapping[str, float] = sample.target["cases"]
    wanted, hits = list(sample.target["situations"]), list(told["situations"])
    found = {
        "no_answer": Score(float(not silent), "silent" if silent else ""),
        "situation_first": Score(float(hits[:1] != [] and hits[0] in wanted), ", ".join(hits[:1])),
        "situation_in_3": Score(float(bool(set(hits[:THREE]) & set(wanted))), ", ".join(hits[:THREE])),
    }
    if grades:  # about a situation that has no case yet: nothing could be found
        first = ", ".join(told["cases"][:PLACES])
        found["ndcg@5"] = Score(ndcg(told["cases"], grades, PLACES), first)
        found["recall@5"] = Score(recall(told["cases"], grades, PLACES), first)
        found["mrr"] = Score(reciprocal_rank(told["cases"], grades), first)
    return found


def _of_stranger(told: Json, silent: bool) -> dict[str, Score]:
    shown = Score(float(not told["shown"]), ", ".join(told["shown"]))
    named = Score(float(not told["situations"]), ", ".join(told["situations"][:THREE]))
    return {
        "no_answer": Score(float(silent), named.answer),
        **dict.fromkeys(("ndcg@5", "recall@5", "mrr"), shown),
        **dict.fromkeys(("situation_first", "situation_in_3"), named),
    }


def _sample(row: Mapping[str, Any]) -> Sample:
    slices = {
        "kind": QUERY if row["situations"] else STRANGER,
        "half": row["half"],
        "length": "long" if len(row["text"].split()) >= LONG else "short",
    }
    return Sample(
        id=row["id"],
        cluster=str(row.get("cluster", row["id"])),
        input={"text": row["text"]},
        target={"situations": row["situations"], "cases": row["cases"]},
        slices=slices | ({"voice": row["voice"]} if row.get("voice") else {}),
        must_pass=bool(row.get("must_pass", False)),
    )


def _rights(rows: Sequence[Mapping[str, Any]]) -> Sample:
    """The rights case, over reflections spread evenly over the set."""
    about = [row for row in rows if row["situations"]]
    wanted = min(RIGHTS_TEXTS, len(about))
    spread = [about[place * len(about) // wanted] for place in range(wanted)]
    texts = {row["id"]: row["text"] for row in spread}
    return Sample(RIGHTS, RIGHTS, {"texts": texts}, slices={"kind": RIGHTS})


def _as_text(told: Json) -> str:
    return f"{', '.join(told['situations']) or '(nothing close)'}\n{', '.join(told['cases'][:PLACES])}"
