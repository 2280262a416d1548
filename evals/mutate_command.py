"""`coach eval mutate`: does the suite see a spoilt prompt, and does it let a reworded one pass?"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import yaml

from evals.model import Exit
from evals.mutants import Kind
from evals.run_commands import bar, say

if TYPE_CHECKING:
    from coach.settings import Settings
    from evals.first_proposals import Prepared
    from evals.mutants import Mutant
    from evals.mutating import Ask, Result

EQUIVALENT = Path(__file__).parent / "data" / "equivalent_mutants.yaml"
RESULTS = "mutants.jsonl"
A_A = 20  # runs of the baseline against itself


def mutate(
    limit: Annotated[int | None, typer.Option(min=10, help="Only so many cases.")] = None,
    seeds: Annotated[
        int, typer.Option(min=1, max=200, help="Runs of each mutant, each with a chance of its own.")
    ] = 1,
    only: Annotated[
        list[Kind] | None, typer.Option(help="strong, hedged, harmless or aa; repeatable.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The folder of the run; given again, it goes on there.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Spoil the prompt in every way that is known, and see whether the gate notices.

    Ends with 0 when every target is met, 1 when one is not.

    Example: coach eval mutate --only strong --limit 60
    """
    from coach.adapters.langchain_writer import PROMPT
    from coach.bundled import bundled
    from coach.settings import quiet_libraries, read_settings
    from evals.mutating import surprises, table

    quiet_libraries()
    settings = read_settings()
    text = ((settings.prompts or bundled("prompts")) / PROMPT).read_text(encoding="utf-8")
    kinds = tuple(only or Kind)
    equivalent = reasons()
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    folder = out or settings.home / "evals" / f"{moment}-mutate"
    results = _results(folder, text, PROMPT, settings, limit, _asks(text, kinds, seeds))
    rows, odd = table(results, equivalent), surprises(results, equivalent)
    say(f"The results are kept in {folder / RESULTS}")
    if as_json:
        from coach.commands.inputs import say_json

        say_json(_as_json(rows, odd))
    else:
        for line in report(rows, odd, equivalent):
            typer.echo(line)
    raise typer.Exit(int(Exit.PASS if all(row.met for row in rows) else Exit.REGRESSION))


def reasons(file: Path = EQUIVALENT) -> dict[str, str]:
    """Mutants that change nothing, each with the reason."""
    found = yaml.safe_load(file.read_text(encoding="utf-8"))["equivalent"]
    return {str(one["id"]): str(one["reason"]) for one in found}


def report(
    rows: Sequence[Any], odd: Mapping[str, Sequence[Result]], equivalent: Mapping[str, str]
) -> list[str]:
    """The table and what has to be looked at, as lines for a terminal."""
    found = [f"{'':<18}{'failed':>8}{'of':>6}{'share':>9}{'95 %':>18}{'unsure':>8}{'wanted':>10}"]
    for row in rows:
        low, high = row.interval
        limit = f"{'<=' if row.most else '>='} {100 * row.wanted:g} %"
        shown = f"{100 * low:.1f} to {100 * high:.1f} %"
        mark = "" if row.met else "  missed"
        found.append(
            f"{row.name:<18}{row.failed:>8}{row.total:>6}{100 * row.share:>7.1f} %{shown:>18}{row.unsure:>8}"
            f"{limit:>10}{mark}"
        )
    said = {
        "survived": "Survived: no figure sees this change. Give the rule a case or a metric, or delete it:",
        "false alarm": "Failed, and should not have:",
        "not equivalent": "Tagged as equivalent, and failed (one in fifty does by chance):",
    }
    for name, heading in said.items():
        if odd[name]:
            found += ["", heading]
            found += [f"  {one.mutant} (seed {one.seed}): {one.about} | {one.reason}" for one in odd[name]]
    found += [
        "",
        f"{len(equivalent)} mutants are tagged as equivalent, each with its reason, in {EQUIVALENT.name}.",
    ]
    return found


def _as_json(rows: Sequence[Any], odd: Mapping[str, Sequence[Result]]) -> dict[str, Any]:
    return {
        "table": [
            {**asdict(row), "name": row.name.strip(), "share": row.share, "met": row.met} for row in rows
        ],
        **{name.replace(" ", "_"): [asdict(one) for one in found] for name, found in odd.items()},
    }


def _asks(text: str, kinds: Sequence[Kind], seeds: int) -> list[Ask]:
    from coach.errors import UserError
    from evals.mutants import again, mutants

    try:
        every: list[Mutant] = [*mutants(text), *again(text, A_A)]
    except ValueError as fault:
        raise UserError(str(fault), "Please word it anew in evals/data/rewordings.yaml.") from None
    return [(one, seed) for seed in range(seeds) for one in every if one.kind in kinds]


def _results(
    folder: Path, text: str, file: str, settings: Settings, limit: int | None, asks: Sequence[Ask]
) -> list[Result]:
    """What the folder has already, and the rest run now and appended."""
    from evals.mutating import Result, experiment

    name = _name_of(text, settings, limit)
    path = folder / RESULTS
    have = _kept(path, name)
    open_ = [(mutant, seed) for mutant, seed in asks if (mutant.id, seed) not in have]
    if open_:
        folder.mkdir(parents=True, exist_ok=True)
        cases = _cases(settings, limit)
        with path.open("a", encoding="utf-8") as written, bar("mutants") as progress:
            if path.stat().st_size == 0:
                written.write(json.dumps({"run": name}) + "\n")
            for result in experiment(text, file, cases, open_, progress):
                have[result.mutant, result.seed] = asdict(result)
                written.write(json.dumps(asdict(result)) + "\n")
                written.flush()
    return [Result(**have[mutant.id, seed]) for mutant, seed in asks]


def _kept(path: Path, name: str) -> dict[tuple[str, int], dict[str, Any]]:
    """Results of an earlier start of the same run; a line that was torn off is run again.

    Raises:
        UserError: they are of another prompt, other cases or another program.
    """
    from coach.errors import UserError

    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").split("\n")
    rows: list[dict[str, Any]] = []
    for line in lines:
        try:
            rows.append(json.loads(line))
        except ValueError:
            continue
    if lines[-1]:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    if rows and rows[0].get("run") != name:
        raise UserError(
            "The results in this folder are of another prompt, other cases or another program.",
            "Please give another folder with --out.",
        )
    return {(row["mutant"], row["seed"]): row for row in rows[1:]}


def _name_of(text: str, settings: Settings, limit: int | None) -> str:
    """A hash of everything that a result hangs on."""
    from evals import provenance
    from evals.families.question_quality import DATA

    here = Path(__file__).parent
    own = sorted([*here.glob("*.py"), *(here / "stub").iterdir(), here / "data" / "rewordings.yaml"])
    whole = hashlib.sha256(f"{text}\0{limit}\0{provenance.program(settings.corpus)}".encode())
    whole.update(provenance.dataset(DATA.name).encode())
    whole.update(provenance.scorers("question_quality").encode())
    for file in own:
        if file.is_file():
            whole.update(file.read_bytes())
    return whole.hexdigest()


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
