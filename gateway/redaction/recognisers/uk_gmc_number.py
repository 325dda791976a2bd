"""UK_GMC_NUMBER: doctors' GMC references: seven digits, sometimes after a C (NHS Data Dictionary)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_GMC_NUMBER = Identifier(
    type="UK_GMC_NUMBER",
    forms={r"(?<![A-Z0-9])C?\d{3}[ -]?\d{4}(?!\d)": WEAK},
    labels="GMC",
    digits=(5, 7),
    context="general medical council",
    least=7,
    examples=("GMC 9904177",),
)
