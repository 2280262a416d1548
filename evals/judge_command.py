"""`coach eval judge`: what another model says of the texts of a run, beside the verdict and never in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evals.model import Mode
from evals.read_commands import RunFolder
from evals.run_commands import Asking, PriceIn, PriceOut, Yes, bar, say

if TYPE_CHECKING:
    from evals.judged_run import Item
    from evals.judging import Criterion

AROUND = 900  # characters of the judge's instructions
CHARACTERS = 4.0  # in a token, as a rule of thumb
ANSWER = 60  # tokens of a quotation and a verdict


def judge(
    run: RunFolder,
    by: Annotated[str, typer.Option("--judge", help="The judging model, as provider:model.")],
    base_url: Annotated[
        str, typer.Option("--judge-url", help="Its address; its provider's own if empty.")
    ] = "",
    rubric: Annotated[
        Path | None, typer.Option(help="YAML with yes-or-no questions; left out, the suite's own.")
    ] = None,
    calibrations: Annotated[
        Path | None, typer.Option(help="A folder of calibration files; left out, evals/calibration.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Cases of each mode.")] = 40,
    yes: Yes = False,
    price_in: PriceIn = None,
    price_out: PriceOut = None,
) -> None:
    """Ask a second model yes-or-no questions about the texts of a run. Diagnostic until it is calibrated.

    Its key is taken from its provider's own variable, e.g. ANTHROPIC_API_KEY. What it said is kept in the
    run's folder and not asked again. It ends with 0 whatever the judge says: no gate reads it.

    Example: coach eval judge my-run --judge anthropic:claude-sonnet-4-5
    """
    from coach.adapters.chat_models import Wanted
    from coach.errors import UserError
    from coach.settings import quiet_libraries
    from evals import judged_run
    from evals.calibration import file_name, standing
    from evals.conductor import alone
    from evals.judging import open_judge
    from evals.model import InfrastructureFault
    from evals.record_reading import read_record

    quiet_libraries()
    held, asked = read_record(run), judged_run.read_rubric(rubric or judged_run.RUBRIC)
    folder = calibrations or Path(__file__).parent / "calibration"
    wanted = judged_run.items(held, limit)
    of_model = {Mode.LLM.value, Mode.REPLAY.value} & set(held.manifest.modes)  # a stub has no maker
    opened = open_judge(Wanted(by, base_url), held.manifest.model if of_model else "")
    worth = standing(folder, asked.name, asked.sha256, by)
    with alone(run):
        verdicts = judged_run.Verdicts(run, asked, by)
        open_ = verdicts.open(wanted)
        if open_:
            Asking(yes, price_in, price_out).agree(_Cost.of(by, open_))
        try:
            with bar("judging") as progress:
                judged_run.ask_all(verdicts, opened, wanted, progress)
        except InfrastructureFault as fault:
            raise UserError(str(fault), "What it said is kept: please start it again.") from None
    place = folder / file_name(asked.name, asked.sha256, by)
    for line in judged_run.told(judged_run.figures(asked, verdicts.of(wanted), worth), worth, str(place)):
        typer.echo(line)
    say(f"Every verdict, with the words it rests on, is in {verdicts.file}")


@dataclass(frozen=True, slots=True)
class _Cost:
    """Implements run_commands.Costs."""

    judge: str
    requests: int
    tokens_in: int

    @classmethod
    def of(cls, by: str, open_: Sequence[tuple[Item, Criterion]]) -> _Cost:
        told = sum(len(item.text) + len(item.reflection) + len(one.question) + AROUND for item, one in open_)
        return cls(by, len(open_), round(told / CHARACTERS))

    def sentences(self, price_in: float | None = None, price_out: float | None = None) -> list[str]:
        out = self.requests * ANSWER
        told = [
            f"{self.judge} is asked {self.requests:,} questions: about {self.tokens_in:,} tokens in and "
            f"{out:,} out; at most twice as many, if every answer has to be asked for again."
        ]
        if price_in is not None and price_out is not None:
            cost = (self.tokens_in * price_in + out * price_out) / 1e6
            told.append(f"At these prices: about {cost:,.2f}, at most {2 * cost:,.2f}.")
        return told
