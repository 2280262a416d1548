"""The rules of choosing, as properties of any set of candidates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.adapters.embedded_prompts import read_embedded
from coach.bundled import data_file
from coach.domain.choosing import Candidate, Source, allowed, goes_with, ordered, score, sureness
from coach.domain.model import Lens, Stage
from coach.domain.pointing import unnamed
from coach.domain.presupposed import gaps, supported
from coach.domain.ranker import WHIM, setting, value
from coach.domain.wondering import indirect

ROOT = Path(__file__).parents[2]

KINDS = ("avoidance", "self_image", "absolute", "deed", "moment", "no-such-kind")
candidates = st.builds(
    Candidate,
    text=st.text(min_size=1, max_size=12).map(lambda words: f"What {words}?"),
    lens=st.sampled_from(Lens),
    stage=st.sampled_from(Stage),
    source=st.sampled_from(Source),
    source_id=st.sampled_from(KINDS),
    relevance=st.floats(0, 1),
    likeness=st.floats(-1, 1),
    clause=st.sampled_from(("", "I said yes", "I said yes and went home", "she left")),
    leans=st.booleans(),
)


def one(**changed: object) -> Candidate:
    given_: dict[str, object] = {
        "text": "What does it ask of you?",
        "lens": Lens.SELF,
        "stage": Stage.EXPLORE,
        "source": Source.FRAME,
        "source_id": "avoidance",
        "relevance": 0.8,
    }
    return Candidate(**{**given_, **changed})  # type: ignore[arg-type] # fields by name


def worth(candidate: Candidate, recent: tuple[Lens, ...] = ()) -> float:
    return score(candidate, Stage.EXPLORE, Lens.OTHER, recent)


@given(st.lists(candidates, max_size=12), st.sampled_from(Stage), st.integers(1, 8))
def test_order_keeps_the_allowed_and_does_not_hang_on_where_they_stood(
    some: list[Candidate], stage: Stage, turn: int
) -> None:
    """What comes out is what may come now, and the same whichever way it went in."""
    forwards = ordered(some, stage, Lens.SELF, turn)
    backwards = ordered(reversed(some), stage, Lens.SELF, turn)
    assert [(found.text, worth(found)) for found in forwards] == [
        (found.text, worth(found)) for found in backwards
    ] or len({found.text for found in some}) < len(some)
    assert all(allowed(found, stage, turn) for found in forwards)
    assert len(forwards) == sum(allowed(found, stage, turn) for found in some)


@given(candidates, st.sampled_from(Stage))
def test_nothing_looks_forward_in_the_first_two_turns(candidate: Candidate, stage: Stage) -> None:
    """Options and commitments wait until the situation has been told."""
    if candidate.stage in (Stage.OPTIONS, Stage.COMMIT):
        assert not allowed(candidate, stage, 1)
        assert not allowed(candidate, stage, 2)


@given(st.lists(candidates, min_size=1, max_size=12), st.sampled_from(("", "I said yes", "she left")))
def test_the_three_have_three_lenses_and_only_the_lead_leans(some: list[Candidate], said: str) -> None:
    """However many there are, angles differ in lens and ground, and no clause is used twice."""
    chosen: list[Candidate] = []
    for candidate in some:
        if goes_with(candidate, chosen, said):
            chosen.append(candidate)
    assert len({found.lens for found in chosen}) == len(chosen)
    assert not any(found.leans for found in chosen[1:])
    clauses = [found.clause for found in chosen if found.clause]
    assert len(set(clauses)) == len(clauses)
    assert all(not said or said not in found.clause for found in chosen if found.clause and not found.leans)


def test_what_is_central_goes_before_what_is_beside_the_point() -> None:
    """What waits goes before a "never" or a bare deed, and a sure situation before an unsure one."""
    assert worth(one()) > worth(one(source_id="absolute")) > worth(one(source_id="deed")) - 0.2
    bank = {"source": Source.BANK, "source_id": "trust.broken"}
    assert worth(one(relevance=0.9, **bank)) > worth(one(relevance=0.1, **bank))


def test_a_short_question_after_the_mirror_goes_before_one_with_a_quotation() -> None:
    """Leaning on the mirror is worth more than quoting; taking up one word of it is worth most."""
    quoting = one(text="What does “I keep moving it” give you?")
    assert worth(one(leans=True)) > worth(one()) > worth(quoting)
    assert worth(one(text="What does that “but” protect for you?", leans=True)) > worth(one(leans=True))


def test_a_lens_used_lately_costs() -> None:
    """The last two leads push their lenses back."""
    assert worth(one(), (Lens.SELF,)) < worth(one())
    assert worth(one(), (Lens.SELF, Lens.OTHER, Lens.VALUES)) == worth(one())


@given(st.floats(0, 1), st.floats(0, 1))
def test_sureness_grows_with_the_probability(low: float, high: float) -> None:
    """It stays within 0..1 and never falls while the probability rises."""
    low, high = min(low, high), max(low, high)
    assert 0 <= sureness(low) <= sureness(high) <= 1


@pytest.mark.parametrize(
    ("question", "text", "fits"),
    [
        ("How do you find out what your own boss counts as doing well?", "I water the plants alone.", False),
        (
            "How do you find out what your own boss counts as doing well?",
            "My boss says I am doing great.",
            True,
        ),
        ("What do you hear less of in the language your meetings are held in?", "We met in the yard.", False),
        ("What have the two of you stopped talking about?", "The boiler went again at six.", False),
        ("What have the two of you stopped talking about?", "He said bye and she sent him home.", True),
        ("What would your team say?", "I mixed the first loaf.", False),
        ("What matters to you here?", "I mixed the first loaf.", True),
    ],
)
def test_a_question_presupposes_only_what_the_text_holds(question: str, text: str, fits: bool) -> None:
    """No boss without a boss, no meetings without a meeting, no two of you without another person."""
    assert supported(question, gaps(text)) is fits


@pytest.mark.parametrize(
    ("clause", "clear"),
    [
        ("I thought that was a compliment", False),
        ("I'm embarrassed about that too", False),
        ("I knew it under the shower", False),
        ("I said do the first ten", False),
        ("I took the drawing and put it in the drawer", True),
        ("I have never told my team", True),
        ("It was my own fault", False),
        ("I thought it was my own fault", True),
    ],
)
def test_a_clause_that_points_elsewhere_is_known(clause: str, clear: bool) -> None:
    """A reader of this clause alone knows what "it" and "that" are, or it costs."""
    assert (unnamed(clause) == 0) is clear


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What have I been doing since Leeds?", "what you have been doing since Leeds"),
        ("Is it me?", "whether it is you"),
        ("Am I the problem?", "whether you are the problem"),
        ("How do I look at him tomorrow?", "how you look at him tomorrow"),
        ("Did I say that?", None),
        ("What do you think?", None),
        ("It was fine.", None),
    ],
)
def test_a_question_to_oneself_is_reported(question: str, said: str | None) -> None:
    """Word order turns with the person; what would need another verb form is left alone."""
    assert indirect(question) == said


@given(st.text(max_size=200))
def test_no_text_breaks_these_rules(text: str) -> None:
    """They never raise, whatever the words."""
    assert unnamed(text) >= 0
    assert supported("", gaps(text))
    assert indirect(text) is None or indirect(text)


def test_what_could_be_asked_of_any_text_is_chosen_by_luck_and_fit_goes_first() -> None:
    """Of these a few ratings preferred three, which then stood beside every tenth entry."""
    weights = json.loads(data_file("ranker.json").read_text(encoding="utf-8"))["weights"]
    general = read_embedded(ROOT / "prompts" / "embedded").general_questions
    at = setting("I keep rewriting.", "You keep rewriting.", Stage.EXPLORE, Lens.SELF)

    def worth_of(text: str, lens: Lens, stage: Stage, whim: float) -> float:
        return value(weights, Candidate(text, lens, stage, Source.GENERAL, "", 0.0, whim=whim), at)

    first = [one for one in general if one.stage in (Stage.EXPLORE, Stage.REFRAME)]
    equal = [worth_of(one.text, one.lens, one.stage, 0.5) for one in first]
    assert len(first) >= 25 and max(equal) - min(equal) < WHIM
    fitting = one(relevance=0.8, text="What does that waiting protect for you?")
    assert value(weights, fitting, at) > max(equal)
