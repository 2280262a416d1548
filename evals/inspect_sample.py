"""One result of a run as a sample of inspect-ai: what was asked, what came, every score with its reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from evals.model import Sample, Score
from evals.records import OK, CaseNote, Row

LONGEST = 1_000  # characters of a text in a summary: a list of samples is loaded as a whole

Entry = dict[str, Any]


def sample_of(row: Row, case: CaseNote, sample: Sample | None, model: str) -> Entry:
    """A row of the record.

    Args:
        row: of any status; one that was lost, or that needs a real run, becomes a sample with an error.
        case: what the record knows of the case.
        sample: the case itself; None when the cases are not those of the run any more.
        model: named as the one who answered.
    """
    asked = _asked(sample)
    found: Entry = {
        "id": row.case,
        "epoch": row.epoch,
        "input": asked[0]["content"] if len(asked) == 1 else asked,
        "target": _json(sample.target) if sample and sample.target else "",
        "messages": asked,
        "output": {"model": model, "choices": [], "completion": ""},
        "metadata": {
            "arm": row.arm,
            "mode": row.mode,
            "cluster": case.cluster,
            "must_pass": case.must_pass,
            "slices": dict(case.slices),
            "value": dict(row.value),
        },
        "store": {},
        "events": [],
        "model_usage": {model: usage([row])} if row.calls else {},
        "role_usage": {},
        "attachments": {},
        "uuid": hashlib.sha256("\0".join(map(str, row.key)).encode()).hexdigest()[:22],
    }
    if row.ms:
        found |= {"total_time": row.ms / 1000, "working_time": row.ms / 1000}
    if row.status != OK:
        return found | {"error": {"message": row.error or row.status, "traceback": "", "traceback_ansi": ""}}
    answer = {"role": "assistant", "content": row.text, "source": "generate", "model": model}
    found["messages"] = [*asked, answer]
    found["output"] |= {"choices": [{"message": answer, "stop_reason": "stop"}], "completion": row.text}
    if row.calls:
        found["output"]["usage"] = usage([row])
    return found | {"scores": {name: _score(one) for name, one in row.scores.items()}}


def summary_of(sample: Entry) -> Entry:
    """What a list shows of a sample: without its messages, its long texts cut."""
    same = ("id", "epoch", "model_usage", "role_usage", "total_time", "working_time", "uuid")
    found = {key: sample[key] for key in same if key in sample}
    asked = sample["input"]
    if isinstance(asked, list):
        asked = [{**one, "content": _cut(one["content"])} for one in asked]
    metadata = {key: one for key, one in sample["metadata"].items() if key != "value"}
    found |= {
        "input": _cut(asked) if isinstance(asked, str) else asked,
        "target": _cut(sample["target"]),
        "metadata": metadata,
        "completed": True,
        "message_count": len(sample["messages"]),
    }
    if "error" in sample:
        found["error"] = sample["error"]["message"]
    if "scores" in sample:
        found["scores"] = {name: _short(score) for name, score in sample["scores"].items()}
    return found


def usage(rows: Sequence[Row]) -> Entry:
    """Tokens of some results together."""
    sent, came = sum(row.tokens_in for row in rows), sum(row.tokens_out for row in rows)
    return {"input_tokens": sent, "output_tokens": came, "total_tokens": sent + came}


def _asked(sample: Sample | None) -> list[Entry]:
    """The reflections of a case, the earlier ones first; of a case without a text, what it is made of."""
    if sample is None:
        return [{"role": "user", "content": "", "source": "input"}]
    text = sample.input.get("text")
    told = [*map(str, sample.input.get("earlier", ())), str(text)] if text else [_json(sample.input)]
    return [{"role": "user", "content": one, "source": "input"} for one in told]


def _score(score: Score) -> Entry:
    return {
        "value": score.value,
        "answer": score.answer or None,
        "explanation": score.explanation or None,
        "metadata": dict(score.metadata) or None,
        "history": [],
    }


def _short(score: Entry) -> Entry:
    texts = {key: _cut(score[key]) if score[key] else None for key in ("answer", "explanation")}
    return {**score, **texts, "metadata": None}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, default=str)
