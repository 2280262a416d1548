"""Prompt files: a strict subset of Prompty v2, read into values and, on demand, a LangChain template.

A file has YAML front matter (what the prompt is called, takes and promises) and a body of role blocks
with `{{name}}` and nothing else. Whatever is not known is an error with file and line: a prompt that
half works is worse than one that does not start. How to change one stands in docs/models.md.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from coach.adapters.prompt_body import Block, PromptRefused, delimiters, fenced, split_blocks
from coach.adapters.prompt_fields import Change, Input, changelog, inputs_of, options_of, version_of
from coach.adapters.prompt_front import Front, read_front
from coach.adapters.prompt_outputs import json_schema, mismatch
from coach.errors import Sentence, SettingsRefused

if TYPE_CHECKING:
    from langchain_core.prompts import ChatPromptTemplate

SUFFIX = ".prompty"
STATUSES = ("draft", "active", "retired")

_FENCE = re.compile(r"---[ \t]*")
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt file that passed every check.

    Attributes:
        sha256: of the canonical form: name, options, inputs, outputs and blocks. Metadata and
            description are left out, so it changes exactly when what a model sees can change.
        options: `temperature` 0..2 and `maxOutputTokens` 1..8192, where given.
        schema: JSON Schema of the answer.
        tags: names of the fences around what people wrote.
    """

    name: str
    version: str
    sha256: str
    status: str
    description: str
    owners: tuple[str, ...]
    eval_tasks: tuple[str, ...]
    changelog: tuple[Change, ...]
    options: Mapping[str, float]
    inputs: tuple[Input, ...]
    schema: Mapping[str, Any]
    blocks: tuple[Block, ...]
    tags: frozenset[str]

    def allowed(self, name: str) -> tuple[str, ...]:
        """The closed list of an input's values; empty where there is none."""
        return next((tuple(one.allowed) for one in self.inputs if one.name == name), ())

    def values(self, given: Mapping[str, str]) -> dict[str, str]:
        """What to put into the template: defaults filled in, fences protected.

        Args:
            given: values by name of an input.

        Returns:
            One value for every input.

        Raises:
            ValueError: an unknown name, a required value that is missing, a value outside a closed list.
        """
        known = {one.name: one for one in self.inputs}
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise ValueError(f"the prompt {self.name} has no input {unknown[0]!r}")
        return {name: self._value(one, given.get(name)) for name, one in known.items()}

    def _value(self, one: Input, value: str | None) -> str:
        if value is None:
            if one.required:
                raise ValueError(f"the prompt {self.name} needs {one.name!r}")
            return one.default
        if one.allowed and value not in one.allowed:
            raise ValueError(f"{one.name!r} of the prompt {self.name} is not one of its allowed values")
        return value if one.allowed else fenced(value, self.tags)

    def template(self) -> ChatPromptTemplate:
        """The prompt as a LangChain template: one message a block, f-strings, roles fixed.

        Feed it with `values(...)`: `prompt.template().format_messages(**prompt.values(given))`.
        """
        from langchain_core.prompts import ChatPromptTemplate

        return ChatPromptTemplate.from_messages([(block.role, block.f_string) for block in self.blocks])


def read_prompt(path: Path) -> Prompt:
    """Read one prompt file.

    Args:
        path: `<name>.prompty`.

    Raises:
        PromptRefused: with file, line and reason; the person who wrote the file can mend it.
        SettingsRefused: the file is not there or is not UTF-8 text.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingsRefused(
            Sentence(
                "The prompt file {file} cannot be read ({kind}).", file=path.name, kind=type(fault).__name__
            ),
            "Please restore it from the last version that worked.",
        ) from None
    return parse_prompt(text, path.name)


def parse_prompt(text: str, file: str) -> Prompt:
    """Read a prompt from text, e.g. from an older revision.

    Args:
        text: of the whole file; a byte order mark and Windows line ends are accepted.
        file: its name, for error messages; must be the prompt's name and `.prompty`.

    Raises:
        PromptRefused: with file, line and reason.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ends = [place for place, line in enumerate(lines) if _FENCE.fullmatch(line)]
    if not ends or ends[0] != 0 or len(ends) < 2:
        raise PromptRefused(file, 1, "a prompt file begins with front matter between two lines of ---")
    front = read_front("\n".join(lines[1 : ends[1]]), 2, file)
    blocks = split_blocks("\n".join(lines[ends[1] + 1 :]), ends[1] + 2, file)
    return _assemble(front, blocks)


def _assemble(front: Front, blocks: tuple[Block, ...]) -> Prompt:
    needed = ("name", "description", "metadata", "inputs", "outputs")
    front.keys((), (*needed, "model"), needed)
    name = front.text(("name",))
    if not _NAME.fullmatch(name) or f"{name}{SUFFIX}" != PurePath(front.file).name:
        reason = Sentence("the name {name} is not the file's name in small letters", name=repr(name))
        raise front.refusal(("name",), reason)
    front.keys(
        ("metadata",), ("version", "status", "owners", "eval_tasks", "changelog"), ("version", "changelog")
    )
    version = version_of(front, ("metadata", "version"))
    status = front.text(("metadata", "status"), "active")
    if status not in STATUSES:
        raise front.refusal(
            ("metadata", "status"), Sentence("the status is one of {names}", names=", ".join(STATUSES))
        )
    inputs = inputs_of(front)
    schema = _schema(front)
    options = options_of(front)
    _check_variables(front, inputs, blocks)
    _check_answers(front, schema, blocks)
    tags = delimiters(blocks, {one.name for one in inputs if one.allowed}, front.file)
    return Prompt(
        name=name,
        version=version,
        sha256=_sha256(name, options, inputs, schema, blocks),
        status=status,
        description=front.text(("description",)),
        owners=tuple(
            front.text(("metadata", "owners", n)) for n, _ in enumerate(front.items(("metadata", "owners")))
        ),
        eval_tasks=tuple(
            front.text(("metadata", "eval_tasks", n))
            for n, _ in enumerate(front.items(("metadata", "eval_tasks")))
        ),
        changelog=changelog(front, version),
        options=options,
        inputs=inputs,
        schema=schema,
        blocks=blocks,
        tags=tags,
    )


def _schema(front: Front) -> Mapping[str, Any]:
    try:
        return json_schema(front.items(("outputs",)))
    except ValueError as fault:
        raise front.refusal(("outputs",), str(fault)) from None


def _check_variables(front: Front, inputs: tuple[Input, ...], blocks: tuple[Block, ...]) -> None:
    used = {name: block.line for block in reversed(blocks) for name in block.variables}
    declared = [one.name for one in inputs]
    for name, line in used.items():
        if name not in declared:
            reason = Sentence("{variable} is not declared among the inputs", variable=f"{{{{{name}}}}}")
            raise PromptRefused(front.file, line, reason)
    for place, name in enumerate(declared):
        if name not in used:
            reason = Sentence("the input {name} is never used", name=repr(name))
            raise front.refusal(("inputs", place), reason)


def _check_answers(front: Front, schema: Mapping[str, Any], blocks: tuple[Block, ...]) -> None:
    """An example that breaks the promised form would teach the model to break it."""
    for block in blocks:
        if block.role != "assistant":
            continue
        try:
            fault = mismatch(json.loads(block.text), schema)
        except (ValueError, RecursionError):
            fault = "the answer is not JSON"
        if fault:
            reason = Sentence("the example does not fit the outputs: {fault}", fault=fault)
            raise PromptRefused(front.file, block.line, reason)


def _sha256(
    name: str,
    options: Mapping[str, float],
    inputs: tuple[Input, ...],
    schema: Mapping[str, Any],
    blocks: tuple[Block, ...],
) -> str:
    canonical = {
        "name": name,
        "options": dict(options),
        "inputs": [[one.name, one.required, one.default, list(one.allowed)] for one in inputs],
        "outputs": schema,
        "blocks": [[block.role, block.text] for block in blocks],
    }
    return hashlib.sha256(json.dumps(canonical, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
