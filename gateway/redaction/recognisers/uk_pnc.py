"""UK_PNC: Police National Computer ids: year, serial, check letter (hmpps-person-record, PNCIdentifier)."""

import re
from typing import Final

from gateway.redaction.recognisers.check_digits import letter_mod_23
from gateway.redaction.recognisers.identifier import CHECKED, WEAK, Identifier

_PARTS: Final = re.compile(r"(?:19|20)?(\d{2}) ?[/ -] ?(\d{1,7}) ?([A-Z])|(?:19|20)?(\d{2})(\d{7})([A-Z])")


def check(value: str) -> bool | None:
    """True where the check letter passes."""
    match = _PARTS.fullmatch(value.upper())
    if match is None:
        return None
    year, serial, letter = match.groups()[:3] if match[1] else match.groups()[3:]
    return True if letter_mod_23(year + serial.zfill(7)) == letter else None


UK_PNC = Identifier(
    type="UK_PNC",
    certain=CHECKED,
    forms={
        r"(?<![\d/])(?:19|20)?\d{2} ?[/-] ?\d{1,7} ?[A-HJ-NP-RT-Z](?![A-Z0-9/])": WEAK,
        r"(?<![\d/])(?:19|20)?\d{2} \d{5,7} ?[A-HJ-NP-RT-Z](?![A-Z0-9/])": WEAK,
        r"(?<![\d/])(?:19|20)?\d{2}\d{7} ?[A-HJ-NP-RT-Z](?![A-Z0-9/])": WEAK,
    },
    check=check,
    labels="pnc ?id, pncid, PNC, police national computer",
    digits=(5, 11),
    context="police",
    least=3,
    examples=("PNC 2019/9412345Y",),
)
