"""What happens to a member's text before anything looks at it: cleaning, bounds, sentences."""

from __future__ import annotations

import re
import unicodedata

from coach.errors import Sentence, TextRefused

REFLECTION_LIMIT = 20_000  # characters, after cleaning
FEWEST_LETTERS = 3

_JOINERS = {"\u200c", "\u200d"}  # Persian and Indic spelling and emoji families need them
_KEPT_CONTROLS = {"\n", "\t"}
_ABBREVIATION = re.compile(
    r"(?:(?<![\w'’])(?i:e\.g|i\.e|vs|mr|mrs|ms|dr|prof|st|approx|dept|inc|ltd|a\.m|p\.m|resp|cf)"
    r"|(?<![\w'’])[A-HJ-Z])\.$"
)
_SENTENCE_END = re.compile(r"[.!?…。！？]+[\"'”’»)\]]*(?=\s|$)")
_LONGEST_ABBREVIATION = 12  # characters, with its full stop and more than the longest one above
_SIGN = re.compile(r"\S")
_LIST_MARK = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")


def clean(raw: str) -> str:
    """The text as it will be kept.

    Unicode NFC, line ends as `\\n`, and without what no eye sees: control characters, zero-width and
    direction-override characters, lone surrogates. A joiner stays between two non-ASCII characters,
    where spelling or an emoji needs it.

    Args:
        raw: anything a form, a file or a pipe delivered.

    Returns:
        The cleaned text, stripped at both ends; cleaning it again changes nothing.
    """
    # Dropping a character can bring two together that compose: hence to a fixed point.
    text = raw
    for _ in range(8):
        before = text
        text = _clean_once(text)
        if text == before:
            break
    return text


def _clean_once(raw: str) -> str:
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n"))
    if text.isascii() and text.isprintable():
        return text.strip()
    kept = [char for place, char in enumerate(text) if _keep(text, place, char)]
    return "".join(kept).strip()


def _keep(text: str, place: int, char: str) -> bool:
    if char in _KEPT_CONTROLS:
        return True
    if char in _JOINERS:
        return 0 < place < len(text) - 1 and _joins(text[place - 1]) and _joins(text[place + 1])
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _joins(char: str) -> bool:
    return not char.isascii() and not char.isspace() and unicodedata.category(char) not in {"Cc", "Cf", "Cs"}


def accept(raw: str, limit: int = REFLECTION_LIMIT) -> str:
    """Clean a reflection and hold it to its bounds.

    Args:
        raw: what the member sent.
        limit: most characters after cleaning, 1 or more.

    Returns:
        The cleaned text: 3 letters or more, at most `limit` characters.

    Raises:
        TextRefused: empty, without words, or too long. Nothing is saved; the caller keeps the text
            where the member can change it.
    """
    if len(raw) > 8 * limit:  # bound the work before looking at each character
        raise TextRefused(_too_long(len(raw), limit), "Please shorten it, or send it in two parts.")
    text = clean(raw)
    if not text:
        raise TextRefused(
            "There is nothing to read yet.", "Please write a sentence about what is on your mind."
        )
    if len(text) > limit:
        raise TextRefused(_too_long(len(text), limit), "Please shorten it, or send it in two parts.")
    letters = sum(char.isalpha() for char in text)
    if letters < FEWEST_LETTERS:
        said = "This is too short to be read." if letters else "There are no words in this text yet."
        raise TextRefused(said, "Please write a sentence about what is on your mind.")
    return text


def _too_long(length: int, limit: int) -> str:
    return Sentence(
        "This text has {length} characters; a reflection can have {limit}.", length=length, limit=limit
    )


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, in order, each as written and without outer spaces.

    Splits at sentence ends and at line ends that end a thought (an empty line, a list item, a line
    that the next one does not continue in lower case). Abbreviations and initials do not end a sentence.

    Args:
        text: a cleaned text; may be empty.

    Returns:
        Each sentence is a run of characters of `text` with white space folded; none is empty.
    """
    sentences: list[str] = []
    for block in _blocks(text):
        sentences.extend(_sentences_of_block(block))
    return sentences


def _blocks(text: str) -> list[str]:
    blocks: list[str] = []
    for line in text.split("\n"):
        item = _LIST_MARK.match(line)
        stripped = _LIST_MARK.sub("", line).strip()
        if not stripped:
            blocks.append("")
            continue
        continues = (
            bool(blocks and blocks[-1]) and not item and (stripped[0].islower() or blocks[-1][-1] in ",;:-–")
        )
        if continues:
            blocks[-1] += " " + stripped
        else:
            blocks.append(stripped)
    return [" ".join(block.split()) for block in blocks if block]


def _sentences_of_block(block: str) -> list[str]:
    sentences: list[str] = []
    start = 0
    for found in _SENTENCE_END.finditer(block):
        end = found.end()
        # Only the last letters are looked at, never the whole piece: a row of "Dr." would take minutes.
        if end < len(block) and _ABBREVIATION.search(block, max(start, end - _LONGEST_ABBREVIATION), end):
            continue
        following = _SIGN.search(block, end)
        if following and following[0].islower() and block[end - 1] not in ".!?":
            continue  # “Stop!” he said: the quotation goes on
        piece = block[start:end].strip()
        if piece:
            sentences.append(piece)
        start = end
    rest = block[start:].strip()
    if rest:
        sentences.append(rest)
    return sentences
