"""UK_HIGH_COURT_CASE: claims in the High Court and appeals: KB-2026-001234, CO/1234/2025 (hmcts/cath-service)."""

from gateway.redaction.recognisers.identifier import ALONE, Identifier, patterns


class UkHighCourtCase(Identifier):
    """Trusted alone."""

    ENTITY = "UK_HIGH_COURT_CASE"
    LEAST = 7
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])(?:CA|KB|QB|BL|CL|HC|PT|IP|FL|CR|HP|LM|HT|AC)[ -]\d{4}[ -]"
            r"(?:[A-Z]{3}[ -])?\d{6}(?!\d)": ALONE,
            r"(?<![A-Z0-9])(?:CO|PC)[ /-]\d{1,6}[ /-]\d{4}(?!\d)": ALONE,
        }
    )
    CONTEXT = (
        "claim",
        "appeal",
        "high court",
        "review",
        "judicial review",
    )
