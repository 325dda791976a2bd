"""Numbers and codes by chance: what stands for a person or a case, what is a thing's, and how either is said."""

import random
import re
import string
from collections.abc import Callable, Sequence
from typing import Final

from name_model.handles import Handles
from name_model.spoken import ONES, below_hundred

_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"
_FORMS: Final = (
    "LLDDDDDDL, LL DD DD DD L, LDDDDLL, LDDDDDD, DDDDDDDDD, DDD DDD DDDD, DDDDDDDDDD, DD/DDDDDDL, DDDD/DDDDDDDL, "
    "DDDDDD/DDL, DDLLDDDDDDD, LDDDDDDD, LDDDDDDD/D, GWFDDDDDDDDD, LL/DDDDD/DDDD, LLDDDDDDD, LL-DDDDDD, "
    "DDDD-DDDD-DDDD-DDDD, DDDDDDDDDDDDDDDD, LDDLLDDD, LLDDCDDDDD, DD-DD-DD DDDDDDDD, DD-DD-DD, DDDDDDDD, "
    "LLDD LLL, 07DDD DDDDDD, 07DDDDDDDDD, 01DDD DDDDDD, +44 7DDD DDDDDD, 020 7DDD DDDD, DDDDD, DDDDDD, DDDDDDD, "
    "LLLDDDDD, LLL/DD/DDDDD, LL/DDDD/DDDDD, LLL-DD-DDDDD, DDDDDDDDDDL, LDDDDDDDDDDDD, DDLDDDDL, LLDDDDDD/DD, "
    "DDDDDDDDDDDD, DD/DDDDDDD/DD, LLDDLLLLDDDDDDDDDDDDDD, LLDDDDDDDDDDDDDDDDDD, LDDDDDDDL, DDDD LLLL DDDD, "
    "DDDDLL, LL DDDDDDD, LLLL DDDDDD, LD/DDDD, LLD/DDDDD, D/DDDDDD/LL, DDD/DDD/DDD, DD LL DDDDD DD, DD/DDDD/DDDDDDL, "
    "DDD/LDDDL, DDD/LLDDDDD, DDDDDDD/DDDD, UI-DDDD-DDDDDD, LL-DDDD-LLL-DDDDDD, LL-DDDD-DDDDDD, SCDDD/DD/DDDDD, "
    "DDDDD DDDDD, LXDDDDDDD, LDL DLD LDL, DDDDDDDDL, DDDD-DDDD-LL, DDDD DDDD DDDD DDDD, DDDDDDLD, DDL DDDDDD, DDDD/DD, "
    "DDDDDDDDDDD, DDD-DDD-DDD, DDDD DDDDD, DDLDDDDL, LL/DDDDDDD, LDDDD, DDDDDDDD-L, LLLDDDDDDD, L/DDDD/DDDD, LL DDD DDD"
).split(", ")
"""Digits are `D`, letters `L`; invented or as offices write them."""
_SPOKEN: Final = (
    "LLDD LLL, LLDD LLL, LDDD LLL, LLDD DLL, LD DLL, LLD DLL, LDDDDLL, LDDDDLL, LDDDDDD, LLDDDDDDL, DDDD, DDDD, "
    "DDDDD, DDDDDD, DDDDDD, 07DDDDDDDDD, DDDDDDDDDD, DDDDDDDD, DD-DD-DD, LDLDDLLLD, LLDLDLDLL, DD/DDDDDDL, "
    "DDDD/DDDDDDL, DDD/DDDDDD, LLDDDD, DDDDLL, DDLLDDDD, LLL, LDDLL, LDDDD, LLDDD, DDD.DD.DDD.DD, DD.DDD.DD.D, "
    "DL:DD:LD:DD:DL, LLLL_DD, DDDDDDDD DDDDDD, DDD DDDD DDDD"
).split(", ")
"""Forms of what is said most: plates, postcodes, prison and officers' numbers."""
_PHONES: Final = (
    "07DDD DDDDDD, 07DDDDDDDDD, 07DDD DDD DDD, 01DDD DDDDDD, 0113 DDD DDDD, +44 7DDD DDDDDD, 020 DDDD DDDD, "
    "(01DDD) DDDDDD, 0044 7DDD DDDDDD, +353 8D DDD DDDD, +48 DDD DDD DDD, +91 DDDDD DDDDD, +234 8DD DDD DDDD, DDDDDD, "
    "+40 7DD DDD DDD, 01DDD DDDDDD ext DDDD, DDDD DDDD"
).split(", ")
_CODES: Final = (
    "LLL-DDDD, LL-DDDD-LL, LDDDD, DDDD-DLL, LL-DDDL, DDDD-DLLD/LD, LLLDDDD, LDDLDD, DD-DDD-L, LLDDDD, LDLDDDDL, "
    "DDDDDDDDDD, DDDDDDDD, DDDD-DDD, LLDDDLLDDD, DD.DD/DDD-LLL, LL.DDDD.DD, LLL-DDDD/L-LL, DDDDDLL, LDDDDDL-D-L, "
    "LLL_DDDDDD.D, DDDD-LLL, LLLL-DDDD, DDDDDDD, LLDDDDDD, DDDDDD, LDDDDDD, DDDDLDDLL, L-DDDDD, DLDDDDL-D-L, "
    "LDDD-DD, LLDDDDL/D, DDLDDDDD, LDDDDDDD, LLDD/DDDDD, LLL DDDD, DDDD/DD, DDD-DDDDD-DD"
).split(", ")
_HANDLES: Final = 0.04
"""How many are what somebody is called on a platform; of those that are said twice as many, or e-mail addresses."""
_MISREAD: Final = {"0": "O", "1": "lI", "5": "S", "8": "B", "2": "Z", "6": "b"}
_WELSH: Final = "dim un dau tri pedwar pump chwech saith wyth naw".split()
_NATO: Final = {
    word[0]: word
    for word in (
        "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec"
        " romeo sierra tango uniform victor whiskey x-ray yankee zulu"
    ).split()
}
"""The alphabet of radio."""
_WORDS: Final = {
    letter: (_NATO[letter], *words.split())
    for letter, words in zip(
        string.ascii_lowercase,
        "adam andrew|bertie ball|cat cup|david door|edward egg|fred fish|george gate|harry hat|ice isaac|jam jack"
        "|king kite|lemon lucy|mother mary|nuts nelly|orange oliver|peter pen|queen|roger rabbit|sugar simon"
        "|tommy table|umbrella|van violet|william water|xylophone|yellow yacht|zebra".split("|"),
        strict=True,
    )
}
_SOUNDS: Final = dict(
    pair.split("=")
    for pair in (
        "a=ay b=bee c=see d=dee g=gee j=jay k=kay l=ell m=em n=en p=pee q=cue r=are t=tee u=you v=vee y=why z=zed"
    ).split()
)
_HESITATIONS: Final = (
    "er",
    "um",
    "erm",
    "then",
    "and then",
    "hang on",
    "and",
    "sorry",
    "uh",
    "it's",
    "yeah",
    "no",
    "no sorry",
)
_SIGNS: Final = {
    "/": ("slash", "stroke", "forward slash"),
    "-": ("dash", "hyphen"),
    " ": ("", "", "space"),
    "+": ("plus",),
    ".": ("dot", "dot", "point"),
    ":": ("colon",),
    "_": ("underscore",),
}
_BETWEEN: Final = (" ", " ", " ", " ", "-", "/", " / ", " - ", ". ", ".", "  ", "_", ":", "")
"""What people write between the parts of a value."""
_PART: Final = re.compile(r"[A-Za-z]+|[0-9]+")
_PAIR: Final = re.compile(r"[1-9]\d")
_HUNDREDS: Final = re.compile(r"[1-9]00")
_HUNDRED_AND: Final = re.compile(r"[1-9]\d\d")


class References:
    """Makes values. The same chance makes the same."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._handles = Handles(chance)

    def reference(self) -> str:
        """A number of a person or a case, as somebody writes it."""
        if self._chance.random() < _HANDLES:
            return self._handles.written()
        return self._written(self._filled(_FORMS))

    def code(self) -> str:
        """A code of a thing; one in five has the form of a person's."""
        forms = _FORMS if self._chance.random() < 0.2 else _CODES
        value = self._filled(forms)
        if self._chance.random() < 0.06:
            return self._parted(value)
        return value.lower() if self._chance.random() < 0.15 else value

    def phone(self) -> str:
        """The number of a telephone."""
        return self._written(self._filled(_PHONES))

    def said(self) -> str:
        """A number as it is said, or a name of a platform or an e-mail address."""
        if self._chance.random() >= 2 * _HANDLES:
            return self._said_number()
        return self._handles.said() if self._chance.random() < 0.6 else self._handles.said_email()

    def _said_number(self) -> str:
        chance = self._chance
        value = self._filled(_SPOKEN if chance.random() < 0.6 else _FORMS)[:16]
        if chance.random() < 0.15:
            value = _HUNDRED_AND.sub(lambda digits: f"{digits[0][0]}00", value, count=chance.randint(1, 3))
        hesitant = chance.choice((0.0, 0.0, 0.0, 0.05, 0.15))
        doubled, paired, hundreds = (chance.random() < share for share in (0.5, 0.25, 0.6))
        written = chance.random() < 0.04
        digits = _WELSH if chance.random() < 0.04 else ONES
        spell = self._spelling()
        words: list[str] = []
        at = 0
        while at < len(value):
            char = value[at]
            run = len(value[at:]) - len(value[at:].lstrip(char))
            length = 1
            if char in _SIGNS:
                words.append(chance.choice(_SIGNS[char]))
            elif not char.isdigit():
                words.append(spell(char.lower()))
            elif written:
                words.append(char)
            elif hundreds and (
                said := _hundreds(value[at : at + 4], paired=paired and chance.random() < 0.2)
            ):
                length = said[1]
                words.append(said[0])
            elif doubled and run in (2, 3):
                words += [("double", chance.choice(("triple", "treble")))[run - 2], self._digit(char, digits)]
                length = run
            elif paired and _PAIR.match(value, at):
                words.append(below_hundred(int(value[at : at + 2])))
                length = 2
            else:
                words.append(self._digit(char, digits))
            if chance.random() < hesitant:
                words.append(chance.choice(_HESITATIONS))
            at += length
        text = " ".join(word for word in words if word)
        comma = chance.random() < 0.15
        said = "".join(", " if comma and char == " " and chance.random() < 0.25 else char for char in text)
        return said.replace("-", " ") if chance.random() < 0.5 else said

    def _filled(self, forms: Sequence[str]) -> str:
        chance = self._chance
        made = {"L": _LETTERS, "D": string.digits, "C": "C"}
        return "".join(chance.choice(made[sign]) if sign in made else sign for sign in chance.choice(forms))

    def _written(self, value: str) -> str:
        manner = self._chance.random()
        if manner < 0.55:
            return value
        if manner < 0.67:
            return value.lower()
        if manner < 0.73:
            return value.replace(" ", "").replace("/", "").replace("-", "")
        if manner < 0.87:
            return self._grouped(value)
        if manner < 0.91:
            return self._parted(value)
        if manner < 0.96:
            return "".join(
                self._chance.choice(_MISREAD[char])
                if char in _MISREAD and self._chance.random() < 0.35
                else char
                for char in value
            )
        return " ".join(value.replace(" ", ""))

    def _grouped(self, value: str) -> str:
        """In groups of other lengths, with another sign between them."""
        plain = [char for char in value if char.isalnum()]
        sign = self._chance.choice((" ", " ", " ", "-", ".", "/", "_", "  ", " - ", "\n"))
        size = self._chance.choice((1, 2, 2, 3, 3, 4, 5))
        groups = ["".join(plain[at : at + size]) for at in range(0, len(plain), size)]
        grouped = sign.join(groups)
        return grouped.lower() if self._chance.random() < 0.2 else grouped

    def _parted(self, value: str) -> str:
        """Its letters and its digits apart, with one sign between them or another each time."""
        chance = self._chance
        parts = _PART.findall(value)
        sign = chance.choice(_BETWEEN)
        several = chance.random() < 0.3
        parted = parts[0] + "".join(
            (chance.choice(_BETWEEN) if several else sign) + part for part in parts[1:]
        )
        return parted.lower() if chance.random() < 0.5 else parted

    def _digit(self, char: str, digits: Sequence[str]) -> str:
        if char == "0" and digits is ONES:
            return self._chance.choice(("oh", "oh", "oh", "zero", "zero", "nought", "o"))
        return digits[int(char)]

    def _spelling(self) -> Callable[[str], str]:
        """How letters are said: as they are, by the alphabet of radio, by any word, or as they sound."""
        chance = self._chance
        manner = chance.random()
        if manner < 0.45:
            return _NATO.__getitem__
        if manner < 0.6:
            joint = chance.choice((" for ", " for ", " as in "))
            return lambda char: f"{char}{joint}{chance.choice(_WORDS[char])}"
        if manner < 0.68:
            return lambda char: _SOUNDS.get(char, char)
        return lambda char: char


def _hundreds(digits: str, *, paired: bool) -> tuple[str, int] | None:
    """The hundreds or thousands with which some digits begin, and how many digits they are; `paired` says the rest."""
    if _HUNDREDS.match(digits):
        thousand = digits.endswith("000")
        return f"{ONES[int(digits[0])]} {'thousand' if thousand else 'hundred'}", 4 if thousand else 3
    if paired and _HUNDRED_AND.match(digits):
        return f"{ONES[int(digits[0])]} hundred and {below_hundred(int(digits[1:3]))}", 3
    return None
