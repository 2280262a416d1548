"""Turns, cards and vectors that the store's tests put in."""

from __future__ import annotations

import numpy as np

from coach.domain.model import (
    Card,
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
from coach.ports import Matrix


def a_turn(lead: str = "What does the night work keep away?", turn_id: str = "t1") -> Turn:
    questions = (
        Question(
            lead,
            Lens.SELF,
            Stage.EXPLORE,
            ("delegation.redoing",),
            (Verdict("open", True, "", (0, 4)),),
            "Why",
        ),
        Question("What would Jonas say?", Lens.OTHER, Stage.EXPLORE, (), (Verdict("fresh", False, "near"),)),
    )
    return Turn(
        id=turn_id,
        mirror="You rewrite them at night.",
        questions=questions,
        cases=(Passage("case-1", DocumentKind.CASE, "A title", "the same knot", 0.71, "text"),),
        guidelines=(Passage("guide-1", DocumentKind.GUIDELINE, "A rule", "near"),),
        situations=(SituationHit("delegation.redoing", "Redoing work", 0.1 + 0.2),),
        peers=(PeerHint("ref-1", "someone in operations"),),
        origin=Origin("llm", "coach", "3", "ab" * 32, "provider:model", "writer.timeout"),
        nothing_close=True,
    )


def a_signpost() -> Turn:
    return Turn("t2", "", (), screen=Screening(True, ScreenKind.CRISIS), signpost="**You are not alone.**")


def a_card(
    owner_id: str, card_id: str = "card-1", lines: str = "Took over my old team.", **more: object
) -> Card:
    values: dict[str, object] = {"scope": "programme", "approved": True, "hint": "who took over a team"}
    return Card(card_id, owner_id, lines, ("change.former-peers",), **(values | more))  # type: ignore[arg-type]


def some_vectors(rows: int = 3, seed: int = 1) -> Matrix:
    drawn = np.random.default_rng(seed).standard_normal((rows, 8)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)
