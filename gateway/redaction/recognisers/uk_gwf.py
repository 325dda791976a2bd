"""UK_GWF: entry clearance: GWF and nine digits (hmcts/ia-case-api, HomeOfficeReferenceHandler)."""

from gateway.redaction.recognisers.identifier import Identifier, patterns


class UkGwf(Identifier):
    """Trusted alone."""

    ENTITY = "UK_GWF"
    LEAST = 9
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])GWF[ -]?\d{3}[ -]?\d{3}[ -]?\d{3}(?!\d)": 0.6,
        }
    )
    CONTEXT = (
        "gwf",
        "visa",
        "clearance",
    )
