"""Prompts that were spoilt on purpose, and prompts that were only worded differently.

Each operator takes the text of a prompt file and gives it back with one thing changed. What the change is
worth is known beforehand: a suite that does not see the strong ones is blind, one that fails the harmless
ones cries wolf. The operators are those of EVALS.md 3.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml

REWORDINGS = Path(__file__).parent / "data" / "rewordings.yaml"
EQUIVALENT = Path(__file__).parent / "data" / "equivalent_mutants.yaml"
NOISE_WORDS = 600

_NOISE = (
    "Peer groups meet in many places, from works canteens to quiet back offices.",
    "Some sit in a circle and some around a table that is too long.",
    "There is often coffee, and now and then somebody brings a cake.",
    "The room has windows on one side and a whiteboard that nobody has wiped.",
    "People arrive from trains and car parks and from the floor above.",
    "A round takes an hour or two, and the calendar knows the next one.",
)
_TELLS = re.compile(
    r"(?:Add|Answer|Ask|Avoid|Begin|Choose|Give|Keep|Leave|List|Make|Name|Pick|Prefer|Put|Repeat|Speak|Start|"
    r"Take|Turn|Use|Write)\b"
)
_CLOSED = "Did you tell them what you think?"


class Kind(StrEnum):
    """What a mutant is expected to do to the gate."""

    STRONG = "strong"  # has to fail
    HEDGED = "hedged"  # has to fail nearly always
    HARMLESS = "harmless"  # must not fail
    AA = "aa"  # the baseline itself: must not fail


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed prompt file.

    Attributes:
        id: operator and place, e.g. "delete/the-mirror-3"; stays the same while the prompt does.
        about: the line that was changed, for a reader.
        text: of the whole file.
    """

    id: str
    kind: Kind
    operator: str
    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One rule of the system block: a bullet, or a sentence that stands alone."""

    id: str
    text: str  # without its bullet
    whole: str  # as it stands in the file


def mutants(text: str, rewordings: Path = REWORDINGS) -> list[Mutant]:
    """Every mutant of a prompt file but A/A, strong ones first.

    Args:
        text: of the file.
        rewordings: the harmless ones.

    Raises:
        ValueError: a rewording does not fit the prompt any more; its id is named.
    """
    found = [*_by_line(text), *_structural(text)]
    return [*sorted(found, key=lambda one: one.kind is Kind.HEDGED), *_harmless(text, rewordings)]


def again(text: str, count: int) -> list[Mutant]:
    """The baseline itself, so many times."""
    return [Mutant(f"aa/{place + 1:02}", Kind.AA, "A/A", "nothing", text) for place in range(count)]


def reasons(file: Path = EQUIVALENT) -> dict[str, str]:
    """Mutants that change nothing, each with the reason."""
    found = yaml.safe_load(file.read_text(encoding="utf-8"))["equivalent"]
    return {str(one["id"]): str(one["reason"]) for one in found}


def lines(text: str) -> list[Line]:
    """The rules of a prompt file, in order."""
    found: list[Line] = []
    heading, place = "preamble", 0
    for whole in _system(text).split("\n"):
        if whole.startswith("- "):
            place += 1
            found.append(Line(f"{heading}-{place}", whole[2:], whole))
        elif re.search(r"[.!?]$", whole):
            place += 1
            found.append(Line(f"{heading}-{place}", whole, whole))
        elif whole.strip():
            heading, place = re.sub(r"\W+", "-", whole.strip().lower()), 0
    return found


# -- one rule at a time -----------------------------------------------------------------------------------


def _by_line(text: str) -> Iterator[Mutant]:
    for line in lines(text):
        about = line.text if len(line.text) <= 90 else f"{line.text[:87]}..."

        def made(kind: Kind, operator: str, changed: str, line: Line = line, about: str = about) -> Mutant:
            return Mutant(f"{operator}/{line.id}", kind, operator, about, changed)

        yield made(Kind.STRONG, "delete", text.replace(f"{line.whole}\n", "", 1))
        if not line.whole.startswith("- "):
            continue  # a sentence that only introduces can be left out, not turned round
        yield made(Kind.STRONG, "negate", text.replace(line.whole, f"- {negated(line.text)}", 1))
        yield made(Kind.STRONG, "contradict", _appended(text, f"- One more thing. {negated(line.text)}"))
        yield made(Kind.HEDGED, "hedge", text.replace(line.whole, f"- {hedged(line.text)}", 1))
        weak = weakened(line.whole)
        if weak != line.whole:
            yield made(Kind.HEDGED, "weaken", text.replace(line.whole, weak, 1))


def negated(rule: str) -> str:
    """The rule as something that need not be kept."""
    said = rule.rstrip(".").replace(";", ",")
    if hit := re.match(r"Never (?P<act>[^:,]+)", said):
        return f"It is fine to {hit['act']}."
    if hit := re.match(r"Avoid (?P<what>[^:,]+)", said):
        return f"It is fine to use {hit['what']}."
    if hit := re.match(r"While (?P<when>[^,]+), do not (?P<act>.+)", said):
        return f"While {hit['when']}, it is fine to {hit['act']}."
    if _orders(said):
        return f"There is no need to {said[:1].lower()}{said[1:]}."
    return f"This no longer applies: {said[:1].lower()}{said[1:]}."


def hedged(rule: str) -> str:
    """The rule as a wish."""
    said = rule.rstrip(".").replace(";", ",")
    if said.startswith("Never "):
        return f"Try not to {said.removeprefix('Never ')}."
    if _orders(said):
        return f"Try to {said[:1].lower()}{said[1:]}."
    return f"{said}, if possible."


def weakened(rule: str) -> str:
    """The rule with a vague word where a number was."""
    for pattern, vague in (
        (r"at most \d+ words", "not too many words"),
        (r"under \d+ words", "fairly short"),
        (r"exactly (?:three|two|four|\d+)", "some"),
    ):
        rule = re.sub(pattern, vague, rule)
    return rule


def _orders(said: str) -> bool:
    """Whether a rule begins with a verb that tells what to do."""
    return bool(_TELLS.match(said))


# -- the prompt as a whole --------------------------------------------------------------------------------


def _structural(text: str) -> Iterator[Mutant]:
    def made(operator: str, about: str, changed: str) -> Mutant:
        return Mutant(f"whole/{operator}", Kind.STRONG, operator, about, changed)

    system, rules = _system(text), lines(text)
    orders = [line for line in rules if re.search(r"\borders\b", line.text)]
    form = [line for line in rules if '"mirror": "' in line.text]
    yield made("drop-delimiters", "the tags around the reflection", re.sub(r"</?reflection>\n", "", text))
    yield made("one-delimiter", "one pair of tags around everything", _one_fence(text))
    yield made("drop-orders", "both rules about orders in the material", _without(text, orders))
    for place in (1, 2, 3):
        yield made(f"poison-example-{place}", f"a closed question in example {place}", poisoned(text, place))
    shorter = re.sub(r"\nAnswer with the JSON object only\.", "", _without(text, form))
    yield made("drop-schema", "the line with the form, and its reminder", shorter)
    yield made("drop-passages-variable", "{{passages}} alone", text.replace("{{passages}}", "(none)"))
    for name in ("passages", "reflection"):
        yield made(f"drop-{name}", f"{{{{{name}}}}} and its input", _without_input(text, name))
    for one, other in (("reflection", "earlier"), ("stage", "lens"), ("reflection", "passages")):
        yield made(f"swap-{one}-{other}", f"{{{{{one}}}}} and {{{{{other}}}}}", _swapped(text, one, other))
    yield made(
        "role-only", "nothing but the role", text.replace(system, system.split("\n", 1)[0] + "\n\n", 1)
    )
    yield made(
        "noise", f"{NOISE_WORDS} words before the rules", text.replace(system, f"{_noise()}\n\n{system}", 1)
    )
    yield made("language", "French", re.sub(r"Write plain international English\.", "Write in French.", text))
    yield made("rules-to-user", "the rules in the last message", _moved(text, system))
    yield made("temperature", "1.5", re.sub(r"temperature: [\d.]+", "temperature: 1.5", text))


def poisoned(text: str, place: int) -> str:
    """A closed question as the lead of one example, counted from 1."""
    places = list(re.finditer(r'("questions": \[\{"text": )"(?:[^"\\]|\\.)*"', _body(text)))
    hit, begin = places[1 + place - 1], len(text) - len(_body(text))
    return f'{text[: begin + hit.start()]}{hit[1]}"{_CLOSED}"{text[begin + hit.end() :]}'


def _without(text: str, gone: Sequence[Line]) -> str:
    for line in gone:
        text = text.replace(f"{line.whole}\n", "", 1)
    return text


def _without_input(text: str, name: str) -> str:
    """The variable, its tags in the last message, and its declaration."""
    text = re.sub(rf"<{name}>\n\{{\{{{name}\}}\}}\n</{name}>\n*", "", text)
    return re.sub(rf"  - \{{name: {name},.*\n", "", text)


def _swapped(text: str, one: str, other: str) -> str:
    return re.sub(
        rf"\{{\{{({one}|{other})\}}\}}", lambda hit: f"{{{{{other if hit[1] == one else one}}}}}", text
    )


def _one_fence(text: str) -> str:
    """Every tag of the last message gone, and one pair around all of it."""
    head, user, tail = text.rpartition("\nuser:\n")
    inner = re.sub(r"</?[a-z]+>\n?", "", tail)
    return f"{head}{user}<material>\n{inner.strip()}\n</material>\n"


def _moved(text: str, system: str) -> str:
    role, rules = system.split("\n", 1)
    text = text.replace(system, f"{role}\n\n", 1)
    head, user, tail = text.rpartition("\nuser:\n")
    named = re.sub(r"<([a-z]+)>", r"\1", rules.strip())  # a tag that is only named would open a fence there
    return f"{head}{user}{named}\n\n{tail}"


def _noise() -> str:
    words = " ".join(_NOISE).split()
    return " ".join((words * (NOISE_WORDS // len(words) + 1))[:NOISE_WORDS]) + "."


def _appended(text: str, line: str) -> str:
    system = _system(text)
    return text.replace(system, f"{system.rstrip()}\n{line}\n\n", 1)


def _body(text: str) -> str:
    return text.split("\n---\n", 1)[1]


def _system(text: str) -> str:
    """What stands between `system:` and the first `user:`."""
    hit = re.search(r"^system:\n(.*?)^user:$", text, re.DOTALL | re.MULTILINE)
    if hit is None:
        raise ValueError("The prompt has no system block before its first user block.")
    return hit[1]


# -- harmless ---------------------------------------------------------------------------------------------


def _harmless(text: str, file: Path) -> Iterator[Mutant]:
    for one in yaml.safe_load(file.read_text(encoding="utf-8"))["rewordings"]:
        changed = text
        for find, put in zip(one["find"], one["put"], strict=True):
            if find not in changed:
                raise ValueError(f"The rewording {one['id']} does not fit the prompt any more: {find!r}.")
            changed = changed.replace(find, put)
        yield Mutant(
            f"harmless/{one['id']}", Kind.HARMLESS, str(one["kind"]), str(one["find"][0])[:90], changed
        )
