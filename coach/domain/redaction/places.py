"""Street addresses and postcodes that are precise enough to find a home."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coach.domain.redaction.addresses import Found

_NAME = r"[^\W\d_a-z][\w'\-]+"
_KIND = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Crescent|Close|Terrace|Square|Sq|Gardens|Grove"
    r"|Hill|Park|Place|Pl|Row|Walk|Way|Mews|Parkway|Pkwy|Highway|Circle|Quay|Rise|Parade|Wharf|Green)\b\.?"
)
_FLAT = r"(?:(?:Flat|Apt|Apartment|Unit|Suite|#) ?\w{1,5},? )?"
_STREETS = [
    re.compile(
        rf"\b{_FLAT}\d{{1,5}}[a-zA-Z]?,? (?:{_NAME} ){{1,4}}{_KIND}(?:,? (?:Flat|Apt|Apartment|Unit|Suite|#) ?\w{{1,5}}\b)?"
    ),
    re.compile(
        rf"\b(?:{_NAME} )?(?:{_NAME})?(?:strasse|str\.|gasse|weg|allee|platz|straat|laan|plein|gracht|gatan|vagen|vej|gade|veien|gata|katu|dreef|damm|ring|ufer|kade) \d{{1,4}} ?[a-zA-Z]?\b"
    ),
    re.compile(
        r"\b\d{1,4}(?: ?bis| ?ter)?,? (?:rue|avenue|av\.|boulevard|bd|place|quai|impasse|allee|chemin|cours|route)(?: (?:de|du|des|la|le|les|l'|d'))*(?: ?[A-Z][\w'\-]+){1,4}"
    ),
    re.compile(
        r"\b(?:Calle|C/|Avenida|Avda\.?|Av\.|Plaza|Paseo|Carrer|Via|Viale|Piazza|Corso|Rua|Travessa|Praca|Largo|ulica|ul\.|Aleja|al\.)(?: (?:de|del|di|da|do|dos|das|la|las|los|el))*(?: [A-Z][\w'.\-]+){1,4},? (?:n[.o]* ?)?\d{1,4}\b"
    ),
]
_POSTCODES = [
    re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b"),  # United Kingdom
    re.compile(r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d\b"),  # Canada
    re.compile(
        r"(?<=, )(?:A[KLRZ]|C[AOT]|DE|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]) \d{5}(?:-\d{4})?\b"
    ),
    re.compile(r"\bP\.? ?O\.? Box \d{2,6}\b", re.IGNORECASE),
]


def places(text: str) -> Iterator[Found]:
    """Street with number, post-office boxes, postcodes of a handful of houses."""
    for pattern in (*_STREETS, *_POSTCODES):
        for found in pattern.finditer(text):
            yield found.start(), found.end(), "place"
