"""What every store promises about people, through the ports alone: the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from coach.adapters.sql import Store
from coach.domain.model import (
    PROGRAMME,
    Member,
    Role,
)
from coach.errors import NotFound, SignInFailed, TextRefused, UserError
from coach.services.accounts import AccountService
from tests.fakes import FakeHasher, FakeTries

if TYPE_CHECKING:
    from tests.integration.conftest import FakeClock, Samples, Site

UNSTORABLE = ["a\x00b", "a\ud800b", "\udfff"]


class TestPeople:
    def test_an_account_is_found_by_its_address_in_any_case(self, store: Store, ann: Member) -> None:
        assert store.people.member_by_email(" ANN@Example.org ") == ann
        assert store.people.member_by_email("nobody@example.org") is None

    def test_an_address_belongs_to_one_account(self, store: Store, ann: Member) -> None:
        with pytest.raises(UserError, match="e-mail"):
            store.people.add_member("Other", "Ann@example.ORG", [Role.ADMIN])
        assert store.people.members() == [ann]

    @pytest.mark.parametrize("text", UNSTORABLE)
    def test_names_no_database_takes_are_refused_alike(self, store: Store, text: str) -> None:
        with pytest.raises(TextRefused):
            store.people.add_member(text, "x@example.org", [])
        with pytest.raises(TextRefused):
            store.people.add_group(text)

    @pytest.mark.parametrize("text", [*UNSTORABLE, "", "x" * 5000])
    def test_ids_that_cannot_exist_are_simply_not_there(self, store: Store, text: str) -> None:
        assert store.people.member_by_email(text) is None
        assert store.people.identity(text, text) is None
        for look in (store.people.member, store.people.group):
            with pytest.raises(NotFound):
                look(text)

    def test_roles_and_activity_change_and_end_sessions(
        self, store: Store, ann: Member, clock: FakeClock
    ) -> None:
        later = clock.now + timedelta(hours=1)
        store.sessions.write(b"s1", b"payload", ann.id, later)
        store.people.set_roles(ann.id, [Role.EVALUATOR, Role.ADMIN])
        assert store.sessions.read(b"s1") is None
        store.sessions.write(b"s2", b"payload", ann.id, later)
        store.people.set_active(ann.id, False)
        assert store.sessions.read(b"s2") is None
        changed = store.people.member(ann.id)
        assert (changed.roles, changed.active) == ({Role.EVALUATOR, Role.ADMIN}, False)

    def test_facilitating_a_group_is_not_being_in_it(self, store: Store, ann: Member, ben: Member) -> None:
        group = store.people.add_group("Ward leads", "first year in the role")
        store.people.join(group.id, ann.id)
        store.people.join(group.id, ann.id)
        store.people.join(group.id, ben.id, facilitator=True)
        found = store.people.group(group.id)
        assert (found.name, found.purpose) == ("Ward leads", "first year in the role")
        assert (found.member_ids, found.facilitator_ids) == ({ann.id}, {ben.id})
        assert [g.id for g in store.people.groups_of(ben.id)] == [group.id]
        store.people.leave(group.id, ben.id)
        assert store.people.groups_of(ben.id) == []
        assert store.people.groups() == [store.people.group(group.id)]

    def test_joining_again_takes_no_role_away(self, store: Store, ann: Member) -> None:
        group = store.people.add_group("Ward leads")
        for facilitator in (True, False, True):
            store.people.join(group.id, ann.id, facilitator)
        found = store.people.group(group.id)
        assert (found.member_ids, found.facilitator_ids) == ({ann.id}, {ann.id})
        store.people.leave(group.id, ann.id)
        assert store.people.groups_of(ann.id) == []

    def test_only_who_is_in_a_group_can_leave_it(self, store: Store, ann: Member, ben: Member) -> None:
        group = store.people.add_group("Ward leads")
        store.people.join(group.id, ann.id)
        for group_id, member_id in ((group.id, ben.id), (group.id, "nobody"), ("no where", ann.id)):
            with pytest.raises(NotFound, match="not in this group"):
                store.people.leave(group_id, member_id)
        assert store.people.group(group.id).member_ids == {ann.id}

    def test_joining_needs_a_group_and_an_account(self, store: Store, ann: Member) -> None:
        group = store.people.add_group("A")
        for group_id, member_id in ((group.id, "nobody"), ("nowhere", ann.id)):
            with pytest.raises(NotFound):
                store.people.join(group_id, member_id)

    def test_a_link_opens_once_and_in_time(self, store: Store, ann: Member, clock: FakeClock) -> None:
        now = clock.now
        store.people.add_link(ann.id, b"one", now + timedelta(hours=1))
        store.people.add_link(ann.id, b"two", now + timedelta(hours=1))
        assert store.people.link_owner(b"one", now) == ann.id
        assert store.people.take_link(b"one", now) == ann.id
        assert store.people.link_owner(b"one", now) is None
        assert store.people.take_link(b"one", now) is None
        assert store.people.take_link(b"two", now + timedelta(hours=1)) is None
        assert store.people.take_link(b"three", now) is None

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE link SET member_id = :ben",
            "UPDATE link SET expires_at = '2036-01-01 00:00:00+00:00'",
            "UPDATE link SET token_hash = :own",
        ],
    )
    def test_a_link_that_was_changed_on_the_disk_opens_nothing(
        self, store: Store, site: Site, ann: Member, ben: Member, clock: FakeClock, change: str
    ) -> None:
        """Who can write to the database and has no key gets into no account."""
        token = hashlib.sha256(b"known to whoever writes").digest()
        store.people.add_link(ann.id, token, clock.now + timedelta(hours=1))
        values = {"ben": ben.id, "own": token}
        with site.raw() as disk:
            disk.execute(text(change), {name: one for name, one in values.items() if f":{name}" in change})
        for member_id in (
            store.people.link_owner(token, clock.now),
            store.people.take_link(token, clock.now),
        ):
            assert member_id is None

    def test_a_sign_in_under_way_in_another_process_does_not_survive_a_new_password(
        self, store: Store, site: Site, ann: Member, clock: FakeClock
    ) -> None:
        other = site.open(clock)

        class Interrupted(FakeHasher):
            """The owner changes the password elsewhere while this one is being looked at."""

            def verify(self, stored: str, password: str) -> bool:
                accounts(other, FakeHasher()).set_password(ann.id, "the owner's new one", "the old one")
                return super().verify(stored, password)

        def accounts(at: Store, hasher: FakeHasher) -> AccountService:
            return AccountService(at.people, at.sessions, at.audit, hasher, FakeTries(), clock)

        accounts(store, FakeHasher()).set_password(ann.id, "the old one")
        link = accounts(store, FakeHasher()).sign_in_link(ann.id)
        opened = accounts(store, Interrupted()).sign_in(ann.email, "the old one")
        with pytest.raises(SignInFailed):
            store.sessions.write(
                b"late", b"payload", ann.id, clock.now + timedelta(hours=1), opened.generation
            )
        with pytest.raises(SignInFailed):
            accounts(store, FakeHasher()).redeem(link)

    def test_an_identity_that_was_moved_on_the_disk_opens_nothing(
        self, store: Store, site: Site, ann: Member, ben: Member
    ) -> None:
        store.people.bind_identity(ann.id, "https://issuer", "sub")
        with site.raw() as disk:
            disk.execute(text("UPDATE identity SET member_id = :ben"), {"ben": ben.id})
        assert store.people.identity("https://issuer", "sub") is None

    def test_an_address_that_was_moved_on_the_disk_finds_nobody(
        self, store: Store, site: Site, ann: Member, ben: Member
    ) -> None:
        """A provider's identity is bound by it at the first sign-in."""
        with site.raw() as disk:
            index = disk.execute(text("SELECT email_index FROM member WHERE id = :ann"), {"ann": ann.id})
            moved = index.scalar_one()
            disk.execute(
                text("UPDATE member SET email_index = :none WHERE id = :ann"), {"none": b"x", "ann": ann.id}
            )
            disk.execute(
                text("UPDATE member SET email_index = :moved WHERE id = :ben"),
                {"moved": moved, "ben": ben.id},
            )
        assert store.people.member_by_email(ann.email) is None

    def test_an_identity_belongs_to_one_account(self, store: Store, ann: Member, ben: Member) -> None:
        store.people.bind_identity(ann.id, "https://issuer", "sub")
        store.people.bind_identity(ann.id, "https://issuer", "sub")
        assert store.people.identity("https://issuer", "sub") == ann.id
        assert store.people.identity("https://issuers", "ub") is None
        with pytest.raises(UserError):
            store.people.bind_identity(ben.id, "https://issuer", "sub")
        with pytest.raises(NotFound):
            store.people.bind_identity("nobody", "https://issuer", "other")

    def test_a_password_hash_is_kept_and_replaced(self, store: Store, ann: Member) -> None:
        assert store.people.password_hash(ann.id) is None
        store.people.set_password_hash(ann.id, "$argon2id$one")
        store.people.set_password_hash(ann.id, "$argon2id$two")
        assert store.people.password_hash(ann.id) == "$argon2id$two"

    def test_only_approved_cards_of_the_scopes_are_shown(
        self, store: Store, samples: Samples, ann: Member, ben: Member
    ) -> None:
        mine = samples.card(ann.id, "c1")
        store.people.put_card(mine, [1.0, 0.0])
        store.people.put_card(samples.card(ben.id, "c2", approved=False), [0.0, 1.0])
        store.people.put_card(samples.card(ben.id, "c3", scope="group-1"), [0.0, 1.0])
        [(card, vector)] = store.people.cards([PROGRAMME])
        assert card == mine
        assert vector.tolist() == [[1.0, 0.0]]
        assert [card.id for card, _ in store.people.cards(["group-1", PROGRAMME])] == ["c1", "c3"]
        assert [card.id for card in store.people.cards_of(ben.id)] == ["c2", "c3"]

    def test_a_card_can_be_taken_back(self, store: Store, samples: Samples, ann: Member) -> None:
        store.people.put_card(samples.card(ann.id), [1.0])
        store.people.put_card(samples.card(ann.id, approved=False), [1.0])
        assert store.people.cards([PROGRAMME]) == []
        assert store.people.cards_of(ann.id) == [samples.card(ann.id, approved=False)]

    def test_the_roster_keeps_names_in_order(self, store: Store, ann: Member) -> None:
        store.people.set_roster(ann.id, ["Jonas", "Dana"])
        store.people.set_roster(ann.id, ["Zoë", "Dana"])
        assert store.people.roster(ann.id) == ["Zoë", "Dana"]

    def test_avoiding_holds_in_both_directions(self, store: Store, ann: Member, ben: Member) -> None:
        store.people.set_avoid(ann.id, [ben.id, ann.id])
        assert (store.people.avoid(ann.id), store.people.avoid(ben.id)) == ({ben.id}, {ann.id})
        with pytest.raises(NotFound):
            store.people.set_avoid(ann.id, ["nobody"])
        store.people.set_avoid(ben.id, [])
        assert store.people.avoid(ben.id) == {ann.id}
        store.people.set_avoid(ann.id, [])
        assert store.people.avoid(ben.id) == frozenset()

    def test_the_reporting_line_runs_up_and_down_but_not_sideways(self, store: Store) -> None:
        top, mid, side, low = (
            store.people.add_member(name, f"{name}@example.org", []).id
            for name in ("top", "mid", "side", "low")
        )
        for member_id, boss_id in ((mid, top), (side, top), (low, mid)):
            store.people.set_reports_to(member_id, boss_id)
        assert store.people.reporting_line(mid) == {top, low}
        assert store.people.reporting_line(low) == {top, mid}
        assert store.people.reporting_line(top) == {mid, side, low}
        with pytest.raises(UserError, match="circle"):
            store.people.set_reports_to(top, low)
        store.people.set_reports_to(low, None)
        assert store.people.reporting_line(low) == frozenset()

    def test_an_erased_member_is_gone_and_the_log_stays(
        self, store: Store, samples: Samples, ann: Member, ben: Member
    ) -> None:
        entry = store.journal.add_reflection(ann.id, None, "text")
        store.people.put_card(samples.card(ann.id), [1.0])
        store.people.set_reports_to(ben.id, ann.id)
        store.audit.record(ben.id, "access", entry.id, ann.id)
        store.people.erase_member(ann.id)
        assert (store.people.members(), store.people.cards([PROGRAMME])) == ([ben], [])
        assert store.people.reporting_line(ben.id) == frozenset()
        assert [line.action for line in store.audit.of_owner(ann.id)] == ["account.erase", "access"]
        assert store.journal.conversations(ann.id) == []
        for act in (store.people.member, store.people.erase_member):
            with pytest.raises(NotFound):
                act(ann.id)
        with pytest.raises(NotFound):
            store.journal.add_reflection(ann.id, None, "more")
        assert store.people.add_member("Ann again", "ann@example.org", []).id != ann.id
