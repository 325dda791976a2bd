"""UK_HCPC_NUMBER: registered professionals: letters of the profession, five or six digits (NHS England FHIR
guides).
"""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_HCPC_NUMBER = Identifier(
    type="UK_HCPC_NUMBER",
    forms={r"(?<![A-Z0-9])(?:SW|PYL|PH|PA|OT|RA|DT|SL|CH|AS|BS|OR|CS|PO|HAD|ODP) ?\d{5,6}(?!\d)": WEAK},
    labels="HCPC, SWE{n:}, social work england",
    digits=(4, 6),
    context=(
        "swe, registration, registered, reg, social worker, crew member, paramedic, therapist, "
        "psychologist, signed"
    ),
    least=5,
    examples=("HCPC PYL99041",),
)
