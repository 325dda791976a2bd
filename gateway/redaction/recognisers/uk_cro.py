"""UK_CRO: Criminal Records Office numbers: serial, year, check letter; or SF, year, serial (CROIdentifier)."""

import re
from typing import Final

from gateway.redaction.recognisers.check_digits import letter_mod_23
from gateway.redaction.recognisers.identifier import CHECKED, WEAK, Identifier

_ORDINARY: Final = re.compile(r"(\d{1,6}) ?[/-] ?(\d{2}) ?([A-Z])")
_SF: Final = re.compile(r"SF ?(\d{2}) ?[/-] ?(\d{1,6}) ?([A-Z])")
_LETTER: Final = r"[A-HJ-NP-RT-Z](?![A-Z0-9/])"


def check(value: str) -> bool | None:
    """True where the check letter passes: over the padded serial, or, after SF, over the serial as it is."""
    text = value.upper()
    if match := _ORDINARY.fullmatch(text):
        return True if letter_mod_23(match[2] + match[1].zfill(6)) == match[3] else None
    if match := _SF.fullmatch(text):
        return True if letter_mod_23(match[1] + match[2]) == match[3] else None
    return None


UK_CRO = Identifier(
    type="UK_CRO",
    certain=CHECKED,
    forms={
        rf"(?<![\d/])\d{{1,6}} ?[/-] ?\d{{2}} ?{_LETTER}": WEAK,
        rf"(?<![\dA-Z/])SF ?\d{{2}} ?[/-] ?\d{{1,6}} ?{_LETTER}": WEAK,
    },
    check=check,
    labels="CRO, criminal records? office",
    digits=(5, 8),
    context="criminal records",
    least=3,
    examples=("CRO 912345/19C",),
)
