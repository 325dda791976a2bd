"""UK_ASN: arrest summons numbers: year, force, unit, system, sequence, check letter (bichard7-next-core, Asn.ts)."""

import re
from typing import Final

from gateway.redaction.recognisers.check_digits import compact, letter_mod_23
from gateway.redaction.recognisers.identifier import WEAK, Identifier

_PARTS: Final = re.compile(r"(\d{2})([A-Z0-9]{2})[A-Z0-9]{2}([A-Z0-9]{2})(\d{1,11})([A-Z])")
_PAIR: Final = r"[ /]?[A-Z0-9]{2}"


def check(value: str) -> bool | None:
    """True where the check letter passes over year, force and system (their digits) and the sequence."""
    match = _PARTS.fullmatch(compact(value))
    if match is None:
        return None
    year, force, system, sequence, letter = match.groups()
    digits = "".join(part for part in (force, system) if part.isdigit())
    return True if letter_mod_23(digits + year + sequence.zfill(11)) == letter else None


UK_ASN = Identifier(
    type="UK_ASN",
    forms={rf"(?<![A-Z0-9/])\d{{2}}{_PAIR}{_PAIR}{_PAIR}[ /]?\d{{1,11}} ?[A-HJ-NP-RT-Z](?![A-Z0-9/])": WEAK},
    check=check,
    labels="ASN, arrest[ /]?(?:and )?summons",
    digits=(8, 19),
    context="arrest, summons",
    least=5,
    examples=("ASN 3101ZD0100000448754N",),
)
