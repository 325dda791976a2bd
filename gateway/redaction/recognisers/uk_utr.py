"""UK_UTR: HMRC's unique taxpayer reference: ten digits, the first of which is the check (hmrc/reference-checker)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_UTR = Identifier(
    type="UK_UTR",
    forms={r"(?<![A-Z0-9+])K?\d{5}[ -]{0,3}\d{5}(?:\d{3})?K?(?![A-Z0-9])": WEAK},
    labels=r"UTR, unique tax(?:payer)?(?:'?s)? ref\w*, tax ref\w*, taxpayer ref\w*",
    digits=(7, 10),
    context="taxpayer, tax, self assessment, hmrc, penalty",
    least=10,
    examples=("UTR 91044 77120",),
)
