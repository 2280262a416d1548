"""What every store promises, through the ports alone: the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.adapters.sql import Store
from coach.adapters.sql.sessions import SqlSessions
from coach.domain.model import (
    Member,
    Role,
)
from coach.errors import NotFound, SignInFailed, TextRefused

if TYPE_CHECKING:
    from tests.integration.conftest import FakeClock, Samples, Site

UNSTORABLE = ["a\x00b", "a\ud800b", "\udfff"]
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=200)


class TestJournal:
    def test_a_reflection_comes_back_as_it_was_written(self, store: Store, ann: Member) -> None:
        entry = store.journal.add_reflection(
            ann.id, None, "I rewrite Jonas's slides at night. \U0001f469‍\U0001f467"
        )
        assert store.journal.conversation(ann.id, entry.conversation_id).entries == (entry,)

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(text=TEXTS)
    def test_any_text_without_nul_and_surrogates_is_kept_exactly(
        self, store: Store, ann: Member, text: str
    ) -> None:
        entry = store.journal.add_reflection(ann.id, None, text)
        assert store.journal.conversation(ann.id, entry.conversation_id).entries[0].text == text

    @pytest.mark.parametrize("text", UNSTORABLE)
    def test_nul_and_lone_surrogates_are_refused_alike(self, store: Store, ann: Member, text: str) -> None:
        with pytest.raises(TextRefused):
            store.journal.add_reflection(ann.id, None, text)
        assert store.journal.conversations(ann.id) == []

    def test_a_turn_and_its_vectors_come_back_exactly(
        self, store: Store, samples: Samples, ann: Member
    ) -> None:
        entry = store.journal.add_reflection(ann.id, None, "text")
        store.journal.add_turn(ann.id, entry.id, samples.turn(), samples.vectors())
        assert store.journal.conversation(ann.id, entry.conversation_id).entries[0].turn == samples.turn()
        [(name, vectors)] = store.journal.vectors(ann.id)
        assert name == entry.id
        assert np.array_equal(vectors, samples.vectors())

    def test_a_second_turn_for_an_entry_replaces_the_first(
        self, store: Store, samples: Samples, ann: Member
    ) -> None:
        entry = store.journal.add_reflection(ann.id, None, "text")
        store.journal.add_turn(ann.id, entry.id, samples.turn("One?"), samples.vectors(seed=1))
        store.journal.add_turn(ann.id, entry.id, samples.turn("Two?"), samples.vectors(seed=2))
        assert store.journal.asked_since(ann.id, entry.written_at, 60) == ["Two?"]
        assert np.array_equal(store.journal.vectors(ann.id)[0][1], samples.vectors(seed=2))

    def test_the_conversation_written_in_last_comes_first(self, store: Store, ann: Member) -> None:
        first = store.journal.add_reflection(ann.id, None, "one")
        second = store.journal.add_reflection(ann.id, None, "two")
        assert _ids(store, ann) == [second.conversation_id, first.conversation_id]
        store.journal.add_reflection(ann.id, first.conversation_id, "three")
        assert _ids(store, ann) == [first.conversation_id, second.conversation_id]
        assert [c.id for c in store.journal.conversations(ann.id, limit=1)] == [first.conversation_id]

    def test_order_holds_when_the_clock_jumps_back(self, store: Store, ann: Member, clock: FakeClock) -> None:
        first = store.journal.add_reflection(ann.id, None, "one")
        clock.advance(days=-400)
        store.journal.add_reflection(ann.id, first.conversation_id, "two")
        [conversation] = store.journal.conversations(ann.id)
        assert [entry.text for entry in conversation.entries] == ["one", "two"]

    def test_times_are_aware_and_in_utc(self, store: Store, ann: Member, clock: FakeClock) -> None:
        clock.now = clock.now.astimezone(timezone(timedelta(hours=5)))
        entry = store.journal.add_reflection(ann.id, None, "one")
        conversation = store.journal.conversation(ann.id, entry.conversation_id)
        times = (conversation.started_at, conversation.last_at, conversation.entries[0].written_at)
        assert {moment.tzinfo for moment in times} == {UTC}
        assert set(times) == {entry.written_at}

    def test_lead_questions_since_a_time_newest_last(
        self, store: Store, samples: Samples, ann: Member, clock: FakeClock
    ) -> None:
        for lead in ("Old?", "Middle?", "New?"):
            entry = store.journal.add_reflection(ann.id, None, lead)
            store.journal.add_turn(ann.id, entry.id, samples.turn(lead))
            clock.advance(days=20)
        since = clock.now - timedelta(days=50)
        assert store.journal.asked_since(ann.id, since, 60) == ["Middle?", "New?"]
        assert store.journal.asked_since(ann.id, since, 1) == ["New?"]

    def test_a_signpost_asks_nothing(self, store: Store, samples: Samples, ann: Member) -> None:
        entry = store.journal.add_reflection(ann.id, None, "text")
        store.journal.add_turn(ann.id, entry.id, samples.signpost())
        assert store.journal.asked_since(ann.id, entry.written_at, 60) == []
        assert store.journal.conversation(ann.id, entry.conversation_id).entries[0].turn == samples.signpost()

    def test_erasing_the_last_entry_erases_its_conversation(
        self, store: Store, samples: Samples, ann: Member
    ) -> None:
        first = store.journal.add_reflection(ann.id, None, "one")
        second = store.journal.add_reflection(ann.id, first.conversation_id, "two")
        store.journal.add_turn(ann.id, first.id, samples.turn(), samples.vectors())
        store.journal.erase_entry(ann.id, first.id)
        assert [entry.text for entry in store.journal.conversations(ann.id)[0].entries] == ["two"]
        assert store.journal.vectors(ann.id) == []
        assert store.journal.asked_since(ann.id, first.written_at, 60) == []
        store.journal.erase_entry(ann.id, second.id)
        with pytest.raises(NotFound):
            store.journal.conversation(ann.id, first.conversation_id)

    def test_an_erased_journal_is_empty_and_can_begin_again(
        self, store: Store, samples: Samples, ann: Member
    ) -> None:
        entry = store.journal.add_reflection(ann.id, None, "one")
        store.journal.add_turn(ann.id, entry.id, samples.turn(), samples.vectors())
        store.journal.erase_journal(ann.id)
        assert (store.journal.conversations(ann.id), store.journal.vectors(ann.id)) == ([], [])
        assert store.journal.add_reflection(ann.id, None, "two")

    def test_erasing_leaves_a_line_in_the_access_log(self, store: Store, ann: Member) -> None:
        entry = store.journal.add_reflection(ann.id, None, "one")
        store.journal.erase_entry(ann.id, entry.id)
        store.journal.erase_journal(ann.id)
        log = [(line.actor_id, line.action) for line in store.audit.of_owner(ann.id)]
        assert log == [(ann.id, "journal.erase-all"), (ann.id, "journal.erase-entry")]

    def test_everything_is_there_after_reopening(
        self, store: Store, samples: Samples, ann: Member, site: Site, clock: FakeClock
    ) -> None:
        entry = store.journal.add_reflection(ann.id, None, "text")
        store.journal.add_turn(ann.id, entry.id, samples.turn(), samples.vectors())
        before = store.journal.conversations(ann.id)
        store.close()
        again = site.open(clock)
        assert again.journal.conversations(ann.id) == before
        assert again.people.member(ann.id) == ann


class TestSessions:
    def test_a_session_ends_at_its_time(self, store: Store, ann: Member, clock: FakeClock) -> None:
        store.sessions.write(b"one", b"payload", ann.id, clock.now + timedelta(hours=1))
        assert store.sessions.read(b"one") == b"payload"
        clock.advance(hours=1)
        assert store.sessions.read(b"one") is None

    def test_a_clock_that_falls_back_does_not_lengthen_a_session(
        self, store: Store, ann: Member, clock: FakeClock
    ) -> None:
        store.sessions.write(b"one", b"payload", ann.id, clock.now + timedelta(hours=1))
        clock.advance(minutes=-4)
        assert store.sessions.read(b"one") == b"payload"
        clock.advance(days=-400)
        assert store.sessions.read(b"one") is None

    def test_a_session_ends_after_its_hours_whatever_the_clock_says(
        self, store: Store, ann: Member, clock: FakeClock
    ) -> None:
        lived = 0.0  # seconds
        sessions = SqlSessions(store.people._vault, monotonic=lambda: lived)
        sessions.write(b"one", b"payload", ann.id, clock.now + timedelta(hours=12))
        clock.advance(hours=10)
        clock.advance(hours=-9)  # somebody set the clock back
        assert sessions.read(b"one") == b"payload"
        lived = 12 * 3600.0
        assert sessions.read(b"one") is None

    def test_sessions_are_replaced_and_removed(
        self, store: Store, ann: Member, ben: Member, clock: FakeClock
    ) -> None:
        later = clock.now + timedelta(hours=1)
        for name, owner in ((b"a1", ann.id), (b"a2", ann.id), (b"b1", ben.id), (b"nobody", "")):
            store.sessions.write(name, b"first", owner, later)
        store.sessions.write(b"a1", b"second", ann.id, later)
        assert store.sessions.read(b"a1") == b"second"
        store.sessions.remove(b"a1")
        store.sessions.remove(b"a1")
        assert store.sessions.read(b"a1") is None
        store.sessions.remove_all(ann.id)
        assert [store.sessions.read(name) for name in (b"a2", b"b1", b"nobody")] == [None, b"first", b"first"]

    def test_a_session_of_an_older_generation_is_not_written(
        self, store: Store, site: Site, ann: Member, clock: FakeClock
    ) -> None:
        """Whatever ended all sessions, and in whichever process."""
        other, later = site.open(clock), clock.now + timedelta(hours=1)
        for end in (
            other.sessions.remove_all,
            lambda member_id: other.people.set_password_hash(member_id, "hash"),
            lambda member_id: other.people.set_roles(member_id, [Role.MANAGER]),
            lambda member_id: other.people.set_active(member_id, False),
        ):
            before = store.sessions.generation(ann.id)
            store.sessions.write(b"in time", b"payload", ann.id, later, before)
            end(ann.id)
            assert store.sessions.read(b"in time") is None
            with pytest.raises(SignInFailed):
                store.sessions.write(b"late", b"payload", ann.id, later, before)
            assert store.sessions.read(b"late") is None
        with pytest.raises(NotFound):
            store.sessions.write(b"one", b"payload", "nobody", later, 0)

    def test_a_new_password_hands_on_the_generation_it_began(
        self, store: Store, ann: Member, clock: FakeClock
    ) -> None:
        began = store.people.set_password_hash(ann.id, "one", store.sessions.generation(ann.id))
        store.sessions.write(b"one", b"payload", ann.id, clock.now + timedelta(hours=1), began)
        assert store.sessions.read(b"one") == b"payload"
        with pytest.raises(SignInFailed):
            store.people.set_password_hash(ann.id, "two", began - 1)
        assert store.people.password_hash(ann.id) == "one"

    def test_a_session_needs_an_account(self, store: Store, clock: FakeClock) -> None:
        with pytest.raises(NotFound):
            store.sessions.write(b"one", b"payload", "nobody", clock.now + timedelta(hours=1))


def _ids(store: Store, member: Member) -> list[str]:
    return [conversation.id for conversation in store.journal.conversations(member.id)]
