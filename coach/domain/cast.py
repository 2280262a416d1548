# ruff: noqa: E501 a pattern that is broken over lines cannot be read
"""Who else is in the story: the one person a question may mean by "her", or the group by the writer's word."""

from __future__ import annotations

import re

from coach.domain.tension import Tension

_HE = re.compile(r"\b(?:he|him|his|himself)\b|\bhe['’]", re.IGNORECASE)
_SHE = re.compile(r"\b(?:she|her|hers|herself)\b|\bshe['’]", re.IGNORECASE)
_SPEAKS = re.compile(
    r"\b(?:he|she) (?:\w+ )?(?:said|says|say|asks?|asked|told|tells|wrote|writes|smiled|laughed|thanked|nodded|thinks|"
    r"applied|resigned|works|worked|knows|knew|stays|corrects)\b",
    re.IGNORECASE,
)  # a cat does none of these
_ENOUGH = 3  # pronouns; fewer, and the person is an aside
_MOST_OTHERS = 0.34  # as a share: with two people about, "her" may be either
_GROUP = re.compile(
    r"\b(?P<whose>my|our|the) (?:whole |shelter |night |support |product |field )?"
    r"(?P<group>team|people|crew|staff|ladies|colleagues|guys|lads|girls|drivers|nurses|foremen|trustees|volunteers|"
    r"players|residents|helpers|others)\b(?!['’])",
    re.IGNORECASE,
)
_FORMS = {"he": ("he", "him", "his"), "she": ("she", "her", "her")}


def cast(text: str) -> list[Tension]:
    """The people of a text, each as a Tension whose slots a frame can use.

    Args:
        text: a reflection; may be empty.

    Returns:
        At most one of kind "person" with slots they, them, their ("she", "her", "her"), only when one person
        is clearly meant; at most one of kind "group" with the writer's word ("your team", "the nurses").
    """
    found: list[Tension] = []
    counts = {"he": len(_HE.findall(text)), "she": len(_SHE.findall(text))}
    most = max(counts, key=lambda who: counts[who])
    if (
        counts[most] >= _ENOUGH
        and _SPEAKS.search(text)
        and min(counts.values()) <= _MOST_OTHERS * counts[most]
    ):
        they, them, their = _FORMS[most]
        sure = min(0.5 + 0.06 * counts[most], 0.9)
        found.append(Tension("person", "", {"they": they, "them": them, "their": their}, sure, 0, 0))
    groups = [_called(match) for match in _GROUP.finditer(text)]
    if groups:
        group = max(dict.fromkeys(groups), key=groups.count)
        found.append(Tension("group", "", {"group": group}, min(0.45 + 0.08 * len(groups), 0.7), 0, 0))
    return found


def _called(match: re.Match[str]) -> str:
    """ "my nurses" -> "your nurses"; "the people" would be anybody."""
    word = match["group"].lower()
    own = match["whose"].lower() != "the" or word in ("team", "people", "staff")
    return f"{'your' if own else 'the'} {word}"
