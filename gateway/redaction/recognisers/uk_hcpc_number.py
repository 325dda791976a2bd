"""UK_HCPC_NUMBER: registered professionals: letters of the profession, five or six digits (NHS England FHIR
guides).
"""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkHcpcNumber(Identifier):
    """Beside a word of registration."""

    ENTITY = "UK_HCPC_NUMBER"
    LEAST = 5
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])(?:SW|PYL|PH|PA|OT|RA|DT|SL|CH|AS|BS|OR|CS|PO|HAD|ODP) ?\d{5,6}(?!\d)": WEAK,
        }
    )
    CONTEXT = (
        "hcpc",
        "swe",
        "registration",
        "registered",
        "reg",
        "social worker",
        "social work england",
        "crew member",
        "paramedic",
        "therapist",
        "psychologist",
        "signed",
    )
