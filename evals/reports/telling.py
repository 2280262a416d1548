"""The sentences of a report: what was found and why, what limits it, what it cannot show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from evals.model import Arm, Exit, Guard, Mode
from evals.records import ERROR, SKIPPED, Held, Manifest
from evals.results import RunResult, TaskResult

MODES = {
    Mode.EMBEDDED: "the built-in writer",
    Mode.STUB: "a test server that obeys prompts by rule",
    Mode.LLM: "a real model",
    Mode.REPLAY: "recorded answers of a real model",
}
GUARDS = {
    Guard.PRIMARY: "decides",
    Guard.PART: "counts",
    Guard.ZERO: "may never fail",
    Guard.BUDGET: "cost",
    Guard.SHOWN: "for information",
}
UNFINISHED = "not finished"
OUTCOMES = {"pass": "holds", "fail": "worse", "inconclusive": "open"}


def verdict(run: RunResult) -> str:
    """The verdict in two or three words."""
    if run.manifest.command == "run":
        told = {Exit.PASS: "Measured", Exit.REGRESSION: "Something failed that may never fail"}
        return told.get(run.exit, "Measured in part")
    if run.signed:
        return "Not decided, and signed off"
    return {Exit.PASS: "It holds", Exit.REGRESSION: "It got worse"}.get(run.exit, "Not decided")


def reason(run: RunResult) -> str:
    """Why, in a sentence: the worst reason of the worst part, and how many more there are."""
    if run.manifest.command == "run":
        return _measured(run)
    if run.signed:
        return run.notes[0]
    wanted = {Exit.REGRESSION: ("fail",), Exit.PASS: ("pass",)}.get(run.exit, ("inconclusive",))
    found = [
        (part, one)
        for part in run.parts
        if part.verdict and part.verdict.outcome in wanted
        for one in part.verdict.reasons
    ]
    if run.exit is Exit.PASS:
        return _held(run)
    if found:
        part, first = found[0]
        more = len(found) - 1
        rest = f" {more} more {'reason stands' if more == 1 else 'reasons stand'} below." if more else ""
        return f"{spoken(part)}: {first}{rest}"
    open_ones = [part for part in run.parts if part.verdict is None]
    if open_ones and not run.notes:
        return f"{spoken(open_ones[0])} was not finished."
    return run.notes[0] if run.notes else "There was nothing to judge."


def spoken(part: TaskResult) -> str:
    """A part's name for a heading: "Question quality, stub"."""
    return f"{part.task.name.replace('_', ' ').capitalize()}, {part.mode.value}"


def state(part: TaskResult) -> str:
    """What a part came to, in a word."""
    if not part.epochs:
        return UNFINISHED
    return OUTCOMES[part.verdict.outcome] if part.verdict else "measured"


def evidence(run: RunResult) -> str:
    """The line that a prompt's changelog carries: "stub+embedded", "llm:<model>"; of finished parts alone."""
    modes = {part.mode for part in run.parts if part.epochs}
    words = [mode.value for mode in (Mode.STUB, Mode.EMBEDDED) if mode in modes]
    words += [f"{mode.value}:{run.manifest.model}" for mode in (Mode.LLM, Mode.REPLAY) if mode in modes]
    return "+".join(words) or "none"


def looks(manifest: Manifest) -> str:
    """When the gate looks: "once", "1, 3 and 5 times"; what is exact is asked once."""
    stages = [str(one) for one in manifest.stages]
    if stages == ["1"]:
        return "once"
    return f"{' and '.join([', '.join(stages[:-1]), stages[-1]]) if len(stages) > 1 else stages[0]} times"


def prompts(manifest: Manifest, arm: Arm) -> str:
    """Where an arm's prompts came from, without folders of a machine."""
    note = manifest.arms[arm.value]
    if note.source.startswith("git:"):
        return note.source.removeprefix("git:") + (f" ({note.commit[:12]})" if note.commit else "")
    return "a folder" if note.source else "the working tree"


def limits(run: RunResult, held: Held) -> Iterator[str]:
    """What was lost, left out or cut short; nothing when the run is whole."""
    yield from run.notes
    for part in run.parts:
        name = spoken(part)
        if not part.epochs:
            yield f"{name}: not finished, so it has no figures."
        mine = [row for row in held.rows if (row.task, row.mode) == (part.task.name, part.mode.value)]
        lost = Counter(row.error or "unknown" for row in mine if row.status == ERROR)
        if lost:
            kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(lost.items()))
            yield f"{name}: {sum(lost.values())} of {len(mine)} results were lost to the machine ({kinds})."
        skipped = sum(row.status == SKIPPED for row in mine)
        if skipped:
            yield f"{name}: {skipped} of {len(mine)} results need a run with the real model."
        away = len(part.task.cases) - part.cases
        if part.epochs and away:
            yield f"{name}: {away} of {len(part.task.cases)} cases have no result in every arm."
    if run.manifest.dirty:
        yield "The code had changes that no commit holds: the commit alone does not repeat this run."


def unproven(run: RunResult) -> Iterator[str]:
    """What nobody may read into the figures."""
    manifest, modes = run.manifest, {part.mode for part in run.parts if part.epochs}
    yield "The scores are rules in code. A question can pass all of them and still leave a manager cold."
    if Mode.EMBEDDED in modes:
        yield (
            "Embedded mode has no language model. It shows what the built-in writer says, and nothing of how "
            "a model takes a prompt."
        )
    if Mode.STUB in modes:
        yield (
            "The test server obeys prompts by rule. It shows that a rule reaches the request and that the "
            "scorers miss it when it is gone, and not that a real model reacts in the same way."
        )
    if Mode.LLM in modes:
        yield f"One model answered, {manifest.model}, at one time. Another may take the words differently."
    if Mode.REPLAY in modes:
        yield "Recorded answers show what a model said then. It may say something else now."
    if len(manifest.arms) < 2:
        yield "There was no baseline: these are figures of one set of prompts, and no judgement of a change."
    else:
        yield (
            "What holds has not lost more than its margin. Smaller losses may be there: the column “finds” "
            "says from which size on this run would have seen one four times out of five."
        )
        yield "Only the tasks named here were run. What they do not look at may have changed."
    yield "All cases were made up for the suite. What members write may differ from them."


def _measured(run: RunResult) -> str:
    if run.exit is Exit.REGRESSION:
        return run.notes[0]
    if run.notes:
        return run.notes[0]
    if len(run.manifest.arms) < 2:
        return "One set of prompts was measured, with no baseline to hold it against."
    return "Both sets of prompts were measured; `coach eval gate` or `compare` gives the judgement."


def _held(run: RunResult) -> str:
    judged = [part for part in run.parts if part.verdict]
    names = ", ".join(spoken(part) for part in judged) or "Nothing"
    told = f"{names}: no gated figure lost more than its margin."
    if any(part.verdict and part.verdict.needs_approval for part in judged):
        told += " Texts differ, and a person has to read them before it is approved."
    return told
