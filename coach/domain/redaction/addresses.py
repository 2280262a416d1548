"""E-mail, links and IP addresses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from coach.domain.redaction.common_words import COMMON
from coach.domain.redaction.words import word_set

Found = tuple[int, int, str]  # start, end in the plain text, kind

# Every repetition has an end: without one, a long row of such characters takes minutes to say no to.
_LOCAL = r"[\w.!#$%&'*+/=?^{|}~\-]{0,200}[\w+\-]"
_EMAIL = re.compile(
    rf"(?<![\w@.]){_LOCAL}@(?:[\w\-]+\.)+[^\W\d_]{{2,24}}(?![\w])|{_LOCAL}@(?:[\w\-]+\.)+[a-z]{{2,24}}"
)
_AT = r"\s*[\[({<]\s*(?:at|@)\s*[\])}>]\s*|\s+at\s+|\s+@\s+"
_DOT = r"\s*[\[({<]\s*(?:dot|\.)\s*[\])}>]\s*|\s+dot\s+"
_DASH = r"\s+(?:underscore|minus|dash|hyphen)\s+"
_SPELLED = re.compile(
    rf"(?<![\w.])(?P<local>[\w+\-]{{1,64}}(?:(?:\.|{_DOT}|{_DASH})[\w+\-]{{1,64}}){{0,8}})(?P<at>{_AT})"
    rf"(?P<host>[\w\-]{{1,64}}(?:(?:\.|{_DOT}|{_DASH})[\w\-]{{1,64}}){{0,8}}(?P<dot>{_DOT}|\.)(?:[a-z]{{2,10}}))(?![\w])",
    re.IGNORECASE,
)
_NOT_LOCAL = word_set(
    """
me us him her them you it we i he she they look is are was be work live here there
"""
)

_LINK = re.compile(
    r"(?<![\w@])(?:(?:https?|ftps?|sftp|file|slack|msteams|zoommtg|tel|sip|ssh|smb)://|www\.)[^\s<>\"“”]+"
    r"|(?<!\w)(?:mailto|tel|sip):[^\s<>\"“”]+",
    re.IGNORECASE,
)
_TLD = (
    "com|org|net|edu|gov|mil|int|info|biz|io|ai|co|dev|app|cloud|tech|online|site|xyz|eu|uk|de|fr|nl|ch|at|se|dk"
    "|fi|pl|cz|ie|pt|es|gr|ro|hu|sk|lt|lv|ee|ru|ua|tr|cn|jp|kr|sg|hk|tw|au|nz|ca|mx|br|ar|cl|za|ng|ke|il|ae|sa|ly|gg|tv|fm"
)
_WORD_TLD = frozenset(
    {"at", "be", "ca", "es", "in", "int", "is", "it", "me", "my", "no", "se", "so", "to", "us"}
)
_DOMAIN = re.compile(
    rf"(?<![\w@./\-])(?:[a-z0-9][a-z0-9\-]*\.)+(?:{_TLD}|be|it|us|me|in|is|no|to|so|my)(?::\d{{2,5}})?(?:/[^\s<>\"“”]*)?(?![\w@])"
)
# Any host with a path, whatever its ending: "forum.lindbridge.example/t/8841".
_WITH_PATH = re.compile(
    r"(?<![\w@./\-])(?:[a-z0-9][a-z0-9\-]*\.)+(?P<end>[a-z]{2,24})(?::\d{2,5})?/[^\s<>\"“”]+", re.IGNORECASE
)
# Endings kept for networks within a firm and for examples.
_INNER = frozenset({"example", "local", "internal", "corp", "lan", "intranet", "test", "home", "invalid"})
_FILES = word_set("js ts md py css html htm xml yaml yml json csv txt pdf doc docx xls xlsx ppt pptx png jpg")
_INNER_HOST = re.compile(
    r"(?<![\w@./\-])(?:[a-z0-9][a-z0-9\-]*\.)+(?:example|local|internal|corp|lan|intranet|invalid)(?::\d{2,5})?(?![\w@/]|\.\w)"
)
_KNOWN_TLD = re.compile(rf"(?:{_TLD}|be|it|us|me|in|is|no|to|example)$", re.IGNORECASE)
_SHARE = re.compile(
    r"\\\\[\w.\-]+(?:\\[^\s\\]+)+|(?<!\w)[A-Z]:(?:\\[^\s\\]+(?: [^\s\\]+(?=\\))?)+"
    r"|(?<![\w/])/(?:Volumes|Users|home|mnt|srv|shares?)/[^\s<>\"“”]+"
)
_TAIL = ".,;:!?'\"*_»"

_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)(?:/\d{1,2}(?!\d))?")
_VERSION = re.compile(
    r"(?:\bv|\bversion|\brelease|\bbuild|\bsection|\bclause|\bparagraph|§)\s*$", re.IGNORECASE
)
_PROGRAM = re.compile(
    r"\b(?:firmware|software|upgrad\w+|updat\w+|patch\w*|driver|app)\b[^.!?\n]*$", re.IGNORECASE
)
_NETWORK = re.compile(
    r"\b(?:ip|server|address|host|router|vpn|subnet|port|login|logged|from)\b", re.IGNORECASE
)
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:%\w+)?(?![\w:])", re.IGNORECASE)
_MAC = re.compile(r"(?<![\w:])(?:[0-9a-f]{2}[:\-]){5}[0-9a-f]{2}(?![\w:])", re.IGNORECASE)


def emails(text: str) -> Iterator[Found]:
    """E-mail addresses, also spelled out: "dana at firm dot com", "dana [at] firm.com"."""
    for found in _EMAIL.finditer(text) if "@" in text else ():
        yield found.start(), found.end(), "email"
    for found in _SPELLED.finditer(text):
        spelled_at = found["at"].strip().lower() == "at"
        spelled_dot = found["dot"].strip() != "."
        last = re.split(r"[\s._+\-]", found["local"])[-1].lower()
        if (
            spelled_at
            and not spelled_dot
            and found["at"].strip() != "AT"
            and (last in COMMON or last in _NOT_LOCAL)
        ):
            continue  # "we met at firm.com"
        bracketed = found["at"].strip()[0] in "[({<" and found["dot"].strip()[0] in "[({<"
        if spelled_dot and not bracketed and not _KNOWN_TLD.search(found["host"]):
            continue  # "look at the dot on the map"
        if found["host"].lower().startswith("www."):
            continue  # "her work at www.firm.com" is a link
        bare = found["local"].lower() in _NOT_LOCAL
        start = found.start("host") if bare else found.start()
        yield start, found.end(), "url" if bare else "email"


def links(text: str) -> Iterator[Found]:
    """Web addresses with or without https, and shared folders."""
    for found in _LINK.finditer(text):
        yield found.start(), _trimmed(text, found.start(), found.end()), "url"
    for found in _WITH_PATH.finditer(text) if "/" in text else ():
        labels = found.group()[: found.start("end") - found.start() - 1].split(".")
        ending, short = found["end"].lower(), min(map(len, labels)) < 2
        word = ending in COMMON and ending not in _INNER and len(labels) < 2
        word = word or (ending in _FILES and len(labels) < 2)
        if not word and not short:  # "done.and/or", "e.g/i.e", "node.js/react"
            yield found.start(), _trimmed(text, found.start(), found.end()), "url"
    for found in _DOMAIN.finditer(text):
        host = re.split(r"[:/]", found.group(), maxsplit=1)[0]
        last = host.rsplit(".", 1)[1]
        plain = "/" not in found.group() and host.count(".") == 1
        if plain and last in _WORD_TLD and len(host) < 12:
            continue  # a full stop without a space: "it is done.so we"
        yield found.start(), _trimmed(text, found.start(), found.end()), "url"
    for found in _INNER_HOST.finditer(text):
        yield found.start(), found.end(), "url"
    for found in _SHARE.finditer(text):
        yield found.start(), _trimmed(text, found.start(), found.end()), "url"


def _trimmed(text: str, start: int, end: int) -> int:
    """Without the punctuation of the sentence around it."""
    while end - start > 4:
        last = text[end - 1]
        unpaired = last in ")]}" and text[start:end].count(last) > text[start:end].count(
            "([{"[")]}".index(last)]
        )
        if last not in _TAIL and not unpaired:
            break
        end -= 1
    return end


def ips(text: str) -> Iterator[Found]:
    """IP addresses of both versions, and hardware addresses (kind id)."""
    for found in _IPV4.finditer(text):
        quad = found.group().split("/")[0]
        before = text[max(0, found.start() - 48) : found.start()]
        numbered = _VERSION.search(before) or (_PROGRAM.search(before) and not _NETWORK.search(before))
        if all(int(part) < 256 for part in quad.split(".")) and not numbered:
            yield found.start(), found.end(), "ip"
    for found in _IPV6.finditer(text):
        if found.group().count(":") < 3 and "::" not in found.group():
            continue
        if _is_ipv6(found.group().split("%")[0]):
            yield found.start(), found.end(), "ip"
    for found in _MAC.finditer(text):
        yield found.start(), found.end(), "id"


def _is_ipv6(text: str) -> bool:
    if not any(char.isdigit() for char in text):
        return False
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
