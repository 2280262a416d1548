"""Checks data files of the suite against their schemas."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

DATA = Path(__file__).parents[3] / "evals" / "data"


def misfits(family: str) -> list[str]:
    """What in evals/data/<family>.jsonl does not fit its schema, each with its line; none when all fits."""
    schema = json.loads((DATA / "schemas" / f"{family}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(schema)
    rows = (DATA / f"{family}.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        f"line {number}: {fault.json_path} {fault.message[:120]}"
        for number, row in enumerate(rows, 1)
        for fault in checker.iter_errors(json.loads(row))
    ]
