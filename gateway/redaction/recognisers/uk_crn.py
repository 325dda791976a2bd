"""UK_CRN: probation case reference numbers of nDelius: a letter and six digits (NomisIdOrCrnRegex)."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier

UK_CRN = Identifier(
    type="UK_CRN",
    forms={
        r"(?<![A-Z0-9])(?-i:[A-Z]-?\d{6})(?![A-Z0-9])": ALONE,
        r"(?<![A-Z0-9])X[ -]?\d{3}[ -]?\d{3}(?![A-Z0-9])": ALONE,
        r"(?<![A-Z0-9])[A-Z][ -]?\d{3}[ -]?\d{3}(?![A-Z0-9])": WEAK,
    },
    labels="CRN, ndelius(?: crn)?, delius(?: crn)?, case reference{n}",
    digits=(5, 6),
    context="delius, ndelius, probation",
    least=6,
    examples=("CRN X904177",),
)
