"""Dates of birth: a date beside "born", "DOB", "birthday" and the like. Every other date stays.

A full date or a month with a year counts within a few words of such a cue; a year alone only right behind it,
and only one in which somebody at work may have been born ("the idea was born in 2019" stays).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from coach.domain.redaction.addresses import Found

# First letters of the months in English, German, Dutch, French, Spanish, Italian and Portuguese.
_MONTH = (
    r"(?:jan|jen|ene|gen|feb|fev|fevr|mar|maa|mrt|apr|avr|abr|may|mai|mei|mag|maj|jun|jui|giu|jul|lug|aug|aou|ago"
    r"|sep|set|okt|oct|out|ott|nov|dec|dez|dic)[a-z]{0,8}\.?"
)
_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|\.|o)?"
_FULL = (
    rf"(?:\d{{1,2}} ?(?P<sign>[-./]) ?\d{{1,2}} ?(?P=sign) ?(?:{_YEAR}|\d\d)"
    rf"|{_YEAR}[-./]\d{{1,2}}[-./]\d{{1,2}}"
    rf"|{_DAY} (?:of |de )?{_MONTH},? (?:de |del )?{_YEAR}|{_MONTH} {_DAY},? {_YEAR}"
    rf"|{_DAY}[- ]{_MONTH}[- ](?:{_YEAR}|'?\d\d))(?![\w]|[-/.]\d)"
)
_WORDS = (
    r"(?:born|(?:came|come|comes) into the world|birth ?(?:dates?|certificates?)|date of birth"
    r"|dates of birth|d\.?o\.?b\.?|birth ?year"
    r"|year of birth|geboren|geb\.|geburtsdatum|jahrgang|geboortedatum|nee? le|date de naissance|nacid[oa]"
    r"|fecha de nacimiento|nat[oa] il|data di nascita|nascid[oa]|data de nascimento|fodt|fodd|urodzon[ya])"
)
_CUE = rf"(?:\b{_WORDS}(?!\w)|\bb\. ?(?=\d)|(?<=\()\* ?(?=\d))"
# Between the cue and the date: a few words of the same sentence, and no other event of a life.
_BETWEEN = (
    r"(?:(?!\b(?:joined|joins|started|starts|hired|came|moved|left|since|until|employed|founded|due)\b)"
    r"(?!\. )[^!?;\n]){0,40}?"
)
# One of these stands in every text that the patterns below could match.
_HINTS = (
    *("born", "birth", "into the world", "dob", "d.o.b", "gebor", "geb.", "geburts", "jahrgang", "geboorte"),
    *("ne le", "nee le", "ne en", "nee en", "naissance", "nacid", "nacimiento", "nato il", "nata il"),
    *("nascid", "nascita", "nascimento", "fodt", "fodd", "urodzon", "anniversaire", "cumpleanos"),
    *("b. ", "b.1", "b.2", "(*"),
)
_DATED = re.compile(rf"{_CUE}(?P<between>{_BETWEEN})(?<![\w./-])(?P<date>{_FULL})", re.IGNORECASE)
# Ideas are born, too, and a birthday is also a party: dates of these years only right behind "born".
_LATELY = re.compile(r"20(?:1[3-9]|[2-9]\d)")
_BIRTHDAY = re.compile(
    rf"\b(?:birth ?days?|geburtstag|anniversaire|cumpleanos)[,:]? ?\(?(?:(?!and )[a-z']+[,:]? ){{0,5}}"
    rf"(?P<date>{_FULL})",
    re.IGNORECASE,
)
_RIGHT_BEHIND = 8  # characters: " on the "
_AND_ANOTHER = re.compile(
    rf"[,;]?(?: and| und| et| y)? (?:[A-Z][\w.'-]* ?){{1,3}}(?:was |is )?(?:born )?(?:on |the |in |am )*"
    rf"(?P<date>(?i:{_FULL}))"
)
_DATE_FIRST = re.compile(
    rf"(?<![\w./-])(?P<date>{_FULL})"
    r"(?:,? (?:as|is|was|being|for|which is|\()|,|:| -)? ?"
    rf"(?:(?:as|is|my|our|his|her|their|the|a|[A-Z][\w-]*'s?) ){{0,2}}(?:{_CUE}|\bbirth ?days?\b)",
    re.IGNORECASE,
)
_YEAR_ALONE = re.compile(
    rf"(?:\bborn(?: and (?:raised|bred))?|\bgeboren|\bd\.?o\.?b\.?|\bdate of birth|\bbirth ?dates?"
    rf"|\bbirth ?year|\byear of birth|\bjahrgang|\bnee? en|\bnacid[oa] en|\bb\.|(?<=\()\*)"
    rf"[:,]?(?: (?:is|was|as|in|on|the|first|last|day|end|beginning|of|around|about|en|late|early|back))* ?"
    rf"(?P<date>(?:{_MONTH} |\d{{1,2}}[/.])?(?:19[2-9]\d|200\d|201[01])|'\d\d)(?![\w]|[-/.]\d)",
    re.IGNORECASE,
)


def births(text: str) -> Iterator[Found]:
    """Full dates near a word of birth, before or behind it, and years right behind one (kind birth)."""
    low = text.lower()
    if not any(hint in low for hint in _HINTS):
        return
    for found in _DATED.finditer(text):
        if len(found["between"]) > _RIGHT_BEHIND and _LATELY.search(found["date"]):
            continue
        yield _span(found)
        following = _AND_ANOTHER.match(text, found.end())
        while following:
            yield _span(following)
            following = _AND_ANOTHER.match(text, following.end())
    for found in _BIRTHDAY.finditer(text):
        if not _LATELY.search(found["date"]):
            yield _span(found)
    for pattern in (_DATE_FIRST, _YEAR_ALONE):
        for found in pattern.finditer(text):
            yield _span(found)


def _span(found: re.Match[str]) -> Found:
    return found.start("date"), found.end("date"), "birth"
