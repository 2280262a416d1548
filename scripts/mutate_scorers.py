"""Take one check after another out of the scorers, and see whether a gold test goes red.

    python scripts/mutate_scorers.py                      every check, an hour or so
    python scripts/mutate_scorers.py rubric.flow crisis   of modules whose name, or its end, begins so
    python scripts/mutate_scorers.py --list               what there is to take out
    python scripts/mutate_scorers.py --ids ID ...         just these; "sound/MODULE" takes nothing out

A scorer whose check can be removed without anybody noticing is not tested, and a check that nobody could
miss is not needed. A check is: a condition (becomes false), one part of an "and" or "or" (is left out), a
truth value that is a verdict (becomes true, becomes false), an element of a table or of a list of checks,
a pattern (matches nothing), a list of words (has none), a fault that is returned or noted (is not). The
alternatives within one pattern are not taken apart.

For the rubric the gold rows of evals/data/rubric_gold.jsonl are asked first, then the tests beside them;
for the families of evals the tests in tests/unit/evals with their good and spoilt outputs. What survives
is printed with its place, unless evals/data/equivalent_checks.yaml says why nothing could be seen.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import functools
import gc
import importlib.abc
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import IO, Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
TAGS = ROOT / "evals" / "data" / "equivalent_checks.yaml"
TESTS = ROOT / "tests" / "unit"
PLACES = ("coach/domain/rubric", "evals/scorers", "evals/families")
LEFT_OUT = (
    "evals.scorers.__init__",  # empty, as the next one
    "evals.families.__init__",
    "coach.domain.rubric.surface",  # what the classifier of advice is told: no verdicts
)
DATA = ROOT / "evals" / "data"
CAUGHT = {
    "noadvice.jsonl": (223, 0),
    "noadvice_heldout.jsonl": (9, 0),
}  # by the rules: of advice, of the rest
MANY = 40  # examples of one test
LONG_TABLE = 15  # constants; a longer table is a list of words and is emptied as one
UNTESTED = 77  # how a child ends that met no test
PATIENCE = 300  # seconds; a mutant that runs for ever would be noticed
_NOT_SCORING = frozenset(
    {"task", "samples", "solve"}
)  # of a family: everything else that `score` reaches counts
_TRUTHS = frozenset({"any", "all", "bool", "isinstance"})
_ABOVE = (
    "evals",
    "tests",
    "ui",
    "measure_rubric",
)  # what may have imported a scorer; `coach` itself imports none


@dataclass(frozen=True)
class Mutant:
    """One check taken out.

    Attributes:
        id: module, function, kind and text of the check: stays while the check does.
        module: dotted; its file.
        line: in the file, from 1.
        source: of the whole module without the check.
    """

    id: str
    module: str
    line: int
    source: bytes

    @property
    def file(self) -> Path:
        return ROOT.joinpath(*self.module.split(".")).with_suffix(".py")


# -- what there is to take out ----------------------------------------------------------------------------


def modules() -> list[str]:
    """Dotted names of everything that decides a verdict."""
    files = (file for place in PLACES for file in sorted((ROOT / place).glob("*.py")))
    found = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files]
    return [one.removesuffix(".__init__") for one in found if one not in LEFT_OUT]


def file_of(module: str) -> Path:
    plain = ROOT.joinpath(*module.split("."))
    return plain / "__init__.py" if plain.is_dir() else plain.with_suffix(".py")


def mutants(module: str) -> list[Mutant]:
    """Every check of a module, in the order of its lines."""
    source = file_of(module).read_bytes()
    finder = _Finder(
        source, scoring_only=module.startswith("evals.families"), notes=module.startswith("evals")
    )
    short = module.removeprefix("coach.domain.").removeprefix("evals.")
    seen: Counter[str] = Counter()
    made = []
    for line, where, kind, text, changed in finder.found():
        key = f"{short}/{where}/{kind}/{text}"
        seen[key] += 1
        made.append(Mutant(key if seen[key] == 1 else f"{key} #{seen[key]}", module, line, changed))
    return made


class _Finder(ast.NodeVisitor):
    """Walks a module and notes each place with what would stand there instead."""

    def __init__(self, source: bytes, scoring_only: bool, notes: bool) -> None:
        self._source = source
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._tree = ast.parse(source)
        self._notes = notes  # whether statements that note a fault count
        self._scoring = _reached(self._tree, "score") - _NOT_SCORING if scoring_only else None
        self._where: list[str] = []
        self._returns = ""
        self._of_score = {
            node.name
            for node in ast.walk(self._tree)
            if isinstance(node, ast.FunctionDef) and _text(node.returns) == "Score"
        } | {"Score"}
        self._places: list[tuple[ast.AST, str, str, str]] = []
        self._told: set[tuple[int, int, str]] = set()

    def found(self) -> Iterator[tuple[int, str, str, str, bytes]]:
        """Line, function, kind, text and the changed source of each."""
        self.visit(self._tree)
        for node, where, kind, instead in sorted(self._places, key=lambda one: self._span(one[0])):
            begin, end = self._span(node)
            text = " ".join(self._source[begin:end].decode().split())
            text = text if len(text) <= 90 else f"{text[:70]} ~ {text[-16:]}"
            changed = self._source[:begin] + instead.encode() + self._source[end:]
            yield node.lineno, where, kind, text, changed  # type: ignore[attr-defined] # only nodes with a place are kept

    # structure

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if self._scoring is not None and not self._where and node.name not in self._scoring:
            return
        before, self._returns = self._returns, _text(node.returns)
        self._where.append(node.name)
        for one in node.body:
            self.visit(one)
        self._where.pop()
        self._returns = before

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._where.append(node.name)
        for one in node.body:
            if isinstance(one, ast.FunctionDef):
                self.visit(one)
        self._where.pop()

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Python 3.11 does not know where its parts stand."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._assigned(node.value, node)

    def visit_Assign(self, node: ast.Assign) -> None:
        if _text(node.targets[0]) != "__all__":
            self._assigned(node.value, node)

    def _assigned(self, value: ast.expr, node: ast.Assign | ast.AnnAssign) -> None:
        if not self._where:
            self._table(value)
        else:
            self.visit(value)
            if isinstance(node, ast.Assign):
                self.visit(node.targets[0])

    # tables of the module

    def _table(self, value: ast.expr) -> None:
        if isinstance(value, ast.Call) and _text(value.func) == "re.compile":
            self._note(value, "pattern", 're.compile(r"(?!)")')
        elif isinstance(value, ast.Call) and _text(value.func) == "word_list":
            self._note(value, "words", 'word_list("")')
        elif isinstance(value, ast.Call) and _text(value.func) == "rule":
            self._note(value, "pattern", 'rule(r"(?!)", "")')
        elif isinstance(value, ast.Tuple | ast.List | ast.Set | ast.Dict):
            self._elements(value)
        elif isinstance(value, ast.Call | ast.BinOp | ast.GeneratorExp | ast.comprehension):
            for child in ast.iter_child_nodes(value):
                if isinstance(child, ast.comprehension):
                    self._table(child.iter)
                elif isinstance(child, ast.expr):
                    self._table(child)

    def _elements(self, table: ast.Tuple | ast.List | ast.Set | ast.Dict) -> None:
        constants = [one for one in ast.walk(table) if isinstance(one, ast.Constant)]
        plain = all(
            isinstance(one, ast.Constant | ast.Tuple | ast.Dict | ast.expr_context) for one in ast.walk(table)
        )
        if plain and len(constants) > LONG_TABLE:
            self._note(table, "words", "{}" if isinstance(table, ast.Dict) else "()")
        elif isinstance(table, ast.Dict):
            for key, value in zip(table.keys, table.values, strict=True):
                if key is not None:
                    self._note(_both(key, value), "element", "**{}")
        else:
            for one in table.elts:
                self._note(one, "element", "*()")

    # checks in functions

    def visit_If(self, node: ast.If) -> None:
        self._test(node.test)
        for one in (*node.body, *node.orelse):
            self.visit(one)

    def visit_While(self, node: ast.While) -> None:
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._test(node.test)
        self.visit(node.body)
        self.visit(node.orelse)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self._iterated(node.iter)
        self.visit(node.iter)
        for one in node.ifs:
            self._test(one)

    def visit_For(self, node: ast.For) -> None:
        self._iterated(node.iter)
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is None:
            return
        nothing = {
            "Finding | None": "None",
            "list": "[]",
            "Sequence": "[]",
            "set": "set()",
            "frozenset": "frozenset()",
        }
        instead = nothing.get(self._returns) or nothing.get(self._returns.split("[")[0])
        if instead and _text(node.value) not in ("None", "[]", instead):
            self._note(node.value, "fault", instead)
        self.visit(node.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        if (
            self._notes
            and isinstance(node.value, ast.Call)
            and _text(node.value.func).endswith((".append", ".add"))
        ):
            self._note(node, "noted", "pass")
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if self._notes:
            self._note(node, "noted", "pass")
        self.visit(node.value)

    def visit_Compare(self, node: ast.Compare) -> None:
        self._verdict(node)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self._verdict(node)
            self._inside(node.operand)
        else:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if _text(node.func) in _TRUTHS:
            self._verdict(node)
            for one in node.args:
                self._inside(one)
        else:
            self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        if isinstance(node.op, ast.And):
            self._verdict(node)
        self._operands(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            calls_score = isinstance(value, ast.Call) and _text(value.func) in self._of_score
            if (
                self._notes
                and key is not None
                and not calls_score
                and not _is_truth(value)
                and not isinstance(value, ast.Constant)
            ):
                self._note(value, "value", "[]")
            self.visit(value)

    def visit_Starred(self, node: ast.Starred) -> None:
        self._note(node, "element", "*()")
        self.generic_visit(node)

    def _iterated(self, value: ast.expr) -> None:
        if isinstance(value, ast.Tuple | ast.List):
            for one in value.elts:
                self._note(one, "element", "*()")

    def _test(self, test: ast.expr) -> None:
        self._note(test, "condition", "False")
        self._inside(test)

    def _inside(self, test: ast.expr) -> None:
        """Parts of something whose whole is noted already."""
        if isinstance(test, ast.BoolOp):
            self._operands(test)
        elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            self._inside(test.operand)
        else:
            for child in ast.iter_child_nodes(test):
                self.visit(child)

    def _operands(self, node: ast.BoolOp) -> None:
        for one in node.values:
            self._note(one, "part", "None" if isinstance(node.op, ast.Or) else "True")
            self._inside(one)

    def _verdict(self, node: ast.expr) -> None:
        self._note(node, "never", "False")
        self._note(node, "always", "True")

    def _note(self, node: ast.AST, kind: str, instead: str) -> None:
        key = (*self._span(node), instead)
        if key not in self._told:
            self._told.add(key)
            self._places.append((node, ".".join(self._where) or "table", kind, instead))

    def _span(self, node: ast.AST) -> tuple[int, int]:
        place: Any = node
        return self._starts[place.lineno - 1] + place.col_offset, self._starts[
            place.end_lineno - 1
        ] + place.end_col_offset


def _text(node: ast.AST | None) -> str:
    return ast.unparse(node) if node else ""


def _is_truth(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Compare | ast.BoolOp)
        or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
        or (isinstance(node, ast.Call) and _text(node.func) in _TRUTHS)
    )


def _both(key: ast.expr, value: ast.expr) -> ast.expr:
    """One node that spans a key and its value."""
    span = ast.Constant(None)
    span.lineno, span.col_offset = key.lineno, key.col_offset
    span.end_lineno, span.end_col_offset = value.end_lineno, value.end_col_offset
    return span


def _reached(tree: ast.Module, begin: str) -> set[str]:
    """Names of the functions of a module that one of them reaches, itself included."""
    named = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    found, todo = {begin}, [begin]
    while todo:
        used = {node.id for node in ast.walk(named[todo.pop()]) if isinstance(node, ast.Name)}
        new = (used & named.keys()) - found - _NOT_SCORING
        found |= new
        todo += sorted(new)
    return found


# -- whether anybody notices ------------------------------------------------------------------------------


class _Instead(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module another source than its file's."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        self.asked_for = False

    def find_spec(self, name: str, *_: object) -> Any:
        if name != self._mutant.module:
            return None
        file = file_of(name)
        search = [str(file.parent)] if file.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(
            name, file, loader=self, submodule_search_locations=search
        )

    def create_module(self, _: object) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        self.asked_for = True
        exec(compile(self._mutant.source, str(file_of(self._mutant.module)), "exec"), module.__dict__)


class _Thinned:
    """A pytest plugin: of a test with very many examples a tenth has to do, and chance decides nothing."""

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = [item for item in items if not getattr(item.obj, "is_hypothesis_test", False)]
        many = Counter(item.originalname for item in items)
        seen: Counter[str] = Counter()
        kept = []
        for item in items:
            seen[item.originalname] += 1
            if many[item.originalname] <= MANY or seen[item.originalname] % 10 == 1:
                kept.append(item)
        items[:] = kept


def noticed(mutant: Mutant) -> bool:
    """Whether something goes red without this check. Spoils this process: ask in a child.

    Raises:
        LookupError: everything is green, and no test has so much as loaded the module.
    """
    above = _ABOVE if mutant.module.startswith("evals.") else ("coach", *_ABOVE)
    for name in [one for one in sys.modules if one.split(".")[0] in above]:
        del sys.modules[name]
    instead = _Instead(mutant)
    sys.meta_path.insert(0, instead)
    try:
        if mutant.module.startswith("coach.") and _gold_is_red(mutant.module):
            return True
    except Exception:  # noqa: BLE001 - whatever it is, a person who runs the tests sees it
        return True
    import pytest

    asked = [
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        "-p",
        "no:unraisableexception",  # collects garbage at length, and nobody reads what it says here
        "--tb=no",
        "--no-header",
        *tests_of(mutant.module),
    ]
    red = pytest.main(asked, plugins=[_Thinned()]) != 0
    if not red and not instead.asked_for:
        raise LookupError(mutant.module)
    return red


def _gold_is_red(module: str) -> bool:
    """Rows of the module's own criteria are asked first."""
    spec = importlib.util.spec_from_file_location("measure_rubric", ROOT / "scripts" / "measure_rubric.py")
    assert spec and spec.loader
    measuring = sys.modules["measure_rubric"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(measuring)
    from coach.domain import rubric

    own = {name for name, judge in rubric._JUDGES.items() if judge.__module__ == module}
    rows = sorted(measuring.gold(), key=lambda row: row["criterion"] not in own)
    if any(measuring.passes(row) is (row["passed"] is ("known_wrong" in row)) for row in rows):
        return True
    return _advice_is_red(rubric)


def _advice_is_red(rubric: Any) -> bool:
    """Whether the rules alone catch other rows of the sets of advice than docs/rubric.md says of them."""
    for name, (advice, rest) in CAUGHT.items():
        caught: Counter[bool] = Counter()
        for line in (DATA / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found = rubric._held_against(rubric.Exchange(row["text"]), rubric.hear(""), ("noadvice",))
            caught[row["advice"]] += not found[0].passed
        if (caught[True], caught[False]) != (advice, rest):
            return True
    return False


def tests_of(module: str) -> list[str]:
    """Arguments for pytest: the tests that hold what a module decides, those that import it first."""
    if module.startswith("coach."):
        beside = [
            "tests/unit/test_rubric.py",
            "tests/unit/test_rubric_and_readers.py",
            "tests/unit/test_noadvice.py",
            "tests/unit/evals/test_proposals.py",
        ]
        return [*beside, "-k", "not gold_question and not page_about and not on_its_own_examples"]
    users = {module, *(one for one in modules() if module in _imports(file_of(one)))}
    users |= {
        one for one in modules() if users & _imports(file_of(one)) and not module.startswith("evals.families")
    }
    files = sorted(
        (TESTS / "evals").glob("test_*.py"), key=lambda file: (module not in _imports(file), file.name)
    )
    chosen = [
        str(file.relative_to(ROOT))
        for file in files
        if users & _imports(file) and file.name != "test_scorer_mutation.py"
    ]
    chosen = [one for one in chosen if _name_tells(one, users)] or chosen
    return [*chosen, "-k", "not agreed_form and not its_script_makes"]  # these two look at the data alone


def _name_tells(test: str, users: set[str]) -> bool:
    """Leaves out tests of the machinery that only borrow a family."""
    return any(user.split(".")[-1] in test for user in users)


@functools.cache
def _imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return found


def in_a_child(mutant: Mutant) -> bool:
    """Asks in a copy of this process; where there is none to be had, in a new one."""
    if not hasattr(os, "fork"):
        said = subprocess.run(
            [sys.executable, __file__, "--one", mutant.id], capture_output=True, timeout=None, check=False
        )
        return said.returncode != 0
    child = os.fork()
    if child == 0:
        _quietly(mutant)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done and os.waitstatus_to_exitcode(status) == UNTESTED:
            sys.exit(f"No test loads {mutant.module}.")
        if done:
            return status != 0
        time.sleep(0.02)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return True


def _quietly(mutant: Mutant) -> None:
    code = 1
    try:
        with Path(os.devnull).open("w") as nowhere, _hushed(nowhere):
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
            code = int(noticed(mutant))
    except LookupError:
        code = UNTESTED
    finally:
        os._exit(code)


@contextlib.contextmanager
def _hushed(nowhere: IO[str]) -> Iterator[None]:
    with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        yield


def warm_up(found: Sequence[str]) -> None:
    """Loads once what every child needs, so that a copy starts with it."""
    import pytest

    with tempfile.TemporaryDirectory() as empty, Path(os.devnull).open("w") as nowhere, _hushed(nowhere):
        pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", empty])  # its plugins
    for name in sorted({one for module in found for one in tests_of(module) if one.endswith(".py")}):
        importlib.import_module(".".join(Path(name).with_suffix("").parts))
    gc.freeze()  # what is loaded stays, and no child has to look through it


# -- the command ------------------------------------------------------------------------------------------


def tagged(file: Path = TAGS) -> Mapping[str, str]:
    """Checks that nobody can miss, each with the reason."""
    found = yaml.safe_load(file.read_text(encoding="utf-8"))["equivalent"] if file.exists() else []
    return {str(one["id"]): str(one["reason"]) for one in found or []}


def sound(module: str) -> Mutant:
    """Nothing taken out: what goes red for this one goes red for all."""
    return Mutant(f"sound/{module}", module, 1, file_of(module).read_bytes())


def asked_for(options: argparse.Namespace) -> list[Mutant]:
    """The mutants that the command line names."""
    if options.ids or options.one:
        wanted = options.ids or [options.one]
        known = {one.id: one for module in modules() for one in (sound(module), *mutants(module))}
        if unknown := [one for one in wanted if one not in known]:
            sys.exit("There is no such check (any more):\n  " + "\n  ".join(unknown))
        return [known[one] for one in wanted]
    chosen = [
        one
        for one in modules()
        if not options.words or any(re.search(rf"(?:^|\.)(?:{word})", one) for word in options.words)
    ]
    return [one for module in chosen for one in mutants(module)]


def main(arguments: Sequence[str]) -> int:
    """Returns 0 when everything was noticed or is tagged."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("words", nargs="*")
    parser.add_argument("--ids", nargs="*")
    parser.add_argument("--one")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--skip-tagged", action="store_true", help="do not ask again about what is tagged")
    options = parser.parse_args(arguments)
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    found, tags = asked_for(options), tagged()
    if options.list:
        print("\n".join(f"{one.module}:{one.line}: {one.id}" for one in found))
        return 0
    if options.one:
        return int(noticed(found[0]))
    warm_up(sorted({one.module for one in found}))
    return _tried(found, tags, bool(options.ids), options.skip_tagged)


def _tried(found: Sequence[Mutant], tags: Mapping[str, str], each: bool, skip: bool) -> int:
    red, survivors, stale = 0, [], []
    if not each:
        for module in dict.fromkeys(one.module for one in found):
            if in_a_child(sound(module)):
                sys.exit(f"The tests of {module} are red with nothing taken out.")
    for mutant in found:
        if skip and mutant.id in tags:
            continue
        told = in_a_child(mutant)
        red += told
        if each:
            print("red  " if told else "green", mutant.id, flush=True)
        elif told and mutant.id in tags:
            stale.append(mutant.id)
        elif not told and mutant.id not in tags:
            survivors.append(mutant)
            print(f"survived: {mutant.file.relative_to(ROOT)}:{mutant.line}: {mutant.id}", flush=True)
    for one in stale:
        print(f"tagged, and noticed all the same: {one}")
    unseen = len(found) - red
    print(f"{len(found)} checks, {red} noticed, {unseen - len(survivors)} tagged, {len(survivors)} survived")
    return int(bool(survivors or stale)) if not each else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
