"""Confidentiality: what was planted in a reflection is looked for wherever it could come out.

Canaries are planted in hand-written reflections (scripts/make_confidentiality_cases.py) and looked for in the
requests that arrive at the model's server and in the logs. The last cases are scenes with two members and two
groups over a store of their own. What docs/redaction.md promises is held to zero: everybody on the roster in
any form, and addresses and numbers. Initials, unlisted nicknames, dates, code names and rare titles are
promised by nobody: their rates are shown, by class, in the slices of the primary metric.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from coach.services.reflect import History
from evals.model import Guard, Json, Metric, Mode, Output, Sample, Score, System, Task
from evals.scorers.canaries import left, named, over_redacted, sent_words, words
from evals.scorers.listening import listening
from evals.scorers.neighbours import Seen, another_group, another_member

DATA = Path(__file__).parent.parent / "data" / "confidentiality.jsonl"
PATTERNS = ("email", "phone", "iban")
UNPROMISED = ("unlisted nickname", "initials", "date", "code name", "title")
RUN = 6  # words of a reflection in a row: so many in a log are no chance
_PLACEHOLDER = re.compile(r"\[[A-Z][a-z]+ \d+\]")


def task() -> Task:
    """The family as a task."""
    zero = ("name", "pattern", "foreign", "logged", "placeholder")
    shown = tuple(one.replace(" ", "_") for one in UNPROMISED)
    return Task(
        name="confidentiality",
        # Nothing leaves in embedded mode.
        modes=frozenset({Mode.STUB, Mode.LLM, Mode.REPLAY}),
        metrics=(
            Metric("kept", Guard.PRIMARY),
            *(Metric(name, Guard.ZERO, higher_is_better=False) for name in zero),
            *(Metric(name, Guard.SHOWN, higher_is_better=False) for name in shown),
            Metric("over_redacted", Guard.SHOWN, higher_is_better=False),
            Metric("sent", Guard.SHOWN),
        ),
        dataset=DATA.name,
        samples=samples,
        solve=solve,
        score=score,
    )


def samples(file: Path = DATA) -> list[Sample]:
    """The cases, one a line: a reflection with names and canaries, or a scene."""
    rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return [
        Sample(
            id=row["id"],
            cluster=row["cluster"],
            input={
                key: row.get(key, "" if key == "text" else [])
                for key in ("text", "names", "earlier", "mirrors", "asked", "scene")
            },
            target={"class": row["class"], "canaries": row.get("canaries", [])},
            slices={
                "class": row["class"],
                "promised": "no" if row["class"] in UNPROMISED else "yes",
                "conversation": "goes on" if row.get("earlier") else "begins",
            },
            must_pass=bool(row.get("must_pass", False)),
        )
        for row in rows
    ]


def solve(system: System, sample: Sample, epoch: int) -> Output:
    """One turn, or one scene, with the logs heard."""
    with listening() as lines:
        if sample.input["scene"]:
            scene = another_group if sample.target["class"] == "another group" else another_member
            value = _scene_value(scene(system, sample.input["scene"]))
        else:
            value = _turn_value(system, sample, epoch)
    told = {**value, "logged": _logged(lines, sample)}
    return Output(told, _as_text(told))


def score(sample: Sample, output: Output) -> Mapping[str, Score]:
    """A metric is 1 where something of its class came out."""
    found = output.value
    kind = str(sample.target["class"])
    planted = list(found["planted"])
    name = list(found["roster"]) + (planted if kind not in (*PATTERNS, *UNPROMISED) else [])
    pattern = planted if kind in PATTERNS else []
    foreign = [*found["foreign"], *(f"not proved: {one}" for one in found["unproved"])]
    zero = {
        "name": name,
        "pattern": pattern,
        "foreign": foreign,
        "logged": found["logged"],
        "placeholder": found["placeholders"],
    }
    scores = {key: _leak(value) for key, value in zero.items()}
    for one in UNPROMISED:
        scores[one.replace(" ", "_")] = _leak(planted if kind == one else [])
    out = [*(one for value in zero.values() for one in value), *planted]
    scores["kept"] = Score(float(not out), ", ".join(map(str, out)))
    scores["over_redacted"] = Score(float(found["over_redacted"]))
    scores["sent"] = Score(float(found["requests"] > 0))
    return scores


def _turn_value(system: System, sample: Sample, epoch: int) -> dict[str, object]:
    text, names = str(sample.input["text"]), [str(one) for one in sample.input["names"]]
    earlier, mirrors, asked = (
        tuple(str(one) for one in sample.input[key]) for key in ("earlier", "mirrors", "asked")
    )
    history = History(texts=earlier, asked=asked, mirrors=mirrors, turns=len(earlier))
    turn = system.turn(sample, epoch, text, history, names)
    bodies = system.requests(sample, epoch)
    sent = "\n".join(sent_words(body) for body in bodies)
    canaries = [(str(one["class"]), str(one["text"])) for one in sample.target["canaries"]]
    spared = [*names, *(canary for _, canary in canaries)]
    shown = "\n".join((turn.mirror, *(question.text for question in turn.questions)))
    return {
        "planted": [canary for kind, canary in canaries if left(kind, canary, sent)],
        "roster": named(names, sent),
        "foreign": [],
        "unproved": [],
        "placeholders": _PLACEHOLDER.findall(shown),
        "requests": len(bodies),
        "over_redacted": round(over_redacted(text, spared, bodies[0]), 4) if bodies else 0.0,
        "shown": shown,
    }


def _scene_value(seen: Seen) -> dict[str, object]:
    return {
        "planted": [],
        "roster": [],
        "foreign": list(seen.leaks),
        "unproved": list(seen.unproved),
        "placeholders": [],
        "requests": 0,
        "over_redacted": 0.0,
        "shown": "",
    }


def _logged(lines: Sequence[str], sample: Sample) -> list[str]:
    """Canaries of any class, names, and runs of the text in the logs: no log may hold any of it."""
    log = "\n".join(lines)
    if not log:
        return []
    scene: Sequence[Json] = sample.input["scene"]
    planted = [(str(one["class"]), str(one["text"])) for one in sample.target["canaries"]]
    planted += [("title", str(canary)) for one in scene for canary in one["canaries"]]
    found = [canary for kind, canary in planted if left(kind, canary, log)]
    found += named([str(one) for one in sample.input["names"]], log)
    there = f" {' '.join(words(log))} "
    for text in (str(sample.input["text"]), *(str(one["near"]) for one in scene)):
        own = words(text)
        runs = (" ".join(own[at : at + RUN]) for at in range(len(own) - RUN + 1))
        found += [run for run in runs if f" {run} " in there][:1]
    return found


def _leak(found: Sequence[object]) -> Score:
    return Score(float(bool(found)), ", ".join(map(str, found)))


def _as_text(told: Mapping[str, object]) -> str:
    """What came out, and what was shown."""
    keys = ("planted", "roster", "foreign", "unproved", "logged", "placeholders")
    out = [f"{key}: {told[key]}" for key in keys if told[key]]
    return "\n".join([*(out or ["(nothing came out)"]), str(told["shown"])]).strip()
