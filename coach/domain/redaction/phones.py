"""Telephone numbers in international and national forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from coach.domain.redaction.addresses import Found

_RUN = re.compile(
    r"(?<![\w.,:/€$£%#+])"
    r"(?:\+\s?|\(\s?\+?)?\d"
    r"(?:[ ]?\(0\)[ ]?|(?: - | / | \.|\) ?[\-/]?|[ ./\-(]{1,2})?\d)+\)?(?:[ ./\-]{0,2}\d+)*"
    r"(?:[ ,]{0,2}(?:ext|extension|extn|x|durchwahl|poste)\.?[ :]?\d{1,6})?"
    r"(?![\w%€$£°]|[.,]\d| ?[%€$£])",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"\b(?:phone|telephone|tel|mobile|mob|cell|cellphone|call|called|calling|ring|rang|text|texted|dial|whatsapp|signal|reach"
    r"|fax|number|landline|handy|line|extension|ext|hotline|sms|direct|home|contact|reached|reachable|pager|desk)\b"
    r"[^.!?\n]{0,40}$",
    re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"\b(?:ext|extn|extension|durchwahl)\b\.?(?: no\.?| number| is| on)?[ :]*(\d{3,6})\b(?!%)", re.IGNORECASE
)
_DATE = re.compile(
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d{2})|(?:19|20)\d\d[-/.]\d{1,2}|\d{1,2}[-/.](?:19|20)\d\d)"
    r"(?:[ T,]+(?:\d{1,2}(?:[:.]\d{2})?.*)?|\s?[-/]\s?\d.*)?"
)
_THOUSANDS = re.compile(r"\+?\d{1,3}(?:([ .])\d{3})(?:\1\d{3})*")
_YEARS = re.compile(r"(?:19|20)\d\d(?:(?: ?[-/] ?| )(?:(?:19|20)\d\d|\d\d))+")
_RANGE = re.compile(r"\d{1,4} ?[-/] ?\d{1,4}")
_UNIT = re.compile(
    r"\s?(?:eur|usd|gbp|chf|euros?|dollars?|pounds|people|users|customers|units|hours|days|weeks|months|years|percent|k\b|m\b"
    r"|million|billion|km|kg|items|employees|orders|tickets|words|lines|pieces|seats|members|votes|points|views)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"(?:[€$£¥]|\b(?:eur|usd|gbp|chf|sek|nok|dkk|pln|inr|cny|jpy|rs|r\$|kr)\.?)\s?$", re.IGNORECASE
)


def phones(text: str) -> Iterator[Found]:
    """Telephone numbers: by their form, or by a word like "call" before them."""
    for found in _RUN.finditer(text):
        start, end = found.span()
        if text[start] == "(" and ")" not in found.group():
            start += 1
        if text[end - 1] == ")" and "(" not in text[start:end]:
            end -= 1
        before, after = text[max(0, start - 60) : start], text[end : end + 14]
        if _is_phone(text[start:end].strip(), before, after):
            yield start, end, "phone"
    for found in _EXTENSION.finditer(text):
        yield found.start(1), found.end(1), "phone"


def _is_phone(run: str, before: str, after: str) -> bool:
    bare = re.split(r"[ ,]*(?:ext|x|dur|pos)", run, maxsplit=1, flags=re.IGNORECASE)[0]
    digits = re.sub(r"\D", "", bare.replace("(0)", ""))
    if not 5 <= len(digits) <= 16 or _MONEY.search(before):
        return False
    if bare.startswith(("+", "(+")):
        return (
            len(digits) >= 8 and digits[0] != "0" and not (_UNIT.match(after) and _THOUSANDS.fullmatch(bare))
        )
    if _DATE.fullmatch(bare) or _YEARS.fullmatch(bare) or _UNIT.match(after):
        return False
    if re.fullmatch(
        r"\d+\.\d+|\d{1,2}[.:]\d{2} ?- ?\d{1,2}[.:]\d{2}|\d{1,2}-\d{1,2}(?: \d{1,2}-\d{1,2})+", bare
    ) or _steps(bare):
        return False
    cued = bool(_CUE.search(before))
    if _RANGE.fullmatch(bare):
        return (
            cued
            and len(digits) >= 6
            and not re.search(r"\b(?:between|from|to|about|around|budget)\W*$", before)
        )
    if _THOUSANDS.fullmatch(bare) and digits[0] != "0":
        return len(digits) == 9 and (cued or (digits[0] in "56789" and " " in bare))
    if len(set(re.findall(r"\D", bare))) == 0:  # digits only
        return (digits[0] == "0" and 9 <= len(digits) <= 13) or (cued and 6 <= len(digits) <= 13)
    return _formed(bare, digits) or (cued and len(digits) >= 6)


def _steps(bare: str) -> bool:
    """A row of numbers such as 10 20 30 40, and no telephone."""
    values = [int(part) for part in re.findall(r"\d+", bare)]
    steps = {later - earlier for earlier, later in pairwise(values)}
    return len(values) > 2 and len(steps) == 1 and steps <= {1, 2, 5, 10, 20, 25, 50, 100}


def _formed(bare: str, digits: str) -> bool:
    """National forms that stand without a word before them."""
    groups = re.findall(r"\d+", bare)
    if digits.startswith("00"):
        return len(digits) >= 10
    if digits[0] == "0" or bare.startswith("("):
        return 8 <= len(digits) <= 13
    if re.fullmatch(r"(?:1[ .\-])?\(?\d{3}\)?[ .\-]{1,2}\d{3}[ .\-]\d{4}", bare):
        return True
    if re.fullmatch(r"[78][ \-]?\(?\d{3}\)?[ \-]\d{3}[ \-]\d{2}[ \-]\d{2}", bare):
        return True
    if bare.startswith("555-"):
        return True
    if len(groups) == 2 and all(len(group) == 4 for group in groups):
        return bare[4] == " " and digits[0] in "35689" and not _YEARS.fullmatch(bare)
    lengths = [len(group) for group in groups]
    if lengths == [5, 5]:  # India
        return bare[5] in " -" and digits[0] in "6789"
    if len(lengths) == 2 and lengths[0] < 5 and lengths[1] in {5, 6, 7} and 8 <= len(digits) <= 11:
        return "." not in bare
    return 8 <= len(digits) <= 13 and len(groups) >= 3 and min(lengths) >= 2 and lengths != [4, 2, 2]
