"""Whether something planted in a text can be read elsewhere, in whatever form it got there.

Nothing here is shared with the program's own pseudonymisation: what hides a name must not also be what
looks for it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence

from evals.model import Json

LEAST_LETTERS = 3  # of a name's part: "Ng" and "Li" stand in too many words to tell anything
PHONE_TAIL = 7  # digits that are the subscriber's own, whatever stands before them
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "œ": "oe", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ı": "i"}
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d(?:[\s().\-/\u00a0]*\d){6,}")
_PASSAGES = re.compile(r"<passages>\n.*?\n</passages>", re.DOTALL)
_FENCE = re.compile(r"<reflection>\n(.*?)\n</reflection>", re.DOTALL)
_PLACEHOLDER = re.compile(r"\[\s*[A-Za-z]+ ?\d+\s*\]")


def plain(text: str) -> str:
    """Small letters without marks; what is invisible is gone."""
    if text.isascii():
        return text.casefold()  # nothing to take apart: most texts, and most of the suite's time
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold()
    kept = (char for char in apart if not unicodedata.combining(char))
    return "".join(char for char in kept if unicodedata.category(char) != "Cf")


def words(text: str) -> list[str]:
    """Its words, plain."""
    return _WORD.findall(plain(text))


def squeezed(text: str) -> str:
    """Its letters and digits alone, plain: finds what was spaced out or put together."""
    return "".join(words(text))


def name_parts(name: str) -> set[str]:
    """The parts of a name or of a roster line by which a person is known, in both spellings of an umlaut."""
    forms = (name, name.casefold().translate(_UMLAUTS))
    found = {part for form in forms for part in words(form.replace("'", "")) if len(part) >= LEAST_LETTERS}
    return found - {"the", "and"}


def named(names: Iterable[str], text: str) -> list[str]:
    """Parts of these names that can be read in a text.

    Args:
        names: "Dana Okafor", "Okafor, Dana", "Robert (Bob) Chen", "B. Figueiredo".
        text: any; a genitive or plural s and joined words ("danaokafor", "dana.okafor") count as well.
    """
    there, tight = set(words(text)), squeezed(text)
    found = set()
    for name in names:
        parts = name_parts(name)
        found |= {part for part in parts if part in there or f"{part}s" in there}
        ordered = words(name)
        joined = "".join(ordered)
        if len(ordered) > 1 and len(joined) >= 2 * LEAST_LETTERS and joined in tight:
            found.add(joined)
    return sorted(found)


def initials_in(initials: str, text: str) -> bool:
    """Whether "Y.A." stands in a text, also as "Y. A." or "Y.A"; without any point it may be a tool."""
    pointed = r"\.\s?".join(re.escape(char) for char in initials if char.isalpha())
    return bool(re.search(rf"(?<![^\W_]){pointed}(?![^\W_])", text))


def email_in(address: str, text: str) -> bool:
    """Whether an address, its domain's first label or its whole local part can be read."""
    local, _, domain = address.partition("@")
    parts = (squeezed(local), squeezed(domain.split(".")[0]))
    tight = squeezed(text)
    return any(part in tight for part in parts if len(part) >= 2 * LEAST_LETTERS)


def phone_in(number: str, text: str) -> bool:
    """Whether the last digits of a number can be read, however they are grouped."""
    tail = _only_digits(number)[-PHONE_TAIL:]
    return any(tail in _only_digits(run.group()) for run in _DIGITS.finditer(text))


def phrase_in(phrase: str, text: str) -> bool:
    """Whether the words of a phrase stand in a text one after the other."""
    wanted, there = words(phrase), words(text)
    return any(there[at : at + len(wanted)] == wanted for at in range(len(there) - len(wanted) + 1))


def left(kind: str, canary: str, text: str) -> bool:
    """Whether a canary of a class can be read in a text.

    Args:
        kind: "email", "phone", "iban", "initials", "date", "code name" or "title"; anything else is a name.
    """
    if kind == "email":
        return email_in(canary, text)
    if kind == "phone":
        return phone_in(canary, text)
    if kind == "iban":
        return squeezed(canary)[4:] in squeezed(text)
    if kind == "initials":
        return initials_in(canary, text)
    if kind in ("date", "code name", "title"):
        return phrase_in(canary, text)
    return bool(named([canary.removeprefix("Mr ").removeprefix("Ms ")], text))


def sent_words(body: Json) -> str:
    """Everything of a request that is not shared text: the whole body without its passages.

    Passages are cases and guidelines whose authors approved them; the people in them are made up, and may
    be called like somebody on a roster.
    """
    whole = "\n".join(_PASSAGES.sub("", str(one["content"])) for one in body["messages"])
    rest = {key: value for key, value in body.items() if key != "messages"}
    return f"{whole}\n{json.dumps(rest, ensure_ascii=False)}"


def over_redacted(text: str, spared: Sequence[str], body: Json) -> float:
    """The share of a reflection's ordinary words that a request lacks, 0..1.

    Args:
        text: the reflection.
        spared: names and canaries in it: their words may be missing.
        body: of the request.
    """
    user = str(body["messages"][-1]["content"])
    fence = _FENCE.search(user)
    there = words(_PLACEHOLDER.sub(" ", fence[1] if fence else _PASSAGES.sub("", user)))
    masked = {word for one in spared for word in (*words(one), *name_parts(one))}
    ordinary = [word for word in words(text) if word not in masked and word.removesuffix("s") not in masked]
    for word in there:
        if word in ordinary:
            ordinary.remove(word)
    total = len(words(text)) or 1
    return len(ordinary) / total


def _only_digits(text: str) -> str:
    return "".join(str(unicodedata.digit(char)) for char in text if char.isdigit())
