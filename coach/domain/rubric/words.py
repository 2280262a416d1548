"""Words: tokens with their places, a light stem, and which words carry content.

The stem is deliberately light: it has to make "rewrite" and "rewriting", "organise" and
"organize", "told" and "tell" meet, and it may leave odd-looking stumps, because stems are only
compared with stems.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from coach.domain.rubric.lexicon import FUNCTION_WORDS
from coach.domain.rubric.verb_forms import IRREGULAR

LONGEST = 50_000  # characters of a reflection that are read; the limit on reflections is far below

_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
    | {"–": "-", "—": "-", "‐": "-", "‑": "-", "？": "?", "\u00a0": " ", "\t": " "}
)
_VOWELS = frozenset("aeiouy")
_SPELLING = (
    ("isation", "ization"),
    ("ising", "izing"),
    ("ised", "ized"),
    ("ise", "ize"),
    ("ises", "izes"),
    ("our", "or"),
    ("ours", "ors"),
    ("oured", "ored"),
    ("ouring", "oring"),
    ("yse", "yze"),
    ("ence", "ense"),
    ("tre", "ter"),
    ("ogue", "og"),
)
_BRITISH = tuple(british for british, _ in _SPELLING)
_ENDINGS = ("ing", "ed", "es", "s", "ly")


class Token(NamedTuple):
    """A word in lower case and where it stands: half-open, in characters. A turn makes thousands."""

    word: str
    start: int
    end: int


def plain(text: str) -> str:
    """The text with simple quotes, dashes and spaces, character for character of equal length."""
    return text[:LONGEST].translate(_PLAIN)


def tokens(text: str) -> tuple[Token, ...]:
    """The words of a text in order; digits count as words, punctuation does not."""
    return tuple(Token(hit.group().lower(), *hit.span()) for hit in _TOKEN.finditer(plain(text)))


def words_of(text: str) -> list[str]:
    """The words alone, in order and in lower case, where nobody asks for their places."""
    return [word.lower() for word in _TOKEN.findall(plain(text))]


def word_count(text: str) -> int:
    return len(words_of(text))


def stem(word: str) -> str:
    """A light stem of one lower-case word, the same for British and American spelling."""
    bare = word.removesuffix("'s").removesuffix("'")
    bare = IRREGULAR.get(bare, bare)
    if bare.endswith(_BRITISH):  # one look, where most words have none
        for british, american in _SPELLING:
            if bare.endswith(british) and len(bare) > len(british) + 2:
                bare = bare.removesuffix(british) + american
                break
    return _without_ending(bare) if bare.endswith(_ENDINGS) else _undoubled(bare)


class Stems(dict[str, str]):
    """Stems by word, each worked out once. It holds what it was asked: throw it away with the text."""

    def __missing__(self, word: str) -> str:
        self[word] = made = stem(word)
        return made


def _without_ending(word: str) -> str:
    for ending in _ENDINGS:
        rest = word.removesuffix(ending)
        if rest == word or len(rest) < 3 or not _VOWELS & set(rest):
            continue
        if ending == "s" and rest[-1] in "su":  # "less", "focus"
            break
        return _undoubled(rest)
    return _undoubled(word)


def _undoubled(word: str) -> str:
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]  # "planned" and "plan", "tell" and "telling"
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("y"):
        word = word[:-1] + "i"
    return word


def is_content(word: str) -> bool:
    """Whether a lower-case word says something of its own."""
    return word not in FUNCTION_WORDS and "n't" not in word and len(word.removesuffix("'s")) > 1


def content_tokens(text: str) -> tuple[Token, ...]:
    return tuple(token for token in tokens(text) if is_content(token.word))


def content_stems(text: str) -> frozenset[str]:
    return frozenset(stem(token.word) for token in content_tokens(text))


def parts(word: str) -> tuple[str, ...]:
    """A word and, for a compound, its parts: "one-to-one" is also "one", "to", "one"."""
    pieces = tuple(piece for piece in word.split("-") if piece)
    return (word, *pieces) if len(pieces) > 1 else (word,)


def stems(text: str) -> frozenset[str]:
    """Stems of all words of a text, parts of compounds included."""
    return frozenset(stem(piece) for word in words_of(text) for piece in parts(word))


def stands_in(word: str, known: frozenset[str]) -> bool:
    """Whether a lower-case word, or every content part of a compound, is among known stems."""
    if stem(word) in known or word.replace("-", "") in known:
        return True
    pieces = parts(word)[1:]
    return bool(pieces) and all(stem(piece) in known or not is_content(piece) for piece in pieces)


def masked(text: str, most: float = 0.7, what: str = r"\w") -> str:
    """The plain text with quoted passages crossed out by `x`, so that no rule judges quoted words.

    Args:
        text: any.
        most: a quotation longer than this share of the text (a question pasted in quotes) stays readable.
        what: pattern of the characters that are crossed out.
    """
    clean = plain(text)

    def cross_out(hit: re.Match[str]) -> str:
        if hit.end() - hit.start() > most * len(clean):
            return hit.group()
        return re.sub(what, "x", hit.group())

    crossed = re.sub(r'"[^"\n]{1,400}"', cross_out, clean)
    return re.sub(r"(?<![\w'])'[^'\n]{1,200}'(?!\w)", cross_out, crossed)
