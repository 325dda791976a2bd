"""Filling a document's slots: with persons in every written form, with places, and with values of other kinds."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.redaction.recognisers.numbers.written import DATE
from name_model.documents import SLOT, Document
from name_model.homes import Homes
from name_model.names import Names, Person, titles
from name_model.references import References
from name_model.terms import terms

PERSON, PLACE, GROUP, REFERENCE = "PERSON", "LOCATION", "NRP", "UK_REFERENCE"
ADDRESS, BIRTH, UNSURE = "UK_ADDRESS", "DATE_OF_BIRTH", "UNSURE"
"""What a range is; of an unsure one nothing is learnt."""
LABELS: Final = ("O", PERSON, PLACE, GROUP, REFERENCE, ADDRESS, BIRTH)
"""What the model answers, by number; the first is none of the others."""
Span = tuple[int, int, str]

_MARKED: Final = {
    "town": PLACE,
    "country": PLACE,
    "nationality": GROUP,
    "ref": REFERENCE,
    "said": REFERENCE,
    "phone": REFERENCE,
    "address": ADDRESS,
    "saidaddress": ADDRESS,
    "birth": BIRTH,
    "saidbirth": BIRTH,
    "postcode": UNSURE,
}
_LONG_NUMBER: Final = re.compile(
    r"(?<![^\W_£$€])(?!(?:19|20)\d\d(?!\w))(?:[^\W_]|[-/_](?=[^\W_])){0,12}(?:\d[-/ ]?){3}\d(?:[^\W_]|[-/_](?=[^\W_]))*"
)
_HOUSE: Final = re.compile(r"(?<![^\W_])\d{1,4}[A-Za-z]?(?:,? [A-Z][\w'’.-]*)+")
_SMALL: Final = frozenset(["l", "lg", "ls"])


def long_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where numbers and codes stand that may be a person's: four digits or more, and no date, year or sum."""
    for number in _LONG_NUMBER.finditer(text):
        if not DATE.match(text, number.start()):
            yield number.span()


def dates(text: str) -> Iterator[tuple[int, int]]:
    """Where dates stand, of which any may be somebody's date of birth."""
    return (date.span() for date in DATE.finditer(text))


def houses(text: str) -> Iterator[tuple[int, int]]:
    """Where a number stands before words with capitals, as in an address."""
    return (house.span() for house in _HOUSE.finditer(text))


@dataclass(frozen=True, slots=True)
class Filled:
    """A text, and what stands where in it: in order and apart."""

    text: str
    spans: tuple[Span, ...]


def joined(texts: Sequence[Filled], gap: str) -> Filled:
    """The texts as one, with `gap` between them."""
    spans: list[Span] = []
    begin = 0
    for text in texts:
        spans += [(start + begin, end + begin, kind) for start, end, kind in text.spans]
        begin += len(text.text) + len(gap)
    return Filled(gap.join(text.text for text in texts), tuple(spans))


class Filling:
    """Fills documents. The same seed fills them in the same way."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._names = Names(chance)
        self._terms = terms()
        homes, references = Homes(chance), References(chance)
        self._makers: dict[str, Callable[..., str]] = {
            "address": homes.address,
            "saidaddress": homes.said_address,
            "office": homes.office,
            "postcode": homes.postcode,
            "birth": homes.birth,
            "saidbirth": homes.said_birth,
            "date": homes.date,
            "saiddate": homes.said_date,
            "ref": references.reference,
            "code": references.code,
            "phone": references.phone,
            "said": references.said,
            "time": self._time,
            "email": self._email,
            "money": self._money,
            "number": self._number,
        }

    def fill(self, document: Document, *, bare: bool = False) -> Filled:
        """The document with other names and values than before; `bare` as in `Names.people`."""
        letters = sorted({slot[1] for slot in SLOT.finditer(document.text) if slot[1]})
        people = self._names.people(letters, bare=bare)
        pieces: list[str] = []
        spans: list[Span] = []
        length = last = 0

        def add(text: str, kind: str = "") -> None:
            nonlocal length
            if kind and text:
                spans.append((length, length + len(text), kind))
            pieces.append(text)
            length += len(text)

        def add_written(text: str) -> None:
            """Text between slots; nobody says whose the long numbers in it are, where somebody is named."""
            last = 0
            for start, end in long_numbers(text) if people else ():
                add(text[last:start])
                add(text[start:end], UNSURE)
                last = end
            add(text[last:])

        for slot in SLOT.finditer(document.text):
            add_written(document.text[last : slot.start()])
            last = slot.end()
            if slot[1]:
                for text, kind in self._name(people[slot[1]], slot[2] or ""):
                    add(text, kind)
            elif slot[5]:
                add(slot[5], PERSON)
            else:
                add(*self._value(slot[3], slot[4] or ""))
        add_written(document.text[last:])
        return Filled("".join(pieces), tuple(spans))

    def _name(self, person: Person, form: str) -> list[tuple[str, str]]:
        """The pieces of a name as it is written in `form`, and which of them are a person's name."""
        chance = self._chance
        given, family = person.given, person.surname
        match form:
            case "" | "l" | "U":
                plain = person.full if chance.random() < 0.85 else f"{given} {family}"
                return [(_in_case(plain, form), PERSON)]
            case "g" | "G" | "lg":
                return [(_in_case(given, form), PERSON)]
            case "s" | "S" | "ls":
                return [(_in_case(family, form), PERSON)]
            case "k":
                return [(person.short, PERSON)]
            case "i":
                stop = chance.choice((" ", " ", ". ", ". ", "."))
                return [(f"{given[0].upper()}{stop}{family}", PERSON)]
            case "n" | "N":
                initials, kind = self._initials(given, family)
                return [(initials, PERSON if form == "N" else kind)]
            case "r":
                first = family.upper() if chance.random() < 0.5 else family
                comma = ", " if chance.random() < 0.85 or first == family else " "
                return [(first, PERSON), (comma, ""), (given, PERSON)]
            case "m" | "t":
                title = chance.choice(titles()[chance.random() < 0.35])
                return [(f"{title} ", ""), (person.full if form == "t" else family, PERSON)]
            case "u":
                return [(self._user_name(given, family), PERSON)]
            case _:
                joined = f"{given}{family}".replace(" ", "")
                return [(joined if chance.random() < 0.5 else joined.lower(), PERSON)]

    def _initials(self, given: str, family: str) -> tuple[str, str]:
        first, last = given[0].upper(), family[0].upper()
        dotted = self._chance.random()
        if dotted < 0.4:
            return f"{first}.{last}.", PERSON
        return (f"{first}{last}", UNSURE) if dotted < 0.8 else (f"{first}.", UNSURE)

    def _user_name(self, given: str, family: str) -> str:
        first, last = _plain(given), _plain(family)
        chance = self._chance
        made = chance.choice(
            (f"{first[0]}{last}", f"{first[0]}{last}", f"{first}.{last}", f"{first}.{last}", f"{first}_{last}",
             f"{first}{last}", f"{last}{first[0]}", f"{first}{last[0]}", f"{first[0]}.{last}", f"{last}_{first[0]}",
             f"{last}.{first}", f"{last}-{first[0]}", f"{first[0]}-{last}", f"{first[0]}_{last}", f"{first}-{last}")
        )  # fmt: skip
        return made + (str(chance.randint(1, 99)) if chance.random() < 0.2 else "")

    def _value(self, kind: str, language: str) -> tuple[str, str]:
        """A value of a kind, and what it is if the model learns it."""
        if kind in self._terms:
            return self._chance.choice(self._terms[kind]), _MARKED.get(kind, "")
        make = self._makers[kind]
        return make(language) if language else make(), _MARKED.get(kind, "")

    def _time(self) -> str:
        chance = self._chance
        return f"{chance.randint(0, 23):02}{chance.choice((':', ':', '.', ''))}{chance.randint(0, 59):02}"

    def _email(self) -> str:
        chance = self._chance
        team = chance.choice(("team", "duty", "admin", "listing", "referrals", "enquiries", "noreply"))
        host = chance.choice(("example.org", "example.gov.uk", "example.com"))
        return f"{team}{chance.randint(1, 99)}@{host}"

    def _money(self) -> str:
        chance = self._chance
        return f"£{chance.choice(('', '1,', '12,'))}{chance.randint(100, 999)}{chance.choice(('', '.50', '.00'))}"

    def _number(self) -> str:
        return str(self._chance.randint(1, self._chance.choice((9, 40, 900))))


def _in_case(name: str, form: str) -> str:
    if form in ("U", "S", "G"):
        return name.upper()
    return name.lower() if form in _SMALL else name


def _plain(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum()) or "x"
