"""`nonleading`: whether the question leaves the answer to the member.

What a question presupposes must stand in the member's text. Without a text only the plain cases
can be seen: tags, negated openings, words that push, choices, guesses, loaded adjectives.
"""

from __future__ import annotations

import re

from coach.domain.rubric.exchange import Exchange, Finding, first, rule
from coach.domain.rubric.heard import Heard
from coach.domain.rubric.lexicon import ASKABLE_FEELINGS, IDEALS, LOADED, SAME_FEELINGS, STRONG_FEELINGS
from coach.domain.rubric.reading import AUX, Kind, Reading
from coach.domain.rubric.words import stands_in, stems, tokens

_NEGATED = r"(?:(?:do|does|did|is|are|was|were|have|has|had|could|would|should|must)n't|can't|won't|ain't)"
_PERSON = r"(?:you|he|she|it|they|we|i|that|this|there|your|the|his|her|their|everyone|anyone|people)"
_ANY = r"(?:you|he|she|they|it|that|this|we|there)"
_EXPECTS = "It expects a yes; ask so that every answer is welcome."
_TAG = "The tag at the end asks for agreement; stop before it."
_PUSH = "A word pushes the answer; leave it out."
_CHOICE = "It offers answers to choose from; leave the answer open."
_GUESS = "It guesses the answer; ask what it is instead."
_PRESUMES = "It takes for granted what the member has not said."
_LOADED = "A loaded word brings the asker's opinion in."
_DECLARED = "It states the answer and asks for a yes; let the member say it."

_RULES = (
    rule(rf"(?:[,;]\s*|\s-\s*)(?P<at>(?:{AUX})\s+(?:not\s+)?{_ANY}(?:\s+not)?)\W*$", _TAG),
    rule(
        r"(?:[,;.]\s*|\s-\s*)(?P<at>right|correct|yes|no|yeah|ok|okay|true|huh|eh|agreed|don't\s+you\s+think)\s*\?\W*$",
        _TAG,
    ),
    rule(
        r"^(?!.*\b(?:what|how)\b)(?:so\s+)?(?:you|he|she|they|it|that)\b.*\s(?P<at>right|correct|huh)\s*\?\W*$",
        _TAG,
    ),
    rule(
        rf"(?<!\bwhat\s)(?<!\bwho\s)(?<!\bwhy\s)(?<!\bit\s)(?<!\bhe\s)(?<!\bshe\s)(?<!\bthey\s)(?<!\bwe\s)(?<!\byou\s)"
        rf"\b(?P<at>{_NEGATED}\s+{_PERSON})\b",
        _EXPECTS,
    ),
    rule(rf"\bwhy\s+(?P<at>{_NEGATED}\s+{_PERSON})\b", _EXPECTS),
    rule(rf"^\W*(?:so\s+|but\s+|and\s+)?(?P<at>{_NEGATED}\s+\w+)", _EXPECTS),
    rule(
        rf"(?:^|[,.;]\s*)(?:so\s+|but\s+|and\s+)?"
        rf"(?P<at>(?:is|are|was|were|do|does|did|would|should|could|can|have|has)\s+{_ANY}\s+not)\b(?!\s+only\b)",
        _EXPECTS,
    ),
    rule(
        r"""\b(?<!as\ )(?<!more\ )(?<!how\ )(?P<at>surely|obviously|clearly|of\s+course|undoubtedly|no\s+doubt
        |naturally|evidently|inevitably|
        needless\s+to\s+say|(?:everyone|everybody|anyone)\s+(?:knows|can\s+see|agrees)|as\s+we\s+all\s+know|
        let's\s+(?:be\s+honest|face\s+it)|admittedly|certainly|definitely|undeniably|plainly)\b(?!\s+to\s+(?:you|him|her)\b)""",
        _PUSH,
    ),
    rule(r"\b(?P<at>really)\b(?!\s+(?:matter|important\s+to\s+you|hard|happen|count))", _PUSH),
    rule(
        r"""\b(?P<at>(?:do|would|will|can)\s+you\s+(?:not\s+)?(?:agree|admit|concede|acknowledge|see\s+(?:now\s+)?that|
        say\s+that|concur)|(?:would|is|isn't)\s+it\s+(?:be\s+)?(?:fair|safe|correct|true|right|reasonable)\s+to\s+(?:say|assume)|
        is\s+it\s+(?:true|fair)\s+that|(?:am\s+i|i'm)\s+right\s+(?:in|that|to)|
        you(?:'d|\s+would|\s+do)?\s+agree|how\s+(?:much|strongly)\s+do\s+you\s+agree)\b""",
        _EXPECTS,
    ),
    rule(
        r"""\b(?P<at>(?:is|was)\s+(?:it|that|this)\s+(?:just\s+|only\s+|simply\s+|perhaps\s+|maybe\s+|partly\s+|possibly\s+|
        mainly\s+)?(?:because|due\s+to|that\s+(?:you|he|she|they)(?:'re)?|your\s+(?:fear|ego|pride|anger|need|guilt|way)))\b""",
        _GUESS,
    ),
    rule(
        r"\b(?P<at>(?:could|might|can|may)\s+(?:it|this|that)\s+(?:also\s+|just\s+|perhaps\s+|maybe\s+)?be)\b\s+\w",
        _GUESS,
    ),
    rule(
        r"""\b(?P<at>(?<!what\s)(?<!how\s)do\s+you\s+(?:not\s+)?think\s+(?:maybe|perhaps|possibly|it(?:'s|\s+is|\s+was|\s+might\s+be|
        \s+could\s+be|\s+has)|that(?:'s|\s+is|\s+was)|(?:that\s+)?you(?:'re|\s+are|\s+were|\s+might|\s+may|\s+could|\s+should))\b)""",
        _GUESS,
    ),
    rule(
        r"\b(?P<at>are\s+you\s+(?:just|simply|perhaps|maybe|sure|certain|saying\s+(?:that\s+)?you))\b", _GUESS
    ),
    rule(
        r"""\b(?P<at>how\s+(?:much|badly|strongly|greatly|deeply)\s+(?:did|do|does|will|would|has|have)\s+
        (?:you|it|that|this|he|she|they|your\s+\w+|the\s+\w+|our\s+\w+)\s+
        (?:enjoy|love|hate|like|regret|dislike|miss|fear|resent|hurt|want|suffer|improved?|benefit|damaged?|treat|help))\b""",
        _PRESUMES,
    ),
    rule(
        r"\b(?P<at>(?:makes|made|making)\s+(?:you|him|her|them|it|this|that)\s+(?:feel\s+)?(?:so|such\s+an?|too)\s+\w+)",
        _PRESUMES,
    ),
    rule(
        r"\b(?P<at>(?:are|were|is|was|feel|felt|feeling|be|get|being)\s+(?:(?:you|he|she|they|it|this|that|your\s+\w+)\s+)?"
        r"(?:so|such\s+an?)\s+(?!far\b|much\s+to|that\b|on\b|you\b|many\b)\w+)",
        _PRESUMES,
    ),
    rule(
        r"""\b(?P<at>when\s+(?:will|are|do|did)\s+you\s+(?:going\s+to\s+|first\s+)?(?:finally\s+)?(?:finally|stop|admit|accept|
        reali[sz]e|apologi[sz]e|quit|give\s+up|have\s+you\s+stopped)|have\s+you\s+stopped)\b""",
        _PRESUMES,
    ),
    rule(
        r"\b(?P<at>(?:most|many|all|other|good|great|smart|sensible|reasonable|any\s+(?:good|sensible))\s+"
        r"(?:people|managers?|leaders?|experts|parents?|professionals?)\s+(?:would|think|agree|find|feel|say|believe|know|prefer))\b",
        _PUSH,
    ),
    rule(
        r"\b(?P<at>(?:it|that|this)\s+(?:sounds|seems|looks)\s+(?:to\s+me\s+)?(?:like|as\s+if|as\s+though|that)\s+[^?]*)\?",
        _GUESS,
    ),
    rule(
        r"\b(?P<at>(?:what|which)\s+(?:problems?|difficult\w+|troubles?|issues?|mistakes?|damage|harm)\s+(?:do|did|have|has|does|is)\s+"
        r"(?:you|he|she|they|your|the)\b)",
        _PRESUMES,
    ),
)
_MORE_RULES = (
    rule(
        r"""\b(?P<at>how\s+(?:much\s+)?(?:bad|worse|better|damaging|harmful|unfair|unpopular|rude|angry|upset|disappoint\w+|worried|guilty|
        unhappy|beneficial|helpful|annoy\w+|frustrat\w+|stress\w+|lucky|wrong|hurt\w*|offen\w+|jealous|ashamed|embarrass\w+|scared|afraid)
        \s+(?:is|are|was|were|do|did|does|has|have|would|will)\b)""",
        _PRESUMES,
    ),
    rule(
        r"\b(?P<at>(?:is|are|was|were)\s+(?:\w+\s+){1,4}?so\s+(?!far\b|that\b|much\b|on\b|many\b)\w+)",
        _PRESUMES,
    ),
    rule(
        r"\b(?P<at>(?:makes|made|led)\s+you\s+(?:to\s+)?(?:dislike|hate|distrust|fear|resent|despise|reject|mistrust|overlook|abandon|"
        r"give\s+up))\b",
        _PRESUMES,
    ),
    rule(r"\b(?P<at>is\s+it\s+(?:possible|likely|conceivable)\s+that)\b", _GUESS),
    rule(
        r"\b(?P<at>(?:i\s+(?:guess|imagine|suppose|assume|bet|take\s+it|think|believe|expect|suspect)|i'm\s+(?:guessing|sure))\b)(?=[^?]*\?)",
        _GUESS,
    ),
    rule(
        r"(?<!what\s)(?<!how\s)\b(?P<at>do\s+you\s+(?:think|feel|believe)\s+(?:that\s+)?you(?:'re|\s+are|\s+were|'ve))\b",
        _GUESS,
    ),
    rule(
        r"\b(?P<at>(?:responsible|decent|normal|sane|true|real|caring|loving)\s+(?:people|managers?|leaders?|parents?|professionals?|friends?|"
        r"citizens?|persons?))\b",
        _PUSH,
    ),
    rule(r"\b(?P<at>you\s+(?:probably|must\s+(?:have|be|feel)|surely|no\s+doubt))\b", _GUESS),
)
_EITHER_OR = re.compile(
    r"""\beither\b|\brather\s+than\b|\bor\b(?!\s+(?:so|other|another|anything|something|anyone|someone|somebody|more|less|later|
    what|how|who|two|even|did|three|four)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_NOTICED = r"(?:see|seen|saw|hear|heard|notice|noticed|sense|sensed|feel|felt|think|thought|read)"
_EITHER_WAY = re.compile(rf"\b{_NOTICED}\s+or\s+{_NOTICED}\b", re.IGNORECASE)
_STATED = re.compile(
    r"\s*(?P<at>(?:you|you're|you've|you'd|he|she|they|it|it's|that's|this|that|he's|she's|they're|there's|your|the|my|maybe|"
    r"perhaps)\b[^?]*)\?",
    re.IGNORECASE,
)
_LOADED_AT = re.compile(r"\b(?:" + "|".join(sorted(LOADED)) + r")\b", re.IGNORECASE)
_FELT = re.compile(
    r"""\b(?:(?:makes?|made|making|keeps?|kept|leaves?|left)\s+you\s+(?:feel\s+|feeling\s+)?(?P<a>\w+)
      |(?:are|were|feel|felt|feeling|get|got)\s+(?:you\s+)?(?P<b>\w+)
      |your\s+(?:own\s+)?(?P<c>\w+)
      |(?P<d>\w+)\s+you\b)""",
    re.IGNORECASE | re.VERBOSE,
)


def nonleading(exchange: Exchange, reading: Reading, heard: Heard) -> Finding | None:
    """Fail when the question carries the answer it hopes for, or presumes what was not said."""
    return (
        first((*_RULES, *_MORE_RULES), reading.text)
        or _either_or(reading)
        or _stated(reading)
        or _loaded(heard, reading)
        or _presumed_feeling(exchange, reading, heard)
    )


def _either_or(reading: Reading) -> Finding | None:
    """Alternatives inside the asking clause; in a subordinate clause they are harmless."""
    clause = reading.clause
    if reading.kind is Kind.WH:  # "what have you seen or heard" offers nothing to choose from
        clause = _EITHER_WAY.sub(lambda both: "x" * len(both.group()), clause)
    hit = _EITHER_OR.search(clause)
    if hit is None:
        return None
    before = clause[: hit.start()]
    harmless = re.search(
        r"\b(?:if|when|whether|that|who|where|while|one|any|no|not|never|without)\b", before, re.IGNORECASE
    )
    if harmless and hit.group().lower() == "or":
        return None
    return Finding(_CHOICE, (reading.core + hit.start(), min(len(reading.text), reading.core + hit.end())))


def _stated(reading: Reading) -> Finding | None:
    """ "So you were angry?" states and asks for a nod."""
    hit = _STATED.match(reading.text, reading.core, reading.ask[1])
    if hit is None or len(hit.group("at").split()) < 3:
        return None
    return Finding(_DECLARED, hit.span("at"))


def _loaded(heard: Heard, reading: Reading) -> Finding | None:
    for hit in _LOADED_AT.finditer(reading.text):
        word = hit.group().lower()
        wished = word in IDEALS and re.search(
            r"\b(?:would|might|could|look|if)\b", reading.text, re.IGNORECASE
        )
        if not wished and not stands_in(word, heard.stems):
            return Finding(_LOADED, hit.span())
    return None


def _presumed_feeling(exchange: Exchange, reading: Reading, heard: Heard) -> Finding | None:
    """A feeling laid on the member must have been named; what is not known is not held against it."""
    for hit in _FELT.finditer(reading.text):
        named = next(name for name in "abcd" if hit.group(name) is not None)
        guessed = reading.kind is Kind.AUX and hit.group().lower().startswith("feel")
        held = exchange.text or named == "a" or guessed
        if held and _unnamed(hit.group(named).lower(), exchange, heard):
            return Finding(_PRESUMES, hit.span(named))
    if not exchange.text:
        return None
    for token in tokens(reading.clause):
        if _unnamed(token.word, exchange, heard):
            return Finding(_PRESUMES, (reading.core + token.start, reading.core + token.end))
    return None


def _unnamed(word: str, exchange: Exchange, heard: Heard) -> bool:
    """Whether a word is a strong feeling that the member has not named, now or earlier."""
    if word not in STRONG_FEELINGS or word in ASKABLE_FEELINGS:
        return False
    forms = next((family for family in SAME_FEELINGS if word in family), frozenset({word}))
    named = [heard.stems, *(stems(text) for text in exchange.earlier)]
    return not any(stands_in(form, said) for form in forms for said in named)
