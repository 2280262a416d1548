"""What is wrong with YAML, where, and what to do about it: for people who do not write YAML every day."""

from __future__ import annotations

from itertools import zip_longest

import yaml

from coach.adapters.prompt_files import SUFFIX
from coach.adapters.safe_yaml import SAFE_LOADER, unwanted_line
from coach.errors import Sentence

BRACKET = (
    "Here or before it a bracket [ is opened. Please close it with ] behind its last part, or take it out."
)
BRACE = (
    "Here something between { and } cannot be read. Please look for a comma, a quotation mark or a } that is "
    "missing; an apostrophe within a text between ' and ' is written twice."
)
QUOTE = "Here a quotation mark is opened and not closed. Please close it."
COLON = "Here is a colon too many, or the line begins too far right. A text with a colon stands in ' and '."
NO_COLON = "Here a name stands without a colon and a value. Please add them, or take the line out."
DEPTH = (
    "This line begins further left or right than those that it belongs to. Please let it begin where they do."
)
SIGN = (
    "Here is a sign that cannot begin a value, such as a tab, @ or `. Please use spaces, or put the text in "
    "' and '."
)
OTHER = "From here on it cannot be read. Please compare it with the text as it was."

_KNOWN = (  # part of what the library says, in order, and our sentence
    ("',' or ']'", BRACKET),
    ("',' or '}'", BRACE),
    ("quoted scalar", QUOTE),
    ("unexpected end of stream", QUOTE),
    ("mapping values are not allowed", COLON),
    ("could not find expected ':'", NO_COLON),
    ("cannot start any token", SIGN),
    ("'-' indicator", DEPTH),
    ("expected key", DEPTH),
    ("<block end>", DEPTH),
    ("flow sequence", BRACKET),
    ("flow mapping", BRACE),
    ("flow node", BRACKET),
)
_OPENED = (BRACKET, BRACE, QUOTE)  # where it ends badly lines further on, of interest is where it was opened


def fault_of(file: str, text: str, before: str = "") -> Sentence | None:
    """Why a text is not YAML, with its line and column; None when it is.

    Args:
        file: its name; of a prompt only its front is YAML.
        text: of the whole file.
        before: the text it was made from. YAML often stumbles lines behind what was spoilt, so the first
            change is named as well.
    """
    lines = text.split("\n")
    if file.endswith(SUFFIX):
        ends = [place for place, line in enumerate(lines) if line.rstrip() == "---"][:2]
        if len(ends) < 2:
            return None
        lines = ["", *lines[1 : ends[1]]]  # so that numbers of lines stay those of the file
    looked_at = "\n".join(lines) + "\n"
    try:
        unwanted_line(looked_at)  # stops at what is nested too deep to be read to its end
        for _ in yaml.parse(looked_at, Loader=SAFE_LOADER):
            pass
    except yaml.YAMLError as fault:
        return told(file, fault, first_change(text, before))
    return None


def first_change(text: str, before: str) -> int:
    """The first line, from 1, that is not as it was; 0 where there was nothing before."""
    pairs = enumerate(zip_longest(text.split("\n"), before.split("\n")), 1)
    return next((number for number, (new, old) in pairs if new != old), 0) if before else 0


def told(file: str, fault: yaml.YAMLError, changed: int = 0) -> Sentence:
    """A fault of the library as a sentence; `changed` is the line of a person's first change."""
    problem = f"{getattr(fault, 'problem', '')} {getattr(fault, 'context', '') or ''}"
    what = next((ours for theirs, ours in _KNOWN if theirs in problem), OTHER)
    mark = getattr(fault, "problem_mark", None)
    opened = getattr(fault, "context_mark", None)
    if what in _OPENED and opened and (mark is None or opened.line < mark.line):
        mark = opened
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    here = Sentence(
        "{file}, line {line:d}, column {column:d}: this is not YAML. {what}",
        file=file,
        line=line,
        column=column,
        what=what,
    )
    if not 0 < changed < line:
        return here
    return Sentence("{fault} Your first change is in line {line:d}.", fault=here, line=changed)
