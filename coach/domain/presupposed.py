# ruff: noqa: E501 a pattern that is broken over lines cannot be read
"""What a question written for a situation takes for granted: a boss, a meeting, a distance, one other person.

Asked of somebody in whose story there is no boss, "How do you talk with your boss about it?" shows at once that
nobody has listened. So each thing a question presupposes must be found in the text, by one of its names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_FLAGS = re.IGNORECASE

# What the question says, and what in the text supports it. Collected by reading all questions of the bank and
# of the cases against a hundred texts: every line is a mismatch that was seen.
_SUPPORTS: tuple[tuple[str, str], ...] = (
    (r"boss|those above|above you|from above|superiors?|line manager",
     r"boss|chief|director|(?:my|our|own) (?:\w+ )?manager|head office|upstairs|owner|ceo|trustees?|board|dean|matron|"
     r"management|regional|headquarters|partner|principal|professor|sir\b|madam"),
    (r"meetings?", r"meeting|retro|steering|board|stand-?up|assembly|conference|briefing|one-to-one|agenda|minutes|planning"),
    (r"language|accent|words of another", r"language|english|translat\w+|german|french|accent|grammar|word for"),
    (r"customers?|clients?", r"customers?|clients?|guests?|patients?|famil(?:y|ies)|passengers?|buyer"),
    (r"remote|distance|screen|camera|office and home|in passing|building|online|on purpose to this one",
     r"remote|screen|camera|video|online|home office|from home|call\b|chat|time ?zone|manila|distance|far away|on the road"),
    (r"night|nights|shift", r"nights?|shift"),
    (r"task|hand(?:ed|ing)? (?:it )?over|work comes back|correcting|altered|changed|piece (?:of work|you)",
     r"rewr\w+|redo\w*|correct\w*|check\w*|draft|report|slides|task|delegat\w+|hand(?:ed|ing)? over|harvest|myself"),
    (r"quarrel|two of them|both of them|between them|taking sides|sides",
     r"quarrel|conflict|sides?\b|both|each other|two of|between|war\b|argu\w+|agree"),
    (r"error|mistake|owned up|discovery|near miss", r"error|mistake|wrong|near miss|fault|accident|broke\w*|notic\w+|spotted"),
    (r"criticism|feedback|message landed|landed|the words you used",
     r"critici\w+|feedback|apprais\w+|review|complain\w*|told (?:her|him|them)|told \w+ that"),
    (r"decision|decided|decide", r"deci\w+|chose|choice|choos\w+|vote|agreed|agree|must\b|either|whether|plan\b"),
    (r"post|promotion|passed over|did not get", r"post\b|promot\w+|position|applied|grade|lead position|job\b|they gave it to me"),
    (r"jobs? cut|redundan\w+|list of names|ending|end this|leave the job|contract",
     r"contract|cut|redundan\w+|dismiss\w*|fire[ds]?\b|letting go|probation|close\b|clos\w+"),
    (r"trust|confidence", r"trust\w*|confiden\w+|secret|told (?:only|nobody)|betray\w*|hidden|hid\b|lied?\b|rely"),
    (r"promise", r"promis\w+|gave my word|swore|said yes|agreed"),
    (r"priorit\w+|new plan", r"priorit\w+|plan\b|change[sd]?|campaign|launch|adjust\w+|instead"),
    (r"price|budget|money", r"price|cost\w*|budget|money|pay|salary|per cent|euros?|pounds?|\d"),
    (r"error|incident", r"error|incident|mistake|wrong|accident|near miss|fault"),
    (r"apprentices?|interns?|trainees?", r"apprentice|intern|trainee|student"),
    (r"new (?:person|hire|colleague)|probation", r"new\b|hired|probation|joined|started"),
    (r"numbers?|targets?|figures?|measured", r"numbers?|targets?|figures?|per cent|percent|\d"),
    (r"craft|expert work|with your own hands|tools", r"craft|hands|tools?|code|machine|bench|drawing|nurse|patient|repair|fix"),
    (r"used to work beside|former (?:peers?|colleagues?)|old bond|from them that you would accept",
     r"one of (?:them|the)|same (?:men|people|team|machine|table)|former|used to be|before (?:that|i was)|years ago|was a \w+ here|"
     r"trained me|colleagues?"),
    (r"manager in the days before|before you were one|first months", r"first|new|week\b|months?|promot\w+|since i|became|day \d+|before"),
    (r"sunday|evening|home|family", r"sunday|evening|home|husband|wife|family|child\w*|daughter|son\b|partner|night|kitchen"),
    (r"silence|quiet|unsaid|speaks? up|contradict", r"silen\w+|quiet|nobody (?:said|spoke|speaks)|nothing|spoke|say\b|said|nod\w*"),
    (r"tone|how (?:it|they) (?:was|were) said", r"tone|voice|said|word|look"),
    (r"department|other function|peers\b|colleague", r"department|purchasing|finance|colleague|peer|other team|heads? of|upstairs|desk|sales|unit"),
    (r"people who decided|carry out|new arrangement|stay silent|told to", r"deci\w+|told|from (?:above|the)|management|director|board|letter|announce"),
    (r"knows? (?:it|this) alone|only you|on you alone|hang on you", r"only i|nobody else|myself|alone|all of it|every\w*|hilary|i do\b|me\b"),
    (r"last idea|brought to you|effort|less than before", r"idea|suggest\w*|stopped|used to|effort|propos\w*|quiet\w*|try|tries|work"),
)  # fmt: skip
_RULES = tuple(
    (re.compile(rf"\b(?:{said})\b", _FLAGS), re.compile(rf"\b(?:{held})", _FLAGS)) for said, held in _SUPPORTS
)
_ONE_OTHER = re.compile(
    r"\b(?:this person|that person|this colleague|the two of you|both of you|you both|each other|their chair|the other person|"
    r"this one|the person|somebody else's|his|her|him|she|he)\b",
    _FLAGS,
)
_PERSON = re.compile(r"\b(?:he|she|him|her|his)\b", _FLAGS)
_FEWEST_PRONOUNS = 2
_TEAM = re.compile(r"\b(?:team|they|them|their|people you lead|your people|others)\b", _FLAGS)
_SEVERAL = re.compile(
    r"\b(?:they|them|their|team|people|staff|colleagues|everyone|everybody|nobody|girls|ladies|men|nurses|drivers|we)\b",
    _FLAGS,
)


def gaps(text: str) -> tuple[re.Pattern[str], ...]:
    """What a question must not speak of, because nothing in the text supports it; made once for a text."""
    missing = [said for said, held in _RULES if held.search(text) is None]
    if len(_PERSON.findall(text)) < _FEWEST_PRONOUNS:
        missing.append(_ONE_OTHER)
    if _SEVERAL.search(text) is None:
        missing.append(_TEAM)
    return tuple(missing)


def supported(question: str, missing: Iterable[re.Pattern[str]]) -> bool:
    """Whether everything the question takes for granted stands in the text.

    Args:
        question: hand-written for a situation or a case, without the member's words.
        missing: the gaps of the reflection.
    """
    return not any(said.search(question) for said in missing)
