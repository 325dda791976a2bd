"""UK_CMS_REF: child maintenance: twelve digits; of the old agency, NST and a NINO or ten digits."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_CMS_REF = Identifier(
    type="UK_CMS_REF",
    forms={
        r"(?<![A-Z0-9])NST ?/?\d{1,2}[ /-]{0,2}(?:[A-Z]{2}\d{6}[A-D]|\d{10})(?![A-Z0-9])": 0.5,
        r"(?<!\d)\d{4}[ -]{0,3}\d{4}[ -]{0,3}\d{4}(?!\d)": WEAK,
    },
    labels="CMS{n:}, CSA{n:}, child maintenance(?: service)?{n:}, child support{n:}",
    digits=(6, 12),
    context="cms, csa, maintenance, child maintenance, deduction order",
    least=7,
    examples=("CMS number 121990041773",),
)
