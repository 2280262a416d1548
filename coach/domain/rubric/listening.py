"""`ownwords` and `mirror`: whether the coach has listened before it asks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.domain.rubric.exchange import Exchange, Finding
from coach.domain.rubric.heard import LONGEST_COPY, Heard, negations
from coach.domain.rubric.lexicon import (
    ASKING_WORDS,
    BARE_WORDS,
    DIAGNOSIS,
    PRAISE,
    REPORTING_WORDS,
    STRONG_FEELINGS,
)
from coach.domain.rubric.reading import Reading
from coach.domain.rubric.words import (
    Token,
    content_stems,
    content_tokens,
    is_content,
    masked,
    plain,
    stands_in,
    stem,
    tokens,
)
from coach.domain.text import split_sentences

SAID_AGAIN = 0.8
"""Share of the words, of the question as of the sentence, from which on the one says the other again."""
FEWEST_FOR_OVERLAP = 5
"""Below this many content words a share says nothing about parroting."""
_RELATED_SHARE = 0.6  # of the longer word, so that "hundredth" is "hundred" and "meanwhile" is not "mean"
_THAT_YES = re.compile(r"\b(?:that|this|the|your|a|every|one)\s+[\"']?(?P<word>yes|no)\b", re.IGNORECASE)
_AS_MEMBER = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|me|my|mine|myself)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?…]+[\"')\]]*\s+(?=\S)")
_VERDICT_ON_YOU = re.compile(r"\byou(?:'re|\s+are)\s+(?:such\s+)?an?\s+(?P<at>\w+)", re.IGNORECASE)


def ownwords(exchange: Exchange, reading: Reading, heard: Heard) -> Finding | None:
    """Fail when nothing of the member's words is in the turn, or the question repeats them back.

    Words that say nothing of their own ("What should I say to her?") cannot be taken up and are not missed.
    """
    if not heard.content:
        return None
    bare = not heard.content - BARE_WORDS and _THAT_YES.search(plain(exchange.question)) is None
    turn = (*content_tokens(exchange.mirror), *content_tokens(exchange.question))
    taken_up = any(_taken_up(token.word, heard) for token in turn) or _yes_or_no(exchange.question, heard)
    if not taken_up and not bare:
        return Finding("None of the member's own words is in it; take up one of theirs.")
    asked = [token for token in content_tokens(exchange.question) if token.word not in ASKING_WORDS]
    if len(asked) >= FEWEST_FOR_OVERLAP and _says_again(asked, exchange.text):
        return Finding("It repeats the member's words back; take one of them and ask on.", reading.ask)
    copied = _longest_copy(reading.text, heard)
    if copied:
        return Finding("It copies a whole run of the member's words; a few are enough.", copied)
    return None


def _says_again(asked: Sequence[Token], text: str) -> bool:
    """Whether a sentence of the text gives most of the question, and the question most of that sentence.

    Words gathered from all over the text are listening, and so is a scene named again to look at it from
    there ("with the screwdriver in your hand"): a blind reader found none of 25 such questions of a large
    language model to be parroting (`evals/data/rubric_gold.jsonl` has some of them).
    """
    mine = [token.word for token in asked]
    for sentence in split_sentences(text):
        said = content_stems(sentence)
        taken = sum(stands_in(word, said) for word in mine)
        given = sum(one in {stem(word) for word in mine} for one in said)
        if taken >= SAID_AGAIN * len(mine) and given >= SAID_AGAIN * len(said):
            return True
    return False


def _taken_up(word: str, heard: Heard) -> bool:
    """Whether the word, or a near relation such as "boredom" to "bored", is the member's."""
    if word in BARE_WORDS:
        return False
    return stands_in(word, heard.stems) or any(_related(word, other) for other in heard.content)


def _related(one: str, other: str) -> bool:
    """Whether two words that are not the same begin alike, and go on alike for long enough."""
    return one[:4] == other[:4] and _begun_alike(one, other) / max(len(one), len(other)) >= _RELATED_SHARE


def _begun_alike(one: str, other: str) -> int:
    return next(
        (at for at, (mine, theirs) in enumerate(zip(one, other, strict=False)) if mine != theirs),
        min(len(one), len(other)),
    )


def _yes_or_no(question: str, heard: Heard) -> bool:
    """ "That yes" takes up the member's yes."""
    taken = _THAT_YES.search(plain(question))
    return taken is not None and taken.group("word").lower() in heard.words


def _longest_copy(question: str, heard: Heard) -> tuple[int, int] | None:
    mine = tokens(question)
    line = tuple(stem(token.word) for token in mine)
    for at in range(len(mine) - LONGEST_COPY + 1):
        if line[at : at + LONGEST_COPY] in heard.runs:
            return mine[at].start, mine[at + LONGEST_COPY - 1].end
    return None


def mirror(exchange: Exchange, _reading: Reading, heard: Heard) -> Finding | None:
    """Fail when the mirror is missing, is not one sentence, or says what the text does not."""
    if not exchange.mirror.strip():
        missing = Finding("There is no mirror; say first what you heard, in their words.")
        return missing if exchange.text.strip() else None
    return (
        _shape(exchange.mirror) or _entailed(exchange.mirror, heard) or _turned_round(exchange.mirror, heard)
    )


def _shape(said: str) -> Finding | None:
    clear = masked(said, most=1.0, what=r"[^\s\"']")  # what is quoted is the member's, full stops and all
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


def _entailed(said: str, heard: Heard) -> Finding | None:
    label = _VERDICT_ON_YOU.search(plain(said))
    for token in tokens(said):
        reporting = not is_content(token.word) or token.word in REPORTING_WORDS
        if not reporting and not stands_in(token.word, heard.stems):
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


def _turned_round(said: str, heard: Heard) -> Finding | None:
    """ "I have not told her" must not come back as "You have told her", nor the other way about."""
    for token, negated in negations(said, tokens(said)):
        if heard.polarity.get(stem(token.word)) == frozenset({not negated}):
            return Finding("It says the opposite of the text; mind the not.", (token.start, token.end))
    return None
