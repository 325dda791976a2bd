"""UK_FAMILY_CASE: family cases: court letters, year, type letter, five digits (hmcts/rpx-xui-webapp)."""

from gateway.redaction.recognisers.identifier import ALONE, Identifier

UK_FAMILY_CASE = Identifier(
    type="UK_FAMILY_CASE",
    forms={r"(?<![A-Z0-9])[A-Z]{2} ?\d{2} ?[CPDFZJ] ?\d{5}(?![A-Z0-9])": ALONE},
    labels="family(?: court)? case, care(?: court)? case, divorce(?: court)? case",
    digits=(5, 7),
    context="family, care, divorce, contact, order, decree, case",
    least=7,
    examples=("family case number QZ31C90417",),
)
