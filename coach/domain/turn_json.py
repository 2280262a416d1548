"""A turn as JSON and back, exactly: the form in which the journal keeps it.

Keys that this version does not know are passed over and missing ones take their default, so that
an older or a newer program reads the same journal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from coach.domain.model import (
    DocumentKind,
    Lens,
    Origin,
    Passage,
    PeerHint,
    Question,
    Screening,
    ScreenKind,
    SituationHit,
    Stage,
    Turn,
    Verdict,
)

T = TypeVar("T")
Json = Mapping[str, Any]


def turn_to_json(turn: Turn) -> str:
    """One line of ASCII JSON; characters outside ASCII are escaped, so nothing is ever unwritable."""
    return json.dumps(turn_to_dict(turn), separators=(",", ":"))


def turn_from_json(text: str) -> Turn:
    """The turn that `turn_to_json` wrote.

    Raises:
        ValueError: not JSON, not a turn, or a lens, stage or kind that this version does not know.
    """
    return turn_from_dict(json.loads(text))


def turn_to_dict(turn: Turn) -> dict[str, Any]:
    """The same as plain dictionaries, lists, texts, numbers and truth values, for a larger document."""
    return {
        "id": turn.id,
        "mirror": turn.mirror,
        "questions": [_question(question) for question in turn.questions],
        "cases": [_passage(passage) for passage in turn.cases],
        "guidelines": [_passage(passage) for passage in turn.guidelines],
        "situations": [{"id": s.id, "name": s.name, "score": s.score} for s in turn.situations],
        "peers": [{"ref": peer.ref, "reason": peer.reason} for peer in turn.peers],
        "screen": {"flag": turn.screen.flag, "kind": turn.screen.kind.value},
        "signpost": turn.signpost,
        "origin": _origin(turn.origin),
        "nothing_close": turn.nothing_close,
        "index_down": turn.index_down,
    }


def turn_from_dict(content: Json) -> Turn:
    """The turn that `turn_to_dict` took apart.

    Raises:
        ValueError: not a turn, or a lens, stage or kind that this version does not know.
    """
    try:
        return _read_turn(content)
    except (KeyError, TypeError, AttributeError):
        pass  # raised below, so that the error carries no part of the text
    raise ValueError("this is not a turn")


def _question(question: Question) -> Json:
    return {
        "text": question.text,
        "lens": question.lens.value,
        "stage": question.stage.value,
        "sources": list(question.sources),
        "criteria": [_verdict(verdict) for verdict in question.criteria],
        "why": question.why,
        "lent": question.lent,
    }


def _verdict(verdict: Verdict) -> Json:
    span = None if verdict.span is None else list(verdict.span)
    return {"criterion": verdict.criterion, "passed": verdict.passed, "reason": verdict.reason, "span": span}


def _passage(passage: Passage) -> Json:
    return {
        "id": passage.id,
        "kind": passage.kind.value,
        "title": passage.title,
        "why": passage.why,
        "score": passage.score,
        "text": passage.text,
        "questions": list(passage.questions),
    }


def _origin(origin: Origin) -> Json:
    return {
        "writer": origin.writer,
        "prompt": origin.prompt,
        "version": origin.version,
        "sha256": origin.sha256,
        "model": origin.model,
        "note": origin.note,
    }


def _read_turn(content: Json) -> Turn:
    return Turn(
        id=content["id"],
        mirror=content["mirror"],
        questions=_each(_read_question, content["questions"]),
        cases=_each(_read_passage, content.get("cases", ())),
        guidelines=_each(_read_passage, content.get("guidelines", ())),
        situations=_each(_read_situation, content.get("situations", ())),
        peers=_each(_read_peer, content.get("peers", ())),
        screen=_read_screening(content.get("screen", {})),
        signpost=content.get("signpost", ""),
        origin=_read_origin(content.get("origin", {"writer": "bank"})),
        nothing_close=content.get("nothing_close", False),
        index_down=content.get("index_down", False),
    )


def _each(read: Callable[[Json], T], items: Iterable[Json]) -> tuple[T, ...]:
    return tuple(read(item) for item in items)


def _read_question(content: Json) -> Question:
    return Question(
        text=content["text"],
        lens=Lens(content["lens"]),
        stage=Stage(content["stage"]),
        sources=tuple(content.get("sources", ())),
        criteria=_each(_read_verdict, content.get("criteria", ())),
        why=content.get("why", ""),
        lent=content.get("lent", False),
    )


def _read_verdict(content: Json) -> Verdict:
    span = content.get("span")
    return Verdict(
        criterion=content["criterion"],
        passed=content["passed"],
        reason=content.get("reason", ""),
        span=None if span is None else (span[0], span[1]),
    )


def _read_passage(content: Json) -> Passage:
    return Passage(
        id=content["id"],
        kind=DocumentKind(content["kind"]),
        title=content["title"],
        why=content["why"],
        score=content.get("score", 0.0),
        text=content.get("text", ""),
        questions=tuple(content.get("questions", ())),
    )


def _read_situation(content: Json) -> SituationHit:
    return SituationHit(id=content["id"], name=content["name"], score=content["score"])


def _read_peer(content: Json) -> PeerHint:
    return PeerHint(ref=content["ref"], reason=content["reason"])


def _read_screening(content: Json) -> Screening:
    return Screening(flag=content.get("flag", False), kind=ScreenKind(content.get("kind", ScreenKind.NONE)))


def _read_origin(content: Json) -> Origin:
    return Origin(
        writer=content["writer"],
        prompt=content.get("prompt", ""),
        version=content.get("version", ""),
        sha256=content.get("sha256", ""),
        model=content.get("model", ""),
        note=content.get("note", ""),
    )
