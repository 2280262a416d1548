# ruff: noqa: E501 a pattern that is broken over lines cannot be read
"""Which clause is the heart of a text: what a careful reader would rather hear said back.

The weights come from `coach/data/mirrors.json`, made by scripts/train_mirrors.py from blind ratings of
mirrors; each has a name that a person can read. The rules of `phrase` are one of the features: what was
learned is where readers disagree with them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from coach.domain.clause import locate
from coach.domain.phrase import Phrase, marks
from coach.domain.pointing import unnamed
from coach.domain.tension import Tension

_NEGATION = re.compile(r"\b(?:not|never|no|nothing|nobody|without)\b|n['’]?t\b", re.IGNORECASE)
_SOMEBODY = re.compile(r"\b(?:he|she|they|him|her|them)\b", re.IGNORECASE)
_I = re.compile(r"\b(?:i|i['’]\w+|im|ive)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_AUX = r"(?<!did )(?<!does )(?<!make )(?<!made )(?<!let )(?<!see )(?<!saw )(?<!hear )(?<!heard )(?<!would )(?<!could )(?<!will )(?<!can )(?<!should )(?<!might )(?<!must )(?<!help )(?<!watch )(?<!watched )(?<!have )"
_SLIPS = re.compile(  # a cut or a slip that becomes a fault of ours when it is said back
    rf"{_AUX}\b(?:she|he|who|somebody|nobody|everybody) (?:make|say|go|come|look|give|take|think|know|correct|answer|explain|need|want|wait|sign|keep|bring|leave|mean|work|sleep)\b"
    r"|\bfor to \w+|\b(?:know|wonder|see|understand|asks?|asked)(?: me| him| her)? (?:is|are|was|were|does|did|has|can|will) (?:he|she|they|it|this|that)\b"
    r"|(?:n['’]t|\bnot|\bnever) [^,.;:]{0,45}\b(?:no one|nobody|nothing)\b|\b(?:have|has|had|['’]ve) (?:look|wrote|broke|spoke|went|came|took|gave|forgot|saw|did)\b"
    r"|\bsince (?:one|two|three|four|five|six|nine|ten|eleven|fourteen|\d+|many|some) (?:days|weeks|months|years)\b|\b(?:gave|explained|said|told|wrote) to the \w+ (?:of the \w+ )?(?:a|the|that|how)\b"
    r"|\b(?:said|told \w+|answered|thought|says) (?:no|yes|well|oh|okay|sure|right|look),? (?:I|my|we)\b|\bsaid, well\b|\bdear me\b|, (?:that|it) (?:was|is) \w+, (?:he|she|it|they|I)\b|^(?:In|On|At) \w+ (?:is|are) (?:the|a)\b|, I (?:suppose|think|guess|believe|mean), |\b(?:said|hear|know|is): that\b"
    r"|\b(?:asked|ask|told) (?:him|her|them) why not\b|\b(?:but|and) (?:what|how|why|where|who|whom) (?:would|could|should|do|did|am|can|shall|will) I\b"  # asked, not told
    r"|\b(?:said|says|say|told (?:him|her|them|me)) (?:show|tell|leave|give|let|take|go|come|look|stop|throw|ask|don['’]t)\b"
    r"|, (?:well|like|right|so)$|\b(?:said|say|says) (?:out )?(?:a)?loud$|\band (?:this|that|the next) (?:morning|evening|night|day), \w+ing\b[^,]*$"
    r"|\b(?:planned|meant|wanted|used|going|ought|able|tried) to$|\bits (?:more|a|an|the|not|just|been|true|like|my|our)\b|\b(?:kilo)?meter each\b"
    r"|\b(?:said|say|says|explained) it (?:him|her|them|me)\b|\b(?:is|was) (?:birthday|boss|chief|leader|head|teacher|doctor) of\b|\bin (?:first|whole|same|next) (?:week|day|month|year)\b",
    re.IGNORECASE,
)
_LEARNERS = re.compile(  # what learners of English carry over from their own language
    r"\blook(?:ed|s)? on (?:me|him|her|it|them|us|the \w+)\b|\b(?:have|has|had) now (?:the|a|to)\b|\b(?:am|is|are|was) (?:[a-z]+ty|\d+) years\b(?! old)"
    r"|\b(?:think|thought|thinking) (?:about|of) to\b|\b(?:avoid|avoids|avoided|enjoy|enjoyed|finished|suggested|recommended) (?:me )?to \w+"
    r"|\b(?:came|comes|goes|went) still\b|\bfrom front\b|\bone time (?:later|again|more)\b|\bmuch (?:people|things|problems)\b|\bmany (?:work|information|time)\b"
    r"|\b(?:informations|advices|furnitures|feedbacks|mens|childrens)\b|\bdiscuss(?:ed)? about\b|\bexplain(?:ed|s)? (?:me|him|her|us|them)\b"
    r"|\bmarried with\b|\bdepends? (?:of|from)\b|\blisten(?:ed)? (?:me|him|her|them)\b|\b(?:say|says|said) (?:me|him|us)\b"
    r"|\bdid(?: not|n['’]t) (?:went|came|said|told|knew|had|was|saw|gave|took)\b|\b(?:have|has) (?:thirty|forty|fifty|sixty|\d\d) years\b"
    r"|\b(?:he|she|it) (?:don['’]t|do not|have not|haven['’]t)\b|\b(?:works?|worked|lives?|lived|comes?|knows?|knew) (?:\w+ )?since (?!then|the day|that)\w+"
    r"|\bis there since\b|\blike (?:always|usual) (?:he|she|they|I)\b|\bthe (?:both|all) (?:of|people)\b",
    re.IGNORECASE,
)
_HARSH = re.compile(  # said of oneself in anger; said back by somebody else it is an insult
    r"\b(?:stupid|idiot\w*|dumb|moron\w*|worthless|pathetic|ugly|loser|imbecile|cretin|dimwit)\b",
    re.IGNORECASE,
)
_HARSH_COSTS = 1.5
_SLIP_COSTS = 1.2  # points of a rating; not learned: too few of the rated clauses have one
_HOUSEHOLD = re.compile(
    r"(?<!like a )\b(?:lunch|dinner|breakfast|supper|coffee|tea|kettle|biscuits?|cake|soup|sandwich\w*|snack|milk|beer|wine|blazer|coat|"
    r"jacket|shoes?|socks?|hat|rain\w*|pouring|snow\w*|weather|cat|dog|bus|tram|train|car park|knee|tooth|printer|window|chair|"
    r"sofa|plant|flowers?|umbrella|lamp|bag|radio|tv|baby|toilet|loo|stairs)\b",
    re.IGNORECASE,
)  # what stands about in a story; said back, it seldom is the story
_ASIDE = re.compile(r"(?:on top of (?:it|that)|anyway|by the way|also|meanwhile|outside|oh)\b", re.IGNORECASE)
_USUAL_WORDS = 10
_TEXT_END = 2  # characters: a full stop and a quotation mark


def features(
    text: str, phrase: Phrase, sentence: tuple[int, int], telling: float, kinds: Sequence[Tension]
) -> dict[str, float]:
    """What the weights weigh.

    Args:
        text: the reflection.
        phrase: one of its clauses, with the score of the rules.
        sentence: where the sentence that it stands in begins and ends.
        telling: how much that sentence says of what the text is about, -1..1.
        kinds: the tensions inside the clause.

    Returns:
        Named numbers, mostly 0..1; a name that is missing counts 0.
    """
    said = phrase.text
    count = len(said.split())
    start, end = sentence
    return {
        "rules": phrase.score / 3,
        f"kind {phrase.kind}": 1.0,
        "kinds": min(len({one.kind for one in kinds}), 4) / 2,
        "place": phrase.start / max(len(text), 1),
        "last": float(phrase.end >= len(text.rstrip()) - _TEXT_END),
        "words": (count - _USUAL_WORDS) / 5,
        "short": float(count < 5),
        "long": float(count > 17),
        "telling": telling,
        "share of sentence": len(said) / max(end - start, 1),
        "whole sentence": float(len(said) >= end - start - _TEXT_END),
        **_of_words(said),
        **{f"looks {name}": float(found) for name, found in marks(said).items()},
    }


def slips(clause: str) -> bool:
    """Whether a clause has a cut or a slip in it that would be ours as soon as we say it back."""
    return _SLIPS.search(clause) is not None or _LEARNERS.search(clause) is not None


def _of_words(said: str) -> dict[str, float]:
    lowered = f" {said.lower()} "
    return {
        "i": float(bool(_I.search(said))),
        "many i": min(len(_I.findall(said)), 3) / 2,
        "somebody": float(bool(_SOMEBODY.search(said))),
        "unnamed": unnamed(said),
        "negation": float(bool(_NEGATION.search(said))),
        "quotation": float('"' in said or "“" in said),
        "commas": min(said.count(","), 2) / 2,
        "because": float(" because " in lowered),
        "but": float(" but " in lowered),
        "and": float(" and " in lowered),
        "when": float(" when " in lowered or " if " in lowered),
        "number": float(any(char.isdigit() for char in said)),
        "name": float(bool(_NAME.search(said))),
        "household": float(bool(_HOUSEHOLD.search(said))),
        "aside": float(bool(_ASIDE.match(said))),
    }


def by_worth(
    text: str,
    sentences: Sequence[str],
    phrases: Sequence[Phrase],
    tensions: Sequence[Tension],
    telling: Sequence[float],
    weights: Mapping[str, float],
) -> list[tuple[float, Phrase]]:
    """Phrases with what they are worth, in points of a rating from 1 to 5 around the usual; best first.

    Args:
        text, sentences: the reflection and its sentences in order.
        phrases: its clauses, as `choose_phrases` gives them.
        tensions: found in the text.
        telling: by sentence; empty when unknown, which counts as 0.
        weights: by name of the feature.
    """
    places = locate(text, sentences)
    known = dict(zip(places, telling, strict=True)) if len(telling) == len(places) else {}
    valued = []
    for phrase in phrases:
        sentence = next((one for one in places if one[0] <= phrase.start < one[1]), (0, len(text)))
        kinds = [one for one in tensions if phrase.start <= one.start and one.end <= phrase.end]
        found = features(text, phrase, sentence, known.get(sentence, 0.0), kinds)
        worth = sum(weights.get(name, 0.0) * number for name, number in found.items())
        worth -= _SLIP_COSTS if slips(phrase.text) else 0.0
        worth -= _HARSH_COSTS if _HARSH.search(phrase.text) else 0.0
        valued.append((worth, phrase))
    return sorted(valued, key=lambda pair: (-pair[0], pair[1].start, pair[1].end))
