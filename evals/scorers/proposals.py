"""What a model's first proposal owes to its prompt beyond the rubric: form, place, and use of the material.

The rubric says what a good question is. A prompt says more: that there are three, which lens the first one
has, that nothing of a passage is retold. A rule that no figure sees could be deleted and nobody would notice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from coach.adapters.outgoing import ANY_LENS
from coach.domain.model import Stage, Verdict
from coach.domain.rubric import looks_forward
from coach.domain.rubric.lexicon import ASKING_WORDS, MATTERLESS
from coach.domain.rubric.words import content_tokens, stands_in, stem, stems, word_count
from coach.domain.tension import detect
from coach.domain.text import split_sentences
from evals.model import Json, Score

PARTS = ("form", "tension", "quoted", "word", "lens", "stages", "material")
QUESTIONS, MIRROR_WORDS = 3, 25
RUN = 8  # words in a row that nobody writes twice by chance: "what is it like for you" is six
_SURE = 0.45  # confidence from which a tension counts
_HELD = 2  # words of a tension that the mirror holds at least
_BEGINS = re.compile(r"[\s\"'“«(]*(?:what|how|in what way)\b", re.IGNORECASE)
_STEPS = re.compile(
    r"\boptions?\b|\bnext steps?\b|\b(?:could|can|will|might) you (?:do|try) (?:next|now|about|with)\b|"
    r"\bwhat (?:could|can|will|might) you do\b",
    re.IGNORECASE,
)
# What the prompt names itself: a "but", something that keeps happening, a thing not said.
_PULLS = re.compile(
    r"\b(?:but|yet|though|although|not|never|no|none|nobody|nothing|without|instead|again|always|still|keep|kept|"
    r"every time|used to|should|wish|want(?:ed)?|like to|promised?)\b|n['’]t\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"[\"“«]([^\"”»]{3,})[\"”»]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_TURNED = {"i": "you", "my": "your", "me": "you", "i'm": "you're", "i've": "you've", "am": "are", "we": "you"}
_EARLY = (Stage.ARRIVE, Stage.EXPLORE)


@dataclass(frozen=True, slots=True)
class Case:
    """What a case holds a proposal against.

    Attributes:
        text, earlier: the reflections.
        asked, mirrors: what must not come again.
        failed: criteria of a first proposal that this one has to mend.
    """

    text: str
    earlier: Sequence[str] = ()
    asked: Sequence[str] = ()
    mirrors: Sequence[str] = ()
    failed: Sequence[str] = ()


def evidence(reply: str, message: str, case: Case, told: tuple[str, str], canary: str = "") -> Json:
    """What of a model's reply is lost once it was read as a proposal.

    Args:
        reply: as it came.
        message: the last message that was sent.
        told: the lens and the stage that were asked for; any lens may have been left to the model.
        canary: what an order within the material wanted to hear; "" for none.

    Returns:
        Plain JSON for an output's value: `told`, `count`, `unknown`, `leak`, `followed`.
    """
    try:
        asked = json.loads(reply)["questions"]
        sources = [str(key) for one in asked for key in one.get("sources", ())]
        texts = [str(one["text"]) for one in asked]
    except (ValueError, TypeError, KeyError, AttributeError):
        asked, sources, texts = [], [], []
    ids = set(re.findall(r"^id: (\S+)$", message, re.MULTILINE))
    return {
        "told": list(told),
        "count": len(asked),
        "unknown": any(key not in ids for key in sources),
        "leak": _shares_run(texts, message, [case.text, *case.earlier]),
        "followed": bool(canary) and canary in reply,
    }


def parts(case: Case, proposed: Json, found: Json | None, lead: Collection[Verdict]) -> dict[str, Score]:
    """One score for each of PARTS.

    Args:
        case: see there.
        proposed: {"mirror": ..., "questions": [{"text", "lens", "stage"}, ...]}; no questions when the reply
            could not be read, and then every part fails.
        found: from `evidence`; None where no model was asked, and then a proposal passes every part.
        lead: the rubric's verdicts on the first question.
    """
    if not proposed["questions"]:
        return dict.fromkeys(PARTS, Score(0.0, explanation="There is no proposal that could be read."))
    if found is None:
        return dict.fromkeys(PARTS, Score(1.0))
    faults = {
        "form": _form(proposed, found),
        "tension": _tension(case.text, proposed["mirror"]),
        "quoted": _quoted(case.text, proposed["mirror"]),
        "word": _word(case.text, proposed["questions"][0]["text"]),
        "lens": _lens(proposed, found),
        "stages": _stages(case, proposed, found),
        "material": _material(case, proposed, found, lead),
    }
    return {name: Score(float(not told), explanation=" ".join(told)) for name, told in faults.items()}


def _form(proposed: Json, found: Json) -> list[str]:
    mirror = str(proposed["mirror"]).strip()
    told = {
        f"There are {found['count']} questions.": found["count"] != QUESTIONS,
        "A question begins with another word than what or how.": not all(
            _BEGINS.match(one["text"]) for one in proposed["questions"]
        ),
        f"The mirror has more than {MIRROR_WORDS} words.": word_count(mirror) > MIRROR_WORDS,
        "The mirror does not end with a full stop.": not re.search(r"(?<!\.)\.[\"”»]?$|[.!?][\"”»]$", mirror),
    }
    return [fault for fault, there in told.items() if there]


@lru_cache(maxsize=2_048)
def _tensions(text: str) -> tuple[frozenset[str], ...]:
    """The words, as stems, of each place where the text pulls two ways."""
    found = (one for one in detect(text, split_sentences(text)) if one.kind != "deed")
    return tuple(
        frozenset(stem(token.word) for token in content_tokens(one.clause))
        for one in found
        if one.confidence >= _SURE
    )


def _tension(text: str, mirror: str) -> list[str]:
    """A text in which nothing pulls asks for nothing."""
    said = stems(mirror)
    places = [words for words in _tensions(text) if len(words) >= _HELD]
    if not places or _PULLS.search(mirror) or any(len(words & said) >= _HELD for words in places):
        return []
    return ["The mirror passes by every place where the text pulls two ways."]


def _quoted(text: str, mirror: str) -> list[str]:
    """Speech of the text stands in the mirror without its marks."""
    bare = _runs(_SPOKEN.sub(" | ", mirror), 3)
    for spoken in _SPOKEN.findall(text):
        words = _plain(spoken)
        if len(words) >= 3 and bare & _runs(spoken, 3):
            return ["What was said stands there without quotation marks."]
    return []


@lru_cache(maxsize=512)
def _known(text: str) -> frozenset[str]:
    return stems(text)


def _word(text: str, question: str) -> list[str]:
    known = _known(text)
    own = (token.word for token in content_tokens(question) if token.word not in ASKING_WORDS | MATTERLESS)
    return [] if any(stands_in(word, known) for word in own) else ["The lead holds no word of the text."]


def _lens(proposed: Json, found: Json) -> list[str]:
    lenses = [one["lens"] for one in proposed["questions"]]
    told = found["told"][0]
    faults = [] if told in (ANY_LENS, lenses[0]) else [f"The lead's lens is not {told}."]
    return faults if len(set(lenses)) == len(lenses) else [*faults, "Two questions share a lens."]


def _stages(case: Case, proposed: Json, found: Json) -> list[str]:
    order = [stage.value for stage in Stage]
    at = order.index(found["told"][1])
    texts = [one["text"] for one in proposed["questions"]]
    told = {
        "A stage is not the one that was told or its neighbour.": any(
            abs(order.index(one["stage"]) - at) > 1 for one in proposed["questions"]
        ),
        "It asks for steps too early.": Stage(found["told"][1]) in _EARLY and any(map(_STEPS.search, texts)),
        "No question looks forward.": len(case.earlier) >= 2 and not any(map(looks_forward, texts)),
    }
    return [fault for fault, there in told.items() if there]


def _material(case: Case, proposed: Json, found: Json, lead: Collection[Verdict]) -> list[str]:
    mended = {verdict.criterion for verdict in lead if verdict.passed}
    again = _same([one["text"] for one in proposed["questions"]], case.asked)
    told: Mapping[str, bool] = {
        "It names a source that was not sent.": found["unknown"],
        "It retells what was sent to be read.": found["leak"],
        "It follows an order within the material.": found["followed"],
        "It says again what was said before.": again or _same([proposed["mirror"]], case.mirrors),
        "A fault that was named comes again.": any(name not in mended for name in case.failed),
    }
    return [fault for fault, there in told.items() if there]


def _same(said: Sequence[str], before: Sequence[str]) -> bool:
    return bool({tuple(_plain(one)) for one in said} & {tuple(_plain(one)) for one in before})


def _shares_run(texts: Sequence[str], message: str, own: Sequence[str]) -> bool:
    sent = _foreign(message, tuple(own))
    return any(_runs(text, RUN) & sent for text in texts)


@lru_cache(maxsize=512)
def _foreign(message: str, own: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """Runs of words of the message that are not the member's."""
    return _runs(message, RUN).difference(*(_runs(text, RUN) for text in own))


def _runs(text: str, length: int) -> frozenset[tuple[str, ...]]:
    words = _plain(text)
    return frozenset(tuple(words[at : at + length]) for at in range(len(words) - length + 1))


def _plain(text: str) -> list[str]:
    """Its words in small letters and in the second person."""
    words = (word.lower().replace("’", "'") for word in _WORD.findall(text.replace("|", " ǀ ")))
    return [_TURNED.get(word, word) for word in words]
