"""UK_UPRN: unique property reference numbers: up to twelve digits (Ordnance Survey, AddressBase)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_UPRN = Identifier(
    type="UK_UPRN",
    forms={r"(?<!\d)\d{6,12}(?!\d)": WEAK},
    labels=r"UPRN, property ref\w*",
    digits=(6, 12),
    context="property number, lists property, property reference, property ref, address check",
    least=6,
    examples=("UPRN 299900417733",),
)
