"""What the stub answers when nothing is wrong with it: text-specific, from the request alone.

It reads the fences of the prompt, takes the sentence that carries a tension and turns it round.
Nothing here is imported from the product: a scorer and the thing it scores must not share a rule.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

LENSES = ("self", "other", "relationship", "system", "evidence", "values", "future")

_FENCE = re.compile(r"<(?P<tag>[a-z]+)>\n(?P<text>.*?)\n</(?P=tag)>", re.DOTALL)
_HEADER = re.compile(r"^(?P<name>Stage|Lens): (?P<value>[a-z ]+)$", re.MULTILINE)
_TENSION = re.compile(
    r"\b(?:but|keep|kept|every time|again|never|not|instead|like to think|used to|should)\b|n['’]t\b",
    re.IGNORECASE,
)
_TURNS = {"i": "you", "i'm": "you're", "i've": "you've", "i'd": "you'd", "i'll": "you'll", "my": "your"}
_TURNS |= {
    "me": "you",
    "mine": "yours",
    "myself": "yourself",
    "we": "you",
    "we're": "you're",
    "we've": "you've",
}
_TURNS |= {"us": "you", "our": "your", "ours": "yours", "ourselves": "yourselves"}
_LOWERED = frozenset(
    ("the", "a", "an", "it", "this", "that", "there", "he", "she", "they", "nobody", "everyone")
)
_HARD = re.compile(r"[\"“”«»:;()\[\]<>{}]|\byou", re.IGNORECASE)
_PLAIN = frozenset(
    """
    about after again against also because been before being could does doing every from have having
    here into just like made make more most much never only other over really said same says should
    since some something still such than that their them then there these they thing things this
    those through time told very want well were what when where which while will with would your
    think know back come goes keep even
    """.split()  # noqa: SIM905 - a list of ninety strings is harder to read
)
_ASK: Mapping[str, Sequence[str]] = {
    "self": ('What goes on in you when you come to "{w}"?', 'What do you notice in yourself around "{w}"?'),
    "other": ('How might "{w}" look from the seat across from you?', 'What might the others make of "{w}"?'),
    "relationship": (
        'What passes between you and the others in "{w}"?',
        'How does "{w}" stand between you and them?',
    ),
    "system": ('What around you keeps "{w}" as it is?', 'What in your role feeds "{w}"?'),
    "evidence": ('What have you seen with your own eyes of "{w}"?', 'What do you know for sure about "{w}"?'),
    "values": ('What matters most to you in "{w}"?', 'What are you protecting when it comes to "{w}"?'),
    "future": (
        'What would you like "{w}" to be three months from now?',
        'How do you picture "{w}" a year from now?',
    ),
}


def fences(user: str) -> dict[str, str]:
    """Fenced parts of a user message by tag, and the header lines by name in small letters."""
    found = {hit["tag"]: hit["text"] for hit in _FENCE.finditer(user)}
    return found | {hit["name"].lower(): hit["value"] for hit in _HEADER.finditer(user)}


def good(user: str) -> dict[str, Any]:
    """A proposal that keeps the rules.

    Args:
        user: the last user message of the request.

    Returns:
        Mirror and three questions, the first through the lens that was asked for.
    """
    given = fences(user)
    text, asked = given.get("reflection", ""), given.get("asked", "")
    said, word = _mirror(text, asked)
    lens = given.get("lens", "self").replace("any", "self")
    others = [one for one in LENSES if one != lens]
    turn = int(hashlib.sha256(text.encode()).hexdigest(), 16)
    others = [*others[turn % 6 :], *others[: turn % 6]]
    if given.get("earlier", "").count("Reflection ") >= 2 and lens != "future":
        others = ["future", *(one for one in others if one != "future")]
    stage = given.get("stage", "explore")
    questions = [
        {
            "text": _question(one, word, turn, asked),
            "lens": one,
            "stage": stage,
            "sources": _sources(given, one),
        }
        for one in (lens, *others[:2])
    ]
    return {"mirror": said, "questions": questions}


def _question(lens: str, word: str, turn: int, asked: str) -> str:
    wordings = [wording.format(w=word) for wording in _ASK[lens]]
    fresh = [wording for wording in wordings if wording not in asked] or wordings
    return fresh[turn % len(fresh)]


def _sources(given: Mapping[str, str], lens: str) -> list[str]:
    ids = re.findall(r"^id: (\S+)$", given.get("passages", ""), re.MULTILINE)
    return ids[:1] if lens in ("system", "relationship") else []


def _mirror(text: str, asked: str) -> tuple[str, str]:
    """A sentence of the text as a mirror, and the word of it that the questions hold on to."""
    sentences = [
        one.strip() for one in re.split(r"(?<=[.!?…])\s+|\n+", text) if re.search(r"[^\W\d_]{3}", one)
    ]
    ranked = sorted(
        sentences,
        key=lambda one: (bool(_HARD.search(one)), not _TENSION.search(one), not 4 <= len(one.split()) <= 20),
    )
    for sentence in ranked or [text]:
        said = _turned(sentence)
        if said not in asked:
            return said, _word(sentence)
    return _turned(ranked[0] if ranked else text), _word(text)


def _turned(sentence: str) -> str:
    """The sentence in the second person, or told as "You write that ..." when nobody in it says I or we."""
    words = re.sub(r"^(?:and|but|so|then)\s+", "", sentence, flags=re.IGNORECASE).rstrip(".!?… ").split()[:20]
    turned: list[str] = []
    for word in words:
        bare = word.strip(",.;:").replace("’", "'")
        before = turned[-1].lower() if turned else ""
        if bare.lower() in _TURNS:
            turned.append(word.replace("’", "'").replace(bare, _TURNS[bare.lower()]))
        elif before == "you" and bare in ("am", "was"):
            turned.append(word.replace(bare, "are" if bare == "am" else "were"))
        else:
            turned.append(word)
    if turned == words and words:
        first = words[0].lower() if words[0].lower() in _LOWERED else words[0]
        turned = ["You", "write", "that", first, *words[1:]]
    clause = " ".join(turned)
    return clause[:1].upper() + clause[1:] + "."


def _word(sentence: str) -> str:
    words: list[str] = re.findall(r"[^\W\d_]{4,}", sentence)
    found = [word for word in words if word.lower() not in _PLAIN]
    small = [word for word in found if word.islower()]
    return (small or found or ["this"])[-1]
