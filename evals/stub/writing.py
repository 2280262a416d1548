"""Composes the obeying stub's answer: a mirror and three questions that keep all but the broken rules."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from evals.stub.mirroring import Draw, Mirror, reflect, sentences, unnamed
from evals.stub.phrases import BREAKS, FIGURES, FRENCH, GRAVE, LENS_NAMES, STAGE_NAMES, STEMS

LENSES = tuple(STEMS)
STAGES = ("arrive", "explore", "reframe", "options", "commit", "look back")
_NOTHING = "(none)"
# What a fault that is named in <failed> is called there, and the rule whose failure it is.
_FAULTS = {
    "one": "questions.single",
    "open": "questions.open",
    "noadvice": "questions.advice",
    "nowhy": "questions.why",
    "brief": "questions.short",
    "nonleading": "questions.granted",
    "nonjudging": "questions.judging",
    "agency": "questions.others",
    "ownwords": "questions.clause",
    "mirror": "mirror.facts",
}
_ORDER = re.compile(
    r"[^.!?\n]*\b(?i:ignore|forget|disregard|override|you are now|new task)\b[^\n]*?"
    r"\b(?P<goal>[A-Z]{6,}(?:-[A-Z0-9]+)?)\b[^.!?\n]*[.!?]?"
)


@dataclass(frozen=True, slots=True)
class Material:
    """What the last message of a request holds.

    Attributes:
        reflection, earlier, passages, asked, failed: between the tags; "" where there is nothing.
        stage, lens: as the headers say.
    """

    reflection: str
    stage: str = "explore"
    lens: str = "self"
    earlier: str = ""
    passages: str = ""
    asked: str = ""
    failed: str = ""

    @classmethod
    def of(cls, fences: Mapping[str, str], whole: str) -> Material:
        """
        Args:
            fences: text by tag, and header lines by name in small letters.
            whole: the message, read as the reflection when nothing is fenced as one.
        """
        given = {tag: "" if text.strip() == _NOTHING else text for tag, text in fences.items()}
        parts = {tag: given.get(tag, "") for tag in ("earlier", "passages", "asked", "failed")}
        told = given.get("reflection", whole)
        return cls(told, given.get("stage", "explore"), given.get("lens", "self"), **parts)

    @property
    def turns(self) -> int:
        """How many reflections stand before this one."""
        return len(re.findall(r"^Reflection \d+:", self.earlier, re.MULTILINE))


def write(material: Material, broken: Set[str], draw: Draw) -> str:
    """The reply as a model sends it.

    Args:
        material: of the request.
        broken: ids of the rules (rules.yaml) that fail in this answer.
        draw: its chance; the same name gives the same number.
    """
    goal = _goal(material, broken)
    text = _ORDER.sub("", material.reflection).strip() or material.reflection
    broken = set(broken) | _unmended(material, broken)
    mirror = reflect(text, material.asked, broken, draw)
    questions = _questions(replace(material, reflection=text), mirror, broken, draw)
    said = mirror.said
    if "material.asked" in broken:
        said, questions = _again(material, said, questions)
    if "material.marks" in broken:
        said = f"You and [Person 77]: {said[:1].lower()}{said[1:]}"
    if goal:
        said = f"{goal} is what you asked for."
        questions[0]["text"] = f"{goal}, what else would you like to hear?"
    if "answer.english" in broken:
        said = FRENCH[0]
        for question, french in zip(questions, FRENCH[1:], strict=False):
            question["text"] = french
    concern = _concern(material.reflection, broken)
    return _enveloped({"concern": concern, "mirror": said, "questions": questions}, broken)


def _concern(text: str, broken: Set[str]) -> str:
    """What needs a person, by a few marks; without the rule on the rest, figures of speech as well."""
    for kind, marks in GRAVE.items():
        if f"concern.{kind}" not in broken and marks.search(text):
            return kind
    return "crisis" if "concern.none" in broken and FIGURES.search(text) else "none"


def _goal(material: Material, broken: Set[str]) -> str:
    """What an order in the material wants to hear, when it is followed."""
    inside = {"material.reflection": material.reflection}
    inside["material.orders"] = "\n".join([material.earlier, material.passages, material.asked])
    orders = (_ORDER.search(text) for rule, text in inside.items() if rule in broken)
    return next((order["goal"] for order in orders if order), "")


def _unmended(material: Material, broken: Set[str]) -> set[str]:
    """The faults of the first proposal that come again."""
    if "material.failed" not in broken:
        return set()
    named = re.findall(r"^- (\w+):", material.failed, re.MULTILINE)
    return {_FAULTS[name] for name in named if name in _FAULTS}


# -- questions --------------------------------------------------------------------------------------------


def _questions(material: Material, mirror: Mirror, broken: Set[str], draw: Draw) -> list[dict[str, Any]]:
    lenses = _lenses(material, broken, draw)
    faults = sorted(rule for rule in BREAKS if _applies(rule, material, broken))
    first = draw("fault", len(faults)) if faults else 0
    faults = faults[first:] + faults[:first]
    found = []
    for place, lens in enumerate(lenses):
        text = _kept(lens, mirror.word, material.asked, draw, place)
        # The lead fails for sure, the others as it comes: a model that misses a rule misses it often.
        if place < len(faults) or (faults and draw(f"also {place}", 2)):
            text = _broken(faults[place % len(faults)], text, mirror, material, draw)
        found.append({"text": text, "lens": lens, "stage": _stage(material.stage, place, broken, draw),
                      "sources": _sources(material, lens, broken)})  # fmt: skip
    if "place.lenses" in broken:
        found[draw("lens", 3)]["lens"] = LENS_NAMES[draw("lens name", len(LENS_NAMES))]
    if "place.stages" in broken:
        found[draw("stage", 3)]["stage"] = STAGE_NAMES[draw("stage name", len(STAGE_NAMES))]
    return found[: 2 + draw("count", 2) * 2] if "questions.three" in broken else found


def _applies(rule: str, material: Material, broken: Set[str]) -> bool:
    if rule not in broken:
        return False
    if rule == "material.passages":
        return bool(_passage(material))
    return rule != "place.early" or material.stage in ("arrive", "explore")


def _lenses(material: Material, broken: Set[str], draw: Draw) -> list[str]:
    lead = LENSES[draw("any lens", len(LENSES))] if material.lens == "any" else material.lens
    others = [one for one in LENSES if one != lead]
    turn = draw("lenses", len(others))
    others = others[turn:] + others[:turn]
    ahead = material.turns >= 2
    if ahead and "place.forward" in broken:
        others = [one for one in others if one != "future"]
        lead = others.pop() if lead == "future" else lead
    elif ahead and lead != "future":
        others = ["future", *(one for one in others if one != "future")]
    if "place.lead" in broken:
        others[0], others[1], lead = others[1], lead, others[0]
    if "place.differ" in broken:
        others = [lead, lead] if not ahead or draw("same", 2) else [others[0], others[0]]
    count = 3 if "questions.three" in broken and draw("count", 2) else 2
    return [lead, *others[:count]]


def _stage(told: str, place: int, broken: Set[str], draw: Draw) -> str:
    if "place.stage" not in broken or told not in STAGES or (place and draw(f"stage {place}", 2)):
        return told
    at = STAGES.index(told)
    far = [one for one in STAGES if abs(STAGES.index(one) - at) >= 2]
    return far[draw("far", len(far))]


def _sources(material: Material, lens: str, broken: Set[str]) -> list[str]:
    if "material.sources" in broken:
        return ["case.somebody-else", "https://example.org"]
    ids = re.findall(r"^id: (\S+)$", material.passages, re.MULTILINE)
    return ids[:1] if lens in ("system", "relationship") else []


def _kept(lens: str, word: str, asked: str, draw: Draw, place: int) -> str:
    stems = STEMS.get(lens, STEMS["self"])
    fresh = [one for stem in stems if (one := stem.format(w=word)) not in asked] or [stems[0].format(w=word)]
    return fresh[draw(f"stem {place}", len(fresh))]


def _broken(rule: str, kept: str, mirror: Mirror, material: Material, draw: Draw) -> str:
    ways = BREAKS[rule]
    clause = " ".join(mirror.sentence.split())
    longest = max((one.rstrip(".!?… ") for one in sentences(material.reflection)), key=len, default=clause)
    return ways[draw(f"way {rule}", len(ways))].format(
        w=mirror.word,
        f=unnamed(material.reflection, draw),
        c=" ".join(longest.replace('"', "").split()[:14]),
        o=kept.rstrip("?"),
        p=_passage(material),
    )


def _passage(material: Material) -> str:
    """A run of eight words from what others wrote; "" when there is none."""
    lines = [line for line in material.passages.split("\n") if not re.match(r"(?:id|kind|title): |#", line)]
    prose = re.sub(r"its author would ask: ", "", " ".join(lines)).split()
    return " ".join(prose[:8]).rstrip(".,;:?") if len(prose) >= 8 else ""


# -- around them ------------------------------------------------------------------------------------------


def _again(
    material: Material, said: str, questions: Sequence[dict[str, Any]]
) -> tuple[str, list[dict[str, Any]]]:
    """What was said before, once more."""
    mirrors = re.findall(r"^- mirror: (.+)$", material.asked, re.MULTILINE)
    before = re.findall(r"^- question: (.+)$", material.asked, re.MULTILINE)
    changed = [dict(question) for question in questions]
    if before:
        changed[0]["text"] = before[-1]
    return (mirrors[-1] if mirrors else said), changed


def _enveloped(proposal: dict[str, Any], broken: Set[str]) -> str:
    if "answer.form" in broken:
        asked = [question["text"] for question in proposal["questions"]]
        return json.dumps({"reflection": proposal["mirror"], "prompts": asked})
    if "answer.json" in broken:
        return f"Here is what came to mind:\n\n{json.dumps(proposal)}\n\nI hope this helps."
    return json.dumps(proposal)
