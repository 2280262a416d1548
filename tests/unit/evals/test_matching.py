"""The family matching: its traps are real, and a service that falls into one of them is caught."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from coach.domain.model import Card, Group
from coach.ports import Matrix
from coach.services import peers
from evals.families import matching
from evals.families.matching import BARRED, OTHER
from evals.model import Output, Score
from evals.scorers.cohorts import Cohort
from tests.fakes import FakePeople
from tests.unit.evals.schemas import misfits

ROOT = Path(__file__).parents[3]
SAMPLES = matching.samples()
SOME = SAMPLES[12:36:2]


def red(found: dict[str, Score]) -> set[str]:
    return {name for name in (*BARRED, *OTHER) if found[name].value}


def judged(people: Any, samples: Any = SOME) -> dict[str, set[str]]:
    """What fails where, over cohorts filled into this kind of store."""
    result = {}
    for sample in samples:
        store = people()
        value = matching.ask(store, sample.input, matching.fill(store, sample.input))
        result[sample.id] = red(dict(matching.score(sample, Output(value))))
    return result


def fabricated(
    sample: Any, place: int, reasons: list[str], again: list[str] | None = None
) -> dict[str, Score]:
    """The score when one reflection of a cohort got these hints, and nobody else any."""
    told = [{"reasons": [], "again": []} for _ in sample.input["asked"]]
    told[place] = {"reasons": reasons, "again": reasons if again is None else again}
    return dict(matching.score(sample, Output({"asked": told, "traceable": []})))


def a_trap(name: str, sample: Any) -> tuple[int, str] | None:
    """A reflection and the hint of a near card that may not be shown for this one reason."""
    cohort = Cohort.of(sample.input)
    for place, asked in enumerate(sample.input["asked"]):
        for key, card in cohort.cards.items():
            if (
                cohort.wrongs(asked["member"], key) == [name]
                and cohort.same(asked, key)
                and cohort.worth(asked, key)
            ):
                return place, card["hint"]
    return None


# -- the data ---------------------------------------------------------------------------------------------


def test_every_cohort_is_of_the_agreed_form() -> None:
    """The schema beside the data says what a line may hold."""
    assert misfits("matching") == []


def test_the_file_is_what_its_script_makes() -> None:
    """Nobody edits one of the two alone."""
    spec = importlib.util.spec_from_file_location("made", ROOT / "scripts" / "make_matching_cases.py")
    assert spec and spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert made.lines() == matching.DATA.read_text(encoding="utf-8")


def test_sixty_cohorts_from_six_to_forty() -> None:
    """Every reflection comes from somebody who is there, and no two cards of a cohort have one hint."""
    sizes = [sample.input["size"] for sample in SAMPLES]
    assert len(sizes) == 60 and (min(sizes), max(sizes)) == (6, 40)
    for sample in SAMPLES:
        cohort = Cohort.of(sample.input)
        assert len(cohort.members) == sample.input["size"]
        assert len({card["hint"] for card in cohort.cards.values()}) == len(cohort.cards)
        assert all(cohort.members[one["member"]]["active"] for one in sample.input["asked"])


@pytest.mark.parametrize("name", BARRED)
def test_each_trap_lies_near_enough_to_be_fallen_into(name: str) -> None:
    """In a third of the cohorts at least: barred for this one reason, and near."""
    assert sum(a_trap(name, sample) is not None for sample in SAMPLES) >= 20


# -- a sound service --------------------------------------------------------------------------------------


def test_the_product_falls_into_no_trap_and_leaves_nothing_lying() -> None:
    """Over a real store."""
    sample = SAMPLES[20]
    output = matching.solve(None, sample, 1)  # type: ignore[arg-type] # the family asks no system
    found = dict(matching.score(sample, output))
    assert red(found) == set() and set(found) == {metric.name for metric in matching.task().metrics}
    assert found["optimality"].value == pytest.approx(1.0) and found["met"].value > 0
    json.dumps(output.value)


def test_a_made_store_gives_what_a_real_one_gives() -> None:
    """So the sabotage below speaks for both."""
    assert all(not wrong for wrong in judged(FakePeople).values())


# -- sabotage ---------------------------------------------------------------------------------------------


class NoLine(FakePeople):
    def reporting_line(self, member_id: str) -> frozenset[str]:
        return frozenset()


class NearLine(FakePeople):
    """Knows the boss and nobody above."""

    def reporting_line(self, member_id: str) -> frozenset[str]:
        below = {one for one, boss in self.bosses.items() if boss == member_id}
        return frozenset(below | {self.bosses.get(member_id) or ""})


class NoAvoid(FakePeople):
    def avoid(self, member_id: str) -> frozenset[str]:
        return frozenset()


class AllScopes(FakePeople):
    def cards(self, scopes: Any) -> list[tuple[Card, Matrix]]:
        return [pair for pair in self.card_rows if pair[0].approved]

    def groups_of(self, member_id: str) -> list[Group]:
        return []


class Unapproved(FakePeople):
    def cards(self, scopes: Any) -> list[tuple[Card, Matrix]]:
        return [pair for pair in self.card_rows if pair[0].scope in scopes]


class Everybody(FakePeople):
    def set_active(self, member_id: str, active: bool) -> None:
        """Nobody ever leaves."""


@pytest.mark.parametrize(
    ("people", "wanted"),
    [
        (NoLine, "reporting_line"),
        (NearLine, "reporting_line"),
        (NoAvoid, "avoid_list"),
        (AllScopes, "scope"),
        (Unapproved, "unapproved"),
        (Everybody, "inactive"),
    ],
)
def test_a_firewall_that_is_down_is_seen(people: type[FakePeople], wanted: str) -> None:
    """Each store lacks one rule, and just that metric goes red."""
    found = judged(people)
    assert set().union(*found.values()) == {wanted}
    assert sum(bool(wrong) for wrong in found.values()) >= 2


@pytest.mark.parametrize(
    ("constant", "value", "wanted"), [("MOST", 9, "crowded"), ("NEAR", -1.0, "stretched")]
)
def test_a_service_that_shows_too_much_is_seen(
    monkeypatch: pytest.MonkeyPatch, constant: str, value: float, wanted: str
) -> None:
    """Too many peers, or peers who are not near."""
    monkeypatch.setattr(peers, constant, value)
    assert wanted in set().union(*judged(FakePeople).values())


def test_a_service_that_shows_too_little_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """One hint where three could have been: nothing is broken, and the ratio falls."""
    monkeypatch.setattr(peers, "MOST", 1)
    sample, store = SAMPLES[40], FakePeople()
    value = matching.ask(store, sample.input, matching.fill(store, sample.input))  # type: ignore[arg-type] # as much of People as is asked
    found = dict(matching.score(sample, Output(value)))
    assert red(found) == set() and found["optimality"].value < 0.8 and found["worst_off"].value < 0.8


def test_the_same_ref_for_two_viewers_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two members could compare notes."""
    monkeypatch.setattr(peers, "ref_of", lambda member_id, card: card.id)
    assert all(wrong == {"traceable"} for wrong in judged(FakePeople, [SAMPLES[30], SAMPLES[50]]).values())


def test_a_peer_shown_by_what_they_met_where_it_is_merely_near_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """ "Who also ..." promises the same; a card near by its words alone is about something else."""
    said = peers._reason
    monkeypatch.setattr(peers, "_reason", lambda function, card, same: said(function, card))
    assert set().union(*judged(FakePeople).values()) == {"stretched"}


def test_an_id_in_a_ref_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ref that ends in its owner is no secret."""
    monkeypatch.setattr(peers, "ref_of", lambda member_id, card: f"{card.id}{member_id[:8]}{card.owner_id}")
    assert all(wrong == {"traceable"} for wrong in judged(FakePeople, [SAMPLES[30], SAMPLES[50]]).values())


def test_an_order_that_hangs_on_the_store_is_seen() -> None:
    """Whoever comes first in a table must not be met more often."""
    found = fabricated(
        SAMPLES[30], 0, ["Someone in sales who said a", "b"], ["b", "Someone in sales who said a"]
    )
    assert "order" in red(found)


@pytest.mark.parametrize("name", BARRED)
def test_a_hint_to_somebody_barred_is_seen(name: str) -> None:
    """And nothing else about it is wrong."""
    sample = next(one for one in SAMPLES if a_trap(name, one))
    place, hint = a_trap(name, sample) or (0, "")
    assert red(fabricated(sample, place, [f"Someone in the programme {hint}"])) == {name}


def test_a_name_in_a_reason_is_seen() -> None:
    """A surname alone is a name, in any form of upper case."""
    sample = SAMPLES[30]
    surname = sample.input["members"][3]["name"].split()[1].upper()
    hint = sample.input["cards"][0]["hint"]
    assert "named" in red(fabricated(sample, 0, [f"{surname} {hint}"]))


def test_a_peer_shown_twice_is_seen() -> None:
    """Two cards of one person are one peer."""
    sample = next(
        one for one in SAMPLES if len({c["owner"] for c in one.input["cards"]}) < len(one.input["cards"])
    )
    owners = [card["owner"] for card in sample.input["cards"]]
    twice = next(owner for owner in owners if owners.count(owner) > 1)
    hints = [card["hint"] for card in sample.input["cards"] if card["owner"] == twice]
    assert "crowded" in red(fabricated(sample, 0, hints))


def test_a_reason_that_no_card_gave_is_seen() -> None:
    """Nobody can say whose it is."""
    assert red(fabricated(SAMPLES[30], 0, ["Somebody whom nobody knows"])) == {"crowded"}


def test_who_met_somebody_is_counted() -> None:
    sample = SAMPLES[30]
    met = fabricated(sample, 0, [sample.input["cards"][0]["hint"]])["met"].value
    assert met == pytest.approx(1 / len(sample.input["asked"]))


def test_the_best_set_is_found_by_trying() -> None:
    """Of four peers at known distances the best three are worth what they are worth together."""
    member = {"name": "A B", "function": "", "active": True, "reports_to": None, "avoids": []}
    members = [{**member, "id": f"p{n}"} for n in range(5)]
    sides = ([10, 0], [8, 6], [6, 8], [0, 10])  # cosines 1, .8, .6 and 0 with the reflection
    cards = [
        {"id": f"c{n}", "owner": f"p{n + 1}", "hint": "h", "situations": ["t"], "scope": "programme",
         "approved": True, "vector": side} for n, side in enumerate(sides)
    ]  # fmt: skip
    asked = {"member": "p0", "situations": ["t"], "vectors": [[1, 0]]}
    cohort = Cohort.of({"members": members, "groups": [], "cards": cards})
    assert cohort.best(asked) == pytest.approx(1 + 0.8 + 0.6 + 3 * 0.2)
    assert cohort.best({**asked, "situations": []}) == 0


def test_repeats_are_counted_for_each_member_apart() -> None:
    """A peer who is shown to two members was not shown twice."""
    assert matching._repeats([("a", ["x", "y"]), ("b", ["x"]), ("a", ["x", "z"])]) == pytest.approx(1 / 5)
