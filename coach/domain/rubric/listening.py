"""`ownwords` and `mirror`: whether the coach has listened before it asks."""

from __future__ import annotations

import re
from os.path import commonprefix

from coach.domain.rubric.exchange import Exchange, Finding
from coach.domain.rubric.lexicon import ASKING_WORDS, BARE_WORDS, DIAGNOSIS, PRAISE, REPORTING_WORDS, STRONG_FEELINGS
from coach.domain.rubric.reading import Reading
from coach.domain.rubric.words import (
    Token,
    content_tokens,
    is_content,
    masked,
    parts,
    plain,
    stands_in,
    stem,
    stems,
    tokens,
)

MOST_OVERLAP = 0.6
FEWEST_FOR_OVERLAP = 5
"""Below this many content words a share says nothing about parroting."""
LONGEST_COPY = 8
"""So many words in the same order are a quotation, and a quotation belongs in the mirror."""
_RELATED_SHARE = 0.6  # of the longer word, so that "hundredth" is "hundred" and "meanwhile" is not "mean"
_NEGATIONS = frozenset("not never no nothing nobody none without cannot neither nor".split())
_CLAUSE_BREAK = re.compile(
    r"[,.;:!?()\-]|\b(?:but|and|so|because|while|when|yet|though|although)\b", re.IGNORECASE
)
_AS_MEMBER = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|me|my|mine|myself)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?…]+[\"')\]]*\s+(?=\S)")
_VERDICT_ON_YOU = re.compile(r"\byou(?:'re|\s+are)\s+(?:such\s+)?an?\s+(?P<at>\w+)", re.IGNORECASE)


def ownwords(exchange: Exchange, reading: Reading) -> Finding | None:
    """Fail when nothing of the member's words is in the turn, or the question repeats them back."""
    if not content_tokens(exchange.text):
        return None
    known = stems(exchange.text)
    turn = (*content_tokens(exchange.mirror), *content_tokens(exchange.question))
    if not any(_taken_up(token.word, exchange.text, known) for token in turn) and not _yes_or_no(exchange):
        return Finding("None of the member's own words is in it; take up one of theirs.")
    asked = [token for token in content_tokens(exchange.question) if token.word not in ASKING_WORDS]
    same = sum(stands_in(token.word, known) for token in asked)
    if len(asked) >= FEWEST_FOR_OVERLAP and same / len(asked) > MOST_OVERLAP:
        return Finding("It repeats the member's words back; take one of them and ask on.", reading.ask)
    copied = _longest_copy(reading.text, exchange.text)
    if copied:
        return Finding("It copies a whole run of the member's words; a few are enough.", copied)
    return None


def _taken_up(word: str, text: str, known: frozenset[str]) -> bool:
    """Whether the word, or a near relation such as "boredom" to "bored", is the member's."""
    if word in BARE_WORDS:
        return False
    return stands_in(word, known) or any(_related(word, token.word) for token in content_tokens(text))


def _related(one: str, other: str) -> bool:
    shared = len(commonprefix((one, other)))
    return shared >= 4 and shared / max(len(one), len(other)) >= _RELATED_SHARE


def _yes_or_no(exchange: Exchange) -> bool:
    """"That yes" takes up the member's yes."""
    taken = re.search(r"\b(?:that|this|the|your|a|every|one)\s+(yes|no)\b", masked(exchange.question), re.IGNORECASE)
    return taken is not None and taken.group(1).lower() in {token.word for token in tokens(exchange.text)}


def _longest_copy(question: str, text: str) -> tuple[int, int] | None:
    mine = tokens(question)
    runs = {theirs for theirs in _runs(tuple(stem(token.word) for token in tokens(text)))}
    for start in range(len(mine) - LONGEST_COPY + 1):
        window = mine[start : start + LONGEST_COPY]
        if tuple(stem(token.word) for token in window) in runs:
            return window[0].start, window[-1].end
    return None


def _runs(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [words[at : at + LONGEST_COPY] for at in range(len(words) - LONGEST_COPY + 1)]


def mirror(exchange: Exchange, _reading: Reading) -> Finding | None:
    """Fail when the mirror is missing, is not one sentence, or says what the text does not."""
    shown = exchange.mirror.strip()
    if not shown:
        return (
            Finding("There is no mirror; say first what you heard, in their words.")
            if exchange.text.strip()
            else None
        )
    return _shape(exchange.mirror) or _entailed(exchange) or _turned_round(exchange)


def _shape(said: str) -> Finding | None:
    clear = masked(said)
    mark = clear.find("?")
    if mark >= 0:
        return Finding("The mirror asks; a mirror only says what was heard.", (mark, mark + 1))
    end = _SENTENCE.search(clear.strip())
    if end:
        return Finding("The mirror is one sentence; this is more.", (end.start(), len(said.rstrip())))
    me = _AS_MEMBER.search(clear)
    if me:
        return Finding("The mirror speaks as the member; turn it to you.", me.span())
    return None


def _entailed(exchange: Exchange) -> Finding | None:
    known = stems(exchange.text) | frozenset(
        piece for token in tokens(exchange.text) for piece in parts(token.word)
    )
    label = _VERDICT_ON_YOU.search(plain(exchange.mirror))
    for token in tokens(exchange.mirror):
        if stands_in(token.word, known) or not is_content(token.word) or token.word in REPORTING_WORDS:
            continue
        return Finding(_why_not(token, label), (token.start, token.end))
    return None


def _why_not(token: Token, label: re.Match[str] | None) -> str:
    word = token.word
    if word in PRAISE:
        return f"“{word}” is praise; a mirror does not rate."
    if word in STRONG_FEELINGS:
        return f"“{word}” is a feeling the member has not named."
    if word in DIAGNOSIS or (label and token.start == label.start("at")):
        return f"“{word}” is a diagnosis; stay with what was written."
    return f"“{word}” does not stand in the text; use the member's own words."


def _turned_round(exchange: Exchange) -> Finding | None:
    """ "I have not told her" must not come back as "You have told her", nor the other way about."""
    written = _negated(exchange.text)
    for key, (negated, start, end) in _negated_with_places(exchange.mirror).items():
        if key in written and written[key] == frozenset({not negated}):
            return Finding("It says the opposite of the text; mind the not.", (start, end))
    return None


def _negated(text: str) -> dict[str, frozenset[bool]]:
    found: dict[str, frozenset[bool]] = {}
    for clause_start, clause_end in _clauses(text):
        for word, negated, _, _ in _polarity(text[clause_start:clause_end]):
            found[word] = found.get(word, frozenset()) | {negated}
    return found


def _negated_with_places(text: str) -> dict[str, tuple[bool, int, int]]:
    found: dict[str, tuple[bool, int, int]] = {}
    for clause_start, clause_end in _clauses(text):
        for word, negated, start, end in _polarity(text[clause_start:clause_end]):
            found.setdefault(word, (negated, clause_start + start, clause_start + end))
    return found


def _clauses(text: str) -> list[tuple[int, int]]:
    clean, start, found = plain(text), 0, []
    for hit in _CLAUSE_BREAK.finditer(clean):
        found.append((start, hit.start()))
        start = hit.end()
    return [*found, (start, len(clean))]


def _polarity(clause: str) -> list[tuple[str, bool, int, int]]:
    """Content words of a clause, each with whether a negation stands up to three words before it."""
    words, found = tokens(clause), []
    for at, token in enumerate(words):
        if not is_content(token.word):
            continue
        before = [other.word for other in words[max(0, at - 3) : at]]
        negated = any(word in _NEGATIONS or word.endswith("n't") for word in before)
        found.append((stem(token.word), negated, token.start, token.end))
    return found
