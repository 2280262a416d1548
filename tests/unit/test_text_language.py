"""Whether a text is in English: slips, dialect and lower case count as English, other languages do not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain.language import is_english

DATA = Path(__file__).parents[2] / "evals" / "data"
FILES = sorted(DATA.glob("reflections*.jsonl"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_reflection_we_have_is_english(file: Path) -> None:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [row["text"] for row in rows if "text" in row and not is_english(row["text"])] == []


@pytest.mark.parametrize(
    "text",
    [
        "Ich habe gestern meinem Team gesagt, dass wir die Abteilung schließen. Niemand hat etwas gesagt.",
        "Mon chef m'a demandé de licencier deux personnes avant la fin du mois. Je n'en dors plus.",
        "Ayer mi jefe me gritó delante de todo el equipo y no dije nada.",
        "Ieri il mio capo mi ha urlato contro davanti a tutta la squadra e io non ho detto niente.",
        "Gisteren heeft mijn baas tegen mij geschreeuwd en ik heb niets gezegd in de vergadering.",
        "Ontem o meu chefe gritou comigo na frente de toda a equipa e eu não disse nada.",
        "Wczoraj szef krzyczał na mnie przy całym zespole i nic nie powiedziałem, bo się bałem.",
    ],
)
def test_another_language_is_seen(text: str) -> None:
    assert not is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Team budget meeting Tuesday",
        "Ich bin müde.",
        "Line 3 scrap rate 2.8% vs target 1.5%, tool wear after 40k cycles.",
    ],
)
def test_what_is_too_short_to_tell_counts_as_english(text: str) -> None:
    assert is_english(text)


@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    assert is_english(text) in (True, False)
