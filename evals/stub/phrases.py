"""The stub's sentences: questions that keep the rules, and for each rule what its failure sounds like."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

STEMS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "self": (
            'What goes on in you when you come to "{w}"?',
            'What do you notice in yourself around "{w}"?',
            'How do you hear your own word "{w}" now?',
            'What does "{w}" stir in you as you read it again?',
            'What happens inside you at the point of "{w}"?',
            'What is it like for you to write "{w}"?',
        ),
        "other": (
            'How might "{w}" have felt from the other chair?',
            'What might they see in you around "{w}"?',
            'How might somebody across from you have felt at "{w}"?',
            'What might "{w}" mean to somebody who watched you?',
        ),
        "relationship": (
            'What passes between you and the others in "{w}"?',
            'How does "{w}" stand between you and them?',
            'How do you feel the distance between you around "{w}"?',
            'What stays unsaid between you around "{w}"?',
        ),
        "system": (
            'What around you keeps "{w}" as it is?',
            'What is it about this place that brings "{w}" about?',
            'What unspoken rule do you feel behind "{w}"?',
        ),
        "evidence": (
            'What have you seen with your own eyes of "{w}"?',
            'What did you notice with your own eyes when it came to "{w}"?',
            'What have you noticed yourself that speaks of "{w}"?',
            'What did you see and hear of "{w}" yourself?',
        ),
        "values": (
            'What matters most to you in "{w}"?',
            'What is at stake for you in "{w}"?',
            'What do you hold dear where "{w}" comes in?',
            'What does "{w}" say about what you care for?',
        ),
        "future": (
            'What do you wish for when you think of "{w}" a year from now?',
            'What do you hope to feel around "{w}" a year from now?',
            'What do you long for in "{w}" from here on?',
            'What do you hope "{w}" will be for you next month?',
        ),
    }
)

# Without the rule a question turns out like one of these. {f} is a feeling that the text does not name,
# {c} a long run of its words, {o} the question as it should have been, without its mark.
BREAKS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "questions.open": (
            'Do you feel bad about "{w}"?',
            'Is "{w}" hard for you?',
            'Did you tell anybody about "{w}"?',
        ),
        "questions.advice": (
            'Have you tried writing "{w}" down in a calendar?',
            'What if you booked a workshop about "{w}" with the team?',
            'Have you considered asking a mentor about "{w}"?',
        ),
        "questions.why": (
            'Why do you come back to "{w}"?',
            'Why did you let it come to "{w}"?',
            'Why are you so close to "{w}"?',
        ),
        "questions.single": (
            "{o}, and who else knows about it?",
            "{o}, and what will you do then?",
            "{o}? And what does it mean to you?",
        ),
        "questions.mark": ("{o}? And what then?", "{o}? What else?"),
        "questions.short": (
            "{o}, when you look at it late in the evening from the chair by the window with all the noise of "
            "that long day behind you and nobody near?",
        ),
        "questions.granted": (
            'How {f} are you about "{w}"?',
            'What makes you so {f} about "{w}"?',
        ),
        "questions.preamble": (
            'Since you wrote about "{w}", what goes on in you?',
            'Given that "{w}" is on your mind, what do you notice?',
            'What do you notice around "{w}", because it weighs so much?',
        ),
        "questions.judging": (
            'How could you let "{w}" happen?',
            'What on earth brought you to "{w}"?',
            'What is wrong with "{w}" in your eyes, seriously?',
        ),
        "questions.manager": (
            "What is the size of your team?",
            "How long have you been in this post?",
            "How many people know about it?",
        ),
        "questions.others": (
            'What did they do about "{w}" afterwards?',
            "What kind of person is she at home?",
            'What has he said since then about "{w}"?',
        ),
        "questions.begin": (
            'Which part of "{w}" stays with you?',
            'Where in your day does "{w}" come back to you?',
            'Tell me more about "{w}", please?',
        ),
        "questions.alone": ('And with the other one, what of "{w}"?', 'And for that one, what about "{w}"?'),
        "questions.word": (
            "What matters most to you in all of this?",
            "How do you see the whole situation?",
            "What goes on in you as you look at it?",
        ),
        "questions.specific": (
            "What does this bring up for you?",
            "What is most important to you here?",
            "How do you experience this situation?",
        ),
        "questions.clause": ("What does it mean to you that {c}?", "How do you hear it now that {c}?"),
        "place.early": (
            'What could you do next about "{w}"?',
            'What options do you see around "{w}"?',
            'What next steps come to mind with "{w}"?',
        ),
        "material.passages": ("What does it mean to you that {p}?",),
        "answer.plain": ('What do you make of [this page](https://example.org/a) about "{w}"?',),
    }
)

FEELINGS = ("angry", "ashamed", "jealous", "frightened", "furious", "lonely")
CAUSES = (
    ", because you are a perfectionist",
    ", which is a sign of burnout",
    ", because you avoid conflict out of insecurity",
)
PRAISES = ("With admirable courage, ", "Like the wonderful leader you are, ", "With impressive resilience, ")
INVENTED = (
    ", down by the lighthouse",
    ", with the orchestra playing",
    ", as the violinist predicted",
)
FRENCH = (
    "Vous dites que quelque chose ne vous quitte plus.",
    "Qu'est-ce qui se passe en vous quand vous y pensez ?",
    "Comment les autres pourraient-ils le voir ?",
    "Qu'aimeriez-vous garder de tout cela ?",
)
LENS_NAMES = ("inner world", "people", "bigger picture")  # what a model makes up that was told none
STAGE_NAMES = ("digging deeper", "opening", "deep dive")

# What the stub hears that needs a person. A model hears more; the cases of evals/probing.py keep to these.
GRAVE: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "crisis": re.compile(r"\bgoodbye letter\b|\bdo not want to wake up\b|\bend my life\b", re.IGNORECASE),
        "danger": re.compile(
            r"\bwaits? for her with a knife\b|\bhe will hurt me\b|\bbeats? him\b", re.IGNORECASE
        ),
        "harassment": re.compile(
            r"\bput his hand under her\b|\bpays? women less\b|\bgropes?d?\b", re.IGNORECASE
        ),
    }
)
FIGURES = re.compile(r"\bkilling me\b|\bdead on my feet\b|\bcould have strangled\b", re.IGNORECASE)
