"""Every error the program raises on purpose.

    CoachError                      a fault of ours or of the machine; exit code 1
    ├── UserError                   the person can mend it; exit code 2, one sentence and a remedy
    │   ├── TextRefused             empty, too long, nothing readable: the text stays in the box
    │   ├── NotFound                no such thing, or not yours: both look the same on purpose
    │   ├── NotAllowed              a role tried what that role may not do
    │   ├── SignInFailed            wrong, used or expired; never says which
    │   ├── TooMany                 a limit on tries or open requests
    │   ├── SettingsRefused         a setting that is missing, wrong or dangerous
    │   ├── KeyRefused              the master key is wrong, lost, or inside the data folder
    │   ├── DataFolderBusy          a second process on the same data folder
    │   └── ModelRefused            the embedding model's folder or checksum is wrong
    ├── StoreUnavailable            disk full, database gone: nothing was saved, and we say so
    ├── IndexUnavailable            retrieval is off for now; reflections are saved all the same
    ├── Unanswered                  the reflection is saved, its answer is not there
    └── WriterUnavailable           the language model gave nothing usable in time
        ├── WriterTimeout
        ├── WriterRefused           429, 401, 5xx: the provider said no
        └── WriterGarbled           a reply that was cut, empty or not of the agreed form

A message never carries a member's text: what it says may stand in a log.

What a page may show is English here and a key there: a plain string stands in the catalogue of the pages
word for word, and one with values in it is a `Sentence`. So nothing below the pages knows of languages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Self

# {name} or {name:.1f}; doubled braces are text
PLACE = re.compile(r"(?<!\{)\{([a-z_]+)(?::([^{}]*))?\}(?!\})")


class Sentence(str):
    """An English sentence that knows the form it was made from, so that a page can say it otherwise.

    For logs, JSON and the command line it is the plain string it looks like.

    Args:
        form: English, with a place `{name}` or `{name:.1f}` for each value.
        one: the form for a `count` of one, where that is another.
        values: what the places stand for. A whole number is grouped (20,000); a tuple is sentences, one
            after the other; a value may be a Sentence itself.
    """

    form: str
    values: Mapping[str, Any]

    def __new__(cls, form: str, /, one: str = "", **values: Any) -> Self:
        english = one if one and values.get("count") == 1 else form

        def fill(place: re.Match[str]) -> str:
            return _in_english(values[place[1]], place[2] or "") if place[1] in values else place[0]

        made = super().__new__(cls, PLACE.sub(fill, english))
        made.form, made.values = form, values
        return made

    def __str__(self) -> str:
        return self  # str() of an error, too, keeps the form


def _in_english(value: Any, spec: str) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return format(value, spec or ("," if type(value) is int else ""))


class CoachError(Exception):
    """Something went wrong that the person in front of the screen did not cause.

    Args:
        message: one sentence, without private text.
        remedy: what to do about it, one sentence; may be empty.

    As a string it is both, and a page can still take them apart.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        if not self.remedy:
            return self.message
        return Sentence("{message} {remedy}", message=self.message, remedy=self.remedy)


class UserError(CoachError):
    """The person can mend it."""


class TextRefused(UserError):
    """The text cannot be taken as a reflection; nothing was saved."""


class NotFound(UserError):
    """There is no such thing for this member."""


class NotAllowed(UserError):
    """This role may not do that."""


class SignInFailed(UserError):
    """The link or the password did not open an account."""


class TooMany(UserError):
    """A limit was reached; trying later helps."""


class SettingsRefused(UserError):
    """A setting is missing, wrong or dangerous."""


class KeyRefused(UserError):
    """The master key does not open this store, or lies in a place where it protects nothing."""


class DataFolderBusy(UserError):
    """Another process holds the data folder."""


class ModelRefused(UserError):
    """The embedding model cannot be loaded or is not the one that was promised."""


class StoreUnavailable(CoachError):
    """The database did not take or give the data; nothing of this step was saved."""


class IndexUnavailable(CoachError):
    """Retrieval is out of service; what members write is saved all the same."""


class Unanswered(CoachError):
    """The reflection is saved; what should have answered it failed. Sending it again would save it twice.

    Args:
        entry_id, conversation_id: where it is saved.
        cause: the kind of the fault, for a log; never its words.
    """

    def __init__(self, entry_id: str, conversation_id: str, cause: str) -> None:
        super().__init__(
            "Your words are saved, but they could not be answered.", "You find them in your journal."
        )
        self.entry_id = entry_id
        self.conversation_id = conversation_id
        self.cause = cause


class WriterUnavailable(CoachError):
    """The writer gave nothing usable; the bank takes over."""


class WriterTimeout(WriterUnavailable):
    """The total deadline passed."""


class WriterRefused(WriterUnavailable):
    """The provider answered with an error."""


class WriterGarbled(WriterUnavailable):
    """The reply was cut, empty or not of the agreed form."""
