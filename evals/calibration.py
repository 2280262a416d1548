"""Whether a judge has earned trust: its calibration file and the checks it has to pass.

A judge's scores are diagnostic until people have labelled enough cases without seeing its verdicts and
the judge agrees with them. The file belongs to one wording of the rubric and one judge; when either
changes it is stale.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from glob import escape
from itertools import combinations
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr, ValidationError

from coach.errors import UserError
from evals.corrected import Share, kappa

LEAST_CASES = 100  # per criterion; 200 are better
LEAST_KAPPA = 0.6  # between the two people: below it the criterion itself is unclear
LEAST_RATE = 0.8  # lower 95 % bounds of the judge's sensitivity and specificity
LEAST_CONSISTENCY = 0.9  # the judge asked twice


class Label(BaseModel):
    """One case under one criterion.

    Attributes:
        case, criterion: which.
        humans: the verdicts of the two people, given apart.
        agreed: what they agreed on where they differed; may be null where they did not.
        judge: its verdicts when asked again and again, two or more; null where it gave none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    case: StrictStr = Field(min_length=1)
    criterion: StrictStr = Field(min_length=1)
    humans: tuple[StrictBool, StrictBool]
    agreed: StrictBool | None = None
    judge: tuple[StrictBool | None, ...] = Field(min_length=2)

    @property
    def truth(self) -> bool | None:
        """What counts as right; None where two people differ and never settled it."""
        return self.humans[0] if self.humans[0] == self.humans[1] else self.agreed


class Calibration(BaseModel):
    """A calibration file.

    Attributes:
        rubric, rubric_sha256: which wording was judged.
        judge: the judge's id, "provider:model".
        blind: that the two people did not see the judge's verdicts.
        humans: who labelled; two different names or initials.
        labels: one per case and criterion.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rubric: StrictStr
    rubric_sha256: StrictStr
    judge: StrictStr
    blind: StrictBool
    humans: tuple[StrictStr, StrictStr]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class CriterionCheck:
    """How a judge did on one criterion.

    Attributes:
        cases: labelled.
        kappa: between the two people (Cohen 1960); NaN where they only ever gave one answer.
        agreement: share of cases on which the two people agree: the ceiling for any judge.
        sensitivity: of the cases that are truly so, how many the judge calls so.
        specificity: of the others, how many it calls not so.
        consistency: chance that two verdicts of the judge on one case are the same.
        problems: why it is not trusted; empty when it is.
    """

    criterion: str
    cases: int
    kappa: float
    agreement: Share
    sensitivity: Share
    specificity: Share
    consistency: float
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a judge's scores are worth under a rubric.

    Attributes:
        diagnostic: True: shown and never judged.
        reasons: why it is diagnostic; empty when it is not.
        checks: by criterion, from the file that fits; empty when there is none.
    """

    diagnostic: bool
    reasons: tuple[str, ...]
    checks: tuple[CriterionCheck, ...] = ()


def file_name(rubric: str, rubric_sha256: str, judge: str) -> str:
    """The file's name; what counts is what stands in it, since an id may hold signs that no name may."""
    return f"{rubric}@{rubric_sha256[:12]}.{re.sub(r'[^A-Za-z0-9.-]+', '-', judge)}.json"


def read_calibration(file: Path) -> Calibration:
    """Read a calibration file.

    Raises:
        UserError: it cannot be read or is not of the agreed form; the message names the place.
    """
    try:
        return Calibration.model_validate(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as fault:
        raise UserError(f"{file.name} cannot be read ({type(fault).__name__}).") from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UserError(f"{file.name}: {place or 'the file'}: {first['msg']}.") from fault
    except ValueError as fault:
        raise UserError(f"{file.name} is not JSON: {fault}.") from fault


def standing(folder: Path, rubric: str, rubric_sha256: str, judge: str) -> Standing:
    """What this judge's scores are worth under this wording of the rubric.

    Args:
        folder: with calibration files; may be missing.
        rubric, rubric_sha256, judge: as they are now.

    Raises:
        UserError: a file of this rubric is not of the agreed form.
    """
    found = [read_calibration(file) for file in sorted(folder.glob(f"{escape(rubric)}@*.json"))]
    now = (rubric, rubric_sha256, judge)
    fitting = [one for one in found if (one.rubric, one.rubric_sha256, one.judge) == now]
    if not fitting:
        return Standing(True, (_why_none(found, rubric_sha256, judge),))
    if len(fitting) > 1:
        return Standing(True, ("Two calibration files claim this rubric and judge: please keep one.",))
    problems, checks = check(fitting[0])
    reasons = (*problems, *(f"{one.criterion}: {text}" for one in checks for text in one.problems))
    return Standing(bool(reasons), reasons, checks)


def _why_none(found: Sequence[Calibration], rubric_sha256: str, judge: str) -> str:
    if any(one.judge == judge for one in found):
        return "The calibration is stale: the rubric's wording changed since."
    if any(one.rubric_sha256 == rubric_sha256 for one in found):
        return f"The calibration is stale: it was made with another judge than {judge}."
    return "There is no calibration file for this rubric and judge."


def check(calibration: Calibration) -> tuple[tuple[str, ...], tuple[CriterionCheck, ...]]:
    """Hold a calibration against the limits above.

    Returns:
        Problems of the whole file, and one check per criterion in the order of their names.
    """
    problems = []
    if not calibration.blind:
        problems.append("The people saw the judge's verdicts; labels have to be given blind.")
    if calibration.humans[0].strip().casefold() == calibration.humans[1].strip().casefold():
        problems.append("Two different people have to label.")
    by_criterion: dict[str, list[Label]] = {}
    for label in calibration.labels:
        by_criterion.setdefault(label.criterion, []).append(label)
    if not by_criterion:
        problems.append("It holds no label.")
    return tuple(problems), tuple(_criterion(name, by_criterion[name]) for name in sorted(by_criterion))


def _criterion(name: str, labels: Sequence[Label]) -> CriterionCheck:
    cases = len({label.case for label in labels})
    agreement = kappa([label.humans for label in labels])
    true = [label for label in labels if label.truth is True]
    false = [label for label in labels if label.truth is False]
    found = CriterionCheck(
        name,
        cases,
        agreement,
        Share(sum(label.humans[0] == label.humans[1] for label in labels), len(labels)),
        Share(sum(label.judge[0] is True for label in true), len(true)),
        Share(sum(label.judge[0] is False for label in false), len(false)),
        _consistency(labels),
        (),
    )
    unsettled = len(labels) - len(true) - len(false)
    return replace(found, problems=_problems(found, len(labels) - cases, unsettled))


def _problems(found: CriterionCheck, double: int, unsettled: int) -> tuple[str, ...]:
    said = []
    if double:
        said.append(f"{double} labels name a case a second time.")
    if unsettled:
        said.append(f"the two people differ on {unsettled} cases and have not settled them.")
    if found.cases < LEAST_CASES:
        said.append(f"{found.cases} cases are labelled, at least {LEAST_CASES} are needed.")
    if not found.kappa >= LEAST_KAPPA:  # NaN too: people who only ever gave one answer show nothing
        said.append(f"kappa between the two people is {found.kappa:.2f}, at least {LEAST_KAPPA} is needed.")
    for what, share in (("sensitivity", found.sensitivity), ("specificity", found.specificity)):
        if share.lower < LEAST_RATE:
            said.append(
                f"{what} is {share.hits} of {share.n}, surely only {share.lower:.2f}; "
                f"at least {LEAST_RATE} is needed."
            )
    if found.consistency < LEAST_CONSISTENCY:
        said.append(f"it repeats itself in {found.consistency:.2f}, at least {LEAST_CONSISTENCY} is needed.")
    return tuple(said)


def _consistency(labels: Sequence[Label]) -> float:
    """Mean over the cases of the share of pairs of verdicts that agree; no verdict agrees with nothing."""
    shares = []
    for label in labels:
        pairs = list(combinations(label.judge, 2))
        shares.append(sum(a is not None and a == b for a, b in pairs) / len(pairs))
    return math.fsum(shares) / len(shares)
