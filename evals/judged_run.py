"""A judge over the texts of a run: what it says is kept beside the record, and nothing is asked twice.

Nothing of this is part of a verdict. Its figures stand beside the gate's, and say of themselves what they are
worth: see evals/calibration.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr, ValidationError

from coach.errors import UserError
from evals import tasks
from evals.calibration import CriterionCheck, Standing
from evals.corrected import Corrected, corrected_rate
from evals.judging import Criterion, Judge, Rubric
from evals.records import OK, Held
from evals.statistics import Interval, wilson

FILE = "judged.jsonl"
RUBRIC = Path(__file__).parent / "data" / "judge_rubric.yaml"
TASK = "question_quality"  # whose texts are a mirror and its questions


class _Criterion(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: StrictStr = Field(pattern=r"[a-z][a-z_]*")
    question: StrictStr = Field(min_length=10)
    yes_is_good: StrictBool = True


class _Rubric(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: StrictStr = Field(pattern=r"[a-z][a-z-]*")
    criteria: list[_Criterion] = Field(min_length=1)


def read_rubric(file: Path = RUBRIC) -> Rubric:
    """A rubric from YAML: a name, and criteria with name, question and yes_is_good.

    Raises:
        UserError: it cannot be read or is not of that form; the message names the place.
    """
    try:
        found = _Rubric.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UserError(f"{file.name}: {place or 'the file'}: {first['msg']}.") from fault
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise UserError(f"{file.name} cannot be read ({type(fault).__name__}).") from fault
    return Rubric(
        found.name, tuple(Criterion(one.name, one.question, one.yes_is_good) for one in found.criteria)
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """One text under one criterion. `rubric` and `judge` tell by what and by whom it was judged."""

    mode: str
    case: str
    arm: str
    criterion: str
    rubric: str
    judge: str


@dataclass(frozen=True, slots=True)
class Item:
    """A text of the run and the reflection it answers."""

    mode: str
    case: str
    arm: str
    text: str
    reflection: str


def items(held: Held, most: int) -> list[Item]:
    """First runs of the cases, spread over the set; both arms of a case, or none.

    Args:
        held: a run with question_quality in it.
        most: cases of each mode.

    Raises:
        UserError: the run has no such texts.
    """
    reflections = {one.id: str(one.input["text"]) for one in tasks.task(TASK).samples()}
    found: dict[tuple[str, str], list[Item]] = {}
    for row in held.rows:
        said = row.task == TASK and row.epoch == 1 and row.status == OK and not row.text.startswith("(")
        if said and row.case in reflections:
            item = Item(row.mode, row.case, row.arm, row.text, reflections[row.case])
            found.setdefault((row.mode, row.case), []).append(item)
    whole = [some for _, some in sorted(found.items()) if len(some) == len(held.manifest.arms)]
    if not whole:
        raise UserError(f"This run has no texts of {TASK}.", f"Please run it with --task {TASK}.")
    if len(whole) > most:
        whole = [whole[place * len(whole) // most] for place in range(most)]
    return [item for some in whole for item in some]


class Verdicts:
    """What the judge said, in a file beside the record; a torn last line is passed over."""

    def __init__(self, folder: Path, rubric: Rubric, judge: str) -> None:
        self.file = folder / FILE
        self._rubric = rubric
        self._judge = judge
        self._end = ""
        self.known: dict[Asked, bool | None] = dict(self._read())

    def open(self, wanted: Iterable[Item]) -> list[tuple[Item, Criterion]]:
        """What is still to be asked."""
        return [
            (item, one)
            for item in wanted
            for one in self._rubric.criteria
            if self._key(item, one) not in self.known
        ]

    def ask(self, judge: Judge, item: Item, criterion: Criterion) -> None:
        """Ask and keep.

        Raises:
            InfrastructureFault: the judge's server failed; what was kept stands.
        """
        single = Rubric(self._rubric.name, (criterion,))
        (verdict,) = judge.verdicts(single, item.text, {"reflection": item.reflection})
        key = self._key(item, criterion)
        line = {**asdict(key), "yes": verdict.yes, "evidence": verdict.evidence, "problem": verdict.problem}
        with self.file.open("a", encoding="utf-8") as out:
            out.write(f"{self._end}{json.dumps(line, ensure_ascii=False)}\n")
        self._end = ""
        self.known[key] = verdict.yes

    def of(self, wanted: Iterable[Item]) -> dict[tuple[str, str, str], list[bool]]:
        """Verdicts by mode, arm and criterion; where the judge gave none, there is none."""
        found: dict[tuple[str, str, str], list[bool]] = {}
        for item in wanted:
            for one in self._rubric.criteria:
                yes = self.known.get(self._key(item, one))
                if yes is not None:
                    found.setdefault((item.mode, item.arm, one.name), []).append(yes)
        return found

    def _key(self, item: Item, criterion: Criterion) -> Asked:
        return Asked(item.mode, item.case, item.arm, criterion.name, self._rubric.sha256, self._judge)

    def _read(self) -> Iterator[tuple[Asked, bool | None]]:
        whole = self.file.read_text(encoding="utf-8") if self.file.exists() else ""
        self._end = "" if whole.endswith("\n") or not whole else "\n"  # behind a torn line
        for line in whole.splitlines():
            try:
                found = json.loads(line)
                key = Asked(**{name: found[name] for name in Asked.__slots__})
            except (ValueError, KeyError, TypeError):
                continue
            yield key, found.get("yes")


@dataclass(frozen=True, slots=True)
class Figure:
    """One criterion in one arm.

    Attributes:
        good: share of verdicts that speak for the text, with Wilson's interval.
        corrected: freed from the judge's known errors; None while it is diagnostic.
    """

    mode: str
    arm: str
    criterion: str
    n: int
    good: float
    interval: Interval
    corrected: Corrected | None


def figures(
    rubric: Rubric, verdicts: Mapping[tuple[str, str, str], Sequence[bool]], standing: Standing
) -> list[Figure]:
    """The judge's rates, one line a mode, criterion and arm."""
    checks = {} if standing.diagnostic else {one.criterion: one for one in standing.checks}
    good_is = {one.name: one.yes_is_good for one in rubric.criteria}
    found = []
    for (mode, arm, name), said in sorted(
        verdicts.items(), key=lambda one: (one[0][0], one[0][2], one[0][1])
    ):
        good = sum(yes == good_is[name] for yes in said)
        right = _corrected(said, good_is[name], checks.get(name))
        found.append(Figure(mode, arm, name, len(said), good / len(said), wilson(good, len(said)), right))
    return found


def _corrected(said: Sequence[bool], yes_is_good: bool, check: CriterionCheck | None) -> Corrected | None:
    if check is None:
        return None
    try:
        yes = corrected_rate(sum(said), len(said), check.sensitivity, check.specificity)
    except ValueError:
        return None
    if yes_is_good:
        return yes
    return Corrected(1 - yes.rate, (1 - yes.interval[1], 1 - yes.interval[0]))


def told(found: Sequence[Figure], standing: Standing, place: str) -> list[str]:
    """The figures and what they are worth, as lines for a terminal.

    Args:
        place: where the calibration file would lie.
    """
    lines = [f"{'':<10}{'criterion':<14}{'arm':<11}{'cases':>6}{'good':>8}  {'95 %':<16}corrected"]
    for one in found:
        low, high = one.interval
        right = one.corrected
        freed = f"{right.rate:.3f}  {right.interval[0]:.3f} to {right.interval[1]:.3f}" if right else "-"
        interval = f"{low:.3f} to {high:.3f}"
        lines.append(
            f"{one.mode:<10}{one.criterion:<14}{one.arm:<11}{one.n:>6}{one.good:>8.3f}  {interval:<16}{freed}"
        )
    if not standing.diagnostic:
        return [*lines, "This judge is calibrated for this rubric."]
    return [
        *lines,
        "These figures are diagnostic: they decide nothing, and no gate reads them.",
        *(f"- {reason}" for reason in standing.reasons),
        f"A calibration belongs into {place}",
    ]


def ask_all(
    verdicts: Verdicts, judge: Judge, wanted: Sequence[Item], progress: Callable[[int, int], None]
) -> None:
    """Ask what is still open, one after the other.

    Raises:
        InfrastructureFault: the judge's server failed; what was kept stands.
    """
    open_ = verdicts.open(wanted)
    progress(0, len(open_))
    for done, (item, criterion) in enumerate(open_, 1):
        verdicts.ask(judge, item, criterion)
        progress(done, len(open_))
