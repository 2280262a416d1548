"""Cutting a sentence where a reader would: into clauses that can stand alone.

No grammar is parsed. A cut is made only where punctuation or a conjunction is followed by a subject,
and what is cut out must begin with a subject and hold a verb; whatever is doubtful stays uncut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coach.domain.quotation import mask, unmask

FEWEST = 3  # words of a clause
MOST = 26
_LONGEST_SENTENCE = (
    1500  # characters; beyond that nothing is cut, a text without any mark is not searched for ever
)

_PRONOUN = (
    r"(?:i|he|she|it|they|we|you|nobody|no one|noone|everyone|everybody|someone|somebody|nothing|"
    r"everything|there|"
    r"i['’](?:m|ve|d|ll)|im|ive|(?:he|she|it|they|we|that|there)['’](?:s|re|ve|d|ll))"
)
_DETERMINER = (
    r"(?:the|my|our|his|her|their|this|that|these|those|a|an|one of|two of|some of|most of|none of|all of)"
)
_AFTER_AND = (
    rf"(?:(?:now|then|today|yesterday|suddenly|honestly|in the end|somehow)\s+)?(?:{_PRONOUN}|my|our)\b"
)
_NO_TITLE = r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bProf)"
_MARK_INSIDE = re.compile(rf"{_NO_TITLE}[.!?]\s")
_BREAK = re.compile(
    rf"\s*(?P<hard>{_NO_TITLE}[.!?]+(?=\s+[A-Z“\"])|;|:(?!\d)|\s[-–—]+\s|—|\.{{3}}|…|[()])\s*"
    rf"|\s*,\s*(?P<comma>(?:and|but|so|or|yet|because|then)\s+)?(?=(?:{_AFTER_AND}|(?:{_DETERMINER}|"
    rf"(?-i:[A-Z])\w+)\s))"
    rf"|\s+(?P<word>and|but|so|because|yet)\s+(?={_AFTER_AND})",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(
    r"(?:even |only |but |and |so |now )?(?:when|if|because|although|though|since|while|before|"
    r"after|as soon as|"
    r"until|whenever|once|unless|every time|each time|the moment|as long as|whether|as|now that)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:(?:and|but|so|also|plus|ok(?:ay)?|right|well|then|or|yet|anyway|thing is|honestly|"
    r"basically|because|sooo?|"
    r"the thing is(?: that)?|the truth is(?: that)?|like|ughh*|ah|oh|hm+)\b[\s,]*){0,4}",
    re.IGNORECASE,
)
_STARTS = re.compile(
    rf"(?:{_PRONOUN}|{_DETERMINER}|me|what|one|two|three|four|five|all|both|each|every|some|most|"
    rf"many|few|no|neither|"
    r"last|on|in|at|for|since|after|before|during|yesterday|today|now|then|next|maybe|perhaps|when|"
    r"if|although|though|"
    r"while|until|whenever|once|unless|as|with|without|only|sometimes|somehow|somewhere|afterwards|"
    r"instead|until|"
    r"because|part|people|nearly|almost|next|once|twice|still|even|here|until|late|early|again|later|every|"
    r"inside|outside|behind|between|to|from|by)\b|(?-i:[A-Z])\w+",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:am|is|are|was|were|be|have|has|had|do|does|did|will|would|can|could|shall|should|may|"
    r"might|must|cannot|"
    r"went|came|said|told|asked|made|took|gave|got|knew|thought|felt|left|kept|let|put|began|saw|"
    r"heard|found|lost|"
    r"met|paid|ran|sat|sent|spoke|stood|stopped|wrote|won|broke|brought|built|bought|caught|chose|"
    r"cut|drew|drove|"
    r"fell|fought|forgot|grew|held|hurt|laid|led|lay|meant|read|rose|sold|set|shook|showed|shut|"
    r"slept|spent|taught|"
    r"threw|understood|wore|want|wants|need|needs|know|knows|think|thinks|feel|feels|say|says|tell|"
    r"tells|keep|keeps|"
    r"make|makes|take|takes|go|goes|come|comes|look|looks|seem|seems|work|works|ask|asks|get|gets|"
    r"give|gives|like|"
    r"likes|love|loves|hate|hates|hope|hopes|stop|stops|start|starts|stay|stays|mean|means|bothers|"
    r"hurts|scares|"
    r"depends|happens|sits|stands|covers|meets|believe|believes|remember|lies|calls|hides|expects|"
    r"trust|trusts|"
    r"smile|smiles|laugh|laughs|talk|talks|helps|argues|matters|counts|shouts|comes|leaves|leave|"
    r"lives|wins|earns|"
    r"brings|end|ends|drinks|cares|thanks|deliver|promises|\w{2,}(?:ed|n['’]t|nt)|\w+['’](?:s|re|ve|"
    r"m|d|ll))\b",
    re.IGNORECASE,
)
_DANGLING = frozenset(
    """
    the a an my our his their its your of to with for from by at as than that which who whom what how
    why when if because and but or so is are was were am be been being has had will would could should
    can not very about into where while although though
    """.split()  # noqa: SIM905 a list of words reads best as words
)
_PHRASE_END = re.compile(
    r"(?P<hard>\s*(?:[,;:.!?()…–—]|\s-\s|$))"
    rf"|(?P<strong>\s+(?:(?:and|but|or|so|then)\s+(?={_AFTER_AND})|"
    rf"(?<!\bone )(?<!person )(?<!someone )(?<!somebody )"
    r"(?<!those )(?<!people )(?<!\bman )(?<!woman )who\s|(?:because|when|while|although|though|if|which|"
    r"until|unless|since|before|after|without|so that|even though)\s|(?:I|he|she|they|we)\b))"
    r"|(?P<weak>\s+(?:and|or|but|so)\s)",
    re.IGNORECASE,
)
_VERB_FIRST = re.compile(
    r"(?:took|should|could|would|must|been|is|was|are|were|has|have|does|do|did|don['’]t|didn['’]t|"
    r"can|can['’]t|cannot|"
    r"got|let|like|made|gave|kept|came|needs?|makes?|says?|looks?|seems?|feels?|goes|being|having|"
    r"trying|please|what if|"
    r"what about|how about|why|how|who|thanks?|thank you|sorry|hello|dear|hi)\b",
    re.IGNORECASE,
)
_DIARY = re.compile(
    r"(?:said|told|drove|wrote|went|sat|felt|spent|hired|fired|asked|tried|signed|sent|called|"
    r"promised|forgot|"
    r"shouted|apologi[sz]ed|cancelled|postponed|decided|talked|walked|stayed|booked|answered|"
    r"ignored|avoided)\b"
    r"(?!\s+(?:by|off guard)\b)",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:i|he|she) (?:thought|said|think|guess|suppose|believe|know|hope)"
    r"(?! (?:yes|no|nothing|so)\b)(?: \w+)?(?:,|$)"
    # "the way I always do": how something was done, and not what
    r"|(?:just |exactly |much )?(?:the (?:same )?way|as|like) (?:i|he|she|they|we|you)(?: \w+){0,2}"
    r" (?:do|does|did|have|had)(?=,|$| (?:and|but|so|then)\b)",
    re.IGNORECASE,
)
_HALF = re.compile(  # "but when I do it": the second half never comes
    r"(?:^|[\s,])(?:but|because|and|so|that)\s+(?:if|when|whenever|unless|once)\s[^,]*$", re.IGNORECASE
)
_REPORTED = re.compile(  # "that I can't drill", cut from the "I know" before it
    rf"that\s+(?:{_PRONOUN}|{_DETERMINER}|people|everybody|everyone|above|perhaps|maybe|there|here)\s(?!\w+ing\b)",
    re.IGNORECASE,
)
_AUXILIARY = (
    r"(?:am|is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)"
    r"(?:n['’]?t)?"
)
_NEXT = r"(?:the|a|an|my|our|his|her|their|your|this|that|these|those)"
_ASKS = re.compile(  # "what's the weather tomorrow", its mark left out: the verb stands before its subject
    r"(?:(?:and|but|so|or|then|in|on|at|by|to|with|from|for) )?(?:"
    rf"(?:what|where|who|when|how)['’]?s (?:{_NEXT}|it|he|she|there|wrong|going on|happening|up)\b"
    rf"|(?:what|where|when|who|whom|how|why|which|whose)(?: (?!{_PRONOUN}\b)\w+)?? {_AUXILIARY} "
    rf"(?:(?!it for\b){_PRONOUN}|{_NEXT}(?! (?:is|was)\b))(?=\s|$))",
    re.IGNORECASE,
)
_SPEAKER = re.compile(r"(?:\w+ ?\w*)\s?:\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """A run of the text that can stand alone. `start` and `end` are a half-open range of the whole text."""

    text: str
    start: int
    end: int
    whole: bool  # the whole sentence, but for its mark and an "and" or "so" before it
    question: bool
    speech: bool = False  # a line of a dialogue: "Her: sure"


def without_subject(clause: str) -> bool:
    """Whether a diary left out its "I", as in "Drove off without a word"."""
    return bool(_DIARY.match(clause))


def holds_verb(words: str) -> bool:
    """Whether a run of words has what looks like a verb in it."""
    return _VERB.search(words) is not None


def locate(text: str, sentences: Sequence[str]) -> list[tuple[int, int]]:
    """Where each sentence stands in the text, white space folded; (-1, -1) for one that is not there."""
    places: list[tuple[int, int]] = []
    at = 0
    for sentence in sentences:
        start = text.find(sentence, at)
        end = start + len(sentence)
        if start == -1:
            found = re.compile(r"\s+".join(map(re.escape, sentence.split()))).search(text, at)
            start, end = found.span() if found else (-1, -1)
        places.append((start, end))
        at = max(at, end)
    return places


def clauses(text: str, sentences: Sequence[str]) -> list[Clause]:
    """Every clause of 3 to 26 words that can stand alone, in order; they overlap.

    Args:
        text: a reflection; may be empty.
        sentences: its sentences in order, as `split_sentences` gives them.
    """
    found: list[Clause] = []
    for start, end in locate(text, sentences):
        if start != -1:
            found.extend(_clauses_of(text[start:end], start))
    return found


def _clauses_of(sentence: str, offset: int) -> Iterator[Clause]:
    masked = mask(sentence)
    if masked is None or len(sentence) > _LONGEST_SENTENCE:
        return
    hidden, kept = masked
    ends = len(hidden.rstrip(" .!?…,;:\n"))
    question = "?" in hidden[ends:]
    speech = bool(_SPEAKER.match(hidden)) and ":" in hidden[:14]
    pieces = _pieces(hidden[:ends])
    for first in range(len(pieces)):
        for last in range(first, min(first + 5, len(pieces))):
            start, end = pieces[first][0], pieces[last][1]
            run = hidden[start:end]
            if not _stands(run, last > first, end == ends):
                continue
            place = offset + len(unmask(hidden[:start], kept))
            clause = unmask(run, kept)
            whole = first == 0 and last == len(pieces) - 1
            asked = question and last == len(pieces) - 1
            yield Clause(clause, place, place + len(clause), whole, asked, speech)


def _pieces(hidden: str) -> list[tuple[int, int]]:
    """Ranges between the places where a cut is allowed, "and" and the like left out at the front."""
    pieces: list[tuple[int, int]] = []
    lead = _LEAD.match(hidden)
    start = lead.end() if lead and lead.end() < len(hidden) else 0
    for cut in _BREAK.finditer(hidden, start):
        if cut.start() <= start:
            continue
        pieces.append((start, cut.start()))
        start = cut.end()
        lead = _LEAD.match(hidden, start)
        start = lead.end() if lead and lead.end() < len(hidden) else start
    if start < len(hidden):
        pieces.append((start, len(hidden)))
    return pieces


def _stands(run: str, joined: bool, at_end: bool) -> bool:
    """Whether a run of words reads as a clause of its own."""
    words = run.split()
    if not FEWEST <= len(words) <= MOST or run.count("(") != run.count(")"):
        return False
    if not (_STARTS.match(run) or _DIARY.match(run)) or not _VERB.search(run):
        return False
    if _ASKS.match(run):
        return False
    if _VERB_FIRST.match(run) or _ASIDE.match(run) or _HALF.search(run) or _REPORTED.match(run):
        return False
    if (words[-1].lower().strip(",;:") in _DANGLING and not at_end) or _MARK_INSIDE.search(run):
        return False
    if _SUBORDINATE.match(run):
        # "when I stay" hangs in the air until its main clause has come
        return joined and bool(
            re.search(rf",\s*(?:{_PRONOUN}|{_DETERMINER}|(?-i:[A-Z])\w+)\b", run, re.IGNORECASE)
        )
    return True


def dangles(words: str) -> bool:
    """Whether a run of words ends on one that leads on, such as "the", "to" or "because"."""
    last = words.split()[-1:]
    return not last or last[0].lower().strip(",;:") in _DANGLING


def phrase_end(sentence: str, start: int, most: int, least: int = 0) -> int | None:
    """Where the phrase that begins at `start` ends: at a mark, or before a new clause.

    Args:
        sentence: quotations hidden.
        start: of the first word.
        most: words, 1 or more; a longer phrase is not cut but refused.
        least: a place that must be reached; from there on, "and" ends the phrase too.
    """
    weak: int | None = None
    for found in _PHRASE_END.finditer(sentence, start):
        words = sentence[start : found.start()]
        if len(words.split()) > most:
            break
        if found.lastgroup == "hard":
            return found.start() if words.strip() and found.start() >= least else None
        if dangles(words) or found.start() < least:
            continue
        if found.lastgroup == "strong" or least:
            return found.start()
        weak = found.start()
    return weak
