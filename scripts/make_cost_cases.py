"""Draw the cases of the cost family from reflections_first.jsonl: thirty typical turns and ten long ones.

    python scripts/make_cost_cases.py            # writes evals/data/cost.jsonl

Only the half "tune" is read, and nothing that the screen answers with a signpost: such a turn asks no
model. A third of the typical cases are third turns: two reflections about the same kind of matter stand
before them. A long case is a week in one sitting: six reflections, one after the other. The cases are
copies, so that a change of the labelled set does not move the figures.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from coach.bootstrap import open_judges
from coach.settings import read_settings

DATA = Path(__file__).resolve().parent.parent / "evals" / "data"
SEED = 20_261_123
FIRST, THIRD, LONG, WEEK = 20, 10, 10, 6
# What was asked in the turns before a third one: any open questions, they only have to be carried along.
ASKED = (
    "What goes through you in that moment?",
    "What might the other side of the table see?",
    "What are you protecting when you keep it to yourself?",
    "How do you picture it three months from now?",
    "What do you know for sure, and what do you assume?",
    "What around you keeps it as it is?",
)


def rows() -> list[dict[str, Any]]:
    """The forty cases, in the order first turns, third turns, long ones."""
    lines = (DATA / "reflections_first.jsonl").read_text(encoding="utf-8").splitlines()
    screen = open_judges(read_settings()).screener.screen
    labelled = [row for row in map(json.loads, lines) if row["half"] == "tune" and row["situations"]]
    known = [row for row in labelled if not screen(row["text"]).flag]
    dice = random.Random(SEED)
    dice.shuffle(known)
    found = [_case(f"first-{n + 1:02d}", "typical", row["text"]) for n, row in enumerate(known[:FIRST])]
    for number, row in enumerate(known[FIRST : FIRST + THIRD], 1):
        family = row["situations"][0].split(".")[0]
        near = [one for one in known if one is not row and one["situations"][0].startswith(f"{family}.")]
        others = [one for one in known if one is not row and one not in near]
        earlier = [one["text"] for one in (*near, *others)[:2]]
        found.append(_case(f"third-{number:02d}", "typical", row["text"], earlier, dice.sample(ASKED, 6)))
    for number in range(1, LONG + 1):
        week = "\n\n".join(one["text"] for one in dice.sample(known, WEEK))
        if screen(week).flag:
            raise SystemExit(f"Week {number} is answered with a signpost: please take another seed.")
        found.append(_case(f"long-{number:02d}", "long", week))
    return found


def _case(key: str, length: str, text: str, earlier: Any = (), asked: Any = ()) -> dict[str, Any]:
    return {
        "id": key,
        "cluster": key,
        "length": length,
        "text": text,
        "earlier": list(earlier),
        "asked": list(asked),
    }


def main() -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows())
    (DATA / "cost.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
