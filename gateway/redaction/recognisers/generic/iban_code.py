"""IBAN_CODE: ISO 13616 account numbers of the countries whose lengths the registry gives."""

import re
from typing import Final

from gateway.redaction.recognisers.check_digits import compact, iban_mod_97
from gateway.redaction.recognisers.identifier import CHECKED, WEAK, Identifier

_LENGTHS: Final = (
    "AD24 AE23 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GI23 GR27 HR21 HU28 IE22 IL23 IS26 "
    "IT27 LI21 LT20 LU20 LV21 MC27 MT31 NL18 NO15 PK24 PL28 PT25 RO24 SA24 SE24 SI19 SK24 SM27 TR26 UA29"
)
"""Country code with the length in characters, from the SWIFT IBAN registry; GB has a form of its own."""
_FOREIGN: Final = "|".join(
    rf"{code}\d{{2}}(?:[ \n-]?[A-Z0-9]){{{int(length) - 4}}}"
    for code, length in re.findall(r"([A-Z]{2})(\d{2})", _LENGTHS)
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
    prefilter=r"(?<![a-z\d])[a-z]{2} ?\d{2}[ \n-]?[a-z\d]{4}",
    window=60,
    labels="IBAN",
    digits=(8, 22),
    context="bank",
    min_digits=12,
    examples=("IBAN GB35ABCD12345698765432",),
)
