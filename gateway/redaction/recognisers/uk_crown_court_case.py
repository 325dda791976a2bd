"""UK_CROWN_COURT_CASE: type letter, year, four digits (Claim-for-Crown-Court-Defence, base_validator)."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier, patterns


class UkCrownCourtCase(Identifier):
    """Trusted alone in one piece, or in capitals."""

    ENTITY = "UK_CROWN_COURT_CASE"
    LEAST = 8
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])[ABSTU](?:199\d|20\d{2})\d{4}(?![A-Z0-9])": 0.6,
            r"(?<![A-Z0-9])(?-i:[BSTU][ -]?(?:199\d|20\d{2})[ /-]?\d{4})(?![A-Z0-9])": ALONE,
            r"(?<![A-Z0-9])[ABSTU][ -]?(?:199\d|20\d{2})[ /-]?\d{4}(?![A-Z0-9])": WEAK,
        }
    )
    CONTEXT = ("crown", "case", "indictment", "court", "committal", "xhibit")
