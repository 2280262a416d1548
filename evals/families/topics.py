"""Topics: does a group see what enough of its members write about, and nothing that points at one of them?

Each case is an invented group whose members wrote labelled reflections. The product's own service reads them
and proposes themes; every member who consents then says yes to those proposals that their own label confirms,
for people know what they wrote about, and to no other. The rule works out the topics: for a first period, in
many small disturbances of it, and for a second one where the case has one. All of it is done twice, once
with what the product read and once with the main labels in its place, so that the rule meets its thresholds
exactly however well texts are read. Whether the rule held is worked out again here.

Agreement does not hear what labels are called: whether an author was offered the right theme, and whether a
stranger was left alone, is shown beside it. A group to which coverage does not apply, because no topic has
enough authors, counts as covered: the mean is over all groups, and the margin is five points of the share of
them that it concerns.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from coach.domain.text import accept
from coach.domain.topics import Offer, Period, without
from coach.services.topics import TopicService
from evals.model import Guard, Json, Metric, Mode, Output, Sample, Score, System, Task
from evals.scorers.partitions import adjusted_mutual_information

DATA = Path(__file__).parent.parent / "data" / "topics.jsonl"
CONCERNED = 27 / 40  # groups in which some topic has enough authors
READERS = ("product", "labels")  # who found the themes that were offered
CANARY = "My own word for all this is {word}."
NEWCOMER = "newcomer"  # of a disturbance: offers everything that anybody could

Take = Callable[[Period | None, Sequence[Offer], int], Period]
Themes = Mapping[str, Sequence[Sequence[str]]]  # of each member's texts


def task() -> Task:
    """The family as a task."""
    return Task(
        name="topics",
        modes=frozenset({Mode.EMBEDDED}),  # no model takes part in it
        metrics=(
            Metric("ami", Guard.PRIMARY, 0.05),
            Metric("coverage", Guard.PART, 0.05 * CONCERNED),
            Metric("k_violations", Guard.ZERO, higher_is_better=False),
            Metric("counted", Guard.ZERO, higher_is_better=False),
            Metric("canary", Guard.ZERO, higher_is_better=False),
            Metric("stable", Guard.ZERO),
            Metric("offered", Guard.SHOWN),
            Metric("quiet", Guard.SHOWN),
        ),
        dataset=DATA.name,
        samples=samples,
        solve=solve,
        score=score,
        prompted=False,
    )


def samples(file: Path = DATA) -> list[Sample]:
    """The groups; the file holds texts, and groups that name them."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    texts = {row["id"]: row for row in rows if row["row"] == "text"}
    return [_sample(row, texts) for row in rows if row["row"] == "group"]


def _sample(row: Json, texts: Mapping[str, Json]) -> Sample:
    def whole(member: Json) -> dict[str, Any]:
        written = [
            {"labels": texts[key]["situations"], "text": texts[key]["text"]} for key in member["texts"]
        ]
        if member["id"] in row["canaries"]:
            written[0]["text"] += " " + CANARY.format(word=row["canaries"][member["id"]])
        return {**member, "texts": written}

    later = {**row["later"], "joined": [whole(one) for one in row["later"]["joined"]]}
    size = len(row["members"])
    return Sample(
        id=row["id"],
        cluster=row["cluster"],
        input={"members": [whole(one) for one in row["members"]], "later": later},
        target={"canaries": list(row["canaries"].values())},
        slices={"kind": row["kind"], "size": "3-4" if size < 5 else "5-9" if size < 10 else "10-24"},
    )


def solve(system: System, sample: Sample, epoch: int) -> Output:
    """Read every text, let the members answer, and follow the group."""
    del epoch  # nothing is left to chance
    coach, row = system.coach, sample.input
    topics = TopicService(coach.parts.embedder, coach.parts.screener, coach.retriever)
    everybody = [*row["members"], *row["later"]["joined"]]
    near = {one["id"]: [list(topics.near(accept(t["text"]))) for t in one["texts"]] for one in everybody}
    labelled = {one["id"]: [t["labels"][:1] for t in one["texts"]] for one in everybody}
    told = {
        name: follow(topics.next_period, row, themes)
        for name, themes in zip(READERS, (near, labelled), strict=True)
    }
    value = {"near": near, "vocabulary": [one.id for one in coach.parts.library.situations()], **told}
    return Output(value, "\n".join(told["product"]["shown"]) or "(nothing)")


def follow(take: Take, row: Json, themes: Themes) -> dict[str, Any]:
    """What a group sees in its first period, after each small disturbance, and in its second.

    Args:
        take: the rule: the period before, the offers, the number of active members.
        row: the input of a case.
        themes: what was found in each text of each member.
    """
    members, later = row["members"], row["later"]
    offers = _offers(members, themes)
    first = take(None, offers, len(members))
    turned = take(None, offers[::-1], len(members))
    shaken = [
        [what, active, _shown(take(before, some, active))]
        for what, before, some, active in _disturbed(first, offers, members)
    ]
    then = [
        {**one, "consents": one["consents"] and one["id"] not in later["withdrawn"]}
        for one in (*members, *later["joined"])
        if one["id"] not in later["left"]
    ]
    second = _offers(then, themes)
    return {
        "offers": [[one.member_id, one.situation_id, one.consented] for one in offers],
        "shown": _shown(first),
        "countable": list(first.countable.situations),
        "turned": _shown(turned),
        "shaken": shaken,
        "then": [[one.member_id, one.situation_id, one.consented] for one in second],
        "active": len(then),
        "second": _shown(take(first, second, len(then))),
    }


def score(sample: Sample, output: Output) -> Mapping[str, Score]:
    """Every figure; of the rule's, the worse of both readers."""
    told, members = output.value, sample.input["members"]
    wrongs: dict[str, list[str]] = {name: [] for name in ("k_violations", "counted", "canary", "unstable")}
    for reader in READERS:
        for name, some in _wrongs(sample, told[reader], told["vocabulary"]).items():
            wrongs[name] += [f"{reader}: {one}" for one in some]
    planted = [text["labels"][:1] for one in members for text in one["texts"]]
    near = [found for one in members for found in told["near"][one["id"]]]
    both = list(zip(planted, near, strict=True))
    offered = [label[0] in found for label, found in both if label]
    quiet = [not found for label, found in both if not label]
    agreement = adjusted_mutual_information(
        [tuple(label) for label in planted], [tuple(found[:1]) for found in near]
    )
    k = _k(len(members))
    due = {one for one, some in _authors(told["labels"]["offers"], members).items() if k and len(some) >= k}
    missing = sorted(due - set(told["product"]["shown"]))
    return {
        "ami": Score(agreement),
        "coverage": Score(1 - len(missing) / len(due) if due else 1.0, ", ".join(missing)),
        **{name: _score(wrongs[name]) for name in ("k_violations", "counted", "canary")},
        "stable": Score(float(not wrongs["unstable"]), "; ".join(wrongs["unstable"][:5])),
        "offered": _share(offered),
        "quiet": _share(quiet),
    }


def _offers(members: Sequence[Json], themes: Themes) -> list[Offer]:
    """Every proposal, with a yes where its author consents and the label says that it is so."""
    return [
        Offer(one["id"], theme, bool(one["consents"] and theme in text["labels"]))
        for one in members
        for text, found in zip(one["texts"], themes[one["id"]], strict=True)
        for theme in found
    ]


def _disturbed(
    first: Period, offers: Sequence[Offer], members: Sequence[Json]
) -> Iterator[tuple[str, Period, list[Offer], int]]:
    """All that one person can do, and two who delete: fewer than the three whom it takes."""
    active, ids = len(members), [one["id"] for one in members]
    for place, one in enumerate(ids):
        others = [offer for offer in offers if offer.member_id != one]
        yield f"{one} leaves", first, others, active - 1
        yield f"{one} deletes", first, others, active
        yield f"{one} is erased", without(first, one), others, active - 1
        two = {one, ids[place - 1]}
        both = [offer for offer in offers if offer.member_id not in two]
        yield f"{' and '.join(sorted(two))} delete", first, both, active
    if _k(active) is None:
        return  # nothing was shown yet, so what a fifth member brings to light changes no view
    everything = [Offer(NEWCOMER, one, True) for one in sorted({offer.situation_id for offer in offers})]
    yield "somebody joins", first, [*offers, *everything], active + 1


def _shown(period: Period) -> list[str]:
    return list(period.snapshot.situations)


# -- the rule once more, from the case ----------------------------------------------------------------------


def _k(active: int) -> int | None:
    return None if active < 5 else 3 if active < 10 else 5


def _authors(offers: Sequence[Sequence[Any]], members: Sequence[Json]) -> dict[str, set[str]]:
    """Who offers a theme; whoever never consents offers nothing, whatever the offer says."""
    willing = {one["id"] for one in members if one["consents"]}
    found: dict[str, set[str]] = defaultdict(set)
    for member, situation, consented in offers:
        if consented and member in willing:
            found[situation].add(member)
    return found


def _wrongs(sample: Sample, told: Json, vocabulary: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """What is wrong with one reader's periods, by kind."""
    members, later = sample.input["members"], sample.input["later"]
    authors = _authors(told["offers"], members)
    then = _authors(told["then"], [*members, *later["joined"]])
    k, shown = _k(len(members)) or 10**9, told["shown"]
    crowded = [one for one in shown if len(authors.get(one, ())) < k]
    counted = [
        one
        for one in told["countable"]
        if one not in shown or len(members) - len(authors.get(one, ())) < k or one in crowded
    ]
    wanted, moves = _second(told, authors, then)
    if moves:
        crowded += [f"{one}, later" for one in told["second"] if one not in wanted]
    outlets = [shown, told["countable"], told["turned"], told["second"], *(one[2] for one in told["shaken"])]
    return {
        "k_violations": crowded,
        "counted": counted,
        "canary": _words(outlets, sample.target["canaries"], vocabulary),
        "unstable": [
            *_unstable(told, vocabulary),
            *([] if set(told["second"]) == wanted else [f"the second period shows {told['second']}"]),
        ],
    }


def _second(
    told: Json, before: Mapping[str, set[str]], then: Mapping[str, set[str]]
) -> tuple[set[str], bool]:
    """What the second period must show, and whether it may differ from the first."""
    changed = {member for one in {*before, *then} for member in before.get(one, set()) ^ then.get(one, set())}
    k = _k(told["active"])
    if k is None:
        return set(), True
    if len(changed) < 3:
        return set(told["shown"]), False
    return {one for one, some in then.items() if len(some) >= k}, True


def _unstable(told: Json, vocabulary: Sequence[str]) -> list[str]:
    """A snapshot that moved though fewer than three did, or whose order says something."""
    shown = told["shown"]
    found = [what for what, active, now in told["shaken"] if now != (shown if active >= 5 else [])]
    if told["turned"] != shown or [one for one in vocabulary if one in shown] != shown:
        found.append(f"the order is {shown}, and {told['turned']} when offers come in another one")
    return found


def _words(outlets: Sequence[Sequence[str]], canaries: Sequence[str], vocabulary: Sequence[str]) -> list[str]:
    """Whatever is not of the vocabulary may be somebody's; a canary is."""
    told = json.dumps(outlets).casefold()
    found = [one for one in canaries if one.casefold() in told]
    return found + sorted({one for some in outlets for one in some if one not in vocabulary})


def _share(passed: Sequence[bool]) -> Score:
    return Score(sum(passed) / len(passed) if passed else 1.0)


def _score(wrongs: Sequence[str]) -> Score:
    return Score(float(bool(wrongs)), "; ".join(wrongs[:5]))
