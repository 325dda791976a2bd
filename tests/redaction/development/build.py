"""Makes `development.jsonl`: `python -m tests.redaction.development.build`. The same code makes the same file.

Each row has `text`, `spans` (what must not leave), `stays` (what must), and its `group`: origin, style, and half
("tuned" or "held out": neither templates nor names are shared between the halves).
"""

import json
import random
import re
from pathlib import Path
from typing import Any

from gateway.redaction.recognisers.check_digits import letter_mod_23, nhs_mod_11
from tests.redaction.development.names import ORIGINS, people_of
from tests.redaction.development.templates import STYLES

FILE = Path(__file__).parent / "development.jsonl"
_SLOT = re.compile(r"\{([a-z_]+)(?:\.(\w+))?\}|«|»")
_SPOKEN = dict(
    zip(
        "0123456789",
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        strict=True,
    )
)
_STREETS = ("Alder", "Bramble", "Kestrel", "Old Mill", "Station", "Quarry", "St Anne's", "Victoria")
_KINDS = ("Road", "Street", "Close", "Avenue", "Lane", "Terrace", "Court", "Gardens")
_TOWNS = ("Leeds", "Walsall", "Grimsby", "Swansea", "Luton", "Preston", "Exeter", "Hartlepool")
_MONTHS = ("January", "March", "May", "June", "August", "October")


class Identifiers:
    """Invented identifiers that pass their checks."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def digits(self, count: int) -> str:
        return "".join(self.chance.choice("0123456789") for _ in range(count))

    def crn(self) -> tuple[str, str]:
        return "UK_CRN", "X" + self.digits(6)

    def nino(self) -> tuple[str, str]:
        pairs = " ".join(self.digits(2) for _ in range(3))
        return "UK_NINO", self.chance.choice([f"MM {pairs} C", f"WW{pairs.replace(' ', '')}B"])

    def nhs(self) -> tuple[str, str]:
        while not nhs_mod_11(number := "999" + self.digits(7)):
            pass
        return "UK_NHS", f"{number[:3]} {number[3:6]} {number[6:]}"

    def pnc(self) -> tuple[str, str]:
        year, serial = self.chance.choice(["2019", "2021", "98"]), "94" + self.digits(5)
        return "UK_PNC", f"{year}/{serial}{letter_mod_23(year[-2:] + serial)}"

    def noms(self) -> tuple[str, str]:
        return "UK_PRISON_NUMBER", f"T{self.digits(4)}{self.chance.choice(['KQ', 'XP', 'ZD'])}"

    def phone(self) -> tuple[str, str]:
        number = self.chance.choice(["07700 900", "0113 496 0", "020 7946 0"]) + self.digits(3)
        return "PHONE_NUMBER", self.chance.choice([number, number.replace(" ", "")])

    def spoken(self) -> tuple[str, str]:
        words = [self.chance.choice(["oh", "zero"]), "seven", "seven", "double oh", "nine", "double oh"]
        return "PHONE_NUMBER", " ".join([*words, *(_SPOKEN[digit] for digit in self.digits(3))])

    def email(self) -> tuple[str, str]:
        return (
            "EMAIL_ADDRESS",
            f"team{self.digits(2)}@{self.chance.choice(['example.org', 'example.gov.uk'])}",
        )

    def postcode(self) -> tuple[str, str]:
        return "UK_POSTCODE", self.chance.choice(["LS49 3QT", "B99 4ZX", "cf95 7aa", "SE29 1QD"])

    def address(self) -> tuple[str, str]:
        line = f"{self.chance.randint(1, 180)} {self.chance.choice(_STREETS)} {self.chance.choice(_KINDS)}"
        return "UK_ADDRESS", f"{line}, {self.chance.choice(_TOWNS)} {self.postcode()[1].upper()}"

    def place(self) -> tuple[str, str]:
        return "LOCATION", self.chance.choice(["Lagos", "Gdansk", "Lahore", "Kingston", "Tirana"])

    def dob(self) -> tuple[str, str]:
        day, year = self.chance.randint(1, 28), self.chance.randint(1960, 2004)
        forms = [
            f"{day:02}/{self.chance.randint(1, 12):02}/{year}",
            f"{day} {self.chance.choice(_MONTHS)} {year}",
        ]
        return "DATE_OF_BIRTH", self.chance.choice(forms)

    def spoken_dob(self) -> tuple[str, str]:
        return "DATE_OF_BIRTH", f"the fourth of {self.chance.choice(_MONTHS).lower()} nineteen eighty eight"

    def crowncase(self) -> tuple[str, str]:
        return "UK_CROWN_COURT_CASE", f"T2024{self.digits(4)}"


def document(template: str, people: dict[str, tuple[str, str]], identifiers: Identifiers) -> dict[str, Any]:
    """The template with its slots filled."""
    text, spans, stays, last, opened = "", [], [], 0, 0
    for slot in _SLOT.finditer(template):
        text += template[last : slot.start()]
        last = slot.end()
        if slot[0] == "«":
            opened = len(text)
        elif slot[0] == "»":
            stays.append([opened, len(text)])
        else:
            label, value = _filled(slot, people, identifiers)
            spans.append([len(text), len(text) + len(value), label])
            text += value
    return {"text": text + template[last:], "spans": spans, "stays": stays}


def _filled(
    slot: re.Match[str], people: dict[str, tuple[str, str]], identifiers: Identifiers
) -> tuple[str, str]:
    name, form = slot[1], slot[2] or ""
    if name not in people:
        label, value = getattr(identifiers, name)()
        return label, value.lower() if form == "l" else value
    given, family = people[name]
    value = {"g": given, "s": family, "S": family.upper()}.get(form.removeprefix("l"), f"{given} {family}")
    return "PERSON", value.lower() if form.startswith("l") else value


def rows() -> list[dict[str, Any]]:
    """Every origin in every style, once in each half."""
    made = []
    for origin in ORIGINS:
        given, family = people_of(origin)
        for half in (0, 1):
            chance = random.Random(f"{origin} {half}")
            firsts, lasts = given[half::2], family[half::2]
            for style, templates in STYLES.items():
                people = dict(
                    zip("abcdef", zip(_six(chance, firsts), _six(chance, lasts), strict=True), strict=True)
                )
                own = templates[half * 2 : half * 2 + 2]
                row = document(chance.choice(own), people, Identifiers(chance))
                row["group"] = {"origin": origin, "style": style, "half": ("tuned", "held out")[half]}
                made.append(row)
    return made


def _six(chance: random.Random, names: list[str]) -> list[str]:
    """Six names, each once as far as there are so many."""
    return (chance.sample(names, len(names)) * 6)[:6]


if __name__ == "__main__":
    FILE.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows()), "utf-8")
