"""Names as subjects: "the thing is rob does not answer", "should pat know", "April was away"."""

from __future__ import annotations

from coach.domain.redaction import slot_words as s
from coach.domain.redaction import words as w
from coach.domain.redaction.around import Around
from coach.domain.redaction.neighbours import Beside
from coach.domain.redaction.nouns import needs_article, speaks


def subject(at: Beside, near: Around) -> bool:
    """ "the thing is rob does not answer", "tomorrow drew said"."""
    first = at.start or not at.before or at.before in s.BEFORE_SUBJECT
    verb = at.second if at.after in w.ADVERBS else at.after
    if not first or not verb:
        return False
    if _has_a_task(at) or _is_somewhere(at, near):
        return True
    if _loose_subject(at, near, verb):
        return True
    if at.token.word in w.MODALS and not at.before and at.after in w.BEING:
        return True  # "pat rang, will did not"
    if at.token.word in w.MODALS:  # "and will just smiled"
        return at.after in w.ADVERBS and (
            verb in w.PAST - {"read", "put", "let", "cut"} or verb.endswith("ed")
        )
    if at.token.word in s.UNCOUNTED:
        return _human(verb) and at.before not in {"hope", "i"}
    if at.token.word in s.DESCRIBING:
        return at.before not in {"how", "however", "so"} and (verb in w.BEING or speaks(verb))
    if at.token.word not in w.NAME_WORDS:
        return False
    if at.start and at.after == "of":
        return at.second == "all"
    after_verb = near.following[1] if len(near.following) > 1 else ""
    object_follows = after_verb in w.ARTICLES | w.PRONOUNS | w.CLOSED | w.WITH | w.ADVERBS
    plural = verb.endswith("s") and not verb.endswith(("ss", "us", "is")) and len(verb) > 3
    past = verb in w.PAST or (verb.endswith("ed") and len(verb) > 4)
    return verb in w.BEING or verb in w.SAYING or past or (plural and object_follows)


def _has_a_task(at: Beside) -> bool:
    """ "Rob to speak with the union", in minutes; "Hope to hear" and "rose to meet" stay words."""
    word = at.token.word
    bare = word not in s.UNCOUNTED | w.MODALS | {"rose"} and word in s.VERBS | w.NAME_WORDS
    return at.start and at.token.title and bare and at.after == "to" and at.second in s.PLAIN | s.HUMAN


def _is_somewhere(at: Beside, near: Around) -> bool:
    """ "Dawn was at the door before me", "Grace is on the phone": in a place where only people are."""
    if (
        not at.token.title
        or at.after not in {"is", "was"}
        or at.second not in {"at", "in", "on", "by", "outside"}
    ):
        return False
    where = near.following[2:4]
    idiom = at.token.word in w.SEASONS | w.MONTHS and where[1:] == ("door",)
    return len(where) == 2 and where[0] in w.DETERMINERS and where[1] in s.SPOTS and not idiom


def _human(verb: str) -> bool:
    """ "mercy never eats with us": what people do, in the third person or in the past."""
    plain = {verb[:-1], verb[:-2]} if verb.endswith(("s", "d")) else set()
    return bool(plain & s.HUMAN)


def _loose_subject(at: Beside, near: Around, verb: str) -> bool:
    """Hope, Summer, April: what only a person does, or a "her" that follows."""
    word = at.token.word
    if word not in s.UNCOUNTED or verb in s.NOT_PERSON:
        return False
    if at.start and at.token.title and verb in w.BEING and near.following[1:2] == ("the",):
        return not {*near.following} & s.OF_TIME and not (
            set(near.following[2:3]) & {"key", "answer", "last"}
        )
    written_big = at.token.title
    if verb in w.ASKING_MODALS:
        rest = [one for one in near.following[1:] if one not in w.ADVERBS | {"not", "t", "rather"}]
        calendar = word in w.MONTHS | w.SEASONS
        allowed = w.DEEDS if calendar else s.PLAIN - s.IMPERSONAL_BASE - {"down", "off", "in"}
        return bool(rest) and written_big and rest[0] in allowed
    acts = verb in w.SAYING | w.PAST or verb.endswith(("ed", "s"))
    predicate = near.following[1:2]
    if verb in w.BEING and (
        set(predicate) & w.PERSON_PREDICATES - {"on", "off", "late"} or predicate == ("early",)
    ):
        return True
    heads = written_big and not at.before
    if heads and (speaks(verb) or (verb in w.PAST - w.BEING - w.IMPERSONAL - s.THINGS_DID)):
        return True
    if heads and at.start and {*near.following} & (s.SHE_OR_HE - {"it"} | {"who"}):
        return True
    if heads and at.start and verb in w.BEING and near.following[1:3] in {("the", "one"), ("the", "only")}:
        return True
    mine = s.SHE_OR_HE if word in w.MONTHS | w.SEASONS or not written_big else s.PERSON_OBJECT
    own = bool(mine & set(near.following[1:5]))
    return acts and (own or (speaks(verb) and not written_big)) and at.after not in s.PERSONAL


def asked_about(at: Beside, near: Around) -> bool:
    """ "should i" stands for people; so does "what did reed mean", "is rob here"."""
    if at.token.word in w.MODALS:
        twice = at.before in w.ASKING_MODALS and len(near.leading) == 1 and not near.listed(at.before)
        return twice or at.before in {"do", "does", "did", "don't", "doesn't", "didn't"}
    if at.before not in s.QUESTION or not at.after:
        return False
    leads = near.leading
    opens = len(leads) == 1 or leads[1] in s.WH - {"that"} or leads[1] in {"and", "but", "so", "or"}
    if not opens or at.after in w.ARTICLES:
        return False
    if at.token.word in s.UNCOUNTED:
        return at.after in (s.PLAIN | s.HUMAN | {"want"}) - s.IMPERSONAL_BASE | {"mean"}
    if at.token.word in s.DESCRIBING:
        if at.before in s.LINKING:
            adverbs = w.ADVERBS | {"so", "too", "not", "here", "back", "right", "wrong", "ok", "okay"}
            return at.after in adverbs | w.PERSON_PREDICATES or at.after.endswith("ing")
        return at.after in s.PLAIN
    return needs_article(at.token.word)
