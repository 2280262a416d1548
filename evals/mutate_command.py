"""`coach eval mutate`: does the suite see a spoilt prompt, and does it let a reworded one pass?"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evals.model import Exit
from evals.mutants import Kind
from evals.run_commands import Answers, Asking, Budget, Parallel, PerMinute, PriceIn, PriceOut, Yes, bar, say

if TYPE_CHECKING:
    from coach.settings import Settings
    from evals.first_proposals import Prepared, Propose
    from evals.mutants import Mutant
    from evals.mutating import Ask, Result

A_A = 20  # runs of the baseline against itself
FEW_CASES, FEW_EACH = 24, 6  # with a real model, where nobody asks for more

Sized = Annotated[
    int | None, typer.Option(min=10, help=f"Only so many cases; with --model {FEW_CASES}, else all.")
]
Each = Annotated[
    int | None,
    typer.Option(
        min=1,
        help=f"Only so many mutants of a kind, spread over the prompt; with --model {FEW_EACH}, else all.",
    ),
]


@dataclass(frozen=True, slots=True)
class Paid:
    """The options of a run with a real model.

    Attributes:
        asking: shows the cost and asks.
        budget: tokens that may be paid.
        answers: recorded answers; None for those beside the run.
    """

    asking: Asking
    budget: int | None
    answers: Path | None
    parallel: int | None
    per_minute: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is put before whom.

    Attributes:
        text, file: of the prompt.
        every: all its mutants; asks: those that are wanted, each with a seed.
        limit: of the cases; None for all.
        paid: None where the stub answers.
    """

    text: str
    file: str
    every: Sequence[Mutant]
    asks: Sequence[Ask]
    limit: int | None
    paid: Paid | None


def mutate(
    limit: Sized = None,
    seeds: Annotated[
        int, typer.Option(min=1, max=200, help="Runs of each mutant, each with a chance of its own.")
    ] = 1,
    only: Annotated[
        list[Kind] | None, typer.Option(help="strong, hedged, harmless or aa; repeatable.")
    ] = None,
    each: Each = None,
    out: Annotated[
        Path | None, typer.Option(help="The folder of the run; given again, it goes on there.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    model: Annotated[
        bool,
        typer.Option("--model", help="Ask the chat model of the settings and not the stub; it costs tokens."),
    ] = False,
    yes: Yes = False,
    price_in: PriceIn = None,
    price_out: PriceOut = None,
    budget: Budget = None,
    answers: Answers = None,
    parallel: Parallel = None,
    per_minute: PerMinute = None,
) -> None:
    """Spoil the prompt in every way that is known, and see whether the gate notices.

    Ends with 0 when every target is met, 1 when one is not. With --model a missed target may be the model's
    doing, so it ends with 2, as it does when the budget stopped it.

    Example: coach eval mutate --only strong --limit 60
    """
    from coach.adapters.langchain_writer import PROMPT
    from coach.bundled import bundled
    from coach.settings import quiet_libraries, read_settings

    quiet_libraries()
    settings = read_settings()
    given = (yes or None, price_in, price_out, budget, answers, parallel, per_minute)
    _check(settings, model, any(one is not None for one in given))
    text = ((settings.prompts or bundled("prompts")) / PROMPT).read_text(encoding="utf-8")
    if model:
        limit, each = limit or FEW_CASES, each or FEW_EACH
    every = _every(text)
    wanted = [one for kind in only or tuple(Kind) for one in _spread(every, kind, each)]
    paid = Paid(Asking(yes, price_in, price_out), budget, answers, parallel, per_minute) if model else None
    asks = [(one, seed) for seed in range(seeds) for one in wanted]
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    folder = out or settings.home / "evals" / f"{moment}-mutate"
    _show(settings, Plan(text, PROMPT, every, asks, limit, paid), folder, as_json)


def _show(settings: Settings, plan: Plan, folder: Path, as_json: bool) -> None:
    """Run the plan, print the table, and leave with its exit code."""
    from evals import provenance
    from evals.mutant_report import Answerer, report
    from evals.mutant_report import as_json as in_json
    from evals.mutants import reasons
    from evals.mutating import surprises, table

    equivalent = reasons()
    results, cases = _results(settings, plan, folder)
    rows, odd = table(results, equivalent), surprises(results, equivalent)
    by, left = None, len(plan.asks) - len(results)
    if plan.paid:
        by = Answerer(settings.model, provenance.host(settings.model_base_url), cases, left)
    if as_json:
        from coach.commands.inputs import say_json

        say_json(in_json(rows, odd, by))
    else:
        for line in report(rows, odd, equivalent, by):
            typer.echo(line)
    missed = Exit.INCONCLUSIVE if plan.paid else Exit.REGRESSION
    whole = Exit.PASS if all(row.met for row in rows) else missed
    raise typer.Exit(int(Exit.INCONCLUSIVE if left else whole))


def _check(settings: Settings, model: bool, paid: bool) -> None:
    from coach.errors import UserError

    if model and not settings.model:
        raise UserError("No language model is set: please set COACH_MODEL, and its key or address.")
    if paid and not model:
        raise UserError("Costs, answers and speed are a matter of a real model.", "Please add --model.")


def _every(text: str) -> list[Mutant]:
    from coach.errors import UserError
    from evals.mutants import again, mutants

    try:
        return [*mutants(text), *again(text, A_A)]
    except ValueError as fault:
        raise UserError(str(fault), "Please word it anew in evals/data/rewordings.yaml.") from None


def _spread(every: Sequence[Mutant], kind: Kind, most: int | None) -> list[Mutant]:
    """At most so many of a kind, from the whole of the prompt and not from its beginning.

    Of a selection nothing is spent on those that are known to change nothing: the table leaves them out.
    """
    from evals.mutants import reasons

    mine = [one for one in every if one.kind is kind]
    if most is None:
        return mine
    known = reasons()
    mine = [one for one in mine if one.id not in known]
    if most >= len(mine):
        return mine
    return [mine[int(place * len(mine) / most)] for place in range(most)]


def _results(settings: Settings, plan: Plan, folder: Path) -> tuple[list[Result], int]:
    """What the folder has already and the rest, run now and appended; and how many cases it was on.

    Fewer results than were asked for: the budget is spent.
    """
    from evals import provenance
    from evals.conductor import alone
    from evals.families import question_quality
    from evals.mutant_results import Results, name_of
    from evals.mutating import experiment
    from evals.running import OutOfBudget

    about = {"model": settings.model, "host": provenance.host(settings.model_base_url)} if plan.paid else {}
    have = Results(folder, name_of(plan.text, settings, plan.limit, plan.paid is not None), about)
    open_ = have.open(plan.asks)
    whole = len(question_quality.samples())
    if open_:
        cases = _cases(settings, plan.limit)
        propose = _agreed(settings, plan, folder, open_, cases) if plan.paid else None
        say(f"The results are kept in {have.file}")
        with alone(folder):
            try:
                with have.writing() as keep, bar("mutants") as progress:
                    for result in experiment(plan.text, plan.file, cases, open_, progress, propose=propose):
                        keep(result)
            except OutOfBudget:
                say(f"The budget of tokens is spent; what was answered is kept. Go on with --out {folder}")
    return have.of(plan.asks), min(plan.limit or whole, whole)


def _agreed(
    settings: Settings, plan: Plan, folder: Path, open_: Sequence[Ask], cases: Sequence[Prepared]
) -> Propose:
    """Who answers, once somebody has agreed to what it costs.

    Raises:
        UserError: nobody agreed, or the model cannot be opened; nothing was sent.
    """
    from coach.adapters.prompt_files import parse_prompt
    from evals.asking import ModelProposer, Purse
    from evals.conductor import ANSWERS, PARALLEL, limiter
    from evals.families import question_quality
    from evals.mutant_cost import cost_of
    from evals.recorded import AnswerStore
    from evals.running import Budget as Tokens
    from evals.systems import open_models

    paid = plan.paid
    if paid is None:
        raise ValueError("This plan asks no model.")
    open_models(parse_prompt(plan.text, plan.file), settings)  # or nobody need agree to anything
    store = AnswerStore(paid.answers or folder.parent / ANSWERS)
    every = len(question_quality.samples())
    paid.asking.agree(cost_of(settings, store, plan.file, plan.text, open_, cases, plan.every, every))
    wait: Callable[[], object] = limiter(paid.per_minute)
    return ModelProposer(settings, Purse(store, Tokens(paid.budget), wait, paid.parallel or PARALLEL))


def _cases(settings: Settings, limit: int | None) -> list[Prepared]:
    """The cases of question_quality with an occasion for every rule, read over a throw-away store."""
    from evals.families import question_quality
    from evals.first_proposals import prepare
    from evals.house import open_house
    from evals.probing import probed
    from evals.tasks import limited

    with (
        tempfile.TemporaryDirectory(prefix="coach-mutate-") as work,
        bar("reading the cases") as progress,
        open_house(settings, Path(work), []) as house,
    ):
        samples = probed(limited(question_quality.samples(), limit))
        return prepare(house.coach, samples, progress)
