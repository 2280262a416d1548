"""Reference and file numbers: letters and figures in groups, "GR-24-0071-C", "#44817", "RP7 0042 118 3".

With signs between the groups the shape is enough. With spaces between them it takes a word such as "file",
"visa" or "tracking" before it, or so many figures that it can be nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from coach.domain.redaction.addresses import Found
from coach.domain.redaction.words import word_set

# Prefixes of standards, periods and the like: ISO-9001 is nobody's number.
STANDARDS = word_set(
    """
ISO IEC EN DIN BS ANSI NIST RFC ASTM IEEE COVID FY IFRS IAS PEP CVE UTF SHA MD AES RSA TLS GPT SOC PCI SLA CIS
ASVS AS NEN UNI NF JIS HTTP WIN OFFICE AGENDA VISION STRATEGY PLAN GOAL TARGET JAN FEB MAR APR MAY JUN JUL AUG
SEP OCT NOV DEC
"""
)
# And laws, clocks, weeks, sums of money.
_NOBODYS = STANDARDS | word_set(
    """
EU UTC GMT CET GDPR KW CW WK W AM PM AD BC EUR USD GBP CHF SEK NOK DKK PLN CZK HUF JPY CNY INR BRL ZAR AUD
CAD NZD KES NGN PHP MXN RM RS KR UK US USA JANUARY FEBRUARY MARCH APRIL JUNE JULY AUGUST SEPTEMBER OCTOBER
NOVEMBER DECEMBER
"""
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_PERIOD = re.compile(r"(?:Q|H|W|KW|CW|WK)\d{1,2}")
_JOINED = re.compile(
    r"(?<![\w\-/.])(?:[A-Z][A-Z0-9]{0,7}(?:[-/_][A-Z0-9]{1,10}){2,5}|\d{1,4}[-/][A-Z]{1,4}[-/]\d{2,8}(?:[-/]\w{1,4})?)"
    r"(?![\w\-/]|\.\d)"
)
_BY_YEAR = re.compile(r"(?<![\w\-/.,])(?:19|20)\d\d[-/](?:0\d{3,6}|\d{5,7})(?![\w\-/]|[.,]\d)")
_HASHED = re.compile(r"(?<![\w&/])#(?!(?:19|20)\d\d\b)\d{4,12}(?:[-/]\w{1,8})*(?!\w)")
_COURT = re.compile(
    r"(?<![\w\-/.,])(?:\d{1,3} [A-Z][A-Za-z]? \d{2,5}/\d{2}|\d{1,2}:\d{2}-[a-z]{2,4}-\d{3,6})(?![\w/]|[.,]\d)"
)
_SPACED = re.compile(
    r"(?<![\w\-/.,€$£#+])[A-Z0-9]{1,10}(?:[ \-/.][A-Z0-9]{1,12}){1,8}(?![\w\-/]|[.,]\d| ?[%€$£])"
)
# Words that stand beside somebody's number, whatever its form.
FILED = r"numbers?|no|licen[cs]e|permit|reference|ref|registration|serial|ticket|id|codes?"
_CUE = re.compile(
    rf"\b(?:{FILED}|nr|num|file|filed|case|claim|visa|passport|tracking|parcels?|pension|insurance|certificate"
    r"|application|matriculation|membership|policy|contract|order|shipment|consignment|barcode|docket|dossier"
    r"|account|card|uan|nino|personnel|form|residence)\b[^!?;\n]{0,24}$",
    re.IGNORECASE,
)


def references(text: str) -> Iterator[Found]:
    """Numbers by which somebody is filed: of cases, certificates, parcels, permits (kind id)."""
    if not any(char.isdigit() for char in text):
        return
    for found in _JOINED.finditer(text):
        if _files_somebody(found.group()):
            yield found.start(), found.end(), "id"
    for pattern in (_BY_YEAR, _HASHED, _COURT):
        for found in pattern.finditer(text):
            yield found.start(), found.end(), "id"
    for found in _SPACED.finditer(text):
        end = _without_the_sentence(text, found.start(), found.end())
        if _counts(text[found.start() : end], text[max(0, found.start() - 60) : found.start()]):
            yield found.start(), end, "id"


def _files_somebody(code: str) -> bool:
    """Figures enough beside the year, and no standard, quarter or month."""
    groups: list[str] = re.split(r"[-/_]", code)
    if set(groups) & _NOBODYS or any(_PERIOD.fullmatch(one) for one in groups):
        return False
    figures = [sum(char.isdigit() for char in one) for one in groups]
    besides = sum(size for size, one in zip(figures, groups, strict=True) if not _YEAR.fullmatch(one))
    return sum(figures) >= 4 and besides >= (2 if len(groups[0]) > 1 else 3)


def _without_the_sentence(text: str, start: int, end: int) -> int:
    """Leave the I of "that number 55 18 03 I know" to the sentence."""
    if text[end - 2 : end] in {" I", " A"} and text[end : end + 2].startswith(" ") and end - 2 > start:
        return end - 2
    return end


def _counts(code: str, before: str) -> bool:
    """Whether letters and figures in groups are a number of somebody's file."""
    groups: list[str] = re.split(r"[ \-/.]", code)
    figures = sum(char.isdigit() for char in code)
    named = bool(_CUE.search(before)) or bool(_CUE.search(groups[0]))
    if figures < (4 if named else 6) or figures == sum(map(len, groups)):
        return False
    if set(groups) & _NOBODYS or any(_PERIOD.fullmatch(one) for one in groups):
        return False
    years = all(_YEAR.fullmatch(one) for one in groups if any(char.isdigit() for char in one))
    if years or any(one.isalpha() and len(one) > (5 if named else 4) for one in groups):
        return False
    return named or (figures >= 10 and " " in code)
