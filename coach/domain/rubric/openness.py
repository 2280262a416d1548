"""`open`: whether the answer can go anywhere, judged by what a question does, not by its first word.

"Can you say more about that?" has the form of a closed question and opens; "How long have you
been there?" begins with "how" and asks for a figure.
"""

from __future__ import annotations

import re

from coach.domain.rubric.exchange import Exchange, Finding
from coach.domain.rubric.heard import Heard
from coach.domain.rubric.lexicon import DEGREES_FREE, word_list
from coach.domain.rubric.reading import WH, Kind, Reading

_TELLING = (
    r"(?:tell|say\s+(?:more|some|something|anything|what|how|a\s+(?:bit|little|word|few))|talk|describe|explain|share|walk|take\s+me|give\s+me|expand|elaborate|help\s+me|go\s+into|unpack|"
    r"paint|run\s+me|bring\s+me|put\s+(?:that|this|it)\s+into|speak\s+(?:more|to|about)|clarify|show\s+me|"
    r"think\s+of\s+(?:a|an|any|another|some|the)\s+(?:last\s+|recent\s+|other\s+)?(?:time|moment|example|situation|"
    r"occasion)|recall\s+a|remember\s+a|let\s+me\s+(?:know|hear))"
)
CLEAN = re.compile(
    rf"""(?:
      (?:can|could|would|will|might|may)\s+(?:you|we|i)\s+(?:please\s+|maybe\s+|perhaps\s+|possibly\s+|just\s+|also\s+|
        kindly\s+)*(?:hear\s+(?:more|a\s+(?:bit|little))|{_TELLING})
     |(?:would|are|do|might|will)\s+you\s+(?:be\s+)?(?:willing|able|happy|comfortable|open|ready|like|care|prepared|want|
        feel\s+able)\s+to\s+{_TELLING}
     |(?:would|do)\s+you\s+mind\s+(?:telling|saying|sharing|describing|explaining|talking|giving|walking|expanding)
     |(?:is|was|are|were)\s+there\s+(?:something|anything|more|other\s+things)\s+(?:else\b|more\b|to\b(?=.{{0,30}}(?:\?|$)))
     |is\s+there\s+(?:anything|something)\s+(?:that\s+)?(?:you(?:'d|\s+would)?\s+(?:like|want|wish|need)\s+to\s+(?:add|say|
        share|tell|talk|mention|ask)|about\s+(?:that|this|it)\b|(?:i|we)\s+(?:have|haven't))
     |(?:any|some)thing\s+(?:else|more|other)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_ELLIPTIC = re.compile(
    r"(?:such\s+as|for\s+(?:example|instance)|meaning|because|in\s+the\s+sense(?:\s+that)?|like|and|so|then|"
    r"as\s+in|namely|in\s+other\s+words|and\s+then|so\s+that|instead)\W*$",
    re.IGNORECASE,
)
_FACT_NOUN = (
    r"(?:names?|first\s+name|age|jobs?|job\s+title|title|occupation|profession|address|phone\s+number|number|birthday|"
    r"date|due\s+date|deadline|budget|salary|price|cost|height|weight|e-?mail|score|headcount|size|distance|temperature|"
    r"postcode|zip\s+code|major|grade|nationality|rank|target|percentage|ratio|rate|diagnosis|dose|schedule|time|day|"
    r"year|month|maiden\s+name|blood\s+pressure|position|hometown)"
)
_FACT_WHAT = re.compile(
    rf"""(?:at|on|in|by|from|since|until|for|to)?\s*what(?:'s|'re)?\s+(?:
      (?:exact\s+)?(?:time|day|date|year|month|week|age|grade|number|percentage|percent|proportion|amount|size|colou?r|
        city|town|country|state|county|school|college|university|company|department|floor|room|hospital|medications?|brand|
        dose|dosage|language|languages|street|address|channel|team|team\s+size|price|score|frequency)
        (?!\s+(?:of\s+(?:day\s+)?would|would|do\s+you\s+want\s+to\s+be))\b
     |(?:is|was|are|were|'s)?\s*(?:your|his|her|their|the|its|our|\w+'s)\s+(?:\w+\s+)?{_FACT_NOUN}\b(?!-)
        (?=\s*(?:[?.!,]|$|of|for|on|in|at|now|again|right|these\s+days|currently|going))
     |(?:is|was)\s+(?:he|she|it|that|this|they)\s+called
     |do(?:es)?\s+(?:you|he|she|they|your\s+\w+)\s+do\s+for\s+(?:a\s+living|work)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_OPEN_WHERE = re.compile(
    r"""where(?:'s)?\s+(?:
      (?:else\s+)?in\s+(?:your|the|this|that|all)\b
     |(?:else\s+|exactly\s+)?(?:do|would|could|might|will|did)\s+(?:you|we)\s+(?:\w+\s+)?(?:see|feel|sense|notice|draw|find\s+yourself|stand|begin|
        want|like|think|imagine|hope|learn|place|put|recogni[sz]e|hold|need)
     |(?:does|do|did|would|will|might|could)\s+(?:this|that|it|these|those|the\s+\w+)\s+(?:leave|come\s+from|take|sit|land|
        lead|show|live|fit|go\s+in|touch|hurt|pinch)
    )|where\s+are\s+you\s+(?:with|in|on|now|right\s+now|at)""",
    re.IGNORECASE | re.VERBOSE,
)
_OPEN_WHO = re.compile(
    r"whose\s+(?:x+\b|['\"]|should|voice|words?|needs?|rules?|expectations?|fear|life|story|idea|job\s+is\s+it|standards?|dream|wish|eyes|"
    r"responsibility|approval|opinion|permission|burden)|who(?:m)?\s+(?:else|would|might|could|benefits?|pays?|loses?|gains?|has\s+a\s+stake|are\s+you|do\s+you\s+(?:want|need|"
    r"hope|become|think|feel|see|imagine|wish)|were\s+you|will\s+you\s+be|matters|carries|in\s+your)",
    re.IGNORECASE,
)
_OPEN_WHEN = re.compile(
    r"when\s+(?:else\b|(?:is|was|has|does|do|did|are|were)\b[^?]*\b(?:different|otherwise|easier|lighter|well|least|most|best|enough)\b)",
    re.IGNORECASE,
)
_OPEN_WHICH = re.compile(
    r"(?:in\s+which\s+ways?|which\s+(?:part|parts|side|sides|piece|pieces|aspects?|bit|bits|moments?|thoughts?|feelings?|"
    r"words?|values?|voice|need|needs|version)\b)",
    re.IGNORECASE,
)
_HOW_MUCH = re.compile(
    r"how\s+(?P<degree>many|much|often|long|old|far|big|tall|soon|late|early|fast|quickly|recently|frequently|"
    r"regularly|[a-z]+)\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_MEASURES = word_list(
    """
    many much often long old far big tall soon late early fast quickly recently frequently
    """
)
_SCALE = re.compile(
    r"on\s+a\s+scale|(?:from|of)\s+(?:one|1|zero|0)\s+to\s+(?:ten|five|seven|10|5|7|100)|out\s+of\s+(?:ten|10|five|5)\b|"
    r"\byes\s+or\s+no\b|\bmore\s+or\s+less\s*\?",
    re.IGNORECASE,
)
_TELLS_FACT = re.compile(
    r"(?:tell\s+(?:me|us)|say|know|explain|clarify|remind\s+me)\s+(?P<at>(?:whether|if|when|where|which|who|what|how|"
    r"your|his|her|their|the)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_OPEN_TAIL = re.compile(r"\b(?:whether|if)\b", re.IGNORECASE)

YES_NO = "It can be answered with yes or no; begin with what or how, or invite: tell me about …"
FACT = "It asks for a fact; one word answers it and the thinking stays where it was."
DEGREE = "It asks for a degree or a number; ask what it is like instead."
STATEMENT = "It puts a statement to be confirmed; ask what or how, and let the member say it."
NO_QUESTION = "It does not ask anything yet."


def open_(_exchange: Exchange, reading: Reading, _heard: Heard) -> Finding | None:
    """Fail when the question, as it is asked, wants yes, no, a figure or a fact."""
    if reading.kind is Kind.NOTHING:
        return Finding(NO_QUESTION)
    return _judge(reading.text, reading.core, reading.ask[1], reading.kind)


def asks_for_fact(reading: Reading) -> Finding | None:
    """The finding when a question word is spent on a figure or a fact, for `open` and `agency`."""
    return _fact(reading.text, reading.core, reading.ask[1]) if reading.kind is Kind.WH else None


def _judge(text: str, at: int, end: int, kind: Kind) -> Finding | None:
    clause = text[at:end]
    scale = _SCALE.search(clause)
    if scale:
        return Finding(DEGREE, (at + scale.start(), at + scale.end()))
    if kind is Kind.WH:
        return _fact(text, at, end)
    if kind is Kind.REQUEST or CLEAN.match(clause):
        return _told_fact(text, at, end)
    if kind is Kind.AUX:
        return Finding(YES_NO, (at, min(end, at + _first_words(clause, 2))))
    if _ELLIPTIC.match(clause):
        return None
    if "?" in clause:
        return Finding(STATEMENT, (at, end))
    return Finding(NO_QUESTION, (at, end))


def _fact(text: str, at: int, end: int) -> Finding | None:
    clause = text[at:end]
    word = re.match(rf"(?:\w+\s+)?(?P<wh>{WH})", clause, re.IGNORECASE)
    if word is None:
        return None
    which = word.group("wh").lower()
    bare = clause[word.start("wh") :]
    if which == "how":
        return _degree(bare, at + word.start("wh"))
    closed = (
        _FACT_WHAT.match(clause)
        or (which == "when" and not _OPEN_WHEN.match(bare))
        or (which == "where" and not _OPEN_WHERE.match(bare))
        or (which in ("who", "whom", "whose") and not _OPEN_WHO.match(bare))
        or (which == "which" and not _OPEN_WHICH.match(clause))
    )
    return Finding(FACT, (at, at + _first_words(clause, 3))) if closed else None


def _degree(clause: str, at: int) -> Finding | None:
    hit = _HOW_MUCH.match(clause)
    if hit is None:
        return None
    word = hit.group("degree").lower()
    if word in DEGREES_FREE:
        return None
    followed = re.match(
        r"\s+(?:of\s+)?(?:\w+\s+){0,3}?(?:do|does|did|is|are|was|were|am|have|has|had|can|could|will|would|"
        r"should|might|may)\b|\s*[?.,!]*\s*$",
        hit.group("rest"),
        re.IGNORECASE,
    )
    if word in _MEASURES or followed:
        return Finding(DEGREE, (at, at + hit.end("degree")))
    return None


def _told_fact(text: str, at: int, end: int) -> Finding | None:
    """ "Tell me how many …" and "Can you tell me whether …" open in form only."""
    hit = _TELLS_FACT.search(text, at, end)
    if hit is None:
        return None
    start = hit.start("at")
    if _OPEN_TAIL.match(text, start):
        return Finding(YES_NO, (start, min(end, start + _first_words(text[start:end], 2))))
    word = text[start:end].split(None, 1)[0].lower()
    if word in ("your", "his", "her", "their", "the"):
        named = _FACT_WHAT.match("what is " + text[start:end])
        return Finding(FACT, (start, end)) if named else None
    return _fact(text, start, end)


def _first_words(clause: str, count: int) -> int:
    hit = re.match(rf"(?:\S+\s*){{1,{count}}}", clause)
    return len(hit.group().rstrip()) if hit else len(clause)
