"""Make the cases of the robustness family: every fault of a model's provider against ten reflections.

    python scripts/make_robustness_cases.py            # writes evals/data/robustness.jsonl
    python scripts/make_robustness_cases.py --check    # says whether the file is what this script would write

A fault comes in several modes of the stub server, dealt round over the reflections. `notes` are the
reasons that the turn may give for it; an empty one means that the model's own answer may stand.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

OUT = Path(__file__).resolve().parent.parent / "evals" / "data" / "robustness.jsonl"
DEADLINE = 2.0  # seconds, the shortest that the settings take
LONGER: Mapping[str, float] = MappingProxyType({"slow-closed": 3.0})  # leaves time for the second call

LATE, REFUSED, GARBLED = ["writer.timeout"], ["writer.refused"], ["writer.garbled"]
# The stub answers by rule, and what it says may miss the rubric on one text or another.
ANSWERED, GATE = ["", "writer.gate"], ["writer.gate"]

# fault -> its modes, with how many of the ten reflections each gets and what the turn may say
FAULTS: Mapping[str, list[tuple[str, int, list[str]]]] = MappingProxyType(
    {
        "connection refused": [("refused", 10, REFUSED)],
        "connection reset": [("reset", 5, REFUSED), ("reset-once", 5, ANSWERED)],
        "no answer": [("hang", 5, LATE), ("slow-closed", 5, LATE)],
        "slow drip": [("drip", 10, LATE)],
        "429": [
            ("429-short", 3, ANSWERED),
            ("429-always", 3, REFUSED),
            ("429-long", 2, REFUSED),
            ("429-date", 2, REFUSED),
        ],
        "500": [
            ("500", 3, REFUSED),
            ("500-once", 2, ANSWERED),
            ("503-once", 2, ANSWERED),
            ("flaky-closed", 3, REFUSED),
        ],
        "truncated": [("truncated", 5, GARBLED), ("length", 3, GARBLED), ("length-whole", 2, GARBLED)],
        "wrong schema": [
            ("wrong-schema", 4, GARBLED),
            ("wrong-lens", 3, GARBLED),
            ("two-questions", 3, GARBLED),
        ],
        "empty": [("empty", 4, GARBLED), ("no-choices", 3, GARBLED), ("error-200", 3, GARBLED)],
        "prose around": [("prose", 7, GARBLED), ("fenced", 3, ANSWERED)],
        "refusal": [("refusal", 6, GARBLED), ("filtered", 4, GARBLED)],
        "tool call": [("tool-call", 10, GARBLED)],
        "wrong language": [("foreign", 10, GATE)],
        "100 kB": [("huge", 10, GARBLED)],
        "invisible characters": [("invisible", 10, ANSWERED)],
        "repeated token": [("repeated", 10, GARBLED)],
        "missing fields": [("no-usage", 6, ANSWERED), ("no-finish", 4, GARBLED)],
        "HTML": [("html", 10, GARBLED)],
        "cut in the middle": [("cut", 10, REFUSED)],
        "wrong model": [
            ("404", 4, REFUSED),
            ("401", 3, REFUSED),
            ("echo", 2, REFUSED),
            ("no-temperature", 1, ANSWERED),
        ],
    }
)

# id, names the writer keeps on the roster, the reflection
REFLECTIONS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "handover",
        ("Jelena Marsh",),
        "I handed the tender to Jelena on Monday and took it back on Wednesday. Nothing was wrong "
        "with it. I told her the client had moved the date, which is not true. She said fine and "
        "cleared her afternoon, and I have been polishing two paragraphs ever since.",
    ),
    (
        "quiet-round",
        (),
        "Every Tuesday I ask the round what is in their way and every Tuesday nine people look at "
        "the table. After the meeting two of them stop me by the lift and tell me everything. I "
        "thank them. I never ask why it needs a lift.",
    ),
    (
        "stock-room",
        ("Bayo",),
        'The night count was wrong again, 340 pieces. Bayo says the scanner. I said "I believe you" '
        "and then I went down alone after closing and counted the shelf a second time. He will see "
        "it in the log. I want to be somebody who trusts people and I keep a torch in my drawer.",
    ),
    (
        "two-chairs",
        (),
        "my deputy and the head nurse have not shared a table since the spring. i know what each of "
        "them says about the other because they both tell me, one before lunch and one after. i "
        "carry it back and forth and call it keeping the peace. today the student asked me who "
        "decides here and i had no answer",
    ),
    (
        "raise",
        ("Ottilie Brandt", "Sev"),
        "Ottilie asked for the raise I had promised to fight for. I said the budget was closed. It "
        "is closed, but I did not fight. I had a list with her name and Sev's, and when my director "
        "sighed I put it back in the folder. She thanked me for trying.",
    ),
    (
        "new-boss",
        (),
        "Three weeks with the new director. He answers my mails with one word. On Thursday he "
        "changed the plan for the ward in front of my own people and I nodded as if we had spoken "
        "before. On the way to the car I explained it to the team as if it were my idea. I do not "
        "recognise myself in this.",
    ),
    (
        "friday-list",
        ("Marek",),
        "What I wanted from this week:\n"
        "- give Marek the route planning\n"
        "- leave at five twice\n"
        "- not answer in the evening\n\n"
        "What happened: I planned the routes, I left at seven, and at eleven last night I wrote to "
        "him about a lorry that leaves on Monday. He answered at once. That is the part that bothers "
        "me.",
    ),
    (
        "second-language",
        (),
        "In this company all important talks are in English and mine is from the school. In the "
        "meeting I understand all, but when I have my sentence ready they are already at the next "
        "point. My team thinks I agree with everything. Yesterday they got the bad shifts for the "
        "summer, and I was sitting there and I said nothing against.",
    ),
    (
        "best-one",
        ("Halima",),
        "Halima was the one who stayed late, who knew the machines, who made the others laugh. Since "
        "March she does what is on the sheet and goes home at four. I noticed it weeks ago. I told "
        "myself it is spring, then that it is her children. I gave the team lead post to somebody "
        "else in March. I have not put those two things in one sentence until now.",
    ),
    (
        "complaint",
        (),
        "A guest complained about the reception and I apologised before I had asked the girl at the "
        "desk what happened. Later I heard her version and it was quite another story. I told her "
        "not to worry. I did not tell her that I had already put her name in the report, and the "
        "report went up at noon. I like to think that I stand in front of my people.",
    ),
)


def rows() -> list[dict[str, Any]]:
    """The 200 cases, fault by fault."""
    found = []
    for place, (fault, modes) in enumerate(FAULTS.items()):
        dealt = [(mode, notes) for mode, count, notes in modes for _ in range(count)]
        if len(dealt) != len(REFLECTIONS):
            raise SystemExit(f"{fault} has {len(dealt)} cases for {len(REFLECTIONS)} reflections.")
        for number, (name, names, text) in enumerate(REFLECTIONS):
            # Shifted by the fault's place, so that the first mode of a fault is not always the same text's.
            mode, notes = dealt[(number + place) % len(dealt)]
            found.append(
                {
                    "id": f"f{place + 1:02d}-{name}",
                    "cluster": name,
                    "fault": fault,
                    "mode": mode,
                    "deadline": LONGER.get(mode, DEADLINE),
                    "notes": notes,
                    "names": list(names),
                    "text": text,
                }
            )
    return found


def lines() -> str:
    """The whole file."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        OUT.write_text(lines(), encoding="utf-8")
    elif OUT.read_text(encoding="utf-8") != lines():
        sys.exit("evals/data/robustness.jsonl is not what this script makes.")


if __name__ == "__main__":
    main()
