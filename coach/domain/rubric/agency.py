"""`agency`: whether the question is after the member's own thinking, feeling, values and choices."""

from __future__ import annotations

import re
from dataclasses import dataclass

from coach.domain.rubric.exchange import Exchange, Finding
from coach.domain.rubric.heard import Heard
from coach.domain.rubric.lexicon import PEOPLE, word_list
from coach.domain.rubric.openness import DEGREE, asks_for_fact
from coach.domain.rubric.reading import AUX, WH, Kind, Reading
from coach.domain.rubric.words import Token, tokens

_FOR_THE_COACH = "The answer informs the coach, not the member; ask what it means to them."
_GOSSIP = "It is about somebody who is not here; ask what the member saw, felt or wants."
_YOU = word_list("you your yours yourself yourselves you're you've you'd you'll")
_THEY = word_list("he she they he's she's they're they've he'd she'd they'd")
_OF_SOMEBODY = word_list("your the his her their my our that this those these other a an")
_TITLES = word_list("mr mrs ms dr")
_PERSPECTIVE = word_list("might could would may")
_SAID = word_list(
    """
    say said tell told ask asked reply replied answer answered write wrote respond responded call called
    explain explained promise promised email emailed
    """
)
_SUBORDINATE = word_list("when if while as after before that because who which where until since")
_MEASURED = re.compile(
    r"how\s+(?:many|often|long|old|far|big|tall|soon|late|early|fast|quickly|recently|frequently|regularly|much\s+"
    r"(?:money|budget|time|does|did|is|do\s+you\s+(?:earn|pay|spend|drink|smoke|weigh)))\b",
    re.IGNORECASE,
)
_SEEN_FROM_HERE = re.compile(
    r"""\b(?:(?:as|(?:as|so)\s+far\s+as|from\s+what)\s+you\s+(?:can\s+|could\s+)?(?:see|saw|tell|understand|understood)
    |as\s+you\s+(?:hear|heard)|from\s+where\s+you\s+(?:stand|stood|sit|sat))\b|\b(?:in|to)\s+your\s+(?:eye|ear)s?\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ORGANISATION = re.compile(
    r"""\bwhat(?:'s|\s+is|\s+are|\s+was|\s+were)\s+(?:the|your)\s+(?!own\b)(?:[\w']+\s+){0,2}?(?:policy|policies|rules?|process|procedures?|
    structure|status|size|budget|deadline|headcount|industry|product|products|timeline|reporting\s+line|contract|job\s+description)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_MADE_THEM = re.compile(
    r"""\b(?:what|why|how|who)(?:'s|'re|'d)?\s+(?:\w+\s+){0,2}?(?P<at>(?:(?!about\b|in\b|on\b|at\b|of\b|for\b|to\b|next\b|this\b)\w+\s+|(?:going\s+on|wrong|up|the\s+matter|happening)\s+with\s+|happened\s+(?:to|with)\s+)?
    (?:him|her|them|his|their|(?-i:(?!I\b|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Christ|East)[A-Z][a-z]+))\b)(?![^?]*\b(?:hard|difficult|easy|matters?|important|heavy|might|could|would)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_ABOUT_THEM = re.compile(
    r"\b(?i:tell\s+me|talk|say)\b[^.?]{0,40}?\babout\s+(?P<at>(?:him|her|them|(?:your|the|his|her)\s+(?P<who>\w+)|[A-Z][a-z]+))\W*$"
)


@dataclass(frozen=True, slots=True)
class _Subject:
    start: int
    end: int
    aux: str
    rest: tuple[str, ...]  # the words after it


def agency(_exchange: Exchange, reading: Reading, _heard: Heard) -> Finding | None:
    """Fail on a fact for the coach and on gossip about an absent third person."""
    return _fact(reading) or _gossip(reading)


def _fact(reading: Reading) -> Finding | None:
    fact = asks_for_fact(reading)
    if fact and (fact.reason != DEGREE or _MEASURED.match(reading.clause)):
        return Finding(_FOR_THE_COACH, fact.span)
    hit = _ORGANISATION.search(reading.text)
    return Finding(_FOR_THE_COACH, hit.span()) if hit else None


def _gossip(reading: Reading) -> Finding | None:
    if reading.kind in (Kind.NOTHING, Kind.STATEMENT) or _SEEN_FROM_HERE.search(reading.clause):
        return None
    subject = _third_subject(reading)
    if subject:
        towards_you = _YOU & set(subject.rest)
        spoken = _SAID & set(subject.rest[:2])
        if subject.aux in _PERSPECTIVE or (towards_you and not spoken):
            return None
        return Finding(_GOSSIP, (subject.start, subject.end))
    if not _YOU & {token.word for token in tokens(reading.clause)} and not _about_a_quotation(reading):
        made = _MADE_THEM.search(reading.text, reading.core, reading.ask[1])
        if made:
            return Finding(_GOSSIP, made.span("at"))
    about = _ABOUT_THEM.search(reading.text, reading.core, reading.ask[1])
    if about and (about.group("who") is None or about.group("who").lower() in PEOPLE):
        return Finding(_GOSSIP, about.span("at"))
    return None


def _about_a_quotation(reading: Reading) -> bool:
    """ "How might "say everything" sound to a man who …": what the member said, from another seat."""
    opening = [token.word for token in tokens(reading.clause)][:2]
    return '"' in reading.clause and bool(_PERSPECTIVE & set(opening))


def _third_subject(reading: Reading) -> _Subject | None:
    """The subject of the asking clause when it is an absent person: "what did *she* say"."""
    words = tokens(reading.clause)
    at = 0
    while at < min(len(words), 3) and re.fullmatch(
        rf"{WH}(?:'s|'d|'re|'ll)?|in|to|at|with|from|for|on|about|exactly|else", words[at].word
    ):
        at += 1
    at = _past_noun(words, at)
    aux = ""
    if at < len(words) and re.fullmatch(AUX, words[at].word):
        aux = words[at].word
        at += 1
    if at >= len(words) or at == 0:
        return None
    length = _length_of_person(reading, words[at:])
    if length == 0:
        return None
    rest = _main_clause(words[at + length :])
    offset = reading.core
    return _Subject(offset + words[at].start, offset + words[at + length - 1].end, aux, rest)


def _past_noun(words: tuple[Token, ...], at: int) -> int:
    """Past the noun in "what kind of person is she", to the auxiliary."""
    for ahead in range(at, min(at + 4, len(words))):
        if words[ahead].word in _YOU or words[ahead].word in _THEY:
            return at
        if re.fullmatch(AUX, words[ahead].word):
            return ahead
    return at


def _length_of_person(reading: Reading, words: tuple[Token, ...]) -> int:
    head = words[0]
    if head.word in _THEY or head.word in PEOPLE:
        return 1
    if head.word in _OF_SOMEBODY:
        for count, token in enumerate(words[1:4], start=2):
            if token.word.endswith("'s"):
                return 0  # "your boss's silence" is a thing between them
            if token.word in PEOPLE:
                return count
        return 0
    if head.word in _TITLES and len(words) > 1 and not words[1].word.endswith("'s"):
        return 2
    shown = reading.clause[head.start : head.end]
    named = shown[:1].isupper() and shown[1:].islower() and len(shown) > 2
    return 1 if named and not head.word.endswith("'s") else 0


def _main_clause(words: tuple[Token, ...]) -> tuple[str, ...]:
    kept: list[str] = []
    for token in words:
        if token.word in _SUBORDINATE:
            break
        kept.append(token.word)
    return tuple(kept)
