"""UK_PNC_COURT_CASE_REF: court cases on the PNC: year, court, sequence, check letter (bichard7-next-core)."""

import re
from typing import Final

from gateway.redaction.recognisers.check_digits import letter_mod_23
from gateway.redaction.recognisers.identifier import Identifier

_PARTS: Final = re.compile(r"(\d{2}) ?/ ?(\d{4}) ?/ ?(\d{1,6}) ?([A-Z])")


def check(value: str) -> bool | None:
    """True where the check letter passes over year, court and the padded sequence."""
    match = _PARTS.fullmatch(value.upper())
    if match is None:
        return None
    year, court, sequence, letter = match.groups()
    return True if letter_mod_23(year + court + sequence.zfill(6)) == letter else None


UK_PNC_COURT_CASE_REF = Identifier(
    type="UK_PNC_COURT_CASE_REF",
    forms={r"(?<![\d/])\d{2} ?/ ?\d{4} ?/ ?\d{1,6} ?[A-HJ-NP-RT-Z](?![A-Z0-9/])": 0.3},
    check=check,
    labels=r"CCRN, court case ref\w*",
    digits=(6, 12),
    context="ccr, court, case, pnc, disposal, printout",
    least=7,
    examples=("CCRN 31/2732/000417J",),
)
