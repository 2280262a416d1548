"""Where quotations stand in a text, so that other people's words are left as they are."""

from __future__ import annotations

import re

MASK = 0xE000  # private-use characters stand for quotations while rules run over the rest
_MASKED = re.compile("[\ue000-\uf8ff]")
_MOST = 200  # quotations in one text; more than that is not prose
_PARTNERS = {'"': '"', "“": "”", "„": "“”", "«": "»", "‘": "’", "'": "'"}
_MARK = re.compile("[\"“”„«»‘']")  # what opens a quotation, or closes one that never opened


def quoted_spans(text: str) -> list[tuple[int, int]] | None:
    """Half-open ranges of what stands in quotation marks, marks included, in order and not nested.

    Returns:
        None when a double mark has no partner. Single marks without a partner are apostrophes.
    """
    spans: list[tuple[int, int]] = []
    at = 0
    while found := _MARK.search(text, at):
        at = found.start()
        end = _closing(text, at)
        if end == -1:
            return None
        if end:
            spans.append((at, end))
        at = end or at + 1
    return spans


def _closing(text: str, at: int) -> int:
    """Where the quotation that the mark at `at` opens ends; 0 when it opens none, -1 when it never ends."""
    mark = text[at]
    if mark in "”»":
        return -1
    single = mark in "‘'"
    if single and (at + 1 >= len(text) or text[at + 1].isspace() or (at and text[at - 1].isalnum())):
        return 0
    for end in range(at + 1, len(text)):
        if text[end] not in _PARTNERS[mark]:
            continue
        if single and (text[end - 1].isspace() or text[end + 1 : end + 2].isalnum()):
            continue
        return end + 1
    return 0 if single else -1


def mask(text: str) -> tuple[str, list[str]] | None:
    """The text with each quotation replaced by one private-use character, and the quotations in order.

    Returns:
        None when a mark has no partner or the text itself holds private-use characters.
    """
    spans = quoted_spans(text)
    if spans is None or _MASKED.search(text) or len(spans) > _MOST:
        return None
    kept: list[str] = []
    parts: list[str] = []
    last = 0
    for start, end in spans:
        parts += [text[last:start], chr(MASK + len(kept))]
        kept.append(text[start:end])
        last = end
    return "".join([*parts, text[last:]]), kept


def unmask(text: str, kept: list[str]) -> str:
    """The other way round; `kept` may have grown in between."""
    return _MASKED.sub(lambda match: kept[ord(match[0]) - MASK], text)
