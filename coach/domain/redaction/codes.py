"""Codes in one word, "QX7LPM", "88417C", and number plates, "LK19 ZRT": figures and capitals mixed (kind id).

Many figures are enough. With few it takes a word beside them, such as "booking" or "plate": A320 and B2B are
nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from coach.domain.redaction.addresses import Found
from coach.domain.redaction.references import FILED, STANDARDS

FEWEST = 4  # figures of a code without a word beside it
_WORD = re.compile(r"(?<![\w\-/.,#@€$£])(?=[A-Z0-9]*[A-Z])(?=[A-Z0-9]*\d)[A-Z0-9]{5,20}(?![\w%€$£]|[.,]\d)")
# A year with its quarter or half, a sum or a measure, a standard.
_COUNTED = re.compile(
    r"(?:19|20)\d\d[A-Z]\d?|[A-Z]{1,3}(?:19|20)\d\d|[A-Z]\d(?:FY)?\d\d|\d+[A-Z]{1,3}|(?:EUR|USD|GBP|CHF)\d+"
    rf"|(?:{'|'.join(sorted(STANDARDS, key=len, reverse=True))})\d+"
)
_LONG_TAIL = re.compile(r"\d{5,}[A-Z]{1,2}")  # "88417C" is no measure
_UNITS = re.compile(r"\d+(?:EUR|USD|GBP|CHF|KG|KM|KW|KWH|MW|MB|GB|TB|ML|MM|CM|M|K|T|L|W|V|A|H|X|AM|PM|PX)")
_BOOKED = re.compile(
    rf"\b(?:{FILED}|book(?:ing|ed)|reservation|reserved|confirmation|locator|pnr|voucher|plates?|reg|tag|badge|locker"
    r"|flight|key)\b[^.!?;\n]{0,32}$",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"(?<![\w\-/.,#])(?:"
    r"(?P<sure>[A-Z]{2}\d{2} [A-Z]{3}"  # Britain
    r"|[A-Z]{1,3}-[A-Z]{1,2} \d{1,4}[EH]?"  # Germany
    r"|[A-Z]{3} \d{3} ?[A-Z]{1,2}|[A-Z]{2}[ \-]\d{3}[ \-][A-Z]{2}"  # Kenya, France and Italy
    r"|[A-Z]{2}[ \-]?\d{1,2}[ \-]?[A-Z]{1,2}[ \-]?\d{4})"  # India
    r"|(?=[A-Z\- ]{0,12}\d)(?=[\d\- ]{0,12}[A-Z])[A-Z\d]{1,4}(?:[ \-][A-Z\d]{1,6}){1,3})(?![\w\-]|[.,]\d)"
)
_VEHICLE = re.compile(
    r"\b(?:plates?|registration|reg|registered|tag|car|van|bakkie|lorry|truck|bus|vehicle|kennzeichen|parked|parking|camera|drives|drove|driving|driver|taxi|scooter|motorbike|pickup|trailer)\b[^.!?;\n]{0,16}$",
    re.IGNORECASE,
)


def codes(text: str) -> Iterator[Found]:
    """Booking, asset and licence codes, and number plates."""
    if not any(char.isdigit() for char in text):
        return
    for found in _WORD.finditer(text):
        if _is_code(found.group(), text[max(0, found.start() - 60) : found.start()]):
            yield found.start(), found.end(), "id"
    for found in _PLATE.finditer(text):
        beside = text[max(0, found.start() - 40) : found.start()]
        if found["sure"] or _VEHICLE.search(beside):
            yield found.start(), found.end(), "id"


def _is_code(word: str, before: str) -> bool:
    """Whether capitals and figures in one word are somebody's code."""
    if _UNITS.fullmatch(word) or (_COUNTED.fullmatch(word) and not _LONG_TAIL.fullmatch(word)):
        return False
    return sum(char.isdigit() for char in word) >= FEWEST or _BOOKED.search(before) is not None
