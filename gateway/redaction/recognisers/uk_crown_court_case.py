"""UK_CROWN_COURT_CASE: type letter, year, four digits (Claim-for-Crown-Court-Defence, base_validator)."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier

UK_CROWN_COURT_CASE = Identifier(
    type="UK_CROWN_COURT_CASE",
    forms={
        r"(?<![A-Z0-9])[ABSTU](?:199\d|20\d{2})\d{4}(?![A-Z0-9])": 0.6,
        r"(?<![A-Z0-9])(?-i:[BSTU][ -]?(?:199\d|20\d{2})[ /-]?\d{4})(?![A-Z0-9])": ALONE,
        r"(?<![A-Z0-9])[ABSTU][ -]?(?:199\d|20\d{2})[ /-]?\d{4}(?![A-Z0-9])": WEAK,
    },
    labels="crown court{n}, crown court case, indictment",
    digits=(5, 8),
    context="crown, case, court, committal, xhibit",
    least=8,
    examples=("crown court number T20319041",),
)
