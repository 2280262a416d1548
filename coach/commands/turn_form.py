"""The JSON of `coach ask`: what other programs read. Change it only by adding."""

from __future__ import annotations

from typing import Any

from coach.domain.model import Passage, Question, Turn, Verdict


def turn_form(turn: Turn) -> dict[str, Any]:
    """One turn as DESIGN.md section 5 agrees it; the first question is the lead."""
    return {
        "mirror": turn.mirror,
        "questions": [_question(question) for question in turn.questions],
        "cases": [_passage(case) for case in turn.cases],
        "guidelines": [_passage(one) for one in turn.guidelines],
        "situations": [{"id": hit.id, "name": hit.name} for hit in turn.situations],
        "peers": [{"ref": peer.ref, "reason": peer.reason} for peer in turn.peers],
        "screen": {"flag": turn.screen.flag, "kind": turn.screen.kind.value},
        "signpost": turn.signpost,
        "nothing_close": turn.nothing_close,
        "index_down": turn.index_down,
        "origin": {
            "writer": turn.origin.writer,
            "prompt": turn.origin.prompt,
            "version": turn.origin.version,
            "sha256": turn.origin.sha256,
            "model": turn.origin.model,
            "note": turn.origin.note,
        },
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "text": question.text,
        "lens": question.lens.value,
        "stage": question.stage.value,
        "sources": list(question.sources),
        "criteria": criteria_form(question.criteria),
        "why": question.why,
    }


def criteria_form(verdicts: tuple[Verdict, ...]) -> dict[str, Any]:
    """Verdicts by criterion: {"passed", "reason"}."""
    return {one.criterion: {"passed": one.passed, "reason": one.reason} for one in verdicts}


def _passage(passage: Passage) -> dict[str, Any]:
    return {"id": passage.id, "title": passage.title, "why": passage.why}
