"""UK_CJS_URN: unique reference numbers of a prosecution: force, unit, five digits, year (bichard7-next-core)."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier

UK_CJS_URN = Identifier(
    type="UK_CJS_URN",
    forms={
        r"(?<![A-Z0-9/])(?:TFL|TVL|POL|DVLA) ?\d{6,10}[A-Z]?(?![A-Z0-9])": ALONE,
        r"(?<![A-Z0-9/])\d{2}[ /-]?[A-Z0-9]{2}[ /-]?\d{5}[ /-]?\d{2}(?![A-Z0-9/])": WEAK,
        r"(?<![A-Z0-9/])(?-i:\d{2}[A-Z]{2}\d{5}\d{2})(?![A-Z0-9/])": ALONE,
    },
    labels="pti[ -]?urn, ptiurn, URN, unique reference number",
    digits=(6, 11),
    context="pti-urn, cps, case urn, common platform, charge sheet, single justice",
    least=5,
    examples=("URN 01ZD9904131",),
)
