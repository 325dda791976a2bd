"""UK_GWF: entry clearance: GWF and nine digits (hmcts/ia-case-api, HomeOfficeReferenceHandler)."""

from gateway.redaction.recognisers.identifier import Identifier

UK_GWF = Identifier(
    type="UK_GWF",
    forms={r"(?<![A-Z0-9])GWF[ -]?\d{3}[ -]?\d{3}[ -]?\d{3}(?!\d)": 0.6},
    labels="GWF, visa{n}, entry clearance{n}",
    digits=(6, 9),
    context="visa, clearance",
    least=9,
    examples=("GWF099041773",),
)
