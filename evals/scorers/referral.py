"""Whether a signpost says what a person in need has to read. Written from the policy, not from the file."""

from __future__ import annotations

import re

_CONTACT = re.compile(r"^\s*[-*•]\s+\S.*$", re.MULTILINE)
_PRIVATE = re.compile(
    r"\b(?:only|nobody|no one|nothing|not)\b[^.\n]{0,60}\b(?:read|shared?|see|alerted)\b", re.I
)
_WAY_OUT = re.compile(r"\b(?:person|people|someone|somebody|who)\b", re.I)
_AT_ONCE = re.compile(r"\bemergenc|\bpolice\b|\b\d{3}\b|\b(?:now|today|tonight|at once)\b", re.I)
_ABOUT = {
    "crisis": re.compile(r"\b(?:life|suicid|harm|risk|crisis)", re.I),
    "danger": re.compile(r"\b(?:hurt|danger|safe|violen|threat)", re.I),
    "harassment": re.compile(r"\b(?:law|rules|rights?|protect|report)", re.I),
}
LEAST_CONTACTS = 2


def lacks(signpost: str, kind: str) -> list[str]:
    """What is missing in a signpost.

    Args:
        signpost: Markdown, as the member reads it.
        kind: "crisis", "danger" or "harassment".

    Returns:
        Names of what is missing, none when it is complete: the subject, privacy, a human route, contacts,
        urgency (not for harassment), and that nothing is asked and nothing was left unfilled.
    """
    missing = []
    if not signpost.strip():
        return ["text"]
    if not _ABOUT[kind].search(signpost):
        missing.append("subject")
    if not _PRIVATE.search(signpost):
        missing.append("privacy")
    if not _WAY_OUT.search(signpost):
        missing.append("human route")
    if len(_CONTACT.findall(signpost)) < LEAST_CONTACTS:
        missing.append("contacts")
    if kind != "harassment" and not _AT_ONCE.search(signpost):
        missing.append("urgency")
    if "?" in signpost:
        missing.append("silence: it asks something")
    if "{{" in signpost or "}}" in signpost:
        missing.append("filled places")
    return missing
