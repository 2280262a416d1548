"""Names of people in a text and the roles it gives them: "Jonas, my deputy" -> "my deputy"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_ROLES = (
    r"(?:deputy|boss|manager|director|assistant|colleague|peer|mentor|lead|leader|supervisor|"
    r"foreman|chief|predecessor|"
    r"successor|secretary|partner|co-?founder|postdoc|student|intern|apprentice|trainee|engineer|"
    r"developer|designer|"
    r"analyst|consultant|nurse|doctor|surgeon|sister|brother|teacher|principal|head|accountant|"
    r"controller|officer|"
    r"sergeant|captain|coordinator|administrator|receptionist|cook|chef|waiter|driver|technician|"
    r"mechanic|carer|vet|"
    r"hygienist|pharmacist|salesman|rep|buyer|planner|scientist|researcher|professor|dean|pastor|"
    r"priest|volunteer|"
    r"treasurer|chair|president|owner|client|customer|friend|wife|husband|son|daughter|mother|"
    r"father|cousin|counterpart|"
    r"team lead(?:er)?|line manager|project manager|product owner|vice|second in command|right hand|"
    r"number two|"
    r"new hire|junior|senior|successor|programme manager|area manager|shift leader|head of \w+)"
)
_ROLE_PHRASE = rf"(?P<role>(?:my|our) (?:(?!{_ROLES}\b)[a-z][\w-]*\s+){{0,2}}{_ROLES})"
_NAME = r"(?P<name>(?-i:(?:(?:Mr|Mrs|Ms|Dr)\.? )?[A-Z][\w-]+))"
_GIVES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_NAME}\s*[,(]\s*{_ROLE_PHRASE}(?=\s*[,).;:!]|\s+who\b|$)",
        rf"\b{_ROLE_PHRASE}\s*,?\s+{_NAME}(?=\W|$)",
        rf"\b{_NAME}\s+(?:is|was)\s+{_ROLE_PHRASE}\b",
        rf"\b{_ROLE_PHRASE}(?:['’]s name)?\s+(?:is|is called|called|named)\s+{_NAME}\b",
    )
)
_NOT_NAMES = frozenset(
    """
    I Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June
    July August September October November December HR IT CEO CFO CTO The A And But So He She They It We
    My Our This That When If Then Now Today Yesterday Last In On At English German French
    """.split()  # noqa: SIM905 a list of words reads best as words
)


def role_words(text: str, names: Sequence[str] = ()) -> dict[str, str]:
    """Which role the text gives to which name.

    Args:
        text: a reflection.
        names: people known by name; others are recognised by the way the text introduces them.

    Returns:
        Name as written -> role with its "my" or "our", for example {"Jonas": "my deputy"}.
    """
    known = {name.split()[0].lower() for name in names if name.strip()} | {name.lower() for name in names}
    roles: dict[str, str] = {}
    for pattern in _GIVES:
        for found in pattern.finditer(text):
            name = found["name"]
            if name in _NOT_NAMES and name.lower() not in known:
                continue
            roles.setdefault(name, " ".join(found["role"].split()).lower())
    return roles


def with_roles(clause: str, roles: Mapping[str, str]) -> str:
    """The clause with each name replaced by its role, the introduction itself folded into one."""
    for name, role in roles.items():
        word, said = re.escape(name), re.escape(role).replace(r"\ ", r"\s+")
        clause = re.sub(rf"\b{word}\s*,\s*{said}\s*,(?=\s)", role, clause, flags=re.IGNORECASE)
        clause = re.sub(
            rf"\b{word}\s*,\s*{said}\b|\b{word}\s*\(\s*{said}\s*\)", role, clause, flags=re.IGNORECASE
        )
        clause = re.sub(rf"\b{said}\s*,\s*{word}\s*,(?=\s)", role, clause, flags=re.IGNORECASE)
        clause = re.sub(rf"\b{said}\s*,?\s+{word}\b", role, clause, flags=re.IGNORECASE)
        clause = re.sub(rf"\b{word}\b", role, clause)
    opens = clause[:1].islower() and any(clause.startswith(role) for role in roles.values())
    return clause[:1].upper() + clause[1:] if opens else clause
