"""A question the writer asks themselves, as a part of a sentence to them.

"What have I been doing since Leeds?" -> "what you have been doing since Leeds"
"""

from __future__ import annotations

import re

from coach.domain.second_person import to_second_person

_WHAT = (
    r"(?:(?:and|but|so|or|then) )?(?P<what>(?:(?:in|with|for|on|from|to|at) )?"
    r"(?:what|how|who|whom|where|why|when|which|whose)(?: \w+){0,2}?) "
)
_AUX = r"(?P<aux>am|was|have|had|can|could|should|would|will|must|do)"
_ABOUT_WHAT = re.compile(rf"{_WHAT}{_AUX} I\b(?P<rest>.*)", re.IGNORECASE)
_WHETHER = re.compile(rf"(?:(?:and|but|so|or|then) )?{_AUX} I\b(?P<rest>.*)", re.IGNORECASE)
_IS_IT_ME = re.compile(r"(?:(?:and|but|so|or) )?(?P<aux>is|was) it (?:just )?me", re.IGNORECASE)
_PAST_OR_STATE = {"am": "are", "was": "were", "do": ""}
_ENDS = re.compile(r"[\s?!.…]+$")


def indirect(question: str) -> str | None:
    """The question as it stands after "You ask yourself".

    Args:
        question: one sentence as written, its mark included.

    Returns:
        The words in the second person; None when it is no question about the writer, or when the order of
        its words cannot be changed with certainty ("did I ..." would need another form of the verb).
    """
    asked = _ENDS.sub("", " ".join(question.split()))
    if not question.rstrip().endswith("?") or re.search(
        r"[“”\"?:;–—]|\b(?:you|your|we|us)\b|\b(?:or|and) \w+ I\b", asked, re.I
    ):
        return None
    if found := _IS_IT_ME.fullmatch(asked):
        return f"whether it {found['aux'].lower()} you"
    found = _ABOUT_WHAT.fullmatch(asked) or _WHETHER.fullmatch(asked)
    if found is None:
        return None
    rest = to_second_person(f"I {found['rest'].strip()}") if found["rest"].strip() else "you"
    if rest is None or not rest.lower().startswith("you"):
        return None
    aux = _PAST_OR_STATE.get(found["aux"].lower(), found["aux"].lower())
    opening = (found.groupdict().get("what") or "whether").lower()
    return " ".join(f"{opening} you {aux} {rest[3:].strip()}".split())
