"""Reflections to measure with: invented, of the length people write."""

from __future__ import annotations

OPENINGS = (
    "On Monday I sat in the van for ten minutes before I went in, because the rota would be wrong again.",
    "The regional lead called at half past five and asked me to cut two shifts by the end of the week.",
    "My deputy sent me the plan and I changed every second line before I had read it to the end.",
    "There was a silence in the meeting after I asked who could take the audit, and in the end I took it.",
    "I have known her for nine years and now I am supposed to tell her that the numbers are not good enough.",
    "We moved the ward in March and half of the team behaves as if we had not.",
    "He answers every message of mine within a minute, and in the room he looks at the table.",
    "I promised the warehouse a quiet month, and yesterday I said yes to the third campaign.",
)
MIDDLES = (
    "I keep telling myself that it is faster this way, but I come home and I am short with my children.",
    "Nobody has said a word to me about it, although I hear that they talk about it with each other.",
    "I should have said something in the moment, and now it feels too late to begin.",
    "I keep a list of what I would say to him, and the list is getting long.",
    "Part of me wants to let it fail so that somebody above me notices, and part of me cannot watch that.",
)
ENDINGS = (
    "I do not know whether I am protecting the team or myself.",
    "Tomorrow there is another meeting and I have nothing prepared.",
    "I want to be fair to both of them, and I notice that I avoid one of them.",
    "It would be easier if I did not like him.",
)


def texts(count: int) -> list[str]:
    """So many different reflections of 50 to 70 words, always the same ones."""
    return [
        " ".join(
            (
                OPENINGS[k % len(OPENINGS)],
                MIDDLES[(k // 2) % len(MIDDLES)],
                ENDINGS[(k // 3) % len(ENDINGS)],
                f"That was week {k + 1} of it.",
            )
        )
        for k in range(count)
    ]
