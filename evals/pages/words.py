"""The sentences of these pages. Their English is the key to the application's catalogue (`said.pages`)."""

from __future__ import annotations

from collections.abc import Mapping

from coach.errors import Sentence

# A pair is a sentence with a {count}, and its form for one.
WORDS: Mapping[str, str | tuple[str, str]] = {
    # the result of a run
    "differ_calm": (
        "{count} texts differ, none is judged worse.",
        "One text differs, and it is not judged worse.",
    ),
    "differ_few": "texts differ, and none of them is judged worse",
    "fell": (
        "{count} cases are judged worse. Please look at them before you propose it.",
        "One case is judged worse. Please look at it before you propose it.",
    ),
    "read_them": ("Read all {count}", "Read the one text"),
    "first_texts": (
        "The first {count} of those that are judged the same",
        "The first of those that are judged the same",
    ),
    "read_below": "Read what differs",
    "task": "What was looked at",
    "texts_differ": "Texts that differ",
    "cases_worse": "Cases judged worse",
    "outcome": "Result",
    "same_title": "Where nothing changed",
    "same_text": "No text differs and no figure that counts has moved.",
    "same_line": ("{count} cases, no change", "One case, no change"),
    "scrolls": "This table is wider than the screen: push it sideways.",
    "texts_of": "Texts that differ: {task}",
    "pages": "Pages",
    "page_of": "Page {page:d} of {pages:d}",
    "earlier_page": "Earlier ones",
    "later_page": "More of them",
    "to_result": "To the result",
    "guide": "How to read this page",
    "guide_figure": (
        "A figure is the share of cases that pass, from 0 to 1, where nothing else is said. "
        "One that “decides” or “counts” can stop a version; one “for information” cannot."
    ),
    "guide_not_worse": (
        "“Not worse” means: it did not lose more than is allowed. Smaller losses may be there."
    ),
    "guide_must": "A case that “may never break” is one that any sensible version passes.",
    "guide_interval": "The small figures are the range in which the true value lies, 95 times of 100.",
    "not_worse": "not worse",
    "times": "× {ratio:.3f}",
    "tried_calm": (
        "Tried: nothing judged worse in {count} cases",
        "Tried: nothing judged worse in one case",
    ),
    "tried_worse": ("Tried: {count} cases judged worse", "Tried: one case judged worse"),
    # questions of the bank that nobody would be asked
    "rejected_title": (
        "{count} new questions that would not be asked",
        "A new question that would not be asked",
    ),
    "never_asked": "This question would never be asked. It fails: {criteria}.",
    "seldom_asked": (
        "This question would be asked only after a text whose own words carry it. It fails: {criteria}."
    ),
    "rejected_text": (
        "The bank holds each question against the criteria before it asks it. A criterion can be wrong, so "
        "such a question may be kept. But a run that passes says nothing about what nobody is asked."
    ),
    "keep_anyway": "Keep it all the same",
    "more_questions": ("And {count} more such questions.", "And one more such question."),
    "unasked": (
        "{count} new questions were never asked in these cases. This run says nothing about them.",
        "One new question was never asked in these cases. This run says nothing about it.",
    ),
    "which": "Which they are",
    # why a run proves nothing any more
    "changed_program": "The program or its corpus has changed.",
    "changed_cases": "These tasks have other cases now: {names}.",
    "changed_scorers": "These tasks have other scorers now: {names}.",
    "gone_prompts": "The texts that were judged are gone from the folder of the run.",
    "changed_model": "Another language model is connected.",
    # how the gate's own sentences are said here
    "only_tried": "It was tried on some of the cases. To be proposed it has to pass on all of them.",
    "none_lost": "No figure that counts lost more than is allowed.",
    "guards_nothing": (
        "These cases should never break, but the version before fails them already, so they show nothing: "
        "{cases}."
    ),
    "must_broke": "Cases that may never break did break: {cases}.",
    "must_failed": "Cases that may never break failed once, which proves nothing yet: {cases}.",
    # the list of prompts
    "by_model": "a language model, when one is connected",
    "by_bank": "the bank of questions, each time it answers",
    "by_whys": "the bank of questions, when somebody asks “why this question?”",
    "by_screen": (
        "the screen, which looks at each text first. Whoever it hears gets this text and no question"
    ),
    "all_that_run": "all tasks that run with the bank: {names}",
    "fingerprint": (
        "A fingerprint stands for the exact words: it changes when anything changes that a reader or a model "
        "can see. Runs name it, so one can tell which words were judged."
    ),
    "status": "the file calls itself “{status}”",
    "status_text": (
        "What a file calls itself, such as “active”, is a note of its author. What members meet is decided "
        "on this page alone."
    ),
    "situations": (
        "The questions that belong to a situation are not here, and members meet those most. They stand in "
        "{folder}, and {command} loads a change."
    ),
    # a draft
    "why_label": "What did you change, and why?",
    "why_note": (
        "This raises the version and becomes its line in the list of changes, so that you need not write "
        "either. If you have raised the version in the text yourself, the text stays as you wrote it."
    ),
    "kind_label": "How large is the change?",
    "kind_patch": "Small: other words for the same thing",
    "kind_minor": "Larger: something comes in, goes, or means something else",
    "discard": "Throw this draft away",
    "discard_text": (
        "Its text is destroyed and cannot be brought back. The history keeps that it was there, and runs "
        "that judged it stay."
    ),
    "discard_sure": "Yes, destroy it",
    "discarded": "The draft is thrown away.",
}

# Sentences of the gate that use its own words, and what is said here in their place.
PLAIN: Mapping[str, str] = {
    "No gated metric lost more than its margin.": "none_lost",
    "Must-pass cases that the baseline does not pass guard nothing: {cases}.": "guards_nothing",
    "Must-pass cases broke: {cases}.": "must_broke",
    "Must-pass cases failed, which a single run cannot prove: {cases}.": "must_failed",
    "The run was limited to some of the cases: it can fail, and it cannot pass.": "only_tried",
}
TO_READ = "{texts}, and {values} got worse; without noise every change is real: please read them."


def word(name: str, /, **values: object) -> str:
    """One of WORDS with its values, in English, as the catalogue knows it."""
    told = WORDS[name]
    form, one = (told, "") if isinstance(told, str) else told
    return Sentence(form, one=one, **values) if values else form


def plain(sentence: str) -> str:
    """A sentence of the gate in the words of these pages; any other as it is."""
    form = sentence.form if isinstance(sentence, Sentence) else str(sentence)
    values = dict(sentence.values) if isinstance(sentence, Sentence) else {}
    return word(PLAIN[form], **values) if form in PLAIN else sentence


def is_to_read(sentence: str) -> bool:
    """Whether the gate says that texts differ: the pages say it themselves, with a way to the texts."""
    return isinstance(sentence, Sentence) and sentence.form == TO_READ
