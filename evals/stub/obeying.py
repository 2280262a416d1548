"""The stub that obeys its prompt: it reads the rendered messages, finds out which rules hold, and keeps them.

A rule that holds is rarely broken, one that is not there often, one that is only wished for now and then.
Chance is a hash of the request's seed, the rule and what was asked: the same request has the same answer, two
seeds have different noise, and two arms differ by nothing but their prompts. Nothing of the product is in it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from evals.stub.answers import fences
from evals.stub.rule_reading import FULL, GONE, HALF, strengths
from evals.stub.writing import Material, write

MISSED: Mapping[float, float] = {FULL: 0.0, HALF: 0.25, GONE: 0.60}
SLIP = 0.02  # of a section's rules, one is broken although it holds
WARM = 0.7  # up to this temperature; above it slips grow with its cube
POISONED = 0.45  # one example that breaks a rule is followed this often

_FENCE = re.compile(r"<([a-z]+)>\n.*?\n</\1>", re.DOTALL)
_HEADER = re.compile(r"^(?:Stage|Lens): .*$", re.MULTILINE)
_CLOSED = re.compile(
    r"\W*(?:so |and |but )?(?:do|does|did|is|are|was|were|has|have|had|can|could|would|will|should|isn't)\b",
    re.IGNORECASE,
)
_ADVISES = re.compile(
    r"\bhave you (?:tried|considered|thought)\b|\bwhat if you\b|\bhow about\b|\byou (?:could|should)\b",
    re.IGNORECASE,
)
_LONG_QUESTION, _LONG_MIRROR = 20, 25


def content(request: Mapping[str, Any]) -> str:
    """The text of the answer to one request.

    Args:
        request: the body of a chat completion: `messages`, `seed` and `temperature` are read.
    """
    told = [(str(one["role"]), str(one["content"])) for one in request["messages"]]
    system = "\n\n".join(text for role, text in told if role in ("system", "developer"))
    user = told[-1][1]
    beside = _HEADER.sub("", _FENCE.sub("", user)).strip()
    heat = _heat(request.get("temperature"))
    chances = _chances(system, beside, tuple(text for role, text in told if role == "assistant"))
    seed = str(request.get("seed", 0))
    broken = {rule for rule, chance in chances.items() if chance and _share(seed, rule, user) < chance}
    broken |= _slips(chances, seed, user, heat)
    return write(Material.of(fences(user), user), broken, _draw(seed, user))


def _heat(temperature: object) -> float:
    warm = float(temperature) if isinstance(temperature, int | float) else WARM
    return max(1.0, (warm / WARM) ** 3)


@lru_cache(maxsize=256)
def _chances(system: str, beside: str, examples: tuple[str, ...]) -> dict[str, float]:
    """For each rule how often it is broken under this prompt."""
    held = strengths(system, beside)
    found = {rule: MISSED[strength] for rule, strength in held.items()}
    for rule in poisoned(examples):
        found[rule] = max(found[rule], POISONED)
    return found


def poisoned(examples: Sequence[str]) -> set[str]:
    """Rules that the prompt's own examples break: what is shown is followed as well as what is said."""
    found: set[str] = set()
    for example in examples:
        try:
            shown = json.loads(example)
            mirror, asked = str(shown["mirror"]), [str(one["text"]) for one in shown["questions"]]
        except (ValueError, KeyError, TypeError):
            found.add("answer.form")
            continue
        signs = {
            "questions.three": len(asked) != 3,
            "questions.open": any(_CLOSED.match(one) for one in asked),
            "questions.why": any(re.match(r"\W*why\b", one, re.IGNORECASE) for one in asked),
            "questions.short": any(len(one.split()) > _LONG_QUESTION for one in asked),
            "questions.single": any(one.count("?") > 1 for one in asked),
            "questions.advice": any(_ADVISES.search(one) for one in asked),
            "mirror.you": bool(re.search(r"\b(?:I|my|me)\b", re.sub(r'"[^"]*"', "", mirror))),
            "mirror.short": len(mirror.split()) > _LONG_MIRROR,
            "mirror.one": bool(re.search(r"[.!?] [A-Z]", mirror)),
        }
        found |= {rule for rule, there in signs.items() if there}
    return found


def _slips(chances: Mapping[str, float], seed: str, user: str, heat: float) -> set[str]:
    """Rules that hold and are broken all the same: in each section one, in SLIP of the answers."""
    sections: dict[str, list[str]] = {}
    for rule, chance in chances.items():
        if not chance:
            sections.setdefault(rule.partition(".")[0], []).append(rule)
    draw = _draw(seed, user)
    return {
        rules[draw(f"slip in {section}", len(rules))]
        for section, rules in sections.items()
        if _share(seed, f"slip {section}", user) < min(0.9, SLIP * heat)
    }


def _share(seed: str, name: str, user: str) -> float:
    """A number from 0 up to 1 that hangs on nothing else."""
    digest = hashlib.sha256(f"{seed}\0{name}\0{user}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def _draw(seed: str, user: str) -> Any:
    return lambda name, count: int(_share(seed, f"draw {name}", user) * count)
