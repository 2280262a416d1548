"""The results of `coach eval mutate` on the disk: a line for each mutant and seed, taken up again later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from coach.errors import UserError
from coach.settings import Settings
from evals import provenance
from evals.families.question_quality import DATA
from evals.mutating import Ask, Result

RESULTS = "mutants.jsonl"

Key = tuple[str, int]  # mutant and seed


class Results:
    """What a folder holds, and what comes to it."""

    def __init__(self, folder: Path, name: str, about: Mapping[str, Any]) -> None:
        """
        Args:
            folder: of the run; it need not be there yet.
            name: a hash of everything that a result hangs on, see `name_of`.
            about: of a new file's first line, for a reader: model and host.

        Raises:
            UserError: the results are of another prompt, other cases, another model or another program.
        """
        self.file = folder / RESULTS
        self._name = name
        self._about = about
        self._have = kept(self.file, name)

    def open(self, asks: Sequence[Ask]) -> list[Ask]:
        """Those of which there is no result yet."""
        return [(mutant, seed) for mutant, seed in asks if (mutant.id, seed) not in self._have]

    def of(self, asks: Sequence[Ask]) -> list[Result]:
        """The results there are, in the order of what was asked."""
        found = (self._have.get((mutant.id, seed)) for mutant, seed in asks)
        return [Result(**one) for one in found if one is not None]

    @contextmanager
    def writing(self) -> Iterator[Callable[[Result], None]]:
        """The file open for appending; each result is there as soon as it is told."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a", encoding="utf-8") as out:
            if self.file.stat().st_size == 0:
                out.write(json.dumps({"run": self._name, **self._about}) + "\n")

            def keep(result: Result) -> None:
                self._have[result.mutant, result.seed] = asdict(result)
                out.write(json.dumps(asdict(result)) + "\n")
                out.flush()

            yield keep


def kept(path: Path, name: str) -> dict[Key, dict[str, Any]]:
    """Results of an earlier start of the same run; a line that was torn off is run again.

    Raises:
        UserError: they are of another prompt, other cases, another model or another program.
    """
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
            "The results in this folder are of another prompt, program or model, or of other cases.",
            "Please give another folder with --out.",
        )
    return {(row["mutant"], row["seed"]): row for row in rows[1:]}


def name_of(text: str, settings: Settings, limit: int | None, with_model: bool) -> str:
    """A hash of everything that a result hangs on.

    Args:
        text: of the prompt file.
        settings: for the corpus, and for the model where one answers.
        limit: of the cases.
        with_model: whether the model of the settings answers; else the stub does.
    """
    here = Path(__file__).parent
    own = sorted([*here.glob("*.py"), *(here / "stub").iterdir(), here / "data" / "rewordings.yaml"])
    model = f"{settings.model}\0{settings.model_base_url}" if with_model else ""
    whole = hashlib.sha256(f"{text}\0{limit}\0{model}\0{provenance.program(settings.corpus)}".encode())
    whole.update(provenance.dataset(DATA.name).encode())
    whole.update(provenance.scorers("question_quality").encode())
    for file in own:
        if file.is_file():
            whole.update(file.read_bytes())
    return whole.hexdigest()
