"""`coach eval run` and `coach eval gate`: the options, the screen, and what is written at the end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from evals.model import Mode

if TYPE_CHECKING:
    from coach.settings import Settings
    from evals.planning import Options
    from evals.records import Held
    from evals.results import RunResult
    from evals.running import Progress


class Form(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    GITHUB = "github"
    JSON = "json"


REPORT = "report.md"

Modes = Annotated[list[Mode] | None, typer.Option("--mode", help="What stands behind the coach; repeatable.")]
Tasks = Annotated[list[str] | None, typer.Option("--task", help="A task of the suite; repeatable.")]
Candidate = Annotated[str, typer.Option(help="A folder of prompts; left out, those of the working tree.")]
Epochs = Annotated[
    int, typer.Option(min=1, max=5, help="The most runs of one case where chance plays a part.")
]
Limit = Annotated[int | None, typer.Option(min=1, help="Only so many cases of each task: cannot pass.")]
Budget = Annotated[
    int | None, typer.Option("--budget-tokens", min=1, help="Stop when so many tokens were paid.")
]
Seed = Annotated[int, typer.Option(help="The same seed gives the same run, where the model allows it.")]
Out = Annotated[
    Path | None, typer.Option(help="The folder of the run; left out, a new one in the data folder.")
]
Resume = Annotated[Path | None, typer.Option(help="Continue the run in this folder; it knows its options.")]
Format = Annotated[Form, typer.Option("--format", help="text, github or json.")]
Junit = Annotated[Path | None, typer.Option(help="Also write the result as JUnit to this file.")]
Html = Annotated[
    Path | None, typer.Option("--html", help="Also write the result as a page with plots to this file.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Agree to the cost of a run with a real model.")]
PriceIn = Annotated[float | None, typer.Option(min=0, help="Price of a million tokens that are sent.")]
PriceOut = Annotated[float | None, typer.Option(min=0, help="Price of a million tokens that come back.")]
Answers = Annotated[Path | None, typer.Option(help="Recorded answers; left out, those beside the run.")]
Parallel = Annotated[int | None, typer.Option(min=1, max=64, help="Cases at a time.")]
PerMinute = Annotated[
    float | None, typer.Option("--turns-per-minute", min=0.1, help="The most turns a minute of a real model.")
]


def run(
    mode: Modes = None,
    task: Tasks = None,
    baseline: Annotated[str | None, typer.Option(help="git:REVISION or a folder, to run beside it.")] = None,
    candidate: Candidate = "",
    epochs: Epochs = 1,
    limit: Limit = None,
    budget: Budget = None,
    seed: Seed = 0,
    out: Out = None,
    resume: Resume = None,
    form: Format = Form.TEXT,
    junit: Junit = None,
    html: Html = None,
    yes: Yes = False,
    price_in: PriceIn = None,
    price_out: PriceOut = None,
    answers: Answers = None,
    parallel: Parallel = None,
    per_minute: PerMinute = None,
) -> None:
    """Measure the coach on the tasks of the suite.

    Example: coach eval run --task question_quality --mode stub
    """
    from evals.planning import Options

    given = (baseline, candidate, epochs, limit, budget, seed, answers, parallel, per_minute)
    options = Options("run", tuple(mode or ()), tuple(task or ()), *given)
    _carry_out(options, out, resume, form, Files(junit, html), Asking(yes, price_in, price_out))


def gate(
    baseline: Annotated[str, typer.Option(help="git:REVISION or a folder to compare with.")] = "git:HEAD",
    mode: Modes = None,
    task: Tasks = None,
    candidate: Candidate = "",
    epochs: Epochs = 5,
    limit: Limit = None,
    budget: Budget = None,
    seed: Seed = 0,
    out: Out = None,
    resume: Resume = None,
    form: Format = Form.TEXT,
    junit: Junit = None,
    html: Html = None,
    yes: Yes = False,
    price_in: PriceIn = None,
    price_out: PriceOut = None,
    answers: Answers = None,
    parallel: Parallel = None,
    per_minute: PerMinute = None,
) -> None:
    """Judge changed prompts against a baseline. Without --mode and --task, both follow from what changed.

    Ends with 0 pass, 1 regression, 2 inconclusive, 3 invalid run, 4 usage.

    Example: coach eval gate --baseline git:origin/main
    """
    from evals.planning import Options

    given = (baseline, candidate, epochs, limit, budget, seed, answers, parallel, per_minute)
    options = Options("gate", tuple(mode or ()), tuple(task or ()), *given)
    _carry_out(options, out, resume, form, Files(junit, html), Asking(yes, price_in, price_out))


@dataclass(frozen=True, slots=True)
class Files:
    """Reports that are written beside what is printed; None for one that nobody asked for."""

    junit: Path | None = None
    html: Path | None = None

    def write(self, result: RunResult, record: Callable[[], Held]) -> None:
        """Write them.

        Args:
            result: of a whole run.
            record: reads what it was judged from; called only where a report shows texts.
        """
        from evals.reports import html, junit

        if self.junit is not None:
            write_text(self.junit, junit.render(result))
        if self.html is not None:
            write_text(self.html, html.render(result, record()))


def write_text(file: Path, text: str) -> None:
    """Write a report, and the folder it lies in where that is not there yet."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def show(result: RunResult, form: Form, arms: Path) -> None:
    """Print a result and leave with its exit code.

    Args:
        result: of a whole run.
        form: how it is printed.
        arms: the folder with the prompts of both arms, for annotations.

    Raises:
        typer.Exit: always.
    """
    from evals.reports import as_json, github, summary

    if form is Form.GITHUB:
        text = github.render(result, arms)
    else:
        text = as_json.render(result) if form is Form.JSON else summary.render(result)
    typer.echo(text, nl=False)
    raise typer.Exit(int(result.exit))


class Costs(Protocol):
    """What a run will cost, in sentences; prices are per million tokens, in whatever currency."""

    def sentences(self, price_in: float | None = None, price_out: float | None = None) -> list[str]: ...


class Asking:
    """Shows what a run with a real model will cost, and asks."""

    def __init__(self, yes: bool, price_in: float | None, price_out: float | None) -> None:
        self._yes = yes
        self._prices = (price_in, price_out)

    def agree(self, estimate: Costs) -> None:
        """Raises UserError when nobody agrees."""
        from coach.errors import UserError

        for line in estimate.sentences(*self._prices):
            say(line)
        if self._yes:
            return
        if not sys.stdin.isatty():
            raise UserError(
                "A run with a real model costs tokens.",
                "Please add --yes, and --budget-tokens to set it a limit.",
            )
        if not typer.confirm("Shall it begin?", err=True):
            raise UserError("Nothing was sent.", "The run can be taken up again whenever you like.")


def _carry_out(
    options: Options, out: Path | None, resume: Path | None, form: Form, files: Files, asking: Asking
) -> None:
    from coach.settings import quiet_libraries, read_settings
    from evals.conductor import Screen, carry_out
    from evals.planning import ARMS, NothingChanged, begin
    from evals.record_reading import read_record
    from evals.reports import markdown

    quiet_libraries()
    settings = read_settings()
    folder = resume or out or _new_folder(settings, options.command)
    if resume is None:
        try:
            begin(options, folder, settings)
        except NothingChanged:
            say("No prompt differs from the baseline, so there is nothing to judge.")
            raise typer.Exit(0) from None
    say(f"The run is kept in {folder}")
    result = carry_out(folder, options, settings, Screen(asking.agree, bar))
    (folder / REPORT).write_text(markdown.render(result), encoding="utf-8")
    say(f"The report is in {folder / REPORT}")
    files.write(result, lambda: read_record(folder))
    show(result, form, folder / ARMS)


def _new_folder(settings: Settings, command: str) -> Path:
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    return settings.home / "evals" / f"{moment}-{command}"


def say(line: str) -> None:
    """One line on standard error: standard output belongs to the result."""
    print(f"coach: {line}", file=sys.stderr)


@contextmanager
def bar(title: str) -> Iterator[Progress]:
    """A bar on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
