"""Whether a run proves that a draft may take the place of the prompts in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from coach.adapters.prompt_lock import EMBEDDED
from coach.settings import Settings
from evals import provenance, tasks
from evals.conductor import check_same
from evals.model import Arm, Exit, Mode
from evals.pages.archive import Archive, Run, RunState
from evals.pages.progress import outline_of
from evals.pages.texts import PromptView, differing, tasks_for
from evals.pages.words import word
from evals.planning import ARMS
from evals.records import RECORD, InvalidRun

Views = Sequence[PromptView]
Parts = set[tuple[str, str]]  # (task, mode)


class Lack(StrEnum):
    """Why a draft has no proof; NONE when it has one."""

    NONE = "none"
    NO_RUN = "no_run"  # nobody judged this version against the one in force
    RUNNING = "running"
    LIMITED = "limited"  # the run left cases out
    REGRESSION = "regression"
    INCONCLUSIVE = "inconclusive"
    INVALID = "invalid"
    NARROW = "narrow"  # it left out tasks that concern what was changed
    STALE = "stale"  # the program, the cases or the scorers are not those of the run any more


@dataclass(frozen=True, slots=True)
class Proof:
    """What the runs say of a draft.

    Attributes:
        run: the run that proves it, or the newest one that does not; "" without any.
        needs_approval: it passes, and texts differ, which a person has to read.
        worse: how many cases are judged worse in it.
        changed: of a run that is STALE, sentences on what is not as it was, as far as that is known.
    """

    lack: Lack
    run: str = ""
    needs_approval: bool = False
    worse: int = 0
    changed: tuple[str, ...] = ()


def proof_of(candidate: Views, baseline: Views, archive: Archive, settings: Settings) -> Proof:
    """Look for a run of the candidate against the baseline that passes the whole gate.

    Args:
        candidate, baseline: the prompts of the draft and those in force.
        archive: all runs.
        settings: of this process, for the corpus in use.
    """
    sides = ((Arm.CANDIDATE, candidate), (Arm.BASELINE, baseline))
    wanted = {arm.value: {view.key: view.sha256 for view in views} for arm, views in sides}
    first: Proof | None = None
    for run in archive.ids():
        outline = outline_of(archive.folder / run / RECORD)
        if outline is None or {arm: _hashes(held) for arm, held in outline.prompts.items()} != wanted:
            continue
        found = archive.run(run)
        lack = _lack(found) or _deep_lack(found, required(candidate, baseline), archive, settings)
        if lack is None:
            return Proof(Lack.NONE, run, found.needs_approval, found.worse)
        changed = _changed(archive, run, settings) if lack is Lack.STALE and first is None else ()
        first = first or Proof(lack, run, changed=changed)
    return first or Proof(Lack.NO_RUN)


def required(candidate: Views, baseline: Views) -> Parts:
    """The tasks and modes that a change calls for: what a gate without options runs.

    A text of the embedded writer is judged in embedded mode, a prompt for a model by the stub.
    """
    found: Parts = set()
    for key in differing(baseline, candidate):
        mode = Mode.EMBEDDED if key.startswith(EMBEDDED) else Mode.STUB
        wanted = tasks_for(key, baseline, candidate)
        found |= {(task, mode.value) for task in wanted if mode in tasks.task(task).modes}
    return found


def _lack(run: Run) -> Lack | None:
    if run.state is RunState.RUNNING:
        return Lack.RUNNING
    if run.state is not RunState.FINISHED:
        return Lack.INVALID
    if run.exit is Exit.REGRESSION:
        return Lack.REGRESSION
    if run.limited:
        return Lack.LIMITED
    return None if run.exit is Exit.PASS else Lack.INCONCLUSIVE


def _deep_lack(run: Run, wanted: Parts, archive: Archive, settings: Settings) -> Lack | None:
    ran = set(run.tasks) | {(task, Mode.STUB.value) for task, mode in run.tasks if mode == Mode.LLM.value}
    if not wanted <= ran:
        return Lack.NARROW
    try:
        check_same(archive.result(run.id).manifest, archive.place(run.id), settings)
    except InvalidRun:
        return Lack.STALE
    return None


def _changed(archive: Archive, run: str, settings: Settings) -> tuple[str, ...]:
    """What `check_same` compares, in the words of these pages."""
    manifest, place = archive.result(run).manifest, archive.place(run)
    cases = [one.name for one in manifest.tasks if one.dataset_sha256 != provenance.dataset(one.dataset)]
    scorers = [one.name for one in manifest.tasks if one.scorer_sha256 != provenance.scorers(one.name)]
    found = [word("changed_program")] if manifest.program != provenance.program(settings.corpus) else []
    found += [word("changed_cases", names=_spoken(cases))] if cases else []
    found += [word("changed_scorers", names=_spoken(scorers))] if scorers else []
    if not all((place / ARMS / arm).is_dir() for arm in manifest.arms):
        found.append(word("gone_prompts"))
    if {Mode.LLM, Mode.REPLAY} & set(manifest.modes) and manifest.model != settings.model:
        found.append(word("changed_model"))
    return tuple(found)


def _spoken(names: Sequence[str]) -> str:
    return ", ".join(names).replace("_", " ")


def _hashes(prompts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {name: str(entry.get("sha256", "")) for name, entry in prompts.items()}
