"""YAML of our own files: safe, and in C where this machine has it (ten times faster)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from yaml.scanner import ScannerError

SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST = 12  # of lists and mappings within each other; our own files have five
_UNWANTED = (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken, yaml.DirectiveToken)
_OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_BEGUN = ("anchor", "alias", "tag", "directive")  # how the scanner's context ends where it met a half one


def unwanted_line(text: str) -> int | None:
    """Where a text has an anchor, an alias, a tag or a directive first, from 1; None where it has none.

    An alias can make a small file grow without end, and a tag can make objects. The tokens tell them from
    prose with an *emphasised* word, and they come one by one: nothing is built before they were all seen.

    Raises:
        yaml.YAMLError: it is not YAML, or lists and mappings lie deeper in each other than anybody needs;
            to read such a text to its end takes time that grows with the square of its depth.
    """
    try:
        return _unwanted_line(text)
    except ScannerError as fault:
        if fault.context_mark and str(fault.context).endswith(
            _BEGUN
        ):  # as in a title that is: *No* is a word
            return int(fault.context_mark.line) + 1
        raise


def _unwanted_line(text: str) -> int | None:
    depth = 0
    for token in yaml.scan(text, Loader=SAFE_LOADER):
        if isinstance(token, _UNWANTED):
            return int(token.start_mark.line) + 1
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        if depth > DEEPEST:
            raise yaml.MarkedYAMLError(problem="it is nested too deep", problem_mark=token.start_mark)
    return None


def mapping_or_nothing(file: Path) -> Mapping[str, Any]:
    """The names and values of a file; nothing where there are none or it cannot be read.

    For those who look at a file beside its reader: that one refuses it, with the reason, when it opens it.
    """
    try:
        found = yaml.load(file.read_text(encoding="utf-8"), Loader=SAFE_LOADER)  # noqa: S506 - a safe loader
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return found if isinstance(found, dict) else {}
