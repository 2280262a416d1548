"""`one` and `brief`: a single question, short, with nothing built in front of it."""

from __future__ import annotations

import re

from coach.domain.rubric.exchange import Exchange, Finding, first, rule
from coach.domain.rubric.heard import Heard
from coach.domain.rubric.lexicon import VERBS
from coach.domain.rubric.reading import AUX, REQUEST, SUBJECT, WH, Reading
from coach.domain.rubric.words import plain, tokens, word_count

MOST_WORDS_QUESTION = 25
MOST_WORDS_TURN = 60
MOST_WORDS_BEFORE = 12  # of a lead-in such as "Thinking back to Monday," in the same sentence

_SECOND = "There is a second question in it; ask the one that matters and wait."
_LIST = "It offers a list; ask one thing and leave the answers to the member."
_BESIDE = "A request stands beside the question; one of the two is enough."

_UM = r"(?:(?:um+|uh+|er+m?|like|so|then|also|especially|maybe|perhaps|if\s+so|if\s+not|afterwards)\b,?\s+)*"
_JOIN = r"(?:,\s*(?:and|or|but|then)?|\band|\bor|\bbut|\bthen|;|\s-+\s?|/)\s*" + _UM
_AGAIN = rf"(?:(?:by|with|to|for|from|in|at|about)\s+)?(?P<at>\b{WH}\b)"
_ONE_RULES = (
    rule(rf"{_JOIN}{_AGAIN}(?:'s|'re|'d|\s+(?:exactly\s+|else\s+)?(?:{AUX})\b)", _SECOND),
    rule(
        rf"(?:\band|\bor|\bbut|&),?\s+{_UM}{_AGAIN}(?!\s+(?:not\b|ever\b))",
        _SECOND,
    ),
    rule(
        rf"(?:[,;]\s*|\s-+\s*)(?:and\s+|or\s+|but\s+|so\s+|then\s+)?(?P<at>(?:{AUX})\s+{SUBJECT})\s+\w+\s+\w+",
        _SECOND,
    ),
    rule(
        rf"(?:\band|\bor|\bbut)\s+(?:then\s+|also\s+)?(?P<at>(?:{AUX})\s+(?:you|i|we|he|she|it|they|that|this|there)\b)",
        _SECOND,
    ),
    rule(
        r"[,;]\s+(?P<at>(?:what|how|why)\s+(?!you\b|i\b|he\b|she\b|they\b|we\b|it\b|about\b|the\b|that\b|no\b)\w+)\s+\w+",
        _SECOND,
    ),
    rule(
        r"\b(?!you|him|her|them)[a-z]+[,;]\s+(?P<at>who\s+(?:decided|decides|said|told|knows|else|does|did|is|was|would|will|can|"
        r"could|asked|owns|pays))\b",
        _SECOND,
    ),
    rule(
        r"(?:\band|[,;])\s+(?:also\s+|then\s+|please\s+)?(?P<at>(?:tell\s+me|describe|explain|say\s+more|share)\b)",
        _BESIDE,
    ),
    rule(r"\b(?P<at>\w+(?:\s\w+){0,3},\s\w+(?:\s\w+){0,3},\s(?:and|or)\s\w+)\W*$", _LIST),
)
_EVALUATED = re.compile(
    r"(?:feel(?:ing)?\s+about|think\s+(?:of|about)|(?:satisfied|happy|pleased|content|comfortable)\s+(?:are\s+you\s+|were\s+you\s+|is\s+\w+\s+)?with|like\s+(?:most\s+|best\s+)?about|rate|"
    r"describe|handle|manage|improve|deal(?:ing)?\s+with|cop(?:e|ing)\s+with|opinion\s+(?:of|on)|assess|evaluate|tell\s+me\s+about|"
    r"learn(?:ed|t)?\s+about)\s+(?P<at>(?:your|the|his|her|their|our|my|this|that)\s+(?:(?!you\b|i\b|he\b|she\b|they\b|way\b)\w+\s+){1,3}and\s+"
    r"(?:your|the|his|her|their|our|my|with|about|how)\s+\w+)",
    re.IGNORECASE,
)
_SURVEY = re.compile(
    r"""\b(?:how\s+would\s+you\s+rate|(?:satisfied|happy|pleased|content)\s+(?:are|were)\s+you\s+with|(?:satisfied|happy|pleased|content)\s+with)\s+
    (?P<at>[^?]*?\w+\s+(?:and|or)\s+\w+)|(?P<both>\b(?:like|love|enjoy)\s+and\s+(?:dislike|hate|dread)|\bstrengths\s+and\s+weaknesses)""",
    re.IGNORECASE | re.VERBOSE,
)
_TWO_PREDICATES = re.compile(
    r"^(?:is|was|are|were)\s+(?:the|your|his|her|their|this|that|it|he|she)\b[^?,]*\s(?P<at>(?!you\b|he\b|she\b)\w+\s+and\s+(?:\w+\s+){0,2}\w+)\W*$",
    re.IGNORECASE,
)
_AND_VERB = re.compile(
    r"\b(?P<before>[\w']+)\s+(?P<at>(?:and|or)\s+(?:to\s+|then\s+|also\s+)?(?P<verb>\w+))\s+(?P<next>\w+)",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(
    r"\b(?:when|while|if|as|once|after|before|until|since|because|that|who|which|whose|where|between|both)\b",
    re.IGNORECASE,
)

_PREAMBLES = (
    rule(r"\bbecause\b(?!\s+of\b)", "A reason is built in; drop the because and ask."),
    rule(
        r"(?:^|[.,;:]\s*)(?:so\s+|and\s+|but\s+|well,?\s+)?(?P<at>since)\s+(?:you|he|she|they|it|we|i|this|that|there|your|the)\b"
        r"(?=[^?]*,|[^?]*\bright\b)",
        "It explains before it asks; drop the since and ask.",
    ),
    rule(
        r",\s*(?P<at>since)\s+(?:(?:you|he|she|they|it|we)\b|(?:this|that|there)(?:'s|\s+(?:is|was|are|were|has|had|will|would|means?)\b))",
        "It explains while it asks; drop the since and ask.",
    ),
    rule(
        r"\b(?<!far\s)(?P<at>as\s+you(?:'re|'ve|\s+(?:are|were|know|knew|said|say\b|mentioned|mention|have|had|can\s+see|pointed|"
        r"already|described|told|wrote|noted|seem|clearly|probably|may|might)))\b(?!\s+(?:this|that|it)\b)",
        "It tells the member what they know; drop the as you … and ask.",
    ),
    rule(
        r"(?:^|[.,;:]\s*)(?P<at>as\s+(?:a|an|your|the)\s+\w+)[^?]*,",
        "It hands out a role before it asks; ask without it.",
    ),
    rule(
        r"\b(?P<at>given\s+(?:that|the|your|how|what|all)|considering\s+(?:that|the|how|your)|in\s+light\s+of|"
        r"now\s+that\s+you\s+know|seeing\s+(?:that|as)|knowing\s+that)\b",
        "It argues before it asks; drop the premise and ask.",
    ),
)
_MARKDOWN = rule(
    r"(?P<at>\*\*|__|`|^\s*(?:[-*•>]|\#{1,6}|\d+[.)])\s|\[[^\]\n]{1,80}\]\()",
    "Plain words only: no lists, stars or headings.",
)


def one(exchange: Exchange, reading: Reading, _heard: Heard) -> Finding | None:
    """Fail when a second question, a list or a request stands beside the question."""
    if exchange.questions_together > 1:
        return Finding("More than one question is put at once; one is enough.")
    text = reading.text
    marks = [hit.start() for hit in re.finditer(r"\?+", text)]
    if len(marks) > 1:
        return Finding(_SECOND, (marks[0] + 1, marks[-1] + 1))
    start, end = reading.core, reading.ask[1]
    found = (
        first(_ONE_RULES, text[start:end])
        or _second_predicate(text[start:end])
        or _two_topics(text[start:end])
    )
    if found and found.span:
        return Finding(found.reason, (found.span[0] + start, found.span[1] + start))
    return _request_beside(reading)


def _request_beside(reading: Reading) -> Finding | None:
    """ "Tell me about Monday. What did you notice?" asks twice."""
    for start, end in reading.sentences:
        if (start, end) == reading.ask:
            continue
        begin = start + len(reading.text[start:end]) - len(reading.text[start:end].lstrip())
        hit = REQUEST.match(reading.text, begin, end)
        if hit and not re.match(r"(?:let's|think|imagine|picture)", hit.group(), re.IGNORECASE):
            return Finding(_BESIDE, (begin, end))
    return None


def _two_topics(clause: str) -> Finding | None:
    hit = _EVALUATED.search(clause) or _SURVEY.search(clause) or _TWO_PREDICATES.search(clause)
    if hit is None or re.search(r"\bbetween\b|\bboth\b", clause[: hit.end()], re.IGNORECASE):
        return None
    return Finding("Two subjects share one question; choose one.", hit.span())


def _second_predicate(clause: str) -> Finding | None:
    """ "How do you prepare for the talk and deal with questions?": a second verb with its own object.

    Two verbs side by side ("want and need from her") share their object and are one question.
    """
    cut = _SUBORDINATE.search(clause, 5)
    main = clause[: cut.start()] if cut else clause
    for hit in _AND_VERB.finditer(main):
        verb, before = hit.group("verb").lower(), hit.group("before").lower()
        noun = re.search(
            r"\b(?:the|an?|your|my|his|her|their|this|that|our)\s+$", main[: hit.start("before")]
        )
        shared = before in VERBS and not noun
        follows = hit.group("next").lower()
        if verb in VERBS and not shared and follows not in ("and", "or"):
            heads = {token.word for token in tokens(main[: hit.start("at")])} & VERBS
            if heads:
                return Finding(_SECOND, hit.span("at"))
    return None


def brief(exchange: Exchange, reading: Reading, _heard: Heard) -> Finding | None:
    """Fail above 25 words (60 with the mirror), on reasons in front of the question, on markdown."""
    marked = _MARKDOWN.search(plain(exchange.question))
    if marked:
        return marked
    start, end = reading.ask
    words = word_count(reading.text[start:end])
    if words > MOST_WORDS_QUESTION:
        return Finding(
            f"{words} words; a question of at most {MOST_WORDS_QUESTION} is heard whole.", (start, end)
        )
    whole = word_count(exchange.mirror) + word_count(reading.text)
    if whole > MOST_WORDS_TURN:
        return Finding(f"{whole} words in all; at most {MOST_WORDS_TURN} leave the room to the member.")
    found = first(_PREAMBLES, reading.text[start:end])
    if found and found.span:
        return Finding(found.reason, (found.span[0] + start, found.span[1] + start))
    if word_count(reading.preamble) > MOST_WORDS_BEFORE:
        return Finding("A long run-up; begin with the question.", (start, reading.core))
    return None
