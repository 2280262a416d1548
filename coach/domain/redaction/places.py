"""Street addresses and postcodes that are precise enough to find a home."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coach.domain.redaction.addresses import Found
from coach.domain.redaction.common_words import COMMON
from coach.domain.redaction.given_names import GIVEN_NAMES
from coach.domain.redaction.postal import postal
from coach.domain.redaction.proper import PLACE_NAMES
from coach.domain.redaction.words import ASKING_MODALS, BEING, MONTHS, PAST, SAYING, WEEKDAYS, word_set

# With an end: without one, a long row of such signs takes half a minute.
_REST = r"[\w'.\-]{1,40}"
_NAME = r"[^\W\d_a-z][\w'\-]{1,40}"
_KIND = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Crescent|Close|Terrace|Square|Sq"
    r"|Gardens|Gdns|Grove|Hill|Park|Place|Pl|Row|Walk|Way|Mews|Parkway|Pkwy|Highway|Circle|Quay|Rise|Parade|Wharf|Green"
    r"|Cres|Gate|Trail|Alley|Croft|Esplanade|Embankment|Heights|Loop|Vale)"
    r"\b\.?"
)
_FLAT = r"(?:[Ff]lat|[Aa]pt\.?|[Aa]partment|[Uu]nit|Suite|#) ?\w{1,5}"
_ENDING = (  # of street names in German, Dutch, the Nordic languages
    r"(?:strasse|str\.|gasse|weg|allee|platz|straat|laan|plein|gracht|gatan|vagen|vej|gade|veien|gata|katu|dreef"
    r"|damm|ufer|kade)"
)
_FRENCH = r"(?:rue|avenue|av\.|boulevard|bd|place|quai|impasse|allee|chemin|cours|route)"
_SOUTHERN = (  # Spanish, Italian, Portuguese, Polish
    r"(?:Calle|C/|Cll\.?|Cra\.?|Carrera|Strada|Str\.|Jl\.?|Jln\.?|Jalan|Lorong|Avenida|Avda\.?|Av\.|Plaza|Paseo|Carrer|Via|Viale|Piazza|Corso|Rua|Travessa|Praca|Largo"
    r"|ulica|ul\.|Aleja|al\.)"
)
_OF = r"(?: (?:de|dei|degli|delle|della|dello|del|du|des|di|da|do|dos|das|la|las|le|les|los|el|l'|d'))*"
# What may follow a street and its number, or a box: a flat, then a town with or without its code.
_INSIDE = re.compile(
    r"(?:(?:,| -|/)? ?(?:flat|apto?|apartment|appt?|unit|suite|room|floor|int"
    r"|interno|scala|piso|puerta|esc|lgh|lok|m"
    r"|wohnung|whg|top|bus|etage|stock|\#)(?![a-z])\.? ?(?:\d\w{0,4}|[A-Z]\b)"
    r"|,? \d{1,2}(?:[oa.]|st|nd|rd|th|er|e)? ?"
    r"(?:izq|izda|dcha|dch|der|esq|dto|iz|stock|og|eg|etage|floor)\b\.?"
    r"|,? \d{1,2}(?:[oa.]|st|nd|rd|th|er|e)? ?[A-Z](?!\.?m\b)\b"
    r"|,? \#\d{1,3}-\d{1,4}|,? \d{1,2}\.?[oaºª]\.? (?:esq|dto|dta|fte|frente)\b\.?"
    r"|,? \d{1,2}[-/]\d{1,2}|[-/](?:\d{1,4}[a-z]?|[ivx]{1,4})|,? (?:bis|ter))(?!\w)",
    re.IGNORECASE,
)
_TOWN = re.compile(
    r"(?P<code>,? (?:[A-Z]{1,2}-)?\d{4,6}(?: [A-Z]{2})?|,? \d{3} \d{2}|,? \d{2}-\d{3})? ?(?P<comma>, ?)?"
    r"(?P<name>(?:Co\.? |County )?[A-Z][\w'\-]{1,40}(?: (?:am|an der|upon|de|del|sur|aan den|ob der))?"
    r"(?: (?![A-Z]{1,2}\d|[A-Z]{2,3} \d{4,5}\b)[A-Z][\w'\-]{1,40}){0,2})(?!\w)"
    r"(?P<behind>(?: cedex(?: \d\d)?|(?:,| -)? [A-Z]{2,3},? \d{4,5}(?:-\d{3,4})?)\b"
    r"|,? [A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|,? [A-Z]\d[\dW] [A-Z\d]{4}\b"
    r"|,? (?!(?:19|20)\d\d\b)\d{4,6}(?![\w%€$£]|[.,:]\d))?"
)
_BESIDE = re.compile(r"/[A-Z][\w'\-]{1,40}")
_NEXT = re.compile(r" ([a-z']+)")
_ESTATE = r"(?:Trading|Industrial|Business|Retail|Science|Enterprise|Technology|Logistics)"
_STREETS = [
    re.compile(
        rf"\b(?:Units?|Block|Building|Plot|Hall|Shed) ?\w{{1,4}},? (?:{_NAME} ){{1,3}}"
        rf"{_ESTATE} (?:Estate|Park|Centre|Center)\b"
    ),
    re.compile(
        rf"\b(?:{_FLAT},? )?(?:\d{{1,4}}/)?\d{{1,5}}[a-zA-Z]?,? (?:[NSEW]\.? )?"
        rf"(?:{_NAME} ){{1,4}}{_KIND}(?:,? {_FLAT}\b)?"
    ),
    re.compile(
        r"\b(?:Am|Im|Zum|Zur|An (?:der|den)|In (?:der|den)|Auf (?:der|dem)|Unter den|Hinter der)"
        r" [A-Z][a-z\-]{3,} \d{1,3}[a-z]?\b(?=,? (?:[A-Z]{1,2}-)?\d{4,5} [A-Z]|, [A-Z])"
    ),
    re.compile(rf"\b(?:{_NAME} )?{_NAME}{_ENDING} \d{{1,4}}(?: ?[a-zA-Z])?\b(?! ?\d)"),
    re.compile(rf"\b\d{{1,4}}(?: ?bis| ?ter)?,? {_FRENCH}{_OF}(?: ?[A-Z]{_REST}){{1,4}}"),
    re.compile(rf"\b{_SOUTHERN}{_OF}(?: [A-Z]{_REST}){{1,4}},? (?:[Nn][.o]* ?|# ?)?\d{{1,4}}\b"),
    re.compile(  # Turkey, Hungary
        rf"\b(?:{_NAME} ){{1,4}}(?:[Ss]oka(?:k|ğı)|[Ss]ok\.|Sk\.|[Cc]addesi|[Cc]ad\.|[Bb]ulvarı|utca|út|tér)"
        r"(?: No)?[.:]? ?\d{1,4}\b(?:[/ ]?[A-Z]?:? ?\d{1,3}\b)?"
    ),
    re.compile(
        r"\b(?:Calle|Carrera|Cll\.?|Cra\.?|Av\.?|Avenida) \d{1,3}[A-Z]? ?(?:#|[Nn]o\.?)"
        r" ?\d{1,3}[A-Z]? ?- ?\d{1,3}\b"
    ),
]
_ACTS = SAYING | PAST | BEING | ASKING_MODALS  # "12 Mill Lane, Sheffield was grey"
_TOWNS = word_set("bath reading cork deal hull sale bury rugby nice mold ware york london paris")
_STATES = (
    "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM"
    " NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY"
)
_POSTCODES = [
    re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b"),  # United Kingdom
    re.compile(r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d\b"),  # Canada
    re.compile(rf"(?<=, )(?:{'|'.join(_STATES.split())}) \d{{5}}(?:-\d{{4}})?\b"),  # United States
]
_BOXES = [
    re.compile(
        r"\b(?:P\.? ?O\.? ?Box|Post ?(?:Office )?Box|Postfach|Postbus|Postboks|Boite postale"
        r"|Apartado(?: de correos)?|Casella postale|Caixa postal|Skrytka pocztowa|Locked Bag|Private Bag)"
        r" (?:no\.? ?|n\.? ?)?\d{1,6}(?:-\d{5}|(?: \d{2,3})*)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\bB\.?P\.? (?:\d{4,6}\b|\d{1,3}(?=, [A-Z]))"),  # not a blood pressure
    re.compile(r"\bBox \d{2,6}(?=, \d{3} ?\d{1,3} [A-Z])"),
]


def places(text: str) -> Iterator[Found]:
    """Street with number, flat and town, post-office boxes, postcodes of a handful of houses."""
    found = list(postal(text))
    for pattern in (*_STREETS, *_BOXES):
        found += [(one.start(), _to_the_town(text, one.end())) for one in pattern.finditer(text)]
    for start, end in _joined(found):
        yield start, end, "place"
    for pattern in _POSTCODES:
        for one in pattern.finditer(text):
            yield one.start(), one.end(), "place"


def _joined(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What overlaps is one address."""
    whole: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if whole and start < whole[-1][1]:
            whole[-1] = whole[-1][0], max(end, whole[-1][1])
        else:
            whole.append((start, end))
    return whole


def _to_the_town(text: str, end: int) -> int:
    """Take the flat and the town along: "Carrer de Mallorca 212, 3-2", "9 Wicker Lane, Sheffield"."""
    for _ in range(2):
        inside = _INSIDE.match(text, end)
        end = inside.end() if inside else end
    for _ in range(2):  # the town, and its country
        town = _TOWN.match(text, end)
        if town is None or not _is_town(text, town):
            break
        end = town.end()
    beside = _BESIDE.match(text, end)  # "Kadikoy/Istanbul"
    return beside.end() if beside else end


def _is_town(text: str, found: re.Match[str]) -> bool:
    """With a code it is one; without, behind a comma, if it does nothing and is no word or first name."""
    if found["code"] or found["behind"]:
        return True
    first = found["name"].split()[0].lower()
    after = _NEXT.match(text, found.end())
    verb = after[1] if after else ""
    acts = verb in _ACTS or (verb.endswith("ed") and len(verb) > 4)
    person = first in GIVEN_NAMES and first not in PLACE_NAMES
    return (
        bool(found["comma"])
        and not acts
        and not person
        and first not in (COMMON | WEEKDAYS | MONTHS) - _TOWNS
    )
