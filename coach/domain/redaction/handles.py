"""Names on social networks: "@dana", and without the sign behind a word such as "skype" or "account"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coach.domain.redaction.addresses import Found
from coach.domain.redaction.words import word_set

_HANDLE = re.compile(r"(?<![\w@.])@[a-z_0-9][\w.\-]{0,38}[\w]|(?<![\w@.])@[a-z]\b", re.IGNORECASE)
_EVERYBODY = word_set("here channel everyone all team group home media work noon")
_NETWORK = (
    r"(?:skype|instagram|insta|ig|tiktok|snapchat|snap|telegram|discord|twitter|mastodon|bluesky|threads|wechat|line|viber|github"
    r"|gitlab|reddit|steam|linkedin|facebook|fb|x|slack|teams|signal|kakao|vk|qq)"
)
_CUED = re.compile(
    rf"\b(?:{_NETWORK}(?: (?:id|account|handle|name|user|username|profile))?|handle|user ?name"
    r"|nick(?: ?name)?|screen ?name|account|login|alias|profile)"
    r"(?: (?:is|was|as|under|called|named)|:| =| at| on \w+ is)?"
    r" (?P<name>[a-z0-9][\w.:\-]{2,38}\w)(?![\w@/])",
    re.IGNORECASE,
)
_REDDIT = re.compile(r"(?<![\w/.])u/[\w\-]{3,30}")
# "lagos_lens". What was read is not given back: a page of one long word would take minutes otherwise.
_JOINED = re.compile(r"(?<![\w./@\-])(?=[0-9]*+[a-z])[a-z0-9]++(?:_[a-z0-9]+){1,4}(?![\w/]|\.\w)")
_COMPOUND = re.compile(r"(?=.*[a-z])(?:.*\w[._:\-]\w.*|.*[a-z]\d.*|\d+[a-z].*)", re.IGNORECASE)
_NO_NAME = re.compile(
    r"[A-Za-z]+-[a-z]+|\d{1,2}[:.]\d\d(?:am|pm)?|\d+(?:st|nd|rd|th|h|k|m|am|pm)|v?\d+(?:\.\d+)+\w?"
)


def compound_handles(text: str) -> Iterator[Found]:
    """Those that can be no plain name: of several parts, or with figures in them."""
    for found in _HANDLE.finditer(text):
        if _COMPOUND.fullmatch(found.group()[1:]):
            yield found.start(), found.end(), "handle"
    for pattern in (_REDDIT, _JOINED):
        for found in pattern.finditer(text):
            yield found.start(), found.end(), "handle"
    for found in _CUED.finditer(text):
        name = found["name"]
        if _COMPOUND.fullmatch(name) and not _NO_NAME.fullmatch(name):
            yield found.start("name"), found.end("name"), "handle"


def handles(text: str) -> Iterator[Found]:
    """All with the sign, except those that mean everybody."""
    for found in _HANDLE.finditer(text):
        if found.group()[1:].lower() not in _EVERYBODY:
            yield found.start(), found.end(), "handle"
