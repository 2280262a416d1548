"""The path of one reflection, over fakes: saved first, judged before it is shown, honest about its origin."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from coach.domain.model import PROGRAMME, Card, Draft, Role, Screening, ScreenKind, SituationHit
from coach.errors import (
    NotFound,
    StoreUnavailable,
    TextRefused,
    Unanswered,
    WriterGarbled,
    WriterRefused,
    WriterTimeout,
)
from coach.services.gate import Gate
from coach.services.ingest import IngestService
from coach.services.peers import PeerService
from coach.services.reflect import ReflectService, Thinking
from coach.services.retrieve import Retriever
from coach.services.vocabulary import Vocabulary
from tests.fakes import (
    FakeClassifier,
    FakeClock,
    FakeEmbedder,
    FakeIndex,
    FakeJournal,
    FakeLibrary,
    FakePeople,
    FakeScreener,
    FakeWordIndex,
    FakeWriter,
    a_case,
    a_draft,
    a_situation,
)

NIGHT = "I keep rewriting his slides at night. It is faster than the talk."
GOOD = a_draft(
    "What happens in you when his slides arrive?",
    "What might he see in the slides that come back?",
    "What does the faster way protect for you?",
)
ADVICE = a_draft("Have you tried a template?", "Why don't you let him try?", "Should you not talk to him?")


class Room:
    """A reflect service over fakes; `writer` proposes, `bank` stands by."""

    def __init__(self, writer: FakeWriter | None = None) -> None:
        self.clock, self.people, self.library, self.index = (
            FakeClock(),
            FakePeople(),
            FakeLibrary(),
            FakeIndex(),
        )
        self.embedder, self.journal = FakeEmbedder(), FakeJournal(self.clock)
        vocabulary = Vocabulary(self.library, self.embedder, FakeWordIndex)
        IngestService(self.library, self.index, self.embedder, lambda: [PROGRAMME], vocabulary.forget).take(
            [a_situation()], [a_case()]
        )
        self.bank = FakeWriter(replace(GOOD, origin=replace(GOOD.origin, writer="bank")))
        self.thinking = Thinking(
            self.embedder,
            FakeScreener(),
            Retriever(self.library, self.index, vocabulary.map, FakeWordIndex),
            writer or self.bank,
            self.bank,
            Gate(FakeClassifier(), self.embedder, dict),
            {kind: f"A signpost about {kind}." for kind in ScreenKind},
        )
        self.member = self.people.add_member("Maren", "m@example.org", [Role.MANAGER]).id
        self.other = self.people.add_member("Teo", "t@example.org", [Role.MANAGER], "operations").id
        for name in ("Edda", "Kofi"):
            self.people.add_member(name, f"{name}@example.org", [Role.MANAGER], "Operations ")
        self.reflect = self.service()

    def service(self) -> ReflectService:
        return ReflectService(
            self.thinking, self.journal, self.library, self.people, PeerService(self.people), self.clock
        )

    def card(self, owner: str, key: str = "c1", **more: Any) -> None:
        card = Card(
            key,
            owner,
            "I rewrite slides at night.",
            ("delegation.redoing-work",),
            PROGRAMME,
            True,
            "who also rewrites at night",
        )
        self.people.put_card(replace(card, **more), self.embedder.embed([NIGHT])[0])


def test_a_reflection_is_saved_before_anything_thinks_and_the_failure_says_so() -> None:
    room = Room()

    class Fails(FakeEmbedder):
        def embed(self, texts: object) -> Any:
            raise StoreUnavailable("The model is gone.")

    room.thinking = replace(room.thinking, embedder=Fails())
    with pytest.raises(Unanswered, match="are saved") as unanswered:
        room.service().ask(room.member, None, NIGHT)
    assert [one.text for one in room.journal.entries] == [NIGHT]
    assert unanswered.value.entry_id == room.journal.entries[0].id
    assert unanswered.value.cause == "StoreUnavailable" and unanswered.value.__context__ is None


def test_a_turn_that_cannot_be_saved_does_not_claim_that_nothing_was(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room()

    def full(*_: object) -> None:
        raise StoreUnavailable("The disk is full.", "Nothing of this step was saved.")

    monkeypatch.setattr(room.journal, "add_turn", full)
    with pytest.raises(Unanswered) as unanswered:
        room.reflect.ask(room.member, None, NIGHT)
    assert "Nothing" not in str(unanswered.value) and len(room.journal.entries) == 1


def test_a_turn_has_a_mirror_a_lead_two_angles_and_a_case() -> None:
    room = Room()
    entry = room.reflect.ask(room.member, None, NIGHT)
    assert entry.turn is not None
    assert entry.turn.mirror == GOOD.mirror
    assert len(entry.turn.questions) == 3
    assert all(verdict.passed for question in entry.turn.questions for verdict in question.criteria)
    assert [case.id for case in entry.turn.cases] == ["the-night-slides"]
    assert room.journal.log == ["reflection", "turn"]
    assert room.journal.conversation(room.member, entry.conversation_id).entries[0].turn == entry.turn


@pytest.mark.parametrize("text", ["", "🙂", "x" * 20_001])
def test_a_refused_text_saves_nothing(text: str) -> None:
    room = Room()
    with pytest.raises(TextRefused):
        room.reflect.ask(room.member, None, text)
    assert room.journal.entries == []


def test_a_flagged_text_gets_the_signpost_and_nothing_else() -> None:
    room = Room()
    room.card(room.other)
    turn = room.reflect.ask(room.member, None, "I feel unsafe at night with his slides.").turn
    assert turn is not None and turn.signpost == "A signpost about danger."
    assert turn.questions == () and turn.mirror == "" and turn.cases == () and turn.peers == ()
    assert room.bank.briefs == []


@pytest.mark.parametrize("before", [(), (ADVICE,)])
def test_what_a_writer_hears_gets_the_signpost_and_nothing_else(before: tuple[Draft, ...]) -> None:
    """At its first word or at its second; nobody is named beside it."""
    writer = FakeWriter(*before, replace(GOOD, concern=ScreenKind.HARASSMENT))
    room = Room(writer)
    room.card(room.other)
    turn = room.reflect.ask(room.member, None, NIGHT).turn
    assert turn is not None and turn.screen == Screening(True, ScreenKind.HARASSMENT)
    assert turn.signpost == "A signpost about harassment." and turn.mirror == "" and turn.questions == ()
    assert turn.cases == () and turn.situations == () and turn.peers == ()
    assert len(writer.briefs) == 1 + len(before) and room.bank.briefs == []


def test_what_fails_the_gate_is_written_once_more_with_the_reasons() -> None:
    writer = FakeWriter(ADVICE, GOOD)
    room = Room(writer)
    turn = room.reflect.ask(room.member, None, NIGHT).turn
    assert turn is not None and turn.questions[0].text == GOOD.questions[0].text
    assert turn.origin.writer == "fake"
    assert any(reason.startswith("noadvice") or reason.startswith("open") for reason in writer.failed[1])


def test_after_two_failures_the_bank_answers_and_says_so() -> None:
    room = Room(FakeWriter(ADVICE))
    turn = room.reflect.ask(room.member, None, NIGHT).turn
    assert turn is not None and turn.origin.writer == "bank" and turn.origin.note == "writer.gate"
    assert all(verdict.passed for verdict in turn.questions[0].criteria)


@pytest.mark.parametrize(
    ("fault", "note"),
    [
        (WriterTimeout("late"), "writer.timeout"),
        (WriterRefused("no"), "writer.refused"),
        (WriterGarbled("cut"), "writer.garbled"),
    ],
)
def test_a_fault_of_the_model_falls_to_the_bank(fault: Exception, note: str) -> None:
    turn = Room(FakeWriter(fault)).reflect.ask
    room = Room(FakeWriter(fault))
    turn = room.reflect.ask(room.member, None, NIGHT).turn
    assert turn is not None and (turn.origin.writer, turn.origin.note) == ("bank", note)


def test_a_missing_angle_is_lent_by_the_bank() -> None:
    only_one = replace(GOOD, questions=(GOOD.questions[0], *ADVICE.questions[1:]))
    room = Room(FakeWriter(only_one))
    turn = room.reflect.ask(room.member, None, NIGHT).turn
    assert turn is not None and len(turn.questions) == 3
    assert all(verdict.passed for question in turn.questions for verdict in question.criteria)
    assert [question.lent for question in turn.questions] == [False, True, True]


def test_a_missing_angle_comes_from_the_other_proposal_before_the_bank() -> None:
    first = replace(GOOD, questions=(GOOD.questions[0], *ADVICE.questions[1:]))
    again = replace(GOOD, questions=(ADVICE.questions[0], *GOOD.questions[1:]))
    room = Room(FakeWriter(first, again))
    turn = room.reflect.ask(room.member, None, NIGHT).turn
    assert turn is not None and {one.text for one in turn.questions} == {one.text for one in GOOD.questions}
    assert not any(question.lent for question in turn.questions) and room.bank.briefs == []


def test_the_same_question_in_both_proposals_is_shown_once() -> None:
    both = replace(GOOD, questions=(GOOD.questions[0], *ADVICE.questions[1:]))
    room = Room(FakeWriter(both, both))
    turn = room.reflect.ask(room.member, None, NIGHT).turn
    assert turn is not None and [one.lent for one in turn.questions] == [False, True, True]
    assert len({one.text for one in turn.questions}) == 3


def test_a_question_with_a_link_or_a_claim_to_feel_never_passes() -> None:
    for text in (
        "What do you see at https://x.test?",
        "What do I feel when you say slides?",
        "What ![x](y)?",
    ):
        room = Room(FakeWriter(a_draft(text, text, text)))
        turn = room.reflect.ask(room.member, None, NIGHT).turn
        assert turn is not None and turn.origin.note == "writer.gate"


def test_someone_elses_conversation_reads_like_none_and_saves_nothing() -> None:
    room = Room()
    entry = room.reflect.ask(room.member, None, NIGHT)
    with pytest.raises(NotFound):
        room.reflect.ask(room.other, entry.conversation_id, NIGHT)
    with pytest.raises(NotFound):
        room.reflect.ask(room.other, "0" * 32, NIGHT)
    assert len(room.journal.entries) == 1


def test_who_only_facilitates_a_group_is_shown_nothing_of_its_cases() -> None:
    """A facilitator may be a manager too, and writes: a role never widens what another role may read."""
    room = Room()
    group = room.people.add_group("North")
    room.people.join(group.id, room.other)
    room.people.join(group.id, room.member, facilitator=True)
    room.library.put_documents([a_case("their-own", scope=group.id)])
    assert room.reflect.document(room.other, "their-own").id == "their-own"
    with pytest.raises(NotFound):
        room.reflect.document(room.member, "their-own")
    room.people.join(group.id, room.member)
    assert room.reflect.document(room.member, "their-own").id == "their-own"


def test_the_writer_learns_what_was_asked_before() -> None:
    room = Room()
    entry = room.reflect.ask(room.member, None, NIGHT)
    room.reflect.ask(room.member, entry.conversation_id, NIGHT)
    brief = room.bank.briefs[-1]
    assert GOOD.questions[0].text in brief.asked and brief.turn_number == 2 and brief.earlier == (NIGHT,)


def test_what_got_a_signpost_is_not_handed_on_with_the_next_reflection() -> None:
    """A writer may be a language model: what was kept from it once stays kept, whoever heard it."""
    writer = FakeWriter(replace(GOOD, concern=ScreenKind.CRISIS), GOOD)
    room = Room(writer)
    first = room.reflect.ask(room.member, None, "I feel unsafe at night with his slides.")
    room.reflect.ask(room.member, first.conversation_id, "I have written a letter to them all.")
    room.reflect.ask(room.member, first.conversation_id, NIGHT)
    room.reflect.ask(room.member, first.conversation_id, NIGHT)
    again = (NIGHT,)  # the writer proposes its question a second time and is asked for another
    assert [brief.earlier for brief in writer.briefs] == [(), (), again, again]


def test_a_text_that_was_never_answered_is_not_handed_on() -> None:
    """Nothing has screened it."""
    room = Room()
    entry = room.journal.add_reflection(room.member, None, "A text that the screen never saw.")
    room.reflect.ask(room.member, entry.conversation_id, NIGHT)
    assert room.bank.briefs[-1].earlier == ()


def test_peers_are_named_by_what_they_met_and_never_by_name() -> None:
    room = Room()
    room.card(room.other)
    turn = room.reflect.ask(room.member, None, NIGHT).turn
    assert turn is not None and [peer.reason for peer in turn.peers] == [
        "Someone in operations who also rewrites at night"
    ]
    assert room.other not in turn.peers[0].ref and "Teo" not in turn.peers[0].reason


@pytest.mark.parametrize(
    ("chances", "says"),
    [
        ({"delegation.redoing-work": 0.02}, "who also rewrites at night"),  # the first is always looked at
        ({"other": 0.6, "delegation.redoing-work": 0.15}, "who also rewrites at night"),
        ({"other": 0.6, "delegation.redoing-work": 0.14}, "has met something near to this"),
        ({"a": 0.5, "b": 0.4, "c": 0.3, "delegation.redoing-work": 0.2}, "has met something near to this"),
        ({"other": 0.6}, "has met something near to this"),
    ],
)
def test_what_a_peer_met_is_said_only_where_it_is_likely_the_same(
    chances: dict[str, float], says: str
) -> None:
    room = Room()
    room.card(room.other)
    vectors = room.embedder.embed([NIGHT])
    hits = [SituationHit(key, key, chance) for key, chance in chances.items()]
    told = PeerService(room.people).near(room.member, hits, vectors)
    assert [str(peer.reason) for peer in told] == [f"Someone in operations {says}"]


def test_a_function_that_few_have_would_be_a_name_and_is_not_said() -> None:
    room, now = Room(), [0.0]
    room.card(room.other)
    service = PeerService(room.people, lambda: now[0])
    hit = [SituationHit("delegation.redoing-work", "", 0.9)]

    def said() -> str:
        return str(service.near(room.member, hit, room.embedder.embed([NIGHT]))[0].reason)

    assert said() == "Someone in operations who also rewrites at night"
    kofi = room.people.member_by_email("Kofi@example.org")
    assert kofi is not None
    room.people.set_active(kofi.id, active=False)
    now[0] = 61.0
    assert said() == "Someone in the programme who also rewrites at night"
    room.people.set_active(kofi.id, active=True)
    room.people.set_roles(kofi.id, [Role.FACILITATOR])
    now[0] = 122.0
    assert said() == "Someone in the programme who also rewrites at night"


def test_nobody_is_named_where_no_case_is_close() -> None:
    """The page says that nothing is near; peers beside that sentence would be guesses."""
    room = Room()
    room.card(room.other)
    room.library.withdraw(["the-night-slides"])
    turn = room.reflect.ask(room.member, None, NIGHT).turn
    assert turn is not None and turn.nothing_close and turn.situations and turn.peers == ()


def test_firewalls_hide_a_peer() -> None:
    """Own cards, avoid lists in both directions, the reporting line, closed accounts, other scopes."""
    room = Room()
    room.card(room.member, "own")
    room.card(room.other, "elsewhere", scope="some-other-group")
    room.card(room.other, "draft", approved=False)

    def peers() -> int:
        turn = room.reflect.ask(room.member, None, NIGHT).turn
        return len(turn.peers) if turn else -1

    assert peers() == 0
    room.card(room.other, "good")
    assert peers() == 1
    room.people.set_avoid(room.other, [room.member])
    assert peers() == 0
    room.people.set_avoid(room.other, [])
    room.people.set_avoid(room.member, [room.other])
    assert peers() == 0
    room.people.set_avoid(room.member, [])
    room.people.set_reports_to(room.other, room.member)
    assert peers() == 0
    room.people.set_reports_to(room.other, None)
    room.people.set_active(room.other, False)
    assert peers() == 0


def test_one_peer_for_each_person_and_at_most_three() -> None:
    room = Room()
    for number in range(5):
        owner = room.people.add_member(f"P{number}", f"p{number}@example.org", [Role.MANAGER], "sales").id
        room.card(owner, f"{number}a")
        room.card(owner, f"{number}b")
    turn = room.reflect.ask(room.member, None, NIGHT).turn
    assert turn is not None and len(turn.peers) == 3 and len({peer.ref for peer in turn.peers}) == 3


def test_the_same_card_has_another_ref_for_every_viewer() -> None:
    room = Room()
    room.card(room.other)
    third = room.people.add_member("Ines", "i@example.org", [Role.MANAGER]).id
    first, second = (room.reflect.ask(one, None, NIGHT).turn for one in (room.member, third))
    assert first is not None and second is not None and first.peers[0].ref != second.peers[0].ref


def test_considering_a_text_saves_nothing() -> None:
    room = Room()
    assert room.reflect.consider(NIGHT).mirror
    assert room.journal.entries == []
