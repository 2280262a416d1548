"""Two runs of one arm each as one run of two arms."""

from __future__ import annotations

from dataclasses import replace

from coach.errors import Sentence
from evals.model import Arm
from evals.records import Held, InvalidRun, Manifest, Row


def merged(first: Held, second: Held) -> Held:
    """The candidate of the first run as baseline, that of the second as candidate.

    Raises:
        InvalidRun: tasks, modes, cases, metrics or scorers are not the same: what differs would not be
            the prompt.
    """
    one, other = first.manifest, second.manifest
    faults = _differences(one, other)
    if faults:
        raise InvalidRun(faults, "Only runs of the same cases by the same scorers can be compared.")
    arms = {
        Arm.BASELINE.value: one.arms[Arm.CANDIDATE.value],
        Arm.CANDIDATE.value: other.arms[Arm.CANDIDATE.value],
    }
    done = {key: min(epochs, second.done.get(key, 0)) for key, epochs in first.done.items()}
    rows = [*_of(first, Arm.BASELINE), *_of(second, Arm.CANDIDATE)]
    end = first.end if first.end != "complete" else second.end
    return Held(replace(other, arms=arms, limited=one.limited or other.limited), tuple(rows), done, end)


def _of(held: Held, arm: Arm) -> list[Row]:
    return [replace(row, arm=arm.value) for row in held.rows if row.arm == Arm.CANDIDATE]


def _differences(one: Manifest, other: Manifest) -> list[str]:
    names = [task.name for task in one.tasks]
    if names != [task.name for task in other.tasks]:
        return ["The two runs have not the same tasks."]
    faults: list[str] = []
    for name in names:
        left, right = one.task(name), other.task(name)
        odd = sorted({case.id for case in left.cases} ^ {case.id for case in right.cases})
        if odd:
            told = "{task}: {count} cases are in one run only, e.g. {case}."
            faults.append(Sentence(told, task=name, count=len(odd), case=odd[0]))
        if left.modes != right.modes:
            faults.append(Sentence("{task} ran in other modes.", task=name))
        if left.metrics != right.metrics or left.scorer_sha256 != right.scorer_sha256:
            faults.append(Sentence("{task} was scored by other scorers.", task=name))
        if left.dataset_sha256 != right.dataset_sha256:
            faults.append(Sentence("The cases of {task} changed between the runs.", task=name))
    if one.model != other.model:
        faults.append(
            Sentence(
                "The models differ: {first} and {second}.",
                first=one.model or "none",
                second=other.model or "none",
            )
        )
    if one.program != other.program:
        faults.append("The program differs, so a difference would not be the prompt's.")
    return faults
