"""The fixed texts for crisis, danger and harassment, with the contacts of this installation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from coach.adapters.safe_yaml import not_yaml, read_yaml
from coach.domain.model import ScreenKind
from coach.errors import Sentence, SettingsRefused

PLACE = "{{contacts}}"
_RESTORE = "Please restore it, or take COACH_CONTACTS out."
KINDS = (ScreenKind.CRISIS, ScreenKind.DANGER, ScreenKind.HARASSMENT)


def read_signposts(file: Path, contacts: Path | None = None) -> Mapping[ScreenKind, str]:
    """The text for each kind, contacts filled in as a list.

    Args:
        file: prompts/embedded/signposts.yaml.
        contacts: a file with this installation's own contacts, by kind; a kind it leaves out keeps
            the neutral ones.

    Raises:
        SettingsRefused: a file is missing or malformed. The program does not start without signposts:
            a text in need must never meet an empty page.
    """
    content = _mapping(file)
    own = _mapping(contacts) if contacts else {}
    people = {
        **_mapping_in(content, "contacts", file),
        **_mapping_in(own or {"contacts": {}}, "contacts", contacts or file),
    }
    texts = _mapping_in(content, "signposts", file)
    return {kind: _filled(kind, texts.get(kind.value), people.get(kind.value), file) for kind in KINDS}


def _filled(kind: ScreenKind, text: Any, people: Any, file: Path) -> str:
    if not isinstance(text, str) or PLACE not in text:
        told = Sentence("the text for {kind} is missing or has no place for contacts", kind=kind.value)
        raise _refused(file, told)
    if (
        not isinstance(people, list)
        or not people
        or not all(isinstance(one, str) and one.strip() for one in people)
    ):
        raise _refused(file, Sentence("the contacts for {kind} are not a list of texts", kind=kind.value))
    return text.replace(PLACE, "\n".join(f"- {one.strip()}" for one in people))


def _mapping(file: Path) -> dict[str, Any]:
    try:
        found = read_yaml(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as fault:
        raise _refused(file, Sentence("it cannot be read ({kind})", kind=type(fault).__name__)) from fault
    except yaml.YAMLError as fault:
        raise SettingsRefused(not_yaml(file.name, fault), _RESTORE) from fault
    if not isinstance(found, dict):
        raise _refused(file, "it is not a list of names and values")
    return found


def _mapping_in(content: dict[str, Any], name: str, file: Path) -> dict[str, Any]:
    found = content.get(name)
    if not isinstance(found, dict):
        raise _refused(file, Sentence("it has no part named {name}", name=name))
    return found


def _refused(file: Path, reason: str) -> SettingsRefused:
    return SettingsRefused(
        Sentence(
            "The file {file} with the signposts or contacts cannot be used: {reason}.",
            file=file.name,
            reason=reason,
        ),
        _RESTORE,
    )
