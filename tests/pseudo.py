"""A language that nobody speaks: every text of the catalogue, accented and between marks.

A page that is drawn in it shows at once what does not come from the catalogue.
"""

from __future__ import annotations

from coach.errors import PLACE
from ui.catalog import Catalog, Text, load_catalog
from ui.plurals import plural_of

MARKS = ("⟦", "⟧")
_ACCENTS = str.maketrans("aceinoswyACEINOSWY", "äçéïñöšŵÿÄÇÉÏÑÖŠŴŸ")
_UNMARKED = {"app.comma"}  # stands between other texts and holds no letter


def pseudo(direction: str = "ltr") -> Catalog:
    """The English catalogue in that language.

    Args:
        direction: "rtl" gives it the plural forms of Arabic besides.
    """
    english = load_catalog()
    language = "ar-XB" if direction == "rtl" else "en-XA"
    rule = plural_of(language)
    assert rule is not None
    texts: dict[str, Text] = {}
    for key, entry in english.texts.items():
        if key in _UNMARKED:
            texts[key] = entry
        elif isinstance(entry, str):
            texts[key] = marked(entry)
        else:
            texts[key] = {form: marked(entry.get(form, entry["other"])) for form in rule.forms}
    return Catalog(language, direction, texts, group="·", decimal="‚", english=english.english)


def marked(text: str) -> str:
    """The text with accents, its placeholders untouched, between marks."""
    pieces, end = [], 0
    for place in PLACE.finditer(text):
        pieces += [text[end : place.start()].translate(_ACCENTS), place[0]]
        end = place.end()
    return MARKS[0] + "".join([*pieces, text[end:].translate(_ACCENTS)]) + MARKS[1]
