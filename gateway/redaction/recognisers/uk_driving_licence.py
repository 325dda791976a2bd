"""UK_DRIVING_LICENCE: DVLA's driver number: five of the surname, birth date with sex, initials, three more."""

from gateway.redaction.recognisers.check_digits import compact
from gateway.redaction.recognisers.identifier import WEAK, Identifier


def check(value: str) -> bool | None:
    """None for a plausible number, False where the surname has a 9 before a letter."""
    text = compact(value)
    return None if text.isdigit() or text[:5].rstrip("9").isalpha() else False


UK_DRIVING_LICENCE = Identifier(
    type="UK_DRIVING_LICENCE",
    certain=0.6,
    forms={
        r"(?<![A-Z0-9])[A-Z][A-Z9]{4}[ -]{0,2}\d(?:0[1-9]|1[0-2]|5[1-9]|6[0-2])"
        r"(?:0[1-9]|[12]\d|3[01])\d"
        r"[ -]{0,2}[A-Z9]{2} ?[A-Z0-9][A-Z]{2}(?:[ -]{0,2}\d{2})?(?![A-Z0-9])": 0.6,
        r"(?<!\d)\d{8}(?!\d)": WEAK,
    },
    check=check,
    labels=(
        "driving licen[cs]e, driving{n}, driver(?:'?s)? licen[cs]e, driver(?:'?s)?{n}, drivers "
        "licen[cs]e, drivers{n}, DVLA"
    ),
    digits=(5, 8),
    context="licence, license, driving, dva, driver",
    least=6,
    examples=("driving licence QUILP802149TF9ZZ",),
)
