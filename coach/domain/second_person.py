"""First person to second person: "I was late and my boss saw me" -> "You were late and your boss saw you".

The mirror stands or falls with this. So it works by rules that can be read, refuses whatever it cannot
be sure of, and never touches what stands in quotation marks: those words belong to somebody else.

"We" becomes the plural "you" ("We lost her" -> "You lost her") as long as nothing in the clause says "I":
"I think we are lost" would turn into a statement about one person, so it is refused.
"""

from __future__ import annotations

import re

from coach.domain.quotation import MASK, mask, unmask

_FLAGS = re.IGNORECASE

_ADVERBS = (
    r"(?:really|never|also|always|only|just|even|often|usually|sometimes|ever|almost|simply|"
    r"certainly|probably|"
    r"definitely|actually|truly|suddenly|finally|honestly|clearly|obviously|maybe|perhaps|mostly|"
    r"already|soon|"
    r"still|once|then|now|again|too|both|both\s+of\s+you|myself|not|all|immediately|immensely|quickly|quite|"
    r"secretly|apparently|indeed|therefore|somehow|yesterday|today|\w+ly)"
)
_BE = r"(?:was|is|wasn['’]?t|isn['’]?t|has|hasn['’]?t|doesn['’]?t)"
_AGREE = {"was": "were", "is": "are", "wasnt": "weren't", "isnt": "aren't", "has": "have"}
_AGREE |= {"hasnt": "haven't", "doesnt": "don't"}

_PRONOUNS = {
    "i": "you", "me": "you", "my": "your", "mine": "yours", "mine's": "yours is", "myself": "yourself",
    "i'm": "you're", "i've": "you've", "i'd": "you'd", "i'll": "you'll", "im": "you're", "ive": "you've",
    "we": "you", "us": "you", "our": "your", "ours": "yours", "ourselves": "yourselves",
    "we're": "you're", "we've": "you've", "we'd": "you'd", "we'll": "you'll",
}  # fmt: skip
_BARE = {
    "dont": "don't", "didnt": "didn't", "doesnt": "doesn't", "cant": "can't", "couldnt": "couldn't",
    "wouldnt": "wouldn't", "shouldnt": "shouldn't", "isnt": "isn't", "wasnt": "wasn't", "arent": "aren't",
    "werent": "weren't", "havent": "haven't", "hasnt": "hasn't", "hadnt": "hadn't", "youre": "you're",
    "thats": "that's", "theyre": "they're", "wont": "won't", "hes": "he's", "shes": "she's",
    "theres": "there's",
}  # fmt: skip

_I = r"(?<![\w/&.\-])I(?![\w/&\-]|\.\w|\))"
_SELF = re.compile(
    rf"({_I}.*\b(?:or with|protect \w+ from|than with|or at|or on|thought of|think of) )me\b", _FLAGS
)
_ALONE = re.compile(_I, _FLAGS)
_SINGULAR = re.compile(rf"{_I}|\b(?:me|mine|myself|im|ive|I['’](?:m|ve|d|ll))\b", _FLAGS)
_PLURAL = re.compile(r"\b(?:we|ourselves|we['’](?:re|ve|d|ll))\b|\b(?-i:us|Us)\b", _FLAGS)
_POSSESSIVE = re.compile(r"\b(?:my|our|ours)\b", _FLAGS)
_YOU = re.compile(r"\b(?:you|your|yours|yourself|you['’](?:re|ve|d|ll))\b", _FLAGS)

_LEAD_IN = re.compile(
    r"^(?:(?:to be (?:honest|frank)|honestly|frankly|to tell the truth|i mean|well|look|anyway|okay|"
    r"ok|you know)"
    r"\s*,\s*|me\s*,\s*(?=i\b)|(?:to be honest|honestly|i mean)\s+(?=(?:i|he|she|they|my|we|nobody|"
    r"i['’]m)\b))",
    _FLAGS,
)
_FILLER = re.compile(r"\s*,\s*(?:you know|i mean)\s*,\s*", _FLAGS)
_LABEL = re.compile(
    r"\b(?:phase|type|part|plan|stage|level|class|module|chapter|war|band|grade|tier|category)\s+I\b", _FLAGS
)
_MINE_NOUN = re.compile(
    r"\b(?:gold|coal|data|a|the|salt|land)\s?mines?\b|\bmine\s?(?:field|shaft)s?\b", _FLAGS
)
_REFUSED = re.compile(
    r"^(?:(?:please|just|so|and|but|well),?\s+)?(?:let|believe|trust|excuse|forgive|pardon|tell|"
    r"help|give|show|dear)\s+me\b"
    r"|,\s*(?:ring|call|tell|ask|give|help|show|let|trust|believe|leave|follow|forgive|talk to|"
    r"come to|write to)"
    r" me\b"
    r"|\blet['’]?s\b|\blet us\b|\bmy (?:god|goodness|gosh|bad)\b|^me, myself\b|\bthank you\b"
    r"|\bam (?:not )?(?:agree|feel|work|think|want|know|need|have|try|like|believe|say)\b"
    r"|(?<!was )(?<!were )(?<!been )(?<!am )(?<!got )(?<!i )"
    r"\b(?:said|says|answered|asks?|asked|replied|wrote|shouted|writes|told \w+)\s*[:,]\s+(?:i|we|"
    r"my|me|i['’]\w+)\b"
    r"|\b(?:who|what|how|where|which \w+|what \w+) (?:was|is|am) (?:i|me)$"  # a question as it was asked
    r"|\bmine (?:plan|idea|boss|team|job|work|man|wife|people|chef|house|fault|life|heart|head|colleague)s?\b"
    r"|\b(?:me|i) and [\w ]{1,30} am\b"
    r"|^(?:was|wasn['’]?t|were)\s+(?!i\b|it\b|he\b|she\b|they\b|we\b|that\b|this\b|there\b|the\b|"
    r"my\b|our\b|\w+ing\b)",
    _FLAGS,
)

_ROLE_NOUN = (
    r"(?:manager|boss|deputy|lead|leader|nurse|team|colleague|director|head|partner|assistant|"
    r"friend|wife|husband|"
    r"doctor|officer|director|chief|supervisor|counterpart|engineer|teacher|principal|sister|"
    r"brother|peer|founder)"
)
_THEM = rf"(?:(?:my|our|the|his|her|their)\s+(?:[\w-]+\s+(?={_ROLE_NOUN}\b))?[\w-]+)"
_NAME = r"(?-i:[A-Z][\w'’-]+)"
_SUBORDINATE = (
    r"when|that|because|if|while|before|after|since|until|as|where|between|whenever|although|though"
)
_COMPOUND_SUBJECT = re.compile(
    rf"(?P<before>^|\b(?:{_SUBORDINATE}|and|but|so)\s+)(?P<them>{_THEM}|{_NAME}|he|she|"
    rf"they)\s+and\s+I\b(?!['’])",
    _FLAGS,
)
_CALENDAR = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|"
    r"October|November|December|Christmas|Easter"
)
_THING = re.compile(
    rf"the (?!(?:\w+ )?(?:{_ROLE_NOUN}|others?|girls?|boys?|men|women|two|team|crew|staff)\b)[\w-]+", _FLAGS
)
_COMPOUND_OBJECT = re.compile(rf"(?P<them>{_THEM}|{_NAME}|him|her|them|he|she|they)\s+and\s+me\b", _FLAGS)
_AS_SUBJECT = {"him": "he", "her": "she", "them": "they"}

_DIRECT = re.compile(rf"({_I}(?:\s+{_ADVERBS}){{0,3}}\s+)({_BE})\b", _FLAGS)
_PARENTHESIS = re.compile(
    rf"({_I}\s*(?:,[^,;.!?]{{1,60}},|\([^)]{{1,60}}\)|"
    rf"[–—-][^–—-]{{1,60}}[–—-])\s*(?:{_ADVERBS}\s+){{0,2}})({_BE})\b",
    _FLAGS,
)
_INVERTED = re.compile(
    r"((?:^|[,;:.?!–—(]\s*|\b(?:what|where|when|why|how|how\s+\w+|who|nor|neither|so|then|never|"
    r"not once|and|or|but)"
    rf"\s+))(was|is)(\s+{_I})",
    _FLAGS,
)
_TAG = re.compile(rf"\b(wasn['’]?t|isn['’]?t)(\s+{_I})", _FLAGS)
_CLEFT = re.compile(r"(\bit(?:['’]s| is| was)\s+(?:me|i)\s+who\s+)(was|is|has)\b", _FLAGS)
_COORDINATED = re.compile(
    rf"((?:\b(?:and|but|or|yet|then)|,)\s+(?:{_ADVERBS}\s+){{0,2}})(was(?:n['’]?t)?)\b", _FLAGS
)
_SUBJECT = re.compile(
    rf"{_I}|\b(?:he|she|it|they|we|who|which|there(?=\s+(?:was|were|is|are)\b)|nobody|everyone)\b", _FLAGS
)
_OPENERS = re.compile(
    rf"^\s*(?:$|(?:{_SUBORDINATE}|last|this|next|yesterday|today|then|on|in|at|for|during|so|and|"
    rf"but|once|again|"
    r"somehow|later|first|suddenly|with|without|every|by|\w+ly)\b)",
    _FLAGS,
)
# "I'd like to say: no, I won't manage": what stands behind the colon is speech, and its "I" is the speaker's
_SPEECH = re.compile(
    r"\b(?:say|says|said|saying|tell|tells|told|shout|shouted|answer|answered|reply|replied|write|wrote|scream(?:ed)?)\b"
    rf"[^:.;]{{0,30}}:\s.*(?:{_I}|\b(?:me|my|mine|we|us|our)\b)",
    _FLAGS,
)
_EMBEDDED = re.compile(r"\b(?:that|when|because|if|how|why)\s+(?:the|a|an|my|our|his|her|their)\b", _FLAGS)


def to_second_person(clause: str) -> str | None:
    """The same clause said to the writer instead of by the writer.

    Args:
        clause: one clause or sentence in English, as written; quotations may stand in it.

    Returns:
        The clause in the second person, its first letter's case and its punctuation kept; the clause itself
        when nothing in it is said in the first person; None when a rule cannot be sure: quotation marks
        without a partner, "I" mixed with "we", a "you" that may be the writer or another person,
        an imperative, a verb whose subject is unclear.
    """
    masked = _hide(_lead(clause.strip()))
    if masked is None or not masked[0]:
        return None
    text, kept = masked
    first = bool(_SINGULAR.search(text) or _POSSESSIVE.search(text) or _PLURAL.search(text))
    if _REFUSED.search(text) or _SPEECH.search(text) or (_YOU.search(text) and first):
        return None
    if _SINGULAR.search(text) and _PLURAL.search(text):
        return None
    agreed = _agree(_compounds(text))
    if agreed is None:
        return None
    return unmask(_turn(agreed), kept)


def _lead(text: str) -> str:
    """Without "to be honest," and ", you know,": said by the writer, they would be odd said to the writer."""
    short = _FILLER.sub(" ", _LEAD_IN.sub("", text, count=1))
    if short != text and text[:1].isupper():
        short = short[:1].upper() + short[1:]
    return re.sub(r"^am\s+(?!i\b)", "I am ", short, flags=_FLAGS)


def _hide(text: str) -> tuple[str, list[str]] | None:
    """The text with every quotation, label ("Phase I") and mine of gold replaced by one character."""
    masked = mask(text)
    if masked is None:
        return None
    hidden, kept = masked

    def hide(match: re.Match[str]) -> str:
        kept.append(match[0])
        return chr(MASK + len(kept) - 1)

    return _MINE_NOUN.sub(hide, _LABEL.sub(hide, hidden)), kept


def _compounds(text: str) -> str:
    """ "Priya and I" -> "I and Priya": the person spoken to comes first."""

    def subject(match: re.Match[str]) -> str:
        if _CALENDAR.fullmatch(match["them"]):
            return match[0]  # "since June and I said so"
        if _THING.fullmatch(match["them"]) and match["before"].strip().lower() in ("and", "but", "so"):
            return match[0]  # "about the market, and the market and I heard myself": two clauses
        return f"{match['before']}I and {_lower_first(match['them'])}"

    def thing(match: re.Match[str]) -> str:
        them = match["them"]
        if match.start() == 0:
            them = _AS_SUBJECT.get(them.lower(), them)
            return f"I and {_lower_first(them)}"
        return f"me and {them}"

    return _COMPOUND_OBJECT.sub(thing, _COMPOUND_SUBJECT.sub(subject, text))


def _lower_first(words: str) -> str:
    determiner = re.match(r"(?:my|our|the|his|her|their|he|she|they)\b", words, _FLAGS)
    return words[:1].lower() + words[1:] if determiner else words


def _agree(text: str) -> str | None:
    """Verbs that belong to "I" in the form that goes with "you"; None when that is unclear."""
    for pattern in (_DIRECT, _PARENTHESIS, _CLEFT):
        text = pattern.sub(lambda match: match[1] + _plural_verb(match[2]), text)
    text = _INVERTED.sub(lambda match: match[1] + _plural_verb(match[2]) + match[3], text)
    text = _TAG.sub(lambda match: _plural_verb(match[1]) + match[2], text)
    for match in list(_COORDINATED.finditer(text)):
        mine = _is_mine(text[: match.start()], match[1].startswith(","))
        if mine is None:
            return None
        if mine:
            text = text[: match.start(2)] + _plural_verb(match[2]) + text[match.end(2) :]
            return _agree(text)  # the rest has moved by a letter
    return text


def _is_mine(before: str, after_comma: bool) -> bool | None:
    """Whether "I" is the subject of a "was" that follows "and" or a comma; None when it may or may not be."""
    subjects = list(_SUBJECT.finditer(before))
    if not any(found[0] in "Ii" for found in subjects):
        return False
    nearest = subjects[-1]
    if nearest[0].lower() in ("who", "which"):
        return False
    opening = re.split(r"[,;:.!?]|\b(?:and|but|or)\b", before[: nearest.start()])[-1]
    between = before[nearest.end() :]
    if nearest[0] not in "Ii" or not _OPENERS.match(opening) or _EMBEDDED.search(between):
        return None
    if after_comma and re.search(r"\b(?:the|a|an|my|our|his|her|their|this|that)\b|,", between, _FLAGS):
        return None
    return True


def _plural_verb(verb: str) -> str:
    plain = re.sub("['’]", "", verb.lower())
    found = _AGREE[plain]
    if "’" in verb:
        found = found.replace("'", "’")
    return _as_written(verb, found)


def _as_written(word: str, found: str) -> str:
    if word.isupper():
        return found.upper()
    return found[0].upper() + found[1:] if word[0].isupper() else found


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_AM = re.compile(r"(?<!\d)(?<!\d )(?<!\d\. )(?<!['’])\bam\b(?!\.m)", _FLAGS)
_MINE_HAS = re.compile(r"\bmine['’]s(?=\s+(?:been|had|gone|got|done|taken|left|become)\b)", _FLAGS)
_WILL = re.compile(
    r"(?:^|(?<=and )|(?<=but )|(?<=so )|(?<=then ))ill(?=\s+(?:talk|be|do|go|have|ask|tell|try|"
    r"never|just|see|wait|call|let|make)\b)",
    _FLAGS,
)
_WOULD = re.compile(
    r"\bid(?=\s+(?:like|love|rather|be|been|have|had|say|said|never|do|done|prefer|rung|gone|got|told|asked|"
    r"written|seen|forgotten|left|made|known|just|already)\b)",
    _FLAGS,
)


def _turn(text: str) -> str:
    """Every pronoun that is left, one by one; the verbs agree already."""
    text = _SELF.sub(lambda match: match[1] + "myself", text)
    shouting = sum(map(str.isalpha, text)) > 8 and not any(map(str.islower, text))
    text = _AM.sub(lambda match: _as_written(match[0], "are"), text)
    text = _WOULD.sub("i'd", _WILL.sub("i'll", _MINE_HAS.sub("yours has", text)))

    def swap(match: re.Match[str]) -> str:
        return _swap(text, match, shouting)

    return _WORD.sub(swap, text)


def _swap(text: str, match: re.Match[str], shouting: bool) -> str:
    word = match[0]
    plain = word.lower().replace("’", "'")
    if plain[0] == "i" and plain[1:2] in ("", "'") and not _ALONE.match(text, match.start()):
        return word
    if word == "US" and not shouting:
        return word
    found = _PRONOUNS.get(plain) or _BARE.get(plain)
    if found is None:
        return word
    if "’" in word:
        found = found.replace("'", "’")
    if shouting:
        return found.upper()
    return found[0].upper() + found[1:] if _capital(text, match.start(), word) else found


def _capital(text: str, at: int, word: str) -> bool:
    """A capital "I" says nothing about its place; any other capital does."""
    opens = not text[:at].strip() or bool(re.search(r"[.!?]\s+$", text[:at]))
    return word[0].isupper() and (opens or word.lower()[0] != "i")
