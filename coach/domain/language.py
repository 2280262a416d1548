"""Whether a text is in English: cheaply, by the small words that every sentence is made of.

Slips, dialect and lower case change few of them, and another language has its own. A note in telegram style
("Line 3 scrap rate 2.8%") has neither, and counts as English.
"""

from __future__ import annotations

import re

from coach.domain.rubric.lexicon import word_list

FEWEST = 8
"""Words; what is shorter is too short to tell, and counts as English."""
_ENGLISH, _ELSEWHERE, _OTHER_LETTERS = 0.2, 0.2, 0.04  # shares of the words, and of the letters
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SMALL = word_list("""
the a an i i'm my me he she it they we you is are was were be am have has had do does did not no and
but or so that this to of in on at for with from by as if when what how who why because his her
their our all one can will would should could there about been just out up than then them him us
don't
""")
_TYPED = word_list(
    "it's its don't didn't i've im ive dont cant didnt your still which now more only"
)  # as well
_SMALL_ELSEWHERE = (
    word_list("""
der die das und ich nicht ist wir sie mit ein eine einen dem den des auf für mir mich haben habe hat
dass zu le la les et je un une des du que qui pas est dans pour sur mon ma mes ce il elle nous vous au
avec el los las y yo no mi por para con una se lo su pero como muy più che di non è ho il mio ma gli
o os as eu não meu minha um uma na em de da do com het een ik niet van mij mijn en dat heeft op
og jeg ikke det er til som på med att jag inte är och i w się nie na to że z jest
""")
    - _SMALL
    - _TYPED
)
"""Of German, French, Spanish, Italian, Portuguese, Dutch, Danish, Swedish, Polish."""


def words_of(text: str) -> list[str]:
    """The words of a text in any language, in lower case."""
    return _WORD.findall(text.lower().replace("’", "'"))


def small_share(words: list[str]) -> float:
    """How many of these words are such as English sentences are held together by, 0..1; one word at least."""
    return _share(words, _SMALL)


def is_english(text: str) -> bool:
    """False where a text of eight or more words is hardly English.

    Args:
        text: as written; may be empty.
    """
    words = words_of(text)
    if len(words) < FEWEST or _share(words, _SMALL | _TYPED) >= _ENGLISH:
        return True
    letters = "".join(words)
    other = sum(not char.isascii() for char in letters) / len(letters)
    return _share(words, _SMALL_ELSEWHERE) < _ELSEWHERE and other < _OTHER_LETTERS


def _share(words: list[str], among: frozenset[str]) -> float:
    return sum(word in among for word in words) / len(words)
