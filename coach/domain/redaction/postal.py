"""Whole addresses that are told by the postcode at their end, whatever their street is called (kind place).

"Flat 402, Sai Residency, 3rd Cross, Koramangala, Bengaluru 560034": a number, then names with commas between
them, then a code. The list of words for a street has no end; codes are few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from coach.domain.redaction.words import MONTHS, WEEKDAYS

# Forms that stand for nothing else, and bare rows of figures behind a name: "Bengaluru 560034".
_SURE = (
    r"(?:[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}"  # United Kingdom
    r"|(?:[A-Z]{2} )?[A-Z]\d[A-Z] ?\d[A-Z]\d"  # Canada
    r"|[A-Z]\d[\dW] [A-Z\d]{4}"  # Ireland
    r"|\d{5}-\d{3}|\d{4}-\d{3}|\d{3}-\d{4}|\d{2}-\d{3}"  # Brazil, Portugal, Japan, Poland
    r"|\d{4} [A-Z]{2}"  # the Netherlands
    r"|(?:[A-Z]{2,3} )\d{4,5}(?:-\d{4})?"  # United States, Australia
    r"|\d{3} \d{2}|\d{3} \d{3}|(?!(?:19|20)\d\d\b)\d{4,6})"
)
_HOUSE = (
    r"(?:(?:[Ff]lat|[Aa]pt\.?|[Aa]partment|[Uu]nit|[Hh]ouse|[Pp]lot|[Dd]oor|[Bb]lock|[Bb]lk\.?|No\.?)"
    r" ?(?:[Nn]o\.? ?)?)"
)
_NUMBER = r"#?(?:[A-Z]-?)?\d{1,5}[A-Za-z]?(?:[-/]\d{1,4}){0,3}"
_PIECE = (
    r"(?:[A-Z][\w'’.]{0,30}(?:-[A-Z]?[\w'’]{1,30})?|\d{1,5}(?:st|nd|rd|th|[A-Za-z])?"
    r"|#\d{1,3}-\d{1,4}|de|da|do|dos|das|del|la|el|of|the|von|van"
    r"|apto?|floor|fl|main|cross|stage|phase|sector|block|near|opp|off)"
)
_NAME = r"[A-Z][\w'’\-]{1,30}"
_TOWN = rf"{_NAME}(?:(?: (?:de|da|do|am|an der|del))? {_NAME})?(?: ?/ ?{_NAME})?"
_COUNTED = r"(?:EUR|USD|GBP|INR|KES|NGN|ZAR|BRL|JPY|people|units|pcs)"
_ADDRESS = re.compile(
    rf"(?<![\w.,/#-])(?:{_HOUSE}{_NUMBER}|{_NUMBER})"
    rf"(?P<middle>(?:,? | - ){_PIECE}(?:(?:,? | - ){_PIECE}){{1,11}}?)"
    rf"(?:, \d{{4,6}} {_TOWN}|(?:,? | - ){_SURE})(?![\w%€$£]|[-.,:/]\d| {_COUNTED}\b)"
)
_WORD = re.compile(r"[^\W\d_]+")


def postal(text: str) -> Iterator[tuple[int, int]]:
    """Addresses from the house to the postcode: a comma and two names at least stand between the two."""
    at = 0
    while found := _ADDRESS.search(text, at):
        at = found.end()
        if _is_address(found["middle"]):
            yield found.span()
        else:
            at = found.start() + 1


def _is_address(middle: str) -> bool:
    words = [word for word in _WORD.findall(middle) if word[0].isupper()]
    low = {word.lower() for word in words}
    return "," in middle and len(words) >= 2 and not low & (MONTHS | WEEKDAYS)
