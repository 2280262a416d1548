"""Every visible string of the pages, from one YAML file a language.

A second language is a second file: it must have exactly the keys and placeholders of the English
one, its own plural forms, its direction and how it writes numbers. See docs/language.md.

What services and errors say comes up as English. Its words stand in the part `said` of the catalogue, and
the English of that part is the key under which another language is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import yaml

from coach.errors import PLACE, Sentence
from ui.plurals import plural_of

SAID = "said."  # what is said below the pages
STORED = "said.stored."  # what a turn keeps as English: known again by its form
MODEL = "en"
_DIRECTIONS = ("ltr", "rtl")

Text = str | Mapping[str, str]  # a string, or plural form -> string


class CatalogBroken(Exception):
    """A catalogue file does not say what the pages need; raised at start-up, for developers."""


@dataclass(frozen=True, slots=True)
class English:
    """The words that come up from below, and the keys they stand under.

    Attributes:
        keys: English form -> key.
        stored: patterns of the forms that are only known as whole strings; the most particular first.
    """

    keys: Mapping[str, str] = field(default_factory=dict)
    stored: tuple[tuple[re.Pattern[str], str], ...] = ()


@dataclass(frozen=True, slots=True)
class Catalog:
    """The strings of one language.

    Attributes:
        language: BCP 47 tag, also the name of the file.
        direction: "ltr" or "rtl".
        texts: dotted key -> text.
        group, decimal: what stands between thousands, and before a fraction.
        english: what is said below the pages.
    """

    language: str
    direction: str
    texts: Mapping[str, Text]
    group: str = ","
    decimal: str = "."
    english: English = field(default_factory=English)

    def text(self, key: str, /, **values: object) -> str:
        """The string of `key` with each `{name}` replaced by a value.

        Args:
            key: dotted, e.g. "journal.count".
            values: what the placeholders stand for; `count` also picks the plural form.

        Raises:
            CatalogBroken: no such key, or a placeholder without its value: a mistake in the program.
        """
        entry = self.texts.get(key)
        if entry is None:
            raise CatalogBroken(f"The catalogue {self.language} has no text for {key}.")
        form = entry if isinstance(entry, str) else self._form(key, entry, values.get("count"))
        missing = [place[1] for place in PLACE.finditer(form) if place[1] not in values]
        if missing:
            raise CatalogBroken(f"The text {key} needs a value for {missing[0]}.")
        return self._filled(form, values)

    def say(self, sentence: str) -> str:
        """What a service, an error or a stored turn says, in this language.

        Args:
            sentence: English; one that is not in the catalogue comes back as it is.
        """
        for pattern, key in () if isinstance(sentence, Sentence) else self.english.stored:
            if hit := pattern.fullmatch(sentence):
                return self.text(key, **hit.groupdict())
        return self._said(sentence)

    def number(self, value: float, spec: str = "") -> str:
        """A number as this language writes it.

        Args:
            spec: as for `format`, e.g. ".3f"; empty groups a whole number (20,000).
        """
        english = format(value, spec or ("," if isinstance(value, int) else ""))
        return english.translate({ord(","): self.group, ord("."): self.decimal})

    def has(self, key: str) -> bool:
        return key in self.texts

    def _said(self, sentence: str) -> str:
        made = isinstance(sentence, Sentence)
        form = sentence.form if isinstance(sentence, Sentence) else sentence
        values = dict(sentence.values) if isinstance(sentence, Sentence) else {}
        spoken = {name: self._part(value) for name, value in values.items()}
        if key := self.english.keys.get(form):
            return self.text(key, **spoken)
        return self._filled(form, spoken) if made else sentence

    def _part(self, value: Any) -> object:
        if isinstance(value, tuple):
            return " ".join(self._said(str(one)) for one in value)
        return self._said(value) if isinstance(value, str) else value

    def _filled(self, form: str, values: Mapping[str, object]) -> str:
        def fill(place: re.Match[str]) -> str:
            value = values.get(place[1], place[0])
            return self.number(value, place[2] or "") if isinstance(value, int | float) else str(value)

        return PLACE.sub(fill, form)

    def _form(self, key: str, forms: Mapping[str, str], count: object) -> str:
        rule = plural_of(self.language)
        if not isinstance(count, int) or rule is None:
            raise CatalogBroken(f"The text {key} has plural forms and needs a whole number as count.")
        return forms.get(rule.form(count), forms["other"])


def languages() -> list[str]:
    """The languages that there are files for."""
    return sorted(one.name.removesuffix(".yaml") for one in (files("ui") / "catalog").iterdir())


def load_catalog(language: str = MODEL) -> Catalog:
    """Read a language's file and hold it against the English one.

    Raises:
        CatalogBroken: the file is missing, has other keys or placeholders than English, lacks a plural form,
            or does not say its direction and its numbers.
    """
    source = files("ui") / "catalog" / f"{language}.yaml"
    if language not in languages():
        raise CatalogBroken(f"There is no catalogue for {language}.")
    catalog = read_catalog(language, source.read_text(encoding="utf-8"))
    if language != MODEL:
        compare(catalog, load_catalog())
    return catalog


def read_catalog(language: str, text: str) -> Catalog:
    """A language's file as a catalogue that knows the English below it.

    Raises:
        CatalogBroken: as `load_catalog`, but for the comparison with English.
    """
    tree = yaml.safe_load(text)
    direction, numbers = tree.pop("direction", None), tree.pop("numbers", None)
    if direction not in _DIRECTIONS:
        raise CatalogBroken(f"The catalogue {language} must say its direction: ltr or rtl.")
    if not isinstance(numbers, dict) or set(numbers) != {"group", "decimal"}:
        raise CatalogBroken(f"The catalogue {language} must say its numbers: group and decimal.")
    texts: dict[str, Text] = {}
    _flatten(tree, "", texts, language)
    _check_forms(language, texts)
    below = known_english(texts) if language == MODEL else load_catalog().english
    return Catalog(language, direction, texts, str(numbers["group"]), str(numbers["decimal"]), below)


def compare(catalog: Catalog, model: Catalog) -> None:
    """Refuse a catalogue whose keys or placeholders differ from the model's.

    Raises:
        CatalogBroken: names every key that is missing, unknown, or has other placeholders.
    """
    missing = sorted(set(model.texts) - set(catalog.texts))
    unknown = sorted(set(catalog.texts) - set(model.texts))
    if missing or unknown:
        raise CatalogBroken(f"The catalogue {catalog.language} lacks {missing} and does not need {unknown}.")
    for key, entry in catalog.texts.items():
        wanted = _places(_whole(model.texts[key]))
        # A form for one, or for two, may say its number in a word.
        if _places(_whole(entry)) != wanted or any(_places(form) - wanted for form in _forms(entry)):
            raise CatalogBroken(f"The text {key} of {catalog.language} has other placeholders than English.")


def known_english(texts: Mapping[str, Text]) -> English:
    """What is said below the pages, found by its words.

    Raises:
        CatalogBroken: the same words stand under two keys.
    """
    keys: dict[str, str] = {}
    for key, entry in texts.items():
        if key.startswith(SAID) and keys.setdefault(_whole(entry), key) != key:
            raise CatalogBroken(f"The words of {key} stand under {keys[_whole(entry)]} already.")
    stored = sorted(
        ((form, key) for form, key in keys.items() if key.startswith(STORED)),
        key=lambda pair: -len(PLACE.sub("", pair[0])),
    )
    return English(keys, tuple((_pattern(form), key) for form, key in stored))


def _pattern(form: str) -> re.Pattern[str]:
    pieces = PLACE.split(form)  # text, name, spec, text, name, spec, ...
    names = [f"(?P<{name}>.+)" for name in pieces[1::3]] + [""]
    whole = "".join(re.escape(text) + name for text, name in zip(pieces[::3], names, strict=True))
    return re.compile(whole, re.DOTALL)


def _flatten(tree: object, prefix: str, texts: dict[str, Text], language: str) -> None:
    if isinstance(tree, str):
        texts[prefix] = tree.strip("\n")
    elif isinstance(tree, dict) and "other" in tree:
        texts[prefix] = {str(form): str(text).strip("\n") for form, text in tree.items()}
    elif isinstance(tree, dict):
        for name, branch in tree.items():
            _flatten(branch, f"{prefix}.{name}" if prefix else str(name), texts, language)
    else:
        raise CatalogBroken(f"The text {prefix} of {language} is not a string.")


def _check_forms(language: str, texts: Mapping[str, Text]) -> None:
    rule = plural_of(language)
    if rule is None:
        raise CatalogBroken(f"There is no plural rule for {language}; please add a line to ui/plurals.py.")
    for key, entry in texts.items():
        if not isinstance(entry, str) and set(entry) != set(rule.forms):
            raise CatalogBroken(f"The text {key} of {language} needs the forms {', '.join(rule.forms)}.")


def _forms(entry: Text) -> Iterable[str]:
    return (entry,) if isinstance(entry, str) else entry.values()


def _whole(entry: Text) -> str:
    return entry if isinstance(entry, str) else entry["other"]


def _places(form: str) -> set[str]:
    return {place[1] for place in PLACE.finditer(form)}
