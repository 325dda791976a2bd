"""UK_BENEFIT_REF: references of benefit claims: letters, five to twelve digits."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_BENEFIT_REF = Identifier(
    type="UK_BENEFIT_REF",
    forms={r"(?<![A-Z0-9.])[A-Z]{0,4}[ /-]?\d(?:[ /-]?\d){4,11}(?![A-Z0-9])": WEAK},
    labels=(
        r"housing benefit(?:s| claim)?{n}, benefits?(?: claim)?{n}, benefit ref\w*, universal credit(?: "
        "claim)?, uc(?: claim)?{n:}, pip(?: claim)?{n:}, esa(?: claim)?{n:}, jsa(?: claim)?{n:}, hb(?: "
        "claim)?{n:}, dwp{n}"
    ),
    digits=(5, 10),
    context=(
        "housing benefit, benefit, uc claim, uc, pip, esa, jsa, dwp, hb claim, hb, universal credit, "
        "overpayment, jobcentre, job centre"
    ),
    least=5,
    examples=("benefit ref HB9904177",),
)
