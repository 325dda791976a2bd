"""UK_COUNCIL_TAX_REF: council tax accounts: seven to twelve digits, sometimes a letter, as each council has them."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_COUNCIL_TAX_REF = Identifier(
    type="UK_COUNCIL_TAX_REF",
    forms={r"(?<![A-Z0-9])\d(?:[ -]?\d){6,11}(?:[ -]?[A-Z])?(?![A-Z0-9])": WEAK},
    labels=(
        r"council ?tax (?:ref\w*\.?|acc(?:oun)?t)(?: number| no\.?)?, council ?tax{n:}, c ?tax "
        r"(?:ref\w*\.?|acc(?:oun)?t), c ?tax{n}, ctax{n}, ctax (?:ref\w*\.?|acc(?:oun)?t)"
    ),
    digits=(5, 9),
    context="council tax, ctax, council account, council debt, council, liability order, c tax, bailiffs",
    least=7,
    examples=("council tax ref 5099041773",),
)
