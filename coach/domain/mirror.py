"""One sentence that shows the writer was heard: their own words, said to them.

Nothing is added: no praise, no diagnosis, no feeling they did not name. When a clause cannot be turned to the
second person with certainty, the words are quoted as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coach.domain.clause import without_subject
from coach.domain.heart import by_worth
from coach.domain.language import is_english, small_share, words_of
from coach.domain.people import role_words, with_roles
from coach.domain.phrase import OWN_QUESTION, Phrase, choose_phrases
from coach.domain.quotation import quoted_spans
from coach.domain.second_person import to_second_person
from coach.domain.tension import Tension, detect
from coach.domain.wondering import indirect

_MOST_WORDS = 25
_QUOTED_WORDS = 18
_NOTHING = "You have not put it into words yet."
_LOWER = re.compile(
    r"(?:the|a|an|my|your|our|his|her|their|he|she|it|they|you|nobody|no|everyone|everybody|there|"
    r"this|that|these|"
    r"those|on|in|at|for|since|after|before|during|yesterday|today|now|then|next|last|maybe|perhaps|"
    r"when|if|although|"
    r"though|while|until|whenever|once|unless|as|with|without|only|sometimes|somehow|somewhere|"
    r"afterwards|instead|"
    r"what|one|two|three|four|five|all|both|each|every|some|most|many|few|neither|people|part|for|"
    r"because|me|nothing|"
    r"everything|someone|somebody|twice|still|even|here|again|later|almost|nearly|to|from|by|"
    r"between|behind)\b",
    re.IGNORECASE,
)


def mirror(text: str, sentences: Sequence[str], names: Sequence[str] = (), avoid: Sequence[str] = ()) -> str:
    """The text's weightiest clause, in the second person.

    Args:
        text: a reflection, cleaned; may be empty, in fragments, or not in English.
        sentences: its sentences in order, as `split_sentences` gives them.
        names: people the member writes about; a role the text gives stands in for a name.
        avoid: mirrors of this conversation; none of them is said again.

    Returns:
        One sentence of at most 25 words, one full stop at its end, no question mark.
    """
    return hear(text, sentences, names, avoid).sentence


@dataclass(frozen=True, slots=True)
class Heard:
    """A mirror, and the phrase it says; None when it quotes the text or there was nothing to hear."""

    sentence: str
    phrase: Phrase | None
    phrases: tuple[Phrase, ...] = ()  # all that could have been said, best first


def hear(
    text: str,
    sentences: Sequence[str],
    names: Sequence[str] = (),
    avoid: Sequence[str] = (),
    tensions: Sequence[Tension] | None = None,
    telling: Sequence[float] = (),
    weights: Mapping[str, float] | None = None,
) -> Heard:
    """The same as `mirror`, with the phrase behind it, for questions that lean on it.

    Args:
        text, sentences, names, avoid: as for `mirror`.
        tensions: of the text, where somebody has looked for them already.
        telling: how much each sentence says of what the text is about, -1..1; empty when unknown.
        weights: the learned order of clauses (`heart`); None goes by the rules alone.
    """
    if _shouts(text):
        text, sentences, tensions = text.lower(), [sentence.lower() for sentence in sentences], None
    roles = role_words(text, names)
    said = {_plain(earlier) for earlier in avoid}
    if not is_english(text):
        return Heard(_whole(sentences, said) or _quoted(text, sentences, said), None)
    if not _can_be_turned(text):
        return Heard(_quoted(text, sentences, said), None)
    found = detect(text, sentences) if tensions is None else tensions
    phrases = choose_phrases(text, sentences, found, telling)
    valued = (
        by_worth(text, sentences, phrases, found, telling, weights)
        if weights
        else [(phrase.score, phrase) for phrase in phrases]
    )
    ranked = tuple(phrase for _, phrase in valued)
    for phrase in _nameless_first(valued, [name for name in names if name not in roles]):
        sentence = _spoken(phrase, roles, len(avoid), plain=_UNSAID.search(text) is not None)
        if sentence and _told(sentence) and _ASKED.match(text, phrase.end):
            continue  # asked: "You write that it is normal." would make it a statement
        if sentence and not _again(sentence, said):
            whole = not sentence.startswith("You write: “")
            return Heard(sentence, phrase if whole else None, ranked)
    return Heard(_quoted(text, sentences, said), None, ranked)


_ASKED = re.compile(r"[\s.!…]*\?")
_FEWEST_WORDS, _SMALL_WORDS = 4, 0.22  # and their share of small words, for a text that can be turned round


def _told(sentence: str) -> bool:
    return sentence.startswith(("You write that ", "You say "))


_NAME_COSTS = 0.8  # of a phrase's score: the name of a third person is repeated only for a much better phrase


def _nameless_first(valued: Sequence[tuple[float, Phrase]], names: Sequence[str]) -> list[Phrase]:
    known = [name.lower() for name in names if name.strip()]

    def worth(pair: tuple[float, Phrase]) -> float:
        value, phrase = pair
        return value - (_NAME_COSTS if any(name in phrase.text.lower() for name in known) else 0.0)

    return [phrase for _, phrase in sorted(valued, key=worth, reverse=True)]


def _spoken(phrase: Phrase, roles: dict[str, str], turn: int, plain: bool) -> str | None:
    """The phrase as a sentence to the writer; None when it would not read well."""
    if phrase.kind == OWN_QUESTION:
        asked = indirect(f"{phrase.text}?")
        return f"You ask yourself {asked}." if asked else None
    clause = with_roles(" ".join(phrase.text.split()), roles)
    if any(clause.lower().count(role) > 1 for role in roles.values()) or re.search(
        r"[?@]|https?:|\d{5,}", clause
    ):
        return None
    if without_subject(clause):
        clause = f"I {clause[:1].lower()}{clause[1:]}"
    turned = to_second_person(clause)
    if turned is None or phrase.score < _FLOOR:
        return None
    sentence = _opened(_ended(turned), clause, turn, plain)
    return sentence if len(sentence.split()) <= _MOST_WORDS else None


_FLOOR = -1.2  # below this a quotation of the whole line reads better than a clause
_YOU = re.compile(r"\b(?:you|your|yours|yourself|yourselves)\b|\byou['’]", re.IGNORECASE)

_CLAIMS = re.compile(
    r"you(?:['’]\w+)? (?:\w+ly |also |always |never |just )?(?:said?|say|tell|told|write|wrote|"
    r"asked|think|thought|believe|feel|felt|know|"
    r"consider|want|hate|like|wish|hope|guess|suppose|wonder|remember|keep|see|ask|apologised|promised|start|began|think)\b",
    re.IGNORECASE,
)  # "you say you think" says it twice
_UNSAID = re.compile(  # where so much hangs on what was not said, "You say" would blur it
    r"(?:n['’]t|\bnot|\bnever|\bnothing|\bnobody|\bno one)\s+(?:\w+\s+){0,3}?(?:say|said|says|saying)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(r"\b(?:say|says|said|saying)\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"(?:he|she|it|they|the|your|his|her|their|one|two|nobody|everyone|people)\b", re.IGNORECASE
)


def _opened(sentence: str, clause: str, turn: int, plain: bool) -> str:
    """The sentence itself, or with "You write that": so that no two turns sound the same."""
    outside = _outside_quotes(sentence)
    loud = sentence[:2].isupper() and sentence[:2].isalpha()  # "HIS theory": half a word cannot be lowered
    lowered = sentence[:1].lower() + sentence[1:] if _LOWER.match(sentence) and not loud else sentence
    if not _YOU.search(outside):
        if lowered[:1].isupper():  # a name or not: who can tell at the beginning of a sentence?
            return f"You write: “{sentence.rstrip('.')}”." if outside.strip() == sentence else sentence
        return f"You write that {lowered}"
    turned = sum(map(ord, clause)) + turn
    if re.match(r"you\b(?!r)", lowered, re.IGNORECASE):
        if turned % 3 == 0 and not plain and not _CLAIMS.match(lowered) and not _SAYS.search(lowered):
            return f"You say {lowered}"
    elif turned % 2 and _OTHERS.match(lowered) and _far(lowered):
        return f"You write that {lowered}"
    return sentence[:1].upper() + sentence[1:]


def _far(sentence: str) -> bool:
    """Whether the writer enters so late that "You write that" helps, and there is room for it."""
    words = sentence.split()
    early = any(_YOU.match(word) for word in words[:4])
    return not early and " is that " not in sentence and len(words) < _MOST_WORDS - 2


def _ended(clause: str) -> str:
    """With one full stop, after the closing quotation mark where there is one."""
    clause = re.sub(r"\s*,\s*(?:I|you) know$", "", clause.rstrip(" .,;:!-–—…"), flags=re.IGNORECASE)
    clause = re.sub(r",([\"”’»])(?=\s)", r"\1,", clause)  # "well fought," not warmly
    clause = re.sub(r"[.,!]+([\"'”’»])(?=\s|$)", r"\1", clause)
    return clause + "."


def _outside_quotes(text: str) -> str:
    parts, last = [], 0
    for start, end in quoted_spans(text) or []:
        parts.append(text[last:start])
        last = end
    return " ".join([*parts, text[last:]])


def _plain(sentence: str) -> str:
    words = re.findall(r"\w+", sentence.lower())
    return " ".join(words[2:] if words[:2] in (["you", "say"], ["you", "write"]) else words).removeprefix(
        "that "
    )


def _again(sentence: str, said: set[str]) -> bool:
    plain = _plain(sentence)
    return any(plain in earlier or earlier in plain for earlier in said if earlier)


def _shouts(text: str) -> bool:
    """Capital letters throughout are a keyboard's habit; said back, they would be shouting at the writer."""
    letters = [char for char in text if char.isalpha()]
    return len(letters) > 20 and sum(map(str.isupper, letters)) > 0.8 * len(letters)


def _can_be_turned(text: str) -> bool:
    """Whether it has sentences and not only names, figures or scraps: then rules know where to cut."""
    words = words_of(text)
    return len(words) >= _FEWEST_WORDS and small_share(words) >= _SMALL_WORDS


def _whole(sentences: Sequence[str], said: set[str]) -> str:
    """The first short sentence of a text in another language, whole: no rule here knows where to cut it."""
    for sentence in sentences:
        line = re.sub(r"[“”„«»\"?¿¡!]", "", " ".join(sentence.split())).strip(" ,;:.-–—…")
        spoken = f"You write: “{line}”."
        if 1 < len(line.split()) <= _QUOTED_WORDS and not _again(spoken, said):
            return spoken
    return ""


def _quoted(text: str, sentences: Sequence[str], said: set[str]) -> str:
    """The member's words between quotation marks: the longest short line that was not quoted before."""
    all_of_it = [] if "\n" in text else [text]  # several lines would run into one
    lines = [line for sentence in [*sentences, *all_of_it] for line in _lines(sentence)]
    ranked = sorted(enumerate(lines), key=lambda numbered: (-_weight(numbered[1]), numbered[0]))
    for _, line in ranked:
        sentence = f"You write: “{line}”."
        if not _again(sentence, said):
            return sentence
    return f"You write: “{ranked[0][1]}”." if ranked else _NOTHING


def _lines(sentence: str) -> list[str]:
    """What can be quoted of a sentence: all of it, or else its parts between marks."""
    sentence = " ".join(sentence.split())
    whole = [] if re.search(r"\?\W*\s\w", sentence) else [sentence]  # without its mark it would run on
    parts = [*whole, *re.split(r"(?<=\w)\s*[,;:.!?–—]+\s+", sentence)]
    lines = [_within_quotes(part).strip(" ,;:.!-–—…") for part in parts]
    short = [line for line in lines if line and len(line.split()) <= _QUOTED_WORDS]
    if short or not lines[0]:
        return short
    return [" ".join(lines[0].split()[:_QUOTED_WORDS]) + " …"]


def _within_quotes(part: str) -> str:
    """As it can stand between quotation marks: other people's words between single ones."""
    inner = re.sub(r"[“„«\"]([^“”„«»\"]+)[”“»\"]", r"‘\1’", part)
    return re.sub(r"[“”„«»\"?]", "", inner)


def _weight(line: str) -> float:
    words = line.lower().split()
    own = any(word in ("i", "my", "me", "i'm", "i’m") for word in words)
    return (
        min(len(words), 10) + (3 if own else 0) - max(0, len(words) - 12) + (-20 if line.endswith("…") else 0)
    )
