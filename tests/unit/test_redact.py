"""Pseudonymisation: the figures it is held to, the way back, and what has to stay."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.domain.redact import Redacted, redact
from coach.domain.text import clean

ROOT = Path(__file__).resolve().parents[2]
ROSTER = ["Dana Okafor", "Will Harris", "May Chen", "Łukasz Wójcik", "李娜", "Grace", "Pieter van der Berg"]

# Pieces that meet the finders often, so that random texts are not only noise.
_PIECES = st.sampled_from(
    [
        *(
            "Dana",
            "Okafor",
            "DANA OKAFOR",
            "D.O.",
            "will",
            "Will",
            "May",
            "may",
            "van der Berg",
            "wójcik",
            "李娜",
        ),
        *(
            "[Person 1]",
            "[Person 2]",
            "[person 1]",
            "[Person 12]",
            "[Email 1]",
            "[",
            "]",
            "’s",
            "'s",
            " said ",
        ),
        *("dana@example.org", "+44 20 7946 0958", "4111 1111 1111 1111", "DE89370400440532013000", "@dana"),
        *(
            "https://example.org/x",
            "10.0.0.1",
            "EMP-20431",
            "12 Elm Street",
            "Mr ",
            "my deputy ",
            "Jonas",
            "\u200b",
        ),
        *(
            "\u00ad",
            "\n",
            " ",
            "  ",
            ", ",
            ". ",
            "a\u0301",
            "ﬁ",
            "ß",
            "İ",
            "𝔇ana",
            "１２３４５６７８９",
            "\ud800",
        ),
    ]
)
_TEXTS = st.lists(st.one_of(_PIECES, st.text(max_size=12)), max_size=14).map("".join)


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("measure_redact", ROOT / "scripts/measure_redact.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["measure_redact"] = module
    spec.loader.exec_module(module)
    return module


measure = _script()


@pytest.fixture(scope="module")
def open_set() -> object:
    return measure.score(measure.read(ROOT / "evals/data/redact.jsonl"))


def test_finds_98_of_100_names_of_the_roster(open_set) -> None:
    assert open_set.wanted["roster"] >= 150
    assert open_set.recall("roster") >= 0.98


def test_finds_95_of_100_addresses_and_numbers(open_set) -> None:
    assert sum(open_set.wanted[one] for one in open_set.patterns) >= 100
    assert open_set.recall(*open_set.patterns) >= 0.95


def test_finds_most_people_nobody_listed(open_set) -> None:
    assert open_set.recall("outsider") >= 0.9


def test_masks_at_most_2_of_100_ordinary_words(open_set) -> None:
    assert open_set.words >= 2000
    assert open_set.over <= 0.02


def test_leaves_texts_without_people_alone(open_set) -> None:
    assert open_set.texts >= 60
    assert open_set.clean >= 0.95 * open_set.texts


def test_the_sets_are_well_formed() -> None:
    """Every label lies within its text, no two overlap, every id is used once."""
    for path in measure.SETS:
        lines = measure.read(path)
        assert len({line["id"] for line in lines}) == len(lines) >= 80
        for line in lines:
            end = 0
            for span in line["spans"]:
                assert end <= span["start"] < span["end"] <= len(line["text"])
                end = span["end"]


def test_names_that_are_words_as_well_are_found_in_97_of_100_places() -> None:
    """The sentences that the rules were made on: a floor, no estimate for others (docs/redaction.md)."""
    words = measure.score(measure.read(ROOT / "evals/data/redact_words.jsonl"))
    assert words.wanted["roster"] >= 500
    assert words.recall("roster") >= 0.97
    assert words.over <= 0.01


def test_another_writers_sentences_keep_the_figures_that_the_guide_names() -> None:
    """260 sentences that nobody had read at the first run: a floor, now that they were."""
    blind = measure.score(measure.read(ROOT / "evals/data/redact_blind.jsonl"))
    assert blind.wanted["roster"] >= 250 and blind.recall("roster") >= 0.98
    assert blind.wanted["url"] >= 50 and blind.recall("url") >= 0.98
    assert blind.over <= 0.005


def test_three_ordinary_writers_sentences_keep_the_figures_that_the_guide_names() -> None:
    """600 notes by writers who knew nothing of the program, their misses read since: a floor."""
    plain = measure.score(measure.read(ROOT / "evals/data/redact_plain.jsonl"))
    patterns = set(plain.wanted) - {"roster", "guess"}
    assert sum(plain.wanted[kind] for kind in patterns) >= 400
    assert sum(plain.found[kind] for kind in patterns) >= 0.98 * sum(plain.wanted[kind] for kind in patterns)
    assert plain.wanted["roster"] >= 170 and plain.recall("roster") >= 0.99
    assert plain.over <= 0.01


@settings(max_examples=300, deadline=None)
@given(_TEXTS, st.lists(st.one_of(st.sampled_from(ROSTER), st.text(max_size=12)), max_size=6))
def test_any_text_comes_back_as_it_was(text: str, names: list[str]) -> None:
    done = redact(text, names)
    assert done.restore(done.text) == text
    end = 0
    for span in done.spans:
        assert end <= span.start < span.end <= len(text)
        end = span.end


@settings(max_examples=150, deadline=None)
@given(_TEXTS, _TEXTS)
def test_a_second_text_with_the_same_mapping_comes_back_too(first: str, second: str) -> None:
    one = redact(first, ROSTER)
    two = redact(second, ROSTER, known=one)
    assert two.restore(two.text) == second
    assert set(one.originals) <= set(two.originals)


@settings(max_examples=150, deadline=None)
@given(_TEXTS)
def test_no_listed_name_is_left_in_a_cleaned_text(text: str) -> None:
    done = redact(clean(text + " Dana Okafor."), ["Dana Okafor"])
    assert "Dana Okafor" not in done.text


@pytest.mark.parametrize(
    "form",
    [
        *("Dana Okafor", "Dana", "Okafor", "DANA", "dana", "OKAFOR", "D. Okafor", "Dana O.", "Okafor, Dana"),
        *(
            "Dàna",
            "Da\u200bna",
            "Oka\u00adfor",
            "Dana\nOkafor",
            "Okafro",
            "DanaOkafor",
            "dana.okafor",
            "Okafors",
        ),
    ],
)
def test_one_person_has_one_placeholder_in_every_form(form: str) -> None:
    done = redact(f"Dana Okafor left. Then {form} came back.", ["Dana Okafor", "Priya Raman"])
    assert done.text.startswith("[Person 1] left. Then [Person 1]")
    assert len(done.originals) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Will said he will, and May may in May.", "[Person 1] said he will, and [Person 2] may in May."),
        ("Will you ask Will?", "Will you ask [Person 1]?"),
        ("May I leave in May 2024?", "May I leave in May 2024?"),
        ("There is a grace period; Grace knows.", "There is a grace period; [Person 1] knows."),
        ("it will do, told will that", "it will do, told [Person 1] that"),
    ],
)
def test_a_word_is_a_name_only_where_it_is_used_as_one(text: str, expected: str) -> None:
    assert redact(text, ["Will Harris", "May Chen", "Grace"]).text == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("you give rob the easy ones", "you give [Person 1] the easy ones"),
        ("They rob us of our Fridays, I told Pat.", "They rob us of our Fridays, I told [Person 2]."),
        (
            "i like working with hope, and i hope she stays",
            "i like working with [Person 3], and i hope she stays",
        ),
        ("the thing is rob does not answer", "the thing is [Person 1] does not answer"),
        ("let pat run it; robs mum is ill", "let [Person 2] run it; [Person 1] mum is ill"),
        ("should rob know, or should i rob him of it", "should [Person 1] know, or should i rob him of it"),
        ("Robby and P.D. said so. W. agreed.", "[Person 1] and [Person 2]. said so. [Person 4]. agreed."),
        ("Sorensen will be late", "[Person 4] will be late"),
        ("HOPE LEFT, SHE HAD NO HOPE", "[Person 3] LEFT, SHE HAD NO HOPE"),
        ("i saw june crying in june 2024", "i saw [Person 5] crying in june 2024"),
        ("Hpoe wrote to me.", "[Person 3] wrote to me."),
    ],
)
def test_the_place_in_the_sentence_tells_a_name_from_a_word(text: str, expected: str) -> None:
    """Whatever the letters: numbers stand for people here, since a text counts only those in it."""
    roster = ["Rob Finch", "Pat Doyle", "Hope Jensen", "Will Sørensen", "June Park"]
    done = redact(text, roster)
    order = list(dict.fromkeys(re.findall(r"\[Person \d\]", expected)))
    for number, one in enumerate(order, 1):
        expected = expected.replace(one, f"<{number}>")
    assert done.text == re.sub(r"<(\d)>", r"[Person \1]", expected)
    assert done.restore(done.text) == text


@pytest.mark.parametrize(
    "text",
    [
        "In 2024 we were 30 people with €4,000, 9-5, 1:1 on Thursdays, ISO 9001, Q3.",
        "On 2024-05-12 at 10:30, 12/05/2024, 12.05.24, FY24, 2019-2023, 1 000 000, 1,250,000.00.",
        "Version 1.2.3.4 costs 1.299,00 EUR; 80/20, 24/7, 3.5 %, 10-12 people, room 204.",
        "Spring 2024 was hard, during 2020 it was worse; bring 12 people, ring 3 of them; Monday 14:00.",
        "Excel, Teams, Jira and SAP; Monday in London; the German team; the Head of Sales; HR and the CEO.",
    ],
)
def test_numbers_dates_tools_and_places_stay(text: str) -> None:
    assert redact(text).text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She was born on 3 May 1980.", "She was born on [Date 1]."),
        ("DOB: 03/05/1980, joined on 1 March 2015", "DOB: [Date 1], joined on 1 March 2015"),
        ("She has 1980-05-03 as her date of birth.", "She has [Date 1] as her date of birth."),
        ("N.N. was born on 3.5.80, P.P. on 4.6.81.", "N.N. was born on [Date 1], P.P. on [Date 2]."),
        (
            "He was born in 1971, the idea was born in 2019.",
            "He was born in [Date 1], the idea was born in 2019.",
        ),
        ("Her birthday lunch is on 12 June 2025.", "Her birthday lunch is on 12 June 2025."),
        ("Born in Leeds. On 3 May 1999 the plant opened.", "Born in Leeds. On 3 May 1999 the plant opened."),
    ],
)
def test_a_date_goes_only_when_it_is_somebodys_date_of_birth(text: str, expected: str) -> None:
    assert redact(text).text == expected


@pytest.mark.parametrize(
    ("cue", "number"),
    [
        *(
            ("", one)
            for one in ("FX-2025-8831", "KT/12/B/2041", "DR-5520-B", "23-CV-04418", "#558120", "2025/11873")
        ),
        *(("", "4 Ca 1189/23"), ("visa ", "UA 3421-0098-1234"), ("pension ", "PN 55 18 03 7 B")),
        *(("parcel ", "JD0146 0008 8271"), ("register no. ", "118/2207-B")),
    ],
)
def test_a_file_number_goes_whole(cue: str, number: str) -> None:
    """With signs between its groups it needs no word before it, with spaces it does."""
    done = redact(f"They wrote {cue}{number} down, and I signed.")
    assert done.text == f"They wrote {cue}[Number 1] down, and I signed."


@pytest.mark.parametrize(
    ("before", "code"),
    [
        *(("booking ", one) for one in ("QX7LPM", "8K2WZ")),
        *(
            ("", one)
            for one in ("88417C", "TX4471K9", "LK19 ZRT", "B-84417206", "3:22-cv-01894", "47 036 892 815")
        ),
        *(("number plate ", one) for one in ("M-AB 1234", "7ABC 123", "KA 01 4421")),
        *(("licence ", one) for one in ("HVAC-TX-TACLA 88417C", "BOATE 803157 K99AB")),
    ],
)
def test_a_code_of_letters_and_figures_goes_whole(before: str, code: str) -> None:
    """Few figures want a word beside them; a plate wants a vehicle, or the British form."""
    assert redact(f"They wrote {before}{code} down, and I signed.").text == (
        f"They wrote {before}[Number 1] down, and I signed."
    )


@pytest.mark.parametrize(
    "text",
    [
        "The A320, the 747, an RTX4, B2B and H1N1; COVID19, ISO27001, SHA256 and UTF16.",
        "FY2024, 2024Q3, Q3FY24, H1 2025; 500EUR, USD1200, 1200KG, 250000KM, 1500MW, 12000K.",
        "Room B204, gate A12, line U6, bus 405, shift 3B; a turnover of 47 036 892 815 EUR.",
    ],
)
def test_what_is_counted_built_or_timed_is_no_code(text: str) -> None:
    assert redact(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "Order of 2024-12-05, case 12-14, Q1/Q2/2025, ISO-9001-2015, EU-2016-679, TCP/IP/2024, GPT-4-0613.",
        "In #1 of 12, #2024, COVID-19-2020; file 2024/25; the number 12 500 000 EUR; chart 3-2, and/or.",
        "See either/or.and/or, node.js/react, README.md/docs; done.And/or so.",
        "BP 140/90 is high; a box of 12, Monday; on Main Street, Saturday felt far away.",
    ],
)
def test_what_only_looks_like_a_file_number_or_an_address_stays(text: str) -> None:
    assert redact(text).text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It went to 9 Wicker Lane, Sheffield and back.", "It went to [Place 1] and back."),
        ("At 9 Wicker Lane, Sheffield was far away.", "At [Place 1], Sheffield was far away."),
        ("We met at 9 Wicker Lane, Monday at ten.", "We met at [Place 1], Monday at ten."),
        ("Send it to Calle Mayor 8, 3º izq., Burgos.", "Send it to [Place 1]."),
        ("Post: PO Box 1186, Tilburg.", "Post: [Place 1]."),
        ("To 4 Alder Close, Reading RG4 8QT by Friday.", "To [Place 1] by Friday."),
        ("In flat 4B, 9 Wicker Lane, Leeds LS6 2AB, since.", "In [Place 1], since."),
        ("At 7/52 Wattle Crescent, Pyrmont NSW 2009 again.", "At [Place 1] again."),
        ("Post: P.O. Box 30417-00100, Nairobi.", "Post: [Place 1]."),
        ("Mail sana[at]benali-family[dot]ma today.", "Mail [Email 1] today."),
        ("See S:\\Team North\\private\\kw and /Volumes/Legal/x.", "See [Link 1] and [Link 2]."),
        ("At 31 Tern Street, Durban 4052 as ever.", "At [Place 1] as ever."),
        ("At 905 Old Mill Rd, Bend, OR 97703 all day.", "At [Place 1] all day."),
        ("At 9 Wicker Lane, Sheffield 2024 began badly.", "At [Place 1] 2024 began badly."),
        ("We left Unit 12, Foxmoor Business Park, Wellington.", "We left [Place 1]."),
        ("See forum.lindbridge.example/t/8841.", "See [Link 1]."),
    ],
)
def test_an_address_goes_with_its_flat_and_town(text: str, expected: str) -> None:
    assert redact(text).text == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i asked rob c. twice, at 5 p.m.", "i asked [Person 1]. twice, at 5 p.m."),
        ("Rob to speak with the union.", "[Person 1] to speak with the union."),
        ("Dawn was at the door before me.", "[Person 1] was at the door before me."),
        ("Dawn was at half past five.", "Dawn was at half past five."),
        ("They said grace. Grace did, for once.", "They said grace. [Person 1] did, for once."),
        ("An finds errors. An hour later she slept.", "[Person 1] finds errors. An hour later she slept."),
        ("Matt and Rysiek rang.", "[Person 1] and [Person 2] rang."),
    ],
)
def test_short_notes_and_short_names_are_read_as_people(text: str, expected: str) -> None:
    roster = ["Rob Castle", "Dawn Obi", "Grace Holt", "An Nguyen", "Mateusz Lis", "Ryszard Zima"]
    assert redact(text, roster).text == expected


def test_a_known_mapping_goes_on() -> None:
    one = redact("Dana met Tomasz.", ["Dana Okafor", "Priya"])
    two = redact("Priya told tomasz and Okafor.", ["Dana Okafor", "Priya"], known=one)
    assert (one.text, two.text) == (
        "[Person 1] met [Person 2].",
        "[Person 3] told [Person 2] and [Person 1].",
    )
    assert two.restore("[Person 2] and [Person 3]") == "Tomasz and Priya"


def test_a_placeholder_the_writer_typed_is_not_taken_for_one_of_ours() -> None:
    one = redact("[Person 1] is what the draft says of Dana.", ["Dana"])
    assert one.text == "[Person 1] is what the draft says of [Person 2]."
    assert one.restore("You and [Person 2], not [Person 1].") == "You and Dana, not [Person 1]."
    two = redact("I wrote [Person 2] on the wall.", ["Dana"], known=one)
    assert "[Person 2]" not in two.text
    assert two.restore(two.text) == "I wrote [Person 2] on the wall."


def test_restores_whole_placeholders_and_names_the_ones_it_does_not_know() -> None:
    done = redact("Dana waits.", ["Dana"])
    assert done.restore("[Person 1] and [Person 12] and Person 1") == "Dana and [Person 12] and Person 1"
    assert done.leftover("[Person 1], [Person 7], [person 1], [Person 7]") == ("[Person 7]", "[person 1]")


def test_a_quotation_gets_the_form_that_stood_there() -> None:
    done = redact("I asked Dana Okafor for time. Later Dana wept, and Dana left.", ["Dana Okafor"])
    assert done.restore('You "asked [Person 1] for time".') == 'You "asked Dana Okafor for time".'
    assert done.restore("What would [Person 1] say?") == "What would Dana say?"


def test_what_it_prints_of_itself_gives_nobody_away() -> None:
    done = redact("Dana rang +44 20 7946 0958.", ["Dana"])
    assert "Dana" not in repr(done) and "7946" not in repr(done)


def test_an_empty_text_is_left_alone() -> None:
    assert redact("") == Redacted("", (), {}, (), "")


def test_a_long_text_with_a_long_roster_takes_no_more_than_a_glance() -> None:
    """Work grows with the text, not with its square: four times the text, well under ten times the steps."""
    import sys

    roster = [f"Person{chr(97 + k % 26)}{chr(97 + k // 26)} Surname{chr(97 + k % 26)}" for k in range(200)]

    def steps(text: str) -> int:
        count = 0

        def tick(*_: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(tick)
        try:
            redact(text, roster)
        finally:
            sys.setprofile(None)
        return count

    sentence = "I told Dana that the plan may work, and Persona waits for 30 people in May. "
    assert steps(sentence * 80) < 10 * steps(sentence * 20)


@pytest.mark.parametrize(
    "row",
    [
        "A1 " * 6000,
        "A-" * 9000,
        "A1-B2 " * 3000,
        "a_" * 200,
        "#1234-" * 3000,
        "a-" * 9000,
        "a.b_c-" * 3000 + "@",
        "x at y dot " * 1500,
        "1 A, " * 4000,
        "1 De, de 1234, " * 1500,
        "Flat 1 A1 - " * 2000,
        "a_b" * 5000,
        "account is a.b." * 2000,
        "Ada Ada Ada Sokak " * 1500,
        "passport 1 2 3 4 " * 2000,
        "AB 12 " * 4000,
    ],
)
def test_a_long_row_of_the_same_signs_ends(row: str) -> None:
    """A pattern that tries every way to cut such a row would not come back: "a_" 200 times is enough."""
    assert redact(row, ["Dana Okafor"]).restore(redact(row, ["Dana Okafor"]).text) == row


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (
            "A goose by the gate, and the goose hissed. They call me Father Goose.",
            "A goose by the gate, and the goose hissed. They call me Father [Person 1].",
        ),
        (
            "A goose by the gate. Father Goose was late, so I asked goose.",
            "A [Person 1] by the gate. Father [Person 1] was late, so I asked [Person 1].",
        ),
        (
            "I rang Father Kowal. Our kowal is late, and the kowal shift is mine.",
            "I rang Father [Person 1]. Our [Person 1] is late, and the [Person 1] shift is mine.",
        ),
        (
            "I rang Father Tommy. A tommy is never late.",
            "I rang Father [Person 1]. A [Person 1] is never late.",
        ),
        (
            "I rang Father Kowal. The kowal file: kowal knows.",
            "I rang Father [Person 1]. The [Person 1] file: [Person 1] knows.",
        ),
    ],
)
def test_a_thing_is_not_masked_because_somebody_is_called_by_it(text: str, masked: str) -> None:
    """Only behind "a" or "an", and never once where only a name can stand: in doubt it is a name."""
    assert redact(text).text == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("He moved to 455 Larch Cres, Guelph ON N1H 3A7 in May.", "He moved to [Place 1] in May."),
        ("Flat 402, Sai Residency, 3rd Cross, Koramangala, Bengaluru 560034", "[Place 1]"),
        ("Send it to 2-14-6 Minamicho, Kokubunji, Tokyo 185-0021, please.", "Send it to [Place 1], please."),
        ("At 6 Hawthorn Close, Naas, Co. Kildare W91 X2Y3 nobody opened.", "At [Place 1] nobody opened."),
        ("Calle Jacarandas 45, Col. Del Valle, 03100 Ciudad de Puebla.", "[Place 1]."),
        ("It is Gül Sokak No: 9 D: 4, 34710 Kadıköy/İstanbul now.", "It is [Place 1] now."),
        ("In 2019, Leeds, Bradford and 3 others had 4,500 each.", None),
        ("12 vans, Monday, and 9 people, Tuesday 2024", None),
        ("her account is chlo.nightshift, or @giu.cucina.ferri", "her account is [Handle 1], or [Handle 2]"),
        ("He writes as lagos_lens and as u/quiet417.", "He writes as [Handle 1] and as [Handle 2]."),
        ("The skype call at 10:30 is on account 3.", None),
        ("portfolio at www.studio.example/work", "portfolio at [Link 1]"),
        ("try 98765 43210", "try [Phone 1]"),
        ("a tfn form with 123 456 782", "a tfn form with [Number 1]"),
        ("B-XY 4471 left at two, KBZ 417Q at three", "[Number 1] left at two, [Number 2] at three"),
        ("Firmware went up to 3.12.0.7 today", None),
        ("login from 81.2.69.142", "login from [Address 1]"),
        ("exact birthday for the list: 29 February 1996", "exact birthday for the list: [Date 1]"),
    ],
)
def test_forms_that_two_blind_writers_used(text: str, masked: str | None) -> None:
    assert redact(text, []).text == (text if masked is None else masked)
