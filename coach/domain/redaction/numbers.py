"""Numbers that point at a person: bank accounts, cards, telephones, ids. Dates, sums and counts stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coach.domain.redaction.addresses import Found

# Length of an IBAN by country: SWIFT IBAN registry.
_IBAN_LENGTH = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21,
    "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27,
    "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
    "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24,
    "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29,
    "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29, "VA": 22,
    "VG": 24, "XK": 20,
}  # fmt: skip
_IBAN = re.compile(r"(?<![A-Za-z0-9])(?=([A-Za-z]{2} ?\d{2}(?:[ .\-]?[A-Za-z0-9]){10,30}))")
_CARD = re.compile(r"(?<![\w.,/\-])\d(?:[ \-.]?\d){12,18}(?![\w]|[.,/\-]\d)")
_FOURS = re.compile(r"\d{4}([ \-.])\d{4}\1\d{4}\1\d{4}|\d{4}([ \-])\d{6}\2\d{5}")
_IDS = re.compile(
    r"(?<![\w\-.])(?:"
    r"\d{3}-\d{2}-\d{4}"  # United States
    r"|[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]"  # United Kingdom, insurance
    r"|[XYZ]-?\d{7}-?[A-Z]|\d{8}-?[A-HJ-NP-TV-Z]"  # Spain
    r"|[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z]"  # Italy
    r"|[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3}(?: ?\d{2})?"  # France
    r"|\d{3}\.\d{3}\.\d{3}-\d{2}"  # Brazil
    r"|(?:19|20)?\d{6}[-+]\d{4}|\d{6}[-+A]\d{3}[0-9A-Z]"  # Nordic countries
    r"|756\.\d{4}\.\d{4}\.\d{2}"  # Switzerland
    r"|\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"  # Belgium
    r"|\d{4} \d{4} \d{4}|[A-Z]{5}\d{4}[A-Z]"  # India
    r"|\d{3}[ -]\d{3}[ -]\d{3}(?=[^\d\-.]|$)(?<!0{3})"  # nine digits in threes, tried again as a telephone
    r")(?![\w\-]|\.\d)"
)
_TICKET = re.compile(
    r"(?<![\w\-/])[A-Z][A-Z0-9]{1,9}[-_#]\d{3,12}(?![\w\-]|\.\d)|(?<![\w\-])[A-Z]{1,5}\d{5,10}[A-Z]?(?![\w\-])"
)
_STANDARD = re.compile(
    r"^(?:ISO|IEC|EN|DIN|BS|ANSI|NIST|RFC|ASTM|IEEE|COVID|FY|Q\d|H\d|IFRS|IAS|PEP|CVE|UTF|SHA|MD|AES|RSA|TLS|GPT|SOC|PCI|SLA"
    r"|ASVS|CIS|AS|NEN|UNI|NF|JIS|HTTP|WIN|OFFICE|AGENDA|VISION|STRATEGY|PLAN|GOAL|TARGET|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP"
    r"|OCT|NOV|DEC)[-_#]?\d",
)
_CUED = re.compile(
    r"\b(?:employee|staff|badge|personnel|payroll|customer|client|patient|case|ticket|order|account|policy|member|membership"
    r"|contract|invoice|passport|visa|license|licence|driving licence|driver's license|nhs|tax|national insurance|social"
    r" security|ssn|sin|bsn|cpf|dni|nif|pesel|iban|sort code|routing|id|file|claim|reference|ref|student|payslip|candidate"
    r"|requisition|matricule|aadhaar|tfn|medicare|sn|serial)\b"
    r"(?P<cue>(?:\s+(?:id|no|number|num|nr|code|card|ref|reference|is|was|ending))*[.:#]*\s*(?:is |was )?(?:[:#=]\s*)?)"
    r"(?P<id>(?-i:[A-Z]{0,5})[-/]?\d[\dA-Z]*(?:[-/ .]\d[\dA-Z]*)*)(?![\w]|[.,]\d)",
    re.IGNORECASE,
)
_PIN = re.compile(
    r"\b(?:pin|passcode|password|otp|access code|door code)(?:\s+(?:is|was|code))*[:\s]+(\S*\d\S*)",
    re.IGNORECASE,
)


def ibans(text: str) -> Iterator[Found]:
    """International bank account numbers: right length for the country, or right check digits (ISO 13616)."""
    for found in _IBAN.finditer(text):
        chars = [(place, char) for place, char in enumerate(found[1]) if char.isalnum()]
        code = "".join(char for _, char in chars).upper()
        length = _IBAN_LENGTH.get(code[:2])
        for size in [length] if length else []:
            if size > len(code):
                continue
            end = found.start() + chars[size - 1][0] + 1
            closed = end == len(text) or not text[end].isalnum()
            digits = sum(char.isdigit() for char in code[:size])
            if closed and 2 * digits >= size and (found[1][:2].isupper() or _mod97(code[:size])):
                yield found.start(), end, "iban"
                break


def _mod97(code: str) -> bool:
    moved = code[4:] + code[:4]
    if not moved.isascii():
        return False
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def cards(text: str) -> Iterator[Found]:
    """Payment cards: 13 to 19 digits with a right check digit (Luhn), or written as cards are."""
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        if _FOURS.fullmatch(found.group()) or (_luhn(digits) and digits[0] in "23456"):
            yield found.start(), found.end(), "card"


def _luhn(digits: str) -> bool:
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def ids(text: str) -> Iterator[Found]:
    """National, employee and ticket numbers, and what follows a word like "badge number"."""
    for found in _IDS.finditer(text):
        if not re.fullmatch(r"\d{3}[ -]\d{3}[ -]\d{3}|(?:(?:19|20)\d\d ?){3}", found.group()):
            yield found.start(), found.end(), "id"
    for found in _TICKET.finditer(text):
        number = re.sub(r"\D", "", found.group().split("-")[-1])
        year = re.fullmatch(r"(?:19|20)\d\d", number)
        if not _STANDARD.match(found.group()) and not year:
            yield found.start(), found.end(), "id"
    for found in _CUED.finditer(text):
        digits = sum(char.isdigit() for char in found["id"])
        bare = not found["cue"].strip() and found["id"].strip().isdigit() and digits < 5
        if (
            digits >= 4
            and not bare
            and not re.fullmatch(r"(?:19|20)\d\d(?:[-/](?:19|20)?\d\d)?", found["id"].strip())
        ):
            lead = len(found["id"]) - len(found["id"].lstrip(" -/"))
            yield found.start("id") + lead, found.end("id"), "id"
    for found in _PIN.finditer(text):
        yield found.start(1), found.start(1) + len(found[1].rstrip(".,;:!?)")), "id"


def long_numbers(text: str) -> Iterator[Found]:
    """Nine digits or more in a row: nobody counts so far without a separator."""
    for found in re.finditer(r"(?<![\w.,€$£\-+])\d{9,}(?![\w]|[.,]\d)", text):
        yield found.start(), found.end(), "id"
