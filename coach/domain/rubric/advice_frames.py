"""The frames in which advice hides, as patterns. Each group applies differently; see advice.py."""

from __future__ import annotations

from coach.domain.rubric.exchange import rule
from coach.domain.rubric.lexicon import ACTS

_ADVICE = "An answer hides in the question; ask what the member sees."
_ACT = "It names a step that the member has not named; ask what they see themselves."
_OPEN_OBJECT = (
    r"(?:what|how|why|who|where|whether|anything|something|nothing|everything|that|this|it|them|so\s+far|before|already|"
    r"in\s+the\s+past|until|up|and|or)\b"
)
_ADVERBS = (
    r"(?:(?:just|maybe|perhaps|simply|possibly|also|ever|already|not|instead|even|first|then|actually|yet|at\s+all|"
    r"at\s+least|by\s+any\s+chance|perchance|at\s+any\s+point|really|seriously|thought\s+of)\s+)*"
)
_TOLD_ACTS = (
    r"asked|talked|spoken|told|sat\s+down|checked|set\s+up|set|given|discussed|raised|mentioned|brought|gone\s+to|"
    r"reached\s+out|contacted|written\s+(?:down|a)|made\s+a|invited|hired|booked|scheduled|delegated|read|shared|"
    r"requested|practi[sc]ed|prepared|applied|taken|seen\s+a|switched|removed|split"
)
_TELLING = (
    r"(?:tell|say|talk\s+(?:about|more|me)|share|describ|explain|explor|unpack|expand|elaborat|give\s+(?:me|an)|help\s+me|"
    r"imagin|answer|hear|look\s+at\s+(?:this|that|what))"
)

_NOT_ASKED = r"(?<!what\s)(?<!how\s)(?<!who\s)(?<!when\s)(?<!where\s)(?<!whom\s)"
"""After a question word "have you shared" or "do you think of" is no proposal."""

_ACT_VERBS = "(?:" + "|".join(sorted(ACTS)) + ")"

PROPOSALS = (
    rule(
        rf"""{_NOT_ASKED}\b(?P<at>(?:have|had|haven't)\s+you\s+{_ADVERBS}(?:tried|considered|thought\s+(?:about|of)|looked\s+(?:into|at)|explored|
        attempted|contemplated|experimented\s+with|toyed\s+with)\s+(?!{_OPEN_OBJECT})[\w'-]+)""",
        _ADVICE,
    ),
    rule(
        rf"{_NOT_ASKED}\b(?P<at>(?:did|do|didn't)\s+you\s+{_ADVERBS}(?:try|consider|think\s+(?:about|of)|look\s+into)\s+"
        rf"(?!{_OPEN_OBJECT}|your\s+(?:life|work|role|job|situation)\b)(?:\w+ing|an?|the|to)\b)(?<!going)(?<!being)",
        _ADVICE,
    ),
    rule(
        rf"{_NOT_ASKED}\b(?P<at>(?:have|haven't)\s+you\s+{_ADVERBS}(?:{_TOLD_ACTS})\b)(?!\s+(?:yourself\s+what|that|this|it)\b)",
        _ACT,
    ),
    rule(
        r"""(?<!what\s)(?<!how\s)(?<!who\s)\b(?P<at>(?:would|wouldn't|might|mightn't|could|couldn't|won't|isn't|is|will|does|did)\s+(?:it|that|this|there)\s+(?:not\s+)?
        (?:also\s+|perhaps\s+|maybe\s+|not\s+)*(?:be\s+|make\s+)?(?:(?:more|any|an?)\s+)?(?:help(?:ful)?|useful|worth(?:while)?|better|
        wiser?|possible|sensible|sense|good\s+idea|easier|simpler|beneficial|time|option|feasible|advisable|smart(?:er)?|
        best|kinder|fairer|healthier|way|room|productive|effective|appropriate|benefit)\s+(?:to|if|for\s+(?:you|them|him|her)|of|just|you|that\s+you)\s+\w+)""",
        _ADVICE,
    ),
    rule(
        rf"{_NOT_ASKED}\b(?P<at>(?:would|are|will)\s+you\s+(?:be\s+|feel\s+)?(?:open|willing|ready|prepared|able|interested|comfortable|up|considering|"
        rf"thinking\s+of|consider)\s+(?:(?:to|for|in)\s+)?(?:an?\s+)?(?!{_TELLING}|right\b|now\b|to\b|for\b|in\b|an?\b)\w+)",
        _ADVICE,
    ),
    rule(
        r"""\b(?P<at>(?<!what\s)(?<!how\s)do\s+you\s+(?:not\s+)?think\s+(?:that\s+)?(?:you\s+(?:should|could|might|need\s+to|can|ought|would\s+benefit)|
        (?:it|that|this)\s+(?:would|might|could)\s+(?:help|be)|\w+ing\b[^?]*\b(?:would|might|could|will|helps?)\b|(?:an?|some|more|the)\s+[^?]*\b(?:would|might|could)\s+(?:help|be|make|work)))\b""",
        _ADVICE,
    ),
    rule(
        r"(?<!how\s)(?<!what\s)(?<!who\s)(?<!where\s)\b(?P<at>(?:could|can)\s+you\s+(?:not\s+)?(?:just|maybe|perhaps|simply|try|always|instead)\s+"
        rf"(?!{_TELLING})\w+)",
        _ADVICE,
    ),
    rule(
        r"\b(?P<at>(?:is|isn't|are|was)\s+there\s+(?:any\s+|some\s+|perhaps\s+|maybe\s+)*(?:someone|anyone|somebody|a\s+way|way|ways|chance|room|a\s+chance|"
        r"possibility|an?\s+\w+|time|colleagues?|friends?)\s+(?:that\s+|who\s+|for\s+)?(?:you\s+)?(?:can|could|might|would|to)\b)",
        _ADVICE,
    ),
    rule(
        rf"{_NOT_ASKED}\b(?P<at>(?:can|could|might|will|may)\s+(?:you|we|the\s+two\s+of\s+you)\s+{_ADVERBS}"
        rf"(?!{_TELLING})(?:imagine\s+\w+ing|see\s+yourself\s+\w+ing|{_ACT_VERBS}))\b",
        _ACT,
    ),
)
"""Advice in a yes-or-no question; "what words are you thinking of" has their form and is none."""

ALWAYS = (
    rule(
        r"(?<!reason\s)\b(?P<at>why\s+(?:not|don't\s+(?:you|we)|wouldn't\s+you|can't\s+you|couldn't\s+you))\s+\w",
        _ADVICE,
    ),
    rule(
        r"""\b(?P<at>(?:how|what)\s+about\s+(?:(?:just|maybe|perhaps|simply|first|not|also|you)\s+)*
        (?!nothing|anything|something|everything|being\b|feeling\b|evening\b|morning\b|meeting\b|king|ring|during)\w{2,}ing)\b(?!\s+(?:is|was|makes|feels|do|does|did|still|worries|bothers|matters)\b)""",
        _ADVICE,
    ),
    rule(r"\b(?P<at>how\s+about\s+(?:an?|some|we|if)\b)", _ADVICE),
    rule(
        r"""(?<!do\s)(?<!did\s)(?<!would\s)(?<!will\s)(?<!might\s)(?<!what\s)(?<!think\s)(?<!that\s)(?<!says\s)(?<!say\s)(?<!feel\s)(?<!believe\s)(?<!telling\s)(?<!if\s)
        \b(?P<at>you\s+(?:should|ought\s+to|need\s+to|must|had\s+better|might\s+(?:want|try|like|consider)|could\s+(?:always|try|just|also|simply|maybe))
        |you'd\s+(?:better|be\s+better)|i'd\s+(?:suggest|recommend|advise|try)|i\s+(?:would\s+|might\s+|can\s+)?(?:suggest|recommend|advise)|
        my\s+(?:advice|suggestion)|if\s+i\s+were\s+(?:you|in)|(?:maybe|perhaps)\s+(?:you|it|try)|i\s+wonder\s+(?:if|whether)\s+(?:you\s+(?:could|should|might|would)|it\s+(?:would|might)))\b""",
        _ADVICE,
    ),
    rule(
        r"\b(?P<at>(?<!what\s)(?<!how\s)(?<!who\s)(?:should|shouldn't|ought|couldn't|can't|wouldn't|mustn't)\s+(?:you|we))\s+\w",
        _ADVICE,
    ),
    rule(
        r"\b(?P<at>what\s+if\s+(?:you|we)\s+(?:\w+ly\s+|just\s+|first\s+|also\s+)?(?!were\s+(?:not|right|wrong|free)|weren't|aren't|are\s+|didn't\s+have|"
        r"had\s+(?:to|no)|never|can't|cannot|don't|fail|couldn't|lose|lost|did\s+nothing|do\s+nothing|knew|trusted|believed|get\s+it|got\s+it)\w+)",
        _ADVICE,
    ),
    rule(
        r"\b(?P<at>(?:any\s+(?:chance|possibility|way)|is\s+it\s+possible)\s+(?:that\s+|of\s+|for\s+)?(?:you|your)\s+\w+)",
        _ADVICE,
    ),
    rule(
        r"""^\W*(?:(?:so|and|but|well|or|okay|ok|then)\W+)*(?P<at>(?:would|could|might|can|wouldn't|couldn't|mightn't|won't)\s+
        (?:an?|some|more|someone|somebody|part\s+of|(?!king\b|spring\b|evening\b|morning\b|nothing\b|anything\b|something\b|everything\b)\w{3,}ing)\s+\w+)""",
        _ACT,
    ),
    rule(
        r"\b(?P<at>(?:would|might)\s+(?:it|you|they|he|she)\s+(?:not\s+)?(?:hurt\s+to|feel\s+better\s+if|benefit\s+from|do\s+(?:well|better)\s+to))\b",
        _ADVICE,
    ),
    rule(
        r"\b(?P<at>what(?:'s|\s+is|\s+would\s+be)\s+the\s+(?:harm|risk|downside)\s+(?:in|of)\s+\w+ing)\b",
        _ADVICE,
    ),
    rule(
        r"^\W*(?:(?:so|and|but|well)\W+)*(?P<at>(?:ever\s+)?(?:thought\s+(?:of|about)|tried|considered)\s+\w+ing)\b",
        _ADVICE,
    ),
    rule(
        r"\b(?P<at>what\s+about\s+(?:(?:an?|some|more|one)\s+)(?!bad\b|good\s+day)\w+)(?=[^?]{0,60}\?)(?![^?]*\b(?:is|was|makes|feels|do|does|did|bothers|matters)\b)",
        _ADVICE,
    ),
)
"""Advice wherever they stand."""

TO_ACT = (
    rule(
        rf"\b(?P<frame>if\s+(?:you|they|the\s+two\s+of\s+you|you\s+and\s+\w+)\s+(?:were\s+to\s+|could\s+|would\s+|had\s+)?{_ADVERBS}(?:\w+ly\s+)?)(?P<at>(?P<verb>\w+)\b[^?,.;]*)",
        _ACT,
    ),
    rule(
        rf"""\b(?P<frame>(?:what(?:'s|\s+is|\s+else)?|who)\s+(?:\w+\s+){{0,2}}?(?:stops?|stopping|stopped|prevents?|preventing|prevented|keeps?|keeping|kept|holds?|holding)\s+
        you\s+(?:back\s+)?from\s+{_ADVERBS}(?:\w+ly\s+)?)(?P<at>(?P<verb>\w+)\b[^?,.;]*)""",
        _ACT,
    ),
    rule(
        rf"""\b(?P<frame>(?:what|how|who|when|where|which\s+\w+|what\s+\w+)\s+(?:else\s+|exactly\s+)?(?:could|might|can|should)\s+(?:you|they|the\s+team)\s+
        (?:be\s+able\s+to\s+|start\s+to\s+|begin\s+to\s+)?{_ADVERBS})(?P<at>(?!tell\b|say\b|ask\b)(?P<verb>\w+)\b[^?.;]*)""",
        _ACT,
    ),
    rule(
        rf"""\b(?P<frame>(?:what\s+(?:would|might|could|will)\s+(?:it\s+(?:take|mean|be\s+like|look\s+like|feel\s+like|cost(?:\s+you)?|change)|happen|change|help\s+you)|
        how\s+(?:would|might|could)\s+it\s+(?:be|feel|look|help))\s+(?:for\s+you\s+)?(?:to\s+|if\s+you\s+){_ADVERBS}(?:\w+ly\s+)?)(?P<at>(?P<verb>\w+)\b[^?,.;]*)""",
        _ACT,
    ),
    rule(
        r"\b(?P<frame>how\s+(?:would|might|could|will|can|do\s+you\s+think)\s+)(?P<at>(?!it\b|this\b|that\b|you\b|they\b|he\b|she\b|things\b|we\b|i\b)[^?,.;]*?\s"
        r"(?P<help>help|improve|benefit|ease|solve|relieve|strengthen|fix|affect)\b[^?,.;]*)",
        _ACT,
    ),
    rule(
        r"\b(?P<frame>what\s+(?:difference\s+)?(?:would|might|could)\s+)(?P<at>(?:an?|some|more|regular|\w+ing)\s+[^?,.;]*?\s"
        r"(?P<help>help|do|bring|change|give\s+you|achieve|solve)\b[^?,.;]*)",
        _ACT,
    ),
    rule(
        r"\b(?P<frame>what\s+(?:benefits?|advantages?|value|merit|upside)\s+(?:do|would|might|could|can|is|are)\s+(?:you\s+see\s+|there\s+|be\s+)?(?:in|to|from)?\s*)(?P<at>(?P<verb>\w+ing)\b[^?]*)",
        _ACT,
    ),
)
"""Advice when what follows is a step (`verb` in `at`) and that step is not the member's own."""
