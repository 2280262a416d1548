"""Every visible string of the pages, from one YAML file a language.

A second language is a second file: it must have exactly the keys and placeholders of the English
one, its own plural forms, and its direction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files

import yaml

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_DIRECTIONS = ("ltr", "rtl")

# Which plural form a number takes: CLDR's cardinal rules for whole numbers. A language brings its rule here.
_PLURAL_RULES: Mapping[str, Callable[[int], str]] = {
    "en": lambda count: "one" if count == 1 else "other",
    "fr": lambda count: "one" if count in (0, 1) else "other",
    "ar": lambda count: (
        {0: "zero", 1: "one", 2: "two"}.get(count)
        or ("few" if 3 <= count % 100 <= 10 else "many" if 11 <= count % 100 <= 99 else "other")
    ),
}


class CatalogBroken(Exception):
    """A catalogue file does not say what the pages need; raised at start-up, for developers."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """The strings of one language.

    Attributes:
        language: BCP 47 tag, also the name of the file.
        direction: "ltr" or "rtl".
        texts: dotted key -> a string, or plural form -> string.
    """

    language: str
    direction: str
    texts: Mapping[str, str | Mapping[str, str]]

    def text(self, key: str, **values: object) -> str:
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
        if not isinstance(entry, str):
            entry = _form(self.language, entry, values.get("count"), key)

        def fill(match: re.Match[str]) -> str:
            if match[1] not in values:
                raise CatalogBroken(f"The text {key} needs a value for {match[1]}.")
            return str(values[match[1]])

        return _PLACEHOLDER.sub(fill, entry)

    def has(self, key: str) -> bool:
        return key in self.texts


def load_catalog(language: str = "en") -> Catalog:
    """Read a language's file and hold it against the English one.

    Raises:
        CatalogBroken: the file is missing, has other keys or placeholders than English, or no direction.
    """
    catalog = _read(language)
    if language != "en":
        compare(catalog, _read("en"))
    return catalog


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
        if _placeholders(entry) != _placeholders(model.texts[key]):
            raise CatalogBroken(f"The text {key} of {catalog.language} has other placeholders than English.")


def _read(language: str) -> Catalog:
    source = files("ui") / "catalog" / f"{language}.yaml"
    if not source.is_file():
        raise CatalogBroken(f"There is no catalogue for {language}.")
    tree = yaml.safe_load(source.read_text(encoding="utf-8"))
    direction = tree.pop("direction", None)
    if direction not in _DIRECTIONS:
        raise CatalogBroken(f"The catalogue {language} must say its direction: ltr or rtl.")
    texts: dict[str, str | Mapping[str, str]] = {}
    _flatten(tree, "", texts, language)
    return Catalog(language, direction, texts)


def _flatten(tree: object, prefix: str, texts: dict[str, str | Mapping[str, str]], language: str) -> None:
    if isinstance(tree, str):
        texts[prefix] = tree.strip()
    elif isinstance(tree, dict) and "other" in tree:
        texts[prefix] = {str(form): str(text).strip() for form, text in tree.items()}
    elif isinstance(tree, dict):
        for name, branch in tree.items():
            _flatten(branch, f"{prefix}.{name}" if prefix else str(name), texts, language)
    else:
        raise CatalogBroken(f"The text {prefix} of {language} is not a string.")


def _form(language: str, forms: Mapping[str, str], count: object, key: str) -> str:
    if not isinstance(count, int):
        raise CatalogBroken(f"The text {key} has plural forms and needs a whole number as count.")
    rule = _PLURAL_RULES.get(language.split("-", 1)[0], _PLURAL_RULES["en"])
    return forms.get(rule(count), forms["other"])


def _placeholders(entry: str | Mapping[str, str]) -> set[str]:
    joined = entry if isinstance(entry, str) else entry["other"]
    return set(_PLACEHOLDER.findall(joined))
