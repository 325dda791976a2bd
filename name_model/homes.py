"""Addresses and dates of birth by chance, as they are written and as they are said."""

import random
from collections.abc import Callable, Iterable
from typing import Final

from name_model.spoken import below_hundred
from name_model.terms import FOLDER, lines_of, terms

_SHORT_WAYS: Final = dict(
    pair.split("=")
    for pair in (
        "Road=Rd Street=St Avenue=Ave Lane=Ln Close=Cl Drive=Dr Court=Ct Crescent=Cres Terrace=Terr Gardens=Gdns"
        " Grove=Gr Place=Pl Square=Sq Parade=Pde"
    ).split()
)
_MISREAD: Final = {"1": "l", "0": "O", "5": "S", "l": "1", "o": "0", "S": "5", "I": "l", "e": "c", "B": "8"}
_ORDINALS: Final = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_HESITATIONS: Final = ("er", "um", "erm", "sorry", "so", "that's")
_ROMANS: Final = "I II III IV V VI VII VIII IX X XI XII".split()
_FEASTS: Final = (
    "christmas day",
    "boxing day",
    "new year's eve",
    "new year's day",
    "st patrick's day",
    "halloween",
)
_SELDOM: Final = (
    "{named} '{yy}",
    "{named} {y}",
    "{d} {named} '{yy}",
    "'{yy} ({d} {named})",
    "{y} m {mm} d {dd}",
    "y {y} m {mm} d {dd}",
    "d {dd} m {mm} y {y}",
    "{d}{th} day of {named} {y}",
    "{named}-{d}-{y}",
    "{dd} {mm} '{yy}",
    "{y} {named} {dd}",
    "{dd}{named}{yy}",
    "{d}{th}/{mm}/{yy}",
)
"""How a date is written now and then."""
_SIZES: Final = (9, 40, 140, 400)


class Homes:
    """Makes addresses and dates. The same chance makes the same."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._towns = terms()["town"]
        read = [line.partition(":")[::2] for line in lines_of(FOLDER / "addresses.txt")]
        self._words = {kind: listed.split(",") for kind, listed in read}
        self._abroad = _by_language(form for kind, form in read if kind == "abroad")
        self._dates = _by_language(form for kind, form in read if kind == "date")
        months = _by_language(listed for kind, listed in read if kind == "months")
        self._months = {language: listed[0].split(",") for language, listed in months.items()}

    def address(self, language: str = "") -> str:
        """Where somebody lives, as somebody writes it; in a `language` such as `pl`, as one does there."""
        chance = self._chance
        if language or chance.random() < 0.07:
            return self._of_abroad(language or chance.choice(list(self._abroad)))
        parts = [*self._flat(), *self._house()]
        ended = chance.random()
        if ended < 0.7:
            parts.append(chance.choice(self._towns))
        if ended < 0.05:
            parts.append(chance.choice(self._words["county"]))
        sign = chance.choice((", ", ", ", ", ", ", ", " ", "\n", ",\n", " , ", "/", "; ", " - "))
        text = sign.join(parts)
        if ended < 0.45 or ended > 0.95:
            text += chance.choice((" ", " ", ", ", sign)) + self.postcode()
        return self._as_written(text)

    def office(self) -> str:
        """Where a firm or a public body is."""
        chance = self._chance
        number = f"{self._number()} " if chance.random() < 0.8 else ""
        text = f"{number}{self._street()}, {chance.choice(self._towns)}"
        return f"{text} {self.postcode()}" if chance.random() < 0.6 else text

    def postcode(self) -> str:
        """A postcode, one in ten without its space."""
        chance = self._chance
        last = f"{chance.randint(0, 9)}{chance.choice('ABDEFGHJLN')}{chance.choice('PQRSTUWXYZ')}"
        space = "" if chance.random() < 0.1 else " "
        return f"{chance.choice(self._words['area'])}{chance.randint(1, 29)}{space}{last}"

    def said_address(self) -> str:
        """An address as it is said."""
        chance = self._chance
        words = [self._said_number()]
        if chance.random() < 0.12:
            words.append(chance.choice("abcd"))
        if chance.random() < 0.2:
            kind = chance.choice(("flat", "flat", "apartment", "room", "unit"))
            block = (
                [*self._name().split(), chance.choice(self._words["block"])] if chance.random() < 0.3 else []
            )
            words = [
                kind,
                below_hundred(chance.randint(1, 60)),
                *block,
                *(words if chance.random() < 0.8 else []),
            ]
        if chance.random() < 0.06:
            words.append(chance.choice(_HESITATIONS))
        text = " ".join([*words, self._street(long=True)])
        if chance.random() < 0.45:
            text += f"{chance.choice((' ', ' ', ', ', ' in ', ' in '))}{chance.choice(self._towns)}"
        return text if chance.random() < 0.25 else text.lower()

    def birth(self, language: str = "") -> str:
        """A date of birth as somebody writes it: any date of somebody who lives."""
        return self._date(self._chance.randint(1928, 2024), language)

    def date(self, language: str = "") -> str:
        """Any other date, most of them of these years."""
        chance = self._chance
        year = chance.randint(2015, 2028) if chance.random() < 0.75 else chance.randint(1950, 2014)
        return self._date(year, language)

    def said_birth(self) -> str:
        """A date of birth as it is said."""
        return self._said_date(self._chance.randint(1930, 2022), 0.95)

    def said_date(self) -> str:
        """Any other date as it is said, mostly without its year."""
        return self._said_date(self._chance.randint(1995, 2028), 0.35)

    def _flat(self) -> list[str]:
        chance = self._chance
        manner = chance.random()
        if manner > 0.24:
            return []
        if manner > 0.22:
            return [f"{chance.randint(0, 4)}{chance.choice('/F')}{chance.randint(1, 4)}"]
        kind = chance.choice(self._words["flat"])
        number = (
            "" if "flat" in kind else f" {chance.randint(1, 60)}{chance.choice(('', '', '', 'a', 'B', '/2'))}"
        )
        block = [f"{self._name()} {chance.choice(self._words['block'])}"] if chance.random() < 0.25 else []
        return [f"{kind}{number}", *block]

    def _house(self) -> list[str]:
        chance = self._chance
        if chance.random() < 0.1:
            the = "The " if chance.random() < 0.4 else ""
            return [f"{the}{self._name()} {chance.choice(self._words['house'])}", self._street()]
        comma = chance.choice(("", "", "", "", "", ","))
        before = chance.choice(("no ", "No. ", "no.", "number ", "Nr ")) if chance.random() < 0.04 else ""
        return [f"{before}{self._number()}{comma} {self._street()}"]

    def _number(self) -> str:
        chance = self._chance
        number = str(chance.randint(1, chance.choice(_SIZES)))
        manner = chance.random()
        if manner < 0.13:
            return number + chance.choice("abcdABC")
        return f"{number}-{int(number) + 2}" if manner < 0.15 else number

    def _name(self) -> str:
        chance = self._chance
        if chance.random() < 0.45:
            return chance.choice(self._words["famed"])
        if chance.random() < 0.2:
            return chance.choice(terms()["road"])
        return chance.choice(self._words["beginning"]) + chance.choice(self._words["ending"])

    def _street(self, *, long: bool = False) -> str:
        chance = self._chance
        if chance.random() < 0.1:
            return chance.choice(self._words["whole"])
        way = chance.choice(self._words["way"])
        if not long and way in _SHORT_WAYS and chance.random() < 0.25:
            way = _SHORT_WAYS[way] + chance.choice(("", "", "."))
        second = f" {self._name()}" if chance.random() < 0.08 else ""
        return f"{self._name()}{second} {way}"

    def _as_written(self, text: str) -> str:
        manner = self._chance.random()
        if manner < 0.18:
            return text.lower()
        if manner < 0.22:
            return text.upper()
        if manner < 0.25:
            return text.replace(",", "")
        return self._misread(text) if manner < 0.28 else text

    def _misread(self, text: str) -> str:
        return "".join(
            _MISREAD[char] if char in _MISREAD and self._chance.random() < 0.2 else char for char in text
        )

    def _of_abroad(self, language: str) -> str:
        chance = self._chance
        values = {
            "s": chance.choice(self._words["beginning"])
            + chance.choice(("en", "er", "a", "o", "ina", "ski", "in")),
            "n": str(chance.randint(1, 180)),
            "m": str(chance.randint(1, 40)),
            "a": chance.choice("ABC"),
            "p": f"{chance.randint(1000, 99999)}",
            "q": f"{chance.randint(10, 99)}-{chance.randint(100, 999)}",
            "t": chance.choice(self._words["abroad town"]),
        }
        return chance.choice(self._abroad[language]).format_map(values)

    def _said_number(self) -> str:
        chance = self._chance
        number = chance.randint(1, chance.choice(_SIZES))
        if number < 100:
            return below_hundred(number)
        hundreds, rest = divmod(number, 100)
        if chance.random() < 0.35 and rest >= 10:
            return f"{below_hundred(hundreds)} {below_hundred(rest)}"
        if chance.random() < 0.3:
            return " ".join(below_hundred(int(digit)) for digit in str(number))
        first = "a" if hundreds == 1 and chance.random() < 0.5 else below_hundred(hundreds)
        return f"{first} hundred" + (f" and {below_hundred(rest)}" if rest else "")

    def _date(self, year: int, language: str) -> str:
        chance = self._chance
        day, month = chance.randint(1, 28), chance.randint(1, 12)
        if language or chance.random() < 0.12:
            return self._of_language(day, month, year, language or chance.choice(list(self._dates)))
        named = self._months["en"][month - 1]
        if chance.random() < 0.4:
            named = named[:3] + ("t" if named == "September" and chance.random() < 0.4 else "")
        th = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd"}.get(day, "th")
        sign = chance.choice(
            ("/", "/", "/", "/", "/", "/", ".", ".", "-", "-", " ", "\\", " / ", " . ", " - ", "|")
        )
        short = f"{year % 100:02}"
        forms: tuple[Callable[[], str], ...] = (
            lambda: f"{day:02}{sign}{month:02}{sign}{year}",
            lambda: f"{day:02}{sign}{month:02}{sign}{year}",
            lambda: f"{day:02}{sign}{month:02}{sign}{year}",
            lambda: f"{day}{sign}{month}{sign}{short}",
            lambda: f"{day}{sign}{month}{sign}{short}",
            lambda: f"{day:02}{sign}{month:02}{sign}{short}",
            lambda: f"{day} {named} {year}",
            lambda: f"{day} {named} {year}",
            lambda: f"{day}{th} {named} {year}",
            lambda: f"{day}{th} {named} {short}",
            lambda: f"{day} {named} {short}",
            lambda: f"{named} {day}, {year}",
            lambda: f"{day}-{named}-{year}",
            lambda: f"{year}-{month:02}-{day:02}",
            lambda: f"{year}/{month:02}/{day:02}",
            lambda: f"{day:02}{month:02}{year}",
            lambda: f"{day:02}{month:02}{short}",
            lambda: f"{year}{month:02}{day:02}",
            lambda: f"the {day}{th} of {named} {year}",
            lambda: f"{day}{sign}{_ROMANS[month - 1]}{sign}{chance.choice((year, short))}",
            lambda: chance.choice(_SELDOM).format(
                d=day, dd=f"{day:02}", mm=f"{month:02}", y=year, yy=short, named=named, th=th
            ),
        )
        text = chance.choice(forms)()
        manner = chance.random()
        if manner < 0.03:
            return self._misread(text)
        return text.lower() if manner < 0.15 else text

    def _of_language(self, day: int, month: int, year: int, language: str) -> str:
        """A date as it is written in a language, now and then with its month in small letters or in capitals."""
        values = {"d": day, "dd": f"{day:02}", "mm": f"{month:02}", "y": year}
        named = self._months[language][month - 1]
        text = self._chance.choice(self._dates[language]).format(named=named, **values)
        manner = self._chance.random()
        return text.upper() if manner < 0.03 else text.lower() if manner < 0.1 else text

    def _said_date(self, year: int, with_year: float) -> str:
        chance = self._chance
        day, month = chance.randint(1, 31), chance.randint(1, 12)
        named = self._months["en"][month - 1].lower()
        nth = _ordinal(day)
        forms = [f"{nth} of {named}", f"{nth} of {named}", f"the {nth} of {named}", f"{named} the {nth}",
                 f"{nth} {named}", f"{named} {nth}"]  # fmt: skip
        if with_year > 0.5:
            forms += [
                f"{nth} of the {_ordinal(month)}",
                f"the {nth} of the {_ordinal(month)}",
                f"{below_hundred(day)} {below_hundred(month)}",
                f"{'oh ' if day < 10 else ''}{below_hundred(day)} {'oh ' if month < 10 else ''}{below_hundred(month)}",
            ]
        text = chance.choice(_FEASTS) if chance.random() < 0.03 else chance.choice(forms)
        if chance.random() < with_year:
            text += f"{chance.choice((' ', ' ', ' ', ', ', ' er '))}{self._said_year(year)}"
        return text

    def _said_year(self, year: int) -> str:
        chance = self._chance
        rest = year % 100
        small = below_hundred(rest) if rest >= 10 else f"oh {below_hundred(rest)}" if rest else "hundred"
        if year < 2000:
            return chance.choice((f"nineteen {small}", f"nineteen {small}", small))
        and_rest = f" and {below_hundred(rest)}" if rest else ""
        return chance.choice((f"two thousand{and_rest}", f"two thousand{and_rest}", f"twenty {small}", small))


def _by_language(lines: Iterable[str]) -> dict[str, list[str]]:
    """What stands behind the language of each line."""
    read: dict[str, list[str]] = {}
    for line in lines:
        language, _, form = line.partition(":")
        read.setdefault(language, []).append(form)
    return read


def _ordinal(number: int) -> str:
    if number <= 20:
        return _ORDINALS[number - 1]
    return (
        "thirtieth" if number == 30 else f"{('twenty', 'thirty')[number > 30]} {_ORDINALS[number % 10 - 1]}"
    )
