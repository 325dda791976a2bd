"""UK_SRA_ID: solicitors and firms: four to seven digits (SRA register)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_SRA_ID = Identifier(
    type="UK_SRA_ID",
    forms={r"(?<!\d)(?:\d{4,7}|\d{3} \d{3})(?!\d)": WEAK},
    labels="SRA",
    digits=(4, 6),
    context="solicitor regulated, solicitors regulation, regulated",
    least=4,
    examples=("SRA 990417",),
)
