"""UK_COMPANY_NUMBER: company numbers: eight digits, or two letters and six (Companies House prefixes)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_COMPANY_NUMBER = Identifier(
    type="UK_COMPANY_NUMBER",
    forms={
        r"(?<![A-Z0-9])(?:SC|NI|OC|SO|NC|LP|SL|NL|FC|SF|NF|BR|RC|SR|NR|IP|SP|RS|CE|CS|OE|GE|"
        r"R0) ?\d{6}(?![A-Z0-9])": WEAK,
        r"(?<!\d)\d{8}(?!\d)": 0.15,
    },
    labels="company(?: house| registration)?{n}, companies(?: house| registration)?{n}",
    digits=(5, 8),
    context="company, companies, companies house, director, registered, the firm, dissolved, struck off",
    least=6,
    examples=("company number 90041773",),
)
