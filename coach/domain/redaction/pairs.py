"""Names side by side: "jewel and harmony do not talk", "ray, drew and i"."""

from __future__ import annotations

from coach.domain.redaction import slot_words as s
from coach.domain.redaction import words as w
from coach.domain.redaction.around import Around
from coach.domain.redaction.neighbours import Beside
from coach.domain.redaction.nouns import closes, needs_article


def with_another(at: Beside, near: Around) -> bool:
    """ "jewel and harmony do not talk": two names of the roster side by side."""
    word, bare = at.token.word, needs_article(at.token.word)
    lead = near.leading
    to_whom = at.before == "to" and len(lead) > 1 and lead[1] in s.TOWARDS | {"down", "up"}
    if not to_whom and at.before in w.PRONOUNS | {"to", "not", "please"} | w.ASKING_MODALS:
        return False
    if _two_months(at, near):
        return True
    if at.after in {"and", "or", "nor"} and near.listed(at.second) and at.second != word:
        return bare or needs_article(at.second) or _two_people(at, near)
    if at.before in {"and", "or", "nor"} and len(lead) > 1 and near.listed(lead[1]) and lead[1] != word:
        whom = lead[2:3] == ("to",) and set(lead[3:4]) & (s.TOWARDS | {"down", "up"})
        owned = len(lead) > 2 and not whom and lead[2] in w.DETERMINERS | w.PRONOUNS | {"to", "not"}
        return not owned and (bare or needs_article(lead[1]))
    beside_comma = (near.left and near.listed(near.left)) or (near.right and near.listed(near.right))
    return bool(beside_comma) and bare and not set(lead[:3]) & w.DETERMINERS


def _two_people(at: Beside, near: Around) -> bool:
    """ "frank and joy are leaving": an adjective is not joined to a noun, and only people leave."""
    describing = {at.token.word, at.second} & s.DESCRIBING
    verbs = set(near.following[2:4])
    busy = verbs & w.PERSON_PREDICATES or any(one.endswith("ing") for one in verbs)
    return len(describing) == 1 or (
        not describing and bool(verbs & w.BEING | verbs & {"are", "were"} and busy)
    )


def _two_months(at: Beside, near: Around) -> bool:
    """ "June and April changed shifts": months that do not follow each other, both on the roster."""
    other = (
        at.second if at.after == "and" else near.leading[1] if at.before == "and" and near.leading[1:] else ""
    )
    first = near.leading[2] if at.before == "and" and len(near.leading) > 2 else at.before
    if at.token.word not in s.CALENDAR or other not in s.CALENDAR or not near.listed(other):
        return False
    apart = abs(s.CALENDAR.index(at.token.word) - s.CALENDAR.index(other))
    return apart > 1 and at.token.title and first not in w.BEFORE_MONTH


def goes_with(at: Beside) -> bool:
    """Whether a word that stands beside a proven name ("jan and christian") is the second of two.

    Args:
        at: the token with its neighbours.
    """
    word = at.token.word
    if len(word) < 3 or word in s.NO_NAME | w.MODALS:
        return False
    return word not in s.VERBS or (at.after not in s.GOES_ON and closes(at))
