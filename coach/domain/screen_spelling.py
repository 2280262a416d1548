"""Plain spelling for the screen: what people type in haste, in slang or in disguise, put into ordinary words.

Only words that the screen cares about are mended; everything else stays as it was written, so that a
mended sentence still says what its writer said.
"""

from __future__ import annotations

import re
import unicodedata

from coach.domain.screen_slang import CRITICAL, INNOCENT, SLANG

_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
)
_SPACED = re.compile(r"\b(?:[a-z][ .\-_*]){3,}[a-z]\b")
_LONG_DRAWN = re.compile(r"([a-z])\1{2,}")
_TOKEN = re.compile(r"[a-z0-9@$*][a-z0-9@$!*#']*[a-z0-9@$*#]|[a-z0-9]")

_PARTICIPLES = (
    "thought|left|stood|been|told|found|tried|got|gone|done|had|taken|written|bought|said|seen|come|put|made"
)

# Contractions change nothing in meaning and need no second embedding.
_CONTRACTED: tuple[tuple[str, str], ...] = (
    (r"\b(?:can't|cant|cannot|can not)\b", "can not"),
    (r"\b(?:won't|wont)\b", "will not"),
    (r"\b(?:shan't)\b", "shall not"),
    (r"\b(?:ain't|aint)\b", "is not"),
    (r"\b(do|does|did|is|was|were|are|has|have|had|would|could|should|must)(?:n't|nt)\b", r"\1 not"),
    (r"\bi'?m\b", "i am"),
    (r"\b(i|you|we|they)'?ve\b", r"\1 have"),
    (r"\b(you|we|they)'re\b", r"\1 are"),
    (r"\b(i|you|he|she|we|they|it|that|who|there)'ll\b", r"\1 will"),
    (
        r"\b(i|you|he|she|we|they)'d (?=(?:just |never |already |only |all )?(?:\w{3,}ed|"
        + _PARTICIPLES
        + r")\b)",
        r"\1 had ",
    ),
    (r"\b(i|you|he|she|we|they)'d\b", r"\1 would"),
    (r"\b(he|she|it|that|there|what|who)'s\b", r"\1 is"),
    (r"\b(he|she)s\b", r"\1 is"),
)

_CONTRACTIONS = tuple((re.compile(pattern), whole) for pattern, whole in _CONTRACTED)
_SLANG = tuple((re.compile(pattern), plain) for pattern, plain in SLANG)
# Most sentences hold none; asked all at once, that takes a tenth of the time.
_ANY_SLANG = re.compile("|".join(pattern for pattern, _ in SLANG))
_KNOWN = frozenset(CRITICAL)

_FAR = frozenset(
    w for w in CRITICAL if len(w) >= 8 and w not in {"touching", "stalking", "existing", "bullying"}
)


def fold(text: str) -> str:
    """Lower case, straight quotes, contractions spelt out, white space folded; same meaning.

    Args:
        text: one sentence or several.
    """
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES).lower()
    if not folded.isprintable():  # most sentences are, and need no look at each character
        folded = "".join(
            char for char in folded if unicodedata.category(char) not in {"Cf", "Cc"} or char in "\n\t "
        )
    for pattern, replacement in _CONTRACTIONS:
        folded = pattern.sub(replacement, folded)
    return " ".join(folded.split())


def mend(folded: str) -> str:
    """Slang, code words, disguised and misspelt words in plain spelling.

    Args:
        folded: what `fold` returned.

    Returns:
        The text with those words replaced; equal to the argument when there was nothing to mend.
    """
    text = _SPACED.sub(_join_spaced, folded)
    text = _LONG_DRAWN.sub(r"\1", text) if _LONG_DRAWN.search(text) else text
    text = _TOKEN.sub(lambda found: _mend_token(found.group()), text)
    if _ANY_SLANG.search(text):
        for pattern, replacement in _SLANG:
            text = pattern.sub(replacement, text)
    return text


def _join_spaced(found: re.Match[str]) -> str:
    joined = re.sub(r"[^a-z]", "", found.group())
    return joined if joined in _KNOWN or joined in {"kill", "dead", "rape", "raped"} else found.group()


def _mend_token(token: str) -> str:
    bare = token.strip("'")
    if any(char in bare for char in "013457@$!*#") and any(char.isalpha() for char in bare):
        return _undisguise(bare) or token
    if len(bare) < 6 or bare in INNOCENT or bare in _KNOWN:
        return token
    if bare.startswith(_STEMS):  # an inflection of one, rightly spelt
        return token
    for word in _BEGINNING.get(bare[0], ()):
        reach = 2 if word in _FAR else 1
        if abs(len(bare) - len(word)) <= reach and _near(bare, word, reach):
            return word
    return token


_BEGINNING = {
    first: tuple(word for word in CRITICAL if word[0] == first) for first in {word[0] for word in CRITICAL}
}
_STEMS = tuple(re.sub(r"(?:ation|ing|ment|ed|al|es|s|e|y)$", "", word) for word in CRITICAL)


def _undisguise(token: str) -> str:
    words = (*CRITICAL, "kill", "dead", "die", "rape", "raped", "fuck", "life", "live")
    plain = token.translate(_LEET).rstrip("i") if token.endswith("!") else token.translate(_LEET)
    if plain in words:
        return plain
    if "*" in token or "#" in token:
        hole = re.compile(re.escape(token).replace(r"\*", ".").replace(r"\#", ".") + "$")
        return next((word for word in words if hole.match(word)), "")
    return ""


def _near(left: str, right: str, reach: int) -> bool:
    """Whether `reach` edits (insert, drop, change, swap neighbours) lead from left to right.

    Optimal string alignment distance: Damerau 1964, as restricted by Ukkonen 1985.
    """
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > reach:
            return False
    return row[-1] <= reach
