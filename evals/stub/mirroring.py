"""The stub's mirror: a sentence of the reflection, turned round, or what it is like when a rule is broken."""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from dataclasses import dataclass

from evals.stub.phrases import CAUSES, FEELINGS, INVENTED, PRAISES
from evals.stub.plain_words import ADVERBS, LOWERED, PLAIN

Draw = Callable[[str, int], int]  # a name, how many there are: a number below that, the same each time

MOST, FEWEST = 22, 4  # words of a sentence that is given back
TOO_LONG = 27
_END = re.compile(r"(?<=[.!?…])[\"”»)]*\s+|\n+")
_PULL = re.compile(
    r"\b(?:but|yet|though|although|never|not|nobody|nothing|none|again|instead|always|still|should|wish|"
    r"want(?:ed)?|keep|kept|promised?|used to|like to think|every time|told myself|pretend\w*|without)\b|"
    r"n['’]t\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"[\"“«][^\"”»]*[\"”»]")
_NOT = re.compile(r"\b(?:not|never) |n['’]t\b", re.IGNORECASE)
_ME = {"i": "you", "i'm": "you are", "i've": "you have", "i'd": "you'd", "i'll": "you'll", "my": "your"}
_ME |= {
    "me": "you",
    "mine": "yours",
    "myself": "yourself",
    "we": "you",
    "we're": "you are",
    "we've": "you have",
}
_ME |= {
    "us": "you",
    "our": "your",
    "ours": "yours",
    "ourselves": "yourselves",
    "we'd": "you'd",
    "we'll": "you'll",
}
_VERBS = {"am": "are", "was": "were", "wasn't": "weren't"}


@dataclass(frozen=True, slots=True)
class Mirror:
    """What is said, the sentence it came from, and the word of it that questions hold on to."""

    said: str
    sentence: str
    word: str


def reflect(text: str, asked: str, broken: Set[str], draw: Draw) -> Mirror:
    """Mirror a reflection.

    Args:
        text: the reflection, without orders that nobody follows.
        asked: mirrors that were said before.
        broken: ids of the rules that fail in this answer.
        draw: its chance.
    """
    sentence = _chosen(text, asked, broken, draw)
    word = telling(sentence) or telling(text) or "this"
    said = _said(sentence, text, word, broken, draw)
    return Mirror(said, sentence, word)


def sentences(text: str) -> list[str]:
    """Its sentences in order, those without a word left out."""
    return [one.strip() for one in _END.split(text) if re.search(r"[^\W\d_]{3}", one)]


def telling(sentence: str) -> str:
    """Its longest word that says something, in small letters where there is one; "" when none does."""
    words: list[str] = re.findall(
        r"(?<![\w'’-])[^\W\d_]{4,}(?![\w'’-])", _SPOKEN.sub(" ", re.sub(r"\[.*?\]", " ", sentence))
    )
    found = [word for word in words if word.lower() not in PLAIN]
    small = [word for word in found if word.islower()]
    return max(small or found or [""], key=len)


def turned(sentence: str) -> str:
    """The sentence in the second person, or told as "You write that ..." when nobody in it says I or we."""
    pieces = _SPOKEN.split(sentence)
    spoken = _SPOKEN.findall(sentence)
    round_: list[str] = []
    for place, piece in enumerate(pieces):
        round_.append(_words_turned(piece))
        if place < len(spoken):
            round_.append(spoken[place])
    said = "".join(round_).strip()
    if said == sentence.strip():
        first, _, rest = said.partition(" ")
        said = f"You write that {first.lower() if first.lower() in LOWERED else first} {rest}"
    return said[:1].upper() + said[1:]


def _words_turned(piece: str) -> str:
    out: list[str] = []
    subject = False  # whether an "I" stands before, with nothing but adverbs between
    for token in re.split(r"(\s+)", piece.replace("’", "'")):
        bare = token.strip(".,;:!?()- \n\t").lower()
        if bare in _ME:
            new = _ME[bare]
            out.append(re.sub(re.escape(token.strip(".,;:!?()-")), new, token, count=1))
            subject = bare in ("i", "we")
        elif bare in _VERBS and subject:
            out.append(token.lower().replace(bare, _VERBS[bare]))
        else:
            out.append(token)
            subject = subject and (not bare or bare in ADVERBS)
    return "".join(out)


def _chosen(text: str, asked: str, broken: Set[str], draw: Draw) -> str:
    every = [piece for one in sentences(text) for piece in _pieces(one)] or [text.strip() or "nothing"]
    fresh = [one for one in every if _core(turned(one)) not in asked] or every
    if "mirror.quotes" in broken and (spoken := [one for one in fresh if _SPOKEN.search(one)]):
        return spoken[draw("quote", len(spoken))]
    if "mirror.not" in broken and (denied := [one for one in fresh if _NOT.search(one)]):
        return denied[draw("denied", len(denied))]
    ranked = sorted(fresh, key=_rank)
    best = [one for one in ranked if _rank(one) == _rank(ranked[0])]
    return best[draw("sentence", len(best))]


def _rank(sentence: str) -> tuple[bool, bool, bool, int]:
    """Lower is better: of a good length and free of traps, with a pull in it, told by somebody who says I."""
    bare = _SPOKEN.sub(" ", sentence)
    trap = bool(
        re.search(r"[\"“”«»:;()<>{}\[\]?]|\byou|\b[A-Z]{4,}|['’]s [a-z]+ing\b|\bmine\b", bare, re.IGNORECASE)
    )
    length = FEWEST <= len(sentence.split()) <= MOST
    pulls = len(_PULL.findall(bare))
    return (trap or not length, not pulls, not re.search(r"\b(?:I|my)\b", bare), -min(pulls, 2))


def _pieces(sentence: str) -> list[str]:
    """A sentence that is too long to give back in parts: at its joints, at its marks, or cut off."""
    bare = _bare(sentence)
    if len(bare.split()) <= MOST:
        return [bare]
    for joint in (r",\s+(?=(?:and|but|so|because)\s)", r"[,;:]\s+|\s[-–—]+\s|\s+(?=(?:but|because)\s)"):
        parts = [_bare(one) for one in re.split(joint, bare)]
        fitting = [one for one in parts if FEWEST <= len(one.split()) <= MOST and one.count('"') % 2 == 0]
        if fitting:
            return fitting
    return [_bare(" ".join(re.sub(r"[\"“”«»]", "", bare).split()[: MOST - 4]))]


def _bare(part: str) -> str:
    """Without the word that joins it to what stands before, and without its mark."""
    return re.sub(r"^(?:and|but|so|then|or|because)\s+", "", part.strip(), flags=re.IGNORECASE).rstrip(
        ",;:-–—.!?… "
    )


def _core(said: str) -> str:
    return said.rstrip(".")


def _said(sentence: str, text: str, word: str, broken: Set[str], draw: Draw) -> str:
    """The sentence turned round, with what each broken rule does to it."""
    said = turned(sentence)
    if "mirror.tension" in broken:
        said = f"You write about {word}"
    if "mirror.quotes" in broken:
        said = re.sub(r"[\"“”«»]", "", turned(re.sub(r"[\"“”«»]", "", sentence)))
    if "mirror.not" in broken:
        without = _NOT.sub("", said)
        said = (
            without if without != said else re.sub(r"\b(You\w*(?: write that)?)", r"\1 never", said, count=1)
        )
    if "mirror.you" in broken:
        said = sentence if re.search(r"\b(?:I|my|me)\b", sentence) else f"I write that {sentence}"
    if "mirror.facts" in broken:
        said += INVENTED[draw("invented", len(INVENTED))]
    if "mirror.feeling" in broken:
        said += f", and you are {unnamed(text, draw)}"
    if "mirror.causes" in broken:
        said += CAUSES[draw("cause", len(CAUSES))]
    if "mirror.praise" in broken:
        said = PRAISES[draw("praise", len(PRAISES))] + said[:1].lower() + said[1:]
    if "mirror.short" in broken:
        said = _lengthened(said, sentence, text)
    if "answer.self" in broken:
        said = f"I hear you, and I remember this too: {said}"
    if len(said.split()) < FEWEST - 1:
        said = f"You write this: {said[:1].lower()}{said[1:]}"
    end = "." if "mirror.stop" not in broken else (" …", "", "!")[draw("end", 3)]
    if "mirror.one" in broken:
        end = f". There is {word} in it."
    return said[:1].upper() + said[1:] + end


def _lengthened(said: str, sentence: str, text: str) -> str:
    """The same with what else was told, until it is too much for one breath."""
    others = [one.rstrip(".!?… ") for one in sentences(text) if sentence not in one]
    for other in [*others, *["I say this and I write this"] * 9]:
        if len(said.split()) > TOO_LONG:
            break
        told = turned(other)
        said += f", and {told[:1].lower()}{told[1:]}"
    return said


def unnamed(text: str, draw: Draw) -> str:
    """A feeling that the text does not name."""
    free = [one for one in FEELINGS if one not in text.lower()] or list(FEELINGS)
    return free[draw("feeling", len(free))]
