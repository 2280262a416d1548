"""`nowhy` and `nonjudging`: whether the question accuses or judges the member."""

from __future__ import annotations

from coach.domain.rubric.exchange import Exchange, Finding, first, rule
from coach.domain.rubric.heard import Heard
from coach.domain.rubric.reading import AUX, Reading
from coach.domain.rubric.words import stands_in

_WHY = "Why … you asks for a defence; ask what led there."
_WHY_HIDDEN = "A why in other words asks for a defence; ask what led there."
_ACCUSING = (
    rule(
        rf"""\b(?P<at>(?:why|how\s+come)\s+(?:on\s+earth\s+|in\s+the\s+world\s+|exactly\s+|then\s+|ever\s+|the\s+hell\s+|just\s+)?
        (?:(?:{AUX})\s+)?(?:not\s+)?you(?:'re|'ve|'d)?)\b(?!\s+think\s+(?:he|she|they|that|this|it)\b)""",
        _WHY,
    ),
    rule(r"\b(?P<at>why\s+(?:is|was)\s+it\s+(?:that\s+|so\s+\w+\s+for\s+)you)\b", _WHY),
    rule(r"\b(?P<at>why\s+(?:ever\s+)?not|why\s+bother|why\s+even)\b", _WHY),
    rule(
        r"^\W*(?:(?:and|but|so|well|okay|ok)\s+)*(?P<at>why(?:\s+(?:so|then|is\s+that|was\s+that|on\s+earth))?)\W*$",
        "A bare why asks for a defence; ask what led there.",
    ),
    rule(
        r"""\b(?P<at>what(?:'s|\s+is|\s+was|\s+were|\s+are)\s+(?:the|your)\s+reasons?\s+(?:(?:that\s+|why\s+)?you|for\s+(?:not\s+)?\w+ing)
        |for\s+what\s+(?:possible\s+)?reason\s+(?:do|did|are|were|would)(?:n't)?\s+you
        |the\s+reasons?\s+why\s+you|what\s+reason\s+(?:do|did|could|would)\s+you)\b""",
        _WHY_HIDDEN,
    ),
)

_JUDGES = "It judges; ask what was there."
_RHETORIC = "It is a reproach in the form of a question."
_ALWAYS = (
    rule(
        r"\b(?P<at>justif(?:y|ied|ies|ying|ication|iable))\b",
        "It asks for a justification; ask what mattered then.",
    ),
    rule(
        r"\b(?P<at>how\s+(?:dare|on\s+earth)|how\s+could\s+you\s+(?:not|have|possibly|ever|just|be\s+so|let|think|allow|do|say))\b",
        _RHETORIC,
    ),
    rule(
        r"\b(?P<at>how\s+can\s+you\s+(?:not|possibly|just|be\s+so|let|think|allow|say|expect|claim|call|sit|stand|live|sleep|look))\b",
        _RHETORIC,
    ),
    rule(
        r"""\b(?P<at>even\s+(?:occur|think|know|care|try|notice|bother|listen|ask|read|consider|reali[sz]e)\w*|anything\s+right|
        have\s+you\s+no\s+\w+|no\s+shame|what\s+makes\s+you\s+(?:so\s+sure|think\s+(?:that\s+)?you(?:'re|\s+are|\s+can|\s+have|\s+deserve|
        \s+know))|live\s+with\s+yourself|(?:think|believe|find)\s+(?:that|it|this|that\s+it)\s+(?:is|was|'s)\s+(?:okay|ok|acceptable|
        appropriate|fair|professional|reasonable|normal|enough|good\s+enough))\b""",
        _RHETORIC,
    ),
    rule(
        r"""\byou\s+(?:have\s+)?(?:manage(?:d)?\s+to\s+)?(?P<at>(?:ruin|wreck|destroy|spoil|botch|bungle|mess|screw|alienate|sabotage|
        offend|mislead|humiliate|lose\s+control|lose\s+sight)\w*)\b""",
        _JUDGES,
    ),
    rule(
        r"""\b(?P<at>what\s+(?:on\s+earth|the\s+hell|in\s+the\s+world|possessed\s+you|were\s+you\s+thinking|is\s+wrong\s+with|
        was\s+wrong\s+with|the\s+heck|gives\s+you\s+the\s+right|kind\s+of\s+(?:a\s+)?(?:manager|leader|person|parent|mother|father|
        boss|friend|professional|teacher|doctor|nurse|coach|partner)\s+(?:are\s+you\s*\?|would\s+(?!you)|(?!is\b|does\b|was\b|has\b)\w+s\b))
        |what's\s+(?:wrong\s+with|your\s+(?:problem|excuse))|who\s+do\s+you\s+think\s+you\s+are)\b""",
        _RHETORIC,
    ),
    rule(
        r"""(?<!what\s)(?<!how\s)(?<!who\s)(?<!whom\s)\b(?P<at>(?:do|don't|did|didn't|can|can't|could|couldn't)\s+you\s+(?:even\s+)?(?:even|not\s+(?:see|care|reali[sz]e|know|think)|
        reali[sz]e|care\s+(?:that|how|about|at\s+all)|ever\s+(?:think|stop|listen|learn|consider|wonder)|see\s+(?:that|how|what)\s+you))\b""",
        _RHETORIC,
    ),
    rule(
        r"""\b(?P<at>(?:think|consider|find|feel|call)\s+(?:that\s+|it\s+|this\s+)?(?:that\s+|it\s+)?(?:is\s+|was\s+|were\s+|'s\s+)?
        (?:okay|ok|acceptable|appropriate|fair|professional|right|reasonable|wise|a\s+good\s+idea|good\s+enough|normal)\s+
        (?:to|that|for\s+you|behaviou?r|leadership|management|treatment))\b""",
        _RHETORIC,
    ),
    rule(
        r"\b(?P<at>(?:fail(?:ed|s|ing|ure)?\s+to|neglect(?:ed|s|ing)?|refus(?:e|ed|es|ing)\s+to|couldn't\s+(?:even|be\s+bothered))\b)",
        _JUDGES,
    ),
    rule(
        r"""\b(?P<at>at\s+least\s+(?:\w+ed|have|try|tried|tell|told|ask|say|said|listen|apologi[sz]e|given?|gave|warn|call|made?|let|be|
        been|done|do|shown?|admit|spoken|speak|talk|talked|once|one|a\s+little|some)
        |(?:could|did|have|had|would|should|can|will|might|couldn't|didn't)\s+you\s+(?:not\s+)?(?:have\s+)?at\s+least)\b""",
        _RHETORIC,
    ),
    rule(
        r"""\b(?P<at>(?:did|do|have|are|were|will|can|would|could)\s+you\s+actually|you\s+(?:did|do|ever)?\s*actually\s+(?:did|do|done|think|
        believe|tried|try|listen\w*|care\w*|bother\w*|managed?|contribut\w+|achiev\w+|help\w*|expect\w*))\b""",
        "Actually doubts the member; leave it out.",
    ),
    rule(
        r"""\b(?P<at>still\s+(?:not|haven't|hasn't|don't|won't|can't|refus\w+|insist\w*|defend\w*|mak\w+\s+excuses|blam\w+|avoid\w*|pretend\w*)
        |(?:haven't|hasn't|don't|won't|can't)\s+(?:you\s+)?still|(?:are|do|were|did)\s+you\s+still|you(?:'re|\s+are)?\s+still\s+(?!want|need|here)\w+|
        not\s+yet\s+(?:done|told|learned|learnt|understood))\b""",
        "Still says it should have been otherwise by now; leave it out.",
    ),
    rule(
        r"""\b(?P<at>(?:so|too|overly|that)\s+(?:weak|sensitive|soft|slow|careless|stubborn|defensive|emotional|dramatic|naive|harsh|
        controlling|passive|insecure|negative|difficult|cold|blind|impatient|demanding|strict|lenient|nice|proud|scared)\b(?!\s+for\b)
        |take\s+(?:you\s+)?so\s+long|took\s+(?:you\s+)?so\s+long|(?:so|this|that)\s+(?:badly|bad|late|far\s+out\s+of\s+hand)\s+(?:before|that)
        |(?:get|become|go)\s+(?:so|this|that)\s+bad)""",
        _JUDGES,
    ),
    rule(
        r"\b(?P<at>(?:a|any)\s+(?:good|real|decent|proper|true|competent|mature|responsible)\s+(?:manager|leader|parent|professional|"
        r"boss|friend|adult|person|mother|father|partner|teacher|coach|nurse|doctor))\b",
        _JUDGES,
    ),
    rule(
        r"\b(?P<at>should(?:n't)?\s+(?:you\s+)?(?:have\s+)?(?:know\s+better|known|seen\s+(?:it|this)\s+coming)|know\s+better|"
        r"supposed\s+to\s+(?:have|be\s+(?:a|the)|know|lead|manage|set)|get\s+(?:over|a\s+grip)|grow\s+up|man\s+up)\b",
        _JUDGES,
    ),
    rule(
        r"\b(?P<at>(?:let|allow(?:ed)?|letting|allowing)\s+(?:it|this|that|things|him|her|them|the\s+\w+|your\s+\w+|yourself)\s+"
        r"(?:to\s+)?(?:get|go|slide|slip|drift|happen|fall|walk\s+(?:all\s+)?over|become|come\s+to|run\s+over|reach))\b",
        _JUDGES,
    ),
    rule(
        r"\b(?P<at>(?:you|you've|your\s+\w+)\s+(?:have\s+)?(?:messed?\s+(?:it\s+|this\s+|that\s+)?up|screwed?\s+(?:it\s+|this\s+)?up|ruin(?:ed)?|"
        r"botch(?:ed)?|overreact(?:ed|ing)?|mishandled?|mismanaged?|caused?\s+(?:all\s+)?th(?:is|at)|let\s+\w+\s+down|blew\s+it|"
        r"get\s+away\s+with|complain\w*|whin\w+|make\s+such\s+a\s+fuss|give\s+up\s+so|overthink\w*|micromanag\w*))\b",
        _JUDGES,
    ),
    rule(
        r"\b(?P<at>your\s+(?:own\s+|big(?:gest)?\s+|main\s+|greatest\s+|worst\s+)?(?:fault|failure|excuse|excuses|incompetence|laziness|stubbornness|weakness|weaknesses|arrogance|"
        r"negativity|selfishness|carelessness|overreaction|lack\s+of\s+\w+|inability\s+to|refusal\s+to|bad\s+\w+|poor\s+\w+|"
        r"behaviou?r\s+(?:so|acceptable)|attitude|mess|drama|immaturity|indecision|cowardice|ego))\b",
        _JUDGES,
    ),
    rule(
        r"\b(?P<at>(?:do|are|did|were)\s+you\s+(?:always|never|constantly|ever|even|seriously|honestly|just|going\s+to\s+(?:keep|continue|"
        r"just))\s+(?!felt\b|feel\b|notic|had\b|wonder)\w+)",
        _RHETORIC,
    ),
    rule(
        r"\b(?P<at>(?:is|was|would|isn't|wasn't)\s+(?:that|it|this)\s+(?:so|too|such\s+an?|a\s+bit|rather|really|not|kind\s+of|a\s+little)?\s*"
        r"(?:hard\s+(?:for\s+you\s+)?to|selfish|naive|childish|petty|unfair\s+of|harsh|irresponsible|unprofessional|cowardly|lazy|weak|"
        r"convenient|hypocritical|immature|excessive|reckless|silly|stupid|dishonest))\b",
        _JUDGES,
    ),
    rule(
        r"\bwhy\s+(?:is|was)\s+(?:it|this|that)\s+(?P<at>(?:so|too)\s+(?:hard|difficult)\s+for\s+you)\b",
        _JUDGES,
    ),
    rule(
        r"\b(?P<at>(?:bother(?:ed|ing)?\s+(?:to|with|\w+ing)|seriously|for\s+once|(?:the\s+)?(?:decency|courage|guts|nerve)\s+to|"
        r"with\s+a\s+straight\s+face|what\s+(?:is|was)\s+the\s+(?:use|point)\s+of|waste\s+(?:of|any\s+more|everyone's|his|her|their)))\b",
        _RHETORIC,
    ),
)
_REPROACHES = (
    rule(
        r"\b(?P<at>(?:what\s+)?(?:made|makes|gave)\s+you\s+(?:think|believe|the\s+idea)\s+(?:that\s+)?(?:that|it|this)\s+"
        r"(?:was|is|would|could))\b",
        _RHETORIC,
    ),
    rule(
        r"\b(?P<at>(?:why|how|who)\s+(?:on\s+earth\s+)?(?:would|could|can)\s+(?:anyone|anybody|any\s+\w+))\b",
        _RHETORIC,
    ),
    rule(
        r"\b(?P<at>how\s+(?:did|do|have|could|can|are|were)\s+you\s+(?:not|never|still\s+not)|how\s+is\s+it\s+that\s+you)\b",
        _RHETORIC,
    ),
    rule(r"\b(?P<at>how\s+(?:hard|difficult|long)\s+can\s+(?:it|that)\s+(?:be|take))\b", _RHETORIC),
    rule(
        r"\b(?P<at>(?:is|was)\s+(?:that|this)\s+(?:really\s+)?(?:your\s+best|the\s+best\s+you|all\s+you))\b",
        _RHETORIC,
    ),
    rule(
        r"\b(?P<at>should(?:n't)?\s+(?:not\s+)?(?:an?|any|every)\s+(?:\w+\s+)?(?:manager|leader|parent|professional|boss|friend|adult|"
        r"teacher|coach|nurse|doctor|partner))\b",
        _JUDGES,
    ),
    rule(
        r"\b(?P<at>(?:couldn't|shouldn't|wouldn't|mightn't|should)\s+you\s+(?:not\s+)?have|you\s+should(?:n't)?\s+have|(?:could|would)\s+you\s+"
        r"not\s+have)\b",
        "It says what should have been; ask what was.",
    ),
    rule(
        r"\b(?P<at>(?:same|another|such\s+a|stupid|obvious|basic|silly)\s+(?:\w+\s+)?(?:mistakes?|errors?|blunders?))\b",
        _JUDGES,
    ),
)
_UNLESS_SAID = (
    rule(
        r"""\b(?P<at>excuses?|lazy|selfish|stupid|irresponsible|careless|incompetent|weak|cowardly|coward|naive|foolish|childish|
        immature|arrogant|pathetic|ridiculous|unprofessional|hypocritical|hypocrite|blame|blaming|blunder|screw-up|inappropriate|
        unreasonable|overreact\w*|stubborn\w*|wrongdoing|disappointing|sloppy|thoughtless|insensitive|inadequate|hopeless|lousy|
        negligent|dishonest|petty|paranoid|needy|whin\w+|shameful|inexcusable|unacceptable|micromanag\w+|ignor(?:e|ed|ing))\b""",
        _JUDGES,
    ),
    rule(
        r"(?<!do\s)(?<!did\s)(?<!would\s)(?<!will\s)(?<!could\s)(?<!might\s)(?<!can\s)\byou\s+(?P<at>always|never|constantly|keep|insist|persist|continually)\b",
        "It generalises about the member; stay with one moment.",
    ),
    rule(
        r"\b(?P<at>(?:did\s+)?you\s+(?:do|get|go|handle)\s+(?:it\s+|this\s+|that\s+)?(?:so\s+)?(?:wrong|badly|poorly))\b",
        _JUDGES,
    ),
    rule(
        r"\byour\s+(?P<at>(?:big(?:gest)?\s+|stupid\s+|serious\s+)?(?:mistakes?|errors?|failings?|shortcomings?|flaws?))\b",
        _JUDGES,
    ),
    rule(r"\b(?P<at>finally)\b", "Finally says it was overdue; leave it out."),
)


def nowhy(_exchange: Exchange, reading: Reading, _heard: Heard) -> Finding | None:
    """Fail on a why that the member has to answer with a defence."""
    return first(_ACCUSING, reading.text)


def nonjudging(_exchange: Exchange, reading: Reading, heard: Heard) -> Finding | None:
    """Fail on judgment and reproach; a hard word that the member used first may be used again."""
    return first((*_ALWAYS, *_REPROACHES), reading.text) or _unless_said(heard, reading)


def _unless_said(heard: Heard, reading: Reading) -> Finding | None:
    """A sentence before the one that asks is a mirror and has its own criterion."""
    for each in _UNLESS_SAID:
        for hit in each.pattern.finditer(reading.text, *reading.ask):
            words = hit.group("at").lower().split()
            if not all(stands_in(word, heard.stems) for word in words):
                return Finding(each.reason, hit.span("at"))
    return None
