"""UK_CIVIL_CLAIM: civil claims: eight characters; online MC, DC or LR (HMCTS bulk centre)."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier

UK_CIVIL_CLAIM = Identifier(
    type="UK_CIVIL_CLAIM",
    forms={
        r"(?<![A-Z0-9])\d{3} ?(?:MC|DC|LR) ?\d{3}(?![A-Z0-9])": ALONE,
        r"(?<![A-Z0-9])(?:[A-M] ?\d{1,2} ?[A-Z]{2} ?\d{3,4}|\d[A-Z]{2} ?\d{5})(?![A-Z0-9])": WEAK,
    },
    labels="county court claim{n}, claim{n}, county court claim, mcol(?: claim)?",
    digits=(4, 8),
    context=(
        "claim, county court, county, mcol, judgment, judgment debt, possession claim, court stamped, "
        "rent arrears, bailiffs"
    ),
    least=4,
    examples=("county court claim number L55ZZ417",),
)
