# ruff: noqa: E501 a pattern that is broken over lines cannot be read
"""Which clause of a text to give back: the one that carries the tension and can stand alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from coach.domain.clause import Clause, clauses, holds_verb, locate, without_subject
from coach.domain.pointing import unnamed
from coach.domain.second_person import to_second_person
from coach.domain.tension import Tension, detect
from coach.domain.wondering import indirect

OWN_QUESTION = "own_question"  # the kind of a phrase that is the writer's question to themselves
_LONGEST_QUESTION = 16  # words

# What a clause of this kind is worth when it is heard back, found by reading mirrors aloud on 60 texts.
_WEIGHT: Mapping[str, float] = MappingProxyType(
    {
        "self_image": 2.2, "repetition": 1.9, "avoidance": 2.1, "fear": 2.1, "feeling": 1.9, "secret": 1.7,
        "promise": 1.7, "silence": 1.7, "said": 1.3, "own_words": 1.5, "metaphor": 1.8, "two_ways": 1.7,
        "wish": 1.5, "before_now": 1.4, "should": 1.3, "physical": 1.4, "cost": 1.2, "big_word": 1.2,
        "strong_word": 1.1, "rule": 1.0, "unasked_person": 1.0, "not_knowing": 1.1, "exception": 0.8,
        "absolute": 0.7, "last_time": 0.4, "contrast": 0.9, "deed": 0.0, "regret": 1.9,
        "who_i_am": 2.3, "meant": 1.9, "asked": 0.9, "look": 1.2, "skill": 1.9, "ahead": 1.2,
    }
)  # fmt: skip
_CONTRAST = re.compile(
    r"\b(?:but|although|though|yet|instead|even though|still|and then|because)\b|(?:,|\w) and i\b", re.I
)
_FIRST = re.compile(r"\b(?:i|me|my|mine|myself|we|us|our|i['’]\w+|im|ive)\b", re.I)
_I_OPENS = re.compile(r"(?:now |today |yesterday )?(?:i|i['’]\w+|im|ive)\b", re.I)
_POINTS_BACK = re.compile(r"(?:it|this|that|these|those|there)\b|(?:it|that|there)['’]s\b", re.I)
_OTHER_OPENS = re.compile(r"(?:he|she|they|him|her)\b|(?:he|she|they)['’]", re.I)
_BACKGROUND = re.compile(
    r"i(?:['’]m| am| was)? (?:(?:the |a |an )?(?:\w+ )?(?:team leader|manager|head|director|lead|"
    r"founder|supervisor)\b"
    r"|(?:lead|manage|run|work|have (?:six|five|seven|two|three|\d+)|have been here|have [\w-]+ years|took over|moved|"
    r"started here)\b)"
    r"|i(?:['’]m| am) (?:fifty|forty|thirty|sixty|\d\d)|i (?:need to |have to |must )?(?:write this|explain\b)"
    r"|(?:sorry|translation)\b",
    re.I,
)
_LOOSE = re.compile(
    r"\b(?:lol|ugh+|omg|like zero|literally|sort of|kind of|ur|ppl|w/|re:|btw|tbh)\b|\?\?|!!|"
    r"\bhttps?\b|@|\d{4,}|\d%|[()]",
    re.I,
)
_INNER = re.compile(
    r"\b(?:want\w*|wish\w*|know|knew|think|thought|told|tell|asked|ask|promis\w+|decid\w+|trust\w*|"
    r"owe|right|wrong|"
    r"sorry|mean|meant|why|should|shouldn['’]t|could have|would have|reali[sz]\w+|notic\w+|"
    r"wonder\w*|remember\w*|as if|as though|start(?:ed)? to|began|begun|stopped|"
    r"admit\w*|pretend\w*|choose|chose|blame\w*|used to|supposed|instead|myself|lonely|relieved|"
    r"hope\w*|expect\w*|"
    r"understand|understood|agree\w*|refus\w+|apologi\w+|haven['’]?t|have not|didn['’]?t|did not|"
    r"can['’]?t|cannot)\b",
    re.I,
)  # what a clause is about when it is about somebody's mind rather than about the furniture
_SPLICED = re.compile(r"\w, (?:i|he|she|they|it|we)\b|\b(?:he|she|they)['’]\w+ (?:right|wrong) i\b", re.I)
_BEGINS_SUBORDINATE = re.compile(
    r"(?:even |only )?(?:when|if|because|although|though|since|while|before|after|as|until|whenever|"
    r"every|once|on|in|at|"
    r"last|to|for|with|without|during)\b",
    re.I,
)
_POINTS_LAST = re.compile(r"\b(?:it|that|this|so|did|do)$", re.I)
LOOK_BACK = 120  # characters
_HANGS = re.compile(  # the clause is the second half of "if I ask, I show I can't"
    r"(?:^|[.!?;:,]\s|\b)(?:if|when|whenever|unless|once|until|because if|that if)\s[^,.;:!?]{2,50},\s*$",
    re.I,
)
OF_ANOTHER = re.compile(  # "kelly said to me im not being funny but ...": an "I" that is not the writer's
    r"\b(?:(?<!i )(?:said|says|goes)(?: to (?:me|us|him|her))?|told (?:me|us)|(?:was|were) like)[\s,:]+(?:\w+[\s,]+){0,2}?i(?:['’]?m| am|['’]?ve| have)?\b"
    r"[^.!?;:\n]{0,90}$",
    re.I,
)
_ELLIPSIS = re.compile(  # "Should I have?" asks about a verb that stands elsewhere
    r"(?:should|could|would|must|did|do|have|had|am|was|can|will|may) i(?: have| not| really| too)?\W*$", re.I
)
_LEADS_ON = re.compile(  # the clause stops where what was said or thought begins
    r"(?<!what i)(?<!what he)(?<!what she)(?<!what they)(?<!as i) "
    r"(?:said|says?|asks?|asked|thought|told|wrote|knew|think|noticed|mean|meant)$|\b(?:for|to|of|about|with|at|by) what$",
    re.I,
)
_FLAWED = re.compile(
    r"\b(?:(?=[hmost])(?<!did )(?<!does )(?<!make )(?<!made )(?<!let )(?<!see )(?<!saw )(?<!hear )(?<!heard )(?<!have )(?<!had )"
    r"(?<!would )(?<!could )(?<!will )(?<!can )(?<!should )(?<!may )(?<!might )(?<!must )(?<!help )(?<!watch )"
    r"(?:he|she|my (?!people|team|staff|colleagues|parents|guys)\w+(?<!s)|one of them|the (?:matron|boss|director)) "
    r"(?:say|ask|want|tell|think|work|lose|have|do|make|know|need|wait|come|go|speak|give)\b|i not \w+"
    r"|tired to\b|must to\b|(?:don['’]?t|didn['’]?t|not|nobody|no one|never) (?:\w+ ){0,3}(?:nothing|nobody)\b"
    r"|the (?:all|both)\b|more (?:strong|good|bad|big)\b|we was\b|it were\b|me self\b|themself\b"
    r"|(?:am|are|is) (?:\w+ ){0,3}since\b|to everybody who has\b|i want that\b|i was needing\b"
    r"|(?:asks?|asked|told|tells?|say|says|said|explain(?:ed)?) (?:to (?:me|him|her|them|the \w+) (?:if|what|how|they)|me where)"
    r"|(?:is|was) (?:a )?(?:good|bad|nice|real|wrong|fearless|small|big) (?:day|thing|man|woman|person|error|job|demo)\b"
    r"(?<! a good day)(?<! a bad day)(?<! a good thing)(?<! a bad thing)(?<! a good man)(?<! a good person)"
    r"(?<! a good job)(?<! a bad job)(?<! a real error)(?<! a nice man)(?<! a bad person)(?<! a bad man)"
    r"|that they have (?:left|gone|come)\b|all what\b|everything what\b|myself to me\b|of a courtesy\b"
    r"|(?:i|he|she|they) (?:came|went|call|called|go|come|find|found|meant) (?:always|not|it not|each time)\b"
    r"|have it also\b|to the (?:knees|team) (?:in|with)\b|(?:persons|informations|advices|peoples|mother-in-laws)\b"
    r"|was not going down\b|is circle\b|helped to make\b(?!)|have (?:\w+ ){1,3}(?:yesterday|last week|two weeks ago)\b"
    r"|i have told to\b|must know what is\b|for begin\b|has waited that\b|what is \w+ day\b|yet do any\b)",
    re.I,
)  # heard back, a slip of a second-language writer sounds like mockery


@dataclass(frozen=True, slots=True)
class Phrase:
    """A whole clause as written, at [start, end) of the text; the best to give back scores highest."""

    text: str
    start: int
    end: int
    kind: str  # of the tension it carries; "plain" when none was found
    score: float


def choose_phrases(
    text: str,
    sentences: Sequence[str],
    found: Sequence[Tension] | None = None,
    telling: Sequence[float] = (),
) -> list[Phrase]:
    """The clauses of a text that can be given back, best first.

    Args:
        text: a reflection; may be empty.
        sentences: its sentences in order, as `split_sentences` gives them.
        found: its tensions, where somebody has looked for them already.
        telling: how much each sentence says of what the text is about, -1..1; empty when unknown.

    Returns:
        Whole clauses of 3 to 26 words; empty for a text without one, such as a list of nouns.
    """
    tensions = sorted(detect(text, sentences) if found is None else found, key=lambda tension: tension.start)
    starts = [tension.start for tension in tensions]
    phrases = [
        _judge(
            clause,
            tensions[bisect_left(starts, clause.start) : bisect_left(starts, clause.end)],
            clause.start / len(text),
            hangs=any(
                one.search(text, max(0, clause.start - LOOK_BACK), clause.start)
                for one in (_HANGS, OF_ANOTHER)
            ),
        )
        for clause in clauses(text, sentences)
    ]
    phrases += _wondered(text, sentences)
    phrases = _weighed(phrases, locate(text, sentences), telling)
    return sorted(phrases, key=lambda phrase: (-phrase.score, phrase.start, phrase.end))


_TELLING = 1.0  # what it is worth to stand in the sentence that says most of what the text is about


def _weighed(
    phrases: Sequence[Phrase], places: Sequence[tuple[int, int]], telling: Sequence[float]
) -> list[Phrase]:
    """Phrases of an aside sink, and those of the heart of the matter rise."""
    if len(telling) != len(places):
        return list(phrases)
    weighed = []
    for phrase in phrases:
        of = [
            weight
            for (start, end), weight in zip(places, telling, strict=True)
            if start <= phrase.start < end
        ]
        weighed.append(replace(phrase, score=round(phrase.score + _TELLING * sum(of[:1]), 3)))
    return weighed


def marks(clause: str) -> dict[str, bool]:
    """What the shape of a clause looks like, by name: what the rules below and the learned order both weigh."""
    return {
        "i opens": bool(_I_OPENS.match(clause)),
        "first person": bool(_FIRST.search(clause)),
        "points back": bool(_POINTS_BACK.match(clause)),
        "other opens": bool(_OTHER_OPENS.match(clause)),
        "contrast": bool(_CONTRAST.search(clause)),
        "inner": bool(_INNER.search(clause)),
        "background": bool(_BACKGROUND.match(clause)),
        "loose": bool(_LOOSE.search(clause)),
        "flawed": bool(_FLAWED.search(clause)),
        "spliced": bool(_SPLICED.search(clause)),
        "subordinate": bool(_BEGINS_SUBORDINATE.match(clause)),
    }


def _wondered(text: str, sentences: Sequence[str]) -> list[Phrase]:
    """What the writer asks themselves; worth most near the end, where it is left open."""
    found = []
    for start, end in locate(text, sentences):
        asked = text[start:end] if start >= 0 else ""
        if indirect(asked) and len(asked.split()) <= _LONGEST_QUESTION and not _ELLIPSIS.match(asked):
            phrase = asked.rstrip(" ?!.")
            score = round(1.6 + 1.4 * start / len(text), 3)
            found.append(Phrase(phrase, start, start + len(phrase), OWN_QUESTION, score))
    return found


def _judge(clause: Clause, tensions: Sequence[Tension], place: float, hangs: bool) -> Phrase:
    inside = [found for found in tensions if clause.start <= found.start and found.end <= clause.end]
    inside.sort(key=lambda found: -_WEIGHT.get(found.kind, 0.5) * found.confidence)
    score = _form(clause) + 0.8 * place - unnamed(clause.text) - (1.5 if hangs else 0.0)
    seen: list[str] = []
    for found in inside:
        if found.kind not in seen and len(seen) < 3:
            score += _WEIGHT.get(found.kind, 0.5) * found.confidence * 0.5 ** len(seen)
            seen.append(found.kind)
    plain = not set(seen) - {"deed", "absolute", "contrast"}
    if plain:
        score += 0.6 if _INNER.search(clause.text) else 0.0
        score -= 0.8 if len(clause.text.split()) < 6 else 0.0  # a bare "I have a list"
        score -= 0.0 if _I_OPENS.match(clause.text) or without_subject(clause.text) else 0.4
    return Phrase(clause.text, clause.start, clause.end, seen[0] if seen else "plain", round(score, 3))


def _person(clause: str) -> float:
    """A clause in which the writer acts says most; a diary's "Drove off" is one, with its "I" left out."""
    if _I_OPENS.match(clause):
        return 0.9
    if without_subject(clause):
        return 0.0
    return 0.5 if _FIRST.search(clause) else -0.8


_AND_THEN_I = re.compile(r"\b(?:and|but) I\b", re.I)
_NOUN_OPENS = re.compile(r"(?:a|an|the|my|our|his|her|one|some) ", re.I)


def _starts_with_a_name_tag(clause: str) -> bool:
    """ "A friendly woman, and asked if ...": what stands before the comma belongs to the words cut off."""
    head, comma, _ = clause.partition(",")
    return bool(comma and _NOUN_OPENS.match(head) and not holds_verb(head))


def _form(clause: Clause) -> float:
    """What the shape of a clause is worth."""
    words = len(clause.text.split())
    score = 0.5 if clause.whole else 0.0
    score += 0.8 if _CONTRAST.search(clause.text) and words <= 22 else 0.0
    score += _person(clause.text)
    score -= 0.9 if _POINTS_BACK.match(clause.text) else 0.4 if _OTHER_OPENS.match(clause.text) else 0.0
    score -= 1.2 if _BACKGROUND.match(clause.text) and not _AND_THEN_I.search(clause.text) else 0.0
    score -= 2.0 if _starts_with_a_name_tag(clause.text) else 0.0
    score -= 1.0 if _LOOSE.search(clause.text) else 0.0
    score -= 1.5 if words < 4 else 0.4 if words < 6 else 0.0
    score -= 0.08 * max(0, words - 15)
    score -= 0.5 if _SPLICED.search(clause.text) and not _BEGINS_SUBORDINATE.match(clause.text) else 0.0
    score -= 0.8 if _FLAWED.search(clause.text) else 0.0
    score -= 1.6 if words < 6 and _POINTS_LAST.search(clause.text) else 0.0
    score -= 2.0 if _LEADS_ON.search(clause.text) else 0.0
    score -= 2.5 if clause.question or clause.speech else 0.0
    score -= 0.7 * len(re.findall(r"(?<=[a-z,] )(?:(?:Mr|Mrs|Ms|Dr)\.? )?[A-Z][a-z]+", clause.text)[:2])
    score -= 0.4 if "\n" in clause.text or ":" in clause.text else 0.0
    return score - (3.0 if to_second_person(clause.text) is None else 0.0)
