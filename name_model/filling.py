"""Filling a document's slots: with persons in every written form, with places, and with values of other kinds."""

import random
from dataclasses import dataclass
from typing import Final

from name_model.documents import SLOT, Document
from name_model.names import Names, Person, titles

PERSON, PLACE, GROUP, UNSURE = "PERSON", "LOCATION", "NRP", "UNSURE"
"""What a range is; of an unsure one nothing is learnt."""
Span = tuple[int, int, str]

_TOWNS: Final = (
    "Leeds Grimsby Walsall Swansea Luton Preston Exeter Hartlepool Derby Hull Bradford Reading Lancaster Bath Lincoln Wells "
    "Deal Hove Ware Rugby Sale Barking Stone Battle Nelson Washington Stanley Douglas Wrexham Llanelli Merthyr Oldham "
    "Croydon Peckham Toxteth Moss-Side Easterhouse Paisley Derry Newry Lagos Kano Kabul Herat Mogadishu Asmara Khartoum "
    "Aleppo Homs Basra Mosul Tirana Shkodër Kraków Gdańsk Sofia Cluj Lahore Sylhet Colombo Jaffna Hanoi Dhaka Tehran Kingston"
).split() + [
    "Milton Keynes",
    "Bury St Edmunds",
    "South Shields",
    "Ashton-under-Lyne",
    "Port Talbot",
    "St Helens",
]
_COUNTRIES: Final = (
    "Albania Afghanistan Eritrea Ethiopia Iran Iraq Syria Sudan Somalia Nigeria Ghana Jamaica Pakistan India Bangladesh "
    "Vietnam China Turkey Poland Romania Lithuania Latvia Georgia Jordan Chad Mali Kenya Uganda Wales Scotland England "
    "Ireland France Spain Italy Greece Libya Egypt Kuwait Namibia Malawi Zimbabwe Myanmar Nepal Cuba Brazil"
).split() + [
    "Sierra Leone",
    "Sri Lanka",
    "El Salvador",
    "Côte d'Ivoire",
    "the Gambia",
    "the DRC",
    "Northern Ireland",
]
_GROUPS: Final = (
    "Albanian Afghan Eritrean Ethiopian Iranian Iraqi Syrian Sudanese Somali Nigerian Ghanaian Jamaican Pakistani Indian "
    "Bangladeshi Vietnamese Chinese Turkish Polish Romanian Lithuanian Latvian Georgian Jordanian Kenyan Ugandan Welsh Scottish "
    "English Irish French Spanish Italian Greek Libyan Egyptian Kurdish Hazara Pashtun Tamil Oromo Tigrinya Rohingya Yazidi "
    "Sunni Shia Muslim Christian Pentecostal Catholic Sikh Hindu Jewish Roma British"
).split()
_STREETS: Final = (
    "Alder Bramble Kestrel Station Quarry Victoria Albert Nelson Church Mill Park Chapel Charlotte George Queen Stanley "
    "Cromwell Wellington Elizabeth Harold Florence Grosvenor Cardigan Dean Marsh Salisbury Clarence Cecil Milton Tennyson"
).split()
_KINDS: Final = (
    "Road Street Close Avenue Lane Terrace Court Gardens Way Drive Crescent Walk House Rd St".split()
)
_MONTHS: Final = (
    "January February March April May June July August September October November December".split()
)
_USUAL_TITLES: Final = tuple(titles())
_SMALL: Final = frozenset(["l", "lg", "ls"])


@dataclass(frozen=True, slots=True)
class Filled:
    """A text, and what stands where in it: in order and apart."""

    text: str
    spans: tuple[Span, ...]


class Filling:
    """Fills documents. The same seed fills them in the same way."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._names = Names(chance)

    def fill(self, document: Document) -> Filled:
        """The document with other names and values than before."""
        letters = sorted({slot[1] for slot in SLOT.finditer(document.text) if slot[1]})
        people = self._names.people(letters)
        pieces: list[str] = []
        spans: list[Span] = []
        length = last = 0

        def add(text: str, kind: str = "") -> None:
            nonlocal length
            if kind and text:
                spans.append((length, length + len(text), kind))
            pieces.append(text)
            length += len(text)

        for slot in SLOT.finditer(document.text):
            add(document.text[last : slot.start()])
            last = slot.end()
            if slot[1]:
                for text, kind in self._name(people[slot[1]], slot[2] or ""):
                    add(text, kind)
            else:
                add(*self._value(slot[3]))
        add(document.text[last:])
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
            case "n":
                return [self._initials(given, family)]
            case "r":
                first = family.upper() if chance.random() < 0.5 else family
                comma = ", " if chance.random() < 0.85 or first == family else " "
                return [(first, PERSON), (comma, ""), (given, PERSON)]
            case "m" | "t":
                title = chance.choice(_USUAL_TITLES)
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
             f"{first}{last}", f"{last}{first[0]}", f"{first}{last[0]}", f"{first[0]}.{last}")
        )  # fmt: skip
        return made + (str(chance.randint(1, 99)) if chance.random() < 0.2 else "")

    def _value(self, kind: str) -> tuple[str, str]:
        chance = self._chance
        match kind:
            case "town":
                return chance.choice(_TOWNS).replace("Moss-Side", "Moss Side"), PLACE
            case "country":
                return chance.choice(_COUNTRIES), PLACE
            case "nationality":
                return chance.choice(_GROUPS), GROUP
            case "address":
                street = f"{chance.choice(_STREETS)} {chance.choice(_KINDS)}"
                return f"{chance.randint(1, 240)} {street}, {chance.choice(_TOWNS)}", ""
            case "postcode":
                area = chance.choice(("LS", "B", "M", "CF", "SE", "E", "NG", "YO", "SA", "G"))
                return (
                    f"{area}{chance.randint(1, 29)} {chance.randint(1, 9)}{chance.choice('ABDEFGHJLN')}{chance.choice('PQRSTUWXYZ')}",
                    "",
                )
            case "date":
                return self._date(), ""
            case "time":
                return (
                    f"{chance.randint(0, 23):02}{chance.choice((':', ':', '.', ''))}{chance.randint(0, 59):02}",
                    "",
                )
            case "phone":
                return (
                    f"{chance.choice(('07700 900', '0113 496 0', '020 7946 0', '01632 960'))}{chance.randint(100, 999)}",
                    "",
                )
            case "email":
                team = chance.choice(
                    ("team", "duty", "admin", "listing", "referrals", "enquiries", "noreply")
                )
                return (
                    f"{team}{chance.randint(1, 99)}@{chance.choice(('example.org', 'example.gov.uk', 'example.com'))}",
                    "",
                )
            case "money":
                return (
                    f"£{chance.choice(('', '1,', '12,'))}{chance.randint(100, 999)}{chance.choice(('', '.50', '.00'))}",
                    "",
                )
            case "number":
                return str(chance.randint(1, chance.choice((9, 40, 900)))), ""
            case _:
                letters = "".join(chance.choice("ABCDEFGHKLMNPRSTWXYZ") for _ in range(chance.randint(1, 3)))
                return f"{letters}{chance.choice(('', '/', '-'))}{chance.randint(1000, 9999999)}", ""

    def _date(self) -> str:
        chance = self._chance
        day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(1955, 2027)
        return chance.choice(
            (f"{day:02}/{month:02}/{year}", f"{day} {_MONTHS[month - 1]} {year}", f"{day}/{month}/{year % 100:02}",
             f"{day} {_MONTHS[month - 1]}", f"{year}-{month:02}-{day:02}", f"{day:02}.{month:02}.{year}",
             f"{day} {_MONTHS[month - 1][:3]} {year % 100:02}")
        )  # fmt: skip


def _in_case(name: str, form: str) -> str:
    if form in ("U", "S", "G"):
        return name.upper()
    return name.lower() if form in _SMALL else name


def _plain(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum()) or "x"
