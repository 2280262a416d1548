"""Numbers that point at a person: bank accounts, cards, telephones, ids. Dates, sums and counts stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coach.domain.redaction.addresses import Found
from coach.domain.redaction.references import STANDARDS

# Length of an IBAN by country: SWIFT IBAN registry.
_COUNTRIES_BY_LENGTH = {
    15: "NO",
    16: "BE",
    18: "DK FI FO GL NL",
    19: "MK SI",
    20: "AT BA EE KZ LT LU XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "PT",
    26: "IS TR",
    27: "FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HU LB PL",
    29: "BR EG PS QA UA",
    30: "JO KW MU",
    31: "MT SC",
    32: "LC",
}
_IBAN_LENGTH = {code: size for size, codes in _COUNTRIES_BY_LENGTH.items() for code in codes.split()}
_IBAN = re.compile(r"(?<![A-Za-z0-9])(?=([A-Za-z]{2} ?\d{2}(?:[ .\-]?[A-Za-z0-9]){10,30}))")
_CARD = re.compile(r"(?<![\w.,/\-])\d(?:[ \-.]?\d){12,18}(?![\w]|[.,/\-]\d)")
_FOURS = re.compile(r"\d{4}([ \-.])\d{4}\1\d{4}\1\d{4}|\d{4}([ \-])\d{6}\2\d{5}")
_IDS = re.compile(
    r"(?<![\w\-.])(?:"
    r"\d{3}-\d{2}-\d{4}"  # United States
    r"|[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]"  # United Kingdom, insurance
    r"|[XYZ]-?\d{7}-?[A-Z]|\d{8}-?[A-HJ-NP-TV-Z]|[A-HJ-NP-SUVW]-?\d{7}[0-9A-J]"  # Spain
    r"|\d{2} \d{3} \d{3} \d{3}(?! ?(?:[€$£%]|(?i:eur|usd|gbp|chf|people|units)))"  # Germany, taxes
    r"|[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z]"  # Italy
    r"|[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3}(?: ?\d{2})?"  # France
    r"|\d{3}\.\d{3}\.\d{3}-\d{2}"  # Brazil
    r"|(?:19|20)?\d{6}[-+]\d{4}|\d{6}[-+A]\d{3}[0-9A-Z]"  # Nordic countries
    r"|756\.\d{4}\.\d{4}\.\d{2}"  # Switzerland
    r"|\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"  # Belgium
    r"|\d{4} \d{4} \d{4}|[A-Z]{5}\d{4}[A-Z]"  # India
    r"|\d{2}(?:-\d{2}){3}|[a-z]{1,2}\d{6,9}"  # hospitals, universities
    r")(?![\w\-]|\.\d)"
)
_TICKET = re.compile(
    r"(?<![\w\-/])[A-Z][A-Z0-9]{1,9}[-_#]\d{3,12}(?![\w\-]|\.\d)"
    r"|(?<![\w\-])[A-Z]{1,5}\d{5,10}[A-Z]?(?![\w\-])"
    r"|(?<![\w\-])(?!(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|JPY|CNY|INR|BRL|ZAR|AUD|CAD|NZD|KES|NGN|PHP|MXN|RM|RS|KR|CO|ISO|EN|DIN)\b)"
    r"[A-Z]{2,3} \d{6,8}(?![\w\-]|[.,]\d)"
)
_STANDARD = re.compile(rf"^(?:{'|'.join(sorted(STANDARDS))}|Q\d|H\d)[-_#]?\d")
_CUES = (
    r"employee|staff|badge|personnel|payroll|customer|client|patient|case|ticket|order|account|policy|member"
    r"|membership|contract|invoice|passport|visa|licen[cs]e|nhs|tax"
    r"|national insurance"
    r"|social security|ssn|sin|bsn|cpf|dni|nif|pesel|iban|sort code|routing|id|file|claim|reference|ref"
    r"|p-no|pers(?:onal)?\.?[- ]?(?:no|nr)|personalnummer|personeelsnummer"
    r"|student|payslip|candidate|requisition|matricule|matriculation|enrol?lment|locator|mrn|aadhaar|tfn|medicare|sn|serial"
)
_CUED = re.compile(
    rf"\b(?:{_CUES})\b"
    r"(?P<cue>(?:\s+(?:id|no|number|num|nr|code|card|ref|reference|is|was|ending))*"
    r"[.:#]*\s*(?:is |was )?(?:[:#=]\s*)?)"
    r"(?P<id>(?-i:[A-Z]{0,5})[-/]?\d[\dA-Z]*(?:[-/ .]\d[\dA-Z]*)*)(?![\w]|[.,]\d)",
    re.IGNORECASE,
)
# Behind the name of a national number there may be a few words first: "a tfn declaration with 123 456 782".
_NATIONAL = re.compile(
    r"\b(?:tfn|ssn|bsn|nino|nif|nie|dni|cpf|cnpj|pesel|aadhaar|abn|ahv|tin|ird|nhs|cnp|rut|curp|rfc|nric|bvn|nin"
    r"|social (?:security|insurance)|national (?:id|insurance)|tax (?:id|number|file)|steuer-?id|passport"
    r"|id card)\b"
    r"[^.!?;\n]{0,28}?(?<![\w.,€$£-])(?P<id>\d(?:[ .\-/]?\d){6,15})(?![\w%]|[.,]\d)",
    re.IGNORECASE,
)
# A year, a season, a date, a range: "order of", "case 12-14".
_WHEN = re.compile(
    r"(?:19|20)\d\d(?:[-/](?:19|20)?\d\d)?|(?:19|20)\d\d[-/](?:0?[1-9]|1[0-2])[-/](?:[0-2]?\d|3[01])"
    r"|(?:[0-2]?\d|3[01])[-/.](?:0?[1-9]|1[0-2])[-/.](?:19|20)\d\d|(?:0?[1-9]|1[0-2])/(?:19|20)\d\d|\d{1,2}-\d{1,2}"
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
        if re.search(r"[A-Z]{2}\d{2} $", text[: found.start()]):
            continue  # the tail of a parcel's number
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
        if not re.fullmatch(r"(?:(?:19|20)\d\d ?){3}", found.group()):
            yield found.start(), found.end(), "id"
    for found in _TICKET.finditer(text):
        number = re.sub(r"\D", "", found.group().split("-")[-1])
        year = re.fullmatch(r"(?:19|20)\d\d", number)
        if not _STANDARD.match(found.group()) and not year:
            yield found.start(), found.end(), "id"
    for found in _CUED.finditer(text):
        digits = sum(char.isdigit() for char in found["id"])
        bare = not found["cue"].strip() and found["id"].strip().isdigit() and digits < 5
        if digits >= 4 and not bare and not _WHEN.fullmatch(found["id"].strip()):
            lead = len(found["id"]) - len(found["id"].lstrip(" -/"))
            yield found.start("id") + lead, found.end("id"), "id"
    for found in _NATIONAL.finditer(text):
        if not _WHEN.fullmatch(found["id"]):
            yield found.start("id"), found.end("id"), "id"
    for found in _PIN.finditer(text):
        yield found.start(1), found.start(1) + len(found[1].rstrip(".,;:!?)")), "id"


def long_numbers(text: str) -> Iterator[Found]:
    """Nine digits or more in a row: nobody counts so far without a separator."""
    for found in re.finditer(r"(?<![\w.,€$£\-+])\d{9,}(?![\w]|[.,]\d)", text):
        yield found.start(), found.end(), "id"
