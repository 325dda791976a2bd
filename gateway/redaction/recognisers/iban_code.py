"""IBAN_CODE: ISO 13616 account numbers of the countries whose lengths the registry gives."""

from typing import Final

from gateway.redaction.recognisers.check_digits import compact, iban_mod_97
from gateway.redaction.recognisers.identifier import CHECKED, WEAK, Identifier

LENGTHS: Final = {
    "AD": 24,
    "AE": 23,
    "AT": 20,
    "BE": 16,
    "BG": 22,
    "CH": 21,
    "CY": 28,
    "CZ": 24,
    "DE": 22,
    "DK": 18,
    "EE": 20,
    "ES": 24,
    "FI": 18,
    "FR": 27,
    "GI": 23,
    "GR": 27,
    "HR": 21,
    "HU": 28,
    "IE": 22,
    "IL": 23,
    "IS": 26,
    "IT": 27,
    "LI": 21,
    "LT": 20,
    "LU": 20,
    "LV": 21,
    "MC": 27,
    "MT": 31,
    "NL": 18,
    "NO": 15,
    "PK": 24,
    "PL": 28,
    "PT": 25,
    "RO": 24,
    "SA": 24,
    "SE": 24,
    "SI": 19,
    "SK": 24,
    "SM": 27,
    "TR": 26,
    "UA": 29,
}
"""Length in characters by country code, from the SWIFT IBAN registry; GB has a form of its own."""
_FOREIGN: Final = "|".join(
    rf"{code}\d{{2}}(?:[ \n-]?[A-Z0-9]){{{length - 4}}}" for code, length in LENGTHS.items()
)


def check(value: str) -> bool | None:
    """True where the check passes."""
    return True if iban_mod_97(compact(value)) else None


IBAN_CODE = Identifier(
    type="IBAN_CODE",
    what="ISO 13616 account numbers of the countries whose lengths the registry gives",
    certain=CHECKED,
    forms={
        r"(?<![A-Z0-9])GB ?\d{2}[ -]?[A-Z]{4}(?:[ \n-]?\d){14}(?!\d)": 0.6,
        rf"(?<![A-Z0-9])(?:{_FOREIGN})(?![A-Z0-9])": WEAK,
    },
    check=check,
    labels="IBAN",
    digits=(8, 22),
    context="bank",
    least=12,
    examples=("IBAN GB35ABCD12345698765432",),
)
