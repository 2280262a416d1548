"""Who does what to whom in a question, as far as the order of its words tells.

"What does your boss need from you?" has the words of "What do you need from your boss?" and asks for
something else. English shows by order who acts, so two words that change sides round a third, which
names nobody, have changed roles. A part that is moved to the front, up to a comma, changes nothing and
is moved back.
"""

from __future__ import annotations

import re

from coach.domain.rubric.words import is_content, plain, stem, tokens

_PERSONS = {
    form: person
    for person, forms in {
        "i": "i me my mine",
        "we": "we us our ours",
        "you": "you your yours",
        "he": "he him his",
        "she": "she her hers",
        "they": "they them their theirs",
        "it": "it its",
    }.items()
    for form in forms.split()
}
"""Without the reflexives, which name nobody new."""
_MOVED_TO_FRONT = re.compile(
    r"(?P<moved>[^,?]+),\s*(?P<rest>(?:(?:in|on|at|of|for|from|to|with|by)\s+)?(?:what|who|whom|how|when|where|which|why)\b.*)",
    re.IGNORECASE | re.DOTALL,
)


def in_order(question: str) -> tuple[str, ...]:
    """Persons and stems of the content words of a question, from the word that asks to the end."""
    said = plain(question)
    moved = _MOVED_TO_FRONT.fullmatch(said.strip())
    if moved:
        said = f"{moved['rest'].rstrip(' ?')} {moved['moved']}"
    words = (token.word.removesuffix("'s") for token in tokens(said))
    named = ((word, _PERSONS.get(word)) for word in words)
    return tuple(person or stem(word) for word, person in named if person or is_content(word))


def roles_turned(question: str, other: str) -> bool:
    """Whether two words that both questions have change sides round a third that names nobody."""
    mine, theirs = _sides(in_order(question)), _sides(in_order(other))
    turned = {(last, middle, first) for first, middle, last in theirs - _back_to_front(theirs)}
    return bool(turned & (mine - _back_to_front(mine)))


_Sides = frozenset[tuple[str, str, str]]


def _sides(words: tuple[str, ...]) -> _Sides:
    """Every three words in their order of which the middle one is no person."""
    persons = frozenset(_PERSONS.values())
    return frozenset(
        (first, middle, last)
        for at, middle in enumerate(words)
        if middle not in persons
        for first in words[:at]
        for last in words[at + 1 :]
    )


def _back_to_front(sides: _Sides) -> _Sides:
    return frozenset((last, middle, first) for first, middle, last in sides)
