"""UK_HIGH_COURT_CASE: claims in the High Court and appeals: KB-2026-001234, CO/1234/2025 (hmcts/cath-service)."""

from gateway.redaction.recognisers.identifier import ALONE, Identifier

UK_HIGH_COURT_CASE = Identifier(
    type="UK_HIGH_COURT_CASE",
    forms={
        r"(?<![A-Z0-9])(?:CA|KB|QB|BL|CL|HC|PT|IP|FL|CR|HP|LM|HT|AC)[ -]\d{4}[ -]"
        r"(?:[A-Z]{3}[ -])?\d{6}(?!\d)": ALONE,
        r"(?<![A-Z0-9])(?:CO|PC)[ /-]\d{1,6}[ /-]\d{4}(?!\d)": ALONE,
    },
    labels="high court claim, high court case, appeal{n}, claim{:}",
    digits=(5, 10),
    context="claim, appeal, high court, review, judicial review",
    least=7,
    examples=("high court claim number AC-2031-LON-990417",),
)
