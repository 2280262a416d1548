"""Plant canaries in hand-written reflections: the cases of the confidentiality family.

    python scripts/make_confidentiality_cases.py   # evals/data/seeds/ -> evals/data/confidentiality.jsonl

The carriers, sentences, people and groups' cases are written by hand; the script only chooses who and what
is planted where. The same seed and the same files give the same cases.
"""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "evals" / "data"
OUT = DATA / "confidentiality.jsonl"
SEED = 20_261_122
EARLIER_EVERY = 4  # every fourth case has an earlier reflection, with its mirror and question, behind it
MUST_PASS_EVERY = 9
SCENES = 4  # groups' cases, four a scene
UNDOTTED = str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "ł": "l", "Ł": "L", "đ": "d"})

# class, how many; the first nine and the three patterns are promised by docs/redaction.md, the rest is not
QUOTAS: tuple[tuple[str, int], ...] = (
    ("first name", 40),
    ("full name", 30),
    ("surname", 24),
    ("initial and surname", 16),
    ("no marks", 16),
    ("lower case", 14),
    ("capitals", 10),
    ("one letter off", 14),
    ("listed nickname", 22),
    ("email", 24),
    ("phone", 24),
    ("iban", 14),
    ("unlisted nickname", 12),
    ("initials", 8),
    ("date", 8),
    ("code name", 12),
    ("title", 8),
)
DETAILS = ("email", "phone", "iban", "date", "code name", "title")

Seeds = Mapping[str, Any]
Person = Mapping[str, str]


def cases(carriers: list[Person], seeds: Seeds) -> Iterator[dict[str, Any]]:
    """Every case, scenes last."""
    dice = random.Random(SEED)
    pool: list[Person] = []
    number = 0
    for name, count in QUOTAS:
        for place in range(count):
            if not pool:  # every carrier once before any comes again
                pool = dice.sample(carriers, len(carriers))
            number += 1
            yield _case(f"cf{number:03d}", name, place, pool.pop(), seeds, dice, number)
    for scene in range(SCENES):
        yield _scene(f"cf{number + scene + 1:03d}", scene, seeds["groups"])


def _case(
    key: str, name: str, place: int, carrier: Person, seeds: Seeds, dice: random.Random, number: int
) -> dict[str, Any]:
    suited = [one for one in seeds["people"] if one["pronoun"] == carrier["pronoun"] and _suits(one, name)]
    who = suited[(place + number) % len(suited)]
    others = dice.sample([one for one in seeds["people"] if one is not who], 3)
    shown = _form(who, name, dice)
    detail, planted = _detail(name, place, seeds)
    forms = {"{who's}": f"{shown}'s", "{who}": shown, "{other}": _first(others[0])}
    text = _filled(carrier["text"], forms | {"{+}": detail})
    canaries = [{"class": name, "text": planted or shown}]
    row: dict[str, Any] = {"id": key, "cluster": carrier["id"], "class": name, "text": text}
    if name == "lower case":
        row["text"] = text.lower()
    row["names"] = dice.sample([_listed(who, name, dice), *(one["name"] for one in others)], 4)
    row["canaries"] = canaries
    if number % EARLIER_EVERY == 0:
        behind = seeds["second"][number // EARLIER_EVERY % len(seeds["second"])]
        row["earlier"] = [_filled(behind["reflection"], forms | {"{+}": detail})]
        row["mirrors"], row["asked"] = [_filled(behind["mirror"], forms)], [_filled(behind["asked"], forms)]
    if number % MUST_PASS_EVERY == 0 and name in [one for one, _ in QUOTAS[:12]]:
        row["must_pass"] = True
    return row


def _suits(person: Person, name: str) -> bool:
    """A name without marks has none to lose, and only a long name can have a wrong letter."""
    if name == "no marks":
        return _plain(person["name"]) != person["name"]
    return name != "one letter off" or len(_longest(person)) >= 8


def _form(person: Person, name: str, dice: random.Random) -> str:
    """How the person is written."""
    first, last = person["name"].split(" ", 1)
    if name == "surname":
        return f"{'Ms' if person['pronoun'] == 'she' else 'Mr'} {last}"
    if name == "initials":
        return ".".join(part[0] for part in (first, *last.split("-"))) + "."
    if name == "one letter off":
        return _misspelt(_longest(person), dice)
    return {
        "full name": person["name"],
        "initial and surname": f"{first[0]}. {last}",
        "no marks": _plain(first if _plain(first) != first else last),
        "lower case": first.lower(),
        "capitals": first.upper(),
        "listed nickname": person["listed"],
        "unlisted nickname": person["unlisted"],
    }.get(name, first)


def _listed(person: Person, name: str, dice: random.Random) -> str:
    """How the roster has the person."""
    first, last = person["name"].split(" ", 1)
    if name == "listed nickname":
        return f"{first} ({person['listed']}) {last}"
    return dice.choice((person["name"], person["name"], f"{last}, {first}"))


def _detail(name: str, place: int, seeds: Seeds) -> tuple[str, str]:
    """The sentence that is put in, and what in it is the canary."""
    if name not in DETAILS:
        return "", ""
    sentences, values = seeds["details"][name], seeds["values"][name]
    value = values[place % len(values)]
    if name == "iban":
        country, account = value.split("|")
        value = _grouped(_iban(country, account)) if place % 2 else _iban(country, account)
    return sentences[place % len(sentences)].replace("{x}", value), value


def _scene(key: str, place: int, groups: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Cases of a group that the asker is not in, or reflections of somebody else in the asker's group."""
    name = ("another group", "another member")[place % 2]
    mine = groups[:4] if place < SCENES // 2 else groups[4:]
    return {"id": key, "cluster": f"scene-{place // 2}", "class": name, "scene": mine, "must_pass": True}


def _filled(text: str, forms: Mapping[str, str]) -> str:
    for slot, value in forms.items():
        text = text.replace(slot, value)
    return " ".join(text.split())


def _first(person: Person) -> str:
    return person["name"].split(" ")[0]


def _longest(person: Person) -> str:
    return max(person["name"].replace("-", " ").split(" "), key=len)


def _misspelt(word: str, dice: random.Random) -> str:
    """One letter doubled, dropped, or swapped with the next: never the first one."""
    at = dice.randrange(2, len(word) - 2)
    return dice.choice(
        (
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.translate(UNDOTTED))
    return "".join(char for char in apart if not unicodedata.combining(char))


def _iban(country: str, account: str) -> str:
    """With the check digits of ISO 13616: mod 97-10 over the rearranged letters and digits."""
    digits = "".join(str(int(char, 36)) for char in f"{account}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{account}"


def _grouped(text: str) -> str:
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def lines() -> str:
    """The whole file."""
    seeds = json.loads((DATA / "seeds" / "confidentiality.json").read_text(encoding="utf-8"))
    rows = (DATA / "seeds" / "confidentiality_carriers.jsonl").read_text(encoding="utf-8").splitlines()
    carriers = [json.loads(row) for row in rows]
    return "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases(carriers, seeds))


if __name__ == "__main__":
    OUT.write_text(lines(), encoding="utf-8")
