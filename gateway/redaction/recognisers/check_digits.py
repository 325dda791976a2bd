"""Check digits of UK identifiers, as pure functions on text that holds letters and digits only."""

import re
from collections.abc import Callable
from typing import Final

_MOD_23: Final = "ZABCDEFGHJKLMNPQRTUVWXY"


def compact(text: str) -> str:
    """The letters and digits of `text`, in upper case."""
    return "".join(filter(str.isalnum, text)).upper()


def passes(check: Callable[[str], bool]) -> Callable[[str], bool | None]:
    """The check of an identifier: True where `check` passes; a number that fails is mistyped, and still somebody's."""
    return lambda value: True if check(compact(value)) else None


def letter_mod_23(number: str) -> str:
    """The police's check letter: I, O and S are not used, Z stands for 0 (PNC, CRO, arrest summons numbers)."""
    return _MOD_23[int(number) % 23]


def lettered(pattern: str, width: int) -> Callable[[str], bool | None]:
    """The check of a number with such a letter: `pattern` names its `year`, its `serial`, which is padded to `width`
    digits, and its `letter`.
    """
    form = re.compile(pattern)

    def check(value: str) -> bool | None:
        match = form.fullmatch(value.upper())
        number = compact(match["year"]) + match["serial"].zfill(width) if match else ""
        return True if match and letter_mod_23(number) == match["letter"] else None

    return check


def nhs_mod_11(digits: str) -> bool:
    """Whether ten digits pass the NHS number's check (NHS Data Dictionary, NHS NUMBER)."""
    check = (
        11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    )
    return len(digits) == 10 and check != 10 and check % 11 == int(digits[9])


def luhn(digits: str) -> bool:
    """Whether digits pass ISO/IEC 7812-1, annex B."""
    doubled = [int(digit) * 2 for digit in digits[-2::-2]]
    return (sum(map(int, digits[-1::-2])) + sum(n - 9 if n > 9 else n for n in doubled)) % 10 == 0


def iban_mod_97(iban: str) -> bool:
    """Whether a compact IBAN passes ISO 13616 (ISO 7064 mod 97-10)."""
    return int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 == 1
