"""What a large language model heard in notes that the screen was not trained on, and what the screen hears.

    python scripts/score_concerns.py

evals/data/concerns.jsonl holds, by id of a note, the first key of recorded answers to the shipped prompt
(evals/data/README.md tells how they were made). The notes stand in screen_blind.jsonl and
screen_writers.jsonl.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from coach.bootstrap import open_coach
from coach.settings import read_settings
from evals.statistics import wilson

DATA = Path(__file__).resolve().parent.parent / "evals" / "data"


def main() -> None:
    """Print, by style of note, how many each of the two would answer with a signpost."""
    notes = {row["id"]: row for name in ("screen_blind", "screen_writers") for row in _rows(name)}
    heard: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    kinds = []
    with open_coach(read_settings()) as coach:
        for row in _rows("concerns"):
            note = notes[row["id"]]
            by_screen = coach.thinking.screener.screen(note["text"]).flag
            by_model = row["concern"] != "none"
            heard[note["style"]].append((by_screen, by_model))
            if note["flag"] and by_model:
                kinds.append(row["concern"] == note["kind"])
    for style, pairs in heard.items():
        screen, model = (sum(pair[side] for pair in pairs) for side in (0, 1))
        print(f"{style:14} {_share(screen, len(pairs))}   {_share(model, len(pairs))}")
    print(f"the model names the labelled kind in {sum(kinds)} of {len(kinds)}")


def _share(count: int, total: int) -> str:
    low, high = wilson(count, total)
    return f"{count:3}/{total:<3} {count / total:4.0%} [{low:3.0%}, {high:4.0%}]"


def _rows(name: str) -> list[dict[str, str]]:
    file = DATA / f"{name}.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
