"""Topics: enough people, by their own yes, and no change that points at one of them."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coach.domain.topics import Offer, Period, Snapshot, fewest_authors, next_period, without
from coach.services.retrieve import Retriever
from coach.services.topics import TopicService
from coach.services.vocabulary import Vocabulary
from tests.fakes import FakeEmbedder, FakeIndex, FakeLibrary, FakeScreener, FakeWordIndex, a_situation

A, B, C = "feedback.too-late", "delegation.redoing-work", "change.rumours"
VOCABULARY = (C, A, B)  # an order that is neither the alphabet's nor ours

State = Mapping[str, frozenset[str]]  # each active member with the themes they let the group see


def offers(state: State) -> list[Offer]:
    return [Offer(member, theme, True) for member, themes in state.items() for theme in sorted(themes)]


def after(previous: Period | None, state: State) -> Period:
    return next_period(previous, offers(state), len(state), VOCABULARY)


def a_group(size: int, *authors: tuple[str, int]) -> dict[str, frozenset[str]]:
    """So many members; the first so many of them offer each theme."""
    return {f"m{place}": frozenset(theme for theme, many in authors if place < many) for place in range(size)}


def seen(period: Period) -> bytes:
    """What leaves the server, to the byte."""
    return json.dumps(period.snapshot.situations).encode()


def authors(state: State) -> Counter[str]:
    return Counter(theme for themes in state.values() for theme in themes)


def changed(before: State, now: State) -> int:
    """Members who let the group see something else than before; staying away and offering nothing is one."""
    nothing: frozenset[str] = frozenset()
    return sum(before.get(one, nothing) != now.get(one, nothing) for one in {*before, *now})


themes = st.frozensets(st.sampled_from([A, B, C]), max_size=3)
states = st.dictionaries(st.sampled_from([f"m{place}" for place in range(13)]), themes, max_size=13)


# -- how many it takes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("active", "least", "wanted"),
    [(0, 3, None), (4, 3, None), (5, 3, 3), (9, 3, 3), (10, 3, 5), (40, 3, 5), (5, 4, 4), (12, 7, 7)],
)  # fmt: skip
def test_the_threshold_goes_by_the_size_of_the_group_and_only_rises(
    active: int, least: int, wanted: int | None
) -> None:
    """Five authors from ten active members, three from five; nothing below. A setting makes it stricter."""
    assert fewest_authors(active, least) == wanted


@pytest.mark.parametrize("least", [2, 0, -1])
def test_no_setting_goes_below_three(least: int) -> None:
    with pytest.raises(ValueError, match="at least 3"):
        fewest_authors(8, least)


@given(st.lists(states, min_size=1, max_size=6))
def test_never_fewer_than_k(course: list[State]) -> None:
    """Whatever is worked out had enough authors in that very period; whatever is not, was there before."""
    period: Period | None = None
    for state in course:
        before, period = period, after(period, state)
        new = set(period.snapshot.situations) - set(before.snapshot.situations if before else ())
        restored = before is not None and before.settled is not None and period.settled == before.settled
        k = fewest_authors(len(state))
        if new and not restored:
            assert k is not None and all(authors(state)[one] >= k for one in new)
        if k is None:
            assert period.snapshot == Snapshot()
        assert set(period.countable.situations) <= set(period.snapshot.situations)


def test_a_theme_counts_by_the_yes_of_its_authors_alone() -> None:
    """Consent is off unless somebody switches it on, and one person is one however often they offer."""
    some = [Offer("m0", A, True), Offer("m0", A, True), Offer("m1", A, True), Offer("m2", A), Offer("m3", A)]
    assert next_period(None, some, 6, VOCABULARY).snapshot == Snapshot()
    assert next_period(None, [*some, Offer("m4", A, True)], 6, VOCABULARY).snapshot == Snapshot((A,))


def test_members_who_left_must_not_be_counted() -> None:
    """More who offer than are active is a fault of the caller, and said."""
    with pytest.raises(ValueError, match="active"):
        next_period(None, offers(a_group(6, (A, 6))), 5, VOCABULARY)


def test_who_only_refuses_is_a_member_all_the_same() -> None:
    """Offers without consent come from people, too, and must fit into the group."""
    with pytest.raises(ValueError, match="active"):
        next_period(None, [Offer(f"m{place}", A) for place in range(6)], 5, VOCABULARY)


# -- what is said in it -----------------------------------------------------------------------------------


def test_a_snapshot_has_a_place_for_ids_and_for_nothing_else() -> None:
    """No number, name, date or text can be put into what leaves the server."""
    assert [one.name for one in fields(Snapshot)] == ["situations"]


@pytest.mark.parametrize(
    "words",
    ["I cannot bear Anna.", "Anna", "feedback.Anna", "feedback. too", "", "a.b\n", "a." + "b" * 99],
)  # fmt: skip
def test_a_sentence_does_not_pass_for_an_id_and_is_not_repeated(words: str) -> None:
    """Somebody's words are refused, and the refusal may stand in a log."""
    with pytest.raises(ValueError, match="ids of situations") as told:
        Snapshot((A, words))
    assert not words or words not in str(told.value)


def test_a_quote_in_the_form_of_an_id_is_no_topic() -> None:
    """Only the vocabulary can be shown, whatever is offered."""
    some = [Offer(f"m{place}", "anna.hides-the-figures", True) for place in range(6)]
    period = next_period(None, some, 6, VOCABULARY)
    assert period.snapshot == Snapshot() and period.basis == frozenset()


@given(states, st.randoms(use_true_random=False))
def test_the_order_is_the_vocabularys_whoever_comes_first(state: State, dice: Random) -> None:
    """Neither the order of offers nor the number of authors can be read from it."""
    some = offers(state)
    dice.shuffle(some)
    period = next_period(None, some, len(state), VOCABULARY)
    assert seen(period) == seen(after(None, state))
    assert list(period.snapshot.situations) == [
        one for one in VOCABULARY if one in period.snapshot.situations
    ]


def test_a_period_can_be_printed_without_telling_on_anybody() -> None:
    """A slip of the pen in a log names no member."""
    assert "m0" not in repr(after(None, a_group(6, (A, 4))))


@pytest.mark.parametrize(
    ("size", "many", "wanted"),
    [(9, 3, True), (9, 6, True), (9, 7, False), (9, 9, False), (5, 3, False), (12, 7, True), (12, 8, False)],
)  # fmt: skip
def test_a_number_needs_as_many_who_are_not_counted(size: int, many: int, wanted: bool) -> None:
    """The topic is shown in any case; its number only while the rest of the group is a crowd as well."""
    period = after(None, a_group(size, (A, many)))
    assert period.snapshot == Snapshot((A,)) and period.countable == Snapshot((A,) if wanted else ())


# -- over time --------------------------------------------------------------------------------------------


@given(st.lists(states, min_size=2, max_size=8))
def test_the_view_changes_only_when_three_contributors_changed(course: list[State]) -> None:
    """Counted from when it was last worked out; that a group is too small is no secret and empties it."""
    period: Period | None = None
    rested: State | None = None  # the state behind what is shown
    for state in course:
        before, period = period, after(period, state)
        if len(state) < 5:
            assert period.snapshot == Snapshot()
        elif rested is None or changed(rested, state) >= 3:
            rested = state
            assert seen(period) == seen(after(None, state))
        else:
            assert before is not None and period.snapshot == before.settled


def transitions(
    kinds: Iterable[tuple[object, object]], size: int
) -> Iterable[Sequence[tuple[object, object]]]:
    """Every way in which so many members can go from one state to another, no matter who is who."""
    return itertools.combinations_with_replacement(list(kinds), size)


@pytest.mark.parametrize("size", range(1, 7))
def test_every_course_of_one_theme_among_up_to_six(size: int) -> None:
    """Exhaustive: each member away, silent, or an author, before and after; never by fewer than three."""
    moved = 0
    for each in transitions(itertools.product(("away", "silent", "author"), repeat=2), size):
        before, now = (
            {
                f"m{place}": frozenset([A] if pair[moment] == "author" else [])
                for place, pair in enumerate(each)
                if pair[moment] != "away"
            }
            for moment in (0, 1)
        )
        first = after(None, before)
        second = after(first, now)
        assert bool(first.snapshot.situations) == (len(before) >= 5 and authors(before)[A] >= 3)
        if min(len(before), len(now)) >= 5 and second.snapshot != first.snapshot:
            moved += 1
            assert changed(before, now) >= 3
            assert bool(second.snapshot.situations) == (authors(now)[A] >= 3)
    assert bool(moved) == (size >= 5)


@pytest.mark.parametrize("size", [5, 6])
def test_every_course_of_two_themes_in_a_group_that_stays(size: int) -> None:
    """Exhaustive: that others change something else lets one theme move only when there are three in all."""
    some = [frozenset(one) for one in ((), (A,), (B,), (A, B))]
    first: dict[tuple[object, ...], Period] = {}
    for each in transitions(itertools.product(some, repeat=2), size):
        before, now = ({f"m{place}": pair[moment] for place, pair in enumerate(each)} for moment in (0, 1))
        key = tuple(pair[0] for pair in each)
        if key not in first:
            first[key] = after(None, before)  # type: ignore[arg-type] # sets of themes
        second = after(first[key], now)  # type: ignore[arg-type] # as above
        if changed(before, now) < 3:  # type: ignore[arg-type] # as above
            assert second.snapshot == first[key].snapshot
        else:
            assert all(authors(now)[one] >= 3 for one in second.snapshot.situations)  # type: ignore[arg-type] # as above


@given(states, themes)
def test_nothing_that_one_person_does_can_be_seen(state: State, brought: frozenset[str]) -> None:
    """Leaving, deleting all, being erased, taking something back, coming: the same bytes each time."""
    assume(len(state) >= 6)
    first = after(None, state)
    for one in state:
        others = {member: some for member, some in state.items() if member != one}
        for then in (others, {**state, one: frozenset()}, {**state, one: brought}):
            assert seen(after(first, then)) == seen(first)
        assert seen(after(without(first, one), others)) == seen(first)
    assert seen(after(first, {**state, "newcomer": brought})) == seen(first)


def test_small_changes_add_up_until_three_have_made_one() -> None:
    """One member a period: the third moves it, and nobody can tell which of the three did."""
    period = after(None, a_group(8, (A, 3)))
    for many, wanted in ((4, (A,)), (5, (A,)), (6, (A, B))):
        now = a_group(8, (A, 3))
        now |= {f"m{place}": frozenset([B]) for place in range(3, many)}
        period = after(period, now)
        assert period.snapshot.situations == wanted


def test_three_who_take_their_yes_back_are_followed() -> None:
    """A frozen snapshot is not a cage: the theme goes with the next period."""
    period = after(None, a_group(9, (A, 3), (B, 6)))
    assert after(period, a_group(9, (B, 6))).snapshot == Snapshot((B,))


def test_a_lower_threshold_alone_shows_nothing_new() -> None:
    """The tenth member leaves, who offered nothing: four authors would now be enough, and the view stays."""
    ten = a_group(10, (A, 4))
    period = after(None, ten)
    assert period.snapshot == Snapshot()
    del ten["m9"]
    assert after(period, ten).snapshot == Snapshot()


def test_a_group_that_was_too_small_for_a_while_does_not_start_anew() -> None:
    """Below five nothing; with the fifth member back, what was shown, and no theme of theirs beside it."""
    full = a_group(6, (A, 3), (B, 2))
    small = {member: some for member, some in full.items() if member not in {"m4", "m5"}}
    shown = after(None, full)
    assert shown.countable == Snapshot((A,))
    gone = after(shown, small)
    assert gone.snapshot == Snapshot() == gone.countable
    back = after(gone, {**small, "newcomer": frozenset([B])})
    assert back.snapshot == shown.snapshot == Snapshot((A,))


def test_a_group_that_never_had_five_begins_when_it_has() -> None:
    """Nothing was shown before, so there is nothing to compare with."""
    small = after(None, a_group(4, (A, 4)))
    assert small.snapshot == Snapshot()
    assert after(small, a_group(5, (A, 4))).snapshot == Snapshot((A,))


def test_a_situation_that_leaves_the_vocabulary_is_nobodys_change() -> None:
    """Curators cannot move a group's view by retiring a situation that three had offered."""
    state = a_group(6, (A, 4), (C, 3))
    first = after(None, state)
    later = next_period(first, offers(a_group(6, (A, 4), (B, 2))), 6, (A, B))
    assert later.snapshot == first.snapshot


def test_an_erased_member_leaves_no_trace_in_what_is_kept() -> None:
    """What was shown stands; who made it possible is gone."""
    period = after(None, a_group(6, (A, 4), (B, 1)))
    erased = without(period, "m0")
    assert erased.snapshot == period.snapshot
    assert "m0" not in {member for member, _ in erased.basis}
    assert len(erased.basis) == len(period.basis) - 2


# -- from texts to themes ---------------------------------------------------------------------------------


@pytest.fixture
def service() -> TopicService:
    library, embedder, index = FakeLibrary(), FakeEmbedder(), FakeIndex()
    library.put_situations(
        [
            a_situation(B, "I rewrite his slides at night."),
            a_situation(A, "I still have not told her about the late report."),
        ]
    )
    index.broken = True  # themes need the vocabulary and nothing else
    vocabulary = Vocabulary(library, embedder, FakeWordIndex)
    retriever = Retriever(library, index, vocabulary.map, FakeWordIndex)
    return TopicService(embedder, FakeScreener(), retriever)


def test_a_reflection_has_the_themes_that_are_near_to_it(service: TopicService) -> None:
    assert service.near("I rewrite his slides at night. He sends slides at night.")[0] == B


def test_a_stranger_has_no_theme(service: TopicService) -> None:
    """A text about something else is never stretched to fit."""
    assert service.near("Roses bloom along the garden wall.") == ()


def test_what_is_answered_with_a_signpost_stays_with_its_author(service: TopicService) -> None:
    """Not even the question whether it may be shared is asked."""
    assert service.near("I rewrite his slides at night and feel unsafe.") == ()


def test_proposals_carry_no_yes_and_no_order(service: TopicService) -> None:
    """One a theme, as the vocabulary has them, consent off."""
    texts = ["I still have not told her about the late report.", "I rewrite his slides at night."]
    found = service.proposals("m0", [*texts, texts[0], "Roses bloom along the garden wall."])
    assert found == (Offer("m0", B), Offer("m0", A))
    assert not any(one.consented for one in found)


def test_a_period_goes_by_the_vocabulary_in_force(service: TopicService) -> None:
    """The service adds nothing to the rule but the vocabulary."""
    some = [Offer(f"m{place}", theme, True) for place in range(4) for theme in (A, B, C)]
    assert service.next_period(None, some, 6).snapshot == Snapshot((B, A))
    assert service.next_period(None, some, 6, least=5).snapshot == Snapshot()
