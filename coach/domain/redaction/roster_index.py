"""The roster, quick to look up: which people a word of the text may mean."""

from __future__ import annotations

from collections.abc import Sequence

from coach.domain.redaction.near import sound
from coach.domain.redaction.roster import Person, is_ordinary

_VOWELS = "аеиоуыэюяйь"  # with which Russian first names end in the nominative, or soften


class Roster:
    """People by every word of their names."""

    def __init__(self, people: Sequence[Person]) -> None:
        """Index the names and their other forms."""
        self.people = people
        self._of_word: dict[str, list[int]] = {}
        for person in people:
            for word in sorted(person.main | person.aliases):
                self._of_word.setdefault(word, []).append(person.number)
        # One wrong letter is only forgiven in words that are long and no words of the language.
        self.long = tuple(sorted(word for word in self._of_word if len(word) >= 5 and not is_ordinary(word)))
        # Names of four letters, or that are words: only with a capital and the same first letter.
        self.short = tuple(sorted(word for word in self._of_word if len(word) > 3 and word not in self.long))
        self._of_sound = {
            sound(word): word for word in sorted(self._of_word) if len(word) > 3 and word.isascii()
        }

    def sounding(self, key: str) -> str:
        """The indexed word that sounds so (`near.sound`), or nothing."""
        return self._of_sound.get(key, "")

    def forms(self, word: str) -> tuple[str, ...]:
        """The indexed words that this one may be a form of: itself, without a plural s, without an ending."""
        if word in self._of_word:
            return (word,)
        if word.isascii():
            return tuple(form for form in _without_s(word) if form in self._of_word)
        if "\u0590" <= word[0] <= "\u06ff":
            # Hebrew and Arabic write "to", "and", "with" together with the name.
            return tuple(word[cut:] for cut in (1, 2) if len(word) - cut > 1 and word[cut:] in self._of_word)
        if "\u0370" <= word[0] <= "\u052f" and len(word) > 3:
            return tuple(name for name in self._of_word if _declined(word, name))
        return ()

    def owners(self, word: str) -> list[int]:
        """Numbers of the people who may be meant; empty when nobody is."""
        found = [number for form in self.forms(word) for number in self._of_word[form]]
        return list(dict.fromkeys(found))

    def exact(self, word: str) -> list[int]:
        """As `owners`, without endings."""
        return list(dict.fromkeys(self._of_word.get(word, [])))

    def certain(self, word: str) -> bool:
        """Whether the word is somebody's name and no word of the language."""
        forms = self.forms(word)
        return bool(forms) and not is_ordinary(word) and not any(is_ordinary(form) for form in forms)


def _without_s(word: str) -> tuple[str, ...]:
    forms = []
    if word.endswith("s") and len(word) > 3:
        forms.append(word[:-1])
    if word.endswith("es") and len(word) > 4:
        forms.append(word[:-2])
    if word.endswith("ies") and len(word) > 5:
        forms.append(word[:-3] + "y")
    return tuple(forms)


def _declined(word: str, name: str) -> bool:
    """Greek and Cyrillic names change their ends: Ольга, Ольгой; Петров, Петрову."""
    stem = name.rstrip(_VOWELS) if len(name) > 3 else name
    if stem[-1:] in {"ς", "σ"}:
        stem = stem[:-1]
    return len(stem) > 2 and word.startswith(stem) and len(word) - len(stem) < 4
