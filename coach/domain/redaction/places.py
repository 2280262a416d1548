"""Street addresses and postcodes that are precise enough to find a home."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coach.domain.redaction.addresses import Found

_NAME = r"[^\W\d_a-z][\w'\-]+"
_KIND = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Crescent|Close|Terrace|Square|Sq"
    r"|Gardens|Grove|Hill|Park|Place|Pl|Row|Walk|Way|Mews|Parkway|Pkwy|Highway|Circle|Quay|Rise|Parade|Wharf|Green)"
    r"\b\.?"
)
_FLAT = r"(?:Flat|Apt|Apartment|Unit|Suite|#) ?\w{1,5}"
_ENDING = (  # of street names in German, Dutch, the Nordic languages
    r"(?:strasse|str\.|gasse|weg|allee|platz|straat|laan|plein|gracht|gatan|vagen|vej|gade|veien|gata|katu|dreef"
    r"|damm|ufer|kade)"
)
_FRENCH = r"(?:rue|avenue|av\.|boulevard|bd|place|quai|impasse|allee|chemin|cours|route)"
_SOUTHERN = (  # Spanish, Italian, Portuguese, Polish
    r"(?:Calle|C/|Avenida|Avda\.?|Av\.|Plaza|Paseo|Carrer|Via|Viale|Piazza|Corso|Rua|Travessa|Praca|Largo"
    r"|ulica|ul\.|Aleja|al\.)"
)
_OF = r"(?: (?:de|del|du|des|di|da|do|dos|das|la|las|le|les|los|el|l'|d'))*"
_TOWN = (
    r"(?:,? (?:\d{1,2}[º°ª.]? ?[A-Z]?,? )?\d{4,6} [A-Z][\w\-]+)?"  # what may follow a street and its number
)
_STREETS = [
    re.compile(rf"\b(?:{_FLAT},? )?\d{{1,5}}[a-zA-Z]?,? (?:{_NAME} ){{1,4}}{_KIND}(?:,? {_FLAT}\b)?"),
    re.compile(rf"\b(?:{_NAME} )?{_NAME}{_ENDING} \d{{1,4}}(?: ?[a-zA-Z])?\b(?! ?\d)" + _TOWN),
    re.compile(rf"\b\d{{1,4}}(?: ?bis| ?ter)?,? {_FRENCH}{_OF}(?: ?[A-Z][\w'\-]+){{1,4}}" + _TOWN),
    re.compile(rf"\b{_SOUTHERN}{_OF}(?: [A-Z][\w'.\-]+){{1,4}},? (?:n[.o]* ?)?\d{{1,4}}\b" + _TOWN),
]
_STATES = (
    "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM"
    " NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY"
)
_POSTCODES = [
    re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b"),  # United Kingdom
    re.compile(r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d\b"),  # Canada
    re.compile(rf"(?<=, )(?:{'|'.join(_STATES.split())}) \d{{5}}(?:-\d{{4}})?\b"),  # United States
    re.compile(r"\bP\.? ?O\.? Box \d{2,6}\b", re.IGNORECASE),
]


def places(text: str) -> Iterator[Found]:
    """Street with number, post-office boxes, postcodes of a handful of houses."""
    for pattern in (*_STREETS, *_POSTCODES):
        for found in pattern.finditer(text):
            yield found.start(), found.end(), "place"
