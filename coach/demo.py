"""A throw-away programme to look around in: invented managers, one group, approved cards."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from coach.bootstrap import Coach
from coach.domain.model import PROGRAMME, Card, Role

# Nobody of these exists. Functions differ in the group, as they do in a good one.
_PEOPLE = (
    ("Maren Holt", "maren@demo.invalid", "customer service", (Role.MANAGER,)),
    ("Teo Adeyemi", "teo@demo.invalid", "operations", (Role.MANAGER,)),
    ("Ines Duarte", "ines@demo.invalid", "nursing", (Role.MANAGER,)),
    ("Samir Kovac", "samir@demo.invalid", "software", (Role.MANAGER,)),
    ("Linh Tran", "linh@demo.invalid", "logistics", (Role.MANAGER,)),
    ("Aoife Brandt", "aoife@demo.invalid", "finance", (Role.MANAGER,)),
    ("Paulina Reyes", "paulina@demo.invalid", "", (Role.FACILITATOR,)),
    ("Noor van Dam", "noor@demo.invalid", "", (Role.EVALUATOR,)),
)
# Others of the programme, who write nothing: a function is named beside a peer only where several have it.
_OTHERS = (
    ("operations", ("Edda Lind", "Kofi Mensah")),
    ("nursing", ("Rosa Pinto", "Jun Arai")),
    ("software", ("Hanna Weiss", "Omar Said")),
    ("logistics", ("Piet Janssen", "Ana Lupu")),
    ("finance", ("Ida Sorensen", "Luc Meunier")),
)
_SHOWN = {
    "manager": "maren@demo.invalid",
    "facilitator": "paulina@demo.invalid",
    "evaluator": "noor@demo.invalid",
}

# owner, the two lines, how a turn names them, situations
_CARDS = (
    (
        "teo@demo.invalid",
        "My old shift became my team. Nobody told me which jokes I was still part of.",
        "who also took over a former team",
        ("former-peers.leading-former-peers", "becoming-a-manager.first-months"),
    ),
    (
        "ines@demo.invalid",
        "I kept taking the night calls myself. It took a holiday to notice nobody else knew how.",
        "who also found it hard to let go of the work",
        ("delegation.only-i-can-do-it", "delegation.redoing-work", "workload.own-overload"),
    ),
    (
        "samir@demo.invalid",
        "I put off one talk for four months. The whole team had it with each other instead.",
        "who also carried a conversation around for months",
        ("feedback.postponed-conversation", "underperformance.slow-decline"),
    ),
    (
        "linh@demo.invalid",
        "Two of my best people stopped speaking. I became the post office between them.",
        "who also stood between two people",
        ("conflict.two-reports-at-odds", "conflict.asked-to-take-sides"),
    ),
    (
        "aoife@demo.invalid",
        "I had to announce a decision I had argued against. My face gave me away.",
        "who also had to carry a decision from above",
        (
            "change.carrying-a-decision-i-doubt",
            "managing-up.disagreeing-with-the-boss",
            "change.cutting-jobs",
        ),
    ),
    (
        "teo@demo.invalid",
        "In the Monday round everybody nods. The real meeting is in the car park afterwards.",
        "who also runs meetings in which nobody speaks",
        ("trust.nobody-speaks-up", "decisions.meetings-without-outcome"),
    ),
    (
        "linh@demo.invalid",
        "The messages come at eleven at night, and I answer them. I taught them that I do.",
        "who also could not switch off",
        ("workload.always-reachable", "workload.own-overload", "workload.team-stretched-too-thin"),
    ),
    (
        "ines@demo.invalid",
        "She was the best we had, and then she only did what was asked. I saw it late.",
        "who also watched a good colleague withdraw",
        ("motivation.quiet-withdrawal", "motivation.unseen-work"),
    ),
)


@dataclass(frozen=True, slots=True)
class DemoLink:
    """A one-time link into the demo programme."""

    role: str
    token: str


def fill(coach: Coach) -> tuple[DemoLink, ...]:
    """Fill an empty store and hand out one link for each role.

    Args:
        coach: over a store that nobody uses for anything else.

    Returns:
        Links for a manager, a facilitator and an evaluator, each good once.
    """
    people = coach.parts.people
    ids = {
        email: coach.accounts.invite(name, email, roles, function).id
        for name, email, function, roles in _PEOPLE
    }
    for function, names in _OTHERS:
        for name in names:
            coach.accounts.invite(name, f"{name.split()[0].lower()}@demo.invalid", (Role.MANAGER,), function)
    group = coach.groups.add("North", "Managers in their first years, five functions, one evening a month.")
    for name, email, function, roles in _PEOPLE:
        del name, function
        if Role.EVALUATOR not in roles:
            coach.groups.join(group.id, ids[email], facilitator=Role.FACILITATOR in roles)
    # A reporting line and an avoid list, so that the firewalls can be seen at work.
    people.set_reports_to(ids["aoife@demo.invalid"], ids["maren@demo.invalid"])
    for owner, lines, hint, situations in _CARDS:
        card = Card(uuid.uuid4().hex, ids[owner], lines, situations, PROGRAMME, approved=True, hint=hint)
        people.put_card(card, coach.parts.embedder.embed([lines])[0])
    return links(coach)


def links(coach: Coach) -> tuple[DemoLink, ...]:
    """Fresh one-time links into a filled demo programme."""
    found = []
    for role, email in _SHOWN.items():
        member = coach.parts.people.member_by_email(email)
        if member is not None:
            found.append(DemoLink(role, coach.accounts.sign_in_link(member.id, hours=24)))
    return tuple(found)
